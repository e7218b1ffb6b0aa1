"""Graphs drawn anew."""

from __future__ import annotations

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day26_inconsistent import pairs


def edges(exam: Exam) -> str | None:
    """Graphs with guesses that fall by less, by as much, and by more."""
    rng = exam.rng("graphs")
    for _ in range(20):
        names = [f"n{i}" for i in rng.permutation(100)[:9]]
        guess = {name: int(rng.integers(0, 7)) for name in names}
        graph: dict = {name: {} for name in names}
        for a, b in rng.integers(0, 9, (30, 2)):
            if a != b:
                graph[names[a]][names[b]] = int(rng.integers(1, 5))
        right = {
            (a, b) for a in names for b, cost in graph[a].items() if guess[a] - guess[b] > cost
        }
        if pairs(exam.student.call("steep", graph, guess)) != right:
            return "right on the small graph, wrong on graphs of nine nodes: does it look at every edge?"
    return None


hidden = {"edges": edges}
