"""What CartPole may be asked to do, as functions that `model.goal(rew=..., cont=...)` takes.

`rew(obs, action, next_obs) -> (B,)` and `cont(next_obs) -> (B,)`, on tensors `(B, 4)`. All but
`constant` are privileged: they say what the world itself keeps to itself.
"""

from __future__ import annotations

import torch
from torch import Tensor

from wmlib.worlds.classic import CartPole

X_LIMIT, ANGLE_LIMIT = CartPole.X_LIMIT, CartPole.ANGLE_LIMIT


def constant(obs: Tensor, action: Tensor, next_obs: Tensor) -> Tensor:
    """What CartPole pays: 1 for every step."""
    return torch.ones_like(next_obs[:, 0])


def upright(obs: Tensor, action: Tensor, next_obs: Tensor) -> Tensor:
    """The shaped score: 1 in the middle, 0 in the corners of what is allowed. Privileged."""
    return 1 - 0.5 * (next_obs[:, 2] / ANGLE_LIMIT) ** 2 - 0.5 * (next_obs[:, 0] / X_LIMIT) ** 2


def standing(next_obs: Tensor) -> Tensor:
    """Whether this is still within the limits, which somebody told us. Privileged."""
    inside = (abs(next_obs[:, 0]) < X_LIMIT) & (abs(next_obs[:, 2]) < ANGLE_LIMIT)
    return inside.float()
