"""Calibration sets drawn anew."""

from __future__ import annotations

import math

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day28_promises import draw
from wmlib.exercise import numbers


def caution(exam: Exam) -> str | None:
    """Sets of some hundred promises, half of them held out."""
    rng = exam.rng("sets")
    for _ in range(12):
        n, share = int(rng.integers(5, 120)), float(rng.uniform(0.03, 0.2))
        columns = [
            (r, lost, seen)
            for lost, seen, m in ((1, 0, n), (1, 1, 40), (0, 0, 60), (0, 1, 60))
            for r in draw(m, bool(lost), rng, bool(seen))
        ]
        mixed = [columns[i] for i in rng.permutation(len(columns))]
        risk, lost, seen = (np.array(column) for column in zip(*mixed))
        losses = np.sort(risk[(lost == 1) & (seen == 0)])
        k = math.floor(share * (n + 1))
        right = losses[k - 1] if k else 0.0
        said = exam.student.call("limit", risk, lost.astype(bool), seen.astype(bool), share)
        if not np.isclose(float(numbers(said, (), "the limit")), right):
            return "right on 19 losses, wrong on other numbers of them: k is rounded *down*"
    return None


hidden = {"caution": caution}
