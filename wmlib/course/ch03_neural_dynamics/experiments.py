"""Chapter 3, neural dynamics: the experiments behind its claims.

Each trains on random real steps and tests on fresh episodes; see `study` for the units.
Those about how to train and test are in `choices`, those about ends, noise, ignorance and habits
in `uncertainty`.
"""

from __future__ import annotations

from wmlib.course.ch03_neural_dynamics.choices import ablations, clock, multistep, split  # noqa: F401
from wmlib.course.ch03_neural_dynamics.rivals import (
    GaussianProcess,
    LeastSquares,
    chosen_products,
    products,
)
from wmlib.course.ch03_neural_dynamics.study import (
    TRAIN,
    balancing_steps,
    compare,
    feature_errors,
    fitted,
    grown,
    linear,
    one_step_error,
    real_steps,
    untrained,
)
from wmlib.course.ch03_neural_dynamics.uncertainty import ends, habits, ignorance, noise  # noqa: F401
from wmlib.evaluation import error_by_horizon
from wmlib.evidence import Claim, Experiment
from wmlib.models.vector import Still
from wmlib.worlds import CartPole, Pendulum

# --- one step and twenty, in two worlds ---


def in_its_place(world, make):
    """Another model in the place of the network, on the same rows: `seed -> figures`."""

    def figures(seed):
        train, test = real_steps(world, TRAIN, [seed, 0]), real_steps(world, 3000, [seed, 1])
        model = make(world, train, seed)
        return {
            "network": one_step_error(model, test),
            "network_by_horizon": error_by_horizon(model, test, 20),
        }

    return figures


def cubes(world, data, seed):
    """Least squares on all products of up to three numbers."""
    return LeastSquares(data, products(3))


def process(world, data, seed):
    """A Gaussian process."""
    return GaussianProcess(data)


IDLE = {"network": "still", "network_by_horizon": "still_by_horizon"}
LINEAR = {"network": "linear", "network_by_horizon": "linear_by_horizon"}


def run_one_step(seed):
    """CartPole: what 1,000 random steps teach a network and a linear model."""
    return compare(CartPole(), seed, 20)


one_step = Experiment(
    "03_one_step",
    run_one_step,
    {
        "learned": Claim(
            "After 1,000 random steps of CartPole the network misses a single step by less than "
            "{most} of a usual change ({network:.3f}). On the same rows linear least squares "
            "misses it by {least_squares[network]:.4f}, least squares on products of up to three numbers "
            "by {products[network]:.5f}, a Gaussian process by {process[network]:.4f}.",
            lambda f, most: f["network"] < most,
            trivial=["nothing moves", "untrained"],
            most=0.1,
        ),
        "useful": Claim(
            "Twenty imagined steps are less than {share} times as wrong as 'nothing moves' "
            "({network_by_horizon[19]:.3f} against {still_by_horizon[19]:.2f}); those of the "
            "linear model err by {least_squares[network_by_horizon][19]:.3f}, of the products by "
            "{products[network_by_horizon][19]:.4f}, of the process by "
            "{process[network_by_horizon][19]:.4f}.",
            lambda f, share: f["network_by_horizon"][-1] < share * f["still_by_horizon"][-1],
            trivial=["nothing moves", "untrained"],
            share=0.33,
        ),
        "linear_wins": Claim(
            "Linear least squares errs less than the network, one step ahead "
            "({linear:.4f} against {network:.3f}) and twenty.",
            lambda f: (
                f["linear"] < f["network"]
                and f["linear_by_horizon"][-1] < f["network_by_horizon"][-1]
            ),
            trivial=["nothing moves for linear"],
        ),
    },
    seeds=20,
    trivial={
        "nothing moves": IDLE,
        "untrained": in_its_place(CartPole(), untrained),
        "nothing moves for linear": {"linear": "still", "linear_by_horizon": "still_by_horizon"},
    },
    rival={
        "least_squares": LINEAR,
        "products": in_its_place(CartPole(), cubes),
        "process": in_its_place(CartPole(), process),
    },
)


def run_swing_up(seed):
    """The same comparison on the Pendulum, which turns through the whole circle."""
    return compare(Pendulum(), seed, 20)


swing_up = Experiment(
    "03_swing_up",
    run_swing_up,
    {
        "one_step": Claim(
            "On the pendulum the network misses a step by less than {share} times what the linear "
            "model misses it by ({network:.3f} against {linear:.2f}). Least squares on products of "
            "up to three numbers misses it by {products[network]:.3f}, a Gaussian process by "
            "{process[network]:.3f}.",
            lambda f, share: f["network"] < share * f["linear"],
            share=0.5,
        ),
        "ten_steps": Claim(
            "Ten steps ahead it errs less than {half} times as much as the linear model "
            "({network_by_horizon[9]:.3f} against {linear_by_horizon[9]:.2f}); the products err by "
            "{products[network_by_horizon][9]:.4f}, the process by "
            "{process[network_by_horizon][9]:.4f}.",
            lambda f, half: f["network_by_horizon"][9] < half * f["linear_by_horizon"][9],
            half=0.5,
        ),
    },
    seeds=20,
    trivial={"nothing moves": IDLE, "untrained": in_its_place(Pendulum(), untrained)},
    rival={
        "products": in_its_place(Pendulum(), cubes),
        "process": in_its_place(Pendulum(), process),
    },
)


# --- adding or compounding ---


def run_growth(seed):
    """Errors of a network and a linear model beside the sum of their one-step errors.

    `short`: 20 random pushes. The others: 50 steps of balancing, which only long episodes hold.
    """
    world = CartPole()
    train, test = real_steps(world, TRAIN, [seed, 0]), real_steps(world, 3000, [seed, 1])
    figures = grown("short_network", fitted(world, train, seed), test, 20)
    figures |= grown("short_linear", linear(world, train), test, 20)
    train, test = balancing_steps(TRAIN, [seed, 2]), balancing_steps(3000, [seed, 3])
    figures |= grown("network", fitted(world, train, seed), test, 50)
    return figures | grown("linear", linear(world, train), test, 50)


def nothing_moves(seed):
    """The same figures of a model in which nothing moves: its errors can only add up."""
    still = Still(4, CartPole.act_space)
    figures = grown("network", still, balancing_steps(3000, [seed, 3]), 50)
    short = grown("short_linear", still, real_steps(CartPole(), 3000, [seed, 1]), 20)
    same = {key.replace("network", "linear"): value for key, value in figures.items()}
    return figures | same | short


growth = Experiment(
    "03_growth",
    run_growth,
    {
        "compounds": Claim(
            "After 50 steps of balancing the network is more than {times} times as wrong as its 50 "
            "one-step errors added up ({network_times:.0f} times); the linear model "
            "{linear[network_times]:.0f} times.",
            lambda f, times: f["network_times"] > times,
            times=3,
        ),
        "cause": Claim(
            "The physics accounts for it. The linear model's one-step errors, carried on by the "
            "derivative of the physics, come to within {near:.0%} of its error "
            "({linear_carried:.2f} of it). If a wrong velocity only moved the position on, they "
            "would come to less than {part} of it ({linear_kinematics:.2f}). For the network, whose "
            "own derivative is another one, the two numbers are {network_carried:.2f} and "
            "{network_kinematics:.2f}.",
            lambda f, near, part: (
                abs(f["linear_carried"] - 1) < near and f["linear_kinematics"] < part
            ),
            near=0.05,
            part=0.5,
        ),
        "factor": Claim(
            "The factor from step 1 to step 20 does not tell. Under random pushes it is "
            "{short_linear_grown:.0f} for the linear model, less than twenty equal errors in a row "
            "would give; yet its error is more than {above} times its added errors "
            "({short_linear_times:.1f}). It is {short_network_grown:.0f} for the network, and yet "
            "its error is only {short_network_times:.1f} times the added ones.",
            lambda f, above: (
                f["short_linear_times"] > above
                and f["short_linear_times"] > f["short_network_times"]
            ),
            above=1.5,
        ),
    },
    seeds=20,
    trivial={"nothing moves": nothing_moves},
    rival={
        "linear": {
            "network_times": "linear_times",
            "network_carried": "linear_carried",
            "network_kinematics": "linear_kinematics",
        }
    },
)


# --- what a linear model of the pendulum cannot express ---


def parts_of(columns):
    """Errors by feature of least squares on some columns: `seed -> figures`."""

    def figures(seed):
        world = Pendulum()
        train, test = real_steps(world, TRAIN, [seed, 0]), real_steps(world, 3000, [seed, 1])
        names = ("cos", "sin", "velocity")
        plain = feature_errors(LeastSquares(train, products(1)), test)
        more = feature_errors(LeastSquares(train, columns), test)
        found = {f"linear_{name}": error for name, error in zip(names, plain)}
        return found | {f"two_{name}": error for name, error in zip(names, more)}

    return figures


COS, SIN, VELOCITY, TORQUE = range(4)
kinematics = Experiment(
    "03_kinematics",
    parts_of(chosen_products((SIN, VELOCITY), (COS, VELOCITY))),
    {
        "gravity": Claim(
            "Linear least squares misses the change of the pendulum's velocity by less than {near} "
            "of a usual change ({linear_velocity:.3f}), but that of the cosine by more than {far} "
            "({linear_cos:.2f}; of the sine by {linear_sin:.2f}).",
            lambda f, near, far: f["linear_velocity"] < near and f["linear_cos"] > far,
            trivial=["nothing moves for linear"],
            near=0.2,
            far=0.9,
        ),
        "cause": Claim(
            "Two more columns, sine times velocity and cosine times velocity, and the cosine is "
            "missed by less than {less} ({two_cos:.2f}); all products of three, "
            "{cubes[two_cos]:.4f}.",
            lambda f, less: f["two_cos"] < less,
            trivial=["other columns"],
            less=0.4,
        ),
    },
    seeds=20,
    trivial={
        "nothing moves for linear": lambda seed: {"linear_velocity": 1.0, "linear_cos": 1.0},
        "other columns": parts_of(chosen_products((SIN, TORQUE), (COS, TORQUE))),
    },
    rival={"cubes": parts_of(products(3))},
)
