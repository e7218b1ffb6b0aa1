"""iCEM: the cross-entropy method made cheap enough for control. Pinneri et al. (2020)."""

from __future__ import annotations

import torch

from wmlib.planning.base import Plan, best_of
from wmlib.planning.cem import CEM, take
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
        horizon=15,
        candidates=100,
        iterations=3,
        elites=10,
        beta=1.0,
        keep=0.3,
        shrink=1.25,
        **kw,
    ):
        super().__init__(horizon, candidates, iterations, elites, **kw)
        self.beta, self.keep, self.shrink = beta, keep, shrink

    def plan(self, model, state, generator, warm=None):
        batch = self._batch(state)
        dist = proposal(model.act_space, batch, self.horizon)
        kept = None
        if warm is not None:
            dist.around(shift(warm.actions))
            kept = torch.stack([shift(plan) for plan in warm.memory.unbind(1)], dim=1)
        seen = []
        for i in range(self.iterations):
            n = max(2 * self.elites, int(self.candidates / self.shrink**i))
            noise = coloured(batch, n, self.horizon, dist.noise_size, self.beta, generator)
            actions = dist.sample(noise)
            if i == self.iterations - 1:
                actions = torch.cat([actions, dist.mode()[:, None]], dim=1)
            if kept is not None:
                actions = torch.cat([actions, kept], dim=1)
            scores = self.evaluate(model, state, actions, generator)
            top = scores.topk(self.elites, dim=1).indices
            elites = take(actions, top)
            dist.refit(elites)
            kept = elites[:, : max(1, round(self.keep * self.elites))]
            seen.append(best_of(actions, scores))
        actions = torch.stack([actions for actions, _ in seen], dim=1)
        best = best_of(actions, torch.stack([scores for _, scores in seen], dim=1))
        return Plan(*best, memory=kept)
