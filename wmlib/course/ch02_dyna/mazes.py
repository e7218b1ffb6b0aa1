"""The mazes of chapter 2, drawn: some that change, one at every grain, and a slippery ledge."""

from __future__ import annotations

from wmlib.worlds.mazes import Maze


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
