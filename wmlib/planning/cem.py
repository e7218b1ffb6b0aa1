"""The cross-entropy method: sample plans, keep the elites, sample around them, again."""

from __future__ import annotations

from typing import Any

import torch

from wmlib.planning.base import Planner
from wmlib.planning.proposals import normal, proposal, shift


class CEM(Planner):
    """Cross-entropy method over plans; returns the elites' mean (or their commonest actions).

    Rubinstein (1999); as a planner with learned models: Chua et al. (2018), PETS.

    Args:
        iterations: rounds of sampling and refitting.
        elites: how many of the N candidates the next round is fitted to.
    """

    def __init__(
        self,
        horizon: int = 15,
        candidates: int = 100,
        iterations: int = 3,
        elites: int = 10,
        **settings: Any,
    ):
        super().__init__(horizon, candidates, **settings)
        if not 1 <= elites <= candidates:
            raise ValueError(f"elites must be between 1 and candidates={candidates}, got {elites}")
        if iterations < 1:
            raise ValueError(f"iterations must be at least 1, got {iterations}")
        self.iterations, self.elites = iterations, elites

    def plan(self, model, state, generator, warm=None):
        """See `Planner.plan`."""
        batch, device = self._batch(state)
        dist = proposal(model.act_space, batch, self.horizon, device)
        if warm is not None:
            dist.around(shift(warm.actions))
        for _ in range(self.iterations):
            shape = (batch, self.candidates, self.horizon, dist.noise_size)
            actions = dist.sample(normal(shape, generator, device))  # (B, N, H, ...)
            scores = self.evaluate(model, state, actions, generator)  # (B, N)
            dist.refit(best(actions, scores, self.elites))
        return self._middle(model, state, generator, dist.mode(), actions, scores)


def best(actions: torch.Tensor, scores: torch.Tensor, k: int) -> torch.Tensor:
    """The k best plans for each state, best first: actions `(B, N, ...)` to `(B, k, ...)`.

    Where fewer than k have a finite score the best one stands in for the rest.
    """
    top = scores.topk(k, dim=1)
    index = torch.where(top.values > -torch.inf, top.indices, top.indices[:, :1])  # (B, k)
    return actions[torch.arange(len(actions), device=actions.device)[:, None], index]
