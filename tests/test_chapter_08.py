"""Chapter 8: its exercises name the mistake, its evidence is complete, its measures are right."""

import numpy as np
import pytest
import torch
from exercises import Chapter

from wmlib.course.ch08_tokens import memory as memory_parts
from wmlib.course.ch08_tokens import study as parts
from wmlib.models.convs import unit_images
from wmlib.worlds.catch import Catch


@pytest.fixture(scope="module")
def chapter():
    return Chapter("08_tokens_iris", ["imports"])


@pytest.mark.parametrize("exercise", ("ex1", "ex2", "ex3"))
def test_a_stub_does_not_pass_and_its_solution_does(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)
    assert chapter.mistake(exercise, chapter.solution(exercise)) is None


QUANTISE = "quantise = lambda z, codes: (lambda k: ({}, k))(torch.cdist(z, codes).{}(1))"
REVIVE = """def revive(codes, counts, z, generator):
    {}
    dead = {}
    codes[dead] = z[{}]
    return codes
"""
ROWS = "torch.randint(len(z), (int(dead.sum()),), generator=generator)"
FAIR = "counts < 0.1 * len(z) / len(codes)"
LOOK = """def may_look(first, window):
    t, episode = torch.arange(len(first)), first.cumsum(0)
    back = t[:, None] - t
    return {}
"""
SAME = "(episode[:, None] == episode)"
CLONE = "codes = codes.clone()"
MISTAKES = [
    ("ex1", QUANTISE.format("codes[k]", "argmin"), "no gradient reaches z"),
    ("ex1", QUANTISE.format("codes[k] + 0 * z", "argmin"), "as it is"),
    ("ex1", QUANTISE.format("z + (codes[k] - z).detach()", "argmax"), "farthest"),
    ("ex1", QUANTISE.format("z", "argmin"), "the code itself"),
    ("ex2", REVIVE.format(CLONE, "counts == 0", ROWS), "dead as well"),
    ("ex2", REVIVE.format("pass", FAIR, ROWS), "clone them"),
    ("ex2", REVIVE.format(CLONE, FAIR, ROWS.replace("int(dead.sum())", "1")), "draw for each"),
    ("ex2", REVIVE.format(CLONE, FAIR, "[3, 7]"), "draw at random"),
    ("ex2", REVIVE.format(CLONE, "counts < 1e9", ROWS), "in use was moved"),
    ("ex3", LOOK.format("(back <= 0) & " + SAME), "comes later"),
    ("ex3", LOOK.format("(back >= 0) & (back < window)"), "into the episode before"),
    ("ex3", LOOK.format("(back >= 0) & (back <= window) & " + SAME), "window of 2"),
    ("ex3", LOOK.format("(back > 0) & (back < window) & " + SAME), "itself"),
]


@pytest.mark.parametrize("exercise, answer, named", MISTAKES)
def test_mistakes_are_named(exercise, answer, named, chapter):
    assert named in chapter.mistake(exercise, answer)


def test_the_stored_weights_are_small_and_play():
    files = sorted(parts.WEIGHTS.parent.glob("*.pt"))
    assert len(files) == 3 and all(file.stat().st_size <= 1_000_000 for file in files)
    learner = parts.stored_learner(parts.held_out(0))
    assert parts.catch_rate(learner.agent(), 5, episodes=20) > 0.8


def test_the_stored_words_tell_apart_where_the_bar_is_just_before_a_ball_is_down():
    """With 64 words one sentence covered 1.7 pixels there, on average, and rewards were a guess."""
    bars, balls = np.meshgrid(15.5 + 1.5 * np.arange(-9, 10), np.arange(3, 29, 0.5))
    near = np.abs(bars - balls) < 2.5
    state = np.stack([bars[near], balls[near], *np.ones((3, near.sum()))], 1) * [1, 1, 27.6, 0, 5]
    said = parts.stored_learner(parts.held_out(0)).model.tokenizer.encode(Catch().obs(state))
    _, sentence = said.unique(dim=0, return_inverse=True)
    offset, covered = state[:, 0] - state[:, 1], np.zeros(len(state))
    for k in sentence.unique():
        same = (sentence == k).numpy()
        covered[same] = np.ptp(offset[same])
    assert covered.mean() < 1.4


def test_the_vocabulary_is_that_of_the_chapter_or_the_one_that_is_asked_for():
    held = parts.held_out(0)
    assert parts.learner(0, held).model.tokenizer.codes == parts.CODES
    assert parts.learner(0, held, codes=64).model.tokenizer.codes == 64


# --- what is measured -----------------------------------------------------------------------------


def test_a_dream_that_is_the_truth_has_no_error_and_a_shifted_one_has_its_shift():
    real = parts.one_ball(parts.held_out(0), 0, n=60)
    truth = unit_images(real.obs[:, parts.CONTEXT :, 0])
    ball, bar, straight = parts.errors(real, truth)
    assert ball.max() < 1e-5 and bar.max() < 1e-5 and 2 < straight[9] < 3.5
    ball, bar, _ = parts.errors(real, truth.roll(1, -1))
    assert ball[:5] == pytest.approx(np.ones(5), abs=0.1)


def test_who_half_knows_where_the_ball_is_hardly_paints_a_better_picture():
    nothing, quarter, sixteenth = (parts.half_knowing(cells) for cells in (1, 2, 4))
    assert 0.9 * nothing < quarter < nothing and sixteenth < quarter
    assert parts.half_knowing(32, n=2000) < 0.2 * nothing


def test_in_the_measured_stretches_no_ball_came_down_before_the_dream():
    real = parts.one_ball(parts.held_out(0), 0)
    assert (real.rew[:, : parts.CONTEXT - 1] == 0).all() and not real.first[:, 1:].any()
    assert (real.rew[:, parts.CONTEXT :] != 0).any()  # afterwards it may: it is then left out


def test_a_walk_asks_for_every_shutter_once_and_knows_what_was_on_it():
    symbols, signs = memory_parts.walk(50, 7, torch.Generator().manual_seed(0))
    assert symbols.shape == (50, 14) and signs.shape == (50, 7)
    seen, asked = symbols[:, :7], symbols[:, 7:] - memory_parts.ASK
    keys = seen // memory_parts.SIGNS
    assert torch.equal(keys.sort(1).values, asked.sort(1).values)
    assert all(len(row.unique()) == 7 for row in keys)
    assert not torch.equal(keys, asked)
    for k in range(7):
        shown = (seen % memory_parts.SIGNS)[keys == asked[:, k : k + 1]]
        assert torch.equal(shown, signs[:, k])


def test_the_gru_of_the_memory_test_has_no_attention_left_and_sees_nothing_of_the_future():
    net = memory_parts.Carrying(20, seed=0)
    walk, _ = memory_parts.walk(4, 7, torch.Generator().manual_seed(0))
    before = net.hidden(walk)
    walk[:, 6:] = 0
    torch.testing.assert_close(before[:, :6], net.hidden(walk)[:, :6])
    assert len(net.blocks) == 0
