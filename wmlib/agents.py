"""Who acts: what an agent is, and the simple ones, which every comparison needs.

An agent is a function `obs (B, ...) -> actions (B, ...)`, or an object with `act`. It acts for a whole
batch of episodes at once; `wmlib.acting.play` calls it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Protocol

import gymnasium as gym
import numpy as np

from wmlib.devices import new_rng
from wmlib.worlds.actions import check_actions, draw_actions
from wmlib.worlds.base import Seed


class Agent(Protocol):
    """Who acts, for a batch of B episodes at once.

    `begin(obs)` is called when all episodes of the batch begin together, `keep(mask)` when some of
    them are over and leave the batch; an agent that remembers nothing needs neither.
    """

    def act(self, obs: np.ndarray, first: np.ndarray | None = None) -> Any:
        """Actions `(B,)` or `(B, A)` for observations `(B, ...)`.

        Args:
            first: `(B,)` bool: which episodes begin with this observation, so that nothing before it
                may be remembered. An agent whose `act` has no parameter of this name is not told.
        """


class _Acting:
    """Any agent behind one face: begin, act(obs, first), keep, sees_state."""

    def __init__(self, agent):
        self.agent = agent
        self.sees_state = getattr(agent, "sees_state", False)
        self._act = agent.act if hasattr(agent, "act") else agent
        self._told = _is_told(self._act)

    def begin(self, obs):
        if hasattr(self.agent, "begin"):
            self.agent.begin(obs)

    def act(self, obs, first):
        if self._told:
            return self._act(obs, first=first)
        if hasattr(self.agent, "begin") and first.any() and not first.all():
            raise TypeError(
                f"{type(self.agent).__name__} remembers (it has begin), and some of its episodes "
                "begin while others go on: give it act(obs, first), or play one copy at a time"
            )
        return self._act(obs)

    def keep(self, mask):
        if hasattr(self.agent, "keep"):
            self.agent.keep(mask)
        elif hasattr(self.agent, "begin"):
            raise TypeError(
                f"{type(self.agent).__name__} remembers (it has begin), and some of its episodes are "
                "over before others: give it keep(mask), or play one copy at a time"
            )


class AtRandom:
    """Actions drawn evenly from a space, by a generator of its own or a shared one."""

    def __init__(self, space: gym.Space, rng: np.random.Generator | Seed = 0):
        self.space, self.rng = space, new_rng(rng)

    def act(self, obs: np.ndarray, first: np.ndarray | None = None) -> np.ndarray:
        """`(B,)` or `(B, A)`."""
        return draw_actions(self.space, len(obs), self.rng)


class Sampled:
    """Actions drawn by the space itself, one after the other, as gymnasium does."""

    def __init__(self, space: gym.Space, seed: int):
        self.space = space
        space.seed(seed)

    def act(self, obs: np.ndarray, first: np.ndarray | None = None) -> np.ndarray:
        """`(B,)` or `(B, A)`."""
        return np.stack([np.asarray(self.space.sample()) for _ in range(len(obs))])


class Straying:
    """An agent some of whose actions are replaced by random ones: `share` of them, by chance."""

    def __init__(self, agent: Any, share: float, space: gym.Space, rng: np.random.Generator):
        self.inner, self.share, self.space, self.rng = as_agent(agent), share, space, rng
        self.sees_state = self.inner.sees_state
        self.begin, self.keep = self.inner.begin, self.inner.keep

    def act(self, obs: np.ndarray, first: np.ndarray | None = None) -> np.ndarray:
        """`(B,)` or `(B, A)`."""
        act = self.inner.act(obs, first)
        stray = self.rng.random(len(obs)) < self.share
        if stray.any():
            act = check_actions(self.space, act, len(obs)).copy()
            act[stray] = [self.space.sample() for _ in range(int(stray.sum()))]
        return act


class Sticky:
    """Random actions that last for a while: a new one with chance `change` in each step.

    Pure chance changes its mind so often that it hardly leaves its place.
    """

    def __init__(self, space: gym.Space, change: float, seed: Seed = 0):
        self.space, self.change = space, change
        self.rng = new_rng(seed)
        self.last: np.ndarray | None = None

    def act(self, obs: np.ndarray, first: np.ndarray | None = None) -> np.ndarray:
        """`(B,)` or `(B, A)`."""
        new, changed = draw_actions(self.space, len(obs), self.rng), self.renew(len(obs))
        if self.last is not None:
            new = np.where(changed.reshape(-1, *[1] * (new.ndim - 1)), new, self.last)
        self.last = new
        return new

    def renew(self, n: int) -> np.ndarray:
        """Who takes a new action: `(n,)` bool."""
        return self.rng.random(n) < self.change

    def keep(self, mask: np.ndarray) -> None:
        """Go on with some of the episodes only: mask `(B,)` bool."""
        self.last = None if self.last is None else self.last[mask]


class OfState:
    """An agent that is shown true states instead of observations: a script, or an upper bound."""

    sees_state = True
    act: Callable[..., Any]

    def __init__(self, agent: Any):
        inner = as_agent(agent)
        self.begin, self.act, self.keep = inner.begin, inner.act, inner.keep


def as_agent(
    agent: Any, space: gym.Space | None = None, rng: np.random.Generator | None = None
) -> _Acting:
    """An agent, a function or None (random actions of `space`) as what `Play` calls.

    Raises:
        TypeError: if it is none of them.
    """
    if isinstance(agent, _Acting):
        return agent
    if agent is None:
        assert space is not None and rng is not None
        return _Acting(AtRandom(space, rng))
    if hasattr(agent, "act") or callable(agent):
        return _Acting(agent)
    raise TypeError(
        f"wanted an agent with act(obs), or a function obs -> actions, got {type(agent).__name__}"
    )


def _is_told(function: Callable) -> bool:
    """Whether a function has a parameter named `first`; any other second parameter is its own."""
    try:
        return "first" in inspect.signature(function).parameters
    except (TypeError, ValueError):  # a built-in function, whose signature nobody knows
        return False
