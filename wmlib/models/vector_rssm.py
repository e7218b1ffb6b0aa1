"""The RSSM of a world that shows a few numbers instead of a picture.

The same memory, prior and posterior; encoder and decoder are small networks.
"""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import torch
from numpy.typing import ArrayLike
from torch import nn

from wmlib.devices import Device, building, pick_device
from wmlib.models.rssm import RSSM, head, layer

# Encoder and decoder work in fifths of the scale: all steps of Adam are about equally long, and a
# decoder whose numbers are five times as large is five times as exact. An error of a fifth costs 1.
FINE = 5.0


class VectorRSSM(RSSM):
    """A latent world model of observations `(B, N)`.

    Args:
        act_space: gymnasium space of one action.
        scale: N numbers: about how far each of the observation's numbers ranges.
        hidden, seed, device, others: see `RSSM`.
    """

    scale: torch.Tensor

    def __init__(
        self,
        act_space: gym.Space,
        scale: ArrayLike,
        hidden: int = 128,
        seed: int = 0,
        device: Device = "cpu",
        **others: Any,
    ):
        super().__init__(act_space, hidden=hidden, seed=seed, **others)
        scale = torch.as_tensor(scale, dtype=torch.float32, device="cpu")
        if scale.ndim != 1 or not (torch.isfinite(scale) & (scale > 0)).all():
            raise ValueError(f"wanted a scale above 0 for each number, got {scale.tolist()}")
        self.register_buffer("scale", scale)
        with building(seed):
            self.encoder = nn.Sequential(*layer(len(scale), hidden), *layer(hidden, hidden))
            self.decoder = head(self.feat_size, hidden, len(scale))
        self.to(pick_device(device))

    def preprocess(self, obs: ArrayLike) -> torch.Tensor:
        """What the encoder reads: observations `(B, N)` in fifths of `scale`.

        Raises:
            ValueError: if the shape is another, or numbers are not finite.
        """
        obs = torch.as_tensor(obs, device=self.device).to(self.scale.dtype)
        if obs.ndim != 2 or obs.shape[1] != len(self.scale):
            raise ValueError(
                f"wanted a batch of observations of shape (B, {len(self.scale)}), got "
                f"{tuple(obs.shape)}; a single one goes in as obs[None]"
            )
        if not obs.is_meta and not torch.isfinite(obs).all():
            raise ValueError("observations hold values that are not finite (NaN or infinity)")
        return FINE * obs / self.scale  # (B, N)

    def decode(self, state):
        """The numbers that each state stands for, `(B, N)`."""
        return self.decoder(self.feat(state)) * self.scale / FINE
