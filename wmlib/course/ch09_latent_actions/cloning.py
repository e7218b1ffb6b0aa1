"""Cloning: a network that says which of n things somebody did, shown what they saw.

Behaviour cloning is classification. The same network, shown two frames instead of one, is an
inverse model: it says what was done *between* them.
"""

from __future__ import annotations

import torch
from torch import nn

from wmlib.devices import Device, building, device_of, new_generator, pick_device, randint
from wmlib.models.convs import Encoder, unit_images
from wmlib.training import train


class Cloner(nn.Module):
    """Pictures `(B, C, 32, 32)` to one of `n` actions, numbered from 0.

    Bytes are read as brightness from 0 to 1; floats as they are, for they may be differences of
    pictures.

    Args:
        n: how many actions (or codes). channels: C, pictures that are seen at once.
        width: of the network. seed: of the initial weights and of the batches.
        device: "cpu", "auto" (a GPU where there is one) or any of torch's.
    """

    def __init__(
        self, n: int, channels: int = 1, width: int = 8, seed: int = 0, device: Device = "cpu"
    ):
        super().__init__()
        self.generator = new_generator(seed)
        with building(seed):
            self.net = Encoder(n, channels, width)
        self.to(pick_device(device))

    def forward(self, pictures):
        """Logits `(B, n)`."""
        pictures = torch.as_tensor(pictures, device=device_of(self))
        whole = not pictures.is_floating_point()
        return self.net(unit_images(pictures) if whole else pictures.float())

    def fit(self, pictures, act, steps=300, batch=32, lr=2e-3, weight_decay=1e-2, report=None):
        """Learn from pictures `(N, C, 32, 32)` and what was done in them, `(N,)` integers.

        Returns:
            list of training losses (cross-entropy, in nats).
        """
        pictures = torch.as_tensor(pictures, device="cpu")
        act = torch.as_tensor(act, device="cpu").long()
        if len(pictures) != len(act) or not len(act):
            raise ValueError(f"wanted an action for each picture, got {len(act)}, {len(pictures)}")

        def loss_of_batch():
            rows = randint(len(act), (batch,), self.generator, "cpu")
            return nn.functional.cross_entropy(self(pictures[rows]), act[rows].to(device_of(self)))

        return train(self.parameters(), loss_of_batch, steps, lr, weight_decay, report)

    @torch.inference_mode()
    def choose(self, pictures):
        """The likeliest action in each picture: `(B,)`."""
        pieces = torch.as_tensor(pictures, device=device_of(self)).split(512)
        return torch.cat([self(piece).argmax(1) for piece in pieces])
