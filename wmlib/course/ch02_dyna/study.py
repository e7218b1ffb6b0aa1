"""What the experiments and figures of chapter 2 measure: lives watched, backups and steps counted."""

from __future__ import annotations

import random

import numpy as np

from wmlib.acting import walk
from wmlib.learning.exact import expected_steps, greedy
from wmlib.learning.q_learning import greedy_path, run_episodes
from wmlib.worlds.mazes import Maze


def seeds_of(seed: int, runs: int = 30) -> range:
    """The seeds of the runs that are averaged for one base seed."""
    return range(1000 * seed, 1000 * seed + runs)


def watch(agent, maze: Maze, episodes: int, skip: int = 0) -> list:
    """A life to be drawn: (cell, value of every cell `(S,)`) after each step.

    Args:
        skip: episodes lived before the watching begins.
    """
    run_episodes(agent, maze, skip)
    seen, learn = [], agent.learn

    def learn_and_note(s, a, r, nxt, terminated):
        learn(s, a, r, nxt, terminated)
        seen.append((nxt, [max(row) for row in agent.q]))

    agent.learn = learn_and_note
    run_episodes(agent, maze, episodes)
    agent.learn = learn
    return seen


def random_walk(maze: Maze, steps: int, seed: int):
    """Real steps of an agent that acts at random: `(s, a, r, next, terminated)`, one at a time."""
    rng = random.Random(seed)
    return walk(maze, lambda s: int(rng.random() * 4), rng, limit=steps, again=True)


def backups_needed(agent, maze: Maze, shortest: int, seed: int, every: int = 10) -> dict | None:
    """What it takes until the greedy policy walks a shortest path, along one random walk.

    Returns:
        `all`: backups. `after`: those since the reward was first met, the backups of that step
        included. `changing`: how many of these changed a value. `targets`: how many targets were
        computed since then, for backups or to order them. `steps`: real steps. None where no such
        path is found.
    """
    first, counted = None, Counted(agent)
    for t, row in enumerate(random_walk(maze, 400_000, seed)):
        before = agent.backups
        if row[2] and first is None:
            first = before
            counted.changing = counted.targets = 0
        agent.learn(*row)
        if t % every == 0 or row[-1]:
            path = greedy_path(agent.q, maze)
            if path is not None and len(path) - 1 == shortest:
                told = {"all": agent.backups, "after": agent.backups - first, "steps": t + 1}
                return told | {"changing": counted.changing, "targets": counted.targets}
    return None


class Counted:
    """Counts what an agent's backups change, and how many targets it computes."""

    def __init__(self, agent):
        self.changing = self.targets = 0
        update, target = agent.update, agent.target

        def counted_update(s, a, *outcome):
            before = agent.q[s][a]
            update(s, a, *outcome)
            self.changing += agent.q[s][a] != before

        def counted_target(*outcome):
            self.targets += 1
            return target(*outcome)

        agent.update, agent.target = counted_update, counted_target


def steps_now(q, tables) -> float:
    """Expected steps from the start of the epsilon-greedy policy on q, exactly.

    Args:
        tables: (P, start) of the true world.
    """
    P, start = tables
    return float(expected_steps(P, greedy(q, epsilon=0.1))[start])


def endings(agent, maze: Maze, episodes: int) -> str:
    """The letters on which the episodes end, one after the other."""
    ends, learn = [], agent.learn

    def note(s, a, r, nxt, terminated):
        learn(s, a, r, nxt, terminated)
        if terminated:
            ends.append(maze.letters[nxt])

    agent.learn = note
    run_episodes(agent, maze, episodes)
    return "".join(ends)


# --- trips to goals that are named anew, on a known map ---


def neighbours(maze: Maze, backwards: bool = False) -> dict[int, list[int]]:
    """Where the four moves of each free cell lead, or from which cells a cell is reached."""
    table: dict[int, list[int]] = {s: [] for s in maze.free()}
    for s in table:
        for a in range(4):
            nxt = maze.move(s, a)[0]
            if nxt in table:  # the flag's cell is no place to start from or to go on from
                table[nxt if backwards else s].append(s if backwards else nxt)
    return table


def questions(table: dict[int, list[int]], start: int, goal: int) -> tuple[int, int]:
    """(questions to the table, steps) until a breadth-first search from start meets goal."""
    steps, wave, asked = {start: 0}, [start], 0
    for cell in wave:
        for nxt in table[cell]:
            asked += 1
            if nxt not in steps:
                steps[nxt] = steps[cell] + 1
                wave.append(nxt)
            if nxt == goal:
                return asked, steps[nxt]
    raise ValueError(f"there is no way from {start} to {goal}")


def trips(maze: Maze, rng: np.random.Generator, near: int, count: int) -> list[tuple[int, int]]:
    """Pairs (start, goal) of free cells, at most `near` steps apart."""
    table, free, found = neighbours(maze), maze.free(), []
    while len(found) < count:
        start, goal = (int(x) for x in rng.choice(free, 2, replace=False))
        if questions(table, start, goal)[1] <= near:
            found.append((start, goal))
    return found
