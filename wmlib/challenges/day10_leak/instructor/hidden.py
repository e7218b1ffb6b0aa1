"""Day 10, hidden: normalised rows beside a reference."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day10_leak import _normalised


def statistics(exam: Exam) -> str | None:
    """Features of very different sizes."""
    rng = exam.rng("normalised")
    for _ in range(3):
        n, m, d = (int(x) for x in rng.integers(5, 30, 3))
        size = 10 ** rng.uniform(-3, 3, d)
        train, test = size * rng.normal(1, 1, (n, d)), size * rng.normal(2, 3, (m, d))
        rows = _normalised(exam, train, test)
        fits = [
            all(
                np.allclose(got, (given - train.mean(0)) / train.std(0, ddof=ddof), atol=1e-2)
                for got, given in zip(rows, (train, test))
            )
            for ddof in (0, 1)
        ]
        if not any(fits):
            return "with features of very different sizes, drawn anew, it gives other numbers"
    return None


hidden = {"statistics": statistics}
