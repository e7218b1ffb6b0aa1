"""Planners find the known optimum of small models, and know their limits."""

import gymnasium as gym
import numpy as np
import pytest
import torch

from wmlib.models.base import Step, WorldModel
from wmlib.planning import CEM, ICEM, MPC, MPPI, RandomShooting, goals
from wmlib.planning.proposals import Categorical, coloured, proposal, shift
from wmlib.worlds import CartPole


class Lock(WorldModel):
    """State: how many steps were taken. Reward 1 for the right digit of a code."""

    act_space = gym.spaces.Discrete(3)
    code = torch.tensor([2, 0, 1, 1, 2, 0])

    def start(self, obs, generator=None):
        return torch.as_tensor(np.asarray(obs))[:, 0].long()

    def step(self, state, action, generator=None):
        right = (action == self.code[state % len(self.code)]).float()
        return Step(state + 1, right, torch.ones(len(state)))


class Target(WorldModel):
    """State: a position moved by the action. Reward: minus the squared distance to 1."""

    act_space = gym.spaces.Box(-0.5, 0.5, (2,), np.float32)

    def start(self, obs, generator=None):
        return torch.as_tensor(np.asarray(obs), dtype=torch.float32)

    def step(self, state, action, generator=None):
        nxt = state + action
        return Step(nxt, -((nxt - 1) ** 2).sum(1), torch.ones(len(state)))


class Cliff(WorldModel):
    """Action 1 pays 10 and ends it; action 0 pays 1 for ever."""

    act_space = gym.spaces.Discrete(2)

    def start(self, obs, generator=None):
        return torch.zeros(len(obs))

    def step(self, state, action, generator=None):
        return Step(state, 1 + 9 * action.float(), 1 - action.float())


LONG = [
    RandomShooting(6, 4000),
    CEM(6, 200, 6, 20),
    ICEM(6, 200, 6, 20, beta=0.5),
    MPPI(6, 400, iterations=8),
]
ids = lambda p: type(p).__name__  # noqa: E731


@pytest.mark.parametrize("planner", LONG, ids=ids)
def test_discrete_planners_open_the_lock(planner):
    model = Lock()
    plan = planner.plan(model, model.start(np.zeros((4, 1))), torch.Generator().manual_seed(0))
    assert plan.score.tolist() == [6.0] * 4
    assert torch.equal(plan.actions, model.code.expand(4, 6))


@pytest.mark.parametrize("planner", LONG[1:], ids=ids)
def test_continuous_planners_reach_the_optimum(planner):
    # From 0 the target 1 is two full steps away: the optimum is 0.5, 0.5, then rest, paying -0.5.
    model = Target()
    plan = planner.plan(model, torch.zeros(2, 2), torch.Generator().manual_seed(0))
    assert plan.score.min() > -0.75
    assert (plan.actions[:, 0] > 0.4).all() and plan.actions.abs().max() <= 0.5


@pytest.mark.parametrize("planner", LONG, ids=ids)
def test_planners_weigh_the_end_of_an_episode(planner):
    # Six steps of 1, then 10 on the last: going early ends it.
    plan = planner.plan(Cliff(), torch.zeros(1), torch.Generator().manual_seed(1))
    assert plan.actions[0].tolist() == [0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("planner", LONG, ids=ids)
def test_the_score_is_the_score_of_the_plan(planner):
    model = Lock()
    state = model.start(np.zeros((1, 1)))
    plan = planner.plan(model, state, torch.Generator().manual_seed(3))
    assert model.imagine(state, plan.actions).rew.sum() == plan.score[0]


def test_more_search_finds_more():
    model, found = Lock(), []
    for n in (1, 10, 100):
        scores = [
            RandomShooting(6, n)
            .plan(model, torch.zeros(1).long(), torch.Generator().manual_seed(s))
            .score.item()
            for s in range(20)
        ]
        found.append(np.mean(scores))
    assert found[0] < found[1] < found[2]


def test_replanning_takes_first_actions_and_open_loop_follows_the_plan():
    class Counting(RandomShooting):
        calls = 0

        def plan(self, *args):
            self.calls += 1
            return super().plan(*args)

    for replan, calls in ((True, 6), (False, 2)):
        planner = Counting(3, 4)
        agent = MPC(Lock(), planner, replan=replan)
        agent.begin(np.zeros((1, 1)))
        for t in range(6):
            agent.act(np.full((1, 1), t))
        assert planner.calls == calls


def test_acting_before_the_episode_began_is_refused():
    with pytest.raises(RuntimeError, match="call begin"):
        MPC(Lock(), RandomShooting(2, 2)).act(np.zeros((1, 1)))


def test_a_shifted_plan_forgets_the_first_action():
    assert shift(torch.tensor([[1, 2, 3]])).tolist() == [[2, 3, 3]]


def test_white_noise_samples_a_categorical_as_its_probabilities_say():
    dist = Categorical(gym.spaces.Discrete(3), 1, 1)
    dist.probs = torch.tensor([[[0.2, 0.5, 0.3]]])
    drawn = dist.sample(torch.randn(1, 40000, 1, 1, generator=torch.Generator().manual_seed(0)))
    freq = torch.bincount(drawn.flatten(), minlength=3) / 40000
    assert torch.allclose(freq, dist.probs[0, 0], atol=0.01)


@pytest.mark.parametrize("beta, lag_one", [(0.0, 0.0), (2.0, 0.9)])
def test_coloured_noise_has_unit_variance_and_the_colour_asked_for(beta, lag_one):
    noise = coloured((50, 200, 16, 1), beta, torch.Generator().manual_seed(0))[..., 0]
    assert noise.var().item() == pytest.approx(1, abs=0.1)
    correlation = (noise[..., 1:] * noise[..., :-1]).mean().item()
    assert correlation == pytest.approx(lag_one, abs=0.1)


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: RandomShooting(horizon=0), "horizon must be at least 1"),
        (lambda: CEM(candidates=5, elites=9), "between 1 and candidates=5"),
        (lambda: proposal(gym.spaces.Box(-np.inf, np.inf, (1,)), 1, 1), "bounded"),
    ],
)
def test_settings_that_cannot_work_are_refused(make, says):
    with pytest.raises(ValueError, match=says):
        make()


def test_actions_of_an_unknown_kind_are_refused():
    with pytest.raises(TypeError, match=r"Discrete\(n\) or Box"):
        proposal(gym.spaces.MultiBinary(3), 1, 1)


def test_the_aims_of_cartpole_by_hand():
    x, angle = CartPole.X_LIMIT, CartPole.ANGLE_LIMIT
    states = [[0, 9, 0, 9], [x / 2, 0, 0, 0], [0, 0, angle / 2, 0], [-x, 0, -angle, 0]]
    nxt, anything = torch.tensor(states), torch.zeros(4, 4)
    assert goals.upright(anything, anything, nxt).tolist() == pytest.approx([1, 0.875, 0.875, 0])
    assert goals.constant(anything, anything, nxt).tolist() == [1] * 4
    assert goals.standing(nxt).tolist() == [1, 1, 1, 0]
    for beyond in ([1.01 * x, 0, 0, 0], [0, 0, 1.01 * angle, 0], [-1.01 * x, 0, 0, 0]):
        assert goals.standing(torch.tensor([beyond])).tolist() == [0]
    assert goals.standing(0.99 * nxt[3:]).tolist() == [1]
