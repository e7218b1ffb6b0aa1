"""Chapter 9: its exercises name the mistake, and its stored model is good."""

import numpy as np
import pytest
import torch
from exercises import Chapter

from wmlib.course.ch09_latent_actions import study as parts
from wmlib.models.latent_action import name_codes

NAME = "09_latent_actions_genie"


@pytest.fixture()
def chapter():
    chapter = Chapter(NAME, [])
    chapter.space |= {"np": np, "torch": torch}
    exec("from wmlib.notebook import Exercise", chapter.space)
    return chapter


@pytest.mark.parametrize("exercise", ["ex1", "ex2", "ex3"])
def test_the_stub_does_not_pass_and_the_solution_does(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)
    assert chapter.mistake(exercise, chapter.solution(exercise)) is None


NEAREST = "def nearest_code(e, codes):\n    "
DELTA = (
    "def delta_psnr(real, inferred, random):\n"
    "    mse = lambda x: ((x - real) ** 2).mean((1, 2, 3))\n    "
)
CALL = "def call(codes, actions):\n    t = np.zeros((3, 3), int)\n    "


@pytest.mark.parametrize(
    "exercise, answer, named",
    [
        ("ex1", NEAREST + "return codes[torch.cdist(e, codes).argmin(1)].detach()", "no gradient"),
        (
            "ex1",
            NEAREST + "return e + (codes[torch.cdist(e, codes).argmax(1)] - e).detach()",
            "farthest",
        ),
        (
            "ex1",
            NEAREST + "c = codes[torch.cdist(e, codes).argmin(1)]\n    "
            "return e + (c - e).detach() + c - c.detach()",
            "the codes get a gradient",
        ),
        ("ex1", NEAREST + "return e", "not the nearest"),
        (
            "ex2",
            DELTA + "return (10 * torch.log10(mse(inferred)) - "
            "10 * torch.log10(mse(random))).mean()",
            "the sign",
        ),
        (
            "ex2",
            DELTA + "return (torch.log10(mse(random)) - torch.log10(mse(inferred))).mean()",
            "ten times",
        ),
        (
            "ex2",
            DELTA + "return 20 * (torch.log10(mse(random)) - torch.log10(mse(inferred))).mean()",
            "squared already",
        ),
        (
            "ex2",
            DELTA + "return 10 * (torch.log10(mse(random).mean()) - "
            "torch.log10(mse(inferred).mean()))",
            "one PSNR for each picture",
        ),
        ("ex3", CALL + "np.add.at(t, (codes, actions), 1)\n    return t.argmax(0)", "turn the"),
        ("ex3", CALL + "return [2, 0, 1]", "two codes may"),
        ("ex3", CALL + "np.add.at(t, (codes, actions), 1)\n    return t.argmax(1)", "never seen"),
    ],
)
def test_mistakes_are_named(exercise, answer, named, chapter):
    assert named in chapter.mistake(exercise, answer)


@pytest.fixture(scope="module")
def watched():
    """The stored model, and films on which it was not trained."""
    model = parts.stored_model()
    before, after, act = parts.pairs(parts.video(4000, [50, 0]))
    test = parts.pairs(parts.video(2000, [50, 1]))
    names = name_codes(model.infer(before, after), act, 3, 3)
    return dict(
        model=model,
        before=before,
        after=after,
        act=act,
        test_before=test[0],
        test_after=test[1],
        test_act=test[2],
        names=names,
    )


@pytest.mark.slow
def test_the_stored_model_names_the_actions_of_films_it_has_not_seen(watched):
    codes = watched["model"].infer(watched["test_before"], watched["test_after"])
    assert parts.agree(watched["names"], codes, watched["test_act"]) > 0.9


@pytest.mark.slow
def test_a_model_whose_keys_turn_draws_the_same_and_means_something_else(watched):
    model, before, after = watched["model"], watched["test_before"], watched["test_after"]
    thirds = parts.road_ahead(before).quantile(torch.tensor([1 / 3, 2 / 3]))
    turning = parts.TurningKeys(model, thirds)
    codes, turned = model.infer(before, after), turning.infer(before, after)
    same = parts.drawn(turning, before, turned) - parts.drawn(model, before, codes)
    assert same.abs().max() < 1e-6
    names = name_codes(turned, watched["test_act"], 3, 3)
    assert parts.agree(names, turned, watched["test_act"]) < 0.55
