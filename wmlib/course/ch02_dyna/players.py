"""The player of chapter 2: Dyna beside Q-learning, in a maze that the reader draws."""

from __future__ import annotations

from pathlib import Path

from wmlib.acting import walk
from wmlib.course.ch02_dyna.mazes import blocking_maze, shortcut_maze
from wmlib.learning.dyna import DynaQ
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


def lived(maze: Maze, n: int, seed: int, steps: int) -> tuple[list, list[int]]:
    """The values of a `DynaQ` after so many real steps, and the steps of its episodes."""
    agent = DynaQ(maze.n_states, 4, n)
    agent.random = Uniform(seed)
    lengths, t = [], 0
    for row in walk(maze, agent.act, agent.random, limit=steps, again=True):
        agent.learn(*row)
        t += 1
        if row[-1]:
            lengths.append(t)
            t = 0
    return agent.q, lengths


def pack_dyna() -> str:
    """The mazes, the agent's settings, and what the library's agent learns in the first maze."""
    maze, agent = dyna_maze(), DynaQ(1, 1)
    mazes = {
        "the Dyna maze": maze,
        "a gap on the right": blocking_maze()[0],
        "a gap on the left": shortcut_maze()[0],
    }
    check = []
    for n, seed in ((0, 1), (5, 2), (50, 3)):
        q, lengths = lived(maze, n, seed, STEPS)
        check.append({"n": n, "seed": seed, "steps": STEPS, "q": q, "lengths": lengths})
    return pack(
        "dyna",
        {},
        settings={
            "mazes": [{"name": name} | maze_settings(maze) for name, maze in mazes.items()],
            "alpha": agent.alpha,
            "gamma": agent.gamma,
            "epsilon": agent.epsilon,
        },
        check=check,
    )


DYNA = Player(
    "dyna",
    "Learn from real steps, and from imagined ones",
    Path(__file__).with_name("dyna.js"),
    lambda: {"dyna": pack_dyna()},
)
PLAYERS = [DYNA]
