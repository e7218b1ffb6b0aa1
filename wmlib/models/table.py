"""World models that are tables: what followed each action in each cell.

`TableModel` keeps the last outcome and nothing else: right where the world is deterministic.
`SampleModel` counts outcomes and draws from them: right where the world is not. Both have two
faces. One is plain Python, one cell at a time, because tabular learners make millions of tiny
updates: `record`, `sample`, `outcome`. The other is the interface of every model of the course,
on batches: `start`, `step`, `imagine`, with states that are integers `(B,)`.

Source: Sutton & Barto 2018, sections 8.1 to 8.3.
"""

from __future__ import annotations

from random import Random

import gymnasium as gym
import numpy as np
import torch

from wmlib.experience import Transitions
from wmlib.models.base import Step, WorldModel
from wmlib.worlds.actions import n_actions, to_index


class TableModel(WorldModel):
    """Remembers the last outcome of every (state, action) it was shown.

    One cell at a time, states and actions count from 0. On batches, actions are the environment's
    own.

    Args:
        n_states: how many there are.
        actions: how many there are, or their space, `Discrete`.

    Attributes:
        tried: the pairs `(s, a)` seen so far, in the order of their first visit.
        last: `last[s, a] = (rew, next state, terminated)`.

    A pair never tried is answered with "nothing happens": same state, no reward. That is an
    assumption and not knowledge: ask `knows` first where it matters.
    """

    def __init__(self, n_states: int, actions: int | gym.spaces.Discrete):
        n = actions if isinstance(actions, int) else n_actions(actions, "a table")
        if n_states < 1 or n < 1:
            raise ValueError(f"a table needs at least 1 x 1 entries, got {n_states} x {n}")
        self.n_states, self.n_actions, self.feat_size = n_states, n, n_states
        self.act_space = gym.spaces.Discrete(n) if isinstance(actions, int) else actions
        self.tried: list[tuple[int, int]] = []
        self.last: dict[tuple[int, int], tuple[float, int, bool]] = {}

    # --- one cell at a time ----------------------------------------------------------------------

    def record(self, s: int, a: int, r: float, nxt: int, terminated: bool) -> None:
        """Take in one real step."""
        if (s, a) not in self.last:
            self.tried.append((s, a))
        self.last[s, a] = (r, nxt, terminated)

    def outcome(self, s: int, a: int, random: Random) -> tuple[float, int, bool]:
        """What followed `a` in `s`: (rew, next state, terminated); `random` is a random.Random."""
        return self.last[s, a]

    def sample(self, random: Random) -> tuple[int, int, tuple[float, int, bool]]:
        """A tried pair, drawn evenly, and its outcome: (s, a, (rew, next, terminated))."""
        s, a = self.tried[int(random.random() * len(self.tried))]
        return s, a, self.outcome(s, a, random)

    def knows(self, s: int, a: int) -> bool:
        """Whether this pair was ever tried."""
        return (s, a) in self.last

    def fit(self, data: Transitions) -> TableModel:
        """Record a whole table of `Transitions` with integer observations, in order.

        Raises:
            ValueError: if states or actions are not integers `(N,)` of this table.
        """
        act = to_index(self.act_space, np.asarray(data.act))
        sizes = ("states", data.obs, self.n_states), ("actions", act, self.n_actions)
        for name, column, n in (*sizes, ("states", data.next_obs, self.n_states)):
            column = np.asarray(column)
            if column.ndim != 1 or column.dtype.kind not in "iu":
                raise ValueError(
                    f"a table model needs integer {name} (N,), got {column.dtype} of shape "
                    f"{column.shape}"
                )
            if column.min() < 0 or column.max() >= n:
                raise ValueError(
                    f"this table has {n} {name}, the data holds number {column.min()} to "
                    f"{column.max()}"
                )
        columns = (data.obs, act, data.rew, data.next_obs, data.terminated)
        for row in zip(*(np.asarray(column).tolist() for column in columns)):
            self.record(*row)
        return self

    def outcomes(self, s: int, a: int) -> list[tuple[float, int, float, bool]]:
        """All remembered outcomes of a pair: `[(probability, next state, rew, terminated)]`."""
        if (s, a) not in self.last:
            return [(1.0, s, 0.0, False)]
        r, nxt, terminated = self.last[s, a]
        return [(1.0, nxt, r, terminated)]

    def tables(self) -> tuple[np.ndarray, np.ndarray]:
        """The model as arrays `P (S, A, S)` and `R (S, A)`, like `Maze.tables`."""
        P = np.zeros((self.n_states, self.n_actions, self.n_states))
        R = np.zeros((self.n_states, self.n_actions))
        for s in range(self.n_states):
            for a in range(self.n_actions):
                for chance, nxt, rew, terminated in self.outcomes(s, a):
                    R[s, a] += chance * rew
                    P[s, a, nxt] += chance * (not terminated)
        return P, R

    # --- a batch of states: the interface of all models ------------------------------------------

    def start(self, obs, generator=None):
        """Observations are the states: integers `(B,)`."""
        state = torch.as_tensor(np.asarray(obs), device="cpu")
        if state.ndim != 1 or state.is_floating_point():
            raise ValueError(
                f"wanted integer states (B,), got {state.dtype} of shape {tuple(state.shape)}"
            )
        return state.long()

    def step(self, state, action, generator=None):
        """See `WorldModel.step`; without a generator the most frequent outcome is given."""
        action = to_index(self.act_space, torch.as_tensor(action, device="cpu"))
        if state.shape != action.shape:
            raise ValueError(
                f"wanted one action for each of {tuple(state.shape)} states, "
                f"got {tuple(action.shape)}"
            )
        u = None
        if generator is not None:
            u = torch.rand(state.shape, generator=generator, device=generator.device).tolist()
        rows = []
        for i, (s, a) in enumerate(zip(state.tolist(), action.tolist())):
            options = self.outcomes(s, a)
            pick = max(options, key=lambda option: option[0]) if u is None else options[-1]
            if u is not None and len(options) > 1:
                below = u[i]
                for option in options:
                    below -= option[0]
                    if below < 0:
                        pick = option
                        break
            rows.append(pick[1:])
        nxt, rew, terminated = zip(*rows) if rows else ((), (), ())
        rew, ends = (torch.tensor(x, dtype=torch.float32, device="cpu") for x in (rew, terminated))
        return Step(torch.tensor(nxt, dtype=torch.long, device="cpu"), rew, 1.0 - ends)

    def decode(self, state):
        """The state is what is seen."""
        return state

    def feat(self, state):
        """One-hot states, `(B, n_states)`."""
        return torch.nn.functional.one_hot(state, self.n_states).float()


class SampleModel(TableModel):
    """Remembers how often each outcome followed, and draws from that.

    Attributes:
        counts: `counts[s, a]` maps an outcome `(rew, next state, terminated)` to how often it was
            seen.
    """

    def __init__(self, n_states: int, actions: int | gym.spaces.Discrete):
        super().__init__(n_states, actions)
        self.counts: dict[tuple[int, int], dict[tuple[float, int, bool], int]] = {}
        self._history: dict[tuple[int, int], list] = {}

    def record(self, s, a, r, nxt, terminated):
        super().record(s, a, r, nxt, terminated)
        seen = self.counts.setdefault((s, a), {})
        seen[r, nxt, terminated] = seen.get((r, nxt, terminated), 0) + 1
        # A list of everything seen: an even draw from it is a draw in proportion to the counts.
        self._history.setdefault((s, a), []).append((r, nxt, terminated))

    def outcome(self, s, a, random):
        seen = self._history[s, a]
        return seen[int(random.random() * len(seen))]

    def outcomes(self, s, a):
        if (s, a) not in self.counts:
            return [(1.0, s, 0.0, False)]
        seen = self.counts[s, a]
        total = sum(seen.values())
        return [(n / total, nxt, r, end) for (r, nxt, end), n in seen.items()]
