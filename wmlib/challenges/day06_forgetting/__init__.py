"""Day 6: a memory for a world that has chance in it and changes."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.student import Handle
from wmlib.exercise import Mistake, numbers

OLD, NEW, RARE = "passes", "bumps", "slips"


def memory(exam: Exam) -> Handle:
    """A fresh one."""
    made = exam.student.call("Memory")
    if not isinstance(made, Handle):
        raise Mistake("Memory() should give an object with record(s, a, outcome) and chances(s, a)")
    return made


def chances(made: Handle, s: int = 0, a: int = 0) -> dict[Hashable, float]:
    """What it says of a pair; the numbers are chances and add up to 1."""
    said = made.call("chances", s, a)
    if not isinstance(said, dict):
        kind = said.kind if isinstance(said, Handle) else type(said).__name__
        raise Mistake(f"chances should return a dictionary {{outcome: chance}}, got {kind}")
    values = numbers(list(said.values()), (None,), "the chances")
    if abs(values.sum() - 1) > 1e-6:
        raise Mistake(
            f"the chances of a pair that was recorded add up to {values.sum():.3g}, not to 1"
        )
    if (values < 0).any():
        raise Mistake("a chance is negative")
    return {outcome: float(value) for outcome, value in zip(said, values)}


def lives(exam: Exam) -> list[dict[Any, Any]]:
    """Three lives: 1,000 outcomes, 300 more while it is asked, and then the world changes."""
    rng, found = exam.rng("lives"), []
    for _ in range(2 if exam.quick else 3):
        made, chance = memory(exam), float(rng.uniform(0.15, 0.3))
        pair = int(rng.integers(50)), int(rng.integers(4))
        asked = []
        for t in range(1300):
            made.call("record", *pair, RARE if rng.random() < chance else OLD)
            if t >= 1000 and t % 5 == 0:
                asked.append(chances(made, *pair).get(RARE, 0.0))
        life: dict[Any, Any] = {"chance": chance, "asked": np.array(asked)}
        for t in range(200):
            made.call("record", *pair, RARE if rng.random() < chance else NEW)
            if t in (59, 199):
                life[t + 1] = chances(made, *pair)
        found.append(life)
    return found


def pairs(exam: Exam) -> str | None:
    """What belongs to which pair; outcomes of any kind."""
    rng, made = exam.rng("pairs"), memory(exam)
    first, second = (0, 0), (0, 1)
    outcome = 1.0, int(rng.integers(50)), True  # (rew, next cell, terminated)
    for _ in range(40):
        made.call("record", *first, outcome)
    if chances(made, *first) != {outcome: 1.0}:
        return "a pair with which the same thing happened 40 times: that is sure, with chance 1"
    for _ in range(1000):
        made.call("record", *second, "waits")
        made.call("record", 7, 0, "turns")
    for pair, only in ((second, "waits"), ((7, 0), "turns")):
        got = chances(made, *pair)
        if len(got) > 1 or abs(got.get(only, 0.0) - 1) > 1e-9:
            return "outcomes of another pair are mixed in: s and a both belong to the pair"
    try:
        kept = chances(made, *first)
    except Mistake as mistake:
        return (
            "while other pairs were tried, one that was not has been forgotten: forget a pair's "
            f"outcomes by new outcomes of the same pair ({mistake})"
        )
    if kept != {outcome: 1.0}:
        return "what is known of a pair has changed while only other pairs were tried"
    for _ in range(30):
        made.call("record", 3, 2, 5)
    made.call("record", 3, 2, 6)
    got = chances(made, 3, 2)
    if got.get(6, 0.0) <= 0:
        return "an outcome that has just been seen for the first time has no chance"
    return (
        "30 outcomes of one kind, then one of another: it says that the 30 are gone"
        if got.get(5, 0) < 0.3
        else None
    )


def chance(exam: Exam) -> str | None:
    """A rare outcome's chance, while the world stays as it is."""
    for life in exam.once(lives):
        said, right = life["asked"], life["chance"]
        if abs(said.mean() - 0.5) < 0.1:
            return "both outcomes get about the same chance: weigh them by how often they were seen"
        if said.std() > 0.105:
            return (
                f"the chance of an outcome jumps about (its standard deviation is {said.std():.2f} "
                "while nothing changes): remember more than the last few outcomes"
            )
        if abs(said.mean() - right) > 0.08:
            return (
                f"on average it gives an outcome a chance that is wrong by {abs(said.mean() - right):.2f}, "
                "while nothing changes: are old and new outcomes weighed alike, whatever they are?"
            )
    return None


def change(exam: Exam) -> str | None:
    """200 outcomes after the change."""
    for life in exam.once(lives):
        said = life[200]
        if said.get(OLD, 0.0) >= 0.05:
            return (
                f"200 outcomes after the world has changed, what no longer happens still has a "
                f"chance of {said[OLD]:.2f}: it forgets too slowly, or never"
            )
        if said.get(NEW, 0.0) < 0.5:
            return "200 outcomes after the change it does not say what happens most often now"
        if abs(said.get(RARE, 0.0) - life["chance"]) > 0.2:
            return "after the change it no longer knows the rare outcome, which stayed as it was"
    return None


def bounded(exam: Exam) -> str | None:
    """What it holds after 500 and after 3,000 outcomes."""
    made, rng, held = memory(exam), exam.rng("bounded"), []
    for t in range(3000):
        made.call("record", 0, 0, RARE if rng.random() < 0.2 else OLD)
        if t + 1 in (500, 3000):
            held.append(_size(_inside(made)))
    if held[1] > max(2 * held[0], 1000):
        return (
            f"after 500 outcomes of one pair it holds {held[0]:,} values, after 3,000 {held[1]:,}: "
            "it grows without bound"
        )
    said = chances(made)
    return None if RARE in said and OLD in said else "after 3,000 outcomes one of the two is lost"


def _inside(made):
    try:
        return made.get("__dict__")
    except Mistake:
        return 0


def _size(value):
    """How many values something holds."""
    if isinstance(value, Handle):
        try:
            return int(numbers(value.call("__len__"), (), "a length"))
        except Mistake:
            inside = _inside(value)
            return _size(inside) if isinstance(inside, dict) else 1
    if isinstance(value, dict):
        return sum(_size(k) + _size(v) for k, v in value.items())
    if isinstance(value, (list, tuple, set)):
        return sum(map(_size, value))
    return np.size(value)


def sooner(exam: Exam) -> str | None:
    """Bonus: 60 outcomes after the change."""
    if chance(exam) is not None:
        return "first the chance while nothing changes: that part must be right as well"
    for life in exam.once(lives):
        if life[60].get(OLD, 0.0) >= 0.05:
            return (
                "60 outcomes after the change, what no longer happens still has a chance of "
                f"{life[60][OLD]:.2f}. How likely is it that a frequent outcome stays away so long?"
            )
        if life[60].get(NEW, 0.0) < 0.5:
            return "60 outcomes after the change it does not say what happens most often now"
    return None


challenge = Challenge(
    name="day06_forgetting",
    title="A memory that forgets",
    chapter="02",
    minutes=30,
    kind="build",
    seconds=60,
    parts=[
        Part("pairs", 2, "Each pair has its own outcomes.", pairs),
        Part("chance", 3, "A chance is known to within 0.1 while the world stays.", chance),
        Part("change", 4, "200 outcomes after a change the old world is forgotten.", change),
        Part("bounded", 1, "The memory does not grow without bound.", bounded),
        Part("sooner", 2, "60 outcomes are enough.", sooner, bonus=True),
    ],
    hints=[
        "Two classic ways: keep the last k outcomes of each pair, or let the counts of a pair fade by "
        "a factor at each new outcome of this pair.",
        "Fading by a factor f remembers about 1 / (1 - f) outcomes. With f = 0.98, what is left of an "
        "old outcome after 200 new ones? And how much does a chance of 0.2 jump about if only ten "
        "outcomes are remembered?",
        "record: multiply all counts of the pair by 0.98, then add 1 to what was seen. chances: divide "
        "by their sum. For the bonus: an outcome with chance c stays away for m outcomes in a row with "
        "chance (1 - c) ** m. If that is less than one in a million, it is gone.",
    ],
)
