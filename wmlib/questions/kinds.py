"""What a reader can bet on: a number, a choice, an order, a curve.

A bet says what is asked, what came out, and when a guess counts as right. What came out is a
function, called when the bet is shown, so that it is read from the evidence as it is stored then.
Where it is typed instead, `cell` names the place in the notebook that prints it, and a test
compares the two.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

import numpy as np

from wmlib.evidence import all_experiments

STOPS = 41  # of a slider


def median(experiment: str, field: str) -> Any:
    """A figure of the stored evidence, its median over seeds: what the sentences print.

    Args:
        experiment: "03_ends". field: as in a sentence, "done_false" or "error[2]".

    Raises:
        ValueError: if there is no such experiment or figure, or nothing is stored.
    """
    found, stored = _stored(experiment)
    try:
        return Formatter().get_field(field, (), found.medians(stored["seeds"]))[0]
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError(f"the evidence of {experiment} has no figure {field!r}") from error


def percent(experiment: str, field: str) -> float:
    """A median share, in percent."""
    return 100 * median(experiment, field)


def ratio(experiment: str, above: str, below: str) -> float:
    """How many times as large one median is as another."""
    return median(experiment, above) / median(experiment, below)


def _stored(name):
    found = next((e for e in all_experiments(name[:2]) if e.name == name), None)
    stored = found.stored() if found else None
    if stored is None:
        raise ValueError(f"no evidence is stored under {name!r}: see `make evidence`")
    return found, stored


@dataclass(frozen=True)
class _Bet:
    """What all bets say.

    Args:
        asked: the question. because: why it came out so, where the text below does not tell.
        cell: `(id, pattern)`: where the notebook prints a typed answer; the pattern's groups are
            the numbers, or words of the right answer.
        claim: "03_ends.floor", the claim whose evidence decides a choice or an order.
    """

    asked: str
    because: str = ""
    cell: tuple[str, str] | None = None
    claim: str = ""

    def outcome(self) -> Any:
        """What came out."""
        answer = getattr(self, "answer", None)
        return answer() if callable(answer) else answer

    def spec(self) -> dict[str, Any]:
        """The bet as plain data: what the page and the live control are made from."""
        return {"kind": type(self).__name__.lower(), "asked": self.asked, "because": self.because}


@dataclass(frozen=True)
class _Scale:
    """Numbers from `low` to `high`, by powers with `log`, with their unit and digits."""

    low: float = 0
    high: float = 100
    unit: str = ""
    within: float = 10
    log: bool = False
    digits: int | None = None  # behind the point; None: two that count, three of what came out

    def stops(self) -> list[float]:
        """The values of a slider."""
        make = np.geomspace if self.log else np.linspace
        values = [
            float(f"{v:.2g}") if self.log else float(v) for v in make(self.low, self.high, STOPS)
        ]
        if self.digits is not None:
            values = [round(v, self.digits) for v in values]
        return sorted(set(values))

    def text(self, value: float, count: int = 3) -> str:
        """A value with its unit."""
        if self.digits is None:
            shown = f"{float(f'{value:.{count}g}'):,.10g}"
        else:
            shown = f"{value:,.{self.digits}f}"
        return _minus(shown) + self.unit

    def scale(self) -> dict[str, Any]:
        """What the page needs to know of it."""
        near = f"a factor of {self.within:g}" if self.log else f"{self.within:g}{self.unit}"
        return {
            "stops": self.stops(),
            "texts": [self.text(v, 2) for v in self.stops()],
            "log": self.log,
            "within": self.within,
            "rule": f"Right within {near}.",
        }


@dataclass(frozen=True)
class Number(_Scale, _Bet):
    """One number. Right within a factor (`log`) or a distance of `within`."""

    answer: float | Callable[[], float] = 0

    def spec(self) -> dict[str, Any]:
        """The bet as plain data."""
        value = float(self.outcome())
        return super().spec() | self.scale() | {"answer": value, "says": self.text(value)}


@dataclass(frozen=True)
class Curve(_Scale, _Bet):
    """A number at each of a few places `x`, right if it is within `within` on average.

    Args:
        label: how a place is called, "depth {}".
    """

    x: Sequence[str] = ()
    label: str = "{}"
    answer: Sequence[float] | Callable[[], Sequence[float]] = ()

    def spec(self) -> dict[str, Any]:
        """The bet as plain data."""
        values = [float(v) for v in self.outcome()]
        if len(values) != len(self.x):
            raise ValueError(f"{len(self.x)} places {list(self.x)} and {len(values)} answers")
        names = [self.label.format(x) for x in self.x]
        says = "; ".join(f"{name}: {self.text(v)}" for name, v in zip(names, values))
        told = {"x": list(self.x), "names": names, "answer": values, "says": says}
        rule = {"rule": "On average: r" + self.scale()["rule"][1:]}
        return super().spec() | self.scale() | told | rule


@dataclass(frozen=True)
class Choice(_Bet):
    """One of a few answers."""

    options: Sequence[str] = ()
    answer: str | Callable[[], str] = ""

    def spec(self) -> dict[str, Any]:
        """The bet as plain data."""
        right = self.outcome()
        if right not in self.options:
            raise ValueError(f"the answer {right!r} is none of {list(self.options)}")
        return super().spec() | {"options": list(self.options), "answer": right, "says": right}


@dataclass(frozen=True)
class Order(_Bet):
    """Things in the order of a number: each named, with a function that gives its number.

    Args:
        first: what stands first, "fewest backups". text: a format for the numbers.
        descending: the largest first.
    """

    first: str = ""
    items: Mapping[str, Callable[[], float]] | None = None
    text: str = "{:.2g}"
    descending: bool = False

    def outcome(self) -> list[tuple[str, float]]:
        """The items with their numbers, in the right order."""
        found = [(name, float(value())) for name, value in (self.items or {}).items()]
        return sorted(found, key=lambda pair: pair[1], reverse=self.descending)

    def spec(self) -> dict[str, Any]:
        """The bet as plain data."""
        right = self.outcome()
        names = [name for name, _ in right]
        begin, rng = list(names), random.Random(self.asked)
        while begin == names:
            rng.shuffle(begin)
        says = ", ".join(f"{name} ({_minus(self.text.format(value))})" for name, value in right)
        told = {"options": begin, "first": self.first, "answer": names, "says": says}
        return super().spec() | told


def _minus(shown):
    return shown.replace("-", "−")


Bet = Number | Curve | Choice | Order
