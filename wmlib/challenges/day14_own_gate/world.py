"""A mountain road whose last stretch was never driven fast. It is icy: whoever is fast there is lost.

0 m                              ice from here                              400 m
|~~~~~~~ hills, driven at all speeds ~~~~~~~|== driven at 4 to 7 m/s only ==| village
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
        self.ice, self.holds = ice, rng.uniform(11.0, 12.5)
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


def crawl(obs: Any, speed: float = 5.0) -> np.ndarray:
    """The safe fallback: brings cars to 5 m/s, with a third of what the brakes have (1.75 m/s^2)."""
    v = np.asarray(obs, float)[:, 1]
    return np.clip((speed - v) / (SECONDS * 5.0), -0.35, 1.0)[:, None]


def drive(
    road: Pass,
    act: Any,
    cars: int,
    rng: np.random.Generator,
    seconds: float = 120.0,
    start: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, list[tuple]]:
    """Drive cars side by side.

    Args:
        start: where they begin, `(cars, 2)`; otherwise at rest, in the first ten metres.
        act: obs `(B, 2)` -> pedals `(B, 1)`; it is asked for all cars until all are through.

    Returns:
        seconds `(B,)`; lost `(B,)`; rows (obs, pedal, next obs, on the road) of each step.
    """
    obs = np.stack([rng.uniform(0, 10, cars), np.zeros(cars)], 1) if start is None else start
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


class Locals:
    """Who left the log: they drive at all speeds with a restless foot, and slowly on the ice."""

    def __init__(self, road: Pass, cars: int, rng: np.random.Generator):
        self.road, self.rng = road, rng
        self.foot = rng.uniform(-1, 1, cars)

    def limit(self, x: np.ndarray) -> np.ndarray:
        """The fastest that they would drive at x: 6.5 m/s on the ice and 20 m before it."""
        return np.minimum(30, np.sqrt(6.5**2 + 2 * 4.0 * np.clip(self.road.ice - 20 - x, 0, None)))

    def __call__(self, obs: np.ndarray) -> np.ndarray:
        """Pedals `(B, 1)`."""
        (x, v), rng = obs.T, self.rng
        self.foot = np.where(rng.random(len(x)) < 0.3, rng.uniform(-1, 1, len(x)), self.foot)
        ahead = (self.limit(x + SECONDS * v) - v) / (SECONDS * 5.0)  # what keeps within the limit
        pedal = np.minimum(self.foot, ahead)
        return np.clip(np.where(v < 4, np.maximum(pedal, 0.4), pedal), -1, 1)[:, None]


def log_of(road: Pass, trips: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """What the locals drove: obs, next_obs `(N, 2)`, act `(N, 1)`, and of which trip each row is.

    A trip lasts 10 seconds. It begins anywhere, at any speed that is usual there.
    """
    people, x = Locals(road, trips, rng), rng.uniform(0, LENGTH, trips)
    start = np.stack([x, rng.uniform(0, 1, trips) * people.limit(x)], 1)
    _, _, rows = drive(road, people, trips, rng, 10.0, start)
    obs, act, nxt, going = (np.stack(column, 1) for column in zip(*rows))  # (trips, T, ...)
    trip = np.repeat(np.arange(trips)[:, None], obs.shape[1], 1)
    return {"obs": obs[going], "act": act[going], "next_obs": nxt[going], "trip": trip[going]}


def informed(road: Pass) -> Any:
    """A driver who knows where the ice begins and how fast the locals were: the examiner's bar."""

    def act(obs):
        x, v = np.asarray(obs, float).T
        wanted = np.sqrt(6.5**2 + 2 * 3.5 * np.clip(road.ice - 25 - x, 0, None))
        return np.clip((np.minimum(wanted, 30) - v) / (SECONDS * 5.0), -1, 1)[:, None]

    return act


class Members:
    """Five models of the road, on overlapping bumps of position and speed, fitted to a log.

    Each begins from random weights of its own and moves them no further than its data asks. So where
    there is no data each keeps what it began with, and they contradict each other.

    Args:
        log: see `log_of`. rng: draws the weights that they begin with.
    """

    def __init__(self, log: dict[str, np.ndarray], rng: np.random.Generator, members: int = 5):
        x, v = np.meshgrid(np.arange(-10, 421, 15), np.arange(0, 34, 2), indexing="ij")
        self.centres = np.stack([x.ravel(), v.ravel()], 1)
        change = log["next_obs"] - log["obs"]
        self.mid, self.scale = change.mean(0), change.std(0)
        inputs, targets = self._inputs(log["obs"], log["act"]), (change - self.mid) / self.scale
        square = inputs.T @ inputs + 0.3 * np.eye(inputs.shape[1])
        begin = rng.normal(size=(members, inputs.shape[1], 2))
        rest = inputs.T @ (targets - inputs @ begin)
        self.weights = begin + np.linalg.solve(square, rest)

    def _inputs(self, obs, act):
        apart = (obs[:, None] - self.centres) / [15.0, 2.0]
        bumps = np.exp(-0.5 * (apart**2).sum(-1))
        return np.concatenate([bumps, bumps * act], 1)

    def predict(self, obs: Any, act: Any) -> np.ndarray:
        """What each member says comes next: `(5, N, 2)` for obs `(N, 2)` and act `(N, 1)`."""
        obs, act = np.asarray(obs, float), np.asarray(act, float)
        if obs.ndim != 2 or obs.shape[1] != 2 or act.shape != (len(obs), 1):
            raise ValueError(
                f"predict takes obs (N, 2) and act (N, 1), got {obs.shape} and {act.shape}"
            )
        return obs + self._inputs(obs, np.clip(act, -1, 1)) @ self.weights * self.scale + self.mid


def learned(road: Pass, rng: np.random.Generator) -> tuple[Members, dict[str, np.ndarray]]:
    """Members fitted to 200 trips of the locals, and 40 more that they have not seen."""
    return Members(log_of(road, 200, rng), rng), log_of(road, 40, rng)
