"""Gymnasium environments: run as their owner wrapped them, and, where that is possible, looked ahead in.

To act in an environment nothing is copied and no wrapper is taken off (`wmlib.acting`). To look
ahead, a simulator must hold a state and step it twice. The state of an environment is the whole
environment, so it is deep-copied, and whether a copy really is the state is tried when the first one
is made: some keep their state elsewhere, behind a handle or in a generator that a seed does not reach.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import gymnasium as gym
import numpy as np

from wmlib.worlds.actions import check_space
from wmlib.worlds.base import World

KNOWN_OBS = gym.spaces.Box, gym.spaces.Discrete, gym.spaces.MultiDiscrete, gym.spaces.MultiBinary
INSTEAD = (
    "write a World for it, with the state as an array (see wmlib.worlds.base.World), or, to act in "
    "several of it, give a function that makes one"
)

Source = str | gym.Env | Callable[[], gym.Env]  # an id, an environment, or what makes one


class _Snapshot:
    """One environment frozen between two steps, with what it last showed, and whether it is over."""

    def __init__(self, env, obs, over=False):
        self.env, self.obs, self.over = env, obs, over


class FromGym(World):
    """Any gymnasium environment as a world.

    Whoever acts in it acts in the environment itself. As a `World` (for a `Simulator`) its states are
    frozen copies: stepping copies first, so a state can be stepped twice. That is slow, and exact
    for whatever `copy.deepcopy` really copies, which is checked.

    Args:
        env: the environment, its gymnasium id, or a function that makes one.
        max_steps: where episodes are cut off; default the environment's own limit, None without one.
    """

    def __init__(self, env: Source, max_steps: int | None = None):
        if max_steps is not None and max_steps < 1:
            raise ValueError(f"an episode has at least one step, got max_steps={max_steps}")
        self.source, self.env = env, environments(env, 1)[0]
        self.obs_space, self.act_space = self.env.observation_space, self.env.action_space
        check_space(self.act_space)
        self.max_steps = max_steps or step_limit(self.env)
        self._checked = False

    @property
    def name(self) -> str:
        return str(self.env)

    def check(self) -> FromGym:
        """Try whether copies of this environment are its state.

        Raises:
            TypeError: if it cannot be copied, or a copy is not the state; the error says what to do.
        """
        if not self._checked:
            check_copies(self.env)
            self._checked = True
        return self

    def initial(self, n, rng):
        self.check()
        states = np.empty(n, dtype=object)
        for i in range(n):
            env = copy.deepcopy(self.env)
            states[i] = _Snapshot(env, reset_env(env, int(rng.integers(2**31)))[0])
        return states

    def step(self, state, action, rng=None):
        nxt = np.empty(len(state), dtype=object)
        rew, terminated = np.zeros(len(state)), np.zeros(len(state), bool)
        for i, (snap, act) in enumerate(zip(state, action)):
            if snap.over:  # nothing comes after an end, nor after a cut by the environment's clock
                nxt[i], terminated[i] = snap, snap.over == "terminated"
                continue
            env = copy.deepcopy(snap.env)
            obs, rew[i], terminated[i], truncated, _ = step_env(env, self.act_space, act)
            over = "terminated" if terminated[i] else "truncated" if truncated else False
            nxt[i] = _Snapshot(env, obs, over)
        return nxt, rew, terminated

    def obs(self, state):
        return np.stack([snap.obs for snap in state])


def as_world(world: World | Source, max_steps: int | None = None) -> World:
    """A `World` as it is; a gymnasium environment, its id, or a function that makes one, as a world.

    Args:
        max_steps: where episodes of an environment are cut off, see `FromGym`.
    """
    if isinstance(world, World):
        return world
    if isinstance(world, (str, gym.Env)) or callable(world):
        return FromGym(world, max_steps)
    old = hasattr(world, "step") and hasattr(world, "reset")
    why = ": for gym's old interface, or none; gymnasium.Env must be its base class" if old else ""
    raise TypeError(
        "wanted a World, a gymnasium environment, its id, or a function that makes one, got "
        f"{type(world).__name__}{why}"
    )


def environments(source: Source, n: int) -> list[gym.Env]:
    """`n` environments: one is the very one that was given, more are made or copied.

    Raises:
        TypeError: if more than one is wanted, and this one cannot be copied.
    """
    if isinstance(source, str):
        return [gym.make(source) for _ in range(n)]
    if not isinstance(source, gym.Env):
        made = [source() for _ in range(n)]
        for env in made:
            if not isinstance(env, gym.Env):
                raise TypeError(f"wanted a function that makes environments, it made {env!r}")
        return made
    if n > 1:
        check_copies(source)
    return [source] + [copy.deepcopy(source) for _ in range(n - 1)]


def step_limit(env: gym.Env) -> int | None:
    """Where the environment itself, one of its wrappers or its registration cuts an episode off."""
    while True:
        if isinstance(env, gym.wrappers.TimeLimit):
            return int(env._max_episode_steps)
        if not isinstance(env, gym.Wrapper):
            break
        env = env.env
    limit = getattr(env, "max_episode_steps", None) or getattr(env, "_max_episode_steps", None)
    if limit is None and env.spec is not None:
        limit = env.spec.max_episode_steps
    return int(limit) if limit else None


# --- one environment, by gymnasium's rules --------------------------------------------------------


def reset_env(env: gym.Env, seed: int | None = None) -> tuple[np.ndarray, dict]:
    """Begin an episode: (observation, info).

    Raises:
        TypeError: if the environment answers as gym's old interface did.
    """
    try:
        answer = env.reset(seed=seed)
    except TypeError as error:
        if "seed" not in str(error):
            raise
        raise TypeError(
            f"{env}: reset() takes no seed; gymnasium's is reset(*, seed=None, options=None)"
        ) from error
    if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], dict)):
        raise TypeError(
            f"{env}: reset() must return (observation, info), it returned {_kind(answer)}: it was "
            "written for gym's old interface; return the observation and a dictionary"
        )
    return _observation(env, answer[0]), answer[1]


def step_env(
    env: gym.Env, act_space: gym.Space, action: np.ndarray
) -> tuple[np.ndarray, float, bool, bool, dict]:
    """One step: (observation, reward, terminated, truncated, info).

    Args:
        action: one of the space's own values, a row of a checked batch.

    Raises:
        TypeError: if the environment answers as gym's old interface did.
    """
    discrete = isinstance(act_space, gym.spaces.Discrete)
    answer = env.step(int(action) if discrete else np.asarray(action, act_space.dtype))
    if not (isinstance(answer, tuple) and len(answer) == 5):
        raise TypeError(
            f"{env}: step() must return (observation, reward, terminated, truncated, info), it "
            f"returned {_kind(answer)}: it was written for gym's old interface; split `done` into "
            "terminated (the world ended it) and truncated (the clock did)"
        )
    obs, rew, terminated, truncated, info = answer
    return _observation(env, obs), float(rew), bool(terminated), bool(truncated), info


def check_copies(env: gym.Env) -> None:
    """Try whether a deep copy of this environment holds its state.

    Raises:
        TypeError: if it cannot be copied; if one frozen state, stepped twice, goes two ways; if a
            copy's steps move the original; or if chance is copied along and no seed reaches it, so
            that all episodes would be the same one.
    """
    act, one, two = env.action_space.sample(), _copy_of(env), _copy_of(env)
    reset_env(one, 1)
    frozen = _copy_of(one)
    ways = [_trace(_copy_of(frozen), act), _trace(_copy_of(frozen), act), _trace(one, act)]
    if not (_same(ways[0], ways[1]) and _same(ways[0], ways[2])):
        raise TypeError(
            f"a copy of {env} is not its state: the same state, stepped twice, went two ways. It "
            f"keeps a part of it elsewhere (a simulator behind a handle, a global generator): {INSTEAD}"
        )
    # Chance that no seed reaches is copied along: then every episode is the same, and nobody sees it.
    reset_env(two, 1)
    first, (again, _) = _trace(two, act), reset_env(two)
    second = [again, *_trace(two, act)]
    seeded = []
    for seed in (1, 2):
        other = _copy_of(env)
        seeded.append([reset_env(other, seed)[0], *_trace(other, act)])
    if not _same(first, second[1:]) and _same(*seeded):
        raise TypeError(
            f"{env} is full of chance, but reset(seed=...) does not reach it: copies made with "
            "different seeds play the same episode. Draw from self.np_random, which reset(seed=...) "
            f"seeds (call super().reset(seed=seed)), or {INSTEAD}"
        )


def _copy_of(env):
    try:
        return copy.deepcopy(env)
    except Exception as error:
        raise TypeError(
            f"{env} cannot be copied ({type(error).__name__}: {error}), so its state cannot be held: "
            f"{INSTEAD}"
        ) from error


def _trace(env, act, steps=4):
    """What a few steps with one action show, up to an end."""
    seen = []
    for _ in range(steps):
        obs, rew, terminated, truncated, _ = step_env(env, env.action_space, act)
        seen += [obs, rew]
        if terminated or truncated:
            break
    return seen


def _same(a, b):
    return len(a) == len(b) and all(np.array_equal(x, y, equal_nan=True) for x, y in zip(a, b))


def _observation(env, obs):
    if not isinstance(env.observation_space, KNOWN_OBS):
        raise TypeError(
            f"observations must be numbers in one array, got {env.observation_space}: wrap the "
            "environment first, for instance in gymnasium.wrappers.FlattenObservation"
        )
    array = np.asarray(obs)
    if array.dtype == object or array.shape != env.observation_space.shape:
        raise TypeError(
            f"{env} showed {_kind(obs)}, where its observation_space is {env.observation_space}"
        )
    return array


def _kind(value):
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {len(value)}"
    shape = f" of shape {value.shape}" if hasattr(value, "shape") else ""
    return f"a {type(value).__name__}{shape}"
