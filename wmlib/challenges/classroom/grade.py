"""A folder of submissions becomes marks: examined side by side in jails, each result kept at once.

Beside the table of marks stands a folder of the same name with everything else: `results/`, one
file for each submission, from which an interrupted run goes on; `reports/`; files for the learning
platform; the sheet for what a person marks.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wmlib.challenges import load
from wmlib.challenges.challenge import seed_of
from wmlib.challenges.classroom.pages import waits
from wmlib.challenges.classroom.sheets import harmless, read, write
from wmlib.challenges.classroom.sheets import number as shown
from wmlib.challenges.classroom.submissions import Submission, cells
from wmlib.challenges.examine import Result, examine, unread
from wmlib.challenges.jail import Ended as JailEnded
from wmlib.challenges.jail import Jail, Limits, student_copy
from wmlib.challenges.student import Ended, through
from wmlib.files import write_text
from wmlib.spread import JobFailed, spread

Job = dict[str, Any]
Marks = dict[tuple[str, str, str], tuple[float, str]]  # (student, challenge, part): marks, comment
Progress = Callable[[Iterable, int], Iterable]  # results as they come, and how many there will be
ALONE = "wall clock"  # what may be the fault of the neighbours is tried once more alone


@dataclass(frozen=True)
class Grading:
    """How a class is graded.

    Args:
        key: the instructor's secret; hidden seeds and worlds come from it.
        out: the table of marks; its folder stands beside it.
        jail: "bubblewrap", "docker", "podman", "none", or None to choose.
        scheduler: of a Dask cluster, or None. workers: how many side by side here.
        quick: fewer episodes, for tests. seconds: of processor time for each submission, where that
            is less than its challenge allows.
    """

    key: str
    out: Path
    jail: str | None = None
    scheduler: str | None = None
    workers: int | None = None
    quick: bool = False
    seconds: int | None = None

    @property
    def folder(self) -> Path:
        """Where everything but the table stands."""
        return self.out.with_suffix("")


def examined(job: Job) -> Result:
    """Examine one submission in a jail of its own: what is spread over processes or machines."""
    challenge = load(job["challenge"])
    if job["problem"]:
        return unread(challenge, job["problem"])
    seconds = min(challenge.seconds, job.get("seconds") or challenge.seconds)
    limits = Limits(seconds=seconds, wall=2 * seconds + 40)
    seed = seed_of(job["key"], challenge.name, "questions") % 2**63
    with contextlib.ExitStack() as stack:
        code = Path(job["code"])
        if not code.is_dir():  # on another machine than the one that began
            code = student_copy(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        jail = stack.enter_context(Jail(code, limits, job["jail"]))

        def reading(n: int) -> bytes:
            try:
                return jail.read(n)
            except JailEnded as end:
                raise Ended(said(str(end), limits)) from None

        def sending(data: bytes) -> None:
            try:
                jail.write(data)
            except JailEnded as end:
                raise Ended(said(str(end), limits)) from None

        student = through(sending, reading, seed)
        return examine(challenge, student, job["cells"], job["key"], job["quick"])


def said(why: str, limits: Limits) -> str:
    """Why a process ended, in words for its author."""
    words = {
        "processor time": f"it used up its {limits.seconds:g} seconds of processor time",
        "wall clock": f"it did not answer within {limits.wall:g} seconds by the {ALONE}",
        "memory": f"it used more than {limits.memory >> 20:,} MB of memory",
        "output": f"it printed more than {limits.flood >> 20} MB",
    }
    return words.get(why, f"its process ended by itself ({why})")


def runnable(data: bytes, file: str) -> list[dict]:
    """The cells that the grader runs: code, but for what is only to be looked at (tag `try`).

    Raises:
        ValueError: in words for the student, if it is no notebook.
    """
    return [
        {"source": cell["source"], "index": cell["index"]}
        for cell in cells(data, file)
        if "try" not in cell["tags"]
    ]


def job_of(submission: Submission, name: str, grading: Grading) -> Job:
    """What a worker needs to know of a submission, as plain values."""
    problem, read = submission.problem, []
    if not problem:
        try:
            read = runnable(submission.data or b"", submission.file)
        except ValueError as error:
            problem = str(error)
    return {
        "challenge": name,
        "cells": read,
        "problem": problem,
        "key": grading.key,
        "quick": grading.quick,
        "seconds": grading.seconds,
        "jail": grading.jail,
        "code": "",
    }


def grade(
    submissions: Sequence[Submission],
    grading: Grading,
    again: bool = False,
    progress: Progress = lambda found, total: found,
) -> list[dict]:
    """Grade submissions that know their challenge; results in the order of the submissions.

    Args:
        again: also those that have a result already. progress: shows them as they come.

    Returns:
        for each its result, with `student`, `name` and `file`.
    """
    (grading.folder / "results").mkdir(parents=True, exist_ok=True)
    jobs, waiting, results = [], [], {}
    for number, submission in enumerate(submissions):
        job = job_of(submission, str(submission.challenge), grading)
        place = result_path(submission, job, grading)
        kept = None if again else _kept(place)
        if kept is None:
            jobs.append(job)
            waiting.append((number, place))
        else:
            results[number] = kept

    def run(todo: list[int], workers: int | None, code: str) -> None:
        mine = [jobs[i] | {"code": code} for i in todo]
        scheduler = None if workers == 1 else grading.scheduler
        found = spread(examined, mine, scheduler, workers, failed=functools.partial(_failed, mine))
        for i, result in progress(found, len(todo)) if todo else ():
            number, place = waiting[todo[i]]
            who = submissions[number]
            results[number] = result | {"student": who.student, "name": who.name, "file": who.file}
            write_text(place, json.dumps(results[number], indent=1) + "\n")

    with tempfile.TemporaryDirectory(prefix="wmlib-student-") as folder:
        code = str(student_copy(Path(folder)))
        run(list(range(len(jobs))), grading.workers, code)
        late = [i for i, (n, _) in enumerate(waiting) if ALONE in " ".join(results[n]["notes"])]
        run(late, 1, code)
    return [results[number] for number in range(len(submissions))]


def _failed(jobs: list[Job], index: int, error: JobFailed) -> Result:
    """What stands for a submission on which the grader itself stumbled: for the instructor."""
    result = unread(
        load(jobs[index]["challenge"]), "the grader failed: your instructor looks at it"
    )
    print(f"{jobs[index]['challenge']}: {error}\n{error.trace}", file=sys.stderr)
    return result | {"verdict": "grader"}


def result_path(submission: Submission, job: Job, grading: Grading) -> Path:
    """Where a result is kept: named by student and challenge, and by all that it depends on."""
    told = json.dumps([job, submission.file, submission.student], sort_keys=True)
    mark = hashlib.sha256(told.encode()).hexdigest()[:12]
    plain = re.sub(r"[^a-z0-9]+", "-", submission.student.lower())[:40].strip("-") or "student"
    return grading.folder / "results" / f"{plain}--{job['challenge']}--{mark}.json"


def _kept(place: Path) -> dict | None:
    """A result of an earlier run; none where the grader itself had stumbled."""
    try:
        result = json.loads(place.read_text(encoding="utf8"))
    except (OSError, ValueError):
        return None
    return None if result["verdict"] == "grader" else result


def with_manual(results: Sequence[dict], marks: Marks) -> None:
    """Put in what a person marked."""
    for result in results:
        for part in result["parts"]:
            given = marks.get((result["student"], result["challenge"], part["name"]))
            if part["text"] is not None and given is not None:
                part["got"], part["found"] = given[0], given[1] or "marked by your instructor"
                result["bonus" if part["bonus"] else "marks"] += given[0]
                part["manual"] = False


COLUMNS = [
    "student",
    "name",
    "challenge",
    "marks",
    "of",
    "bonus",
    "late_days",
    "waiting",
    "verdict",
    "file",
]


def table(results: Sequence[dict]) -> str:
    """The marks as CSV, one line for each student and challenge, in order."""
    rows: list[Sequence[str]] = [COLUMNS]
    for result in sorted(results, key=lambda r: (r["student"], r["challenge"], r["file"])):
        waiting = sum(part["points"] for part in result["parts"] if waits(part))
        row = result | {"waiting": waiting, "late_days": result.get("late_days", 0)}
        cells_ = (shown(v) if isinstance(v := row[name], float) else str(v) for name in COLUMNS)
        rows.append([harmless(cell) for cell in cells_])
    return write(rows)


SHEET = ["student", "challenge", "part", "points", "asked", "answer", "marks", "comment"]


def manual_sheet(results: Sequence[dict], marks: Marks) -> str:
    """What a person marks, as CSV: `marks` and `comment` are to be filled in, or were already."""
    rows = []
    for result in sorted(results, key=lambda r: (r["challenge"], r["student"])):
        for part in result["parts"]:
            if part["text"] is not None:
                key = (result["student"], result["challenge"], part["name"])
                given = marks.get(key)
                filled = ["", ""] if given is None else [shown(given[0]), given[1]]
                told = [*key, shown(part["points"]), part["asked"], part["text"], *filled]
                rows.append([harmless(cell.replace("\r", " ")) for cell in told])
    return write([SHEET, *rows]) if rows else ""


def read_manual(data: bytes) -> Marks:
    """What a person marked, in a CSV file with commas, semicolons or tabs.

    Raises:
        ValueError: if a column is missing, or a mark is no number or more than the part is worth;
            names the row.
    """
    rows, _ = read(data, "the sheet of marks")
    if [cell.strip() for cell in rows[0]] != SHEET:
        raise ValueError(f"the sheet should have the columns {','.join(SHEET)}, got {rows[0]}")
    marks: Marks = {}
    for line, cells_ in enumerate(rows[1:], 2):
        row = dict(zip(SHEET, [*cells_, *[""] * len(SHEET)]))
        given = row["marks"].strip()
        if not given:
            continue
        try:
            value = float(given.replace(",", "."))
        except ValueError:
            raise ValueError(f"row {line}: marks should be a number, got {given!r}") from None
        if not 0 <= value <= float(row["points"].replace(",", ".")):
            raise ValueError(f"row {line}: marks should be 0 to {row['points']}, got {given}")
        key = (row["student"].removeprefix("'"), row["challenge"], row["part"])
        marks[key] = value, row["comment"]
    return marks
