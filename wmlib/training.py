"""The one gradient loop: a step downhill, a schedule, and an interrupt that loses nothing."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import compress
from typing import Any

import torch
from torch import nn

# Decorates what learns. Agents act in `inference_mode`, where no gradient can flow; one that goes
# on learning while it acts needs them back.
learning = torch.inference_mode(False)


def improve(
    optimiser: torch.optim.Optimizer | LeanAdamW,
    loss: torch.Tensor,
    longest: float | None = None,
    where: str = "",
    gradient: Callable[[], object] | None = None,
) -> None:
    """One step downhill.

    Args:
        loss: a scalar tensor.
        longest: the gradient is shortened to this length where it is longer (each group of
            parameters by itself); None leaves it as it is.
        where: added to the error, for instance " at step 3 of 10".
        gradient: sets `grad` of all parameters to that of this loss, by hand; default: autograd.

    Raises:
        FloatingPointError: if the loss is no number; nothing is changed then.
    """
    if not loss.is_meta and not math.isfinite(loss.item()):
        raise FloatingPointError(
            f"the loss became {loss.item()}{where}: lower the learning rate "
            f"(lr={optimiser.param_groups[0]['lr']:.3g}), normalise, or look for extreme values in "
            "the data"
        )
    if gradient is None:
        optimiser.zero_grad()
        loss.backward()
    else:
        gradient()
    if longest is not None:
        for group in optimiser.param_groups:
            nn.utils.clip_grad_norm_(group["params"], longest)
    optimiser.step()


class LeanAdamW:
    """torch's AdamW, fused, to the bit: for one group of parameters on the CPU.

    Torch calls one kernel a step and keeps books around it, which takes a fifth of a small
    network's training. Here nothing is left but the kernel.

    Args:
        fresh: torch's optimiser, which has judged the parameters and the settings.
    """

    def __init__(self, fresh: torch.optim.AdamW):
        (group,) = self.param_groups = fresh.param_groups
        self.parameters: list[nn.Parameter] = group["params"]
        self.means = [torch.zeros_like(x) for x in self.parameters]
        self.squares = [torch.zeros_like(x) for x in self.parameters]
        self.steps = torch.zeros(len(self.parameters), device="cpu", dtype=torch.float32)
        self.counts = self.steps.unbind()

    def zero_grad(self) -> None:
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """As each parameter's `grad` says; one that has none stays, and its steps do not count."""
        group, found = self.param_groups[0], [x.grad for x in self.parameters]
        used = [grad is not None for grad in found]
        self.steps += 1 if all(used) else torch.tensor(used, device="cpu")
        state: Any = self.parameters, found, self.means, self.squares, self.counts
        parameters, grads, means, squares, counts = (list(compress(x, used)) for x in state)
        if parameters:
            beta1, beta2 = group["betas"]
            torch._fused_adamw_(
                parameters, grads, means, squares, [], counts, lr=group["lr"], beta1=beta1,
                beta2=beta2, weight_decay=group["weight_decay"], eps=group["eps"], amsgrad=False,
                maximize=False,
            )  # fmt: skip


def lean(fresh: torch.optim.AdamW) -> torch.optim.AdamW | LeanAdamW:
    """The same optimiser without bookkeeping, where its kernel is known to run."""
    if len(fresh.param_groups) > 1 or fresh.state:
        return fresh
    (group,) = fresh.param_groups
    kinds = {(parameter.device.type, parameter.dtype) for parameter in group["params"]}
    known = group["fused"] and not group["amsgrad"] and not group["maximize"]
    known = known and hasattr(torch, "_fused_adamw_")  # private to torch
    return LeanAdamW(fresh) if known and kinds == {("cpu", torch.float32)} else fresh


@learning
def train(
    parameters: Iterable[nn.Parameter],
    loss_of_batch: Callable[[], torch.Tensor],
    steps: int,
    lr: float,
    weight_decay: float = 0.0,
    report: Callable[[int, float], object] | None = None,
    decay: bool = True,
    gradient: Callable[[], object] | None = None,
) -> list[float]:
    """Adam with decoupled weight decay; an interrupt keeps what was learned.

    Args:
        parameters: of the network.
        loss_of_batch: draws a batch and returns its loss: `() -> scalar tensor`.
        steps: gradient steps.
        lr: learning rate, falling linearly to 2 % unless `decay` is False.
        report: called with (step, loss) after each step, for a progress bar.
        gradient: see `improve`.

    Returns:
        list of losses, one per step taken: shorter than `steps` after an interrupt.

    Raises:
        FloatingPointError: if the loss is no longer a number; nothing is learned from that batch.
    """
    parameters = list(parameters)
    fused = not any(parameter.is_meta for parameter in parameters)
    adam = torch.optim.AdamW(parameters, lr=lr, weight_decay=weight_decay, fused=fused)
    optimiser = lean(adam)
    losses: list[float] = []
    with interruptible(
        lambda: f"stopped after {len(losses)} of {steps} steps: the model keeps what it has learned"
    ):
        for step in range(steps):
            for group in optimiser.param_groups:
                group["lr"] = lr * max(0.02, 1 - step / steps) if decay else lr
            loss = loss_of_batch()
            where = f" at step {step} of {steps}"
            improve(optimiser, loss, where=where, gradient=gradient)
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
