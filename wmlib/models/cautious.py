"""An ensemble that pays for doubt, the idea of MOPO (Yu et al. 2020)."""

from __future__ import annotations

import torch

from wmlib.models.base import Step, WorldModel
from wmlib.models.ensemble import Ensemble
from wmlib.models.vector import VectorModel


class Cautious(VectorModel):
    """An ensemble that pays for doubt: reward minus `penalty` times the particles' spread.

    Args:
        ensemble: a fitted `Ensemble` (or `ensemble.goal(...)`) with redraw=False.
        penalty: reward taken per unit of disagreement (the deviation between particles, in the
            data's deviations of the change, root mean square over dimensions).
    """

    def __init__(self, ensemble: Ensemble, penalty: float):
        super().__init__(ensemble.obs_size, ensemble.act_space)
        self.ensemble, self.penalty = ensemble, penalty
        self.has_reward = ensemble.has_reward

    @property
    def device(self):
        """Where the ensemble lives."""
        return self.ensemble.device

    def start(self, obs, generator=None):
        """See `Ensemble.start`."""
        return self.ensemble.start(obs, generator)

    def decode(self, state):
        """See `Ensemble.decode`."""
        return self.ensemble.decode(state)

    def feat(self, state):
        """See `Ensemble.feat`."""
        return self.ensemble.feat(state)

    def goal(self, rew=None, cont=None):
        """See `WorldModel.goal`."""
        return Cautious(self.ensemble.goal(rew, cont), self.penalty)

    def predict(self, obs, action, generator=None):
        """See `Ensemble.predict`: doubt is paid for, and moves nothing."""
        return self.ensemble.predict(obs, action, generator)

    def predict_cont(self, next_obs):
        """See `Ensemble.predict_cont`."""
        return self.ensemble.predict_cont(next_obs)

    def imagine(self, state, actions, horizon=None, generator=None):
        """See `Ensemble.imagine`."""
        if type(self) is not Cautious:
            return WorldModel.imagine(self, state, actions, horizon, generator)
        rollout = self.ensemble.imagine(state, actions, horizon, generator)
        doubts = [self.ensemble.spread(nxt.obs, dim=1) for nxt in rollout.states[1:]]
        return rollout._replace(rew=rollout.rew - self.penalty * torch.stack(doubts, 1))

    def step(self, state, action, generator=None):
        """See `Ensemble.step`."""
        nxt, rew, cont = self.ensemble.step(state, action, generator)
        return Step(nxt, rew - self.penalty * self.ensemble.spread(nxt.obs, dim=1), cont)
