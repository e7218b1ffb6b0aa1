"""Day 9, hidden: cases drawn anew."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day09_error_curve import reach


def worth(exam: Exam) -> str | None:
    """Fresh steps, factors and doublings."""
    rng = exam.rng("worth")
    for _ in range(9):
        steps, factor = int(rng.integers(2, 40)), float(rng.uniform(1.5, 20))
        doubling = float(rng.uniform(2, 15))
        for kind, right in (
            ("adds", steps * factor),
            ("cancels", steps * factor**2),
            ("compounds", steps + doubling * np.log2(factor)),
        ):
            if not np.isclose(reach(exam, kind, steps, factor, doubling), right, rtol=1e-3):
                return f"{kind}: right in the case that is worked out, not in one drawn anew"
    return None


hidden = {"worth": worth}
