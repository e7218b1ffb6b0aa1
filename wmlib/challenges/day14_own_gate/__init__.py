"""Day 14: a gate that lets an agent be fast where the ensemble agrees, and nowhere else."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part, numbers
from wmlib.challenges.day14_own_gate.world import LENGTH, Pass, crawl, drive, informed, log_of
from wmlib.challenges.student import Handle, Mistake

TRIPS = 24


class Drives(NamedTuple):
    """What happened on one road."""

    seconds: np.ndarray
    lost: np.ndarray
    braking: np.ndarray  # of the lost cars: whether they braked in the step before
    won: float  # share of the time between the fallback's and the informed driver's


def _road(exam: Exam, number: int) -> tuple[Pass, dict[str, np.ndarray]]:
    """A road and its log; the ice begins early, in the middle or late."""
    rng = exam.rng(f"road {number}")
    road = Pass(rng, float(rng.uniform(*((130, 170), (220, 260), (300, 330))[number])))
    return road, log_of(road, TRIPS, rng)


def trained(exam: Exam) -> list[tuple[Pass, Handle, dict[str, np.ndarray]]]:
    """Two models, each with its road and fresh trips of the locals."""
    made = []
    for number in (0, 2):
        road, log = _road(exam, number)
        model = exam.student.call("train", log, exam.seed("training") % 1000)
        if not isinstance(model, Handle):
            raise Mistake(
                f"train should return an object with step and disagree, got {model!r:.60}"
            )
        made.append((road, model, log_of(road, 8, exam.rng(f"fresh {number}"))))
    return made


def model(exam: Exam) -> str | None:
    """One step ahead on trips that it has not seen."""
    for _, learned, fresh in exam.once(trained):
        obs, act, nxt = fresh["obs"], fresh["act"], fresh["next_obs"]
        said = numbers(learned.call("step", obs, act), obs.shape, "the next obs of step")
        usual = (nxt - obs).std(0)
        off = np.sqrt(np.mean(((said - nxt) / usual) ** 2, 0))
        if off.max() > 1.2 and np.allclose(np.median(said - nxt, 0), -np.median(nxt, 0), rtol=0.3):
            return "step gives the change of obs: add it to obs"
        if off.max() > 0.5:
            return (
                f"on new trips the {['position', 'speed'][int(off.argmax())]} is off by "
                f"{off.max():.0%} of its usual change: wanted at most 50 %. Are inputs and changes "
                "brought to one scale? Is the pedal an input?"
            )
    return None


def _larger(high: np.ndarray, low: np.ndarray) -> float:
    """How often one of `high` is larger than one of `low` (AUROC); ties count half."""
    return float(np.mean(high[:, None] > low[None]) + 0.5 * np.mean(high[:, None] == low[None]))


def doubt(exam: Exam) -> str | None:
    """Larger where nobody was: neither position nor speed alone tells."""
    for number, (road, learned, fresh) in enumerate(exam.once(trained)):
        rng, (x, v) = exam.rng(f"unknown {number}"), fresh["obs"].T
        unknown = np.stack(
            [rng.uniform(road.ice + 5, LENGTH - 5, 200), rng.uniform(14, 24, 200)], 1
        )

        def said(obs: np.ndarray, act: np.ndarray, of: Handle = learned) -> np.ndarray:
            return numbers(of.call("disagree", obs, act), (len(obs),), "what disagree returns")

        there = said(unknown, rng.uniform(-1, 1, (200, 1)))
        fast, slow = (x < road.ice - 20) & (v > 12), x > road.ice
        on_ice, before = (
            _larger(there, said(fresh["obs"][m], fresh["act"][m])) for m in (slow, fast)
        )
        if max(on_ice, before) < 0.4:
            return "it is surest where nobody was: larger should mean less familiar"
        if before < 0.85 <= on_ice:
            return (
                "fast driving before the ice, where the log is full of it, is as unfamiliar to it as "
                "fast driving on the ice"
            )
        if on_ice < 0.85 <= before:
            return "slow driving on the ice, which the log holds, is as unfamiliar to it as fast driving there"
        if min(on_ice, before) < 0.85:
            return (
                "its disagreement does not tell fast driving on the ice, where nobody was, from what is "
                "in the log. Do the members start from different weights and see different rows?"
            )
    return None


def driven(exam: Exam) -> list[Drives]:
    """Cars on three roads, stepped here."""
    found, cars = [], 3 if exam.quick else 6
    for number in range(3):
        road, log = _road(exam, number)
        agent = exam.student.call("driver", log)
        if not isinstance(agent, Handle):
            raise Mistake(f"driver should return a function of obs (B, 2), got {agent!r:.60}")
        player, first = exam.student.agent(agent), np.ones(cars, bool)

        def act(obs: np.ndarray, player: Any = player, first: np.ndarray = first) -> np.ndarray:
            pedal = numbers(player.act(obs, first), (len(obs), 1), "the pedals of your driver")
            first[:] = False
            return pedal

        player.begin(np.zeros((cars, 2)))
        took, lost, rows = drive(road, act, cars, exam.rng(f"drives {number}"))
        braking = [
            row[1][i, 0] < 0
            for i in np.flatnonzero(lost)
            for row in [next(row for row in rows[::-1] if row[3][i])]
        ]
        slow, _, _ = drive(road, crawl, cars, exam.rng(f"drives {number}"))
        best, _, _ = drive(road, informed(road), cars, exam.rng(f"drives {number}"))
        won = float((slow.mean() - took.mean()) / (slow.mean() - best.mean()))
        found.append(Drives(took, lost, np.array(braking, bool), won))
    return found


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
    return f"{found}, and they did not brake. Is the threshold low enough, and taken from held-out trips?"


def safe(exam: Exam) -> str | None:
    """Nobody is lost, and it is not merely the fallback."""
    drives = exam.once(driven)
    found = _lost(drives)
    if found:
        return found
    if min(d.won for d in drives) < 0.25:
        return (
            "safe, and on one of three roads hardly faster than the fallback alone: there it should use "
            "the speed that the log knows"
        )
    return None


def fast(exam: Exam) -> str | None:
    """Nearly as fast as a driver who knows where the ice begins."""
    drives = exam.once(driven)
    if any(d.lost.any() for d in drives):
        return "first it must be safe: cars are lost"
    won = np.mean([d.won for d in drives])
    if won < 0.7:
        return (
            f"of the time between the fallback and a driver who knows where the ice begins it wins "
            f"{won:.0%}, wanted 70 %. Is the gate too strict before the ice, or the bold action too timid?"
        )
    return None


challenge = Challenge(
    name="day14_own_gate",
    title="Your own gate",
    chapter="05",
    minutes=40,
    kind="build",
    seconds=180,
    parts=[
        Part("model", 2, "Train an ensemble on the log.", model),
        Part("doubt", 2, "Let its disagreement show where nobody was.", doubt),
        Part(
            "safe",
            3,
            "Lose no car on roads you have not seen, and be faster than the fallback.",
            safe,
        ),
        Part("fast", 3, "Be nearly as fast as who knows where the ice begins.", fast),
    ],
    hints=[
        "Five small networks on (obs, pedal) that predict the change of obs, all in standard deviations, "
        "each with its own start and its own rows. The disagreement is the deviation of their predictions.",
        "A bold action may be done if, after it, the fallback (crawl) could still take over: imagine the "
        "action once and then about 14 steps of crawl, and ask for the disagreement at every step. "
        "From 28 m/s braking takes six seconds.",
        "Hold out a few trips before you train. Threshold: about the 98th percentile of the disagreement "
        "on them. At each step try the pedals 1, 0.5 and 0 in this order, take the first that passes, and "
        "crawl where none does. Members that start with larger weights disagree more where data is missing.",
    ],
)
