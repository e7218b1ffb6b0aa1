"""Chapter 0, [[TITLE]]: one small experiment, to be replaced by the chapter's own."""

from __future__ import annotations

import random

from wmlib.acting import walk
from wmlib.evidence import Experiment
from wmlib.learning.exact import imagine_everything
from wmlib.learning.q_learning import greedy_path
from wmlib.models import TableModel
from wmlib.worlds.maze_gallery import dyna_maze

STEPS = (100, 300, 1000, 5000)  # real steps after which the table is looked at


def wander(seed: int) -> dict:
    """A table model learned from random steps in the Dyna maze: what it knows, how it plans."""
    maze, chance = dyna_maze(), random.Random(seed)
    model, known = TableModel(maze.n_states, maze.n_actions), []
    steps = walk(maze, lambda cell: chance.randrange(4), chance, limit=STEPS[-1], again=True)
    for count, step in enumerate(steps, 1):
        model.record(*step)
        if count in STEPS:
            known.append(len(model.tried) / (maze.n_actions * len(maze.free())))
    path = greedy_path(imagine_everything(model, maze.n_states).tolist(), maze)
    return {"known": known, "path": len(path) - 1 if path else 0}


WANDER = Experiment(
    "00_wander",
    wander,
    {
        "early": (
            "After 100 random steps the table knows less than half of all moves.",
            lambda f: f["known"][0] < 0.5,
        ),
        "late": (
            "After 5,000 random steps it knows at least 99 % of them.",
            lambda f: f["known"][3] >= 0.99,
        ),
        "path": ("A plan in that table is the shortest way: 14 steps.", lambda f: f["path"] == 14),
    },
    exact=True,
)
