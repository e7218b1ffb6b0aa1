"""Chapter 2: what goes wrong where the world is not sure, and the usual mistakes in copies of Dyna."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch02_dyna import mistakes as wrong
from wmlib.course.ch02_dyna.mazes import ledge_maze, shortcut_maze
from wmlib.course.ch02_dyna.rivals import ReplayBuffer, SolvesCounts, TinyNumbers
from wmlib.course.ch02_dyna.study import endings, seeds_of
from wmlib.evidence import Claim, Experiment
from wmlib.learning.dyna import DynaQ, DynaQPlus
from wmlib.learning.exact import greedy, policy_value, value_iteration
from wmlib.learning.q_learning import QLearner, run_episodes, run_steps
from wmlib.models.table import SampleModel, TableModel
from wmlib.worlds.maze_gallery import dyna_maze
from wmlib.worlds.mazes import Maze

# --- when the world is not sure ---

SLIP = 0.3


def chance(seed: int) -> dict:
    """Dyna on slippery ground with two memories: what it believes, and what it is worth.

    Means over 10 runs and over the last ten of 15 looks, one every 20 episodes: the value at the
    start that the agent believes in, and the exact value of its greedy policy. Episodes begin in
    any free cell, so that finding the goal at all is not the difficulty.
    """
    P, R = ledge_maze(SLIP).tables()
    figures = {"best": float(value_iteration(P, R)[ledge_maze().starts[0]].max())}
    for name, kind in (("last", TableModel), ("sample", SampleModel)):
        make = lambda n, s: DynaQ(n, 4, 20, kind(n, 4), initial=1.0, seed=s)
        believed, worth = promise(make, seed, 10)
        figures |= {f"{name}_believed": believed, f"{name}_worth": worth}
    return figures


def promise(make, seed: int, runs: int) -> tuple[float, float]:
    """What agents believe the start to be worth on the ledge, and what it is worth to them.

    Args:
        make: `make(n_states, seed) -> agent`.
    """
    maze = ledge_maze(SLIP)
    P, R = maze.tables()
    start = maze.starts[0]
    maze.starts = maze.free()
    believed, worth = [], []
    for s in seeds_of(seed, runs):
        agent = make(maze.n_states, s)

        def judge(episode):
            if episode >= 100 and episode % 20 == 19:
                believed.append(max(agent.q[start]))
                worth.append(policy_value(P, R, greedy(agent.q))[start])

        run_episodes(agent, maze, 300, after=judge)
    return float(np.mean(believed)), float(np.mean(worth))


def instead(make):
    """A rival: somebody else in the place of the sample model, in five runs."""
    return lambda seed: dict(zip(("sample_believed", "sample_worth"), promise(make, seed, 5)))


def untrained(seed: int) -> dict:
    """A table that still holds what it began with: every cell is worth 1, and it acts at random."""
    maze = ledge_maze(SLIP)
    P, R = maze.tables()
    worth = policy_value(P, R, np.full(R.shape, 0.25))[maze.starts[0]]
    return {"sample_believed": 1.0, "sample_worth": float(worth)}


CHANCE = Experiment(
    "02_chance",
    chance,
    {
        "promise": Claim(
            "A model that remembers the last outcome promises at least {times} times what its "
            "policy is worth ({last_believed:.2f} against {last_worth:.2f}). The promise of a "
            "sample model errs by less than {part:.0%} of the worth ({sample_believed:.2f} against "
            "{sample_worth:.2f}). A replay buffer promises {buffer[sample_believed]:.2f} and is "
            "worth {buffer[sample_worth]:.2f}.",
            lambda f, times, part: (
                f["last_believed"] >= times * f["last_worth"]
                and abs(f["sample_believed"] - f["sample_worth"]) < part * abs(f["sample_worth"])
            ),
            times=1.4,
            part=0.2,
        ),
        "better": Claim(
            "The policy planned on the sample model is worth at least {near} of the best "
            "({sample_worth:.3f} of {best:.3f}), and more than the one planned on last outcomes "
            "({last_worth:.3f}). A buffer reaches {buffer[sample_worth]:.3f}, the counts solved by "
            "value iteration {solved[sample_worth]:.3f}.",
            lambda f, near: (
                f["sample_worth"] >= near * f["best"] and f["sample_worth"] > f["last_worth"]
            ),
            near=0.9,
        ),
    },
    exact=True,
    seeds=20,
    trivial={
        "untrained": untrained,
        "last outcome": {"sample_believed": "last_believed", "sample_worth": "last_worth"},
    },
    rival={
        # Capacity the best of 1,000 and 10,000, step size of 0.02 and 0.1.
        "buffer": instead(lambda n, s: DynaQ(n, 4, 20, ReplayBuffer(10_000), initial=1.0, seed=s)),
        "solved": instead(lambda n, s: SolvesCounts(n, 4, 0, SampleModel(n, 4), seed=s)),
    },
)


# --- the usual mistakes ---


def mistakes(seed: int, runs: int = 10) -> dict:
    """Each mistake beside the right version: the one number that shows it."""
    maze, seeds = dyna_maze(), seeds_of(seed, runs)

    def episodes(kind, n, count):
        agents = [kind(maze.n_states, 4, n, seed=s) for s in seeds]
        return np.array([run_episodes(a, maze, count, max_steps=10_000) for a in agents])

    def falls(kind, drawing, count, first, **settings):
        """Falls after `first(ends)` episodes, in runs of `count`."""
        ledge = Maze(drawing)
        agents = [kind(ledge.n_states, 4, seed=s, **settings) for s in seeds]
        runs = [endings(agent, ledge, count) for agent in agents]
        return np.mean([ends[first(ends) :].count("T") for ends in runs])

    def shortcut(kind):
        agents = [kind(54, 4, 50, kappa=1e-3, alpha=1.0, seed=s) for s in seeds_of(seed, 6)]
        return np.mean([run_steps(a, shortcut_maze(), 6000, 3000)[-1] for a in agents])

    ledge = ledge_maze().drawing
    mirrored = "\n".join(line[::-1] for line in ledge.split())
    found = lambda ends: (ends + "G").index("G")  # noqa: E731
    late = lambda ends: 200  # noqa: E731
    right = episodes(DynaQ, 50, 10)
    overwritten = [
        wrong.run_overwriting(DynaQ(54, 4, 50, seed=s), maze, 10, 10_000) for s in seeds[:5]
    ]
    return {
        "ties_right": episodes(DynaQ, 0, 1).mean(),
        "ties_wrong": episodes(wrong.FirstOfTies, 0, 1).mean(),
        "tried_right": falls(DynaQ, mirrored, 100, found),
        "tried_wrong": falls(wrong.NeverTried, mirrored, 100, found),
        "same_right": right[:, 1].mean(),
        "same_wrong": episodes(wrong.SameStepAgain, 50, 2)[:, 1].mean(),
        "name_right": right[:, 5:].mean(),
        "name_wrong": np.mean(overwritten, axis=0)[5:].mean(),
        "end_right": falls(QLearner, ledge, 300, late, initial=10.0, alpha=0.5),
        "end_wrong": falls(wrong.NoEnd, ledge, 300, late, initial=10.0, alpha=0.5),
        "bonus_right": shortcut(DynaQPlus),
        "bonus_wrong": shortcut(wrong.BonusOnlyForTheKnown),
    }


def tiny_numbers(seed: int) -> dict:
    """Tiny random values instead of a fair choice between equals: steps of the first episode."""
    agents = [TinyNumbers(54, 4, 0, seed=s) for s in seeds_of(seed, 10)]
    runs = [run_episodes(agent, dyna_maze(), 1, max_steps=10_000) for agent in agents]
    return {"ties_right": float(np.mean(runs))}


MISTAKES = Experiment(
    "02_mistakes",
    mistakes,
    {
        "ties": Claim(
            "Always taking the first of equal actions makes the first episode at least {times} "
            "times longer. Ties broken evenly take {ties_right:.0f} steps, a table that begins with "
            "tiny random numbers {tiny[ties_right]:,.0f}.",
            lambda f, times: f["ties_wrong"] >= times * f["ties_right"],
            times=5,
        ),
        "tried": Claim(
            "Imagining actions that were never tried brings at least {times} times as many falls "
            "after the goal was found.",
            lambda f, times: f["tried_wrong"] >= times * f["tried_right"],
            times=3,
        ),
        "same": Claim(
            "Replaying only the step just made leaves the second episode at least {times} times "
            "longer.",
            lambda f, times: f["same_wrong"] >= times * f["same_right"],
            times=5,
        ),
        "name": Claim(
            "Letting the planning loop overwrite s makes episodes 6 to 10 at least {times} times "
            "longer.",
            lambda f, times: f["name_wrong"] >= times * f["name_right"],
            times=10,
        ),
        "end": Claim(
            "Bootstrapping from the end leads to falls in more than {many} of the last 100 "
            "episodes, against fewer than {few}.",
            lambda f, many, few: f["end_wrong"] > many and f["end_right"] < few,
            many=90,
            few=30,
        ),
        "bonus": Claim(
            "A bonus for tried actions only earns less than {part:.0%} of the reward in the "
            "shortcut maze.",
            lambda f, part: f["bonus_wrong"] < part * f["bonus_right"],
            part=0.75,
        ),
    },
    exact=True,
    seeds=10,
    trivial={
        "without the mistake": {
            f"{name}_wrong": f"{name}_right"
            for name in ("ties", "tried", "same", "name", "end", "bonus")
        }
    },
    rival={"tiny": tiny_numbers},
)
