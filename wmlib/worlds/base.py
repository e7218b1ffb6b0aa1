"""A world: the real thing, batched, with its state laid open.

A gymnasium environment hides its state and runs one copy at a time. A `World` is the same thing
the other way round: the state is an array you hold in your hand, and every method works on a
whole batch of states at once. That makes two things easy which the course needs all the time:
fast evaluation (twenty episodes side by side) and a true simulator to compare models with.

`GymEnv` turns a world into a gymnasium environment; `wmlib.worlds.gym.FromGym` turns a gymnasium
environment into a world, so either side can be written first.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import gymnasium as gym
import numpy as np
from numpy.typing import ArrayLike

from wmlib.worlds.actions import check_actions

Seed = int | Sequence[int]  # what numpy.random.default_rng takes


class World(ABC):
    """Physics and rules as pure functions of an explicit state. NumPy, batched first.

    Attributes:
        obs_space: space of one observation (gymnasium).
        act_space: `Discrete(n)`: actions are integers `(B,)`; or `Box`: floats `(B, A)`.
        max_steps: steps after which an episode is *truncated* (not terminated); None: never.
    """

    obs_space: gym.Space
    act_space: gym.Space
    max_steps: int | None

    @property
    def name(self) -> str:
        """How messages call it."""
        return type(self).__name__

    @abstractmethod
    def initial(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """States `(n, ...)` in which `n` episodes begin."""

    @abstractmethod
    def step(
        self, state: np.ndarray, action: np.ndarray, rng: np.random.Generator | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """One step of every state of the batch.

        Args:
            state: `(B, ...)`, not changed.
            action: `(B,)` integers or `(B, A)` floats.
            rng: numpy generator, for worlds with chance in them.

        Returns:
            next state `(B, ...)`, reward `(B,)`, terminated `(B,)` bool.
        """

    @abstractmethod
    def obs(self, state: np.ndarray) -> np.ndarray:
        """What the agent sees of each state: `(B, ...)`."""

    def state_of(self, obs: np.ndarray) -> np.ndarray:
        """The state behind an observation, where the observation shows all of it.

        Raises:
            TypeError: if this world shows its agent less than its state.
        """
        raise TypeError(
            f"{type(self).__name__} does not say how its state can be read from an observation: "
            "implement state_of(obs), or plan from states instead of observations"
        )


class GymEnv(gym.Env):
    """A world as an ordinary gymnasium environment, one copy at a time.

    `state` may be read and set at any time.
    """

    metadata = {"render_modes": []}

    def __init__(self, world: World):
        self.world = world
        self.observation_space, self.action_space = world.obs_space, world.act_space
        self.state: np.ndarray | None = None
        self._t = 0

    def reset(
        self, *, seed: int | None = None, options: dict | None = None
    ) -> tuple[np.ndarray, dict]:
        super().reset(seed=seed)
        self.state = state = self.world.initial(1, self.np_random)[0]
        self._t = 0
        return self.world.obs(state[None])[0], {}

    def step(self, action: ArrayLike) -> tuple[np.ndarray, float, bool, bool, dict]:
        if self.state is None:
            raise RuntimeError("the episode has not begun: call reset() before step()")
        batch = check_actions(self.action_space, np.asarray(action)[None], 1)
        state, rew, terminated = self.world.step(self.state[None], batch, self.np_random)
        self.state, self._t = state[0], self._t + 1
        late = self.world.max_steps is not None and self._t >= self.world.max_steps
        truncated = late and not bool(terminated[0])
        obs = self.world.obs(state)[0]
        return obs, float(rew[0]), bool(terminated[0]), truncated, {}
