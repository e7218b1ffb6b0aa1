"""Day 4, hidden: worlds drawn anew, and the values that any correct Dyna-Q comes to in them."""

from __future__ import annotations

from typing import Any

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day04_dyna_bugs import agent, best, ends, news, table


def lived(exam: Exam, purpose: str, changes: bool) -> Any:
    """Values of the student's agent after a life, those of its model, and which pairs were tried."""
    rng, states = exam.rng(purpose), 6
    made = agent(exam, 40, int(rng.integers(1000)), states=states)
    outcome = {}
    for _ in range(2 if changes else 1):  # a world, and perhaps another one
        world = {
            (s, a): (float(rng.integers(4)), int(rng.integers(states)), bool(rng.random() < 0.4))
            for s in range(states)
            for a in range(2)
        }
        for _ in range(60):
            s, a = int(rng.integers(states)), int(rng.random() < 0.6)
            if (s, a) in ((2, 0), (4, 1)):
                continue  # never tried
            outcome[s, a] = world[s, a]
            made.call("learn", s, a, *world[s, a])
    for (s, a), (rew, nxt, end) in list(outcome.items()) * 3:
        made.call("learn", s, a, rew, nxt, end)
    q = np.zeros((states, 2))
    for _ in range(400):
        for (s, a), (rew, nxt, end) in outcome.items():
            q[s, a] = rew if end else rew + 0.9 * q[nxt].max()
    return table(made, states), q


def world(exam: Exam) -> str | None:
    """A world that stays, and one that changes; only where no other part tells what is wrong."""
    if any(mistake(exam) for mistake in (ends, best, news)):
        return None
    for purpose, changes in (("world", False), ("changed", True)):
        got, right = lived(exam, purpose, changes)
        if np.abs(got - right).max() > 0.1:
            return (
                "in a world of 6 cells drawn anew, with n = 40, the values do not come to those that "
                "follow from the last outcomes of all pairs tried"
            )
    return None


hidden = {"tried": world}
