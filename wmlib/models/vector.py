"""What models of vector observations have in common: the state is the observation, `(B, D)`."""

from __future__ import annotations

import copy
from abc import abstractmethod
from itertools import chain
from typing import NamedTuple

import gymnasium as gym
import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import nn

from wmlib.experience import Transitions
from wmlib.models.base import Step, WorldModel, judged
from wmlib.models.networks import Units
from wmlib.worlds.actions import action_size


class Columns(NamedTuple):
    """Transitions as a model of vectors learns from them, on its device and in its units.

    `obs`, `nxt (N, D)`, `act (N,)` or `(N, A)`, `rew (N,)`; `terminated (N,)` stays on the CPU.
    """

    obs: torch.Tensor
    act: torch.Tensor
    rew: torch.Tensor
    nxt: torch.Tensor
    terminated: torch.Tensor


class VectorModel(WorldModel):
    """A memoryless model of observations `(B, D)`. Children implement `predict`.

    A state is the observation in the model's units (see `networks.Units`): the same numbers, except
    for a feature with a large offset or a tiny or huge scale.

    Args:
        obs_size: D.
        act_space: gymnasium space of one action.

    Attributes:
        units: chosen by `fit`.
    """

    def __init__(self, obs_size: int, act_space: gym.Space):
        super().__init__()
        self.obs_size = self.feat_size = obs_size
        self.act_space, self.act_size = act_space, action_size(act_space)
        self.units = Units(obs_size)
        self.rew_function = self.cont_function = None

    @property
    def dtype(self) -> torch.dtype:
        """The precision of the weights, and of the states."""
        if isinstance(self, nn.Module):
            for tensor in chain(self.parameters(), self.buffers()):
                return tensor.dtype
        return torch.float32

    @abstractmethod
    def predict(
        self, obs: torch.Tensor, action: torch.Tensor, generator: torch.Generator | None = None
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Next states `(B, D)`, rewards `(B,)` (or None: no reward was learned)."""

    def predict_cont(self, next_obs: torch.Tensor) -> torch.Tensor:
        """P(the episode goes on) in states that were reached: `(..., D) -> (...)`."""
        return next_obs.new_ones(next_obs.shape[:-1])

    def start(self, obs, generator=None):
        """States from observations `(B, D)`; see `observed`."""
        return self.observed(obs)

    def observed(self, obs: ArrayLike) -> torch.Tensor:
        """Observations `(B, D)` as `predict` takes them: in the model's units, on its device.

        Raises:
            ValueError: for another shape, or values that are not finite.
        """
        obs = (
            obs if isinstance(obs, torch.Tensor) else torch.as_tensor(np.asarray(obs), device="cpu")
        )
        if obs.ndim != 2 or obs.shape[1] != self.obs_size:
            raise ValueError(
                f"wanted a batch of observations of shape (B, {self.obs_size}), "
                f"got {tuple(obs.shape)}; a single one goes in as obs[None]"
            )
        if not obs.is_meta and not torch.isfinite(obs).all():
            raise ValueError("observations hold values that are not finite (NaN or infinity)")
        return self.units.into(obs).to(self.device, self.dtype)

    def step(self, state, action, generator=None):
        """See `WorldModel.step`; states `(B, D)`."""
        action = self._actions(action, state)
        nxt, rew = self.predict(state, action, generator)  # (B, D), (B,)
        rew, cont = self._judge(state, action, nxt, rew)
        return Step(nxt, rew, cont)

    def decode(self, state):
        """The observation `(B, D)`."""
        return self.units.out(state)

    def feat(self, state):
        """The state itself, `(B, D)`."""
        return state

    def goal(self, rew=None, cont=None):
        """The same weights with another aim (see `WorldModel.goal`)."""
        other = copy.copy(self)
        other.rew_function = rew or self.rew_function
        other.cont_function = cont or self.cont_function
        other.has_reward = self.has_reward or rew is not None
        return other

    def _actions(self, action, state):
        """One action for each state, on its device."""
        action = torch.as_tensor(action, device=state.device)
        if action.shape[:1] != state.shape[:1]:
            raise ValueError(
                f"{len(state)} states need {len(state)} actions, got shape {tuple(action.shape)}"
            )
        return action

    def _judge(self, state, action, nxt, rew):
        """Reward and continue of a transition: as learned, or as the aim says."""
        if self.rew_function is not None or self.cont_function is not None:
            seen = self.units.out(nxt)
        if self.rew_function is not None:
            rew = judged(self.rew_function(self.units.out(state), action, seen), seen)
        if self.cont_function is not None:
            cont = judged(self.cont_function(seen), seen)
        else:
            cont = self.predict_cont(nxt)
        return rew if rew is not None else nxt.new_zeros(nxt.shape[:-1]), cont

    def _columns(self, data: Transitions) -> Columns:
        """The columns of `Transitions`, checked against this model's sizes; the units are chosen.

        Raises:
            ValueError: for observations of another size, values that are not finite, or a model in
                half precision. Nothing is changed then.
        """
        if data.obs.ndim != 2 or data.obs.shape[1] != self.obs_size:
            raise ValueError(
                f"this model reads observations of size {self.obs_size}, "
                f"the data has shape {data.obs.shape}"
            )
        if self.dtype not in (torch.float32, torch.float64):
            raise ValueError(
                f"learning needs single or double precision, this model is in {self.dtype}: call "
                "model.float() first"
            )
        names = ("obs", "act", "rew", "next_obs")
        columns = [torch.as_tensor(getattr(data, name), device="cpu") for name in names]
        for name, column in zip(names, columns):
            if not torch.isfinite(column).all():
                raise ValueError(f"{name} holds values that are not finite: nothing was learned")
        obs, act, rew, nxt = columns
        self.units.fit(obs.double())
        obs, nxt = (self.units.into(x).to(self.device, self.dtype) for x in (obs, nxt))
        rew = rew.to(self.device, self.dtype)
        return Columns(
            obs, act.to(self.device), rew, nxt, torch.as_tensor(data.terminated, device="cpu")
        )


class Still(VectorModel):
    """The model to beat before all others: nothing ever moves."""

    def predict(self, obs, action, generator=None):
        return obs, None
