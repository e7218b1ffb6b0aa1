"""Pages in HTML: one for each student, one for the class, one for submissions that look alike.

They show of a result only what is named here, so that nothing hidden can come along; what a student
wrote is escaped and cut. No time of day and no duration stands in them: graded again, a page is the
same to the byte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wmlib.challenges.classroom import similar
from wmlib.challenges.classroom.class_report import class_page
from wmlib.challenges.classroom.pages import (
    SENTENCE,
    Result,
    Titles,
    cut,
    file_name,
    render,
    title_of,
    waits,
)
from wmlib.challenges.classroom.sheets import number

__all__ = ["class_page", "file_name", "pairs_page", "student_page"]

TEXT, NOTES, LINE = 4000, 20, 240  # characters; notes; characters of a line of code


def student_page(results: Sequence[Result], titles: Titles | None = None) -> str:
    """The page of one student: for each challenge what was asked, found, and reached.

    Args:
        results: of this student, each with `name`, and `late_days` and `file` if known.
        titles: of the challenges.
    """
    name = cut(results[0].get("name") or results[0].get("student"), 120) if results else "Nobody"
    rows = [_student_row(r, titles or {}) for r in sorted(results, key=lambda r: r["challenge"])]
    return render("student", title=name, name=name, results=rows)


def pairs_page(pairs: Sequence[similar.Pair], titles: Titles | None = None) -> str:
    """The page that shows submissions that look alike side by side, for an instructor to judge."""
    classes = {"same": "same", "same but for names": "named", "": ""}
    shown = []
    for first, second, share in pairs:
        rows = similar.side_by_side(similar.code(first), similar.code(second))
        shown.append(
            {
                "first": cut(first.name, 120),
                "second": cut(second.name, 120),
                "first_file": cut(first.file, 120),
                "second_file": cut(second.file, 120),
                "challenge": title_of(str(first.challenge), titles or {}),
                "percent": round(100 * share),
                "rows": [
                    {"left": cut(left, LINE), "right": cut(right, LINE), "alike": classes[alike]}
                    for left, right, alike in rows
                ],
            }
        )
    return render("similar", title="Nearly identical submissions", pairs=shown, wide=True)


def _student_row(result: Result, titles: Titles) -> dict[str, Any]:
    parts = [_part(part, result["verdict"] == "unreadable") for part in result["parts"]]
    waiting = sum(p["points"] for p in result["parts"] if waits(p))
    return {
        "title": title_of(result["challenge"], titles),
        "marks": number(result["marks"]),
        "of": number(result["of"]),
        "bonus": number(result["bonus"]),
        "bonus_of": number(result["bonus_of"]) if result["bonus_of"] else "",
        "waiting": number(waiting) if waiting else "",
        "late": int(result.get("late_days") or 0),
        "file": cut(result.get("file"), 120),
        "notes": [cut(note, SENTENCE) for note in list(result["notes"])[:NOTES]],
        "parts": parts,
    }


def _part(part: Mapping[str, Any], unreadable: bool) -> dict[str, Any]:
    """What is shown of a part, and nothing else."""
    found, by_hand = cut(part["found"], SENTENCE), part.get("text") is not None
    full = part["got"] >= part["points"]
    if waits(part):
        state, said, found = "open", "to be marked", ""
    elif unreadable or found.startswith("not examined"):
        # The reason stands above, among the notes about the run.
        state, said, found = "open", "not examined", ""
    elif full:
        state, said = "right", "right"
        found = found if by_hand else ""
    else:
        state, said = ("open", "partly right") if part["got"] > 0 else ("wrong", "not yet")
    return {
        "name": cut(part["name"], 120),
        "asked": cut(part["asked"], SENTENCE),
        "points": number(part["points"]),
        "got": number(part["got"]),
        "bonus": bool(part["bonus"]),
        "state": state,
        "said": said,
        "found": found,
        "text": cut(part.get("text"), TEXT),
    }
