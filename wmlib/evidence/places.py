"""Where chapters keep their experiments and their evidence."""

from __future__ import annotations

import json
from pathlib import Path

COURSE = Path(__file__).parents[1] / "course"
ROOM = "ch[0-9][0-9]_*"  # a chapter's room: its number and its topic


def evidence_path(name: str) -> Path:
    """Where the evidence of an experiment is stored: in the room of its chapter."""
    found = sorted(COURSE.glob(f"ch{name[:2]}_*")) or [COURSE / f"ch{name[:2]}"]
    return found[0] / "evidence" / f"{name}.json"


def stored_evidence(name: str) -> dict | None:
    """The stored evidence of the experiment with this name, or None where there is none."""
    path = evidence_path(name)
    return json.loads(path.read_text(encoding="utf8")) if path.exists() else None


def rooms() -> list[Path]:
    """The folders of all chapters, in order."""
    return sorted(COURSE.glob(ROOM))


def room(chapter: str) -> Path:
    """The folder of one chapter ("04").

    Raises:
        ValueError: if there is no such chapter.
    """
    found = sorted(COURSE.glob(f"ch{chapter}_*"))
    if not found:
        names = ", ".join(path.name[2:4] for path in rooms())
        raise ValueError(f"no experiments for chapter {chapter!r}: chapters are named {names}")
    return found[0]
