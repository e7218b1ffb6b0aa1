"""Products of matrices without gradients, by the quicker of torch's two libraries.

torch multiplies matrices with MKL, which uses half of an AMD processor's AVX-512. oneDNN, which
torch brings for its compiler, uses all of it: there, from about a million multiply-adds on, it
takes half of the time. On an Intel processor MKL is the quicker one. With up to 192 inputs both add
up in the same order, so that not a bit changes (`tests/test_products.py`). Where oneDNN is absent,
or not the quicker one, `linear` is torch's own.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.autograd import forward_ad
from torch.nn.functional import linear as torch_linear

FEWEST = 1_200_000  # multiply-adds: in fewer the 12 microseconds of a call outweigh the gain
SAME_BITS = 192  # inputs
Map = Callable[[torch.Tensor], torch.Tensor]


@cache
def onednn() -> Any:
    """oneDNN's product as torch's compiler calls it; None where it is absent or says otherwise."""
    product: Any = getattr(torch.ops.mkldnn, "_linear_pointwise", None)
    x = torch.arange(12, dtype=torch.float32, device="cpu").view(4, 3)  # adds up without rounding
    bias = x[:, 0].contiguous()  # it reads no other rightly
    try:
        right = product(x, x, bias, "none", [], "").equal(torch_linear(x, x, bias))
    except (RuntimeError, TypeError):
        return None
    return product if right else None


@cache
def pays() -> bool:
    """Whether oneDNN is there, and the processor one on which MKL leaves half of it unused."""
    try:
        processor = Path("/proc/cpuinfo").read_text(encoding="utf8")
    except OSError:
        processor = platform.processor()
    half_used = "AuthenticAMD" in processor and torch.backends.cpu.get_cpu_capability() == "AVX512"
    return half_used and onednn() is not None


def plainly() -> bool:
    """Whether torch neither follows a gradient, backward or forward, nor casts numbers by itself."""
    return not (
        torch.is_grad_enabled()
        or torch.is_autocast_enabled("cpu")
        or getattr(forward_ad, "_current_level", -1) >= 0  # private to torch
    )


def multiply(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
    """oneDNN's `linear` of rows `(rows, in)`, once `quick` has said so."""
    return onednn()(x, weight, bias if bias is None else bias.contiguous(), "none", [], "")


def quick(rows: int, weight: torch.Tensor, outputs: int) -> bool:
    """Whether oneDNN has the product of so many rows and this weight with so many outputs sooner.

    Only of plain numbers in single precision on the CPU whose gradient nobody wants.
    """
    return (
        rows * weight.numel() >= FEWEST
        and outputs >= 12
        and plainly()
        and weight.device.type == "cpu"
        and weight.dtype == torch.float32
        and pays()
    )


def linear(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """`x (..., in)` times `weight (out, in)`, transposed, plus `bias (out,)`: `(..., out)`."""
    outputs, inputs = weight.shape
    if (
        0 < inputs <= SAME_BITS
        and quick(x.numel() // inputs, weight, outputs)
        and (x.shape[-1], x.dtype, x.device) == (inputs, weight.dtype, weight.device)
    ):
        return multiply(x, weight, bias)
    return torch_linear(x, weight, bias)


def prepare(weight: torch.Tensor, bias: torch.Tensor, rows: Sequence[int]) -> Map:
    """Adds `bias` to the product of `x (*rows, in)` and `weight (..., in, out)`: a function of x.

    A small product goes into memory that the next call uses again, a large one into new memory.
    """
    if len(rows) == 1 and quick(rows[0], weight, weight.shape[1]):
        other_way, bias = weight.t(), bias.contiguous()
        return lambda x: multiply(x, other_way, bias)
    add_product = torch.addmm if len(rows) == 1 else torch.baddbmm
    out = weight.new_empty(*rows, weight.shape[-1])
    return lambda x: add_product(bias, x, weight, out=out)


class Linear(nn.Linear):
    """`nn.Linear`, sooner where no gradient is wanted, and the same to the last bit."""

    def forward(self, x):
        return linear(x, self.weight, self.bias)


class GRUCell(nn.GRUCell):
    """`nn.GRUCell`, likewise; the gates as torch computes them."""

    def forward(self, x, deter=None):
        many = quick(len(x), self.weight_hh, len(self.weight_hh))
        if not many or deter is None or x.ndim != 2 or x.shape[:-1] != deter.shape[:-1]:
            return super().forward(x, deter)
        into = linear(x, self.weight_ih, self.bias_ih).chunk(3, -1)  # 3 of (B, D)
        kept = linear(deter, self.weight_hh, self.bias_hh).chunk(3, -1)
        reset, update = (a.add_(b).sigmoid_() for a, b in zip(kept[:2], into[:2]))
        new = kept[2].mul_(reset).add_(into[2]).tanh_()
        return (deter - new).mul_(update).add_(new)
