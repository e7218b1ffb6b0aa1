"""The baseline every neural model must beat: next state as a linear function, by least squares."""

from __future__ import annotations

import gymnasium as gym
import torch
from torch import nn

from wmlib.devices import Device, building, pick_device
from wmlib.experience import Transitions
from wmlib.models.networks import Units, encode_action
from wmlib.models.vector import VectorModel
from wmlib.training import learning


class LinearDynamics(VectorModel, nn.Module):
    """Change of observation and reward = [obs, action, 1] W, fitted by ridge regression.

    State and observations `(B, D)`. There is no learned continue: give one with
    `goal(cont=...)` where episodes end.

    Args:
        obs_size: D. act_space: `Discrete` (one-hot) or `Box`.
        device: "cpu", "auto" (a GPU where there is one) or any of torch's.

    Attributes:
        weight: W, `(D + actions + 1, D + 1)`.
    """

    weight: torch.Tensor

    def __init__(self, obs_size: int, act_space: gym.Space, device: Device = "cpu"):
        super().__init__(obs_size, act_space)
        with building():
            unknown = torch.full((obs_size + self.act_size + 1, obs_size + 1), torch.nan)
            self.register_buffer("weight", unknown)
        self.to(pick_device(device))

    @learning
    def fit(self, data: Transitions, ridge: float = 1e-6) -> LinearDynamics:
        """Solve for W.

        Args:
            data: Transitions. ridge: added to the diagonal; it also settles what the constant and
                the one-hot actions could each explain.
        """
        obs, act, rew, nxt, _ = self._columns(data)
        x = self._features(obs, act).double()  # (N, D + actions + 1)
        y = torch.cat([nxt - obs, rew[:, None]], dim=1).double()  # (N, D + 1)
        scale = Units.scales(x)  # so that the ridge is small beside every column
        x = x / scale
        gram = x.T @ x + ridge * torch.eye(x.shape[1], dtype=x.dtype, device=x.device)
        solved = torch.linalg.solve(gram, x.T @ y) / scale[:, None]
        self.weight = solved.to(self.weight.dtype)
        return self

    def predict(self, obs, action, generator=None):
        """See `VectorModel.predict`; nothing here is random.

        Raises:
            RuntimeError: before `fit`.
        """
        if not self.weight.is_meta and self.weight.isnan().any():
            raise RuntimeError("this model has learned nothing yet: call fit(data) first")
        out = self._features(obs, action) @ self.weight  # (B, D + 1)
        return obs + out[:, :-1], out[:, -1]

    def _features(self, obs, action):
        act = encode_action(self.act_space, action, obs.device).to(obs.dtype)
        return torch.cat([obs, act, obs.new_ones(len(obs), 1)], dim=1)
