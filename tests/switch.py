"""A world in which being one step late or early is wrong half of the time."""

import gymnasium as gym
import numpy as np

from wmlib.worlds.pixels import PixelWorld


class Switch(PixelWorld):
    """Action 1 turns the light on, action 0 turns it off; light pays 1. Chance plays no part."""

    act_space, max_steps = gym.spaces.Discrete(2), 9

    def initial(self, n, rng):
        return np.zeros((n, 1))

    def step(self, state, action, rng=None):
        nxt = np.asarray(action, float)[:, None]
        return nxt, nxt[:, 0].copy(), np.zeros(len(nxt), bool)

    def draw(self, state):
        return np.broadcast_to(state[:, :, None], (len(state), 32, 32)).astype(np.float32)
