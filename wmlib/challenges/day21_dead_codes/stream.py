"""A stream of vectors that changes while it runs, and pictures of Catch in tokens."""

from __future__ import annotations

import numpy as np

from wmlib.worlds.catch import Catch

PATCH, SIDE = 8, 4  # a picture of 32 x 32 is 4 x 4 patches


class Stream:
    """What an encoder gives while it learns: D numbers, in clumps of unequal size that wander."""

    def __init__(self, rng: np.random.Generator, clumps: int = 24, size: int = 4):
        self.rng, self.size = rng, size
        self.centres = 4 * rng.normal(size=(clumps, size))
        self.share = rng.dirichlet(3 * np.ones(clumps))
        self.goal = 4 * rng.normal(size=(clumps, size)) + 6

    def batch(self, n: int, now: float) -> np.ndarray:
        """n vectors `(n, D)`; now: 0 at the beginning of the learning, 1 at its end."""
        clump = self.rng.choice(len(self.share), n, p=self.share)
        where = (1 - now) * self.centres + now * self.goal
        return where[clump] + 0.3 * self.rng.normal(size=(n, self.size))


class Patches:
    """A tokenizer of Catch's pictures: each patch is the nearest of `n` typical ones.

    The numbers of the codes are drawn: they mean nothing but what `decode` paints.
    """

    def __init__(self, rng: np.random.Generator, n: int = 160):
        world, frames = Catch(), []
        state = world.initial(60, rng)
        for _ in range(50):
            frames.append(world.obs(state))
            state, _, _ = world.step(state, rng.integers(0, 3, 60), rng)
            state[:, 0] = rng.uniform(2, 29, 60)
        parts = self._cut(np.concatenate(frames)).reshape(-1, PATCH * PATCH)
        parts = np.unique(parts.round(1), axis=0)
        codes = parts[rng.choice(len(parts), n, replace=False)]
        for _ in range(8):
            index = self._nearest(parts, codes)
            codes = np.stack(
                [
                    parts[index == k].mean(0)
                    if (index == k).any()
                    else parts[rng.integers(len(parts))]
                    for k in range(n)
                ]
            )
        self.codes = codes[rng.permutation(n)]

    def encode(self, obs: np.ndarray) -> np.ndarray:
        """Pictures `(B, 32, 32)` to tokens `(B, 16)`."""
        parts = self._cut(obs)
        return self._nearest(parts.reshape(-1, PATCH * PATCH), self.codes).reshape(
            len(obs), SIDE * SIDE
        )

    def decode(self, tokens: np.ndarray) -> np.ndarray:
        """Tokens `(B, 16)` to pictures `(B, 32, 32)`, from 0 to 1."""
        tokens = np.asarray(tokens, int)
        if (
            tokens.ndim != 2
            or tokens.shape[1] != SIDE * SIDE
            or not 0 <= tokens.min() <= tokens.max() < len(self.codes)
        ):
            raise ValueError(
                f"decode takes tokens (B, 16) from 0 to {len(self.codes) - 1}, got {tokens.shape}"
            )
        parts = self.codes[tokens].reshape(-1, SIDE, SIDE, PATCH, PATCH)
        return parts.transpose(0, 1, 3, 2, 4).reshape(-1, 32, 32)

    def _cut(self, obs):
        obs = np.asarray(obs).reshape(-1, SIDE, PATCH, SIDE, PATCH) / 255
        return obs.transpose(0, 1, 3, 2, 4).reshape(len(obs), SIDE * SIDE, PATCH * PATCH)

    def _nearest(self, x, codes):
        return ((codes**2).sum(1) - 2 * x @ codes.T).argmin(1)
