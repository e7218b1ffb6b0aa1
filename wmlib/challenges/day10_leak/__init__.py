"""Day 10: three leaks from the test set into the training, to be repaired."""

from __future__ import annotations

from typing import Any

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import Mistake, numbers


def log_of(rng: np.random.Generator, episodes: int) -> np.ndarray:
    """The episode of each row of a log, `(N,)`: arbitrary numbers, uneven lengths, rows shuffled."""
    names = rng.choice(np.arange(1000, 9000), episodes, replace=False)
    return rng.permutation(np.repeat(names, rng.integers(3, 30, episodes)))


def _rows(given: Any, which: str, episode: np.ndarray) -> np.ndarray:
    if isinstance(given, np.ndarray) and given.dtype.kind == "b":
        raise Mistake(f"the {which} rows are a mask of bools: give row numbers (np.flatnonzero)")
    rows = numbers(given, (None,), f"the {which} rows of split")
    if len(rows) and np.isin(rows, episode).all():
        raise Mistake(f"the {which} rows are numbers of episodes: give the numbers of their rows")
    if (rows != np.round(rows)).any() or (
        len(rows) and (rows.min() < 0 or rows.max() >= len(episode))
    ):
        raise Mistake(f"the {which} rows should be whole numbers from 0 to N - 1")
    return rows.astype(int)


def _split(
    exam: Exam, episode: np.ndarray, share: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    said = exam.student.call("split", episode, share, seed)
    if not isinstance(said, (tuple, list)) or len(said) != 2:
        raise Mistake("split should return two arrays of row numbers: train, test")
    return _rows(said[0], "training", episode), _rows(said[1], "test", episode)


def split(exam: Exam) -> str | None:
    """Whole episodes, drawn anew by each seed."""
    rng = exam.rng("split")
    for episodes, share in ((10, 0.2), (7, 0.3), (5, 0.05), (25, 0.4), (4, 0.95)):
        episode, seed = log_of(rng, episodes), int(rng.integers(10**6))
        train, test = _split(exam, episode, share, seed)
        if len(np.intersect1d(train, test)):
            return "some rows are in the training set and in the test set"
        if len(np.union1d(train, test)) < len(episode):
            return "some rows are in neither set: every row belongs to one of them"
        if len(train) + len(test) > len(episode):
            return "some rows occur twice in a set: draw without replacement"
        both = np.intersect1d(episode[train], episode[test])
        if len(both):
            return (
                f"{len(both)} of {episodes} episodes have rows in both sets: of a test row, its "
                "neighbour is in the training set, nearly a copy. Draw episodes, not rows"
            )
        wanted = min(max(round(share * episodes), 1), episodes - 1)
        if len(np.unique(episode[test])) != wanted:
            return (
                f"of {episodes} episodes and a share of {share:g} it tests on "
                f"{len(np.unique(episode[test]))}: wanted the share of the *episodes*, rounded, at "
                "least one, and one at least left to train on"
            )
        again = _split(exam, episode, share, seed)
        if set(again[1]) != set(test):
            return "the same seed should give the same split: draw with np.random.default_rng(seed)"
    episode = log_of(rng, 6)
    drawn = [
        set(episode[_split(exam, episode, 0.34, int(s))[1]]) for s in rng.integers(10**6, size=40)
    ]
    if all(each == drawn[0] for each in drawn):
        return "every seed gives the same split: draw the test episodes with the seed"
    if set.union(*drawn) != set(episode):
        return "some episodes are never tested on, whatever the seed: each should be as likely"
    return None


def _normalised(exam: Exam, train: Any, test: Any) -> tuple[np.ndarray, np.ndarray]:
    train, test = np.asarray(train, float), np.asarray(test, float)
    said = exam.student.call("normalise", train, test)
    if not isinstance(said, (tuple, list)) or len(said) != 2:
        raise Mistake("normalise should return two arrays: train, test")
    return (
        numbers(said[0], train.shape, "the training rows of normalise"),
        numbers(said[1], test.shape, "the test rows of normalise"),
    )


def statistics(exam: Exam) -> str | None:
    """The training rows do not move when the test rows do; nor does a test row when others do."""
    rng = exam.rng("statistics")
    n, m, d = int(rng.integers(8, 20)), int(rng.integers(4, 9)), int(rng.integers(2, 5))
    train, test = rng.normal(3, 2, (n, d)), rng.normal(5, 4, (m, d))
    other = test.copy()
    other[1:] = rng.normal(-20, 9, (m - 1, d))
    one, two = _normalised(exam, train, test), _normalised(exam, train, other)
    if not np.allclose(one[0], two[0]):
        return (
            "the training rows come out differently when only the test rows change: mean and "
            "deviation are taken from all rows, and so the training knows of the test"
        )
    if not np.allclose(one[1][0], two[1][0]):
        return (
            "a test row comes out differently when the other test rows change: the model must see "
            "it in the units of the *training* rows, not in the test rows' own"
        )
    if not np.allclose(one[0].mean(0), 0, atol=1e-6):
        return "the training rows should have a mean of 0 in each feature: subtract it"
    scale = one[0].std(0)
    if not (np.allclose(scale, 1, atol=1e-3) or np.allclose(scale, np.sqrt(1 - 1 / n), atol=1e-3)):
        return "the training rows should have a deviation of 1 in each feature: divide by it"
    if not np.allclose(_normalised(exam, train, train[:m])[1], one[0][:m]):
        return "a row should come out the same in the training set and in the test set"
    train[:, -1], test[:, -1] = 0.1, [0.1, *rng.uniform(0, 9, m - 1)]
    said = exam.student.call("normalise", train, test)
    if not isinstance(said, (tuple, list)) or not all(
        np.isfinite(np.asarray(x, float)).all() for x in said
    ):
        return "a feature that never varies in the training rows gives NaN or infinity: divide by 1"
    if not np.allclose(np.asarray(said[1], float)[:, -1], test[:, -1] - 0.1, atol=1e-3):
        return (
            "a feature that never varies in the training rows (deviation below 1e-8; rounding leaves "
            "1e-17): subtract its mean and divide by 1"
        )
    return None


def report(exam: Exam) -> str | None:
    """Chosen on the validation set, reported on the test set."""
    rng = exam.rng("report")
    for _ in range(5):
        models = int(rng.integers(4, 20))
        validation, test = rng.uniform(0.5, 1, models), rng.uniform(0.5, 1, models)
        best, lucky = rng.choice(models, 2, replace=False)
        validation[best], test[lucky] = 0.4, 0.3
        said = exam.student.call("report", validation, test)
        if not isinstance(said, (tuple, list, np.ndarray)) or len(said) != 2:
            return "report should return two numbers: which model, and its error"
        chosen, error = (float(numbers(x, (), "what report returns")) for x in said)
        if chosen == lucky:
            return (
                "it chooses the model by its test error. The smallest of many errors is small by luck "
                "too: choose on the validation set, and keep the test set for one look"
            )
        if chosen != best:
            return "it does not choose the model with the smallest validation error, counted from 0"
        if np.isclose(error, validation[best]):
            return (
                "it reports the validation error. That model was chosen *because* this number is "
                "small: report its test error"
            )
        if not np.isclose(error, test[best]):
            return "the error it reports is not the chosen model's test error"
    return None


challenge = Challenge(
    name="day10_leak",
    title="Three leaks",
    chapter="03",
    minutes=15,
    kind="repair",
    seconds=60,
    parts=[
        Part("split", 2, "Split by episode, not by row.", split),
        Part("statistics", 2, "Take statistics from the training rows alone.", statistics),
        Part("report", 1, "Choose on one set, report on another.", report),
    ],
    hints=[
        "Ask of every number that the training uses: would it be another one if I changed a test row?",
        "np.unique(episode) are the episodes; draw some of them, and np.isin(episode, drawn) says "
        "which rows are theirs. In normalise, only `train` may have .mean and .std.",
        "rng.permutation(np.unique(episode))[:k] are k episodes for the test, with "
        "k = min(max(round(share * n), 1), n - 1). np.where(std < 1e-8, 1.0, std) never divides by 0. "
        "In report, np.argmin is asked of one array and its index is used in the other.",
    ],
)
