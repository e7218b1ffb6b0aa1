"""Chapter 0, [[TITLE]]: one small experiment, to be replaced by the chapter's own."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from wmlib.acting import walk
from wmlib.evidence import Claim, Experiment
from wmlib.learning.exact import imagine_everything
from wmlib.learning.q_learning import greedy_path
from wmlib.models import TableModel
from wmlib.worlds.maze_gallery import dyna_maze

STEPS = (100, 300, 1000, 5000)  # real steps after which the table is looked at


def learn(policy: Callable[[int], int], chance: random.Random) -> dict:
    """A table model learned from real steps in the Dyna maze: what it knows, how it plans."""
    maze = dyna_maze()
    model, known = TableModel(maze.n_states, maze.n_actions), []
    for count, step in enumerate(walk(maze, policy, chance, limit=STEPS[-1], again=True), 1):
        model.record(*step)
        if count in STEPS:
            known.append(len(model.tried) / (maze.n_actions * len(maze.free())))
    path = greedy_path(imagine_everything(model, maze.n_states).tolist(), maze)
    return {"known": known, "path": len(path) - 1 if path else 0}


def wander(seed: int) -> dict:
    """By random steps."""
    chance = random.Random(seed)
    return learn(lambda cell: chance.randrange(4), chance)


def least_tried(seed: int) -> dict:
    """The simplest rival: in each cell, what was tried there least."""
    chance, tried = random.Random(seed), Counter()

    def policy(cell: int) -> int:
        action = min(range(4), key=lambda a: (tried[cell, a], chance.random()))
        tried[cell, action] += 1
        return action

    return learn(policy, chance)


WANDER = Experiment(
    "00_wander",
    wander,
    {
        "late": Claim(
            "After 5,000 random steps the table knows at least {most:.0%} of all moves "
            "({known[3]:.1%}); after 1,000 it knows {known[2]:.0%}, and whoever tries in each cell "
            "what was tried least, {least_tried[known][2]:.0%}.",
            lambda f, most: f["known"][3] >= most,
            most=0.99,
        ),
        "path": Claim(
            "A plan in that table is the shortest way: {steps} steps.",
            lambda f, steps: f["path"] == steps,
            steps=14,
        ),
    },
    exact=True,
    trivial={"empty table": lambda seed: {"known": [0.0] * len(STEPS), "path": 0}},
    rival={"least_tried": least_tried},
)
