"""The one gradient loop: a step downhill, a schedule, and an interrupt that loses nothing."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import nn

# Decorates what learns. Agents act in `inference_mode`, where no gradient can flow; one that goes
# on learning while it acts needs them back.
learning = torch.inference_mode(False)


def improve(
    optimiser: torch.optim.Optimizer,
    loss: torch.Tensor,
    longest: float | None = None,
    where: str = "",
) -> None:
    """One step downhill.

    Args:
        loss: a scalar tensor.
        longest: the gradient is shortened to this length where it is longer (each group of
            parameters by itself); None leaves it as it is.
        where: added to the error, for instance " at step 3 of 10".

    Raises:
        FloatingPointError: if the loss is no number; nothing is changed then.
    """
    if not loss.is_meta and not torch.isfinite(loss):
        raise FloatingPointError(
            f"the loss became {loss.item()}{where}: lower the learning rate "
            f"(lr={optimiser.param_groups[0]['lr']:.3g}), normalise, or look for extreme values in "
            "the data"
        )
    optimiser.zero_grad()
    loss.backward()
    if longest is not None:
        for group in optimiser.param_groups:
            nn.utils.clip_grad_norm_(group["params"], longest)
    optimiser.step()


@learning
def train(
    parameters: Iterable[nn.Parameter],
    loss_of_batch: Callable[[], torch.Tensor],
    steps: int,
    lr: float,
    weight_decay: float = 0.0,
    report: Callable[[int, float], object] | None = None,
    decay: bool = True,
) -> list[float]:
    """Adam with decoupled weight decay; an interrupt keeps what was learned.

    Args:
        parameters: of the network.
        loss_of_batch: draws a batch and returns its loss: `() -> scalar tensor`.
        steps: gradient steps.
        lr: learning rate, falling linearly to 2 % unless `decay` is False.
        report: called with (step, loss) after each step, for a progress bar.

    Returns:
        list of losses, one per step taken: shorter than `steps` after an interrupt.

    Raises:
        FloatingPointError: if the loss is no longer a number; nothing is learned from that batch.
    """
    parameters = list(parameters)
    fused = not any(parameter.is_meta for parameter in parameters)
    optimiser = torch.optim.AdamW(parameters, lr=lr, weight_decay=weight_decay, fused=fused)
    losses: list[float] = []
    with interruptible(
        lambda: f"stopped after {len(losses)} of {steps} steps: the model keeps what it has learned"
    ):
        for step in range(steps):
            for group in optimiser.param_groups:
                group["lr"] = lr * max(0.02, 1 - step / steps) if decay else lr
            loss = loss_of_batch()
            improve(optimiser, loss, where=f" at step {step} of {steps}")
            losses.append(math.nan if loss.is_meta else loss.item())
            if report:
                report(step, losses[-1])
    return losses


@contextmanager
def interruptible(words: Callable[[], str]) -> Iterator[None]:
    """A block that Ctrl-C (or the notebook's stop button) ends early and in peace.

    Args:
        words: called after an interrupt; what it returns is said on stderr.
    """
    try:
        yield
    except KeyboardInterrupt:
        print(words(), file=sys.stderr)


def one_cycle(step: int, steps: int, peak: float, rise: float = 0.1) -> float:
    """A learning rate that climbs for a tenth of the steps and then falls to 0 as a cosine does.

    Smith & Topin (2019): begun gently, a transformer bears a high rate, and learns fast.
    """
    top = max(1.0, rise * steps)
    if step < top:
        return peak * (step + 1) / (top + 1)
    return peak * 0.5 * (1 + math.cos(math.pi * (step - top) / max(1.0, steps - top)))
