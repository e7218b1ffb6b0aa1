"""The mazes of chapter 1, drawn: blind alleys, and a deck with chutes below it."""

from __future__ import annotations

import random

from wmlib.worlds.mazes import Maze


def latent_maze() -> Maze:
    """Blind alleys and a few loops, in the spirit of Tolman & Honzik (1930). Shortest path 32."""
    return Maze("""
        .......#.#....G
        ##.###.#.#.###.
        .....#.#.....#.
        .#.#.###.#.###.
        .#.#...#.......
        .###.#######.##
        ...#...........
        .#.#####.#.###.
        .#.#.....#.....
        .#.#.#.#.#####.
        S#...#.........
    """)


class WarmMaze(Maze):
    """A maze in which the goal can be felt: every step pays how much nearer it came.

    Distance is counted in rows and columns, through walls. The goal pays `goal_reward` on top,
    a trap `trap_reward`.
    """

    def _reward_of(self, cell, nxt):
        (row, col), (r, c) = self.row_col(cell), self.row_col(nxt)
        goal_row, goal_col = self.row_col(self.letters.index("G"))
        nearer = abs(row - goal_row) + abs(col - goal_col) - abs(r - goal_row) - abs(c - goal_col)
        return nearer + super()._reward_of(cell, nxt)


def trap_world(seed: int, columns: int = 9, depth: int = 6) -> WarmMaze:
    """A deck with chutes below it, one flight of stairs, and a fire (the goal) far below.

    Every chute leads down, that is nearer the fire, for 1 to `depth` - 1 cells, and ends in a
    trap; once in, there is no way back. The stairs are at the end of the deck.
    An agent that looks d steps ahead sees the end of a chute only if it is shorter than d.

    Args:
        seed: draws the lengths of the chutes, and the start.
        columns: of the deck. depth: rows of chutes.
    """
    rng = random.Random(seed)
    start, stairs = rng.randrange(0, 4), columns - 1
    grid = [["."] * columns] + [["#"] * columns for _ in range(depth)] + [["."] * columns]
    grid[0][start], grid[-1][-1] = "S", "G"
    for col in range(columns):
        if col == stairs:
            for row in range(1, depth + 1):
                grid[row][col] = "."
        elif col != start:
            length = rng.randrange(1, depth)
            for row in range(1, length + 1):
                grid[row][col] = "v"
            grid[length + 1][col] = "T"
    return WarmMaze("\n".join("".join(row) for row in grid), goal_reward=5.0, trap_reward=-20.0)
