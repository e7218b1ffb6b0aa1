"""Buildings of rooms: a world in which planning step by step is the wrong grain.

`k` x `k` square rooms; neighbours share a wall, and most walls have one doorway, one cell wide. A
trip across the building is hundreds of steps and a dozen doorways long. `Rooms` is a maze in which
one walks from cell to cell; `PointRooms` is the same building for a sliding point with inertia.
"""

from __future__ import annotations

import gymnasium as gym
import numpy as np

from wmlib.devices import new_rng
from wmlib.worlds.base import World
from wmlib.worlds.mazes import Maze


class Rooms(Maze):
    """A building as a maze without a goal: where to go is for each trip to say.

    Args:
        rooms: k, rooms along each side. size: cells along the side of a room.
        seed: draws where the doorways are, which walls have none, and which rooms are muddy.
        closed: chance that a wall has no doorway; no room is ever cut off.
        mud: share of the rooms whose floor is mud. There a step fails, and the agent stays where
            it is, with chance `stuck`. The drawing does not show it.
        stuck: chance that a step in mud fails.

    Attributes:
        doors: cells of the doorways. muddy: `(cells,)` bool.
    """

    def __init__(self, rooms: int, size: int = 9, seed: int = 0, closed=0.25, mud=0.0, stuck=0.7):
        if rooms < 2 or size < 3:
            raise ValueError(
                f"a building has at least 2 x 2 rooms of 3 x 3 cells, got {rooms} x "
                f"{rooms} of {size} x {size}"
            )
        rng = new_rng([seed, 100])
        self.rooms, self.size, self.stuck = rooms, size, stuck
        side, pitch = rooms * (size + 1) + 1, size + 1
        wall = np.ones((side, side), bool)
        for r in range(rooms):
            for c in range(rooms):
                wall[r * pitch + 1 : (r + 1) * pitch, c * pitch + 1 : (c + 1) * pitch] = False
        doors = [
            ((c + 1) * pitch + side * (r * pitch + 1 + int(rng.integers(size))))
            if across
            else (c * pitch + 1 + int(rng.integers(size)) + side * (r + 1) * pitch)
            for r, c, across in _open_walls(rooms, closed, rng)
        ]
        wall.ravel()[doors] = False
        self.doors = sorted(doors)
        self.muddy = np.zeros(side * side, bool)
        for room in rng.permutation(rooms * rooms)[: round(mud * rooms * rooms)]:
            r, c = divmod(int(room), rooms)
            floor = self.muddy.reshape(side, side)
            floor[r * pitch + 1 : (r + 1) * pitch, c * pitch + 1 : (c + 1) * pitch] = True
        letters = np.where(wall, "#", ".")
        letters[1, 1] = "S"
        super().__init__("\n".join("".join(row) for row in letters))

    def initial(self, n, rng):
        """Anywhere in the building."""
        return rng.choice(np.array(self.free()), size=n)

    def inside(self) -> list[int]:
        """Cells in rooms, not in doorways."""
        return sorted(set(self.free()) - set(self.doors))

    def shut(self, door: int) -> Maze:
        """The building with one doorway walled up; nothing else changes (no mud, though)."""
        if door not in self.doors:
            raise ValueError(f"cell {door} is no doorway; there are {len(self.doors)}: see .doors")
        letters = self.letters[:door] + "#" + self.letters[door + 1 :]
        columns = self.shape[1]
        rows = [letters[i : i + columns] for i in range(0, len(letters), columns)]
        return Maze("\n".join(rows))

    def _outcomes(self, cell, action):
        ((_, nxt, rew, end),) = super()._outcomes(cell, action)
        if not self.muddy[cell] or nxt == cell:
            return [(1.0, nxt, rew, end)]
        return [(1 - self.stuck, nxt, rew, end), (self.stuck, cell, 0.0, False)]


def _open_walls(rooms, closed, rng):
    """Which walls get a doorway: all but `closed` of them, but every room can be reached.

    Returns:
        list of (row, column, across): the wall right of (across) or below the room.
    """
    walls = [(r, c, True) for r in range(rooms) for c in range(rooms - 1)]
    walls += [(r, c, False) for r in range(rooms - 1) for c in range(rooms)]
    group = {(r, c): (r, c) for r in range(rooms) for c in range(rooms)}

    def root(room):
        while group[room] != room:
            room = group[room]
        return room

    chosen = []
    for i in rng.permutation(len(walls)):
        r, c, across = walls[i]
        a, b = root((r, c)), root((r, c + 1) if across else (r + 1, c))
        if a != b or rng.random() >= closed:  # a wall between parts not yet joined must open
            group[a] = b
            chosen.append((r, c, across))
    return chosen


class PointRooms(World):
    """The same building for a point that slides: it has a velocity, and walls stop it.

    State and observation `(B, 4)`: x (cells to the right), y (cells down), and their velocities
    (cells a step). Action `(B, 2)` in [-1, 1]: push right, push down. A step keeps 0.8 of the
    velocity and adds 0.1 of the push, so the point moves at most half a cell. A wall takes the
    velocity towards it and leaves the one along it. Reward: 0; give a model an aim of its own.

    Args:
        building: a `Rooms`.
    """

    act_space = gym.spaces.Box(-1.0, 1.0, (2,), np.float32)
    obs_space = gym.spaces.Box(-np.inf, np.inf, (4,), np.float32)

    def __init__(self, building: Rooms, max_steps: int = 300):
        self.building, self.max_steps = building, max_steps
        self.wall = np.array([list(line) for line in building.lines]) == "#"

    def initial(self, n, rng):
        cells = rng.choice(np.array(self.building.inside()), size=n)
        return np.concatenate([self.centre(cells), np.zeros((n, 2))], axis=1)

    def centre(self, cell) -> np.ndarray:
        """Positions `(B, 2)` of the middles of cells `(B,)`."""
        row, col = self.building.row_col(np.asarray(cell))
        return np.stack([col + 0.5, row + 0.5], axis=-1)

    def cell(self, position) -> np.ndarray:
        """The cells `(B,)` in which positions `(B, 2 or more)` lie."""
        position = np.asarray(position)
        col, row = np.floor(position[..., 0]).astype(int), np.floor(position[..., 1]).astype(int)
        return row * self.building.shape[1] + col

    def step(self, state, action, rng=None):
        state, push = np.asarray(state, np.float64), np.clip(np.asarray(action, np.float64), -1, 1)
        position, velocity = state[:, :2].copy(), 0.8 * state[:, 2:] + 0.1 * push
        for axis in (0, 1):  # first sideways, then up or down: walls stop each by itself
            moved = position.copy()
            moved[:, axis] += velocity[:, axis]
            hit = self.wall.ravel()[self.cell(moved)]
            edge = np.where(
                velocity[:, axis] > 0,
                np.ceil(position[:, axis]) - 1e-3,
                np.floor(position[:, axis]) + 1e-3,
            )
            position[:, axis] = np.where(hit, edge, moved[:, axis])
            velocity[hit, axis] = 0.0
        nxt = np.concatenate([position, velocity], axis=1)
        return nxt, np.zeros(len(nxt)), np.zeros(len(nxt), bool)

    def obs(self, state):
        return np.asarray(state, np.float32)

    def state_of(self, obs):
        return np.asarray(obs, np.float64)
