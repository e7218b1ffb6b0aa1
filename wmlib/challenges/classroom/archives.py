"""The files of a folder or a zip, read into memory within limits; nothing is ever unpacked to disk.

Whatever a student packed may be hostile: names that climb out of the folder, links, a few kilobytes
that unpack to gigabytes. Each file comes back with its content or with a problem in words, so that
nothing is lost and nothing is read that is too large.
"""

from __future__ import annotations

import io
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

MB = 1 << 20
FILE = 20 * MB  # the largest file that is read
CLASS = 1024 * MB  # all files of a class together: they are held in memory
CLASS_FILES = 20_000
STUDENT = 60 * MB  # all files in one student's zip
STUDENT_FILES = 500
RATIO = 200  # a notebook packs 3 to 30 times smaller, a bomb 1,000 times

TOO_LARGE = f"the file is larger than {FILE // MB} MB: clear the outputs of the notebook, save, and hand it in again"
CLASS_FULL = f"the submissions together are larger than {CLASS // MB} MB: grade them in parts"
LINK = "it is a link to another file, not a file: hand in the file itself"
BOMB = "the zip unpacks to far more than a notebook needs: hand in the notebook itself"
DAMAGED = "the zip is damaged: make it again, or hand in the notebook itself"
LOCKED = "the zip is locked with a password: hand it in without one"
METHOD = "the zip is packed in a way that cannot be read: hand in the notebook itself"
MANY = f"the zip holds more than {STUDENT_FILES} files: hand in the notebook itself"


@dataclass(frozen=True)
class Entry:
    """A file: `path` with `/` between folders and nothing that climbs; its content, or a problem.

    `when` is when it was last changed, with a time zone, as far as the folder or the zip knows.
    """

    path: str
    data: bytes | None
    problem: str | None = None
    when: datetime | None = None


class _Left:
    """How much may still be read."""

    def __init__(self, size: int, full: str):
        self.size, self.full = size, full


def entries(path: Path, skip: Sequence[str] = ()) -> Iterator[Entry]:
    """All files in a folder, in a zip, or the one file that is named; hidden ones left out.

    Args:
        skip: names of files directly in the folder that are left out.

    Raises:
        FileNotFoundError: if there is nothing.
        ValueError: if it is a zip that cannot be read at all.
    """
    path = Path(path).expanduser()
    left = _Left(CLASS, CLASS_FULL)
    if path.is_dir():
        yield from _folder(path, left, skip)
    elif not path.exists():
        raise FileNotFoundError(f"there is no file or folder {path}")
    elif path.suffix.lower() == ".zip":
        with path.open("rb") as file:
            try:
                yield from _zip(file, left, CLASS_FILES)
            except ValueError as error:
                raise ValueError(f"{path.name} cannot be read: {error}") from None
    else:
        yield _file(path, path.name, left)


def unzipped(data: bytes) -> list[Entry]:
    """The files in one student's zip.

    Raises:
        ValueError: in words for the student, if it cannot be read or unpacks to too much.
    """
    found = list(_zip(io.BytesIO(data), _Left(STUDENT, BOMB), STUDENT_FILES))
    for problem in (BOMB, LOCKED):
        if any(entry.problem == problem for entry in found):
            raise ValueError(problem)
    return found


def listing(path: Path) -> list[str]:
    """The names of the files in a zip, cleaned; none, if it cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            return [clean(_name(info)) for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return []


def clean(name: str) -> str:
    """A path as it may be shown: no `..`, no drive, no control characters, `/` between folders.

    Umlauts are composed (NFC), so that a name from a Mac is the same as from elsewhere.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/")
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    name = re.sub(r"^[A-Za-z]:", "", name)
    parts = (part.strip() for part in name.split("/"))
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def hidden(path: str) -> bool:
    """Whether a file is none that a student handed in: `.DS_Store`, `__MACOSX`, checkpoints."""
    parts = path.split("/")
    return any(p.startswith((".", "~$")) or p in ("__MACOSX", "__pycache__") for p in parts)


def _folder(folder: Path, left: _Left, skip: Sequence[str]) -> Iterator[Entry]:
    root = folder.resolve()
    for here, folders, files in os.walk(root):  # which does not follow links to folders
        folders.sort()
        for name in sorted(folders + files):
            path = Path(here, name)
            shown = clean(path.relative_to(root).as_posix())
            if hidden(shown) or (name in folders and not path.is_symlink()):
                continue
            if name in skip and here == str(root):
                continue
            if path.is_symlink():
                # A link to a file in the same folder is a second name of what is found anyway.
                if not path.resolve().is_relative_to(root):
                    yield Entry(shown, None, LINK)
                continue
            yield _file(path, shown, left)


def _file(path: Path, shown: str, left: _Left) -> Entry:
    try:
        about = path.stat()
        when = datetime.fromtimestamp(about.st_mtime).astimezone()
        if not stat.S_ISREG(about.st_mode):
            return Entry(shown, None, LINK, when)
        if about.st_size > FILE:
            return Entry(shown, None, TOO_LARGE, when)
        if about.st_size > left.size:
            return Entry(shown, None, left.full, when)
        data = path.read_bytes()
    except OSError as error:
        return Entry(shown, None, f"the file cannot be read ({error.strerror})")
    left.size -= len(data)
    return Entry(shown, data, None, when)


def _zip(file: BinaryIO, left: _Left, most: int) -> Iterator[Entry]:
    try:
        archive = zipfile.ZipFile(file)
        listed = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError):
        raise ValueError(DAMAGED) from None
    if len(listed) > most:
        raise ValueError(MANY.replace(str(STUDENT_FILES), f"{most:,}"))
    for info in listed:
        shown = clean(_name(info))
        if info.is_dir() or not shown or hidden(shown):
            continue
        data, problem = _content(archive, info, left)
        yield Entry(shown, data, problem, _time(info))


def _name(info: zipfile.ZipInfo) -> str:
    """The name of a file in a zip; a Mac writes UTF-8 without saying so."""
    if not info.flag_bits & 0x800:
        try:
            return info.orig_filename.encode("cp437").decode("utf8")
        except UnicodeError:
            pass
    return info.orig_filename


def _time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return None if info.date_time[0] <= 1980 else datetime(*info.date_time).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _content(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: _Left
) -> tuple[bytes | None, str | None]:
    if info.flag_bits & 1:
        return None, LOCKED
    if stat.S_ISLNK(info.external_attr >> 16):
        return None, LINK
    if info.file_size > FILE:
        packed = max(info.compress_size, 1)
        return None, BOMB if info.file_size > RATIO * packed else TOO_LARGE
    read = io.BytesIO()
    try:
        with archive.open(info) as file:
            while chunk := file.read(64 << 10):  # what the directory says of the size may be a lie
                read.write(chunk)
                left.size -= len(chunk)
                if read.tell() > FILE:
                    return None, TOO_LARGE
                if left.size < 0:
                    return None, left.full
    except NotImplementedError:
        return None, METHOD
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        return None, DAMAGED
    return read.getvalue(), None
