"""The player of chapter 2: Dyna beside Q-learning, in a maze that the reader draws."""

from __future__ import annotations

import copy
from pathlib import Path

from wmlib.acting import walk
from wmlib.course.ch02_dyna.mazes import blocking_maze, shortcut_maze
from wmlib.learning.dyna import DynaQ
from wmlib.models.table import TableModel
from wmlib.players.gallery import Player
from wmlib.players.mazes import maze_settings
from wmlib.players.weights import pack
from wmlib.worlds.maze_gallery import dyna_maze
from wmlib.worlds.mazes import Maze

STEPS = 3000  # real steps of the check: the first episodes


class Uniform:
    """The engine's uniform numbers (mulberry32), so that both sides have the same chance."""

    def __init__(self, seed: int):
        self.a = seed

    def random(self) -> float:
        """A number in [0, 1)."""
        self.a = (self.a + 0x6D2B79F5) & 0xFFFFFFFF
        t = (self.a ^ self.a >> 15) * (1 | self.a) & 0xFFFFFFFF
        t = (t + ((t ^ t >> 7) * (61 | t) & 0xFFFFFFFF) & 0xFFFFFFFF) ^ t
        return (t ^ t >> 14) / 2**32


def lived(maze: Maze, agent: DynaQ, seed: int, steps: int) -> tuple[list, list[int]]:
    """The values of an agent after so many more real steps, and the steps of its episodes there."""
    agent.random = Uniform(seed)
    lengths, t = [], 0
    for row in walk(maze, agent.act, agent.random, limit=steps, again=True):
        agent.learn(*row)
        t += 1
        if row[-1]:
            lengths.append(t)
            t = 0
    return agent.q, lengths


def pack_dyna(maze: Maze | None = None, trained: DynaQ | None = None) -> str:
    """The mazes, the agent's settings, and what the library's agent learns in the first maze.

    Args:
        maze, trained: a maze, and a `DynaQ` that goes on in it with the values and the model that
            it has; without them three of the chapter's mazes, in which both agents are new.

    Raises:
        ValueError: for an agent of another kind, with tables of another size, or a maze with more
            than one start or flag.
    """
    mazes = {
        "the Dyna maze": dyna_maze(),
        "a gap on the right": blocking_maze()[0],
        "a gap on the left": shortcut_maze()[0],
    }
    own, lives = None, ((0, 1), (5, 2), (50, 3))
    if trained is not None:
        mazes, own, lives = {"your maze": maze}, _learned(maze, trained), ((0, 1),)
    first, like = next(iter(mazes.values())), trained or DynaQ(1, 1)
    numbers = {key: getattr(like, key) for key in ("alpha", "gamma", "epsilon")}
    check = [_life(first, DynaQ(first.n_states, 4, n, **numbers), seed) for n, seed in lives]
    if own:
        check.append(_life(first, copy.deepcopy(trained), 2) | {"goesOn": True})
    return pack(
        "dyna",
        {},
        settings={
            "mazes": [{"name": name} | maze_settings(maze) for name, maze in mazes.items()],
            "own": own,
        }
        | numbers,
        check=check,
    )


def _life(maze, agent, seed):
    q, lengths = lived(maze, agent, seed, STEPS)
    return {"n": agent.planning_steps, "seed": seed, "steps": STEPS, "q": q, "lengths": lengths}


def _learned(maze, agent):
    """What a trained agent brings along."""
    if type(agent) is not DynaQ or type(agent.model) is not TableModel:
        raise ValueError(
            f"the page runs DynaQ with a TableModel, got {type(agent).__name__} with "
            f"{type(agent.model).__name__}"
        )
    if len(agent.q) != maze.n_states or agent.model.n_actions != 4:
        raise ValueError(
            f"a maze of {maze.n_states} cells needs values {maze.n_states} x 4, the agent has "
            f"{len(agent.q)} x {agent.model.n_actions}"
        )
    if len(maze.starts) != 1 or len(maze.cells("G")) != 1:
        raise ValueError(
            f"the page's maze has one start and one flag, got {len(maze.starts)} and "
            f"{len(maze.cells('G'))}"
        )
    rows = [[*pair, *agent.model.last[pair]] for pair in agent.model.tried]
    return {"n": agent.planning_steps, "q": agent.q, "rows": rows}


DYNA = Player(
    "dyna",
    "Learn from real steps, and from imagined ones",
    Path(__file__).with_name("dyna.js"),
    lambda: {"dyna": pack_dyna()},
)
PLAYERS = [DYNA]
