"""The baseline every neural model must beat: next state as a linear function, by least squares."""

from __future__ import annotations

import torch
from torch import nn

from wmlib.models.networks import encode_action
from wmlib.models.vector import VectorModel


class LinearDynamics(VectorModel, nn.Module):
    """Change of observation and reward = [obs, action, 1] W, fitted by ridge regression.

    State and observations `(B, D)`. There is no learned continue: give one with
    `goal(cont=...)` where episodes end.

    Args:
        obs_size: D. act_space: `Discrete` (one-hot) or `Box`.
    """

    def __init__(self, obs_size, act_space):
        super().__init__(obs_size, act_space)
        unknown = torch.full((obs_size + self.act_size + 1, obs_size + 1), torch.nan)
        self.register_buffer("weight", unknown)

    def fit(self, data, ridge: float = 1e-6) -> LinearDynamics:
        """Solve for W.

        Args:
            data: Transitions. ridge: added to the diagonal; it also settles what the constant and
                the one-hot actions could each explain.
        """
        obs, act, rew, nxt, _ = self._tensors(data)
        x = self._features(obs, act).double()
        y = torch.cat([nxt - obs, rew[:, None]], dim=1).double()
        gram = x.T @ x + ridge * torch.eye(x.shape[1], dtype=torch.float64)
        self.weight = torch.linalg.solve(gram, x.T @ y).float()
        return self

    def predict(self, obs, action, generator=None):
        if self.weight.isnan().any():
            raise RuntimeError("this model has learned nothing yet: call fit(data) first")
        out = self._features(obs, action) @ self.weight
        return obs + out[:, :-1], out[:, -1]

    def _features(self, obs, action):
        act = encode_action(self.act_space, action)
        return torch.cat([obs, act, torch.ones(len(obs), 1)], dim=1)
