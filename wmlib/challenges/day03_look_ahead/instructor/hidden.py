"""Day 3, hidden: models drawn anew, searched backwards, and known mistakes by their value."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.exercise import numbers


def drawn(
    rng: np.random.Generator, ending: float, least: int = -3
) -> dict[tuple[int, int], tuple[float, int, float]]:
    """A model of six states in which each pair ends the episode with chance `ending`.

    Args:
        least: the smallest reward.
    """
    return {
        (s, a): (float(rng.integers(least, 6)), int(rng.integers(6)), float(rng.random() >= ending))
        for s in range(6)
        for a in (0, 1)
    }


def values(model, state, depth, gamma):
    """What the best plan that begins with each act is worth."""
    if depth == 0:
        return [0.0]
    worth = []
    for a in (0, 1):
        rew, nxt, cont = model[state, a]
        later = max(values(model, nxt, depth - 1, gamma)) if cont else 0.0
        worth.append(rew + gamma * later)
    return worth


def compared(exam: Exam, purpose: str, ending: float) -> str | None:
    """`best_value` against the search backwards."""
    rng = exam.rng(purpose)
    for _ in range(12):
        model, state = drawn(rng, ending, -3 if ending else 0), int(rng.integers(6))
        depth, gamma = int(rng.integers(1, 7)), float(rng.choice([0.5, 0.8, 0.9]))
        got = exam.student.call("best_value", model, state, depth, gamma)
        got = float(numbers(got, (), "the value of best_value"))
        if abs(got - max(values(model, state, depth, gamma))) > 1e-3:
            return (
                f"in a model drawn anew (six states, depth {depth}, gamma {gamma:g}) the value is "
                "not that of the best plan: does it use the state, depth and gamma it is given?"
            )
    return None


def acts(exam: Exam) -> str | None:
    """`best_act` where one act is clearly better."""
    rng = exam.rng("acts")
    for _ in range(12):
        model, state, depth = drawn(rng, 0.3), int(rng.integers(6)), int(rng.integers(1, 6))
        worth = values(model, state, depth, 0.8)
        got = exam.student.call("best_act", model, state, depth, 0.8)
        if abs(worth[0] - worth[1]) > 1e-3 and got != int(np.argmax(worth)):
            return "in a model drawn anew the act is not the first one of the best plan"
    return None


hidden = {
    "value": lambda exam: compared(exam, "value", 0.0),
    "ends": lambda exam: compared(exam, "ends", 0.35),
    "act": acts,
}
