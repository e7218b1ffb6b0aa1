"""Networks side by side, and their forward and backward pass in memory that is used again."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import nn

from wmlib.devices import building
from wmlib.models.products import multiply, pays

# From so many multiply-adds a member on, oneDNN takes half of MKL's time, where it pays at all. Its
# sums round otherwise. No stored experiment trains members so large: the largest have 256 x 64 x 64,
# a million.
LARGE = 2_000_000
# MKL is slow where few numbers come out; the same product the other way round is three times as
# fast. It rounds otherwise too, so it begins with more inputs than any stored experiment has.
WIDE, FEW = 128, 16

silu = torch.ops.aten.silu.out
silu_backward = torch.ops.aten.silu_backward.grad_input


class StackedMLP(nn.Module):
    """E independent networks evaluated at once: `(E, B, in) -> (E, B, out)`.

    One batched matrix product per layer is up to five times faster than a loop over the members.
    """

    def __init__(self, members: int, sizes: Sequence[int], generator: torch.Generator):
        super().__init__()
        pairs = list(zip(sizes, sizes[1:]))
        with building():
            self.weights = nn.ParameterList(
                torch.randn(members, i, o, generator=generator) / math.sqrt(i) for i, o in pairs
            )
            self.biases = nn.ParameterList(torch.zeros(members, 1, o) for _, o in pairs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        last = len(self.weights) - 1
        for k, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            x = torch.baddbmm(bias, x, weight)  # (E, B, i) -> (E, B, o)
            if k < last:
                x = nn.functional.silu(x)
        return x


class Passes:
    """Forward and backward through a `StackedMLP` on the CPU, for training, without autograd.

    Call it under `torch.no_grad`. The same operations in the same order: up to `LARGE` and `WIDE`
    not a bit differs (`tests/test_stacked.py`). What is saved is autograd's bookkeeping and fresh
    memory, which the operating system has to clear, page by page.

    Args:
        rows: B, of every minibatch.

    Attributes:
        out: `(E, B, out)`, what `forward` found.
    """

    def __init__(self, net: StackedMLP, rows: int):
        self.weights, self.biases = list(net.weights), list(net.biases)
        self.sums = [w.new_empty(len(w), rows, w.shape[-1]) for w in self.weights]
        self.hidden = [torch.empty_like(z) for z in self.sums[:-1]]
        self.out = self.sums[-1]
        self.gradients = [[torch.empty_like(p) for p in pair] for pair in self._layers()]
        self.products = [_product_for(weight, rows) for weight in self.weights]

    def _layers(self):
        return zip(self.weights, self.biases)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`(E, B, in) -> (E, B, out)`, in memory that the next call writes to."""
        self.inputs = [x, *self.hidden]  # of each layer
        for k, (weight, bias) in enumerate(self._layers()):
            self.products[k](self.inputs[k], weight, self.sums[k], bias)
            if k < len(self.hidden):
                silu(self.sums[k], out=self.hidden[k])
        return self.out

    def backward(self, grad: torch.Tensor) -> None:
        """Sets `grad` of weights and biases.

        Args:
            grad: of the loss by `out`, `(E, B, out)`; may be `out` itself, and is overwritten.
        """
        for k, (weight, bias) in reversed(list(enumerate(self._layers()))):
            if k < len(self.hidden):
                silu_backward(grad, self.sums[k], grad_input=grad)
            x, product = self.inputs[k], self.products[k]
            weight.grad, bias.grad = self.gradients[k]
            torch.sum(grad, 1, keepdim=True, out=bias.grad)
            product(x.transpose(1, 2), grad, weight.grad)
            if k:  # what was read for the last time gives way to its gradient
                back = _one_by_one if product is _one_by_one else _together
                back(grad, weight.transpose(1, 2), x)
                grad = x


def _product_for(weight, rows):
    """How a layer `(E, in, out)` multiplies `rows` inputs a member."""
    _, n_in, n_out = weight.shape
    if rows * n_in * n_out >= LARGE and weight.dtype == torch.float32 and pays():
        return _one_by_one
    return _turned if n_in > WIDE and n_out < FEW else _together


# Each multiplies `a (E, n, i)` with `b (E, i, m)`, adds a bias `(E, 1, m)`, and writes to `out`.


def _together(a, b, out, bias=None):
    """All members in one call."""
    if bias is None:
        torch.bmm(a, b, out=out)
    else:
        torch.baddbmm(bias, a, b, out=out)


def _turned(a, b, out, bias=None):
    """The other way round: `b^T a^T`."""
    out.copy_(torch.bmm(b.transpose(1, 2), a.transpose(1, 2)).transpose(1, 2))
    if bias is not None:
        out.add_(bias)


def _one_by_one(a, b, out, bias=None):
    """By oneDNN, which knows no batches of matrices."""
    for k, part in enumerate(out):
        part.copy_(multiply(a[k], b[k].t(), None if bias is None else bias[k, 0]))
