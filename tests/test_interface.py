"""One interface: very different models answer the same questions in the same shapes."""

from typing import NamedTuple

import gymnasium as gym
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wmlib.experience import collect
from wmlib.models import Cautious, Ensemble, LinearDynamics, NeuralDynamics, Simulator
from wmlib.models.base import Step, WorldModel, batch_size
from wmlib.planning import CEM, ICEM, MPC, MPPI, RandomShooting, score
from wmlib.worlds import CartPole, GymEnv, Pendulum

PLANNERS = [RandomShooting(4, 8), CEM(4, 8, 2, 3), ICEM(4, 8, 2, 3), MPPI(4, 8)]


class Memory(NamedTuple):
    hidden: torch.Tensor
    count: torch.Tensor


class Remembering(WorldModel):
    """A model with a memory: it counts its steps, and what it observed changes what it expects."""

    act_space = gym.spaces.Discrete(3)

    def start(self, obs, generator=None):
        obs = torch.as_tensor(np.asarray(obs), dtype=torch.float32)
        return Memory(torch.zeros(len(obs), 2, 2), obs[:, 0])

    def observe(self, state, action, obs, first=None, generator=None):
        return Memory(state.hidden + 1, torch.as_tensor(obs)[:, 0].float())

    def step(self, state, action, generator=None):
        nxt = Memory(state.hidden, state.count + 1)
        return Step(nxt, state.hidden[:, 0, 0] + action.float(), torch.full_like(state.count, 0.9))

    def decode(self, state):
        return state.count[:, None]


@pytest.fixture(scope="module")
def models():
    cart, pendulum = CartPole(), Pendulum()
    a, b = collect(cart, steps=100, seed=0), collect(pendulum, steps=100, seed=0)
    neural = NeuralDynamics(4, cart.act_space)
    neural.fit(a, steps=5)
    ensemble = Ensemble(3, pendulum.act_space, members=2, particles=4)
    ensemble.fit(b, steps=5)
    return {
        "simulator": (Simulator(cart), a.obs[:3]),
        "gym simulator": (Simulator(pendulum), b.obs[:3]),
        "linear": (LinearDynamics(4, cart.act_space).fit(a), a.obs[:3]),
        "neural": (neural, a.obs[:3]),
        "neural with a goal": (neural.goal(lambda o, a, n: -(n[:, 2] ** 2)), a.obs[:3]),
        "ensemble": (ensemble, b.obs[:3]),
        "cautious ensemble": (Cautious(ensemble, 1.0), b.obs[:3]),
        "memory": (Remembering(), np.zeros((3, 1), np.float32)),
    }


NAMES = [
    "simulator",
    "gym simulator",
    "linear",
    "neural",
    "neural with a goal",
    "ensemble",
    "cautious ensemble",
    "memory",
]


def plan_for(model, b, h):
    if isinstance(model.act_space, gym.spaces.Discrete):
        return torch.randint(int(model.act_space.n), (b, h))
    return torch.rand(b, h, model.act_space.shape[0]) * 2 - 1


@pytest.mark.parametrize("name", NAMES)
def test_a_rollout_has_one_state_more_than_actions(models, name):
    model, obs = models[name]
    rollout = model.imagine(model.start(obs), plan_for(model, 3, 5))
    assert len(rollout.states) == 6
    assert rollout.actions.shape[:2] == rollout.rew.shape == rollout.cont.shape == (3, 5)
    assert all(batch_size(state) == 3 for state in rollout.states)
    assert ((rollout.cont >= 0) & (rollout.cont <= 1)).all()
    assert model.decode(rollout.states[-1]).shape == obs.shape


@pytest.mark.parametrize("planner", PLANNERS, ids=lambda p: type(p).__name__)
@pytest.mark.parametrize("name", NAMES)
def test_any_planner_runs_on_any_model(models, name, planner):
    model, obs = models[name]
    agent = MPC(model, planner, seed=1)
    agent.begin(obs)
    first = agent.act(obs)
    agent.keep(np.array([True, False, True]))
    second = agent.act(obs[[0, 2]])
    assert first.shape[0] == 3 and second.shape[0] == 2
    assert all(model.act_space.contains(a.astype(model.act_space.dtype)) for a in second)


@pytest.mark.parametrize("planner", PLANNERS, ids=lambda p: type(p).__name__)
def test_the_same_seed_plans_the_same(models, planner):
    model, obs = models["ensemble"]
    plans = [planner.plan(model, model.start(obs), torch.Generator().manual_seed(5)) for _ in "ab"]
    assert torch.equal(plans[0].actions, plans[1].actions)


def test_imagining_with_a_policy_needs_a_horizon(models):
    model, obs = models["neural"]
    left = lambda state: torch.zeros(3, dtype=torch.long)  # noqa: E731
    assert len(model.imagine(model.start(obs), left, horizon=7).states) == 8
    with pytest.raises(ValueError, match="horizon=15"):
        model.imagine(model.start(obs), left)


def test_a_memory_takes_in_what_really_happened():
    model = Remembering()
    agent = MPC(model, RandomShooting(2, 4))
    agent.begin(np.zeros((1, 1), np.float32))
    for t in range(3):
        agent.act(np.full((1, 1), t, np.float32))
    assert agent.state.hidden[0, 0, 0] == 2 and agent.state.count[0] == 2


def test_a_model_without_reward_is_refused_until_it_has_an_aim(models):
    model, obs = models["neural"]
    video = model.goal()
    video.has_reward = False
    with pytest.raises(ValueError, match="model.goal"):
        RandomShooting(3, 4).plan(video, video.start(obs), torch.Generator())
    aimed = video.goal(rew=lambda o, a, n: n[:, 0])
    RandomShooting(3, 4).plan(aimed, aimed.start(obs), torch.Generator())


def test_a_goal_changes_the_reward_and_not_the_world(models):
    model, obs = models["neural"]
    other = model.goal(lambda o, a, n: n[:, 0], cont=lambda n: 0 * n[:, 0])
    plan = plan_for(model, 3, 4)
    a, b = model.imagine(model.start(obs), plan), other.imagine(other.start(obs), plan)
    assert torch.equal(a.states[-1], b.states[-1])
    assert torch.equal(b.rew[:, 0], b.states[1][:, 0]) and (b.cont == 0).all()
    assert not torch.equal(a.rew, b.rew)


def test_a_goal_of_an_ensemble_judges_every_particle(models):
    ensemble, obs = models["ensemble"]
    aimed = ensemble.goal(lambda o, a, n: n[:, 2] ** 2)
    nxt, rew, _ = aimed.step(aimed.start(obs), torch.zeros(3, 1))
    assert torch.allclose(rew, (nxt.obs[..., 2] ** 2).mean(1), atol=1e-5)


def test_the_simulator_imagines_what_then_happens():
    world = CartPole()
    env = GymEnv(world)
    obs, _ = env.reset(seed=4)
    plan = np.random.default_rng(0).integers(2, size=(1, 30))
    model = Simulator(world)
    imagined = model.imagine(model.from_states(env.state[None]), plan)
    for t in range(30):
        obs, rew, terminated, *_ = env.step(plan[0, t])
        np.testing.assert_allclose(model.decode(imagined.states[t + 1])[0], obs, atol=1e-6)
        assert imagined.cont[0, t] == 1 - terminated
        if terminated:
            break


@pytest.mark.parametrize("bad", [np.zeros(4), np.zeros((2, 3)), np.zeros((1, 2, 4))])
@pytest.mark.parametrize("name", ["linear", "neural"])
def test_observations_of_the_wrong_shape_are_named(models, name, bad):
    with pytest.raises(ValueError, match=r"\(B, 4\)"):
        models[name][0].start(bad)


def test_observations_that_are_not_finite_are_refused(models):
    with pytest.raises(ValueError, match="not finite"):
        models["neural"][0].start(np.full((1, 4), np.nan))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4), st.integers(0, 3), st.integers(1, 5))
def test_a_plan_for_another_number_of_states_is_refused(b, extra, h):
    model = Remembering()
    state = model.start(np.zeros((b, 1), np.float32))
    plan = torch.zeros(b + extra, h, dtype=torch.long)
    if extra:
        with pytest.raises(ValueError, match=f"B = {b}"):
            model.imagine(state, plan)
    else:
        assert model.imagine(state, plan).rew.shape == (b, h)


def test_the_score_counts_a_reward_as_far_as_the_episode_gets_there():
    class Rolled(NamedTuple):
        states: list
        rew: torch.Tensor
        cont: torch.Tensor

    rolled = Rolled(
        [None, torch.tensor([7.0])], torch.tensor([[1.0, 2.0, 4.0]]), torch.tensor([[0.5, 0.0, 1]])
    )
    assert score(rolled).item() == pytest.approx(1 + 0.5 * 2)
    assert score(rolled, discount=0.5).item() == pytest.approx(1 + 0.5 * 0.5 * 2)
    lasting = rolled._replace(cont=torch.tensor([[0.5, 0.5, 0.5]]))
    plain = 1 + 0.5 * 2 + 0.25 * 4
    valued = score(lasting, value=lambda state: state).item()
    assert valued == pytest.approx(plain + 0.125 * 7)
