"""Daily challenges: thirty of them, checked at once for learners, graded in a jail for instructors.

Each is a folder `dayNN_topic`. Its `__init__.py` holds the `Challenge`: what is asked, hints, and
the examination. Its `instructor/` holds the one source, a notebook with marked solutions, and the
hidden examination; no wheel takes that along.
"""

from __future__ import annotations

import importlib
from pathlib import Path

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.offers import Offer, Refused, World
from wmlib.exercise import Mistake, numbers

__all__ = [
    "Challenge",
    "Exam",
    "Mistake",
    "Offer",
    "Part",
    "Refused",
    "World",
    "load",
    "names",
    "numbers",
]

ROOM = Path(__file__).parent


def names() -> list[str]:
    """The names of all challenges, in order of their days."""
    return sorted(path.parent.name for path in ROOM.glob("day[0-9][0-9]_*/__init__.py"))


def load(name: str | int) -> Challenge:
    """A challenge, by its name or by its day.

    Raises:
        ValueError: if there is none of this name.
    """
    wanted = f"day{name:02d}_" if isinstance(name, int) else str(name)
    found = [n for n in names() if n == wanted or (isinstance(name, int) and n.startswith(wanted))]
    if not found:
        raise ValueError(f"there is no challenge {name!r}: there are {', '.join(names())}")
    return importlib.import_module(f"wmlib.challenges.{found[0]}").challenge


def source_of(name: str) -> Path:
    """The instructor's notebook of a challenge.

    Raises:
        FileNotFoundError: if this is a student's copy, which has none.
    """
    path = ROOM / name / "instructor" / "challenge.ipynb"
    if not path.exists():
        raise FileNotFoundError(
            f"{name} has no instructor's part here: use a clone of the repository, or unpack "
            "instructor.zip over the installed package"
        )
    return path
