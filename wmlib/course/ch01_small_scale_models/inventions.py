"""Exercise 4 behind its check: two agents live in a world that a learner invented."""

from __future__ import annotations

import math

from wmlib.exercise import numbers


def values_of(table, s, depth, after=lambda r, c, best: r + c * best, over=max):
    """What each action can bring, for the reference and for its spoiled variants."""
    found = []
    for a in (0, 1):
        nxt, r, c = table[s, a]
        later = over(values_of(table, nxt, depth - 1, after, over)) if depth > 1 else 0
        found.append(after(r, c, later))
    return found


def best_action(table, s, depth):
    """The reference: ties go to action 0."""
    first, second = values_of(table, s, depth)
    return int(second > first)


def planned_return(world, depth, steps=20):
    """What an agent gets that searches `depth` steps deep before each of its real steps."""
    s, total, way = 0, 0.0, []
    for _ in range(steps):
        a = best_action(world, s, depth)
        way.append(a)
        s, r, c = world[s, a]
        total += r
        if not c:
            break
    return total, way


def is_a_world(answer, rng):
    """Whether it is a whole table."""
    world = answer()
    if not isinstance(world, dict) or not world:
        return "give back a dictionary {(state, action): (next state, reward, continue)}"
    for pair in [(0, 0), (0, 1)]:
        if pair not in world:
            return f"state 0 is the start, and {pair} is not in the table"
    for pair, row in world.items():
        nxt, r, c = (float(x) for x in numbers(row, (3,), f"the entry of {pair}"))
        if c not in (0, 1):
            return f"the continue of {pair} is {c:g}: write 1 where it goes on, 0 at an end"
        if abs(r) > 10:
            return f"{pair} pays {r:g}: stay between -10 and 10"
        lacking = [(int(nxt), a) for a in (0, 1) if (nxt, a) not in world]
        if lacking:
            return f"{pair} leads to state {nxt:g}, and {lacking[0]} is not in the table"
    return None


def is_worse(answer, rng):
    """Whether three steps of search get less than one."""
    world = answer()
    (near, way), (far, other) = planned_return(world, 1), planned_return(world, 3)
    if math.isclose(near, far):
        same = "both go the same way" if way == other else "they go different ways"
        return (
            f"one step of look-ahead and three steps get {near:g} each in 20 steps, and {same}: "
            "put something behind the first step that only three steps can see"
        )
    if far > near:
        return (
            f"three steps of look-ahead get {far:g} in 20 steps, one step {near:g}: here it pays to "
            "search deeper. What could lie *behind* the third step?"
        )
    return None


def better():
    """Deeper search pays."""
    ways = {(0, 0): (0, 1, 1), (0, 1): (1, 0, 1)}
    return ways | {(s, a): (min(s + 1, 3), 5, 1) for s in (1, 2, 3) for a in (0, 1)}


CHECKS = [is_a_world, is_worse]
WRONG = [
    (dict, "give back a dictionary"),
    (lambda: {(0, 0): (0, 1, 1)}, "(0, 1) is not in the table"),
    (lambda: {(0, 0): (0, 1, 1), (0, 1): (1, 0, 1)}, "leads to state 1"),
    (lambda: {(0, a): (0, 50, 1) for a in (0, 1)}, "stay between"),
    (lambda: {(0, a): (0, 1, 1) for a in (0, 1)}, "same way"),
    (lambda: {(0, a): (0, 1, 0.5) for a in (0, 1)}, "write 1 where it goes on"),
    (lambda: {(0, a): (0, float("nan"), 1) for a in (0, 1)}, "NaN"),
    (better, "pays to search deeper"),
]
