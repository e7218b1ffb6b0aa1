"""Instant checks of chapter 12 about one number or three: what a target does, how strong gravity is."""

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


# --- 4: what a target does


def examine_promise(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    economy = Economy(natural=rng.uniform(4, 7), kappa=rng.uniform(1, 3), shock=0.1)
    aim = float(rng.uniform(5, 9))
    varied = rng.integers(0, 5, 400).astype(float)
    varied[-1] = varied[0]  # varied all the same
    for target in (varied, rng.choice([2.0, 2.4], 400)):
        years = economy.run(target, rng)
        given = (years.inflation.copy(), target.copy(), years.unemployment.copy())
        said = answer(*given, aim)
        if said is None:
            return "the target varied in these years: only where all were equal is None right"
        said = numbers(said, (), "the promise")
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
        (lambda inflation, target, u, aim: None, "the target varied"),
        (lambda pi, t, u, aim: None if t[0] == t[-1] else promised(pi, t, u, aim), "target varied"),
        (lambda pi, t, u, aim: None if t.std() < 1 else promised(pi, t, u, aim), "target varied"),
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
    for weight in (rng.uniform(1.5, 3), *rng.uniform(0.3, 3, 2)):
        angle, torque, velocity, nxt = turned(weight, 400, rng)
        given = (angle.copy(), torque.copy(), velocity.copy(), nxt.copy())
        said = float(numbers(answer(*given), (), "the weight"))
        if abs(said - weight) < 1e-3 * weight:
            continue
        change, free = nxt - velocity, np.abs(nxt) < 8
        motor = change - 0.15 * torque
        mistakes = [
            (slope(angle, motor), "near: rows that stop at 8 rad/s hide the pull, leave them out"),
            (slope(angle, change), "the motor is in it: subtract 3 torque * 0.05, and leave out "
             "rows that stop at 8 rad/s"),
            (slope(angle[free], change[free]), "the motor is in it: subtract 3 torque * 0.05"),
            *[(slope(angle[slow], motor[slow]), "rows are cut off by where they end: choose them "
               "by `nxt`, not by `velocity`")
              for slow in (np.abs(velocity) < limit for limit in (6, 6.5, 7, 7.5, 7.8))],
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


def slow_rows(angle, torque, velocity, nxt):
    """An answer that leaves out rows by where they begin."""
    slow = abs(velocity) < 7
    return slope(angle[slow], (nxt - velocity - 0.15 * torque)[slow])


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
        (
            lambda a, torque, v, nxt: slope(a[abs(nxt) < 8], (nxt - v)[abs(nxt) < 8]),
            "the motor is in",
        ),
        (slow_rows, "not by `velocity`"),
    ],
)
