"""Chapter 9: its exercises name the mistake, its rivals are fair, its stored model is good."""

import numpy as np
import pytest
import torch
from exercises import Chapter, Equal

from wmlib.course.ch09_latent_actions import experiments, rivals
from wmlib.course.ch09_latent_actions import study as parts
from wmlib.models.latent_action import name_codes
from wmlib.worlds.racing import MiniRacing

NAME = "09_latent_actions_genie"


@pytest.fixture(scope="module")
def chapter():
    return Chapter(NAME, ["imports"])


@pytest.mark.parametrize("exercise", ["ex1", "ex2", "ex3", "ex4", "ex5"])
def test_the_stub_does_not_pass_and_the_solution_does(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)
    for _ in range(2 if exercise == "ex5" else 5):  # whatever inputs are drawn
        assert chapter.mistake(exercise, chapter.solution(exercise)) is None


def test_what_is_to_be_repaired_has_the_two_mistakes(chapter):
    chapter.run("ex3-broken")
    assert "the sign is wrong, and one PSNR" in chapter.mistake(
        "ex3", chapter.space["broken_delta"]
    )


def test_what_equals_everything_does_not_pass(chapter):
    for exercise in ("ex1", "ex2", "ex3", "ex4", "ex5"):
        for answer in (lambda *_: Equal(), lambda *_: (Equal(), Equal()), lambda *_: None):
            assert chapter.mistake(exercise, answer) is not None


# --- rivals and agents with no idea ---------------------------------------------------------------


def rotated(angle, ahead=0.0):
    """Smooth pictures, and the same turned about the car and pushed down: both `(N, 1, 32, 32)`."""
    coarse = torch.rand(50, 1, 6, 6, generator=torch.Generator().manual_seed(0))
    before = torch.nn.functional.interpolate(coarse, size=32, mode="bicubic").clamp(0, 1)
    x, y = rivals.AHEAD
    cos, sin = np.cos(angle), np.sin(angle)
    source = torch.stack([cos * x + sin * y + 15.5, -sin * x + cos * y + 25.5 - ahead], -1)
    grid = ((source + 0.5) / 16 - 1).expand(50, -1, -1, -1)
    after = torch.nn.functional.grid_sample(before, grid, align_corners=False)
    return before, after


def test_image_motion_measures_a_turn_and_a_push():
    """A turn by w moves a pixel at (x, y) from the car by w (-y, x): features 2 and 4, times 16."""
    found = rivals.image_motion(*rotated(0.02)).median(0).values / 16
    assert found[2] == pytest.approx(-0.02, abs=0.004)
    assert found[4] == pytest.approx(0.02, abs=0.004)
    found = rivals.image_motion(*rotated(0.0, ahead=0.5)).median(0).values
    assert found[3] == pytest.approx(0.5, abs=0.1) and abs(found[0]) < 0.1


def test_kmeans_finds_heaps_that_lie_apart():
    generator = torch.Generator().manual_seed(0)
    middles = torch.tensor([[0.0, 0.0], [5.0, 0.0], [0.0, 5.0], [5.0, 5.0]])
    x = (middles[:, None] + 0.1 * torch.randn(4, 50, 2, generator=generator)).flatten(0, 1)
    centres = rivals.kmeans(x, 4, seed=0)
    assert torch.cdist(middles, centres).amin(1).max() < 0.1


def test_habit_reads_the_frame_before_and_random_codes_read_nothing():
    before, after, _ = parts.film_pairs(0)[1]
    habit = rivals.habit(0)
    assert torch.equal(habit(before[:200], after[:200]), habit(before[:200], before[:200]))
    drawn = rivals.at_random(0, 8)(before[:800], after[:800])
    assert len(drawn.unique()) == 8


def test_by_night_only_the_look_is_another():
    night, day = parts.NightRacing(), MiniRacing()
    state = day.initial(4, np.random.default_rng(0))
    act = np.array([0, 1, 2, 1])
    moved = [world.step(state, act)[0] for world in (night, day)]
    assert np.array_equal(*moved)
    dark, light = night.draw(state)[:, 20, 16], day.draw(state)[:, 20, 16]  # just ahead of the car
    assert (dark < 0.2).all() and (light > 0.5).all()


def test_divided_by_the_brightest_pixel_clouds_are_gone():
    film = parts.video(1600, 0)
    obs, _ = parts.cloudy(film, 1)
    far = (parts.steady(obs).float() - film.obs.float()).abs()
    assert far.mean() < 1.5 and far.max() <= 4 < (obs.float() - film.obs.float()).abs().mean()


def test_labels_are_drawn_and_agreement_is_measured_on_the_other_film():
    act = torch.arange(3000) % 3
    figures = parts.named(act, act, torch.tensor([0, 1, 2, 2]), torch.tensor([0, 1, 2, 0]), 0)
    assert figures["agreement"] == 0.75
    assert figures["by_labels"][-1] == 0.75 and figures["by_labels"][0] < 0.6


def test_what_was_stored_is_not_measured_again(monkeypatch):
    monkeypatch.setattr(parts, "films", None)
    assert parts.kept(experiments.codes, 0)["agreement"] > 0.9


# --- the stored model -----------------------------------------------------------------------------


@pytest.mark.slow
def test_the_stored_model_names_the_actions_of_films_it_has_not_seen():
    model = parts.stored_model()
    before, after, act = parts.pairs(parts.video(4000, [50, 0]))
    test_before, test_after, test_act = parts.pairs(parts.video(2000, [50, 1]))
    names = name_codes(model.infer(before, after), act, 3, 3)
    assert parts.agree(names, model.infer(test_before, test_after), test_act) > 0.9


@pytest.mark.slow
def test_a_model_whose_keys_turn_draws_the_same_and_means_something_else():
    model = parts.stored_model()
    before, after, act = parts.pairs(parts.video(2000, [50, 1]))
    thirds = parts.road_ahead(before).quantile(torch.tensor([1 / 3, 2 / 3]))
    turning = parts.TurningKeys(model, thirds)
    codes, turned = model.infer(before, after), turning.infer(before, after)
    same = parts.drawn(turning, before, turned) - parts.drawn(model, before, codes)
    assert same.abs().max() < 1e-6
    assert parts.agree(name_codes(turned, act, 3, 3), turned, act) < 0.55
