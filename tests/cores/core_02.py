"""Chapter 2 without the library: Dyna-Q, replay, prioritised sweeping and search, in one maze."""

import heapq
import random

MAZE = [".......#G", "..#....#.", "S.#....#.", "..#......", ".....#...", "........."]
MOVES = [(-1, 0), (1, 0), (0, -1), (0, 1)]
GAMMA = 0.95


def move(s, a):
    """One step of the true world: (next state, reward, terminated)."""
    row, col = s // 9 + MOVES[a][0], s % 9 + MOVES[a][1]
    if not (0 <= row < 6 and 0 <= col < 9) or MAZE[row][col] == "#":
        return s, 0.0, False
    goal = MAZE[row][col] == "G"
    return 9 * row + col, float(goal), goal


def dyna(n, episodes, seed, rows=False, alpha=1.0, epsilon=0.1):
    """Dyna-Q, or experience replay where `rows` is true: lengths of episodes, and the model."""
    rng, q, model, tried, lengths = random.Random(seed), [[0.0] * 4 for _ in range(54)], {}, [], []

    def backup(s, a, r, nxt, terminated):
        target = r if terminated else r + GAMMA * max(q[nxt])
        q[s][a] += alpha * (target - q[s][a])

    for _ in range(episodes):
        s, t, terminated = 18, 0, False
        while not terminated:
            best = [a for a in range(4) if q[s][a] == max(q[s])]
            a = rng.randrange(4) if rng.random() < epsilon else rng.choice(best)
            nxt, r, terminated = move(s, a)
            backup(s, a, r, nxt, terminated)
            if rows or (s, a) not in model:
                tried.append((s, a))  # as often as visited, or once
            model[s, a] = r, nxt, terminated
            for _ in range(n):
                pair = rng.choice(tried)
                backup(*pair, *model[pair])
            s, t = nxt, t + 1
        lengths.append(t)
    return lengths, model


def sweep(model):
    """Values by prioritised sweeping until the queue is empty, and the number of backups."""
    q, count, leads_to = [[0.0] * 4 for _ in range(54)], 0, {}
    for pair, (_, nxt, _) in model.items():
        leads_to.setdefault(nxt, []).append(pair)

    def change(s, a):
        r, nxt, terminated = model[s, a]
        return (r if terminated else r + GAMMA * max(q[nxt])) - q[s][a]

    queue = [(-abs(change(*pair)), *pair) for pair in model if change(*pair)]
    while queue:
        _, s, a = heapq.heappop(queue)
        if abs(change(s, a)) <= 1e-6:
            continue  # backed up already
        q[s][a] += change(s, a)
        count += 1
        for pair in leads_to.get(s, ()):
            if abs(change(*pair)) > 1e-6:
                heapq.heappush(queue, (-abs(change(*pair)), *pair))
    return q, count


def search(model, s):
    """The first action of a shortest way to the reward, breadth first from s."""
    edge, seen = [(s, None)], {s}
    for state, first in edge:
        for a in range(4):
            r, nxt, terminated = model.get((state, a), (0.0, state, False))
            begun = a if first is None else first
            if terminated:
                return begun
            if nxt not in seen:
                seen.add(nxt)
                edge.append((nxt, begun))
    return None


def learns():
    """Imagined steps shorten episode 2, rows do nearly as well, sweeping and search find 14."""
    mean = lambda runs: sum(lengths[1] for lengths, _ in runs) / len(runs)
    none, table, rows = ([dyna(n, 3, s, kind) for s in range(10)]
                         for n, kind in ((0, False), (50, False), (50, True)))  # fmt: skip
    assert mean(none) > 5 * mean(table) and mean(rows) < 0.5 * mean(none)
    _, model = dyna(0, 12, seed=1)
    q, count = sweep(model)
    assert count <= len(model)  # no pair twice
    for act in (lambda s: q[s].index(max(q[s])), lambda s: search(model, s)):
        s, steps = 18, 0
        while steps < 50 and MAZE[s // 9][s % 9] != "G":
            s, steps = move(s, act(s))[0], steps + 1
        assert steps == 14
