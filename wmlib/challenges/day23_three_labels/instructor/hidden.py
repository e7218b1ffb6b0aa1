"""Day 23, hidden: more films, more labels."""

from __future__ import annotations

import math

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day23_three_labels import asked, films, table
from wmlib.exercise import numbers


def chance(exam: Exam) -> str | None:
    """Other shares."""
    rng = exam.rng("shares")
    for _ in range(6):
        shares = rng.dirichlet(np.ones(int(rng.integers(2, 8))))
        said = numbers(exam.student.call("lucky", shares), (), "what lucky returns")
        if not np.isclose(said, math.factorial(len(shares)) * shares.prod(), rtol=1e-5, atol=0):
            return f"{len(shares)} codes with shares drawn anew: not right"
    return None


def ask(exam: Exam) -> str | None:
    """Twenty films more."""
    for seen in films(exam, "more films", 21):
        found = asked(exam, seen)
        if found:
            return found
    return None


def name(exam: Exam) -> str | None:
    """Other labels, each code with a clear majority or none."""
    rng = exam.rng("labels")
    for _ in range(6):
        k = int(rng.integers(2, 7))
        names = rng.integers(-1, k, k)
        pairs = [(c, names[c]) for c in range(k) if names[c] >= 0 for _ in range(3)]
        pairs += [(c, int(rng.integers(k))) for c in range(k) if names[c] >= 0]
        pairs = [pairs[i] for i in rng.permutation(len(pairs))]
        codes, labels = np.array(pairs, int).reshape(-1, 2).T
        said = table(exam.student.call("name", codes, labels, k), k, "what name returns")
        if said.tolist() != names.tolist():
            return f"{len(pairs)} labels of {k} codes, drawn anew: not the majority of each"
    return None


hidden = {"chance": chance, "ask": ask, "name": name}
