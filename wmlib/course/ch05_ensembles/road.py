"""A road with a quay at its end: the world in which an agent must know what it does not know.

    0 m                                            300 m                415 m   420 m
    |~~~~~~~~~ hills, driven at up to 24 m/s ~~~~~~~|== the quay ==========[P]====|  water
                                                     never driven fast

Nobody ever drove fast on the quay. In one version of the world it is flooded, and a fast car
aquaplanes there: above 18 m/s (65 km/h) the tyres lose the road, and so the brakes. In the other
version it is dry. At the speeds that were ever driven on the quay the two are the same world, to
the last digit, so no log of the past can tell them apart.
"""

from __future__ import annotations

import gymnasium as gym
import numpy as np

from wmlib.devices import new_rng
from wmlib.worlds.base import World


class Road(World):
    """Drive to the bay at the end of a quay, fast, and stop before the water.

    State and observation `(B, 2)`: position (m) and speed (m/s, never negative).
    Action `(B, 1)` in [-1, 1]: brake (below 0) or throttle. One step is half a second.
    Reward: minus the distance to the bay, in lengths of the road (1 at the start, 0 in the bay),
    and `-WRECK` for a car in the water. Terminates there, or parked: in the bay, below 1 m/s.

    Args:
        flooded: whether a fast car aquaplanes on the quay.
        onset: speed (m/s) above which the grip on a flooded quay begins to fall; 3 m/s above it
            a fifth is left.
        quay: stretch of road (from, to) in metres that was never driven fast and may be flooded.
        start: where episodes begin (from, to) in metres, at rest.
    """

    BAY, EDGE = 415.0, 420.0
    PARKED_FROM, PARKED_SPEED = 410.0, 1.0
    WRECK = 50.0
    SECONDS = 0.5
    PULL, TOP_SPEED = 5.0, 30.0  # m/s^2 of engine and brakes; the engine has none left at the top
    HILL, WAVE = 1.0, 140.0  # m/s^2 along the slope, metres from crest to crest
    NOISE = 0.1  # m/s per step: gusts
    obs_space = gym.spaces.Box(0.0, np.inf, (2,), np.float32)
    act_space = gym.spaces.Box(-1.0, 1.0, (1,), np.float32)
    max_steps = 120

    def __init__(self, flooded=True, onset=18.0, quay=(300.0, 420.0), start=(0.0, 30.0)):
        self.flooded, self.onset, self.quay, self.start = flooded, onset, quay, start

    def initial(self, n, rng):
        return np.stack([rng.uniform(*self.start, n), np.zeros(n)], axis=1)

    def step(self, state, action, rng=None):
        x, v = np.asarray(state, np.float64).T
        pedal = np.clip(np.asarray(action, np.float64)[:, 0], -1, 1)
        push = np.where(pedal > 0, self.PULL * pedal * (1 - v / self.TOP_SPEED), self.PULL * pedal)
        gust = self.NOISE * rng.standard_normal(len(x)) if rng is not None else 0.0
        change = self.SECONDS * (self.grip(x, v) * push - self.slope(x)) + gust
        faster = np.maximum(0.0, v + change)
        nxt = np.stack([x + self.SECONDS * (v + faster) / 2, faster], axis=1)
        wrecked = self.wrecked(nxt)
        rew = -self.distance(nxt) - self.WRECK * wrecked
        return nxt, rew, wrecked | self.parked(nxt)

    def obs(self, state):
        return np.asarray(state, np.float32)

    def state_of(self, obs):
        return np.asarray(obs, np.float64)

    def grip(self, x, v):
        """Share of the grip that the tyres have, from 0.2 to 1."""
        wet = self.flooded & (x >= self.quay[0]) & (x < self.quay[1])
        return np.where(wet, np.clip(1 - 0.8 * (v - self.onset) / 3, 0.2, 1.0), 1.0)

    def slope(self, x):
        """What the hills take, in m/s^2; the last 40 m before 300 level out."""
        return self.HILL * np.sin(2 * np.pi * x / self.WAVE) * np.clip((300 - x) / 40, 0, 1)

    def distance(self, state):
        """Distance to the bay, in lengths of the road: arrays or tensors `(B, 2) -> (B,)`."""
        return abs(state[:, 0] - self.BAY) / self.BAY

    def wrecked(self, state):
        """Whether a car is in the water: arrays or tensors `(B, 2) -> (B,)`."""
        return state[:, 0] > self.EDGE

    def parked(self, state):
        """Whether a car stands in the bay: arrays or tensors `(B, 2) -> (B,)`."""
        x, v = state[:, 0], state[:, 1]
        return (x >= self.PARKED_FROM) & (x <= self.EDGE) & (v < self.PARKED_SPEED)


def crawl(obs, speed: float = 8.0):
    """The safe fallback, made by hand: bring the car to 8 m/s, and to a stop in the bay.

    Brakes with four fifths of what the brakes have, in time for the bay.
    """
    x, v = np.asarray(obs, np.float64).T
    wanted = np.minimum(speed, np.sqrt(2.0 * np.clip(Road.EDGE - 4 - x, 0, None)))
    pedal = (wanted - v) / (Road.SECONDS * Road.PULL)
    return np.clip(pedal, -0.8, 1.0)[:, None].astype(np.float32)


class Driver:
    """Who left the log: drives the road at all speeds, and the quay slowly. One car at a time.

    Changes its mind about the speed now and then, has no steady foot, and brakes in time for the
    quay and for the bay.

    Args:
        seed: of its moods.
        slow: fastest speed (m/s) it ever means to drive on the quay.
        quay: where it drives slowly.
    """

    def __init__(self, seed=0, slow: float = 10.0, quay=(300.0, 420.0)):
        self.rng, self.slow, self.quay = new_rng(seed), slow, quay

    def begin(self, obs):
        self.fast, self.crawl = self.rng.uniform(5, 32), self.rng.uniform(3, self.slow)
        self.brakes, self.foot = self.rng.uniform(2, 5), 0.0

    def act(self, obs):
        x, v = np.asarray(obs, np.float64)[0]
        rng, (start, end) = self.rng, self.quay
        if rng.random() < 0.15:
            self.fast = rng.uniform(5, 32)
        if rng.random() < 0.1:
            self.crawl = rng.uniform(3, self.slow)
        wanted = self.fast
        if x < start - 5:
            wanted = min(wanted, np.sqrt(self.crawl**2 + 2 * self.brakes * (start - 5 - x)))
        elif x < end:
            wanted = self.crawl
        wanted = min(wanted, np.sqrt(1.6 * max(0.0, Road.EDGE - 7 - x)) + 0.5)
        self.foot = 0.7 * self.foot + 0.35 * rng.standard_normal()
        foot = self.foot if x < Road.EDGE - 40 else 0.2 * self.foot
        pedal = np.clip((wanted - v) / (Road.SECONDS * Road.PULL) + foot, -1, 1)
        if start - 20 < x < end and v > self.slow - 0.5:
            pedal = min(pedal, -0.3)
        return np.array([[pedal]], np.float32)
