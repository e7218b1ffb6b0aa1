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
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import gymnasium as gym
import torch
from numpy.typing import ArrayLike
from torch import nn

from wmlib.devices import device_of
from wmlib.worlds.actions import check_space

State = Any
Generator = torch.Generator | None


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


def leaves(state: State) -> Iterator:
    """The tensors of a state (or arrays, where a model keeps such), one after the other."""
    if isinstance(state, (dict, tuple)):
        for part in state.values() if isinstance(state, dict) else state:
            yield from leaves(part)
    else:
        yield state


def batch_size(state: State) -> int:
    """How many states the batch holds."""
    return next(leaves(state)).shape[0]


def state_device(state: State) -> torch.device:
    """Where a state's tensors live; the CPU for arrays."""
    return getattr(next(leaves(state)), "device", torch.device("cpu"))


class WorldModel(ABC):
    """Everything that predicts: s' = f(s, a), the reward, and whether it goes on.

    Attributes:
        act_space: gymnasium space of one action (`Discrete` or `Box`).
        has_reward: whether `step` predicts rewards. A planner refuses a model without.
        feat_size: F, numbers in `feat`.
    """

    act_space: gym.Space
    has_reward: bool = True
    feat_size: int

    @property
    def device(self) -> torch.device:
        """Where a torch model's numbers live; the CPU for all others."""
        return device_of(self) if isinstance(self, nn.Module) else torch.device("cpu")

    @abstractmethod
    def start(self, obs: ArrayLike, generator: Generator = None) -> State:
        """A batch of states from first observations `(B, ...)`.

        Args:
            generator: see `step`.
        """

    def observe(
        self,
        state: State,
        action: ArrayLike,
        obs: ArrayLike,
        first: ArrayLike | None = None,
        generator: Generator = None,
    ) -> State:
        """Take in what really happened. A model without memory just reads the observation.

        Args:
            state: a batch of B states. action: what was done there, `(B, ...)`.
            obs: what was seen then, `(B, ...)`.
            first: `(B,)` bool: where an episode begins with this observation, nothing before it is
                remembered.
            generator: see `step`.
        """
        return self.start(obs) if generator is None else self.start(obs, generator)

    @abstractmethod
    def step(self, state: State, action: ArrayLike, generator: Generator = None) -> Step:
        """Imagine one step.

        Args:
            state: a batch of B states of this model.
            action: integers `(B,)` or floats `(B, A)`.
            generator: a stochastic model samples when given one, else returns its mean or mode.
        """

    def decode(self, state: State) -> torch.Tensor:
        """What would be seen in each state: `(B, ...)`.

        Raises:
            NotImplementedError: if this model cannot say.
        """
        raise NotImplementedError(f"{type(self).__name__} cannot say what its states look like")

    def feat(self, state: State) -> torch.Tensor:
        """What heads, actors and critics read of each state: `(B, F)`.

        Raises:
            NotImplementedError: if this model's states have no such numbers.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no features of its states that a network could read: "
            "plan with it, or read decode(state)"
        )

    def loss(self, sequences: Any, generator: Generator = None) -> tuple[torch.Tensor, dict, State]:
        """The loss on `Sequences`, its named parts, and the states passed through.

        Raises:
            NotImplementedError: if this model learns from something else.
        """
        raise NotImplementedError(
            f"{type(self).__name__} does not learn from sequences: see its fit"
        )

    def imagine(
        self,
        state: State,
        actions: ArrayLike | Callable,
        horizon: int | None = None,
        generator: Generator = None,
    ) -> Rollout:
        """Imagine many steps.

        Args:
            state: a batch of B states.
            actions: a plan `(B, H)` or `(B, H, A)`, or a policy: `state -> action (B, ...)`.
            horizon: how many steps; needed with a policy, else taken from the plan.
            generator: see `step`.

        Raises:
            ValueError: for a plan of another shape, or of actions that are not finite; if the
                horizon is missing, less than 1, or more than the plan's.
        """
        device = state_device(state)
        if callable(actions):
            if horizon is None:
                raise ValueError("imagine(state, policy) needs a horizon: imagine(..., horizon=15)")
            _check_horizon(horizon)
            act = lambda t, state: torch.as_tensor(actions(state), device=device)  # noqa: E731
        else:
            plan = self._plan(state, actions, horizon)
            horizon = plan.shape[1]
            act = lambda t, state: plan[:, t]  # noqa: E731
        states, taken, rews, conts = [state], [], [], []
        for t in range(horizon):
            action = act(t, state)
            state, rew, cont = self.step(state, action, generator)
            states.append(state)
            taken.append(action)
            rews.append(rew)
            conts.append(cont)
        return Rollout(states, torch.stack(taken, 1), torch.stack(rews, 1), torch.stack(conts, 1))

    def goal(self, rew: Callable | None = None, cont: Callable | None = None) -> WorldModel:
        """The same model with another aim: nothing about the world is learned anew.

        Args:
            rew: `rew(obs, action, next_obs) -> (B,)` replaces the predicted reward.
            cont: `cont(next_obs) -> (B,)` replaces the predicted continue.
        """
        return Goal(self, rew, cont)

    def _plan(self, state, actions, horizon):
        """The steps of this plan that are wanted, `(B, H, ...)`; an error if it is none for these
        states."""
        plan = torch.as_tensor(actions, device=state_device(state))
        b, space = batch_size(state), check_space(self.act_space)
        size = None if isinstance(space, gym.spaces.Discrete) else space.shape[0]
        wanted = "(B, H)" if size is None else f"(B, H, {size})"
        if plan.ndim != (2 if size is None else 3) or plan.shape[0] != b:
            raise ValueError(
                f"a plan for {b} states must have shape {wanted} with B = {b}, "
                f"got {tuple(plan.shape)}"
            )
        floats = plan.is_floating_point() and not plan.is_meta
        if floats and not torch.isfinite(plan).all():
            raise ValueError("a plan holds actions that are not finite (NaN or infinity)")
        horizon = plan.shape[1] if horizon is None else horizon
        if horizon > plan.shape[1]:
            raise ValueError(f"horizon={horizon} is longer than the plan of {plan.shape[1]} steps")
        _check_horizon(horizon)
        return plan[:, :horizon]


def _check_horizon(horizon):
    if horizon < 1:
        raise ValueError(f"imagine at least 1 step, got horizon={horizon}")


class Goal(WorldModel):
    """A model whose reward and continue are given by functions of what it would see.

    Whatever else is asked, the model itself answers.
    """

    def __init__(
        self, model: WorldModel, rew: Callable | None = None, cont: Callable | None = None
    ):
        self.model, self.rew, self.cont = model, rew, cont
        self.act_space, self.has_reward = model.act_space, model.has_reward or rew is not None

    def __getattr__(self, name):
        if name.startswith("__") or name == "model":
            raise AttributeError(name)
        return getattr(self.model, name)

    @property
    def device(self):
        return self.model.device

    def start(self, obs, generator=None):
        return self.model.start(obs, generator)

    def observe(self, state, action, obs, first=None, generator=None):
        return self.model.observe(state, action, obs, first, generator)

    def decode(self, state):
        return self.model.decode(state)

    def feat(self, state):
        return self.model.feat(state)

    def loss(self, sequences, generator=None):
        return self.model.loss(sequences, generator)

    def step(self, state, action, generator=None):
        nxt, rew, cont = self.model.step(state, action, generator)
        seen = self.model.decode(nxt)
        if self.rew is not None:
            action = torch.as_tensor(action, device=seen.device)
            rew = judged(self.rew(self.model.decode(state), action, seen), seen)
        if self.cont is not None:
            cont = judged(self.cont(seen), seen)
        return Step(nxt, rew.float(), cont.float())


def judged(value: ArrayLike, next_obs: torch.Tensor) -> torch.Tensor:
    """What an aim says of each of B states, as floats `(B,)`.

    Raises:
        ValueError: if it is not one number for each.
    """
    value = torch.as_tensor(value, device=next_obs.device)
    if value.shape != next_obs.shape[:1]:
        raise ValueError(
            f"an aim gives one number for each of {len(next_obs)} states, got shape "
            f"{tuple(value.shape)}"
        )
    return value.float()
