"""Run experiments over many seeds and store the evidence.

    python -m wmlib.experiments run            all chapters
    python -m wmlib.experiments run 04         one chapter
    python -m wmlib.experiments run 04 --only few_steps --seeds 20
    python -m wmlib.experiments run 04 --only few_steps --seeds 40 --more
    python -m wmlib.experiments list

A run that was interrupted goes on where it stopped.
"""

import argparse
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

from wmlib.experiments import all_experiments, store  # noqa: E402


def main():
    """Read the command line, run, store."""
    parser = argparse.ArgumentParser(
        prog="python -m wmlib.experiments", description=__doc__.split("\n")[0]
    )
    parser.add_argument("what", choices=["run", "list"])
    parser.add_argument("chapter", nargs="?", help="two digits, default all")
    parser.add_argument("--only", default="", help="part of an experiment's name")
    parser.add_argument("--seeds", type=int, help="how many, default as the experiment says")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--more", action="store_true", help="keep the seeds that are stored")
    parser.add_argument("--dry", action="store_true", help="run and print, store nothing")
    args = parser.parse_args()
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
    for experiment in found:
        seeds = range(args.first, args.first + (args.seeds or experiment.seeds))
        if args.dry:
            for seed in seeds:
                figures = experiment.run(seed)
                print(experiment.name, seed, figures, experiment.holds(figures), flush=True)
            continue
        chapter = experiment.name[:2]
        only = experiment.name[3:]
        first = f" --first {args.first}" if args.first else ""
        command = (
            f"python -m wmlib.experiments run {chapter} --only {only}{first} --seeds {len(seeds)}"
        )
        evidence = store(experiment, seeds, command, more=args.more)
        for key, claim in evidence["claims"].items():
            print(f"{experiment.name} {key}: held in {claim['held']} of {claim['of']}", flush=True)


if __name__ == "__main__":
    main()
