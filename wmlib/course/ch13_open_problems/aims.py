"""Aims gone wrong with a perfect model: a covered camera, and three sources of a wrong reward.

The room: `dirt` from 0 to 5, and a camera that may be covered. Three actions, each step:
*clean* removes one dirt and costs 0.1, *cover* puts a cloth over the camera and costs 0.15, *wait*
costs nothing. Its model is perfect everywhere in this file. What differs is what is wanted.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np

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
