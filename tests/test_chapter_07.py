"""Chapter 7: its exercises name the mistake, its evidence is complete, its measures are fair."""

import numpy as np
import pytest
import torch
from exercises import Chapter, Equal

from wmlib.course.ch07_dreamer import experiments as ex
from wmlib.course.ch07_dreamer import lost, rivals
from wmlib.course.ch07_dreamer import study as parts
from wmlib.course.ch07_dreamer.corridor import corridor, place
from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.evaluation import evaluate
from wmlib.learning.dreamer import Dreamer
from wmlib.worlds import CartPole

LONG = ("ex4", "ex5", "ex6", "ex7")


@pytest.fixture(scope="module")
def chapter():
    return Chapter("07_dreamer", ["imports"])


@pytest.mark.parametrize("exercise", ("ex1", "ex2", "ex3", *LONG))
def test_a_stub_does_not_pass_and_the_solution_does(chapter, exercise):
    if exercise in LONG:  # each stage builds on those before it
        for earlier in LONG[: LONG.index(exercise)]:
            exec(chapter.solution(earlier), chapter.space)
    assert "nothing there yet" in chapter.mistake(exercise)
    torch.manual_seed(0)
    assert chapter.mistake(exercise, chapter.solution(exercise)) is None


def test_the_return_that_is_to_be_repaired_has_the_two_mistakes(chapter):
    broken = chapter.cells["ex2-stub"].split("    raise")[0] + "    return found\n"
    assert "v[t] is used" in chapter.mistake("ex2", broken)
    assert "ends the episode" in chapter.mistake("ex2", broken.replace("v[t] +", "v[t + 1] +"))


def test_what_equals_everything_does_not_pass(chapter):
    for exercise, answer in (
        ("ex1", lambda q, p, free: Equal()),
        ("ex2", lambda *given: Equal()),
        ("ex3", lambda *given: (Equal(), Equal())),
        ("ex5", lambda *given: (Equal(),) * 4),
        ("ex6", lambda *given: Equal()),
        ("ex7", lambda obs, act: Equal()),
    ):
        assert chapter.mistake(exercise, answer) is not None


def test_the_answer_to_exercise_three_plays(chapter):
    exec(chapter.solution("ex3"), chapter.space)
    learner = Dreamer(PixelCartPole()).import_weights(parts.WEIGHTS)
    few, many = (
        evaluate(
            PixelCartPole(),
            parts.Recent(learner, chapter.space["last"], k),
            2,
            seed=0,
            max_steps=60,
        ).returns.mean()
        for k in (1, 9)
    )
    assert many == 60 > few


# -------------------------------------------------------------------------------- the evidence


def test_it_is_solved_and_stays_solved_in_nine_of_ten_seeds():
    last, seconds = ex.dreamer.figures("last_five"), ex.dreamer.figures("cpu_seconds")
    assert len(last) >= 10 and np.mean(last >= 475) >= 0.9 and np.mean(seconds < 240) >= 0.9
    assert ex.dreamer.figures("steps").max() <= 30_000


def test_the_stored_weights_balance_and_are_small_enough_to_keep():
    assert parts.WEIGHTS.stat().st_size <= 1e6
    learner = Dreamer(PixelCartPole(), seed=1).import_weights(parts.WEIGHTS)
    assert parts.returns(learner.agent(), 12, 4).mean() >= 475
    assert parts.returns(parts.Forgetful(learner), 12, 4).mean() < 150


def test_the_notebooks_networks_take_the_stored_weights(chapter):
    for cell in ("bins-code", "straight-code", "rssm-code", "actor-code"):
        chapter.run(cell)
    model, behaviour = chapter.space["RSSM"](), chapter.space["ActorCritic"]()
    checks = parts.read_stored(model, behaviour)
    stored = Dreamer(PixelCartPole()).import_weights(parts.WEIGHTS)
    feat = torch.randn(3, 192)
    torch.testing.assert_close(behaviour.ema(feat), stored.ema.actor(feat))
    torch.testing.assert_close(model.cont(feat), stored.model.cont(feat))
    assert checks[-1][1] >= 475


# ---------------------------------------------------------------------------------- the rivals


def test_four_frames_are_the_last_four_and_begin_anew_with_an_episode():
    player = rivals.Stacked(None)
    frames = np.arange(12, dtype=np.uint8).reshape(6, 2, 1, 1, 1) * np.ones((1, 32, 32), np.uint8)
    for frame in frames[:5]:
        player.stack(frame, np.zeros(2, bool))
    assert player.frames[:, :, 0, 0].tolist() == [[2, 4, 6, 8], [3, 5, 7, 9]]
    player.stack(frames[5], np.array([True, False]))
    assert player.frames[:, :, 0, 0].tolist() == [[10] * 4, [5, 7, 9, 11]]
    player.keep(np.array([False, True]))
    assert len(player.frames) == 1


def test_the_search_stays_within_dreamers_steps(monkeypatch):
    lived = []

    def counting(*given, **named):
        found = evaluate(*given, **named)
        lived.append(found.returns.sum())
        return found

    monkeypatch.setattr(rivals, "evaluate", counting)
    rivals.searched(0)
    assert 1000 + sum(lived[:-2]) <= parts.STEPS  # the last two: what is thrown away, and the exam


def test_a_regulator_of_two_hundred_random_steps_balances():
    assert evaluate(CartPole(), rivals.regulator(3), 4, seed=0).returns.min() == 500


# ----------------------------------------------------------------------------------- lost carts


def test_a_lost_cart_has_as_many_steps_left_as_its_best_plan():
    rolling = np.array([[2.25, 1.2, 0, 0], [0, 0, 0, 0], [2.39, 1.2, 0, 0], [-2.39, -1.2, 0, 0]])
    left = lost.steps_left(rolling)
    assert left[1] == 0 and left[2] == left[3] == 1 and 4 <= left[0] <= 12
    world, best = CartPole(), 0
    for plan in range(2 ** left[0]):
        state, lived = rolling[:1], 0
        for t in range(left[0]):
            state, _, over = world.step(state, np.array([plan >> t & 1]))
            lived += 1
            if over[0]:
                break
        best = max(best, lived)
    assert best == left[0]


def test_lost_carts_are_upright_near_an_end_and_read_with_a_memory():
    learner = lost.number_learner("latent", 0).learn(600)
    rng = np.random.default_rng(0)
    states, feats = lost.remembered(learner, rng, stretches=8, frames=12, read=5)
    assert states.shape == (8 * 7, 4) and feats.shape == (8 * 7, learner.model.feat_size)
    gone = [[x, v, lean, 0] for x in (1.5, 2.2, 2.5) for v in (0, 3.0) for lean in (0, 0.15)]
    rows, left = lost.lost_rows(np.array(gone), rng)
    assert rows.tolist() == [6] and left > 0  # 2.2 m, rolling outwards, upright


# ---------------------------------------------------------------------------- the long exercise


def test_in_the_corridor_thrusts_move_the_puck_and_a_frame_does_not_show_how_fast():
    films = corridor(400, 12, 0, again=0.0)
    x = place(films.obs)
    step, turn = x[:, 1:] - x[:, :-1], films.act[:, :, 2] - films.act[:, :, 0]
    inside = (x[:, 1:-1] > 2) & (x[:, 1:-1] < 9) & (step[:, :-1].abs() < 0.9)
    change = (step[:, 1:] - step[:, :-1])[inside]
    assert abs(float(change[turn[:, 1:][inside] > 0].mean()) - 0.25) < 0.05
    assert step.abs().max() < 1.5 and films.first[:, 1:].sum() == 0
