"""Day 18: lambda-returns: which reward belongs to which step, and what stands at the end."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import numbers

# Three imagined steps, stored with the states that they lead to; gamma 0.5, lambda 0.75.
DREAM: Any = [[[9.0, 1.0, 2.0, 3.0]], [[0.5, 1.0, 0.5, 1.0]], [[7.0, 10.0, 20.0, 40.0]], 0.5, 0.75]
RIGHT = [5.0859375, 7.5625, 23.0]
WRONG = [
    ([11.125, 8.0, 12.0], "rew[t] and cont[t] arrived with state t: the step from t to t + 1 is paid "
     "rew[t + 1]"),
    ([4.30078125, 6.46875, 20.5], "value[t] is mixed in: the step leads to state t + 1"),
    ([4.03125, 4.75, 8.0], "the last return begins with 0: it begins with the value of the last state"),
    ([5.6484375, 7.1875, 23.0], "lambda and 1 - lambda have changed places: lambda = 1 trusts the "
     "value least"),
    ([3.3828125, 9.375, 13.0], "the rewards are aligned, the continues are not: both arrive with the "
     "next state"),
    ([7.171875, 13.125, 23.0], "the continues are not used"),
    ([6.703125, 11.875, 23.0], "the continue weighs the value only: what is mixed in of the next "
     "return comes after the end, too"),
    ([5.5546875, 8.8125, 23.0], "the continue weighs the next return only: the value of the next state "
     "comes after the end, too"),
    ([4.7109375, 6.5625, 23.0], "the continue weighs the reward of its own step: the step that ends is "
     "paid, what follows is not"),
    ([3.015625, 5.375, 18.0], "the values are left out but for the last one"),
    ([18.96875, 20.625, 43.0], "gamma is not used"),
]  # fmt: skip
# Five real steps, gamma 0.5, lambda 0.5; the second terminates, the fourth is cut off.
REAL: Any = [
    [1.0, 2.0, 3.0, 4.0, 5.0],
    [0.0, 1.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 1.0, 0.0],
    [8.0, 16.0, 24.0, 32.0, 40.0],
    0.5,
    0.5,
]


def imagine(
    exam: Exam, rew: ArrayLike, cont: ArrayLike, value: ArrayLike, *rest: float
) -> np.ndarray:
    """What `imagined` gives: (B, H)."""
    arrays = [np.asarray(a, float) for a in (rew, cont, value)]
    shape = arrays[0].shape[0], arrays[0].shape[1] - 1
    return numbers(exam.student.call("imagined", *arrays, *rest), shape, "what imagined returns")


def replay(
    exam: Exam, rew: Any, terminated: Any, truncated: Any, value: Any, *rest: float
) -> np.ndarray:
    """What `replayed` gives: (T,)."""
    ends = [np.asarray(a, bool) for a in (terminated, truncated)]
    args = [np.asarray(rew, float), *ends, np.asarray(value, float), *rest]
    return numbers(exam.student.call("replayed", *args), (len(rew),), "what replayed returns")


def imagined(exam: Exam) -> str | None:
    """A dream of three steps by hand; then what must not count, and cutting it in two."""
    said = imagine(exam, *DREAM)[0]
    if not np.allclose(said, RIGHT):
        for numbers_, words in WRONG:
            if np.allclose(said, numbers_):
                return words
        if abs(said[2] - 23) > 1e-6:
            return f"the last return is 3 + 0.5 * 40 = 23 in the example, it gives {said[2]:g}"
        if abs(said[1] - 7.5625) > 1e-6:
            return (
                "the second return of the example is 2 + 0.5 * 0.5 * (0.25 * 20 + 0.75 * 23) = "
                f"7.5625, it gives {said[1]:g}"
            )
        return (
            f"the first return of the example is not right ({said[0]:g}): does it use the second?"
        )
    rng = exam.rng("ends")
    b, steps = int(rng.integers(2, 6)), int(rng.integers(5, 10))
    rew, value = rng.normal(size=(2, b, steps + 1))
    cont, gamma, lam = (
        np.ones((b, steps + 1)),
        float(rng.uniform(0.8, 1)),
        float(rng.uniform(0.3, 0.9)),
    )
    before = imagine(exam, rew, cont, value, gamma, lam)
    odd_rew, odd_cont = rew.copy(), cont.copy()
    odd_rew[:, 0], odd_cont[:, 0] = 99.0, 0.0
    if not np.allclose(before, imagine(exam, odd_rew, odd_cont, value, gamma, lam)):
        return "rew[:, 0] and cont[:, 0] came with the first state, before any step: they count nowhere"
    at = int(rng.integers(2, steps))
    cont[:, at] = 0.0
    before = imagine(exam, rew, cont, value, gamma, lam)[:, :at]
    rew[:, at + 1 :], value[:, at:] = rng.normal(size=(b, steps - at)), 50.0
    if not np.allclose(before, imagine(exam, rew, cont, value, gamma, lam)[:, :at]):
        return "something that comes after a certain end (cont = 0) changes the returns before it"
    return None


def replayed(exam: Exam) -> str | None:
    """Real steps with an end and a cut, by hand; then both at once, and episodes apart."""
    said = replay(exam, *REAL)
    last, cut, before, end, first = said[4], said[3], said[2], said[1], said[0]
    see = "in the example of five steps "
    if not np.isclose(last, 25):
        if np.isclose(last, 5):
            return see + "nothing comes after the last one: bootstrap with next_value"
        if np.isclose(last, 15):
            return (
                see
                + "the last one lacks a part: there is no next return to mix in, so next_value counts in full"
            )
        return see + f"the last return is 5 + 0.5 * 40 = 25, it gives {last:g}"
    if not np.isclose(end, 2):
        return see + f"the second step terminates: its return is its reward, 2; it gives {end:g}"
    if not np.isclose(cut, 20):
        if np.isclose(cut, 4):
            return (
                see
                + "the step that was cut off is treated as an end: the world would have gone on, bootstrap"
            )
        if np.isclose(cut, 18.25):
            return (
                see + "the return runs across the cut: the step after it belongs to another episode"
            )
        if np.isclose(cut, 12):
            return (
                see
                + "next_value counts only by 1 - lambda at the cut: there is no next return, so in full"
            )
        return see + f"the fourth step is cut off: 4 + 0.5 * 32 = 20, it gives {cut:g}"
    if not np.isclose(before, 14):
        return (
            see + f"the third return is 3 + 0.5 * (0.5 * 24 + 0.5 * 20) = 14, it gives {before:g}"
        )
    if not np.isclose(first, 3.5):
        return see + f"the first return is 1 + 0.5 * (0.5 * 8 + 0.5 * 2) = 3.5, it gives {first:g}"
    rng = exam.rng("replay")
    if not np.isclose(replay(exam, [1.0, 1.0], [1, 0], [1, 0], [9.0, 9.0], 0.9, 0.9)[0], 1.0):
        return "a step that is terminated and truncated at once has ended: nothing comes after it"
    n = int(rng.integers(4, 9))
    rew, value = rng.normal(size=(2, 2 * n))
    end = np.zeros((2, 2 * n))
    end[int(rng.integers(2)), n - 1] = 1
    whole = replay(exam, rew, *end, value, 0.9, 0.8)
    parts = [
        replay(exam, rew[p], *end[:, p], value[p], 0.9, 0.8) for p in (slice(n), slice(n, None))
    ]
    if not np.allclose(whole, np.concatenate(parts)):
        return "two episodes in one row have other returns than the same two by themselves"
    return None


def offset(exam: Exam) -> str | None:
    """How far a value that is wrong everywhere spoils the first return."""
    ask = lambda *args: float(
        numbers(exam.student.call("offset", *args), (), "what offset returns")
    )
    said = ask(8.0, 0.5, 0.75, 3)
    if np.isclose(said, 1.9375):
        found = [ask(8.0, 0.5, 1.0, 3), ask(8.0, 0.5, 0.0, 3), ask(-8.0, 0.5, 0.75, 1)]
        wrong = not np.allclose(found, [1.0, 4.0, -4.0])
        return "with lambda 1, lambda 0, or one step it is not right" if wrong else None
    for number, words in {
        1.0: "that is for lambda = 1, where only the last value counts: gamma ** H times the error",
        4.0: "that is for lambda = 0, where only the next value counts: gamma times the error",
        3.4375: "lambda and 1 - lambda have changed places",
        0.421875: "only the last value's error is there: those mixed in on the way are wrong as well",
        8.0: "the value reaches the first return only through gamma, at least once",
        2.5: "that is the second of the three returns: the first is one step further",
    }.items():
        if np.isclose(said, number):
            return words
    return (
        f"an error of 8, gamma 0.5, lambda 0.75, three steps: it gives {said:g}. Follow the formula of "
        "R backwards with rewards of 0, continues of 1 and every value equal to the error"
    )


challenge = Challenge(
    name="day18_lambda_returns",
    title="Which reward belongs where?",
    chapter="07",
    minutes=15,
    kind="build",
    seconds=60,
    without=["wmlib.learning.actor_critic:lambda_returns"],
    parts=[
        Part("imagined", 2, "Returns of a dream that is stored as Dreamer stores it.", imagined),
        Part("replayed", 2, "Returns of real steps: an end is not a cut.", replayed),
        Part("offset", 1, "Say how far a wrong value reaches, for every lambda.", offset),
    ],
    hints=[
        "Go backwards: begin with R = value of the last state, and let each step make the R of the "
        "step before it out of it.",
        "For the real steps: before a step is counted, ask whether the next return belongs to the same "
        "episode. If not (cut off, or the last step), put next_value in its place. If the step "
        "terminated, nothing comes after it at all.",
        "`offset` is one line when `imagined` works: all rewards 0, all continues 1, all values equal "
        "to the error, and of the result the first entry.",
    ],
)
