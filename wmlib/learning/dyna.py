"""Dyna: learn from real steps, and between them from imagined ones.

After each real step Dyna-Q (Sutton 1990; Sutton & Barto 2018, section 8.2) writes it in a table
model and replays `planning_steps` steps from the model, with the very same update. Dyna-Q+
(section 8.3) adds a bonus for what has not been tried for long, so that it goes and looks whether
the world is still what it was.
"""

from __future__ import annotations

from functools import partial
from math import sqrt
from typing import Any

from wmlib.learning import dyna_loop
from wmlib.learning.q_learning import QLearner
from wmlib.models.table import TableModel


class DynaQ(QLearner):
    """Q-learning with imagination.

    Args:
        n_states, n_actions: sizes of the table.
        planning_steps: n, imagined steps after each real one.
        model: a `TableModel` (default) or a `SampleModel`, or anything with `record`, `sample`.
        settings: of `QLearner`: alpha, gamma, epsilon, initial, seed.
    """

    def __init__(
        self,
        n_states: int,
        n_actions: int,
        planning_steps: int = 50,
        model: TableModel | None = None,
        **settings: Any,
    ):
        super().__init__(n_states, n_actions, **settings)
        if planning_steps < 0:
            raise ValueError(f"planning_steps cannot be negative, got {planning_steps}")
        self.planning_steps = planning_steps
        self.model = TableModel(n_states, n_actions) if model is None else model

    def learn(self, s, a, r, nxt, terminated):
        self.update(s, a, r, nxt, terminated)
        self.model.record(s, a, r, nxt, terminated)
        self.plan(self.planning_steps)

    def plan(self, n: int) -> None:
        """Learn from n imagined steps: pairs that were really tried, outcomes from the model."""
        sample, update, rng = self.model.sample, self.update, self.random
        for _ in range(n):
            s, a, outcome = sample(rng)
            update(s, a, *outcome)

    def loop(self):
        as_written = type(self) is DynaQ and type(self.model) is TableModel
        changed = {"act", "learn", "update", "target", "plan", "record", "outcome", "sample"}
        if not as_written or changed & (vars(self) | vars(self.model)).keys():
            return None
        return partial(dyna_loop.live, self)


class DynaQPlus(DynaQ):
    """Dyna-Q that grows curious about what it has not tried for long.

    In planning a step pays `r + kappa * sqrt(tau)`, tau being the number of real steps since the
    pair was last tried. For this to reach anything new, actions never tried in a visited state may
    be imagined too: with no reward, leading nowhere (Sutton & Barto 2018, section 8.3, footnote).

    Args:
        kappa: size of the bonus.
        the rest: see `DynaQ`.
    """

    def __init__(
        self,
        n_states: int,
        n_actions: int,
        planning_steps: int = 50,
        kappa: float = 1e-3,
        **settings: Any,
    ):
        super().__init__(n_states, n_actions, planning_steps, **settings)
        self.kappa, self.now = kappa, 0
        self.last_tried: dict[tuple[int, int], int] = {}
        self.pairs: list[tuple[int, int]] = []  # every action of every state visited

    def learn(self, s, a, r, nxt, terminated):
        if (s, 0) not in self.last_tried:
            for b in range(self.n_actions):
                self.pairs.append((s, b))
                self.last_tried[s, b] = 0
        self.now += 1
        self.last_tried[s, a] = self.now
        super().learn(s, a, r, nxt, terminated)

    def plan(self, n):
        rnd, model, pairs, last_tried = self.random.random, self.model, self.pairs, self.last_tried
        for _ in range(n):
            pair = s, a = pairs[int(rnd() * len(pairs))]
            if pair in model.last:
                r, nxt, terminated = model.outcome(s, a, self.random)
            else:
                r, nxt, terminated = 0.0, s, False
            bonus = self.kappa * sqrt(self.now - last_tried[pair])
            self.update(s, a, r + bonus, nxt, terminated)
