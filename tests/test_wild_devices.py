"""What people ran into elsewhere: another device, another default device or precision, models that
were moved or cast, and agents that learn where others only act."""

import numpy as np
import pytest
import torch
from by_hand import chance
from elsewhere import another_device
from every_model import PUSH, actions, build, transitions

from wmlib.course.ch04_shooting.dqn import DQN
from wmlib.course.ch05_ensembles.mbpo import BranchedQ
from wmlib.evaluation import dream_beside_reality, error_by_horizon, evaluate
from wmlib.experience import collect
from wmlib.learning.dreamer import Dreamer
from wmlib.learning.iris import Iris
from wmlib.learning.latent_agent import TokenAgent
from wmlib.learning.ppo import PPO
from wmlib.models import Cautious, Ensemble, LinearDynamics, NeuralDynamics
from wmlib.models.latent_action import LatentActions
from wmlib.models.rssm import RSSM
from wmlib.models.token_model import TokenModel
from wmlib.models.vector_rssm import VectorRSSM
from wmlib.models.vision_memory import VisionMemory
from wmlib.planning import CEM, ICEM, MPC, MPPI, RandomShooting
from wmlib.players import pack_dynamics
from wmlib.scoreboard import dream, watch
from wmlib.streams import Streams
from wmlib.worlds import CartPole
from wmlib.worlds.catch import Catch
from wmlib.worlds.valley import Valley

WORLD = CartPole()
PLANNERS = [RandomShooting(4, 8), CEM(4, 8, 2, 3), ICEM(4, 8, 2, 3), MPPI(4, 8)]


MADE = {
    NeuralDynamics: lambda: NeuralDynamics(2, PUSH, hidden=8),
    Ensemble: lambda: Ensemble(2, PUSH, members=2, hidden=8),
    LinearDynamics: lambda: LinearDynamics(2, PUSH),
}
every_kind = pytest.mark.parametrize("kind", MADE, ids=lambda kind: kind.__name__)


@every_kind
def test_a_model_in_double_precision_learns_and_imagines_in_it(kind):
    model, again = MADE[kind]().double(), MADE[kind]().double()
    data = transitions(PUSH)
    for each in (model, again):
        each.fit(data, **({} if kind is LinearDynamics else {"steps": 20}))
    state = model.start(data.obs[:3])
    rollout = model.imagine(state, torch.zeros(3, 4, 2), generator=torch.Generator().manual_seed(0))
    assert rollout.rew.dtype == rollout.cont.dtype == torch.float64
    assert (
        torch.equal(rollout.rew, again.imagine(state, torch.zeros(3, 4, 2)).rew) or kind is Ensemble
    )
    assert model.decode(rollout.states[-1]).dtype == torch.float64


@every_kind
def test_a_model_in_half_precision_imagines_and_says_that_it_cannot_learn(kind):
    model, data = MADE[kind](), transitions(PUSH)
    model.fit(data, **({} if kind is LinearDynamics else {"steps": 20}))
    model.half()
    for planner in PLANNERS:
        agent = MPC(model, planner)
        agent.begin(data.obs[:3])
        assert PUSH.contains(agent.act(data.obs[:3])[0])
    with pytest.raises(ValueError, match=r"torch.float16: call model.float\(\) first"):
        model.fit(data)


@every_kind
def test_a_model_that_was_moved_learns_where_it_is(kind):
    model, data = MADE[kind]().to("meta"), transitions(PUSH)
    data.terminated[:] = False
    model.fit(data, **({} if kind is LinearDynamics else {"steps": 2}))
    assert model.start(data.obs)[0].is_meta if kind is Ensemble else model.start(data.obs).is_meta


class Learner:
    """An agent that goes on learning while it is played."""

    def __init__(self, learn):
        self.learn, self.losses = learn, []

    def act(self, obs):
        self.losses.append(self.learn())
        return np.zeros(len(obs), int)


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode, None])
def test_an_agent_may_learn_while_it_is_played(mode):
    data = collect(WORLD, steps=50)
    data.terminated[:] = False
    model = NeuralDynamics(4, WORLD.act_space, hidden=8)
    ensemble = Ensemble(4, WORLD.act_space, members=2, hidden=8)
    linear = LinearDynamics(4, WORLD.act_space)
    q = BranchedQ(model, data, length=1, width=8)
    for learn in (
        lambda: model.fit(data, steps=1)[0],
        lambda: ensemble.fit(data, steps=1)[0],
        lambda: float(linear.fit(data).weight.sum()),
        lambda: q.learn(updates=1) and 0.0,
    ):
        agent = Learner(mode()(learn) if mode else learn)
        assert len(collect(WORLD, agent, steps=2)) == 2
        assert evaluate(WORLD, agent, episodes=1, max_steps=2).lengths[0] == 2
        assert len(agent.losses) == 4 and np.isfinite(agent.losses).all()
    for each in (model, ensemble, linear):  # and is an ordinary model afterwards
        each.load_state_dict(each.state_dict())


# ---------------------------------------------- whole learners, planners, agents on another device


def networks(kind, device, **settings):
    """A model of vectors learns, and is examined."""
    data, seen = collect(Valley(), steps=60), watch(Valley(), 6, 5, 0, copies=4, steps=15)
    model = kind(2, Valley.act_space, device=device, **settings)
    learned = model.fit(data, **({} if kind is LinearDynamics else {"steps": 4}))
    told = model.weight.tolist() if kind is LinearDynamics else learned
    return told, error_by_horizon(model, data, 3).tolist(), dream(model, seen, 2).tolist()


def planned(planner, device, kind=NeuralDynamics, **settings):
    """Episodes of different lengths, and an ensemble with a continue head."""
    data = collect(WORLD, steps=100)
    data.terminated[:] &= kind is Ensemble
    model = kind(4, WORLD.act_space, hidden=8, device=device, **settings)
    model.fit(data, steps=5)
    model = Cautious(model, 1.0) if kind is Ensemble else model
    agent = MPC(model, planner)
    played = evaluate(WORLD, agent, episodes=3, max_steps=12)
    agent.begin(data.obs[:2])
    agent.act(data.obs[:2])
    moved = agent.act(data.obs[2:4], first=np.array([True, False])).tolist()
    return played.returns.tolist(), agent.plan.score.tolist(), moved


def film():
    return Streams(Catch(), 4).play(200).all(40)


def vision(device):
    model, seen = VisionMemory(Catch.act_space, 4, 8, width=2, device=device), film()
    frames = model.vision.fit(seen.obs.flatten(0, 1), 2), model.memory.fit(seen, model.vision, 2)
    dreams = dream_beside_reality(model, seen, generator=chance())
    return frames, model.loss(seen)[1], [pictures[:, -1].tolist() for pictures in dreams]


def latent_actions(device):
    model, seen = LatentActions(width=2, device=device), film()
    losses, pictures = model.fit(seen.obs, seen.first, 3), seen.obs.flatten(0, 1)
    pairs = pictures[:5], pictures[1:6]
    return losses, model.infer(*pairs).tolist(), model.infer_by_encoder(*pairs).tolist()


def dreamer(device, folder):
    """Learned, saved, read again, learned on, exported, imported."""
    parts = build(RSSM, device=device)[0], None, 4, 32, 2, 6, 8
    learner = Dreamer(Catch(), *parts, prefill=64, device=device).learn(128)
    learner.save(folder / "saved")
    learner = Dreamer(Catch(), *parts, prefill=64, device=device).load(folder / "saved").learn(32)
    learner.export(folder / "exported")
    learner.import_weights(folder / "exported")
    return learner.log, evaluate(Catch(), learner.agent(), episodes=2).returns.tolist()


def ppo(device):
    model, obs = build(RSSM, device=device)
    learner = PPO(model.feat_size, 3, hidden=8, horizon=3, minibatches=2, device=device)
    return [learner.learn(model, model.start(obs, chance(k)), chance(k)) for k in range(2)]


def iris(device):
    learner = Iris(film(), Catch.act_space, build(TokenModel, device=device)[0], device=device)
    learner.learn_tokens(2, 8).learn_world(2, 4, length=8).learn_rewards(2, 8).learn_to_act(1, 8)
    drawn = TokenAgent(learner.model, learner.behaviour, chance())
    played = [evaluate(Catch(), a, 2).returns.tolist() for a in (learner.agent(), drawn)]
    return learner.log, played


def dqn(device, folder):
    """It lives on the CPU."""
    learner = DQN(WORLD, width=8, warm_up=20, train_every=10, updates=2).learn(40)
    return [p.sum().item() for p in learner.q.parameters()], evaluate(
        WORLD, learner, 2
    ).returns.tolist()


LESSONS = {
    "NeuralDynamics": lambda device, folder: networks(NeuralDynamics, device, hidden=8),
    "Ensemble": lambda device, folder: networks(Ensemble, device, members=2, hidden=8),
    "LinearDynamics": lambda device, folder: networks(LinearDynamics, device),
    "RandomShooting": lambda device, folder: planned(RandomShooting(3, 4), device),
    "CEM": lambda device, folder: planned(CEM(3, 4, 2, 2), device),
    "ICEM": lambda device, folder: planned(ICEM(3, 4, 2, 2), device),
    "MPPI": lambda device, folder: planned(MPPI(3, 4), device),
    "Cautious": lambda device, folder: planned(CEM(3, 4, 2, 2), device, Ensemble, members=2),
    "VisionMemory": lambda device, folder: vision(device),
    "LatentActions": lambda device, folder: latent_actions(device),
    "Dreamer": dreamer,
    "DQN": dqn,
    "PPO": lambda device, folder: ppo(device),
    "Iris": lambda device, folder: iris(device),
    "players": lambda device, folder: pack_dynamics("x", NeuralDynamics(2, PUSH, device=device)),
}


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
def test_on_another_device_the_same_is_learned_and_done(lesson, tmp_path):
    wanted = lesson("cpu", tmp_path)
    with another_device() as there:
        assert lesson(there, tmp_path) == wanted


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
def test_what_is_usual_in_this_notebook_changes_nothing(lesson, tmp_path):
    wanted = lesson("cpu", tmp_path)
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")  # stands for any that is not the CPU
    try:
        assert lesson("cpu", tmp_path) == wanted
    finally:
        torch.set_default_dtype(torch.float32)
        torch.set_default_device(None)


@pytest.mark.parametrize("kind", [RSSM, VectorRSSM, VisionMemory, TokenModel, LatentActions])
def test_a_model_with_a_memory_in_double_precision_answers_in_it(kind):
    model, obs = build(kind)
    model, generator = model.double(), torch.Generator().manual_seed(0)
    state = model.observe(model.start(obs, generator), actions(model, 3), obs, None, generator)
    rollout = model.imagine(state, actions(model, 3, 4), generator=generator)
    last = rollout.states[-1]
    answers = rollout.rew, rollout.cont, model.decode(last), model.feat(last)
    assert {answer.dtype for answer in answers} == {torch.float64}
