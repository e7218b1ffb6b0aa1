"""Chapter 1 without the library: a table learned by wandering, look-ahead, a meal, a new wish."""

import random
from itertools import product

import numpy as np

MAZE = """
.......#.#....G
##.###.#.#.###.
.....#.#.....#.
.#.#.###.#.###.
.#.#...#.......
.###.#######.##
...#...........
.#.#####.#.###.
.#.#.....#.....
.#.#.#.#.#####.
S#...#.........
""".strip().splitlines()
ROWS, COLUMNS, GAMMA = len(MAZE), len(MAZE[0]), 0.95
N, LETTERS = ROWS * COLUMNS, "".join(MAZE)
START, GOAL = LETTERS.index("S"), LETTERS.index("G")


def move(cell, action):
    """The real world: next cell, and whether the episode is over."""
    row, column = divmod(cell, COLUMNS)
    down, right = ((-1, 0), (1, 0), (0, -1), (0, 1))[action]
    row, column = row + down, column + right
    inside = 0 <= row < ROWS and 0 <= column < COLUMNS
    nxt = row * COLUMNS + column if inside else cell
    nxt = cell if LETTERS[nxt] == "#" else nxt
    return nxt, nxt == GOAL


def wander(steps, rng):
    """Steps of a random walk in which nothing is ever rewarded: (cell, action, next, over)."""
    rows, cell = [], START
    for _ in range(steps):
        action = rng.randrange(4)
        nxt, over = move(cell, action)
        rows.append((cell, action, nxt, over))
        cell = START if over else nxt
    return rows


def plan_in(table, reward, end):
    """Value iteration in a table {(cell, action): next cell} for a wish: (cells, actions)."""
    nxt = np.tile(np.arange(N)[:, None], 4)  # what was never tried leads nowhere
    for (cell, action), to in table.items():
        nxt[cell, action] = to
    value = np.zeros(N)
    for _ in range(200):
        q = reward[nxt] + GAMMA * (1 - end[nxt]) * value[nxt]  # (N, 4)
        value = q.max(1)
    return q


def search(table, cell, depth, reward):
    """The best of all 4^depth sequences: its score and its actions."""
    best = (-np.inf, ())
    for plan in product(range(4), repeat=depth):
        at, total = cell, 0.0
        for t, action in enumerate(plan):
            at = table.get((at, action), at)
            total += GAMMA**t * reward[at]
        best = max(best, (total, plan))
    return best


def walk(q, goal, avoid=None):
    """Steps of the greedy walk in the real world; None if it fails."""
    cell, steps = START, 0
    while cell != goal and steps < 200:
        cell, steps = move(cell, int(q[cell].argmax()))[0], steps + 1
        if cell == avoid:
            return None
    return steps if cell == goal else None


def learns():
    """Fed once after the wandering it walks straight; so do values for all goals; one can be dry."""
    rows = wander(32_000, random.Random(1))
    table = {(cell, action): nxt for cell, action, nxt, _ in rows}
    one = np.eye(N)
    assert plan_in(table, 0 * one[GOAL], one[GOAL]).max() == 0  # nothing to want yet
    assert walk(plan_in(table, one[GOAL], one[GOAL]), GOAL) <= 1.2 * 32
    values = np.zeros((N, N, 4))  # (goal, cell, action)
    for cell, action, nxt, over in reversed(rows * 2):
        values[:, cell, action] = 0 if over else GAMMA * values[:, nxt].max(1)
        values[nxt, cell, action] = 1
    goal, wet = 4 * COLUMNS + 6, 5 * COLUMNS  # and a cell on the shortest way there
    assert walk(values[goal], goal) == walk(plan_in(table, one[goal], one[goal]), goal)
    assert np.mean([values[:, s, a].argmax() == to for (s, a), to in table.items()]) > 0.98
    assert walk(values[goal], goal, wet) is None
    dry = walk(plan_in(table, one[goal] - one[wet], one[goal]), goal, wet)
    assert dry == 28
    near = search(table, START, 5, one[START - 4 * COLUMNS])
    assert near[0] > 0 and near[1][:4] == (0, 0, 0, 0)
