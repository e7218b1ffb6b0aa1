"""Dyna-Q written as one loop: the same draws and the same values as its methods, much faster.

A step of `DynaQ` in plain Python is four calls for each imagined step (`sample`, `outcome`,
`update`, `target`), and the calls cost more than the arithmetic. Here they are written where they
are used, and `best[s]`, the largest value of a row, is kept as values change. `DynaQ` is the text
to read; a test holds the two equal, to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def live(agent: Any, at: Callable[[int], Any], limit: float, cut: float) -> Iterator[tuple]:
    """Real steps of a `DynaQ` with a `TableModel`, each followed by its imagined ones.

    While this goes on nobody else may write into the agent's values or into its model.

    Args:
        at: the maze at a real step. limit: real steps in all. cut: real steps of an episode.

    Yields:
        what `wmlib.acting.walk` yields, when it has been learned from.
    """
    q, gamma, alpha, epsilon = agent.q, agent.gamma, agent.alpha, agent.epsilon
    rnd, n, n_actions, model = (
        agent.random.random,
        agent.planning_steps,
        agent.n_actions,
        agent.model,
    )
    end = len(q)  # where an episode that is over leads: nothing is to be had there
    best = [*map(max, q), 0.0]
    rows = []  # (s, a, r, where it led) of every pair tried
    for pair in model.tried:
        r, nxt, terminated = model.last[pair]
        rows.append((*pair, r, end if terminated else nxt))
    number = {pair: i for i, pair in enumerate(model.tried)}

    s, t, age = at(0).reset(agent.random), 0, 0
    while t < limit:
        values = q[s]
        if rnd() < epsilon:
            a = int(rnd() * n_actions)
        else:
            top = best[s]
            ties = [b for b, value in enumerate(values) if value == top]
            a = ties[int(rnd() * len(ties))]
        nxt, r, terminated = at(t).move(s, a, agent.random)

        pair, row = (s, a), (s, a, r, end if terminated else nxt)
        if pair in number:
            rows[number[pair]] = row
        else:
            number[pair] = len(rows)
            rows.append(row)
            model.tried.append(pair)
        model.last[pair] = (r, nxt, terminated)

        many = len(rows)
        for k in range(-1, n):  # the real step, then the imagined ones
            x, b, rew, y = row if k < 0 else rows[int(rnd() * many)]
            values = q[x]
            old = values[b]
            new = old + alpha * (rew + gamma * best[y] - old)
            if new != old:
                values[b] = new
                if new > best[x]:
                    best[x] = new
                elif old == best[x]:
                    best[x] = max(values)
        agent.backups += n + 1
        yield s, a, r, nxt, terminated
        age += 1
        if terminated or age == cut:
            s, age = at(t).reset(agent.random), 0
        else:
            s = nxt
        t += 1
