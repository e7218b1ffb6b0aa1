"""Day 16, hidden: mixtures drawn anew, near and far, beside a reference."""

from __future__ import annotations

import math

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day16_mixture import ask
from wmlib.exercise import numbers


def reference(logits, mean, log_std, x):
    """One choice for all D numbers, in logarithms throughout."""
    score = (x[:, None] - mean) * np.exp(-log_std)
    each = (-0.5 * score**2 - log_std - 0.5 * math.log(2 * math.pi)).sum(-1)
    both = each + logits - _logsumexp(logits)[:, None]
    return _logsumexp(both)


def _logsumexp(z):
    top = z.max(-1)
    return top + np.log(np.exp(z - top[:, None]).sum(-1))


def _compare(exam: Exam, purpose: str, wide: float) -> str | None:
    rng = exam.rng(purpose)
    for _ in range(8):
        b, k, d = (int(n) for n in rng.integers(1, 9, 3))
        logits, x = wide**3 * rng.normal(size=(b, k)), wide**3 * rng.normal(size=(b, d))
        mean, log_std = wide**2 * rng.normal(size=(b, k, d)), wide * rng.normal(size=(b, k, d))
        said = numbers(ask(exam, logits, mean, log_std, x), (b,), "what log_likelihood returns")
        if not np.allclose(said, reference(logits, mean, log_std, x), rtol=1e-4, atol=1e-3):
            return (
                f"{b} rows, {k} Gaussians, {d} numbers, drawn anew: some log-likelihoods are wrong"
            )
    return None


hidden = {
    "density": lambda exam: _compare(exam, "many", 1.0),
    "far": lambda exam: _compare(exam, "many far", 5.0),
}
