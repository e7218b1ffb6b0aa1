"""The world behind the long exercise: a short track on which nobody was ever fast near the end.

0 m                       slow_from               55 m    60 m
|~~~ driven at every speed ~~~|~~~ driven slowly ~~~|[goal]| over the edge
"""

from __future__ import annotations

import numpy as np

GOAL, EDGE, TOP = 55.0, 60.0, 6.0


class Track:
    """A sledge on rails: position (m) and speed (m/s); the push lies in [-1, 1], a step is 1 s.

    Args:
        slow_from: beyond it the log holds speeds up to 2.5 m/s only.
        icy: whether a sledge above 4 m/s cannot brake there.
    """

    def __init__(self, slow_from: float, icy: bool):
        self.slow_from, self.icy = slow_from, icy

    def step(self, obs, act, rng):
        """`(B, 2)`, `(B, 1)` -> next `(B, 2)`."""
        x, v = obs.T
        push = np.clip(act[:, 0], -1, 1)
        slides = self.icy & (x > self.slow_from) & (v > 4)
        push = np.where(slides & (push < 0), 0.1 * push, push)
        hill = 0.2 * np.sin(x / 5) * (x < self.slow_from)
        v = np.clip(v + 0.8 * push - hill + 0.02 * rng.normal(size=len(x)), 0, TOP)
        return np.stack([x + v, v], 1)


def crawl(obs):
    """The fallback: 1.5 m/s, and a stop at the goal."""
    x, v = np.asarray(obs).T
    wanted = np.where(x > GOAL, 0.0, 1.5)
    return np.clip((wanted - v) / 0.8, -1, 1)[:, None]


def bold(obs):
    """As fast as the brakes allow, if they are good everywhere."""
    x, v = np.asarray(obs).T
    left = np.clip(GOAL + 2 - x, 0, None)
    wanted = np.minimum(TOP, np.sqrt(1.1 * left))
    return np.clip((wanted - v) / 0.8, -1, 1)[:, None]


def log(track, rng, trips=60):
    """Somebody's trips, each `(obs (T, 2), act (T, 1), nxt (T, 2))`."""
    made = []
    for _ in range(trips):
        obs, rows, fast = np.array([[rng.uniform(0, 5), 0.0]]), [], rng.uniform(1, TOP)
        slow = rng.uniform(0.8, 2.2)
        while obs[0, 0] < GOAL and len(rows) < 60:
            if rng.random() < 0.2:
                fast = rng.uniform(1, TOP)
            room = max(0.0, track.slow_from - 2 - obs[0, 0])
            wanted = min(fast, np.sqrt(slow**2 + 1.2 * room))
            act = np.clip((wanted - obs[0, 1]) / 0.8 + 0.3 * rng.normal(), -1, 1)
            act = min(act, -0.5) if room == 0 and obs[0, 1] > 2.3 else act
            nxt = track.step(obs, np.array([[act]]), rng)
            rows.append((obs[0], np.array([act]), nxt[0]))
            obs = nxt
        made.append(tuple(np.array(column) for column in zip(*rows)))
    return made


def ride(track, agent, rng, copies=10, longest=80):
    """Ride side by side: (share of sledges over the edge, mean seconds until the goal or the edge).

    Args:
        agent: `obs (B, 2) -> pushes (B, 1)`.
    """
    obs = np.stack([rng.uniform(0, 5, copies), np.zeros(copies)], 1)
    lost, seconds = np.zeros(copies, bool), np.full(copies, float(longest))
    going = np.ones(copies, bool)
    for t in range(longest):
        act = np.asarray(agent(obs[going]), float).reshape(going.sum(), 1)
        obs[going] = track.step(obs[going], act, rng)
        lost |= obs[:, 0] > EDGE
        there = (obs[:, 0] >= GOAL) & (obs[:, 1] < 0.8)
        done = going & (lost | there)
        seconds[done], going = t + 1, going & ~done
        if not going.any():
            break
    return lost.mean(), seconds.mean()
