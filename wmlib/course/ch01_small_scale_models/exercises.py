"""The instant checks of chapter 1, each with wrong answers and what they are told."""

from __future__ import annotations

from itertools import product

import numpy as np

from wmlib.course.ch01_small_scale_models import inventions, repairs, wishes
from wmlib.course.ch01_small_scale_models.inventions import best_action, values_of
from wmlib.exercise import Exercise, numbers


def first_difference(answer, cases, right, variants, show):
    """The mistake that explains all answers; else the first case in which they differ; or None.

    Args:
        answer, right: functions of a case. variants: (function, words) of known mistakes.
        show: the case in words.
    """
    got = [float(numbers(answer(*case), (), "what it gives")) for case in cases]
    same = lambda f: all(abs(f(*case) - said) < 1e-9 for case, said in zip(cases, got))
    if same(right):
        return None
    for variant, words in variants:
        if same(variant):
            return words
    case, said = next((c, g) for c, g in zip(cases, got) if abs(right(*c) - g) >= 1e-9)
    return f"{show(*case)} it gives {said:g}, and by hand it is {right(*case):g}"


# --- exercise 1: the score of one future ---


def score_of(rew, cont, gamma):
    """The reference."""
    total, alive = 0.0, 1.0
    for r, c in zip(rew, cont):
        total, alive = total + alive * r, alive * c
        alive *= gamma
    return total


def show_future(rew, cont, gamma):
    """A case in words."""
    return f"for rew={rew}, cont={cont}, gamma={gamma}"


def discounts(answer, rng):
    """No end in the episode: order, sum and discount."""
    cases = [(draw_rewards(rng), [1] * 4, gamma) for gamma in (0.5, 0.8, 1.0)]
    variants = [
        (lambda r, c, g: sum(r), "gamma is not used: reward t is discounted t times"),
        (lambda r, c, g: g * score_of(r, c, g), "the first reward is not discounted"),
        (lambda r, c, g: score_of(r[:-1], c, g), "the last reward is missing"),
        (lambda r, c, g: score_of(r[::-1], c, g), "the first reward comes first: mind the order"),
        (lambda r, c, g: score_of(r, c, g) / len(r), "a score is a sum, and no mean"),
    ]
    return first_difference(answer, cases, score_of, variants, show_future)


def ends(answer, rng):
    """Continues of 0 and 1."""
    cases = [(draw_rewards(rng), c, 0.5) for c in ([1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 1])]
    one_late = lambda r, c, g: sum(
        g**t * r[t] * (c[t - 1] if t else 1) for t in range(len(r))
    )  # only the last continue
    variants = [
        (lambda r, c, g: score_of(r, [1] * 4, g), "nothing counts after the end: use cont"),
        (
            lambda r, c, g: score_of([x * k for x, k in zip(r, c)], c, g),
            "the reward of the step that ends the episode counts: cont[t] concerns what comes "
            "after step t",
        ),
        (one_late, "once it has ended it stays ended: multiply all the earlier continues"),
    ]
    return first_difference(answer, cases, score_of, variants, show_future)


def chances(answer, rng):
    """Continues between 0 and 1."""
    cases = [(draw_rewards(rng), rng.integers(2, 9, 4) / 10, 0.5) for _ in range(3)]
    cases = [(rew, cont.tolist(), gamma) for rew, cont, gamma in cases]
    ones = lambda r, c, g: score_of(r, [float(x > 0) for x in c], g)
    halves = lambda r, c, g: score_of(r, [float(x > 0.5) for x in c], g)
    words = "continues are probabilities between 0 and 1: multiply all the earlier ones"
    return first_difference(answer, cases, score_of, [(ones, words), (halves, words)], show_future)


def draw_rewards(rng):
    """Four rewards from 1 to 9, all different."""
    return rng.permutation(np.arange(1, 10))[:4].tolist()


def wrong_value(r, c, g):
    """The continue of a step is multiplied in too early."""
    alive, total = 1.0, 0.0
    for t in range(len(r)):
        alive *= c[t]
        total += g**t * alive * r[t]
    return total


check_value = Exercise(
    "What is a future worth?",
    [discounts, ends, chances],
    wrong=[
        (lambda r, c, g: sum(r), "gamma is not used"),
        (lambda r, c, g: sum(g ** (t + 1) * x for t, x in enumerate(r)), "first reward is not"),
        (lambda r, c, g: sum(g**t * x for t, x in enumerate(r)), "nothing counts after the end"),
        (lambda r, c, g: sum(g**t * x for t, x in enumerate(r[:-1])), "last reward is missing"),
        (wrong_value, "the step that ends the episode counts"),
        (
            lambda r, c, g: sum(g**t * r[t] * (c[t - 1] if t else 1) for t in range(len(r))),
            "stays ended",
        ),
        (lambda r, c, g: score_of(r, [float(x > 0) for x in c], g), "probabilities"),
        (lambda r, c, g: 1.75, "by hand"),
    ],
)


# --- exercise 2: the first action of the best plan ---


def spoiled(**changes):
    """A search with one line that is wrong."""
    return lambda table, s, depth: int(np.argmax(values_of(table, s, depth, **changes)))


def repeats(table, s, depth):
    """Only plans that repeat one action."""
    totals = []
    for a in (0, 1):
        at, total, alive = s, 0, 1
        for _ in range(depth):
            at, r, c = table[at, a]
            total, alive = total + alive * r, alive * c
        totals.append(total)
    return int(totals[1] > totals[0])


def last_action(table, s, depth):
    """The last action of the best plan instead of the first."""
    for d in range(depth, 0, -1):
        a = best_action(table, s, d)
        s = table[s, a][0]
    return a


def shorter(table, s, depth):
    """The last reward is missing."""
    return best_action(table, s, depth - 1) if depth > 1 else 0


SEARCHES = [
    (lambda table, s, d: 0, "it gives action 0 whatever the world is"),
    (lambda table, s, d: 1, "it gives action 1 whatever the world is"),
    (lambda table, s, d: best_action(table, s, 1), "it compares the next rewards alone"),
    (shorter, "the last reward is missing: a plan of depth steps has depth rewards"),
    (lambda table, s, d: best_action(table, s, d + 1), "it searches one step deeper than asked"),
    (repeats, "it tries only plans that repeat one action: try every sequence"),
    (last_action, "it gives the last action of the best plan, and the first is wanted"),
    (lambda table, s, d: 1 - best_action(table, s, d), "it takes the worse of the two actions"),
    (spoiled(over=sum), "later choices are yours: take the best of them, not their sum or mean"),
    (spoiled(over=lambda v: sum(v) / 2), "later choices are yours: take the best, not the mean"),
    (spoiled(over=min), "later choices are yours: take the best of them, not the worst"),
]


def searches(answer, rng):
    """No ends, no ties."""
    cases = [case for case in draw_worlds(rng, ends=False) if not tied(*case)][:60]
    return first_difference(asked(answer), cases, best_action, SEARCHES, show_world)


def breaks_ties(answer, rng):
    """No ends, and both actions are worth the same."""
    cases = [case for case in draw_worlds(rng, ends=False) if tied(*case)][:30]
    one = (lambda table, s, d: 1, "at a tie return action 0")
    return first_difference(asked(answer), cases, best_action, [one], show_world)


def stops(answer, rng):
    """With ends, no ties."""
    cases = [case for case in draw_worlds(rng, ends=True) if not tied(*case)][:60]
    variants = [
        (spoiled(after=lambda r, c, best: r + best), "rewards after the end were counted"),
        (
            spoiled(after=lambda r, c, best: c * (r + best)),
            "the step that ends the episode still pays its reward",
        ),
        (
            spoiled(after=lambda r, c, best: r + c * max(best, 0)),
            "it stops where rewards are negative: a plan goes on to its full depth",
        ),
    ]
    return first_difference(asked(answer), cases, best_action, variants, show_world)


def draw_worlds(rng, ends, states=5):
    """Small worlds with a state and a depth from 1 to 4; past an end the table goes on."""
    for _ in range(400):
        table = {
            (s, a): (
                int(rng.integers(states)),
                int(rng.integers(-3, 4)),
                int(not ends or rng.random() > 0.35),
            )
            for s, a in product(range(states), (0, 1))
        }
        yield table, int(rng.integers(states)), int(rng.integers(1, 5))


def tied(table, s, depth):
    """Whether both actions are worth the same."""
    first, second = values_of(table, s, depth)
    return first == second


def asked(answer):
    """The answer as a function of a table."""
    return lambda table, s, depth: answer(lambda state, a: table[state, a], s, depth)


def show_world(table, s, depth):
    """A case in words."""
    rows = "; ".join(f"{key}: {row}" for key, row in sorted(table.items()))
    return f"in the world (state, action): (next, reward, continue) {rows}, from {s}, depth {depth}"


def searched(**changes):
    """A wrong answer: an exhaustive search with a spoiled line."""

    def answer(step, state, depth):
        def table_values(s, d):
            after, over = changes.get("after", lambda r, c, b: r + c * b), changes.get("over", max)
            rows = [step(s, a) for a in (0, 1)]
            return [after(r, c, over(table_values(n, d - 1)) if d > 1 else 0) for n, r, c in rows]

        values = table_values(state, depth + changes.get("more", 0)) if depth else [0, 0]
        return changes.get("pick", lambda v: int(v[1] > v[0]))(values)

    return answer


check_best = Exercise(
    "Conclude which is the best",
    [searches, breaks_ties, stops],
    wrong=[
        (lambda step, s, d: 0, "whatever the world is"),
        (lambda step, s, d: int(step(s, 1)[1] > step(s, 0)[1]), "next rewards alone"),
        (searched(pick=lambda v: int(v[1] >= v[0])), "at a tie return action 0"),
        (searched(after=lambda r, c, b: r + b), "after the end were counted"),
        (searched(after=lambda r, c, b: c * (r + b)), "still pays"),
        (searched(more=1), "one step deeper"),
        (searched(over=min), "not the worst"),
        (searched(over=lambda v: sum(v) / 2), "not the mean"),
        (lambda step, s, d: searched()(step, s, d - 1), "last reward is missing"),
        (
            lambda step, s, d: repeats(
                {(n, a): step(n, a) for n in range(5) for a in (0, 1)}, s, d
            ),
            "repeat one action",
        ),
        (lambda step, s, d: [0] * d, "should have shape ()"),
    ],
)


# --- exercises 3, 4 and 5 ---

check_wish = Exercise("A wish with a condition", wishes.CHECKS, wishes.WRONG)
check_arrival = Exercise("A door is closed", repairs.CHECKS, repairs.WRONG)


check_invention = Exercise(
    "A world in which deeper search is worse", inventions.CHECKS, inventions.WRONG
)
