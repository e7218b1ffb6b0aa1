"""Mazes drawn in letters: the small worlds of chapters 1 and 2.

A maze is a table of outcomes. The drawing says what is where::

    .  free        S  where episodes begin (one or several)
    #  wall        G  goal: reward, and the episode ends
    T  trap: a penalty, and the episode ends
    v  chute: every action moves down, whatever the agent wants

Cells are numbered row by row from 0 and a state is a cell number, so a batch of states is an
integer array `(B,)`. The four actions are `UP, DOWN, LEFT, RIGHT` = 0, 1, 2, 3; walking into a
wall or off the edge leaves the agent where it is.
"""

from __future__ import annotations

from random import Random
from typing import TypeVar

import gymnasium as gym
import numpy as np

from wmlib.worlds.base import World

C = TypeVar("C", int, np.ndarray)  # one, or many
UP, DOWN, LEFT, RIGHT = range(4)
ACTIONS = ("up", "down", "left", "right")
MOVES = ((-1, 0), (1, 0), (0, -1), (0, 1))
SIDEWAYS = {UP: (LEFT, RIGHT), DOWN: (LEFT, RIGHT), LEFT: (UP, DOWN), RIGHT: (UP, DOWN)}


class Maze(World):
    """A grid world from a drawing.

    Args:
        drawing: lines of equal length, see the module's text.
        slip: chance that a move goes to one side instead (half of it to each side).
        goal_reward: reward for entering a goal.
        trap_reward: reward for entering a trap.
        max_steps: steps after which an episode is truncated.

    Attributes:
        lines, drawing, letters: the drawing as lines, as one text, as one letter per cell.
        n_states, n_actions: sizes of the table.
        shape: rows and columns.
        starts: cells in which episodes begin.
        outcomes: `outcomes[s][a]` lists `(probability, next cell, reward, terminated)`.

    Raises:
        ValueError: for ragged lines, unknown letters, no start, or a slip outside [0, 1].
    """

    def __init__(
        self,
        drawing: str,
        slip: float = 0.0,
        goal_reward: float = 1.0,
        trap_reward: float = -1.0,
        max_steps: int = 10_000,
    ):
        self.lines = lines = drawing.split()
        self._check(lines, slip)
        self.drawing, self.letters = "\n".join(lines), "".join(lines)
        self.shape = len(lines), len(lines[0])
        self.slip, self.goal_reward, self.trap_reward = slip, goal_reward, trap_reward
        self.n_states, self.n_actions, self.max_steps = len(self.letters), 4, max_steps
        self.starts = self.cells("S")
        self.obs_space = gym.spaces.Discrete(self.n_states)
        self.act_space = gym.spaces.Discrete(4)
        self.outcomes = [[self._outcomes(s, a) for a in range(4)] for s in range(self.n_states)]
        self._fill_arrays()

    # --- one agent, one step: plain Python, for learners that walk cell by cell -----------------

    def reset(self, random: Random) -> int:
        """A cell to begin in; `random` is a `random.Random`."""
        return self.starts[int(random.random() * len(self.starts))]

    def move(self, cell: int, action: int, random: Random | None = None) -> tuple[int, float, bool]:
        """One step of one agent: `(next cell, reward, terminated)`.

        `random` is a `random.Random`, needed where the maze is slippery.
        """
        outcomes = self.outcomes[cell][action]
        if len(outcomes) == 1:
            return outcomes[0][1:]
        if random is None:
            raise ValueError("chance decides here (slip > 0): pass random=random.Random(seed)")
        u = random.random()
        for chance, *outcome in outcomes:
            u -= chance
            if u < 0:
                break
        return tuple(outcome)

    # --- a batch of agents: the World interface --------------------------------------------------

    def initial(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return rng.choice(np.array(self.starts, dtype=np.int64), size=n)

    def step(
        self, state: np.ndarray, action: np.ndarray, rng: np.random.Generator | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """See `World.step`; without `rng` the most likely outcome happens."""
        state, action = self._check_batch(state, action)
        if rng is None:
            k = self._chance[state, action].argmax(1)
        else:
            bounds = self._chance[state, action].cumsum(1)
            k = (rng.random(len(state))[:, None] >= bounds).sum(1).clip(max=bounds.shape[1] - 1)
        where = state, action, k
        return self._next[where], self._reward[where], self._terminated[where]

    def obs(self, state: np.ndarray) -> np.ndarray:
        return np.asarray(state)

    def state_of(self, obs: np.ndarray) -> np.ndarray:
        return np.asarray(obs)

    # --- looking at the whole world -------------------------------------------------------------

    def cells(self, letter: str) -> list[int]:
        """The numbers of all cells drawn with this letter."""
        return [cell for cell, what in enumerate(self.letters) if what == letter]

    def free(self) -> list[int]:
        """Cells an agent can stand on and act in: no walls, goals or traps."""
        return [cell for cell, what in enumerate(self.letters) if what not in "#GT"]

    def row_col(self, cell: C) -> tuple[C, C]:
        """Row and column of a cell, or of an array of cells."""
        return divmod(cell, self.shape[1])

    def tables(self) -> tuple[np.ndarray, np.ndarray]:
        """The world as arrays, for exact calculation.

        Returns:
            P `(S, A, S)`: probability of coming to s' *and going on*; a step that ends the
            episode is in no entry, so nothing after the end is ever counted.
            R `(S, A)`: expected reward.
        """
        P, R = np.zeros((self.n_states, 4, self.n_states)), np.zeros((self.n_states, 4))
        for s in self.free():
            for a in range(4):
                for chance, nxt, rew, terminated in self.outcomes[s][a]:
                    R[s, a] += chance * rew
                    P[s, a, nxt] += chance * (not terminated)
        return P, R

    # --- building the table ---------------------------------------------------------------------

    def _reward_of(self, cell: int, nxt: int) -> float:
        return {"G": self.goal_reward, "T": self.trap_reward}.get(self.letters[nxt], 0.0)

    def _neighbour(self, cell: int, action: int) -> int:
        (row, col), (down, right) = self.row_col(cell), MOVES[action]
        row, col = row + down, col + right
        if not (0 <= row < self.shape[0] and 0 <= col < self.shape[1]):
            return cell
        nxt = row * self.shape[1] + col
        return cell if self.letters[nxt] == "#" else nxt

    def _outcomes(self, cell, action):
        if self.letters[cell] in "#GT":  # nobody acts here: the episode is over
            return [(1.0, cell, 0.0, True)]
        if self.letters[cell] == "v":
            action = DOWN
        chances: dict[int, float] = {}
        sides = SIDEWAYS[action] if self.slip and self.letters[cell] != "v" else ()
        for way, chance in (
            (action, 1 - self.slip if sides else 1.0),
            *((side, self.slip / 2) for side in sides),
        ):
            nxt = self._neighbour(cell, way)
            chances[nxt] = chances.get(nxt, 0.0) + chance
        return [
            (chance, nxt, self._reward_of(cell, nxt), self.letters[nxt] in "GT")
            for nxt, chance in chances.items()
        ]

    def _fill_arrays(self):
        most = max(len(outcomes) for row in self.outcomes for outcomes in row)
        shape = self.n_states, 4, most
        self._chance, self._reward = np.zeros(shape), np.zeros(shape)
        self._next, self._terminated = np.zeros(shape, np.int64), np.zeros(shape, bool)
        for s in range(self.n_states):
            for a in range(4):
                for k, (chance, nxt, rew, terminated) in enumerate(self.outcomes[s][a]):
                    self._chance[s, a, k], self._next[s, a, k] = chance, nxt
                    self._reward[s, a, k], self._terminated[s, a, k] = rew, terminated

    def _check_batch(self, state, action):
        state, action = np.asarray(state), np.asarray(action)
        if state.shape != action.shape or state.ndim != 1:
            raise ValueError(
                f"wanted a batch of cells (B,) and as many actions (B,), "
                f"got {state.shape} and {action.shape}"
            )
        for name, values, n in (("cells", state, self.n_states), ("actions", action, 4)):
            if values.dtype.kind not in "iu" or (values < 0).any() or (values >= n).any():
                raise ValueError(f"{name} are integers from 0 to {n - 1}, got {values}")
        return state, action

    @staticmethod
    def _check(lines, slip):
        if not lines or len({len(line) for line in lines}) != 1:
            raise ValueError(
                f"the lines of a maze must be equally long, got {[len(x) for x in lines]}"
            )
        unknown = set("".join(lines)) - set(".#SGTv")
        if unknown:
            raise ValueError(f"unknown letters {sorted(unknown)}: a maze is drawn with . # S G T v")
        if "S" not in "".join(lines):
            raise ValueError("no start: draw an S where episodes begin")
        if not 0 <= slip <= 1:
            raise ValueError(f"slip is a probability between 0 and 1, got {slip}")
