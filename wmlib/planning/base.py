"""What every planner shares: the score of an imagined future, and plans for a batch of states."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import torch

from wmlib.models.base import Rollout, WorldModel, batch_size, tree_map


class Plan(NamedTuple):
    """The best futures found for B states: `actions (B, H)` or `(B, H, A)`, `score (B,)`.

    `memory` is the planner's own: hand the plan back at the next step and it starts warm.
    """

    actions: torch.Tensor
    score: torch.Tensor
    memory: Any = None


def score(rollout: Rollout, discount: float = 1.0, value=None) -> torch.Tensor:
    """Sum over t of discount^t * (product of cont[k], k < t) * rew[t]: `(B,)`.

    A reward counts as far as the episode is likely to get there. `value(state)` adds what the
    last state is worth, weighted by all the continues.
    """
    horizon = rollout.rew.shape[1]
    alive = torch.cumprod(rollout.cont, dim=1)
    before = torch.cat([torch.ones_like(alive[:, :1]), alive[:, :-1]], dim=1)
    weight = discount ** torch.arange(horizon, dtype=rollout.rew.dtype)
    total = (weight * before * rollout.rew).sum(1)
    if value is not None:
        total = total + discount**horizon * alive[:, -1] * value(rollout.states[-1])
    return total


class Planner(ABC):
    """Searches for action sequences in a model's imagination. Knows only the interface.

    Args:
        horizon: H, steps imagined.
        candidates: N, sequences compared (per iteration, where there are several).
        discount: of rewards, per step.
        value: optional `state -> (B,)`, what the last imagined state is worth.
    """

    def __init__(self, horizon=15, candidates=50, discount=1.0, value=None):
        for name, number in (("horizon", horizon), ("candidates", candidates)):
            if number < 1:
                raise ValueError(f"{name} must be at least 1, got {number}")
        self.horizon, self.candidates = horizon, candidates
        self.discount, self.value = discount, value

    @abstractmethod
    def plan(self, model: WorldModel, state, generator, warm: Plan | None = None) -> Plan:
        """Plan for a batch of B states at once.

        Args:
            model: any WorldModel with rewards. state: B of its states.
            generator: torch generator, the only source of chance.
            warm: the plan of the step before, one action of which has been taken.
        """

    def evaluate(self, model, state, actions, generator=None):
        """Score N plans for each of B states: actions `(B, N, H, ...) -> (B, N)`."""
        if not model.has_reward:
            raise ValueError(
                f"{type(model).__name__} predicts no reward, so plans cannot be compared: "
                "give it an aim first, model.goal(rew=lambda obs, action, next_obs: ...)"
            )
        b, n = actions.shape[:2]
        many = tree_map(lambda x: _repeat(x, n), state)
        flat = actions.reshape(b * n, *actions.shape[2:])
        rollout = model.imagine(many, flat, generator=generator)
        total = score(rollout, self.discount, self.value)
        return torch.nan_to_num(total, nan=-1e9).view(b, n)

    def _batch(self, state):
        return batch_size(state)


def _repeat(x, n):
    return x.repeat_interleave(n, 0) if isinstance(x, torch.Tensor) else x.repeat(n, axis=0)


def best_of(actions, scores):
    """The best of N plans for each state: actions `(B, N, ...)`, scores `(B, N)`."""
    top = scores.argmax(1)
    rows = torch.arange(len(top))
    return actions[rows, top], scores[rows, top]
