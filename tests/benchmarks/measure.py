"""How a benchmark measures: one thread, processor time, works in alternation, ratios as the result.

A benchmark is a module beside this one with `measure(peers) -> list[Row]`, where `peers` is the
folder that holds checkouts of the peers' repositories, or None. A peer that is not there raises
`Missing`, which names what to fetch; the runner prints it and goes on.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch


class Missing(Exception):
    """A peer's checkout, or a package that it needs, is not there."""


@dataclass(frozen=True)
class Row:
    """One line of the result: the same work by two programs, or by one beside a limit.

    Attributes:
        work: what was done, with its sizes.
        ours, theirs: what the two are called.
        seconds: processor seconds of each, `{name: one figure a round}`; round k of both was
            measured back to back.
        peak: share of the measured sgemm peak that ours reaches, where that is the limit.
        bar: the ratio that was asked for, and None where there was none. peak_bar: the share.
        command: how to measure this row alone.
        note: what a reader must know to judge it.
    """

    work: str
    ours: str
    theirs: str
    seconds: Mapping[str, list[float]]
    peak: float | None = None
    bar: float | None = None
    command: str = ""
    note: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    peak_bar: float | None = None

    def ratios(self) -> list[float]:
        """How many times faster ours was, round by round."""
        return [b / a for a, b in zip(self.seconds[self.ours], self.seconds[self.theirs])]

    def ratio(self) -> tuple[float, float, float]:
        """Median of the paired ratios, with the smallest and the largest."""
        every = self.ratios()
        return statistics.median(every), min(every), max(every)


def gather(peers: Path | None, *groups: Callable[[Path | None], list[Row]]) -> list[Row]:
    """The rows of several groups; one whose peer is missing says so and leaves the others be."""
    rows: list[Row] = []
    for group in groups:
        try:
            rows += group(peers)
        except Missing as what:
            print(f"left out: {group.__name__}: {what}", flush=True)
    return rows


def alternate(
    works: Mapping[str, Callable[[], object]], rounds: int = 15, least: float = 0.2
) -> dict[str, list[float]]:
    """Processor seconds of one call of each work, round by round, in alternation.

    Each round repeats a work until `least` seconds have gone, so that a call of a microsecond is
    measured as well as one of a second; the order turns from round to round.

    Args:
        works: name to a call without arguments. All are run once before, unmeasured.
        rounds: figures a work. least: seconds a work and round.
    """
    torch.set_num_threads(1)
    repeats = {name: _repeats(work, least) for name, work in works.items()}
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(rounds):
        for name in list(works) if turn % 2 == 0 else list(works)[::-1]:
            taken[name].append(_seconds(works[name], repeats[name]))
    return taken


def _repeats(work, least):
    work()  # allocations, caches, compilation: not measured
    once = _seconds(work, 1)
    return max(1, round(least / max(once, 1e-7)))


def _seconds(work, repeats):
    gc.collect()
    began = time.process_time()
    for _ in range(repeats):
        work()
    return (time.process_time() - began) / repeats


def sgemm(size: int = 256) -> Callable[[], object]:
    """A product of two matrices in cache, whose rate is the limit: `size^3` multiply-adds."""
    a, b = torch.randn(size, size), torch.randn(size, size)
    out = torch.empty(size, size)
    return lambda: torch.mm(a, b, out=out)


def share_of_peak(flops: float, ours: list[float], product: list[float], size: int = 256) -> float:
    """Share of the sgemm peak: `flops` done in `ours` seconds, `product` seconds for `sgemm()`."""
    peak = [2 * size**3 / seconds for seconds in product]
    return statistics.median(flops / a / b for a, b in zip(ours, peak))


def checkout(peers: Path | None, name: str, address: str) -> Path:
    """The peer's checkout `peers/name`, put first on the path of imports.

    Raises:
        Missing: with the address to clone, if it is not there.
    """
    if peers is None or not (peers / name).is_dir():
        raise Missing(f"clone {address} into a folder and pass it: make bench PEERS=that/folder")
    sys.path.insert(0, str(peers / name))
    return peers / name
