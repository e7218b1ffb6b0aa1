"""What the neural models share: actions as numbers, normalising, networks, one training loop."""

from __future__ import annotations

import math

import gymnasium as gym
import torch
from torch import nn

from wmlib.training import train


def encode_action(act_space, action) -> torch.Tensor:
    """Actions as a network reads them: one-hot for integers `(...,)`, floats `(..., A)` as is.

    Raises:
        ValueError: if they are not actions of this space.
    """
    action = torch.as_tensor(action)
    if isinstance(act_space, gym.spaces.Discrete):
        n = int(act_space.n)
        if action.is_floating_point():
            raise ValueError(f"actions of {act_space} are integers, got {action.dtype}")
        if action.numel() and (action.min() < 0 or action.max() >= n):
            raise ValueError(
                f"actions of {act_space} are integers from 0 to {n - 1}, "
                f"got values from {action.min()} to {action.max()}"
            )
        return nn.functional.one_hot(action.long(), n).float()
    if action.shape[-1:] != act_space.shape:
        raise ValueError(
            f"actions of this world are floats of shape (..., {act_space.shape[0]}), "
            f"got shape {tuple(action.shape)}"
        )
    return action.float()


class Normaliser(nn.Module):
    """Shift and scale to mean 0 and deviation 1, learned from data.

    A feature that was constant in the data is shifted and not scaled: its deviation, 0 or what
    rounding left of it, is nothing to divide by.
    """

    def __init__(self, size: int):
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("std", torch.ones(size))

    def fit(self, x: torch.Tensor) -> None:
        self.mean = x.mean(0)
        std = x.std(0) if len(x) > 1 else torch.zeros_like(self.mean)
        constant = std < 1e-6 * self.mean.abs().clamp_min(1)
        self.std = torch.where(constant, torch.ones_like(std), std)

    def forward(self, x):
        return (x - self.mean) / self.std

    def undo(self, z):
        return z * self.std + self.mean


def mlp(sizes: list[int], generator: torch.Generator) -> nn.Sequential:
    """Linear layers with SiLU between them, initialised from `generator`."""
    layers = []
    for i, (n_in, n_out) in enumerate(zip(sizes, sizes[1:])):
        linear = nn.Linear(n_in, n_out)
        with torch.no_grad():
            linear.weight.uniform_(-1, 1, generator=generator).div_(math.sqrt(n_in))
            linear.bias.zero_()
        layers += [linear] + ([nn.SiLU()] if i < len(sizes) - 2 else [])
    return nn.Sequential(*layers)


class StackedMLP(nn.Module):
    """E independent networks evaluated at once: `(E, B, in) -> (E, B, out)`.

    One batched matrix product per layer is up to five times faster than a loop over the members.
    """

    def __init__(self, members: int, sizes: list[int], generator: torch.Generator):
        super().__init__()
        pairs = list(zip(sizes, sizes[1:]))
        self.weights = nn.ParameterList(
            torch.randn(members, i, o, generator=generator) / math.sqrt(i) for i, o in pairs
        )
        self.biases = nn.ParameterList(torch.zeros(members, 1, o) for _, o in pairs)

    def forward(self, x):
        last = len(self.weights) - 1
        for k, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            x = torch.baddbmm(bias, x, weight)
            if k < last:
                x = nn.functional.silu(x)
        return x


class ContinueHead(nn.Module):
    """P(the episode goes on) from the state that was reached.

    Ends are rare (a random CartPole episode has one in twenty steps), so every batch holds a fixed
    share of them. The price: the head ranks states rightly, but as a probability it is too
    pessimistic, since it was taught in a world with more ends. `balanced=False` draws as they come.

    Attributes:
        temperature: divides the logits. At 1 a well-fitted head is so certain that every safe state
            reads exactly 1 in single precision; at 5 a planner can still tell safe from safer.
    """

    def __init__(self, obs_size: int, generator: torch.Generator, hidden: int = 32):
        super().__init__()
        self.norm = Normaliser(obs_size)
        self.net = mlp([obs_size, hidden, hidden, 1], generator)
        self.register_buffer("ends_seen", torch.tensor(False))
        self.register_buffer("temperature", torch.tensor(1.0))

    def forward(self, obs):
        """`(..., D) -> (...)` probability of going on; 1 if training never showed an end."""
        if not self.ends_seen:
            return torch.ones(obs.shape[:-1])
        return torch.sigmoid(self.net(self.norm(obs))[..., 0] / self.temperature)

    def fit(self, next_obs, terminated, generator, steps: int = 500, balanced: bool = True):
        """Learn from the states that were reached `(N, D)` and which of them were ends `(N,)`.

        A truncated step is no end: the world went on, only nobody watched.
        """
        self.ends_seen = terminated.any()
        if not self.ends_seen:
            return
        self.norm.fit(next_obs)
        x, target = self.norm(next_obs), (~terminated).float()
        ends, others = torch.where(terminated)[0], torch.where(~terminated)[0]

        def loss_of_batch():
            if balanced and len(others):
                rows = torch.cat([_pick(ends, 32, generator), _pick(others, 96, generator)])
            else:
                rows = torch.randint(len(x), (128,), generator=generator)
            logits = self.net(x[rows])[:, 0]
            return nn.functional.binary_cross_entropy_with_logits(logits, target[rows])

        train(self.net.parameters(), loss_of_batch, steps, 3e-3, 1e-3, decay=False)


def _pick(rows, n, generator):
    return rows[torch.randint(len(rows), (n,), generator=generator)]
