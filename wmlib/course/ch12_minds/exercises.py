"""Instant checks of chapter 12: inputs are drawn anew, and compared with a reference."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch12_minds.economy import Economy
from wmlib.exercise import Exercise, numbers


def told(said, right, mistakes, otherwise):
    """None where the answer is right; else the words of the wrong value that it equals."""
    if np.allclose(said, right, rtol=1e-6, atol=1e-9):
        return None
    for wrong, words in mistakes:
        if np.allclose(said, wrong, rtol=1e-6, atol=1e-9):
            return words
    return otherwise


# --- 1: inference by error units


def settle(U, x, rate, steps, again=True, sign=1.0, floor=True, keep=True):
    """The reference; its switches make the usual mistakes."""
    r, error = np.zeros(U.shape[1]), x
    for _ in range(steps):
        error = x - U @ r if again else error
        r = (r if keep else 0) + sign * rate * U.T @ error
        r = np.maximum(0, r) if floor else r
    return r


def examine_infer(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    for steps in (2, 1, 60):
        U, rate = np.maximum(0, rng.normal(0.3, 0.6, (7, 3))) + 0.05, 0.05
        wanted = np.array([1.5, 0.7, -2.0])[rng.permutation(3)]  # one of them is not allowed
        x = U @ wanted + rng.normal(0, 0.1, 7)
        x += U[:, wanted > 0].sum(1) * max(0, 0.5 - (U.T @ x)[wanted > 0].min())
        said = numbers(answer(U.copy(), x.copy(), rate, steps), (3,), "what you return")
        variants = [
            ({"sign": -1.0}, "the wrong way: the error is x - U r, and the causes move along it"),
            ({"again": False}, "the prediction is never subtracted: a new error in every round"),
            ({"keep": False}, "each round begins at zero again: add to r instead"),
            ({"floor": False}, "causes cannot be negative: cut them off at zero in every round"),
        ]
        mistakes = [(settle(U, x, rate, steps, **how), words) for how, words in variants]
        mistakes += [
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
    ],
)


# --- 2: the model of the robot after one moment


def examine_relearn(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    W, (v, own, felt), rate = rng.normal(size=(2, 2)), rng.normal(size=(3, 2)), rng.uniform(0.1, 1)
    given = [W.copy(), v.copy(), own.copy(), felt.copy(), rate]
    said = numbers(answer(*given), (2, 2), "the new W")
    surprise = felt - own - W @ v
    step = lambda error: W + rate * np.outer(error, v)
    mistakes = [
        (step(felt - own), "what W expected is no surprise: subtract W v"),
        (step(felt - W @ v), "our own force is no surprise: subtract it from what was felt"),
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
    cases = [(0, 5), (3, 7), (1, 6), (7, 5), (2, 0)]  # delay, commands ever sent
    for delay, sent in cases:
        log = list(rng.normal(size=sent))
        said = numbers(answer(late.copy(), list(log), delay, step), (2,), "the state")
        right = rolled(late, log[max(0, sent - delay) :])
        first, last = rolled(late, log[:delay]), log[max(0, sent - delay) :]
        if delay == 0:
            mistakes = [(rolled(late, log), "nothing is late, nothing to roll: `log[-0:]` is all")]
        elif sent < delay:
            mistakes = [
                (late, "only few commands were ever sent: roll through those there are"),
                (rolled(late, log[sent - delay :]), f"only {sent} commands were ever sent, fewer "
                 "than the delay: a negative start counts from the end"),
            ]  # fmt: skip
        else:
            mistakes = [
                (late, "nothing is rolled: that is where it was"),
                (rolled(late, last[::-1]), "in reversed order: the oldest command comes first"),
                (first, "the *last* commands are on their way, not the first"),
                (rolled(late, log), "only the last commands, as many as the delay"),
                (rolled(late, last[:-1]), "the newest command is on its way, too"),
            ]
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
    ],
)


# --- 4: what a target does


def examine_promise(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    economy = Economy(natural=rng.uniform(4, 7), kappa=rng.uniform(1, 3), shock=0.1)
    aim = float(rng.uniform(5, 9))
    target = rng.integers(0, 5, 400).astype(float)
    years = economy.run(target, rng)
    given = (years.inflation.copy(), target.copy(), years.unemployment.copy())
    said = numbers(answer(*given, aim), (), "the promise")
    fit = lambda *columns: np.linalg.lstsq(
        np.stack([np.ones(400), *columns], 1), years.unemployment, rcond=None
    )[0]
    a, b, c = fit(years.inflation, target)
    line = fit(years.inflation)
    mistakes = [
        (line @ [1, aim], "your fit does not see the target: it promises the old line"),
        (a + b * aim, "the new target goes in twice: as inflation and as target"),
        (a + c * aim, "the new target goes in twice: as inflation and as target"),
        (a + b * aim + c * target.mean(), "the target is the new one too, not the old mean"),
        ((b + c) * aim, "the constant is missing"),
    ]
    if found := told(said, a + (b + c) * aim, mistakes, "fit u = a + b inflation + c target"):
        return found
    one = economy.run(np.full(200, 2.0), rng)
    said = answer(one.inflation, np.full(200, 2.0), one.unemployment, aim)
    if said is not None:
        return "all these years had one target: nothing in them says what it does; return None"
    return None


def promised(inflation, target, unemployment, aim):
    """What the line fitted with targets promises."""
    x = np.stack([np.ones(len(target)), inflation, target], 1)
    return np.linalg.lstsq(x, unemployment, rcond=None)[0] @ [1, aim, aim]


def old_line(inflation, target, unemployment, aim):
    """An answer that fits no target."""
    x = np.stack([np.ones(len(target)), inflation], 1)
    return np.linalg.lstsq(x, unemployment, rcond=None)[0] @ [1, aim]


def once(inflation, target, unemployment, aim):
    """An answer that uses the aim once only."""
    x = np.stack([np.ones(len(target)), inflation, target], 1)
    return np.linalg.lstsq(x, unemployment, rcond=None)[0] @ [1, aim, 0]


check_promise = Exercise(
    "What a target does",
    [examine_promise],
    wrong=[
        (promised, "return None"),
        (old_line, "does not see the target"),
        (once, "goes in twice"),
        (lambda inflation, target, u, aim: float(u.mean()), "a + b inflation + c target"),
        (lambda inflation, target, u, aim: None, "should be numbers"),
    ],
)


# --- 5: one number of an engine


def turned(weight, n, rng):
    """A pendulum with another gravity: angle, torque, velocity, next velocity `(n,)` each."""
    angle = rng.uniform(-np.pi, np.pi, n)
    torque = np.clip(1.5 * np.sin(angle) + rng.normal(size=n), -2, 2)  # a motor with a habit
    velocity = rng.uniform(-8, 8, n)
    free = velocity + (15 * weight * np.sin(angle) + 3 * torque) * 0.05
    return angle, torque, velocity, np.clip(free, -8, 8)


def examine_gravity(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    for weight in rng.uniform(0.3, 3, 3):
        angle, torque, velocity, nxt = turned(weight, 400, rng)
        given = (angle.copy(), torque.copy(), velocity.copy(), nxt.copy())
        said = float(numbers(answer(*given), (), "the weight"))
        if abs(said - weight) < 1e-3 * weight:
            continue
        pull, change = 15 * 0.05 * np.sin(angle), nxt - velocity - 0.15 * torque
        mistakes = [
            ((pull @ change) / (pull @ pull), "near: rows that stop at 8 rad/s hide the pull, "
             "leave them out"),
            ((pull @ (nxt - velocity)) / (pull @ pull), "the motor is in it: subtract 3 torque "
             "* 0.05, and leave out rows that stop at 8 rad/s"),
            (20 * weight, "per second or per step? one step is 0.05 s"),
            (15 * weight, "gravity's weight beside the engine's 15: the engine's own is 1"),
            (weight - 1, "the weight, not what is beyond 1"),
        ]  # fmt: skip
        near = [words for wrong, words in mistakes if abs(said - wrong) < 1e-6]
        return near[0] if near else f"gravity was {weight:.2f} times the engine's, not {said:.2f}"
    return None


def slope(angle, change):
    """An answer that takes the slope of all changes."""
    pull = 15 * 0.05 * np.sin(angle)
    return (pull @ change) / (pull @ pull)


def all_rows(angle, torque, velocity, nxt):
    """An answer that uses all rows."""
    return slope(angle, nxt - velocity - 0.15 * torque)


def free_rows(angle, torque, velocity, nxt):
    """An answer that uses the rows off the limits."""
    free = abs(nxt) < 8
    return slope(angle[free], (nxt - velocity - 0.15 * torque)[free])


check_gravity = Exercise(
    "Weigh it",
    [examine_gravity],
    wrong=[
        (all_rows, "leave them out"),
        (lambda a, torque, v, nxt: slope(a, nxt - v), "the motor is in it"),
        (lambda *given: 15 * free_rows(*given), "the engine's own is 1"),
        (lambda *given: 20 * free_rows(*given), "one step is 0.05 s"),
        (lambda *given: free_rows(*given) - 1, "beyond 1"),
        (lambda *given: 1.3, "times the engine's"),
    ],
)
