"""Encoder and decoder of pictures: convolutions from a picture to a vector, and back."""

from __future__ import annotations

import torch
from numpy.typing import ArrayLike
from torch import nn

from wmlib.devices import Device


def as_images(obs: ArrayLike, device: Device | None = None) -> torch.Tensor:
    """Pictures `(..., C, H, W)` as a tensor, their values unchanged, if it is clear what they mean.

    Whole numbers are bytes, from 0 (black) to 255 (white), whatever their type; floats go from 0
    to 1. What nobody would draw is refused: pictures from 0 to 255 written as floats, for instance,
    would be trained on as if they were two hundred times as bright.

    Raises:
        ValueError: if values lie outside of that range, or are not finite.
    """
    obs = _tensor(obs, device)
    whole = not obs.is_floating_point()
    if obs.dtype in (torch.uint8, torch.bool) or obs.is_meta or not obs.numel():
        return obs
    low, high = obs.float().min().item(), obs.float().max().item()
    slack, white = (0, 255) if whole else (0.01, 1)
    if not (-slack <= low and high <= white + slack):
        kind = "whole numbers from 0 to 255" if whole else "floats from 0 to 1"
        hint = "divide by 255" if 1 < high <= 255 and low >= 0 else "scale them first"
        raise ValueError(
            f"pictures of {obs.dtype} are {kind}, got values from {low:.4g} to {high:.4g}: {hint}"
        )
    return obs


def unit_images(obs: ArrayLike, device: Device | None = None) -> torch.Tensor:
    """Pictures as a network reads them: `(..., C, H, W)` floats from 0 to 1.

    Args:
        obs: bytes or whole numbers from 0 to 255, or floats from 0 to 1; see `as_images`.
        device: where the result lives; default where `obs` does.
    """
    obs = as_images(obs, device)
    return obs.float() if obs.is_floating_point() or obs.dtype == torch.bool else obs.float() / 255


def image_batch(obs: ArrayLike, device: Device | None = None) -> torch.Tensor:
    """A batch of grey pictures `(B, 1, 32, 32)`, as `unit_images`.

    Raises:
        ValueError: if the shape is another, or the values are no brightness.
    """
    obs = _tensor(obs, device)
    if obs.ndim != 4 or obs.shape[1:] != (1, 32, 32):
        raise ValueError(
            f"wanted a batch of pictures of shape (B, 1, 32, 32), got {tuple(obs.shape)}; "
            "a single one goes in as obs[None]"
        )
    return unit_images(obs)


def _tensor(obs, device):
    """As a tensor; one that is a tensor stays where it is, whatever default device was set."""
    if isinstance(obs, torch.Tensor) and device is None:
        return obs
    return torch.as_tensor(obs, device=device)


class Encoder(nn.Module):
    """Pictures `(..., C, 32, 32)` in 0..1 to vectors `(..., size)`: three halvings, one layer.

    Args:
        size: of the vector. channels: C, of the picture. width: channels after the first halving.
    """

    def __init__(self, size: int, channels: int = 1, width: int = 16):
        super().__init__()
        widths = [channels, width, 2 * width, 4 * width]
        layers = []
        for n_in, n_out in zip(widths, widths[1:]):
            layers += [nn.Conv2d(n_in, n_out, 4, stride=2, padding=1), nn.SiLU()]
        self.convs = nn.Sequential(*layers, nn.Flatten())
        self.out = nn.Linear(4 * width * 16, size)

    def forward(self, obs):
        flat = obs.reshape(-1, *obs.shape[-3:]).to(self.out.weight.dtype)  # (N, C, 32, 32)
        hidden = self.convs(flat)  # (N, 4 width * 4 * 4)
        return self.out(hidden).reshape(*obs.shape[:-3], -1)  # (..., size)


class Decoder(nn.Module):
    """Vectors `(..., size)` to pictures `(..., C, 32, 32)`: the `Encoder` the other way round.

    The output is not bounded; what it is a mean or a logit of, the loss decides.
    """

    def __init__(self, size: int, channels: int = 1, width: int = 16):
        super().__init__()
        widths = [4 * width, 2 * width, width, channels]
        self.first = nn.Sequential(nn.Linear(size, 4 * width * 16), nn.SiLU())
        layers: list[nn.Module] = [nn.Unflatten(1, (4 * width, 4, 4))]
        for n_in, n_out in zip(widths, widths[1:]):
            layers += [nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1), nn.SiLU()]
        self.convs = nn.Sequential(*layers[:-1])

    def forward(self, feat):
        flat = feat.reshape(-1, feat.shape[-1])  # (N, size)
        picture = self.convs(self.first(flat))  # (N, C, 32, 32)
        return picture.reshape(*feat.shape[:-1], *picture.shape[-3:])  # (..., C, 32, 32)
