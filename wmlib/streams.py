"""Experience as streams of frames: what models with a memory learn from.

A stream is what one copy of a world showed, frame after frame, through as many episodes as there
were. Row t holds a frame and what was done in it::

    obs[t] --act[t]--> obs[t+1]      rew[t], cont[t] belong to that arrow
    first[t]: an episode begins here, so no arrow leads into this frame

An episode's last frame stands in the stream too, and the arrow that leaves it is not real: there
`first[t+1]` is True, and whoever learns must cut its memory there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from wmlib.worlds import as_world


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
    def real(self):
        return (~self.first[:, 1:]).float()

    def cut(self, length: int, rows, start) -> Sequences:
        """Shorter stretches, of `length` frames: `rows (N,)` of this batch, from frame `start (N,)`."""
        at = torch.as_tensor(rows)[:, None], torch.as_tensor(start)[:, None] + torch.arange(length)
        arrow = at[0], at[1][:, :-1]
        first = self.first[at].clone()
        first[:, 0] = True
        return Sequences(self.obs[at], self.act[arrow], self.rew[arrow], self.cont[arrow], first)


def random_actions(space, n: int, rng: np.random.Generator) -> np.ndarray:
    """`n` actions of a gymnasium space, drawn evenly: `(n,)` integers or `(n, A)` floats."""
    if hasattr(space, "n"):
        return rng.integers(space.n, size=n)
    return rng.uniform(space.low, space.high, (n, *space.shape))


class Streams:
    """Play several copies of a world side by side, and keep every frame.

    Args:
        world: a World, a gymnasium environment or its id.
        copies: how many run side by side.
        seed: of the starts, of the world's chance and of random actions.

    Attributes:
        steps: real steps so far, of all copies together.
        returns: of every finished episode, in the order of their ends.
    """

    def __init__(self, world, copies: int = 8, seed: int = 0):
        self.world, self.copies = as_world(world), copies
        self.rng = np.random.default_rng(seed)
        self.state = self.world.initial(copies, self.rng)
        self.first, self.age = np.ones(copies, bool), np.zeros(copies, int)
        self.steps, self.returns, self._sum = 0, [], np.zeros(copies)
        self._rows = [[] for _ in range(copies)]  # per copy: (obs, act, rew, cont, first)
        self._blank = np.zeros_like(np.asarray(self.world.act_space.sample()))

    def play(self, steps: int, agent=None) -> Streams:
        """Go on from where it stopped.

        Args:
            steps: real steps of all copies together, rounded up to whole rounds.
            agent: `agent(obs (n, ...), first (n,) bool) -> actions (n, ...)`, or None for random.

        Returns:
            itself.
        """
        for _ in range(-(-steps // self.copies)):
            obs = self.world.obs(self.state)
            if agent is None:
                act = random_actions(self.world.act_space, self.copies, self.rng)
            else:
                act = np.asarray(agent(obs, self.first))
            nxt, rew, terminated = self.world.step(self.state, act, self.rng)
            self.age += 1
            over = terminated | (self.age >= self.world.max_steps)
            for i, rows in enumerate(self._rows):
                rows.append((obs[i], act[i], rew[i], not terminated[i], self.first[i]))
            self._sum += rew
            if over.any():
                self._end(nxt, over)
            self.state, self.first = nxt, over
            self.steps += self.copies
        return self

    def _end(self, state, over):
        """Keep the last frames, and begin anew (in place)."""
        last = self.world.obs(state)
        for i in np.flatnonzero(over):
            self._rows[i].append((last[i], self._blank, 0.0, True, False))
            self.returns.append(float(self._sum[i]))
        state[over] = self.world.initial(int(over.sum()), self.rng)
        self._sum[over], self.age[over] = 0.0, 0

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
        """Everything it holds, as tensors and plain values, to be written to a file."""
        rows = [row for rows in self._rows for row in rows]
        columns = [torch.as_tensor(np.array(column)) for column in zip(*rows)]
        return {
            "lengths": [len(rows) for rows in self._rows],
            "columns": columns,
            "world": [torch.as_tensor(x) for x in (self.state, self.first, self.age, self._sum)],
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
        self.state, self.first, self.age, self._sum = (x.numpy().copy() for x in content["world"])
        self.rng.bit_generator.state = content["rng"]
        self.steps, self.returns = content["steps"], list(content["returns"])
        return self

    def _cut(self, spans, length):
        rows = [self._rows[i][start : start + length] for i, start in spans]
        obs, act, rew, cont, first = (
            np.stack([[row[k] for row in stretch] for stretch in rows]) for k in range(5)
        )
        first[:, 0] = True
        act = torch.as_tensor(act[:, :-1])
        return Sequences(
            torch.as_tensor(obs),
            act.float() if act.is_floating_point() else act.long(),
            torch.as_tensor(rew[:, :-1]).float(),
            torch.as_tensor(cont[:, :-1]).float(),
            torch.as_tensor(first),
        )
