"""What a GPU changes: the same work on one thread of the CPU and on the card, in alternation.

python book/_tools/gpu.py            a table, and book/_data/gpu.json with the card's name
python book/_tools/gpu.py --dreamer  besides, chapter 7's whole training on the card (minutes)

Without a GPU it says so, measures nothing and writes nothing.
"""

from __future__ import annotations

import argparse
import datetime
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import gymnasium as gym
import numpy as np
import torch

from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.course.ch07_dreamer.study import STEPS, returns, train_and_check
from wmlib.devices import new_generator
from wmlib.experience import Transitions
from wmlib.files import write_text
from wmlib.learning.actor_critic import ActorCritic
from wmlib.learning.dreamer import Dreamer
from wmlib.models import Ensemble
from wmlib.models.rssm import RSSM, Categoricals
from wmlib.planning import RandomShooting

STORED = Path(__file__).resolve().parents[1] / "_data" / "gpu.json"
DISCRETE = gym.spaces.Discrete(2)


def dreamer_update(device: str, large: bool) -> Callable:
    """One update of the model, the actor and the critic."""
    world, sizes = PixelCartPole(), {}
    if large:
        model = RSSM(
            DISCRETE, Categoricals(32, 32), deter=1024, hidden=512, width=32, device=device
        )
        sizes["model"] = model
        sizes["behaviour"] = ActorCritic(model.feat_size, 2, device=device)
        sizes |= {"batch": 32, "length": 32, "starts": 1024}
    learner = Dreamer(world, **sizes, device=device)
    learner.streams.play(2048)
    return learner.update


def steps_of(n: int, obs_size: int) -> Transitions:
    """Steps of a smooth world, for timing only."""
    rng = np.random.default_rng(0)
    obs = rng.normal(size=(n, obs_size)).astype(np.float32)
    act, none = rng.integers(2, size=n), np.zeros(n, bool)
    nxt = (0.9 * obs + 0.1 * act[:, None]).astype(np.float32)
    return Transitions(obs, act, obs[:, 0], nxt, none, none, np.arange(n) // 50)


def ensemble_training(device: str, hidden: int, layers: int, batch: int) -> Callable:
    """Twenty minibatches for all five members."""
    model, data = (
        Ensemble(4, DISCRETE, hidden=hidden, layers=layers, device=device),
        steps_of(2000, 4),
    )
    return lambda: model.fit(data, steps=20, batch=batch)


def plan(device: str, candidates: int, horizon: int, hidden: int, layers: int) -> Callable:
    """One decision by random shooting through an ensemble of five."""
    model, data = (
        Ensemble(4, DISCRETE, hidden=hidden, layers=layers, device=device),
        steps_of(500, 4),
    )
    model.fit(data, steps=5)
    planner = RandomShooting(horizon, candidates)

    def work():
        with torch.inference_mode():
            return planner.plan(model, model.start(data.obs[:1]), new_generator(0))

    return work


WORKS = {
    "Dreamer's update, chapter 7's sizes": lambda d: dreamer_update(d, large=False),
    "Dreamer's update, deter 1,024, batch 32 x 32": lambda d: dreamer_update(d, large=True),
    "ensemble 5 x (2 x 64), 20 minibatches of 64": lambda d: ensemble_training(d, 64, 2, 64),
    "ensemble 5 x (3 x 200), 20 minibatches of 256": lambda d: ensemble_training(d, 200, 3, 256),
    "plan 100 x 10, ensemble 5 x (2 x 64)": lambda d: plan(d, 100, 10, 64, 2),
    "plan 500 x 20, ensemble 5 x (3 x 200)": lambda d: plan(d, 500, 20, 200, 3),
    "plan 10,000 x 20, ensemble 5 x (3 x 200)": lambda d: plan(d, 10_000, 20, 200, 3),
}


def milliseconds(work: Callable) -> float:
    """How long it takes until its numbers are there."""
    begun = time.perf_counter()
    work()
    torch.cuda.synchronize()
    return 1e3 * (time.perf_counter() - begun)


def compare(times: int = 3) -> list[dict]:
    """Each work on both, in alternation, medians; the first time of each does not count."""
    rows = []
    for name, make in WORKS.items():
        both = {device: make(device) for device in ("cpu", "cuda")}
        taken: dict[str, list[float]] = {device: [] for device in both}
        for n in range(times + 1):
            for device, work in both.items():
                taken[device].append(milliseconds(work))
        cpu, gpu = (statistics.median(taken[device][1:]) for device in both)
        rows.append({"work": name, "cpu_ms": round(cpu, 2), "gpu_ms": round(gpu, 2)})
        print(f"{name:48s} {cpu:9.1f} ms {gpu:9.1f} ms  {cpu / gpu:6.2f} x", flush=True)
    return rows


def whole_dreamer(seed: int = 21) -> dict:
    """Chapter 7's training from its first step, on the card."""
    begun = time.perf_counter()
    learner = Dreamer(PixelCartPole(), settle=STEPS, seed=seed, device="cuda")
    train_and_check(learner, seed, checks=[STEPS])
    seconds = time.perf_counter() - begun
    mean = float(returns(learner.agent(), [seed, 9]).mean())
    print(
        f"Dreamer on the card: {mean:.0f} of 500 after {STEPS:,} steps, {seconds:.0f} s", flush=True
    )
    return {"seed": seed, "steps": STEPS, "mean_return": round(mean, 1), "seconds": round(seconds)}


def main() -> int:
    """Measure and store."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--dreamer", action="store_true", help="besides, the whole of chapter 7")
    args = parser.parse_args()
    if not torch.cuda.is_available():
        print("no GPU here: nothing was measured; the meta device proves what it can")
        return 0
    torch.set_num_threads(1)
    card = torch.cuda.get_device_name()
    print(f"{card}, torch {torch.__version__}; one thread of the CPU beside it", flush=True)
    told = {"card": card, "torch": torch.__version__}
    told |= {"date": datetime.date.today().isoformat(), "rows": compare()}
    if args.dreamer:
        told["dreamer"] = whole_dreamer()
    write_text(STORED, json.dumps(told, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
