"""V: a variational autoencoder, which turns a picture into a few numbers and back.

    encode   q(z | picture) = N(mean, exp(log_var)), one Gaussian for each of the S numbers
    decode   the picture that z stands for
    loss     squared error of the picture + beta max(free, KL(q(z | picture) || N(0, 1)))

The first part wants z to say everything, the second to say nothing. What is left is what pays for
itself, spread around 0, so that a z which nobody ever encoded still decodes to something. The
first few nats are free: an eye that has not learned to see yet would otherwise learn that saying
nothing is cheapest, and never open again. Kingma and Welling (2014); with the floor, as the eye of
a world model, Ha and Schmidhuber (2018).
"""

from __future__ import annotations

import torch
from torch import nn

from wmlib.devices import building
from wmlib.models.convs import Decoder, Encoder, image_batch, unit_images
from wmlib.training import train

# With torch's first weights the outputs of an eye differ from picture to picture by a thousandth,
# and in the noise of z all pictures look alike for hundreds of steps, sometimes for ever.
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
    """

    def __init__(self, size=16, width=8, beta=0.1, free=0.5, seed=0):
        super().__init__()
        self.size, self.beta, self.free = size, beta, free
        self.generator = torch.Generator().manual_seed(seed)
        with building(seed):
            self.encoder, self.decoder = Encoder(2 * size, width=width), Decoder(size, width=width)

    def encode(self, obs):
        """Mean and log-variance of z, both `(B, S)`, of pictures, bytes or floats from 0 to 1."""
        mean, log_var = self.encoder(image_batch(obs)).chunk(2, -1)
        return CONTRAST * mean, log_var.clamp(-10, 4)

    def decode(self, z) -> torch.Tensor:
        """Pictures `(B, 1, 32, 32)`, floats, not bounded."""
        return self.decoder(z)

    def loss(self, obs):
        """The loss of a batch of pictures and its parts, in squared brightness and in nats.

        Returns:
            loss (scalar), picture (scalar), kl (scalar): each summed over a picture, mean of B.
        """
        obs = image_batch(obs)
        mean, log_var = self.encode(obs)
        drawn = self.decode(draw(mean, log_var, self.generator))
        recon = ((drawn - obs) ** 2).sum((1, 2, 3)).mean()
        kl = kl_to_standard(mean, log_var).sum(-1).mean()
        return recon + self.beta * kl.clamp_min(self.free * self.size), recon, kl

    def fit(self, obs, steps: int = 1300, batch: int = 32, lr: float = 4e-3, report=None):
        """Learn from pictures. May be called again; an interrupt keeps what was learned.

        Args:
            obs: `(N, 1, 32, 32)`, bytes or floats from 0 to 1.
            steps, batch, lr: of Adam, see `networks.train`.
            report: called with (step, loss), see `networks.train`.

        Returns:
            list of training losses.
        """
        obs = torch.as_tensor(obs)
        image_batch(obs[:1])  # raises where they are no pictures

        def loss_of_batch():
            rows = torch.randint(len(obs), (batch,), generator=self.generator)
            return self.loss(obs[rows])[0]

        return train(self.parameters(), loss_of_batch, steps, lr, report=report)

    @torch.inference_mode()
    def encode_all(self, obs):
        """Mean and log-variance of many pictures `(..., 1, 32, 32)`: each `(..., S)`."""
        obs = torch.as_tensor(obs)
        flat = obs.reshape(-1, *obs.shape[-3:]).split(512)
        mean, log_var = zip(*(self.encode(unit_images(piece)) for piece in flat))
        shape = (*obs.shape[:-3], self.size)
        return torch.cat(mean).view(shape).clone(), torch.cat(log_var).view(shape).clone()


def draw(mean, log_var, generator) -> torch.Tensor:
    """z from N(mean, exp(log_var)), any shape; the gradient passes both (Kingma and Welling)."""
    noise = torch.randn(mean.shape, generator=generator)
    return mean + (log_var / 2).exp() * noise


def kl_to_standard(mean, log_var) -> torch.Tensor:
    """KL(N(mean, exp(log_var)) || N(0, 1)) in nats, number by number: `(...)`."""
    return 0.5 * (mean**2 + log_var.exp() - 1 - log_var)
