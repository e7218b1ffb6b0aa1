"""What models of vector observations have in common: the state is the observation, `(B, D)`."""

from __future__ import annotations

import copy

import numpy as np
import torch

from wmlib.models.base import Step, WorldModel
from wmlib.worlds.actions import action_size


class VectorModel(WorldModel):
    """A memoryless model of observations `(B, D)`. Children implement `predict`.

    Args:
        obs_size: D.
        act_space: gymnasium space of one action.
    """

    def __init__(self, obs_size: int, act_space):
        super().__init__()
        self.obs_size, self.act_space = obs_size, act_space
        self.act_size = action_size(act_space)
        self.rew_function = self.cont_function = None

    def predict(self, obs, action, generator=None):
        """Next observations `(B, D)`, rewards `(B,)` (or None: no reward was learned)."""
        raise NotImplementedError

    def predict_cont(self, next_obs):
        """P(the episode goes on) in states that were reached: `(..., D) -> (...)`."""
        return torch.ones(next_obs.shape[:-1])

    def start(self, obs):
        obs = torch.as_tensor(np.asarray(obs), dtype=torch.float32)
        if obs.ndim != 2 or obs.shape[1] != self.obs_size:
            raise ValueError(
                f"wanted a batch of observations of shape (B, {self.obs_size}), "
                f"got {tuple(obs.shape)}; a single one goes in as obs[None]"
            )
        if not torch.isfinite(obs).all():
            raise ValueError("observations hold values that are not finite (NaN or infinity)")
        return obs

    def step(self, state, action, generator=None):
        action = torch.as_tensor(action)
        if action.shape[:1] != state.shape[:1]:
            raise ValueError(
                f"{len(state)} states need {len(state)} actions, got shape {tuple(action.shape)}"
            )
        nxt, rew = self.predict(state, action, generator)
        rew, cont = self._judge(state, action, nxt, rew)
        return Step(nxt, rew, cont)

    def decode(self, state):
        return state

    def goal(self, rew=None, cont=None):
        """The same weights with another aim (see `WorldModel.goal`)."""
        other = copy.copy(self)
        other.rew_function = rew or self.rew_function
        other.cont_function = cont or self.cont_function
        other.has_reward = self.has_reward or rew is not None
        return other

    def _judge(self, obs, action, nxt, rew):
        """Reward and continue of a transition: as learned, or as the aim says."""
        if self.rew_function is not None:
            rew = self.rew_function(obs, torch.as_tensor(action), nxt).float()
        if self.cont_function is not None:
            cont = self.cont_function(nxt).float()
        else:
            cont = self.predict_cont(nxt)
        return rew if rew is not None else torch.zeros(nxt.shape[:-1]), cont

    def _tensors(self, data):
        """The columns of `Transitions` as tensors, checked against this model's sizes."""
        if data.obs.ndim != 2 or data.obs.shape[1] != self.obs_size:
            raise ValueError(
                f"this model reads observations of size {self.obs_size}, "
                f"the data has shape {data.obs.shape}"
            )
        names = ("obs", "act", "rew", "next_obs")
        obs, act, rew, nxt = (torch.as_tensor(getattr(data, name)) for name in names)
        for name, column in zip(names, (obs, act, rew, nxt)):
            if not torch.isfinite(column).all():
                raise ValueError(f"{name} holds values that are not finite: nothing was learned")
        return obs.float(), act, rew.float(), nxt.float(), torch.as_tensor(data.terminated)


class Still(VectorModel):
    """The model to beat before all others: nothing ever moves."""

    def predict(self, obs, action, generator=None):
        return obs, None
