"""What people ran into elsewhere: another default device or precision, models that were moved or
cast, and agents that learn where others only act."""

import numpy as np
import pytest
import torch
from every_model import PUSH, actions, build, transitions

from wmlib.course.ch05_ensembles.mbpo import BranchedQ
from wmlib.evaluation import evaluate
from wmlib.experience import collect
from wmlib.learning.dreamer import Dreamer
from wmlib.learning.iris import Iris
from wmlib.models import Ensemble, LinearDynamics, NeuralDynamics
from wmlib.models.latent_action import LatentActions
from wmlib.models.rssm import RSSM
from wmlib.models.token_model import TokenModel
from wmlib.models.vector_rssm import VectorRSSM
from wmlib.models.vision_memory import VisionMemory
from wmlib.planning import CEM, ICEM, MPC, MPPI, RandomShooting
from wmlib.streams import Streams
from wmlib.worlds import CartPole
from wmlib.worlds.catch import Catch

WORLD = CartPole()
PLANNERS = [RandomShooting(4, 8), CEM(4, 8, 2, 3), ICEM(4, 8, 2, 3), MPPI(4, 8)]


def played(planner):
    data = collect(WORLD, steps=100)
    data.terminated[:] = False
    model = NeuralDynamics(4, WORLD.act_space, hidden=16)
    model.fit(data, steps=5)
    return evaluate(WORLD, MPC(model, planner), episodes=2, max_steps=10).returns.tolist()


@pytest.mark.parametrize("planner", PLANNERS, ids=lambda p: type(p).__name__)
def test_what_is_usual_in_this_notebook_changes_nothing(planner):
    wanted = played(planner)
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")  # stands for any that is not the CPU
    try:
        assert played(planner) == wanted
    finally:
        torch.set_default_dtype(torch.float32)
        torch.set_default_device(None)


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


# ------------------------------------------------------------------ models with a memory, learners


def few_lessons():
    """What learners with a memory make of a short film, in numbers."""
    film = Streams(Catch(), 4).play(400).all(40)
    iris = Iris(film, Catch.act_space, build(TokenModel)[0])
    iris.learn_tokens(2, 8).learn_world(2, 4, length=8).learn_rewards(2, 8).learn_to_act(1, 8)
    vision, codes = VisionMemory(Catch.act_space, 4, 8, width=2), LatentActions(width=2)
    seen = film.obs.flatten(0, 1)
    frames = vision.vision.fit(seen, 2), vision.memory.fit(film, vision.vision, 2)
    moves = codes.fit(film.obs, film.first, 3), codes.infer(seen[:5], seen[1:6]).tolist()
    dreamer = Dreamer(Catch(), build(RSSM)[0], None, 4, 32, 2, 6, 8, prefill=64).learn(128)
    played = evaluate(Catch(), dreamer.agent(), episodes=2).returns.tolist()
    return iris.log["act"], frames, moves, dreamer.log, played


def test_what_is_usual_in_this_notebook_changes_no_learner():
    wanted = few_lessons()
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    try:
        assert few_lessons() == wanted
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
