"""Where tensors live, and chance that is the same on every device.

A model makes every tensor on its own device. Chance is drawn where its generator lives, which is
the CPU unless somebody asked for another, and then moved: so the same seed draws the same numbers
whatever the device. (A generator of the CPU cannot draw on a GPU at all.)
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

import numpy as np
import torch

Device = str | torch.device


def pick_device(device: Device = "cpu") -> torch.device:
    """The device of that name; "auto" is a GPU where there is one, else the CPU."""
    if device != "auto":
        return torch.device(device)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_of(module: torch.nn.Module) -> torch.device:
    """Where a module's weights live; the CPU if it has none."""
    for tensor in chain(module.parameters(), module.buffers()):
        return tensor.device
    return torch.device("cpu")


def floats(parts: dict[str, torch.Tensor]) -> dict[str, float]:
    """Scalar tensors as plain numbers; NaN on torch's meta device, where nothing has a value."""
    return {name: math.nan if x.is_meta else x.item() for name, x in parts.items()}


@contextmanager
def building(seed: int | None = None) -> Iterator[None]:
    """For constructors: what torch's own layers make here is on the CPU and in single precision.

    Whatever default device or precision somebody has set: move the finished model to its device
    afterwards. With a seed, the layers' first weights, which torch draws from its global chance,
    have that seed, and the global chance is left as it was.
    """
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    try:
        with torch.device("cpu"), torch.random.fork_rng(devices=[], enabled=seed is not None):
            if seed is not None:
                torch.manual_seed(seed)
            yield
    finally:
        torch.set_default_dtype(before)


def new_generator(seed: int = 0) -> torch.Generator:
    """Chance with a seed, on the CPU."""
    return torch.Generator(device="cpu").manual_seed(seed)


def randn(shape: Sequence[int], generator: torch.Generator, like: torch.Tensor) -> torch.Tensor:
    """Standard normal numbers of this shape, with the device and precision of `like`."""
    drawn = torch.randn(
        tuple(shape), generator=generator, device=generator.device, dtype=torch.float32
    )
    return drawn.to(like.device, like.dtype)


def rand(shape: Sequence[int], generator: torch.Generator, like: torch.Tensor) -> torch.Tensor:
    """Numbers drawn evenly from [0, 1), with the device and precision of `like`."""
    drawn = torch.rand(
        tuple(shape), generator=generator, device=generator.device, dtype=torch.float32
    )
    return drawn.to(like.device, like.dtype)


def randint(
    n: int, shape: Sequence[int], generator: torch.Generator, device: Device
) -> torch.Tensor:
    """Whole numbers from 0 to n - 1."""
    drawn = torch.randint(n, tuple(shape), generator=generator, device=generator.device)
    return drawn.to(device)


def multinomial(weights: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """One draw for each row, in proportion to its weights: `(B, n) -> (B,)`."""
    if weights.is_meta:
        return weights.argmax(-1)
    drawn = torch.multinomial(weights.to(generator.device), 1, generator=generator)
    return drawn[:, 0].to(weights.device)


def select(values: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The values `(B, T, ...)` where a mask `(B, T)` is True: `(M, ...)`.

    On torch's meta device, where nobody can count them, all.
    """
    return values.flatten(0, 1) if mask.is_meta else values[mask]


def new_rng(seed: Any = 0, *more: int) -> np.random.Generator:
    """NumPy's chance with a seed: a number, or numbers in lists within lists.

    A seed is often `[seed, 3]`, where `seed` may be such a list itself. NumPy flattened that until
    2.4 and refuses it since 2.5; here it is flattened, and the draws are those of before. A
    generator stays itself.
    """
    if not more and not isinstance(seed, (list, tuple, np.ndarray)):
        return np.random.default_rng(seed)
    return np.random.default_rng([*_numbers(seed), *more])


def _numbers(seed: Any) -> Iterator:
    """A seed's numbers, one after another."""
    seed = seed.tolist() if isinstance(seed, np.ndarray) else seed
    if not isinstance(seed, (list, tuple)):
        yield seed
        return
    for part in seed:
        yield from _numbers(part)
