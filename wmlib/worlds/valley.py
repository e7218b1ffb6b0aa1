"""A marble in a row of valleys, and a small reward beyond what was explored.

Small enough to see a planner exploit its model: the data lies round the bottom of one valley, the
reward stands a little outside it, and a single plan of 15 pushes is the whole task.
"""

from __future__ import annotations

import gymnasium as gym
import numpy as np

from wmlib.worlds.base import World


class Valley(World):
    """Push a marble to position 2 and keep it there.

    State and observation `(B, 2)`: position and speed. Action `(B, 1)`: push in [-3, 3].
    speed' = speed + 0.1 (push - sin position), position' = position + 0.3 speed'.
    Reward: exp(-2 (position' - 2)^2) - 0.02 speed'^2. Never terminates; 15 steps.
    """

    obs_space = gym.spaces.Box(-np.inf, np.inf, (2,), np.float32)
    act_space = gym.spaces.Box(-3.0, 3.0, (1,), np.float32)
    max_steps = 15

    def initial(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return np.zeros((n, 2))

    def step(
        self, state: np.ndarray, action: np.ndarray, rng: np.random.Generator | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        x, v = np.asarray(state, np.float64).T
        push = np.clip(np.asarray(action, np.float64)[:, 0], -3, 3)
        v = v + 0.1 * (push - np.sin(x))
        nxt = np.stack([x + 0.3 * v, v], axis=1)
        return nxt, self.reward(nxt), np.zeros(len(nxt), bool)

    def obs(self, state: np.ndarray) -> np.ndarray:
        return np.asarray(state, np.float32)

    def state_of(self, obs: np.ndarray) -> np.ndarray:
        return np.asarray(obs, np.float64)

    @staticmethod
    def reward(state: np.ndarray) -> np.ndarray:
        """Of a state that was reached: arrays `(B, 2) -> (B,)`."""
        return np.exp(-2 * (state[:, 0] - 2) ** 2) - 0.02 * state[:, 1] ** 2
