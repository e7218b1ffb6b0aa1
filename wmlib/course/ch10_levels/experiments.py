"""Chapter 10, levels: search among doorways above, single steps or MPC below."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch10_levels.options import Options
from wmlib.course.ch10_levels.rooms import PointRooms, Rooms
from wmlib.course.ch10_levels.study import (
    BUILDINGS,
    body_models,
    body_trips,
    compare,
    drive,
    learned_table,
    mud_trips,
    shut_trips,
    trips,
)
from wmlib.evidence import Experiment
from wmlib.planning import CEM

TRIPS = 30  # random starts and goals in each building
SMALL, LARGE, LARGEST = 0, 2, 3  # places in BUILDINGS: 2 x 2, 8 x 8, 12 x 12


def run_rooms(seed):
    """Four buildings: questions to the models, path lengths, what the options cost to learn."""
    rows = []
    for rooms, size in BUILDINGS:
        world = Rooms(rooms, size, seed)
        table = learned_table(world, seed)
        options = Options(table)
        row = {"cells": len(world.free()), "built": options.built}
        row |= compare(world, table, options, trips(world, TRIPS, seed))
        row["repaid"] = repaid(row["built"], row["flat"], row["levels"])
        row["repaid_astar"] = repaid(row["built"], row["astar"], row["levels"])
        rows.append(row)
    return {key: [row[key] for row in rows] for key in rows[0]}


NEVER = 1e6


def repaid(built: float, before: float, after: float) -> float:
    """Trips after which questions saved make up for those that building took; a million: never."""
    return built / (before - after) if before > after else NEVER


rooms = Experiment(
    "10_rooms",
    run_rooms,
    {
        "ten": (
            "in 8 x 8 rooms search among doorways asks its models at least ten times fewer "
            "questions than flat search",
            lambda f: f["flat"][LARGE] >= 10 * f["levels"][LARGE],
        ),
        "twenty": (
            "in 12 x 12 rooms at least twenty times fewer",
            lambda f: f["flat"][LARGEST] >= 20 * f["levels"][LARGEST],
        ),
        "equal": (
            "and in every building every trip, walked by options in the real world, is exactly as "
            "short as the shortest path",
            lambda f: min(f["equal"]) == 1,
        ),
        "astar": (
            "A* on single steps is the stronger rival: in 8 x 8 rooms it asks less than half as "
            "many questions as flat search, and still at least twice as many as search among "
            "doorways",
            lambda f: 2 * f["levels"][LARGE] <= f["astar"][LARGE] < f["flat"][LARGE] / 2,
        ),
        "small": (
            "in 2 x 2 rooms there is little to gain: A* asks fewer than three times as many",
            lambda f: f["astar"][SMALL] < 3 * f["levels"][SMALL],
        ),
        "repaid": (
            "learning the options of the 8 x 8 building is repaid after at most 10 trips against "
            "flat search; against A* it takes more than 20",
            lambda f: f["repaid"][LARGE] <= 10 and f["repaid_astar"][LARGE] > 20,
        ),
    },
    exact=True,
    seeds=5,
)

mud = Experiment(
    "10_mud",
    mud_trips,
    {
        "map": (
            "with mud on a third of the floors, trips by the map take at least a third longer than "
            "the map says",
            lambda f: f["map_taken"] > 4 / 3 * f["map_promised"],
        ),
        "promised": (
            "learned durations are off by less than 10 %",
            lambda f: abs(f["learned_taken"] / f["learned_promised"] - 1) < 0.1,
        ),
        "taken": (
            "and routes that were chosen by them take at least 5 % fewer steps",
            lambda f: f["learned_taken"] < 0.95 * f["map_taken"],
        ),
    },
    exact=True,
    seeds=6,
)

shut = Experiment(
    "10_shut",
    shut_trips,
    {
        "believed": (
            "when a doorway on the route has been walled up, an agent that goes on believing its "
            "option never arrives",
            lambda f: f["believed"] == 0,
        ),
        "mended": (
            "one that mends the options of the room where it was surprised, and plans again, "
            "always does",
            lambda f: f["mended"] == 1,
        ),
        "cost": (
            "and mending takes less than a tenth of the questions that building took",
            lambda f: f["cost"] < 0.1,
        ),
    },
    exact=True,
    seeds=6,
)


def run_body(seed):
    """A sliding point in 4 x 4 rooms: MPC alone, and MPC below a search among doorways."""
    world = PointRooms(Rooms(4, 5, seed))
    options = Options(learned_table(world.building, seed))
    starts, goals, routes, promised = body_trips(world, options, 16, seed)
    direct = [world.centre([goal]) for goal in goals]
    models, figures = body_models(world, seed), {}
    for name, model in models.items():
        for kind, way in (("levels", routes), ("flat", direct)):
            went = drive(world, model, way, starts, seed=seed)
            figures[f"{kind}_{name}"] = went.arrived.mean()
            figures[f"{kind}_{name}_steps"] = went.steps.mean()
            if (kind, name) == ("levels", "network"):
                figures["clock"] = clock(promised, went)
    far = CEM(horizon=40, candidates=40, iterations=2, elites=6)
    went = drive(world, models["true"], direct, starts, far, seed)
    return {**figures, "flat_far": went.arrived.mean()}


def clock(promised, went) -> float:
    """How far off the body's time is when told from the walker's, as a share of it: median.

    The first half of the trips teaches how many pushes a cell takes, the second half is foretold.
    """
    half = len(promised) // 2
    line = np.polyfit(promised[:half], went.steps[:half], 1)
    told = np.polyval(line, promised[half:])
    return float(np.median(np.abs(told / went.steps[half:] - 1)))


body = Experiment(
    "10_body",
    run_body,
    {
        "levels": (
            "with doorways as subgoals, MPC in a learned network arrives on at least 15 of 16 trips",
            lambda f: f["levels_network"] >= 15 / 16,
        ),
        "flat": (
            "the same MPC, aiming at the goal itself, is caught by a wall on most of them",
            lambda f: f["flat_network"] < 0.5,
        ),
        "true": (
            "and so it is in the true model: the trouble is how far it looks, not what it knows",
            lambda f: f["flat_true"] < 0.5,
        ),
        "far": (
            "looking four times as far, in the true model and at four times the price, it still "
            "misses at least a quarter of the goals",
            lambda f: f["flat_far"] <= 0.75,
        ),
        "linear": (
            "below doorways a linear model is as good as the network",
            lambda f: f["levels_linear"] >= 15 / 16,
        ),
    },
    seeds=5,
)
