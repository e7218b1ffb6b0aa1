"""Chapter 10, levels: search among doorways above, single steps or MPC below."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch10_levels.body import (
    PD,
    Cost,
    Pushes,
    body_models,
    body_task,
    drive,
    near_planner,
    steered,
    untrained,
    with_cost,
)
from wmlib.course.ch10_levels.options import Options
from wmlib.course.ch10_levels.rooms import PointRooms, Rooms
from wmlib.course.ch10_levels.study import BUILDINGS, compare, learned_table, mud_trips, shut_trips
from wmlib.evidence import Claim, Experiment

TRIPS = 20  # random starts and goals in each building
# Places in BUILDINGS: k x k rooms of 9, and 8 x 8 rooms of another size.
K2, K4, K8, K16, S3, S5, S17 = range(7)


def run_rooms(seed):
    """Seven buildings: questions to the models, path lengths, what the options cost to learn."""
    rows = [compare(Rooms(rooms, size, seed), seed, TRIPS) for rooms, size in BUILDINGS]
    for row in rows:
        for name, before in (("", "flat"), ("_astar", "astar")):
            row[f"repaid{name}"] = repaid(row["built"], row[before], row["levels"])
        row["ratio"] = row["flat"] / row["levels"]
    return {key: [row[key] for row in rows] for key in rows[0]}


NEVER = 1e6


def repaid(built: float, before: float, after: float) -> float:
    """Trips after which questions saved make up for those that building took; a million: never."""
    return built / (before - after) if before > after else NEVER


def exact(f) -> bool:
    """Whether every trip in every building was walked along a shortest path."""
    return min(f["equal"]) == 1


def by_less(ratio, times):
    """Whether four times as many cells raise the ratio by less if there are more rooms."""
    return ratio[K16] / ratio[K8] < times < ratio[S17] / ratio[K8]


rooms = Experiment(
    "10_rooms",
    run_rooms,
    {
        "ten": Claim(
            "In 8 x 8 rooms of 9 x 9 cells, search among doorways asks at least {times} times fewer "
            "questions than flat search ({flat[2]:.0f} against {levels[2]:.0f} a trip), and every "
            "trip is as short as the shortest path; A* on single steps asks {astar[levels][2]:.0f}, "
            "A* with landmarks that took as many questions to prepare {landmarks[levels][2]:.0f}.",
            lambda f, times: exact(f) and times * f["levels"][K8] <= f["flat"][K8],
            times=10,
        ),
        "rivals": Claim(
            "In the two largest buildings plain doorways ask at most {large:.0%} of what A* with "
            "landmarks asks. With a guess above as well, A* among doorways asks at most {share:.0%} of "
            "it in all five buildings of 8 x 8 rooms or more ({both[2]:.0f} against "
            "{landmarks[both][2]:.0f} in rooms of nine).",
            lambda f, large, share: (
                exact(f)
                and all(f["levels"][i] <= large * f["landmarks"][i] for i in (K16, S17))
                and all(f["both"][i] <= share * f["landmarks"][i] for i in (K8, K16, S3, S5, S17))
            ),
            large=0.9,
            share=0.8,
        ),
        "small": Claim(
            "In 2 x 2 rooms the rivals win: A* with landmarks asks at most {share:.0%} of what A* "
            "among doorways asks ({landmarks[both][0]:.0f} against {both[0]:.0f}). In 8 x 8 rooms of "
            "3 x 3 cells it asks at most {share:.0%} of what plain search among doorways asks "
            "({landmarks[levels][4]:.0f} against {levels[4]:.0f}).",
            lambda f, share: (
                exact(f)
                and f["landmarks"][K2] <= share * f["both"][K2]
                and f["landmarks"][S3] <= share * f["levels"][S3]
            ),
            share=0.8,
        ),
        "axes": Claim(
            "Four times as many cells: with more rooms (16 x 16 of 9) the ratio to flat search rises "
            "by less than {times} times, from {ratio[2]:.0f} to {ratio[3]:.0f}; with larger rooms "
            "(8 x 8 of 17) by more than {times} times, to {ratio[6]:.0f}.",
            lambda f, times: (
                exact(f) and by_less(np.divide(f["flat"], np.maximum(f["levels"], 1)), times)
            ),
            times=1.5,
        ),
        "told": Claim(
            "A formula tells the questions of search among doorways in all seven buildings within "
            "{within:.0%}.",
            lambda f, within: (
                exact(f) and max(abs(np.divide(f["told"], np.maximum(f["levels"], 1)) - 1)) < within
            ),
            within=0.2,
        ),
        "repaid": Claim(
            "Learning the options of 8 x 8 rooms of 9 is repaid after at most {few} trips against "
            "flat search (here {repaid[2]:.0f}), against A* only after at least {many} (here "
            "{repaid_astar[2]:.0f}).",
            lambda f, few, many: (
                exact(f)
                and repaid(f["built"][K8], f["flat"][K8], f["levels"][K8]) <= few
                and repaid(f["built"][K8], f["astar"][K8], f["levels"][K8]) >= many
            ),
            few=10,
            many=25,
        ),
    },
    exact=True,
    seeds=10,
    trivial={
        "fewest_doorways": {"levels": "hops", "both": "hops", "equal": "hops_equal"},
        "straight_on": {"levels": "straight", "both": "straight", "equal": "straight_equal"},
    },
    rival={
        "astar": {"levels": "astar", "both": "astar"},
        "landmarks": {"levels": "landmarks", "both": "landmarks"},
    },
)

mud = Experiment(
    "10_mud",
    mud_trips,
    {
        "off": Claim(
            "With mud on a third of the floors, learned durations miss what a trip takes by less than "
            "{most:.0%} on average ({learned_off:.0%}); the map's miss it by {map_off:.0%}, and by "
            "{factor[learned_off]:.0%} when they are multiplied by the one factor that fits best.",
            lambda f, most: f["learned_off"] < most,
            most=0.12,
        ),
        "taken": Claim(
            "Routes chosen by learned durations take at least {less:.0%} fewer steps than routes by "
            "the map ({learned_taken:.0f} against {map_taken:.0f}); flat search in the same learned "
            "table takes {flat[learned_taken]:.0f} too, and asks {flat[learned_asked]:.0f} questions "
            "a trip in place of {learned_asked:.0f}.",
            lambda f, less: f["learned_taken"] < (1 - less) * f["map_taken"],
            less=0.05,
        ),
    },
    exact=True,
    seeds=10,
    trivial={
        "map": {"learned_off": "map_off", "learned_taken": "map_taken"},
        "mud_elsewhere": {"learned_off": "elsewhere_off", "learned_taken": "elsewhere_taken"},
    },
    rival={
        "factor": {"learned_off": "factor_off", "learned_taken": "map_taken"},
        "flat": {
            "learned_off": "flat_off",
            "learned_taken": "flat_taken",
            "learned_asked": "flat_asked",
        },
    },
)

shut = Experiment(
    "10_shut",
    shut_trips,
    {
        "mended": Claim(
            "When a doorway on the route has been walled up, the agent that mends the options of the "
            "room where it was surprised, and plans again, arrives on at least {most:.0%} of the "
            "trips; the one that goes on believing its option on {believed:.0%}; A* on single steps, "
            "planned anew after each surprise, on {flat[mended]:.0%}.",
            lambda f, most: f["mended"] >= most,
            most=1.0,
        ),
        "cost": Claim(
            "Mending and planning again ask less than {share:.0%} of the questions that building "
            "took ({mended_asked:.0f} of {built:.0f}); A* asks {flat[mended_asked]:.0f} for the same "
            "trip.",
            lambda f, share: f["mended"] == 1 and f["mended_asked"] < share * f["built"],
            share=0.1,
        ),
    },
    exact=True,
    seeds=10,
    trivial={"believing": {"mended": "believed"}, "random": {"mended": "random"}},
    rival={"flat": {"mended": "flat", "mended_asked": "flat_asked"}},
)


def body_world(seed):
    """A building of 4 x 4 rooms of five, its options, and 16 trips."""
    world = PointRooms(Rooms(4, 5, seed))
    options = Options(learned_table(world.building, seed))
    return world, options, body_task(world, options, 16, seed)


def run_body(seed):
    """A sliding point in 4 x 4 rooms: the same MPC with three aims, in three models."""
    world, options, task = body_world(seed)
    models, figures = body_models(world, seed), {}
    cost = Cost(world, options.low, task.goals)
    go = lambda agent: drive(world, agent, task.starts, task.goals)

    def note(name, went):
        figures[name] = float(went.arrived.mean())
        figures[f"{name}_steps"] = float(went.steps.mean())

    for name, model in models.items():
        went = go(steered(model, task.routes, seed=seed))
        note(f"levels_{name}", went)
        if name == "network":
            figures["clock"] = clock(task.promised, went)
        note(f"cost_{name}", go(with_cost(model, near_planner(), cost, seed=seed)))
        note(f"last_{name}", go(with_cost(model, near_planner(), cost, True, seed)))
        note(f"straight_{name}", go(steered(model, task.straight, seed=seed)))
    note("pd", go(PD(task.routes)))
    far = near_planner(40)
    note("far", go(steered(models["true"], task.straight, far, seed)))
    asked = {"levels_asked": task.asked, "cost_asked": cost.asked / len(task.goals)}
    return figures | asked | {"built": options.built}


def instead(make):
    """A trivial agent in the place of all that arrive: `make(world, task, seed) -> agent`."""

    def run(seed):
        world, _, task = body_world(seed)
        went = drive(world, make(world, task, seed), task.starts, task.goals)
        share, steps = float(went.arrived.mean()), float(went.steps.mean())
        names = [f"{aim}_{model}" for aim in ("levels", "cost", "last") for model in MODELS]
        return dict.fromkeys(names, share) | {f"{name}_steps": steps for name in names}

    return run


MODELS = ("network", "linear", "true")


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
        "aim": Claim(
            "With doorways as subgoals, MPC in a learned network arrives on at least {most:.0%} of "
            "the trips (here {levels_network:.0%}, in {levels_network_steps:.0f} pushes). The same "
            "MPC in the same network, aiming straight at the goal, arrives on at most {few:.0%}; in "
            "the true model too. A PD controller below the same doorways, without any model, arrives "
            "on {pd[levels_network]:.0%} in {pd[levels_network_steps]:.0f} pushes.",
            lambda f, most, few: (
                f["levels_network"] >= most
                and max(f["straight_network"], f["straight_true"]) <= few
            ),
            most=0.93,
            few=0.4,
        ),
        "far": Claim(
            "A horizon four times as long, with as many candidates, does not make up for it: in the "
            "true model, aiming straight, it arrives on {far:.0%} of the trips, at most {few:.0%}, "
            "where doorways in the network bring at least {most:.0%}.",
            lambda f, most, few: f["levels_network"] >= most and f["far"] <= few,
            most=0.93,
            few=0.7,
        ),
        "cost": Claim(
            "Neither are levels needed: the same MPC whose aim is the shortest-path distance from the "
            "same table, at every imagined step, arrives on at least {most:.0%} in the network "
            "({cost[levels_network]:.0%}), the linear and the true model, and in the true model it "
            "takes at least {less:.0%} fewer pushes ({cost_true_steps:.0f} against "
            "{levels_true_steps:.0f}).",
            lambda f, most, less: (
                min(f["cost_network"], f["cost_linear"], f["cost_true"]) >= most
                and f["cost_true_steps"] < (1 - less) * f["levels_true_steps"]
            ),
            most=0.87,
            less=0.05,
        ),
        "last": Claim(
            "Asked at the last imagined step alone, that distance needs a model that knows the "
            "walls: at least {most:.0%} of the trips arrive in the true model, at least {gap:.0%} "
            "fewer in the linear one ({last_linear:.0%}); the network arrives on {last_network:.0%}.",
            lambda f, most, gap: (
                f["last_true"] >= most and f["last_true"] - f["last_linear"] >= gap
            ),
            most=0.93,
            gap=0.2,
        ),
        "price": Claim(
            "What doorways save, once the options are learned, is questions: a route takes "
            "{levels_asked:.0f}, the distances to one goal {cost_asked:.0f}, at least {times} times as "
            "many, and the body arrives on at least {most:.0%}.",
            lambda f, times, most: (
                f["levels_network"] >= most and f["cost_asked"] >= times * f["levels_asked"]
            ),
            times=3,
            most=0.93,
        ),
        "linear": Claim(
            "Below doorways a linear model, which cannot hold a wall, arrives on at least {most:.0%}.",
            lambda f, most: f["levels_linear"] >= most,
            most=0.93,
        ),
    },
    seeds=10,
    trivial={
        "random": instead(lambda world, task, seed: Pushes(seed)),
        "still": instead(lambda world, task, seed: Pushes(seed, 0.0)),
        "untrained": instead(
            lambda world, task, seed: steered(untrained(world, seed), task.routes, seed=seed)
        ),
    },
    rival={
        "pd": {"levels_network": "pd", "levels_network_steps": "pd_steps"},
        "cost": {"levels_network": "cost_network", "levels_network_steps": "cost_network_steps"},
    },
)
