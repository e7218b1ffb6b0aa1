"""Q-learning with a table where the world has no cells: cut every number into bins.

The oldest way to play CartPole (Michie & Chambers 1968 used 162 boxes). Neighbouring cells share
nothing, so every cell must be visited: that is what makes it hungry for real steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np
from numpy.typing import ArrayLike

from wmlib.acting import play
from wmlib.devices import new_rng
from wmlib.worlds import World, as_world
from wmlib.worlds.actions import draw_actions, from_index, n_actions, to_index
from wmlib.worlds.base import Seed
from wmlib.worlds.gym import Source


class BinnedQ:
    """Tabular Q-learning on observations cut into bins, one discrete action at a time.

    Args:
        world: a world with vector observations and discrete actions.
        edges: for every observed number, the inner borders of its bins (ascending).
        reward: `reward(obs, action, next_obs) -> (B,)` instead of the world's own.
        gamma: discount.
        patience: episodes before the step size and epsilon begin to fall; both then fall with
            the logarithm of the episodes, to 0.1 and 0.02.
        seed: everything random comes from it.
    """

    def __init__(
        self,
        world: World | Source,
        edges: Sequence[ArrayLike],
        *,
        reward: Callable | None = None,
        gamma: float = 0.99,
        patience: int = 50,
        seed: Seed = 0,
    ):
        self.world, self.reward, self.gamma = as_world(world), reward, gamma
        actions = n_actions(self.world.act_space, "BinnedQ")
        self.edges = [np.asarray(e, float) for e in edges]
        shape = self.world.obs_space.shape or (0,)
        if (len(self.edges),) != shape:
            raise ValueError(
                f"wanted bin edges for each of the {shape[0]} observed "
                f"numbers, got {len(self.edges)}"
            )
        self.patience, self.rng = patience, new_rng(seed)
        self.table = np.zeros([len(e) + 1 for e in self.edges] + [actions])
        self.real_steps = self.episodes = 0
        self.playing = play(self.world, self.explore, rng=self.rng)

    def cell(self, obs: np.ndarray) -> tuple:
        """Indices of the cells of observations `(B, O)`: one array `(B,)` for each number."""
        return tuple(np.searchsorted(e, obs[:, i]) for i, e in enumerate(self.edges))

    def act(self, obs: np.ndarray) -> np.ndarray:
        """The greedy actions `(B,)` for observations `(B, O)`."""
        return from_index(self.world.act_space, self.table[self.cell(obs)].argmax(1))

    def explore(self, obs: np.ndarray) -> np.ndarray:
        """The action `(1,)` for one observation `(1, O)` while learning: epsilon-greedy."""
        act = self.act(obs)
        if self.rng.random() < min(1.0, max(0.02, self._left())):
            return draw_actions(self.world.act_space, 1, self.rng)
        return act

    def learn(self, steps: int) -> BinnedQ:
        """Act for `steps` more real steps and learn from each. May be called again and again."""
        for step in islice(self.playing, steps):
            obs, act, rew, next_obs = step.obs, step.act, step.rew, step.next_obs
            if self.reward is not None:
                rew = self.reward(obs, act, next_obs)
            here = self.cell(obs) + (to_index(self.world.act_space, act),)
            after = self.table[self.cell(next_obs)].max(1)
            wanted = rew + self.gamma * (1 - step.terminated) * after
            step_size = min(0.5, max(0.1, self._left()))
            self.table[here] += step_size * (wanted - self.table[here])
            self.real_steps += 1
            self.episodes += int(step.over[0])
        return self

    def _left(self):
        """What step size and epsilon are before their limits: falls with the log of the episodes."""
        return 1 - math.log10((self.episodes + 1) / self.patience)


def cartpole_edges(
    bins: Sequence[int] = (6, 6, 12, 12), limits: Sequence[float] = (2.4, 3.0, 0.2095, 3.5)
) -> list[np.ndarray]:
    """Equal bins between plus and minus each limit, open at both ends."""
    return [np.linspace(-most, most, n + 1)[1:-1] for n, most in zip(bins, limits)]
