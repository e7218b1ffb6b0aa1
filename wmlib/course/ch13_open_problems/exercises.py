"""Instant checks of chapter 13: inputs are drawn anew, and the true worlds stay in here."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch13_open_problems.exercises_worlds import check_choose, check_entry
from wmlib.exercise import Exercise, numbers

__all__ = ["check_choose", "check_entry"]  # exercises 4 and 5 have a file of their own

# --- exercise 1: a proper score ---


def true_score(probs, column):
    """CRPS over whole columns."""
    return ((np.cumsum(probs) - (np.arange(len(probs)) >= column)) ** 2).sum()


def examine_score(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    cases = [(rng.dirichlet(np.ones(n)), int(rng.integers(n))) for n in rng.integers(5, 12, 6)]
    cases += [(np.identity(9)[rng.integers(9)], int(rng.integers(9))) for _ in range(4)]
    told = [float(numbers(answer(p.copy(), c), (), "the score")) for p, c in cases]
    truth = [true_score(p, c) for p, c in cases]
    if np.allclose(told, truth, atol=1e-6):
        return None

    def is_like(other):
        return np.allclose(told, [other(p, c) for p, c in cases], atol=1e-6)

    step = lambda p, c: np.arange(len(p)) >= c  # noqa: E731
    if is_like(lambda p, c: p @ (np.arange(len(p)) - c) ** 2):
        return (
            "that is the expected squared distance: square the difference of the distribution "
            "functions, not of the columns"
        )
    if is_like(lambda p, c: abs(np.cumsum(p) - step(p, c)).sum()):
        return "that is the expected distance: the differences are to be squared, not taken as they are"
    if is_like(lambda p, c: ((p - (np.arange(len(p)) == c)) ** 2).sum()):
        return (
            "that compares the probabilities themselves (a Brier score): one column off costs as "
            "much as ten; F is a running sum"
        )
    if is_like(lambda p, c: ((np.cumsum(p) - (np.arange(len(p)) > c)) ** 2).sum()):
        return "certain and right should cost 0: the step is 1 at the column itself, >="
    if is_like(lambda p, c: ((np.cumsum(p) - step(p, c)) ** 2).mean()):
        return "the sum over the columns, not their mean"
    p, c = cases[0]
    return f"for probs={np.round(p, 2).tolist()}, column={c} it should be {truth[0]:.3f}"


check_score = Exercise(
    "A proper score",
    [examine_score],
    wrong=[
        (lambda p, c: p @ (np.arange(len(p)) - c) ** 2, "not of the columns"),
        (lambda p, c: p @ abs(np.arange(len(p)) - c), "squared, not taken"),
        (lambda p, c: abs(np.cumsum(p) - (np.arange(len(p)) >= c)).sum(), "squared, not taken"),
        (lambda p, c: ((p - (np.arange(len(p)) == c)) ** 2).sum(), "running sum"),
        (lambda p, c: ((np.cumsum(p) - (np.arange(len(p)) > c)) ** 2).sum(), "certain and right"),
        (lambda p, c: ((np.cumsum(p) - (np.arange(len(p)) >= c)) ** 2).mean(), "not their mean"),
        (lambda p, c: 0.75, "it should be"),
        (lambda p, c: p, "should have shape"),
    ],
)


# --- exercise 2: where to wait ---


def expected(probs, reach, prize):
    """The expected prize of each column."""
    worth = probs * prize
    return np.array([worth[max(0, i - reach) : i + reach + 1].sum() for i in range(len(probs))])


def examine_stand(answer, rng):
    """See above."""
    for _ in range(30):
        n, reach = int(rng.integers(8, 16)), int(rng.integers(0, 3))
        probs, prize = rng.dirichlet(np.full(n, 0.5)), rng.uniform(0.5, 5, n)
        told = float(numbers(answer(probs.copy(), reach, prize.copy()), (), "the column"))
        worth = expected(probs, reach, prize)
        if told != int(told) or not 0 <= told < n:
            return f"a column is a whole number from 0 to {n - 1}, got {told}"
        if worth[int(told)] > worth.max() - 1e-9:
            continue
        # which mistake it is shows in a case where the mistakes differ from each other
        for wrong, words in MISTAKES:
            if _always(answer, wrong, rng):
                return words
        return (
            f"with reach={reach} column {int(told)} wins {worth[int(told)]:.2f} on average, column "
            f"{worth.argmax()} {worth.max():.2f}"
        )
    return None


def _always(answer, wrong, rng):
    """Whether an answer is the same as a known mistake in many cases."""
    for _ in range(25):
        n, reach = int(rng.integers(8, 16)), int(rng.integers(1, 3))
        probs, prize = rng.dirichlet(np.full(n, 0.5)), rng.uniform(0.5, 5, n)
        if answer(probs.copy(), reach, prize.copy()) != wrong(probs, reach, prize):
            return False
    return True


def _wrapped(probs, reach, prize):
    worth, n = probs * prize, len(probs)
    near = [sum(worth[(i + k) % n] for k in range(-reach, reach + 1)) for i in range(n)]
    return int(np.argmax(near))


MISTAKES = [
    (
        lambda p, r, w: round(float(p @ np.arange(len(p)))),
        "that is the mean of the belief, a column where the ball may never be",
    ),
    (lambda p, r, w: int(np.argmax(p)), "the likeliest column: neither reach nor prize counts"),
    (
        lambda p, r, w: int(np.argmax(p * w)),
        "the best single column: the net reaches to both sides, so add up what is within reach",
    ),
    (
        lambda p, r, w: int(np.argmax(expected(p, r, np.ones(len(p))))),
        "that catches the most balls, but they are not all worth the same: use the prize",
    ),
    (_wrapped, "the net does not wrap around the edge"),
]
check_stand = Exercise(
    "Where to wait",
    [examine_stand],
    wrong=[(wrong, words[:20]) for wrong, words in MISTAKES]
    + [(lambda p, r, w: 3, "on average"), (lambda p, r, w: 2.5, "whole number")],
)


# --- exercise 3: value equivalence ---

GAMMA = 0.9


def bellman(model, policy, v, gamma=GAMMA):
    """One Bellman update: `(S,)`."""
    p, r = model  # (A, S, S), (A, S)
    return ((r + gamma * p @ v) * policy.T).sum(0)


def drawn_models(rng, kind):
    """A world, a model of it, policies and functions; `kind` says how the model differs."""
    s, a = 6, 3
    p, r = rng.dirichlet(np.full(s, 5.0), (a, s)), rng.normal(size=(a, s))
    policies = [rng.dirichlet(np.ones(a), s) for _ in range(2)]
    if kind == "untaken":
        policies = [
            np.hstack([x[:, :2] / x[:, :2].sum(1, keepdims=True), 0 * x[:, 2:]]) for x in policies
        ]
    functions = [rng.normal(size=s) for _ in range(2)]
    q, rew = p.copy(), r.copy()
    if kind in ("blind", "one function"):
        kept = [np.ones(s), *functions[: 2 if kind == "blind" else 1]]
        free = np.linalg.svd(np.array(kept))[2][len(kept) :]  # directions that no function sees
        change = rng.normal(size=(a, s, len(free))) @ free
        q = p + change * 0.9 * (p / np.maximum(abs(change), 1e-9)).min(-1, keepdims=True)
    elif kind == "untaken":
        q[2], rew[2] = rng.dirichlet(np.ones(s), s), rng.normal(size=s)
    elif kind == "reward":
        rew = r + 0.1 * rng.normal(size=r.shape)
    elif kind == "one policy":  # the changes cancel under the first policy, not under the second
        off = rng.normal(size=s)
        rew[0] += off / policies[0][:, 0]
        rew[1] -= off / policies[0][:, 1]
    return (q, rew), (p, r), policies, functions


KINDS = {
    "the same": (True, "the model is the world"),
    "blind": (
        True,
        "this model has other transition probabilities, yet gives the same updates for all "
        "policies and functions that were asked about: compare updates, not probabilities",
    ),
    "untaken": (
        True,
        "this model is wrong about an action that no policy takes: the update is a mean over the "
        "policy's actions",
    ),
    "reward": (False, "this model's rewards are wrong"),
    "one function": (
        False,
        "this model is right for the first function only: all of them have to agree",
    ),
    "one policy": (
        False,
        "this model is right for the first policy only: all of them have to agree",
    ),
}


def examine_equivalent(answer, rng):
    """See above."""
    for kind, (truth, words) in KINDS.items():
        for _ in range(3):
            told = answer(*drawn_models(rng, kind))
            if not isinstance(told, (bool, np.bool_)):
                return f"return True or False, got {type(told).__name__}"
            if bool(told) != truth:
                return words
    return None


def solved(model, world, policies, functions, gamma=GAMMA):
    """The reference."""
    return all(
        np.allclose(bellman(model, policy, v, gamma), bellman(world, policy, v, gamma))
        for policy in policies
        for v in functions
    )


def _best_action(model, world, policies, functions):
    top = lambda m, v: (m[1] + GAMMA * m[0] @ v).max(0)  # noqa: E731
    return bool(all(np.allclose(top(model, v), top(world, v)) for v in functions))


check_equivalent = Exercise(
    "Value equivalence",
    [examine_equivalent],
    wrong=[
        (lambda m, w, p, f: True, "rewards are wrong"),
        (lambda m, w, p, f: False, "model is the world"),
        (lambda m, w, p, f: bool(np.allclose(m[0], w[0])), "not probabilities"),
        (lambda m, w, p, f: bool(np.allclose(m[1], w[1])), "no policy takes"),
        (lambda m, w, p, f: solved(m, w, p, f[:1]), "first function only"),
        (lambda m, w, p, f: solved(m, w, p[:1], f), "first policy only"),
        (_best_action, "mean over the policy's actions"),
        (lambda m, w, p, f: None, "True or False"),
    ],
)
