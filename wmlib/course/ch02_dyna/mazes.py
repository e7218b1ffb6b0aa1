"""The mazes of chapter 2, drawn: some that change, one at every grain, and a slippery ledge."""

from __future__ import annotations

import numpy as np

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

    The way along the ledge is 8 steps, the way round 14. With `slip` 0.2 every step on the ledge has a chance
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


def shortest(maze: Maze) -> int | None:
    """Steps of the shortest way from the start to the flag; None where there is none."""
    steps, wave = {maze.starts[0]: 0}, [maze.starts[0]]
    for cell in wave:
        for action in range(4):
            nxt, _, terminated = maze.move(cell, action)
            if terminated:
                return steps[cell] + 1
            if nxt not in steps:
                steps[nxt] = steps[cell] + 1
                wave.append(nxt)
    return None


def drawn_pair(rng: np.random.Generator) -> tuple[Maze, Maze]:
    """Two mazes of 6 x 9 cells that differ in one: closed, its shortest way is 6 or more longer.

    Returns:
        (closed, open); the shortest way in the open one is 12 to 18.
    """
    while True:
        grid = np.where(rng.random((6, 9)) < 0.25, "#", ".")
        grid[5, 0], grid[0, 8] = "S", "G"
        opened = Maze("\n".join("".join(line) for line in grid))
        least = shortest(opened) or 0
        if not 12 < least <= 18:
            continue
        for cell in rng.permutation([c for c in opened.free() if c not in opened.starts]):
            letters = grid.copy()
            letters.flat[cell] = "#"
            closed = Maze("\n".join("".join(line) for line in letters))
            if (shortest(closed) or 0) >= least + 6:
                return closed, opened


class Renumbered:
    """A maze whose cells and moves have other numbers, drawn by chance: none says where it is.

    Args:
        maze: the true one. order: `(n_states,)` the number under which each cell is known.
        moves: `(4,)` the true move behind each action.
    """

    def __init__(self, maze: Maze, order: np.ndarray, moves: np.ndarray):
        self.maze, self.order, self.moves = maze, order, moves
        self.true = np.argsort(order)
        self.n_states, self.n_actions = maze.n_states, 4

    def reset(self, random=None) -> int:
        """The number of the cell in which episodes begin."""
        return int(self.order[self.maze.starts[0]])

    def move(self, cell: int, action: int, random=None) -> tuple[int, float, bool]:
        """One step: (number of the next cell, reward, terminated)."""
        nxt, r, terminated = self.maze.move(int(self.true[cell]), int(self.moves[action]))
        return int(self.order[nxt]), r, terminated


def renumbered(mazes: tuple[Maze, ...], rng: np.random.Generator) -> list[Renumbered]:
    """Mazes of one size under the same new numbers."""
    order, moves = rng.permutation(mazes[0].n_states), rng.permutation(4)
    return [Renumbered(maze, order, moves) for maze in mazes]
