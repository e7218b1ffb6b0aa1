"""A layer of a GPT: for all tokens at once, and, with what it remembers, for one token more.

Shapes: B texts of T tokens; D (`width`) numbers in a token's vector; H heads of E = D / H.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from wmlib.models.as_written import as_written
from wmlib.models.products import Linear, onednn, pays


class Block(nn.Module):
    """Attention to all that came before, then a small network; both added to what was there."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.proj = Linear(width, 3 * width), Linear(width, width)
        self.mlp = nn.Sequential(Linear(width, 4 * width), nn.GELU(), Linear(4 * width, width))

    def forward(self, x, past=None):
        """`(B, T, D)` to the same; what `Past` remembers comes before, and it takes these in."""
        b, t, width = x.shape
        qkv = self.qkv(self.norm1(x)).view(b, t, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        q, k, v = qkv  # (B, H, T, E) each
        if past is not None:
            every = past.add(_kept(qkv[1:]))
            if t == 1:
                k, v = map(torch.as_tensor, every)
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=t > 1)  # (B, H, T, E)
        x = x + self.proj(seen.transpose(1, 2).reshape(b, t, width))
        return x + self.mlp(self.norm2(x))


class Past:
    """A block that writes: it keeps the keys and values of the tokens before.

    Called with `(B, T, D)` it is the block; called again with `(B, 1, D)`, it says what the block
    would say of one token more. Nothing that was written is copied for each new token. No gradient
    passes here, and meanwhile nobody may change the block.

    On a CPU, NumPy multiplies the one query of each head: its OpenBLAS reads keys and values up
    to twice as fast as torch's MKL, and its call costs half. A block that is not as it is written
    here, or has no plain numbers, is called itself.

    Args:
        block: whose. room: tokens that are expected; with more, memory grows.
    """

    def __init__(self, block: Block, room: int = 32):
        self.block, self.room, self.heads = block, room, block.heads
        self.length, self.kept = 0, None  # tokens, and theirs in memory: (2, B, H, room, E)
        self.quick = _known(block)
        if not self.quick:
            return
        self.norm1, self.norm2 = _norm(block.norm1), _norm(block.norm2)
        width = len(block.proj.weight)
        scale = block.proj.weight.new_ones(3 * width)
        scale[:width] = (width // self.heads) ** -0.5  # of queries
        self.qkv = Product(block.qkv.weight * scale[:, None], block.qkv.bias * scale)
        self.proj = Product(block.proj.weight, block.proj.bias)
        self.hidden = Product(block.mlp[0].weight, block.mlp[0].bias, "gelu")
        self.out = Product(block.mlp[2].weight, block.mlp[2].bias)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Tokens that follow those before, `(B, T, D)` to the same; T is 1 but for the first."""
        b, t, width = x.shape
        if torch.is_grad_enabled():
            raise RuntimeError("no gradient passes a Past: call it under torch.inference_mode()")
        if self.length and t != 1:
            raise ValueError(f"wanted one token after the {self.length} before, got {t}")
        if not self.length or not self.quick or torch.is_autocast_enabled(x.device.type):
            return self.block(x, self)
        x = x.view(b, width)
        x = self.proj(self._seen(self.qkv(self.norm1(x)))).add_(x)
        x = self.out(self.hidden(self.norm2(x))).add_(x)
        return x.view(b, 1, width)

    def _seen(self, qkv):
        """What the token finds among all: from `(B, 3 D)` to `(B, D)`."""
        qkv = _kept(qkv).reshape(len(qkv), 3, self.heads, 1, -1)
        q, (k, v) = qkv[:, 0], self.add(qkv[:, 1:].swapaxes(0, 1))  # (B, H, 1 or T, E)
        if isinstance(q, torch.Tensor):
            return F.scaled_dot_product_attention(q, k, v, scale=1.0).flatten(1)
        score = torch.from_numpy(np.matmul(q, k.swapaxes(2, 3)))  # (B, H, 1, T)
        share = torch.softmax(score, -1).numpy()
        return torch.from_numpy(np.matmul(share, v).reshape(len(q), -1))

    def add(self, new):
        """Take in T tokens more, `(2, B, H, T, E)`; keys and values of all so far, likewise.

        An array of NumPy on a CPU, and a tensor elsewhere.
        """
        begun, self.length = self.length, self.length + new.shape[3]
        if self.kept is None or self.length > self.kept.shape[3]:
            shape = (*new.shape[:3], max(self.room, 2 * begun, self.length), new.shape[4])
            array = isinstance(new, np.ndarray)
            kept = np.empty(shape, new.dtype) if array else new.new_empty(shape)
            if begun:
                kept[:, :, :, :begun] = self.kept[:, :, :, :begun]
            self.kept = kept
        self.kept[:, :, :, begun : self.length] = new
        return self.kept[:, :, :, : self.length]

    def keep(self, rows: torch.Tensor) -> None:
        """Forget the other texts; rows `(B,)` bool."""
        self.kept = self.kept[:, _kept(rows) if isinstance(self.kept, np.ndarray) else rows]


class Product:
    """A linear layer without gradients for many calls, its weights laid out once.

    Args:
        weight: `(out, in)`. bias: `(out,)`. then: "gelu", or "none".
    """

    FEWEST = 800_000  # multiply-adds: for fewer, oneDNN's call costs more than it saves

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor, then: str = "none"):
        self.weight, self.bias = weight.detach(), bias.detach().contiguous()
        self.then, self.packed = then, None
        self.transposed = self.weight.t()
        sooner = weight.device.type == "cpu" and weight.dtype == torch.float32 and pays()
        sooner = sooner and hasattr(torch.ops.mkldnn, "_reorder_linear_weight")  # private to torch
        self.fewest = self.FEWEST / weight.numel() if sooner else math.inf  # rows

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """`(B, in)` to `(B, out)`."""
        if len(x) < self.fewest:
            x = torch.addmm(self.bias, x, self.transposed)
            return F.gelu(x) if self.then == "gelu" else x
        if self.packed is None:
            self.packed = torch.ops.mkldnn._reorder_linear_weight(self.weight, len(x))
        return onednn()(x, self.packed, self.bias, self.then, [], "none")  # gelu's kind


def _known(block):
    """Whether a block says what its class says, in numbers that NumPy has."""
    parts = {Block, nn.LayerNorm, nn.Sequential, Linear, nn.GELU}
    if not as_written(block, parts) or [type(x) for x in block.mlp] != [Linear, nn.GELU, Linear]:
        return False
    plain = all(x.dtype in (torch.float32, torch.float64) for x in block.parameters())
    biases = [layer.bias for layer in (block.qkv, block.proj, block.mlp[0], block.mlp[2])]
    return plain and None not in biases and block.mlp[1].approximate == "none"


def _norm(layer):
    """A layer's norm as one call; a module's takes twice as long."""
    shape, weight, bias, eps = layer.normalized_shape, layer.weight, layer.bias, layer.eps
    return lambda x: torch.layer_norm(x, shape, weight, bias, eps)


def _kept(x):
    """How a tensor is kept: as NumPy's array of the same memory, where NumPy has such numbers."""
    return x.numpy() if x.device.type == "cpu" and x.dtype != torch.bfloat16 else x
