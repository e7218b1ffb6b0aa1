"""Far ahead in fewer steps: a model whose one step is a leap over several real ones.

A leaping model is an ordinary `NeuralDynamics` that reads `LEAP` actions at once and says what the
state will be when all of them are done. Its error compounds once where that of single steps
compounds `LEAP` times; but it has more to learn in each step.
"""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import torch

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


def physics_begun_wrong(data, error, seed, far=FAR):
    """Error of the true physics 1 ... `far` steps ahead, if it is begun `error` beside the truth.

    Args:
        error: of what is seen at the start, in the data's deviations, root mean square.
    """
    world, first, rng = Pendulum(), data.windows(far)[::7], np.random.default_rng(seed)
    true, off, scale = world.state_of(data.obs[first]), [], data.obs.std(0)
    push = true.std(0) * rng.standard_normal(true.shape)
    seen = (world.obs(true + 1e-3 * push) - world.obs(true)) / scale
    state = true + error * push * 1e-3 / np.sqrt((seen**2).mean())
    physics = Simulator(world)
    plan = data.act[first[:, None] + np.arange(far)]
    for t, after in enumerate(physics.imagine(physics.from_states(state), plan).states[1:]):
        off.append((physics.decode(after).numpy() - data.next_obs[first + t]) / scale)
    return np.sqrt((np.array(off) ** 2).mean((1, 2)))


def run_horizon(seed):
    """Thirty steps of a pendulum: five models that walk, their mean, one that leaps, one that has
    seen eight times as much and trained for four times as long; and the true physics, begun with
    the error of one step."""
    test = collect(Pendulum(), steps=3000, seed=[seed, 1])
    data, more = (collect(Pendulum(), steps=n, seed=[seed, k]) for n, k in ((500, 0), (4000, 2)))
    five = [leaper(data, 10 * seed + k, 1) for k in range(5)]
    walks = np.mean([errors(model, test, 1) for model in five], 0)
    return {
        "walk": walks,
        "mean": errors(Mean(five), test, 1),
        "leap": errors(leaper(data, seed), test, LEAP),
        "more": errors(leaper(more, seed, 1, steps=8000), test, 1),
        "physics": physics_begun_wrong(test, walks[0], [seed, 137]),
    }
