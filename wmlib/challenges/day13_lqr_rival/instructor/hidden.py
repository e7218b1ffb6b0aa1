"""Day 13, hidden: the gain beside a reference, noisy rows."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day13_lqr_rival import fitted, gain, system


def fit(exam: Exam) -> str | None:
    """Rows with a little noise."""
    rng = exam.rng("noisy")
    a, b = np.eye(4) + 0.1 * rng.normal(size=(4, 4)), rng.normal(size=(4, 1))
    x, u = rng.normal(size=(400, 4)), rng.integers(0, 2, 400)
    nxt = x @ a.T + (2 * u[:, None] - 1) @ b.T + 0.05 * rng.normal(size=(400, 4))
    found = fitted(exam, x, u, nxt)
    if np.abs(found[0] - a).max() > 0.02 or np.abs(found[1] - b).max() > 0.02:
        return "rows with a little noise, drawn anew: A and B are further off than least squares would be"
    return None


def riccati(exam: Exam) -> str | None:
    """The solution, by iteration."""
    rng = exam.rng("gains")
    for _ in range(4):
        a, b, q, r = system(rng)
        p = q
        for _ in range(5000):
            k = np.linalg.solve(r + b.T @ p @ b, b.T @ p @ a)
            p = q + a.T @ p @ (a - b @ k)
        if not np.allclose(gain(exam, a, b, q, r), k, rtol=1e-3, atol=1e-3 * np.abs(k).max()):
            return "worlds drawn anew: K is not the one that costs least"
    return None


hidden = {"fit": fit, "riccati": riccati}
