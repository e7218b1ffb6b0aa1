"""What rows compute from the figures of an experiment's seeds."""

from statistics import median

WORDS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def count(rows, holds) -> int:
    """In how many seeds it is so."""
    return sum(map(holds, rows))


def in_words(rows, holds) -> str:
    """The same, as a word."""
    return WORDS[count(rows, holds)]


def mid(rows, key) -> float:
    """The median over seeds of `key(figures)`, or of the figure with that name."""
    return median(key(f) if callable(key) else f[key] for f in rows)


def ends(values) -> tuple[float, float]:
    """The smallest and the largest."""
    values = sorted(values)
    return values[0], values[-1]
