"""Day 7, hidden: rows drawn anew, and the table that follows from them."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.exercise import numbers


def replay(exam: Exam) -> str | None:
    """Rows drawn anew."""
    rng = exam.rng("replay")
    for _ in range(5):
        q, alpha, gamma = (
            rng.normal(size=(6, 3)),
            float(rng.uniform(0.1, 1)),
            float(rng.uniform(0.5, 1)),
        )
        rows = [
            (
                int(rng.integers(6)),
                int(rng.integers(3)),
                float(rng.normal()),
                int(rng.integers(6)),
                bool(rng.random() < 0.3),
            )
            for _ in range(30)
        ]
        got = exam.student.call("replay", q.tolist(), rows, alpha, gamma)
        for s, a, rew, nxt, end in rows:
            q[s, a] += alpha * ((rew if end else rew + gamma * q[nxt].max()) - q[s, a])
        if np.abs(numbers(got, (6, 3), "what replay gives") - q).max() > 1e-4:
            return (
                "30 rows drawn anew, 6 cells and 3 acts: q is not right. Are alpha and gamma used?"
            )
    return None


hidden = {"replay": replay}
