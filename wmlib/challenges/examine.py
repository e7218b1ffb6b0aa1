"""One submission and one challenge give one result: marks, and what was found in each part."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

from wmlib.challenges.challenge import Challenge, Exam, Part, mistake
from wmlib.challenges.student import Ended, Student
from wmlib.exercise import Mistake

Result = dict[str, Any]


def examine(
    challenge: Challenge, student: Student, cells: Sequence[dict], key: str, quick: bool = False
) -> Result:
    """Run a submission's cells and examine every part.

    Args:
        challenge: which. student: who answers; nothing has run yet. cells: of the submission.
        key: the instructor's; hidden seeds and worlds come from it. quick: fewer episodes.

    Returns:
        the marks and findings as plain values, without who and when.
    """
    exam, notes, ended = Exam(student, key, challenge.name, quick), [], ""
    try:
        stopped = student.run(cells)
        if not isinstance(stopped, dict) and stopped is not None:
            raise Mistake("it sends the examiner messages of its own: leave the pipe alone")
        if stopped is not None:
            stopped = {key: str(stopped.get(key, ""))[:600] for key in ("cell", "error")}
            notes.append(
                f"Cell {stopped['cell']} stops with {stopped['error']}. The cells after it were "
                "not run."
            )
        student.withhold(challenge.without)
    except (Ended, Mistake) as end:
        ended = str(end)
    parts = []
    for part in challenge.parts:
        found = None
        if not ended:
            try:
                found = _found(part, exam, hidden(challenge.name).get(part.name))
            except Ended as end:
                ended = str(end)
        parts.append(_row(part, f"not examined: {ended}" if ended else found, exam, bool(ended)))
    if ended:
        notes.append(f"The examination ended early: {ended}.")
    marked = [row for row in parts if not row["manual"]]
    return {
        "challenge": challenge.name,
        "marks": sum(row["got"] for row in marked if not row["bonus"]),
        "of": sum(row["points"] for row in parts if not row["bonus"]),
        "bonus": sum(row["got"] for row in marked if row["bonus"]),
        "bonus_of": challenge.bonus,
        "parts": parts,
        "notes": notes,
        "verdict": "limit" if ended else "crashed" if notes else "graded",
    }


def unread(challenge: Challenge, problem: str) -> Result:
    """The result of a submission that could not even be opened."""
    return {
        "challenge": challenge.name,
        "marks": 0.0,
        "of": challenge.points,
        "bonus": 0.0,
        "bonus_of": challenge.bonus,
        "parts": [_row(part, problem, None, True) for part in challenge.parts],
        "notes": [problem],
        "verdict": "unreadable",
    }


def hidden(name: str) -> dict[str, Callable[[Exam], str | None]]:
    """The instructor's own examinations of a challenge, part by part; none in a student's wheel."""
    where = f"wmlib.challenges.{name}.instructor.hidden"
    try:
        return importlib.import_module(where).hidden
    except ModuleNotFoundError as error:
        if error.name and where.startswith(error.name):
            return {}
        raise


def _found(part: Part, exam: Exam, also: Callable[[Exam], str | None] | None) -> str | None:
    found = mistake(part, exam)
    if found is None and also is not None:
        found = mistake(part, exam, also)
    return found


def _row(part: Part, found: str | None, exam: Exam | None, ended: bool) -> dict:
    text = None
    if part.manual and not ended and found is None and exam is not None:
        text = exam.texts[part.name]
    return {
        "name": part.name,
        "asked": part.asked,
        "points": part.points,
        "got": part.points if found is None and not part.manual else 0.0,
        "bonus": part.bonus,
        "found": ("to be marked by a person" if part.manual else "right")
        if found is None
        else found,
        "manual": part.manual,
        "text": text,
    }
