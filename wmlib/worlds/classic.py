"""CartPole and Pendulum: gymnasium's physics, batched, state in the open.

Equations and constants are those of gymnasium's `CartPole-v1` and `Pendulum-v1` (the tests step
both side by side); the cart-pole is Barto, Sutton & Anderson (1983).
"""

from __future__ import annotations

import gymnasium as gym
import numpy as np

from wmlib.worlds.actions import check_actions
from wmlib.worlds.base import World


class CartPole(World):
    """A pole on a cart. Two actions: push left (0) or right (1). +1 for every step, the last too.

    State and observation are the same: `(B, 4)`: cart position (m), cart velocity (m/s),
    pole angle (rad, 0 = upright), angular velocity (rad/s). One step is 0.02 s.
    An episode terminates when |position| > 2.4 or |angle| > 12 degrees.
    """

    X_LIMIT, ANGLE_LIMIT = 2.4, 12 * 2 * np.pi / 360
    obs_space = gym.spaces.Box(-np.inf, np.inf, (4,), np.float32)
    act_space = gym.spaces.Discrete(2)
    max_steps = 500

    def initial(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return rng.uniform(-0.05, 0.05, (n, 4))

    def step(
        self, state: np.ndarray, action: np.ndarray, rng: np.random.Generator | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        x, x_dot, angle, angle_dot = np.asarray(state, np.float64).T
        force = np.where(check_actions(self.act_space, action, len(x)) == 1, 10.0, -10.0)
        cos, sin = np.cos(angle), np.sin(angle)
        push = (force + 0.05 * angle_dot**2 * sin) / 1.1
        angle_acc = (9.8 * sin - cos * push) / (0.5 * (4 / 3 - 0.1 * cos**2 / 1.1))
        x_acc = push - 0.05 * angle_acc * cos / 1.1
        nxt = np.stack(
            [
                x + 0.02 * x_dot,
                x_dot + 0.02 * x_acc,
                angle + 0.02 * angle_dot,
                angle_dot + 0.02 * angle_acc,
            ],
            axis=1,
        )
        return nxt, np.ones(len(nxt)), self.fallen(nxt)

    def fallen(self, state: np.ndarray) -> np.ndarray:
        """Whether the pole has fallen or the cart has left the track: `(B,)` bool."""
        return (np.abs(state[:, 0]) > self.X_LIMIT) | (np.abs(state[:, 2]) > self.ANGLE_LIMIT)

    def obs(self, state: np.ndarray) -> np.ndarray:
        return np.asarray(state, np.float32)

    def state_of(self, obs: np.ndarray) -> np.ndarray:
        return np.asarray(obs, np.float64)


class Pendulum(World):
    """A pendulum to be swung up by a motor too weak to lift it at once.

    State `(B, 2)`: angle (rad, 0 = upright) and angular velocity (rad/s, at most 8).
    Observation `(B, 3)`: cos, sin, angular velocity. Action `(B, 1)`: torque in [-2, 2].
    Reward: -(angle^2 + 0.1 velocity^2 + 0.001 torque^2), angle taken within [-pi, pi].
    Never terminates; 200 steps of 0.05 s.
    """

    obs_space = gym.spaces.Box(np.array([-1, -1, -8], np.float32), np.array([1, 1, 8], np.float32))
    act_space = gym.spaces.Box(-2.0, 2.0, (1,), np.float32)
    max_steps = 200

    def initial(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return np.stack([rng.uniform(-np.pi, np.pi, n), rng.uniform(-1, 1, n)], axis=1)

    def step(
        self, state: np.ndarray, action: np.ndarray, rng: np.random.Generator | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        angle, velocity = np.asarray(state, np.float64).T
        torque = np.clip(np.asarray(action, np.float64)[:, 0], -2, 2)
        wrapped = (angle + np.pi) % (2 * np.pi) - np.pi
        rew = -(wrapped**2 + 0.1 * velocity**2 + 0.001 * torque**2)
        velocity = np.clip(velocity + (15 * np.sin(angle) + 3 * torque) * 0.05, -8, 8)
        nxt = np.stack([angle + 0.05 * velocity, velocity], axis=1)
        return nxt, rew, np.zeros(len(nxt), bool)

    def obs(self, state: np.ndarray) -> np.ndarray:
        angle, velocity = np.asarray(state).T
        return np.stack([np.cos(angle), np.sin(angle), velocity], axis=1).astype(np.float32)

    def state_of(self, obs: np.ndarray) -> np.ndarray:
        obs = np.asarray(obs, np.float64)
        return np.stack([np.arctan2(obs[:, 1], obs[:, 0]), obs[:, 2]], axis=1)
