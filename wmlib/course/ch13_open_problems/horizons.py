"""Thirty imagined steps of a pendulum: where the error comes from, and what makes it smaller.

In each comparison one thing changes: the data that voters share, the length of a step, the number
of updates, the number of rows, the kind of model. A leaping model is an ordinary `NeuralDynamics`
that reads `LEAP` actions at once and predicts the state after all of them.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from types import SimpleNamespace

import gymnasium as gym
import numpy as np
import torch

from wmlib.devices import new_rng
from wmlib.experience import Transitions, collect
from wmlib.models import NeuralDynamics, Simulator
from wmlib.models.vector import VectorModel
from wmlib.worlds import Pendulum

LEAP, FAR, SIZE = 5, 30, 3


def leaps(data, length=LEAP):
    """The same steps as transitions of `length` steps each, overlapping; their action is the row
    of actions that were taken, `(N, length)`."""
    first = data.windows(length)
    rows, last = first[:, None] + np.arange(length), first + length - 1
    act = data.act[rows].reshape(len(first), -1)
    return Transitions(
        data.obs[first],
        act,
        data.rew[rows].sum(1),
        data.next_obs[last],
        data.terminated[last],
        data.truncated[last],
        np.arange(len(first)),
    )


def leaper(data, seed, length=LEAP, steps=2000):
    """A model that leaps over `length` steps; with length 1 it walks."""
    space = gym.spaces.Box(-2.0, 2.0, (length,), np.float32)
    model = NeuralDynamics(SIZE, space, seed=seed)
    model.fit(leaps(data, length), steps=steps, lr=3e-3)
    return model


@torch.inference_mode()
def errors(model, data, length, far=FAR):
    """Error `length`, 2 `length`, ... `far` real steps ahead, in deviations: `(far / length,)`."""
    first = data.windows(far)[::7]
    act = torch.as_tensor(data.act[first[:, None] + np.arange(far)]).flatten(1)
    plan = act.unflatten(1, (far // length, length))
    seen = model.imagine(model.start(data.obs[first]), plan).states[1:]
    real = data.next_obs[first[:, None] + np.arange(length - 1, far, length)]
    off = (torch.stack(seen, 1).numpy() - real) / data.obs.std(0)
    return np.sqrt((off**2).mean((0, 2)))


class Mean(VectorModel):
    """The mean of what several models predict, step by step."""

    def __init__(self, models):
        super().__init__(SIZE, models[0].act_space)
        self.models = models

    def predict(self, obs, action, generator=None):
        told = torch.stack([model.predict(obs, action)[0] for model in self.models])
        return told.mean(0), torch.zeros(len(obs))


class Cubes:
    """Least squares on all products of up to three of (cos, sin, velocity, torque, 1)."""

    def __init__(self, data):
        columns = self.columns(torch.as_tensor(data.obs), torch.as_tensor(data.act))
        moved = torch.as_tensor(data.next_obs - data.obs).double()
        self.weight = torch.linalg.lstsq(columns, moved, rcond=1e-6, driver="gelsd").solution

    @staticmethod
    def columns(obs, act):
        """`(B, 3)`, `(B, 1)` to `(B, 35)`."""
        one = torch.ones(len(obs), 1, dtype=torch.float64)
        x = torch.cat([one, obs.double(), act.double().reshape(len(obs), 1)], 1)
        picks = list(combinations_with_replacement(range(x.shape[1]), 3))
        return torch.stack([x[:, list(pick)].prod(1) for pick in picks], 1)

    def predict(self, obs, action):
        """Next observations `(B, 3)`; rewards are 0."""
        moved = self.columns(obs, action) @ self.weight
        return (obs + moved).float().clamp(-1e3, 1e3), torch.zeros(len(obs))

    def start(self, obs):
        """States are observations."""
        return torch.as_tensor(obs)

    def imagine(self, state, plan):
        """`.states`: along actions `(B, H, 1)`."""
        states = [state]
        for t in range(plan.shape[1]):
            states.append(self.predict(states[-1], plan[:, t])[0])
        return SimpleNamespace(states=states)


def physics_begun_wrong(data, error, seed, far=FAR):
    """Error of the true physics 1 ... `far` steps ahead, if it is begun `error` beside the truth.

    Args:
        error: of what is seen at the start, in the data's deviations, root mean square.
    """
    world, first, rng = Pendulum(), data.windows(far)[::7], new_rng(seed)
    true, off, scale = world.state_of(data.obs[first]), [], data.obs.std(0)
    push = true.std(0) * rng.standard_normal(true.shape)
    seen = (world.obs(true + 1e-3 * push) - world.obs(true)) / scale
    state = true + error * push * 1e-3 / np.sqrt((seen**2).mean())
    physics = Simulator(world)
    plan = data.act[first[:, None] + np.arange(far)]
    for t, after in enumerate(physics.imagine(physics.from_states(state), plan).states[1:]):
        off.append((physics.decode(after).numpy() - data.next_obs[first + t]) / scale)
    return np.sqrt((np.array(off) ** 2).mean((1, 2)))


@torch.inference_mode()
def carried(model, data, far=FAR):
    """Error 1 ... `far` steps ahead of the true physics to which, at each step, the error is added
    that the model makes at the *true* state of that step: `(far,)`.

    The model's own dream differs in one thing: it makes its errors where it has drifted to.
    """
    world, first, scale = Pendulum(), data.windows(far)[::7], data.obs.std(0)
    state, off = data.obs[first].astype(float), []
    for t in range(far):
        obs, act, nxt = data.obs[first + t], data.act[first + t], data.next_obs[first + t]
        told = model.predict(torch.as_tensor(obs), torch.as_tensor(act))[0].numpy()
        after, _, _ = world.step(world.state_of(state), act)
        state = world.obs(after) + told - nxt
        off.append((state - nxt) / scale)
    return np.sqrt((np.array(off) ** 2).mean((1, 2)))


def worst_tenth(model, data, far=FAR):
    """Share of the squared error `far` steps ahead that the worst tenth of the stretches holds,
    and the error of the median stretch."""
    first = data.windows(far)[::7]
    act = torch.as_tensor(data.act[first[:, None] + np.arange(far)])
    with torch.inference_mode():
        last = model.imagine(model.start(data.obs[first]), act).states[-1].numpy()
    off = (((last - data.next_obs[first + far - 1]) / data.obs.std(0)) ** 2).mean(1)
    worst = np.sort(off)[-(len(off) // 10) :]
    return worst.sum() / off.sum(), np.sqrt(np.median(off))


VOTERS, ROWS, UPDATES = 3, 500, 2000


def real_steps(seed, name, rows=ROWS):
    """Random steps of the pendulum; `name` tells several sets of one seed apart."""
    return collect(Pendulum(), steps=rows, seed=[seed, name])


def of_model(model, test, seed):
    """What `run_horizon` measures of one model in the place of the network."""
    walk = errors(model, test, 1)
    share, median = worst_tenth(model, test)
    return {
        "walk": walk,
        "physics": physics_begun_wrong(test, walk[0], [seed, 137]),
        "carried": carried(model, test),
        "worst": share,
        "median": median,
    }


def run_horizon(seed):
    """Thirty steps of a pendulum, and one change at a time.

    `walk` (mean of three networks, the same 500 rows), `vote` of the three; `own`, `own_vote`: each
    from 500 rows of its own; `pooled`: one network from all of those; `leap`: five steps at once;
    `longer`: four times the updates; `more`: eight times the rows; `both`.
    """
    test, data = real_steps(seed, 1, 3000), real_steps(seed, 0)
    voters = [leaper(data, 10 * seed + k, 1) for k in range(VOTERS)]
    sets = [real_steps(seed, 50 + k) for k in range(VOTERS)]
    owners = [leaper(rows, 10 * seed + k, 1) for k, rows in enumerate(sets)]
    average = lambda models: np.mean([errors(m, test, 1) for m in models], 0)  # noqa: E731
    every = [of_model(model, test, seed) for model in voters]
    figures = {key: np.mean([row[key] for row in every], 0) for key in every[0]}
    train = lambda rows, updates: errors(leaper(rows, seed, 1, updates), test, 1)  # noqa: E731
    many = real_steps(seed, 2, 8 * ROWS)
    return figures | {
        "vote": errors(Mean(voters), test, 1),
        "own": average(owners),
        "own_vote": errors(Mean(owners), test, 1),
        "pooled": train(real_steps(seed, 3, VOTERS * ROWS), UPDATES),
        "leap": errors(leaper(data, seed), test, LEAP),
        "longer": train(data, 4 * UPDATES),
        "more": train(many, UPDATES),
        "both": train(many, 4 * UPDATES),
    }
