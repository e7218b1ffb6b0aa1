"""Mazes drawn by dice, as gymnasium environments."""

from __future__ import annotations

from random import Random
from typing import Any

import gymnasium
import numpy as np

from wmlib.worlds.mazes import Maze


def drawn(rng: np.random.Generator, rows: int = 11, columns: int = 15, loops: int = 6) -> Maze:
    """A maze of blind alleys and a few loops; S and G lie in opposite corners.

    Args:
        rows, columns: odd numbers. loops: how many walls are opened beside.
    """
    grid = np.full((rows, columns), "#")
    grid[0, 0], path = ".", [(0, 0)]
    while path:
        row, col = path[-1]
        ways = [
            (dy, dx)
            for dy, dx in ((-2, 0), (2, 0), (0, -2), (0, 2))
            if 0 <= row + dy < rows and 0 <= col + dx < columns and grid[row + dy, col + dx] == "#"
        ]
        if not ways:
            path.pop()
            continue
        dy, dx = ways[rng.integers(len(ways))]
        grid[row + dy // 2, col + dx // 2] = grid[row + dy, col + dx] = "."
        path.append((row + dy, col + dx))
    walls = np.argwhere(grid == "#")
    walls = walls[walls.sum(1) % 2 == 1]  # between two cells
    for row, col in rng.permutation(walls)[:loops]:
        grid[row, col] = "."
    grid[rows - 1, 0], grid[0, columns - 1] = "S", "G"
    return Maze("\n".join("".join(line) for line in grid), goal_reward=0.0)


class MazeWorld(gymnasium.Env):
    """A maze without rewards. An observation is the number of a cell; the goal ends the episode."""

    def __init__(self, maze: Maze):
        self.maze, self.cell = maze, maze.starts[0]
        self.observation_space = gymnasium.spaces.Discrete(maze.n_states)
        self.action_space = gymnasium.spaces.Discrete(4)

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[int, dict]:
        """Back to the start."""
        super().reset(seed=seed)
        self.cell = self.maze.starts[0]
        return self.cell, {}

    def step(self, action: Any) -> tuple[int, float, bool, bool, dict]:
        """One move."""
        self.cell, rew, terminated = self.maze.move(self.cell, int(action), Random(0))
        return self.cell, rew, terminated, False, {}


def to_try(maze: Maze) -> int:
    """How many pairs of cell and act can be tried at all."""
    near, wave = set(maze.starts), list(maze.starts)
    for cell in wave:
        for a in range(4):
            nxt, _, terminated = maze.move(cell, a)
            if nxt not in near and not terminated:
                near.add(nxt)
                wave.append(nxt)
    return 4 * len(near)
