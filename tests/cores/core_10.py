"""Chapter 10 without its library: wander, find doorways, learn options, plan, steer a body by MPC."""

import heapq
import random

import numpy as np

K, P, MOVES = 3, 6, ((-1, 0), (1, 0), (0, -1), (0, 1))  # 3 x 3 rooms of 5 x 5 cells


def experience(rng, steps=60_000):  # free cells (row, column), and a table of random steps
    free = {(r, c) for r in range(1, K * P) for c in range(1, K * P) if r % P and c % P}
    for i in range(K):
        for j in range(1, K):  # every wall between two rooms has a doorway
            free |= {(i * P + rng.randint(1, 5), j * P), (j * P, i * P + rng.randint(1, 5))}
    table, at = {}, min(free)
    for _ in range(steps):
        action = rng.randrange(4)
        to = (at[0] + MOVES[action][0], at[1] + MOVES[action][1])
        table[at, action] = at = to if to in free else at
    return free, table


def find(neighbours, start, goal):  # uniform-cost search: cost, path, states opened
    done, queue = set(), [(0, start, [start])]
    while True:
        cost, state, path = heapq.heappop(queue)
        if state == goal:
            return cost, path, len(done)
        if state not in done:
            done.add(state)
            for nxt, more in neighbours(state):
                heapq.heappush(queue, (cost + more, nxt, [*path, nxt]))


def backward(before, door, region):
    steps, edge = {door: 0}, [door]
    for cell in edge:
        for other in before[cell]:
            if other in region and other not in steps:
                steps[other] = steps[cell] + 1
                edge.append(other)
    return steps


def find_rooms(table):  # doorways; and by cell: the cells of its rooms, with their doorways
    on = lambda cell: tuple(a for a in range(4) if table[cell, a] != cell)
    cells, room_of = {cell for cell, _ in table}, {}
    doors = {cell for cell in cells if on(cell) in ((0, 1), (2, 3))}
    for first in cells - doors:
        edge = [first]
        while edge:
            cell = edge.pop()
            if cell not in room_of and cell not in doors:
                room_of[cell] = room_of.get(first, first)
                edge += [table[cell, a] for a in range(4)]
    near = {cell: {room} for cell, room in room_of.items()}
    near |= {door: {room_of[table[door, a]] for a in on(door)} for door in doors}
    return doors, lambda cell: {c for c in cells if near[c] & near[cell]}


def slide(free, x, v, push):
    v = 0.8 * v + 0.1 * push
    for axis in (0, 1):
        to = x + v * (np.arange(2) == axis)
        x, v[axis] = (to, v[axis]) if tuple(np.floor(to).astype(int)) in free else (x, 0.0)
    return x, v


def learns():
    rng, noise = random.Random(0), np.random.default_rng(0)
    (free, table), before = experience(rng), {}
    for (cell, _), nxt in table.items():
        before.setdefault(nxt, []).append(cell)
    doors, region = find_rooms(table)
    options = {door: backward(before, door, region(door)) for door in doors}
    x, v, push, rows = np.array(min(free)) + 0.5, np.zeros(2), np.zeros(2), []
    for t in range(2000):  # babble, and fit the change of position and velocity by least squares
        push = noise.uniform(-1, 1, 2) if t % 8 == 0 else push
        (x, v), (ox, ov) = slide(free, x, v, push), (x, v)
        rows.append((*ov, *push, *(x - ox), *v))
    model = np.linalg.lstsq(np.array(rows)[:, :4], np.array(rows)[:, 4:], rcond=None)[0]  # (4, 4)
    for _ in range(5):
        start, goal = rng.sample(sorted(free - doors), 2)
        ways = {**options, goal: backward(before, goal, region(goal))}
        above = lambda c, ways=ways: [(d, s[c]) for d, s in ways.items() if c in s and c != d]
        cost, route, opened = find(above, start, goal)
        steps, *_ = find(lambda c: [(table[c, a], 1) for a in range(4)], start, goal)
        assert cost == steps and opened <= len(doors) + 1
        x, v, pushes = np.array(start) + 0.5, np.zeros(2), 0
        for point in np.array(route[1:]) + 0.5:
            while np.linalg.norm(x - point) > 0.4:
                plans = noise.uniform(-1, 1, (200, 2, 2)).repeat(4, axis=1)  # (N, H, 2)
                xs, vs, score = np.tile(x, (200, 1)), np.tile(v, (200, 1)), 0.0
                for h in range(8):
                    change = np.concatenate([vs, plans[:, h]], 1) @ model  # (N, 4)
                    xs, vs = xs + change[:, :2], change[:, 2:]
                    score = score + np.linalg.norm(xs - point, axis=1)
                (x, v), pushes = slide(free, x, v, plans[score.argmin(), 0]), pushes + 1
                assert pushes < 12 * steps + 50, "the body does not arrive"
