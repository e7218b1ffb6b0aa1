"""The one interface: the questions every world model answers, whatever its state is.

Alignment, here and everywhere in the course::

    state[0] --act[0]--> state[1] --act[1]--> state[2] ... --act[H-1]--> state[H]
                |                    |
             rew[0], cont[0]      rew[1], cont[1]

`act[t]` leads from `state[t]` to `state[t+1]`; `rew[t]` and `cont[t]` belong to that transition;
`cont[t]` is the probability that the episode did *not* terminate at `state[t+1]`. A rollout of
horizon H has H + 1 states, H actions, H rewards and H continues.

A state is whatever the model likes: a tensor, or a tuple / named tuple / dict of tensors, batched
over the first dimension. Planners never look inside; they use `tree_map`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, NamedTuple

import gymnasium as gym
import torch

State = Any


class Step(NamedTuple):
    """One imagined transition of a batch: next state, reward `(B,)`, continue `(B,)` in [0, 1]."""

    state: State
    rew: torch.Tensor
    cont: torch.Tensor


class Rollout(NamedTuple):
    """Imagined futures: `states` has H + 1 entries; `actions (B, H, ...)`, `rew`, `cont (B, H)`."""

    states: list
    actions: torch.Tensor
    rew: torch.Tensor
    cont: torch.Tensor


def tree_map(function: Callable, state: State) -> State:
    """Apply `function` to every tensor of a state, whatever holds the tensors."""
    if isinstance(state, dict):
        return {key: tree_map(function, value) for key, value in state.items()}
    if isinstance(state, tuple):
        parts = [tree_map(function, value) for value in state]
        return type(state)(*parts) if hasattr(state, "_fields") else tuple(parts)
    return function(state)


def batch_size(state: State) -> int:
    """How many states the batch holds."""
    while not hasattr(state, "shape"):
        state = next(iter(state.values() if isinstance(state, dict) else state))
    return state.shape[0]


class WorldModel(ABC):
    """Everything that predicts: s' = f(s, a), the reward, and whether it goes on.

    Attributes:
        act_space: gymnasium space of one action (`Discrete` or `Box`).
        has_reward: whether `step` predicts rewards. A planner refuses a model without.
    """

    act_space: gym.Space
    has_reward: bool = True

    @abstractmethod
    def start(self, obs) -> State:
        """A batch of states from first observations `(B, ...)`."""

    @abstractmethod
    def step(self, state: State, action, generator: torch.Generator | None = None) -> Step:
        """Imagine one step.

        Args:
            state: a batch of B states of this model.
            action: integers `(B,)` or floats `(B, A)`.
            generator: a stochastic model samples when given one, else returns its mean or mode.
        """

    def observe(self, state: State, action, obs) -> State:
        """Take in what really happened. A model without memory just reads the observation."""
        return self.start(obs)

    def decode(self, state: State) -> torch.Tensor:
        """What would be seen in each state: `(B, ...)`.

        Raises:
            NotImplementedError: if this model cannot say.
        """
        raise NotImplementedError(f"{type(self).__name__} cannot say what its states look like")

    def imagine(self, state: State, actions, horizon: int | None = None, generator=None) -> Rollout:
        """Imagine many steps.

        Args:
            state: a batch of B states.
            actions: a plan `(B, H)` or `(B, H, A)`, or a policy: `state -> action (B, ...)`.
            horizon: how many steps; needed with a policy, else taken from the plan.
            generator: see `step`.
        """
        policy = actions if callable(actions) else None
        if policy is None:
            actions = torch.as_tensor(actions)
            self._check_plan(state, actions)
            horizon = horizon or actions.shape[1]
        elif horizon is None:
            raise ValueError("imagine(state, policy) needs a horizon: imagine(..., horizon=15)")
        states, taken, rews, conts = [state], [], [], []
        for t in range(horizon):
            action = policy(state) if policy else actions[:, t]
            state, rew, cont = self.step(state, action, generator)
            states.append(state)
            taken.append(torch.as_tensor(action))
            rews.append(rew)
            conts.append(cont)
        return Rollout(states, torch.stack(taken, 1), torch.stack(rews, 1), torch.stack(conts, 1))

    def goal(self, rew=None, cont=None) -> WorldModel:
        """The same model with another aim: nothing about the world is learned anew.

        Args:
            rew: `rew(obs, action, next_obs) -> (B,)` replaces the predicted reward.
            cont: `cont(next_obs) -> (B,)` replaces the predicted continue.
        """
        return Goal(self, rew, cont)

    def _check_plan(self, state, actions):
        b, wanted = batch_size(state), "(B, H)"
        if isinstance(self.act_space, gym.spaces.Box):
            wanted = f"(B, H, {self.act_space.shape[0]})"
        discrete = isinstance(self.act_space, gym.spaces.Discrete)
        if actions.ndim != (2 if discrete else 3) or actions.shape[0] != b:
            raise ValueError(
                f"a plan for {b} states must have shape {wanted} with B = {b}, "
                f"got {tuple(actions.shape)}"
            )


class Goal(WorldModel):
    """A model whose reward and continue are given by functions of what it would see."""

    def __init__(self, model: WorldModel, rew=None, cont=None):
        self.model, self.rew, self.cont = model, rew, cont
        self.act_space, self.has_reward = model.act_space, model.has_reward or rew is not None

    def start(self, obs):
        return self.model.start(obs)

    def observe(self, state, action, obs):
        return self.model.observe(state, action, obs)

    def decode(self, state):
        return self.model.decode(state)

    def step(self, state, action, generator=None):
        nxt, rew, cont = self.model.step(state, action, generator)
        seen = self.model.decode(nxt)
        if self.rew is not None:
            rew = self.rew(self.model.decode(state), torch.as_tensor(action), seen)
        if self.cont is not None:
            cont = self.cont(seen)
        return Step(nxt, rew.float(), cont.float())
