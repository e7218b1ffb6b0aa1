"""MPPI: every sampled plan has a say, weighted by how good it looks. Williams et al. (2017)."""

from __future__ import annotations

from typing import Any

import torch

from wmlib.planning.base import Planner
from wmlib.planning.proposals import normal, proposal, shift


class MPPI(Planner):
    """Model predictive path integral control: weights exp(score / temperature), fixed noise.

    Args:
        temperature: lambda, in deviations of the scores; small trusts the best plan alone.
        iterations: rounds; the mean moves, the noise does not shrink.
    """

    def __init__(
        self,
        horizon: int = 15,
        candidates: int = 100,
        temperature: float = 0.1,
        iterations: int = 1,
        **settings: Any,
    ):
        super().__init__(horizon, candidates, **settings)
        if iterations < 1:
            raise ValueError(f"iterations must be at least 1, got {iterations}")
        if not temperature > 0:
            raise ValueError(f"temperature must be more than 0, got {temperature}")
        self.temperature, self.iterations = temperature, iterations

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
            # What lost counts as bad as the worst that did not, for the spread alone.
            lost = scores == -torch.inf
            worst = torch.where(lost, torch.inf, scores).amin(1, keepdim=True)
            spread = torch.where(lost, worst, scores).std(1, keepdim=True)
            spread = spread.nan_to_num(nan=0.0).clamp_min(1e-6)  # of one plan alone there is none
            weights = torch.softmax(scores / (self.temperature * spread), dim=1)
            dist.refit(actions, weights)
        return self._middle(model, state, generator, dist.mode(), actions, scores)
