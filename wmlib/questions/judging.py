"""What was said beside what came out, for a live notebook: as bet.js does it in a page."""

from __future__ import annotations

import math
from typing import Any, NamedTuple


class Judged(NamedTuple):
    """An answer in words, its miss (1 and less is right), a verdict."""

    words: str
    miss: float
    verdict: str


def judged(spec: dict[str, Any], said: Any) -> Judged:
    """How an answer fares.

    Args:
        spec: of the bet. said: a number, an option, the options in an order, or a list of numbers.
    """
    words, miss, verdict = _JUDGES[spec["kind"]](spec, said)
    return Judged(words, miss, "right" if miss <= 1 else verdict)


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
    way = "high" if said > was else "low"
    return _text(spec, said), _off(spec, said, was), f"{much}too {way}"


def _choice(spec, said):
    return said, 0 if said == spec["answer"] else 2, "not so"


def _order(spec, said):
    place = spec["answer"].index
    pairs = [(a, b) for i, a in enumerate(said) for b in said[i + 1 :]]
    wrong = sum(place(a) > place(b) for a, b in pairs)
    miss = 1 + 2 * wrong / len(pairs) if wrong else 0
    return ", ".join(said), miss, f"{wrong} of {len(pairs)} pairs the wrong way round"


def _curve(spec, said):
    misses = [_off(spec, *pair) for pair in zip(said, spec["answer"])]
    near = sum(miss <= 1 for miss in misses)
    words = "; ".join(f"{name}: {_text(spec, v)}" for name, v in zip(spec["names"], said))
    return words, sum(misses) / len(misses), f"near at {near} of {len(said)} places"


_JUDGES = {"number": _number, "choice": _choice, "order": _order, "curve": _curve}
