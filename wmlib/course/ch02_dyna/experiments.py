"""Chapter 2, Dyna: what imagined steps buy in a table, and what goes wrong."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch02_dyna import rivals as other
from wmlib.course.ch02_dyna.failures import CHANCE, MISTAKES, SLIP
from wmlib.course.ch02_dyna.mazes import blocking_maze, larger, shortcut_maze
from wmlib.course.ch02_dyna.study import (
    backups_needed,
    neighbours,
    questions,
    random_walk,
    seeds_of,
    steps_now,
    trips,
)
from wmlib.devices import new_rng
from wmlib.evidence import Claim, Experiment
from wmlib.learning.dyna import DynaQ, DynaQPlus
from wmlib.learning.exact import expected_steps, value_iteration
from wmlib.learning.q_learning import QLearner, run_episodes, run_steps
from wmlib.learning.sweeping import PrioritisedSweeping
from wmlib.worlds.maze_gallery import dyna_maze

__all__ = ["CHANCE", "MISTAKES", "SLIP"]  # of the other file

RUNS = 30
# Best of {all steps, 100 to 10,000 rows} x alpha {0.1, 0.3, 0.5, 0.6, 1}, by the real steps of
# episodes 2 to 25, on runs that no evidence uses (seeds from 500,000).
CAPACITY = {5: 200, 50: 2000}


def random_policy_steps() -> float:
    """Expected steps of an episode at random in the Dyna maze: 868.7."""
    maze = dyna_maze()
    P, _ = maze.tables()
    return float(expected_steps(P, np.full((maze.n_states, 4), 0.25))[maze.starts[0]])


# --- how much imagination ---


def planning_steps(seed: int) -> dict:
    """Steps per episode `(50,)` in the Dyna maze, mean of 30 runs, for n = 0, 5, 50."""
    maze, figures = dyna_maze(), {}
    for n in (0, 5, 50):
        runs = [run_episodes(DynaQ(maze.n_states, 4, n, seed=s), maze, 50) for s in seeds_of(seed)]
        figures[f"steps_{n}"] = np.mean(runs, axis=0)
    figures["episode_2_ratio"] = figures["steps_0"][1] / figures["steps_50"][1]
    return figures


def bold(seed: int) -> dict:
    """Q-learning, step size the best of 0.1, 0.5, 1 and first values of 0, 1: three episodes."""
    agents = [QLearner(54, 4, alpha=1.0, initial=1.0, seed=s) for s in seeds_of(seed)]
    runs = [run_episodes(agent, dyna_maze(), 3) for agent in agents]
    return {"steps_50": np.mean(runs, axis=0)}


PLANNING_STEPS = Experiment(
    "02_planning_steps",
    planning_steps,
    {
        "fast": Claim(
            "With 50 imagined steps for each real one, the third episode takes fewer than {most} "
            "steps (mean of 30 runs; the shortest path is 14). Q-learning takes {steps_0[2]:.0f}, "
            "and {bold[steps_50][2]:.0f} with step size 1 and a table that begins at 1.",
            lambda f, most: f["steps_50"][2] < most,
            most=20,
        ),
        "shorter": Claim(
            "The second episode is at least {times} times shorter with 50 imagined steps than with "
            "none: {steps_50[1]:.0f} steps against {steps_0[1]:.0f}.",
            lambda f, times: f["steps_0"][1] >= times * f["steps_50"][1],
            times=10,
        ),
    },
    exact=True,
    seeds=20,
    trivial={
        "random": lambda seed: {"steps_50": [random_policy_steps()] * 3},
        "no imagination": {"steps_50": "steps_0"},
    },
    rival={"bold": bold},
)


# --- how good the end is: what is known, and what has been thought through ---


def known(seed: int, runs: int = 20, starts: tuple = (0, 5, 50), **settings) -> dict:
    """Expected steps of the policies after 50 episodes, exactly, means of 20 runs.

    `now` is the epsilon-greedy policy on the values as they are; `thought` the one after value
    iteration in the same agent's model, as if it had imagined for ever; `tried` its pairs.
    """
    maze = dyna_maze()
    P, _ = maze.tables()
    truth, figures = (P, maze.starts[0]), {}
    for n in starts:
        rows = []
        for s in seeds_of(seed, runs):
            agent = DynaQ(maze.n_states, 4, n, seed=s, **settings)
            run_episodes(agent, maze, 50)
            thought = value_iteration(*agent.model.tables())
            rows.append(
                (steps_now(agent.q, truth), steps_now(thought, truth), len(agent.model.tried))
            )
        means = np.mean(rows, axis=0)
        figures |= {f"now_{n}": means[0], f"thought_{n}": means[1], f"tried_{n}": means[2]}
    return figures


def equal(seed: int, steps: int = 1500) -> dict:
    """Pairs tried after as many *real* steps without and with imagination, means of 20 runs."""
    figures = {}
    for n in (0, 50):
        agents = [DynaQ(54, 4, n, seed=s) for s in seeds_of(seed, 20)]
        for agent in agents:
            run_steps(agent, dyna_maze(), steps)
        figures[f"tried_{n}"] = float(np.mean([len(agent.model.tried) for agent in agents]))
    return figures


KNOWN = Experiment(
    "02_known",
    known,
    {
        "slow": Claim(
            "After 50 episodes Q-learning's policy takes {now_0:.1f} steps, fewer than {most}. The "
            "model of its own steps, thought through, would save at least {saved} of them.",
            lambda f, most, saved: f["now_0"] < most and f["now_0"] - f["thought_0"] >= saved,
            most=20,
            saved=1.2,
        ),
        "ignorant": Claim(
            "With 50 imagined steps, thinking longer would change the expected steps by less than "
            "{left}. The pairs that it did not try, at least {fewer} of those that Q-learning "
            "tried, cost it at least {lacks} steps: its policy takes {now_50:.1f}. Q-learning's "
            "model, solved exactly, gives {thought_0:.1f}, and a table that begins at 1 ends at "
            "{optimist[now_50]:.2f}. After 1,500 real steps each, {equal[tried_50]:.0f} pairs are "
            "tried with 50 imagined steps and {equal[tried_0]:.0f} with none.",
            lambda f, left, fewer, lacks: (
                abs(f["now_50"] - f["thought_50"]) < left
                and f["tried_0"] - f["tried_50"] >= fewer
                and f["thought_50"] - f["thought_0"] >= lacks
            ),
            left=0.1,
            fewer=10,
            lacks=0.2,
        ),
    },
    exact=True,
    seeds=12,
    trivial={
        "random": lambda seed: {
            **dict.fromkeys(("now_0", "now_50"), random_policy_steps()),
            **dict.fromkeys(("thought_0", "thought_50"), random_policy_steps()),
            **dict.fromkeys(("tried_0", "tried_50"), 184.0),
        },
        "exchanged": {
            "now_0": "now_50",
            "thought_0": "thought_50",
            "now_50": "now_0",
            "thought_50": "thought_0",
            "tried_0": "tried_50",
            "tried_50": "tried_0",
        },
    },
    rival={"optimist": lambda seed: known(seed, starts=(50,), initial=1.0), "equal": equal},
)


# --- the same number of updates, from rows instead of from a table ---


def replay(seed: int) -> dict:
    """Dyna-Q and experience replay in the Dyna maze, n = 5 and 50, both tuned; means of 30 runs.

    `second` is the length of episode 2, `total` the real steps of episodes 2 to 25.
    """
    maze, figures = dyna_maze(), {}
    for n in (0, 5, 50):
        makers = {"dyna": lambda s: DynaQ(54, 4, n, alpha=1.0, seed=s)}
        if n:
            makers["replay"] = lambda s: other.replay(54, n, CAPACITY[n], alpha=1.0, seed=s)
        for name, make in makers.items():
            runs = np.array([run_episodes(make(s), maze, 25) for s in seeds_of(seed)])
            figures[f"{name}_{n}_second"] = runs[:, 1].mean()
            figures[f"{name}_{n}_total"] = runs[:, 1:].sum(1).mean()
    return figures


def smaller(seed: int) -> dict:
    """A buffer of 300 rows (the best of 100, 300 and 5,000 for episode 2), 50 updates a step."""
    agents = [other.replay(54, 50, 300, alpha=1.0, seed=s) for s in seeds_of(seed)]
    runs = np.array([run_episodes(agent, dyna_maze(), 2) for agent in agents])
    return {"dyna_50_second": runs[:, 1].mean()}


REPLAY = Experiment(
    "02_replay",
    replay,
    {
        "near": Claim(
            "With 50 updates from a buffer, episodes 2 to 25 take at most {part} times as many "
            "real steps as with 50 from a table: {replay_50_total:.0f}, against {dyna_50_total:.0f}"
            " of Dyna-Q and {dyna_0_total:,.0f} without either.",
            lambda f, part: f["replay_50_total"] <= part * f["dyna_50_total"],
            part=1.1,
        ),
        "behind": Claim(
            "But right after the first reward the table is ahead: Dyna-Q's second episode takes at "
            "most {part} times the buffer's steps: {dyna_50_second:.0f} against "
            "{buffer[dyna_50_second]:.0f}. A buffer of 300 rows takes {smaller[dyna_50_second]:.0f}.",
            lambda f, part: f["dyna_50_second"] <= part * f["replay_50_second"],
            part=0.85,
        ),
    },
    exact=True,
    trivial={
        "random": lambda seed: {
            "replay_50_total": 24 * random_policy_steps(),
            "dyna_50_second": random_policy_steps(),
        },
        "no memory": {"replay_50_total": "dyna_0_total", "dyna_50_second": "dyna_0_second"},
    },
    rival={"buffer": {"dyna_50_second": "replay_50_second"}, "smaller": smaller},
)


# --- where to imagine ---


def sweeping(seed: int) -> dict:
    """Backups and real steps to a shortest path in the Dyna maze at three grains.

    All three learn from the same random walk, with alpha 1. `all` counts every backup, `after`
    those since the reward was first met, `changing` those of them that changed a value, `targets`
    the targets computed since then.
    """
    figures: dict = {"cells": []}
    for grain in (1, 2, 3):
        maze = larger(dyna_maze(), grain)
        figures["cells"].append(len(maze.free()))
        settings = {"alpha": 1.0, "seed": seed}
        agents = {
            "dyna": DynaQ(maze.n_states, 4, 5, **settings),
            "sweeping": PrioritisedSweeping(maze.n_states, 4, 5, **settings),
            "backward": other.BackwardReplay(maze.n_states, 4, **settings),
        }
        for name, agent in agents.items():
            needed = backups_needed(agent, maze, 14 * grain, 1000 * seed + grain)
            for what in ("all", "after", "changing", "targets", "steps"):
                figures.setdefault(f"{name}_{what}", []).append(needed and needed[what])
    for what in ("all", "after"):
        pairs = zip(figures[f"dyna_{what}"], figures[f"sweeping_{what}"])
        figures[f"ratio_{what}"] = [d / p for d, p in pairs]
    return figures


SWEEPING = Experiment(
    "02_sweeping",
    sweeping,
    {
        "quarter": Claim(
            "Counted from the first reward on, prioritised sweeping comes to a shortest path with "
            "at most 1/{part} of Dyna-Q's backups in mazes of 46, 187 and 422 cells. In the "
            "largest it needs {sweeping_after[2]:,.0f}, Dyna-Q {dyna_after[2]:,.0f}, and replaying "
            "each episode backwards, with no model, {backwards[sweeping_after][2]:,.0f}. Of Dyna-Q's "
            "backups {changing[dyna_after][2]:,.0f} changed a value; to order its own, sweeping "
            "computed {targets[sweeping_after][2]:,.0f} targets.",
            lambda f, part: all(
                d >= part * p for d, p in zip(f["dyna_after"], f["sweeping_after"])
            ),
            part=4,
        )
    },
    exact=True,
    seeds=20,
    trivial={"order at random": {"sweeping_after": "dyna_after"}},
    rival={
        "backwards": {"sweeping_after": "backward_after"},
        "changing": {"dyna_after": "dyna_changing"},
        "targets": {"sweeping_after": "sweeping_targets"},
    },
)


# --- when to plan ---


def when(seed: int) -> dict:
    """Background and decision-time planning with the same number of questions to the model.

    `dyna_12` and its like: steps an episode, episodes 2 to 10 of the Dyna maze, means of 10 runs,
    with 12, 120 or 400 questions a real step. `near_...`: 30 trips to goals named anew at most ten
    steps away, on a complete map of 422 cells: mean questions for one trip.
    """
    maze, figures = dyna_maze(), {}
    for n in (12, 120, 400):
        makers = {
            "dyna": lambda s: DynaQ(54, 4, n, alpha=1.0, seed=s),
            "sweeping": lambda s: PrioritisedSweeping(54, 4, n, alpha=1.0, seed=s),
            "search": lambda s: other.Searcher(54, 4, n, seed=s),
            "both": lambda s: other.Searcher(54, 4, n // 2, n // 2, alpha=1.0, seed=s),
        }
        for name, make in makers.items():
            runs = [run_episodes(make(s), maze, 10)[1:] for s in seeds_of(seed, 10)]
            figures[f"{name}_{n}"] = np.mean(runs)
    world = larger(maze, 3)
    forwards, backwards = neighbours(world), neighbours(world, backwards=True)
    found = trips(world, new_rng(seed), near=10, count=30)
    there = np.array([questions(forwards, start, goal) for start, goal in found])
    back = np.array([questions(backwards, goal, start) for start, goal in found])
    figures |= {"near_search": there[:, 0].mean(), "near_backward": back[:, 0].mean()}
    figures |= {"near_all": sum(map(len, backwards.values())), "near_steps": there[:, 1].mean()}
    return figures


WHEN = Experiment(
    "02_when",
    when,
    {
        "small": Claim(
            "With 12 questions to the model for each real step, planning in the background takes "
            "fewer than {most} steps an episode: Dyna-Q {dyna_12:.0f}, prioritised sweeping "
            "{order[dyna_12]:.0f}. Search from the present state takes more: {search_12:.0f}.",
            lambda f, most: f["dyna_12"] < most < f["search_12"],
            most=40,
        ),
        "large": Claim(
            "With 400 questions search takes fewer than {most} steps an episode: {search_400:.1f}. "
            "Prioritised sweeping takes {order[search_400]:.1f}.",
            lambda f, most: f["search_400"] < most,
            most=20,
        ),
        "near": Claim(
            "For a goal named anew, at most {far} steps away in a maze of 422 cells, search asks "
            "at most 1/{part} of the questions that values for all cells would take: "
            "{near_search:.0f} against {near_all:,.0f}. Search from the goal back asks "
            "{backwards[near_search]:.0f}.",
            lambda f, far, part: (
                f["near_steps"] <= far and part * f["near_search"] <= f["near_all"]
            ),
            trivial=["random"],
            far=10,
            part=4,
        ),
    },
    exact=True,
    trivial={
        "random": lambda seed: {
            "dyna_12": random_policy_steps(),
            "search_400": random_policy_steps(),
            "near_search": 0.0,
            "near_steps": random_trip(seed),
        },
        "short sight": {"dyna_12": "search_12", "search_400": "search_12"},
    },
    rival={
        "order": {"dyna_12": "sweeping_12", "search_400": "sweeping_400"},
        "backwards": {"near_search": "near_backward"},
    },
)


def random_trip(seed: int, limit: int = 5000) -> float:
    """Steps of random walks to five goals at most ten steps away, cut off after 5,000."""
    world = larger(dyna_maze(), 3)
    lengths = []
    for start, goal in trips(world, new_rng(seed), near=10, count=5):
        world.starts = [start]
        cells = (row[3] for row in random_walk(world, limit, seed))
        lengths.append(next((t for t, cell in enumerate(cells, 1) if cell == goal), limit))
    return float(np.mean(lengths))


# --- when the world changes ---

CASES = {
    "blocking": (blocking_maze, 10, 1e-4, 1000, 3000),
    "shortcut": (shortcut_maze, 50, 1e-3, 3000, 6000),
}


def changing(seed: int, alpha: float = 1.0, runs: int = RUNS) -> dict:
    """Cumulative reward, every 100th step, mean of 30 runs, when a wall moves or a door opens.

    Sutton & Barto (2018), examples 8.2 and 8.3, print neither n nor kappa nor the step size; these
    are those of a known implementation, `chapter08/maze.py` of ShangtongZhang's repository.
    """
    figures = {}
    for name, (mazes, n, kappa, switch, steps) in CASES.items():
        for kind, settings in ((DynaQ, {}), (DynaQPlus, {"kappa": kappa})):
            curves = [
                run_steps(kind(54, 4, n, alpha=alpha, seed=s, **settings), mazes(), steps, switch)
                for s in seeds_of(seed, runs)
            ]
            key = f"{name}_{'plus' if settings else 'plain'}"
            figures[key] = np.mean(curves, axis=0)[99::100]
            figures[f"{key}_end"] = float(figures[key][-1])
            figures[f"{key}_spread"] = float(np.std([curve[-1] for curve in curves]))
    return figures


def rewards(make, seed: int, runs: tuple[int, int] = (RUNS, 5)) -> dict:
    """Rewards of somebody else in both changing mazes, in the place of Dyna-Q+.

    Args:
        make: `make(name of the maze, n, kappa, seed) -> agent`. runs: in each maze.
    """
    found = {}
    for (name, (mazes, n, kappa, switch, steps)), many in zip(CASES.items(), runs):
        runs_ = [
            run_steps(make(name, n, kappa, s), mazes(), steps, switch)[-1]
            for s in seeds_of(seed, many)
        ]
        found[f"{name}_plus_end"] = float(np.mean(runs_))
    return found


CHANGING = Experiment(
    "02_changing",
    changing,
    {
        "blocking": Claim(
            "In 3,000 steps, with a wall that moves after 1,000, Dyna-Q+ collects at least {times} "
            "times the reward of Dyna-Q: {blocking_plus_end:.0f} against {blocking_plain_end:.0f}. "
            "Dyna-Q with a table that begins at 1 collects {optimist[blocking_plus_end]:.0f}, "
            "without a bonus. A bonus in the choice of actions collects "
            "{acting[blocking_plus_end]:.0f}, replay {buffer[blocking_plus_end]:.0f}, the best "
            "epsilon of five (0.1, as above) {explorer[blocking_plus_end]:.0f}, never-tried actions imagined without a "
            "bonus {untried[blocking_plus_end]:.0f}.",
            lambda f, times: f["blocking_plus_end"] >= times * f["blocking_plain_end"],
            times=1.3,
        ),
        "shortcut": Claim(
            "In 6,000 steps, with a shortcut that opens after 3,000, Dyna-Q+ collects at least "
            "{times} times the reward of Dyna-Q: {shortcut_plus_end:.0f} against "
            "{shortcut_plain_end:.0f}. A table that begins at 1 collects "
            "{optimist[shortcut_plus_end]:.0f}, a bonus in the choice of actions "
            "{acting[shortcut_plus_end]:.0f}, replay {buffer[shortcut_plus_end]:.0f}, the best "
            "epsilon {explorer[shortcut_plus_end]:.0f}, never-tried actions imagined without a "
            "bonus {untried[shortcut_plus_end]:.0f}.",
            lambda f, times: f["shortcut_plus_end"] >= times * f["shortcut_plain_end"],
            times=1.15,
        ),
    },
    exact=True,
    seeds=10,
    trivial={
        "random": lambda seed: rewards(
            lambda name, n, kappa, s: QLearner(54, 4, epsilon=1.0, seed=s), seed, (3, 3)
        ),
        "no bonus": {
            "blocking_plus_end": "blocking_plain_end",
            "shortcut_plus_end": "shortcut_plain_end",
        },
    },
    rival={
        "acting": lambda seed: rewards(other.acting, seed),
        "buffer": lambda seed: rewards(other.buffer, seed),
        "explorer": lambda seed: rewards(other.explorer, seed),
        "optimist": lambda seed: rewards(other.optimist, seed),
        "untried": lambda seed: rewards(other.untried, seed),
    },
)
