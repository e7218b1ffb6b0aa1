"""Worlds as tables, models of them that remember k frames, and players with and without memory."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np

from wmlib.exercise import Mistake, numbers

STEPS = 20  # of an episode
STATES, SHOWN, ACTS = 12, 5, 3  # at most


class Tables(NamedTuple):
    """What each state shows `(S,)`, where each action leads `(S, A)`, what it pays `(S, A)`, and the
    states in which episodes begin."""

    obs: np.ndarray
    nxt: np.ndarray
    rew: np.ndarray
    start: np.ndarray


def read(value: Any, name: str) -> Tables:
    """The student's dictionary as tables.

    Raises:
        Mistake: with what is wrong.
    """
    if not isinstance(value, dict):
        raise Mistake(f"`{name}` should be a dictionary with obs, nxt, rew and start")
    missing = [key for key in Tables._fields if key not in value]
    if missing:
        raise Mistake(f"`{name}` has no {missing[0]!r}: it needs obs, nxt, rew and start")
    obs = numbers(value["obs"], (None,), f"obs of `{name}`")
    nxt = numbers(value["nxt"], (len(obs), None), f"nxt of `{name}`")
    rew = numbers(value["rew"], nxt.shape, f"rew of `{name}`")
    start = numbers(value["start"], (None,), f"start of `{name}`")
    for what, table, below in (
        ("obs", obs, SHOWN),
        ("nxt", nxt, len(obs)),
        ("start", start, len(obs)),
    ):
        if not len(table) or ((table != np.floor(table)) | (table < 0) | (table >= below)).any():
            raise Mistake(f"{what} of `{name}` should hold whole numbers from 0 to {below - 1}")
    if len(obs) > STATES or not 1 <= nxt.shape[1] <= ACTS:
        raise Mistake(
            f"`{name}` has {len(obs)} states and {nxt.shape[1]} actions: at most {STATES} and {ACTS}"
        )
    if (np.abs(rew) > 1).any():
        raise Mistake(f"rewards of `{name}` lie between -1 and 1")
    return Tables(obs.astype(int), nxt.astype(int), rew, start.astype(int))


def film(tables: Tables, episodes: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Random play: obs `(N, 21)`, act and rew `(N, 20)`."""
    state = rng.choice(tables.start, episodes)
    obs, act, rew = [tables.obs[state]], [], []
    for _ in range(STEPS):
        act.append(rng.integers(0, tables.nxt.shape[1], episodes))
        rew.append(tables.rew[state, act[-1]])
        state = tables.nxt[state, act[-1]]
        obs.append(tables.obs[state])
    return np.stack(obs, 1), np.stack(act, 1), np.stack(rew, 1)


def contexts(obs: np.ndarray, act: np.ndarray, memory: int) -> list[list[tuple]]:
    """What a player that remembers so many frames knows before each step, for each episode."""
    return [
        [
            tuple(o[max(0, t - memory) : t + 1]) + tuple(a[max(0, t - memory) : t])
            for t in range(STEPS)
        ]
        for o, a in zip(obs.tolist(), act.tolist())
    ]


class Model:
    """A table of what followed: the model's guess is the next obs that came most often.

    Args:
        memory: frames (with the actions between) that it knows besides the present one.
    """

    def __init__(self, tables: Tables, memory: int, rng: np.random.Generator):
        self.tables, self.memory, self.acts = tables, memory, tables.nxt.shape[1]
        self.counts: dict[tuple, dict[int, int]] = {}
        self.paid: dict[tuple, list[float]] = {}
        self.after: dict[tuple, dict[tuple, int]] = {}
        obs, act, rew = film(tables, 300, rng)
        known = contexts(obs, act, memory)
        for n, t in itertools.product(range(len(obs)), range(STEPS)):
            here = known[n][t], int(act[n, t])
            seen = self.counts.setdefault(here, {})
            seen[int(obs[n, t + 1])] = seen.get(int(obs[n, t + 1]), 0) + 1
            self.paid.setdefault(here, []).append(float(rew[n, t]))
            if t + 1 < STEPS:
                follow = self.after.setdefault(here, {})
                follow[known[n][t + 1]] = follow.get(known[n][t + 1], 0) + 1

    def error(self, rng: np.random.Generator) -> float:
        """Share of new steps, from the third on, whose next obs it does not foresee."""
        obs, act, _ = film(self.tables, 200, rng)
        known, wrong = contexts(obs, act, self.memory), []
        for n, t in itertools.product(range(len(obs)), range(2, STEPS)):
            seen = self.counts.get((known[n][t], int(act[n, t])), {-1: 1})
            wrong.append(max(seen, key=lambda o: (seen[o], -o)) != obs[n, t + 1])
        return float(np.mean(wrong))

    def plan(self) -> float:
        """The mean return of a player that plans in this model, measured in the world."""
        worth: list[dict[tuple, float]] = [{}]  # with 0 steps left
        for _ in range(STEPS):
            last, now = worth[-1], {}
            for here, paid in self.paid.items():
                follow = self.after.get(here, {})
                later = sum(n * last.get(c, 0.0) for c, n in follow.items()) / max(
                    1, sum(follow.values())
                )
                now[here] = float(np.mean(paid)) + later
            best: dict[tuple, float] = {}
            for (known, act), value in now.items():
                best[known] = max(best.get(known, -np.inf), value)
                best[known, act] = value
            worth.append(best)
        total = 0.0
        for state in self.tables.start:
            seen: list[int] = [int(self.tables.obs[state])]
            done: list[int] = []
            for t in range(STEPS):
                back = max(0, t - self.memory)
                known = tuple(seen[back:]) + tuple(done[back:])
                table = worth[STEPS - t]
                act = max(range(self.acts), key=lambda a: table.get((known, a), -np.inf))
                total += self.tables.rew[state, act]
                state = self.tables.nxt[state, act]
                seen.append(int(self.tables.obs[state]))
                done.append(act)
        return total / len(self.tables.start)


def best_without_memory(tables: Tables, rng: np.random.Generator) -> float:
    """The best mean return among all players whose action depends on the present obs alone, those
    that draw it included (of these a search: many at random, and steps uphill from the best)."""
    kinds, acts = int(tables.obs.max()) + 1, tables.nxt.shape[1]
    fixed = np.eye(acts)[np.array(list(itertools.product(range(acts), repeat=kinds)))]
    mixed = rng.dirichlet(np.ones(acts) * 0.7, (400, kinds))
    players = np.concatenate([fixed, mixed])
    best = -np.inf
    for _ in range(12):
        got = _returns(tables, players)
        if got.max() > best:
            best, top = float(got.max()), players[got.argmax()]
        near = top + 0.2 * rng.uniform(size=(200, 1, 1)) * rng.normal(size=(200, kinds, acts))
        near = np.clip(near, 1e-9, None)
        players = near / near.sum(-1, keepdims=True)
    return best


def _returns(tables, players):
    """Mean returns of players `(N, O, A)`, exactly."""
    policy = players[:, tables.obs]  # (N, S, A)
    states = len(tables.obs)
    move = np.einsum("nsa,sat->nst", policy, np.eye(states)[tables.nxt])
    paid = (policy * tables.rew).sum(-1)  # (N, S)
    worth = np.zeros_like(paid)
    for _ in range(STEPS):
        worth = paid + np.einsum("nst,nt->ns", move, worth)
    return worth[:, tables.start].mean(1)
