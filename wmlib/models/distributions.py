"""Distributions of a latent state, and numbers of any size as a choice among bins.

Pure functions and two small classes; nothing here is learned.

- A stochastic latent is either a diagonal Gaussian (Dreamer V1; Hafner et al. 2020) or groups of
  categoricals, sampled as one-hot vectors with straight-through gradients (V2; 2021).
- `balanced_kl` is the loss between posterior and prior, with free bits (V3; 2023).
- `symlog` and `twohot` let one network predict rewards and values of any scale (V3).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.nn.functional import one_hot, softplus

from wmlib.devices import rand, randn


class Categoricals:
    """G categoricals of C classes each. A sample is G one-hot vectors, flat: `(..., G * C)`.

    Args:
        groups: G. classes: C.
        unimix: share of the uniform distribution in every categorical, so that none is ever
            quite certain and the KL stays finite.
    """

    def __init__(self, groups: int = 8, classes: int = 8, unimix: float = 0.01):
        self.groups, self.classes, self.unimix = groups, classes, unimix
        self.size = self.params = groups * classes

    def probs(self, params: torch.Tensor) -> torch.Tensor:
        """Outputs of a network `(..., G * C)` to probabilities `(..., G, C)`."""
        logits = params.unflatten(-1, (self.groups, self.classes))  # (..., G, C)
        # Classes first in memory: there torch's softmax takes a tenth of the time.
        probs = logits.movedim(-1, 0).contiguous().softmax(0)  # (C, ..., G)
        return ((1 - self.unimix) * probs + self.unimix / self.classes).movedim(0, -1)

    def sample(
        self, params: torch.Tensor, generator: torch.Generator | None = None
    ) -> torch.Tensor:
        """One-hot vectors `(..., G * C)`: drawn, or the likeliest ones without a generator.

        Forward it is one-hot, backward it is the probabilities (straight-through): no gradient
        passes a choice, so we pretend that the probabilities themselves had been passed on.
        """
        probs = self.probs(params)  # (..., G, C)
        score = probs.detach()
        if generator is not None:
            # log(u) / p is largest where log(p) - log(-log(u)) is: the Gumbel trick, sooner.
            score = rand(score.shape, generator, score).log_().div_(score)
        chosen = score.max(-1, keepdim=True).indices  # (..., G, 1); sooner than argmax
        hot = score.new_zeros(score.shape).scatter_(-1, chosen, 1.0)  # (..., G, C)
        if probs.requires_grad:
            hot = hot + (probs - probs.detach())
        return hot.flatten(-2)

    def kl(self, p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
        """KL(p || q) in nats, summed over the groups: two `(..., G * C)` to `(...)`."""
        probs, others = self.probs(p), self.probs(q)  # (..., G, C)
        return (probs * (probs.log() - others.log())).sum((-2, -1))


class Gaussians:
    """A diagonal Gaussian of S numbers. Parameters `(..., 2 * S)`, samples `(..., S)`.

    Args:
        size: S. least: smallest standard deviation.
    """

    def __init__(self, size: int = 32, least: float = 0.1):
        self.size, self.params, self.least = size, 2 * size, least

    def mean_std(self, params: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Outputs of a network `(..., 2 * S)` to mean and standard deviation `(..., S)`."""
        mean, raw = params.chunk(2, -1)
        return mean, softplus(raw) + self.least

    def sample(
        self, params: torch.Tensor, generator: torch.Generator | None = None
    ) -> torch.Tensor:
        """Mean plus noise `(..., S)` (the gradient passes both), or the mean."""
        mean, std = self.mean_std(params)  # (..., S)
        if generator is None:
            return mean
        return mean + std * randn(mean.shape, generator, mean)

    def kl(self, p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
        """KL(p || q) in nats, summed over the numbers: two `(..., 2 * S)` to `(...)`."""
        (mean_p, std_p), (mean_q, std_q) = self.mean_std(p), self.mean_std(q)
        ratio = (std_p / std_q) ** 2  # (..., S)
        apart = ((mean_p - mean_q) / std_q) ** 2
        return 0.5 * (ratio + apart - 1 - ratio.log()).sum(-1)


def balanced_kl(
    kl: Callable[..., torch.Tensor],
    post: torch.Tensor,
    prior: torch.Tensor,
    free: float = 1.0,
    dyn: float = 0.5,
    rep: float = 0.1,
) -> tuple[torch.Tensor, torch.Tensor]:
    """The two directions of learning between posterior and prior, each with its own weight.

    `dyn * max(free, KL(stop(post) || prior)) + rep * max(free, KL(post || stop(prior)))`: the
    prior learns to foresee the posterior, and the posterior, more gently, to be foreseeable. Under
    `free` nats neither is pushed: a little information about the picture costs nothing.

    Args:
        kl: `kl(p, q) -> (...)` of parameters. post, prior: parameters `(..., P)`.

    Returns:
        loss (scalar), mean KL without the floor (scalar, no gradient).
    """
    foresee, foreseeable = kl(post.detach(), prior), kl(post, prior.detach())  # (...)
    loss = dyn * foresee.clamp_min(free).mean() + rep * foreseeable.clamp_min(free).mean()
    return loss, foresee.detach().mean()


def symlog(x: torch.Tensor) -> torch.Tensor:
    """sign(x) log(1 + |x|): like x near 0, like a logarithm far away."""
    return torch.sign(x) * torch.log1p(torch.abs(x))


def symexp(x: torch.Tensor) -> torch.Tensor:
    """The inverse of `symlog`."""
    return torch.sign(x) * torch.expm1(torch.abs(x))


# In symlog: numbers from -402 to 402.
BINS = torch.linspace(-6, 6, 61, dtype=torch.float32, device="cpu")


def twohot(x: torch.Tensor) -> torch.Tensor:
    """Numbers `(...)` as weights of the two bins around symlog(x): `(..., 61)`.

    The weights add up to 1, and their mean bin is symlog(x) exactly.
    """
    below, above = _bins_around(x)
    return one_hot(below, len(BINS)) * (1 - above) + one_hot(below + 1, len(BINS)) * above


def _bins_around(x):
    """The number of the bin below each symlog(x), `(...)`, and the weight of the next, `(..., 1)`."""
    low, width = float(BINS[0]), float(BINS[1] - BINS[0])
    place = ((symlog(x) - low) / width).clamp(0, len(BINS) - 1)  # (...), counted in bins
    below = place.floor().long().clamp_max(len(BINS) - 2)
    return below, (place - below)[..., None]


def twohot_mean(logits: torch.Tensor) -> torch.Tensor:
    """The number that a distribution over bins stands for: `(..., 61) -> (...)`."""
    return symexp(logits.softmax(-1) @ BINS.to(logits.device, logits.dtype))


def twohot_loss(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Cross-entropy between the bins `(..., 61)` and the numbers `(...)`: `(...)`.

    It is `-(twohot(x) * logits.log_softmax(-1)).sum(-1)`, without the 59 weights that are 0.
    """
    below, above = _bins_around(x)
    both = below[..., None] + torch.arange(2, device=x.device)  # (..., 2)
    weights = torch.cat([1 - above, above], -1)  # (..., 2)
    return -(weights * logits.log_softmax(-1).gather(-1, both)).sum(-1)
