"""Chapter 3: experiments about how to train a dynamics model, and how to test it."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch03_neural_dynamics.rivals import GaussianProcess, MeanChange
from wmlib.course.ch03_neural_dynamics.study import (
    TRAIN,
    ShortPendulum,
    SlowPendulum,
    blurred,
    fitted,
    five_folds,
    in_millimetres,
    linear,
    one_step_error,
    real_steps,
    three_trainings,
    untrained,
)
from wmlib.devices import new_rng
from wmlib.evaluation import error_by_horizon
from wmlib.evidence import Claim, Experiment
from wmlib.worlds import CartPole, Pendulum

# --- three choices ---


def ablated(make):
    """One-step errors with and without the change of state and the normaliser.

    Args:
        make: `make(data, **settings)` gives a model.
    """

    def figures(seed):
        world = CartPole()
        train, test = real_steps(world, TRAIN, [seed, 0]), real_steps(world, 2000, [seed, 1])
        train_mm, test_mm = in_millimetres(train), in_millimetres(test)
        model = lambda data, **settings: make(world, data, seed, **settings)  # noqa: E731
        neither = {"change": False, "normalise": False}
        return {
            "whole": one_step_error(model(train), test),
            "state": one_step_error(model(train, change=False), test),
            "raw": one_step_error(model(train, normalise=False), test),
            "raw_state": one_step_error(model(train, **neither), test),
            "whole_mm": one_step_error(model(train_mm), test_mm),
            "raw_mm": one_step_error(model(train_mm, normalise=False), test_mm),
        }

    return figures


def longer(seed):
    """The network of the state itself with five times as many updates."""
    world = CartPole()
    train, test = real_steps(world, TRAIN, [seed, 0]), real_steps(world, 2000, [seed, 1])
    return {"state": one_step_error(fitted(world, train, seed, steps=5000, change=False), test)}


run_ablations = ablated(fitted)
ABLATED = ("whole", "state", "raw", "raw_state", "whole_mm", "raw_mm")

ablations = Experiment(
    "03_ablations",
    run_ablations,
    {
        "change": Claim(
            "Predicting the change, the network misses it by less than {most} ({whole:.3f}); "
            "predicting the next state, by more than {times} times as much ({state:.2f}; with five "
            "times as many updates {longer[state]:.3f}).",
            lambda f, most, times: f["whole"] < most and f["state"] > times * f["whole"],
            most=0.1,
            times=3,
        ),
        "units": Claim(
            "With the cart's place in millimetres a network with the normaliser still misses by "
            "less than {most} ({whole_mm:.3f}), one without it by more than {worse} times as much "
            "({raw_mm:.0f}).",
            lambda f, most, worse: f["whole_mm"] < most and f["raw_mm"] > worse * f["whole_mm"],
            most=0.1,
            worse=100,
        ),
    },
    trivial={
        "untrained": ablated(untrained),
        "nothing moves": lambda seed: dict.fromkeys(ABLATED, 1.0),
    },
    rival={"longer": longer},
)


def clocked(make):
    """State against change on the pendulum, seen every step and every ten: `seed -> figures`."""

    def figures(seed):
        found = {}
        for name, world in (("fast", Pendulum()), ("slow", SlowPendulum())):
            train, test = real_steps(world, TRAIN, [seed, 0]), real_steps(world, 2000, [seed, 1])
            change = one_step_error(make(world, train, seed), test)
            state = one_step_error(make(world, train, seed, change=False), test)
            found |= {f"{name}_change": change, f"{name}_state": state}
            found[f"{name}_share"] = state / change
        return found

    return figures


clock = Experiment(
    "03_clock",
    clocked(fitted),
    {
        "slow": Claim(
            "Seen every 0.05 s, the pendulum's next state is missed more than {more} times as far "
            "by a network of the state as by one of the change ({fast_share:.1f} times, the latter "
            "by less than {most}). Seen every 0.5 s, less than {much} times ({slow_share:.2f}). A "
            "Gaussian process of the change misses by {process[slow_change]:.2f} then, the network "
            "by {slow_change:.2f}.",
            lambda f, more, most, much: (
                f["fast_share"] > more and f["fast_change"] < most and f["slow_share"] < much
            ),
            more=1.3,
            most=0.2,
            much=1.05,
        )
    },
    trivial={
        "untrained": clocked(untrained),
        "mean change": lambda seed: {"fast_change": 1.0, "slow_change": 1.0},
    },
    rival={
        "process": lambda seed: {
            "slow_change": one_step_error(
                GaussianProcess(real_steps(SlowPendulum(), TRAIN, [seed, 0])),
                real_steps(SlowPendulum(), 2000, [seed, 1]),
            )
        }
    },
)


def run_split(seed):
    """What a test part tells, drawn by row and by episode, against the truth on fresh episodes."""
    world = ShortPendulum()
    data, fresh = real_steps(world, 250, [seed, 0]), real_steps(world, 3000, [seed, 1])
    shuffled = new_rng(seed).permutation(len(data)) % 5
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


def mean_split(seed):
    """What the same two tests say of the average change."""
    data = real_steps(ShortPendulum(), 250, [seed, 0])
    shuffled = new_rng(seed).permutation(len(data)) % 5
    told = {}
    for name, fold in (("row", shuffled), ("episode", data.episode % 5)):
        errors = [one_step_error(MeanChange(data[fold != k]), data[fold == k]) for k in range(5)]
        told[name] = np.mean(errors)
    return told


def block_split(seed):
    """Test parts of ten rows in a row."""
    world = ShortPendulum()
    data, fresh = real_steps(world, 250, [seed, 0]), real_steps(world, 3000, [seed, 1])
    block, true = five_folds(world, data, np.arange(len(data)) // 10 % 5, fresh, seed)
    return {"row": block, "row_share": block / true}


split = Experiment(
    "03_split",
    run_split,
    {
        "flatters": Claim(
            "A test part drawn by row reports less than {most} of a usual change, and less than "
            "{share} times what whole episodes report ({row:.3f} against {episode:.3f}). That is {row_share:.2f} of the "
            "true error; stretches of ten rows report {blocks[row_share]:.2f} of it, whole "
            "episodes {episode_share:.2f}.",
            lambda f, most, share: f["row"] < most and f["row"] < share * f["episode"],
            most=0.2,
            share=0.95,
        )
    },
    seeds=20,
    trivial={"mean change": mean_split},
    rival={"blocks": block_split},
)


# --- several steps at a time ---


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


def one_for_all(make):
    """Another model in the place of the three trainings: `seed -> figures`."""

    def figures(seed):
        world, test = CartPole(), real_steps(CartPole(), 3000, [seed, 1])
        sharp = real_steps(world, TRAIN, [seed, 0])
        at = lambda data: error_by_horizon(make(world, data, seed), test, 20)  # noqa: E731
        told = dict.fromkeys(("one", "long", "five"), at(sharp))
        noisy = at(blurred(sharp, 0.05, seed))
        return told | dict.fromkeys(("noisy_one", "noisy_long", "noisy_five"), noisy)

    return figures


def more_rows(seed):
    """One step at a time, for as long, on five times as many blurred rows."""
    world, test = CartPole(), real_steps(CartPole(), 3000, [seed, 1])
    rows = blurred(real_steps(world, 5 * TRAIN, [seed, 0]), 0.05, seed)
    return {"noisy_long": error_by_horizon(fitted(world, rows, seed, steps=2500), test, 20)}


multistep = Experiment(
    "03_multistep",
    run_multistep,
    {
        "noisy": Claim(
            "With blurred sensors, training on five steps at a time leaves less than {share} times "
            "the error of as much computing on one step ({noisy_five[19]:.2f} against "
            "{noisy_long[19]:.2f} twenty steps ahead). Linear least squares errs by "
            "{linear[noisy_five][19]:.2f}; one step at a time on five times as many rows by "
            "{more_rows[noisy_long][19]:.2f}.",
            lambda f, share: f["noisy_five"][-1] < share * f["noisy_long"][-1],
            share=0.8,
        ),
        "sharp": Claim(
            "With sharp sensors as much computing on one step leaves less than {part} times the "
            "error of five steps at a time ({long[19]:.3f} against {five[19]:.3f}; linear least "
            "squares {linear[five][19]:.3f}).",
            lambda f, part: f["long"][-1] < part * f["five"][-1],
            part=0.7,
        ),
    },
    trivial={"untrained": one_for_all(untrained)},
    rival={
        "linear": one_for_all(lambda world, data, seed: linear(world, data)),
        "more_rows": more_rows,
    },
)
