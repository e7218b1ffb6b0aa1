"""A codebook: a vector becomes the nearest of a few codes (vector quantisation).

van den Oord, Vinyals & Kavukcuoglu 2017, "Neural Discrete Representation Learning", with the codes
as moving averages (their appendix) instead of a second loss. Three things keep a codebook alive:
it begins at vectors that the encoder really makes, the codes follow the encoder, and a code that
nobody uses any more is put where somebody is.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from numpy.typing import ArrayLike
from torch import nn

from wmlib.devices import Device, building, pick_device, randint


class Quantised(NamedTuple):
    """What a codebook makes of vectors `(..., D)`.

    `vectors (..., D)` are codes, with the gradient of the vectors that went in; `index (...,)` says
    which codes; `loss` pulls the encoder to the codes that it was given (a scalar, to be weighted).
    """

    vectors: torch.Tensor
    index: torch.Tensor  # type: ignore[assignment]  # a tuple has a method of this name
    loss: torch.Tensor


class Codebook(nn.Module):
    """`n` codes of `size` numbers. Looking up changes nothing; only `learn` moves the codes.

    Args:
        n, size: how many codes (K), and of how many numbers (D).
        decay: of the moving averages: a code follows about the last 1 / (1 - decay) batches.
        dead: a code is put elsewhere when it serves less than this share of its fair share.
    """

    codes: torch.Tensor
    sums: torch.Tensor
    counts: torch.Tensor
    initialised: torch.Tensor

    def __init__(
        self, n: int, size: int, decay: float = 0.98, dead: float = 0.05, device: Device = "cpu"
    ):
        super().__init__()
        if n < 1 or size < 1:
            raise ValueError(f"wanted at least one code of at least one number, got {n} of {size}")
        self.n, self.size, self.decay, self.dead = n, size, decay, dead
        with building():
            self.register_buffer("codes", torch.zeros(n, size))  # (K, D)
            self.register_buffer("sums", torch.zeros(n, size))
            self.register_buffer("counts", torch.zeros(n))  # vectors served per batch, averaged
            self.register_buffer("initialised", torch.tensor(False))
        self.to(pick_device(device))

    def nearest(self, x: torch.Tensor) -> torch.Tensor:
        """Which code is nearest: `(..., D) -> (...,)` integers."""
        if x.shape[-1] != self.size:
            raise ValueError(f"codes have {self.size} numbers, got vectors {tuple(x.shape)}")
        distance = torch.cdist(x.reshape(-1, self.size), self.codes)  # (N, K)
        return distance.argmin(1).view(x.shape[:-1])  # (...)

    def vectors(self, index: ArrayLike) -> torch.Tensor:
        """The codes of these numbers: `(...,) -> (..., D)`."""
        return self.codes[torch.as_tensor(index, device=self.codes.device)]

    def forward(self, x: torch.Tensor) -> Quantised:
        """The straight-through estimator: codes forwards, and backwards as if nothing was done."""
        index = self.nearest(x)  # (...)
        code = self.vectors(index)  # (..., D)
        return Quantised(x + (code - x).detach(), index, ((x - code) ** 2).mean())

    @torch.no_grad()
    def learn(self, x: torch.Tensor, generator: torch.Generator) -> int:
        """Move the codes to the mean of the vectors that they serve, and revive dead ones.

        Args:
            x: `(..., D)` outputs of the encoder. The first batch gives the codes their places.
            generator: chooses where a code begins.

        Returns:
            how many dead codes were put elsewhere.
        """
        x = x.detach().reshape(-1, self.size)  # (N, D)
        if not self.initialised:
            self._init_codes(x, generator)
        index = self.nearest(x)  # (N,)
        keep, fair = self.decay, len(x) / self.n
        served = torch.bincount(index, minlength=self.n).float()  # (K,)
        self.counts.mul_(keep).add_(served, alpha=1 - keep)
        self.sums.mul_(keep).index_add_(0, index, x, alpha=1 - keep)
        some = self.counts > 1e-3
        self.codes[some] = self.sums[some] / self.counts[some, None]
        dead = torch.where(self.counts < self.dead * fair)[0]
        if len(dead):
            rows = randint(len(x), (len(dead),), generator, x.device)
            self._place(dead, x[rows], fair)
        return len(dead)

    def _init_codes(self, x, generator):
        """k-means: begin far apart (the next code is drawn by squared distance), then settle."""
        rows = [int(randint(len(x), (1,), generator, "cpu"))]
        for _ in range(self.n - 1):
            far = torch.cdist(x, x[rows]).amin(1) ** 2 + 1e-12  # (N,)
            rows.append(int(torch.multinomial(far.to(generator.device), 1, generator=generator)))
        every = torch.arange(self.n, device=x.device)
        self._place(every, x[rows], len(x) / self.n)
        for _ in range(10):
            index = self.nearest(x)
            for code in index.unique():
                self.codes[code] = x[index == code].mean(0)
        self._place(every, self.codes.clone(), len(x) / self.n)
        self.initialised.fill_(True)

    def _place(self, which, x, fair):
        self.codes[which], self.sums[which], self.counts[which] = x, x * fair, fair


def usage(index: ArrayLike, n: int) -> torch.Tensor:
    """Share of each of `n` codes: `(n,)`."""
    counts = torch.bincount(torch.as_tensor(index).flatten(), minlength=n).float()
    return counts / counts.sum()


def perplexity(index: ArrayLike, n: int) -> float:
    """How many codes are in use, as if evenly: from 1 (all the same) to `n`."""
    share = usage(index, n)
    return float(torch.exp(-torch.special.xlogy(share, share).sum()))
