"""Graph search in a learned table, with every question to the model counted.

A table model answers *what follows this action in this state?* Asked often enough it is a graph,
and the cheapest path through it is found by uniform-cost search (Dijkstra 1959) or, with a guess of
what is left to go, by A* (Hart, Nilsson & Raphael 1968). The search does not care whether a step is
a single move or a walk across a room.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from typing import Any, NamedTuple

from wmlib.models.table import TableModel


class Path(NamedTuple):
    """What a search found: states from start to goal, the actions between, and their cost."""

    states: list
    actions: list
    steps: float


class Asked:
    """A table model that counts the questions it is asked, and remembers about which states.

    Args:
        model: a `TableModel` of single steps (or a `SampleModel`, where outcomes are uncertain).

    Attributes:
        queries: questions so far. log: the states asked about, in order.
        before: `before[s']` lists the `(s, a)` that were ever seen to lead to s'.
    """

    def __init__(self, model: TableModel):
        self.model, self.queries = model, 0
        self.log: list[int] = []
        self.before: dict[int, list] = {}
        for s, a in model.tried:
            for nxt in {outcome[1] for outcome in model.outcomes(s, a)} - {s}:
                self.before.setdefault(nxt, []).append((s, a))

    def ask(self, state: int, action: int) -> tuple[int, float]:
        """Where an action leads and how many steps that takes: (next state, expected steps).

        A step that fails (the state stays the same) is tried again, so one that succeeds with
        chance p takes 1 / p steps on average. An action that never leads anywhere takes forever.
        """
        self.queries += 1
        self.log.append(state)
        away = [(p, nxt) for p, nxt, *_ in self.model.outcomes(state, action) if nxt != state]
        if not away:
            return state, math.inf
        chance, nxt = max(away)
        return nxt, 1 / chance

    def record(self, state: int, action: int, nxt: int) -> None:
        """Take in a real step that went otherwise than expected."""
        self.model.record(state, action, 0.0, nxt, False)
        self.before.setdefault(nxt, []).append((state, action))

    def neighbours(self, state: int) -> Iterator[tuple[int, float, int]]:
        """For `search`: `(next state, steps, action)` for each of the model's actions."""
        for action in range(self.model.n_actions):
            nxt, steps = self.ask(state, action)
            if nxt != state:
                yield nxt, steps, action


def search(
    neighbours: Callable[[Any], Iterable[tuple[Any, float, Any]]],
    start: Hashable,
    goal: Hashable,
    guess: Callable[[Any], float] | None = None,
) -> Path | None:
    """The cheapest path from start to goal.

    Args:
        neighbours: `state -> (next state, steps, action), ...`
        guess: `state -> steps` still to go, never too high (A*); None: uniform-cost search.

    Returns:
        a `Path`, or None if the goal cannot be reached.
    """
    guess = guess or (lambda state: 0.0)
    best, done = {start: 0.0}, set()
    came: dict[Hashable, tuple[Any, Any]] = {}
    # Among equally promising states the one believed nearest to the goal comes first.
    queue = [(guess(start), guess(start), start)]
    while queue:
        *_, state = heapq.heappop(queue)
        if state == goal:
            return _path(came, start, goal, best[goal])
        if state in done:
            continue
        done.add(state)
        for nxt, steps, action in neighbours(state):
            total = best[state] + steps
            if total < best.get(nxt, math.inf):
                best[nxt], came[nxt] = total, (state, action)
                left = guess(nxt)
                heapq.heappush(queue, (total + left, left, nxt))
    return None


def _path(came, start, goal, steps):
    states, actions = [goal], []
    while states[-1] != start:
        state, action = came[states[-1]]
        states.append(state)
        actions.append(action)
    return Path(states[::-1], actions[::-1], steps)


def backward(model: Asked, goal: int, allowed: Container[int]) -> tuple[dict, dict]:
    """From everywhere in a region to one state: how far, and which way.

    Works backwards from the goal through what was seen to lead where.

    Args:
        model: the learned table. goal: a state. allowed: the states of the region.

    Returns:
        steps `{state: expected steps}` and policy `{state: action}`; states from which the goal
        cannot be reached inside the region are in neither.
    """
    steps, policy, done = {goal: 0.0}, {}, set()
    queue = [(0.0, goal)]
    while queue:
        _, state = heapq.heappop(queue)
        if state in done:
            continue
        done.add(state)
        for before, action in model.before.get(state, ()):
            if before not in allowed or before in done:
                continue
            nxt, taken = model.ask(before, action)
            total = steps[state] + taken
            if nxt == state and total < steps.get(before, math.inf):
                steps[before], policy[before] = total, action
                heapq.heappush(queue, (total, before))
    return steps, policy


def manhattan(columns: int, goal: int) -> Callable[[int], int]:
    """A guess for grids: rows plus columns still to go, walls ignored. Never too high."""
    row, col = divmod(goal, columns)
    return lambda state: abs(state // columns - row) + abs(state % columns - col)
