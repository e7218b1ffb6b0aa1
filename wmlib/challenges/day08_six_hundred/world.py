"""Pendulums that hang down at first, each with a gravity and a motor of its own."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np


class Hanging(gymnasium.Env):
    """A pendulum with a motor too weak to lift it at once; every episode begins at the bottom.

    Observation `(3,)`: cosine and sine of the angle (0 = upright), angular velocity (rad/s, at most
    8). Action `(1,)`: torque in [-2, 2]. A step is 0.05 s, an episode 200 steps. Pays nothing.

    Args:
        gravity, motor: what a unit of sin(angle) and of torque do to the velocity (rad/s a second).
    """

    observation_space = gymnasium.spaces.Box(
        np.array([-1, -1, -8], np.float32), np.array([1, 1, 8], np.float32)
    )
    action_space = gymnasium.spaces.Box(-2.0, 2.0, (1,), np.float32)

    def __init__(self, gravity: float = 13.0, motor: float = 2.6):
        self.gravity, self.motor = gravity, motor
        self.state, self.age = np.zeros((1, 2)), 0

    def move(self, state: np.ndarray, torque: np.ndarray) -> np.ndarray:
        """States `(N, 2)`, angle and velocity, after one step with torques `(N,)`."""
        angle, velocity = state.T
        push = self.gravity * np.sin(angle) + self.motor * np.clip(torque, -2, 2)
        velocity = np.clip(velocity + 0.05 * push, -8, 8)
        return np.stack([angle + 0.05 * velocity, velocity], 1)

    @staticmethod
    def seen(state: np.ndarray) -> np.ndarray:
        """Observations `(N, 3)` of states `(N, 2)`."""
        angle, velocity = state.T
        return np.stack([np.cos(angle), np.sin(angle), velocity], 1).astype(np.float32)

    def reset(
        self, *, seed: int | None = None, options: dict | None = None
    ) -> tuple[np.ndarray, dict]:
        """Hanging down, at rest but for a little."""
        super().reset(seed=seed)
        self.state = np.array([[np.pi + self.np_random.uniform(-0.1, 0.1), 0.0]])
        self.age = 0
        return self.seen(self.state)[0], {}

    def step(self, action: Any) -> tuple[np.ndarray, float, bool, bool, dict]:
        """One step."""
        self.state = self.move(self.state, np.asarray(action, float).reshape(1))
        self.age += 1
        return self.seen(self.state)[0], 0.0, False, self.age >= 200, {}
