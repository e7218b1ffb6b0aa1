"""The one loop in which anybody acts: `play(world, agent)` yields what happened, step by step.

    for step in play(CartPole(), agent, copies=8, rng=rng):
        step.obs, step.act, step.rew, step.next_obs, step.terminated, step.truncated, step.info

`World`s run side by side as one batch. A gymnasium environment runs as its owner wrapped it, with its
own rewards, its own `truncated` and its own `info`; nothing of it is copied or unwrapped. An agent
never sees which of the two it acts in.

An agent is a function `obs (B, ...) -> actions (B, ...)`, or an object with `act`; see
`wmlib.agents.Agent`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from itertools import islice
from random import Random
from typing import Any, NamedTuple

import numpy as np

from wmlib.agents import Agent, as_agent
from wmlib.devices import new_rng
from wmlib.worlds.actions import check_actions
from wmlib.worlds.base import Seed, World
from wmlib.worlds.gym import INSTEAD, FromGym, Source, as_world, environments, reset_env, step_env


class Step(NamedTuple):
    """One real step of B episodes.

    Attributes:
        obs, next_obs: `(B, ...)`; `next_obs` is where `act` led, also where the episode ends there.
        act: `(B,)` or `(B, A)`. rew: `(B,)`. terminated, truncated: `(B,)` bool.
        first: `(B,)` bool, whether the episode began with `obs`.
        episode: `(B,)` which episode each row is of, numbered from 0 in the order of their starts.
        info: B dictionaries, what the environment said beside.
        state, next_state: `(B, ...)` true states, of a `World`; None of an environment.
    """

    obs: np.ndarray
    act: np.ndarray
    rew: np.ndarray
    next_obs: np.ndarray
    terminated: np.ndarray
    truncated: np.ndarray
    first: np.ndarray
    episode: np.ndarray
    info: list[dict]
    state: np.ndarray | None
    next_state: np.ndarray | None

    @property
    def over(self) -> np.ndarray:
        """Which episodes end with this step: `(B,)` bool."""
        return self.terminated | self.truncated


class Play(Iterator[Step]):
    """Somebody acts; each `next()` is one step of all episodes. Made by `play`.

    Attributes:
        obs: `(B, ...)` what the agent will see next. first: `(B,)` bool, where that begins an
            episode. age: `(B,)` steps of the present episodes so far. episode: `(B,)` their numbers.
        agent: may be exchanged between two steps.
    """

    def __init__(
        self,
        world: World | Source,
        agent: Agent | Callable | None = None,
        copies: int = 1,
        rng: np.random.Generator | Seed = 0,
        again: bool = True,
        max_steps: int | None = None,
        state: np.ndarray | None = None,
    ):
        if copies < 1:
            raise ValueError(f"wanted at least one copy of the world, got copies={copies}")
        self.world = as_world(world, max_steps)
        self.max_steps = self.world.max_steps if max_steps is None else max_steps
        self.rng = new_rng(rng)
        self.agent, self.again = agent, again
        self._stage: _Environments | _Batch
        if isinstance(self.world, FromGym):
            self._stage = _Environments(self.world, self.rng)
        else:
            self._stage = _Batch(self.world, self.rng)
        self.obs = self._stage.begin(copies) if state is None else self._stage.begin_from(state)
        n = len(self.obs)
        self.first, self.age = np.ones(n, bool), np.zeros(n, int)
        self.episode, self.episodes = np.arange(n), n

    @property
    def agent(self) -> Any:
        return self._agent

    @agent.setter
    def agent(self, agent: Agent | Callable | None) -> None:
        self._agent = as_agent(agent, self.world.act_space, self.rng)

    def __next__(self) -> Step:
        """Everybody takes one step.

        Raises:
            StopIteration: when all episodes are over and `again` is False.
            ValueError: if the agent's actions are none, or a reward is no finite number.
        """
        if not len(self.obs):
            raise StopIteration
        obs, first, episode = self.obs, self.first, self.episode
        sees = self._stage.state if self.agent.sees_state else obs
        if first.all():
            self.agent.begin(sees)
        act = check_actions(self.world.act_space, self.agent.act(sees, first), len(obs))
        before = self._stage.state
        next_obs, rew, terminated, cut, info = self._stage.step(act)
        self._check_rewards(rew, act)
        age = self.age + 1
        truncated = ~terminated & (cut | (age >= self.max_steps if self.max_steps else False))
        after = self._stage.state
        step = Step(
            obs, act, rew, next_obs, terminated, truncated, first, episode, info, before, after
        )
        self._go_on(next_obs, age, step.over)
        return step

    def content(self) -> tuple[np.ndarray, ...]:
        """Where everybody stands, for a file: state, first, age, episode (a `World` only)."""
        if self._stage.state is None:
            raise TypeError(f"the state of {self.world.name} cannot be written down: {INSTEAD}")
        return self._stage.state, self.first, self.age, self.episode

    def restore(
        self, state: np.ndarray, first: np.ndarray, age: np.ndarray, episode: np.ndarray
    ) -> None:
        """Go on where `content` was taken."""
        self.obs = self._stage.begin_from(state)
        self.first, self.age, self.episode = first, age, episode
        self.episodes = int(episode.max()) + 1

    def _go_on(self, obs, age, over):
        """Episodes that are over begin anew, or leave."""
        self.obs, self.age, self.first = obs, age, np.zeros(len(obs), bool)
        if not over.any():
            return
        if self.again:
            self.obs, self.age, self.first = obs.copy(), np.where(over, 0, age), over
            self.obs[over] = self._stage.restart(over)
            new = int(over.sum())
            self.episode = self.episode.copy()
            self.episode[over] = self.episodes + np.arange(new)
            self.episodes += new
        else:
            stay = ~over
            self.obs, self.age, self.first = obs[stay], age[stay], self.first[stay]
            self.episode = self.episode[stay]
            self._stage.keep(stay)
            if stay.any():
                self.agent.keep(stay)

    def _check_rewards(self, rew, act):
        if not np.isfinite(rew).all():
            row = int(np.flatnonzero(~np.isfinite(rew))[0])
            raise ValueError(
                f"{self.world.name} paid {rew[row]} for action {act[row]} in step "
                f"{int(self.age[row]) + 1} of an episode: rewards must be finite numbers, and "
                "nothing can be learned from this one"
            )


def play(
    world: World | Source,
    agent: Agent | Callable | None = None,
    *,
    copies: int = 1,
    rng: np.random.Generator | Seed = 0,
    again: bool = True,
    max_steps: int | None = None,
    state: np.ndarray | None = None,
) -> Play:
    """Let somebody act.

    Args:
        world: a `World`, a gymnasium environment, its id, or a function that makes one.
        agent: see `wmlib.agents.Agent`; None acts at random.
        copies: episodes side by side. Several of an environment are made by its id or function, or
            are checked deep copies of it.
        rng: numpy generator or a seed: of the starts, the world's chance and random actions.
        again: whether an episode that is over begins anew; else it leaves the batch, and the play
            ends with the last one.
        max_steps: where episodes are cut off (truncated); default the world's own limit.
        state: `(B, ...)` true states to begin in, instead of drawn ones (a `World` only).

    Returns:
        an iterator: one `Step` after the other.
    """
    return Play(world, agent, copies, rng, again, max_steps, state)


def walk(
    maze: Any,
    act: Callable[[int], int | None],
    random: Random | None,
    start: int | None = None,
    limit: int | None = None,
    again: bool = False,
) -> Iterator[tuple[int, int, float, int, bool]]:
    """The same for one agent in a table of cells, in plain Python, millions of steps an hour.

    Args:
        maze: anything with `reset(random)` and `move(cell, action, random)`, or a function from the
            number of the step to one (a world that changes).
        act: `cell -> action`; None stops. random: a `random.Random`, the only source of chance.
        start: the first cell; default the maze's own. limit: steps at most.
        again: whether to start over after an end, up to the limit.

    Yields:
        `(cell, action, reward, next cell, terminated)`.
    """
    at = maze if inspect.isfunction(maze) else lambda t: maze
    cell, t = at(0).reset(random) if start is None else start, 0
    while limit is None or t < limit:
        action = act(cell)
        if action is None:
            return
        nxt, rew, terminated = at(t).move(cell, action, random)
        yield cell, action, rew, nxt, terminated
        if terminated and not again:
            return
        cell = at(t).reset(random) if terminated else nxt
        t += 1


def film(
    world: World | Source,
    agent: Agent | Callable | None = None,
    rng: np.random.Generator | Seed = 0,
    steps: int | None = None,
) -> np.ndarray:
    """What one episode showed, its last frame too: `(T + 1, ...)`, after `steps` steps at most."""
    taken = list(islice(play(world, agent, rng=rng, again=False), steps))
    return np.concatenate([*(step.obs for step in taken), taken[-1].next_obs])


# --- the two kinds of world behind one face -------------------------------------------------------


class _Batch:
    """Copies of a `World`: one array of states."""

    def __init__(self, world: World, rng: np.random.Generator):
        self.world, self.rng = world, rng

    def begin(self, n):
        return self.begin_from(self.world.initial(n, self.rng))

    def begin_from(self, state):
        self.state = np.asarray(state)
        return self.world.obs(self.state)

    def step(self, act):
        self.state, rew, terminated = self.world.step(self.state, act, self.rng)
        rew, terminated = np.asarray(rew), np.asarray(terminated, bool)
        no = np.zeros(len(rew), bool)
        return self.world.obs(self.state), rew, terminated, no, [{}] * len(rew)

    def restart(self, over):
        new = self.world.initial(int(over.sum()), self.rng)
        self.state = self.state.copy()  # the step that was handed out keeps the old ones
        self.state[over] = new
        return self.world.obs(self.state[over])

    def keep(self, mask):
        self.state = self.state[mask]


class _Environments:
    """Gymnasium environments, each as its owner wrapped it."""

    state = None

    def __init__(self, world: FromGym, rng: np.random.Generator):
        self.world, self.rng = world, rng

    def begin(self, n):
        self.envs = environments(self.world.source, n)
        return np.stack([self._reset(env) for env in self.envs])

    def begin_from(self, state):
        raise TypeError(
            f"{self.world.name} is a gymnasium environment, and nobody can set its state from "
            f"outside: {INSTEAD}"
        )

    def step(self, act):
        rows = [step_env(env, self.world.act_space, a) for env, a in zip(self.envs, act)]
        obs, rew, terminated, truncated, info = zip(*rows)
        columns = np.stack(obs), np.array(rew, float), np.array(terminated), np.array(truncated)
        return *columns, list(info)

    def restart(self, over):
        return np.stack([self._reset(env) for env, ended in zip(self.envs, over) if ended])

    def keep(self, mask):
        self.envs = [env for env, stays in zip(self.envs, mask) if stays]

    def _reset(self, env):
        return reset_env(env, int(self.rng.integers(2**31)))[0]
