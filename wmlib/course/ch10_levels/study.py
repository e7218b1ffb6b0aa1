"""Parts of chapter 10: wandering, trips across buildings, the searches compared, the sliding body."""

from __future__ import annotations

import copy
import random
from itertools import islice
from typing import NamedTuple

import numpy as np

from wmlib.acting import play
from wmlib.course.ch10_levels.options import Options, follow, travel
from wmlib.course.ch10_levels.rooms import PointRooms, Rooms
from wmlib.course.ch10_levels.search import Asked, manhattan, search
from wmlib.course.ch10_levels.subgoals import Subgoals
from wmlib.experience import Transitions, collect
from wmlib.models import LinearDynamics, NeuralDynamics, SampleModel, Simulator, TableModel
from wmlib.planning import CEM
from wmlib.worlds.mazes import Maze

BUILDINGS = [(2, 5), (4, 7), (8, 9), (12, 11)]  # rooms along a side, cells along a room's side


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
    rng = np.random.default_rng([seed, 102])
    cells = np.array(world.inside())
    return [tuple(rng.choice(cells, 2, replace=False).tolist()) for _ in range(count)]


def compare(world: Rooms, table: TableModel, options: Options, pairs) -> dict:
    """Questions asked by flat search, A* and search among doorways; and are their paths equal?

    Returns:
        means over the trips: flat, astar, levels, levels_astar (questions), steps, doorways;
        equal: the share of trips whose walk by options is as short as the shortest path.
    """
    flat, rows = Asked(table), []
    for start, goal in pairs:
        guess, row = manhattan(world.shape[1], goal), {}
        for name, way in (("flat", None), ("astar", guess)):
            before = flat.queries
            path = search(flat.neighbours, start, goal, way)
            row[name] = flat.queries - before
        for name, way in (("levels_astar", guess), ("levels", None)):
            before = options.queries
            route = options.plan(start, goal, way)
            row[name] = options.queries - before
        walked = follow(route, world)
        row |= {
            "steps": path.steps,
            "doorways": len(route.actions) - 1,
            "equal": walked[-1] == goal and len(walked) - 1 == path.steps,
        }
        rows.append(row)
    return {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}


def mud_trips(seed, rooms=6, size=7, mud=0.35, count=30) -> dict:
    """Trips in a building with muddy rooms: routes by the map, and by learned durations.

    Returns:
        mean steps that each kind of route promises and takes.
    """
    clean, real = Rooms(rooms, size, seed), Rooms(rooms, size, seed, mud=mud)
    models = {
        "map": Options(learned_table(clean, seed)),
        "learned": Options(learned_table(real, seed, 120, SampleModel)),
    }
    rng, figures = random.Random(seed), {}
    for name, options in models.items():
        routes = [options.plan(*pair) for pair in trips(real, count, seed)]
        taken = [len(follow(route, real, rng)) - 1 for route in routes for _ in range(10)]
        figures[f"{name}_promised"] = float(np.mean([route.steps for route in routes]))
        figures[f"{name}_taken"] = float(np.mean(taken))
    return figures


def shut_trips(seed, rooms=6, size=7, count=12) -> dict:
    """Trips on which the doorway in the middle of the route was walled up overnight.

    Returns:
        shares that arrive, believing and mending; questions asked on the way by the one that mends,
        as a share of those for building the options.
    """
    world, rows = Rooms(rooms, size, seed, closed=0.15), []
    options = Options(learned_table(world, seed))
    for start, goal in trips(world, 20 * count, seed):
        route = options.plan(start, goal)
        if len(route.states) < 5 or len(rows) == count:
            continue
        shut = world.shut(route.states[len(route.states) // 2])
        believed = travel(options, shut, start, goal, mend=False)
        own = copy.deepcopy(options)
        before = own.queries
        walked = travel(own, shut, start, goal)
        rows.append(
            {
                "believed": believed[-1] == goal,
                "mended": walked[-1] == goal,
                "cost": (own.queries - before) / options.built,
            }
        )
    return {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}


# --- a body with inertia ---------------------------------------------------------------------


class Holding:
    """Pushes in a random direction for a few steps, then in another: how the body gets to know itself.

    Args:
        seed: of the pushes. hold: steps for which each is held.
    """

    def __init__(self, seed, hold: int = 8):
        self.rng, self.hold = np.random.default_rng(seed), hold

    def begin(self, obs):
        self.t = 0

    def act(self, obs):
        if self.t % self.hold == 0:
            self.push = self.rng.uniform(-1, 1, (len(obs), 2)).astype(np.float32)
        self.t += 1
        return self.push

    def keep(self, mask):
        self.push = self.push[mask]


def body_models(world: PointRooms, seed, steps: int = 4000) -> dict:
    """The same 4,000 real steps, learned by a network and by least squares; and the truth."""
    data = collect(world, Holding([seed, 103]), steps, [seed, 104])
    network = NeuralDynamics(4, world.act_space, seed=seed)
    network.fit(data, steps=1500)
    linear = LinearDynamics(4, world.act_space).fit(data)
    return {"network": network, "linear": linear, "true": Simulator(world)}


class Trips(NamedTuple):
    """Trips of a body: arrived `(n,)` bool; steps `(n,)`, to arrive or until given up; paths."""

    arrived: np.ndarray
    steps: np.ndarray
    paths: np.ndarray


def near_planner() -> CEM:
    """Ten steps ahead, 80 futures a decision: enough for a room, not for a building."""
    return CEM(horizon=10, candidates=40, iterations=2, elites=6)


def drive(world: PointRooms, model, routes, starts, planner=None, seed=0, limit=120) -> Trips:
    """Every trip at once, for as long as it takes or `limit` steps.

    Args:
        routes: for each trip its points, the last is the goal. starts: cells. planner: default
            `near_planner()`.
    """
    agent = Subgoals(model, planner or near_planner(), routes, seed=seed)
    goals = np.stack([route[-1] for route in routes])
    state = np.concatenate([world.centre(starts), np.zeros((len(starts), 2))], axis=1)
    steps, path = np.full(len(starts), np.inf), [state[:, :2]]
    for step in islice(play(world, agent, state=state), limit):
        path.append(step.next_state[:, :2])
        there = np.linalg.norm(path[-1] - goals, axis=1) < 0.5
        steps = np.minimum(steps, np.where(there, len(path) - 1, np.inf))
        if np.isfinite(steps).all():
            break
    arrived = np.isfinite(steps)
    return Trips(arrived, np.where(arrived, steps, limit), np.stack(path, 1))


def body_trips(world: PointRooms, options: Options, count: int, seed):
    """Trips that lead through at least three doorways: (starts, goals, routes, promised steps)."""
    chosen = []
    for start, goal in trips(world.building, 20 * count, [seed, 1]):
        route = options.plan(start, goal)
        if len(route.actions) > 3:
            chosen.append((start, goal, world.centre(route.states[1:]), route.steps))
        if len(chosen) == count:
            break
    starts, goals, routes, promised = zip(*chosen)
    return np.array(starts), np.array(goals), list(routes), np.array(promised)
