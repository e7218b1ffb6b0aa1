"""The cross-entropy method: sample plans, keep the elites, sample around them, again."""

from __future__ import annotations

import torch

from wmlib.planning.base import Plan, Planner
from wmlib.planning.proposals import normal, proposal, shift


class CEM(Planner):
    """Cross-entropy method over plans; returns the elites' mean (or their commonest actions).

    Rubinstein (1999); as a planner with learned models: Chua et al. (2018), PETS.

    Args:
        iterations: rounds of sampling and refitting.
        elites: how many of the N candidates the next round is fitted to.
    """

    def __init__(self, horizon=15, candidates=100, iterations=3, elites=10, **kw):
        super().__init__(horizon, candidates, **kw)
        if not 1 <= elites <= candidates:
            raise ValueError(f"elites must be between 1 and candidates={candidates}, got {elites}")
        self.iterations, self.elites = iterations, elites

    def plan(self, model, state, generator, warm=None):
        batch = self._batch(state)
        dist = proposal(model.act_space, batch, self.horizon)
        if warm is not None:
            dist.around(shift(warm.actions))
        for _ in range(self.iterations):
            noise = normal(batch, self.candidates, self.horizon, dist.noise_size, generator)
            actions = dist.sample(noise)
            scores = self.evaluate(model, state, actions, generator)
            dist.refit(take(actions, scores.topk(self.elites, dim=1).indices))
        best = dist.mode()
        return Plan(best, self.evaluate(model, state, best[:, None], generator)[:, 0])


def take(actions, index):
    """Pick plans by index: actions `(B, N, ...)`, index `(B, K)` -> `(B, K, ...)`."""
    return actions[torch.arange(len(actions))[:, None], index]
