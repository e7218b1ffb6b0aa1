"""The check of exercise 4: an evolution strategy of one's own, on scores with luck in them."""

from __future__ import annotations

import numpy as np

from wmlib.exercise import Exercise, numbers

SEARCHES, BUDGET, SIZE = 12, 2000, 20  # of the check: problems, scores, numbers
ENOUGH = 0.85  # share of the way from zero to the best place


class Noisy:
    """A score with luck in it: `score(parameters (N, n)) -> (N,)`, best at a hidden place.

    What a learner's search is given. It counts what it was asked, refuses more than the budget, and
    keeps how far apart the draws of each batch were: from this a mistake is recognised.
    """

    def __init__(self, rng):
        self.rng, self.best = rng, rng.uniform(0.5, 2) * rng.normal(0, 1, SIZE)
        self.asked, self.spreads = 0, []

    def __call__(self, parameters):
        given = np.asarray(parameters, float)
        if given.ndim != 2 or given.shape[1] != SIZE:
            raise ValueError(f"score takes parameters (N, {SIZE}), got {given.shape}")
        self.asked += len(given)
        if self.asked > BUDGET:
            raise ValueError(f"more than {BUDGET} scores asked")
        self.spreads += [given.std(0).mean()] if len(given) > 1 else []
        return self.true(given) + self.rng.normal(0, 3, len(given))

    def true(self, parameters):
        """Without the luck."""
        return -((parameters - self.best) ** 2).sum(-1)


def _asked(problem):
    """The score and nothing else: the place that is looked for stays behind the check."""
    return lambda parameters: problem(parameters)


def examine_search(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    reached, begun = [], []
    for _ in range(SEARCHES):
        problem = Noisy(rng)
        found = numbers(
            answer(_asked(problem), SIZE, BUDGET, rng), (SIZE,), "what the search found"
        )
        if problem.asked == 0:
            return "it never asked for a score"
        reached.append(problem.true(found))
        begun.append(problem.true(np.zeros(SIZE)))
    share = 1 - np.mean(reached) / np.mean(begun)  # 1: the best place; 0: where it began
    if share >= ENOUGH:
        return None
    return f"{share:.0%} of the way from zero to the best place, {ENOUGH:.0%} are asked: " + (
        _why_not(share, problem.asked, np.array(problem.spreads or [1.0]))
    )


def _why_not(share, asked, spreads):
    """What a search did wrong, by what it asked for: spreads of the draws of each batch."""
    if spreads[0] > 4:
        return "the first steps are far too large; begin with a step size below 1"
    if share < -0.05:
        return "it moves away from the best place: is more better in your sort?"
    if len(spreads) <= 2 and asked > 100:
        return (
            "that is the best of many draws at once, and mostly luck; move the mean towards the "
            "better ones, and draw again around it, many times"
        )
    if asked < BUDGET // 2:
        return f"it stops early, after {asked} of {BUDGET} scores"
    if spreads[0] < 0.1:
        return f"the steps are too small: {spreads[0]:.1g} in each direction at the beginning"
    if spreads[len(spreads) // 2] < spreads[0] / 100:
        return "the step size shrinks too fast: in the middle of the search nothing moves any more"
    return (
        "it moves, but luck decides too much: more draws a generation, the average of the best "
        "quarter and not one draw, and a step size that shrinks a little"
    )


def evolve(score, size, budget, rng, population=20, sigma=0.5, shrink=0.97, kept=0.25, sign=-1):
    """A plain evolution strategy, the solution."""
    middle = np.zeros(size)
    for _ in range(budget // population):
        draws = middle + sigma * rng.normal(size=(population, size))
        order = np.argsort(sign * score(draws))
        middle = draws[order[: max(1, int(kept * population))]].mean(0)
        sigma *= shrink
    return middle


def wrongly(**settings):
    """An answer that evolves with other settings than the solution's."""
    return lambda score, size, budget, rng: evolve(score, size, budget, rng, **settings)


def one_batch(score, size, budget, rng):
    """An answer that draws once and takes the mean of the best quarter."""
    draws = rng.normal(size=(budget, size))
    return draws[np.argsort(-score(draws))[: budget // 4]].mean(0)


def best_of_all(score, size, budget, rng):
    """An answer that keeps the best single draw."""
    draws = rng.normal(size=(budget, size))
    return draws[np.argmax(score(draws))]


check_search = Exercise(
    "A search of your own",
    [examine_search],
    wrong=[
        (best_of_all, "mostly luck"),
        (lambda score, size, budget, rng: np.zeros(size), "never asked"),
        (lambda score, size, budget, rng: evolve(score, size, 3 * budget, rng), "more than 2000"),
        (lambda score, size, budget, rng: evolve(score, size, 160, rng), "stops early"),
        (one_batch, "mostly luck"),
        (wrongly(sign=1), "is more better in your sort"),
        (wrongly(sigma=20, sign=1), "far too large"),
        (wrongly(sigma=0.02, shrink=1), "steps are too small"),
        (wrongly(sigma=0.001), "steps are too small"),
        (wrongly(shrink=0.8), "shrinks too fast"),
        (wrongly(kept=0.05, shrink=1), "luck decides too much"),
        (lambda score, size, budget, rng: evolve(score, size, budget, rng)[:3], "shape"),
    ],
)
