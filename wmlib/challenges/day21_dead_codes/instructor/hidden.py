"""Day 21, hidden: codes and vectors drawn anew, beside references."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day21_dead_codes import book
from wmlib.exercise import numbers


def _drawn(rng):
    k, d, n = int(rng.integers(2, 9)), int(rng.integers(1, 5)), int(rng.integers(20, 60))
    codes, x = rng.normal(size=(k, d)), rng.normal(size=(n, d))
    counts = rng.uniform(0.5, 9, k)
    return codes, counts, codes * counts[:, None], x


def _nearest(x, codes):
    return ((x[:, None] - codes) ** 2).sum(-1).argmin(1)


def nearest(exam: Exam) -> str | None:
    """Other codes."""
    rng = exam.rng("nearest")
    for _ in range(5):
        codes, _, _, x = _drawn(rng)
        said = numbers(exam.student.call("nearest", x, codes), (len(x),), "what nearest returns")
        if not np.array_equal(said, _nearest(x, codes)):
            return (
                f"{len(codes)} codes and {len(x)} vectors drawn anew: some belong to another code"
            )
    return None


def move(exam: Exam) -> str | None:
    """Other codes, other decays; what was given stays."""
    rng = exam.rng("move")
    for _ in range(5):
        codes, counts, sums, x = _drawn(rng)
        decay = float(rng.uniform(0.5, 0.99))
        served = np.eye(len(codes))[_nearest(x, codes)]
        wanted_counts = decay * counts + (1 - decay) * served.sum(0)
        wanted_sums = decay * sums + (1 - decay) * served.T @ x
        given = codes, counts, sums
        said = book(exam.student.call("move", *given, x, decay), given, "move")
        wanted = wanted_sums / wanted_counts[:, None], wanted_counts, wanted_sums
        for word, got, right in zip(("codes", "counts", "sums"), said, wanted):
            if not np.allclose(got, right, rtol=1e-4, atol=1e-6):
                return f"{len(codes)} codes and {len(x)} vectors drawn anew: the {word} are wrong"
    return None


def revive(exam: Exam) -> str | None:
    """Other shares, and nobody dead."""
    rng = exam.rng("dead")
    for _ in range(5):
        codes, counts, sums, x = _drawn(rng)
        share = float(rng.uniform(0.05, 0.4))
        dead = counts < share * len(x) / len(codes)
        given = codes, counts, sums
        new, count, total = book(exam.student.call("revive", *given, x, share, 3), given, "revive")
        if not np.array_equal(np.flatnonzero((new != codes).any(1)), np.flatnonzero(dead)):
            return (
                f"codes that serve less than {share:.2f} of a fair share are dead, and only those"
            )
        fair = np.where(dead, len(x) / len(codes), counts)
        if not np.allclose(count, fair) or not np.allclose(total, new * fair[:, None]):
            return "counts or sums after reviving are not right for other codes"
    return None


hidden = {"nearest": nearest, "move": move, "revive": revive}
