"""Feedback files, packed so that Canvas and Moodle hand each student theirs.

Canvas takes back what is named like the submissions that it handed out: it reads the user's and the
attachment's number from the name, and shows the file under the name of the attachment
(`infer_comment_context_from_filename` in canvas-lms). Moodle reads the participant's number from
the folder (`mod/assign/feedback/file/importziplib.php`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from wmlib.challenges.classroom.submissions import Submission


class Packed(NamedTuple):
    """A zip, and whom it leaves out."""

    data: bytes
    notes: list[str]


def canvas(pages: Sequence[tuple[Submission, str]]) -> Packed:
    """A zip for *Upload submissions* (re-upload) in Canvas: one HTML file for each submission.

    Args:
        pages: what was handed in, and its report. Left out is what has no Canvas numbers.
    """
    files, notes = {}, []
    for submission, page in pages:
        name = canvas_name(submission)
        if name is None:
            notes.append(f"{submission.name}: the file's name has no Canvas numbers")
        else:
            files[name] = page
    return Packed(packed(files.items()), notes)


def moodle(pages: Sequence[tuple[Submission, str]]) -> Packed:
    """A zip for *Upload multiple feedback files in a zip* in Moodle: a folder for each participant."""
    files, notes = {}, []
    for submission, page in pages:
        if submission.moodle is None:
            notes.append(f"{submission.name}: the file's name has no participant's number")
        else:
            # A `_` in the name would move the number, which Moodle counts parts to find.
            name = re.sub(r"[_/\\:*?\"<>|]+", " ", submission.name).strip(" .") or "Participant"
            files[f"{name}_{submission.moodle}_assignfeedback_file_/feedback.html"] = page
    return Packed(packed(files.items()), notes)


def canvas_name(submission: Submission) -> str | None:
    """The name of a feedback file that Canvas takes back; None without its numbers."""
    if not submission.canvas or not submission.canvas[1]:
        return None
    handed_out = next(
        (part for part in submission.path.split("/") if "_".join(submission.canvas) in part), ""
    )
    if not handed_out:
        return None
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", handed_out)
    if stem.split("_")[-1].startswith("link"):
        stem += "_feedback"  # Canvas takes a last part `link…` for a web address handed in
    return f"{stem}.html"


def packed(files: Iterable[tuple[str, str]]) -> bytes:
    """A zip of texts that is the same to the byte for the same texts, on every machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in sorted(files):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            # Stored: what a compressor makes of it differs between its versions.
            info.compress_type, info.create_system = zipfile.ZIP_STORED, 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, text.encode("utf8"))
    return out.getvalue()
