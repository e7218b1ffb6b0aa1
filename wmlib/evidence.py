"""Claims and their evidence: what the course asserts, run over many seeds and stored.

An `Experiment` is a function from a seed to figures, and the sentences that those figures must
bear out. A notebook runs it for one seed; `python -m wmlib.evidence run` runs it for many and
stores every seed's figures in the room of its chapter, `wmlib/course/chNN_topic/evidence/`; the
tests run one stored seed again.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from wmlib.evaluation import interval, proportion_interval
from wmlib.files import write_text
from wmlib.spread import spread

COURSE = Path(__file__).parent / "course"
ROOM = "ch[0-9][0-9]_*"  # a chapter's room: its number and its topic


def evidence_path(name: str) -> Path:
    """Where the evidence of an experiment is stored: in the room of its chapter."""
    rooms = sorted(COURSE.glob(f"ch{name[:2]}_*")) or [COURSE / f"ch{name[:2]}"]
    return rooms[0] / "evidence" / f"{name}.json"


def stored_evidence(name: str) -> dict | None:
    """The stored evidence of the experiment with this name, or None where there is none."""
    path = evidence_path(name)
    return json.loads(path.read_text(encoding="utf8")) if path.exists() else None


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
    run: Callable[[int], dict[str, Any]]
    claims: dict[str, tuple[str, Callable[[dict], Any]]] = field(default_factory=dict)
    bar: float = 0.9
    exact: bool = False
    seeds: int = 10

    def holds(self, figures: dict) -> dict[str, bool]:
        """Which claims these figures bear out: key -> bool."""
        return {key: bool(condition(figures)) for key, (_, condition) in self.claims.items()}

    @property
    def path(self) -> Path:
        """Where its evidence is stored."""
        return evidence_path(self.name)

    def stored(self) -> dict | None:
        """The stored evidence, or None where none has been stored yet."""
        return stored_evidence(self.name)

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


def store(
    experiment: Experiment,
    seeds: Sequence[int],
    command: str,
    more: bool = False,
    say: Callable[..., object] = print,
    scheduler: str | None = None,
    workers: int | None = 1,
) -> dict:
    """Run an experiment over seeds and write its evidence, whole or not at all.

    Every seed is kept as soon as it is done, in a file beside the evidence that goes when all are:
    a run that was interrupted goes on where it stopped.

    Args:
        seeds: which. command: what repeats it. more: take over the stored evidence's seeds and
            run only those that are missing from it. scheduler, workers: as for `spread`, to run
            seeds side by side; the experiment must then be one of a chapter.
    """
    half = experiment.path.with_suffix(".half.jsonl")
    kept = half.read_text(encoding="utf8").splitlines() if half.exists() else []
    rows = {row["seed"]: row for row in map(json.loads, kept)}
    if rows:
        say(
            f"{experiment.name}: seeds {sorted(rows)} are of a run that was interrupted; "
            f"delete {half.name} to begin anew",
            flush=True,
        )
    if more:
        rows |= {row["seed"]: row for row in (experiment.stored() or {"seeds": []})["seeds"]}
    experiment.path.parent.mkdir(parents=True, exist_ok=True)
    missing = [seed for seed in seeds if seed not in rows]
    for row in _run(experiment, missing, scheduler, workers):
        seed, seconds, held = row["seed"], row["seconds"], experiment.holds(row["figures"])
        rows[seed] = row
        with half.open("a", encoding="utf8") as file:
            file.write(json.dumps(row) + "\n")
        say(f"{experiment.name} seed {seed}: {held} ({seconds} s)", flush=True)
    machines = {rows[seed].pop("machine", _machine()) for seed in seeds}
    judged = [rows[seed] | {"holds": experiment.holds(rows[seed]["figures"])} for seed in seeds]
    evidence = {
        "experiment": experiment.name,
        "command": command,
        "date": date.today().isoformat(),
        "versions": versions(),
        "machine": ", ".join([*sorted(machines), "one thread"]),
        "claims": {
            key: {
                "sentence": sentence,
                "held": sum(row["holds"][key] for row in judged),
                "of": len(judged),
            }
            for key, (sentence, _) in experiment.claims.items()
        },
        "numbers": {
            key: dict(zip(("median", "low", "high"), map(_short, interval(values))))
            for key, values in _scalars(judged).items()
        },
        "seeds": judged,
    }
    write_text(experiment.path, json.dumps(evidence, indent=1) + "\n")
    half.unlink(missing_ok=True)
    return evidence


def measured(job: tuple[str, int]) -> dict:
    """One seed of the experiment with this name: its figures, and the processor time they took."""
    name, seed = job
    return _measured(next(e for e in all_experiments(name[:2]) if e.name == name), seed)


def _measured(experiment, seed):
    begun = time.process_time()
    figures = plain(experiment.run(seed))
    seconds = round(time.process_time() - begun, 1)
    return {"seed": seed, "seconds": seconds, "figures": figures, "machine": _machine()}


def _machine():
    return f"{platform.machine()} {platform.system()}"


def _run(experiment, seeds, scheduler, workers):
    """Rows, whichever seed is done first; in this process whatever the experiment is made of."""
    if scheduler is None and workers == 1:
        yield from (_measured(experiment, seed) for seed in seeds)
    else:
        jobs = [(experiment.name, seed) for seed in seeds]
        yield from (row for _, row in spread(measured, jobs, scheduler, workers))


def rooms() -> list[Path]:
    """The folders of all chapters, in order."""
    return sorted(COURSE.glob(ROOM))


def room(chapter: str) -> Path:
    """The folder of one chapter ("04").

    Raises:
        ValueError: if there is no such chapter.
    """
    found = sorted(COURSE.glob(f"ch{chapter}_*"))
    if not found:
        names = ", ".join(path.name[2:4] for path in rooms())
        raise ValueError(f"no experiments for chapter {chapter!r}: chapters are named {names}")
    return found[0]


def all_experiments(chapter: str | None = None) -> list[Experiment]:
    """Every experiment of one chapter ("04") or of all, in order of definition."""
    found = []
    for folder in rooms() if chapter is None else [room(chapter)]:
        module = importlib.import_module(f"wmlib.course.{folder.name}.experiments")
        found += [member for member in vars(module).values() if isinstance(member, Experiment)]
    return found


def versions() -> dict[str, str]:
    """What the figures were computed with."""
    import gymnasium
    import torch

    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "gymnasium": gymnasium.__version__,
    }


def plain(value: Any) -> Any:
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


def main() -> None:
    """Read the command line, run, store."""
    parser = argparse.ArgumentParser(
        prog="python -m wmlib.evidence", description=__doc__.split("\n")[0]
    )
    parser.add_argument("what", choices=["run", "list"])
    parser.add_argument("chapter", nargs="?", help="two digits, default all")
    parser.add_argument("--only", default="", help="part of an experiment's name")
    parser.add_argument("--seeds", type=int, help="how many, default as the experiment says")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--more", action="store_true", help="keep the seeds that are stored")
    parser.add_argument("--dry", action="store_true", help="run and print, store nothing")
    parser.add_argument("--workers", type=int, help="seeds side by side, default 1")
    parser.add_argument("--scheduler", help="a Dask cluster that runs them, tcp://host:8786")
    args = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):  # a pipe on Windows may not know every letter
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    found = [e for e in all_experiments(args.chapter) if args.only in e.name]
    if not found:
        names = ", ".join(e.name for e in all_experiments(args.chapter))
        parser.error(f"no experiment's name contains {args.only!r}; there are: {names}")
    if args.what == "list":
        for experiment in found:
            print(experiment.name, *(experiment.summary(k) for k in experiment.claims), sep="\n  ")
        return
    import torch

    torch.set_num_threads(1)
    workers = 1 if args.workers is None and not args.scheduler else args.workers
    for experiment in found:
        seeds = range(args.first, args.first + (args.seeds or experiment.seeds))
        if args.dry:
            for row in _run(experiment, seeds, args.scheduler, workers):
                figures = row["figures"]
                print(experiment.name, row["seed"], figures, experiment.holds(figures), flush=True)
            continue
        first = f" --first {args.first}" if args.first else ""
        command = (
            f"python -m wmlib.evidence run {experiment.name[:2]} --only {experiment.name[3:]}"
            f"{first} --seeds {len(seeds)}"
        )
        evidence = store(
            experiment, seeds, command, args.more, scheduler=args.scheduler, workers=workers
        )
        for key, claim in evidence["claims"].items():
            print(f"{experiment.name} {key}: held in {claim['held']} of {claim['of']}", flush=True)


if __name__ == "__main__":
    # Run as a module this file is `__main__`, and the chapters import another `Experiment`.
    from wmlib import evidence

    os.environ.setdefault("OMP_NUM_THREADS", "1")
    evidence.main()
