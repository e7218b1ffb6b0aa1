"""What the neural models share: actions as numbers, units and normalising, networks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import gymnasium as gym
import torch
from numpy.typing import ArrayLike
from torch import nn

from wmlib.devices import Device, building, randint
from wmlib.models import blocks
from wmlib.training import train
from wmlib.worlds.actions import action_size, to_index


def encode_action(
    act_space: gym.Space, action: ArrayLike, device: Device | None = None
) -> torch.Tensor:
    """Actions as a network reads them.

    Args:
        act_space: `Discrete` or `Box`.
        action: integers `(...,)`, the environment's own; or floats `(..., A)`.
        device: where the result lives; default where the actions do.

    Returns:
        `(..., n)` one-hot, or `(..., A)` as they are; single precision.

    Raises:
        ValueError: if they are not actions of this space.
    """
    if device is None and isinstance(action, torch.Tensor):
        device = action.device  # as_tensor would move it to the default device
    action = torch.as_tensor(action, device=device)
    if isinstance(act_space, gym.spaces.Discrete):
        if action.is_floating_point():
            raise ValueError(f"actions of {act_space} are integers, got {action.dtype}")
        n, index = int(act_space.n), to_index(act_space, action.long())
        if not index.is_meta and index.numel():
            low, high = (int(x) for x in index.aminmax())
            if low < 0 or high >= n:
                first = int(act_space.start)
                raise ValueError(
                    f"actions of {act_space} are integers from {first} to {first + n - 1}, "
                    f"got values from {low + first} to {high + first}"
                )
        one_hot = torch.eye(n, dtype=torch.float32, device=index.device)
        return nn.functional.embedding(index, one_hot)  # half the time of a scatter
    size = action_size(act_space)
    if action.shape[-1:] != (size,):
        raise ValueError(
            f"actions of this world are floats of shape (..., {size}), "
            f"got shape {tuple(action.shape)}"
        )
    return action.float()


class Units(nn.Module):
    """In what a model counts each feature: as the environment does, wherever that is possible.

    Single precision has seven digits. A feature that hardly varies beside its size (a position in
    metres from the equator, the time in seconds since 1970) has lost its last digits before a
    network sees it; one that varies by a billionth is lost beside the others. The model counts such
    a feature from its mean, and in deviations; all others keep their values to the last bit.

    What the data has lost before, nobody can restore: keep large offsets in double precision.

    Attributes:
        offset, scale: `(D,)` in double precision, on the CPU; 0 and 1 for ordinary features.
        plain: whether all features are ordinary.
    """

    FAR, SMALL, LARGE = 1e3, 1e-5, 1e5

    def __init__(self, size: int):
        super().__init__()
        self.set_extra_state(
            torch.stack(
                [
                    torch.zeros(size, dtype=torch.float64, device="cpu"),
                    torch.ones(size, dtype=torch.float64, device="cpu"),
                ]
            )
        )

    def fit(self, x: torch.Tensor) -> None:
        """Choose the units for data `(N, D)` in double precision."""
        mean, scale = x.mean(0), self.scales(x)
        varies = x.amax(0) > x.amin(0)
        far = mean.abs() > self.FAR * torch.where(varies, x.std(0, unbiased=False), 1.0)
        self.set_extra_state(torch.stack([torch.where(far, mean, 0.0), scale]))

    @classmethod
    def scales(cls, x: torch.Tensor) -> torch.Tensor:
        """What each column `(N, D)` is divided by: `(D,)`, 1 for ordinary ones."""
        varies, std = x.amax(0) > x.amin(0), x.std(0, unbiased=False)
        odd = varies & ((std < cls.SMALL) | (std > cls.LARGE))
        return torch.where(odd, std, 1.0)

    def into(self, x: torch.Tensor) -> torch.Tensor:
        """From the environment's units to the model's: `(..., D)`; a double stays a double."""
        if self.plain:
            return x
        return (x.double() - self.offset.to(x.device)) / self.scale.to(x.device)

    def out(self, x: torch.Tensor) -> torch.Tensor:
        """The way back: `(..., D)`, in double precision where a feature is not ordinary."""
        if self.plain:
            return x
        return x.double() * self.scale.to(x.device) + self.offset.to(x.device)

    # No buffers: these stay in double precision where the whole model is cast to another.

    def get_extra_state(self) -> torch.Tensor:
        return torch.stack([self.offset, self.scale])

    def set_extra_state(self, state: torch.Tensor) -> None:
        self.offset, self.scale = state
        self.plain = not (self.offset.any() or (self.scale != 1).any())


class Normaliser(nn.Module):
    """Shift and scale to mean 0 and deviation 1, learned from data.

    A feature that was constant in the data is shifted and not scaled: its deviation, 0 or what
    rounding left of it, is nothing to divide by.
    """

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, size: int):
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("std", torch.ones(size))

    def fit(self, x: torch.Tensor) -> None:
        """Learn from data `(N, D)`."""
        self.mean = x.mean(0)
        std = x.std(0) if len(x) > 1 else torch.zeros_like(self.mean)
        rounding = 8 * torch.finfo(x.dtype).eps * x.abs().amax(0)
        constant = (x.amax(0) == x.amin(0)) | (std <= rounding)
        self.std = torch.where(constant, torch.ones_like(std), std)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x - self.mean) / self.std  # (..., D)

    def undo(self, z: torch.Tensor) -> torch.Tensor:
        """The way back: `(..., D)`."""
        return z * self.std + self.mean


def mlp(sizes: Sequence[int], generator: torch.Generator) -> nn.Sequential:
    """Linear layers with SiLU between them, initialised from `generator`."""
    layers: list[nn.Module] = []
    with building():
        for i, (n_in, n_out) in enumerate(zip(sizes, sizes[1:])):
            linear = nn.Linear(n_in, n_out)
            with torch.no_grad():
                linear.weight.uniform_(-1, 1, generator=generator).div_(math.sqrt(n_in))
                linear.bias.zero_()
            layers += [linear] + ([nn.SiLU()] if i < len(sizes) - 2 else [])
    return nn.Sequential(*layers)


class ContinueHead(nn.Module):
    """P(the episode goes on) from the state that was reached.

    Ends are rare (a random CartPole episode has one in twenty steps), so every batch holds a fixed
    share of them. The price: the head ranks states rightly, but as a probability it is too
    pessimistic, since it was taught in a world with more ends. `balanced=False` draws as they come.

    Attributes:
        temperature: divides the logits. At 1 a well-fitted head is so certain that every safe state
            reads exactly 1 in single precision; at 5 a planner can still tell safe from safer.
        ends_seen: whether training showed an end.
    """

    temperature: torch.Tensor

    def __init__(self, obs_size: int, generator: torch.Generator, hidden: int = 32):
        super().__init__()
        with building():
            self.norm = Normaliser(obs_size)
            self.net = mlp([obs_size, hidden, hidden, 1], generator)
            self.register_buffer("temperature", torch.tensor(1.0))
        self.ends_seen = False

    def forward(self, obs: torch.Tensor) -> torch.Tensor:
        """`(..., D) -> (...)` probability of going on; 1 if training never showed an end."""
        if not self.ends_seen:
            return obs.new_ones(obs.shape[:-1])
        return torch.sigmoid(self.net(self.norm(obs))[..., 0] / self.temperature)

    def along(self, obs: torch.Tensor) -> torch.Tensor:
        """`(H, B, D) -> (H, B)`: what `forward` says of each step, without gradients.

        The hidden layers read several steps in one product. The last bits of the others depend on
        B: the last layer has a product for each step, and the sigmoid reads rows with gaps between.
        """
        steps, rows = obs.shape[:2]
        layers = blocks.layers_of(self.net)
        if type(self) is not ContinueHead or layers is None or not self.ends_seen:
            return torch.stack([self(x) for x in obs])
        weight, bias = layers[-1]
        logits = obs.new_empty(steps, rows + 1)[:, :rows]
        each = max(1, blocks.CACHED // (rows * len(weight)))  # steps
        parts = self.norm(obs).flatten(0, 1).split(each * rows)  # (each * B, D)
        nets = {len(x): x for x in (parts[0], parts[-1])}
        nets = {n: blocks.hidden(layers, x) for n, x in nets.items()}
        for x, out in zip(parts, logits.split(each)):
            x = nets[len(x)](x).view(len(out), rows, -1)
            torch.baddbmm(bias, x, weight.expand(len(x), -1, -1), out=out[..., None])
        return torch.sigmoid(logits.div_(self.temperature))

    def fit(
        self,
        next_obs: torch.Tensor,
        terminated: torch.Tensor,
        generator: torch.Generator,
        steps: int = 500,
        balanced: bool = True,
    ) -> None:
        """Learn from the states that were reached and which of them were ends.

        A truncated step is no end: the world went on, only nobody watched.

        Args:
            next_obs: `(N, D)`. terminated: `(N,)` bool, on the CPU.
        """
        self.ends_seen = bool(terminated.any())
        if not self.ends_seen:
            return
        self.norm.fit(next_obs)
        x = self.norm(next_obs)  # (N, D)
        target = (~terminated).to(x.device, x.dtype)  # (N,)
        ends, others = torch.where(terminated)[0], torch.where(~terminated)[0]

        def loss_of_batch():
            if balanced and len(others):
                rows = torch.cat([_pick(ends, 32, generator), _pick(others, 96, generator)])
            else:
                rows = randint(len(x), (128,), generator, "cpu")
            logits = self.net(x[rows])[:, 0]  # (128,)
            return nn.functional.binary_cross_entropy_with_logits(logits, target[rows])

        train(self.net.parameters(), loss_of_batch, steps, 3e-3, 1e-3, decay=False)

    def get_extra_state(self) -> torch.Tensor:
        return torch.tensor(self.ends_seen, device="cpu")

    def set_extra_state(self, state: torch.Tensor) -> None:
        self.ends_seen = bool(state)


def _pick(rows, n, generator):
    return rows[randint(len(rows), (n,), generator, "cpu")]


# What models of vectors are made of, beside themselves and their ensembles.
PARTS = frozenset({Units, Normaliser, ContinueHead, nn.Sequential, nn.Linear, nn.SiLU})
