"""Day 12, hidden: scores of many plans beside a reference."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day12_plan_score import score


def reference(rew, cont, value, gamma):
    """Backwards, from the last state."""
    total = np.array(value, float)
    for t in range(rew.shape[1])[::-1]:
        total = rew[:, t] + gamma * cont[:, t] * total
    return total


def _compare(exam: Exam, purpose: str, discounted: bool, valued: bool) -> str | None:
    rng = exam.rng(purpose)
    for _ in range(6):
        n, steps = int(rng.integers(1, 12)), int(rng.integers(1, 16))
        rew, cont = rng.normal(size=(n, steps)), rng.uniform(0, 1, (n, steps)) ** 0.3
        cont[rng.random((n, steps)) < 0.1] = 0.0
        value = 5 * rng.normal(size=n) * valued
        gamma = float(rng.uniform(0.7, 1)) if discounted else 1.0
        if not np.allclose(
            score(exam, rew, cont, value, gamma), reference(rew, cont, value, gamma)
        ):
            return f"{n} plans of {steps} steps, drawn anew: some of the scores are wrong"
    return None


hidden = {
    "ends": lambda exam: _compare(exam, "many ends", False, False),
    "discount": lambda exam: _compare(exam, "many discounts", True, False),
    "value": lambda exam: _compare(exam, "many values", True, True),
}
