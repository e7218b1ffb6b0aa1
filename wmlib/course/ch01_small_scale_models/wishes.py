"""Exercise 3 behind its check: a wish is tried in maps that are drawn anew."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch01_small_scale_models.mazes import latent_maze
from wmlib.course.ch01_small_scale_models.study import (
    detours,
    drawn_again,
    moved,
    new_goals,
    shortest,
)
from wmlib.learning.exact import imagine_everything, value_iteration
from wmlib.learning.q_learning import greedy_path
from wmlib.models import Simulator, TableModel, WorldModel
from wmlib.worlds.mazes import Maze


def mapped(maze: Maze) -> TableModel:
    """A table of every pair of a maze in which nothing is rewarded."""
    empty = drawn_again(maze, {maze.cells("G")[0]: "."})  # one can walk through the old goal box
    model = TableModel(maze.n_states, 4)
    rows = ((s, a, *empty.outcomes[s][a][0][1:]) for s in empty.free() for a in range(4))
    for s, a, nxt, r, end in rows:
        model.record(s, a, r, nxt, end)
    return model


def another_maze(rng: np.random.Generator) -> Maze:
    """The maze of the chapter with three more openings: a map that the notebook does not know."""
    maze = latent_maze()
    beside = {w for c in maze.free() for w in (c - 1, c + 1) if w >= 0 and c // 15 == w // 15}
    walls = sorted(beside & set(maze.cells("#")))  # an opening there can be walked into
    opened = drawn_again(maze, {int(c): "." for c in rng.choice(walls, 3, replace=False)})
    return drawn_again(opened, {opened.cells("G")[0]: "."} | {opened.n_states - 1: "G"})


def planned(aim: WorldModel, world: Maze):
    """The way that a plan under this wish goes."""
    return greedy_path(imagine_everything(aim, world.n_states).tolist(), world, 200)


def is_a_wish(answer, rng):
    """A plain goal, in a map that the notebook does not know."""
    maze = another_maze(rng)
    goal = new_goals(maze, int(rng.integers(10**6)), count=1)[0]
    aim = answer(mapped(maze), goal, maze.starts[0])
    if not isinstance(aim, WorldModel):
        return "give back a model: model.goal(rew=..., cont=...)"
    cells = np.repeat(maze.free(), 4)
    given, said = (
        m.step(m.start(cells), np.tile(np.arange(4), len(maze.free()))).state
        for m in (mapped(maze), aim)
    )
    if (np.asarray(given) != np.asarray(said)).any():
        return "it answers from another map than the one it was given: use the argument `model`"
    world = moved(maze, goal)
    path = planned(aim, world)
    if path is None:
        return "a plan in it never arrives at the goal: is entering the goal rewarded?"
    if len(path) - 1 > shortest(world):
        return (
            "with nothing in the way its plan is longer than the shortest: is anything rewarded or "
            "punished beside the goal and the wet cell?"
        )
    before = path[-2]
    action = next(a for a in range(4) if world.move(before, a)[0] == goal)
    state = aim.start(np.array([before]))
    if float(aim.step(state, np.array([action])).cont) != 0:
        return "the wish is fulfilled at the goal and the episode should end there: use cont"
    return None


def goes_round(answer, rng):
    """A cell to avoid, with a way round it."""
    for _ in range(6):
        maze = another_maze(rng)
        goal = new_goals(maze, int(rng.integers(10**6)), count=1)[0]
        world, around = moved(maze, goal), detours(maze, goal)
        if not around:
            continue
        wet, best = around[int(rng.integers(len(around)))]
        path = planned(answer(mapped(maze), goal, wet), world)
        if path is None:
            return "where a cell is to be avoided its plan never arrives, though there is a way"
        if wet in path:
            return "the plan goes through the wet cell: entering it must cost something, and enough"
        if len(path) - 1 > best:
            return "it goes round the wet cell by a longer way than it needs"
    return None


def stays_dry(answer, rng):
    """A cell to avoid that lies on every way."""
    maze = latent_maze()
    for goal in new_goals(maze, int(rng.integers(10**6)), count=6):
        world = moved(maze, goal)
        way = greedy_path(value_iteration(*world.tables()).tolist(), world)
        open_ones = {cell for cell, _ in detours(maze, goal)}
        blocked = [cell for cell in way[1:-1] if cell not in open_ones]
        if not blocked:
            continue
        wet = blocked[int(rng.integers(len(blocked)))]
        path = planned(answer(mapped(maze), goal, wet), world)
        if path is not None and wet in path:
            return (
                "where every way leads through the wet cell its plan goes through it, and it must "
                "not: the cost of the wet cell has to outweigh the reward of the goal"
            )
    return None


CHECKS = [is_a_wish, goes_round, stays_dry]


def wish(penalty=1.0, reward=1.0, end=True):
    """A solution, or with other numbers a wrong answer."""

    def answer(model, goal, wet):
        return model.goal(
            rew=lambda obs, act, nxt: (
                reward * (nxt == goal).float() - penalty * (nxt == wet).float()
            ),
            cont=(lambda nxt: (nxt != goal).float()) if end else None,
        )

    return answer


WRONG = [
    (lambda model, goal, wet: model, "never arrives"),
    (lambda model, goal, wet: (goal, wet), "give back a model"),
    (wish(penalty=0.0), "goes through the wet cell"),
    (wish(end=False), "the episode should end there"),
    (wish(penalty=0.0001), "and enough"),
    (wish(reward=0.0), "never arrives"),
    (lambda model, goal, wet: wish()(model, wet, goal), "never arrives"),
    (lambda model, goal, wet: wish()(Simulator(latent_maze()), goal, wet), "use the argument"),
]
