"""Chapter 2, Dyna: what imagination buys in a table, and what goes wrong."""

from __future__ import annotations

import random

import numpy as np

from wmlib.acting import walk
from wmlib.course.ch02_dyna import mistakes as wrong
from wmlib.course.ch02_dyna.mazes import blocking_maze, larger, ledge_maze, shortcut_maze
from wmlib.evidence import Experiment
from wmlib.learning.dyna import DynaQ, DynaQPlus
from wmlib.learning.exact import greedy, policy_value, value_iteration
from wmlib.learning.q_learning import QLearner, greedy_path, run_episodes, run_steps
from wmlib.learning.sweeping import PrioritisedSweeping
from wmlib.models.table import SampleModel, TableModel
from wmlib.worlds.maze_gallery import dyna_maze
from wmlib.worlds.mazes import Maze

RUNS = 30


def seeds_of(seed: int, runs: int = RUNS) -> range:
    """The seeds of the runs that are averaged for one base seed."""
    return range(1000 * seed, 1000 * seed + runs)


# --- how much imagination ---


def planning_steps(seed: int) -> dict:
    """Steps per episode `(50,)` in the Dyna maze, mean of 30 runs, for n = 0, 5, 50."""
    maze, figures = dyna_maze(), {}
    for n in (0, 5, 50):
        runs = [run_episodes(DynaQ(maze.n_states, 4, n, seed=s), maze, 50) for s in seeds_of(seed)]
        figures[f"steps_{n}"] = np.mean(runs, axis=0)
    figures["episode_2_ratio"] = figures["steps_0"][1] / figures["steps_50"][1]
    return figures


PLANNING_STEPS = Experiment(
    "02_planning_steps",
    planning_steps,
    {
        "fast": (
            "With 50 imagined steps for each real one, the third episode takes fewer than 20 "
            "steps on average over 30 runs (the shortest path is 14).",
            lambda f: f["steps_50"][2] < 20,
        ),
        "shorter": (
            "The second episode is at least 10 times shorter with 50 imagined steps than with "
            "none.",
            lambda f: f["episode_2_ratio"] >= 10,
        ),
        "same_end": (
            "With 5 and with 50 imagined steps the last ten episodes take 15.4 to 17.5 steps, near "
            "the 15.9 of the best policy that explores one time in ten.",
            lambda f: all(15.4 < np.mean(f[f"steps_{n}"][-10:]) < 17.5 for n in (5, 50)),
        ),
    },
    exact=True,
    seeds=20,
)


def watch(agent, maze, episodes: int, skip: int = 0, every: int = 1) -> list:
    """Pictures' worth of a life: (cell, value of every cell `(S,)`) after each step.

    Args:
        skip: episodes lived before the watching begins. every: keep one step in so many.
    """
    run_episodes(agent, maze, skip)
    seen, learn = [], agent.learn

    def looking(s, a, r, nxt, terminated):
        learn(s, a, r, nxt, terminated)
        seen.append((nxt, [max(row) for row in agent.q]))

    agent.learn = looking
    run_episodes(agent, maze, episodes)
    agent.learn = learn
    return seen[::every]


# --- where to imagine ---


def random_walk(maze, steps: int, seed: int):
    """Real steps of an agent that acts at random: `(s, a, r, next, terminated)`, one at a time."""
    rng = random.Random(seed)
    return walk(maze, lambda s: int(rng.random() * 4), rng, limit=steps, again=True)


def backups_needed(agent, maze, shortest: int, seed: int, every: int = 10) -> int | None:
    """Backups until the greedy policy walks a shortest path, learning from one random walk."""
    for t, row in enumerate(random_walk(maze, 400_000, seed)):
        agent.learn(*row)
        if t % every == 0 or row[-1]:
            path = greedy_path(agent.q, maze)
            if path is not None and len(path) - 1 == shortest:
                return agent.backups
    return None


def sweeping(seed: int) -> dict:
    """Backups to a shortest path in the Dyna maze at three grains."""
    figures = {"cells": [], "dyna": [], "sweeping": []}
    for grain in (1, 2, 3):
        maze = larger(dyna_maze(), grain)
        figures["cells"].append(len(maze.free()))
        settings = {"alpha": 1.0, "seed": seed}
        agents = {
            "dyna": DynaQ(maze.n_states, 4, 5, **settings),
            "sweeping": PrioritisedSweeping(maze.n_states, 4, 5, **settings),
        }
        for name, agent in agents.items():
            figures[name].append(backups_needed(agent, maze, 14 * grain, 1000 * seed + grain))
    figures["ratio"] = [d / p for d, p in zip(figures["dyna"], figures["sweeping"])]
    return figures


SWEEPING = Experiment(
    "02_sweeping",
    sweeping,
    {
        "quarter": (
            "Prioritised sweeping comes to a shortest path with at most a quarter of Dyna-Q's "
            "backups, in the Dyna maze and at twice and three times its grain.",
            lambda f: min(f["ratio"]) >= 4,
        )
    },
    exact=True,
    seeds=20,
)


# --- when the world changes ---


def changing(seed: int, alpha: float = 1.0, runs: int = RUNS) -> dict:
    """Cumulative reward, every 100th step, mean of 30 runs, when a wall moves or a door opens.

    Planning steps, kappa and times of the change as in Sutton & Barto (2018), figures 8.4, 8.5;
    the step size is not printed there. It is 1 here.
    """
    cases = {
        "blocking": (blocking_maze(), 10, 1e-4, 1000, 3000),
        "shortcut": (shortcut_maze(), 50, 1e-3, 3000, 6000),
    }
    figures = {}
    for name, (mazes, n, kappa, switch, steps) in cases.items():
        for kind, settings in ((DynaQ, {}), (DynaQPlus, {"kappa": kappa})):
            curves = [
                run_steps(kind(54, 4, n, alpha=alpha, seed=s, **settings), mazes, steps, switch)
                for s in seeds_of(seed, runs)
            ]
            key = f"{name}_{'plus' if settings else 'plain'}"
            figures[key] = np.mean(curves, axis=0)[99::100]
            figures[f"{key}_end"] = float(figures[key][-1])
            figures[f"{key}_spread"] = float(np.std([curve[-1] for curve in curves]))
    return figures


CHANGING = Experiment(
    "02_changing",
    changing,
    {
        "blocking": (
            "After a wall has moved, Dyna-Q+ collects more reward than Dyna-Q (3,000 steps, mean "
            "of 30 runs).",
            lambda f: f["blocking_plus_end"] > f["blocking_plain_end"],
        ),
        "shortcut": (
            "After a shortcut has opened, Dyna-Q+ collects more reward than Dyna-Q (6,000 steps, "
            "mean of 30 runs).",
            lambda f: f["shortcut_plus_end"] > f["shortcut_plain_end"],
        ),
    },
    exact=True,
    seeds=10,
)


# --- when the world is not sure ---

SLIP = 0.3


def chance(seed: int) -> dict:
    """Dyna on slippery ground with two memories: what it believes, and what it is worth.

    Means over 10 runs and over the last ten of 15 looks, one every 20 episodes: the value at the
    start that the agent believes in, and the exact value of its greedy policy. Episodes begin in
    any free cell, so that finding the goal at all is not the difficulty.
    """
    maze = ledge_maze(SLIP)
    P, R = maze.tables()
    start = maze.starts[0]
    maze.starts = maze.free()
    figures = {"best": float(value_iteration(P, R)[start].max())}
    for name, kind in (("last", TableModel), ("sample", SampleModel)):
        believed, worth = [], []
        for s in seeds_of(seed, 10):
            agent = DynaQ(maze.n_states, 4, 20, kind(maze.n_states, 4), initial=1.0, seed=s)

            def look(episode):
                if episode >= 100 and episode % 20 == 19:
                    believed.append(max(agent.q[start]))
                    worth.append(policy_value(P, R, greedy(agent.q))[start])

            run_episodes(agent, maze, 300, after=look)
        figures[f"{name}_believed"] = float(np.mean(believed))
        figures[f"{name}_worth"] = float(np.mean(worth))
    return figures


CHANCE = Experiment(
    "02_chance",
    chance,
    {
        "deluded": (
            "A model that remembers the last outcome promises at least 1.4 times what its policy "
            "is worth on slippery ground.",
            lambda f: f["last_believed"] >= 1.4 * f["last_worth"],
        ),
        "honest": (
            "A sample model's promise is within a sixth of what its policy is worth, and the "
            "policy is worth at least 0.9 of the best.",
            lambda f: (
                abs(f["sample_believed"] / f["sample_worth"] - 1) < 1 / 6
                and f["sample_worth"] >= 0.9 * f["best"]
            ),
        ),
        "better": (
            "The policy planned on the sample model is worth more than the one planned on last "
            "outcomes.",
            lambda f: f["sample_worth"] > f["last_worth"],
        ),
    },
    exact=True,
    seeds=20,
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


def endings(agent, maze, episodes: int) -> str:
    """The letters on which the episodes end, one after the other."""
    ends, learn = [], agent.learn

    def watch(s, a, r, nxt, terminated):
        learn(s, a, r, nxt, terminated)
        if terminated:
            ends.append(maze.letters[nxt])

    agent.learn = watch
    run_episodes(agent, maze, episodes)
    return "".join(ends)


MISTAKES = Experiment(
    "02_mistakes",
    mistakes,
    {
        "ties": (
            "Always taking the first of equal actions makes the first episode at least 5 times "
            "longer.",
            lambda f: f["ties_wrong"] >= 5 * f["ties_right"],
        ),
        "tried": (
            "Imagining actions that were never tried brings at least 3 times as many falls after "
            "the goal was found.",
            lambda f: f["tried_wrong"] >= 3 * f["tried_right"],
        ),
        "same": (
            "Replaying only the step just made leaves the second episode at least 5 times longer.",
            lambda f: f["same_wrong"] >= 5 * f["same_right"],
        ),
        "name": (
            "Letting the planning loop overwrite s makes episodes 6 to 10 at least 10 times "
            "longer.",
            lambda f: f["name_wrong"] >= 10 * f["name_right"],
        ),
        "end": (
            "Bootstrapping from the end makes falling a habit: more than 90 of the last 100 "
            "episodes, against fewer than 30.",
            lambda f: f["end_wrong"] > 90 and f["end_right"] < 30,
        ),
        "bonus": (
            "A bonus for tried actions only earns less than three quarters of the reward in the "
            "shortcut maze.",
            lambda f: f["bonus_wrong"] < 0.75 * f["bonus_right"],
        ),
    },
    exact=True,
    seeds=10,
)
