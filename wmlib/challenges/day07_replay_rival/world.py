"""Mazes with one flag, drawn by dice, as gymnasium environments."""

from __future__ import annotations

from random import Random
from typing import Any

import gymnasium
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


class MazeWorld(gymnasium.Env):
    """A maze: an observation is the number of a cell, the flag pays 1 and ends the episode."""

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
