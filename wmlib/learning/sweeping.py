"""Prioritised sweeping: imagine first what would change most.

Dyna draws the pairs it replays blindly, and most of the replays change nothing. Prioritised
sweeping (Moore & Atkeson 1993; Peng & Williams 1993; Sutton & Barto 2018, section 8.4) keeps a
queue of pairs ordered by how much their value would change. Whenever a value has changed, the
pairs that lead there are looked at again: news travels backwards from where it broke.
"""

from __future__ import annotations

import heapq
from typing import Any

from wmlib.learning.dyna import DynaQ


class PrioritisedSweeping(DynaQ):
    """Dyna-Q with a queue, for deterministic worlds.

    Args:
        n_states, n_actions: sizes of the table.
        planning_steps: backups at most after each real step; fewer when the queue is empty.
        threshold: changes smaller than this are not worth a backup.
        settings: of `QLearner`.

    A pair is updated only when it leaves the queue, the one just tried included.
    """

    def __init__(
        self,
        n_states: int,
        n_actions: int,
        planning_steps: int = 5,
        threshold: float = 1e-4,
        **settings: Any,
    ):
        super().__init__(n_states, n_actions, planning_steps, **settings)
        self.threshold = threshold
        self.queue: list[tuple[float, int, int]] = []  # (-priority, s, a), smallest first
        self.waiting: dict[
            tuple[int, int], float
        ] = {}  # priority with which a pair waits, to tell stale entries
        self.leads_to: dict[
            int, set[tuple[int, int]]
        ] = {}  # state -> set of pairs (s, a) that led there

    def learn(self, s, a, r, nxt, terminated):
        self.model.record(s, a, r, nxt, terminated)
        if not terminated:
            self.leads_to.setdefault(nxt, set()).add((s, a))
        self.consider(s, a)
        self.plan(self.planning_steps)

    def consider(self, s: int, a: int) -> None:
        """Queue a pair if an update would change its value by more than the threshold."""
        priority = abs(self.target(*self.model.outcome(s, a, self.random)) - self.q[s][a])
        if priority > self.threshold and priority > self.waiting.get((s, a), 0.0):
            self.waiting[s, a] = priority
            heapq.heappush(self.queue, (-priority, s, a))

    def plan(self, n):
        while n > 0 and self.queue:
            priority, s, a = heapq.heappop(self.queue)
            if self.waiting.get((s, a)) != -priority:
                continue  # queued again since, with a higher priority
            del self.waiting[s, a]
            self.update(s, a, *self.model.outcome(s, a, self.random))
            for before in sorted(self.leads_to.get(s, ())):
                self.consider(*before)
            n -= 1
