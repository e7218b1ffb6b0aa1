"""Day 7: experience replay, a model without parameters, against Q-learning and Dyna-Q."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.day07_replay_rival.world import drawn
from wmlib.challenges.maze_world import MazeWorld
from wmlib.challenges.offers import World
from wmlib.challenges.student import Handle
from wmlib.exercise import Mistake, numbers
from wmlib.learning.dyna import DynaQ
from wmlib.learning.q_learning import run_steps

STEPS = 2000
NEAR = 1e-6


def rows_of(said: object, k: int) -> list[tuple]:
    """What `sample` gave, as rows.

    Raises:
        Mistake: if it is something else than k rows of five.
    """
    if isinstance(said, np.ndarray):
        said = said.tolist()
    if isinstance(said, (list, tuple)):
        said = [row.tolist() if isinstance(row, np.ndarray) else row for row in said]
    if not isinstance(said, list) or any(not isinstance(r, (list, tuple)) for r in said):
        raise Mistake("sample should give a list of rows (s, a, rew, next s, terminated)")
    if len(said) != k:
        raise Mistake(f"sample({k}, seed) gives {len(said)} rows")
    numbers([list(row) for row in said], (k, 5), "the rows of sample")
    return [tuple(row) for row in said]


def buffer(exam: Exam) -> str | None:
    """Keeping rows and drawing from them."""
    rng = exam.rng("buffer")
    made = exam.student.call("Buffer", 100)
    if not isinstance(made, Handle):
        return "Buffer(capacity) should give an object with add(row) and sample(k, seed)"
    often = int(rng.integers(20)), 1, 0.0, 3, False
    rare = int(rng.integers(20)), 1, -1.0, 7, True
    for row in (often, rare, often, often):
        made.call("add", row)
    shares, firsts = [], set()
    for _ in range(30):
        got = rows_of(made.call("sample", 40, int(rng.integers(2**31))), 40)
        if set(got) - {often, rare}:
            return "sample gives rows that never happened"
        shares.append(got.count(rare) / 40)
        firsts.add(tuple(got))
    if max(shares) == 0:
        return "of four rows one is never drawn: each row of the buffer has the same chance"
    if len(firsts) == 1:
        return "sample gives the same rows each time: draw them by chance, anew for each seed"
    if abs(np.mean(shares) - 0.5) < 0.07:
        return (
            "a row that happened three times should be drawn three times as often as one that "
            "happened once: keep all rows, also those that are alike"
        )
    if abs(np.mean(shares) - 0.25) > 0.07:
        return "of four rows each should be drawn in a quarter of the cases"
    for i in range(250):
        made.call("add", (i, 0, 0.0, i + 1, False))
    kept = [row[0] for row in rows_of(made.call("sample", 2000, 1), 2000)]
    if min(kept) < 150:
        return "a Buffer(100) still gives a row that 100 others have followed: the oldest go"
    if set(kept) != set(range(150, 250)):
        return f"a Buffer(100) holds the last 100 rows, and {len(set(kept))} of them are ever drawn"
    return None


def replay(exam: Exam) -> str | None:
    """Updates worked out by hand: alpha 0.5, gamma 0.9."""

    def after(rows, table):
        got = exam.student.call("replay", [list(row) for row in table], rows, 0.5, 0.9)
        if got is None:
            raise Mistake("replay should return q")
        return numbers(got, (len(table), 2), "what replay gives")

    rows = [(1, 0, 1.0, 2, True)]
    got = after(rows, [(0, 0), (0, 0), (4, 4)])
    if abs(got[1, 0] - 2.3) < NEAR:
        return "nothing comes after the end of an episode: no max there"
    if abs(got[1, 0] - 1.0) < NEAR:
        return "an update goes half of the way to its target with alpha 0.5, not the whole"
    if abs(got[1, 0]) < NEAR:
        return "a row that ends an episode is left out: it is the one that pays"
    if abs(got[1, 0] - 0.5) > NEAR:
        return "after one row, which pays 1 and ends the episode, with alpha 0.5, 0 becomes 0.5"
    got = after([*rows, (0, 1, 0.0, 1, False)], [(0, 0), (0, 0), (4, 4)])
    if abs(got[0, 1]) < NEAR:
        return "two rows: each update should start from the q that the one before has left"
    if abs(got[0, 1] - 0.1125) < NEAR:
        return "the target takes the mean over the next cell's acts: Q-learning takes the best one"
    if abs(got[0, 1] - 0.225) > NEAR:
        return (
            "two rows, (1, 0, 1, 2, True) and (0, 1, 0, 1, False): q[0][1] is not right. By hand?"
        )
    got = after([(0, 0, 2.0, 1, False)], [(2, 0), (-4, -2), (0, 0)])
    return (
        None
        if abs(got[0, 0] - 1.1) < NEAR
        else "negative values: the target is r + 0.9 * max(q[next])"
    )


def lives(exam: Exam) -> tuple[float, float, float, float]:
    """Rewards in 2,000 real steps, means over mazes drawn anew, and how often it walked into walls.

    Returns:
        The student's rewards, Q-learning's, Dyna-Q's, and the largest share of the student's steps
        before the first reward that led nowhere.
    """
    rng, found, bumps = exam.rng("lives"), [], []
    for _ in range(5 if exam.quick else 6):
        maze, seed = drawn(rng), int(rng.integers(1000))
        world = World(MazeWorld(maze), steps=STEPS)
        exam.student.call("live", world, seed)
        if world.steps_taken < STEPS:
            raise Mistake(f"it stops after {world.steps_taken:,} of {STEPS:,} real steps")
        mine = [row[2] for row in world.rows]
        first = world.rows[: (mine.index(1.0) if 1.0 in mine else STEPS)]
        bumps.append(np.mean([s == nxt for s, _, _, nxt, _ in first]))
        others = []
        for n, runs in ((0, 4), (20, 2)):
            agents = [DynaQ(maze.n_states, 4, n, alpha=0.5, seed=seed + i) for i in range(runs)]
            others.append(np.mean([run_steps(agent, maze, STEPS)[-1] for agent in agents]))
        found.append((sum(mine), *others))
    mine_, plain, dyna = np.mean(found, 0)
    return float(mine_), float(plain), float(dyna), float(max(bumps))


def rival(exam: Exam) -> str | None:
    """Against plain Q-learning."""
    mine, plain, _, bumps = exam.once(lives)
    if mine >= max(2 * plain, plain + 25):
        return None
    return _fewer(mine, "plain Q-learning", plain, bumps) + "Twice as often is wanted"


def level(exam: Exam) -> str | None:
    """Against Dyna-Q."""
    mine, _, dyna, bumps = exam.once(lives)
    if mine >= 0.6 * dyna:
        return None
    return _fewer(mine, "Dyna-Q with 20 imagined steps", dyna, bumps) + "60 % of that is wanted"


def _fewer(mine, name, other, bumps):
    said = (
        f"it finds the flag {mine:.0f} times in {STEPS:,} steps, {name} {other:.0f}, on average. "
    )
    if bumps > 0.7:
        return said + (
            f"In one of the mazes {bumps:.0%} of the steps before the first flag go into a wall: where "
            "several acts are worth the same, draw one of them by chance. "
        )
    return said + (
        "Does it learn from 20 drawn rows after each step, and does it act on what it has learned? "
    )


challenge = Challenge(
    name="day07_replay_rival",
    title="The rival remembers",
    chapter="02",
    minutes=30,
    kind="rival",
    seconds=90,
    without=[
        "wmlib.learning.q_learning:QLearner",
        "wmlib.learning.dyna:DynaQ",
        "wmlib.learning.sweeping:PrioritisedSweeping",
    ],
    parts=[
        Part("buffer", 2, "A buffer that keeps rows and draws them.", buffer),
        Part("replay", 2, "Updates with rows that happened.", replay),
        Part("rival", 2, "Twice as many rewards as Q-learning, in equal real steps.", rival),
        Part("level", 2, "At least 60 % of the rewards of Dyna-Q.", level),
        Part("tie", 2, "Why it ties with Dyna-Q, in three sentences.", text="tie"),
    ],
    hints=[
        "A row is (s, a, rew, next s, terminated). After each real step: learn from it, add it to the "
        "buffer, and replay 20 rows that the buffer draws.",
        "In live: with chance 0.1 any act, otherwise one of the acts with the largest value, drawn by "
        "chance. A fixed choice among equal acts walks into a wall for ever.",
        "Draw a fresh seed for each sample, for instance draw.randrange(2**31). If it is slow, keep q "
        "as a list of lists, and the rows in a list in which row number i stands at i % capacity. "
        "gamma = 0.95 and alpha = 0.5 are good.",
    ],
)
