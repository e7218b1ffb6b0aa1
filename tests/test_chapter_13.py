"""Chapter 13: its exercises name the mistake, its measures are right, its evidence is complete."""

import dataclasses

import numpy as np
import pytest
import torch
from exercises import Chapter

from wmlib.course.ch13_open_problems import (
    aims,
    arenas,
    belief,
    entrants,
    goodhart,
    mismatch,
    rivals,
    scaling,
    watchers,
)
from wmlib.course.ch13_open_problems import experiments as ex
from wmlib.course.ch13_open_problems import horizons as horizon
from wmlib.course.ch13_open_problems.hidden_ball import HiddenBall
from wmlib.experience import Transitions, collect
from wmlib.models.stacked import StackedMLP
from wmlib.models.vector import VectorModel
from wmlib.scoreboard import examine
from wmlib.worlds import Pendulum
from wmlib.worlds.catch import Catch
from wmlib.worlds.valley import Valley

NUMBERS = ("ex1", "ex2", "ex3", "ex4", "ex5")


@pytest.fixture(scope="module")
def chapter():
    return Chapter("13_open_problems", ["imports"])


@pytest.mark.parametrize("exercise", NUMBERS)
def test_a_stub_does_not_pass_and_its_solution_does(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)
    assert chapter.mistake(exercise, chapter.solution(exercise)) is None


def test_the_bar_of_the_chapter_is_met_in_every_seed():
    belief_, guess = ex.hidden.figures("belief_crps"), ex.hidden.figures("guess_crps")
    assert len(belief_) >= 5 and (belief_ < guess).all()
    assert (belief_ < ex.hidden.figures("guess_bar_crps")).all()
    low, high = ex.scale.figures("low"), ex.scale.figures("high")
    assert (low > 0).all() and (low < high).all()


@pytest.mark.slow
def test_stored_weights_are_those_of_the_first_stored_seed():
    learned, figures = entrants.stored_learners(), ex.pixels.stored()["seeds"][0]["figures"]
    arena = dataclasses.replace(arenas.CATCH)
    for name, (model, steps, seconds) in learned.items():
        row = examine(model, arena, 0, steps, seconds, plan=False)
        assert row.k_steps == pytest.approx(arenas.of(figures, "k_steps", name), rel=0.1), name
        assert seconds == arenas.of(figures, "seconds", name) and steps == arenas.FILM


def test_stored_weights_are_small():
    files = sorted(entrants.WEIGHTS.glob("*.pt"))
    learned = {name for ends in entrants.FILES.values() for name in ends}
    assert {path.stem for path in files} == learned | set(watchers.FILES)
    assert all(path.stat().st_size < 1e6 for path in files)


def one_hot(column):
    return torch.nn.functional.one_hot(torch.tensor(column), 32).float()


# --- hidden ------------------------------------------------------------------------------------


def test_crps_is_the_area_between_the_two_distribution_functions():
    probs = torch.rand(32, generator=torch.Generator().manual_seed(0))
    probs /= probs.sum()
    x = np.linspace(0, 31, 310_001)
    cdf = probs.cumsum(0).numpy()[np.minimum(np.floor(x).astype(int), 31)]
    for column in (0.0, 7.3, 20.0, 30.9):
        area = ((cdf - (x >= column)) ** 2)[:-1].mean() * 31
        assert belief.crps(probs, torch.tensor(column)).item() == pytest.approx(area, abs=1e-3)


def test_crps_of_a_single_guess_is_its_absolute_error():
    assert belief.crps(one_hot(10), torch.tensor(13.5)).item() == pytest.approx(3.5)
    assert belief.crps(one_hot(10), torch.tensor(6.0)).item() == pytest.approx(4)


def test_crps_rewards_honesty_about_two_sides():
    both = 0.5 * one_hot(5) + 0.5 * one_hot(25)
    for guess in (one_hot(5), one_hot(15), one_hot(25)):
        of = [belief.crps(p, torch.tensor([5.0, 25.0])).mean() for p in (both, guess)]
        assert of[0] < of[1]


def test_crps_of_a_gaussian_agrees_with_many_draws():
    draws = torch.randn(200_000, generator=torch.Generator().manual_seed(1)) * 2
    apart = (draws[:100_000] - draws[100_000:]).abs().mean()  # E|X - x| - E|X - X'| / 2
    by_draws = (draws - 1.5).abs().mean() - apart / 2
    told = belief.gaussian_crps(torch.tensor(-1.5), torch.tensor(2.0))
    assert told.item() == pytest.approx(by_draws.item(), abs=0.02)


def test_one_waits_where_most_of_the_belief_is_within_reach():
    fork = 0.4 * one_hot(15) + 0.3 * one_hot(4) + 0.3 * one_hot(6)
    assert belief.best_place(fork) in (3, 4, 5, 6, 7)
    assert belief.best_place(one_hot(31)) >= 28


def test_the_ball_is_read_where_it_can_be_seen_and_nowhere_else():
    world, state = HiddenBall(belief.WALL), np.zeros((3, 4))
    state[:, 0], state[:, 1] = (5.0, 15.5, 26.0), 12.0
    parts, whole = belief.read_ball(world.obs(state)[:, 0])
    assert whole.tolist() == [True, False, True]
    assert np.allclose(parts[[0, 2], 0] * 16 + 15.5, [5, 26], atol=0.3)
    assert (parts[1] == 0).all()


def test_nobody_is_told_where_a_hidden_ball_is():
    seen, whole, states = belief.ball_films((0, 0), 0.3, copies=20)
    gone = HiddenBall(belief.WALL).hidden(states.reshape(-1, 4).numpy()).reshape(20, -1)
    assert (seen[torch.as_tensor(gone)] == 0).all() and not whole[torch.as_tensor(gone)].any()


def test_moments_of_vanishing_are_what_they_say():
    seen, whole, states = belief.ball_films((0, 0), 0.3, copies=60)
    row, frame = belief.vanished(whole, seen, states, 12)
    assert len(row) > 20
    assert (seen[row, frame] == 0).all() and (seen[row, frame - 1, 2] > 0).all()
    assert whole[row, frame + 12].all()


# --- aims -----------------------------------------------------------------------------------------


def test_plans_in_the_room_are_worth_what_can_be_counted_by_hand():
    assert aims.paid(aims.no_dirt, ("clean", "wait")) == pytest.approx(-4 - 0.1 - 4)
    assert aims.paid(aims.no_dirt_visible, ("cover", "clean")) == pytest.approx(-0.15 - 0.1)
    assert aims.plan(aims.no_dirt, horizon=5)[0] == ("clean",) * 5


def test_cleaning_is_the_best_plan_for_what_is_meant_and_for_a_camera_that_cannot_be_covered():
    assert "cover" not in aims.plan(aims.no_dirt)[0]
    assert aims.plan(aims.no_dirt_visible)[0][0] == "cover"


def test_covering_the_camera_is_worth_less_than_doing_nothing():
    worth = lambda plan: aims.paid(aims.no_dirt, plan)  # noqa: E731
    assert worth(aims.plan(aims.no_dirt_visible)[0]) < worth(("wait",) * 6) < worth(("clean",) * 6)


# --- Goodhart ---


def test_a_sensor_is_right_everywhere_but_where_its_lamp_shines():
    far = np.array([[2.0, 0.0], [0.0, 0.5], [-2.5, 1.0]])
    assert np.allclose(goodhart.glare(far), 0, atol=1e-6)
    assert goodhart.glare(np.array([goodhart.LAMP])) == pytest.approx(12)
    assert goodhart.glare(np.array([goodhart.LAMP]), goodhart.OTHER_LAMP) == pytest.approx(0)


def test_the_best_of_one_is_anybody_and_of_two_by_a_perfect_measure_is_known():
    truth = np.random.default_rng(0).standard_normal((40_000, 2))
    shown, worth = goodhart.chosen(truth, truth, [1, 2])
    assert (shown == worth).all()
    assert worth == pytest.approx([0, 1 / np.sqrt(np.pi)], abs=0.02)


def test_a_plan_from_the_best_half_is_worth_their_mean():
    measure, truth = np.array([[3.0, 1.0, 4.0, 2.0]]), np.array([[30.0, 10.0, 40.0, 20.0]])
    assert goodhart.quantilized(measure, truth, 0.5, [2, 4]).tolist() == [30, 35]


def test_the_line_through_gaussian_cases_has_the_slope_of_regression():
    rng = np.random.default_rng(0)
    truth = rng.standard_normal(100_000)
    said = goodhart.line(truth + rng.standard_normal(100_000), truth)(np.array([0.0, 1.0]))
    assert said == pytest.approx([0, 0.5], abs=0.02)


def test_nobody_games_a_measure_that_is_not_announced():
    rng = np.random.default_rng(0)
    before, after = (goodhart.applicants(rng, (200, 500), x)[0] for x in (False, True))
    assert (before == 6).sum() == 0 and 100 < (after == 6).sum() < 300


# --- mismatch ---


def test_the_marble_is_the_valleys_and_the_film_heeds_nobody():
    rng = np.random.default_rng(0)
    state = mismatch.beginnings(50, rng)
    pushes = rng.uniform(-3, 3, (2, 50, 1))
    (one, paid), (two, _) = (mismatch.advance(state, push) for push in pushes)
    marble, rew, _ = Valley().step(state[:, :2], pushes[0])
    assert (one[:, :2] == marble).all() and (paid == rew).all()
    assert (one[:, 2:] == two[:, 2:]).all() and not (one[:, :2] == two[:, :2]).any()
    assert mismatch.seen(state).shape == (50, 22)
    assert (mismatch.seen(state, screen=False) == state[:, :2]).all()


@pytest.mark.parametrize("learns_from, reaches", [("observations", 0), ("rewards", 1), ("both", 2)])
def test_only_the_named_loss_reaches_encoder_and_dynamics(learns_from, reaches):
    data = mismatch.episodes(20, 0)
    model = mismatch.LatentModel(data, learns_from=learns_from)
    obs, act, rew = (x[:, : 16 - k] for x, k in zip(data, (0, 1, 1)))
    gradients = []
    for other in (obs, rew):  # change one target: does the encoder's gradient change?
        rows = []
        for factor in (1.0, 2.0):
            targets = [obs, act, rew]
            if other is rew:
                targets[2] = rew * factor
            else:
                targets[0] = torch.cat([obs[:, :1], obs[:, 1:] * factor], 1)
            model.zero_grad()
            model.loss(*targets).backward()
            rows.append(model.encoder[0].weight.grad.clone())
        gradients.append(not torch.allclose(*rows))
    assert gradients == [reaches != 1, reaches != 0]


def test_rules_without_a_model_do_what_they_say():
    assert rivals.push_to_its_side(np.array([[0, 0, 0.1, 0], [0, 0, 0.1, -1.0]])).tolist() == [1, 0]
    state = np.array([[10.0, 20, 12, 0, 3], [20, 10, 12, 0, 3], [15, 15, 12, 0, 3]])
    assert rivals.go_where_it_is(Catch().obs(state)).tolist() == [2, 0, 1]


# --- scale ----------------------------------------------------------------------------------------


def test_the_joint_law_is_found_again():
    data = np.repeat(np.array(scaling.DATA, float), 4)
    params = np.tile([float(scaling.parameters(w)) for w in scaling.WIDTHS], 5)
    true = (0.8, 0.6, 6.0, 3.0, 0.02)
    law = scaling.joint_law(data, params, scaling.says(true, data, params))
    assert np.allclose(law, true, rtol=1e-3)
    true = (0.5, 0.4, 2.0, 1.0, 0.0)
    law = scaling.joint_law(data, params, scaling.says(true, data, params))
    assert np.allclose(law, true, rtol=1e-2, atol=1e-4)


def test_a_straight_line_is_found_again():
    x = np.array(scaling.DATA, float)
    slope, said = scaling.straight(x, 3 * x**-0.5, 8000)
    assert slope == pytest.approx(0.5) and said == pytest.approx(3 * 8000**-0.5)


def test_parameters_are_those_of_the_network():
    net = StackedMLP(1, [scaling.INPUTS, 16, 16, scaling.OUTPUTS], torch.Generator())
    assert scaling.parameters(16) == sum(p.numel() for p in net.parameters())


@pytest.mark.slow
def test_more_data_and_more_width_help():
    small = scaling.held_out_error(125, 8, 300, 0).mean()
    assert scaling.held_out_error(2000, 32, 300, 0).mean() < 0.9 * small


# --- far ahead ------------------------------------------------------------------------------------


def test_a_leap_joins_the_steps_it_leaps_over():
    n = np.arange(6.0)
    no = np.zeros(6, bool)
    episode = np.array([0] * 4 + [1] * 2)
    data = Transitions(n[:, None], -n[:, None], n, n[:, None] + 1, no, no, episode)
    leaps = horizon.leaps(data, 3)
    assert leaps.obs[:, 0].tolist() == [0, 1] and leaps.next_obs[:, 0].tolist() == [3, 4]
    assert leaps.act.tolist() == [[0, -1, -2], [-1, -2, -3]] and leaps.rew.tolist() == [3, 6]


def test_without_errors_nothing_is_carried_on():
    data = collect(Pendulum(), steps=400, seed=0)

    class Physics(VectorModel):
        def predict(self, obs, action, generator=None):
            world = Pendulum()
            after, _, _ = world.step(world.state_of(obs.numpy()), action.numpy())
            return torch.as_tensor(world.obs(after)), torch.zeros(len(obs))

    model = Physics(3, Pendulum().act_space)
    assert horizon.carried(model, data).max() < 1e-4
    assert horizon.errors(model, data, 1).max() < 1e-4


def test_cubes_know_a_cubic_world():
    data = collect(Pendulum(), steps=400, seed=0)
    obs, act = torch.as_tensor(data.obs), torch.as_tensor(data.act)
    moved = (0.1 * obs[:, :1] * obs[:, 1:2] * act).expand(-1, 3).numpy()
    made = dataclasses.replace(data, next_obs=data.obs + moved)
    assert abs(horizon.Cubes(made).predict(obs, act)[0].numpy() - made.next_obs).max() < 1e-3


def test_true_physics_begun_rightly_stays_right_and_begun_wrongly_drifts():
    data = collect(Pendulum(), steps=400, seed=0)
    assert horizon.physics_begun_wrong(data, 0.0, 0).max() < 1e-5
    assert horizon.physics_begun_wrong(data, 0.1, 0)[0] > 0.02
