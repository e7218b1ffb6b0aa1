"""Films drawn anew, and a reference for the agreement."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.exercise import numbers


def agreement(exam: Exam) -> str | None:
    """Films of 300 steps with six codes and four actions."""
    rng = exam.rng("agreement")
    for _ in range(6):
        name, films = rng.integers(0, 4, 6), []
        for n in (300, 200):
            codes = rng.integers(0, 6, n)
            noise = rng.random(n) < 0.3
            films += [codes, np.where(noise, rng.integers(0, 4, n), name[codes])]
        table = np.zeros((6, 4))
        np.add.at(table, (films[0], films[1]), 1)
        right = np.mean(table.argmax(1)[films[2]] == films[3])
        said = numbers(exam.student.call("agreement", *films), (), "the rate of agreement")
        if not np.isclose(said, right):
            return (
                "right on small films, wrong on films of 300 steps with six codes and four actions"
            )
    return None


hidden = {"agreement": agreement}
