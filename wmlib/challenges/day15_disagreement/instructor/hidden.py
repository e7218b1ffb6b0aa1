"""Day 15, hidden: the moments of the mixture beside what the student's function says."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day15_disagreement import NAMES, _case, uncertainty


def _compare(exam: Exam, which: int) -> str | None:
    rng = exam.rng(f"moments of {NAMES[which]}")
    for _ in range(4):
        mean, var = _case(rng)
        scale = 10 ** rng.uniform(-2, 2, mean.shape[2]) if which == 2 else np.ones(mean.shape[2])
        square, centre = (var + mean**2).mean(0), mean.mean(0)
        noise = var.sum(0) / len(var)
        total = square - centre**2
        right = (np.stack([noise, total - noise, total]) / scale**2).mean(-1)
        if not np.allclose(uncertainty(exam, mean, var, scale)[which], right[which], rtol=1e-6):
            return f"{len(mean)} members, {mean.shape[1]} steps, drawn anew: the {NAMES[which]} is off (is it a mean over features?)"
    return None


hidden = {
    "noise": lambda exam: _compare(exam, 0),
    "ignorance": lambda exam: _compare(exam, 1),
    "units": lambda exam: _compare(exam, 2),
}
