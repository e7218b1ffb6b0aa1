"""A cart-pole with other masses, whose sensors have other units and whose actions may be swapped."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces


class Cart(gymnasium.Env):
    """CartPole's physics and ends; what differs from cart to cart is drawn.

    obs `(4,)`: position, velocity, angle, angular velocity, each times a factor of its own, which
    may be negative. Two actions: one pushes left, the other right. 1 is paid for every step.

    Args:
        rng: draws masses, length, force and factors. turned: whether a pole that leans to where
            obs[2] is positive is caught by action 0 (and not by 1).
    """

    def __init__(self, rng: np.random.Generator, turned: bool = False):
        self.cart, self.pole = rng.uniform(0.8, 1.5), rng.uniform(0.08, 0.2)
        self.half, self.force = rng.uniform(0.4, 0.8), rng.uniform(8, 12)
        self.units = 10 ** rng.uniform(-1, 1, 4) * rng.choice([-1, 1], 4)
        self.sign = np.sign(self.units[2]) * (-1 if turned else 1)
        self.observation_space = spaces.Box(-np.inf, np.inf, (4,), np.float32)
        self.action_space = spaces.Discrete(2)

    def after(self, state: np.ndarray, act: np.ndarray) -> np.ndarray:
        """The next states `(B, 4)`."""
        x, speed, angle, turn = state.T
        force = self.sign * np.where(np.asarray(act) == 1, self.force, -self.force)
        mass, cos, sin = self.cart + self.pole, np.cos(angle), np.sin(angle)
        push = (force + self.pole * self.half * turn**2 * sin) / mass
        faster = (9.8 * sin - cos * push) / (self.half * (4 / 3 - self.pole * cos**2 / mass))
        along = push - self.pole * self.half * faster * cos / mass
        step = 0.02 * np.stack([speed, along, turn, faster], 1)
        return state + step

    def over(self, state: np.ndarray) -> np.ndarray:
        """Whether the pole has fallen (12 degrees) or the cart has left the track (2.4 m)."""
        return (np.abs(state[:, 0]) > 2.4) | (np.abs(state[:, 2]) > np.radians(12))

    def obs(self, state: np.ndarray) -> np.ndarray:
        """What the sensors say."""
        return (state * self.units).astype(np.float32)

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[Any, dict]:
        """Upright and in the middle, but for a little."""
        super().reset(seed=seed)
        self._state, self._steps = self.np_random.uniform(-0.05, 0.05, (1, 4)), 0
        return self.obs(self._state)[0], {}

    def step(self, action: int) -> tuple[Any, float, bool, bool, dict]:
        """One step of 0.02 s; cut off after 500."""
        self._state, self._steps = self.after(self._state, np.array([action])), self._steps + 1
        over = bool(self.over(self._state)[0])
        return self.obs(self._state)[0], 1.0, over, self._steps >= 500, {}
