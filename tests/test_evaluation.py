"""Measures measure what they say."""

from dataclasses import replace

import gymnasium as gym
import numpy as np
import pytest
import torch

from wmlib.evaluation import (
    auroc,
    bootstrap_interval,
    coverage,
    dream_beside_reality,
    error_by_horizon,
    evaluate,
    interval,
    picture_errors,
    proportion_interval,
    steps_to_solve,
)
from wmlib.experience import collect
from wmlib.models import LinearDynamics, Simulator, Step, WorldModel
from wmlib.streams import Sequences
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


def test_every_check_and_every_confirmation_plays_other_episodes():
    """Confirmed on the episodes that were lucky, a lucky agent would be confirmed."""

    class Diary:
        def __init__(self):
            self.starts = []

        def begin(self, obs):
            self.starts.append(obs.copy())

        def act(self, obs):
            return (obs[:, 2] + obs[:, 3] > 0).astype(int)

        def keep(self, mask):
            pass

    def starts(seed, episodes=4):
        diary = Diary()
        learner = ((step, diary) for step in (10, 20, 30))
        found = steps_to_solve(CartPole(), learner, 10**6, 50, seed, episodes)
        assert found.steps is None and len(found.checks) == 3
        passed = steps_to_solve(CartPole(), iter([(10, diary)]), 1, 50, seed, episodes)
        assert passed.steps == 10
        return np.array(diary.starts)

    seen = starts(0)
    assert seen.shape == (3 + 2, 4, 4)  # nothing to confirm at first; then a check, confirmed
    check, *_, again, confirmed = seen
    assert np.array_equal(check, again)  # the same seed, the same first check
    assert len({each.tobytes() for each in seen[:3]}) == 3
    assert not any(np.array_equal(confirmed, each) for each in seen[:4])
    assert np.array_equal(starts(0), seen) and not np.array_equal(starts(1), seen)


def test_intervals():
    assert interval(range(101)) == pytest.approx((50, 5, 95))
    assert proportion_interval(10, 10)[1] == pytest.approx(1.0)
    low, high = proportion_interval(9, 10)
    assert 0.6 < low < 0.9 < high < 1
    estimate, low, high = bootstrap_interval(lambda a, b: a.mean() / b.mean(), [10, 12], [1, 1.2])
    assert low <= estimate <= high and estimate == pytest.approx(10)
    with pytest.raises(ValueError, match="at least one trial"):
        proportion_interval(0, 0)


def test_an_interval_holds_the_share_that_is_asked_for():
    assert interval(range(101), level=0.5) == pytest.approx((50, 25, 75))
    assert proportion_interval(9, 10) == pytest.approx((0.652281, 0.977365), abs=1e-6)
    narrow, wide = (proportion_interval(9, 10, level) for level in (0.5, 0.99))
    assert wide[0] < 0.652281 < narrow[0] < narrow[1] < 0.977365 < wide[1]
    assert proportion_interval(0, 10)[0] == 0
    sample = np.random.default_rng(0).normal(size=100)
    spread = {level: bootstrap_interval(np.mean, sample, level=level) for level in (0.5, 0.9)}
    estimate, low, high = spread[0.9]
    assert estimate == sample.mean() and spread[0.5][0] == estimate
    z = 1.645 * sample.std() / 10  # the mean of a hundred
    assert (low - estimate, high - estimate) == pytest.approx((-z, z), rel=0.1)
    assert low < spread[0.5][1] < spread[0.5][2] < high
    same, other = (bootstrap_interval(np.mean, sample, seed=seed) for seed in (0, 1))
    assert same == spread[0.9] != other
    few = bootstrap_interval(np.mean, sample, draws=1)
    assert few[1] == few[2] != estimate


def test_the_chance_that_a_positive_scores_higher_by_hand():
    assert auroc([1, 2, 3, 4], [0, 0, 1, 1]) == 1 and auroc([1, 2, 3, 4], [1, 1, 0, 0]) == 0
    assert auroc([1, 2, 3, 4], [0, 1, 0, 1]) == 0.75
    assert auroc([5, 5, 5], [0, 1, 1]) == 0.5  # ties count half
    assert auroc([1, 2, 2, 3], [0, 0, 1, 1]) == (4 - 0.5) / 4
    for one_kind in ([0, 0], [1, 1]):
        with pytest.raises(ValueError, match="only one"):
            auroc([1, 2], one_kind)


def test_coverage_is_the_share_of_errors_within_what_was_stated():
    error = np.array([[0.0, 0.5], [-0.6, 0.7], [1.0, -3.0]])
    assert coverage(error, np.ones((3, 2)), [0.5, 0.9, 0.999]).tolist() == [
        3 / 6 - 1 / 6 + 1 / 6,
        5 / 6,
        1,
    ]
    assert coverage(error, np.full((3, 2), 10.0), [0.5]).tolist() == [1]
    assert coverage([0.0, 1.0], [0.0, 0.0], [0.9]).tolist() == [0.5]  # who is never in doubt


# --- dreams of pictures ---------------------------------------------------------------------------


class Shifting(WorldModel):
    """Pictures move one pixel to the right at action 1, stay at 0. State: the picture."""

    act_space = gym.spaces.Discrete(2)

    def start(self, obs, generator=None):
        return torch.as_tensor(obs)

    def observe(self, state, action, obs, first=None, generator=None):
        return torch.as_tensor(obs)

    def step(self, state, action, generator=None):
        moved = torch.where(action[:, None, None, None] == 1, state.roll(1, -1), state)
        return Step(moved, torch.zeros(len(state)), torch.ones(len(state)))

    def decode(self, state):
        return state


def shifting_film(n=6, frames=9):
    rng = np.random.default_rng(0)
    obs, act = (
        [rng.random((n, 1, 32, 32)).astype(np.float32)],
        rng.integers(2, size=(n, frames - 1)),
    )
    for t in range(frames - 1):
        obs.append(np.where(act[:, t, None, None, None] == 1, np.roll(obs[-1], 1, -1), obs[-1]))
    first = np.zeros((n, frames), bool)
    first[:, 0] = first[0, 4] = True  # the first stretch is broken
    rew = np.zeros((n, frames - 1), np.float32)
    return Sequences(*map(torch.as_tensor, (np.stack(obs, 1), act, rew, rew + 1, first)))


def test_a_dream_of_a_perfect_model_is_what_came_and_broken_stretches_are_left_out():
    film = shifting_film()
    real, dreamt = dream_beside_reality(Shifting(), film, context=3)
    assert real.shape == dreamt.shape == (5, 7, 1, 32, 32)
    assert np.array_equal(real, film.obs[1:, 2:].numpy()) and np.array_equal(real, dreamt)
    assert (picture_errors(real, dreamt) == 0).all()
    late = film.act.roll(1, 1)
    assert picture_errors(*dream_beside_reality(Shifting(), replace(film, act=late), 3)).max() > 1


def test_the_mean_picture_has_an_error_of_one():
    real = np.random.default_rng(1).random((5, 4, 1, 2, 2))
    assert np.allclose(picture_errors(real, real.mean((0, 1), keepdims=True)), 1)
    assert picture_errors(real, real).shape == (3,)


def test_without_a_whole_stretch_there_is_nothing_to_compare():
    film = shifting_film()
    film.first[:, 5] = True
    with pytest.raises(ValueError, match="an episode begins in each of the 6 stretches"):
        dream_beside_reality(Shifting(), film)


def test_lengths_are_whole_numbers_and_ends_are_yes_or_no():
    episodes = evaluate(CartPole(), episodes=3, seed=0)
    assert episodes.lengths.dtype.kind == "i" and episodes.terminated.dtype == bool
    assert episodes.lengths.tolist() == episodes.returns.tolist()
