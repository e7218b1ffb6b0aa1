"""Engines: a pendulum written by hand, its learned copy, and the engine with one number fitted."""

from __future__ import annotations

import time

import numpy as np
import torch

from wmlib.evaluation import error_by_horizon, evaluate
from wmlib.experience import collect
from wmlib.learning.swing_up import SWING, pendulum_steps
from wmlib.models import Ensemble, Simulator
from wmlib.planning import CEM, MPC
from wmlib.worlds import Pendulum


class HeavyPendulum(Pendulum):
    """Reality: the engine's pendulum with a rod that is longer than its builders wrote down.

    Args:
        weight: by how much gravity's pull is stronger than in the engine.
    """

    def __init__(self, weight: float = 1.3):
        self.weight = weight

    def step(self, state, action, rng=None):
        nxt, rew, over = super().step(state, action, rng)
        angle = np.asarray(state, float)[:, 0]
        extra = (self.weight - 1) * 15 * np.sin(angle) * 0.05
        velocity = np.clip(nxt[:, 1] + extra, -8, 8)
        return np.stack([angle + 0.05 * velocity, velocity], axis=1), rew, over


class DragPendulum(HeavyPendulum):
    """Reality with a term that the engine has not at all: drag.

    Args:
        weight: of gravity, as above. linear, quadratic: drag for each rad/s, and for its square.
    """

    def __init__(self, weight: float = 1.3, linear: float = 0.0, quadratic: float = 0.06):
        super().__init__(weight)
        self.linear, self.quadratic = linear, quadratic

    def step(self, state, action, rng=None):
        nxt, rew, over = super().step(state, action, rng)
        before = np.asarray(state, float)
        drag = (self.linear + self.quadratic * np.abs(before[:, 1])) * before[:, 1] * 0.05
        velocity = np.clip(nxt[:, 1] - drag, -8, 8)
        return np.stack([before[:, 0] + 0.05 * velocity, velocity], axis=1), rew, over


def fitted_weight(data) -> float:
    """Gravity's pull, the engine's being 1, by least squares from real transitions: one number."""
    state = Pendulum().state_of(data.obs)  # (N, 2)
    told = Pendulum().step(state, data.act)[0][:, 1]  # the engine's next velocity (N,)
    left, pull = data.next_obs[:, 2] - told, 15 * np.sin(state[:, 0]) * 0.05
    free = np.abs(told) < 7.5  # where the limit of 8 rad/s does not hide it
    return 1 + float((left * pull)[free].sum() / (pull**2)[free].sum())


def fitted_engine(seed, world=None) -> Simulator:
    """The engine with its gravity fitted to 200 random real steps."""
    return Simulator(HeavyPendulum(fitted_weight(collect(world, None, 200, seed=[seed, 0]))))


def drag_engine(seed, world) -> Simulator:
    """The engine with drag written into it: gravity and two kinds of drag fitted to 200 steps."""
    data = collect(world, None, 200, seed=[seed, 0])
    angle, velocity = Pendulum().state_of(data.obs).T
    told = Pendulum().step(Pendulum().state_of(data.obs), data.act)[0][:, 1]
    columns = [15 * np.sin(angle), -velocity, -np.abs(velocity) * velocity]
    free = np.abs(told) < 7.5
    x, y = 0.05 * np.stack(columns, axis=1)[free], (data.next_obs[:, 2] - told)[free]
    more, linear, quadratic = np.linalg.lstsq(x, y, rcond=None)[0]  # (3,)
    return Simulator(DragPendulum(1 + float(more), float(linear), float(quadratic)))


def swinger(model, seed):
    """The same planner for every model, chapter 4's for the swing-up."""
    return MPC(model, CEM(**SWING), seed)


def learned_copy(world, seed, steps=600):
    """Chapter 5's ensemble, which has learned a pendulum from so many real steps."""
    copy = Ensemble(3, world.act_space, seed=seed)
    copy.fit(pendulum_steps(steps, seed, world), steps=1000)
    return copy


def engines(seed, episodes=6) -> dict:
    """Engine and learned copy, in the world the engine was written for and in one it was not."""
    figures = {}
    for name, world in (("same", Pendulum()), ("other", HeavyPendulum())):
        copy = learned_copy(world, seed)
        test = collect(world, swinger(copy, seed + 1), 200, [seed, 131], random_share=0.2)
        for kind, model in (("engine", Simulator(Pendulum())), ("copy", copy)):
            figures[f"{name}_{kind}_error"] = error_by_horizon(model, test, 20, seed)
            played = evaluate(world, swinger(model, seed), episodes, [seed, 132])
            figures[f"{name}_{kind}_return"] = played.returns.mean()
    return figures | fitted(seed, episodes)


def standing(seed, episodes=6) -> dict:
    """No torque at all, on the same starts: the returns of who only hangs."""
    still = lambda obs: np.zeros((len(obs), 1), np.float32)
    returns = {}
    for name, world in (("same", Pendulum()), ("other", HeavyPendulum())):
        played = evaluate(world, still, episodes, [seed, 132])
        returns[f"{name}_copy_return"] = played.returns.mean()
    return returns


def fitted(seed, episodes=6) -> dict:
    """The engine with one number of it fitted to 200 random real steps, on the same starts."""
    figures = {}
    for name, world in (("same", Pendulum()), ("other", HeavyPendulum())):
        model = fitted_engine(seed, world)
        played = evaluate(world, swinger(model, seed), episodes, [seed, 132])
        figures[f"{name}_fitted_return"] = played.returns.mean()
        figures[f"{name}_fitted_weight"] = model.world.weight
    return figures


def unwritten(seed, episodes=4) -> dict:
    """A reality with a term that the engine lacks: the copy, the engine fitted as well as it can."""
    world, figures = DragPendulum(), {}
    copy, engine = learned_copy(world, seed), fitted_engine(seed, world)
    test = collect(world, swinger(copy, seed + 1), 200, [seed, 131], random_share=0.2)
    kinds = {"copy": copy, "fitted": engine, "engine": Simulator(Pendulum())}
    for kind, model in kinds.items():
        figures[f"{kind}_error"] = error_by_horizon(model, test, 20, seed)
        played = evaluate(world, swinger(model, seed), episodes, [seed, 132])
        figures[f"{kind}_return"] = played.returns.mean()
    still = lambda obs: np.zeros((len(obs), 1), np.float32)
    figures["still_return"] = evaluate(world, still, episodes, [seed, 132]).returns.mean()
    figures["weight"] = engine.world.weight
    last = (test.next_obs - test.obs.mean(0)) / test.obs.std(0)  # the mean of the data
    figures["mean_error"] = np.full(20, np.sqrt((last**2).mean()))
    return figures


def written_out(seed, episodes=4) -> dict:
    """The copy's rival where drag is: the engine with drag in it, three numbers fitted."""
    world = DragPendulum()
    copy, model = learned_copy(world, seed), drag_engine(seed, world)  # the copy gathers the test
    test = collect(world, swinger(copy, seed + 1), 200, [seed, 131], random_share=0.2)
    played = evaluate(world, swinger(model, seed), episodes, [seed, 132])
    return {
        "copy_error": error_by_horizon(model, test, 20, seed),
        "copy_return": played.returns.mean(),
        "numbers": [model.world.weight, model.world.linear, model.world.quadratic],
    }


def steps_a_second(model, obs, batch=1000, repeat=20) -> float:
    """Imagined steps a second of processor time, in batches."""
    state = model.start(np.repeat(obs, batch, axis=0))
    action = torch.zeros(batch, 1)
    with torch.inference_mode():
        model.step(state, action)
        began = time.process_time()
        for _ in range(repeat):
            model.step(state, action)
    return batch * repeat / max(1e-9, time.process_time() - began)
