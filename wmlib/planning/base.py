"""What every planner shares: the score of an imagined future, and plans for a batch of states."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, NamedTuple

import torch

from wmlib.models.base import Rollout, State, WorldModel, batch_size, state_device, tree_map


class Plan(NamedTuple):
    """The best futures found for B states: `actions (B, H)` or `(B, H, A)`, `score (B,)`.

    `memory` is the planner's own: hand the plan back at the next step and it starts warm.
    """

    actions: torch.Tensor
    score: torch.Tensor
    memory: Any = None


def score(
    rollout: Rollout, discount: float = 1.0, value: Callable[[State], torch.Tensor] | None = None
) -> torch.Tensor:
    """Sum over t of discount^t * (product of cont[k], k < t) * rew[t]: `(B,)`.

    A reward counts as far as the episode is likely to get there. `value(state)` adds what the
    last state is worth, weighted by all the continues.
    """
    horizon, rew = rollout.rew.shape[1], rollout.rew
    alive = torch.cumprod(rollout.cont, dim=1)  # (B, H)
    before = torch.cat([torch.ones_like(alive[:, :1]), alive[:, :-1]], dim=1)
    weight = discount ** torch.arange(horizon, dtype=rew.dtype, device=rew.device)  # (H,)
    total = (weight * before * rew).sum(1)
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

    def __init__(
        self,
        horizon: int = 15,
        candidates: int = 50,
        discount: float = 1.0,
        value: Callable[[State], torch.Tensor] | None = None,
    ):
        for name, number in (("horizon", horizon), ("candidates", candidates)):
            if number < 1:
                raise ValueError(f"{name} must be at least 1, got {number}")
        self.horizon, self.candidates = horizon, candidates
        self.discount, self.value = discount, value

    @abstractmethod
    def plan(
        self, model: WorldModel, state: State, generator: torch.Generator, warm: Plan | None = None
    ) -> Plan:
        """Plan for a batch of B states at once.

        Args:
            model: any WorldModel with rewards. state: B of its states.
            generator: torch generator, the only source of chance.
            warm: the plan of the step before, one action of which has been taken.

        Raises:
            ValueError: for a model without rewards, for actions without finite bounds, or where
                not one candidate has a finite score.
        """

    def evaluate(
        self,
        model: WorldModel,
        state: State,
        actions: torch.Tensor,
        generator: torch.Generator | None = None,
    ) -> torch.Tensor:
        """Score N plans for each of B states: actions `(B, N, H, ...) -> (B, N)`.

        A score that is not finite loses against all others: it reads minus infinity.

        Raises:
            ValueError: for a model without rewards, or if no plan for a state has a finite score.
        """
        total = self._scores(model, state, actions, generator)
        some = (total > -torch.inf).any(1)
        if not total.is_meta and not some.all():
            row, (b, n) = int((~some).nonzero()[0, 0]), total.shape
            raise ValueError(
                f"all {n} plans for state {row} of {b} score NaN or infinity, so they cannot be "
                "compared: look at the rew and cont that model.imagine gives, and at the aim if "
                "the model has one (a logarithm, a root, a division?)"
            )
        return total

    def _scores(self, model, state, actions, generator):
        if not model.has_reward:
            raise ValueError(
                f"{type(model).__name__} predicts no reward, so plans cannot be compared: "
                "give it an aim first, model.goal(rew=lambda obs, action, next_obs: ...)"
            )
        b, n = actions.shape[:2]
        many = tree_map(lambda x: _repeat(x, n), state)
        flat = actions.reshape(b * n, *actions.shape[2:])
        with torch.no_grad():  # a search compares, and needs no gradient
            rollout = model.imagine(many, flat, generator=generator)
            total = score(rollout, self.discount, self.value).view(b, n)
        return total.nan_to_num(nan=-torch.inf, posinf=-torch.inf, neginf=-torch.inf)

    def _middle(self, model, state, generator, mode, actions, scores):
        """The middle of a search, `(B, H, ...)`; where its score is not finite, the best plan of
        the last round, `(B, N, H, ...)` with scores `(B, N)`."""
        total = self._scores(model, state, mode[:, None], generator)[:, 0]  # (B,)
        finite, (plan, seen) = total > -torch.inf, best_of(actions, scores)
        rows = finite.view(-1, *[1] * (mode.ndim - 1))
        return Plan(torch.where(rows, mode, plan), torch.where(finite, total, seen))

    def _batch(self, state: State) -> tuple[int, torch.device]:
        """How many states there are, and where they live: plans are made there."""
        return batch_size(state), state_device(state)


def _repeat(x, n):
    if not isinstance(x, torch.Tensor):
        return x.repeat(n, axis=0)
    return x[:, None].expand(-1, n, *x.shape[1:]).flatten(0, 1)


def best_of(actions: torch.Tensor, scores: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The best of N plans for each state: actions `(B, N, ...)`, scores `(B, N)`."""
    top = scores.argmax(1)  # (B,)
    rows = torch.arange(len(top), device=top.device)
    return actions[rows, top], scores[rows, top]
