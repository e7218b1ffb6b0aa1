"""Whose a file is, as far as its name says: the rules of Canvas, of Moodle, and plain names.

Canvas names a file `doejane_LATE_12345_67890_day01.ipynb`: the student's sortable name in lower case
without blanks and marks, `LATE` where it is, the user's id, the attachment's id, the name as handed
in (`lib/content_zipper.rb` of canvas-lms). Moodle puts it into a folder
`Jane Doe_1234567_assignsubmission_file` (before 4.1 with `_` behind it; the file's name may follow at
once), where the number is the participant's, another in each assignment.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

_ID = "[0-9]{1,20}"
_CANVAS = re.compile(rf"(?P<name>\w+?)(?P<late>_LATE)?_(?P<user>{_ID})_(?P<id>{_ID})_(?P<file>.+)")
_CANVAS_TEXT = re.compile(
    rf"(?P<name>\w+?)(?P<late>_LATE)?_(?P<user>{_ID})_(?P<file>(?:text|link)\.html)"
)
_CANVAS_ANON = re.compile(
    rf"(?P<late>LATE_)?(?P<user>anon_[A-Za-z0-9]+)_(?P<id>{_ID})_(?P<file>.+)"
)
_MOODLE = re.compile(
    rf"(?P<name>[^_]+)_(?P<id>{_ID})_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)"
)
_DAY = re.compile(r"day\d\d(?:_\w+)?", re.I | re.A)
_AGAIN = re.compile(r"(?:-([0-9]{1,3})| ?\(([0-9]{1,3})\))$")  # how Canvas and browsers name copies
_COPY = re.compile(r" ?\([0-9]{1,3}\)$")


@dataclass(frozen=True)
class Who:
    """Whose: a stable id, a name to show, the name as handed in, and what the name tells beside."""

    student: str
    name: str
    file: str
    challenge: str | None = None
    late: bool = False
    canvas: tuple[str, str] | None = None
    moodle: str | None = None
    placed: bool = False  # by a platform's rule or in a folder, so that the name is no guess
    again: int = 0  # the number of a copy


def who(path: str, challenges: Sequence[str] = (), hint: str | None = None) -> Who:
    """Whose a file is.

    Args:
        path: cleaned, within the folder or zip. Its outermost part that follows a platform's rule
            decides: what stands further in, a student may have named. Where none does, the
            outermost folder is the student's unless it is named like a challenge, and without a
            folder the file's name is.
        challenges: the names there are, so that they can be told from the student's.
        hint: the challenge, where neither the file's name nor its folders tell.
    """
    *folders, file = path.split("/")
    told = [challenge_in(part, challenges) for part in folders]
    named = next((challenge for challenge, _ in told if challenge), hint)
    for depth, part in enumerate([*folders, file]):
        inner = "/".join([*folders, file][depth + 1 :])
        if found := _MOODLE.fullmatch(part):
            handed = inner or found["file"] or file
            return _made(found["name"], handed, challenges, named, moodle=found["id"])
        if inner:  # Canvas hands out files, not folders
            continue
        for pattern in (_CANVAS_ANON, _CANVAS, _CANVAS_TEXT):
            if found := pattern.fullmatch(part):
                parts = found.groupdict()
                ids = (parts["user"], parts.get("id") or "")
                name, late = parts.get("name") or parts["user"], bool(parts["late"])
                return _made(name, parts["file"], challenges, named, late=late, canvas=ids)
    own = [rest for _, rest in told if rest]
    if own:
        return _made(own[0], file, challenges, named)
    stem = _COPY.sub("", _stem(file))
    rest = challenge_in(stem, challenges)[1]
    return replace(_made(rest or stem, file, challenges, named), placed=False)


def slug(name: str) -> str:
    """A name as an id: small letters, digits and `_`, umlauts composed; the same on every machine."""
    plain = re.sub(r"\W+", "_", unicodedata.normalize("NFC", name.lower())).strip("_")
    if plain and len(plain) <= 60:
        return plain
    mark = hashlib.sha256(name.encode("utf8", "replace")).hexdigest()[:8]
    return f"{plain[:50]}_{mark}" if plain else f"student_{mark}"


def _made(
    name: str,
    file: str,
    challenges: Sequence[str],
    folder: str | None,
    late: bool = False,
    canvas: tuple[str, str] | None = None,
    moodle: str | None = None,
) -> Who:
    stem, again = _again(_stem(file.split("/")[-1]))
    told = challenge_in(_COPY.sub("", stem), challenges)[0] or folder
    # Canvas leaves out blanks, so that two students may share a name: the number tells them apart.
    student = slug(name if canvas is None or canvas[0] == name else f"{name}_{canvas[0]}")
    shown = re.sub(r"[_\s]+", " ", name).strip()[:120] or student
    return Who(student, shown, file, told, late, canvas, moodle, True, again)


def challenge_in(text: str, challenges: Sequence[str]) -> tuple[str | None, str]:
    """The challenge that a name contains, and the rest of the name."""
    for name in sorted(challenges, key=len, reverse=True):
        at = text.lower().find(name.lower())
        if at >= 0:
            return name, _rest(text, at, at + len(name))
    found = _DAY.search(text)
    if not found or (found.start() and text[found.start() - 1].isalnum()):
        return None, text
    short = found.group()[:5].lower()
    known = [name for name in challenges if name.startswith(f"{short}_")]
    if known:  # `day01_jane_doe` is day 1, of Jane Doe
        return known[0], _rest(text, found.start(), found.start() + 5)
    return found.group().lower(), _rest(text, *found.span())


def _rest(text: str, start: int, end: int) -> str:
    after = re.sub(r"^-[0-9]{1,3}$", "", text[end:])  # `day01-1`: handed in again
    return " ".join(part for part in (text[:start].strip(" _-."), after.strip(" _-.")) if part)


def _stem(file: str) -> str:
    for suffix in (".ipynb.txt", ".ipynb.json"):
        if file.lower().endswith(suffix):
            return file[: -len(suffix)]
    return file.rpartition(".")[0] or file


def _again(stem: str) -> tuple[str, int]:
    found = _AGAIN.search(stem)
    return (stem[: found.start()], int(found[1] or found[2])) if found else (stem, 0)
