"""V: a variational autoencoder (VAE), which turns a picture into a few numbers and back.

    encode   q(z | picture) = N(mean, exp(log_var)), one Gaussian for each of the S numbers
    decode   the picture that z stands for
    loss     squared error of the picture + beta max(free, KL(q(z | picture) || N(0, 1)))

The first part wants z to say everything, the second to say nothing. What is left is what pays for
itself, spread around 0, so that a z which nobody ever encoded still decodes to something. The
first few nats are free: an encoder that has not learned to see yet would otherwise learn that
saying nothing is cheapest, and never say anything again. Kingma and Welling (2014); with the floor,
as the vision of a world model, Ha and Schmidhuber (2018).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from numpy.typing import ArrayLike
from torch import nn

from wmlib.devices import (
    Device,
    building,
    device_of,
    floats,
    new_generator,
    pick_device,
    randint,
    randn,
)
from wmlib.models.convs import Decoder, Encoder, as_images, image_batch
from wmlib.training import train

# With torch's first weights the outputs of an encoder differ from picture to picture by a
# thousandth, and in the noise of z all pictures look alike for hundreds of steps, sometimes for
# ever.
CONTRAST = 30.0


class VAE(nn.Module):
    """Pictures `(B, 1, 32, 32)` to z `(B, S)` and back.

    Args:
        size: S, how many numbers a picture becomes.
        width: channels after the first halving.
        beta: weight of the KL. A Gaussian picture of standard deviation s has beta = 2 s^2: at 0.1
            a pixel may be off by 0.22 before it counts.
        free: nats of KL for each of the S numbers that cost nothing, in the mean of a batch.
        seed: of the initial weights, and of the batches and the noise while it learns.
        device: "cpu", "auto" (a GPU where there is one) or any of torch's.
    """

    def __init__(
        self,
        size: int = 16,
        width: int = 8,
        beta: float = 0.1,
        free: float = 0.5,
        seed: int = 0,
        device: Device = "cpu",
    ):
        super().__init__()
        self.size, self.beta, self.free = size, beta, free
        self.generator = new_generator(seed)
        with building(seed):
            self.encoder, self.decoder = Encoder(2 * size, width=width), Decoder(size, width=width)
        self.to(pick_device(device))

    def encode(self, obs: ArrayLike) -> tuple[torch.Tensor, torch.Tensor]:
        """Mean and log-variance of z, both `(B, S)`, of pictures, bytes or floats from 0 to 1."""
        obs = image_batch(obs, device_of(self))  # (B, 1, 32, 32)
        mean, log_var = self.encoder(obs).chunk(2, -1)  # (B, S), (B, S)
        return CONTRAST * mean, log_var.clamp(-10, 4)

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        """Pictures `(B, 1, 32, 32)`, floats, not bounded."""
        return self.decoder(z)

    def loss(
        self, obs: ArrayLike, generator: torch.Generator | None = None
    ) -> tuple[torch.Tensor, dict[str, float]]:
        """The loss of a batch of pictures `(B, 1, 32, 32)`, and its parts.

        Args:
            generator: of the noise; default the model's own.

        Returns:
            loss (scalar); dict of floats, each summed over a picture, mean of B: recon, in squared
            brightness, and kl, in nats.
        """
        obs = image_batch(obs, device_of(self))  # (B, 1, 32, 32)
        mean, log_var = self.encode(obs)  # (B, S)
        drawn = self.decode(draw(mean, log_var, generator or self.generator))  # (B, 1, 32, 32)
        recon = ((drawn - obs) ** 2).sum((1, 2, 3)).mean()
        kl = kl_to_standard(mean, log_var).sum(-1).mean()
        loss = recon + self.beta * kl.clamp_min(self.free * self.size)
        return loss, floats({"recon": recon, "kl": kl})

    def fit(
        self,
        obs: ArrayLike,
        steps: int = 1300,
        batch: int = 32,
        lr: float = 4e-3,
        report: Callable[..., object] | None = None,
    ) -> list[float]:
        """Learn from pictures. May be called again; an interrupt keeps what was learned.

        Args:
            obs: `(N, 1, 32, 32)`, bytes or floats from 0 to 1.
            steps, batch, lr: of Adam, see `training.train`.
            report: called with (step, loss), see `training.train`.

        Returns:
            list of training losses.

        Raises:
            ValueError: if they are no pictures; see `convs.as_images`.
        """
        obs = as_images(obs, "cpu")
        image_batch(obs[:1])  # raises where the shape is another

        def loss_of_batch():
            rows = randint(len(obs), (batch,), self.generator, "cpu")
            return self.loss(obs[rows])[0]

        return train(self.parameters(), loss_of_batch, steps, lr, report=report)

    @torch.inference_mode()
    def encode_all(self, obs: ArrayLike) -> tuple[torch.Tensor, torch.Tensor]:
        """Mean and log-variance of many pictures `(..., 1, 32, 32)`: each `(..., S)`."""
        obs = torch.as_tensor(obs, device=device_of(self))
        pieces = obs.reshape(-1, *obs.shape[-3:]).split(512)
        mean, log_var = zip(*(self.encode(piece) for piece in pieces))
        shape = (*obs.shape[:-3], self.size)
        return torch.cat(mean).view(shape).clone(), torch.cat(log_var).view(shape).clone()


def draw(mean: torch.Tensor, log_var: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """z from N(mean, exp(log_var)), any shape; the gradient passes both (Kingma and Welling)."""
    return mean + (log_var / 2).exp() * randn(mean.shape, generator, mean)


def kl_to_standard(mean: torch.Tensor, log_var: torch.Tensor) -> torch.Tensor:
    """KL(N(mean, exp(log_var)) || N(0, 1)) in nats, number by number: `(...)`."""
    return 0.5 * (mean**2 + log_var.exp() - 1 - log_var)
