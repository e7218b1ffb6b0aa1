"""What people ran into elsewhere: NaN and infinity, which pass through comparisons unseen."""

import numpy as np
import pytest
import torch
from every_model import PUSH, THREE, build, shared

from wmlib.course.ch05_ensembles.gated import Gated, doubt
from wmlib.learning.exact import value_iteration
from wmlib.models import Cautious, Ensemble, NeuralDynamics
from wmlib.planning import CEM, ICEM, MPPI, RandomShooting

PLANNERS = [RandomShooting(3, 40), CEM(3, 40, 3, 20), ICEM(3, 40, 3, 20), MPPI(3, 40)]
every_planner = pytest.mark.parametrize("planner", PLANNERS, ids=lambda p: type(p).__name__)
every_space = pytest.mark.parametrize("space", [THREE, PUSH], ids=["whole", "floats"])


def planned(planner, space, rew):
    model, obs = shared(NeuralDynamics, space)
    model = model.goal(rew=rew)
    with torch.no_grad():
        plan = planner.plan(model, model.start(obs), torch.Generator().manual_seed(0))
    return plan, obs


@every_planner
@every_space
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_plans_none_of_which_can_be_compared_are_an_error(planner, space, value):
    with pytest.raises(ValueError, match="plans for state 0 of 3 score NaN or infinity"):
        planned(planner, space, lambda o, a, n: n[:, 0] * 0 + value)


@every_planner
@every_space
def test_the_state_that_cannot_be_planned_for_is_named(planner, space):
    def aim(obs, action, nxt):
        share = torch.arange(len(obs)) // (len(obs) // 3)
        return torch.where(share == 1, torch.nan, 1.0)

    with pytest.raises(ValueError, match="for state 1 of 3"):
        planned(planner, space, aim)


@every_planner
@every_space
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_plan_that_scores_no_number_loses_against_all_others(planner, space, value):
    """Whoever begins with the first action, or pushes to the left, gets no number; the rest pays
    less the further it goes, and always less than anything."""

    def aim(obs, action, nxt):
        low = action == 0 if action.ndim == 1 else action[:, 0] < 0
        size = action.float() if action.ndim == 1 else action[:, 0]
        return torch.where(low, value, -1e12 - size)

    plan, _ = planned(planner, space, aim)
    first = plan.actions[..., 0] if space is PUSH else plan.actions
    assert torch.isfinite(plan.score).all() and torch.isfinite(plan.actions).all()
    assert (first >= (0 if space is PUSH else 1)).all()


def test_few_good_plans_are_not_thinned_by_bad_ones():
    """One plan in nine has a score: CEM's elites are that one, and not what would fill them up."""
    seen = []

    def aim(obs, action, nxt):
        seen.append(action)
        return torch.where(action[:, 0] > 1.9, 1.0, torch.nan)

    plan, _ = planned(CEM(1, 300, 2, 40), PUSH, aim)
    assert (plan.actions[..., 0] > 1.9).all() and (plan.score == 1).all()


def test_where_the_middle_of_the_elites_scores_no_number_the_best_of_them_is_taken():
    """Left or right of a hole: the mean of both is in it."""

    def aim(obs, action, nxt):
        return torch.where(action[:, 0].abs() < 0.8, torch.nan, -action[:, 0].abs())

    for planner in (CEM(1, 60, 1, 20), MPPI(1, 60, temperature=10.0)):
        plan, _ = planned(planner, PUSH, aim)
        assert (plan.actions[..., 0].abs() >= 0.8).all() and torch.isfinite(plan.score).all()


def broken(model):
    """An ensemble one member of which predicts no numbers."""
    model.net.biases[-1].data[0] = torch.nan
    return model


def test_members_that_predict_no_number_disagree_without_end():
    model, obs = build(Ensemble, PUSH)
    with torch.no_grad():
        seen, act = model.observed(obs), torch.zeros(3, 2)
        assert torch.isfinite(model.disagreement(seen, act)).all()
        broken(model)
        assert (model.disagreement(seen, act) == torch.inf).all()
        cautious = Cautious(model, 1.0)
        assert not torch.isfinite(cautious.step(cautious.start(obs), act).rew).any()


class Bold:
    def begin(self, obs):
        pass

    def act(self, obs):
        return np.full((len(obs), 2), 1.5, np.float32)


def test_a_gate_lets_nothing_pass_of_which_nothing_is_known():
    safe = lambda obs: np.zeros((len(obs), 2), np.float32)
    model, obs = build(Ensemble, PUSH)
    gate = Gated(Bold(), model, safe, threshold=1e9, horizon=3)
    assert (gate.act(obs) == 1.5).all() and not gate.refused.any()
    broken(model)
    assert (gate.act(obs) == 0).all() and gate.refused.all() and (gate.doubt == np.inf).all()


def test_an_action_that_is_no_number_is_doubtful():
    model, obs = build(Ensemble, PUSH)
    act = np.array([[0.5, 0.5], [np.nan, 0.5], [0.5, 0.5]], np.float32)
    found = doubt(model, obs, act, lambda obs: np.zeros((len(obs), 2), np.float32), 2)
    assert np.isinf(found).tolist() == [False, True, False]


def test_a_table_with_a_hole_is_refused_and_not_swept_for_ever():
    P, R = np.full((2, 1, 2), 0.5), np.array([[1.0], [np.nan]])
    with pytest.raises(ValueError, match="no number"):
        value_iteration(P, R)
    with pytest.raises(ValueError, match="gamma must lie between 0 and 1, got 1.5"):
        value_iteration(P, np.ones((2, 1)), gamma=1.5)


@pytest.mark.parametrize(
    "one, other", [(np.nan, 0.0), (np.inf, 0.0), (3e38, -3e38), (-np.inf, np.inf)]
)
def test_opinions_that_are_no_numbers_are_infinitely_far_apart(one, other):
    model, _ = shared(Ensemble)
    opinions = torch.tensor([[[one, 0.0], [1.0, 0.0]], [[other, 0.0], [1.0, 0.0]]])  # (E, B, D)
    assert model.spread(opinions).tolist() == [np.inf, 0]
    assert model.spread(opinions.transpose(0, 1), dim=1).tolist() == [np.inf, 0]
