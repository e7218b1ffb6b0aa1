"""M: a recurrent network that says which z may come next, as a mixture of Gaussians (MDN-RNN).

    memory[t+1] = LSTM(z[t], act[t]; memory[t])
    p(z[t+1])   = for each of the S numbers a mixture of K Gaussians, read from memory[t+1]
    rew[t], cont[t] are read from memory[t+1] too: they belong to the arrow t -> t + 1

A mixture, because a future can fork: the next ball is thrown or it is not, and the mean of the two
would be half a ball. Graves (2013) wrote by hand like this; Ha and Schmidhuber (2018) dreamt.

Shapes: B stretches of T frames, S numbers in a z, A in an encoded action, H units, K Gaussians.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import gymnasium as gym
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from wmlib.devices import (
    Device,
    building,
    device_of,
    floats,
    new_generator,
    pick_device,
    rand,
    randint,
    randn,
)
from wmlib.models.networks import encode_action
from wmlib.models.rssm import masked_mean
from wmlib.models.vae import VAE, draw
from wmlib.streams import Sequences
from wmlib.training import train
from wmlib.worlds.actions import action_size


class Mixture(NamedTuple):
    """For each number a mixture of K Gaussians: all three `(..., S, K)`."""

    log_weight: torch.Tensor
    mean: torch.Tensor
    log_std: torch.Tensor


class Memory(NamedTuple):
    """What an LSTM carries on: `hidden (B, H)`, which others may read, and `cell (B, H)`."""

    hidden: torch.Tensor
    cell: torch.Tensor


class MDNRNN(nn.Module):
    """The memory, and what it expects.

    Args:
        act_space: gymnasium space of one action.
        size: S, numbers in a z. hidden: H, units of the LSTM. mixtures: K.
        cont_weight: of the continue head's loss; ends are rare and must not be missed.
        seed: of the initial weights, and of the batches and the noise while it learns.
        device: "cpu", "auto" (a GPU where there is one) or any of torch's.
    """

    def __init__(
        self,
        act_space: gym.Space,
        size: int = 16,
        hidden: int = 128,
        mixtures: int = 5,
        cont_weight: float = 3.0,
        seed: int = 0,
        device: Device = "cpu",
    ):
        super().__init__()
        self.act_space, self.size, self.hidden = act_space, size, hidden
        self.mixtures, self.cont_weight = mixtures, cont_weight
        self.generator = new_generator(seed)
        with building(seed):
            self.lstm = nn.LSTMCell(size + action_size(act_space), hidden)
            self.mixture = nn.Linear(hidden, 3 * mixtures * size)
            self.rew_cont = nn.Linear(hidden, 2)  # reward, and the logit of going on
        self.to(pick_device(device))

    def initial(self, n: int) -> Memory:
        """The memory of somebody who has seen nothing yet, n times."""
        weight = self.lstm.weight_hh
        return Memory(weight.new_zeros(n, self.hidden), weight.new_zeros(n, self.hidden))

    def step(
        self,
        z: torch.Tensor,
        action: torch.Tensor,
        memory: Memory,
        first: torch.Tensor | None = None,
    ) -> Memory:
        """Carry on: z `(B, S)`, encoded action `(B, A)`.

        Args:
            first: `(B,)` bool: where z is the first of an episode, so that nothing before it may
                be remembered.
        """
        if first is not None:
            memory = blank_where(memory, first)
        return Memory(*self.lstm(torch.cat([z, action], -1), memory))  # (B, H), (B, H)

    def heads(self, hidden: torch.Tensor) -> tuple[Mixture, torch.Tensor, torch.Tensor]:
        """What memories `(..., H)` expect: `Mixture`, reward `(...)`, logit of going on `(...)`."""
        parts = self.mixture(hidden).unflatten(-1, (self.size, 3 * self.mixtures))  # (..., S, 3 K)
        logits, mean, log_std = parts.chunk(3, -1)  # (..., S, K) each
        rew, cont = self.rew_cont(hidden).unbind(-1)  # (...), (...)
        return Mixture(logits.log_softmax(-1), mean, log_std.clamp(-5, 2)), rew, cont

    def unroll(self, z: torch.Tensor, act: torch.Tensor, first: torch.Tensor) -> Memory:
        """The memories that lead into frames 1, 2, ... T - 1: `Memory` of `(B, T - 1, H)`.

        Args:
            z: `(B, T, S)`. act: `(B, T - 1, A)`, encoded. first: `(B, T)` bool.
        """
        memory, memories = self.initial(len(z)), []
        for t in range(act.shape[1]):
            memory = self.step(z[:, t], act[:, t], memory, first[:, t])
            memories.append(memory)
        return Memory(*(torch.stack(part, 1) for part in zip(*memories)))

    def loss(
        self,
        z: torch.Tensor,
        act: torch.Tensor,
        rew: torch.Tensor,
        cont: torch.Tensor,
        first: torch.Tensor,
    ) -> tuple[torch.Tensor, dict[str, float], Memory]:
        """The loss of a batch of stretches, and its parts.

        Args:
            z: `(B, T, S)`. act: `(B, T - 1)` or `(B, T - 1, A)`. rew, cont: `(B, T - 1)`.
            first: `(B, T)` bool. Arrows into a first frame teach nothing.

        Returns:
            loss (scalar); dict of floats: nats per number, reward's squared error, continue's
            cross-entropy; the memories it passed through, see `unroll`.
        """
        z, rew, cont, first = (x.to(device_of(self)) for x in (z, rew, cont, first))
        real = (~first[:, 1:]).float()  # (B, T - 1)
        memories = self.unroll(z, encode_action(self.act_space, act, z.device), first)
        mixture, rew_guess, cont_logit = self.heads(memories.hidden)  # (B, T - 1, ...)
        nats = -masked_mean(log_likelihood(mixture, z[:, 1:]).mean(-1), real)
        off = masked_mean((rew_guess - rew) ** 2, real)
        ends = binary_cross_entropy_with_logits(cont_logit, cont, reduction="none")
        ends = masked_mean(ends, real)
        parts = {"nats": nats, "reward": off, "continue": ends}
        return nats + off + self.cont_weight * ends, floats(parts), memories

    def fit(
        self,
        sequences: Sequences,
        vision: VAE,
        steps: int = 2500,
        batch: int = 32,
        length: int = 16,
        lr: float = 6e-3,
        report: Callable[..., object] | None = None,
    ) -> list[float]:
        """Learn from experience. May be called again; an interrupt keeps what was learned.

        The pictures are encoded once, but z is drawn anew for each batch: what V is unsure of, M
        must not take for certain.

        Args:
            seen: `streams.Sequences` of stretches of more than `length` frames.
            vision: a trained `VAE`.
            steps, batch, lr: of Adam, see `training.train`. length: steps of each stretch in a
                batch, cut anew each time.
            report: called with (step, loss), see `training.train`.

        Returns:
            list of training losses.
        """
        room = sequences.first.shape[1] - length
        if room < 1:
            raise ValueError(
                f"stretches of {length} steps need more than {length} frames, "
                f"these have {sequences.first.shape[1]}"
            )
        mean, log_var = vision.encode_all(sequences.obs)

        def loss_of_batch():
            rows = randint(len(mean), (batch, 1), self.generator, "cpu")
            frames = randint(room, (batch, 1), self.generator, "cpu")
            frames = frames + torch.arange(length + 1, device="cpu")  # (B, length + 1)
            steps_ = frames[:, :-1]
            z = draw(mean[rows, frames], log_var[rows, frames], self.generator)  # (B, ..., S)
            return self.loss(
                z,
                sequences.act[rows, steps_],
                sequences.rew[rows, steps_],
                sequences.cont[rows, steps_],
                sequences.first[rows, frames],
            )[0]

        return train(self.parameters(), loss_of_batch, steps, lr, report=report)


def blank_where(memory: Memory, first: torch.Tensor) -> Memory:
    """Memories set to zero where an episode begins: `first (B,)` or `(B, T)` bool."""
    keep = (~first).float()[..., None]
    return Memory(*(part * keep for part in memory))


def log_likelihood(mixture: Mixture, z: torch.Tensor) -> torch.Tensor:
    """log p(z) number by number: `(..., S)`. By logsumexp: no density is ever as small as 0."""
    score = (z[..., None] - mixture.mean) / mixture.log_std.exp()  # (..., S, K)
    each = -0.5 * score**2 - mixture.log_std - 0.5 * math.log(2 * math.pi)
    return torch.logsumexp(mixture.log_weight + each, -1)


def sample(
    mixture: Mixture, generator: torch.Generator | None = None, temperature: float = 1.0
) -> torch.Tensor:
    """One z `(..., S)`: for each number a Gaussian is chosen, and then a value.

    Temperature acts twice: the log-weights are divided by it, so that a cold dreamer always takes
    the likeliest Gaussian, and the noise is multiplied by its square root. At 1 nothing is changed.
    Without a generator: the middle of the likeliest Gaussian, which is a temperature of 0.

    Raises:
        ValueError: if the temperature is not above 0.
    """
    if not temperature > 0:
        raise ValueError(f"a temperature is above 0 (pass no generator for 0), got {temperature}")
    if generator is None:
        chosen = mixture.log_weight.argmax(-1, keepdim=True)  # (..., S, 1)
        return mixture.mean.gather(-1, chosen)[..., 0]
    weight = (mixture.log_weight / temperature).softmax(-1)  # (..., S, K)
    place = rand((*weight.shape[:-1], 1), generator, weight)
    passed = (weight.cumsum(-1) < place).sum(-1, keepdim=True)  # (..., S, 1)
    chosen = passed.clamp_max(weight.shape[-1] - 1)
    mean = mixture.mean.gather(-1, chosen)[..., 0]  # (..., S)
    std = mixture.log_std.gather(-1, chosen)[..., 0].exp()
    return mean + math.sqrt(temperature) * std * randn(mean.shape, generator, mean)
