"""Submissions that are nearly the same, for an instructor to look at and to judge.

Code is compared without comments, layout, names, numbers and texts: what is left is a row of tokens,
of which every piece of eight is looked at (the fingerprints of Schleimer, Wilkerson & Aiken,
*Winnowing*, 2003, all of them kept: the programs are short). Pieces that stand in the starter count
for nobody. What is alike need not be copied: a short task has few solutions.

`copydetect` does the same for whole folders of files. It is not used here: its last release is of
March 2024, it reads files from disk where these are in memory, and its report cannot be made again
byte for byte. What is needed of it are the thirty lines below.
"""

from __future__ import annotations

import itertools
import keyword
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from wmlib.challenges.classroom.cells import cells
from wmlib.challenges.classroom.submissions import Submission

PIECE = 8  # tokens
FEWEST = 12  # pieces of a student's own; with fewer everything looks alike
MOST_TOKENS = 20_000
MOST_LINES = 400  # of each that are shown side by side
# A text that is never closed ends with its line or with the code: so each character is read once.
_TOKEN = re.compile(
    r"(?P<comment>#[^\n]*)"
    r"|(?P<text>[rRbBuUfF]{0,2}(?:"
    r"\"\"\"(?:[^\\\"]|\\.|\"(?!\"\"))*(?:\"\"\"|\Z|\\\Z)|'''(?:[^\\']|\\.|'(?!''))*(?:'''|\Z|\\\Z)"
    r"|\"(?:[^\"\\\n]|\\.)*(?:\"|(?=\n)|\Z|\\\Z)|'(?:[^'\\\n]|\\.)*(?:'|(?=\n)|\Z|\\\Z)))"
    r"|(?P<number>\d[\w.]*)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|//|->|:=|[-+*/%@&|^<>=!]=|[^\s\w])",
    re.S,
)


class Pair(NamedTuple):
    """Two submissions, and which share of their pieces they have in common (0 to 1)."""

    first: Submission
    second: Submission
    similarity: float


class Line(NamedTuple):
    """A line of each side; `alike` is "same", "same but for names", or "" where they differ."""

    left: str
    right: str
    alike: str


def similar(
    submissions: Sequence[Submission],
    starters: Mapping[str, str],
    at_least: float = 0.8,
    most: int = 100,
) -> list[Pair]:
    """Pairs of different students whose answers to one challenge are nearly the same.

    Args:
        starters: the code of each challenge's starter.
        at_least: the share of pieces in common (Dice's coefficient) from which a pair is listed.
        most: so many pairs, the most similar first.
    """
    by_challenge = defaultdict(list)
    for s in submissions:
        if s.data is not None and s.superseded_by is None:
            mine = pieces(code(s)) - pieces(starters.get(s.challenge or "", ""))
            if len(mine) >= FEWEST:
                by_challenge[s.challenge].append((s, mine))
    found = []
    for group in by_challenge.values():
        for (a, mine), (b, theirs) in itertools.combinations(group, 2):
            share = 2 * len(mine & theirs) / (len(mine) + len(theirs))
            if a.student != b.student and share >= at_least:
                first, second = sorted((a, b), key=lambda s: s.student)
                found.append(Pair(first, second, share))
    found.sort(key=lambda p: (-p.similarity, p.first.student, p.second.student, p.first.path))
    return found[:most]


def code(submission: Submission) -> str:
    """The code of a submission as one text; empty, if it cannot be read."""
    try:
        read = cells(submission.data or b"", submission.file)
    except ValueError:
        return ""
    return "\n\n".join(cell["source"].strip("\n") for cell in read if cell["source"].strip())


def tokens(source: str) -> list[str]:
    """Code without comments, layout and names: keywords and signs, and one token for each other kind."""
    found = []
    for match in _TOKEN.finditer(source):
        kind, text = match.lastgroup, match.group()
        if kind == "name":
            found.append(text if keyword.iskeyword(text) else "n")
        elif kind != "comment":
            found.append({"text": "s", "number": "0"}.get(str(kind), text))
        if len(found) == MOST_TOKENS:
            break
    return found


def pieces(source: str) -> set[tuple[str, ...]]:
    """All pieces of eight tokens that stand in a code."""
    row = tokens(source)
    return {tuple(row[i : i + PIECE]) for i in range(len(row) - PIECE + 1)}


def side_by_side(left: str, right: str) -> list[Line]:
    """The lines of two codes beside each other, what matches in one row."""
    a, b = (text.splitlines()[:MOST_LINES] for text in (left, right))
    rows = []
    keys_a, keys_b = [_key(line) for line in a], [_key(line) for line in b]
    match = SequenceMatcher(None, keys_a, keys_b, autojunk=False)
    for kind, a1, a2, b1, b2 in match.get_opcodes():
        for one, other in itertools.zip_longest(a[a1:a2], b[b1:b2], fillvalue=""):
            same = "same" if one.split() == other.split() else "same but for names"
            rows.append(Line(one, other, same if kind == "equal" else ""))
    return rows


def _key(line: str) -> str:
    return " ".join(tokens(line))
