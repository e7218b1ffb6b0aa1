"""Day 17, hidden: games, returns and tables drawn anew."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day17_calibration import KINDS, Toy, judge, played, wronged
from wmlib.exercise import numbers


def returns(exam: Exam) -> str | None:
    """Other ends and other rewards."""
    rng = exam.rng("games")
    for _ in range(4):
        n, limit = int(rng.integers(2, 9)), int(rng.integers(3, 12))
        ends, pays = rng.integers(1, limit + 4, n), rng.normal(size=n)
        wanted = np.minimum(ends, limit) * pays * (1 + np.arange(n) % 3)
        if not np.allclose(played(exam, Toy(ends, pays), n, limit), wanted):
            return f"{n} games with other ends and rewards, at most {limit} steps: not right"
    return None


def gain(exam: Exam) -> str | None:
    """Other returns."""
    rng = exam.rng("gains")
    for _ in range(6):
        got = {
            name: rng.normal(rng.uniform(0, 9), 2, int(rng.integers(2, 30)))
            for name in ("random", "still", "trained")
        }
        base = max((got["random"], got["still"]), key=np.mean)
        both = got["trained"], base
        error = sum(x.var(ddof=1) / len(x) for x in both) ** 0.5
        said = numbers(exam.student.call("gain", got), (2,), "what gain returns")
        if not np.allclose(said, [both[0].mean() - base.mean(), error]):
            return "returns drawn anew: gain or standard error is not right"
    return None


def verdict(exam: Exam) -> str | None:
    """Other tables, each clearly of its kind."""
    rng = exam.rng("more tables")
    for kind in rng.permutation(np.repeat(KINDS, 6)):
        real_random, real_still = rng.uniform(30, 60), rng.uniform(30, 60)
        skill = max(real_random, real_still) + rng.uniform(40, 150)
        if kind in ("empty", "exploited") and rng.random() < (0.5 if kind == "empty" else 1):
            skill = max(real_random, real_still) * rng.uniform(0.5, 0.95)
        factor = rng.uniform(0.8, 1.3)
        if kind == "easy" or (kind == "exploited" and rng.random() < 0.5):
            factor = rng.uniform(1.8, 3)
        dream = [real_random * factor, real_still * rng.uniform(0.8, 2)]
        if kind == "empty":
            dream = [rng.uniform(30, 300), rng.uniform(30, 300)]
            dream.append(max(dream) * rng.uniform(0.7, 0.98))
        else:
            dream.append(max(dream) + rng.uniform(60, 150))
        real = real_random, real_still, skill
        said = judge(exam, tuple(dream), real, rng)
        if said != kind:
            return wronged(said, kind, tuple(dream), real)
    return None


hidden = {"returns": returns, "gain": gain, "verdict": verdict}
