"""A planner in a table that it learns itself: what the long exercise of chapter 2 asks for."""

from __future__ import annotations

import random

import numpy as np


class LastOutcome:
    """Stage 1: what followed each pair the last time."""

    def __init__(self):
        self.last = {}

    def record(self, s, a, r, nxt, terminated) -> bool:
        """Take in one real step; whether it was news."""
        news = self.last.get((s, a)) != (r, nxt, terminated)
        self.last[s, a] = r, nxt, terminated
        return news

    def ask(self, s, a) -> tuple | None:
        """(r, next, terminated), or None for a pair never tried."""
        return self.last.get((s, a))


def solve(
    model, n_states: int, n_actions: int, gamma: float, hope: float, sweeps: int = 5000
) -> np.ndarray:
    """Stage 2: values `(n_states, n_actions)` by value iteration; a pair never tried is worth hope."""
    q = np.full((n_states, n_actions), float(hope))
    pairs = [(s, a) for s in range(n_states) for a in range(n_actions) if model.ask(s, a)]
    if not pairs:
        return q
    s, a = np.array(pairs).T  # (N,), (N,)
    r, nxt, ends = (np.array(column) for column in zip(*(model.ask(*pair) for pair in pairs)))
    for _ in range(sweeps):
        new = r + gamma * q.max(1)[nxt] * ~ends  # (N,)
        change = np.abs(new - q[s, a]).max()
        q[s, a] = new
        if change < 1e-6:
            break
    return q


class Planner:
    """Stage 3: acts on the values of its model, and plans anew when the model has changed."""

    hope = 1.0

    def __init__(self, n_states: int, n_actions: int, seed: int):
        self.sizes, self.rng, self.model = (n_states, n_actions), random.Random(seed), LastOutcome()
        self.plan()

    def plan(self) -> None:
        """Values of everything, from the model alone."""
        self.q = solve(self.model, *self.sizes, gamma=0.95, hope=self.hope)

    def act(self, s):
        """A best action; ties are broken evenly."""
        values = self.q[s]
        return int(self.rng.choice([a for a in range(len(values)) if values[a] == values.max()]))

    def learn(self, s, a, r, nxt, terminated):
        """One real step."""
        if self.model.record(s, a, r, nxt, terminated):
            self.plan()


class Doubter(Planner):
    """Stage 4: forgets what it has not tried for long, at the end of an episode."""

    patience = 1500

    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.now, self.tried = 0, {}

    def learn(self, s, a, r, nxt, terminated):
        """One real step."""
        self.now += 1
        self.tried[s, a] = self.now
        super().learn(s, a, r, nxt, terminated)
        if terminated:
            for pair in [p for p in self.model.last if self.now - self.tried[p] > self.patience]:
                del self.model.last[pair]
            self.plan()
