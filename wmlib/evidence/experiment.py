"""What is claimed, who must fail the claim, and how the strongest rival fared."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wmlib.evaluation import proportion_interval
from wmlib.evidence.places import evidence_path, room, rooms, stored_evidence

Figures = dict[str, Any]
# Somebody else in the place of ours: `seed -> figures` that replace ours, or the names of figures
# of the same run, {"ours": "theirs"}.
Other = Callable[[int], Figures] | Mapping[str, str]


class Claim:
    """A conclusion about a method: one sentence, and the condition that decides it.

    Args:
        sentence: a format string. Its fields are the bounds, figures of the experiment and figures
            of the others: `"{near}"`, `"{steps[2]:.0f}"`, `"{q_lambda[steps]:.0f}"`.
        condition: `condition(figures, **bounds) -> bool`, for the figures of one seed.
        trivial: which of the experiment's trivial agents must fail it; all, if it is not said.
        bounds: the numbers that the condition compares with. The sentence reads them too, so that
            neither changes alone.
    """

    def __init__(
        self,
        sentence: str,
        condition: Callable[..., Any],
        trivial: Sequence[str] | None = None,
        **bounds: Any,
    ):
        self.sentence, self.condition = sentence, condition
        self.trivial, self.bounds = trivial, bounds

    def holds(self, figures: Figures) -> bool:
        """Whether figures bear it out."""
        return bool(self.condition(figures, **self.bounds))

    def words(self, figures: Figures) -> str:
        """The sentence with its numbers."""
        return self.sentence.format(**figures | self.bounds)


@dataclass(frozen=True)
class Experiment:
    """A function of the seed, and what it should show.

    Args:
        name: chapter and name, `"04_few_steps"`; also the name of the stored file.
        run: `seed -> dict` of figures: numbers, or lists of numbers.
        claims: key -> `Claim`; a pair (sentence, condition) will do where nothing is owed.
        bar: share of the seeds in which every claim must hold.
        exact: the same seed gives the same figures on every machine (no trained network).
        seeds: how many seeds `make evidence` stores.
        trivial: name -> an agent with no idea, in the place of ours: the claims must fail.
        rival: name -> the strongest other that was given the same; the sentences name its figures.
    """

    name: str
    run: Callable[[int], Figures]
    claims: Mapping[str, Any] = field(default_factory=dict)
    bar: float = 0.9
    exact: bool = False
    seeds: int = 10
    trivial: Mapping[str, Other] = field(default_factory=dict)
    rival: Mapping[str, Other] = field(default_factory=dict)

    def __post_init__(self) -> None:
        made = {k: c if isinstance(c, Claim) else Claim(*c) for k, c in self.claims.items()}
        object.__setattr__(self, "claims", made)
        for key, claim in made.items():
            unknown = set(claim.trivial or ()) - set(self.trivial)
            if unknown:
                raise ValueError(f"{self.name}.{key} names unknown trivial agents {unknown}")

    def holds(self, figures: Figures) -> dict[str, bool]:
        """Which claims these figures bear out: key -> bool."""
        return {key: claim.holds(figures) for key, claim in self.claims.items()}

    def others(self, seed: int, names: Sequence[str] | None = None) -> dict[str, Figures]:
        """Figures of the trivial agents and the rivals that have a run of their own."""
        everyone = {**self.trivial, **self.rival}
        wanted = everyone if names is None else {name: everyone[name] for name in names}
        return {name: other(seed) for name, other in wanted.items() if callable(other)}

    def instead(self, name: str, row: Mapping[str, Any]) -> Figures:
        """The figures of one seed with somebody else in the place of ours.

        Args:
            name: of a trivial agent or a rival. row: of the stored evidence: `figures`, `others`.
        """
        other, figures = {**self.trivial, **self.rival}[name], row["figures"]
        if callable(other):
            return {**figures, **row["others"][name]}
        return {**figures, **{ours: figures[theirs] for ours, theirs in other.items()}}

    def fooled(self, row: Mapping[str, Any]) -> list[tuple[str, str]]:
        """(claim, trivial agent) of every claim that a trivial agent passes in one stored seed."""
        return [
            (key, name)
            for key, claim in self.claims.items()
            for name in (self.trivial if claim.trivial is None else claim.trivial)
            if claim.holds(self.instead(name, row))
        ]

    def sentence(self, key: str, figures: Figures | None = None) -> str:
        """A claim with its numbers: the medians of the stored seeds, or this run's where given."""
        claim = self.claims[key]
        if "{" not in claim.sentence:
            return claim.sentence
        stored = self.stored()
        return claim.words((self.medians(stored["seeds"]) if stored else {}) | (figures or {}))

    def medians(self, rows: Sequence[Mapping[str, Any]]) -> Figures:
        """Every figure's median over seeds, and by name those of each trivial agent and rival."""
        found = _medians([row["figures"] for row in rows])
        for name in {**self.trivial, **self.rival}:
            found[name] = _medians([self.instead(name, row) for row in rows])
        return found

    @property
    def path(self) -> Any:
        """Where its evidence is stored."""
        return evidence_path(self.name)

    def stored(self) -> dict | None:
        """The stored evidence, or None where none has been stored yet."""
        return stored_evidence(self.name)

    def figures(self, key: str, of: str | None = None) -> np.ndarray:
        """One figure of every stored seed, stacked: `(seeds, ...)`.

        Args:
            of: a trivial agent or a rival, in the place of ours.
        """
        stored = self.stored()
        if stored is None:
            raise FileNotFoundError(
                f"no evidence is stored for {self.name}: "
                f"run `make evidence NB={self.name[:2]}` first"
            )
        rows = [row["figures"] if of is None else self.instead(of, row) for row in stored["seeds"]]
        return np.array([row[key] for row in rows], float)

    def summary(self, key: str) -> str:
        """The stored evidence for one claim in a line."""
        stored = self.stored()
        if stored is None:
            return "no evidence stored yet"
        held = [row["holds"].get(key, False) for row in stored["seeds"]]
        low, high = proportion_interval(sum(held), len(held))
        return f"held in {sum(held)} of {len(held)} seeds (90 % interval {low:.0%} to {high:.0%})"


def _medians(rows):
    """Medians of what are numbers, or lists of numbers of one shape, in every row."""
    found = {}
    for key in rows[0]:
        try:
            values = np.array([row[key] for row in rows], float)
        except (KeyError, TypeError, ValueError):
            continue
        found[key] = np.median(values, axis=0).tolist()
    return found


def all_experiments(chapter: str | None = None) -> list[Experiment]:
    """Every experiment of one chapter ("04") or of all, in order of definition."""
    found = []
    for folder in rooms() if chapter is None else [room(chapter)]:
        module = importlib.import_module(f"wmlib.course.{folder.name}.experiments")
        found += [member for member in vars(module).values() if isinstance(member, Experiment)]
    return found
