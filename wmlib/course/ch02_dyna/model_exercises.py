"""Checks of the long exercise, stages 1 and 2: a model that is learned, and values in it."""

from __future__ import annotations

import numpy as np

from wmlib.course.ch02_dyna.planner import LastOutcome, solve
from wmlib.exercise import Exercise, numbers

# --- stage 1: a model ---


def remembers(answer, rng):
    """Rows drawn anew; the last outcome of each pair counts."""
    model, truth = answer(), {}
    if model.ask(0, 0) is not None:
        return "ask of a pair that was never tried should give None: the model does not know"
    for t in range(60):
        s, a, nxt = (int(x) for x in rng.integers((5, 3, 5)))
        row = float(rng.integers(3)), nxt, bool(rng.random() < 0.3)
        if t % 3 == 0 and truth:  # once more, as it was
            (s, a), row = list(truth.items())[rng.integers(len(truth))]
        old, truth[s, a] = truth.get((s, a)), row
        said, got = model.record(s, a, *row), model.ask(s, a)
        if got is None:
            return "ask gives None for a pair that was recorded"
        if old not in (None, row) and same(got, old):
            return "after another outcome the first one is still there: the last one counts"
        if not same(got, row):
            return f"recorded was {row}, and ask gives {got}: (r, next state, terminated)"
        if found := wrong_news(said, old, row):
            return found
    asked = [(s, a) for s in range(5) for a in range(3)]
    if any((model.ask(*p) is None) != (p not in truth) for p in asked):
        return "a pair that was never tried has an answer, or one that was tried has none"
    if not all(same(model.ask(*p), truth[p]) for p in truth):
        return "pairs are mixed up"
    return None


def changes(answer, rng):
    """One pair, of whose outcome one part changes at a time, and which comes back."""
    first = float(rng.normal()), int(rng.integers(4)), False
    rows = [
        first, first, (first[0] + 1, *first[1:]), first, (first[0], first[1] + 1, False), first,
        (*first[:2], True), first,
    ]  # fmt: skip
    model, old, seen = answer(), None, []
    if model is None:
        return "Model() should give an object with record and ask"
    answer().record(4, 2, *first)
    if (shared := answer().ask(4, 2)) is not None and same(shared, first):
        return "two Models share one table: make it in __init__, as self.…"
    for row in rows:
        if found := wrong_news(model.record(2, 1, *row), old, row, row in seen):
            return found
        seen.append(row)
        old = row
    return None


def wrong_news(said, old, row, again=False):
    """What is wrong with the answer whether a row was news, or None."""
    if not isinstance(said, bool | np.bool_):
        return f"record should return True or False, and gives {said!r}"
    if bool(said) == (old != row):
        return None
    if old is None:
        return "the first outcome of a pair is news: record should return True"
    if old == row:
        return "the same outcome as last time is not news: record should return False"
    if again:
        return "an outcome that comes back after another one is news: compare with the *last* one"
    parts = [name for name, x, y in zip(("r", "nxt", "terminated"), old, row) if x != y]
    return f"an outcome that differs from the last one in {', '.join(parts)} is news too"


def same(got, row):
    """Whether an answer is this outcome."""
    said = numbers(list(got), (3,), "what ask gives")
    return bool(np.abs(said - np.array(row, float)).max() < 1e-9)


class FirstKept(LastOutcome):
    """Keeps the first outcome."""

    def record(self, s, a, *row):
        news = (s, a) not in self.last
        self.last.setdefault((s, a), row)
        return news


class AlwaysNews(LastOutcome):
    """Everything is news."""

    def record(self, *row):
        super().record(*row)
        return True


class NothingHappens(LastOutcome):
    """Answers for pairs it never saw."""

    def ask(self, s, a):
        return self.last.get((s, a), (0.0, s, False))


class Shared(LastOutcome):
    """One table for all objects of the class."""

    table: dict = {}

    def __init__(self):
        self.last = self.table


class NewsIf(LastOutcome):
    """Another opinion of what is news."""

    news = staticmethod(lambda old, row, seen: old != row)

    def __init__(self):
        super().__init__()
        self.seen = set()

    def record(self, s, a, *row):
        said = type(self).news(self.last.get((s, a)), row, (s, a, row) in self.seen)
        super().record(s, a, *row)
        self.seen.add((s, a, row))
        return said


def news_if(news):
    """A class with this opinion: `news(old outcome or None, row, seen before)`."""
    return type("Model", (NewsIf,), {"news": staticmethod(news)})


check_model = Exercise(
    "A planner, stage 1: the model",
    [changes, remembers],
    wrong=[
        (FirstKept, "is news too"),
        (AlwaysNews, "is not news"),
        (NothingHappens, "should give None"),
        (Shared, "share one table"),
        (news_if(lambda old, row, seen: not seen), "comes back"),
        (news_if(lambda old, row, seen: old is None), "in r is news"),
        (news_if(lambda old, row, seen: old is None or old[1:] != row[1:]), "in r is news"),
        (news_if(lambda old, row, seen: old is None or old[::2] != row[::2]), "in nxt is news"),
        (news_if(lambda old, row, seen: old is None or old[:2] != row[:2]), "terminated is news"),
        (news_if(lambda old, row, seen: old not in (None, row)), "first outcome of a pair"),
        (news_if(lambda old, row, seen: None), "True or False"),
    ],
)


# --- stage 2: values from the model ---


class Drawn:
    """A model drawn by chance, with pairs that it does not know."""

    def __init__(self, rng, n_states, n_actions):
        self.table = {
            (s, a): (float(rng.normal()), int(rng.integers(n_states)), bool(rng.random() < 0.2))
            for s in range(n_states)
            for a in range(n_actions)
            if rng.random() < 0.7
        }

    def ask(self, s, a):
        """(r, next, terminated) or None."""
        return self.table.get((s, a))


class Endless(Drawn):
    """The same, as if no step ended the episode."""

    def __init__(self, other):
        self.table = {p: (r, nxt, False) for p, (r, nxt, _) in other.table.items()}


def solves(answer, rng):
    """Models drawn anew against the reference."""
    for _ in range(3):
        n, m = int(rng.integers(5, 9)), int(rng.integers(2, 5))
        gamma, hope, model = (
            float(rng.uniform(0.7, 0.9)),
            float(rng.uniform(2, 6)),
            Drawn(rng, n, m),
        )
        got = numbers(answer(model, n, m, gamma, hope), (n, m), "what solve gives")
        close = lambda other: np.abs(got - other).max() < 1e-3
        if close(solve(model, n, m, gamma, hope)):
            continue
        if close(solve(model, n, m, gamma, 0.0)):
            return "a pair that was never tried should be worth hope, and here it is worth 0"
        if close(solve(Endless(model), n, m, gamma, hope)):
            return "nothing comes after a step that ended the episode: its value is r alone"
        unknown = [model.ask(s, a) is None for s in range(n) for a in range(m)]
        if np.abs(got.ravel()[unknown] - hope).max(initial=0) > 1e-3:
            return "the value of a pair that was never tried should stay at hope"
        if any(close(solve(model, n, m, gamma, hope, sweeps=k)) for k in range(1, 12)):
            return "too few sweeps: repeat until no value changes by more than 0.000001"
        if np.abs(got - solve(model, n, m, gamma, hope)).max() < 0.1:
            return (
                "nearly: the values had not come to rest yet (or gamma is not the one that is "
                "given). Repeat until no value changes by more than 0.000001"
            )
        return "known pairs: r + gamma * (the largest value of the next state), again and again"
    return None


class Corridor(Drawn):
    """A long corridor, at whose end lies a cell in which nothing was tried."""

    def __init__(self, length):
        self.table = {(s, 0): (0.0, s + 1, False) for s in range(length - 1)}
        self.table |= {(s, 1): (0.0, max(s - 1, 0), False) for s in range(length - 1)}


def reaches(answer, rng):
    """Hope at the end of a long corridor is worth something at its beginning."""
    length, gamma, hope = int(rng.integers(250, 300)), 0.99, float(rng.uniform(2, 6))
    model = Corridor(length)
    q = solve(model, length, 2, gamma, hope)
    got = numbers(answer(model, length, 2, gamma, hope), (length, 2), "what solve gives")
    if np.abs(got[-1] - hope).max() > 1e-3:
        return "a cell in which nothing was tried: each of its pairs is worth hope"
    if np.abs(got - q).max() > 1e-3:
        return (
            f"a corridor of {length} cells leads to a cell where nothing was tried, and the values "
            "at its beginning are not at rest: too few sweeps, or that cell's hope does not spread"
        )
    return None


def swept(sweeps=5000, tolerance=1e-6, unvisited=None):
    """Value iteration with another end, or another value of cells without a tried pair."""

    def solve(model, n_states, n_actions, gamma, hope):
        q = np.full((n_states, n_actions), float(hope))
        ask = {(s, a): model.ask(s, a) for s in range(n_states) for a in range(n_actions)}
        known = {pair: row for pair, row in ask.items() if row is not None}
        if unvisited is not None:
            q[[s for s in range(n_states) if all(p[0] != s for p in known)]] = unvisited
        s, a = np.array(list(known)).T
        r, nxt, ends = (np.array(column) for column in zip(*known.values()))
        for _ in range(sweeps):
            new = r + gamma * q.max(1)[nxt] * ~ends
            change = np.abs(new - q[s, a]).max()
            q[s, a] = new
            if change < tolerance:
                break
        return q

    return solve


check_solve = Exercise(
    "A planner, stage 2: values",
    [solves, reaches],
    wrong=[
        (lambda model, n, m, gamma, hope: solve(model, n, m, gamma, 0.0), "worth hope"),
        (lambda model, n, m, gamma, hope: solve(Endless(model), n, m, gamma, hope), "r alone"),
        (lambda *given: solve(*given, sweeps=1), "too few sweeps"),
        (swept(sweeps=100), "too few sweeps"),
        (swept(tolerance=1e-2), "come to rest"),
        (swept(unvisited=0.0), "hope"),
        (lambda model, n, m, gamma, hope: solve(model, n, m, 1.1 * gamma, hope), "again and again"),
        (lambda model, n, m, gamma, hope: np.zeros((m, n + m)), "shape"),
    ],
)
