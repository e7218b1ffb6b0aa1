"""The check of chapter 2's first exercise: the planning loop, and the ways to get it wrong."""

from __future__ import annotations

import random

import numpy as np

from wmlib.exercise import Exercise, numbers


def one_backup(answer, rng):
    """A model of one pair leaves nothing to chance; each mistake gives a number of its own."""
    for k in range(8):  # a random action of the next state is right one time in five
        ends, r, nxt = k % 2 == 0, float(rng.normal()), 4
        q = (-rng.uniform(0.5, 5, (6, 5))).tolist()
        q[nxt][3] = -0.3  # the largest is neither the first, nor the last, nor that of the action
        after, model = [list(row) for row in q], {(1, 2): (r, nxt, ends)}
        said = answer(after, model, 1, random.Random(k))
        values, old = numbers(after, (6, 5), "q"), q[1][2]
        if model != {(1, 2): (r, nxt, ends)}:
            return "the model is only read here: do not change it"
        if after == q:
            return "q is unchanged: change it in place" + (
                "; a new table that is returned is lost" if said is not None else ""
            )
        got, best = float(values[1, 2]), -0.3
        right = r if ends else r + 0.9 * best
        half = lambda target: abs(got - old - 0.5 * (target - old)) < 1e-9
        values[1, 2] = old
        if not np.array_equal(values, np.array(q)):
            return "one backup changes q[s][a] alone, and another value has changed"
        if half(right):
            continue
        if abs(got - right) < 1e-9:
            return "one backup should go half of the way to the target"
        if abs(got - old - 0.75 * (right - old)) < 1e-9:
            return "n = 1, and two backups were made"
        if ends and half(0.0):
            return "a step that ends the episode still pays r: its target is r"
        if ends and half(r + 0.9 * best):
            return "nothing comes after a terminal state: no max there"
        if not ends and half(r):
            return "the value of the next state is missing: 0.9 * max(q[nxt]), also where it is negative"
        if half(r + best):
            return "the value of the next state counts 0.9 of itself"
        if not ends and half(r + 0.9 * max(q[1])):
            return "the largest value of the *next* state counts, q[nxt], not that of q[s]"
        if not ends and any(half(r + 0.9 * value) for value in q[nxt]):
            return "the *largest* value of the next state counts: max(q[nxt])"
        return "one backup: q[s][a] goes half of the way to r + 0.9 * max(q[nxt]), or r at an end"
    return None


def one_after_another(answer, rng):
    """Three backups of a pair that leads to itself: each sees what the last one changed."""
    q = [[0.0, 0.0], [0.0, float(rng.uniform(1, 3))]]
    right = q[1][1]
    fixed = 1 + 0.9 * right
    stale = fixed + (right - fixed) / 8
    for _ in range(3):
        right += 0.5 * (1 + 0.9 * right - right)
    answer(q, {(1, 1): (1.0, 1, False)}, 3, random.Random(0))
    got = numbers(q, (2, 2), "q")[1, 1]
    if abs(got - stale) < 1e-9:
        return "each backup reads q as the last one left it: no copy made before the loop"
    return None if abs(got - right) < 1e-9 else "n backups are wanted, one after the other"


def touched(answer, rng, n, seed):
    """How often each of four pairs was backed up: every one ends the episode and pays 1."""
    model = dict.fromkeys([(0, 0), (0, 1), (0, 2), (1, 1)], (1.0, 5, True))
    q = [[0.0] * 3 for _ in range(6)]
    answer(q, model, n, random.Random(seed))
    values = numbers(q, (6, 3), "q")
    if {(int(s), int(a)) for s, a in zip(*np.nonzero(values))} - set(model):
        return "a pair was imagined that the model does not hold"
    return [round(-np.log2(1 - values[pair])) for pair in model]


def draws(answer, rng):
    """n backups, over pairs drawn evenly and independently with rng."""
    found = [touched(answer, rng, 16, seed) for seed in range(60)]
    for row in found:
        if isinstance(row, str):
            return row
        if sum(row) != 16:
            return f"n backups are wanted: with n = 16 there were {sum(row)}"
    spread = np.mean([sum((count - 4) ** 2 for count in row) for row in found])  # 12 where even
    if spread < 5:
        return (
            "every pair comes equally often each time: draw each one anew from all pairs, so that "
            "the same one may come twice, instead of going round or shuffling"
        )
    if spread > 100 and len({tuple(row) for row in found}) > 1:
        return "one pair is drawn and then backed up n times: draw anew for each backup"
    if len({tuple(row) for row in found}) == 1:
        return "the draws do not depend on rng: every generator gives the same"
    if touched(answer, rng, 16, 0) != found[0]:
        return "the same rng should give the same draws: take no other source of chance"
    mean = np.mean(found, 0)
    if mean.min() < 2.9 or mean.max() > 5.1:
        return (
            "not every pair is drawn as often as the others (draw from the pairs, not first a "
            f"state and then an action): {mean.round(1)} of 16 draws"
        )
    return None


def no_walk(answer, rng):
    """The second pair is drawn anew: it is not where the first one led."""
    order, adjacent = rng.permutation(4), 0
    for seed in range(30):
        model = {(int(order[i]), 0): (1.0, int(order[(i + 1) % 4]), False) for i in range(4)}
        q = [[0.0] for _ in range(4)]
        answer(q, model, 2, random.Random(seed))
        done = [i for i in range(4) if q[order[i]][0] != 0]
        adjacent += done in ([0, 1], [1, 2], [2, 3], [0, 3])
    if adjacent == 30:
        return "the second pair is always where the first one led: draw every pair anew"
    return None


def plan_with(draw=None, alpha=0.5, gamma=0.9, end=True, times=None, value=None, target_end=None):
    """The planning loop, or one with a mistake."""

    def plan(q, model, n, rng):
        for _ in range(n if times is None else times(n)):
            s, a = rng.choice(list(model)) if draw is None else draw(model, rng)
            r, nxt, terminated = model[s, a]
            ahead = max(q[nxt]) if value is None else value(q, s, a, nxt, rng)
            target = r if terminated and end else r + gamma * ahead
            if terminated and target_end is not None:
                target = target_end
            q[s][a] += alpha * (target - q[s][a])

    return plan


def same_pair(q, model, n, rng):
    """Draws one pair and backs it up n times."""
    pair = rng.choice(list(model))
    plan_with(lambda *_: pair)(q, model, n, rng)


def in_turn(q, model, n, rng):
    """Draws where to begin, and goes round."""
    pairs, begin = list(model), rng.randrange(len(model))
    turn = iter(range(begin, begin + n))
    plan_with(lambda *_: pairs[next(turn) % len(pairs)])(q, model, n, rng)


def shuffled(q, model, n, rng):
    """Every pair once, in an order drawn by chance, then all over again."""
    pairs = []
    while len(pairs) < n:
        pairs += rng.sample(list(model), len(model))
    plan_with(lambda *_: pairs.pop(0))(q, model, n, rng)


def following(q, model, n, rng):
    """Draws a beginning and walks on in the model."""
    here = None

    def walk(model, rng):
        nonlocal here
        known = [pair for pair in model if here is not None and pair[0] == here[0]]
        pair = rng.choice(known or list(model))
        here = None if model[pair][2] else model[pair][1:2]
        return pair

    plan_with(walk)(q, model, n, rng)


def from_a_copy(q, model, n, rng):
    """All targets from the table as it was before the loop."""
    old = [list(row) for row in q]
    plan_with(value=lambda q, s, a, nxt, rng: max(old[nxt]))(q, model, n, rng)


def state_first(model, rng):
    """First a state, then one of its actions."""
    s = rng.choice(sorted({s for s, _ in model}))
    return rng.choice([pair for pair in model if pair[0] == s])


check_plan = Exercise(
    "The planning loop",
    [one_backup, one_after_another, draws, no_walk],
    wrong=[
        (lambda q, model, n, rng: None, "in place"),
        (plan_with(alpha=1.0), "half of the way"),
        (plan_with(end=False), "terminal"),
        (plan_with(gamma=1.0), "0.9"),
        (plan_with(target_end=0.0), "still pays r"),
        (plan_with(times=lambda n: 1), "n backups"),
        (plan_with(times=lambda n: n + 1), "two backups"),
        (plan_with(lambda model, rng: list(model)[-1]), "not depend on rng"),
        (lambda q, m, n, rng: plan_with()(q, m, n, random.Random(0)), "not depend on rng"),
        (plan_with(lambda model, rng: random.choice(list(model))), "no other source"),
        (lambda q, model, n, rng: [row.reverse() for row in q], "alone"),
        (plan_with(value=lambda q, s, a, nxt, rng: q[nxt][a]), "*largest*"),
        (plan_with(value=lambda q, s, a, nxt, rng: q[nxt][0]), "*largest*"),
        (plan_with(value=lambda q, s, a, nxt, rng: rng.choice(q[nxt])), "*largest*"),
        (plan_with(value=lambda q, s, a, nxt, rng: max(q[nxt], key=abs)), "*largest*"),
        (plan_with(value=lambda q, s, a, nxt, rng: max(0, max(q[nxt]))), "negative"),
        (plan_with(value=lambda q, s, a, nxt, rng: max(q[s])), "*next*"),
        (same_pair, "drawn and then backed up"),
        (in_turn, "going round"),
        (shuffled, "shuffling"),
        (following, "where the first one led"),
        (from_a_copy, "no copy"),
        (plan_with(state_first), "not first a state"),
        (lambda q, m, n, rng: (plan_with()(q, m, n, rng), m.clear()), "only read"),
    ],
)
