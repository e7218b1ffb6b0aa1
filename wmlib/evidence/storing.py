"""Running an experiment over seeds, and keeping what came out."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np

from wmlib.evaluation import interval
from wmlib.evidence.experiment import Experiment, all_experiments
from wmlib.files import write_text
from wmlib.spread import spread


def store(
    experiment: Experiment,
    seeds: Sequence[int],
    command: str,
    more: bool = False,
    say: Callable[..., object] = print,
    scheduler: str | None = None,
    workers: int | None = 1,
    others: bool = False,
) -> dict:
    """Run an experiment over seeds and write its evidence, whole or not at all.

    Every seed is kept as soon as it is done, in a file beside the evidence that goes when all are:
    a run that was interrupted goes on where it stopped.

    Args:
        seeds: which. command: what repeats it. more: take over the figures of the stored evidence,
            run only what is missing from it (seeds, trivial agents, rivals), and judge all anew.
            scheduler, workers: as for `spread`, to run seeds side by side; the experiment must then
            be one of a chapter. others: as more, and run all trivial agents and rivals again.
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
    if more or others:
        for row in (experiment.stored() or {"seeds": []})["seeds"]:
            rows.setdefault(row["seed"], row | ({"others": {}} if others else {}))
    experiment.path.parent.mkdir(parents=True, exist_ok=True)
    jobs = [(seed, rows.get(seed)) for seed in seeds]
    jobs = [j for j in jobs if j[1] is None or _lacking(experiment, j[1].get("others", {}))]
    for row in rows_of(experiment, jobs, scheduler, workers):
        seed, seconds, held = row["seed"], row["seconds"], experiment.holds(row["figures"])
        rows[seed] = row
        with half.open("a", encoding="utf8") as file:
            file.write(json.dumps(row) + "\n")
        fooled = "".join(f", {name} passes {key}" for key, name in experiment.fooled(row))
        say(f"{experiment.name} seed {seed}: {held}{fooled} ({seconds} s)", flush=True)
    machines = {rows[seed].pop("machine", _machine()) for seed in seeds}
    judged = [rows[seed] | {"holds": experiment.holds(rows[seed]["figures"])} for seed in seeds]
    evidence = {
        "experiment": experiment.name,
        "command": command,
        "date": date.today().isoformat(),
        "versions": versions(),
        "machine": ", ".join([*sorted(machines), "one thread"]),
        "claims": _claims(experiment, judged),
        "numbers": {
            key: dict(zip(("median", "low", "high"), map(_short, interval(values))))
            for key, values in _scalars(judged).items()
        },
        "seeds": judged,
    }
    write_text(experiment.path, json.dumps(evidence, indent=1) + "\n")
    half.unlink(missing_ok=True)
    return evidence


def _claims(experiment, judged):
    """What the stored seeds say of each claim: how often it held, and how often without any idea."""
    medians, told = experiment.medians(judged), {}
    for key, claim in experiment.claims.items():
        told[key] = {
            "sentence": claim.words(medians) if "{" in claim.sentence else claim.sentence,
            "held": sum(row["holds"][key] for row in judged),
            "of": len(judged),
        }
        trivial = experiment.trivial if claim.trivial is None else claim.trivial
        if trivial:
            told[key]["trivial"] = {
                name: sum(claim.holds(experiment.instead(name, row)) for row in judged)
                for name in trivial
            }
    return told


def measured(job: tuple[str, int, dict | None]) -> dict:
    """One seed of the experiment with this name: its figures, and the processor time they took.

    Args:
        job: name, seed, and what of this seed is stored already (its figures are kept), or None.
    """
    name, seed, row = job
    return _measured(next(e for e in all_experiments(name[:2]) if e.name == name), seed, row)


def _measured(experiment, seed, row):
    begun = time.process_time()
    done = {} if row is None else row.get("others", {})
    figures = plain(experiment.run(seed)) if row is None else row["figures"]
    seconds = round(time.process_time() - begun, 1) if row is None else row["seconds"]
    made = {"seed": seed, "seconds": seconds, "figures": figures, "machine": _machine()}
    others = done | plain(experiment.others(seed, _lacking(experiment, done)))
    return made | ({"others": others} if others else {})


def _lacking(experiment, done):
    """Trivial agents and rivals that run by themselves and have not yet."""
    everyone = {**experiment.trivial, **experiment.rival}
    return [name for name, other in everyone.items() if callable(other) and name not in done]


def _machine():
    return f"{platform.machine()} {platform.system()}"


def rows_of(
    experiment: Experiment,
    jobs: Sequence[tuple[int, dict | None]],
    scheduler: str | None = None,
    workers: int | None = 1,
) -> Iterator[dict]:
    """Rows, whichever seed is done first; in this process whatever the experiment is made of."""
    if scheduler is None and workers == 1:
        yield from (_measured(experiment, *job) for job in jobs)
    else:
        named = [(experiment.name, *job) for job in jobs]
        yield from (row for _, row in spread(measured, named, scheduler, workers))


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
