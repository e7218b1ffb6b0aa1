"""Day 5, hidden: mazes drawn anew, in which the library's own agents are counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day05_backups import answer, drawn_maze, first_episode
from wmlib.exercise import numbers
from wmlib.learning.dyna import DynaQ
from wmlib.learning.sweeping import PrioritisedSweeping


def episodes(exam: Exam) -> Iterator[tuple[Any, Any]]:
    """Six first episodes."""
    rng = exam.rng("mazes")
    for _ in range(6):
        maze = drawn_maze(rng)
        yield maze, first_episode(maze, int(rng.integers(2**31)))


def counted(agent, steps):
    """Updates that an agent makes, and the cells whose values it changes."""
    for step in steps:
        agent.learn(*step)
    return agent.backups, {cell for cell, row in enumerate(agent.q) if any(row)}


def plain(exam: Exam) -> str | None:
    """Q-learning."""
    for maze, steps in episodes(exam):
        agent = DynaQ(maze.n_states, 4, 0, alpha=1.0, gamma=0.9)
        if answer(exam, "plain", steps) != counted(agent, steps):
            return f"not right for an episode of {len(steps)} steps in a maze drawn anew"
    return None


def dyna(exam: Exam) -> str | None:
    """Dyna-Q."""
    for maze, steps in episodes(exam):
        for n in (0, 2, 50):
            said = exam.student.call("dyna", steps, n)
            said = [float(number) for number in numbers(said, (3,), "what dyna gives")]
            before, _ = counted(DynaQ(maze.n_states, 4, n), steps[:-1])
            visited = len({cell for cell, *_ in steps})
            if said != [before + n + 1, before, min(visited, n + 1)]:
                return f"not right for {len(steps)} steps and n = {n} in a maze drawn anew"
    return None


def sweeping(exam: Exam) -> str | None:
    """Sweeping, as many backups as it wants."""
    for maze, steps in episodes(exam):
        agent = PrioritisedSweeping(maze.n_states, 4, 10**6, threshold=1e-9, alpha=1.0, gamma=0.9)
        if answer(exam, "sweeping", steps) != counted(agent, steps):
            return f"not right for an episode of {len(steps)} steps in a maze drawn anew"
    return None


hidden = {"plain": plain, "dyna": dyna, "sweeping": sweeping}
