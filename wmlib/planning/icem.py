"""iCEM: the cross-entropy method made cheap enough for control. Pinneri et al. (2020)."""

from __future__ import annotations

from typing import Any

import torch

from wmlib.planning.base import Plan, best_of
from wmlib.planning.cem import CEM, best
from wmlib.planning.proposals import coloured, proposal, shift


class ICEM(CEM):
    """CEM with coloured noise, kept elites, a shrinking population, and the best plan *seen*.

    Args:
        beta: exponent of the noise's spectrum: 0 white, larger smoother in time.
        keep: share of the elites carried to the next round and, shifted, to the next step.
        shrink: the population is divided by this from round to round.
    """

    def __init__(
        self,
        horizon: int = 15,
        candidates: int = 100,
        iterations: int = 3,
        elites: int = 10,
        beta: float = 1.0,
        keep: float = 0.3,
        shrink: float = 1.25,
        **settings: Any,
    ):
        super().__init__(horizon, candidates, iterations, elites, **settings)
        self.beta, self.keep, self.shrink = beta, keep, shrink

    def plan(self, model, state, generator, warm=None):
        """See `Planner.plan`; `memory` holds the elites that are kept, `(B, K, H, ...)`."""
        batch, device = self._batch(state)
        dist = proposal(model.act_space, batch, self.horizon, device)
        kept = None
        if warm is not None:
            dist.around(shift(warm.actions))
            kept = torch.stack([shift(plan) for plan in warm.memory.unbind(1)], dim=1)
        seen = []
        for i in range(self.iterations):
            n = max(2 * self.elites, int(self.candidates / self.shrink**i))
            shape = (batch, n, self.horizon, dist.noise_size)
            actions = dist.sample(coloured(shape, self.beta, generator, device))  # (B, N, H, ...)
            if i == self.iterations - 1:
                actions = torch.cat([actions, dist.mode()[:, None]], dim=1)
            if kept is not None:
                actions = torch.cat([actions, kept], dim=1)
            scores = self.evaluate(model, state, actions, generator)  # (B, N)
            elites = best(actions, scores, self.elites)  # (B, K, H, ...)
            dist.refit(elites)
            kept = elites[:, : max(1, round(self.keep * self.elites))]
            seen.append(best_of(actions, scores))
        plans = torch.stack([plans for plans, _ in seen], dim=1)  # (B, iterations, H, ...)
        scores = torch.stack([scores for _, scores in seen], dim=1)
        return Plan(*best_of(plans, scores), memory=kept)
