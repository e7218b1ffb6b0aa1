"""Chapter 1, small-scale models: latent learning, look-ahead, transfer."""

from __future__ import annotations

import random
from functools import cache

import numpy as np

from wmlib.acting import walk
from wmlib.course.ch01_small_scale_models.mazes import latent_maze, trap_world
from wmlib.evidence import Experiment
from wmlib.learning.exact import expected_steps, greedy, imagine_everything, value_iteration
from wmlib.learning.q_learning import QLearner, greedy_path, run_episodes
from wmlib.models.table import TableModel
from wmlib.worlds.mazes import Maze

LONG = 200_000  # steps of a trial: until the goal box is found, however long that takes
NEAR = 1.2  # a path counts as good within this factor of the shortest


# --- latent learning ---


class Mapmaker:
    """Wanders at random and keeps a map; once it has met food it plans in the map and walks.

    Args:
        maze: gives the sizes. seed: of the wandering.
    """

    def __init__(self, maze: Maze, seed: int):
        self.model, self.random = TableModel(maze.n_states, 4), random.Random(seed)
        self.n_states, self.q, self.fed = maze.n_states, None, False

    def act(self, s):
        if self.q is None or max(self.q[s]) <= 0:
            return int(self.random.random() * 4)
        return self.q[s].index(max(self.q[s]))

    def learn(self, s, a, r, nxt, terminated):
        self.model.record(s, a, r, nxt, terminated)
        self.fed = self.fed or r > 0
        if terminated and self.fed:
            self.q = imagine_everything(self.model, self.n_states).tolist()


def shortest(maze: Maze) -> int:
    """Steps of a shortest path from the first start."""
    P, R = maze.tables()
    return round(float(expected_steps(P, greedy(value_iteration(P, R)))[maze.starts[0]]))


def trials(agent, food_from: int, count: int, maze=latent_maze) -> list[int]:
    """Steps of each trial; food lies in the goal box from trial `food_from` (counted from 1) on."""
    empty, full = Maze(maze().drawing, goal_reward=0.0), maze()
    first = run_episodes(agent, empty, food_from - 1, max_steps=LONG)
    return first + run_episodes(agent, full, count - food_from + 1, max_steps=LONG)


def latent_learning(seed: int) -> dict:
    """Tolman & Honzik's experiment: ten trials with an empty goal box, then food.

    Q-learning gets the step size that is best in a world without chance, 1. It counts as done when
    its greedy path, looked at after every trial, is within 1.2 of the shortest.
    """
    maze = latent_maze()
    best, q_settings = shortest(maze), {"alpha": 1.0, "seed": seed}
    late = Mapmaker(maze, seed)
    figures = {
        "shortest": best,
        "map_late": trials(late, 11, 30),
        "map_early": trials(Mapmaker(maze, seed), 1, 30),
        "q_late": trials(QLearner(maze.n_states, 4, **q_settings), 11, 30),
        "q_early": trials(QLearner(maze.n_states, 4, **q_settings), 1, 30),
        "pairs_known": len(late.model.tried) / (4 * len(maze.free())),
    }
    figures["planner_ratio"] = figures["map_late"][11] / best
    figures["q_trials"] = trials_until_good(maze, QLearner(maze.n_states, 4, **q_settings))
    return figures


def trials_until_good(maze, agent, limit: int = 500) -> int:
    """Trials until the greedy path is within 1.2 of the shortest."""
    good = NEAR * shortest(maze)

    def done(episode):
        path = greedy_path(agent.q, maze)
        return path is not None and len(path) - 1 <= good

    return len(run_episodes(agent, maze, limit, after=done))


LATENT = Experiment(
    "01_latent_learning",
    latent_learning,
    {
        "at_once": (
            "An agent that mapped the maze with no reward walks within 1.2 times the shortest "
            "path on its first trial after it has met the food.",
            lambda f: f["planner_ratio"] <= NEAR,
        ),
        "ten_times": (
            "Q-learning needs at least 10 rewarded trials for what the map gives after one.",
            lambda f: f["q_trials"] >= 10,
        ),
    },
    bar=1.0,
    exact=True,
    seeds=20,
)


# --- look-ahead ---


def looker(maze: Maze, gamma: float = 0.95):
    """A function `look(cell, depth)`: for each action, the best discounted sum it can bring.

    It tries every sequence of `depth` actions, but looks at the same cell with the same number of
    steps to go only once.
    """

    @cache
    def look(cell, depth):
        values = []
        for action in range(4):
            nxt, reward, end = maze.move(cell, action)
            later = 0.0 if end or depth == 1 else max(look(nxt, depth - 1))
            values.append(reward + gamma * later)
        return values

    return look


def look_and_walk(maze: Maze, depth: int, seed: int, limit: int = 40, gamma: float = 0.95):
    """Look `depth` steps ahead in the true maze before every step; ties are broken at random.

    Returns:
        "goal", "trap" or "nowhere", and the cells walked.
    """
    rng, look, path = random.Random(seed), looker(maze, gamma), [maze.starts[0]]

    def act(cell):
        values = look(cell, depth)
        ties = [a for a in range(4) if values[a] > max(values) - 1e-9]
        return ties[int(rng.random() * len(ties))]

    for *_, cell, end in walk(maze, act, None, path[0], limit):
        path.append(cell)
        if end:
            return ("goal" if maze.letters[cell] == "G" else "trap"), path
    return "nowhere", path


def imagined_path(maze: Maze, cell: int, depth: int, gamma: float = 0.95) -> list[int]:
    """The cells of the best future of `depth` steps, as far as it goes on."""
    look, path = looker(maze, gamma), [cell]

    def act(cell):
        values = look(cell, depth + 1 - len(path))
        return values.index(max(values))

    for *_, nxt, _ in walk(maze, act, None, cell, depth):
        path.append(nxt)
    return path


DEPTHS = range(1, 9)


def look_ahead(seed: int, worlds: int = 60) -> dict:
    """Shares of trap worlds that end in the goal and in a trap, by depth 1 to 8."""
    figures = {"goal": [], "trap": []}
    for depth in DEPTHS:
        ends = [
            look_and_walk(trap_world(1000 * seed + i), depth, seed + i)[0] for i in range(worlds)
        ]
        for name in figures:
            figures[name].append(ends.count(name) / worlds)
    return figures


LOOK_AHEAD = Experiment(
    "01_look_ahead",
    look_ahead,
    {
        "reactive": (
            "The reactive agent, which looks one step ahead, ends in a trap in more than three "
            "quarters of 60 worlds.",
            lambda f: f["trap"][0] > 0.75,
        ),
        "deep": (
            "Eight steps of look-ahead in the true model reach the goal in at least 0.95 of the "
            "same worlds.",
            lambda f: f["goal"][7] >= 0.95,
        ),
        "deeper_is_safer": (
            "From depth 1 to 8 the share of worlds that end in a trap never rises by more than "
            "0.05.",
            lambda f: max(np.diff(f["trap"])) <= 0.05,
        ),
    },
    exact=True,
    seeds=20,
)


# --- transfer ---


def moved(maze: Maze, goal: int) -> Maze:
    """The same maze with the goal in another cell."""
    letters = maze.letters.replace("G", ".")
    letters = letters[:goal] + "G" + letters[goal + 1 :]
    return Maze(_lines(letters, maze.shape[1]))


def _lines(letters: str, columns: int) -> str:
    return "\n".join(letters[i : i + columns] for i in range(0, len(letters), columns))


def open_sides(maze: Maze, cell: int) -> set[int]:
    """The neighbouring cells one can walk to."""
    return {maze.move(cell, a)[0] for a in range(4)} - {cell}


def new_goals(maze: Maze, seed: int, count: int = 5, far: int = 10) -> list[int]:
    """Ends of blind alleys at least `far` steps from the start, drawn without repetition."""
    rng, chosen = random.Random(seed), []
    cells = [
        cell for cell in maze.free() if cell not in maze.starts and len(open_sides(maze, cell)) == 1
    ]
    while len(chosen) < count:
        cell = cells.pop(int(rng.random() * len(cells)))
        if shortest(moved(maze, cell)) >= far:
            chosen.append(cell)
    return chosen


def transfer(seed: int) -> dict:
    """The goal moves to five new places; medians over the places.

    Real steps until the path is within 1.2 of the shortest, for Q-learning that goes on with its
    old table, for Q-learning from nothing; the planner's walk, with no step of practice.
    """
    maze = latent_maze()
    mapmaker = Mapmaker(maze, seed)
    run_episodes(mapmaker, Maze(maze.drawing, goal_reward=0.0), 10, max_steps=LONG)
    ratios, old, fresh = [], [], []
    for goal in new_goals(maze, seed):
        world = moved(maze, goal)
        aim = mapmaker.model.goal(
            rew=lambda obs, act, nxt: (nxt == goal).float(), cont=lambda nxt: (nxt != goal).float()
        )
        path = greedy_path(imagine_everything(aim, maze.n_states).tolist(), world)
        ratios.append(np.inf if path is None else (len(path) - 1) / shortest(world))
        for kind, counts in (("old", old), ("fresh", fresh)):
            agent = QLearner(maze.n_states, 4, alpha=1.0, seed=seed)
            if kind == "old":
                trials_until_good(maze, agent)
            counts.append(steps_until_good(world, agent))
    return {
        "planner_ratio": float(max(ratios)),
        "old_table_steps": float(np.median(old)),
        "fresh_steps": float(np.median(fresh)),
    }


def detour_cell(maze: Maze) -> int:
    """A cell of a shortest path that can be gone round at some cost, for an exercise."""
    best = shortest(maze)
    q = value_iteration(*maze.tables()).tolist()
    for cell in greedy_path(q, maze)[1:-1]:
        letters = maze.letters[:cell] + "#" + maze.letters[cell + 1 :]
        walled = Maze(_lines(letters, maze.shape[1]))
        P, _ = walled.tables()
        steps = expected_steps(P, greedy(value_iteration(*walled.tables())))[maze.starts[0]]
        if best < steps < np.inf:
            return cell
    raise ValueError("every cell of the shortest path is either a bottleneck or free to avoid")


def steps_until_good(maze, agent, limit: int = 500) -> int:
    """Real steps, in whole trials, until the greedy path is within 1.2 of the shortest."""
    good = NEAR * shortest(maze)

    def done(episode):
        path = greedy_path(agent.q, maze)
        return path is not None and len(path) - 1 <= good

    return sum(run_episodes(agent, maze, limit, after=done))


TRANSFER = Experiment(
    "01_transfer",
    transfer,
    {
        "no_step": (
            "When the goal moves to five new places, the planner's first walk is within 1.2 times "
            "the shortest path in every one, with no new real step of practice.",
            lambda f: f["planner_ratio"] <= NEAR,
        ),
        "relearn": (
            "Q-learning needs at least 1,000 new real steps for each new place (median), from its "
            "old table and from nothing.",
            lambda f: min(f["old_table_steps"], f["fresh_steps"]) >= 1000,
        ),
    },
    exact=True,
    seeds=20,
)
