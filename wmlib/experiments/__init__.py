"""Claims and their evidence: what the course asserts, run over many seeds and stored.

An `Experiment` is a function from a seed to figures, and the sentences that those figures must
bear out. A notebook runs it for one seed; `python -m wmlib.experiments run` runs it for many and
stores every seed's figures in `wmlib/experiments/stored/`; the tests run one stored seed again.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import platform
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Callable

import numpy as np

from wmlib.evaluation import interval, proportion_interval

STORED = Path(__file__).parent / "stored"


@dataclass(frozen=True)
class Experiment:
    """A function of the seed, and what it should show.

    Args:
        name: chapter and name, `"04_few_steps"`; also the name of the stored file.
        run: `seed -> dict` of figures: numbers, or lists of numbers.
        claims: key -> (sentence, condition). The condition reads one seed's figures.
        bar: share of the seeds in which every claim must hold.
        exact: the same seed gives the same figures on every machine (no trained network).
        seeds: how many seeds `make evidence` stores.
    """

    name: str
    run: Callable[[int], dict]
    claims: dict = field(default_factory=dict)
    bar: float = 0.9
    exact: bool = False
    seeds: int = 10

    def holds(self, figures: dict) -> dict:
        """Which claims these figures bear out: key -> bool."""
        return {key: bool(condition(figures)) for key, (_, condition) in self.claims.items()}

    @property
    def path(self) -> Path:
        return STORED / f"{self.name}.json"

    def stored(self) -> dict | None:
        """The stored evidence, or None where none has been stored yet."""
        return json.loads(self.path.read_text()) if self.path.exists() else None

    def figures(self, key: str) -> np.ndarray:
        """One figure of every stored seed, stacked: `(seeds, ...)`."""
        stored = self.stored()
        if stored is None:
            raise FileNotFoundError(
                f"no evidence is stored for {self.name}: "
                f"run `make evidence NB={self.name[:2]}` first"
            )
        return np.array([row["figures"][key] for row in stored["seeds"]], float)

    def summary(self, key: str) -> str:
        """The stored evidence for one claim in a line."""
        stored = self.stored()
        if stored is None:
            return "no evidence stored yet"
        held = [row["holds"].get(key, False) for row in stored["seeds"]]
        low, high = proportion_interval(sum(held), len(held))
        return f"held in {sum(held)} of {len(held)} seeds (90 % interval {low:.0%} to {high:.0%})"


def store(experiment: Experiment, seeds, command: str, more=False, say=print) -> dict:
    """Run an experiment over seeds and write its evidence, whole or not at all.

    Every seed is kept as soon as it is done, in a file beside the evidence that goes when all are:
    a run that was interrupted goes on where it stopped.

    Args:
        seeds: which. command: what repeats it. more: take over the stored evidence's seeds and
            run only those that are missing from it.
    """
    half = experiment.path.with_suffix(".half.jsonl")
    kept = half.read_text().splitlines() if half.exists() else []
    rows = {row["seed"]: row for row in map(json.loads, kept)}
    if rows:
        say(f"{experiment.name}: seeds {sorted(rows)} are of a run that was interrupted; "
            f"delete {half.name} to begin anew", flush=True)  # fmt: skip
    if more:
        rows |= {row["seed"]: row for row in (experiment.stored() or {"seeds": []})["seeds"]}
    STORED.mkdir(exist_ok=True)
    for seed in seeds:
        if seed in rows:
            continue
        begun = time.process_time()
        figures = plain(experiment.run(seed))
        seconds = round(time.process_time() - begun, 1)
        rows[seed] = {"seed": seed, "seconds": seconds, "figures": figures}
        with half.open("a") as file:
            file.write(json.dumps(rows[seed]) + "\n")
        say(f"{experiment.name} seed {seed}: {experiment.holds(figures)} ({seconds} s)", flush=True)
    rows = [rows[seed] | {"holds": experiment.holds(rows[seed]["figures"])} for seed in seeds]
    evidence = {
        "experiment": experiment.name,
        "command": command,
        "date": date.today().isoformat(),
        "versions": versions(),
        "machine": f"{platform.machine()} {platform.system()}, one thread",
        "claims": {
            key: {"sentence": sentence, "held": sum(row["holds"][key] for row in rows),
                  "of": len(rows)}
            for key, (sentence, _) in experiment.claims.items()
        },
        "numbers": {
            key: dict(zip(("median", "low", "high"), map(_short, interval(values))))
            for key, values in _scalars(rows).items()
        },
        "seeds": rows,
    }
    handle, temporary = tempfile.mkstemp(dir=STORED, suffix=".part")
    with os.fdopen(handle, "w") as file:
        json.dump(evidence, file, indent=1)
        file.write("\n")
    os.chmod(temporary, 0o644)
    os.replace(temporary, experiment.path)
    half.unlink(missing_ok=True)
    return evidence


def all_experiments(chapter: str | None = None) -> list[Experiment]:
    """Every experiment of one chapter ("04") or of all, in order of definition."""
    found = []
    for module in sorted(m.name for m in pkgutil.iter_modules([str(STORED.parent)])):
        if module.startswith("chapter_") and (chapter is None or module.endswith(chapter)):
            members = vars(importlib.import_module(f"{__name__}.{module}")).values()
            found += [member for member in members if isinstance(member, Experiment)]
    if chapter is not None and not found:
        raise ValueError(f"no experiments for chapter {chapter!r}: chapters are named 01, 02, ...")
    return found


def versions() -> dict:
    """What the figures were computed with."""
    import gymnasium
    import torch

    return {
        "python": platform.python_version(), "torch": torch.__version__,
        "numpy": np.__version__, "gymnasium": gymnasium.__version__,
    }


def plain(value):
    """Figures as JSON can hold them: floats to 6 significant digits, arrays as lists."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return _short(value) if isinstance(value, float) else value


def _short(value):
    return float(f"{value:.6g}")


def _scalars(rows):
    keys = [k for k, v in rows[0]["figures"].items() if isinstance(v, (int, float))]
    columns = {key: [row["figures"].get(key) for row in rows] for key in keys}
    return {key: v for key, v in columns.items() if all(isinstance(x, (int, float)) for x in v)}
