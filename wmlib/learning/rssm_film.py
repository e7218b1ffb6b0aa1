"""An RSSM that learns Catch from a film, without an agent: first to see, then to foresee."""

from __future__ import annotations

import torch

from wmlib.devices import new_rng
from wmlib.models.distributions import Gaussians
from wmlib.models.rssm import RSSM
from wmlib.streams import Sequences
from wmlib.training import improve
from wmlib.worlds.catch import Catch

PAIRS, STRETCHES, FRAMES = 400, 650, 256  # training steps of either kind, frames in each
# Weights of the loss, recon, dyn, rep: while it learns to see, and while it learns to foresee.
SEE, FORESEE = (20.0, 0.05, 0.01), (20.0, 4.0, 2.0)


def new_rssm(seed: int = 0) -> RSSM:
    """The RSSM that learns Catch: Gaussian latents, an encoder half as wide again as chapter 7's."""
    return RSSM(Catch.act_space, Gaussians(32), width=12, seed=seed)


def train_rssm(
    seen: Sequences,
    seed: int,
    see: tuple[float, float, float] = SEE,
    foresee: tuple[float, float, float] = FORESEE,
) -> RSSM:
    """An RSSM that has learned from a film: first to see, then to foresee.

    To see, from pairs of frames, so that each batch shows many balls, and with a KL that costs
    next to nothing. To foresee, from stretches of 16 frames, with a KL that weighs beside the
    picture about what it does in chapter 7. A KL that begins small ("KL annealing"): Bowman et al.
    (2016). The rate rises at first, and falls in the last 630 steps.

    Args:
        see, foresee: recon, dyn, rep: the weights of the loss (see `RSSM`) in either part.
    """
    model, rng = new_rssm(seed), new_rng(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.0, fused=True)
    copies, frames = seen.first.shape
    steps = PAIRS + STRETCHES
    for step in range(steps):
        length, weights = (2, see) if step < PAIRS else (16, foresee)
        model.recon, model.dyn, model.rep = weights
        rows = rng.integers(copies, size=FRAMES // length)
        start = rng.integers(frames - length + 1, size=len(rows))
        rate = min(1.0, (step + 1) / 50) * min(1.0, max(0.02, (1 - step / steps) / 0.6))
        optimiser.param_groups[0]["lr"] = 3e-3 * rate
        improve(optimiser, model.loss(seen.cut(length, rows, start))[0], longest=100.0)
    return model
