"""The usual mistakes in copies of Dyna, each one written out so that it can be seen failing.

Every class differs from the right one in the lines marked WRONG and nowhere else.
"""

from __future__ import annotations

from wmlib.acting import walk
from wmlib.learning.dyna import DynaQ, DynaQPlus
from wmlib.learning.q_learning import QLearner


class FirstOfTies(DynaQ):
    """Takes the first of several best actions, as `argmax` does: at the start always "up"."""

    def act(self, s):
        if self.random.random() < self.epsilon:
            return int(self.random.random() * self.n_actions)
        return self.q[s].index(max(self.q[s]))  # WRONG


class NeverTried(DynaQ):
    """Imagines actions it never tried, out of an array of zeros: "leads to cell 0, pays 0"."""

    def plan(self, n):
        visited = sorted({s for s, _ in self.model.tried})
        for _ in range(n):
            s = visited[int(self.random.random() * len(visited))]
            a = int(self.random.random() * self.n_actions)  # WRONG: any action
            r, nxt, terminated = self.model.last.get((s, a), (0.0, 0, False))  # WRONG: zeros
            self.update(s, a, r, nxt, terminated)


class SameStepAgain(DynaQ):
    """Replays the step it has just made, n times, instead of steps drawn from memory."""

    def learn(self, s, a, r, nxt, terminated):
        self.update(s, a, r, nxt, terminated)
        self.model.record(s, a, r, nxt, terminated)
        for _ in range(self.planning_steps):
            self.update(s, a, r, nxt, terminated)  # WRONG


class NoEnd(QLearner):
    """Bootstraps from a terminal state, as if the episode went on there."""

    def target(self, r, nxt, terminated):
        return r + self.gamma * max(self.q[nxt])  # WRONG: a terminal state is worth 0


class BonusOnlyForTheKnown(DynaQPlus):
    """Dyna-Q+ that gives its bonus only to pairs it has tried at least once."""

    def plan(self, n):
        everything, self.pairs = self.pairs, self.model.tried  # WRONG
        super().plan(n)
        self.pairs = everything


def run_overwriting(agent: DynaQ, maze, episodes: int, limit: int) -> list[int]:
    """The loop with one name too few: planning overwrites `s` and `nxt`.

    The agent then believes it stands where its last imagined step ended. `where` is the truth.
    """
    steps, s = [], None

    def act(where):
        nonlocal s
        s = where if s is None else s
        return agent.act(s)

    for _ in range(episodes):
        s, t = None, 0
        for _, a, r, where, done in walk(maze, act, agent.random, limit=limit):
            nxt, terminated = where, done
            agent.update(s, a, r, nxt, terminated)
            agent.model.record(s, a, r, nxt, terminated)
            for _ in range(agent.planning_steps):
                s, a, (r, nxt, terminated) = agent.model.sample(agent.random)  # WRONG: s, nxt
                agent.update(s, a, r, nxt, terminated)
            s, t = nxt, t + 1
        steps.append(t)
    return steps
