"""Day 25: the length of a trip, exact, with few questions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.day25_ask_less.building import SIDE, Building
from wmlib.challenges.offers import Offer
from wmlib.exercise import numbers

FEWER, FEW = 80, 40  # questions a trip, on average


class Trip(NamedTuple):
    """What came out of one trip: of which kind it was, the answer, the truth, the questions.

    steps: how many of the questions were about a step. again: about what was known.
    """

    kind: str
    said: float
    true: int
    asked: int
    steps: int
    again: int


def _ends(kind: str, building: Building, rng: np.random.Generator) -> tuple[int, int]:
    """Start and goal of a trip of one kind."""
    cells = np.flatnonzero(building.free & (building.room >= 0))
    if kind in ("inside", "around"):
        while True:
            start = int(rng.choice(cells))
            goal = int(rng.choice(np.flatnonzero(building.room == building.room[start])))
            straight = abs(start // SIDE - goal // SIDE) + abs(start % SIDE - goal % SIDE)
            if start != goal and (kind == "inside" or building.distances(start)[goal] > straight):
                return start, goal
    if kind == "door":
        ends = [int(rng.choice(building.doors)), int(rng.choice(cells))]
        if rng.random() < 0.3:  # from a doorway into its own room, or the other way
            ends[1] = int(
                rng.choice(np.flatnonzero(building.room == building.rooms_at(ends[0])[0]))
            )
        return (ends[0], ends[1]) if rng.random() < 0.5 else (ends[1], ends[0])
    while True:
        start, goal = (int(cell) for cell in rng.choice(cells, 2))
        if building.room[start] == building.room[goal]:
            continue
        if kind == "apart" or _first_door_is_wrong(building, start, goal):
            return start, goal


def _first_door_is_wrong(building, start, goal):
    """Whether the way by the nearest doorway of the goal's room is longer than the shortest."""
    there, back = building.distances(start), building.distances(goal)
    doors = [building.doors[i] for i in building.leaving[building.room[goal]]]
    first = min(doors, key=lambda door: there[door])
    return there[first] + back[first] > there[goal]


def asked(exam: Exam, kind: str, n: int) -> list[Trip]:
    """Trips of one kind, each in a building of its own; half of them harder."""
    rng, trips = exam.rng(kind), []
    harder = {
        "inside": "around",
        "apart": "late",
    }  # with tables in the way; not by the first doorway
    for k in range(n):
        building = Building(rng)
        start, goal = _ends(harder.get(kind, kind) if k % 2 else kind, building, rng)
        offer = Offer(building, ["ask", "step"], budget=20_000, facts=building.facts())
        said = numbers(
            exam.student.call("trip_length", offer, start, goal), (), "the length of a trip"
        )
        true = building.distances(start)[goal]
        trips.append(Trip(kind, float(said), true, building.asked, building.steps, building.again))
    return trips


def trips_apart(exam: Exam) -> list[Trip]:
    """Trips from room to room."""
    return asked(exam, "apart", 10 if exam.quick else 25)


def trips_near(exam: Exam) -> list[Trip]:
    """Trips inside one room, and from or to a doorway."""
    n = 8 if exam.quick else 20
    return asked(exam, "inside", n) + asked(exam, "door", n)


def apart(exam: Exam) -> str | None:
    """Exact from room to room."""
    trips = exam.once(trips_apart)
    if all(trip.asked == 0 for trip in trips):
        return "it asks no question, and where the tables stand only questions can tell"
    short = sum(trip.said < trip.true for trip in trips)
    long = sum(trip.said > trip.true for trip in trips)
    if short:
        return (
            f"{short} of {len(trips)} trips from room to room come out too short: is every leg asked "
            "for, the last one too, and no guess higher than what is left? Tables are in the way"
        )
    if long:
        return (
            f"{long} of {len(trips)} trips from room to room come out too long: can the search reach "
            "the goal from *every* doorway of its room, and stops it only when the goal is taken from the queue?"
        )
    return None


def near(exam: Exam) -> str | None:
    """Exact inside one room, and where a doorway is one of the ends."""
    building = Building(exam.rng("same"))
    cell = int(np.flatnonzero(building.room == 7)[0])
    offer = Offer(building, ["ask", "step"], budget=20_000, facts=building.facts())
    if (
        numbers(exam.student.call("trip_length", offer, cell, cell), (), "the length of a trip")
        != 0
    ):
        return "from a cell to itself it is 0 steps"
    trips = exam.once(trips_near)
    for kind, where in (("inside", "inside one room"), ("door", "from or to a doorway")):
        these = [trip for trip in trips if trip.kind == kind]
        short = sum(trip.said < trip.true for trip in these)
        long = sum(trip.said > trip.true for trip in these)
        if short and kind == "inside":
            return (
                f"{short} of {len(these)} trips inside one room come out too short: rows plus columns "
                "is only a guess, tables may stand in the way"
            )
        if long and kind == "inside":
            return (
                f"{long} of {len(these)} trips inside one room come out too long: one may walk there "
                "without any doorway; or, where tables cut the way, through the rooms beside"
            )
        if short or long:
            return f"{short + long} of {len(these)} trips {where} are wrong: a doorway belongs to two rooms"
    return None


def _budget(exam: Exam, most: int) -> str | None:
    trips = exam.once(trips_apart) + exam.once(trips_near)
    wrong = sum(trip.said != trip.true for trip in trips)
    if wrong:
        return (
            f"{wrong} of {len(trips)} trips are not exact yet: only exact answers are counted here"
        )
    kinds = {
        "apart": "from room to room",
        "inside": "inside one room",
        "door": "from or to a doorway",
    }
    means = {kind: np.mean([trip.asked for trip in trips if trip.kind == kind]) for kind in kinds}
    mean = np.mean([trip.asked for trip in trips])
    if mean <= most:
        return None
    told = ", ".join(f"{means[kind]:.0f} {where}" for kind, where in kinds.items())
    return f"exact, with {mean:.0f} questions a trip on average ({told}): wanted {most}. {_advice(trips)}"


def _advice(trips):
    """What most of the questions that need not be asked are about."""
    mean = lambda what, kinds: np.mean(
        [getattr(trip, what) for trip in trips if trip.kind in kinds]
    )
    if mean("steps", ("apart", "door")) > 8:
        return (
            "Even on trips that need no single step it asks about steps. Who else knows how far it is "
            "from each doorway to the goal?"
        )
    if mean("again", ("apart", "inside", "door")) > 0.2 * mean(
        "asked", ("apart", "inside", "door")
    ):
        return "Many of them ask what was answered before: the way back is as long as the way there"
    return "Use a guess, among the doorways and inside a room: what need not be opened need not be asked from"


def fewer(exam: Exam) -> str | None:
    """Without flooding the goal's room."""
    return _budget(exam, FEWER)


def few(exam: Exam) -> str | None:
    """With a guess among the doorways, and nothing asked twice."""
    return _budget(exam, FEW)


challenge = Challenge(
    name="day25_ask_less",
    title="Ask less",
    chapter="10",
    minutes=40,
    kind="build",
    parts=[
        Part("apart", 3, "The length of trips from room to room, exact.", apart),
        Part("near", 2, "And of trips inside one room, from or to a doorway.", near),
        Part("fewer", 2, f"All exact, with at most {FEWER} questions a trip.", fewer),
        Part("few", 3, f"All exact, with at most {FEW} questions a trip.", few),
    ],
    hints=[
        "The last leg, from a doorway to the goal, is as long as the way from the goal to that doorway: "
        "that is what the options that *begin* in the goal's cell say, one question each.",
        "Search among doorways, with rows plus columns as the guess (it is consistent). Inside one room "
        "search step by step, with the same guess; and then still let the search among doorways compare.",
        "The way from doorway a to doorway b is as long as from b to a, so one question is enough for both; "
        "nobody needs to go back into the room that he has just crossed. Inside a room, do not ask about a "
        "step to a cell that is closed already.",
    ],
)
