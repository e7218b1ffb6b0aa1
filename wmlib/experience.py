"""Experience: what acting in a world leaves behind, and the only thing models learn from.

Row i of a `Transitions` is one step: `act[i]` led from `obs[i]` to `next_obs[i]` and paid
`rew[i]`. `terminated[i]` says that the world ended the episode there; `truncated[i]` that the
clock did. Only the first means that nothing comes after: a truncated row is followed by more
world, which we did not stay to see, so learners bootstrap through it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from wmlib.acting import play
from wmlib.agents import Agent, Sampled, Straying
from wmlib.devices import new_rng
from wmlib.files import existing, write_whole
from wmlib.worlds import World, as_world
from wmlib.worlds.base import Seed
from wmlib.worlds.gym import Source


@dataclass
class Transitions:
    """A table of real steps, in the order in which they happened.

    Attributes:
        obs, next_obs: `(N, ...)`. act: `(N,)` integers or `(N, A)` floats. rew: `(N,)`.
        terminated, truncated: `(N,)` bool. episode: `(N,)` integers, which episode a row is from.
        info: name -> `(N,)`, numbers that the environment told beside; NaN where it told none.

    Raises:
        ValueError: if it is empty, shapes or lengths do not fit, an entry is not a finite number, or
            `next_obs` is `obs` moved up by a row, across the ends of episodes.
    """

    obs: np.ndarray
    act: np.ndarray
    rew: np.ndarray
    next_obs: np.ndarray
    terminated: np.ndarray
    truncated: np.ndarray
    episode: np.ndarray
    info: dict[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self):
        for name in COLUMNS:
            setattr(self, name, _column(name, getattr(self, name)))
        self.info = {name: np.asarray(values) for name, values in self.info.items()}
        columns = {name: getattr(self, name) for name in COLUMNS} | self.info
        lengths = {name: len(column) for name, column in columns.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"every column needs one row per step, got lengths {lengths}")
        if lengths["obs"] == 0:
            raise ValueError("no transitions: collect at least one step first")
        if self.obs.shape != self.next_obs.shape:
            raise ValueError(
                f"obs and next_obs must have one shape, got {self.obs.shape}, {self.next_obs.shape}"
            )
        for name in ("obs", "act", "rew", "next_obs"):
            _check_finite(name, getattr(self, name))
        self._check_next_obs()

    def __len__(self):
        return len(self.obs)

    def __getitem__(self, rows: Any) -> Transitions:
        """Some of the rows: a slice, an index array or a mask."""
        info = {name: values[rows] for name, values in self.info.items()}
        return _table((getattr(self, name)[rows] for name in COLUMNS), info)

    def __add__(self, other: Transitions) -> Transitions:
        """Both, one after the other; the other's episodes are numbered on."""
        shift = int(self.episode.max()) + 1 - int(other.episode.min())
        pairs = [(getattr(self, name), getattr(other, name)) for name in COLUMNS[:-1]]
        columns = [np.concatenate(pair) for pair in pairs]
        columns.append(np.concatenate([self.episode, other.episode + shift]))
        info = {
            name: np.concatenate(
                [data.info.get(name, np.full(len(data), np.nan)) for data in (self, other)]
            )
            for name in {**self.info, **other.info}
        }
        return _table(columns, info)

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
        held = new_rng(seed).permutation(episodes)
        held = held[: min(max(1, round(share * len(episodes))), len(episodes) - 1)]
        test = np.isin(self.episode, held)
        return self[~test], self[test]

    def windows(self, length: int) -> np.ndarray:
        """First rows `(K,)` of all stretches of `length` steps that stay inside one episode.

        Raises:
            ValueError: if no episode is that long; if an episode goes on after its end, or two rows of
                it do not follow each other: then the episodes are numbered, or the rows sorted, wrongly.
        """
        if length < 1:
            raise ValueError(f"a window needs at least 1 step, got length={length}")
        if length > 1:
            self._check_order()
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

    def save(self, path: str | os.PathLike) -> None:
        """Write to a `.npz` file (the ending is added where there is none): whole, or not at all."""
        path = Path(path)
        columns = {name: getattr(self, name) for name in COLUMNS}
        columns |= {f"info {name}": values for name, values in self.info.items()}
        write_whole(
            path if path.suffix else path.with_suffix(".npz"),
            lambda file: np.savez_compressed(file, **columns),
        )

    @classmethod
    def load(cls, path: str | os.PathLike) -> Transitions:
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: if there is no such file.
            ValueError: if the file is not one, is damaged, or lacks a column.
        """
        path = existing(path)
        try:
            with np.load(path) as file:
                info = {n.removeprefix("info "): file[n] for n in file if n.startswith("info ")}
                return _table((file[name] for name in COLUMNS), info)
        except Exception as error:  # whatever NumPy makes of a file that is not its own
            raise ValueError(
                f"{path} does not hold saved transitions ({error}): write it with Transitions.save"
            ) from error

    def _check_next_obs(self):
        """`next_obs = obs[1:]` is a common way to save a column, and wrong where an episode ends."""
        last = np.flatnonzero((self.episode[1:] != self.episode[:-1]) & self.terminated[:-1])
        if self.obs.dtype.kind != "f" or len(last) < 2:
            return
        if np.array_equal(self.next_obs[last], self.obs[last + 1]):
            raise ValueError(
                "the last step of every episode leads to the first observation of the next one: "
                "next_obs looks like obs moved up by a row. Give what was seen at the end of each "
                "episode, or drop the last step of each"
            )

    def _check_order(self):
        same = self.episode[1:] == self.episode[:-1]
        on = np.flatnonzero(same & (self.terminated | self.truncated)[:-1])
        if len(on):
            raise ValueError(
                f"episode {self.episode[on[0]]} goes on after its end in row {on[0]}: number the "
                "episodes anew, one number from each start to its end"
            )
        rows = np.flatnonzero(same)
        if not len(rows):
            return
        apart = (self.next_obs[rows] != self.obs[rows + 1]).reshape(len(rows), -1).any(1)
        if apart.any():
            row = int(rows[apart.argmax()])
            raise ValueError(
                f"rows {row} and {row + 1} are of episode {self.episode[row]} and do not follow each "
                "other (next_obs is not the next row's obs): sort the rows by time, and give "
                "stretches with gaps episode numbers of their own"
            )


COLUMNS = [f.name for f in fields(Transitions) if f.name != "info"]


def _table(columns: Iterable[np.ndarray], info: dict[str, np.ndarray]) -> Transitions:
    return Transitions(**dict(zip(COLUMNS, columns)), info=info)


def _column(name, values):
    """A column as an array; a superfluous last axis of length 1 is taken off."""
    values = np.asarray(values)
    flat = name in ("rew", "terminated", "truncated", "episode") or (
        name == "act" and values.dtype.kind in "iu"
    )
    if flat and values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim == 0 or (flat and values.ndim != 1):
        raise ValueError(
            f"wanted {name} of shape {'(N,)' if flat else '(N, ...)'}, got {values.shape}"
        )
    if values.dtype == object or values.dtype.kind in "SU":
        raise ValueError(f"{name} must hold numbers, got {values.dtype}")
    return values.astype(bool) if name in ("terminated", "truncated") else values


def _check_finite(name, values):
    if values.dtype.kind in "biu":
        return  # whole numbers are finite, and pictures are too many to be copied
    bad = ~np.isfinite(np.asarray(values, np.float64))
    if bad.any():
        row = int(np.argwhere(bad)[0][0])
        raise ValueError(
            f"{name} holds {int(bad.sum())} values that are not finite, first in row {row}: drop "
            "those rows, or find what in the world produced them"
        )


def info_columns(infos: list[dict]) -> dict[str, np.ndarray]:
    """The numbers among what an environment told beside: name -> `(N,)`, NaN where it told none."""
    plain = (bool, int, float, np.bool_, np.number)
    names = {name for info in infos for name, value in info.items() if isinstance(value, plain)}
    return {
        name: np.array(
            [float(v) if isinstance(v := info.get(name), plain) else np.nan for info in infos]
        )
        for name in sorted(names)
    }


def collect(
    world: World | Source,
    agent: Agent | Callable | None = None,
    steps: int = 1000,
    seed: Seed = 0,
    random_share: float = 0.0,
    episodes: int | None = None,
    max_steps: int | None = None,
) -> Transitions:
    """Act for `steps` real steps, over as many episodes as that takes, one after the other.

    Args:
        world: a World, a gymnasium environment (run with its own wrappers and its own limit), its
            id, or a function that makes one.
        agent: see `wmlib.agents.Agent`; None acts uniformly at random.
        steps: how many real steps.
        seed: of the starts, the world's chance and the random actions.
        random_share: probability with which an action is replaced by a random one.
        episodes: stop after so many episodes, should they be over before.
        max_steps: where episodes are cut off; default the world's own limit.

    Returns:
        Transitions of length `steps`, or shorter if the episodes were over before.
    """
    world = as_world(world, max_steps)
    if steps < 1:
        raise ValueError(f"collect needs at least 1 step, got steps={steps}")
    rng = new_rng(seed)
    uniform = Sampled(world.act_space, int(rng.integers(2**31)))
    actor = uniform if agent is None else Straying(agent, random_share, world.act_space, rng)
    rows, over = [], 0
    for step in islice(play(world, actor, rng=rng, max_steps=max_steps), steps):
        rows.append(step)
        over += int(step.over[0])
        if over == episodes:
            break
    columns = (np.concatenate([getattr(row, name) for row in rows]) for name in COLUMNS)
    return _table(columns, info_columns([row.info[0] for row in rows]))
