"""Worlds, data and measures of chapter 3: what its experiments and its notebook share.

Errors of one step are in units of how much a feature usually changes in a step, so that 1 is as
bad as knowing only the average change; errors of k steps are those of
`wmlib.evaluation.error_by_horizon`.
"""

from __future__ import annotations

import numpy as np
import torch

from wmlib.devices import new_rng
from wmlib.evaluation import error_by_horizon
from wmlib.experience import Transitions, collect
from wmlib.models import LinearDynamics, NeuralDynamics
from wmlib.models.vector import Still
from wmlib.worlds import CartPole, Pendulum

TRAIN = 1000
ANGLES, VELOCITIES = np.linspace(-np.pi, np.pi, 41), np.linspace(-8, 8, 33)


def real_steps(world, steps, seed):
    """Random real steps; training and test data come from seeds that never meet."""
    return collect(world, steps=steps, seed=seed)


def fitted(world, data, seed, steps=1000, lr=3e-3, horizon=1, **settings):
    """A `NeuralDynamics` of this world, as the whole chapter trains it."""
    model = NeuralDynamics(world.obs_space.shape[0], world.act_space, seed=seed, **settings)
    model.fit(data, steps=steps, lr=lr, horizon=horizon)
    return model


def linear(world, data):
    """Least squares on the observation and the action."""
    return LinearDynamics(world.obs_space.shape[0], world.act_space).fit(data)


def untrained(world, data, seed, **settings):
    """The chapter's network before its first update (and without a continue head)."""
    rows = data[:]
    rows.terminated = np.zeros(len(rows), bool)
    return fitted(world, rows, seed, steps=0, **settings)


@torch.inference_mode()
def next_obs(model, obs, act):
    """What a model expects after one step: `(B, D)`."""
    return model.step(model.start(obs), torch.as_tensor(act)).state.numpy()


def feature_errors(model, data) -> np.ndarray:
    """Root mean square of (predicted - real next observation) / usual size of the change: `(D,)`."""
    usual = (data.next_obs - data.obs).std(0)
    missed = (next_obs(model, data.obs, data.act) - data.next_obs) / usual  # (N, D)
    return np.sqrt((missed**2).mean(0))


def one_step_error(model, data) -> float:
    """The same over all features."""
    return float(np.sqrt((feature_errors(model, data) ** 2).mean()))


def compare(world, seed, horizon):
    """Network, linear model and standstill: one step ahead, and 1 to `horizon` steps ahead."""
    train = real_steps(world, TRAIN, [seed, 0])
    test = real_steps(world, 3000, [seed, 1])
    size = world.obs_space.shape[0]
    models = {
        "network": fitted(world, train, seed),
        "linear": LinearDynamics(size, world.act_space).fit(train),
        "still": Still(size, world.act_space),
    }
    figures = {name: one_step_error(model, test) for name, model in models.items()}
    for name, model in models.items():
        figures[f"{name}_by_horizon"] = error_by_horizon(model, test, horizon)
    return figures


def jacobians(world, states, act, nudge=1e-5):
    """Derivative of the world's step in each state: `(B, D, D)`, row i column j: d next_i / d j."""
    found = []
    for direction in nudge * np.identity(states.shape[1]):
        ahead, behind = (world.step(states + sign * direction, act)[0] for sign in (1, -1))
        found.append((ahead - behind) / (2 * nudge))  # (B, D)
    return np.stack(found, axis=2)


KINEMATICS = np.identity(4)  # a wrong velocity moves the position on, and nothing else happens
KINEMATICS[0, 1] = KINEMATICS[2, 3] = 0.02


def growth(model, data, horizon, starts=200):
    """How errors grow over `horizon` steps of CartPole, and how they would under three rules.

    Returns:
        name -> `(horizon,)`, root mean square over starts and features, in standard deviations:
        `error` of the model that runs on its own output; its one-step errors `added` up; the same
        `carried` on by the derivative of the physics; the same carried on by `kinematics` alone.
    """
    world, first = CartPole(), data.windows(horizon)
    if len(first) > starts:
        first = np.sort(new_rng(0).choice(first, starts, replace=False))
    spread, state = data.obs.std(0), data.obs[first]
    off = dict.fromkeys(("added", "carried", "kinematics"), np.zeros(state.shape))
    curves = {name: [] for name in ("error", *off)}
    for k in range(horizon):
        obs, act, real = data.obs[first + k], data.act[first + k], data.next_obs[first + k]
        new = next_obs(model, obs, act) - real  # (B, 4): the error of this step alone
        state = next_obs(model, state, act)
        stretch = jacobians(world, obs.astype(float), act)
        off["added"] = off["added"] + new
        off["carried"] = np.einsum("bij,bj->bi", stretch, off["carried"]) + new
        off["kinematics"] = off["kinematics"] @ KINEMATICS.T + new
        for name, error in (("error", state - real), *off.items()):
            curves[name].append(np.sqrt(((error / spread) ** 2).mean()))
    return {name: np.array(curve) for name, curve in curves.items()}


def grown(name, model, data, horizon):
    """Figures of one model: its error at the end beside what each rule of growth predicts."""
    curves = growth(model, data, horizon)
    end = {rule: curve[-1] for rule, curve in curves.items()}
    return {
        f"{name}_grown": end["error"] / curves["error"][0],
        f"{name}_times": end["error"] / end["added"],
        f"{name}_carried": end["carried"] / end["error"],
        f"{name}_kinematics": end["kinematics"] / end["error"],
        f"{name}_error": curves["error"],
        f"{name}_added": curves["added"],
    }


def balancing_steps(steps, seed):
    """Runs of the habit in which 35 % of the pushes are random: long, and seldom a fall."""
    return collect(CartPole(), habit, steps=steps, seed=seed, random_share=0.35)


def five_folds(world, data, fold, fresh, seed):
    """Train on four fifths, test on the fifth, five times: (mean reported error, mean true one)."""
    reported, true = [], []
    for k in range(5):
        model = fitted(world, data[fold != k], seed, steps=400)
        reported.append(one_step_error(model, data[fold == k]))
        true.append(one_step_error(model, fresh))
    return np.mean(reported), np.mean(true)


def in_millimetres(data):
    """The same steps, the cart's position and velocity written in millimetres instead of metres."""
    unit = np.array([1000, 1000, 1, 1])
    return Transitions(
        data.obs * unit,
        data.act,
        data.rew,
        data.next_obs * unit,
        data.terminated,
        data.truncated,
        data.episode,
    )


def blurred(data, noise, seed):
    """The same steps seen through noise: independent errors of `noise` standard deviations."""
    rng = new_rng(seed)
    scale = noise * data.obs.std(0)
    seen = data.obs + scale * rng.normal(size=data.obs.shape)
    nxt = np.vstack([seen[1:], data.next_obs[-1:]])
    last = np.append(data.episode[1:] != data.episode[:-1], True)
    nxt[last] = data.next_obs[last] + scale * rng.normal(size=(int(last.sum()), len(scale)))
    return Transitions(seen, data.act, data.rew, nxt, data.terminated, data.truncated, data.episode)


def three_trainings(world, noise, seed):
    """Errors by horizon of training on one step, on one step for five times as long, on five.

    The last two evaluate the network equally often.
    """
    train = blurred(real_steps(world, TRAIN, [seed, 0]), noise, seed)
    test = real_steps(world, 3000, [seed, 1])
    return [
        error_by_horizon(fitted(world, train, seed, steps=steps, horizon=k), test, 20)
        for steps, k in ((500, 1), (2500, 1), (500, 5))
    ]


class SlowPendulum(Pendulum):
    """The pendulum seen every half second: a torque is held for ten of its steps."""

    def step(self, state, action, rng=None):
        rew, terminated = 0.0, None
        for _ in range(10):
            state, paid, terminated = super().step(state, action, rng)
            rew = rew + paid
        return state, rew, terminated


class ShortPendulum(Pendulum):
    """The pendulum in episodes of 50 steps."""

    max_steps = 50


class ShortCartPole(CartPole):
    """CartPole whose clock cuts every episode off after 12 steps: nearly all are truncated."""

    max_steps = 12


class Gusty(Pendulum):
    """The pendulum in a gusty room: each step kicks its velocity by about `GUST` rad/s."""

    GUST = 0.3

    def step(self, state, action, rng=None):
        nxt, rew, terminated = super().step(state, action)
        kick = self.GUST * rng.normal(size=len(nxt)) if rng is not None else np.zeros(len(nxt))
        return nxt + np.stack([0.05 * kick, kick], axis=1), rew, terminated


def squared_errors(model, test):
    """Mean squared error of the next velocity: against what happened, and what was likely.

    The gusty world can be asked for the same step without its gust, so the error splits in two:
    noise, which nobody can predict, and ignorance (the second number), which data would cure.
    """
    world = Gusty()
    windless = world.step(world.state_of(test.obs), test.act)[0][:, 1]
    guess = next_obs(model, test.obs, test.act)[:, 2]
    return np.mean((guess - test.next_obs[:, 2]) ** 2), np.mean((guess - windless) ** 2)


def error_grid(model, angles=ANGLES, velocities=VELOCITIES):
    """How far off the model is on a grid of poles: `(angles, velocities)`.

    Root mean square over both actions of the error in the change of the pole's angular velocity
    (rad/s), the cart standing still in the middle.
    """
    world = CartPole()
    angle, velocity = np.meshgrid(angles, velocities, indexing="ij")
    state = np.stack([0 * angle, 0 * angle, angle, velocity], axis=-1).reshape(-1, 4)
    squares = 0.0
    for action in (0, 1):
        act = np.full(len(state), action)
        real = world.step(state, act)[0]
        squares = squares + (next_obs(model, state, act) - real)[:, 3] ** 2 / 2
    return np.sqrt(squares).reshape(angle.shape)


def near_and_far(model):
    """Median error of `error_grid` where random data lie, and where none ever did."""
    grid = error_grid(model)
    near = (np.abs(ANGLES)[:, None] < 0.2) & (np.abs(VELOCITIES) < 1.0)
    far = (np.abs(ANGLES)[:, None] > 1.0) | (np.abs(VELOCITIES) > 5.0)
    return {"taught": np.median(grid[near]), "untaught": np.median(grid[far])}


@torch.inference_mode()
def ends_found(model, data, below=0.5):
    """Shares of the real ends that the model calls ends, and of the other steps that it does."""
    said = model.predict_cont(model.start(data.next_obs)).numpy() < below
    return float(said[data.terminated].mean()), float(said[~data.terminated].mean())


def habit(obs):
    """A hand-made balancer of CartPole: push to the side to which the pole leans and turns."""
    return (obs[:, 2] + 0.3 * obs[:, 3] + 0.02 * obs[:, 0] + 0.05 * obs[:, 1] > 0).astype(np.int64)
