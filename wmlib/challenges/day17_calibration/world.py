"""A small world of falling drops, dreams of it that are wrong in different ways, and players.

All of them work on a batch: obs `(B, 3)` is the player's column, the drop's column, and how many
steps the drop needs to come down (0: there is none). Each step that is lived pays 1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wmlib.challenges.offers import Offer

COLUMNS, HEIGHT, LIMIT = 9, 4, 60


class Rain:
    """Drops fall, half of them where the player stands; who is hit is out of the game.

    Args:
        rng: its dice. falls: how likely a drop forms. hits: how likely it hits who is under it.
        shelter: a column in which nobody is hit, or None.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        falls: float = 1.0,
        hits: float = 1.0,
        shelter: int | None = None,
    ):
        self.rng, self.falls, self.hits, self.shelter = rng, falls, hits, shelter

    def start(self, n: int) -> np.ndarray:
        """n games begin: obs `(n, 3)`."""
        if not 1 <= int(n) <= 5000:
            raise ValueError(f"between 1 and 5,000 games side by side, got {n}")
        player = self.rng.integers(0, COLUMNS, int(n))
        return np.stack([player, *self._drop(player)], 1)

    def step(self, obs: np.ndarray, act: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """obs `(B, 3)` and actions `(B,)` (0 left, 1 stay, 2 right) to obs, reward, over (bool)."""
        obs, act = np.asarray(obs, int), np.asarray(act, int)
        if obs.ndim != 2 or obs.shape[1:] != (3,) or act.shape != (len(obs),):
            raise ValueError(f"step takes obs (B, 3) and act (B,), got {obs.shape} and {act.shape}")
        if not np.isin(act, (0, 1, 2)).all():
            raise ValueError("actions are 0, 1 and 2")
        player, drop, height = obs.T
        player = np.clip(player + act - 1, 0, COLUMNS - 1)
        down = height == 1
        over = down & (player == drop) & (self.rng.random(len(obs)) < self.hits)
        if self.shelter is not None:
            over &= player != self.shelter
        fresh, high = self._drop(player)
        new = height <= 1
        obs = np.stack([player, np.where(new, fresh, drop), np.where(new, high, height - 1)], 1)
        return obs, np.ones(len(obs)), over

    def _drop(self, player):
        n = len(player)
        drop = np.where(self.rng.random(n) < 0.5, player, self.rng.integers(0, COLUMNS, n))
        return drop, np.where(self.rng.random(n) < self.falls, HEIGHT, 0)


class Player:
    """A player by its rule: obs `(B, 3)` to actions `(B,)`."""

    def __init__(self, rule: Callable[[np.ndarray], np.ndarray]):
        self.rule = rule

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions `(B,)`."""
        return np.asarray(self.rule(np.asarray(obs, int)), int)


def dodge(obs: np.ndarray) -> np.ndarray:
    """Leave the column of the drop, towards the middle."""
    player, drop, height = obs.T
    away = np.where(player < COLUMNS // 2, 2, 0)
    return np.where((height > 0) & (player == drop), away, 1)


def lent(model: Rain) -> Offer:
    """A world or a dream as a student gets it."""
    return Offer(model, ["start", "step"], facts={"limit": LIMIT})


def dreamer(kind: str, rng: np.random.Generator) -> tuple[Rain, Player]:
    """A dream of one kind and the player that was trained in it."""
    dice = np.random.default_rng(int(rng.integers(2**31)))
    if kind == "honest":
        return Rain(dice, hits=float(rng.uniform(0.97, 1))), Player(dodge)
    if kind == "easy":
        return Rain(dice, hits=float(rng.uniform(0.15, 0.3))), Player(dodge)
    if kind == "empty":
        way = int(rng.integers(0, 3))
        return Rain(dice, falls=float(rng.choice([0.0, 0.002]))), Player(
            lambda obs: 0 * obs[:, 0] + way
        )
    at = int(rng.integers(0, COLUMNS))
    hits = 1.0 if rng.random() < 0.5 else float(rng.uniform(0.3, 0.5))  # it may be easy as well
    return Rain(dice, hits=hits, shelter=at), Player(lambda obs: 1 + np.sign(at - obs[:, 0]))
