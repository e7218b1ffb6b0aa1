"""Day 3: what the best plan of a given length is worth, with ends and the last reward."""

from __future__ import annotations

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import numbers

Model = dict[tuple[int, int], tuple[float, int, float]]  # (state, act) -> (rew, next state, cont)
NEAR = 1e-4

# State 0, 1, 2 lie in a row, act 1 goes on to the next; staying in 1 pays a little.
ROW: Model = {
    (0, 0): (0.0, 0, 1.0),
    (0, 1): (1.0, 1, 1.0),
    (1, 0): (0.5, 1, 1.0),
    (1, 1): (0.0, 2, 1.0),
    (2, 0): (0.0, 2, 1.0),
    (2, 1): (8.0, 3, 1.0),
    (3, 0): (0.0, 3, 1.0),
    (3, 1): (0.0, 3, 1.0),
}
# Act 1 in state 0 pays 4 and ends the episode. State 2 is what the model says of "afterwards".
END: Model = {
    (0, 0): (0.0, 1, 1.0),
    (0, 1): (4.0, 2, 0.0),
    (1, 0): (3.0, 1, 1.0),
    (1, 1): (0.0, 1, 1.0),
    (2, 0): (10.0, 2, 1.0),
    (2, 1): (10.0, 2, 1.0),
}
# Everything costs; to end it at once costs least.
COST: Model = {
    (0, 0): (-1.0, 0, 1.0),
    (0, 1): (-1.25, 1, 0.0),
    (1, 0): (0.0, 1, 1.0),
    (1, 1): (0.0, 1, 1.0),
}


def value(exam: Exam) -> str | None:
    """Cases that can be worked out by hand, with a discount of a half."""

    def said(model, depth, gamma=0.5):
        got = exam.student.call("best_value", model, 0, depth, gamma)
        return float(numbers(got, (), "the value of best_value"))

    got = {depth: said(ROW, depth) for depth in (1, 2, 3)}  # right: 1, 1.25, 3
    if _all(got, {1: 0.0, 2: 1.0, 3: 1.25}):
        return "the last reward is missing: a plan of 3 acts has 3 rewards, and all of them count"
    if _all(got, {1: 1.25, 2: 3.0, 3: 3.0}):
        return "it looks one step too far: a plan of depth 1 is one act and one reward"
    if _all(got, {1: 0.5, 2: 0.625, 3: 1.5}):
        return "the first reward is discounted already: its factor is gamma ** 0, which is 1"
    if _all(got, {1: 1.0, 2: 1.5, 3: 9.0}):
        return "there is no discount: the reward after t steps counts gamma ** t"
    if _all(got, {1: 1.0, 2: 1.25, 3: 1.375}):
        return "it takes what pays most at each step: a plan that pays 0 first may be the best"
    if _all(got, {1: 0.0, 2: 0.0, 3: 0.0}):
        return "it gives 0 for the model ROW: is it the best plan whose value is returned?"
    if _all(got, {1: 1.0, 2: 1.0, 3: 1.0}):
        return "only the first reward arrives: cont is 1 where the episode goes on, 0 where it ends"
    if not _all(got, {1: 1.0, 2: 1.25, 3: 3.0}):
        return f"for the model ROW, depths 1, 2, 3 and gamma 0.5, it gives {_list(got)}: by hand?"
    return None


def ends(exam: Exam) -> str | None:
    """Plans that end the episode."""

    def said(model, depth):
        got = exam.student.call("best_value", model, 0, depth, 0.5)
        return float(numbers(got, (), "the value of best_value"))

    got = {depth: said(END, depth) for depth in (2, 3)}  # right: 4, 4
    if _all(got, {2: 9.0, 3: 11.5}):
        return "rewards after the end are counted: weight each by the continues before it"
    if _all(got, {2: 1.5, 3: 2.25}):
        return "the step that ends the episode still pays: only what comes after it counts nothing"
    if not _all(got, {2: 4.0, 3: 4.0}):
        return f"for the model END, depths 2 and 3 and gamma 0.5, it gives {_list(got)}: by hand?"
    got = {depth: said(COST, depth) for depth in (1, 3)}  # right: -1, -1.25
    if _all(got, {1: 0.0, 3: 0.0}):
        return "every plan costs something here, and it says 0: does its search begin at 0?"
    if _all(got, {1: -1.0, 3: -1.75}):
        return "to end the episode early is a plan too, and here the cheapest"
    if not _all(got, {1: -1.0, 3: -1.25}):
        return f"for the model COST, depths 1 and 3, gamma 0.5, it gives {_list(got)}: by hand?"
    return None


def first(exam: Exam) -> str | None:
    """The first act of the best plan; which act is which is drawn."""
    for swap in exam.rng("swap").permutation([0, 1, 0, 1]):
        # Act a pays 1 and leads to nothing; act b pays 0, and then act a pays 5.
        a, b = int(swap), 1 - int(swap)
        model: Model = {(0, a): (1.0, 1, 1.0), (0, b): (0.0, 2, 1.0)}
        model |= {(1, act): (0.0, 1, 1.0) for act in (0, 1)}
        model |= {(2, a): (5.0, 1, 1.0), (2, b): (0.0, 1, 1.0)}
        near, far = (
            float(numbers(exam.student.call("best_act", model, 0, depth, 0.5), (), "the act"))
            for depth in (1, 2)
        )
        if near not in (0, 1) or far not in (0, 1):
            return f"the acts are 0 and 1, and it gives {far if near in (0, 1) else near:g}"
        if (near, far) == (a, a):
            return (
                "where an act that pays nothing now opens a better plan, best_act does not take "
                "it. Does it look at the next reward alone, or give the last act of the plan?"
            )
        if (near, far) != (a, b):
            return "with depth 1 only the next reward counts, and best_act does not take it"
        past: Model = {(0, a): (1.0, 1, 0.0), (0, b): (2.0, 2, 1.0)}
        past |= {(1, act): (9.0, 1, 1.0) for act in (0, 1)}
        past |= {(2, act): (0.0, 2, 1.0) for act in (0, 1)}
        if exam.student.call("best_act", past, 0, 3, 0.5) != b:
            return "it takes an act that ends the episode, for rewards that come after the end"
    return None


def _all(got, values):
    return all(abs(got[depth] - value) < NEAR for depth, value in values.items())


def _list(got):
    return ", ".join(f"{value:g}" for value in got.values())


challenge = Challenge(
    name="day03_look_ahead",
    title="Look ahead",
    chapter="01",
    minutes=10,
    kind="build",
    seconds=30,
    parts=[
        Part("value", 2, "The value of the best plan of a given length.", value),
        Part("ends", 2, "The same where plans may end the episode.", ends),
        Part("act", 1, "The first act of the best plan.", first),
    ],
    hints=[
        "All plans: itertools.product((0, 1), repeat=depth). What is one of them worth?",
        "Walk through the plan with two numbers beside the state: the sum so far, and what the next "
        "reward is worth, which is 1 at the start.",
        "After each step: add weight * rew to the sum, then multiply the weight by gamma * cont. In "
        "that order. The best plan is the one with the largest sum; begin the search at -inf.",
    ],
)
