"""Worlds, data and measures of chapter 3: what its experiments and its notebook share.

Errors of one step are in units of how much a feature usually changes in a step, so that 1 is as
bad as knowing only the average change; errors of k steps are those of
`wmlib.evaluation.error_by_horizon`.
"""

from __future__ import annotations

import numpy as np
import torch

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


@torch.inference_mode()
def one_step_error(model, data) -> float:
    """Root mean square of (predicted - real next observation) / usual size of the change."""
    nxt = model.step(model.start(data.obs), torch.as_tensor(data.act)).state.numpy()
    usual = (data.next_obs - data.obs).std(0)
    return float(np.sqrt((((nxt - data.next_obs) / usual) ** 2).mean()))


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
    rng = np.random.default_rng(seed)
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


@torch.inference_mode()
def squared_errors(model, test):
    """Mean squared error of the next velocity: against what happened, and what was likely.

    The gusty world can be asked for the same step without its gust, so the error splits in two:
    noise, which nobody can predict, and ignorance (the second number), which data would cure.
    """
    world = Gusty()
    calm = world.step(world.state_of(test.obs), test.act)[0][:, 1]
    guess = model.step(model.start(test.obs), torch.as_tensor(test.act)).state[:, 2].numpy()
    return np.mean((guess - test.next_obs[:, 2]) ** 2), np.mean((guess - calm) ** 2)


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
        with torch.inference_mode():
            imagined = model.step(model.start(state), torch.as_tensor(act)).state.numpy()
        squares = squares + (imagined - real)[:, 3] ** 2 / 2
    return np.sqrt(squares).reshape(angle.shape)


@torch.inference_mode()
def ends_found(model, data):
    """Shares of the real ends that the model calls ends, and of the other steps that it does."""
    said = model.predict_cont(model.start(data.next_obs)).numpy() < 0.5
    return float(said[data.terminated].mean()), float(said[~data.terminated].mean())


def habit(obs):
    """A hand-made balancer of CartPole: push to the side to which the pole leans and turns."""
    return (obs[:, 2] + 0.3 * obs[:, 3] + 0.02 * obs[:, 0] + 0.05 * obs[:, 1] > 0).astype(np.int64)
