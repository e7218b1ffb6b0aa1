"""Mazes with one flag, drawn by dice, as gymnasium environments."""

from __future__ import annotations

import numpy as np

from wmlib.worlds.mazes import Maze


def drawn(rng: np.random.Generator) -> Maze:
    """A maze of 6 x 9 cells like the one of chapter 2; the shortest way to the flag is 12 to 18."""
    while True:
        grid = np.where(rng.random((6, 9)) < 0.25, "#", ".")
        grid[5, 0], grid[0, 8] = "S", "G"
        maze = Maze("\n".join("".join(line) for line in grid))
        if 12 < (shortest(maze) or 0) <= 18:
            return maze


def shortest(maze: Maze) -> int | None:
    """Steps of the shortest way from the start to the flag; None where there is none."""
    near = {maze.starts[0]: 0}
    wave = list(near)
    for cell in wave:
        for act in range(4):
            nxt, _, terminated = maze.move(cell, act)
            if terminated:
                return near[cell] + 1
            if nxt not in near:
                near[nxt] = near[cell] + 1
                wave.append(nxt)
    return None
