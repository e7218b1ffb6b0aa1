"""The maze that the tabular chapters share, drawn."""

from __future__ import annotations

from wmlib.worlds.mazes import Maze


def dyna_maze() -> Maze:
    """The Dyna maze (Sutton & Barto 2018, example 8.1): 6 x 9 cells, shortest path 14."""
    return Maze("""
        .......#G
        ..#....#.
        S.#....#.
        ..#......
        .....#...
        .........
    """)
