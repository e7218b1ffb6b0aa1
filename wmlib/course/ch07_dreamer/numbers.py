"""Chapter 7's low-dimensional version: Dreamer on CartPole's four numbers, learned in a dream and in the truth."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.acting import play
from wmlib.course.ch07_dreamer.study import train_and_check
from wmlib.learning.actor_critic import ActorCritic
from wmlib.learning.dreamer import Dreamer
from wmlib.learning.latent_agent import LatentAgent
from wmlib.models import Simulator
from wmlib.models.vector_rssm import VectorRSSM
from wmlib.worlds import CartPole

SCALE = 0.7, 0.6, 0.08, 0.3  # about how far m, m/s, rad and rad/s range while a pole is held
NUMBER_STEPS = 16_000  # real steps
NUMBER_CHECKS = range(2_000, NUMBER_STEPS + 1, 1_000)


class Truth(Simulator):
    """The true physics as a model in which an actor practises; it reads the four numbers."""

    @staticmethod
    def feat(state):
        return state.float() / torch.tensor(SCALE)


class InTruth(Dreamer):
    """The same learner, but that it need not learn a model: it imagines in the true physics."""

    def __init__(self, world, model, behaviour, **settings):
        super().__init__(world, model, behaviour, **settings)
        self.truth = Truth(world)
        self.explorer = LatentAgent(self.truth, self.behaviour, self.generator)

    def update(self):
        self._decay_rates()
        seen = self.streams.sample(self.batch, self.length, self.rng)
        start = self._starts(seen, seen.obs.double())
        parts = self.behaviour.learn(self.truth, start, self.generator)
        self._update_ema()
        return parts

    def agent(self):
        return LatentAgent(self.truth, self.ema)


def number_learner(way, seed):
    """A Dreamer that is shown the four numbers, velocities and all.

    Args:
        way: "latent": it learns a model and practises in it, as with pictures. "truth": actor and
            critic practise in the true physics, and read the four numbers.
    """
    world = CartPole()
    model = VectorRSSM(world.act_space, SCALE, seed=seed)
    size = model.feat_size if way == "latent" else len(SCALE)
    behaviour = ActorCritic(size, int(world.act_space.n), seed=seed)
    kind = Dreamer if way == "latent" else InTruth
    return kind(world, model, behaviour, settle=NUMBER_STEPS, seed=seed)


def ends(agent, seed, episodes=32):
    """How episodes end: shares `(off the track with the pole up, fallen, balanced to the end)`."""
    found = np.zeros(3)
    for step in play(CartPole(), agent, copies=episodes, rng=seed, again=False):
        off = np.abs(step.next_state[:, 0]) > CartPole.X_LIMIT
        over = step.terminated
        found += (over & off).sum(), (over & ~off).sum(), step.truncated.sum()
    return found / episodes


WAYS = "latent", "truth"


def run_numbers(seed):
    """Both ways: their checks, and how episodes end."""
    figures = {}
    for way in WAYS:
        learner = number_learner(way, seed)
        checks = train_and_check(learner, seed, NUMBER_STEPS, NUMBER_CHECKS)
        means = [mean for _, _, mean, _ in checks]
        found = {
            "means": means,
            "last_five": min(means[-5:]),
            "seconds": learner.seconds,
            "ends": ends(learner.agent(), [seed, 3]),
        }
        figures |= {f"{way}_{key}": value for key, value in found.items()}
    return figures
