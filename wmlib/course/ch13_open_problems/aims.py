"""Aims gone wrong with perfect models: a covered camera, a search that is too hard, three sources.

The room: `dirt` from 0 to 5, and a camera that may be covered. Three actions, each step:
*clean* removes one dirt and costs 0.1, *cover* puts a cloth over the camera and costs 0.15, *wait*
costs nothing. Its model is perfect everywhere in this file. What differs is what is wanted.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
import torch

from wmlib.models import Simulator
from wmlib.planning import RandomShooting
from wmlib.worlds.valley import Valley

COSTS = {"clean": 0.1, "cover": 0.15, "wait": 0.0}
HORIZON = 6


class Room(NamedTuple):
    """A state: how much dirt there is, whether the camera is covered."""

    dirt: int
    covered: bool

    @property
    def visible(self):
        """The dirt that the camera sees."""
        return 0 if self.covered else self.dirt


def act(room, action):
    """The next room."""
    if action == "clean":
        return Room(max(0, room.dirt - 1), room.covered)
    return Room(room.dirt, room.covered or action == "cover")


def plan(wanted, room=Room(5, False), horizon=HORIZON):
    """The best of all plans, by trying each: (actions, their sum of `wanted(room)` minus costs)."""
    best, most = None, -np.inf
    for actions in itertools.product(COSTS, repeat=horizon):
        total = paid(wanted, actions, room)
        if total > most + 1e-12:
            best, most = actions, total
    return best, most


def paid(wanted, actions, room=Room(5, False)):
    """What a plan earns: the sum over its steps of `wanted(next room)` minus the action's cost."""
    total = 0.0
    for action in actions:
        room = act(room, action)
        total += wanted(room) - COSTS[action]
    return total


def no_dirt(room):
    """What is meant: -1 for each piece of dirt."""
    return -float(room.dirt)


def no_dirt_visible(room):
    """What is measured: -1 for each piece of dirt that the camera sees."""
    return -float(room.visible)


# --- the three sources ----------------------------------------------------------------------------

ROOMS = [Room(dirt, covered) for dirt in range(6) for covered in (False, True)]
SMELL = 0.1  # the second sensor smells all dirt, and its needle hardly moves


def features(rooms):
    """What the learner of rewards knows of rooms: visible dirt, smell; `(N, 2)`."""
    return np.array([[room.visible, SMELL * room.dirt] for room in rooms], float)


def learned_reward(rooms, labels, steps, lr=0.05):
    """A linear reward, fitted by gradient descent from zero: a function of a room.

    Args:
        rooms: those that were shown to the judge. labels: `(N,)`, the judge's verdicts.
        steps: of gradient descent.
    """
    x, y, weights = features(rooms), np.asarray(labels, float), np.zeros(2)
    for _ in range(steps):
        weights -= lr * x.T @ (x @ weights - y) / len(y)
    return lambda room: float(features([room])[0] @ weights)


def three_sources():
    """name -> learned reward. The same learner, the same perfect model of the room; one thing is
    wrong at a time. Kenton et al. (2021), section 3.
    """
    long, seen = 100_000, [room for room in ROOMS if not room.covered]
    truth = [no_dirt(room) for room in ROOMS]
    return {
        "nothing wrong": learned_reward(ROOMS, truth, long),
        "training data": learned_reward(ROOMS, [no_dirt_visible(r) for r in ROOMS], long),
        "training process": learned_reward(ROOMS, truth, 100),
        "distributional shift": learned_reward(seen, [no_dirt(r) for r in seen], long),
    }


# --- Goodhart -------------------------------------------------------------------------------------

CANDIDATES = [1, 4, 16, 64, 256, 1024, 4096]


def best_of_n(draw_error, rng, trials=2000, candidates=CANDIDATES):
    """The best of N by a measure that is the true worth plus an error: means over the trials.

    Args:
        draw_error: `(rng, shape) -> errors`. The true worth is standard normal.

    Returns:
        measure, truth: each `(len(candidates),)`.
    """
    rows = []
    for n in candidates:
        truth = rng.standard_normal((trials, n))
        measure = truth + draw_error(rng, truth.shape)
        best = measure.argmax(1)[:, None]
        rows.append([np.take_along_axis(x, best, 1).mean() for x in (measure, truth)])
    return np.array(rows).T


def light(rng, shape):
    """Gaussian errors."""
    return rng.standard_normal(shape)


def heavy(rng, shape):
    """Errors that are now and then enormous: Student's t with 2 degrees of freedom."""
    return rng.standard_t(2, shape)


DAZZLE = torch.tensor([-1.5, 0.0])  # position and speed at which the sensor is dazzled


def dazzled(obs, action, next_obs):
    """What the valley's sensor reports: the reward, and 12 more where a lamp shines into it."""
    off = (next_obs - DAZZLE) / torch.tensor([0.1, 0.15])
    true = torch.as_tensor(Valley.reward(np.asarray(next_obs, np.float64)))
    return true + 12 * torch.exp(-0.5 * off.double().square().sum(1))


@torch.inference_mode()
def search_harder(seed, candidates=CANDIDATES, copies=128):
    """Random shooting in the TRUE valley for what the sensor reports: (reported, paid) for each N.

    Returns:
        two `(len(candidates),)`: mean return of the chosen plans over `copies` searches.
    """
    truth, generator = Simulator(Valley()), torch.Generator().manual_seed(seed)
    model, start, rows = truth.goal(rew=dazzled), np.zeros((copies, 2)), []
    for n in candidates:
        chosen = RandomShooting(horizon=15, candidates=n).plan(model, model.start(start), generator)
        paid_out = truth.imagine(truth.start(start), chosen.actions).rew.sum(1)
        rows.append([chosen.score.mean().item(), paid_out.mean().item()])
    return np.array(rows).T
