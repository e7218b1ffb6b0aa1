"""Instant checks of chapter 10's exercises: inputs drawn anew, compared with a reference."""

from __future__ import annotations

import math
from itertools import product

import numpy as np

from wmlib.course.ch10_levels.exercises_search import check_astar, check_route, copied
from wmlib.course.ch10_levels.options import Options
from wmlib.course.ch10_levels.rooms import Rooms
from wmlib.course.ch10_levels.search import backward
from wmlib.course.ch10_levels.study import learned_map
from wmlib.exercise import Exercise, Mistake, numbers

__all__ = ["check_astar", "check_cost", "check_doors", "check_duration", "check_route"]

# --- 1: doorways -----------------------------------------------------------------------------

KINDS = {
    0: "leads nowhere",
    1: "is a dead end: there is only one way",
    3: "is beside one wall only",
}
KINDS[4] = "is open on all sides: nothing is beside it to pass between"
DOORS = ((True, True, False, False), (False, False, True, True))


def drawn_moves(rng):
    """Cells of all sixteen kinds under random numbers: {cell: [up, down, left, right]}."""
    patterns = [p for p in product((True, False), repeat=4) for _ in range(2)]
    names = rng.choice(900, len(patterns), replace=False).tolist()
    moves = {}
    for i in rng.permutation(len(patterns)):
        others = [name for name in names if name != names[i]]
        moves[names[i]] = [int(rng.choice(others)) if on else names[i] for on in patterns[i]]
    return moves, dict(zip(names, patterns))


def examine_doors(answer, rng):
    """The first mistake in a list of doorways, in words."""
    moves, pattern = drawn_moves(rng)
    given = answer({cell: list(led) for cell, led in moves.items()})
    if not isinstance(given, list):
        return f"return a list, in order, not a {type(given).__name__}"
    found = numbers(given, (None,), "the doorways").tolist()
    unknown = [cell for cell in found if cell not in moves]
    if unknown:
        return f"{unknown[0]:g} is no cell of this building"
    wanted = sorted(cell for cell, p in pattern.items() if p in DOORS)
    for cell in found:
        if cell not in wanted:
            ways = sum(pattern[cell])
            kind = KINDS.get(ways, "is a corner: its two ways are not opposite")
            return f"cell {cell:g} leads to {moves[cell]}: it {kind}"
    for cell in wanted:
        if cell not in found:
            way = "up and down" if pattern[cell] == DOORS[0] else "left and right"
            return f"cell {cell} has a way {way} and nothing beside it: a doorway that is missing"
    if len(found) != len(set(found)):
        return "each doorway should be in the list once"
    return None if found == wanted else "the list should be sorted"


def ways_of(moves):
    """How many moves lead on, by cell."""
    return {cell: sum(x != cell for x in led) for cell, led in moves.items()}


def doors_of(moves):
    """The right answer, in the order of the dictionary."""
    return [cell for cell, led in moves.items() if tuple(nxt != cell for nxt in led) in DOORS]


check_doors = Exercise(
    "Doorways",
    [examine_doors],
    wrong=[
        (lambda m: sorted(c for c, n in ways_of(m).items() if n == 2), "not opposite"),
        (lambda m: sorted(c for c, n in ways_of(m).items() if n != 1 and n != 3), "cell"),
        (lambda m: sorted(c for c, n in m.items() if n[2] != c != n[3] and n[0] != c), "cell"),
        (
            lambda m: sorted(c for c, n in m.items() if n[2] != c != n[3] and n[0] == c == n[1]),
            "up and down",
        ),
        (
            lambda m: sorted(c for c, n in m.items() if n[0] != c != n[1] and n[2] == c == n[3]),
            "left and right",
        ),
        (lambda m: set(doors_of(m)), "not a set"),
        (lambda m: sorted(doors_of(m), reverse=True), "sorted"),
        (lambda m: sorted(doors_of(m) * 2), "once"),
        (lambda m: [], "missing"),
    ],
)

# --- 4: an option in mud ---------------------------------------------------------------------


def examine_duration(answer, rng):
    """The first mistake in durations of options in mud, in words."""
    for _ in range(10):
        n = int(rng.integers(5, 9))
        cells = rng.choice(900, n + 4, replace=False).tolist()
        way, (a, b, lost, nowhere) = cells[:n], cells[n:]
        nxt = dict(zip(way[:-1], way[1:])) | {a: b, b: a, lost: nowhere}
        policy = {cell: int(rng.integers(4)) for cell in nxt}
        chance = {cell: float(rng.uniform(0.2, 1)) for cell in nxt}
        true = {c: sum(1 / chance[x] for x in way[i:-1]) for i, c in enumerate(way)}
        counted = {c: n - 1 - i for i, c in enumerate(way)}
        asked: list = []

        def step(cell, action, asked=asked, policy=policy, nxt=nxt, chance=chance):
            asked.append(cell)
            if len(asked) > 2000:
                raise Mistake("it walks in circles for ever: stop after as many steps as cells")
            if action != policy[cell]:
                raise Mistake(f"in cell {cell} the policy says {policy[cell]}, not {action}")
            return nxt[cell], chance[cell]

        given = answer(dict(policy), step, way[-1], way + [a, lost])
        if not isinstance(given, dict):
            return f"return a dictionary {{cell: steps}}, got {type(given).__name__}"
        if a in given:
            return f"{a} and {b} lead to each other for ever: leave them out"
        if lost in given:
            return f"{lost} leads to {nowhere}, which has no policy: leave it out"
        if way[-1] not in given:
            return "who stands in the doorway is there, after 0 steps: it belongs in the answer"
        for cell in way[::-1]:
            if cell not in given:
                return f"from cell {cell} the option arrives: it is missing"
            said = float(numbers(given[cell], (), f"steps from {cell}"))
            if abs(said - true[cell]) > 1e-6:
                if abs(said - counted[cell]) < 1e-6:
                    return (
                        f"from {cell} you count {said:g} moves: where a move succeeds with chance "
                        "p it takes 1 / p tries"
                    )
                if cell != way[-1] and abs(said - true[cell] + 1 / chance[way[-2]]) < 1e-6:
                    return f"from {cell}: the step into the doorway counts too"
                return f"from {cell} it takes {true[cell]:.2f} steps on average, not {said:.2f}"
        if set(given) != set(way):
            return "only the cells that were asked about belong in the answer"
    return None


def durations(tries=True, careful=True, stop_early=False, drop_door=False):
    """Walks and counts, with its typical mistakes."""

    def duration(policy, step, door, cells):
        found = {}
        for cell in cells:
            at, steps, moves = cell, 0.0, 0
            while at != door and at in policy and (moves <= len(policy) or not careful):
                nxt, chance = step(at, policy[at])
                moves += 1
                if not (stop_early and nxt == door):
                    steps += 1 / chance if tries else 1
                at = nxt
            if (at == door or careful is None) and not (drop_door and cell == door):
                found[cell] = steps
        return found

    return duration


check_duration = Exercise(
    "An option in mud",
    [examine_duration],
    wrong=[
        (durations(tries=False), "1 / p tries"),
        (durations(careful=False), "in circles"),
        (durations(stop_early=True), "into the doorway counts"),
        (durations(drop_door=True), "after 0 steps"),
        (lambda policy, step, door, cells: dict.fromkeys(cells, 1.0), "leave them out"),
        (lambda policy, step, door, cells: 3, "return a dictionary"),
    ],
)

# --- 5: a cost-to-go from options ------------------------------------------------------------


def examine_cost(answer, rng):
    """The first mistake in a cost-to-go, in words; the reference searches single steps."""
    for _ in range(3):
        world = Rooms(int(rng.integers(3, 5)), int(rng.integers(3, 6)), int(rng.integers(10_000)))
        options = Options(learned_map(world))
        goal = int(rng.choice(world.inside()))
        true = backward(options.low, goal, set(world.free()))[0]
        last_leg = backward(options.low, goal, options.region(options.room_of[goal]))[0]
        model: dict = {cell: {} for cell in world.free()}
        for (cell, i), (reward, end, _) in options.table.last.items():
            if end != cell and math.isfinite(reward):
                model[cell][i] = (end, int(-reward))
        given = answer(copied(model), dict(last_leg))
        if not isinstance(given, dict):
            return f"return a dictionary {{cell: steps}}, got {type(given).__name__}"
        if given.get(goal) != 0:
            return f"at the goal nothing is left: 0 steps, got {given.get(goal)!r:.20}"
        lacking = [cell for cell in true if cell not in given]
        if lacking:
            kind = "a doorway" if lacking[0] in world.doors else "a cell in a room"
            return f"cell {lacking[0]}, {kind}, is missing: {len(lacking)} of {len(true)} are"
        said = numbers([given[cell] for cell in true], (len(true),), "the costs")
        error = said - np.array(list(true.values()))
        for kind, some in (
            ("in the goal's room", [cell in last_leg for cell in true]),
            ("at a doorway", [cell in world.doors for cell in true]),
            ("in another room", [True] * len(true)),
        ):
            worst = np.flatnonzero((error != 0) & np.array(some))
            if len(worst):
                cell = list(true)[worst[0]]
                way = "a shorter way is left" if error[worst[0]] > 0 else "no way is so short"
                return f"{kind}, cell {cell}: {true[cell]:g} steps are left, not {said[worst[0]]:g}: {way}"
        if set(given) - set(true):
            return "only cells from which a way leads to the goal belong in the answer"
    return None


def costs(rounds=None, inside=True, add_end=True, leg=True):
    """The doorways' costs by repeated improvement, then every cell's; with typical mistakes."""

    def cost_to_go(model, last_leg):
        cost = dict(last_leg)
        for _ in range(rounds or len(model)):
            before = dict(cost)
            for cell in model if inside else [c for c in model if c in ends(model)]:
                for end, steps in model[cell].values():
                    if end in cost:
                        total = steps + (cost[end] if add_end else 0)
                        cost[cell] = min(total, cost.get(cell, math.inf))
            if cost == before:
                break
        if not leg:
            cost |= {c: s + 1 for c, s in last_leg.items() if s}
        return cost

    return cost_to_go


def ends(model):
    """Where options end: the doorways."""
    return {end for options in model.values() for end, _ in options.values()}


check_cost = Exercise(
    "A cost-to-go from options",
    [examine_cost],
    wrong=[
        (costs(inside=False), "in a room, is missing"),
        (lambda model, last_leg: dict(last_leg), "is missing"),
        (costs(add_end=False), "no way is so short"),
        (costs(leg=False), "a shorter way is left"),
        (
            lambda model, last_leg: {c: s + 1 for c, s in costs()(model, last_leg).items()},
            "0 steps",
        ),
        (lambda model, last_leg: None, "return a dictionary"),
    ],
)
