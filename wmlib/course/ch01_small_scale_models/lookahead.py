"""Searching a true maze to a fixed depth, and walking by it; and learners that fall instead."""

from __future__ import annotations

import random
from functools import cache

from wmlib.acting import walk
from wmlib.course.ch01_small_scale_models.agents import QLambda
from wmlib.learning.q_learning import QLearner, greedy_path, run_episodes
from wmlib.worlds.mazes import Maze

LIMIT = 40  # steps of an episode in the trap world


def depth_search(maze: Maze, gamma: float = 0.95):
    """A function `values(cell, depth)`: for each action, the best discounted sum it can bring.

    It tries every sequence of `depth` actions, but asks about the same cell with the same number of
    steps to go only once.
    """

    @cache
    def values(cell, depth):
        found = []
        for action in range(4):
            _, nxt, reward, end = maze.outcomes[cell][action][0]  # without slip there is one
            later = 0.0 if end or depth == 1 else max(values(nxt, depth - 1))
            found.append(reward + gamma * later)
        return found

    return values


def outcome(maze: Maze, act, limit: int = LIMIT) -> tuple[str, list[int]]:
    """Walk once: "goal", "trap" or "nowhere", and the cells walked."""
    path = [maze.starts[0]]
    for *_, cell, end in walk(maze, act, None, path[0], limit):
        path.append(cell)
        if end:
            return ("goal" if maze.letters[cell] == "G" else "trap"), path
    return "nowhere", path


def plan_and_walk(maze: Maze, depth: int, seed: int, gamma: float = 0.95):
    """Search `depth` steps deep before every step; ties are broken at random. See `outcome`."""
    rng, values = random.Random(seed), depth_search(maze, gamma)

    def act(cell):
        found = values(cell, depth)
        ties = [a for a in range(4) if found[a] > max(found) - 1e-9]
        return ties[rng.randrange(len(ties))]

    return outcome(maze, act)


def imagined_path(maze: Maze, cell: int, depth: int, gamma: float = 0.95) -> list[int]:
    """The cells of the best future of `depth` steps, as far as it goes on."""
    values, path = depth_search(maze, gamma), [cell]

    def act(here):
        found = values(here, depth + 1 - len(path))
        return found.index(max(found))

    for *_, nxt, _ in walk(maze, act, None, cell, depth):
        path.append(nxt)
    return path


def falls_until_safe(maze: Maze, agent, limit: int = 300) -> int:
    """Episodes in which a learner ends in a trap until its greedy path reaches the goal."""
    falls = 0

    class Counted:
        random, act = agent.random, staticmethod(agent.act)

        @staticmethod
        def learn(s, a, r, nxt, terminated):
            nonlocal falls
            falls += terminated and maze.letters[nxt] == "T"
            agent.learn(s, a, r, nxt, terminated)

    def safe(episode):
        path = greedy_path(agent.q, maze, LIMIT)
        return path is not None and maze.letters[path[-1]] == "G"

    run_episodes(Counted(), maze, limit, max_steps=LIMIT, after=safe)
    return falls


def trace_learner(maze: Maze, seed: int) -> QLambda:
    """Fewest falls of 20 settings of Q-learning, Q(lambda), replay that got safe in 20 other worlds."""
    return QLambda(maze.n_states, 4, decay=0.8, alpha=1.0, epsilon=0.1, seed=seed)


def one_step_learner(maze: Maze, seed: int) -> QLearner:
    """The best of the one-step settings, on the same worlds."""
    return QLearner(maze.n_states, 4, alpha=1.0, epsilon=0.0, seed=seed)
