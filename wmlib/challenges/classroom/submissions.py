"""What was handed in: each student's notebooks and scripts, in a folder or a zip, and whose they are.

Reads what Canvas and Moodle hand out, folders of one student each, and plain files named after
their students. What cannot be read is a submission all the same, with the problem in words: nothing
is lost, and nothing that a student wrote is run or written to disk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from wmlib.challenges import names
from wmlib.challenges.classroom import archives
from wmlib.challenges.classroom.archives import Entry
from wmlib.challenges.classroom.cells import cells, challenge_of
from wmlib.challenges.classroom.who import Who, challenge_in, who

__all__ = ["Submission", "cells", "counting", "find"]

NOTEBOOKS = (".ipynb", ".ipynb.txt", ".ipynb.json")  # browsers add the second suffix
SCRIPTS = (".py",)
NO_CHALLENGE = "the file does not say which challenge it answers: begin with the starter notebook"


@dataclass(frozen=True)
class Submission:
    """A file that a student handed in.

    Args:
        student: a stable id. name: to be shown. file: its name as handed in.
        data: its content, None where there is a `problem`, which is in words for the student.
        when: when it was handed in, with a time zone; None where nothing tells. late: Canvas says so.
        canvas: the user's id and the attachment's. moodle: the participant's number.
        challenge: which it answers; None where nothing tells.
        path: where it was found, for the instructor and for feedback.
        superseded_by: the path of the submission that counts in its place.
    """

    student: str
    name: str
    file: str
    data: bytes | None = None
    problem: str | None = None
    when: datetime | None = None
    late: bool = False
    canvas: tuple[str, str] | None = None
    moodle: str | None = None
    challenge: str | None = None
    path: str = ""
    superseded_by: str | None = None


def find(
    path: Path, challenge: str | None = None, challenges: Sequence[str] | None = None
) -> list[Submission]:
    """All submissions in a folder or a zip, ordered by student and challenge.

    Of several by one student for one challenge the latest counts: one that can be read before one
    that cannot, a notebook before a script, then by Canvas's number of the attachment, by the time
    (not Canvas's and Moodle's zips: they hold the time of the download), by the number in
    `day01-1.ipynb`, by name. The others say by which they are superseded.

    Args:
        challenge: of those that do not say theirs.
        challenges: the names there are; all of the course without.

    Raises:
        FileNotFoundError: if there is nothing.
        ValueError: if `path` is a zip that cannot be read.
    """
    known = names() if challenges is None else list(challenges)
    left, found = archives.CLASS, []
    for entry, whose in _files(Path(path), known):
        data, problem = entry.data, entry.problem
        if data is not None and len(data) > left:
            data, problem = None, archives.CLASS_FULL
        left -= len(data or b"")
        found.append(_made(replace(entry, data=data, problem=problem), whose, challenge, known))
    return sorted(
        _superseded(_namesakes(found)), key=lambda s: (s.student, s.challenge or "", s.path)
    )


def counting(submissions: Iterable[Submission]) -> list[Submission]:
    """Those that count: of each student the latest for each challenge."""
    return [s for s in submissions if s.superseded_by is None]


def _files(path: Path, known: Sequence[str]) -> Iterator[tuple[Entry, Who]]:
    """Each file that may be a submission, and whose it is."""
    wanted, others = [], []
    for place, skip in _places(path.expanduser()):
        hint = challenge_in(place.stem, known)[0]
        found = list(archives.entries(place, skip))
        top = "" if place.is_dir() else _common_folder([entry.path for entry in found], place)
        for entry in found:
            inner = entry.path.removeprefix(top)
            whose = who(inner, known, hint)
            if place != path:
                entry = replace(entry, path=f"{place.name}/{entry.path}")
            if inner.lower().endswith(".zip") and entry.data is not None:
                wanted += _unzipped(entry, whose, known)
            elif _wanted(inner) or entry.problem == archives.LINK:
                wanted.append((entry, whose))
            elif whose.placed:
                problem = entry.problem or _other_kind(inner)
                others.append((replace(entry, data=None, problem=problem), whose))
    yield from wanted
    there = {whose.student for _, whose in wanted}
    for entry, whose in others:  # a student who handed in nothing but a picture
        if whose.student not in there:
            there.add(whose.student)
            yield entry, whose


def _places(path: Path) -> list[tuple[Path, list[str]]]:
    """The folder or zip, and the zips of a whole class in the folder, which are read like it."""
    if not path.is_dir():
        return [(path, [])]
    zips = [p for p in sorted(path.iterdir()) if p.suffix.lower() == ".zip" and not p.is_symlink()]
    of_class = [
        p
        for p in zips
        if p.is_file()
        and not (who(archives.clean(p.name)).canvas or who(archives.clean(p.name)).moodle)
        and any(w.canvas or w.moodle for w in map(who, archives.listing(p)))
    ]
    return [(path, [p.name for p in of_class]), *((p, []) for p in of_class)]


def _unzipped(zipped: Entry, whose: Who, known: Sequence[str]) -> list[tuple[Entry, Who]]:
    """What one student zipped: whatever names stand in it, it is this student's."""
    try:
        found = archives.unzipped(zipped.data or b"")
    except ValueError as error:
        return [(replace(zipped, data=None, problem=str(error)), whose)]
    kept = [entry for entry in found if entry.path.lower().endswith(NOTEBOOKS)]
    kept = kept or [entry for entry in found if entry.path.lower().endswith(SCRIPTS)]
    if not kept:
        problem = "the zip holds no notebook and no script: hand in the .ipynb file"
        return [(replace(zipped, data=None, problem=problem), whose)]
    return [
        (
            replace(entry, path=f"{zipped.path}/{entry.path}", when=entry.when or zipped.when),
            replace(
                whose,
                file=entry.path,
                challenge=who(entry.path, known).challenge or whose.challenge,
            ),
        )
        for entry in kept
    ]


def _wanted(path: str) -> bool:
    return path.lower().endswith((*NOTEBOOKS, *SCRIPTS, ".zip"))


def _other_kind(path: str) -> str:
    name = path.split("/")[-1]
    kind = "." + name.rpartition(".")[2].lower() if "." in name else "without an ending"
    if name.endswith(("text.html", "onlinetext.html")):
        return "a text was entered and no file handed in: hand in the .ipynb file"
    return f"a file {kind[:12]} is not a notebook: hand in the .ipynb file"


def _common_folder(paths: Sequence[str], path: Path) -> str:
    """The folder that a zip wraps around everything, which is nobody's."""
    tops = {p.split("/")[0] for p in paths}
    if len(tops) != 1 or any("/" not in p for p in paths):
        return ""
    top = tops.pop()
    named_alike = top.lower() == path.stem.lower()
    holds_folders = len({p.split("/")[1] for p in paths if p.count("/") > 1}) > 1
    inside = [who(p.split("/", 1)[1]) for p in paths]
    of_platform = any(w.canvas or w.moodle for w in inside) and not who(f"{top}/x").moodle
    return f"{top}/" if named_alike or holds_folders or of_platform else ""


def _made(entry: Entry, whose: Who, challenge: str | None, known: Sequence[str]) -> Submission:
    data, problem, told = entry.data, entry.problem, None
    if data is not None:
        try:
            told = challenge_of(data, whose.file)
        except ValueError as error:
            data, problem = None, str(error)
    told = _known(told, known) or whose.challenge or challenge
    if problem is None and told is None:
        data, problem = data, NO_CHALLENGE
    elif problem is None and known and told not in known:
        problem = f"the file answers {told!r}, which is no challenge of this course"
    return Submission(
        student=whose.student,
        name=whose.name,
        file=whose.file,
        data=None if problem else data,
        problem=problem,
        # The zips of Canvas and Moodle hold the time of the download.
        when=None if whose.canvas or whose.moodle else entry.when,
        late=whose.late,
        canvas=whose.canvas,
        moodle=whose.moodle,
        challenge=told,
        path=entry.path,
    )


def _known(told: str | None, known: Sequence[str]) -> str | None:
    """A challenge by its whole name, where only its day was told."""
    if told and told not in known:
        whole = [name for name in known if name.startswith(f"{told}_")]
        return whole[0] if whole else told
    return told


def _namesakes(found: Sequence[Submission]) -> list[Submission]:
    """Two students of one name in Moodle, told apart by their numbers in one assignment."""
    numbers = defaultdict(set)
    for s in found:
        if s.moodle:
            numbers[s.student, s.challenge].add(s.moodle)
    shared = {student for (student, _), ids in numbers.items() if len(ids) > 1}
    return [
        replace(s, student=f"{s.student}_{s.moodle}") if s.moodle and s.student in shared else s
        for s in found
    ]


def _superseded(found: Sequence[Submission]) -> list[Submission]:
    groups = defaultdict(list)
    for s in found:
        groups[s.student, s.challenge].append(s)
    latest = {key: max(group, key=_order) for key, group in groups.items() if key[1]}
    out = []
    for s in found:
        best = latest.get((s.student, s.challenge), s)
        out.append(s if best is s else replace(s, superseded_by=best.path))
    return out


def _order(s: Submission) -> tuple:
    number = int(s.canvas[1] or 0) if s.canvas else 0
    when = s.when.timestamp() if s.when else 0.0
    again = who(s.file).again
    return (s.data is not None, s.file.lower().endswith(NOTEBOOKS), number, when, again, s.path)
