"""Tabular Q-learning, and the two ways to let an agent walk in a maze.

Q-learning (Watkins 1989; Sutton & Barto 2018, section 6.5) learns from real steps alone:

    Q(s, a) <- Q(s, a) + alpha [ r + gamma max_a' Q(s', a') - Q(s, a) ]

with the value of a terminal s' equal to 0. Values are plain lists of lists: at this size Python
lists are several times faster than arrays.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from math import inf
from typing import Any

from wmlib.acting import walk


class QLearner:
    """An epsilon-greedy agent that learns a table of action values.

    Args:
        n_states, n_actions: sizes of the table.
        alpha: step size. gamma: discount. epsilon: share of random actions.
        initial: value of every entry at the start.
        seed: everything random comes from it.

    Attributes:
        q: `q[s][a]`, the values.
        backups: how often a value was updated.
    """

    def __init__(
        self,
        n_states: int,
        n_actions: int,
        alpha: float = 0.1,
        gamma: float = 0.95,
        epsilon: float = 0.1,
        initial: float = 0.0,
        seed: int = 0,
    ):
        if n_states < 1 or n_actions < 1:
            raise ValueError(f"a table needs at least 1 x 1 entries, got {n_states} x {n_actions}")
        for name, number in (("alpha", alpha), ("gamma", gamma), ("epsilon", epsilon)):
            if not 0 <= number <= 1:
                raise ValueError(f"{name} must lie between 0 and 1, got {number}")
        self.alpha, self.gamma, self.epsilon = alpha, gamma, epsilon
        self.n_actions, self.backups = n_actions, 0
        self.random = random.Random(seed)
        self.q = [[float(initial)] * n_actions for _ in range(n_states)]

    def act(self, s: int) -> int:
        """Mostly a best action, ties broken evenly; with chance epsilon any action."""
        rnd, values = self.random.random, self.q[s]
        if rnd() < self.epsilon:
            return int(rnd() * self.n_actions)
        best = max(values)
        ties = [a for a, value in enumerate(values) if value == best]
        return ties[int(rnd() * len(ties))]

    def target(self, r: float, nxt: int, terminated: bool) -> float:
        """What a step was worth: its reward, and what can still be had from where it led."""
        return r if terminated else r + self.gamma * max(self.q[nxt])

    def update(self, s: int, a: int, r: float, nxt: int, terminated: bool) -> None:
        """One backup."""
        values = self.q[s]
        values[a] += self.alpha * (self.target(r, nxt, terminated) - values[a])
        self.backups += 1

    def learn(self, s: int, a: int, r: float, nxt: int, terminated: bool) -> None:
        """Take in one real step."""
        self.update(s, a, r, nxt, terminated)

    def loop(self) -> Callable[..., Iterator[tuple]] | None:
        """All its methods written as one faster loop, where it has that: see `dyna_loop`."""
        return None


def lived(agent: Any, maze: Any, limit: int | None, again: bool = False) -> Iterator[tuple]:
    """The steps of `wmlib.acting.walk`, each of them learned from."""
    for row in walk(maze, agent.act, agent.random, limit=limit, again=again):
        agent.learn(*row)
        yield row


def run_episodes(
    agent: Any,
    maze: Any,
    episodes: int,
    max_steps: int | None = None,
    after: Callable[[int], object] | None = None,
) -> list[int]:
    """Live whole episodes and count their steps.

    Args:
        agent: anything with `act(s)`, `learn(s, a, r, next, terminated)` and `random`.
        maze: a `Maze`.
        episodes: how many.
        max_steps: cut an episode off there (truncated, so nothing is learned from the cut).
        after: `after(episode)` is called when an episode is over; a true answer stops the run.

    Returns:
        Steps of each episode.
    """
    steps, limit = [], max_steps or maze.max_steps
    # Not while somebody looks in between, who might change what the loop holds.
    loop = agent.loop() if isinstance(agent, QLearner) and after is None else None
    life = loop and loop(lambda t: maze, inf, limit)
    for episode in range(episodes):
        t = 0
        for row in life or lived(agent, maze, limit):
            t += 1
            if row[4] or t == limit:
                break
        steps.append(t)
        if after is not None and after(episode):
            break
    return steps


def run_steps(agent: Any, mazes: Any, steps: int, switch: int | None = None) -> list[float]:
    """Live a number of steps, starting over after each goal, while the world may change once.

    Args:
        agent: see `run_episodes`.
        mazes: a `Maze`, or (before, after) of the change.
        steps: real steps in all.
        switch: the step at which the second maze takes the first one's place.

    Returns:
        Cumulative reward after each step.
    """
    before, after = mazes if isinstance(mazes, tuple) else (mazes, None)
    if (after is None) != (switch is None):
        raise ValueError("a change needs both: mazes (before, after), and the step of the switch")
    total, cumulative = 0.0, []
    maze = lambda t: after if switch is not None and t >= switch else before
    loop = agent.loop() if isinstance(agent, QLearner) else None
    life = loop(maze, steps, inf) if loop else lived(agent, maze, steps, again=True)
    for row in life:
        total += row[2]
        cumulative.append(total)
    return cumulative


def greedy_path(q: list[list[float]], maze: Any, limit: int = 1000) -> list[int] | None:
    """Cells from the first start to the end when only best actions are taken, first one at ties.

    Returns None where that never arrives (or where no value has been learned at all). For mazes
    without slip.
    """
    if max(q[maze.starts[0]]) == min(q[maze.starts[0]]):
        return None
    path = [maze.starts[0]]
    best = lambda s: q[s].index(max(q[s]))
    for *_, nxt, terminated in walk(maze, best, None, maze.starts[0], limit):
        path.append(nxt)
        if terminated:
            return path
        if max(q[nxt]) == min(q[nxt]):
            return None
    return None
