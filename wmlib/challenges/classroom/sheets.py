"""CSV files as learning platforms write them, and numbers and texts as they go back in.

A cell that begins with `=`, `+`, `-` or `@` is a formula to a spreadsheet, and names and comments
come from students: such a text gets an apostrophe in front. Ids stay exactly as they were, or the
platform would no longer find its students; a student cannot choose those.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

FORMULA = tuple("=+-@\t\r\n＝＋－＠")


class Filled(NamedTuple):
    """A file for the platform, and what the instructor should know before giving it in."""

    text: str
    notes: list[str]


class Mark(NamedTuple):
    """What one student reached in one challenge; the ids as far as file names told them.

    `points` is what goes into the platform's column; `of` what the challenge is worth.
    """

    student: str
    name: str
    points: float
    of: float
    canvas: tuple[str, str] | None = None
    moodle: str | None = None
    comment: str = ""


def read(data: bytes, what: str) -> tuple[list[list[str]], str]:
    """The rows of a CSV file, and what separates its cells: a comma, a semicolon or a tab.

    Raises:
        ValueError: if it is no text or has no rows; `what` names it.
    """
    try:
        text = data.decode("utf16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise ValueError(f"{what} is no CSV file: {error}") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise ValueError(f"{what} is empty")
    return rows, separator


def write(rows: Iterable[Sequence[str]], separator: str = ",") -> str:
    """Rows as CSV, with the same line ends on every machine."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe in front where it might."""
    return "'" + text if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def number(value: float) -> str:
    """Points as the platforms show them: at most two decimals, a point, no zeros behind."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def word_set(name: str) -> frozenset[str]:
    """A name without its order, case and marks: `Doe, Jane` is Jane Doe."""
    letters = "".join(c if c.isalnum() else " " for c in name.lower())
    return frozenset(letters.split())
