"""A mountain road whose last stretch was never driven fast. It is icy: whoever is fast there is lost.

0 m                              ice from here                              400 m
|~~~~~~~ hills, driven at all speeds ~~~~~~~|== driven at 4 to 8 m/s only ==| village
"""

from __future__ import annotations

from typing import Any

import numpy as np

LENGTH, SECONDS = 400.0, 0.5


class Pass:
    """The road. State and obs `(B, 2)`: position (m) and speed (m/s). Pedal `(B, 1)`, -1 to 1.

    Args:
        rng: draws the hills and the speed at which the ice no longer holds a car.
        ice: where the icy stretch begins (m).
    """

    def __init__(self, rng: np.random.Generator, ice: float):
        self.ice, self.holds = ice, rng.uniform(12.0, 14.0)
        self.wave, self.phase = rng.uniform(90, 140), rng.uniform(0, 2 * np.pi)

    def after(self, obs: Any, pedal: Any, rng: np.random.Generator) -> np.ndarray:
        """The next obs `(B, 2)`. On the ice it feels as elsewhere, for those who are slow."""
        x, v = np.asarray(obs, float).T
        pedal = np.clip(np.asarray(pedal, float).reshape(-1), -1, 1)
        push = np.where(pedal > 0, 4.0 * pedal * (1 - v / 32), 5.0 * pedal)
        slope = np.sin(2 * np.pi * x / self.wave + self.phase)
        faster = np.maximum(0, v + SECONDS * (push - slope) + 0.1 * rng.normal(size=len(x)))
        return np.stack([x + SECONDS * (v + faster) / 2, faster], 1)

    def lost(self, obs: np.ndarray) -> np.ndarray:
        """Whether a car is over the edge."""
        return (obs[:, 0] > self.ice) & (obs[:, 0] < LENGTH) & (obs[:, 1] > self.holds)


def crawl(obs: Any, speed: float = 6.0) -> np.ndarray:
    """The safe fallback: brings cars to 6 m/s, with four fifths of what the brakes have."""
    v = np.asarray(obs, float)[:, 1]
    return np.clip((speed - v) / (SECONDS * 5.0), -0.8, 1.0)[:, None]


def drive(
    road: Pass, act: Any, cars: int, rng: np.random.Generator, seconds: float = 120.0
) -> tuple[np.ndarray, np.ndarray, list[tuple]]:
    """Drive cars side by side from the start, at rest.

    Args:
        act: obs `(B, 2)` -> pedals `(B, 1)`; it is asked for all cars until all are through.

    Returns:
        seconds `(B,)`; lost `(B,)`; rows (obs, pedal, next obs, on the road) of each step.
    """
    obs = np.stack([rng.uniform(0, 10, cars), np.zeros(cars)], 1)
    going, lost, took, rows = np.ones(cars, bool), np.zeros(cars, bool), np.zeros(cars), []
    for _ in range(round(seconds / SECONDS)):
        pedal = np.clip(np.asarray(act(obs), float).reshape(cars, 1), -1, 1)
        nxt = np.where(going[:, None], road.after(obs, pedal, rng), obs)
        rows.append((obs, pedal, nxt, going.copy()))
        took += SECONDS * going
        lost |= going & road.lost(nxt)
        going &= ~lost & (nxt[:, 0] < LENGTH)
        obs = nxt
        if not going.any():
            break
    return took, lost, rows


class Local:
    """Who left the log: drives at all speeds, and slowly on the ice; changes its mind now and then."""

    def __init__(self, road: Pass, cars: int, rng: np.random.Generator):
        self.road, self.rng = road, rng
        self.fast, self.slow = rng.uniform(8, 36, cars), rng.uniform(4, 8, cars)
        self.foot = np.zeros(cars)

    def __call__(self, obs: np.ndarray) -> np.ndarray:
        """Pedals `(B, 1)`."""
        (x, v), rng = obs.T, self.rng
        self.fast = np.where(rng.random(len(x)) < 0.15, rng.uniform(8, 36, len(x)), self.fast)
        self.slow = np.where(rng.random(len(x)) < 0.08, rng.uniform(4, 8, len(x)), self.slow)
        self.foot = 0.6 * self.foot + np.where(x < self.road.ice - 5, 0.6, 0.2) * rng.normal(size=len(x))
        room = np.clip(self.road.ice - 8 - x, 0, None)
        wanted = np.minimum(self.fast, np.sqrt(self.slow**2 + 2 * 3.5 * room))
        pedal = np.clip((wanted - v) / (SECONDS * 5.0) + self.foot, -1, 1)
        return np.where((room < 10) & (v > 8), np.minimum(pedal, -0.5), pedal)[:, None]


def log_of(road: Pass, trips: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """What the locals drove: obs, next_obs `(N, 2)`, act `(N, 1)`, and of which trip each row is."""
    _, _, rows = drive(road, Local(road, trips, rng), trips, rng)
    obs, act, nxt, going = (np.stack(column, 1) for column in zip(*rows))  # (trips, T, ...)
    trip = np.repeat(np.arange(trips)[:, None], obs.shape[1], 1)
    return {"obs": obs[going], "act": act[going], "next_obs": nxt[going], "trip": trip[going]}


def informed(road: Pass) -> Any:
    """A driver who knows where the ice begins and how fast the locals were: the examiner's bar."""

    def act(obs):
        x, v = np.asarray(obs, float).T
        wanted = np.sqrt(7.0**2 + 2 * 3.5 * np.clip(road.ice - 10 - x, 0, None))
        return np.clip((np.minimum(wanted, 30) - v) / (SECONDS * 5.0), -1, 1)[:, None]

    return act
