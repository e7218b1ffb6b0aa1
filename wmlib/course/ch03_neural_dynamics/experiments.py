"""Chapter 3, neural dynamics: the experiments behind its claims.

Each trains on random real steps and tests on fresh episodes; see `dynamics_parts` for the units.
"""

from __future__ import annotations

import numpy as np

from wmlib.course.ch03_neural_dynamics.study import (
    ANGLES,
    TRAIN,
    VELOCITIES,
    Gusty,
    ShortCartPole,
    ShortPendulum,
    compare,
    ends_found,
    error_grid,
    fitted,
    five_folds,
    habit,
    in_millimetres,
    one_step_error,
    real_steps,
    squared_errors,
    three_trainings,
)
from wmlib.evidence import Experiment
from wmlib.experience import collect
from wmlib.models import LinearDynamics, NeuralDynamics
from wmlib.worlds import CartPole, Pendulum


def run_one_step(seed):
    """CartPole: what 1,000 random steps teach a network and a linear model."""
    return compare(CartPole(), seed, 20)


one_step = Experiment(
    "03_one_step",
    run_one_step,
    {
        "learned": (
            "after 1,000 random steps of CartPole the network misses the change of a single step "
            "by less than a tenth of its usual size",
            lambda f: f["network"] < 0.1,
        ),
        "linear": (
            "a linear model, fitted to the same steps, misses it by less than the network does",
            lambda f: f["linear"] < f["network"],
        ),
        "compounds": (
            "twenty imagined steps are more than ten times as wrong as one",
            lambda f: f["network_by_horizon"][-1] > 10 * f["network_by_horizon"][0],
        ),
        "useful": (
            "twenty imagined steps are still less than a third as wrong as expecting that "
            "nothing moves",
            lambda f: f["network_by_horizon"][-1] < f["still_by_horizon"][-1] / 3,
        ),
    },
    seeds=20,
)


def run_swing_up(seed):
    """The same comparison on the Pendulum, which turns through the whole circle."""
    return compare(Pendulum(), seed, 20)


swing_up = Experiment(
    "03_swing_up",
    run_swing_up,
    {
        "one_step": (
            "on the pendulum the network's one-step error is less than half of the linear model's",
            lambda f: f["network"] < 0.5 * f["linear"],
        ),
        "linear_fails": (
            "the linear model misses the change of a single step by more than half of its "
            "usual size",
            lambda f: f["linear"] > 0.5,
        ),
        "ten_steps": (
            "ten steps ahead the network is still less wrong than the linear model",
            lambda f: f["network_by_horizon"][9] < f["linear_by_horizon"][9],
        ),
    },
    seeds=20,
)


def run_ablations(seed):
    """One-step errors with and without the change of state and the normaliser."""
    world = CartPole()
    train, test = real_steps(world, TRAIN, [seed, 0]), real_steps(world, 2000, [seed, 1])
    train_mm, test_mm = in_millimetres(train), in_millimetres(test)
    neither = {"change": False, "normalise": False}
    return {
        "whole": one_step_error(fitted(world, train, seed), test),
        "state": one_step_error(fitted(world, train, seed, change=False), test),
        "raw": one_step_error(fitted(world, train, seed, normalise=False), test),
        "raw_state": one_step_error(fitted(world, train, seed, **neither), test),
        "whole_mm": one_step_error(fitted(world, train_mm, seed), test_mm),
        "raw_mm": one_step_error(fitted(world, train_mm, seed, normalise=False), test_mm),
    }


ablations = Experiment(
    "03_ablations",
    run_ablations,
    {
        "change": (
            "a network that predicts the next state itself misses the change at least three "
            "times as far as one that predicts the change",
            lambda f: f["state"] > 3 * f["whole"],
        ),
        "neither": (
            "without the change and without the normaliser it misses at least ten times as far",
            lambda f: f["raw_state"] > 10 * f["whole"],
        ),
        "units": (
            "write the cart's place in millimetres, and a network without the normaliser misses "
            "at least a hundred times as far; with it nothing changes",
            lambda f: f["raw_mm"] > 100 * f["whole_mm"] and f["whole_mm"] < 1.2 * f["whole"],
        ),
    },
)


def run_split(seed):
    """What a test part tells, drawn by row and by episode, against the truth on fresh episodes."""
    world = ShortPendulum()
    data, fresh = real_steps(world, 250, [seed, 0]), real_steps(world, 3000, [seed, 1])
    shuffled = np.random.default_rng(seed).permutation(len(data)) % 5
    row, row_true = five_folds(world, data, shuffled, fresh, seed)
    episode, episode_true = five_folds(world, data, data.episode % 5, fresh, seed)
    return {
        "row": row,
        "row_true": row_true,
        "episode": episode,
        "episode_true": episode_true,
        "row_share": row / row_true,
        "episode_share": episode / episode_true,
    }


split = Experiment(
    "03_split",
    run_split,
    {
        "flatters": (
            "a test part drawn by row reports less than the error on fresh episodes",
            lambda f: f["row_share"] < 1,
        ),
        "sterner": (
            "a test part of whole episodes reports a larger error than one drawn by row",
            lambda f: f["episode"] > f["row"],
        ),
    },
    seeds=20,
)


def run_multistep(seed):
    """The three trainings on CartPole, with sharp and with blurred sensors."""
    one, long, five = three_trainings(CartPole(), 0.0, seed)
    noisy_one, noisy_long, noisy_five = three_trainings(CartPole(), 0.05, seed)
    return {
        "one": one,
        "long": long,
        "five": five,
        "noisy_one": noisy_one,
        "noisy_long": noisy_long,
        "noisy_five": noisy_five,
    }


multistep = Experiment(
    "03_multistep",
    run_multistep,
    {
        "helps": (
            "CartPole: trained on five steps at a time, the network's error twenty steps ahead is "
            "smaller than with one step at a time and as many updates",
            lambda f: f["five"][-1] < f["one"][-1],
        ),
        "noisy": (
            "with blurred sensors it is also smaller than with one step at a time and as much "
            "computing",
            lambda f: f["noisy_five"][-1] < f["noisy_long"][-1],
        ),
        "sharp": (
            "with sharp sensors that computing is better spent on more updates of one step",
            lambda f: f["long"][-1] < f["five"][-1],
        ),
    },
)


def run_multistep_pendulum(seed):
    """The three trainings on the pendulum."""
    return dict(zip(("one", "long", "five"), three_trainings(Pendulum(), 0.0, seed)))


multistep_pendulum = Experiment("03_multistep_pendulum", run_multistep_pendulum)


def run_noise(seed):
    """Errors on the gusty pendulum by the number of training steps (see `squared_errors`)."""
    data = real_steps(Gusty(), 4000, [seed, 0])
    test = real_steps(Gusty(), 2000, [seed, 1])
    sizes = [125, 500, 2000, 4000]
    pairs = [squared_errors(fitted(Gusty(), data[:n], seed), test) for n in sizes]
    error, ignorance = map(list, zip(*pairs))
    return {"sizes": sizes, "error": error, "ignorance": ignorance, "floor": Gusty.GUST**2}


noise = Experiment(
    "03_noise",
    run_noise,
    {
        "ignorance": (
            "thirty times the data cures most of the ignorance: less than a fifth is left",
            lambda f: f["ignorance"][-1] < f["ignorance"][0] / 5,
        ),
        "floor": (
            "no amount of data beats the gusts: with all of it the error is within 15 % of the "
            "noise's own variance",
            lambda f: 0.85 < f["error"][-1] / f["floor"] < 1.15,
        ),
    },
)


def run_ignorance(seed):
    """Median error of the angular velocity (rad/s) where data lay and where none ever did."""
    world = CartPole()
    data = real_steps(world, TRAIN, [seed, 0])
    model = fitted(world, data, seed)
    grid = error_grid(model)
    near = (np.abs(ANGLES)[:, None] < 0.2) & (np.abs(VELOCITIES) < 1.0)
    far = (np.abs(ANGLES)[:, None] > 1.0) | (np.abs(VELOCITIES) > 5.0)
    linear = error_grid(LinearDynamics(4, world.act_space).fit(data))
    return {
        "taught": np.median(grid[near]),
        "untaught": np.median(grid[far]),
        "linear_taught": np.median(linear[near]),
        "linear_untaught": np.median(linear[far]),
    }


ignorance = Experiment(
    "03_ignorance",
    run_ignorance,
    {
        "far": (
            "where the network was never taught it errs at least ten times as much as where it was",
            lambda f: f["untaught"] > 10 * f["taught"],
        ),
        "linear_too": (
            "so does the linear model: ignorance is not a vice of networks",
            lambda f: f["linear_untaught"] > 10 * f["linear_taught"],
        ),
    },
)


def run_ends(seed):
    """Ends that a continue head finds, and its false alarms, by how it was taught."""
    world = CartPole()
    data, test = real_steps(world, TRAIN, [seed, 0]), real_steps(world, 3000, [seed, 1])
    figures = {"ends": test.terminated.mean()}
    for name, balanced in (("balanced", True), ("plain", False)):
        model = NeuralDynamics(4, world.act_space, seed=seed)
        model.fit(data, steps=0, balanced=balanced)
        figures[f"{name}_found"], figures[f"{name}_false"] = ends_found(model, test)
    short = real_steps(ShortCartPole(), TRAIN, [seed, 2])
    figures["truncated"] = short.truncated.sum() / (short.truncated | short.terminated).sum()
    done = short[:]
    done.terminated = short.terminated | short.truncated
    for name, taught in (("terminated", short), ("done", done)):
        model = NeuralDynamics(4, world.act_space, seed=seed)
        model.fit(taught, steps=0)
        figures[f"{name}_found"], figures[f"{name}_false"] = ends_found(model, test)
    return figures


ends = Experiment(
    "03_ends",
    run_ends,
    {
        "balanced": (
            "with ends in every batch the head finds more than three quarters of the real ends",
            lambda f: f["balanced_found"] > 0.75,
        ),
        "plain": (
            "with batches as they come it finds fewer",
            lambda f: f["plain_found"] < f["balanced_found"],
        ),
        "done": (
            "taught that a cut-off is an end, it raises at least three times as many false alarms",
            lambda f: f["done_false"] > 3 * f["terminated_false"],
        ),
    },
)


def run_habit(seed):
    """Errors on random pushes and at home, on a habit's own runs; how far the data leans (deg)."""
    world = CartPole()
    test = real_steps(world, 2000, [seed, 1])
    home = collect(world, habit, steps=1000, seed=[seed, 2])
    figures = {}
    for name, agent, share in (("habit", habit, 0.0), ("mixed", habit, 0.2), ("random", None, 0.0)):
        data = collect(world, agent, steps=TRAIN, seed=[seed, 0], random_share=share)
        model = fitted(world, data, seed)
        figures[f"{name}_error"] = one_step_error(model, test)
        figures[f"{name}_home"] = one_step_error(model, home)
        figures[f"{name}_lean"] = np.degrees(np.abs(data.obs[:, 2]).max())
    return figures


habits = Experiment(
    "03_habits",
    run_habit,
    {
        "blind": (
            "where pushes are random, a model of a good habit errs at least five times as much as "
            "one of random pushes",
            lambda f: f["habit_error"] > 5 * f["random_error"],
        ),
        "mended": (
            "one random push in five mends most of it: less than half of that error is left",
            lambda f: f["mixed_error"] < 0.5 * f["habit_error"],
        ),
        "home": (
            "on the habit's own runs the mixed data give a better model than random pushes do",
            lambda f: f["mixed_home"] < f["random_home"],
        ),
    },
)
