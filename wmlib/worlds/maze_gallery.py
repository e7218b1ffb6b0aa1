"""The mazes of chapters 1 and 2, drawn."""

from __future__ import annotations

import random

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


def blocking_maze() -> tuple[Maze, Maze]:
    """Before and after: the gap closes on the right and opens on the left (figure 8.4).

    Shortest paths: 10 before, 16 after.
    """
    drawing = """
        ........G
        .........
        .........
        {}
        .........
        ...S.....
    """
    return Maze(drawing.format("########.")), Maze(drawing.format(".########"))


def shortcut_maze() -> tuple[Maze, Maze]:
    """Before and after: a second, shorter way opens on the right (figure 8.5).

    Shortest paths: 16 before, 10 after.
    """
    before = blocking_maze()[1]
    return before, Maze(before.drawing.replace(".########", ".#######."))


def larger(maze: Maze, times: int) -> Maze:
    """The same maze at a finer grain: every cell becomes a block of `times` x `times` cells.

    Start and goal stay single cells, the upper left of their blocks. Sutton & Barto compare
    prioritised sweeping with Dyna-Q on mazes that grow this way (example 8.4).
    """
    rows = []
    for line in maze.lines:
        corner = "".join(what + ("#" if what == "#" else ".") * (times - 1) for what in line)
        rest = "".join(("#" if what == "#" else ".") * times for what in line)
        rows += [corner] + [rest] * (times - 1)
    return Maze("\n".join(rows))


def ledge_maze(slip: float = 0.2) -> Maze:
    """A short way along a ledge above traps, a long way round, and slippery ground.

    The ledge is 8 steps, the way round 14. With `slip` 0.2 every step on the ledge has a chance
    of 0.1 to fall, so the long way is right; a model that remembers the last outcome alone sees
    the ledge as safe nine times in ten.
    """
    return Maze(
        """
        .........
        .#######.
        .#######.
        S.......G
        #TTTTTTT#
    """,
        slip=slip,
    )


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
