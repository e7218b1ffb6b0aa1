"""Buildings of furnished rooms, and a model of them that answers questions and counts them."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

ROOMS, SIZE = 6, 7  # rooms along a side, cells along the side of a room
SIDE = ROOMS * (SIZE + 1) + 1
MOVES = (-SIDE, SIDE, -1, 1)  # up, down, left, right


class Building:
    """A building of 6 x 6 rooms of 7 x 7 cells, with tables and doorways drawn at random.

    A cell is row * 49 + column. Three walls of four have a doorway, in each room stand tables, and
    every cell can be reached from every other.

    Attributes:
        free: `(49 * 49,)` bool. room: `(49 * 49,)` the room of each cell, -1 in walls and doorways.
        doors: the cells of the doorways. beside: the two rooms of each. leaving: for each room, the
            numbers of its doorways. asked: questions so far. steps: how many of them were about a
            step. again: about an option whose length an earlier answer had told, there or back.
    """

    def __init__(self, rng: np.random.Generator, tables: int = 12):
        while True:
            self._draw(rng, tables)
            reached = sorted(self.distances(int(self.doors[0])))
            if len(reached) > 0.95 * self.free.sum() and set(self.doors) <= set(reached):
                break
        self.free[:] = False
        self.free[reached] = True  # corners behind tables are filled up
        self.room[~self.free] = -1
        self.asked = self.steps = self.again = 0
        self._known: set[frozenset[int]] = set()
        self._options: dict[int, dict[int, int]] = {}

    def _draw(self, rng, tables):
        pitch = SIZE + 1
        room = np.full((SIDE, SIDE), -1)
        free = np.zeros((SIDE, SIDE), bool)
        for k in range(ROOMS * ROOMS):
            r, c = (n * pitch + 1 for n in divmod(k, ROOMS))
            room[r : r + SIZE, c : c + SIZE] = k
            free[r : r + SIZE, c : c + SIZE] = True
            inner = rng.permutation(SIZE * SIZE)[:tables]
            free[r + inner // SIZE, c + inner % SIZE] = False
        self.doors, self.beside = [], []
        for k in range(ROOMS * ROOMS):
            for across in (True, False):
                r, c = divmod(k, ROOMS)
                if (c if across else r) + 1 == ROOMS or rng.random() < 0.25:
                    continue
                at = int(rng.integers(SIZE)) + 1
                row, col = (
                    (r * pitch + at, (c + 1) * pitch)
                    if across
                    else ((r + 1) * pitch, c * pitch + at)
                )
                free[row, col] = True
                for step in (-1, 1):  # no table in front of a doorway
                    free[(row, col + step) if across else (row + step, col)] = True
                self.doors.append(int(row * SIDE + col))
                self.beside.append((k, k + 1 if across else k + ROOMS))
        self.free, self.room = free.ravel(), room.ravel()
        self.room[~self.free] = -1
        self.leaving = [
            [i for i, pair in enumerate(self.beside) if k in pair] for k in range(ROOMS * ROOMS)
        ]

    def rooms_at(self, cell: int) -> tuple[int, ...]:
        """The rooms that a cell belongs to: one, or two for a doorway."""
        return (
            self.beside[self.doors.index(cell)] if cell in self.doors else (int(self.room[cell]),)
        )

    def distances(self, cell: int, within: set[int] | None = None) -> dict[int, int]:
        """Steps from a cell to all others; `within` some rooms and their doorways, if given."""
        far, queue = {cell: 0}, deque([cell])
        doors = (
            None
            if within is None
            else {d for d, pair in zip(self.doors, self.beside) if within & set(pair)}
        )
        while queue:
            here = queue.popleft()
            for move in MOVES:
                nxt = here + move
                if not self.free[nxt] or nxt in far:
                    continue
                if within is not None and self.room[nxt] not in within and nxt not in (doors or ()):
                    continue
                far[nxt] = far[here] + 1
                queue.append(nxt)
        return far

    def ask(self, cell: Any, option: Any) -> tuple[int, int]:
        """Where the option "go to doorway i" ends that begins in a cell, and after how many steps.

        Where it cannot begin, or does not arrive without leaving the room: `(cell, 0)`.
        """
        self.asked += 1
        cell, option = self._cell(cell), int(option)
        if not 0 <= option < len(self.doors):
            raise ValueError(f"there are {len(self.doors)} doorways, and no number {option}")
        door = self.doors[option]
        self.again += frozenset((cell, door)) in self._known
        self._known.add(frozenset((cell, door)))
        if option not in self._options:
            self._options[option] = {}
            for room in self.beside[option]:
                self._options[option] |= self.distances(door, {room})
        steps = self._options[option].get(cell, 0)
        return (door, steps) if steps else (cell, 0)

    def step(self, cell: Any, action: Any) -> int:
        """Where a step (up, down, left, right: 0 to 3) from a cell leads."""
        self.asked, self.steps = self.asked + 1, self.steps + 1
        cell = self._cell(cell)
        if int(action) not in range(4):
            raise ValueError(f"actions are 0 to 3, got {action}")
        nxt = cell + MOVES[int(action)]
        return nxt if self.free[nxt] else cell

    def _cell(self, cell):
        cell = int(cell)
        if not (0 <= cell < len(self.free) and self.free[cell]):
            raise ValueError(f"{cell} is no free cell of this building")
        return cell

    def facts(self) -> dict:
        """What may be known without a question; where the tables stand is not among it."""
        plan = np.full((SIDE, SIDE), -1)
        for k in range(ROOMS * ROOMS):
            r, c = (n * (SIZE + 1) + 1 for n in divmod(k, ROOMS))
            plan[r : r + SIZE, c : c + SIZE] = k
        return {
            "width": SIDE,
            "room": plan.ravel(),
            "doors": self.doors,
            "beside": self.beside,
            "leaving": self.leaving,
        }
