"""Pictures of chapter 10: buildings from above, what a search asked about, where a body went."""

from __future__ import annotations

import numpy as np

from wmlib.figures.canvas import Board
from wmlib.figures.style import GREEN, GREY, IMAGINED, REAL


def building(
    world, asked=(), route=None, walked=None, goal=None, mud=False, role=None, label="", width=300
):
    """A building from above.

    Args:
        world: a `Rooms` or another maze.
        asked: cells that a search asked its model about, shaded orange; a pair `(cell, cell)` is an
            option that was asked about, a thin orange line to where it ends.
        route: cells of a plan of options, joined by dashed orange lines.
        walked: cells, or positions `(T, 2)`, where an agent really went: blue.
        goal: a cell, marked by a flag. mud: whether mud is shown. role, label: see `scenes.maze`.
        width: in pixels.
    """
    rows, columns = world.shape
    pad, top = 0.02 * columns, (0.09 if label else 0.02) * columns
    height = round(width * (rows + pad + top) / (columns + 2 * pad))
    board = Board(width, height, (-pad, columns + pad, -rows - pad, top), role, label)
    letters = np.array([list(line) for line in world.lines])
    if mud:
        for cell in np.flatnonzero(world.muddy):
            _square(board, world, cell, GREY, 0.28)
    for cell in {a for a in asked if not isinstance(a, tuple)}:
        _square(board, world, cell, IMAGINED, 0.42)
    for start, length, row in _runs(letters == "#"):
        board.box(start, -row - 1, start + length, -row, GREY, 0.75)
    for a, b in {a for a in asked if isinstance(a, tuple)}:
        board.line([_middle(world, a), _middle(world, b)], IMAGINED, 1.0, 0.45)
    points = _corners([_middle(world, cell) for cell in route or ()])
    for a, b in zip(points, points[1:]):
        board.dashed(a, b, IMAGINED, 2.2, dash=5, gap=3)
    if walked is not None and len(walked):
        line = [
            _middle(world, step) if np.ndim(step) == 0 else (step[0], -step[1]) for step in walked
        ]
        if len(line) > 1:
            board.line(line, REAL, 2.2)
        board.disc(*line[-1], 4.0, REAL, pixels=True)
    if goal is not None:
        x, y = _middle(world, goal)
        h = 0.035 * columns
        board.line([(x, y), (x, y + h)], GREEN, 2)
        board.polygon([(x, y + h), (x + 0.7 * h, y + 0.72 * h), (x, y + 0.45 * h)], GREEN)
    return board.finish()


def _corners(points):
    """A path without the points at which it goes straight on."""
    kept = points[:1]
    for before, here, after in zip(points, points[1:], points[2:]):
        if (here[0] - before[0], here[1] - before[1]) != (after[0] - here[0], after[1] - here[1]):
            kept.append(here)
    return kept + points[1:][-1:]


def _square(board, world, cell, color, alpha):
    row, col = world.row_col(int(cell))
    board.box(col, -row - 1, col + 1, -row, color, alpha)


def _middle(world, cell):
    row, col = world.row_col(int(cell))
    return col + 0.5, -row - 0.5


def _runs(wall):
    """Stretches of wall along rows: (first column, length, row)."""
    for row, line in enumerate(wall):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(int), [0]])))
        for start, end in zip(edges[::2], edges[1::2]):
            yield int(start), int(end - start), row
