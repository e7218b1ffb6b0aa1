"""The checks of chapter 0, [[TITLE]]: inputs drawn anew, compared with a reference."""

from __future__ import annotations

from wmlib.exercise import Exercise


def _share(answer, rng):
    moves = [(int(cell), int(move)) for cell, move in rng.integers(4, size=(12, 2))]
    moves = sorted(set(moves))
    tried = {move for move in moves if rng.random() < 0.4} | {(9, 9)}
    wanted = sum(move in tried for move in moves) / len(moves)
    found = answer(set(tried), list(moves))
    if not isinstance(found, float | int):
        return f"a number from 0 to 1 is wanted, not {type(found).__name__}"
    if abs(found - len(tried) / len(moves)) < 1e-9:
        return "what was tried but is not in the list does not count"
    if abs(found - wanted) > 1e-9:
        return f"of {len(moves)} moves {round(wanted * len(moves))} were tried: {wanted:.3f}, not {found:.3f}"
    return None


check_known = Exercise(
    "How much is known",
    [_share, (lambda f: f(set(), [(0, 1), (0, 2)]) == 0, "nothing was tried: 0")],
    wrong=[
        (lambda tried, moves: len(tried) / len(moves), "does not count"),
        (lambda tried, moves: -1.0, "were tried"),
        (lambda tried, moves: None, "a number from 0 to 1"),
    ],
)


def _untried(answer, rng):
    cell = int(rng.integers(3))
    tried = {(int(c), int(m)) for c, m in zip(rng.integers(3, size=8), rng.integers(4, size=8))}
    wanted = [move for move in range(4) if (cell, move) not in tried]
    found = answer(set(tried), cell)
    if not isinstance(found, list):
        return f"a list is wanted, not {type(found).__name__}"
    if sorted(found) == sorted(set(range(4)) - set(wanted)) != wanted:
        return "those are the moves that were tried"
    if sorted(found) == wanted and found != wanted:
        return "the right moves, but not sorted"
    return None if found == wanted else f"in cell {cell} these were never tried: {wanted}"


check_untried = Exercise(
    "What was never tried",
    [_untried] * 4,
    wrong=[
        (lambda tried, cell: [m for m in range(4) if (cell, m) in tried], "that were tried"),
        (lambda tried, cell: [0, 1, 2, 3], "tried"),
        (lambda tried, cell: {0, 1}, "a list is wanted"),
    ],
)


def _length(answer, rng):
    cells = [int(cell) for cell in rng.permutation(8)]
    follow = dict(zip(cells, cells[1:]))
    start, goal = sorted(int(place) for place in rng.choice(8, 2, replace=False))
    found = answer(dict(follow), cells[start], cells[goal])
    if found == goal - start + 1:
        return "count the steps, not the cells"
    if found != goal - start:
        return f"from place {start} to place {goal} of a way there are {goal - start} steps, not {found}"
    if answer(dict(follow), cells[goal], cells[start]) is not None:
        return "the way leads on from the goal and never back to the start: None"
    return None


check_length = Exercise(
    "How long is a plan",
    [
        _length,
        (lambda f: f({}, 3, 3) == 0, "who is there needs no step"),
        (lambda f: f({0: 1, 1: 0}, 0, 2) is None, "0 and 1 lead to each other for ever: None"),
    ],
    wrong=[
        (
            lambda follow, start, goal: 1 + list(follow).index(goal) if goal in follow else 0,
            "steps",
        ),
        (lambda follow, start, goal: 0, "steps, not 0"),
    ],
)
