"""Agents of chapter 1 that walk in a maze: with a map, with traces, with a memory of all steps."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from wmlib.learning.exact import imagine_everything
from wmlib.learning.q_learning import QLearner
from wmlib.models.table import TableModel

Row = tuple[int, int, float, int, bool]  # cell, action, reward, next cell, terminated


class MapAgent:
    """Keeps a table of what followed what, and plans in it; where no plan is known it wanders.

    Args:
        n_states: cells of the maze. seed: of the wandering.
        explores: wander to the nearest pair of cell and action that was never tried, found by
            search in the table, instead of at random.
    """

    def __init__(self, n_states: int, seed: int, explores: bool = False):
        self.model, self.random = TableModel(n_states, 4), random.Random(seed)
        self.n_states, self.explores = n_states, explores
        self.q = np.zeros((n_states, 4)).tolist()
        self.fed, self.stale = False, False

    def act(self, s: int) -> int:
        if self.fed and self.stale:
            self.q = imagine_everything(self.model, self.n_states).tolist()
            self.stale = False
        values = self.q[s]
        if max(values) > 0:
            return values.index(max(values))
        return self._nearest_untried(s) if self.explores else self.random.randrange(4)

    def learn(self, s: int, a: int, r: float, nxt: int, terminated: bool) -> None:
        self.stale = self.stale or self.model.last.get((s, a)) != (r, nxt, terminated)
        self.model.record(s, a, r, nxt, terminated)
        self.fed = self.fed or r > 0

    def _nearest_untried(self, s):
        """First action of a shortest way to something untried: breadth-first, without a step."""
        first, queue = {s: -1}, [s]
        for cell in queue:
            untried = [a for a in range(4) if not self.model.knows(cell, a)]
            if untried:
                return self.random.choice(untried) if cell == s else first[cell]
            for a in range(4):
                _, nxt, terminated = self.model.last[cell, a]
                if not terminated and nxt not in first:
                    first[nxt] = a if cell == s else first[cell]
                    queue.append(nxt)
        return self.random.randrange(4)


class QLambda(QLearner):
    """Q-learning with eligibility traces: a reward reaches back along the steps that led to it.

    Watkins 1989, with replacing traces; Sutton & Barto 2018, section 12.10. An action that was not
    a best one cuts the trace.

    Args:
        n_states, n_actions: sizes of the table.
        decay: lambda, how much of a step's credit goes on to the step before it.
        settings: of `QLearner`: alpha, gamma, epsilon, initial, seed.
    """

    def __init__(self, n_states: int, n_actions: int, decay: float = 0.9, **settings):
        super().__init__(n_states, n_actions, **settings)
        self.decay, self.at, self.now = decay, -1, 0
        self.trace: dict[tuple[int, int], int] = {}  # when each pair was last passed

    def learn(self, s, a, r, nxt, terminated):
        if s != self.at or self.q[s][a] < max(self.q[s]):
            self.trace = {}  # put elsewhere, or exploring: says nothing about the steps before
        self.at, self.now = -1 if terminated else nxt, self.now + 1
        self.trace[s, a] = self.now
        error, fade = self.target(r, nxt, terminated) - self.q[s][a], self.gamma * self.decay
        if error:
            for (cell, act), when in self.trace.items():
                self.q[cell][act] += self.alpha * error * fade ** (self.now - when)


class ReplayQ(QLearner):
    """Q-learning that keeps every real step and learns from all of them again.

    Lin 1992. The memory is a model that was never fitted: it answers with what happened.

    Args:
        n_states, n_actions: sizes of the table.
        sweeps: how often the whole memory is replayed when an episode ended with a reward.
        backwards: from the last step to the first, else in an order that is drawn anew.
        settings: of `QLearner`: alpha, gamma, epsilon, initial, seed.
    """

    def __init__(
        self, n_states: int, n_actions: int, sweeps: int = 5, backwards: bool = True, **settings
    ):
        super().__init__(n_states, n_actions, **settings)
        self.sweeps, self.backwards, self.memory = sweeps, backwards, []

    def learn(self, s, a, r, nxt, terminated):
        self.update(s, a, r, nxt, terminated)
        self.memory.append((s, a, r, nxt, terminated))
        if terminated and r != 0:
            self.replay()

    def replay(self) -> None:
        """Go through the whole memory, `sweeps` times."""
        rows = self.memory[::-1]
        for _ in range(self.sweeps):
            if not self.backwards:
                self.random.shuffle(rows)
            for row in rows:
                self.update(*row)


def live(agent, rows: Sequence[Row]):
    """Let an agent take in steps that were really made, by whomever; returns the agent."""
    for row in rows:
        agent.learn(*row)
    return agent
