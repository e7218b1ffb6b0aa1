"""Distributions over action sequences that a planner samples from and sharpens.

Discrete actions: a categorical per step; continuous ones: a Gaussian per step within the bounds.
Both turn standard normal noise `(B, N, H, A)` into plans, so that a planner may colour the noise
(iCEM) without knowing which kind of action it is.
"""

from __future__ import annotations

import gymnasium as gym
import torch


class Categorical:
    """Discrete actions: `probs (B, H, n)`. Plans are integers `(B, N, H)`."""

    def __init__(self, act_space, batch, horizon):
        self.n = int(act_space.n)
        self.probs = torch.full((batch, horizon, self.n), 1 / self.n)

    noise_size = 1

    def sample(self, noise):
        """Noise `(B, N, H, 1)` to actions `(B, N, H)`, by inverting the distribution function."""
        u = 0.5 * (1 + torch.erf(noise[..., 0] / 2**0.5))
        edges = self.probs.cumsum(-1)[:, None, :, :-1]
        return (u[..., None] > edges).sum(-1)

    def refit(self, elites, weights=None, smooth=0.1):
        """Frequencies among the elites `(B, K, H)`, mixed with a little of the uniform."""
        counts = torch.nn.functional.one_hot(elites, self.n).float()
        freq = counts.mean(1) if weights is None else (weights[..., None, None] * counts).sum(1)
        self.probs = (1 - smooth) * freq + smooth / self.n

    def around(self, actions, trust=0.5):
        """Start from a plan `(B, H)`: half on its actions, half uniform."""
        one_hot = torch.nn.functional.one_hot(actions, self.n).float()
        self.probs = trust * one_hot + (1 - trust) / self.n

    def mode(self):
        return self.probs.argmax(-1)


class Gaussian:
    """Continuous actions: `mean, std (B, H, A)`. Plans are floats `(B, N, H, A)` in the bounds."""

    def __init__(self, act_space, batch, horizon, spread=0.6):
        low, high = torch.as_tensor(act_space.low), torch.as_tensor(act_space.high)
        if not torch.isfinite(low).all() or not torch.isfinite(high).all():
            raise ValueError(f"planning needs bounded actions, got {act_space}")
        self.low, self.high = low, high
        self.noise_size = low.shape[0]
        self.mean = ((low + high) / 2).expand(batch, horizon, -1).clone()
        self.initial = (spread * (high - low) / 2).expand(batch, horizon, -1)
        self.std = self.initial.clone()

    def sample(self, noise):
        """Noise `(B, N, H, A)` to actions within the bounds."""
        return self._clip(self.mean[:, None] + self.std[:, None] * noise)

    def refit(self, elites, weights=None):
        """Mean and deviation of the elites `(B, K, H, A)`; with weights `(B, K)` only the mean."""
        if weights is not None:
            self.mean = (weights[..., None, None] * elites).sum(1)
            return
        self.mean = elites.mean(1)
        self.std = elites.std(1, unbiased=False) + 0.02 * (self.high - self.low)

    def around(self, actions):
        """Start from a plan `(B, H, A)` with the full spread."""
        self.mean = actions.clone()

    def mode(self):
        return self._clip(self.mean)

    def _clip(self, x):
        return torch.maximum(torch.minimum(x, self.high), self.low)


def proposal(act_space, batch: int, horizon: int):
    """The distribution that fits an action space."""
    if isinstance(act_space, gym.spaces.Discrete):
        return Categorical(act_space, batch, horizon)
    if isinstance(act_space, gym.spaces.Box):
        return Gaussian(act_space, batch, horizon)
    raise TypeError(f"planners know Discrete and Box actions, got {act_space}")


def shift(actions):
    """A plan one step later: the first action is done, the last is repeated."""
    return torch.cat([actions[:, 1:], actions[:, -1:]], dim=1)


def normal(batch, candidates, horizon, size, generator):
    """White noise `(B, N, H, A)`."""
    return torch.randn(batch, candidates, horizon, size, generator=generator)


def coloured(batch, candidates, horizon, size, beta, generator):
    """Noise with power spectrum 1 / f^beta along time, unit variance: `(B, N, H, A)`.

    beta 0 is white; larger is smoother. Timmer & Koenig (1995), as used by iCEM.
    """
    # Drawn over twice the horizon, so that the ends of a plan are not tied to each other.
    length = 2 * horizon
    freq = torch.fft.rfftfreq(length)
    freq[0] = freq[1]
    scale = freq ** (-beta / 2)
    shape = (batch, candidates, size, len(freq))
    spectrum = torch.complex(
        torch.randn(shape, generator=generator), torch.randn(shape, generator=generator)
    )
    noise = torch.fft.irfft(spectrum * scale, n=length)[..., :horizon]
    variance = scale[0] ** 2 + 4 * (scale[1:-1] ** 2).sum() + scale[-1] ** 2
    return (noise * length / variance.sqrt()).movedim(2, 3)
