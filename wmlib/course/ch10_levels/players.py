"""The player of chapter 10: two searches through a building, every question counted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wmlib.course.ch10_levels.options import Options
from wmlib.course.ch10_levels.rooms import Rooms
from wmlib.course.ch10_levels.search import Asked, manhattan, search
from wmlib.course.ch10_levels.study import learned_table, trips
from wmlib.models.table import TableModel
from wmlib.players.gallery import Player
from wmlib.players.weights import pack
from wmlib.worlds.mazes import Maze

SIZES = ((8, 9), (4, 9), (8, 5))  # rooms along a side, cells along a room's side


def moves_of(table: TableModel, world: Maze) -> str:
    """Which of the four moves lead on, one hexadecimal digit a cell; "." where nobody ever was.

    Raises:
        ValueError: if a step in the table led elsewhere than to the next cell.
    """
    by, visited = (-world.shape[1], world.shape[1], -1, 1), {cell for cell, _ in table.tried}
    digits = ["."] * world.n_states
    for cell in visited:
        bits = 0
        for action in range(4):
            nxt = table.outcomes(cell, action)[0][1]
            if nxt not in (cell, cell + by[action]):
                raise ValueError(f"move {action} led from cell {cell} to {nxt}: that is no maze")
            bits |= (nxt != cell) << action
        digits[cell] = f"{bits:x}"
    return "".join(digits)


def questions(table: TableModel, world: Maze, start: int, goal: int) -> dict[str, float]:
    """Questions that each of the library's searches asks for a trip, and its steps."""
    flat, options, line = Asked(table), Options(table), manhattan(world.shape[1], goal)
    found: dict[str, float] = {"from": start, "to": goal}
    for name, guess in (("flat", None), ("astar", line)):
        before = flat.queries
        found["steps"] = search(flat.neighbours, start, goal, guess).steps
        found[name] = flat.queries - before
    for name, guess in (("levels", None), ("both", line)):
        before = options.queries
        options.plan(start, goal, guess)
        found[name] = options.queries - before
    return found


def learned(sizes: Sequence[tuple[int, int]] = SIZES, seed: int = 0) -> list:
    """Buildings of these sizes, each with the table that wanderers learned in it."""
    worlds = [Rooms(rooms, size, seed) for rooms, size in sizes]
    return [(world, learned_table(world, seed)) for world in worlds]


def pack_rooms(buildings: Sequence[tuple[Rooms, TableModel]] | None = None) -> str:
    """Buildings without mud, the tables that were learned there, and what the searches ask.

    Args:
        buildings: each with its table; those that the course ships where nothing is given.
    """
    settings, check = [], []
    for world, table in learned() if buildings is None else buildings:
        options, pairs = Options(table), trips(world, 30, seed=0)
        longest = max(pairs, key=lambda pair: options.plan(*pair).steps)
        name = f"{world.rooms} × {world.rooms} rooms of {world.size} × {world.size}"
        moves = moves_of(table, world)
        settings.append({"name": name, "lines": world.lines, "moves": moves, "trip": longest})
        check.append({"built": options.built, "trip": questions(table, world, *pairs[0])})
    return pack("rooms", {}, settings={"buildings": settings}, check=check)


ROOMS = Player(
    "rooms",
    "Two searches through a building",
    (Path(__file__).with_name("searches.js"), Path(__file__).with_name("rooms.js")),
    lambda: {"rooms": pack_rooms()},
)
PLAYERS = [ROOMS]
