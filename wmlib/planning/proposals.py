"""Distributions over action sequences that a planner samples from and sharpens.

Discrete actions: a categorical per step; continuous ones: a Gaussian per step within the bounds.
Both turn standard normal noise `(B, N, H, A)` into plans, so that a planner may colour the noise
(iCEM) without knowing which kind of action it is. Plans hold the environment's own actions.
"""

from __future__ import annotations

from collections.abc import Sequence

import gymnasium as gym
import torch

from wmlib.devices import Device
from wmlib.worlds.actions import bounds, check_space, from_index, to_index


class Categorical:
    """Discrete actions: `probs (B, H, n)`. Plans are integers `(B, N, H)`."""

    noise_size = 1

    def __init__(
        self, act_space: gym.spaces.Discrete, batch: int, horizon: int, device: Device = "cpu"
    ):
        self.act_space, self.n = act_space, int(act_space.n)
        shape = (batch, horizon, self.n)
        self.probs = torch.full(shape, 1 / self.n, dtype=torch.float32, device=device)

    def sample(self, noise: torch.Tensor) -> torch.Tensor:
        """Noise `(B, N, H, 1)` to actions `(B, N, H)`, by inverting the distribution function."""
        u = 0.5 * (1 + torch.erf(noise[..., 0] / 2**0.5))
        edges = self.probs.cumsum(-1)[:, None, :, :-1]  # (B, 1, H, n - 1)
        return from_index(self.act_space, (u[..., None] > edges).sum(-1))

    def refit(
        self, elites: torch.Tensor, weights: torch.Tensor | None = None, smooth: float = 0.1
    ) -> None:
        """Frequencies among the elites `(B, K, H)`, mixed with a little of the uniform."""
        counts = self._one_hot(elites)  # (B, K, H, n)
        freq = counts.mean(1) if weights is None else (weights[..., None, None] * counts).sum(1)
        self.probs = (1 - smooth) * freq + smooth / self.n

    def around(self, actions: torch.Tensor, trust: float = 0.5) -> None:
        """Start from a plan `(B, H)`: half on its actions, half uniform."""
        self.probs = trust * self._one_hot(actions) + (1 - trust) / self.n

    def mode(self) -> torch.Tensor:
        """The likeliest actions `(B, H)`."""
        return from_index(self.act_space, self.probs.argmax(-1))

    def _one_hot(self, actions):
        return torch.nn.functional.one_hot(to_index(self.act_space, actions), self.n).float()


class Gaussian:
    """Continuous actions: `mean, std (B, H, A)`. Plans are floats `(B, N, H, A)` in the bounds."""

    def __init__(
        self,
        act_space: gym.spaces.Box,
        batch: int,
        horizon: int,
        device: Device = "cpu",
        spread: float = 0.6,
    ):
        low, high = (torch.as_tensor(x, device=device) for x in bounds(act_space))
        self.low, self.high = low, high  # (A,)
        self.noise_size = low.shape[0]
        self.mean = ((low + high) / 2).expand(batch, horizon, -1).clone()
        self.initial = (spread * (high - low) / 2).expand(batch, horizon, -1)
        self.std = self.initial.clone()

    def sample(self, noise: torch.Tensor) -> torch.Tensor:
        """Noise `(B, N, H, A)` to actions within the bounds."""
        return self._clip(self.mean[:, None] + self.std[:, None] * noise)

    def refit(self, elites: torch.Tensor, weights: torch.Tensor | None = None) -> None:
        """Mean and deviation of the elites `(B, K, H, A)`; with weights `(B, K)` only the mean."""
        if weights is not None:
            self.mean = (weights[..., None, None] * elites).sum(1)
            return
        self.mean = elites.mean(1)
        self.std = elites.std(1, unbiased=False) + 0.02 * (self.high - self.low)

    def around(self, actions: torch.Tensor) -> None:
        """Start from a plan `(B, H, A)` with the full spread."""
        self.mean = actions.clone()

    def mode(self) -> torch.Tensor:
        """The likeliest actions `(B, H, A)`."""
        return self._clip(self.mean)

    def _clip(self, x):
        return torch.maximum(torch.minimum(x, self.high), self.low)


def proposal(
    act_space: gym.Space, batch: int, horizon: int, device: Device = "cpu"
) -> Categorical | Gaussian:
    """The distribution that fits an action space.

    Raises:
        TypeError, ValueError: see `check_space` and `bounds` of `wmlib.worlds.actions`.
    """
    act_space = check_space(act_space)
    if isinstance(act_space, gym.spaces.Discrete):
        return Categorical(act_space, batch, horizon, device)
    return Gaussian(act_space, batch, horizon, device)


def shift(actions: torch.Tensor) -> torch.Tensor:
    """A plan one step later: the first action is done, the last is repeated."""
    return torch.cat([actions[:, 1:], actions[:, -1:]], dim=1)


def normal(
    shape: Sequence[int], generator: torch.Generator, device: Device = "cpu"
) -> torch.Tensor:
    """White noise `(B, N, H, A)`."""
    return _drawn(shape, generator).to(device)


def coloured(
    shape: Sequence[int], beta: float, generator: torch.Generator, device: Device = "cpu"
) -> torch.Tensor:
    """Noise with power spectrum 1 / f^beta along time, unit variance: `(B, N, H, A)`.

    beta 0 is white; larger is smoother. Timmer & Koenig (1995), as used by iCEM.
    """
    batch, candidates, horizon, size = shape
    # Drawn over twice the horizon, so that the ends of a plan are not tied to each other.
    length = 2 * horizon
    freq = torch.fft.rfftfreq(length, dtype=torch.float32, device=generator.device)
    freq[0] = freq[1]
    scale = freq ** (-beta / 2)
    drawn = (batch, candidates, size, len(freq))
    spectrum = torch.complex(_drawn(drawn, generator), _drawn(drawn, generator))
    noise = torch.fft.irfft(spectrum * scale, n=length)[..., :horizon]  # (B, N, A, H)
    variance = scale[0] ** 2 + 4 * (scale[1:-1] ** 2).sum() + scale[-1] ** 2
    return (noise * length / variance.sqrt()).movedim(2, 3).to(device)


def _drawn(shape, generator):
    return torch.randn(shape, generator=generator, device=generator.device, dtype=torch.float32)
