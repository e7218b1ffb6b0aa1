"""From what a class handed in to everything that an instructor needs: marks, reports, platform files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wmlib.challenges import load, names, source, source_of
from wmlib.challenges.classroom import feedback, late, lms, report
from wmlib.challenges.classroom.grade import (
    Grading,
    Progress,
    grade,
    manual_sheet,
    read_manual,
    table,
    with_manual,
)
from wmlib.challenges.classroom.sheets import Mark
from wmlib.challenges.classroom.similar import similar
from wmlib.challenges.classroom.submissions import Submission, counting, find
from wmlib.files import write_bytes, write_text


class Classroom:
    """A folder or zip of submissions.

    Args:
        path: the folder or zip. challenge: of those that do not say theirs. deadlines: a CSV file.
    """

    def __init__(self, path: Path, challenge: str | None = None, deadlines: str | None = None):
        self.found = find(path, challenge)
        self.until = late.deadlines(Path(deadlines).read_bytes(), names()) if deadlines else {}

    def told(self) -> str:
        """What was found, in a line."""
        students = len({s.student for s in self.found})
        unread = sum(s.problem is not None for s in self.found)
        return f"{len(self.found)} submissions of {students} students; {unread} cannot be read"

    def grade(
        self,
        grading: Grading,
        manual: str | None = None,
        student: str | None = None,
        again: bool = False,
        canvas: str | None = None,
        moodle: str | None = None,
        progress: Progress = lambda found, total: found,
    ) -> list[str]:
        """Grade, and write the table, the reports and the files for the platform.

        Args:
            manual: the sheet that a person filled in. student: this one alone is graded again; the
                others keep their results. again: everybody is. canvas, moodle: the platform's own
                file, to be filled in.

        Returns:
            what was written, and what the instructor should know: lines to print.
        """
        submissions = counting(self.found)
        if moodle:
            submissions = lms.timed(submissions, lms.moodle_times(Path(moodle).read_bytes()))
        told = [s for s in submissions if s.challenge in names()]
        if student is not None and not any(student in (s.student, s.name) for s in told):
            raise ValueError(
                f"no submission is of {student!r}: there are {', '.join(s.student for s in told[:9])}"
            )
        one = [s for s in told if student in (s.student, s.name)]
        if one:
            grade(one, grading, again=True, progress=progress)
        results = grade(told, grading, again, progress)
        # Marks once given are kept: the sheet of the last run is read again, whoever fills it in.
        sheet = Path(manual) if manual else grading.folder / "manual.csv"
        marks = read_manual(sheet.read_bytes()) if manual or sheet.exists() else {}
        with_manual(results, marks)
        for submission, result in zip(told, results):
            result["late_days"] = late.late_days(submission, self.until)
        return self._write(grading, told, results, marks, canvas, moodle)

    def _write(self, grading, told, results, marks, canvas, moodle):
        titles = {name: load(name).title for name in names()}
        folder, lines = grading.folder, []
        (folder / "reports").mkdir(parents=True, exist_ok=True)
        by_student: dict[str, list[dict]] = {}
        for result in results:
            by_student.setdefault(result["student"], []).append(result)
        pages = {who: report.student_page(rows, titles) for who, rows in by_student.items()}
        for who, page in pages.items():
            write_text(folder / "reports" / report.file_name(who), page)
        pairs = similar(told, {name: starter_code(name) for name in {s.challenge for s in told}})
        write_text(folder / "reports" / "similar.html", report.pairs_page(pairs, titles))
        page = report.class_page(
            results,
            self.found,
            titles,
            missing(told),
            pairs=len(pairs),
            similar_page="similar.html",
        )
        write_text(folder / "reports" / "class.html", page)
        if sheet := manual_sheet(results, marks):
            write_text(folder / "manual.csv", sheet)
            lines.append(
                f"to be marked by you: {folder / 'manual.csv'}; then the same command again"
            )
        there = {(r["student"], r["challenge"], p["name"]) for r in results for p in r["parts"]}
        lines += [
            f"no answer for the marks of {' '.join(key)}" for key in marks if key not in there
        ]
        lines += self._platforms(folder, told, results, pages, canvas, moodle)
        write_text(grading.out, table(results))
        failed = [r for r in results if r["verdict"] == "grader"]
        lines += [f"the grader failed on {r['file']} of {r['name']}: see above" for r in failed]
        return [f"marks: {grading.out}", f"reports: {folder / 'reports' / 'class.html'}", *lines]

    def _platforms(self, folder, told, results, pages, canvas, moodle):
        """Files for Canvas and Moodle, one for each challenge, where the names tell of them."""
        lines = []
        for name in sorted({s.challenge for s in told}):
            rows = [(s, r) for s, r in zip(told, results) if s.challenge == name]
            marks = [_mark(s, r) for s, r in rows]
            own = [(s, pages[s.student]) for s, _ in rows]
            if any(s.canvas for s, _ in rows):
                given = Path(canvas).read_bytes() if canvas else None
                filled = lms.canvas(marks, load(name).title, given)
                write_text(folder / f"canvas_{name}.csv", filled.text)
                packed = feedback.canvas(own)
                write_bytes(folder / f"canvas_{name}_feedback.zip", packed.data)
                lines += [f"for Canvas: {folder / f'canvas_{name}.csv'}", *filled.notes]
            if moodle and any(s.moodle for s, _ in rows):
                filled = lms.moodle(marks, Path(moodle).read_bytes())
                write_text(folder / f"moodle_{name}.csv", filled.text)
                lines += [f"for Moodle: {folder / f'moodle_{name}.csv'}", *filled.notes]
            if any(s.moodle for s, _ in rows):
                write_bytes(folder / f"moodle_{name}_feedback.zip", feedback.moodle(own).data)
        return lines


def _mark(submission: Submission, result: dict) -> Mark:
    wrong = [f"{p['name']}: {p['found']}" for p in result["parts"] if p["got"] < p["points"]]
    return Mark(
        student=submission.student,
        name=submission.name,
        points=result["marks"] + result["bonus"],
        of=result["of"],
        canvas=submission.canvas,
        moodle=submission.moodle,
        comment="\n".join(wrong) or "All right.",
    )


def missing(told: Sequence[Submission]) -> dict[str, list[str]]:
    """For each challenge, who handed in another one but not this."""
    everybody = {s.student: s.name for s in told}
    found = {}
    for name in sorted({str(s.challenge) for s in told}):
        there = {s.student for s in told if s.challenge == name}
        found[name] = sorted(shown for who, shown in everybody.items() if who not in there)
    return found


def starter_code(name: str) -> str:
    """The code of a challenge's starter, which everybody has."""
    starter = source.starter(source.read(source_of(name)), load(name))
    return "\n".join(c["source"] for c in starter["cells"] if c["cell_type"] == "code")
