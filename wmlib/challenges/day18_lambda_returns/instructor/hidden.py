"""Day 18, hidden: dreams, real steps and errors drawn anew, beside references."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day18_lambda_returns import imagine, replay
from wmlib.exercise import numbers


def dreamt(rew, cont, value, gamma, lam):
    """Forwards: each n-step return with its share of lambda, so that nothing is shared with a loop
    that goes backwards."""
    b, steps = rew.shape[0], rew.shape[1] - 1
    found = np.zeros((b, steps))
    for t in range(steps):
        total, weight, share = np.zeros(b), np.ones(b), 1.0
        for n in range(t + 1, steps + 1):
            total = total + weight * rew[:, n]
            weight = weight * gamma * cont[:, n]
            part = share if n == steps else share * (1 - lam)
            found[:, t] += part * (total + weight * value[:, n])
            share *= lam
    return found


def real(rew, terminated, truncated, value, gamma, lam):
    """Episode by episode, each as a dream."""
    found, begin = [], 0
    for t in range(len(rew)):
        if terminated[t] or truncated[t] or t == len(rew) - 1:
            part = slice(begin, t + 1)
            r, c, v = (np.r_[0, x[part]][None] for x in (rew, 1.0 - terminated, value))
            found.append(dreamt(r, c, v, gamma, lam)[0])
            begin = t + 1
    return np.concatenate(found)


def imagined(exam: Exam) -> str | None:
    """Dreams of every size."""
    rng = exam.rng("dreams")
    for _ in range(8):
        shape = int(rng.integers(1, 6)), int(rng.integers(2, 17))
        rew, value, cont = (
            rng.normal(size=shape),
            5 * rng.normal(size=shape),
            rng.uniform(size=shape) ** 0.2,
        )
        cont[rng.random(shape) < 0.1] = 0.0
        rest = float(rng.uniform(0.8, 1)), float(rng.choice([0.0, 1.0, rng.uniform()]))
        if not np.allclose(imagine(exam, rew, cont, value, *rest), dreamt(rew, cont, value, *rest)):
            return f"{shape[0]} dreams of {shape[1] - 1} steps, drawn anew: some returns are wrong"
    return None


def replayed(exam: Exam) -> str | None:
    """Real steps with ends anywhere."""
    rng = exam.rng("real")
    for _ in range(8):
        n = int(rng.integers(1, 20))
        rew, value, (end, cut) = (
            rng.normal(size=n),
            5 * rng.normal(size=n),
            rng.random((2, n)) < 0.2,
        )
        rest = float(rng.uniform(0.8, 1)), float(rng.choice([0.0, 1.0, rng.uniform()]))
        if not np.allclose(
            replay(exam, rew, end, cut, value, *rest), real(rew, end, cut, value, *rest)
        ):
            return f"{n} real steps with ends and cuts drawn anew: some returns are wrong"
    return None


def offset(exam: Exam) -> str | None:
    """Errors, discounts and horizons drawn anew."""
    rng = exam.rng("offsets")
    for _ in range(8):
        error, gamma, lam, steps = (
            float(rng.normal(0, 9)), float(rng.uniform(0.5, 1)), float(rng.uniform(0, 1)), int(rng.integers(1, 12))
        )  # fmt: skip
        zero = np.zeros((1, steps + 1))
        wanted = dreamt(zero, zero + 1, zero + error, gamma, lam)[0, 0]
        said = numbers(
            exam.student.call("offset", error, gamma, lam, steps), (), "what offset returns"
        )
        if not np.isclose(said, wanted):
            return f"gamma {gamma:.2f}, lambda {lam:.2f}, {steps} steps: not right"
    return None


hidden = {"imagined": imagined, "replayed": replayed, "offset": offset}
