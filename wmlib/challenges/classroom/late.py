"""Deadlines, and how many days late a submission is.

A deadline file is a CSV table with the columns `challenge,deadline`. A deadline is ISO 8601:
`2027-01-15T18:00`, in this machine's time zone; `2027-01-15T18:00+01:00` in one of its own;
`2027-01-15`, until the end of that day.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from wmlib.challenges.classroom.sheets import read
from wmlib.challenges.classroom.submissions import Submission

DAY = timedelta(days=1)


def deadlines(data: bytes, challenges: Sequence[str] = ()) -> dict[str, datetime]:
    """The deadlines in a file, with time zones.

    Args:
        challenges: the names there are; `day01` stands for the one that begins so.

    Raises:
        ValueError: names the line, what was given and what was wanted.
    """
    rows, _ = read(data, "the deadline file")
    head = [cell.strip().lower() for cell in rows[0]]
    if head[:2] != ["challenge", "deadline"]:
        raise ValueError(f"the deadline file should begin with challenge,deadline, got {rows[0]}")
    found: dict[str, datetime] = {}
    for line, row in enumerate(rows[1:], 2):
        given, text = (cell.strip() for cell in [*row, "", ""][:2])
        known = [name for name in challenges if name == given or name.startswith(f"{given}_")]
        if challenges and not (given and known):
            raise ValueError(f"the deadline file, row {line}: there is no challenge {given!r}")
        name = known[0] if known else given
        if name in found:
            raise ValueError(f"the deadline file, row {line}: a second deadline for {name}")
        found[name] = _moment(text, line)
    return found


def late_days(submission: Submission, until: Mapping[str, datetime]) -> int:
    """How many days late, begun ones counted whole; 0 where there is no deadline.

    Where nothing tells when it was handed in, and Canvas says that it was late, it is one day.
    """
    deadline = until.get(submission.challenge or "")
    late = 0
    if deadline is not None and submission.when is not None and submission.when > deadline:
        late = math.ceil((submission.when - deadline) / DAY)
    return max(late, int(submission.late))


def _moment(text: str, line: int) -> datetime:
    try:
        when = datetime.fromisoformat(text)
        if len(text) <= 10:  # a day alone
            when += DAY - timedelta(microseconds=1)
        return when if when.tzinfo else when.astimezone()
    except (ValueError, OverflowError):
        raise ValueError(
            f"the deadline file, row {line}: a deadline is written like 2027-01-15T18:00, got {text!r}"
        ) from None
