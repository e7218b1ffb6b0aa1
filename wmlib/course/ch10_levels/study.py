"""Parts of chapter 10: wandering, trips across buildings, the searches compared."""

from __future__ import annotations

import copy
import random
from itertools import islice

import numpy as np

from wmlib.acting import play
from wmlib.course.ch10_levels.options import Options, follow, travel
from wmlib.course.ch10_levels.rooms import Rooms
from wmlib.course.ch10_levels.search import Asked, backward, manhattan, search
from wmlib.devices import new_rng
from wmlib.experience import Transitions
from wmlib.models import SampleModel, TableModel
from wmlib.worlds.mazes import Maze

# (rooms along a side, cells along a room's side): first more rooms, then larger ones.
BUILDINGS = [(2, 9), (4, 9), (8, 9), (16, 9), (8, 3), (8, 5), (8, 17)]


def wander(world: Maze, steps: int, seed=0, walkers: int = 4000) -> Transitions:
    """Random walks of many walkers side by side, each from a random cell.

    Args:
        steps: real steps of all walkers together, rounded up to the same number for each.
        walkers: how many.

    Returns:
        Transitions: integer cells and actions.
    """
    walkers = min(walkers, steps)
    each = -(-steps // walkers)
    rows = [
        (step.obs, step.act, step.rew, step.next_obs, step.terminated)
        for step in islice(play(world, copies=walkers, rng=seed), each)
    ]
    obs, act, rew, nxt, terminated = (np.stack(c, 1).ravel() for c in zip(*rows))
    cut = np.tile(np.arange(each) == each - 1, walkers)
    return Transitions(obs, act, rew, nxt, terminated, cut, np.repeat(np.arange(walkers), each))


def learned_table(world: Rooms, seed, each: int = 80, kind=TableModel):
    """A table of single steps from `each` random real steps a cell."""
    data = wander(world, each * len(world.free()), [seed, 101])
    return kind(world.n_states, 4).fit(data)


def trips(world: Rooms, count: int, seed) -> list[tuple[int, int]]:
    """Random starts and goals in rooms, never the same cell twice in a pair."""
    rng = new_rng([seed, 102])
    cells = np.array(world.inside())
    return [tuple(rng.choice(cells, 2, replace=False).tolist()) for _ in range(count)]


def compare(world: Rooms, seed, count: int) -> dict:
    """Everybody plans the same trips in one building.

    Returns:
        means over the trips. Questions: flat, astar, landmarks, levels, both (A* among doorways),
        and of those without an idea, hops and straight. equal, hops_equal, straight_equal: the
        share of trips that were walked along a shortest path. cells, doors, built (questions for
        building the options), prepared (for the landmarks), told (levels by the formula).
    """
    table = learned_table(world, seed)
    options, flat = Options(table), Asked(table)
    marks, prepared = landmarks(flat, world.free(), options.built)
    rows = []
    for start, goal in trips(world, count, seed):
        line, row = manhattan(world.shape[1], goal), {}
        ways = {"flat": None, "astar": line, "landmarks": by_landmarks(marks, goal, line)}
        for name, guess in ways.items():
            before = flat.queries
            path = search(flat.neighbours, start, goal, guess)
            row[name] = flat.queries - before
        for name, guess in (("both", line), ("levels", None)):
            before = options.queries
            route = options.plan(start, goal, guess)
            row[name] = options.queries - before
        row["equal"] = shortest(follow(route, world), goal, path.steps)
        before = options.queries
        hops = options.plan(start, goal, count_options=True)
        row["hops"] = options.queries - before
        row["hops_equal"] = shortest(follow(hops, world), goal, path.steps)
        before = flat.queries
        walked = head_straight(flat, world, start, goal, line)
        row["straight"] = flat.queries - before
        row["straight_equal"] = shortest(walked, goal, path.steps)
        rows.append(row | {"steps": path.steps, "doorways": len(route.actions) - 1})
    means = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
    cells, doors = len(world.free()), len(world.doors)
    told = questions_told(cells, doors, world.size, means["flat"] / (4 * cells))
    made = {"cells": cells, "doors": doors, "built": options.built, "prepared": prepared}
    return means | made | {"told": told}


def questions_told(cells: int, doors: int, size: int, share: float) -> float:
    """Questions of a search among doorways: six for each doorway opened, two for a cell of a room.

    Args:
        share: of the building that a search opens before it meets the goal.
    """
    return 6 * share * doors + 2 * size**2


def shortest(walked: list[int], goal: int, steps: float) -> bool:
    """Whether a walk arrives, and in no more than this many steps."""
    return walked[-1] == goal and len(walked) - 1 == steps


def head_straight(model: Asked, world: Maze, start: int, goal: int, line, limit: int = 200):
    """No plan: always the neighbour that is nearest to the goal as the crow flies."""
    walked = [start]
    while walked[-1] != goal and len(walked) < limit:
        nearest = min(model.neighbours(walked[-1]), key=lambda way: line(way[0]))
        walked.append(world.move(walked[-1], nearest[2])[0])
    return walked


def landmarks(model: Asked, cells, budget: int) -> tuple[list[dict], int]:
    """Distances from every cell to a few far corners, for at most so many questions.

    The next landmark is the cell that is farthest from those there are (Goldberg & Harrelson 2005).

    Returns:
        one `{cell: steps}` for each landmark; questions asked.
    """
    marks: list[dict] = []
    allowed, before, one = set(cells), model.queries, 0
    while not marks or model.queries - before + one <= budget:
        far = max(allowed, key=lambda c: min((m.get(c, 0) for m in marks), default=-c))
        marks.append(backward(model, far, allowed)[0])
        one = (model.queries - before) // len(marks)
    return marks, model.queries - before


def by_landmarks(marks: list[dict], goal: int, line):
    """A guess from the triangle inequality (both ways: every step can be walked back)."""
    return lambda cell: max(line(cell), *(abs(mark[cell] - mark[goal]) for mark in marks))


# --- mud -------------------------------------------------------------------------------------


def mud_trips(seed, rooms=6, size=7, mud=0.35, count=30) -> dict:
    """Trips in a building with muddy rooms: routes by the map, and by learned durations.

    Returns:
        for `map`, `learned`, `flat` (single steps in the learned table) and `elsewhere` (learned
        where the mud lies in other rooms): steps taken, questions a trip, and `off`, by how much a
        promise misses what the trip takes, as a share of it; `factor_off`, the map's promises times
        one factor, fitted on these very trips.
    """
    clean, real = Rooms(rooms, size, seed), Rooms(rooms, size, seed, mud=mud)
    tables = {
        "map": learned_table(clean, seed),
        "learned": learned_table(real, seed, 120, SampleModel),
        "elsewhere": learned_table(mirrored(real), seed, 120, SampleModel),
    }
    pairs, figures, rng = trips(real, count, seed), {}, random.Random(seed)
    for name, table in tables.items():
        options = Options(table)
        routes = [options.plan(*pair) for pair in pairs]
        taken = np.array([walk_often(route, real, rng) for route in routes])
        told = np.array([route.steps for route in routes])
        figures[f"{name}_asked"] = (options.queries - options.built) / count
        figures[f"{name}_taken"] = taken.mean()
        figures[f"{name}_off"] = np.mean(abs(told / taken - 1))
        if name == "map":
            figures["factor_off"] = np.mean(abs(told * np.mean(taken / told) / taken - 1))
    flat = Asked(tables["learned"])
    paths = [search(flat.neighbours, *pair) for pair in pairs]
    taken = np.array([walk_often(path, real, rng) for path in paths])
    figures["flat_taken"], figures["flat_asked"] = taken.mean(), flat.queries / count
    figures["flat_off"] = np.mean(abs(np.array([path.steps for path in paths]) / taken - 1))
    return {key: float(value) for key, value in figures.items()}


def mirrored(world: Rooms) -> Rooms:
    """The same building with its mud in other rooms: rows and columns of rooms change places."""
    other = copy.deepcopy(world)
    side = world.shape[0]
    swapped = world.muddy.reshape(side, side).T.ravel()
    if (swapped == world.muddy).all():
        raise ValueError("the mud lies the same way round in its mirror")
    other.muddy = swapped
    other.outcomes = [[other._outcomes(s, a) for a in range(4)] for s in range(other.n_states)]
    other._fill_arrays()
    return other


def walk_often(route, world: Rooms, rng: random.Random, often: int = 10) -> float:
    """Mean steps that a route of options, or a path of single steps, really takes."""
    if not hasattr(route, "policies"):
        policy = dict(zip(route.states, route.actions))
        route = _Walked([route.states[0], route.states[-1]], [policy])
    return float(np.mean([len(follow(route, world, rng)) - 1 for _ in range(often)]))


class _Walked:
    """A path of single steps, to be followed like a route of one option."""

    def __init__(self, states, policies):
        self.states, self.policies = states, policies


# --- a doorway walled up ---------------------------------------------------------------------


def shut_trips(seed, rooms=6, size=7, count=12) -> dict:
    """Trips on which a doorway was walled up overnight, in the middle of the route and on A*'s way.

    Returns:
        for `believed`, `mended`, `flat` (A* on single steps, planned anew after a surprise) and
        `random`: share that arrives; for the two that replan, questions on the way and steps as a
        multiple of the shortest way that is left.
    """
    world, rows = Rooms(rooms, size, seed, closed=0.15), []
    table = learned_table(world, seed)
    options, rng = Options(table), random.Random(seed)
    for start, goal in trips(world, 20 * count, seed):
        route = options.plan(start, goal)
        if len(route.states) < 5 or len(rows) == count:
            continue
        door = route.states[len(route.states) // 2]
        line = manhattan(world.shape[1], goal)
        if door not in search(Asked(table).neighbours, start, goal, line).states:
            continue  # both should meet the wall
        shut = world.shut(door)
        left = search(Asked(learned_map(shut)).neighbours, start, goal).steps
        row = {"believed": travel(options, shut, start, goal, mend=False)[-1] == goal}
        own = copy.deepcopy(options)
        before = own.queries
        walked = travel(own, shut, start, goal)
        row |= {"mended": walked[-1] == goal, "mended_asked": own.queries - before}
        row["mended_steps"] = (len(walked) - 1) / left
        flat = Asked(copy.deepcopy(table))
        walked = travel_flat(flat, shut, start, goal)
        row |= {"flat": walked[-1] == goal, "flat_asked": flat.queries}
        row["flat_steps"] = (len(walked) - 1) / left
        row["random"] = wanders(shut, start, goal, rng, 2000)
        rows.append(row)
    means = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
    return means | {"built": options.built}


def learned_map(world: Maze) -> TableModel:
    """A table of everything there is, read off the drawing: for the judge alone."""
    table = TableModel(world.n_states, 4)
    for cell in world.free():
        for action in range(4):
            table.record(cell, action, 0.0, world.move(cell, action)[0], False)
    return table


def travel_flat(model: Asked, world: Maze, start: int, goal: int, limit: int = 2000) -> list[int]:
    """Walk by A* on single steps; a surprise is recorded in the table, and the rest planned anew."""
    walked, plan, line = [start], [], manhattan(world.shape[1], goal)
    while walked[-1] != goal and len(walked) < limit:
        if not plan:
            path = search(model.neighbours, walked[-1], goal, line)
            if path is None:
                break
            plan = list(zip(path.actions, path.states[1:]))
        action, expected = plan.pop(0)
        nxt = world.move(walked[-1], action)[0]
        if nxt != expected:
            model.record(walked[-1], action, nxt)
            plan = []
        walked.append(nxt)
    return walked


def wanders(world: Maze, start: int, goal: int, rng: random.Random, limit: int) -> bool:
    """Whether random steps arrive."""
    cell = start
    for _ in range(limit):
        cell = world.move(cell, rng.randrange(4))[0]
        if cell == goal:
            return True
    return False
