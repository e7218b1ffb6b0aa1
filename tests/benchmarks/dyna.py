"""Dyna-Q in the Dyna maze, figure 8.2 of Sutton & Barto: ours beside Shangtong Zhang's code.

30 runs of 50 episodes with n = 0, 5 and 50 imagined steps. Both compute the same thing with other
random numbers, so the steps of an episode are compared in distribution.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from measure import Row, alternate, checkout

from wmlib.learning.dyna import DynaQ
from wmlib.learning.q_learning import run_episodes
from wmlib.worlds.maze_gallery import dyna_maze

ADDRESS = "https://github.com/ShangtongZhang/reinforcement-learning-an-introduction"
PLANNING, RUNS, EPISODES, ROUNDS = (0, 5, 50), 30, 50, 5
COMMAND = "make bench NAME=dyna PEERS=peers"
_told: dict = {}


def ours(first_seed: int = 0) -> np.ndarray:
    """Steps of every episode: `(runs, n, episodes)`."""
    maze = dyna_maze()
    return np.array(
        [
            [run_episodes(DynaQ(54, 4, n, seed=seed), maze, EPISODES) for n in PLANNING]
            for seed in range(first_seed, first_seed + RUNS)
        ]
    )


def zhang(module) -> np.ndarray:
    """The same by the loop of his `figure_8_2`, without its plot and its progress bar."""
    maze, settings = module.Maze(), module.DynaParams()
    steps = np.zeros((RUNS, len(PLANNING), EPISODES))
    for run in range(RUNS):
        for i, settings.planning_steps in enumerate(PLANNING):
            values, model = np.zeros(maze.q_size), module.TrivialModel()
            for episode in range(EPISODES):
                steps[run, i, episode] = module.dyna_q(values, model, maze, settings)
    return steps


def measure(peers: Path | None) -> list[Row]:
    """The whole figure; the runs that were timed are those that are compared."""
    checkout(peers, "reinforcement-learning-an-introduction/chapter08", ADDRESS)
    import maze as module  # the peer's file

    np.random.seed(0)
    seen: list[np.ndarray] = []
    works = {"wmlib": ours, "Zhang": lambda: seen.append(zhang(module))}
    seconds = alternate(works, rounds=ROUNDS)
    theirs = np.concatenate(seen)
    mine = np.concatenate([ours(RUNS * k) for k in range(len(seen))])
    _told["compared"] = compared(mine, theirs)
    note = "plain Python; both compute the same thing, see below"
    work = f"Dyna maze, {RUNS} runs of {EPISODES} episodes, n = 0, 5, 50"
    return [Row(work, "wmlib", "Zhang", seconds, bar=40.0, command=COMMAND, note=note)]


def compared(mine: np.ndarray, theirs: np.ndarray) -> list[dict]:
    """Mean steps of episodes 2 to 50, and whether the two may be the same.

    Raises:
        ValueError: if the means differ by more than four standard errors.
    """
    told = []
    for i, n in enumerate(PLANNING):
        a, b = mine[:, i, 1:].mean(1), theirs[:, i, 1:].mean(1)
        error = np.hypot(a.std(ddof=1) / len(a) ** 0.5, b.std(ddof=1) / len(b) ** 0.5)
        off = a.mean() - b.mean()
        if abs(off) > 4 * error:
            raise ValueError(f"n = {n}: {a.mean():.2f} steps an episode, Zhang's {b.mean():.2f}")
        low, high = off - 1.96 * error, off + 1.96 * error
        told.append(
            {
                "n": n,
                "runs": len(a),
                "ours": round(a.mean(), 2),
                "theirs": round(b.mean(), 2),
                "difference": [round(low, 2), round(high, 2)],
            }
        )
    return told


def table(peers: Path | None) -> dict:
    """What the runs of `measure` say of each other."""
    return _told
