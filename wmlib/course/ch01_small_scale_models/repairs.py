"""Exercise 4 behind its check: the real maze, in which doors are closed, answers single steps."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch01_small_scale_models.agents import MapAgent
from wmlib.course.ch01_small_scale_models.mazes import latent_maze
from wmlib.course.ch01_small_scale_models.study import detours, drawn_again
from wmlib.exercise import Mistake
from wmlib.learning.exact import imagine_everything
from wmlib.learning.q_learning import run_episodes
from wmlib.models import TableModel
from wmlib.worlds.mazes import Maze

LIMIT = 600  # real steps


class RealMaze:
    """Counts steps, and answers only where the agent stands."""

    def __init__(self, maze: Maze, model: TableModel):
        self.maze, self.model, self.here = maze, model, maze.starts[0]
        self.over, self.taken = False, []

    def step(self, cell: int, action: int) -> tuple[float, int, bool]:
        """One real step: (reward, next cell, terminated)."""
        cell, action = int(cell), int(action)
        if self.over:
            raise Mistake("it takes another step after the episode was over")
        if cell != self.here:
            raise Mistake(
                f"it asks for a step from cell {cell} and stands in {self.here}: the real world "
                "cannot be asked about other places"
            )
        if len(self.taken) >= LIMIT:
            raise Mistake(self._stuck())
        nxt, r, end = self.maze.move(cell, action)
        self.taken.append((cell, action))
        self.here, self.over = nxt, end
        return r, nxt, end

    def _stuck(self):
        last = set(self.taken[-50:])
        if len(last) > 1:
            return f"after {LIMIT} real steps it has not arrived: does it follow its plan?"
        pair = last.pop()
        if self.model.last[pair][1] != pair[0]:
            return (
                f"it runs into the closed door at cell {pair[0]} again and again, because its map "
                "still says that there is a way: record what really happened"
            )
        return (
            f"it runs into the closed door at cell {pair[0]} again and again: the map knows of "
            "the door by now, so plan again in it"
        )


def full_map(maze: Maze) -> TableModel:
    """A table of every pair, food included."""
    model = TableModel(maze.n_states, 4)
    for s in maze.free():
        for a in range(4):
            _, nxt, r, end = maze.outcomes[s][a][0]
            model.record(s, a, r, nxt, end)
    return model


def closed(rng: np.random.Generator) -> Maze:
    """The maze with one or two cells of the shortest way closed, the goal still within reach."""
    maze = latent_maze()
    box = maze.cells("G")[0]
    for _ in range(int(rng.integers(1, 3))):
        around = detours(maze, box)
        if around:
            cell, _ = around[int(rng.integers(len(around)))]
            maze = drawn_again(maze, {cell: "#"})
    return maze


def arrives(answer, rng):
    """Four mazes with closed doors."""
    for _ in range(4):
        maze, model = closed(rng), full_map(latent_maze())
        real = RealMaze(maze, model)
        answer(model, real.step, maze.starts[0])
        if not real.taken:
            return "it takes no real step: call step(cell, action)"
        if not real.over:
            return f"it stops after {len(real.taken)} real steps and has not arrived"
        reference = MapAgent(maze.n_states, 0)
        reference.model, reference.fed, reference.stale = full_map(latent_maze()), True, True
        wanted = run_episodes(reference, maze, 1, max_steps=LIMIT)[0]
        if len(real.taken) > 1.3 * wanted + 4:
            return (
                f"it arrives after {len(real.taken)} real steps, where {wanted} are enough: plan "
                "again at once when something was not as foretold, and follow the new plan"
            )
    return None


CHECKS = [arrives]


def walker(records=True, replans=True, detour=False):
    """A solution, or without one of its parts a wrong answer."""

    def answer(model, step, cell):
        q, end, t = imagine_everything(model, model.n_states), False, 0
        while not end:
            action = int(q[cell].argmax())
            if detour and t % 2:
                action = (t // 2) % 4
            r, nxt, end = step(cell, action)
            surprise = model.last.get((cell, action)) != (r, nxt, end)
            if records:
                model.record(cell, action, r, nxt, end)
            if replans and surprise:
                q = imagine_everything(model, model.n_states)
            cell, t = nxt, t + 1

    return answer


def asks_everywhere(model, step, cell):
    """Uses the real world as a simulator."""
    for c in range(model.n_states):
        for a in range(4):
            step(c, a)


WRONG = [
    (walker(records=False), "record what really happened"),
    (walker(replans=False), "plan again in it"),
    (walker(records=False, replans=False), "record what really happened"),
    (asks_everywhere, "cannot be asked about other places"),
    (lambda model, step, cell: None, "takes no real step"),
    (lambda model, step, cell: step(cell, 3), "has not arrived"),
]
