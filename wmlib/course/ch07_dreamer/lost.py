"""Chapter 7: carts that nothing can keep on the track, met in real episodes, and what critics say."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.course.ch07_dreamer.numbers import NUMBER_STEPS, number_learner
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


def remembered(learner, rng, stretches=1024, frames=64, read=32):
    """Frames of the learner's own real episodes, read with its memory: states and features.

    Each stretch of what it has seen is read from its beginning; only frames after the first `read`
    count, so that the memory is what it would be in the episode.
    """
    seen = learner.streams.sample(stretches, frames, rng)
    with torch.no_grad():
        feats = learner.model.feat(learner.model.loss(seen, learner.generator)[2])
    states = np.asarray(seen.obs, float)
    return states[:, read:].reshape(-1, 4), feats[:, read:].flatten(0, 1)


def lost_rows(states, rng, most=300):
    """Rows of carts that leave the track whatever is done, and the steps they have left."""
    distance = np.abs(states[:, 0])
    near = np.flatnonzero((distance > 1.9) & (distance <= CartPole.X_LIMIT))
    left = steps_left(states[near])
    upright = np.abs(states[near, 2]) < CartPole.ANGLE_LIMIT / 2  # the pole is not the cause
    chosen = rng.permutation(np.flatnonzero((left > 0) & upright))[:most]
    return near[chosen], left[chosen]


def run_lost(seed):
    """What is left to lost carts, what critics promise them, and what the model knows of them.

    Both ways of chapter 7's four numbers are trained. The carts are those of the learner's own real
    episodes, on the way to where it is now.
    """
    learner, control = (
        number_learner(way, seed).learn(NUMBER_STEPS) for way in ("latent", "truth")
    )
    model, worth, rng = learner.model, learner.behaviour.value, new_rng([seed, 4])
    with torch.no_grad():
        states, feats = remembered(learner, rng)
        rows, left = lost_rows(states, rng)
        at = Latent(*feats[rows].split([model.deter, model.latent.size], -1))
        true = control.truth.feat(torch.as_tensor(states[rows]))
        middle = np.flatnonzero(np.abs(states[:, 0]) < 0.5)
        return {
            "carts": len(rows),
            "possible": mean((1 - 0.99**left) / 0.01),
            "latent": mean(worth(feats[rows])),
            "position_off": mean(np.abs(model.decode(at)[:, 0].numpy() - states[rows, 0])),
            "truth": mean(control.behaviour.value(true)),
            "empty": mean(worth(model.feat(model.start(states[rows])))),
            "middle": mean(worth(feats[middle])),
            "position": mean(np.abs(states[rows, 0])),
            "foreseen": foreseen(learner, at, seed),
        }


def mean(values):
    """As a plain number."""
    return float(np.mean(np.asarray(values)))


def foreseen(learner, state, seed):
    """In which share of the actor's dreams of 15 steps the model says that the episode ends."""
    generator, alive = torch.Generator().manual_seed(seed), 1.0
    for _ in range(AHEAD):
        act = learner.behaviour.act(learner.model.feat(state), generator)
        state, _, cont = learner.model.step(state, act, generator)
        alive = alive * cont
    return float((alive < 0.5).float().mean())
