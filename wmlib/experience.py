"""Experience: what acting in a world leaves behind, and the only thing models learn from.

Row i of a `Transitions` is one step: `act[i]` led from `obs[i]` to `next_obs[i]` and paid
`rew[i]`. `terminated[i]` says that the world ended the episode there; `truncated[i]` that the
clock did. Only the first means that nothing comes after: a truncated row is followed by more
world, which we did not stay to see, so learners bootstrap through it.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from wmlib.worlds import as_world


@dataclass
class Transitions:
    """A table of real steps, in the order in which they happened.

    Attributes:
        obs, next_obs: `(N, ...)`. act: `(N,)` integers or `(N, A)` floats. rew: `(N,)`.
        terminated, truncated: `(N,)` bool. episode: `(N,)` integers, which episode a row is from.

    Raises:
        ValueError: if it is empty, lengths differ, or an entry is not a finite number.
    """

    obs: np.ndarray
    act: np.ndarray
    rew: np.ndarray
    next_obs: np.ndarray
    terminated: np.ndarray
    truncated: np.ndarray
    episode: np.ndarray

    def __post_init__(self):
        for f in fields(self):
            setattr(self, f.name, np.asarray(getattr(self, f.name)))
        lengths = {f.name: len(getattr(self, f.name)) for f in fields(self)}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"every column needs one row per step, got lengths {lengths}")
        if lengths["obs"] == 0:
            raise ValueError("no transitions: collect at least one step first")
        for name in ("obs", "act", "rew", "next_obs"):
            if getattr(self, name).dtype.kind in "biu":
                continue  # whole numbers are finite, and pictures are too many to be copied
            bad = ~np.isfinite(np.asarray(getattr(self, name), np.float64))
            if bad.any():
                row = int(np.argwhere(bad)[0][0])
                raise ValueError(
                    f"{name} holds {int(bad.sum())} values that are not finite, first in row "
                    f"{row}: drop those rows, or find what in the world produced them"
                )

    def __len__(self):
        return len(self.obs)

    def __getitem__(self, rows) -> Transitions:
        """Some of the rows: a slice, an index array or a mask."""
        return Transitions(*(getattr(self, f.name)[rows] for f in fields(self)))

    def __add__(self, other: Transitions) -> Transitions:
        """Both, one after the other; the other's episodes are numbered on."""
        shift = int(self.episode.max()) + 1 - int(other.episode.min())
        columns = [
            np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)
        ]
        columns[-1] = np.concatenate([self.episode, other.episode + shift])
        return Transitions(*columns)

    def split(self, share: float = 0.2, seed: int = 0) -> tuple[Transitions, Transitions]:
        """Training and test rows, split by whole episodes: neighbours of a row would betray it.

        Returns:
            (train, test), with about `share` of the episodes in the test part.
        """
        episodes = np.unique(self.episode)
        if len(episodes) < 2:
            raise ValueError(
                "split needs at least 2 episodes, got 1: collect more steps, or cut the test "
                "rows off yourself with data[:n] and data[n:]"
            )
        held = np.random.default_rng(seed).permutation(episodes)
        held = held[: min(max(1, round(share * len(episodes))), len(episodes) - 1)]
        test = np.isin(self.episode, held)
        return self[~test], self[test]

    def windows(self, length: int) -> np.ndarray:
        """First rows `(K,)` of all stretches of `length` steps that stay inside one episode."""
        if length < 1:
            raise ValueError(f"a window needs at least 1 step, got length={length}")
        last = np.arange(length - 1, len(self))
        first = last - (length - 1)
        inside = first[self.episode[first] == self.episode[last]]
        if len(inside) == 0:
            raise ValueError(f"no episode has {length} steps in a row: ask for shorter windows")
        return inside

    def returns(self) -> np.ndarray:
        """Sum of rewards of each episode `(episodes,)`."""
        _, index = np.unique(self.episode, return_inverse=True)
        return np.bincount(index, weights=self.rew)

    def save(self, path) -> None:
        """Write to a `.npz` file: whole, or not at all."""
        path = Path(path)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez_compressed(file, **{f.name: getattr(self, f.name) for f in fields(self)})
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise

    @classmethod
    def load(cls, path) -> Transitions:
        """Read what `save` wrote.

        Raises:
            ValueError: if the file is not one, or lacks a column.
        """
        try:
            with np.load(path) as file:
                return cls(*(file[f.name] for f in fields(cls)))
        except (KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ValueError(
                f"{path} does not hold saved transitions ({error}): write it with Transitions.save"
            ) from error


def collect(
    world,
    agent=None,
    steps: int = 1000,
    seed: int = 0,
    random_share: float = 0.0,
    episodes: int | None = None,
):
    """Act for `steps` real steps, over as many episodes as that takes.

    Args:
        world: a World, a gymnasium environment or its id.
        agent: anything with `begin(obs)` and `act(obs)` (see `wmlib.planning.MPC`), a function
            `obs (B, ...) -> actions (B, ...)`, or None for uniformly random actions.
        steps: how many real steps.
        seed: of the starts, the world's chance and the random actions.
        random_share: probability with which an action is replaced by a random one.
        episodes: stop after so many episodes, should they be over before.

    Returns:
        Transitions of length `steps`, or shorter if the episodes were over before.
    """
    world = as_world(world)
    if steps < 1:
        raise ValueError(f"collect needs at least 1 step, got steps={steps}")
    rng = np.random.default_rng(seed)
    world.act_space.seed(int(rng.integers(2**31)))
    agent = as_agent(agent)
    rows, episode, state = [], 0, None
    for _ in range(steps):
        if state is None:
            state, t = world.initial(1, rng), 0
            obs = world.obs(state)
            if agent:
                agent.begin(obs)
        chosen = agent.act(obs) if agent else None
        if chosen is None or rng.random() < random_share:
            chosen = np.asarray(world.act_space.sample())[None]
        state, rew, terminated = world.step(state, chosen, rng)
        next_obs, t = world.obs(state), t + 1
        truncated = t >= world.max_steps and not terminated[0]
        rows.append((obs[0], chosen[0], rew[0], next_obs[0], terminated[0], truncated, episode))
        obs = next_obs
        if terminated[0] or truncated:
            state, episode = None, episode + 1
            if episode == episodes:
                break
    return Transitions(*(np.array(column) for column in zip(*rows)))


class _Function:
    """A plain function as an agent that remembers nothing."""

    def __init__(self, function):
        self.act = function

    def begin(self, obs):
        pass

    def keep(self, mask):
        pass


def as_agent(agent):
    """An agent as it is; a function `obs -> actions` as an agent; None stays None."""
    if agent is None or hasattr(agent, "act"):
        return agent
    if callable(agent):
        return _Function(agent)
    raise TypeError(
        f"wanted an agent with begin(obs) and act(obs), or a function obs -> actions, "
        f"got {type(agent).__name__}"
    )
