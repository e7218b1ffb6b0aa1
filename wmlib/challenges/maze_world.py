"""A maze as the gymnasium environment that a student's code is lent."""

from __future__ import annotations

from random import Random
from typing import Any

import gymnasium

from wmlib.worlds.mazes import Maze


class MazeWorld(gymnasium.Env):
    """A maze: an observation is the number of a cell, and reaching the goal ends the episode."""

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
