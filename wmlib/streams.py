"""Experience as streams of frames: what models with a memory learn from.

A stream is what one copy of a world showed, frame after frame, through as many episodes as there
were. Row t holds a frame and what was done in it::

    obs[t] --act[t]--> obs[t+1]      rew[t], cont[t] belong to that arrow
    first[t]: an episode begins here, so no arrow leads into this frame

An episode's last frame stands in the stream too, and the arrow that leaves it is not real: there
`first[t+1]` is True, and whoever learns must cut its memory there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch
from numpy.typing import ArrayLike

from wmlib.acting import play
from wmlib.agents import Agent
from wmlib.devices import new_rng
from wmlib.worlds.actions import from_index
from wmlib.worlds.base import Seed, World
from wmlib.worlds.gym import Source


@dataclass
class Sequences:
    """A batch of stretches of T frames, as tensors.

    Attributes:
        obs: `(B, T, ...)`. first: `(B, T)` bool; the first column is True, whatever came before.
        act: `(B, T - 1)` integers or `(B, T - 1, A)` floats. rew, cont: `(B, T - 1)`.
        real: `(B, T - 1)` float, 1 where the arrow t -> t + 1 stays inside an episode.
    """

    obs: torch.Tensor
    act: torch.Tensor
    rew: torch.Tensor
    cont: torch.Tensor
    first: torch.Tensor

    @property
    def real(self) -> torch.Tensor:
        return (~self.first[:, 1:]).float()

    def to(self, device: torch.device | str) -> Sequences:
        """The same on another device."""
        columns = self.obs, self.act, self.rew, self.cont, self.first
        return Sequences(*(column.to(device) for column in columns))

    def cut(self, length: int, rows: ArrayLike, start: ArrayLike) -> Sequences:
        """Shorter stretches, of `length` frames: `rows (N,)` of this batch, from frame `start (N,)`."""
        rows, start = (torch.as_tensor(x, device=self.obs.device)[:, None] for x in (rows, start))
        at = rows, start + torch.arange(length, device=self.obs.device)
        arrow = at[0], at[1][:, :-1]
        first = self.first[at].clone()
        first[:, 0] = True
        return Sequences(self.obs[at], self.act[arrow], self.rew[arrow], self.cont[arrow], first)


class Streams:
    """Play several copies of a world side by side, and keep every frame.

    Args:
        world: a World; or the id of a gymnasium environment, a function that makes one, or one that
            can be copied (with `copies=1` any).
        copies: how many run side by side.
        seed: of the starts, of the world's chance and of random actions.
        max_steps: where episodes are cut off; default the world's own limit.

    Attributes:
        steps: real steps so far, of all copies together.
        returns: of every finished episode, in the order of their ends.
    """

    def __init__(
        self, world: World | Source, copies: int = 8, seed: Seed = 0, max_steps: int | None = None
    ):
        self.rng = new_rng(seed)
        self.acting = play(world, copies=copies, rng=self.rng, max_steps=max_steps)
        self.world, self.copies = self.acting.world, copies
        self.steps, self._sum = 0, np.zeros(copies)
        self.returns: list[float] = []
        self._rows: list[list] = [[] for _ in range(copies)]  # obs, act, rew, cont, first
        nothing = np.zeros_like(np.asarray(self.world.act_space.sample()))
        self._blank = from_index(self.world.act_space, nothing)  # what an end's frame is given

    def play(self, steps: int, agent: Agent | Callable | None = None) -> Streams:
        """Go on from where it stopped.

        Args:
            steps: real steps of all copies together, rounded up to whole rounds.
            agent: see `wmlib.agents.Agent`; None acts at random.

        Returns:
            itself.
        """
        self.acting.agent = agent
        for step in islice(self.acting, -(-steps // self.copies)):
            cont = ~step.terminated
            for i, rows in enumerate(self._rows):
                rows.append((step.obs[i], step.act[i], step.rew[i], cont[i], step.first[i]))
            self._sum += step.rew
            for i in np.flatnonzero(step.over):  # an episode's last frame stands in the stream too
                self._rows[i].append((step.next_obs[i], self._blank, 0.0, True, False))
                self.returns.append(float(self._sum[i]))
                self._sum[i] = 0.0
            self.steps += self.copies
        return self

    def sample(self, batch: int, length: int, rng: np.random.Generator) -> Sequences:
        """Stretches of `length` frames, drawn evenly from everything that was seen.

        Raises:
            ValueError: if no stream is that long yet.
        """
        rooms = np.array([max(0, len(rows) - length + 1) for rows in self._rows])
        if not rooms.any():
            longest = max(len(rows) for rows in self._rows)
            raise ValueError(
                f"wanted stretches of {length} frames, the longest stream has {longest}: play "
                "more steps, or ask for shorter ones"
            )
        which = rng.choice(self.copies, batch, p=rooms / rooms.sum())
        return self._cut([(i, int(rng.integers(rooms[i]))) for i in which], length)

    def all(self, length: int) -> Sequences:
        """Everything, cut into stretches of `length` frames that do not overlap."""
        spans = [
            (i, start)
            for i, rows in enumerate(self._rows)
            for start in range(0, len(rows) - length + 1, length)
        ]
        if not spans:
            raise ValueError(f"no stream has {length} frames yet: play more steps")
        return self._cut(spans, length)

    def frames(self) -> np.ndarray:
        """Every frame that was seen: `(N, ...)`."""
        return np.stack([row[0] for rows in self._rows for row in rows])

    def content(self) -> dict:
        """Everything it holds, as tensors and plain values, to be written to a file.

        Raises:
            TypeError: for a gymnasium environment, whose state nobody can write down.
        """
        rows = [row for rows in self._rows for row in rows]
        columns = [torch.from_numpy(np.array(column)) for column in zip(*rows)]
        return {
            "lengths": [len(rows) for rows in self._rows],
            "columns": columns,
            "play": [torch.from_numpy(np.asarray(x)) for x in (*self.acting.content(), self._sum)],
            "rng": self.rng.bit_generator.state,
            "steps": self.steps,
            "returns": self.returns,
        }

    def restore(self, content: dict) -> Streams:
        """Go on where `content` was taken, in streams of the same world and as many copies."""
        if len(content["lengths"]) != self.copies:
            raise ValueError(
                f"these are streams of {len(content['lengths'])} copies of a world, "
                f"here there are {self.copies}"
            )
        rows = iter(zip(*(column.numpy() for column in content["columns"])))
        self._rows = [[next(rows) for _ in range(n)] for n in content["lengths"]]
        *state, total = (x.numpy().copy() for x in content["play"])
        self.acting.restore(*state)
        self._sum = total
        self.rng.bit_generator.state = content["rng"]
        self.steps, self.returns = content["steps"], list(content["returns"])
        return self

    def _cut(self, spans, length):
        rows = [self._rows[i][start : start + length] for i, start in spans]
        obs, act, rew, cont, first = (
            np.stack([[row[k] for row in stretch] for stretch in rows]) for k in range(5)
        )
        first[:, 0] = True
        act = torch.from_numpy(act[:, :-1])
        return Sequences(
            torch.from_numpy(obs),
            act.float() if act.is_floating_point() else act.long(),
            torch.from_numpy(rew[:, :-1]).float(),
            torch.from_numpy(cont[:, :-1]).float(),
            torch.from_numpy(first),
        )
