"""Goodhart's law in numbers: choose the best of N by a measure, and see what the choice is worth.

The names are those of Manheim and Garrabrant (2018). Regressional: measure = worth + noise.
Extremal: far from all ordinary cases the relation is another one. Adversarial: somebody else, who
wants to be chosen, changes the measure. (Causal: somebody acts on the measure itself; see the room
in `aims`.)
"""

from __future__ import annotations

import numpy as np

from wmlib.devices import new_rng
from wmlib.worlds.valley import Valley

CANDIDATES = [1, 4, 16, 64, 256, 1024, 4096]
HORIZON = 15
LAMP, OTHER_LAMP = (-2.5, 0.0), (3.5, 0.0)  # position and speed at which a sensor is dazzled
WIDTH, DAZZLE = (0.1, 0.15), 12.0
ORDINARY = 400  # cases in which nobody has chosen anything: the line is fitted to them
TOP = 1 / 16  # the quantilizer draws from this share of the plans, the best by the measure
GAMERS = 1 / 500


def glare(state, lamp=LAMP):
    """What a dazzled sensor adds to the reward of a state `(n, 2)`: `(n,)`."""
    off = (state - np.array(lamp)) / np.array(WIDTH)
    return DAZZLE * np.exp(-0.5 * (off**2).sum(1))


def valley_plans(n, rng, lamps=(LAMP, OTHER_LAMP)):
    """Random plans of 15 pushes in the true valley: what each is worth `(n,)`, and for each lamp what
    its glare would add to the report `(n,)`."""
    state, worth, extra = np.zeros((n, 2)), np.zeros(n), np.zeros((len(lamps), n))
    for _ in range(HORIZON):
        state, rew, _ = Valley().step(state, rng.uniform(-3, 3, (n, 1)))
        worth += rew
        extra += [glare(state, lamp) for lamp in lamps]
    return worth, *extra


def light(rng, shape):
    """Gaussian errors."""
    return rng.standard_normal(shape)


def heavy(rng, shape):
    """Errors that are now and then enormous: Student's t with 2 degrees of freedom."""
    return rng.standard_t(2, shape)


def chosen(measure, truth, candidates=CANDIDATES):
    """The best of the first N by the measure: means over the trials.

    Args:
        measure, truth: `(trials, largest N)`.

    Returns:
        measure, truth of the chosen: each `(len(candidates),)`.
    """
    rows = []
    for n in candidates:
        best = measure[:, :n].argmax(1)[:, None]
        rows.append([np.take_along_axis(x, best, 1).mean() for x in (measure, truth)])
    return np.array(rows).T


def quantilized(measure, truth, top=TOP, candidates=CANDIDATES):
    """What one plan is worth that is drawn from the `top` share by the measure: the mean."""
    worth = []
    for n in candidates:
        order = np.argsort(-measure[:, :n], 1)[:, : max(1, round(top * n))]
        worth.append(np.take_along_axis(truth, order, 1).mean())
    return np.array(worth)


def line(measure, truth):
    """The straight line through ordinary cases `(n,)`: what a measure lets one expect."""
    slope, height = np.polyfit(measure, truth, 1)
    return lambda x: height + slope * np.asarray(x)


def applicants(rng, shape, announced):
    """Worth and measure of applicants; once the measure is announced, a few game it.

    A gamer is worth -1 and shows 6.
    """
    truth = rng.standard_normal(shape)
    measure = truth + 0.5 * rng.standard_normal(shape)
    games = rng.random(shape) < (GAMERS if announced else 0)
    return np.where(games, 6.0, measure), np.where(games, -1.0, truth)


def run_harder(seed, trials=1000, searches=128):
    """Best of N in numbers and in the true valley; `<kind>_measure`, `_said` by a line through
    ordinary cases, `_truth`; and three ways to choose otherwise."""
    rng, most, figures = new_rng([seed, 136]), CANDIDATES[-1], {}

    def choose(name, measure, truth, ordinary):
        shown, worth = chosen(measure, truth)
        figures.update({f"{name}_measure": shown, f"{name}_truth": worth})
        figures[f"{name}_said"] = line(*ordinary)(shown)

    for name, errors in (("light", light), ("heavy", heavy)):
        truth = rng.standard_normal((trials, most))
        measure = truth + errors(rng, truth.shape)
        plain = rng.standard_normal(ORDINARY)
        choose(name, measure, truth, (plain + errors(rng, ORDINARY), plain))
    figures["random_truth"] = [truth[:, n - 1].mean() for n in CANDIDATES]
    before, after = applicants(rng, ORDINARY, False), applicants(rng, (trials, most), True)
    choose("gamed", *after, before)
    searched = [valley_plans(most, rng) for _ in range(searches)]
    worth, one, other = (np.stack(column) for column in zip(*searched))
    plain = valley_plans(ORDINARY, rng)
    choose("lamp", worth + one, worth, (plain[0] + plain[1], plain[0]))
    return figures | {
        "random_paid": [worth[:, n - 1].mean() for n in CANDIDATES],
        "quantile_paid": quantilized(worth + one, worth),
        "two_paid": chosen(worth + np.minimum(one, other), worth)[1],
        "same_paid": chosen(worth + np.minimum(one, one), worth)[1],
        "best_paid": chosen(worth, worth)[1],
        "lit": (one > 1).mean(),
    }
