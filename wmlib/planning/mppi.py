"""MPPI: every sampled plan has a say, weighted by how good it looks. Williams et al. (2017)."""

from __future__ import annotations

import torch

from wmlib.planning.base import Plan, Planner
from wmlib.planning.proposals import normal, proposal, shift


class MPPI(Planner):
    """Model predictive path integral control: weights exp(score / temperature), fixed noise.

    Args:
        temperature: lambda, in deviations of the scores; small trusts the best plan alone.
        iterations: rounds; the mean moves, the noise does not shrink.
    """

    def __init__(self, horizon=15, candidates=100, temperature=0.1, iterations=1, **kw):
        super().__init__(horizon, candidates, **kw)
        self.temperature, self.iterations = temperature, iterations

    def plan(self, model, state, generator, warm=None):
        batch = self._batch(state)
        dist = proposal(model.act_space, batch, self.horizon)
        if warm is not None:
            dist.around(shift(warm.actions))
        for _ in range(self.iterations):
            noise = normal(batch, self.candidates, self.horizon, dist.noise_size, generator)
            actions = dist.sample(noise)
            scores = self.evaluate(model, state, actions, generator)
            spread = scores.std(1, keepdim=True).clamp_min(1e-6)
            weights = torch.softmax(scores / (self.temperature * spread), dim=1)
            dist.refit(actions, weights)
        best = dist.mode()
        return Plan(best, self.evaluate(model, state, best[:, None], generator)[:, 0])
