"""Chapter 3: experiments about ends, noise, ignorance, and the data of a good habit."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch03_neural_dynamics.rivals import (
    GaussianProcess,
    LeastSquares,
    MeanChange,
    cartpole_terms,
    threshold,
)
from wmlib.course.ch03_neural_dynamics.study import (
    TRAIN,
    Gusty,
    ShortCartPole,
    ends_found,
    fitted,
    habit,
    linear,
    near_and_far,
    one_step_error,
    real_steps,
    squared_errors,
    untrained,
)
from wmlib.devices import new_rng
from wmlib.evidence import Claim, Experiment
from wmlib.experience import Transitions, collect
from wmlib.models import NeuralDynamics
from wmlib.models.vector import Still
from wmlib.worlds import CartPole

# --- ends ---


def short_steps(seed):
    """Rows of CartPole cut off after 12 steps, and the same with a cut-off counted as an end."""
    short = real_steps(ShortCartPole(), TRAIN, [seed, 2])
    done = short[:]
    done.terminated = short.terminated | short.truncated
    return short, done


def run_ends(seed):
    """Ends that a continue head finds, and its false alarms, by how it was taught."""
    world = CartPole()
    data, test = real_steps(world, TRAIN, [seed, 0]), real_steps(world, 3000, [seed, 1])
    figures = {"ends": test.terminated.mean()}
    for name, balanced in (("balanced", True), ("plain", False)):
        model = NeuralDynamics(4, world.act_space, seed=seed)
        model.fit(data, steps=0, balanced=balanced)
        figures[f"{name}_found"], figures[f"{name}_false"] = ends_found(model, test)
    short, done = short_steps(seed)
    figures["truncated"] = short.truncated.sum() / (short.truncated | short.terminated).sum()
    for name, taught in (("terminated", short), ("done", done)):
        model = NeuralDynamics(4, world.act_space, seed=seed)
        model.fit(taught, steps=0)
        figures[f"{name}_found"], figures[f"{name}_false"] = ends_found(model, test)
    return figures


def one_threshold(seed):
    """The best rule of one feature and one limit, found in the same rows."""
    test = real_steps(CartPole(), 3000, [seed, 1])
    short, done = short_steps(seed)
    told = {}
    taught = {"balanced": real_steps(CartPole(), TRAIN, [seed, 0]), "terminated": short}
    for name, data in {**taught, "done": done}.items():
        feature, limit = threshold(data.next_obs, data.terminated)
        said = np.abs(test.next_obs[:, feature]) >= limit
        told[f"{name}_found"] = said[test.terminated].mean()
        told[f"{name}_false"] = said[~test.terminated].mean()
    return told


def moved(seed):
    """Batches as they come, and an end called wherever it is likelier than on average."""
    world = CartPole()
    data, test = real_steps(world, TRAIN, [seed, 0]), real_steps(world, 3000, [seed, 1])
    model = NeuralDynamics(4, world.act_space, seed=seed)
    model.fit(data, steps=0, balanced=False)
    found, false = ends_found(model, test, below=1 - data.terminated.mean())
    return {"balanced_found": found, "balanced_false": false}


SAID = [
    f"{name}_{share}" for name in ("balanced", "terminated", "done") for share in ("found", "false")
]

ends = Experiment(
    "03_ends",
    run_ends,
    {
        "balanced": Claim(
            "With ends in every batch the head finds more than {found:.0%} of the ends "
            "({balanced_found:.0%}) and calls less than {false:.0%} of the other steps ends "
            "({balanced_false:.1%}). Without them, but with the limit moved to the average rate, it "
            "is {moved[balanced_found]:.0%} and {moved[balanced_false]:.1%}; the best single limit "
            "on one feature has {limit[balanced_found]:.0%} and {limit[balanced_false]:.1%}.",
            lambda f, found, false: f["balanced_found"] > found and f["balanced_false"] < false,
            found=0.75,
            false=0.05,
        ),
        "done": Claim(
            "Taught that a cut-off is an end, the head raises more than {times} times as many "
            "false alarms ({done_false:.0%} of the steps against {terminated_false:.1%}). The best "
            "single limit on one feature, taught the same, raises {limit[done_false]:.1%} and finds "
            "{limit[done_found]:.0%} of the ends.",
            lambda f, times: f["done_false"] > times * f["terminated_false"],
            times=3,
        ),
    },
    trivial={
        "never an end": lambda seed: dict.fromkeys(SAID, 0.0),
        "always an end": lambda seed: dict.fromkeys(SAID, 1.0),
    },
    rival={"limit": one_threshold, "moved": moved},
)


# --- noise and ignorance ---

SIZES = [125, 500, 2000, 4000]


def gusty_errors(make):
    """Errors on the gusty pendulum by the number of training steps (see `squared_errors`).

    Args:
        make: `make(data, seed)` gives a model.
    """

    def figures(seed):
        data, test = real_steps(Gusty(), 4000, [seed, 0]), real_steps(Gusty(), 2000, [seed, 1])
        pairs = [squared_errors(make(data[:n], seed), test) for n in SIZES]
        error, ignorance = map(list, zip(*pairs))
        return {"sizes": SIZES, "error": error, "ignorance": ignorance, "floor": Gusty.GUST**2}

    return figures


noise = Experiment(
    "03_noise",
    gusty_errors(lambda data, seed: fitted(Gusty(), data, seed)),
    {
        "ignorance": Claim(
            "From 125 to 4,000 rows the network's ignorance falls below {share} of what it was "
            "({ignorance[0]:.3f} to {ignorance[3]:.4f}); that of linear least squares is "
            "{linear[ignorance][0]:.3f}, then {linear[ignorance][3]:.4f}.",
            lambda f, share: f["ignorance"][-1] < share * f["ignorance"][0],
            share=0.2,
        ),
        "floor": Claim(
            "With all of it the network's squared error is within {near:.0%} of the variance of the "
            "gusts ({error[3]:.4f} against {floor:.2f}; linear least squares "
            "{linear[error][3]:.4f}).",
            lambda f, near: abs(f["error"][-1] / f["floor"] - 1) < near,
            near=0.15,
        ),
    },
    trivial={
        "mean change": gusty_errors(lambda data, seed: MeanChange(data)),
        "untrained": gusty_errors(lambda data, seed: untrained(Gusty(), data, seed)),
    },
    rival={"linear": gusty_errors(lambda data, seed: linear(Gusty(), data))},
)


# --- where no data lie ---


def run_ignorance(seed):
    """Median error of the angular velocity (rad/s) where data lay and where none ever did."""
    data = real_steps(CartPole(), TRAIN, [seed, 0])
    straight = near_and_far(linear(CartPole(), data))
    return near_and_far(fitted(CartPole(), data, seed)) | {
        f"linear_{place}": error for place, error in straight.items()
    }


def mapped(make):
    """Another model in the place of the network: `seed -> figures`."""

    def figures(seed):
        return near_and_far(make(real_steps(CartPole(), TRAIN, [seed, 0]), seed))

    return figures


ignorance = Experiment(
    "03_ignorance",
    run_ignorance,
    {
        "far": Claim(
            "Where no data lay the network errs more than {times} times as much as where they did "
            "({untaught:.2f} against {taught:.4f} rad/s), and more than a model in which nothing "
            "moves ({still[untaught]:.2f}). Linear least squares: {linear[untaught]:.2f}. A Gaussian "
            "process: {process[untaught]:.2f}. Least squares on six terms of the true mechanics: "
            "{terms[untaught]:.2f}.",
            lambda f, times: f["untaught"] > times * f["taught"],
            times=10,
        )
    },
    trivial={
        "still": mapped(lambda data, seed: Still(4, CartPole.act_space)),
        "untrained": mapped(lambda data, seed: untrained(CartPole(), data, seed)),
    },
    rival={
        "linear": {"taught": "linear_taught", "untaught": "linear_untaught"},
        "process": mapped(lambda data, seed: GaussianProcess(data)),
        "terms": mapped(lambda data, seed: LeastSquares(data, cartpole_terms)),
    },
)


# --- the data of a good habit ---


def taught_by(agent, share, seed):
    """1,000 rows of an agent, a share of its pushes replaced by random ones."""
    return collect(CartPole(), agent, steps=TRAIN, seed=[seed, 0], random_share=share)


def habit_errors(make):
    """Errors on random pushes and at home, on a habit's own runs; how far the data leans (deg).

    Args:
        make: `make(data, seed)` gives a model.
    """

    def figures(seed):
        test = real_steps(CartPole(), 2000, [seed, 1])
        home = collect(CartPole(), habit, steps=1000, seed=[seed, 2])
        told = {}
        for name, agent, share in (
            ("habit", habit, 0.0),
            ("mixed", habit, 0.2),
            ("random", None, 0.0),
        ):
            data = taught_by(agent, share, seed)
            model = make(data, seed)
            told[f"{name}_error"] = one_step_error(model, test)
            told[f"{name}_home"] = one_step_error(model, home)
            told[f"{name}_lean"] = np.degrees(np.abs(data.obs[:, 2]).max())
        return told

    return figures


def shuffled_pushes(seed):
    """The habit's states, each with a random push: no run holds these rows, the simulator does."""
    rows, rng = taught_by(habit, 0.0, seed), new_rng(seed)
    act = rng.integers(0, 2, len(rows))
    nxt, rew, over = CartPole().step(rows.obs, act)
    alone = np.arange(len(rows))
    data = Transitions(rows.obs, act, rew, nxt.astype(np.float32), over, 0 * over, alone)
    model = fitted(CartPole(), data, seed)
    return {"habit_error": one_step_error(model, real_steps(CartPole(), 2000, [seed, 1]))}


def half_and_half(seed):
    """500 rows of the habit and 500 of random pushes, instead of one random push in five."""
    data = taught_by(habit, 0.0, seed)[:500] + taught_by(None, 0.0, seed)[:500]
    model = fitted(CartPole(), data, seed)
    return {
        "mixed_error": one_step_error(model, real_steps(CartPole(), 2000, [seed, 1])),
        "mixed_home": one_step_error(model, collect(CartPole(), habit, steps=1000, seed=[seed, 2])),
    }


habits = Experiment(
    "03_habits",
    habit_errors(lambda data, seed: fitted(CartPole(), data, seed)),
    {
        "blind": Claim(
            "On random pushes a network taught by the habit errs more than {times} times as much as "
            "one taught by random pushes ({habit_error:.2f} against {random_error:.3f}). With the "
            "habit's states and random pushes in them it errs by {shuffled[habit_error]:.2f}. Linear "
            "least squares taught by the habit errs by {linear[habit_error]:.4f}.",
            lambda f, times: f["habit_error"] > times * f["random_error"],
            times=5,
        ),
        "mended": Claim(
            "With one random push in five less than {share} of that error is left "
            "({mixed_error:.2f}), and on the habit's own runs the network errs less than one taught "
            "by random pushes ({mixed_home:.3f} against {random_home:.3f}). Half the rows from the "
            "habit and half from random pushes: {half[mixed_error]:.3f} and {half[mixed_home]:.3f}. "
            "Linear: {linear[mixed_error]:.4f} and {linear[mixed_home]:.4f}.",
            lambda f, share: (
                f["mixed_error"] < share * f["habit_error"] and f["mixed_home"] < f["random_home"]
            ),
            share=0.5,
        ),
    },
    trivial={
        "untrained": lambda seed: dict.fromkeys(
            ("habit_error", "random_error", "mixed_error", "mixed_home", "random_home"),
            one_step_error(
                untrained(CartPole(), taught_by(None, 0.0, seed), seed),
                real_steps(CartPole(), 2000, [seed, 1]),
            ),
        )
    },
    rival={
        "linear": habit_errors(lambda data, seed: linear(CartPole(), data)),
        "half": half_and_half,
        "shuffled": shuffled_pushes,
    },
)
