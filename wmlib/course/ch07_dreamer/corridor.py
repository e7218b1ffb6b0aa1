"""The small world of chapter 7's long exercise: a puck between two walls, seen as twelve cells."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch.nn.functional import one_hot

from wmlib.devices import new_rng

CELLS, THRUSTS = 12, 3


class Films(NamedTuple):
    """Stretches of the corridor: obs `(B, T, 12)`, act `(B, T - 1, 3)` one-hot, first `(B, T)` bool."""

    obs: torch.Tensor
    act: torch.Tensor
    first: torch.Tensor


def corridor(n, length, seed, again=0.04):
    """A puck slides between two walls and bounces; three thrusts: left, none, right.

    A frame shows where it is (a bump on twelve cells), and not how fast it slides.

    Args:
        n: stretches. length: T, frames of each. again: chance that an episode begins at a frame.
    """
    rng = new_rng(seed)
    first = rng.random((n, length)) < again
    first[:, 0] = True
    act = rng.integers(THRUSTS, size=(n, length))
    x, v, seen = np.zeros(n), np.zeros(n), []
    for t in range(length):
        new = first[:, t]
        x = np.where(new, rng.uniform(1, CELLS - 2, n), x)
        v = np.where(new, rng.uniform(-1, 1, n), v)
        seen.append(np.exp(-((np.arange(CELLS) - x[:, None]) ** 2)))
        v = np.clip(v + 0.25 * (act[:, t] - 1), -1.2, 1.2)
        x = x + v
        out = (x < 0) | (x > CELLS - 1)
        x, v = (
            np.where(out, np.clip(2 * np.clip(x, 0, CELLS - 1) - x, 0, CELLS - 1), x),
            np.where(out, -v, v),
        )
    obs = torch.as_tensor(np.stack(seen, 1)).float()
    return Films(
        obs, one_hot(torch.as_tensor(act[:, :-1]), THRUSTS).float(), torch.as_tensor(first)
    )


def place(obs):
    """Where a frame shows the puck: `(..., 12)` to `(...)`, the centre of its brightness."""
    weight = obs.clamp_min(0) ** 2 + 1e-9
    return (weight * torch.arange(CELLS)).sum(-1) / weight.sum(-1)
