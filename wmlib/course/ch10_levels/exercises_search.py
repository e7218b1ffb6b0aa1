"""Instant checks of chapter 10's exercises about search: a plan of options, and A*."""

from __future__ import annotations

import heapq
import math

from wmlib.exercise import Exercise, Mistake, numbers

# --- 2: a plan of options --------------------------------------------------------------------


def drawn_town(rng, places: int = 12):
    """`{place: {option: (end, steps)}}`: few options are often more steps; one place is cut off."""
    names = [f"place {i}" for i in rng.permutation(places)]
    town: dict = {name: {} for name in names}
    for i, name in enumerate(names[:-1]):  # the last leads away, and nothing leads to it
        for k in range(1, 4):
            if i + k < places - 1:
                steps = int(rng.integers(1, 5)) * k * k + k
                town[name][f"forward {k}"] = (names[i + k], steps)
        if i:
            town[name]["back"] = (names[int(rng.integers(i))], int(rng.integers(1, 9)))
        town[name]["wait"] = (name, 1)
    town[names[-1]]["leave"] = (names[0], 3)
    return town, names


def cheapest(town, start):
    """Steps from one place to all others."""
    best, queue = {start: 0}, [(0, start)]
    while queue:
        steps, here = heapq.heappop(queue)
        for end, more in town[here].values():
            if steps + more < best.get(end, math.inf):
                best[end] = steps + more
                heapq.heappush(queue, (best[end], end))
    return best


def examine_route(answer, rng):
    """The first mistake in plans of options, in words."""
    for _ in range(10):
        town, names = drawn_town(rng)
        for start, goal in ((names[0], names[-2]), (names[3], names[9]), (names[-1], names[5])):
            _walk(town, start, goal, answer(copied(town), start, goal))
        given = answer(copied(town), names[4], names[4])
        if not isinstance(given, list) or given:
            return f"who is there already needs no option: [], got {given!r:.40}"
        if answer(copied(town), names[0], names[-1]) is not None:
            return "nothing leads to that place: None"
    return None


def copied(town):
    """The same, so that an answer cannot change what it is compared with."""
    return {place: dict(options) for place, options in town.items()}


def _walk(town, start, goal, given):
    """Raise the mistake in a list of options, if there is one."""
    if not isinstance(given, list):
        raise Mistake(f"return a list of options, got {type(given).__name__}")
    place, steps = start, 0
    for option in given:
        if option not in town[place]:
            raise Mistake(f"there is no option {option!r:.30} in {place}: options, not places")
        place, more = town[place][option]
        steps += more
    if place != goal:
        raise Mistake(f"from {start} these options lead to {place}, not to {goal}")
    best = cheapest(town, start)[goal]
    if steps > best:
        raise Mistake(
            f"a route of {len(given)} options and {steps} steps; there is one of {best} steps: "
            "count steps, not options, and open the cheapest place first"
        )


def routed(weight, early=False):
    """Uniform-cost search that counts with `weight(steps)`; `early` stops when it sees the goal."""

    def route(model, start, goal):
        queue, done = [(0, start, [])], set()
        while queue:
            cost, here, taken = heapq.heappop(queue)
            if here == goal:
                return taken
            if here in done:
                continue
            done.add(here)
            for option, (end, steps) in model[here].items():
                if early and end == goal:
                    return [*taken, option]
                heapq.heappush(queue, (cost + weight(steps), end, [*taken, option]))
        return None

    return route


check_route = Exercise(
    "A plan of options",
    [examine_route],
    wrong=[
        (routed(lambda steps: 1), "count steps, not options"),
        (routed(lambda steps: steps, early=True), "open the cheapest place first"),
        (lambda *a: routed(lambda steps: steps)(*a) or [], "nothing leads to that place"),
        (lambda *a: routed(lambda steps: steps)(*a) or None, "needs no option"),
        (lambda model, start, goal: [start, goal], "options, not places"),
        (lambda model, start, goal: [], "not to"),
        (lambda model, start, goal: cheapest(model, start).get(goal), "return a list"),
    ],
)

# --- 3: repair A* ----------------------------------------------------------------------------


def drawn_graph(rng, n: int = 40):
    """A graph `{state: {next: cost}}`, and the true costs from each state to the goal n - 1."""
    graph: dict = {i: {} for i in range(n)}
    for i in range(n - 1):
        for j in {i + 1, *(int(x) for x in rng.integers(0, n, 3))} - {i}:
            graph[i][j] = int(rng.integers(1, 4)) + 2 * max(0, j - i)
    true = {i: _dijkstra(graph, i, n - 1) for i in range(n)}
    return graph, true


def _dijkstra(graph, start, goal):
    town = {s: {k: (k, cost) for k, cost in nxt.items()} for s, nxt in graph.items()}
    return cheapest(town, start)[goal]


def examine_astar(answer, rng):
    """The first mistake of an A* with zero, perfect and uneven guesses, in words."""
    for _ in range(25):
        graph, true = drawn_graph(rng)
        low = {s: int(rng.integers(0, steps + 1)) for s, steps in true.items()}
        for name, guess in (("zero", dict.fromkeys(true, 0)), ("perfect", true), ("uneven", low)):
            opened: list[int] = []

            def neighbours(state, opened=opened, graph=graph):
                opened.append(state)
                if len(opened) > 20_000:
                    raise Mistake("it opens the same states for ever: only when they got cheaper")
                return [(nxt, cost, nxt) for nxt, cost in graph[state].items()]

            given = float(numbers(answer(neighbours, 0, 39, guess.get), (), "the cost"))
            if given > true[0]:
                if name != "uneven":
                    return f"the cheapest path costs {true[0]}, not {given:g}"
                return (
                    f"with a guess that is never too high it finds {given:g}, the cheapest path "
                    f"costs {true[0]}: a state was closed before its cheapest way was known"
                )
            if given < true[0]:
                return f"no path costs {given:g}: the cheapest costs {true[0]}"
            if name == "perfect" and len(opened) > 25:
                return (
                    f"with a perfect guess it opens {len(opened)} states: the queue should be in "
                    "order of cost so far plus guess"
                )
    return None


def astar(reopen=True, guided=True, early=False):
    """A*, with its typical mistakes."""

    def find(neighbours, start, goal, guess):
        best, done, queue = {start: 0}, set(), [(0, start)]
        while queue:
            _, state = heapq.heappop(queue)
            if state == goal:
                return best[goal]
            if state in done:
                continue
            done.add(state)
            for nxt, cost, _ in neighbours(state):
                if best[state] + cost < best.get(nxt, math.inf):
                    best[nxt] = best[state] + cost
                    if early and nxt == goal:
                        return best[goal]
                    if reopen:
                        done.discard(nxt)
                    heapq.heappush(queue, (best[nxt] + guess(nxt) * guided, nxt))
        return None

    return find


check_astar = Exercise(
    "A* that opens again",
    [examine_astar],
    wrong=[
        (astar(reopen=False), "closed before"),
        (astar(guided=False), "perfect guess"),
        (astar(early=True), "the cheapest path costs"),
        (lambda neighbours, start, goal, guess: guess(start), "no path costs"),
        (lambda neighbours, start, goal, guess: None, "the cost should be numbers"),
    ],
)
