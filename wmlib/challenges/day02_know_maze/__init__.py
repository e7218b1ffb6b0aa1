"""Day 2: try everything in a maze that nobody has seen, in 700 steps."""

from __future__ import annotations

from random import Random

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.day02_know_maze.world import drawn, to_try
from wmlib.challenges.maze_world import MazeWorld
from wmlib.challenges.offers import World
from wmlib.challenges.student import Handle
from wmlib.exercise import numbers

STEPS = 700
Model = dict[
    tuple[int, int], tuple[float, int, bool]
]  # (cell, act) -> (rew, next cell, terminated)


def known(cells: list[int], steps: dict[tuple[int, int], int]) -> Model:
    """A model of cells in which every act was tried: it bumps into a wall, or does what `steps` say."""
    return {(c, a): (0.0, steps.get((c, a), c), False) for c in cells for a in range(4)}


def way(exam: Exam) -> str | None:
    """Small maps; which act is which is drawn."""
    rng = exam.rng("way")

    def chosen(model, s=0):
        got = exam.student.call("choose", model, s, int(rng.integers(1000)))
        return int(numbers(got, (), "what choose gives"))

    far: set[str] = set()
    for _ in range(6):
        a, b, c, d = (int(act) for act in rng.permutation(4))
        if chosen({}) not in range(4):
            return "where nothing is known any act from 0 to 3 will do, and it gives another number"
        model = known([0, 1], {(0, a): 1, (1, b): 0})
        del model[0, c]
        if chosen(model) != c:
            return "one act was never tried in the cell where it stands: try that one"
        # a leads on to 1 and by b to 2, where c is untried.
        model = known([0, 1, 2], {(0, a): 1, (1, b): 2})
        del model[2, c]
        wrong = _far([chosen(model) for _ in range(6)], a, b, c)
        if wrong:
            far.add(wrong)
            continue
        # Over a it is three steps to something untried, over d only one.
        model = known([0, 1, 2, 3, 4], {(0, a): 1, (1, a): 2, (2, a): 3, (0, d): 4, (4, b): 0})
        del model[3, c], model[4, c]
        if chosen(model) != d:
            return "there are two ways to something untried, and it takes the longer one"
        # Act b ends the episode in cell 9, where nobody has ever acted.
        model = known([0, 1, 2], {(0, a): 1, (1, a): 2})
        del model[2, d]
        model[0, b] = (0.0, 9, True)
        if chosen(model) == b:
            return (
                "it goes where the episode ends, because nothing was tried there: nobody can act "
                "after the end, so a step that ends the episode leads nowhere"
            )
        # From 1, where d is untried, one can come to 0, but not the other way round.
        model = known([0, 1, 2], {(0, a): 2, (2, b): 0, (1, a): 0, (2, c): 2})
        del model[1, d]
        if chosen(model) not in range(4):
            return "where nothing untried can be reached any act from 0 to 3 will do"
    if far in ({"last"}, {"there"}):
        return (
            "the nearest cell with something untried is two steps away, and it does at once what "
            "should be done later: give the first act of the way"
        )
    if far:
        return (
            "everything was tried where it stands, and it does not set out for the cell with "
            "something untried, two steps away: search for a way through the remembered steps"
        )
    return None


def _far(got, first, last, there):
    """What it does instead of the first act of a way of two steps; empty where it is right."""
    given = set(got)
    if given == {first}:
        return ""
    return "last" if given == {last} else "there" if given == {there} else "other"


def lives(exam: Exam) -> list[tuple[World, object, float]]:
    """Three mazes drawn anew: the world as the student's code left it, its map, a random walk's share."""
    rng, found = exam.rng("mazes"), []
    for _ in range(2 if exam.quick else 3):
        maze, seed = drawn(rng), int(rng.integers(1000))
        world = World(MazeWorld(maze), steps=STEPS)
        made = exam.student.call("explore", world, seed)
        found.append((world, made, _wandered(maze, seed)))
    return found


def _wandered(maze, seed):
    """Share of all pairs that a random walk tries in as many steps."""
    draw, env, tried = Random(seed), MazeWorld(maze), set()
    cell, _ = env.reset()
    for _ in range(STEPS):
        act = draw.randrange(4)
        tried.add((cell, act))
        cell, _, terminated, _, _ = env.step(act)
        cell = env.reset()[0] if terminated else cell
    return len(tried) / to_try(maze)


def _share(world):
    return len({(s, a) for s, a, *_ in world.rows}) / to_try(world.thing.maze)


def covered(exam: Exam) -> str | None:
    """What was tried, counted here."""
    found = exam.once(lives)
    worst = min((world for world, *_ in found), key=_share)
    if _share(worst) >= 0.95:
        return None
    if worst.steps_taken < STEPS:
        return (
            f"it stops after {worst.steps_taken} of {STEPS} steps, with {_share(worst):.0%} of the "
            "pairs tried: use them all"
        )
    tried, chances, missed = set(), 0, 0
    for s, a, *_ in worst.rows:
        if any((s, act) not in tried for act in range(4)):
            chances += 1
            missed += (s, a) in tried
        tried.add((s, a))
    said = f"in one of the mazes it tried {_share(worst):.0%} of the pairs, and 95 % are wanted. "
    if missed > 0.05 * chances:
        return said + (
            f"In {missed:,} of {chances:,} steps something was untried where it stood, and it did "
            "something else"
        )
    if _share(worst) < 0.85:
        wandered = np.mean([share for *_, share in found])
        return said + (
            f"Wandering at random: {wandered:.0%}. It tries what is untried where it stands, but "
            "where all is tried it does not go straight to the nearest cell with something untried"
        )
    return said + "Nearly: is the way to the nearest untried pair always the shortest?"


def mapped(exam: Exam) -> str | None:
    """The map that it gives, against what happened."""
    for world, made, _ in exam.once(lives):
        if isinstance(made, Handle) and made.has("last"):
            made = made.get("last")  # a TableModel
        if not isinstance(made, dict):
            return (
                "explore should return its map, a dictionary {(s, a): (rew, next cell, terminated)}"
            )
        happened = {(s, a): (rew, nxt, end) for s, a, rew, nxt, end in world.rows}
        if len(happened) < 20:
            return f"a map of {len(happened)} pairs: explore first"
        if set(made) - set(happened):
            return "the map holds pairs that were never tried"
        if set(happened) - set(made):
            return f"{len(set(happened) - set(made))} of the pairs that were tried are missing in the map"
        for pair, row in made.items():
            if len(numbers(row, (3,), "an entry of the map")) and tuple(row) != happened[pair]:
                return _differs(happened[pair], [float(x) for x in row])
    return None


def _differs(happened, told):
    if told[2] != happened[2]:
        return "the map is wrong about where episodes end: the last of the three is `terminated`"
    if told[1] != happened[1]:
        return (
            "the map is wrong about where a step leads: keep the cell in which it was made, "
            "and take care after the end of an episode, when the next one begins elsewhere"
        )
    return "the map is wrong about a reward: the first of the three"


challenge = Challenge(
    name="day02_know_maze",
    title="Know the maze",
    chapter="01",
    minutes=40,
    kind="build",
    seconds=60,
    parts=[
        Part("way", 4, "The first act of the shortest way to something untried.", way),
        Part("covered", 4, "95 % of all pairs tried in 700 steps, in every maze.", covered),
        Part("map", 2, "The map says what happened, no more and no less.", mapped),
    ],
    hints=[
        "(s, a) in model says whether a pair was tried. If something is untried here, try it. What if "
        "not? The model knows where each step leads, so a way can be found without taking a step.",
        "Search breadth-first: a list of cells that begins with s and grows while you go through it. "
        "Steps with terminated = True lead nowhere.",
        "Keep for each cell that you reach the *first* act of the way to it: first[next] = a if cell "
        "== s else first[cell]. Stop at the first cell of the list with something untried.",
    ],
)
