"""Day 30: a model of Catch that beats every learned entrant of the board."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import Mistake, numbers
from wmlib.worlds.catch import Catch, ball_in, bar_in

SHOWN, DREAMT = 8, 10  # frames that are shown, and frames that are dreamt


class Film(NamedTuple):
    """N stretches of a film: frames `(N, 18, 1, 32, 32)`, act and rew `(N, 17)`, states `(N, 18, 5)`."""

    frames: np.ndarray
    act: np.ndarray
    rew: np.ndarray
    states: np.ndarray


def film(n: int, rng: np.random.Generator, lands: bool = False) -> Film:
    """Stretches in which one ball falls, and the bar moves at random.

    Args:
        n: how many. lands: whether the ball comes down within the dream; otherwise it stays in the air.
    """
    world = Catch()
    state = world.initial(n, rng)
    fallen = (
        rng.integers(9, 15, n) if lands else rng.integers(0, 6, n)
    )  # steps before the film begins
    state[:, 0] = rng.uniform(2, 29, n)
    side = np.arange(n) % 3 == 0  # a third of the balls drift towards a side that is near
    away = rng.uniform(3, 7, n)
    state[:, 1] = np.where(side, np.where(state[:, 3] < 0, away, 31 - away), state[:, 1])
    state[:, 2] = fallen * Catch.FALL
    act = rng.integers(0, 3, (n, SHOWN + DREAMT - 1))
    for t in range(1, act.shape[1]):  # an action lasts for a while
        act[:, t] = np.where(rng.random(n) < 0.4, act[:, t], act[:, t - 1])
    states, rews = [state], []
    for t in range(act.shape[1]):
        if lands:  # half of the bars go where the ball is, so that some balls are caught
            x, bar = state[:, 1], state[:, 0]
            near = np.where(np.abs(x - bar) < 0.75, 1, np.where(x > bar, 2, 0))
            act[:, t] = np.where(np.arange(n) % 2, near, act[:, t])
        state, rew, _ = world.step(state, act[:, t], rng)
        states.append(state)
        rews.append(rew)
    every = np.stack(states, 1)
    frames = np.stack([world.obs(every[:, t]) for t in range(every.shape[1])], 1)
    return Film(frames, act, np.stack(rews, 1), every)


class Dreamt(NamedTuple):
    """What was dreamt, beside the film: ball `(N, 10, 2)`, bar `(N, 10)`, rewards `(N, 10)`."""

    film: Film
    ball: np.ndarray
    bar: np.ndarray
    rew: np.ndarray


def asked(exam: Exam, purpose: str, lands: bool) -> Dreamt:
    """The student's dreams of a film that is drawn now. Only the first eight frames are shown."""
    n = 60 if exam.quick else 160
    seen = film(n, exam.rng(purpose), lands)
    shown = torch.as_tensor(seen.frames[:, :SHOWN])
    said = exam.student.call("dream", shown, torch.as_tensor(seen.act))
    if not isinstance(said, (tuple, list)) or len(said) != 2:
        raise Mistake("`dream` should return pictures and rewards: leave its cell as it was")
    pictures = numbers(said[0], (n, DREAMT, 1, 32, 32), "the dreamt pictures")
    if pictures.max() <= 1:  # floats up to 1, as `decode` may give, or bytes
        pictures = pictures * 255
    pictures = pictures.clip(0, 255)[:, :, 0] / 255
    rew = numbers(said[1], (n, DREAMT), "the dreamt rewards")
    return Dreamt(seen, ball_in(pictures)[0], bar_in(pictures)[0], rew)


def dreams(exam: Exam) -> Dreamt:
    """Dreams in which the ball stays in the air."""
    return asked(exam, "film", lands=False)


def _ball_off(given: Dreamt) -> np.ndarray:
    """How far the ball is from where it is in the real pictures `(N, 10)`, pixels."""
    real, _ = ball_in(given.film.frames[:, SHOWN:, 0])
    return np.linalg.norm(given.ball - real, axis=2)


def bar(exam: Exam) -> str | None:
    """The bar after ten steps."""
    given = exam.once(dreams)
    real, last = given.film.states[:, SHOWN:, 0], given.film.states[:, SHOWN - 1, 0]
    off = np.abs(given.bar - real).mean(0)
    if off.max() < 0.35:
        return None
    if np.abs(given.bar - last[:, None]).mean() < 0.3:
        return "the bar stands still in the dream: heed the actions"
    mirrored = 2 * last[:, None] - real
    free = (np.abs(given.film.states[:, :, 0] - 15.5) < 13).all(1)  # far from the sides
    if np.abs(given.bar - mirrored)[free].mean() < 0.35:
        return "the bar goes left where it should go right"
    if np.abs(given.bar - real)[free].mean() < 0.35:
        return "the bar is right in the middle and wrong at the sides: it stops at 2 and at 29"
    return f"the bar is off by {off[0]:.2f} pixels after one step and by {off[-1]:.2f} after ten: wanted 0.35"


def _turns(given: Dreamt) -> np.ndarray:
    """Whether the ball turns at a side while it is filmed `(N,)`."""
    drift = given.film.states[:, :, 3]
    return (np.sign(drift) != np.sign(drift[:, :1])).any(1)


def drift(exam: Exam) -> str | None:
    """Balls that do not meet a side."""
    given = exam.once(dreams)
    off = _ball_off(given)[~_turns(given)]
    if off[:, -1].mean() < 0.8:
        return None
    real = given.film.states[:, SHOWN:]
    fell = np.abs(given.ball[..., 1] - real[..., 2])[:, -1].mean()
    if fell > 1:
        moved = given.ball[:, -1, 1] - given.film.states[:, SHOWN - 1, 2]
        if np.abs(moved).mean() < 1:
            return "the ball stands still in the dream: each step it falls 1.2 pixels"
        if moved.mean() < 0:
            return "the ball rises in the dream: y counts from the top, falling is +"
        return f"after ten steps the ball is {fell:.1f} pixels too high or too low: it falls 1.2 a step"
    side = given.ball[..., 0] - given.film.states[:, None, SHOWN - 1, 1]
    if np.abs(side)[:, -1].mean() < 0.4:
        return (
            f"the ball falls straight down, and after ten steps it is off by {off[:, -1].mean():.1f} pixels: "
            "is the drift in the state, does `observe` set it, and does `step` use it?"
        )
    real_side = real[..., 1] - given.film.states[:, None, SHOWN - 1, 1]
    if np.corrcoef(side[:, -1], real_side[:, -1])[0, 1] < -0.5:
        return "the ball drifts to the left where it should drift to the right: seen minus expected"
    return (
        f"after ten steps the ball is off by {off[:, -1].mean():.1f} pixels, where it meets no side: "
        "how far does it drift in *one* step?"
    )


def turn(exam: Exam) -> str | None:
    """Balls that turn at a side."""
    given = exam.once(dreams)
    every, turning = _ball_off(given)[:, -1], _turns(given)
    if every[turning].mean() < 0.9:
        return None
    if every[~turning].mean() > 0.8:
        return "see the part before: the drift first"
    drifts = given.film.states[:, :, 3]
    early = turning & (np.sign(drifts[:, SHOWN - 1]) != np.sign(drifts[:, 0]))  # while it is shown
    late = turning & ~early
    if every[late].mean() > 0.9:
        return (
            f"balls that reach a side in the dream are off by {every[late].mean():.1f} pixels after ten steps: "
            "does `step` turn the drift where x is below 2 or above 29?"
        )
    return (
        f"balls that turn while they are *shown* are off by {every[early].mean():.1f} pixels: what was "
        "measured before the turn has the other sign after it"
    )


def precise(exam: Exam) -> str | None:
    """All balls, ten steps ahead."""
    given = exam.once(dreams)
    every, turning = _ball_off(given)[:, -1], _turns(given)
    off = every.mean()
    if off < 0.2:
        return None
    if off > 0.9:
        return f"off by {off:.2f} pixels after ten steps, wanted 0.2: see the parts before"
    if every[turning].mean() > 2.5 * every[~turning].mean():
        return (
            f"off by {off:.2f} pixels after ten steps, wanted 0.2; balls that turn are off by "
            f"{every[turning].mean():.2f}. A difference that was seen before a turn tells of a drift that has "
            "the other sign after it"
        )
    return (
        f"off by {off:.2f} pixels after ten steps, wanted 0.2. A ball is read with an error of some hundredths "
        "of a pixel, and ten steps make ten of it: use all eight frames, not only the last two"
    )


def rewards(exam: Exam) -> str | None:
    """Balls that come down within the dream."""
    given = asked(exam, "landing", lands=True)
    states, rew = given.film.states, given.film.rew[:, SHOWN - 1 :]
    step = np.abs(rew).argmax(1)
    rows = np.arange(len(rew))
    # Where the ball was when it came down: bar and ball as they would be without the new ball.
    before = states[rows, SHOWN - 1 + step]
    x = before[:, 1] + before[:, 3]
    clear = np.abs(np.abs(x - states[rows, SHOWN + step, 0]) - Catch.REACH) > 0.4
    until = np.arange(DREAMT) < step[:, None]
    if not np.abs(given.rew).max():
        return "all rewards are 0: when the ball is down, the bar is under it or not"
    if np.abs(given.rew[until]).mean() > 0.05:
        return "it pays before the ball is down: 0 until y reaches 29"
    said = given.rew[rows, step]
    if (np.abs(said) < 0.5)[clear].mean() > 0.05:
        return (
            "where the ball comes down it pays nothing: +1 or -1 in the step in which y reaches 29"
        )
    for value, name in ((1, "caught"), (-1, "missed")):
        which = clear & (rew[rows, step] == value)
        if which.any() and (np.abs(said - value) > 0.5)[which].mean() > 0.05:
            return (
                f"{(np.abs(said - value) > 0.5)[which].mean():.0%} of the balls that were {name} are paid "
                "otherwise: bar and ball *after* the step, less than 3.5 pixels apart (and ball and bar must be right first)"
            )
    return None


challenge = Challenge(
    name="day30_beat_board",
    title="Beat the board",
    chapter="13",
    minutes=40,
    kind="build",
    parts=[
        Part("bar", 2, "The bar does what the actions say.", bar),
        Part("drift", 3, "The ball falls, and drifts as it was seen to drift.", drift),
        Part("turn", 2, "It turns at the sides, in the film and in the dream.", turn),
        Part(
            "precise",
            3,
            "Within 0.2 pixels after ten steps, where the best learned entrant is off by 1.",
            precise,
        ),
        Part("rewards", 2, "Tell whether the ball is caught.", rewards, bonus=True),
    ],
    hints=[
        "A state of five numbers: bar, x, y, drift, and how many differences the drift is the mean of. A running "
        "mean: `drift + (new - drift) / n`.",
        "In `observe`, let the model imagine the step first (with its turn at the side), then look. The difference "
        "between the ball that is seen and the ball that was expected corrects the drift.",
        "Where the imagined step turned the ball, the drift before it had the other sign, and so has the "
        "correction: multiply it by -1 there. And no drift is larger than 0.6: clamp. (This is nearly a Kalman filter.)",
    ],
)
