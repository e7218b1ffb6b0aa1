"""Options: actions that take a while, and a model of what they do.

An option (Sutton, Precup & Singh 1999) is a policy with a rule where it may begin and where it
ends. Here every option is *go to that doorway*, and may begin anywhere in the rooms beside it. Its
model answers the same question as that of a single step: where will I be, and how long will it
take? So a planner that searches with options is the planner that searches with steps.

Nothing is read off the map. A table of single steps, learned from wandering about, is all that
goes in; what is a doorway and what belongs to one room is found in that table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from random import Random
from typing import NamedTuple

from wmlib.acting import walk
from wmlib.course.ch10_levels.search import Asked, backward, search
from wmlib.models.table import TableModel
from wmlib.worlds.mazes import Maze

OPPOSITE = ((0, 1), (2, 3))  # up and down, left and right
LAST = -1  # the last leg, to the goal itself


class Options:
    """All options *go to a doorway* of a building, their policies and their learned model.

    Args:
        model: table of single steps in a grid, actions up, down, left, right = 0, 1, 2, 3.

    Attributes:
        low: `Asked`, the table of single steps.
        doors: cells of the doorways; option i goes to `doors[i]`.
        rooms: list of sets of cells. beside: doorway -> numbers of its rooms.
        policy: `policy[i][cell]` is the step to take on the way to doorway i.
        table: a `TableModel` whose actions are options and whose reward is minus the steps.
        asked: questions to that table so far. queries: to both tables, building included;
            built: what building took.
        log: the `(cell, option)` asked about, in order.
    """

    def __init__(self, model: TableModel):
        self.low, self.asked = Asked(model), 0
        self.log: list[tuple[int, int]] = []
        self.doors = find_doors(self.low)
        self.rooms = find_rooms(self.low, self.doors)
        self.room_of = {cell: i for i, room in enumerate(self.rooms) for cell in room}
        self.beside = {door: self._rooms_at(door) for door in self.doors}
        self.leaving = [  # the options that may begin in each room
            [i for i, door in enumerate(self.doors) if room in self.beside[door]]
            for room in range(len(self.rooms))
        ]
        self.table = TableModel(model.n_states, max(1, len(self.doors)))
        self.policy: list[dict] = [{} for _ in self.doors]
        for i in range(len(self.doors)):
            self.learn(i)
        self.built = self.queries

    @property
    def queries(self) -> int:
        return self.low.queries + self.asked

    def learn(self, i: int) -> None:
        """Work out option i, backwards from its doorway, in each of its rooms."""
        door = self.doors[i]
        for cell in self.policy[i]:  # what was believed before leads nowhere, until found anew
            self.table.record(cell, i, -math.inf, cell, False)
        self.policy[i] = {}
        for room in self.beside[door]:
            steps, policy = backward(self.low, door, self.region(room))
            self.policy[i].update(policy)
            for cell in policy:
                self.table.record(cell, i, -steps[cell], door, False)

    def surprise(self, cell: int, action: int, nxt: int) -> None:
        """A real step went otherwise than the table said: mend it, and the options of the room."""
        self.low.record(cell, action, nxt)
        for i in {i for room in self.rooms_at(cell) for i in self.leaving[room]}:
            self.learn(i)

    def region(self, room: int) -> set:
        """The cells of a room and its doorways."""
        return self.rooms[room] | {self.doors[i] for i in self.leaving[room]}

    def rooms_at(self, cell: int) -> list[int]:
        """The room of a cell, or the rooms on both sides of a doorway."""
        if cell not in self.beside and cell not in self.room_of:
            raise ValueError(f"cell {cell} was never visited: it is in no room that is known")
        return self.beside[cell] if cell in self.beside else [self.room_of[cell]]

    def ask(self, cell: int, i: int) -> tuple[int, float]:
        """Where option i ends and how many steps it takes: (cell, expected steps)."""
        self.asked += 1
        self.log.append((cell, i))
        if not self.table.knows(cell, i):
            return cell, math.inf
        reward, end, _ = self.table.last[cell, i]
        return end, -reward

    def plan(
        self,
        start: int,
        goal: int,
        guess: Callable[[int], float] | None = None,
        count_options: bool = False,
    ) -> Route | None:
        """Search among doorways, and a last leg inside the goal's room.

        Args:
            start, goal: cells. guess: see `search`.
            count_options: True counts options in place of steps: for comparison only.

        Returns:
            a `Route`, or None if there is no way.
        """
        left: dict[int, float] = {}
        last_leg: dict[int, int] = {}
        for room in self.rooms_at(goal):
            steps, policy = backward(self.low, goal, self.region(room))
            left, last_leg = left | steps, last_leg | policy

        def neighbours(cell):
            if cell in left:
                yield goal, 1 if count_options else left[cell], LAST
            for i in {i for room in self.rooms_at(cell) for i in self.leaving[room]}:
                end, steps = self.ask(cell, i)
                if end != cell:
                    yield end, 1 if count_options and steps < math.inf else steps, i

        path = search(neighbours, start, goal, guess)
        if path is None:
            return None
        policies = [last_leg if i == LAST else self.policy[i] for i in path.actions]
        return Route(path.states, path.actions, path.steps, policies)

    def _rooms_at(self, door):
        near = {self.low.ask(door, action)[0] for action in range(4)} - {door}
        return sorted({self.room_of[cell] for cell in near if cell in self.room_of})


class Route(NamedTuple):
    """A plan of options: the cells between them, the options, expected steps, their policies."""

    states: list
    actions: list
    steps: float
    policies: list


def follow(
    route: Route, world: Maze, random: Random | None = None, limit: int = 10_000
) -> list[int]:
    """Walk a route in the world, one policy after the other: the low level, which plans nothing.

    Args:
        world: a `Maze`. random: a `random.Random`, where steps may fail. limit: give up then.

    Returns:
        the cells walked; the last is the goal if it got there.
    """
    walked = [route.states[0]]
    for end, policy in zip(route.states[1:], route.policies):
        act = lambda cell, end=end, policy=policy: None if cell == end else policy[cell]
        for *_, cell, _ in walk(world, act, random, walked[-1], limit + 1 - len(walked)):
            walked.append(cell)
    return walked


def travel(
    options: Options, world: Maze, start: int, goal: int, mend: bool = True, limit: int = 2000
) -> list[int]:
    """Walk to a goal in a world that may have changed: what surprises is learned, then replanned.

    Args:
        world: a `Maze` in which no step fails by chance. mend: False believes the models whatever
            happens. limit: give up after so many steps.

    Returns:
        the cells walked. The last is the goal if it got there.
    """
    walked, route, policy = [start], None, {}

    def act(cell):
        nonlocal route, policy
        if cell == goal:
            return None
        if route is None or cell in route.states:  # a subgoal is reached: take up the next
            route = route or options.plan(cell, goal)
            if route is None:
                return None
            policy = route.policies[route.states.index(cell)]
        return policy[cell]

    for cell, action, _, nxt, _ in walk(world, act, None, start, limit):
        walked.append(nxt)
        if mend and nxt != options.low.ask(cell, action)[0]:
            options.surprise(cell, action, nxt)
            route = None
    return walked


def find_doors(model: Asked) -> list[int]:
    """Cells with a way through and nothing beside it: two opposite moves lead on, two do not."""
    doors = []
    for cell in sorted({s for s, _ in model.model.tried}):
        moves = [action for action in range(4) if model.ask(cell, action)[0] != cell]
        if tuple(moves) in OPPOSITE:
            doors.append(cell)
    return doors


def find_rooms(model: Asked, doors: Iterable[int]) -> list[set]:
    """Sets of cells between which one can walk without passing a doorway."""
    left = {s for s, _ in model.model.tried} - set(doors)
    rooms = []
    while left:
        room, edge = set(), [min(left)]
        while edge:
            cell = edge.pop()
            if cell not in left:
                continue
            left.discard(cell)
            room.add(cell)
            edge += [model.ask(cell, action)[0] for action in range(4)]
        rooms.append(room)
    return rooms
