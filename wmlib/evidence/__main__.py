"""Run experiments over seeds and store what came out, or list what is stored."""

from __future__ import annotations

import argparse
import io
import os
import sys

from wmlib.evidence import Experiment, all_experiments, store
from wmlib.evidence.storing import rows_of


def main() -> None:
    """Read the command line, run, store."""
    parser = argparse.ArgumentParser(
        prog="python -m wmlib.evidence", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("what", choices=["run", "list"])
    parser.add_argument("chapter", nargs="?", help="two digits, default all")
    parser.add_argument("--only", default="", help="part of an experiment's name")
    parser.add_argument("--seeds", type=int, help="how many, default as the experiment says")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument(
        "--more", action="store_true", help="keep what is stored: run what is missing, judge anew"
    )
    parser.add_argument(
        "--others",
        action="store_true",
        help="keep the figures, run trivial agents and rivals again",
    )
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
            dry_run(experiment, seeds, args.scheduler, workers)
            continue
        first = f" --first {args.first}" if args.first else ""
        command = (
            f"python -m wmlib.evidence run {experiment.name[:2]} --only {experiment.name[3:]}"
            f"{first} --seeds {len(seeds)}"
        )
        spread = {"scheduler": args.scheduler, "workers": workers}
        stored = store(experiment, seeds, command, args.more, others=args.others, **spread)
        for key, claim in stored["claims"].items():
            fooled = [
                f"; {name} passes in {n}" for name, n in claim.get("trivial", {}).items() if n
            ]
            held = f"held in {claim['held']} of {claim['of']}{''.join(fooled)}"
            print(f"{experiment.name} {key}: {held}", flush=True)


def dry_run(
    experiment: Experiment, seeds: range, scheduler: str | None, workers: int | None
) -> None:
    """Run and print, store nothing."""
    for row in rows_of(experiment, [(seed, None) for seed in seeds], scheduler, workers):
        figures = row["figures"]
        print(experiment.name, row["seed"], figures, experiment.holds(figures), flush=True)
        for name, other in row.get("others", {}).items():
            print(f"  {name}: {other}", flush=True)
        for key, name in experiment.fooled(row):
            print(f"  {name} passes {key}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
