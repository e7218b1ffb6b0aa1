"""How time grows with size: a planner, a training step of an RSSM, and a class that is graded.

The exponent is the slope of a line through the points in log-log: 1 where twice the size takes twice
as long, less where what each call costs anyway weighs more. Its interval is that of the rounds. Time is
processor time, and time on the clock where a class is graded.

    BENCH_CURVES=planner make bench NAME=growth     # these, the others keep their figures
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from measure import alternate
from stored import ROOT, load, significant, where

from wmlib.devices import new_generator
from wmlib.experience import collect
from wmlib.models import Ensemble
from wmlib.models.rssm import RSSM
from wmlib.planning import RandomShooting
from wmlib.streams import Sequences
from wmlib.worlds import CartPole

ROUNDS, KEY = 5, "a key of a class that does not exist"
PLAN = {"candidates": 400, "horizon": 16, "members": 5}
STRETCH = {"batch": 16, "length": 16}


def plan(candidates: int, horizon: int, members: int):
    """One decision by random shooting through an ensemble of 2 x 64."""
    data = collect(CartPole(), None, 200, seed=0)
    model = Ensemble(4, CartPole.act_space, members=members)
    model.fit(data, steps=2)
    planner, obs = RandomShooting(horizon, candidates), data.obs[:1]

    @torch.inference_mode()
    def work():
        planner.plan(model, model.start(obs), new_generator(0))

    return work


def train(batch: int, length: int):
    """One forward and backward of an RSSM (deter 128, 8 x 8) along pictures of 32 x 32."""
    model = RSSM(CartPole.act_space)
    first = torch.zeros(batch, length, dtype=torch.bool)
    first[:, 0] = True
    none = torch.zeros(batch, length - 1)
    seen = Sequences(torch.rand(batch, length, 1, 32, 32), none.long(), none, none + 1, first)

    def work():
        model.zero_grad()
        model.loss(seen, new_generator(0))[0].backward()

    return work


def curve(make, base: dict, vary: str, sizes: tuple[int, ...]) -> dict:
    """Milliseconds over one size, the others as in `base`."""
    works = {str(size): make(**base | {vary: size}) for size in sizes}
    taken = alternate(works, rounds=ROUNDS, least=0.05)
    return fitted(sizes, [taken[str(size)] for size in sizes])


def fitted(sizes: tuple[int, ...], seconds: list[list[float]]) -> dict:
    """The medians, and the exponent with the 5 % and 95 % points over rounds drawn anew."""
    slope = lambda values: np.polyfit(np.log(sizes), np.log(values), 1)[0]
    rng, rounds = np.random.default_rng(0), np.array(seconds)  # (sizes, rounds)
    draws = [
        slope(np.median(rng.choice(rounds, rounds.shape[1], axis=1), axis=1)) for _ in range(2000)
    ]
    middle = np.median(rounds, axis=1)
    told = [slope(middle), *np.quantile(draws, [0.05, 0.95])]
    return {
        "sizes": list(sizes),
        "ms": [significant(1e3 * x) for x in middle],
        "exponent": [round(float(x), 2) for x in told],
    }


def grading(sizes: tuple[int, ...] = (1, 2, 4, 8, 16), rounds: int = 3) -> dict:
    """Time on the clock of grading a class on one day's challenge, all of them right."""
    sys.path.insert(0, str(ROOT / "tests"))
    from class_of import write

    taken: list[list[float]] = [[] for _ in sizes]
    for _ in range(rounds):
        for seconds, size in zip(taken, sizes):
            with tempfile.TemporaryDirectory() as folder:
                write(Path(folder) / "in", size, ["right"])
                seconds.append(graded(Path(folder)))
    return fitted(sizes, taken)


def graded(folder: Path) -> float:
    """Seconds of the grader's command on the clock: the jails' processor time is nobody's."""
    command = [sys.executable, "-m", "wmlib.challenges", "grade", folder / "in"]
    given = ["--out", folder / "marks.csv", "--key", KEY, "--quick", "--workers", "1"]
    began = time.perf_counter()
    subprocess.run([*command, *given], check=True, capture_output=True)
    return time.perf_counter() - began


CURVES = {
    "planner: candidates": lambda: curve(plan, PLAN, "candidates", (50, 100, 200, 400, 800, 1600)),
    "planner: steps ahead": lambda: curve(plan, PLAN, "horizon", (4, 8, 16, 32, 64)),
    "planner: members": lambda: curve(plan, PLAN, "members", (1, 2, 4, 8, 16)),
    "RSSM: stretches": lambda: curve(train, STRETCH, "batch", (4, 8, 16, 32, 64)),
    "RSSM: frames a stretch": lambda: curve(train, STRETCH, "length", (4, 8, 16, 32, 64)),
    "grading: submissions": grading,
}


def table(peers: Path | None) -> dict:
    """All curves, or those that BENCH_CURVES names; the others keep what was measured."""
    chosen = os.environ.get("BENCH_CURVES", "").split()
    told = load()["tables"].get("growth", {}).get("curves", {})
    for name, measured in CURVES.items():
        if not chosen or name.split(":")[0] in chosen:
            told[name] = measured() | where()
            print(name, told[name], flush=True)
    return {"curves": told}
