"""Marks for Canvas and Moodle: their own CSV files, read and filled in.

The formats are those that the platforms' own source reads: `lib/gradebook_importer.rb` and
`lib/gradebook_exporter.rb` of canvas-lms, `mod/assign/feedback/offline` of Moodle.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from wmlib.challenges.classroom.sheets import Filled, Mark, harmless, number, read, word_set, write
from wmlib.challenges.classroom.submissions import Submission

# Canvas: what says who a student is, up to `Section`.
STUDENT_COLUMNS = (
    "Student",
    "LastName",
    "FirstName",
    "ID",
    "SIS User ID",
    "SIS Login ID",
    "Integration ID",
    "Root Account",
    "Section",
)
KEPT = ("EX", "N/A")  # excused; not assigned to this student
# Moodle: cells that are read again by Moodle, or are no text.
EXACT = ("identifier", "grade", "maximum grade", "grade can be changed")
TIMES = (
    "%A, %d %B %Y, %I:%M %p",
    "%A, %d %B %Y, %H:%M",
    "%A, %B %d, %Y, %I:%M %p",
    "%d %B %Y, %I:%M %p",
    "%d %B %Y, %H:%M",
    "%d/%m/%y, %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
)


def canvas(
    marks: Sequence[Mark],
    assignment: str,
    gradebook: bytes | None = None,
    missing: float | None = None,
) -> Filled:
    """A gradebook with one assignment's column, to be given in with *Import* in Canvas's gradebook.

    It holds the columns that say who a student is, this assignment's, and the rows that have a mark:
    what was marked in Canvas since the gradebook was exported stays untouched. Students are found
    by the id in the `ID` column; those without an id by their name, where it is one student's only.

    Args:
        marks: one for each student. assignment: its column's head, its title, or its number.
        gradebook: as exported; without, the ids in the files' names must do.
        missing: marks for students of the gradebook who handed in nothing; None leaves them out.

    Raises:
        ValueError: if the gradebook has no such columns, or the assignment's cannot be written.
    """
    of = max((mark.of for mark in marks), default=0.0)
    if gradebook is None:
        return _minimal(marks, assignment, of)
    rows, separator = read(gradebook, "the gradebook")
    head = [cell.strip() for cell in rows[0]]
    names = [k for k, name in enumerate(head) if name in STUDENT_COLUMNS]
    if "ID" not in head or "Section" not in head or not {"Student", "LastName"} & set(head):
        raise ValueError(
            "the gradebook should have the columns Student, ID and Section, as Canvas exports it "
            f"(in English); it has {', '.join(head[:6])}"
        )
    column, notes = _assignment(head, assignment)
    titled = assignment if column is None else rows[0][column]
    out = [[rows[0][k] for k in names] + [titled]]
    points, students = number(of), []
    for row in rows[1:]:
        row += [""] * (len(head) - len(row))
        if "Points Possible" in row[0]:
            given = points if column is None else row[column].strip()
            if "read only" in given:
                raise ValueError(f"the column {titled!r} cannot be written: Canvas says read only")
            if column is not None and _as_number(given) != of:
                notes.append(f"{titled} has {given} points in Canvas, the challenge {points}")
            out.append([row[k] for k in names] + [given])
        elif row[head.index("ID")].strip():
            students.append(row)  # neither `Manual Posting` nor `Muted`
    by_row = _matched(students, marks, _canvas_keys(head), notes)
    for k, row in enumerate(students):
        mark, there = by_row.get(k), "" if column is None else row[column].strip()
        if there.upper() in KEPT and mark is not None:
            notes.append(f"{mark.name}: {there} in Canvas, left as it is")
        elif mark is not None or (missing is not None and row[0] != "Student, Test"):
            value = mark.points if mark is not None else missing or 0.0
            if there.upper() not in KEPT:
                out.append([_shown(head[c], row[c]) for c in names] + [number(value)])
    return Filled(write(out, separator), notes)


def moodle(marks: Sequence[Mark], worksheet: bytes) -> Filled:
    """A grading worksheet with grades and comments, to be given in with *Upload grading worksheet*.

    Students are found by the number in `Identifier`; those without one by name, where it is one
    student's only. Comments are HTML there: they are escaped, lines become `<br>`.

    Raises:
        ValueError: if the worksheet has no columns Identifier and Grade.
    """
    rows, separator = read(worksheet, "the grading worksheet")
    head = _moodle_head(rows[0])
    notes: list[str] = []
    for column in ("identifier", "grade"):
        if column not in head:
            raise ValueError(
                "the grading worksheet should have the columns Identifier and Grade, as Moodle "
                f"writes it in English; it has {', '.join(rows[0][:6])}"
            )
    students = [row + [""] * (len(head) - len(row)) for row in rows[1:]]
    by_row = _matched(students, marks, _moodle_keys(head), notes)
    out = [rows[0]]
    for k, row in enumerate(students):
        mark = by_row.get(k)
        cells = dict(zip(head, row))
        if mark is not None and cells.get("grade can be changed", "").strip().lower() == "no":
            notes.append(f"{mark.name}: Moodle says that the grade cannot be changed")
        elif mark is not None:
            most = _as_number(cells.get("maximum grade", ""))
            if most is not None and mark.points > most:
                notes.append(
                    f"{mark.name}: {number(mark.points)} is more than Moodle's maximum of "
                    f"{number(most)}: Moodle leaves such a grade out, raise its maximum first"
                )
            row[head.index("grade")] = number(mark.points)
            if "feedback comments" in head and mark.comment:
                row[head.index("feedback comments")] = _as_html(mark.comment)
        out.append([_moodle_cell(name, cell) for name, cell in zip(head, row)])
    return Filled(write(out, separator), notes)


def moodle_times(worksheet: bytes) -> dict[str, datetime]:
    """When each participant handed in, by the worksheet; in this machine's time zone.

    Left out are participants without a time, and times in another language than English.
    """
    rows, _ = read(worksheet, "the grading worksheet")
    head, times = _moodle_head(rows[0]), {}
    if "identifier" not in head or "last modified (submission)" not in head:
        raise ValueError(
            "the grading worksheet should have the columns Identifier and Last modified "
            f"(submission); it has {', '.join(rows[0][:6])}"
        )
    for row in rows[1:]:
        cells = dict(zip(head, row))
        when = _moodle_time(cells.get("last modified (submission)", ""))
        if when is not None and (found := _participant(cells["identifier"])):
            times[found] = when
    return times


def timed(submissions: Iterable[Submission], times: dict[str, datetime]) -> list[Submission]:
    """The submissions, those of Moodle with the times of its worksheet."""
    return [replace(s, when=times.get(s.moodle or "", s.when)) for s in submissions]


def _minimal(marks: Sequence[Mark], assignment: str, of: float) -> Filled:
    out, notes = [["Student", "ID", "Section", assignment]], []
    out.append(["    Points Possible", "", "", number(of)])
    for mark in sorted(marks, key=lambda m: m.student):
        if mark.canvas and mark.canvas[0].isdigit():
            out.append([harmless(mark.name), mark.canvas[0], "", number(mark.points)])
        else:
            notes.append(f"{mark.name}: the file's name has no Canvas id")
    return Filled(write(out), notes)


def _assignment(head: list[str], assignment: str) -> tuple[int | None, list[str]]:
    """Which column is the assignment's."""
    wanted = assignment.strip().lower()
    found = []
    for k, name in enumerate(head):
        told = re.fullmatch(r"(.*)\s\(([0-9]+)\)", name)
        alike = {name.lower(), *(told.groups() if told else ())}
        if name not in STUDENT_COLUMNS and wanted in {a.lower() for a in alike}:
            found.append(k)
    if len(found) > 1:
        columns = ", ".join(head[k] for k in found)
        raise ValueError(
            f"{assignment!r} is the title of several columns: {columns}; give a number"
        )
    if found:
        return found[0], []
    return None, [f"the gradebook has no column {assignment!r}: Canvas will make a new assignment"]


Keys = Callable[[list[str]], tuple[str, set[str]]]


def _canvas_keys(head: list[str]) -> Keys:
    def keys(row: list[str]) -> tuple[str, set[str]]:
        cells = dict(zip(head, row))
        name = cells.get("Student") or f"{cells.get('FirstName', '')} {cells.get('LastName', '')}"
        return cells["ID"].strip(), {
            name,
            cells.get("SIS Login ID", ""),
            cells.get("SIS User ID", ""),
        }

    return keys


def _moodle_keys(head: list[str]) -> Keys:
    def keys(row: list[str]) -> tuple[str, set[str]]:
        cells = dict(zip(head, row))
        mail = cells.get("email address", "")
        names = {cells.get("full name", ""), mail, mail.partition("@")[0]}
        return _participant(cells["identifier"]), names

    return keys


def _matched(
    rows: Sequence[list[str]], marks: Sequence[Mark], keys: Keys, notes: list[str]
) -> dict[int, Mark]:
    """Which mark belongs into which row: by id, else by a name that only one student has."""
    ids, by_name = {}, defaultdict(set)
    for k, row in enumerate(rows):
        number_, names = keys(row)
        ids[number_] = k
        for name in names:
            if words := word_set(name):
                by_name[words].add(k)
    found: dict[int, Mark] = {}
    for mark in marks:
        own = {mark.canvas[0] if mark.canvas else "", mark.moodle or ""} - {""}
        places = {ids[i] for i in own if i in ids}
        if not own:
            places = by_name.get(word_set(mark.name), set())
        if len(places) != 1:
            why = "several students have this name" if places else "not in the platform's file"
            notes.append(f"{mark.name}: {why}, left out")
        elif (place := places.pop()) in found:
            notes.append(f"{mark.name}: the same student as {found[place].name}, left out")
        else:
            found[place] = mark
    return found


def _shown(column: str, cell: str) -> str:
    """Names are for people, since Canvas finds its students by ID; ids stay exact."""
    return harmless(cell) if column in ("Student", "LastName", "FirstName") else cell


def _moodle_head(row: list[str]) -> list[str]:
    return [cell.strip().lower() for cell in row]


def _moodle_cell(column: str, cell: str) -> str:
    exact = column in EXACT or column.startswith("last modified") or cell.strip() == "-"
    return cell if exact else harmless(cell)


def _participant(identifier: str) -> str:
    found = re.search(r"([0-9]+)\s*$", identifier)
    return found[1] if found else ""


def _moodle_time(text: str) -> datetime | None:
    plain = re.sub(r"\s+", " ", text).strip()
    for form in TIMES:
        try:
            return datetime.strptime(plain, form).astimezone()
        except ValueError:
            continue
    return None


def _as_html(comment: str) -> str:
    # In a paragraph it begins with `<`, which no spreadsheet takes for a formula.
    return "<p>" + html.escape(comment, quote=False).replace("\n", "<br>") + "</p>"


def _as_number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None
