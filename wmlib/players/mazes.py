"""A maze written out for the players: its drawing and its rewards."""

from __future__ import annotations

from typing import Any

from wmlib.worlds.mazes import Maze


def maze_settings(maze: Maze, warm: bool = False) -> dict[str, Any]:
    """What the engine's `mazes.js` needs to be the same maze.

    Args:
        warm: every step pays how much nearer it came, as in chapter 1's `WarmMaze`.

    Raises:
        ValueError: for a slippery maze: the page's mazes know no chance.
    """
    if maze.slip:
        raise ValueError(f"the players' mazes do not slip, got slip {maze.slip}")
    return {
        "lines": maze.lines,
        "goal_reward": maze.goal_reward,
        "trap_reward": maze.trap_reward,
        "warm": warm,
    }
