"""Instant checks of chapter 12: inputs are drawn anew, and compared with a reference."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch12_minds.exercises_numbers import check_gravity, check_promise, told
from wmlib.exercise import Exercise, Mistake, numbers

__all__ = ["check_gravity", "check_infer", "check_present", "check_promise", "check_relearn"]


def untouched(given, copies, name):
    """Nothing, or a Mistake where an answer has written into what it was given."""
    if any(not np.array_equal(a, b) for a, b in zip(given, copies)):
        raise Mistake(f"your answer changes the caller's {name}: work on what you make yourself")


def settle(U, x, rate, steps, again=True, sign=1.0, floor=True, keep=True, sparsity=0.0):
    """The reference; its switches make the usual mistakes."""
    r, error = np.zeros(U.shape[1]), x
    for _ in range(steps):
        error = x - U @ r if again else error
        r = (r if keep else 0) + sign * rate * (U.T @ error - sparsity)
        r = np.maximum(0, r) if floor else r
    return r


def examine_infer(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    for steps in (2, 1, 60):
        U, rate = np.maximum(0, rng.normal(0.3, 0.6, (7, 3))) + 0.05, 0.05
        wanted = np.array([1.5, 0.7, -2.0])[rng.permutation(3)]  # one of them is not allowed
        x = U @ wanted + rng.normal(0, 0.1, 7)
        x += U[:, wanted > 0].sum(1) * max(0, 0.5 - (U.T @ x)[wanted > 0].min())
        given = U.copy(), x.copy()
        said = numbers(answer(*given, rate, steps), (3,), "what you return")
        untouched(given, (U, x), "U or x")
        own = 0.1 / max(1.0, np.linalg.norm(U, 2) ** 2 / 4)  # the rate of the chapter's `settle`
        variants = [
            ({"sparsity": 0.05}, "without the sparsity term here: nothing is subtracted from U'e"),
            ({"sign": -1.0}, "no cause leaves zero, or the wrong way: they move along U'(x - U r)"),
            ({"again": False}, "the prediction is never subtracted: a new error in every round"),
            ({"keep": False}, "each round begins at zero again: add to r instead"),
            ({"floor": False}, "causes cannot be negative: cut them off at zero in every round"),
        ]
        mistakes = [(settle(U, x, rate, steps, **how), words) for how, words in variants]
        mistakes += [
            (settle(U, x, own, steps), "the rate is the one that you are given"),
            (settle(U, x, own, steps, sparsity=0.05),
             "without the sparsity term here, and with the rate that you are given"),
            (np.maximum(0, settle(U, x, rate, steps, floor=False)),
             "cut off at zero in every round, not once at the end"),
            (settle(U, x, rate, steps - 1), "one round too few"),
            (settle(U, x, rate, steps + 1), "one round too many"),
        ]  # fmt: skip
        otherwise = f"not the causes after {steps} rounds: r <- max(0, r + rate * U'(x - U r))"
        found = told(said, settle(U, x, rate, steps), mistakes, otherwise)
        if found:
            return found
    return None


def same_error(U, x, rate, steps):
    """An answer that uses the same error in every step."""
    r = np.zeros(U.shape[1])
    for _ in range(steps):
        r = np.maximum(0, r + rate * U.T @ x)
    return r


def overwriting(U, x, rate, steps):
    """An answer that is right and leaves zeros in the caller's input."""
    r = settle(U, x, rate, steps)
    x *= 0
    return r


check_infer = Exercise(
    "Settle",
    [examine_infer],
    wrong=[
        (same_error, "never subtracted"),
        (lambda U, x, rate, n: settle(U, x, rate, n, sign=-1.0), "wrong way"),
        (lambda U, x, rate, n: settle(U, x, rate, n, floor=False), "cannot be negative"),
        (lambda U, x, rate, n: settle(U, x, rate, n, keep=False), "begins at zero again"),
        (lambda U, x, rate, n: settle(U, x, rate, n - 1), "one round too few"),
        (lambda U, x, rate, n: np.linalg.lstsq(U, x, rcond=None)[0], "not the causes after"),
        (lambda U, x, rate, n: settle(U, x, rate, n)[:2], "shape (3"),
        (lambda U, x, rate, n: settle(U, x, rate, n, sparsity=0.05), "without the sparsity"),
        (overwriting, "changes the caller's U or x"),
    ],
)


# --- 2: the model of the robot after one moment


def examine_relearn(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    W, (v, own, felt), rate = rng.normal(size=(2, 2)), rng.normal(size=(3, 2)), rng.uniform(0.1, 1)
    given = [W.copy(), v.copy(), own.copy(), felt.copy(), rate]
    said = numbers(answer(*given), (2, 2), "the new W")
    untouched(given, (W, v, own, felt, rate), "W or vectors")
    surprise = felt - own - W @ v
    step = lambda error: W + rate * np.outer(error, v)
    mistakes = [
        (step(felt - own), "what W expected is no surprise: subtract W v"),
        (step(felt - W @ v), "our own force is no surprise: subtract it from what was felt"),
        (step(felt - own - v @ W), "W v is wanted, `W @ velocity`: the rows of W are forces"),
        (step(felt), "the force felt holds our own and the expected one: subtract both"),
        (W + rate * np.outer(v, surprise), "the outer product is the other way round: rows are "
         "forces, columns velocities"),
        (W - rate * np.outer(surprise, v), "the wrong way: felt minus expected"),
        (W + np.outer(surprise, v), "the rate is missing"),
        (rate * np.outer(surprise, v), "that is the change: return the new W"),
    ]  # fmt: skip
    return told(said, step(surprise), mistakes, "W + rate * surprise v' is wanted")


check_relearn = Exercise(
    "What the robot did",
    [examine_relearn],
    wrong=[
        (lambda W, v, own, felt, rate: W + rate * np.outer(felt - own, v), "subtract W v"),
        (lambda W, v, own, felt, rate: W + rate * np.outer(felt - W @ v, v), "our own force"),
        (
            lambda W, v, own, felt, rate: W + rate * np.outer(v, felt - own - W @ v),
            "other way round",
        ),
        (lambda W, v, own, felt, rate: W - rate * np.outer(felt - own - W @ v, v), "wrong way"),
        (lambda W, v, own, felt, rate: rate * np.outer(felt - own - W @ v, v), "the new W"),
        (lambda W, v, own, felt, rate: W + rate * (felt - own - W @ v), "is wanted"),
        (lambda W, v, own, felt, rate: W + rate * np.outer(felt - own - v @ W, v), "rows of W"),
    ],
)


# --- 3: the present


def examine_present(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    A, b = rng.normal(0, 0.7, (2, 2)), rng.normal(size=2)
    step = lambda state, command: A @ state + b * command

    def rolled(state, commands):
        for command in commands:
            state = step(state, command)
        return state

    late = rng.normal(size=2)
    cases = [(3, 7), (0, 5), (1, 6), (7, 5), (2, 0)]  # delay, commands ever sent
    for delay, sent in cases:
        log = list(rng.normal(size=sent))
        given = late.copy(), list(log)
        said = numbers(answer(*given, delay, step), (2,), "the state")
        untouched(given, (late, log), "log or state")
        right = rolled(late, log[max(0, sent - delay) :])
        first, last = rolled(late, log[:delay]), log[max(0, sent - delay) :]
        if delay == 0:
            mistakes = [(rolled(late, log), "nothing is late, nothing to roll: `log[-0:]` is all")]
        elif sent < delay:
            mistakes = [
                (late, "only few commands were ever sent: roll through those there are"),
                (rolled(late, [0.0] * (delay - sent) + log), "before the first command nothing was "
                 "sent and nothing passed: no commands of zero, roll through those there are"),
                (rolled(late, log[sent - delay :]), f"only {sent} commands were ever sent, fewer "
                 "than the delay: a negative start counts from the end"),
            ]  # fmt: skip
        else:
            mistakes = [
                (late, "nothing is rolled: that is where it was"),
                (rolled(late, last[::-1]), "in reversed order: the oldest command comes first"),
                (first, "the *last* commands are on their way, not the first"),
                (rolled(late, log), "these are all commands ever sent: only the last `delay` of "
                 "them are on their way"),
                (rolled(late, last[:-1]), "the newest command is on its way, too"),
                (rolled(late, last[1:]), "the oldest command on its way is missing: one too few"),
                (rolled(late, log[sent - delay - 1 :]), "one command too many: `late` shows the "
                 "effect of it already"),
            ]  # fmt: skip
        otherwise = f"{delay} steps late, {sent} commands sent: not the state now"
        found = told(said, right, mistakes, otherwise)
        if found:
            return found
    return None


def present_with(part):
    """An answer that rolls through a part of the log."""

    def present(late, log, delay, step):
        for command in part(log, delay):
            late = step(late, command)
        return late

    return present


def popping(late, log, delay, step):
    """An answer that takes the commands out of the caller's log."""
    while len(log) > delay:
        log.pop(0)
    return present_with(lambda log, d: log)(late, log, delay, step)


def padded(log, delay):
    """The last commands, with zeros before the first."""
    last = log[max(0, len(log) - delay) :]
    return [0.0] * (delay - len(last)) + last


check_present = Exercise(
    "The present",
    [examine_present],
    wrong=[
        (present_with(lambda log, d: log[-d:]), "`log[-0:]` is all"),
        (present_with(lambda log, d: log[:d]), "not the first"),
        (present_with(lambda log, d: log[::-1][:d]), "reversed"),
        (present_with(lambda log, d: log[len(log) - d :]), "counts from the end"),
        (present_with(lambda log, d: []), "nothing is rolled"),
        (present_with(lambda log, d: log[max(0, len(log) - d) : -1] if d else []), "newest"),
        (popping, "changes the caller's log"),
        (present_with(padded), "no commands of zero"),
        (present_with(lambda log, d: log), "all commands ever sent"),
        (
            present_with(lambda log, d: log[max(0, len(log) - d - 1) :] if d else []),
            "one command too many",
        ),
        (present_with(lambda log, d: log[max(0, len(log) - d + 1) :] if d else []), "one too few"),
    ],
)
