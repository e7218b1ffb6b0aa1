"""What this machine can do at best: products of matrices, memory, and a step of an empty world."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import gymnasium as gym
import numpy as np
import torch
from measure import Row, alternate, sgemm

from wmlib.acting import play
from wmlib.worlds import CartPole

STEPS, COPIES = 10_000, 100
COMMAND = "make bench NAME=limits"


def table(peers: Path | None) -> dict:
    """GFLOP/s of a product in cache and of a layer of 64 on 500 rows; GB/s of memory."""
    rows, weights = torch.randn(500, 64), torch.randn(64, 64)
    hidden = torch.empty(500, 64)
    large = torch.zeros(2**26)  # 256 MB: no cache holds it
    copy = torch.zeros_like(large)
    taken = alternate(
        {
            "square": sgemm(),
            "tall": lambda: torch.mm(rows, weights, out=hidden),
            "memory": lambda: copy.copy_(large),
        }
    )
    best = {name: min(seconds) for name, seconds in taken.items()}
    return {
        "gflops_256_cubed": round(2e-9 * 256**3 / best["square"], 1),
        "gflops_500_64_64": round(2e-9 * 500 * 64 * 64 / best["tall"], 1),
        "memory_gb_per_s": round(2e-9 * 4 * large.numel() / best["memory"], 1),
    }


def measure(peers: Path | None) -> list[Row]:
    """Steps of the one loop of the library beside steps of a bare environment."""
    return [one_at_a_time(), many_at_once()]


def bare(env: gym.Env):
    """The environment stepped by hand, with the same random actions, begun anew at each end."""

    def work():
        rng = np.random.default_rng(0)
        env.reset(seed=0)
        for _ in range(STEPS):
            _, _, terminated, truncated, _ = env.step(int(rng.integers(2)))
            if terminated or truncated:
                env.reset()

    return work


def stepped(world, copies: int):
    """The library's loop, random actions."""

    def work():
        for _ in islice(play(world, copies=copies), STEPS // copies):
            pass

    return work


def one_at_a_time() -> Row:
    env = gym.make("CartPole-v1")
    seconds = alternate({"play": stepped(env, 1), "bare gymnasium": bare(env)})
    return Row(
        f"CartPole-v1, {STEPS:,} random steps, one environment",
        "play",
        "bare gymnasium",
        seconds,
        command=COMMAND,
        note="what the loop's checks cost: bare is `env.step` by hand, with nothing around it",
    )


def many_at_once() -> Row:
    env = gym.make("CartPole-v1")
    seconds = alternate({"play": stepped(CartPole(), COPIES), "bare gymnasium": bare(env)})
    return Row(
        f"CartPole, {STEPS:,} random steps, {COPIES} copies in one array",
        "play",
        "bare gymnasium",
        seconds,
        command=COMMAND,
        note="our own CartPole steps all copies at once; bare is gymnasium's, one after the other",
    )
