"""Day 14: a gate that lets an agent be fast where the ensemble agrees, and nowhere else."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.day14_own_gate.world import (
    LENGTH,
    SECONDS,
    Pass,
    crawl,
    drive,
    informed,
    learned,
)
from wmlib.challenges.offers import Offer
from wmlib.challenges.student import Handle
from wmlib.exercise import Mistake, numbers


class Drives(NamedTuple):
    """What happened on one road."""

    seconds: np.ndarray
    lost: np.ndarray
    braking: np.ndarray  # of the lost cars: whether they braked in the step before
    # Mean seconds until the ice: ours, the fallback's, the informed driver's.
    before: tuple[float, float, float]
    asked: int  # how often the ensemble was asked


def _driven(exam: Exam, name: str, low: float, high: float) -> Drives:
    """Cars of the student's driver on a fresh road, stepped here; the ice begins at low to high."""
    rng, cars = exam.rng(name), 3 if exam.quick else 6
    road = Pass(rng, float(rng.uniform(low, high)))
    members, held_out = learned(road, rng)
    ensemble = Offer(members, ["predict"])
    agent = exam.student.call("driver", ensemble, held_out)
    if not isinstance(agent, Handle):
        raise Mistake(f"driver should return a function of obs (B, 2), got {agent!r:.60}")
    player, first = exam.student.agent(agent), np.ones(cars, bool)

    def act(obs: np.ndarray) -> np.ndarray:
        pedal = numbers(player.act(obs, first), (len(obs), 1), "the pedals of your driver")
        first[:] = False
        return pedal

    player.begin(np.zeros((cars, 2)))
    took, lost, rows = drive(road, act, cars, rng)
    before = [next(row for row in rows[::-1] if row[3][i])[1][i, 0] for i in np.flatnonzero(lost)]
    ours = _before(rows, road)
    slow, best = (_before(drive(road, a, cars, rng)[2], road) for a in (crawl, informed(road)))
    return Drives(took, lost, np.array(before) < 0, (ours, slow, best), ensemble.calls)


def _before(rows: list[tuple], road: Pass) -> float:
    """Mean seconds until a car is 30 m before the ice (on a road without ice, at its end)."""
    there = min(road.ice - 30, LENGTH)
    return float(SECONDS * np.mean(np.sum([(row[0][:, 0] < there) & row[3] for row in rows], 0)))


def _won(drives: list[Drives]) -> float:
    """Which share it wins of the mean speed before the ice, between the fallback's and the informed's."""
    ours, slow, best = 1 / np.sum([each.before for each in drives], 0)
    return max(0.0, float((ours - slow) / (best - slow)))


def icy(exam: Exam) -> list[Drives]:
    """Three roads: early, middle and late ice."""
    where = ((130, 170), (220, 260), (300, 330))
    return [_driven(exam, f"ice {number}", *each) for number, each in enumerate(where)]


def _lost(drives: list[Drives]) -> str | None:
    lost = np.concatenate([d.lost for d in drives])
    if not lost.any():
        return None
    found = f"{lost.sum()} of {len(lost)} cars are over the edge"
    if np.concatenate([d.braking for d in drives]).mean() > 0.5:
        return (
            f"{found}, most of them while they braked: too late. The gate must look at the whole way "
            "that the fallback would take after the action, and not at the next step alone"
        )
    if lost.all():
        return f"{found}: does it ask the ensemble before it is fast?"
    return (
        f"{found}, and they did not brake. Is the threshold low enough, and taken from `held_out`?"
    )


def safe(exam: Exam) -> str | None:
    """Nobody is lost, and it is not merely the fallback."""
    drives = exam.once(icy)
    found = _lost(drives)
    if found:
        return found
    won = _won(drives[1:])
    if won < 0.15:
        return (
            "safe, and before the ice hardly faster than the fallback alone: there it should use the "
            "speed that the members know"
        )
    if won < 0.43:
        return (
            f"safe, but it wins {won:.0%} of the mean speed that can be won before the ice, wanted 43 %: "
            "a gate that is too strict, or a rule that is the same on all roads, is safe and slow"
        )
    if not all(drive.asked for drive in drives):
        return "it never asks the ensemble: a rule from the log alone is no gate"
    return None


def fast(exam: Exam) -> str | None:
    """Nearly as fast as a driver who knows where the ice begins."""
    drives = exam.once(icy)
    if any(d.lost.any() for d in drives):
        return "first it must be safe: cars are lost"
    won = _won(drives[1:])  # where the ice begins early, there is little to win
    if won < 0.46:
        return (
            "of the mean speed before the ice, between the fallback's and that of a driver who knows where "
            f"it begins, it wins {won:.0%}, wanted 46 %. Is the gate too strict before the ice, or the bold action too timid?"
        )
    return None


def free(exam: Exam) -> str | None:
    """A road without ice, known at all speeds to its end; only for those who are safe on the others."""
    if any(d.lost.any() for d in exam.once(icy)):
        return "first it must be safe on the icy roads: cars are lost"
    won = _won([_driven(exam, "free", LENGTH + 60, LENGTH + 90)])
    if won < 0.45:
        return (
            "on a road without ice, where the locals were fast to the end, it wins "
            f"{won:.0%} of the mean speed that can be won, wanted 45 %: where the members agree it should be bold"
        )
    return None


challenge = Challenge(
    name="day14_own_gate",
    title="Your own gate",
    chapter="05",
    minutes=40,
    kind="build",
    seconds=120,
    parts=[
        Part("safe", 5, "Lose no car on icy roads, and be clearly faster than the fallback.", safe),
        Part("fast", 3, "Be nearly as fast as who knows where the ice begins.", fast),
        Part("free", 2, "Be bold to the end on a road that is known to the end.", free),
    ],
    hints=[
        "How far the members are apart: their deviation over the first axis, position and speed each in "
        "the deviation of its change in held_out. The threshold is a high percentile of it on held_out.",
        "A bold action may be done if, after it, the fallback could still take over: imagine the action "
        "once (the members' mean) and then 25 steps of crawl, and ask for the disagreement at every step. "
        "From 28 m/s it brakes for twelve seconds.",
        "The 95th to 97th percentile will do, and 99 is too loose. At each step try the pedals 1, 0.5 and 0 in this order, all of them "
        "in one question to the model; take the first that passes, and crawl where none does.",
    ],
)
