"""Seeing and drawing: convolutions between a picture and a vector."""

from __future__ import annotations

import torch
from torch import nn


def unit_images(obs) -> torch.Tensor:
    """Pictures as a network reads them: bytes `(..., C, 32, 32)` become floats from 0 to 1."""
    obs = torch.as_tensor(obs)
    return obs.float() / 255 if obs.dtype == torch.uint8 else obs.float()


def image_batch(obs) -> torch.Tensor:
    """A batch of grey pictures `(B, 1, 32, 32)`, made `bright`.

    Raises:
        ValueError: if the shape is another.
    """
    obs = unit_images(obs)
    if obs.ndim != 4 or obs.shape[1:] != (1, 32, 32):
        raise ValueError(
            f"wanted a batch of pictures of shape (B, 1, 32, 32), got {tuple(obs.shape)}; "
            "a single one goes in as obs[None]"
        )
    return obs


class Encoder(nn.Module):
    """Pictures `(..., C, 32, 32)` in 0..1 to vectors `(..., size)`: three halvings, one layer.

    Args:
        size: of the vector. channels: of the picture. width: channels after the first halving.
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
        flat = obs.reshape(-1, *obs.shape[-3:])
        return self.out(self.convs(flat)).reshape(*obs.shape[:-3], -1)


class Decoder(nn.Module):
    """Vectors `(..., size)` to pictures `(..., C, 32, 32)`: the `Eye` the other way round.

    The output is not bounded; what it is a mean or a logit of, the loss decides.
    """

    def __init__(self, size: int, channels: int = 1, width: int = 16):
        super().__init__()
        widths = [4 * width, 2 * width, width, channels]
        self.first = nn.Sequential(nn.Linear(size, 4 * width * 16), nn.SiLU())
        layers = [nn.Unflatten(1, (4 * width, 4, 4))]
        for n_in, n_out in zip(widths, widths[1:]):
            layers += [nn.ConvTranspose2d(n_in, n_out, 4, stride=2, padding=1), nn.SiLU()]
        self.convs = nn.Sequential(*layers[:-1])

    def forward(self, feat):
        picture = self.convs(self.first(feat.reshape(-1, feat.shape[-1])))
        return picture.reshape(*feat.shape[:-1], *picture.shape[-3:])
