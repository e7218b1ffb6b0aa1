"""Chapter 6: exercises as the notebook has them, rivals and players of its experiments, its words."""

import numpy as np
import pytest
import torch
from exercises import Chapter

from wmlib.agents import Sticky
from wmlib.course.ch06_world_models import calibration, racing, rivals
from wmlib.course.ch06_world_models import exercises as ask
from wmlib.course.ch06_world_models import experiments as ex
from wmlib.course.ch06_world_models import study as parts
from wmlib.course.ch06_world_models.dodge import Dodge, evade
from wmlib.evaluation import evaluate
from wmlib.models.base import Step
from wmlib.models.vision_memory import VisionMemory, VisionMemoryState
from wmlib.worlds import MiniRacing

NUMBERS = ("ex1", "ex2", "ex3", "ex4")


@pytest.fixture(scope="module")
def chapter():
    return Chapter("06_world_models_2018", ["imports"])


@pytest.mark.parametrize("exercise", NUMBERS)
def test_a_stub_does_not_pass_and_its_solution_does(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)
    for _ in range(3):
        assert chapter.mistake(exercise, chapter.solution(exercise)) is None


@pytest.mark.parametrize("small", ["1e-9", "1e-30"])
def test_a_small_number_in_the_log_is_no_logsumexp(small, chapter):
    answer = f"""
def nats(log_weight, mean, log_std, z):
    score = (z - mean) / log_std.exp()
    density = (log_weight - 0.5 * score**2 - log_std - 0.5 * np.log(2 * np.pi)).exp()
    return -(density.sum() + {small}).log()
"""
    assert "a small number" in chapter.mistake("ex2", answer)


def test_the_place_that_a_search_looks_for_is_not_in_its_hands():
    def curious(score, size, budget, rng):
        assert not hasattr(score, "best") and not hasattr(score, "true")
        return np.zeros(size)

    assert ask.check_search.mistake(curious, 0) == "it never asked for a score"


def test_the_dreamer_lives_twice_as_long_as_chance_in_every_one_of_the_models():
    ratio = ex.dream.figures("warm_real") / ex.dream.figures("random")
    assert len(ratio) >= 10 and ratio.min() >= 2


def test_a_blind_sweep_is_half_of_the_way_and_no_more():
    """Looking at nothing is worth twice random play, so random play alone would be no yardstick."""
    blind, ours = ex.dream.figures("sweep"), ex.dream.figures("warm_real")
    assert np.median(blind / ex.dream.figures("random")) > 2
    assert (ours > 1.2 * blind).all()


def test_the_sweep_goes_from_wall_to_wall_whatever_it_sees():
    policy, world = parts.sweep(), Dodge()
    state, places = world.initial(3, np.random.default_rng(0)), []
    for _ in range(2 * parts.SWEEP):
        state, _, _ = world.step(state, policy(state))
        places.append(state[:, 0])
    assert (places[parts.SWEEP - 1] == 2).all() and (places[-1] == 29).all()


def test_erased_balls_still_hit():
    world = parts.NoBalls()
    state = world.initial(2, np.random.default_rng(0))
    world.balls(state)[:, 0] = [1, 0, 0, 0, 1]
    world.balls(state)[:, 0, 1:3] = np.stack([state[:, 0], [25.0, 25.0]], 1)
    assert np.array_equal(world.obs(state), Dodge().obs(state * (np.arange(11) == 0)))
    for _ in range(6):
        state, _, hit = world.step(state, np.ones(2, int))
        if hit.all():
            return
    raise AssertionError("it went through")


def test_every_model_of_the_record_has_a_cold_dream_in_which_nothing_kills():
    """Who knows nothing lives nearly to its end there, and is soon dead in the warm dream."""
    for who in ("random", "still"):
        assert ex.calibration.figures(f"{who}_in_cold").min() > 270
        assert ex.calibration.figures(f"{who}_in_warm").max() < 150


def test_the_temperature_is_chosen_and_reported_on_different_starts():
    """Each number of the table is the mean of games that took no part in the choice."""
    figures = ex.temperatures.stored()["seeds"][0]["figures"]
    model = VisionMemory(Dodge.act_space, size=4, hidden=8, width=2)
    parameters = torch.zeros(3, model.feat_size + 1)
    one, two = (parts.real(model, parameters, [0, k], 20) for k in (66, 67))
    assert not np.array_equal(one, two)
    assert figures["chosen_real"] in figures["real"]
    assert figures["chosen"] == parts.TEMPERATURES[figures["real"].index(figures["chosen_real"])]
    assert figures["fixed_real"] == figures["real"][parts.TEMPERATURES.index(1.0)]


def test_the_stored_weights_do_what_the_chapter_says_and_are_small():
    model, warm, cold = parts.stored_dodge()
    chance = evaluate(Dodge(), None, 40, 1).returns.mean()
    assert parts.real(model, warm, 1, 40).mean() > 2 * chance
    assert parts.real(model, cold, 1, 40).mean() < 2 * chance
    driving, drivers = racing.stored_racing()
    far = {
        what: racing.laps(driving, found, what, 1, episodes=20).mean()
        for what, found in drivers.items()
    }
    assert far["z and h"] > 70 and far["z and h"] > far["z"]
    for name in ("dodge.pt", "racing.pt"):
        assert (parts.WEIGHTS / name).stat().st_size < 1e6


class Trap(VisionMemory):
    """Dreams in which action 1 lives, and any other ends at once."""

    def step(self, state, action, generator=None):
        return Step(state, torch.ones(len(action)), (action == 1).float())


def test_players_who_know_nothing_live_in_a_dream_as_long_as_it_lets_them():
    model = Trap(Dodge.act_space, size=4, hidden=8, width=2)
    starts = VisionMemoryState(torch.zeros(3, 4), torch.zeros(3, 8), torch.zeros(3, 8))
    lived = lambda policy: calibration.dream_lives(model, starts, 1.0, policy, 0, 500, 40)  # noqa: E731
    assert (lived(calibration.standing) == 40).all()
    assert lived(calibration.at_random).mean() == pytest.approx(1.5, abs=0.15)  # 1 / (1 - 1/3)
    left = torch.zeros(3, 13)
    left[0, -1] = 1.0
    assert (lived(calibration.linear(left)) == 1).all()


def test_transitions_hold_what_an_agent_would_have_read():
    """Features of the record are those that `observe` gives, and no step leads into a new game."""
    model = VisionMemory(Dodge.act_space, size=4, hidden=8, width=2)
    streams = parts.random_play(Dodge(), 3, steps=64 * 100)
    feat, act, cont, after = rivals.transitions(model, streams)
    seen = streams.all(100)
    assert len(feat) == len(act) == len(after) == int(seen.real.sum())
    assert cont.eq(0).sum() == (seen.cont.eq(0) & seen.real.bool()).sum() > 0
    with torch.inference_mode():
        state = model.start(seen.obs[:1, 0])
        torch.testing.assert_close(feat[:1], model.feat(state))
        state = model.observe(state, seen.act[:1, 0], seen.obs[:1, 1])
        torch.testing.assert_close(after[:1], model.feat(state))


def test_offline_q_and_its_linear_form_learn_which_action_ends_an_episode():
    """In a made-up record action 2 ends the episode where the first number is positive."""
    rng = torch.Generator().manual_seed(0)
    feat = torch.randn(4000, 6, generator=rng)
    act = torch.randint(3, (4000,), generator=rng)
    cont = 1 - ((feat[:, 0] > 0) & (act == 2)).float()
    data = feat, act, cont, torch.randn(4000, 6, generator=rng)
    value = rivals.offline_q(data, 0, steps=400)
    positive = torch.zeros(1, 6)
    positive[0, 0] = 1.5
    with torch.no_grad():
        assert value(positive).argmin() == 2 and value(positive)[0, 2] < value(positive)[0, 0] - 0.5
    linear = rivals.linear_q(data)
    assert (linear @ torch.cat([positive[0], torch.ones(1)])).argmin() == 2


def test_the_search_with_few_steps_keeps_to_them():
    model = VisionMemory(Dodge.act_space, size=4, hidden=8, width=2)
    none = rivals.evolve_in_world(model, 0, steps=1, population=4, rollouts=1)
    assert none.eq(0).all()  # the first generation takes more than one step: it is not used
    some = rivals.evolve_in_world(model, 0, steps=2000, population=4, rollouts=1)
    assert some.ne(0).any()


def test_a_linear_forecast_is_exact_where_the_world_is_linear():
    inputs = torch.randn(500, 5, generator=torch.Generator().manual_seed(0))
    weight = torch.arange(10.0).view(5, 2)
    torch.testing.assert_close(
        rivals.ridge(inputs, inputs @ weight, 1e-4), weight, atol=1e-3, rtol=0
    )


def test_restless_play_keeps_at_a_thing():
    player = Sticky(Dodge.act_space, 0.25, 0)
    acts = np.array([player.act(np.zeros(500)) for _ in range(40)])
    # Changed in a quarter of the steps, and then to another one in two of three.
    assert np.mean(acts[1:] != acts[:-1]) == pytest.approx(0.25 * 2 / 3, abs=0.01)
    assert np.bincount(acts.ravel()) / acts.size == pytest.approx([1 / 3] * 3, abs=0.03)


def test_a_dream_begins_where_real_games_began():
    streams = parts.random_play(Dodge(), 3, steps=6400)
    began = parts.first_frames(streams)
    assert len(began) > 20
    assert began[:, 0, :26].eq(0).all()  # nothing is in the air yet
    assert began[:, 0, 29].sum(1).gt(0).all()


def test_the_script_plays_as_an_agent_with_the_true_state_would():
    far = parts.scripted(Dodge(), evade, 20, 0)
    assert far.mean() > 300 and far.max() <= 500
    still = parts.scripted(Dodge(), lambda s: np.ones(len(s), int), 50, 0)
    assert still.mean() < 60


def test_the_heavy_wheel_turns_slowly_and_no_picture_shows_how_far_it_is():
    world, light = racing.HeavyRacing(push=0.02), MiniRacing()
    state = world.initial(2, np.random.default_rng(0))
    assert np.array_equal(world.obs(state), light.obs(state[:, :9]))
    turned = state.copy()
    turned[:, 9] = 0.1
    assert np.array_equal(world.obs(state), world.obs(turned))
    for k in range(1, 9):
        before = state
        state, rew, _ = world.step(state, np.array([2, 1]))
        assert state[:, 9] == pytest.approx([min(0.02 * k, 0.12), 0])
        assert state[:, 2] - before[:, 2] == pytest.approx(state[:, 9])
    straight, paid, _ = light.step(before[1:, :9], np.array([1]))
    assert state[1, :9] == pytest.approx(straight[0]) and rew[1] == pytest.approx(paid[0])


def test_two_pictures_are_this_one_and_the_last():
    vision = VisionMemory(MiniRacing.act_space, size=4, hidden=8, width=2).vision
    model = racing.TwoFrames(vision, MiniRacing.act_space)
    world = MiniRacing()
    one, two = (world.obs(world.initial(2, np.random.default_rng(k))) for k in (0, 1))
    with torch.inference_mode():
        state = model.observe(model.start(one), None, two, np.array([False, True]))
        z1, z2 = vision.encode(one)[0], vision.encode(two)[0]
    wanted = torch.stack([torch.cat([z2[0], z1[0]]), torch.cat([z2[1], z2[1]])])
    torch.testing.assert_close(model.feat(state), wanted)


def test_real_steps_and_lives_are_counted_alike():
    assert ex.reality.figures("seen").max() == parts.SEEN
    lives = parts.POPULATION * parts.ROLLOUTS * parts.GENERATIONS
    assert ex.reality.figures("lives").min() == lives + parts.VALIDATION * parts.GENERATIONS // 4
