"""Every parameter of every planner does what its docstring says: each is varied here.

A parameter that is stored and never read changes no shape and raises no error.
"""

import gymnasium as gym
import numpy as np
import pytest
import torch
from by_hand import Doubtful, chance, spied
from varied import Varied

from wmlib.course.ch05_ensembles.gated import Gated
from wmlib.course.ch10_levels.subgoals import Subgoals
from wmlib.models.base import Step, WorldModel
from wmlib.planning import CEM, ICEM, MPC, MPPI, Planner, RandomShooting
from wmlib.planning.proposals import Categorical, Gaussian

varies = Varied("planning")
PLANNERS = [RandomShooting, CEM, ICEM, MPPI]
each = pytest.mark.parametrize("kind", PLANNERS, ids=lambda kind: kind.__name__)


class Line(WorldModel):
    """A position in a plane that the action moves; being far to the right pays."""

    act_space = gym.spaces.Box(-1, 1, (2,), np.float32)

    def __init__(self, pay=1.0):
        self.pay = pay

    def start(self, obs, generator=None):
        return torch.as_tensor(np.asarray(obs), dtype=torch.float32)

    def step(self, state, action, generator=None):
        nxt = state + action
        return Step(nxt, torch.as_tensor(self.pay) * nxt[:, 0], torch.ones(len(nxt)))

    def decode(self, state):
        return state


class Salary(Line):
    """Pays 1 for each step, whatever is done."""

    def step(self, state, action, generator=None):
        return super().step(state, action)._replace(rew=torch.ones(len(state)))


def small(kind, **settings):
    sizes = {} if kind is RandomShooting else {"iterations": 1}
    if kind in (CEM, ICEM):
        sizes["elites"] = 2
    return kind(**{"horizon": 3, "candidates": 8, **sizes, **settings})


def plan(planner, model=None, seed=0):
    """A plan for two states, and the candidates `(B, N, H, 2)` and scores of each round."""
    model, seen = model or Line(), []
    spied(planner, "evaluate", seen)
    found = planner.plan(model, model.start(np.zeros((2, 2))), chance(seed))
    return found, [(args[2], scores) for args, scores in seen]


@varies(Planner, "horizon", "candidates")
@varies(CEM, "horizon", "candidates")
@varies(ICEM, "horizon", "candidates")
@varies(MPPI, "horizon", "candidates")
@each
@pytest.mark.parametrize("horizon, candidates", [(1, 8), (5, 8), (3, 20)])
def test_so_many_plans_of_so_many_steps_are_compared(kind, horizon, candidates):
    found, rounds = plan(small(kind, horizon=horizon, candidates=candidates))
    assert found.actions.shape == (2, horizon, 2)
    own_middle = 1 if kind is ICEM else 0  # in its last round iCEM looks at the middle, too
    assert rounds[0][0].shape == (2, candidates + own_middle, horizon, 2)


@varies(Planner, "discount")
@each
@pytest.mark.parametrize("discount", [1.0, 0.9, 0.0])
def test_later_rewards_are_discounted(kind, discount):
    found, _ = plan(small(kind, discount=discount), Salary())
    assert found.score.tolist() == pytest.approx([1 + discount + discount**2] * 2)


@varies(Planner, "value")
@each
def test_the_value_of_the_last_state_counts_discounted(kind):
    value = lambda state: 100 + state[:, 1]  # noqa: E731
    planner = small(kind, discount=0.5, value=value, candidates=200)
    found, _ = plan(planner, Line(pay=0.0))
    last = found.actions.sum(1)[:, 1]
    torch.testing.assert_close(found.score, 0.5**3 * (100 + last))
    assert last.min() > 0.5  # where the value is, the plan goes


@varies(CEM, "iterations")
@varies(ICEM, "iterations")
@varies(MPPI, "iterations")
@each
@pytest.mark.parametrize("iterations", [1, 4])
def test_so_many_rounds_are_searched(kind, iterations):
    if kind is not RandomShooting:
        _, rounds = plan(small(kind, iterations=iterations))
        assert len(rounds) == iterations


@varies(CEM, "elites")
@pytest.mark.parametrize("elites", [1, 3, 8])
def test_cem_returns_the_mean_of_its_elites(elites):
    found, ((actions, scores), *_) = plan(small(CEM, elites=elites))
    best = scores.topk(elites, 1).indices
    for b in range(2):
        torch.testing.assert_close(found.actions[b], actions[b, best[b]].mean(0))


@varies(ICEM, "elites", "keep")
@pytest.mark.parametrize(
    "elites, keep, kept", [(10, 0.3, 3), (10, 1.0, 10), (4, 0.5, 2), (4, 0, 1)]
)
def test_icem_keeps_a_share_of_its_elites(elites, keep, kept):
    found, ((actions, scores), *_) = plan(small(ICEM, candidates=20, elites=elites, keep=keep))
    best = scores.topk(kept, 1).indices
    for b in range(2):
        torch.testing.assert_close(found.memory[b], actions[b, best[b]])


@varies(ICEM, "beta")
def test_the_noise_of_icem_is_smoother_with_a_larger_beta():
    together = []
    for beta in (0.0, 1.0, 3.0):
        _, ((actions, _), *_) = plan(small(ICEM, horizon=12, candidates=300, beta=beta))
        together.append((actions[:, :, 1:] * actions[:, :, :-1]).mean().item())
    assert together[0] == pytest.approx(0, abs=0.02)
    assert together[0] + 0.05 < together[1] < together[2] - 0.05


@varies(ICEM, "shrink")
@pytest.mark.parametrize(
    "shrink, sizes", [(1.0, [40, 40, 40]), (2.0, [40, 20, 10]), (9.0, [40, 8, 8])]
)
def test_the_population_of_icem_shrinks_but_never_below_two_for_each_elite(shrink, sizes):
    _, rounds = plan(small(ICEM, candidates=40, elites=4, keep=0.25, iterations=3, shrink=shrink))
    extra = [0, 1, 2]  # one kept elite from the second round on, and the middle in the last
    assert [actions.shape[1] - k for (actions, _), k in zip(rounds, extra)] == sizes


@varies(MPPI, "temperature")
@pytest.mark.parametrize("temperature", [1e-4, 0.5, 1e4])
def test_mppi_weighs_plans_by_their_scores_over_the_temperature(temperature):
    found, ((actions, scores), *_) = plan(small(MPPI, temperature=temperature))
    for b in range(2):
        weight = torch.softmax(scores[b] / (temperature * scores[b].std()), 0)
        wanted = (weight[:, None, None] * actions[b]).sum(0)
        torch.testing.assert_close(found.actions[b], wanted)
    best = actions[0, scores[0].argmax()]
    if temperature < 1e-3:
        torch.testing.assert_close(found.actions[0], best)  # the best alone has a say
    if temperature > 1e3:
        torch.testing.assert_close(found.actions[0], actions[0].mean(0), atol=1e-3, rtol=0)


@varies(Categorical, "batch", "horizon")
@varies(Gaussian, "batch", "horizon", "spread")
@pytest.mark.parametrize("spread", [0.3, 1.2])
def test_a_proposal_spreads_over_a_share_of_the_half_range(spread):
    space = gym.spaces.Box(np.array([-1, 0], np.float32), np.array([1, 8], np.float32))
    dist = Gaussian(space, 3, 4, spread=spread)
    assert dist.mean.shape == dist.std.shape == (3, 4, 2)
    assert dist.mean[0, 0].tolist() == [0, 4]
    assert Categorical(gym.spaces.Discrete(5), 3, 4).probs.shape == (3, 4, 5)
    assert dist.std[2, 3].tolist() == pytest.approx([spread * 1, spread * 4])


@varies(MPC, "seed", "replan")
def test_an_agent_with_the_same_seed_plans_the_same():
    acts = []
    for seed in (1, 1, 2):
        agent = MPC(Line(), small(RandomShooting), seed=seed)
        agent.begin(np.zeros((2, 2)))
        acts.append(agent.act(np.zeros((2, 2))))
    assert np.array_equal(acts[0], acts[1]) and not np.array_equal(acts[0], acts[2])
    for replan, plans in ((True, 4), (False, 2)):
        planner, seen = small(RandomShooting), []
        spied(planner, "plan", seen)
        agent = MPC(Line(), planner, replan=replan)
        agent.begin(np.zeros((2, 2)))
        for _ in range(4):
            agent.act(np.zeros((2, 2)))
        assert len(seen) == plans  # of three steps each


@varies(Subgoals, "reach", "seed")
def test_a_subgoal_counts_as_reached_within_reach():
    for reach, targets in ((0.4, [1, 1, 2]), (0.1, [1, 1, 1]), (0.8, [1, 2, 2])):
        agent = Subgoals(Line(), small(RandomShooting), [[(1, 0), (2, 0)]], reach=reach)
        agent.begin(np.zeros((1, 2)))
        seen = []
        for x in (0.0, 0.5, 0.7):
            agent.act(np.array([[x, 0.0]]))
            seen.append(agent.targets[0, 0])
        assert seen == targets
    acts = []
    for seed in (1, 1, 2):
        agent = Subgoals(Line(), small(RandomShooting), [[(1, 0)]], seed=seed)
        agent.begin(np.zeros((1, 2)))
        acts.append(agent.act(np.zeros((1, 2))).tolist())
    assert acts[0] == acts[1] != acts[2]


def one_more(obs):
    return np.ones(len(obs), np.float32)


def gated(obs, **settings):
    class Bold:
        def begin(self, obs):
            pass

        def act(self, obs):
            return np.full(len(obs), 5.0, np.float32)

    gate = Gated(Bold(), Doubtful(), one_more, **settings)
    gate.begin(obs)
    gate.act(obs)
    return gate


@varies(Gated, "threshold", "horizon", "danger")
def test_a_gate_looks_so_far_ahead_and_lets_so_much_doubt_pass():
    obs = np.array([[1.0]], np.float32)
    # Doubt of the states 1, then 1 + 5 (what the agent wants), then 7, 8, ... (the fallback).
    assert [gated(obs, threshold=9, horizon=h).doubt[0] for h in (1, 2, 4)] == [1, 6, 8]
    assert not gated(obs, threshold=6, horizon=2).refused[0]
    assert gated(obs, threshold=5.9, horizon=2).refused[0]
    edge = lambda state: state[:, 0] > 6.5  # noqa: E731
    assert [gated(obs, threshold=9, horizon=h, danger=edge).doubt[0] for h in (1, 2)] == [1, np.inf]


def test_no_parameter_of_a_planner_is_left_out_here():
    assert varies.missing() == []
