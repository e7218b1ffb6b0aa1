"""Day 12: what a plan is worth: continues, discount, and the value of the last state."""

from __future__ import annotations

from typing import Any

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import numbers

# One plan of four steps, worked out by hand. The episode lives to step t with 1, 0.5, 0.25, 0.25,
# and to the last state with 0.1875.
REW, CONT = [[1.0, 2.0, 4.0, 16.0]], [[0.5, 0.5, 1.0, 0.75]]
UNDISCOUNTED = {
    5.0: "a reward is weighted by the continue of its own step: the step that ends is still paid",
    13.5: "each reward is weighted by the continue of its own step alone: multiply all before it",
    20.0: "each reward is weighted by one continue: multiply all the continues before it",
    23.0: "rewards after the end count in full: weight each by the continues before it",
    3.0: "the last reward is missing",
    1.75: "that is a mean over the steps: add the rewards up",
}
DISCOUNTED = {
    1.125: "the first reward is discounted too: the reward of step t gets gamma ** t, t from 0",
    7.0: "gamma is not used",
    5.0: "the rewards are not weighted by the continues",
    1.375: "each discount is right, but the continues are multiplied up to the reward's own step",
}
VALUED = {
    2.25: "the value of the last state is left out",
    5.25: "the last state lies H steps ahead: its value gets gamma ** H",
    4.25: "one continue is missing before the value: all H of them",
    10.25: "the value counts in full though the episode may have ended: weight it by the continues",
    26.25: "the value is not discounted: the last state lies H steps ahead",
    130.25: "the value is neither discounted nor weighted by the continues",
    3.0: "its discount is gamma ** (H + 1): the last state lies H steps ahead",
}


def score(exam: Exam, rew: Any, cont: Any, value: Any, gamma: float) -> np.ndarray:
    """The scores that the student gives for plans."""
    rew = np.asarray(rew, float)
    said = exam.student.call("score", rew, np.asarray(cont, float), np.asarray(value, float), gamma)
    return numbers(said, (len(rew),), "what score returns")


def _recognised(said: float, right: float, wrong: dict[float, str], otherwise: str) -> str | None:
    if np.isclose(said, right):
        return None
    for number, words in wrong.items():
        if np.isclose(said, number):
            return words
    return otherwise


def ends(exam: Exam) -> str | None:
    """Nothing discounted, nothing after the last state: the continues alone."""
    said = score(exam, REW, CONT, [0.0], 1.0)[0]
    other = (
        f"for rewards {REW[0]}, continues {CONT[0]}, no discount and a value of 0 it gives "
        f"{said:g}; by hand it is 1 + 0.5 * 2 + 0.25 * 4 + 0.25 * 16"
    )
    found = _recognised(said, 7.0, UNDISCOUNTED, other)
    if found:
        return found
    rng = exam.rng("ends")
    n, steps = int(rng.integers(3, 9)), int(rng.integers(5, 12))
    rew, cont = rng.uniform(-1, 1, (n, steps)), rng.uniform(0.5, 1, (n, steps))
    at = rng.integers(0, steps - 1, n)
    cont[np.arange(n), at] = 0.0
    other_rew = np.where(np.arange(steps) > at[:, None], rng.uniform(-9, 9, (n, steps)), rew)
    before = score(exam, rew, cont, np.zeros(n), 1.0)
    if not np.allclose(before, score(exam, other_rew, cont, np.zeros(n), 1.0)):
        return "what is paid after a certain end (a continue of 0) changes the score of a plan"
    rew[np.arange(n), at] += 1
    if not np.allclose(score(exam, rew, cont, np.zeros(n), 1.0) - before, _alive(cont, at)):
        return "the reward of the step that ends the episode counts: only those after it do not"
    rew = rng.uniform(-1, 1, (n, steps))
    together = score(exam, rew, cont, np.zeros(n), 1.0)
    alone = [score(exam, r[None], c[None], [0.0], 1.0)[0] for r, c in zip(rew, cont)]
    return None if np.allclose(together, alone) else "a plan's score depends on the other plans"


def _alive(cont, at):
    return [row[:t].prod() for row, t in zip(cont, at)]


def discount(exam: Exam) -> str | None:
    """The same plan with a discount of a half."""
    said = score(exam, REW, CONT, [0.0], 0.5)[0]
    other = (
        f"for rewards {REW[0]}, continues {CONT[0]}, gamma 0.5 and a value of 0 it gives {said:g}; "
        "by hand it is 1 + 0.5 * 1 + 0.25 * 1 + 0.125 * 4"
    )
    found = _recognised(said, 2.25, DISCOUNTED, other)
    if found:
        return found
    late = score(exam, np.eye(6), np.ones((6, 6)), np.zeros(6), 0.9)
    if not np.allclose(late[1:], 0.9 * late[:-1]):
        return "a reward of 1 that comes one step later should be worth gamma times as much"
    return None


def last(exam: Exam) -> str | None:
    """The value of the last state; and a plan may be cut anywhere if the value tells the rest."""
    said = score(exam, REW, CONT, [128.0], 0.5)[0]
    without = score(exam, REW, CONT, [0.0], 0.5)[0]
    if not np.isclose(without, 2.25):
        return "first the discount: without a value this plan is worth 2.25"
    found = _recognised(
        said, 3.75, VALUED, "the rewards are right, the value of the last state is not"
    )
    if found:
        return found
    one = score(exam, [[3.0], [3.0]], [[1.0], [0.0]], [10.0, 10.0], 0.5)
    if not np.allclose(one, [8.0, 3.0]):
        return (
            "plans of one step: reward 3, value 10, gamma 0.5 are worth 3 + 5 where the episode goes "
            f"on and 3 where it ends; it gives {one[0]:g} and {one[1]:g}"
        )
    rng = exam.rng("cut")
    n, steps = int(rng.integers(2, 7)), int(rng.integers(6, 12))
    rew, cont = rng.normal(size=(n, steps)), rng.uniform(0.6, 1, (n, steps))
    value, gamma = rng.normal(size=n), float(rng.uniform(0.8, 0.99))
    whole, at = score(exam, rew, cont, value, gamma), int(rng.integers(2, steps - 1))
    rest = score(exam, rew[:, at:], cont[:, at:], value, gamma)
    if not np.allclose(score(exam, rew[:, :at], cont[:, :at], rest, gamma), whole):
        return (
            "cut a plan in two, score the second half, and give that score as the value of the last "
            "state of the first half: the whole plan must come out. It does not"
        )
    return None


challenge = Challenge(
    name="day12_plan_score",
    title="What is a plan worth?",
    chapter="04",
    minutes=10,
    kind="build",
    seconds=60,
    without=["wmlib.planning.base:score"],
    parts=[
        Part("ends", 2, "Count rewards as far as the episode is likely to get.", ends),
        Part("discount", 1, "Discount what comes later.", discount),
        Part("value", 2, "Add the value of the last state.", last),
    ],
    hints=[
        "Write a loop over the steps with two arrays of shape (N,): the score so far, and the weight "
        "of what comes next.",
        "In each step first add weight * reward, and only then multiply the weight by gamma and by "
        "this step's continue.",
        "After the loop the weight is just what the value of the last state must be multiplied by.",
    ],
)
