"""Day 19, hidden: numbers, bins and logits drawn anew, beside a reference."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day19_twohot import ask


def _bins(rng: np.random.Generator) -> np.ndarray:
    n = int(rng.integers(2, 40))
    return np.cumsum(rng.uniform(0.05, 3, n) ** 3) - float(rng.uniform(0, 20))


def weights(x, bins):
    """Bin by bin: a tent around each."""
    x = np.clip(x, bins[0], bins[-1])
    return np.stack([np.interp(x, bins, row) for row in np.eye(len(bins))], -1)


def log_softmax(z):
    """In logarithms throughout."""
    z = z - z.max(-1, keepdims=True)
    return z - np.log(np.exp(z).sum(-1, keepdims=True))


def squash(exam: Exam) -> str | None:
    """Many sizes."""
    x = exam.rng("squash").normal(size=60) * 10.0 ** exam.rng("sizes").uniform(-9, 9, 60)
    squashed = np.sign(x) * np.log1p(np.abs(x))
    if not np.allclose(ask(exam, "symlog", (60,), x), squashed, rtol=1e-5, atol=0):
        return "numbers of many sizes: some symlogs are not right"
    return None if np.allclose(ask(exam, "symexp", (60,), squashed), x, rtol=1e-5, atol=0) else (
        "numbers of many sizes: symexp does not bring all of them back"
    )  # fmt: skip


def twohot(exam: Exam) -> str | None:
    """Other bins."""
    rng = exam.rng("twohot")
    for _ in range(6):
        bins = _bins(rng)
        x = np.r_[rng.uniform(bins[0] - 5, bins[-1] + 5, 20), rng.choice(bins, 3)]
        if not np.allclose(
            ask(exam, "twohot", (23, len(bins)), x, bins), weights(x, bins), atol=1e-5
        ):
            return f"{len(bins)} bins, drawn anew and not evenly spaced: some weights are wrong"
    return None


def value(exam: Exam) -> str | None:
    """Other logits."""
    rng = exam.rng("value")
    for _ in range(6):
        bins = _bins(rng)
        logits = 3 * rng.normal(size=(9, len(bins))) + 100 * rng.normal(size=(9, 1))
        wanted = np.exp(log_softmax(logits)) @ bins
        if not np.allclose(ask(exam, "value", (9,), logits, bins), wanted, rtol=1e-4, atol=1e-4):
            return f"{len(bins)} bins, logits drawn anew: some values are wrong"
    return None


def loss(exam: Exam) -> str | None:
    """Other numbers and logits."""
    rng = exam.rng("loss")
    for _ in range(6):
        bins = _bins(rng)
        x, logits = rng.uniform(bins[0] - 5, bins[-1] + 5, 9), 30 * rng.normal(size=(9, len(bins)))
        wanted = -(weights(x, bins) * log_softmax(logits)).sum(-1)
        if not np.allclose(ask(exam, "loss", (9,), logits, x, bins), wanted, rtol=1e-4, atol=1e-4):
            return f"{len(bins)} bins, logits and numbers drawn anew: some losses are wrong"
    return None


def best(exam: Exam) -> str | None:
    """Other forks."""
    rng = exam.rng("forks")
    for _ in range(6):
        n = int(rng.integers(1, 6))
        outcomes, probs = rng.normal(size=n) * 30, rng.dirichlet(np.ones(n))
        inner = probs @ (np.sign(outcomes) * np.log1p(np.abs(outcomes)))
        mean = probs @ outcomes
        wanted = [mean, np.sign(inner) * np.expm1(np.abs(inner)), mean]
        if not np.allclose(ask(exam, "at_best", (3,), outcomes, probs), wanted, rtol=1e-4):
            return f"{n} outcomes drawn anew, some below 0: not right for all three"
    return None


hidden = {"symlog": squash, "twohot": twohot, "value": value, "loss": loss, "fork": best}
