"""Chapter 7: carts that nothing can keep on the track, met in real episodes, and what critics say."""

from __future__ import annotations

from itertools import islice

import numpy as np
import torch

from wmlib.acting import play
from wmlib.course.ch07_dreamer.numbers import NUMBER_STEPS, number_learner
from wmlib.course.ch07_dreamer.rivals import regulator
from wmlib.devices import new_rng
from wmlib.models.rssm import Latent
from wmlib.worlds import CartPole

WITHIN, AHEAD = 12, 15  # steps within which a lost cart is lost; steps of a dream


def steps_left(states, within=WITHIN):
    """Steps that the best plan still lives, the last one too: `(N, 4)` to `(N,)`; 0: over `within`."""
    world, who, now, left = CartPole(), np.arange(len(states)), states, np.zeros(len(states), int)
    for t in range(1, within + 1):  # every state that is still on the track goes both ways
        both = np.tile([0, 1], len(now))
        now, _, over = world.step(np.repeat(now, 2, 0), both)
        before, who, now = np.unique(who), np.repeat(who, 2)[~over], now[~over]
        left[np.setdiff1d(before, who)] = t
    return left


class Driver:
    """Keeps the pole up and drives to one end of the track: half of the copies to the left.

    Args:
        obs_to_push: a regulator of the four numbers. pull: metres to the place it is told to go to.
    """

    def __init__(self, obs_to_push, pull=2.5):
        self.obs_to_push, self.pull = obs_to_push, pull

    def act(self, obs):
        """Pushes `(B,)` for the four numbers `(B, 4)`."""
        side = np.where(np.arange(len(obs)) % 2, 1.0, -1.0)
        return self.obs_to_push(np.c_[-side * self.pull, obs[:, 1:]])


def watched(model, player, seed, copies=32, steps=400):
    """Real episodes, read by a model as they come: states `(N, 4)` and features `(N, F)`."""
    states, feats, state, act = [], [], None, None
    with torch.no_grad():
        for step in islice(play(CartPole(), player, copies=copies, rng=seed), steps):
            if state is None:
                state = model.start(step.obs)
            else:
                state = model.observe(state, act, step.obs, first=step.first)
            act = torch.as_tensor(step.act)
            states.append(step.state)
            feats.append(model.feat(state))
    return np.concatenate(states), torch.cat(feats)


def lost_rows(states, rng, most=300):
    """Rows of carts that leave the track whatever is done, and the steps they have left."""
    outside = np.flatnonzero(np.abs(states[:, 0]) > 1.9)
    left = steps_left(states[outside])
    upright = np.abs(states[outside, 2]) < CartPole.ANGLE_LIMIT / 2  # the pole is not the cause
    chosen = rng.permutation(np.flatnonzero((left > 0) & upright))[:most]
    return outside[chosen], left[chosen]


def run_lost(seed):
    """What is left to lost carts, what critics promise them, and what the model knows of them.

    Both ways of chapter 7's four numbers are trained. The carts are those of the learner's own real
    episodes, read by its own memory; beside them ("driven") those that a stranger drove to the edge.
    """
    learner, control = (
        number_learner(way, seed).learn(NUMBER_STEPS) for way in ("latent", "truth")
    )
    model, worth, rng = learner.model, learner.behaviour.value, new_rng(seed)
    with torch.no_grad():
        found = {}
        for name, player in (("driven_", Driver(regulator(seed))), ("", learner.agent())):
            states, feats = watched(model, player, [seed, 4])
            rows, left = lost_rows(states, rng)
            at = Latent(*feats[rows].split([model.deter, model.latent.size], -1))
            off = np.abs(model.decode(at)[:, 0].numpy() - states[rows, 0])
            found |= {
                f"{name}carts": len(rows),
                f"{name}possible": mean((1 - 0.99**left) / 0.01),
                f"{name}latent": mean(worth(feats[rows])),
                f"{name}position_off": mean(off),
            }
        true = control.truth.feat(torch.as_tensor(states[rows]))
        middle = np.flatnonzero(np.abs(states[:, 0]) < 0.5)
        return found | {
            "truth": mean(control.behaviour.value(true)),
            "empty": mean(worth(model.feat(model.start(states[rows])))),
            "middle": mean(worth(feats[middle])),
            "position": mean(np.abs(states[rows, 0])),
            "foreseen": foreseen(learner, at, seed),
        }


def mean(values):
    """A plain number; 0 of nothing."""
    return float(np.mean(np.asarray(values))) if len(values) else 0.0


def foreseen(learner, state, seed):
    """In which share of the actor's dreams of 15 steps the model says that the episode ends."""
    generator, alive = torch.Generator().manual_seed(seed), 1.0
    for _ in range(AHEAD):
        act = learner.behaviour.act(learner.model.feat(state), generator)
        state, _, cont = learner.model.step(state, act, generator)
        alive = alive * cont
    return float((alive < 0.5).float().mean())
