"""A world: the real thing, batched, with its state laid open.

A gymnasium environment hides its state and runs one copy at a time. A `World` is the same thing
the other way round: the state is an array you hold in your hand, and every method works on a
whole batch of states at once. That makes two things easy which the course needs all the time:
fast evaluation (twenty episodes side by side) and a true simulator to compare models with.

`GymEnv` turns a world into a gymnasium environment, `FromGym` turns a gymnasium environment into
a world, so either side can be written first.
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod

import gymnasium as gym
import numpy as np


class World(ABC):
    """Physics and rules as pure functions of an explicit state. NumPy, batched first.

    Attributes:
        obs_space: space of one observation (gymnasium).
        act_space: `Discrete(n)`: actions are integers `(B,)`; or `Box`: floats `(B, A)`.
        max_steps: steps after which an episode is *truncated* (not terminated).
    """

    obs_space: gym.Space
    act_space: gym.Space
    max_steps: int

    @abstractmethod
    def initial(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """States `(n, ...)` in which `n` episodes begin."""

    @abstractmethod
    def step(self, state, action, rng=None):
        """One step of every state of the batch.

        Args:
            state: `(B, ...)`, not changed.
            action: `(B,)` integers or `(B, A)` floats.
            rng: numpy generator, for worlds with chance in them.

        Returns:
            next state `(B, ...)`, reward `(B,)`, terminated `(B,)` bool.
        """

    @abstractmethod
    def obs(self, state) -> np.ndarray:
        """What the agent sees of each state: `(B, ...)`."""

    def state_of(self, obs) -> np.ndarray:
        """The state behind an observation, where the observation shows all of it.

        Raises:
            TypeError: if this world shows its agent less than its state.
        """
        raise TypeError(
            f"{type(self).__name__} does not say how its state can be read from an observation: "
            "implement state_of(obs), or plan from states instead of observations"
        )


class GymEnv(gym.Env):
    """A world as an ordinary gymnasium environment, one copy at a time.

    `state` may be read and set at any time.
    """

    metadata = {"render_modes": []}

    def __init__(self, world: World):
        self.world = world
        self.observation_space, self.action_space = world.obs_space, world.act_space
        self.state, self._t = None, 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.state, self._t = self.world.initial(1, self.np_random)[0], 0
        return self.world.obs(self.state[None])[0], {}

    def step(self, action):
        if self.state is None:
            raise RuntimeError("the episode has not begun: call reset() before step()")
        batch = np.asarray(action)[None]
        state, rew, terminated = self.world.step(self.state[None], batch, self.np_random)
        self.state, self._t = state[0], self._t + 1
        truncated = self._t >= self.world.max_steps and not bool(terminated[0])
        obs = self.world.obs(state)[0]
        return obs, float(rew[0]), bool(terminated[0]), truncated, {}


class _Snapshot:
    """One environment frozen between two steps, with what it last showed."""

    def __init__(self, env, obs):
        self.env, self.obs = env, obs


class FromGym(World):
    """Any gymnasium environment as a world.

    The state of the batch is an array of frozen copies of the environment: stepping copies first,
    so a state can be stepped twice and a simulator can look ahead in it. Exact for whatever
    `copy.deepcopy` can copy, and slow: fine for collecting and for small searches.

    Args:
        env: the environment, or its gymnasium id.
        max_steps: where episodes are cut off; default the environment's own limit.
    """

    def __init__(self, env, max_steps: int | None = None):
        env = gym.make(env) if isinstance(env, str) else env
        limit = env.spec.max_episode_steps if env.spec is not None else None
        self.max_steps = max_steps or limit
        if not self.max_steps:
            raise ValueError(
                f"{env} names no step limit and none was given: pass max_steps, for instance 500"
            )
        self.env = env.unwrapped
        self.obs_space, self.act_space = self.env.observation_space, self.env.action_space
        try:
            copy.deepcopy(self.env)
        except Exception as error:
            raise TypeError(
                f"{self.env} cannot be copied ({error}), so its state cannot be held: "
                "write a World for it, with the state as an array"
            ) from error

    def initial(self, n, rng):
        states = np.empty(n, dtype=object)
        for i in range(n):
            env = copy.deepcopy(self.env)
            obs, _ = env.reset(seed=int(rng.integers(2**31)))
            states[i] = _Snapshot(env, obs)
        return states

    def step(self, state, action, rng=None):
        nxt = np.empty(len(state), dtype=object)
        rew, terminated = np.zeros(len(state)), np.zeros(len(state), bool)
        for i, (snap, act) in enumerate(zip(state, action)):
            env = copy.deepcopy(snap.env)
            act = int(act) if isinstance(self.act_space, gym.spaces.Discrete) else np.asarray(act)
            obs, rew[i], terminated[i], _, _ = env.step(act)
            nxt[i] = _Snapshot(env, obs)
        return nxt, rew, terminated

    def obs(self, state):
        return np.stack([snap.obs for snap in state])


def as_world(world) -> World:
    """A `World` as it is; a gymnasium environment (or its id) wrapped as one."""
    if isinstance(world, World):
        return world
    if isinstance(world, (str, gym.Env)):
        return FromGym(world)
    raise TypeError(
        f"wanted a World, a gymnasium environment or its id, got {type(world).__name__}"
    )
