"""The RSSM of a world that shows a few numbers instead of a picture.

The same memory, prior and posterior; the eye and the brush are small networks.
"""

from __future__ import annotations

import torch
from torch import nn

from wmlib.devices import building
from wmlib.models.rssm import RSSM, head, layer

# Eye and brush work in fifths of the scale: all steps of Adam are about equally long, and a brush
# whose numbers are five times as large is five times as exact. An error of a fifth costs 1.
FINE = 5.0


class VectorRSSM(RSSM):
    """A latent world model of observations `(B, D)`.

    Args:
        act_space: gymnasium space of one action.
        scale: D numbers: about how far each of the observation's numbers ranges.
        hidden, seed, others: see `RSSM`.
    """

    def __init__(self, act_space, scale, hidden=128, seed=0, **others):
        super().__init__(act_space, hidden=hidden, seed=seed, **others)
        self.register_buffer("scale", torch.as_tensor(scale, dtype=torch.float32))
        with building(seed):
            self.encoder = nn.Sequential(*layer(len(scale), hidden), *layer(hidden, hidden))
            self.decoder = head(self.feat_size, hidden, len(scale))

    def preprocess(self, obs) -> torch.Tensor:
        """What the eye reads: observations `(B, D)` in fifths of `scale`.

        Raises:
            ValueError: if the shape is another.
        """
        obs = torch.as_tensor(obs).float()
        if obs.ndim != 2 or obs.shape[1] != len(self.scale):
            raise ValueError(
                f"wanted a batch of observations of shape (B, {len(self.scale)}), got "
                f"{tuple(obs.shape)}; a single one goes in as obs[None]"
            )
        return FINE * obs / self.scale

    def decode(self, state):
        """The numbers that each state stands for, `(B, D)`."""
        return self.decoder(self.feat(state)) * self.scale / FINE
