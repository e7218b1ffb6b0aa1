"""Mazes drawn by dice, as gymnasium environments."""

from __future__ import annotations

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
