"""Chapter 13, open problems and the scoreboard: the experiments behind its claims."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch13_open_problems import belief, horizons, mismatch, scaling
from wmlib.course.ch13_open_problems.boards import pixels, states, table  # noqa: F401
from wmlib.course.ch13_open_problems.goodhart import run_harder
from wmlib.evidence import Claim, Experiment
from wmlib.models.vector import Still
from wmlib.worlds import Pendulum

# --- thirty steps of a pendulum ---


def nothing_moves(seed):
    """A model in which nothing moves, in the place of every network."""
    test, still = horizons.real_steps(seed, 1, 3000), Still(horizons.SIZE, Pendulum().act_space)
    figures = horizons.of_model(still, test, seed)
    changed = ("vote", "own", "own_vote", "pooled", "longer", "more", "both")
    return figures | dict.fromkeys(changed, figures["walk"]) | {"leap": figures["walk"][4::5]}


def cubes(seed):
    """Least squares on products, in the place of the network: the same 500 rows."""
    test, data = horizons.real_steps(seed, 1, 3000), horizons.real_steps(seed, 0)
    return horizons.of_model(horizons.Cubes(data), test, seed)


horizon = Experiment(
    "13_horizon",
    horizons.run_horizon,
    {
        "own": Claim(
            "Thirty steps ahead the network errs more than {times} times as much as the true "
            "physics begun with the network's error of one step ({walk[29]:.2f} against "
            "{physics[29]:.2f}). The errors that the network makes along the true path, carried "
            "on by the true physics, come to {carried[29]:.2f}, between {part:.0%} and {most:.0%} "
            "of it. For least squares on products it is {cubes[walk][29]:.2f}, "
            "{cubes[physics][29]:.2f}, {cubes[carried][29]:.2f}.",
            lambda f, times, part, most: (
                f["walk"][29] > times * f["physics"][29]
                and part < f["carried"][29] / f["walk"][29] < most
            ),
            times=2,
            part=0.4,
            most=1.2,
        ),
        "vote": Claim(
            "Three networks that learned from the same rows gain less than {little:.0%} by "
            "voting, ten steps ahead ({walk[9]:.3f} to {vote[9]:.3f}); three that learned from "
            "rows of their own gain more than {more:.0%} ({own[9]:.3f} to {own_vote[9]:.3f}). One "
            "network that learned from all those rows errs by {pooled[walk][9]:.3f}.",
            lambda f, little, more: (
                f["vote"][9] > (1 - little) * f["walk"][9]
                and f["own_vote"][9] < (1 - more) * f["own"][9]
            ),
            little=0.1,
            more=0.1,
        ),
        "leap": Claim(
            "A leap over five steps errs more than {times} times as much as five steps walked "
            "({leap[0]:.3f} against {walk[4]:.3f}); thirty steps ahead it is no nearer "
            "({leap[5]:.2f} against {walk[29]:.2f}).",
            lambda f, times: f["leap"][0] > times * f["walk"][4] and f["leap"][5] > f["walk"][29],
            times=1.15,
        ),
        "updates": Claim(
            "Four times the updates on the same 500 rows take away more than {most:.0%} of the "
            "error ten steps ahead ({walk[9]:.3f} to {longer[9]:.3f}); eight times the rows with "
            "the same updates leave {more[9]:.3f}, both {both[9]:.3f}. Least squares on products, "
            "from the 500 rows, leaves {cubes[walk][9]:.3f}.",
            lambda f, most: f["longer"][9] < (1 - most) * f["walk"][9],
            most=0.15,
        ),
        "tail": Claim(
            "Thirty steps ahead the worst tenth of the stretches holds more than {most:.0%} of the "
            "squared error ({worst:.0%}; least squares: {cubes[worst]:.0%}). The median stretch errs "
            "by {median:.2f}; least squares by {cubes[median]:.3f}.",
            lambda f, most: f["worst"] > most,
            most=0.6,
        ),
    },
    seeds=10,
    trivial={"nothing moves": nothing_moves},
    rival={"cubes": cubes, "pooled": {"walk": "pooled"}},
)


# --- a ball behind a wall ---

hidden = Experiment(
    "13_hidden",
    belief.belief_figures,
    {
        "score": Claim(
            "The belief's CRPS is less than {share} times that of the best guess with an error bar "
            "({belief_crps:.2f} against {guess_bar_crps:.2f} pixels; without the bar "
            "{guess_crps:.2f}). A guess learned by absolute error scores {median[guess_crps]:.2f}. "
            "The outcomes of the 50 most similar moments score {neighbours[belief_crps]:.2f}.",
            lambda f, share: f["belief_crps"] < share * min(f["guess_crps"], f["guess_bar_crps"]),
            trivial=["untrained", "climate"],
            share=0.9,
        ),
        "caught": Claim(
            "Who waits where the belief says catches more than {least:.0%} of the balls "
            "({belief_caught:.0%}); who waits where the guess learned by squared error says, less "
            "than {most:.0%} ({guess_caught:.0%}). The guess learned by absolute error catches "
            "{median[guess_caught]:.0%}, the similar moments {neighbours[belief_caught]:.0%}.",
            lambda f, least, most: f["belief_caught"] > least and f["guess_caught"] < most,
            trivial=["untrained", "climate"],
            least=0.6,
            most=0.3,
        ),
        "mean": Claim(
            "Who waits at the mean of the same belief catches less than {most:.0%} "
            "({mean_caught:.0%}), who waits at the best place more than {least:.0%} "
            "({belief_caught:.0%}). For the similar moments: {neighbours[mean_caught]:.0%} and "
            "{neighbours[belief_caught]:.0%}.",
            lambda f, most, least: f["mean_caught"] < most and f["belief_caught"] > least,
            trivial=["untrained", "climate"],
            most=0.3,
            least=0.6,
        ),
        "calibrated": Claim(
            "How often the belief says that the ball comes through is within {points:.0%} of how "
            "often it does ({through_said:.0%}, {through_true:.0%}); the similar moments say "
            "{neighbours[through_said]:.0%}.",
            lambda f, points: abs(f["through_said"] - f["through_true"]) < points,
            trivial=["untrained", "climate"],
            points=0.15,
        ),
    },
    seeds=10,
    trivial={"untrained": belief.no_training, "climate": belief.climate},
    rival={"median": belief.median, "neighbours": belief.neighbours},
)


def never(function, **settings):
    """The same for a ball that never turns."""
    return lambda seed: function(seed, turn=0.0, **settings)


certain = Experiment(
    "13_certain",
    never(belief.belief_figures, steps=400),
    {
        "both": Claim(
            "Where the ball never turns, the guess learned by squared error catches more than "
            "{most:.0%} ({guess_caught:.0%}) and the belief more than {all:.0%} "
            "({belief_caught:.0%}). Learned by absolute error the guess catches "
            "{median[guess_caught]:.0%}; the similar moments {neighbours[belief_caught]:.0%}.",
            lambda f, most, all: f["guess_caught"] > most and f["belief_caught"] > all,
            trivial=["untrained"],
            most=0.8,
            all=0.9,
        )
    },
    seeds=10,
    trivial={"untrained": never(belief.no_training)},
    rival={"median": never(belief.median, steps=400), "neighbours": never(belief.neighbours)},
)

# --- scale ---


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
        "between": Claim(
            "For a student with four times the data and twice the width of any in the grid, a "
            "straight line along the data promises too little error ({straight:.3f}), the joint law "
            "too much ({said:.3f}): the truth is {far:.3f}. The joint law is within {law:.0%} of "
            "it, the line within {line:.0%}. A line through the last two points alone "
            "says {last_two[straight]:.3f}.",
            lambda f, law, line: (
                f["straight"] < f["far"] < f["said"]
                and abs(f["said"] / f["far"] - 1) < law
                and abs(f["straight"] / f["far"] - 1) < line
            ),
            trivial=["nothing helps"],
            law=0.25,
            line=1 / 3,
        ),
        "bottleneck": Claim(
            "Sixteen times the data divides the error of a student of width 64 by more than "
            "{wide} ({grid[0][3]:.2f} to {grid[4][3]:.3f}), that of a student of width 8 by less "
            "than {narrow} ({grid[0][0]:.2f} to {grid[4][0]:.2f}).",
            lambda f, wide, narrow: (
                f["grid"][0][3] / f["grid"][4][3] > wide
                and f["grid"][0][0] / f["grid"][4][0] < narrow
            ),
            trivial=["untrained"],
            wide=2.5,
            narrow=1.7,
        ),
        "steps": Claim(
            "Thirty times the training, with data and width to spare, divides the error by at "
            "least {times} ({steps[0]:.2f} to {steps[5]:.3f}). So the fitted floor is no constant: "
            "it is {floor:.3f} after 1,500 steps, and {shorter[floor]:.3f} after 250.",
            lambda f, times: f["steps"][0] > times * f["steps"][-1],
            trivial=["untrained"],
            times=4,
        ),
    },
    seeds=10,
    trivial={"untrained": scaling.untrained, "nothing helps": scaling.nothing_helps},
    rival={"last_two": scaling.last_two, "shorter": scaling.shorter},
)


# --- one network, two losses ---


def untrained_model(seed):
    """The model as it is built, in the place of the one that learned from rewards."""
    data = mismatch.episodes(400, [seed, 7])
    found = mismatch.judge(mismatch.LatentModel(data, seed=seed), seed)
    return {f"{ours}_{key}": x for ours in ("rewards", "bare", "wide") for key, x in found.items()}


mismatched = Experiment(
    "13_mismatch",
    mismatch.run_mismatch,
    {
        "worse": Claim(
            "Trained on observations the model misses them by {observations_error:.2f} of their "
            "deviation; trained on rewards, by {rewards_error:.2f}, more than {times} times as "
            "much. And its plans earn more than {more} times as much: {rewards_paid:.1f} against "
            "{observations_paid:.1f} (the true model {true:.1f}, a random plan {random:.1f}). "
            "Trained on both, it errs by {both[rewards_error]:.2f} and earns "
            "{both[rewards_paid]:.1f}.",
            lambda f, times, more: (
                f["rewards_error"] > times * f["observations_error"]
                and f["rewards_paid"] > more * f["observations_paid"]
            ),
            times=1.3,
            more=1.3,
        ),
        "cause": Claim(
            "It is the screen in a narrow latent state. Without the screen the same width and "
            "loss earn more than {bare} times as much ({bare_paid:.1f}). With the screen the "
            "narrow model misses the film by {observations_film:.2f}, the marble by "
            "{observations_marble:.2f}. Twice as wide it misses all by {wide_error:.2f} and earns "
            "{wide_paid:.1f}.",
            lambda f, bare: f["bare_paid"] > bare * f["observations_paid"],
            bare=1.3,
        ),
        "longer": Claim(
            "Trained on observations for twice as long, it errs by less than {share} times as much "
            "({longer_error:.2f}) and earns no more than {times} times as much "
            "({longer_paid:.1f}).",
            lambda f, share, times: (
                f["longer_error"] < share * f["observations_error"]
                and f["longer_paid"] < times * f["observations_paid"]
            ),
            trivial=["no longer"],
            share=0.95,
            times=1.25,
        ),
    },
    seeds=10,
    trivial={
        "random plans": {"rewards_paid": "random", "bare_paid": "random", "wide_paid": "random"},
        "untrained": untrained_model,
        "no longer": {
            "longer_error": "observations_error",
            "rewards_paid": "observations_paid",
            "bare_paid": "observations_paid",
        },
    },
    rival={"both": {"rewards_error": "both_error", "rewards_paid": "both_paid"}},
)


# --- Goodhart ---

harder = Experiment(
    "13_harder",
    run_harder,
    {
        "hump": Claim(
            "What the chosen plan is worth rises to more than {least} ({lamp_truth[3]:.1f} at 64 "
            "plans), and with 4,096 it is less than {share} of its best ({lamp_truth[6]:.1f}). A "
            "plan drawn from the best sixteenth is worth {quantile[lamp_truth][6]:.1f}. Two sensors with "
            "lamps at two places, of which the lower report counts: "
            "{two_sensors[lamp_truth][6]:.1f}.",
            lambda f, least, share: (
                max(f["lamp_truth"]) > least and f["lamp_truth"][-1] < share * max(f["lamp_truth"])
            ),
            trivial=["at random"],
            least=4,
            share=0.4,
        ),
        "cure": Claim(
            "With the two sensors the best of 4,096 is worth more than the best of 64 by at least "
            "{more} ({two_paid[3]:.1f} to {two_paid[6]:.1f}); with two sensors that one lamp "
            "dazzles, {same_paid[6]:.1f}. Choosing by the true return, {best[two_paid][6]:.1f}.",
            lambda f, more: f["two_paid"][6] > f["two_paid"][3] + more,
            trivial=["at random", "the same lamp"],
            more=1,
        ),
        "line": Claim(
            "A line through 400 ordinary cases foretells the worth of the best of 4,096 "
            "within {near:.0%} if the errors are Gaussian ({light_said[6]:.2f} for "
            "{light_truth[6]:.2f}; to believe the measure says {believer[light_said][6]:.2f}). It "
            "is off by more than {far} where a lamp shines ({lamp_said[6]:.1f} for "
            "{lamp_truth[6]:.1f}) and where applicants game the measure ({gamed_said[6]:.1f} for "
            "{gamed_truth[6]:.1f}).",
            lambda f, near, far: (
                abs(f["light_said"][6] / f["light_truth"][6] - 1) < near
                and min(f[k + "_said"][6] - f[k + "_truth"][6] for k in ("lamp", "gamed")) > far
            ),
            trivial=["at random", "the mean"],
            near=0.25,
            far=3,
        ),
        "tails": Claim(
            "With Gaussian errors the true worth rises at every step, to more than {more} "
            "({light_truth[6]:.2f}). With heavy tails the best of 16 is worth more than {some} "
            "({heavy_truth[2]:.2f}), the best of 4,096 less than half of that "
            "({heavy_truth[6]:.2f}).",
            lambda f, more, some: (
                (np.diff(f["light_truth"]) > 0).all()
                and f["light_truth"][6] > more
                and f["heavy_truth"][2] > some
                and f["heavy_truth"][6] < 0.5 * f["heavy_truth"][2]
            ),
            trivial=["at random"],
            more=2,
            some=0.4,
        ),
    },
    seeds=10,
    trivial={
        "at random": {
            "lamp_truth": "random_paid",
            "two_paid": "random_paid",
            "light_truth": "random_truth",
            "heavy_truth": "random_truth",
        },
        "the same lamp": {"two_paid": "same_paid"},
        "the mean": {"light_said": "random_truth", "lamp_said": "random_truth"},
    },
    rival={
        "quantile": {"lamp_truth": "quantile_paid"},
        "two_sensors": {"lamp_truth": "two_paid"},
        "best": {"two_paid": "best_paid"},
        "believer": {"light_said": "light_measure"},
    },
)
