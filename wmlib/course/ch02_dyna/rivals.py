"""What Dyna is compared with: replay, replay backwards, search at decision time, other bonuses."""

from __future__ import annotations

from math import sqrt

import numpy as np

from wmlib.course.ch02_dyna.mistakes import FirstOfTies
from wmlib.learning.dyna import DynaQ, DynaQPlus
from wmlib.learning.exact import value_iteration
from wmlib.learning.q_learning import QLearner


class ReplayBuffer:
    """Experience replay in the place of Dyna's table: the rows themselves, drawn evenly.

    A pair that was visited often is drawn often; what is drawn is what happened then.

    Args:
        capacity: rows kept; the oldest go.
    """

    def __init__(self, capacity: int):
        self.capacity, self.rows, self.count = capacity, [], 0

    def record(self, *row) -> None:
        """Take in one real step (s, a, r, next, terminated)."""
        if len(self.rows) < self.capacity:
            self.rows.append(row)
        else:
            self.rows[self.count % self.capacity] = row
        self.count += 1

    def sample(self, random):
        """A row, drawn evenly: (s, a, (r, next, terminated))."""
        s, a, *outcome = self.rows[int(random.random() * len(self.rows))]
        return s, a, outcome


def replay(n_states: int, n: int, capacity: int, **settings) -> DynaQ:
    """Q-learning with experience replay: n replayed rows after each real step."""
    return DynaQ(n_states, 4, n, ReplayBuffer(capacity), **settings)


class BackwardReplay(QLearner):
    """Backs up every episode once, from its end to its beginning (Lin 1992); no other update."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        self.episode = []

    def learn(self, *row):
        self.episode.append(row)
        if row[-1]:
            for step in reversed(self.episode):
                self.update(*step)
            self.episode = []


def search(last, s, budget, q=None, gamma=0.95):
    """Look ahead from one state in a table of last outcomes, breadth first.

    Args:
        last: `{(s, a): (r, next, terminated)}`. budget: questions to the table, at most.
        q: values of the states at which the search stops; none if it is not said.

    Returns:
        `{a: the best return found that begins with a}`, and how many questions were asked.
    """
    value, asked = {}, 0
    edge, seen = [(s, None, 0.0, 1.0)], {s}  # (state, first action, return so far, discount)
    for place, (state, first, total, discount) in enumerate(edge):
        known = [a for a in range(4) if (state, a) in last]
        if asked + len(known) > budget:
            break
        asked += len(known)
        for a in known:
            r, nxt, terminated = last[state, a]
            begun = a if first is None else first
            value[begun] = max(value.get(begun, 0.0), total + discount * r)
            if not terminated and nxt not in seen:
                seen.add(nxt)
                edge.append((nxt, begun, total + discount * r, discount * gamma))
    else:
        place = len(edge)
    if q is not None:
        for state, begun, total, discount in edge[place:]:
            if begun is not None:
                value[begun] = max(value[begun], total + discount * max(q[state]))
    return value, asked


class Searcher(DynaQ):
    """Plans when it must decide, from where it stands.

    Args:
        budget: questions to the model for one decision.
        planning_steps: backups after each real step, whose values stand at the search's edge.
    """

    def __init__(self, n_states, n_actions, budget, planning_steps=0, **settings):
        super().__init__(n_states, n_actions, planning_steps, **settings)
        self.budget, self.asked, self.paid = budget, 0, False

    def learn(self, s, a, r, nxt, terminated):
        self.model.record(s, a, r, nxt, terminated)
        self.paid = self.paid or r != 0
        if self.paid:
            self.plan(self.planning_steps)

    def act(self, s):
        rnd = self.random.random
        if rnd() < self.epsilon or not self.paid:  # nothing can be found yet
            return int(rnd() * self.n_actions)
        value, asked = search(self.model.last, s, self.budget, self.q, self.gamma)
        self.asked += asked
        values = [value.get(a, 0.0) for a in range(self.n_actions)]
        ties = [a for a in range(self.n_actions) if values[a] == max(values)]
        return ties[int(rnd() * len(ties))]


class CuriousActing(DynaQ):
    """A bonus in the choice of an action instead of in planning (Sutton & Barto 2018, exercise 8.4).

    It takes the action with the largest `q + kappa * sqrt(tau)`: no bonus enters a value, so none
    spreads through the maze.

    Args:
        kappa: size of the bonus.
    """

    def __init__(self, n_states, n_actions, planning_steps=50, kappa=1e-3, **settings):
        super().__init__(n_states, n_actions, planning_steps, **settings)
        self.kappa, self.now = kappa, 0
        self.last_tried: dict[tuple[int, int], int] = {}

    def act(self, s):
        if self.random.random() < self.epsilon:
            return int(self.random.random() * self.n_actions)
        ages = [self.now - self.last_tried.get((s, a), 0) for a in range(self.n_actions)]
        values = [q + self.kappa * sqrt(age) for q, age in zip(self.q[s], ages)]
        ties = [a for a in range(self.n_actions) if values[a] == max(values)]
        return ties[int(self.random.random() * len(ties))]

    def learn(self, s, a, r, nxt, terminated):
        self.now += 1
        self.last_tried[s, a] = self.now
        super().learn(s, a, r, nxt, terminated)


class SolvesCounts(DynaQ):
    """Value iteration in the counted model every 50 real steps; pairs never tried are worth 1."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        self.steps = 0

    def learn(self, s, a, r, nxt, terminated):
        self.model.record(s, a, r, nxt, terminated)
        self.steps += 1
        if self.steps % 50 == 0:
            P, R = self.model.tables()
            for pair in np.ndindex(R.shape):
                if not self.model.knows(*pair):
                    P[pair], R[pair] = 0, 1.0
            self.q = value_iteration(P, R, self.gamma, tolerance=1e-4).tolist()


class TinyNumbers(FirstOfTies):
    """Takes the first of ties, and begins with tiny random values so that there are none."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        self.q = [[1e-6 * self.random.random() for _ in row] for row in self.q]


# --- in the place of Dyna-Q+ where the world changes: `make(maze, n, kappa, seed)` ---


def acting(name, n, kappa, s):
    """The bonus in the choice of an action; kappa the best of 1e-4, 1e-3, 3e-3, 1e-2."""
    best = {"blocking": 3e-3, "shortcut": 1e-4}[name]
    return CuriousActing(54, 4, n, kappa=best, alpha=1.0, seed=s)


def buffer(name, n, kappa, s):
    """Experience replay; capacity the best of 100, 300, 1,000, step size the best of 0.3 and 1."""
    capacity = {"blocking": 300, "shortcut": 1000}[name]
    return replay(54, n, capacity, alpha=1.0, seed=s)


def explorer(name, n, kappa, s):
    """Plain Dyna-Q, the best epsilon of 0.05, 0.1, 0.2, 0.3, 0.4 (on seeds from 500,000)."""
    return DynaQ(54, 4, n, alpha=1.0, epsilon={"blocking": 0.1, "shortcut": 0.05}[name], seed=s)


def optimist(name, n, kappa, s):
    """Plain Dyna-Q whose table begins at 1, the largest reward: no bonus, nothing tuned."""
    return DynaQ(54, 4, n, alpha=1.0, initial=1.0, seed=s)


def untried(name, n, kappa, s):
    """Dyna-Q+ without its bonus: actions never tried are imagined, and pay nothing."""
    return DynaQPlus(54, 4, n, kappa=0.0, alpha=1.0, seed=s)
