"""Chapter 13, open problems and the scoreboard: the experiments behind its claims."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch13_open_problems import aims, scaling
from wmlib.course.ch13_open_problems.arenas import CARTPOLE, CATCH, of
from wmlib.course.ch13_open_problems.belief import belief_figures
from wmlib.course.ch13_open_problems.entrants import pixel_learners, state_entrants, with_controls
from wmlib.course.ch13_open_problems.horizons import run_horizon
from wmlib.evidence import Experiment
from wmlib.scoreboard import examine


def table(entrants, arena, seed):
    """Everybody is examined: figures, see `figures_of`.

    Args:
        entrants: name -> (model, real steps, seconds), as in `entrants_parts`.
    """
    return figures_of(
        {
            name: examine(model, arena, seed, steps, seconds)
            for name, (model, steps, seconds) in entrants.items()
        }
    )


def figures_of(rows):
    """Rows as figures: lists with one entry for each entrant."""
    columns = (
        "one_step",
        "k_steps",
        "sensitivity",
        "planning",
        "real_steps",
        "seconds",
        "parameters",
    )
    figures = {c: [getattr(row, c) for row in rows.values()] for c in columns}
    for measure in next(iter(rows.values())).errors:
        figures[measure] = [row.errors[measure] for row in rows.values()]
    return {"names": list(rows)} | figures


def run_states(seed):
    """The arena of states, CartPole: who learns, learns from the same 1,000 random steps."""
    return table(state_entrants(seed), CARTPOLE, seed)


def run_pixels(seed):
    """The arena of pictures, Catch: who learns, learns from the same film of random play."""
    return table(with_controls(pixel_learners(seed)), CATCH, seed)


horizon = Experiment(
    "13_horizon",
    run_horizon,
    {
        "own": (
            "thirty steps ahead the learned model is at least twice as wrong as the true physics "
            "that was begun with an error as large as the model's of a single step",
            lambda f: f["walk"][-1] > 2 * f["physics"][-1],
        ),
        "leap": (
            "leaping over five steps at a time, so that errors compound six times instead of "
            "thirty, does not help: the error is no smaller, give or take a tenth",
            lambda f: f["leap"][-1] > 0.9 * f["walk"][-1],
        ),
        "mean": (
            "nor does the mean of five models: it is within a fifth of one alone",
            lambda f: f["mean"][-1] > 0.8 * f["walk"][-1],
        ),
        "data": (
            "eight times the data, and four times the training, does: fifteen steps ahead it takes "
            "away at least a fifth of the error",
            lambda f: f["more"][14] < 0.8 * f["walk"][14],
        ),
    },
    seeds=5,
)

hidden = Experiment(
    "13_hidden",
    belief_figures,
    {
        "score": (
            "behind a wall where it may turn, the learned belief foretells the ball better than "
            "one best guess, and better than that guess with an honest error bar",
            lambda f: f["belief_crps"] < min(f["guess_crps"], f["guess_bar_crps"]),
        ),
        "caught": (
            "waiting where the belief says catches at least twice as many balls as waiting where "
            "the best guess says",
            lambda f: f["belief_caught"] >= 2 * f["guess_caught"],
        ),
        "mean": (
            "to wait at the mean of the belief gives most of that away: at least a quarter of all "
            "balls",
            lambda f: f["mean_caught"] <= f["belief_caught"] - 0.25,
        ),
        "calibrated": (
            "and it is roughly calibrated: how often it says the ball comes through is within 15 "
            "points of how often it does",
            lambda f: abs(f["through_said"] - f["through_true"]) < 0.15,
        ),
    },
    seeds=5,
)


def run_certain(seed):
    """The control: the ball never turns behind the wall."""
    return belief_figures(seed, turn=0.0, steps=400)


certain = Experiment(
    "13_certain",
    run_certain,
    {
        "both": (
            "where the ball never turns, one best guess does nearly as well: it catches at least "
            "eight balls in ten, the belief nine",
            lambda f: f["belief_caught"] >= 0.9 and f["guess_caught"] >= 0.8,
        )
    },
    seeds=5,
)


def run_scale(seed):
    """A grid over data and parameters, what two laws say of a larger point, and what is true."""
    errors, far = scaling.grid(seed)
    law, (said, low, high), laws = scaling.forecast(errors)
    _, straight = scaling.straight(np.array(scaling.DATA), errors[:, -1].mean(1), scaling.FAR[0])
    steps = [scaling.held_out_error(8000, 64, k, seed).mean() for k in scaling.STEPS]
    return {
        "grid": errors.mean(2),
        "far": far.mean(),
        "said": said,
        "low": low,
        "high": high,
        "exponents": law[:2],
        "floor": law[4],
        "straight": straight,
        "steps": steps,
        "data_exponent": np.quantile(laws[:, 0], [0.05, 0.95]),
        "params_exponent": np.quantile(laws[:, 1], [0.05, 0.95]),
    }


scale = Experiment(
    "13_scale",
    run_scale,
    {
        "between": (
            "for a student with four times the data and twice the width of any in the grid a "
            "straight line along the data promises too little error, the joint law too much: the "
            "truth lies between",
            lambda f: f["straight"] < f["far"] < f["said"],
        ),
        "near": (
            "the joint law is within a quarter of the truth, the line within a third",
            lambda f: (
                abs(f["said"] / f["far"] - 1) < 0.25 and abs(f["straight"] / f["far"] - 1) < 1 / 3
            ),
        ),
        "bottleneck": (
            "sixteen times the data divides the error of a student of width 64 by more than 2.5, "
            "that of a student of width 8 by less than 1.7",
            lambda f: (
                f["grid"][0][3] / f["grid"][4][3] > 2.5 and f["grid"][0][0] / f["grid"][4][0] < 1.7
            ),
        ),
        "steps": (
            "thirty times the training, with data and width to spare, divides the error by at "
            "least four",
            lambda f: f["steps"][0] > 4 * f["steps"][-1],
        ),
    },
    seeds=5,
)


def run_harder(seed):
    """Search harder in the true valley for what a dazzled sensor reports; and best of N."""
    reported, paid = aims.search_harder(seed)
    figures = {"reported": reported, "paid": paid}
    for name, errors in (("light", aims.light), ("heavy", aims.heavy)):
        measure, truth = aims.best_of_n(errors, np.random.default_rng([seed, 136]))
        figures |= {f"{name}_measure": measure, f"{name}_truth": truth}
    return figures


harder = Experiment(
    "13_harder",
    run_harder,
    {
        "reported": (
            "in the true valley, the more plans are compared, from 4 on, the more the sensor "
            "reports",
            lambda f: (np.diff(f["reported"][1:]) > 0).all(),
        ),
        "hump": (
            "what the plans are worth rises at first, and in the end is less than a tenth of its "
            "best",
            lambda f: max(f["paid"]) > f["paid"][0] + 0.5 and f["paid"][-1] < 0.1 * max(f["paid"]),
        ),
        "heavy": (
            "so it is with nothing but numbers, if the measure's errors are now and then "
            "enormous: the best of 4,096 is worth less than half of the best of 16",
            lambda f: f["heavy_truth"][6] < 0.5 * f["heavy_truth"][2],
        ),
        "light": (
            "with Gaussian errors of the same kind of size, the true worth only rises",
            lambda f: (np.diff(f["light_truth"]) > 0).all(),
        ),
    },
    seeds=10,
)

states = Experiment(
    "13_states",
    run_states,
    {
        "learned": (
            "on CartPole, learned networks play at least ten times as long as a planner for which "
            "nothing moves",
            lambda f: (
                min(of(f, "planning", "network"), of(f, "planning", "ensemble"))
                > 10 * of(f, "planning", "nothing moves")
            ),
        ),
        "linear": (
            "the linear model has the smallest error of all who learn, the fewest numbers, and "
            "plays as well as anyone",
            lambda f: all(
                of(f, "k_steps", "linear") < of(f, "k_steps", name)
                and of(f, "parameters", "linear") < of(f, "parameters", name)
                and of(f, "planning", "linear") >= of(f, "planning", name) - 5
                for name in ("table", "network", "ensemble")
            ),
        ),
        "table": (
            "the table is the worst of those who learn, in error and in play",
            lambda f: all(
                of(f, "k_steps", "table") > of(f, "k_steps", name)
                and of(f, "planning", "table") < of(f, "planning", name)
                for name in ("linear", "network", "ensemble")
            ),
        ),
        "heeds": (
            "linear model, network and ensemble move as far as reality when the actions change, "
            "within a tenth",
            lambda f: all(
                abs(of(f, "sensitivity", name) - 1) < 0.1
                for name in ("linear", "network", "ensemble")
            ),
        ),
    },
    seeds=5,
)


pixels = Experiment(
    "13_pixels",
    run_pixels,
    {
        "ball": (
            "on Catch, RSSM, VAE + MDN-RNN and tokens dream the ball within 0.6 pixels one step "
            "ahead and 2.5 ten steps ahead",
            lambda f: all(
                of(f, "one_step", name) < 0.6 and of(f, "k_steps", name) < 2.5
                for name in ("RSSM", "VAE + MDN-RNN", "tokens")
            ),
        ),
        "nearest": (
            "the RSSM is the nearest of all to it one step ahead, and ten steps ahead no further "
            "than the best of the others, give or take a tenth",
            lambda f: all(
                of(f, "one_step", "RSSM") < of(f, "one_step", name)
                and of(f, "k_steps", "RSSM") < 1.1 * of(f, "k_steps", name)
                for name in ("VAE + MDN-RNN", "tokens", "latent actions")
            ),
        ),
        "play": (
            "with VAE + MDN-RNN or tokens the planner catches more balls than it misses; random "
            "play catches one in four",
            lambda f: min(of(f, "planning", "VAE + MDN-RNN"), of(f, "planning", "tokens")) > 0,
        ),
        "dreamer": (
            "the RSSM's nearer dreams do not make the better player: VAE + MDN-RNN catches more",
            lambda f: of(f, "planning", "RSSM") < of(f, "planning", "VAE + MDN-RNN"),
        ),
        "memory": (
            "latent actions, which remember nothing, see the ball one step ahead within half a "
            "pixel, and ten steps ahead are at least twice as wrong as VAE + MDN-RNN",
            lambda f: (
                of(f, "one_step", "latent actions") < 0.5
                and of(f, "k_steps", "latent actions") > 2 * of(f, "k_steps", "VAE + MDN-RNN")
            ),
        ),
    },
    seeds=5,
)
