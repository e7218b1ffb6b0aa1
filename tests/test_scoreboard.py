"""The scoreboard: one examination for all, and it cannot be passed by what is deaf or blind."""

import dataclasses
from dataclasses import replace

import numpy as np
import pytest
import torch

from wmlib import scoreboard
from wmlib.course.ch03_neural_dynamics.study import Still
from wmlib.course.ch13_open_problems import arenas as parts
from wmlib.experience import Transitions
from wmlib.models import LinearDynamics
from wmlib.models.base import Step
from wmlib.planning import RandomShooting
from wmlib.scoreboard import Ceiling, dream, examine, numbers, watch
from wmlib.worlds import CartPole
from wmlib.worlds.catch import Catch

CHEAP = RandomShooting(horizon=4, candidates=6)
CARTPOLE = dataclasses.replace(parts.CARTPOLE, planner=CHEAP, episodes=4, stretches=60)
CATCH = dataclasses.replace(parts.CATCH, planner=CHEAP, episodes=2, stretches=60)


def test_stretches_stay_inside_one_episode_and_the_states_are_those_behind_the_pictures():
    world = Catch()
    seen = watch(world, 20, 50, 0)
    flat = seen.states[:, :-1].reshape(-1, 5).numpy()
    nxt, rew, _ = world.step(flat, seen.act.numpy().reshape(-1))
    ball_goes_on = rew == 0
    assert ball_goes_on.mean() > 0.9
    true = seen.states[:, 1:].reshape(-1, 5).numpy()
    assert np.allclose(nxt[ball_goes_on], true[ball_goes_on])
    assert np.allclose(nxt[:, [0, 4]], true[:, [0, 4]])  # no episode began: balls left count down
    assert np.allclose(rew, seen.rew.numpy().reshape(-1))
    assert (world.obs(seen.states[:, 3].numpy()) == seen.obs[:, 3].numpy()).all()


def test_the_same_seed_gives_the_same_stretches_and_another_one_others():
    a, b, c = (watch(CartPole(), 8, 20, s).obs for s in (1, 1, 2))
    assert torch.equal(a, b) and not torch.equal(a, c)


def test_stretches_that_are_not_there_are_named():
    with pytest.raises(ValueError, match="found 0"):
        watch(Catch(), 200, 5, 0)


@pytest.mark.parametrize("arena", [CARTPOLE, CATCH], ids=lambda a: a.name)
def test_the_world_itself_makes_no_error_and_heeds_what_is_done(arena):
    row = examine(Ceiling(arena.world), arena, plan=False)
    assert all(np.allclose(error, 0, atol=1e-5) for error in row.errors.values())
    assert row.sensitivity == pytest.approx(1)
    assert row.parameters == 0 and row.real_steps is None and "learn" in row.why["seconds"]


def test_who_moves_nothing_is_deaf_and_errs_the_more_the_longer():
    for model, arena in ((Still(4, CartPole.act_space), CARTPOLE), (parts.StillPictures(), CATCH)):
        row = examine(model, arena, plan=False)
        error = next(iter(row.errors.values()))
        assert row.sensitivity == 0 and (np.diff(error) > 0).all()
        assert row.one_step == error[0] and row.k_steps == error[arena.k - 1]


class Swapped(Ceiling):
    """It moves as far as reality, the other way."""

    def step(self, state, action, generator=None):
        return super().step(state, 2 - torch.as_tensor(action), generator)


def test_who_mixes_up_left_and_right_is_sensitive_and_wrong():
    row = examine(Swapped(Catch()), CATCH, plan=False)
    assert row.sensitivity == pytest.approx(1, abs=0.2)
    assert row.errors["bar"][-1] > 3 and row.errors["ball"][-1] < 1e-6


def test_errors_on_catch_are_in_pixels():
    seen = CATCH.seen(0)
    real = seen.states[:, CATCH.context :].numpy().copy()
    real[..., 0] += 1  # the bar
    real[..., 1] += 2  # the ball
    inside = (real[..., 0].max(1) < 28) & (real[..., 1].max(1) < 28)
    some = type(seen)(*(x[torch.as_tensor(inside)] for x in seen))
    shown = real[inside]
    beside = Catch().obs(shown.reshape(-1, 5)).reshape(*shown.shape[:2], 1, 32, 32)
    errors = CATCH.errors(some, torch.as_tensor(beside))
    assert np.allclose(errors["ball"], 2, atol=0.1) and np.allclose(errors["bar"], 1, atol=0.1)
    assert (errors["picture"] > 0.5).all()


class Noting(parts.StillPictures):
    """It notes which actions it is told of, before and in the dream."""

    def __init__(self):
        self.before, self.dreamt = [], []

    def observe(self, state, action, obs, first=None, generator=None):
        self.before.append(action)
        return self.start(obs)

    def step(self, state, action, generator=None):
        self.dreamt.append(action)
        return super().step(state, action)


def test_a_dream_with_other_actions_has_the_same_past():
    seen, model = CATCH.seen(0), Noting()
    dream(model, seen, 8, act=2 - seen.act)
    assert torch.equal(torch.stack(model.before, 1), seen.act[:, :7])
    assert torch.equal(torch.stack(model.dreamt, 1), 2 - seen.act[:, 7:])


def test_who_predicts_no_reward_is_not_asked_to_plan_and_the_row_says_so():
    row = examine(parts.StillPictures(), CATCH)
    assert row.planning is None and "no reward" in row.why["planning"]


def test_who_speaks_of_other_actions_is_refused():
    with pytest.raises(ValueError, match="wrap it"):
        examine(Still(4, Catch.act_space), CARTPOLE)


def test_everybody_plans_for_the_same_aim_from_the_same_starts():
    a, b = (examine(Ceiling(CartPole()), CARTPOLE, seed=3) for _ in range(2))
    assert (a.returns == b.returns).all() and len(a.returns) == 4
    assert a.planning > 2 * examine(Still(4, CartPole.act_space), CARTPOLE, seed=3).planning


def test_learned_numbers_are_counted():
    linear = LinearDynamics(4, CartPole.act_space)
    assert numbers(linear) == (4 + 2 + 1) * 5
    assert numbers(torch.nn.Linear(3, 2)) == 8
    assert numbers(Ceiling(CartPole())) == 0


def test_a_binned_table_remembers_the_mean_change_of_a_cell():
    table = parts.Binned([[0.0], [0.0]], CartPole.act_space)
    obs = np.array([[1, 1], [2, 1], [1, 1], [-1, 1]], np.float32)
    nxt = obs + np.array([[1, 0], [3, 0], [5, 5], [7, 7]], np.float32)
    no = np.zeros(4, bool)
    table.fit(Transitions(obs, np.array([0, 0, 1, 0]), np.ones(4), nxt, no, no, np.arange(4)))
    asked = torch.tensor([[3.0, 3.0], [3.0, 3.0], [3.0, -3.0]])
    moved, rew = table.predict(asked, torch.tensor([0, 1, 0]))
    assert (moved - asked).tolist() == [[2, 0], [5, 5], [0, 0]]
    assert rew.tolist() == [1, 1, 0]


class Shifts:
    """A stand-in for latent actions: code k means the true action (k + 1) mod 3."""

    act_space = Catch.act_space

    def infer(self, before, after):
        return (self.truth - 1) % 3


def test_codes_are_translated_by_what_was_inferred_most_often():
    film = parts.catch_film(5, 16_000)
    model = Shifts()
    model.truth = film.act[film.real.bool()][:3000]
    codes = parts.translation(model, film)
    assert codes.tolist() == [2, 0, 1]

    class Speaks(Shifts):
        def step(self, state, action, generator=None):
            return Step(action, None, None)

    played = parts.ByCodes(Speaks(), codes).step(None, torch.tensor([0, 1, 2, 0]))
    assert played.state.tolist() == [2, 0, 1, 2]


def test_another_seed_examines_on_other_stretches_and_other_starts(monkeypatch):
    asked = []
    real = scoreboard.evaluate
    monkeypatch.setattr(scoreboard, "evaluate", lambda *args: asked.append(args[3]) or real(*args))
    arena = replace(parts.CARTPOLE, episodes=2)
    examine(Ceiling(arena.world), arena, seed=7)
    assert asked == [7]
