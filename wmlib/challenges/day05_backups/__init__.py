"""Day 5: predict what the first episode changes: plain Q-learning, Dyna-Q, prioritised sweeping."""

from __future__ import annotations

import random

import numpy as np

from wmlib.acting import walk
from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import Mistake, numbers
from wmlib.worlds.mazes import Maze

Row = tuple[int, int, float, int, bool]  # (cell, act, rew, next cell, terminated)

# Worked out by hand. Cells 0, 1, 2 lie in a row and 3 is the goal. The agent goes right, left, bumps
# its head (up), and then goes right three times.
CORRIDOR: list[Row] = [
    (0, 3, 0.0, 1, False),
    (1, 2, 0.0, 0, False),
    (0, 0, 0.0, 0, False),
    (0, 3, 0.0, 1, False),
    (1, 3, 0.0, 2, False),
    (2, 3, 1.0, 3, True),
]


def drawn_maze(rng: np.random.Generator) -> Maze:
    """A maze of 4 x 5 cells with a few walls, in which the goal can be reached."""
    while True:
        letters = rng.choice(list("...#"), (4, 5))
        letters[0, 4], letters[3, 0] = "G", "S"
        maze = Maze("\n".join("".join(row) for row in letters))
        near = {maze.starts[0]}
        for _ in range(20):
            near |= {nxt for s in near for a in range(4) for _, nxt, *_ in maze.outcomes[s][a]}
        if maze.cells("G")[0] in near:
            return maze


def first_episode(maze: Maze, seed: int) -> list[Row]:
    """A walk at random to the goal: all steps of the first episode."""
    draw = random.Random(seed)
    return list(walk(maze, lambda s: draw.randrange(4), draw, limit=10_000))


def plain(exam: Exam) -> str | None:
    """Q-learning: the corridor by hand."""
    updates, cells = answer(exam, "plain", CORRIDOR)
    if cells == {0, 1, 2}:
        return (
            "it says that the value of every visited cell has changed. Where all values are 0 and "
            "the reward is 0, what does an update change?"
        )
    if 3 in cells:
        return "nobody acts in the goal's own cell: the episode is over, its values stay 0"
    if not cells:
        return "the last step pays 1: one value has changed"
    if cells != {2}:
        return "CORRIDOR: not those cells. The target of a step is rew + 0.9 * max(q[next cell])"
    if updates == 5:
        return "CORRIDOR: a pair that is tried again is updated again, and the last step counts too"
    return None if updates == 6 else "CORRIDOR: one update after each real step. How many steps?"


def dyna(exam: Exam) -> str | None:
    """Dyna-Q: the corridor by hand, with few and with many imagined steps."""
    for n in (50, 1, 0):
        said = exam.student.call("dyna", CORRIDOR, n)
        updates, wasted, most = numbers(said, (3,), "(updates, wasted, most) of dyna")
        if updates in (6 * n, 6) and n:
            return (
                "after each real step: one update with it, and n more with imagined ones. In all?"
            )
        if updates != 6 * (n + 1):
            return f"CORRIDOR with n = {n}: the number of updates is not right"
        if wasted == 5 * n and n:
            return "the updates with real steps before the goal is found change nothing either"
        if wasted == 6 * (n + 1) - 1 and n:
            return "the first update that changes a value is the one with the last real step"
        if wasted != 5 * (n + 1):
            return f"CORRIDOR, n = {n}: how many updates, real and imagined, precede the last real step?"
        if most == n and n:
            return "`most`: the real step into the goal has changed a cell as well"
        if most > 3:
            return "`most`: more cells than the agent has visited cannot change"
        if most == 3 and n < 2:
            return (
                f"`most`: with n = {n} the real step into the goal and {n} imagined come at the end. "
                "Each changes one cell at most"
            )
        if most != min(3, n + 1):
            return f"CORRIDOR with n = {n}: `most` is not right. Which draws would be the luckiest?"
    return None


def sweeping(exam: Exam) -> str | None:
    """Prioritised sweeping: the corridor by hand."""
    updates, cells = answer(exam, "sweeping", CORRIDOR)
    if 3 in cells:
        return "nobody acts in the goal's own cell: the episode is over, its values stay 0"
    if cells == {2}:
        return "sweeping goes on backwards: who leads to a cell whose value has changed?"
    if cells != {0, 1, 2}:
        return "CORRIDOR: not those cells. From which of them did the agent come to the goal?"
    if updates == 6:
        return "the model holds a pair once, however often it was tried: look at (0, 3)"
    if updates == 3:
        return (
            "the queue holds pairs, not cells: a pair that leads into a wall, or back, is worth "
            "something as well as soon as its next cell is"
        )
    if updates in (10, 11):
        return "pairs wait in the queue only if their value would change: none before the goal"
    return None if updates == 5 else "CORRIDOR: not that many. Which pairs have a value in the end?"


def answer(exam: Exam, name: str, steps: list[Row]) -> tuple[float, set[int]]:
    """(updates, cells) from the student's function.

    Raises:
        Mistake: if it gives something else.
    """
    said = exam.student.call(name, steps)
    if not isinstance(said, (tuple, list)) or len(said) != 2:
        raise Mistake(f"{name} should return two things: the number of updates, the set of cells")
    if isinstance(said[1], (str, dict)) or not hasattr(said[1], "__iter__"):
        raise Mistake(f"the second thing of {name} should be a set of cells")
    cells = numbers(sorted(said[1]), (None,), f"the cells of {name}")
    return float(numbers(said[0], (), f"the updates of {name}")), {int(cell) for cell in cells}


challenge = Challenge(
    name="day05_backups",
    title="Count the backups",
    chapter="02",
    minutes=10,
    kind="predict",
    seconds=30,
    without=[
        "wmlib.learning.q_learning:QLearner",
        "wmlib.learning.dyna:DynaQ",
        "wmlib.learning.sweeping:PrioritisedSweeping",
    ],
    parts=[
        Part("plain", 1, "Q-learning: updates and changed cells after one episode.", plain),
        Part(
            "dyna",
            2,
            "Dyna-Q: updates, those before any value changes, cells that can change.",
            dyna,
        ),
        Part("sweeping", 2, "Prioritised sweeping: updates and changed cells.", sweeping),
    ],
    hints=[
        "All values begin at 0 and only the last step pays. What does an update do to a pair whose "
        "reward is 0 and whose next cell is worth 0?",
        "Split the episode: everything before the last real step, that step, and the imagined steps "
        "after it. Only the last two can change anything, one value an update.",
        "Sweeping with alpha = 1 takes the pair with the largest change first, so that no pair has to "
        "be updated twice; and from every visited cell the agent did come to the goal. So count "
        "different pairs (cell, act).",
    ],
)
