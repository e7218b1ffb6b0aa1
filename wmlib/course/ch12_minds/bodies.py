"""Two bodies of motor neuroscience: a hand in a force field, and an arm that is felt too late."""

from __future__ import annotations

import gymnasium as gym
import numpy as np

from wmlib.worlds.base import World


class Hand(World):
    """A hand (a point of 1 kg) on a table; a robot may push it aside as it moves.

    State and observation `(B, 4)`: position x, y (m) and velocity (m/s). Action `(B, 2)`: the
    muscles' force (N). One step is 0.01 s. Reward: 0.

    Args:
        field: `(2, 2)`, the robot's force is `field @ velocity` (N s/m); None: the robot is off.
        steps: of one reach; fewer: a faster one.
    """

    SECONDS, MASS = 0.01, 1.0
    # Shadmehr & Mussa-Ivaldi 1994: symmetric, it assists in some directions and resists in others.
    FIELD_1994 = np.array([[-10.1, -11.2], [-11.2, 11.1]])
    CURL = 13.0 * np.array([[0.0, 1.0], [-1.0, 0.0]])  # later experiments: always at right angles
    obs_space = gym.spaces.Box(-np.inf, np.inf, (4,), np.float64)
    act_space = gym.spaces.Box(-100.0, 100.0, (2,), np.float64)

    def __init__(self, field=None, steps=60):
        self.max_steps = steps
        self.field = np.zeros((2, 2)) if field is None else np.asarray(field, float)

    def initial(self, n, rng):
        return np.zeros((n, 4))

    def step(self, state, action, rng=None):
        position, velocity = np.split(np.asarray(state, float), 2, axis=1)
        force = np.asarray(action, float) + velocity @ self.field.T
        velocity = velocity + self.SECONDS * force / self.MASS
        position = position + self.SECONDS * velocity
        nxt = np.concatenate([position, velocity], axis=1)
        return nxt, np.zeros(len(nxt)), np.zeros(len(nxt), bool)

    def obs(self, state):
        return np.asarray(state, float)

    def state_of(self, obs):
        return np.asarray(obs, float)


class Arm(World):
    """One joint with friction, moved by a muscle.

    State and observation `(B, 2)`: position (m) and velocity (m/s), with a little noise in the
    motion. Action `(B, 1)`: command in [-50, 50]. One step is 0.01 s. Reward: 0.
    """

    SECONDS, FRICTION, GAIN, NOISE = 0.01, 2.0, 3.0, 1e-3
    GRAVITY = 0.0  # acceleration for each metre away from the middle (1/s^2)
    obs_space = gym.spaces.Box(-np.inf, np.inf, (2,), np.float32)
    act_space = gym.spaces.Box(-50.0, 50.0, (1,), np.float32)
    max_steps = 1000

    def initial(self, n, rng):
        return np.zeros((n, 2))

    def step(self, state, action, rng=None):
        x, v = np.asarray(state, float).T
        command = np.clip(np.asarray(action, float)[:, 0], -50, 50)
        moved = x + self.SECONDS * v
        push = self.GAIN * command + self.GRAVITY * x - self.FRICTION * v
        faster = v + self.SECONDS * push
        nxt = np.stack([moved, faster], axis=1)
        if rng is not None:
            nxt = nxt + self.NOISE * rng.standard_normal(nxt.shape)
        return nxt, np.zeros(len(nxt)), np.zeros(len(nxt), bool)

    def obs(self, state):
        return np.asarray(state, np.float32)

    def state_of(self, obs):
        return np.asarray(obs, float)


class LightArm(Arm):
    """The same arm, having put down what it carried: every command moves it further."""

    GAIN = 2.2 * Arm.GAIN


class Stick(Arm):
    """A stick of 37 cm to be kept upright: gravity drives it away from the middle.

    State as the arm's: how far its top leans (m) and how fast. Near upright a uniform stick of
    length l obeys x'' = (3 g / 2 l) x + push, here 40 x. At 0.5 m it lies on the floor and stays.
    """

    FRICTION, GRAVITY, FLOOR = 0.0, 40.0, 0.5

    def step(self, state, action, rng=None):
        nxt, rew, over = super().step(state, action, rng)
        down = np.abs(np.asarray(state, float)[:, :1]) >= self.FLOOR
        lying = np.concatenate([np.clip(state[:, :1], -self.FLOOR, self.FLOOR), 0 * nxt[:, 1:]], 1)
        nxt[:, 0] = np.clip(nxt[:, 0], -self.FLOOR, self.FLOOR)
        return np.where(down, lying, nxt), rew, over
