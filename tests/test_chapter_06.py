"""Chapter 6: its exercises name the mistake, its evidence is complete, its words match its code."""

import numpy as np
import pytest
import torch
from exercises import Chapter

from wmlib.agents import Sticky
from wmlib.course.ch06_world_models import experiments as ex
from wmlib.course.ch06_world_models import racing
from wmlib.course.ch06_world_models import study as parts
from wmlib.course.ch06_world_models.dodge import Dodge, evade
from wmlib.evaluation import evaluate
from wmlib.models.vision_memory import VisionMemory
from wmlib.worlds import MiniRacing

NUMBERS = ("ex1", "ex2", "ex3", "ex4")


@pytest.fixture(scope="module")
def chapter():
    return Chapter("06_world_models_2018", ["imports"])


@pytest.mark.parametrize("exercise", NUMBERS)
def test_a_stub_does_not_pass_and_its_solution_does(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)
    assert chapter.mistake(exercise, chapter.solution(exercise)) is None


KL = "price = lambda m, v: {} * (m**2 + v.exp() - 1 - v).{}(-1)"
NATS = "def nats(w, m, s, z):\n    each = -0.5 * ((z - m) / s.exp())**2 {} {}\n    return {}"
CONSTANT = "- 0.5 * np.log(2 * np.pi)"
MISTAKES = [
    ("ex1", KL.format(0.5, "mean"), "sum them"),
    ("ex1", KL.format(1.0, "sum"), "twice as much"),
    ("ex1", KL.format(-0.5, "sum"), "never negative"),
    ("ex1", "price = lambda m, v: 0.5 * (m**2 + v.exp() - 1 - v)", "one number for each picture"),
    ("ex1", "price = lambda m, v: 0.5 * (m**2 + (2 * v).exp() - 1 - 2 * v).sum(-1)", "variance"),
    ("ex2", NATS.format("- s", CONSTANT, "torch.logsumexp(w + each, -1)"), "minus log p"),
    ("ex2", NATS.format("- s", "", "-torch.logsumexp(w + each, -1)"), "constant"),
    ("ex2", NATS.format("", CONSTANT, "-torch.logsumexp(w + each, -1)"), "low one"),
    ("ex2", NATS.format("- s", CONSTANT, "-(w.exp() * each).sum()"), "add the densities"),
    ("ex2", NATS.format("- s", CONSTANT, "-(w + each).exp().sum().log()"), "logsumexp"),
    ("ex3", "heat = lambda w, s, t: ((w.exp() / t).softmax(-1), t**0.5 * s.exp())", "1 nothing"),
    ("ex3", "heat = lambda w, s, t: ((w * t).softmax(-1), t**0.5 * s.exp())", "wrong way round"),
    ("ex3", "heat = lambda w, s, t: ((w / t).exp(), t**0.5 * s.exp())", "add up to 1"),
    ("ex3", "heat = lambda w, s, t: (w.softmax(-1), t**0.5 * s.exp())", "the weights feel"),
    ("ex3", "heat = lambda w, s, t: ((w / t).softmax(-1), t * s.exp())", "by its root"),
    ("ex4", "lengths = lambda c, u: (u < c).long().cumprod(1).sum(1)", "that ends it counts"),
    ("ex4", "lengths = lambda c, u: (u < c).long().cumprod(1).sum(1) + 1", "longer than H"),
    ("ex4", "lengths = lambda c, u: (u < c).sum(1)", "no coming back"),
]


@pytest.mark.parametrize("exercise, answer, named", MISTAKES)
def test_mistakes_are_named(exercise, answer, named, chapter):
    assert named in chapter.mistake(exercise, answer)


def test_the_dreamer_lives_twice_as_long_as_chance_in_every_one_of_five_models():
    ratio = ex.dream.figures("warm_real") / ex.dream.figures("random")
    assert len(ratio) >= 5 and ratio.min() >= 2


def test_the_temperature_is_chosen_and_reported_on_different_starts():
    """Each number of the table is the mean of games that took no part in the choice."""
    figures = ex.temperatures.stored()["seeds"][0]["figures"]
    model = VisionMemory(Dodge.act_space, size=4, hidden=8, width=2)
    parameters = torch.zeros(3, model.feat_size + 1)
    one, two = (parts.real(model, parameters, [0, k], 20) for k in (66, 67))
    assert not np.array_equal(one, two)
    assert figures["chosen_real"] in figures["real"]
    assert figures["chosen"] == parts.TEMPERATURES[figures["real"].index(figures["chosen_real"])]


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


def test_real_steps_and_lives_are_counted_alike():
    assert ex.reality.figures("seen").max() == parts.SEEN
    lives = parts.POPULATION * parts.ROLLOUTS * parts.GENERATIONS
    assert ex.reality.figures("lives").min() == lives + parts.VALIDATION * parts.GENERATIONS // 4
