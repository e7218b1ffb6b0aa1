"""A training step of an ensemble with its gradient by hand: the same bits, in half of the time."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import softplus

from wmlib.models.stacked import Passes, StackedMLP

softplus_backward = torch.ops.aten.softplus_backward.grad_input


def by_hand(model: Any) -> bool:
    """Whether `TrainingStep` finds what autograd would: all that this `Ensemble` has is trained, each
    tensor once and without hooks, on the CPU."""
    net: StackedMLP = model.net
    trained = [*net.weights, *net.biases, model.max_log_var, model.min_log_var]
    return (
        len({id(x) for x in trained}) == len(trained)
        and not torch.is_autocast_enabled("cpu")
        and all(x.requires_grad and x.device.type == "cpu" for x in trained)
        and not any(x._backward_hooks or x._post_accumulate_grad_hooks for x in trained)
    )


class TrainingStep:
    """Loss and gradient of a minibatch, as `Ensemble.fit` and autograd find them.

    Autograd's order of sums is kept, so that a trained model has the same bits
    (`tests/test_stacked.py`).

    Args:
        rows: of each member's minibatch.
    """

    def __init__(self, model: Any, rows: int):
        self.high, self.low = model.max_log_var, model.min_log_var
        self.passes = Passes(model.net, rows)
        self.mean, self.raw = self.passes.out.chunk(2, dim=-1)  # (E, rows, D + 1) each
        self.share = self.mean.new_tensor(float(len(self.mean))) / self.mean.numel()

    @torch.no_grad()
    def loss(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """From inputs `(E, rows, in)` and targets `(E, rows, D + 1)` to a scalar."""
        self.passes.forward(x)
        self.above = self.high - self.raw
        self.over = (self.high - softplus(self.above)).sub_(self.low)
        log_var = self.low + softplus(self.over)
        self.off = self.mean - y
        self.squared = self.off * self.off
        self.precision = torch.neg(log_var).exp_()
        loss = (self.squared * self.precision).add_(log_var).mean()
        return len(self.mean) * loss + 0.01 * (self.high.sum() - self.low.sum())

    @torch.no_grad()
    def gradient(self) -> None:
        """Sets `grad` of everything that is trained to the last loss's."""
        by_precision = self.share * self.precision
        torch.mul(by_precision, self.off.mul_(2), out=self.mean)
        grad = self.share - (self.share * self.squared).mul_(self.precision)  # by log_var
        self.low.grad = grad.sum((0, 1)).sub_(0.01)
        softplus_backward(grad, self.over, 1, 20, grad_input=grad)
        total = grad.sum((0, 1))
        self.low.grad.sub_(total)
        softplus_backward(grad, self.above, 1, 20, grad_input=grad)
        self.high.grad = total.add_(0.01).sub_(grad.sum((0, 1)))
        self.raw.copy_(grad)  # not sooner: with gaps between its rows, `exp` has other last bits
        self.passes.backward(self.passes.out)
