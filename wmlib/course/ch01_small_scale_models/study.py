"""What the experiments of chapter 1 measure with: ways, wandering, new goals, closed doors."""

from __future__ import annotations

import random

import numpy as np

from wmlib.acting import walk
from wmlib.course.ch01_small_scale_models.agents import Row
from wmlib.learning.exact import expected_steps, greedy, value_iteration
from wmlib.learning.q_learning import greedy_path
from wmlib.worlds.mazes import Maze

NEAR = 1.2  # a way counts as good within this factor of the shortest


def shortest(maze: Maze) -> float:
    """Steps of a shortest path from the first start; infinite where there is none."""
    P, R = maze.tables()
    return float(expected_steps(P, greedy(value_iteration(P, R)))[maze.starts[0]])


def emptied(maze: Maze) -> Maze:
    """The same maze with nothing in the goal box."""
    return Maze(maze.drawing, goal_reward=0.0)


def wander(maze: Maze, steps: int, seed: int) -> list[Row]:
    """Steps of a random walk that begins again at the start whenever an episode ends."""
    rng = random.Random(seed)
    return list(walk(maze, lambda cell: rng.randrange(4), rng, limit=steps, again=True))


def meal(maze: Maze, seed: int) -> Row:
    """One step into the full goal box, by one of its entrances: all that is said about food."""
    box = maze.cells("G")[0]
    doors = [(c, a) for c in maze.free() for a in range(4) if maze.move(c, a)[0] == box]
    return (*random.Random(seed).choice(doors), 1.0, box, True)


def good(q, maze: Maze, best: float, avoid: int = -1, limit: int = 200) -> bool:
    """Whether the greedy path of action values arrives, near the shortest way, and avoids a cell."""
    path = greedy_path(q, maze, limit)
    return path is not None and avoid not in path and len(path) - 1 <= NEAR * best


def drawn_again(maze: Maze, changes: dict[int, str]) -> Maze:
    """The maze with other letters in some cells: `{cell: letter}`."""
    letters, columns = list(maze.letters), maze.shape[1]
    for cell, letter in changes.items():
        letters[cell] = letter
    rows = ["".join(letters[i : i + columns]) for i in range(0, len(letters), columns)]
    return Maze("\n".join(rows))


def moved(maze: Maze, goal: int) -> Maze:
    """The same maze with the goal in another cell."""
    return drawn_again(maze, {maze.cells("G")[0]: ".", goal: "G"})


def new_goals(maze: Maze, seed: int, count: int = 10, far: int = 10) -> list[int]:
    """Cells at least `far` steps from the start, drawn without repetition."""
    rng, chosen = random.Random(seed), []
    cells = [cell for cell in maze.free() if cell not in maze.starts]
    while len(chosen) < count:
        cell = cells.pop(rng.randrange(len(cells)))
        if shortest(moved(maze, cell)) >= far:
            chosen.append(cell)
    return chosen


def detours(maze: Maze, goal: int) -> list[tuple[int, float]]:
    """Cells of the shortest way to a goal that can be gone round, with the steps of the detour."""
    world = moved(maze, goal)
    path = greedy_path(value_iteration(*world.tables()).tolist(), world)
    around = [(cell, shortest(drawn_again(world, {cell: "#"}))) for cell in (path or [])[1:-1]]
    return [(cell, steps) for cell, steps in around if np.isfinite(steps)]


def conditions(maze: Maze, seed: int, count: int = 10) -> list[tuple[int, int, float]]:
    """Wishes with a condition: (goal, cell to avoid on the shortest way, steps of the detour)."""
    rng, found = random.Random(seed), []
    for goal in new_goals(maze, seed, count=30):
        around = detours(maze, goal)
        if around and len(found) < count:
            found.append((goal, *rng.choice(around)))
    return found
