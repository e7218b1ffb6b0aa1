"""The two arenas of chapter 13, one of states and one of pictures, and the controls in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import torch
from torch import nn

from wmlib.agents import Sticky
from wmlib.evaluation import picture_errors
from wmlib.models.base import Step, WorldModel
from wmlib.models.convs import image_batch, unit_images
from wmlib.models.vector import VectorModel
from wmlib.planning import CEM, ICEM
from wmlib.planning.goals import standing, upright
from wmlib.scoreboard import Arena, watch
from wmlib.streams import Streams
from wmlib.worlds import CartPole
from wmlib.worlds.actions import to_index
from wmlib.worlds.catch import Catch, ball_in, bar_in


def of(figures, column, name):
    """One entry of a table's figures."""
    return figures[column][figures["names"].index(name)]


# --- states: CartPole -----------------------------------------------------------------------------


@dataclass
class StateArena(Arena):
    """A world of vectors. Errors are in standard deviations of each number, over random play."""

    def seen(self, seed):
        seed = [seed, 131]
        return watch(self.world, self.context + self.horizon, self.stretches, seed)

    def errors(self, seen, dreamt):
        off = (dreamt - seen.obs[:, self.context :]) / self.scale
        return {"state": off.square().mean((0, 2)).sqrt().numpy()}

    def apart(self, a, b):
        return float(((a - b)[:, -1] / self.scale).square().mean().sqrt())

    def aim(self, model):
        """Everybody is told what counts (chapter 4's shaped score) and where an episode ends."""
        return model.goal(upright, standing)

    @cached_property
    def scale(self):
        """Standard deviation of each number over random play: `(D,)`."""
        return self.seen(0).obs.flatten(0, 1).std(0)


CARTPOLE = StateArena(
    "CartPole", CartPole(), CEM(horizon=8, candidates=32, iterations=2, elites=6), episodes=8
)


class Binned(VectorModel, nn.Module):
    """A table for a world without cells: each number is cut into bins, and a cell remembers the
    mean change that followed each action. Where it never was, nothing moves."""

    def __init__(self, edges, act_space):
        super().__init__(len(edges), act_space)
        self.edges = [torch.as_tensor(e, dtype=torch.float32) for e in edges]
        self.shape = [len(e) + 1 for e in edges] + [int(act_space.n)]
        self.register_buffer("change", torch.zeros(int(np.prod(self.shape)), len(edges) + 1))

    def fit(self, data):
        """Mean change of observation and mean reward of every cell and action."""
        obs, act, rew, nxt, _ = self._columns(data)
        cell, new = self._cell(obs, act), torch.cat([nxt - obs, rew[:, None]], 1)
        count = torch.zeros(len(self.change)).index_add(0, cell, torch.ones(len(cell)))
        total = torch.zeros_like(self.change).index_add(0, cell, new)
        self.change = total / count.clamp_min(1)[:, None]
        return self

    def predict(self, obs, action, generator=None):
        out = self.change[self._cell(obs, action)]
        return obs + out[:, :-1], out[:, -1]

    def _cell(self, obs, action):
        place = torch.zeros(len(obs), dtype=torch.long)
        for i, edges in enumerate(self.edges):
            place = place * self.shape[i] + torch.bucketize(obs[:, i].contiguous(), edges)
        return place * self.shape[-1] + to_index(self.act_space, action)


# --- pictures: Catch ------------------------------------------------------------------------------


@dataclass
class CatchArena(Arena):
    """Errors are in pixels, of the ball first, then of the bar; and of the picture as a whole.

    No ball comes down during a stretch: where the next one appears nobody can know.
    """

    def seen(self, seed):
        return watch(
            self.world,
            self.context + self.horizon,
            self.stretches,
            [seed, 132],
            Stroller([seed, 133]),
            lambda rew: (rew == 0).all(-1),
        )

    def errors(self, seen, dreamt):
        real, dreamt = (
            unit_images(seen.obs[:, self.context - 1 :]).numpy(),
            unit_images(dreamt).numpy(),
        )
        (ball, whole), (bar, alone) = (find(real[:, 1:, 0]) for find in (ball_in, bar_in))
        off = np.linalg.norm(ball_in(dreamt[:, :, 0])[0] - ball, axis=-1)
        aside = np.abs(bar_in(dreamt[:, :, 0])[0] - bar)
        return {
            "ball": (off * whole).sum(0) / whole.sum(0),
            "bar": (aside * alone).sum(0) / alone.sum(0),
            "picture": picture_errors(real, np.concatenate([real[:, :1], dreamt], 1)),
        }

    def apart(self, a, b):
        (bar_a, _), (bar_b, _) = (bar_in(x[:, -1, 0]) for x in (a, b))
        return float(np.sqrt(((bar_a - bar_b) ** 2).mean()))


CATCH = CatchArena(
    "Catch",
    Catch(),
    ICEM(horizon=15, candidates=16, iterations=1, elites=3, beta=3.0),
    episodes=8,
    context=8,
    horizon=12,
)
FILM = 64_000  # frames of somebody who strolls about


class Stroller(Sticky):
    """Random actions that last for a while: each step, with probability 0.4, a new one."""

    def __init__(self, seed):
        super().__init__(Catch.act_space, 0.4, seed)

    def renew(self, n):
        # The stored evidence was drawn so: the first action of all needs no second draw.
        return np.ones(n, bool) if self.last is None else super().renew(n)


@lru_cache(maxsize=1)
def catch_film(seed, frames=FILM):
    """What all who learn have seen: `Sequences` of stretches of 250 frames."""
    return Streams(Catch(), 64, seed).play(frames, Stroller([seed, 134])).all(250)


class StillPictures(WorldModel):
    """The last picture, for ever."""

    has_reward, act_space = False, Catch.act_space

    def start(self, obs, generator=None):
        return image_batch(obs)

    def step(self, state, action, generator=None):
        return Step(state, torch.zeros(len(state)), torch.ones(len(state)))

    def decode(self, state):
        return state


class ByCodes(WorldModel, nn.Module):
    """A latent-action model played with true actions: each is translated into the code that was
    inferred most often where it was taken.

    Args:
        model: a trained `LatentActions`. codes: `(actions,)` integers, the translation.
    """

    has_reward, act_space = False, Catch.act_space

    def __init__(self, model, codes):
        super().__init__()
        self.model = model
        self.register_buffer("codes", torch.as_tensor(codes))

    def start(self, obs, generator=None):
        return self.model.start(obs)

    def step(self, state, action, generator=None):
        return self.model.step(state, self.codes[torch.as_tensor(action)])

    def decode(self, state):
        return self.model.decode(state)


def translation(model, film, named=3000):
    """For each action of a film the code that is inferred most often: `(actions,)`."""
    real = film.real.bool()
    before, after, act = film.obs[:, :-1][real], film.obs[:, 1:][real], film.act[real]
    codes = model.infer(before[:named], after[:named])
    counts = torch.zeros(3, model.act_space.n)
    counts.index_put_((act[:named], codes), torch.ones(len(codes)), accumulate=True)
    return counts.argmax(1)
