"""What was said beside what came out, for a live notebook: as bet.js does it in a page."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

RANKED = (
    "Furthest off first: numbers and curves by their distance from the answer, counted in the "
    "margin within which they would be right; then orders, by pairs the wrong way round; then "
    "choices."
)


class Judged(NamedTuple):
    """An answer in words, whether it is right, its rank among the wrong ones, a verdict.

    Numbers and curves rank by their margins (more than 1), orders by a share, choices at 0, what is
    right at -1.
    """

    words: str
    right: bool
    rank: float
    verdict: str


def judged(spec: dict[str, Any], said: Any) -> Judged:
    """How an answer fares.

    Args:
        spec: of the bet. said: a number, an option, the options in an order, or a list of numbers.
    """
    words, right, rank, verdict = _JUDGES[spec["kind"]](spec, said)
    return Judged(words, True, -1, "right") if right else Judged(words, False, rank, verdict)


def _off(spec, said, was):
    if spec["log"]:
        return abs(math.log(said / was)) / math.log(spec["within"])
    return abs(said - was) / spec["within"]


def _text(spec, value):
    return spec["texts"][spec["stops"].index(value)]


def _number(spec, said):
    was, much = spec["answer"], ""
    if spec["log"]:
        times = max(said / was, was / said)
        digits = 1 if times < 10 else 0
        rounded = math.floor(times * 10**digits + 0.5) / 10**digits  # half up, as in the page
        much = f"{rounded:.{digits}f} times "
    way, miss = "high" if said > was else "low", _off(spec, said, was)
    return _text(spec, said), miss <= 1, miss, f"{much}too {way}"


def _choice(spec, said):
    return said, said == spec["answer"], 0, "not so"


def _order(spec, said):
    place = spec["answer"].index
    pairs = [(a, b) for i, a in enumerate(said) for b in said[i + 1 :]]
    wrong = sum(place(a) > place(b) for a, b in pairs)
    share, verdict = wrong / len(pairs), f"{wrong} of {len(pairs)} pairs the wrong way round"
    return ", ".join(said), not wrong, share, verdict


def _curve(spec, said):
    misses = [_off(spec, *pair) for pair in zip(said, spec["answer"])]
    near = sum(miss <= 1 for miss in misses)
    words = "; ".join(f"{name}: {_text(spec, v)}" for name, v in zip(spec["names"], said))
    miss = sum(misses) / len(misses)
    return words, miss <= 1, miss, f"near at {near} of {len(said)} places"


_JUDGES = {"number": _number, "choice": _choice, "order": _order, "curve": _curve}
