"""Measures measure what they say."""

import numpy as np
import pytest

from wmlib.evaluation import (
    bootstrap_interval,
    error_by_horizon,
    evaluate,
    interval,
    proportion_interval,
    steps_to_solve,
)
from wmlib.experience import collect
from wmlib.models import LinearDynamics, Simulator
from wmlib.worlds import CartPole, Pendulum


def test_random_actions_keep_the_pole_up_for_about_22_steps():
    returns = evaluate(CartPole(), episodes=400, seed=0).returns
    assert 20 < returns.mean() < 25


def test_episodes_side_by_side_are_each_played_to_their_own_end():
    always_left = evaluate(CartPole(), lambda obs: np.zeros(len(obs), int), episodes=30, seed=0)
    assert (always_left.lengths == always_left.returns).all()
    assert always_left.lengths.min() >= 8 and always_left.lengths.max() <= 11
    assert always_left.terminated.all()


def test_a_gymnasium_environment_is_evaluated_like_a_world():
    policy = lambda obs: (obs[:, 2] + obs[:, 3] > 0).astype(int)  # noqa: E731
    a = evaluate("CartPole-v1", policy, episodes=3, seed=0).returns.mean()
    b = evaluate(CartPole(), policy, episodes=20, seed=0).returns.mean()
    assert a > 100 and b > 100


def test_the_true_simulator_makes_no_error_at_any_horizon():
    data = collect(Pendulum(), steps=400, seed=0)
    assert error_by_horizon(Simulator(Pendulum()), data, 20).max() < 1e-4


def test_errors_of_a_learned_model_compound():
    data = collect(Pendulum(), steps=600, seed=0)
    error = error_by_horizon(LinearDynamics(3, Pendulum().act_space).fit(data), data, 15)
    assert error.shape == (15,) and error[14] > 3 * error[0] > 0


def test_solving_is_confirmed_on_fresh_episodes():
    good = lambda obs: (obs[:, 2] + obs[:, 3] > 0).astype(int)  # noqa: E731

    def learner():
        yield 100, None
        yield 200, good

    found = steps_to_solve(CartPole(), learner(), bar=100, limit=1000)
    assert found.steps == 200 and [steps for steps, _ in found.checks] == [100, 200]
    assert steps_to_solve(CartPole(), learner(), bar=499.9, limit=1000).steps is None
    assert steps_to_solve(CartPole(), learner(), bar=100, limit=150).steps is None


def test_a_lucky_check_is_not_enough():
    class Lucky:
        plays = 0

        def begin(self, obs):
            self.plays += 1

        def act(self, obs):
            good = (obs[:, 2] + obs[:, 3] > 0).astype(int)
            return good if self.plays == 1 else 1 - good

        def keep(self, mask):
            pass

    lucky = Lucky()
    assert steps_to_solve(CartPole(), iter([(10, lucky)]), bar=100, limit=50).steps is None
    assert lucky.plays == 2


def test_intervals():
    assert interval(range(101)) == pytest.approx((50, 5, 95))
    assert proportion_interval(10, 10)[1] == 1.0
    low, high = proportion_interval(9, 10)
    assert 0.6 < low < 0.9 < high < 1
    estimate, low, high = bootstrap_interval(lambda a, b: a.mean() / b.mean(), [10, 12], [1, 1.2])
    assert low <= estimate <= high and estimate == pytest.approx(10)
    with pytest.raises(ValueError, match="at least one trial"):
        proportion_interval(0, 0)
