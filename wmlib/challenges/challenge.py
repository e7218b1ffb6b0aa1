"""A daily challenge: what is asked, what it is worth, and the examination of each of its parts.

The same examination answers a learner at once (`Challenge.check`, with open seeds) and gives the
marks (`wmlib.challenges.examine`, with seeds from the instructor's key, on a student's process in a
jail). An examiner is a function of an `Exam` that gives None where the part is right, and else the
message that names the mistake.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from wmlib.challenges.student import Ended, Student, here
from wmlib.exercise import Mistake
from wmlib.files import write_text

OPEN = "open"  # the key of everybody's own check
PROGRESS = Path("challenges_progress.json")  # beside the notebook
T = TypeVar("T")


class Exam:
    """One examination: the student's answers, and dice that only the key knows.

    Args:
        student: who answers. key: the seeds come from it. challenge: its name. quick: fewer
            episodes, for tests.
    """

    def __init__(self, student: Student, key: str, challenge: str, quick: bool = False):
        self.student, self.key, self.challenge, self.quick = student, key, challenge, quick
        self.texts: dict[str, str] = {}  # answers in words, as they were when they were asked for
        self._once: dict[Any, tuple[bool, Any]] = {}

    def rng(self, purpose: str) -> np.random.Generator:
        """A generator for one purpose: the same for the same key, challenge and purpose."""
        return np.random.default_rng(seed_of(self.key, self.challenge, purpose))

    def seed(self, purpose: str) -> int:
        """A seed for one purpose."""
        return int(self.rng(purpose).integers(2**31))

    def once(self, work: Callable[[Exam], T]) -> T:
        """What `work(exam)` gives; done once, however many parts ask for it."""
        if work not in self._once:
            try:
                self._once[work] = True, work(self)
            except Mistake as mistake:
                self._once[work] = False, mistake
        fine, result = self._once[work]
        if not fine:
            raise result
        return result


@dataclass(frozen=True)
class Part:
    """One thing that is asked and marked for itself.

    Args:
        name: short, unique in its challenge. points: what it is worth. asked: one sentence.
        examine: None where right, else the message that names the mistake; it may raise `Mistake`
            instead. None for what a person marks: then `text` names the answer, a string.
        bonus: its points are counted apart. text: see examine.
    """

    name: str
    points: float
    asked: str
    examine: Callable[[Exam], str | None] | None = None
    bonus: bool = False
    text: str = ""

    @property
    def manual(self) -> bool:
        """Whether a person marks it."""
        return self.examine is None


@dataclass(frozen=True)
class Challenge:
    """A daily challenge. Its `name` and `day` come from its folder, `dayNN_topic`.

    Args:
        title: as on its page. chapter: two digits. minutes: how long it takes a learner.
        parts: what is marked. hints: three, each saying more than the one before.
        seconds: processor time that its examination may take, the student's trainings included.
        without: functions and classes of the library, `"module:name"`, that are the answer: while
            the student's code is asked they stop with an error.
    """

    name: str
    title: str
    chapter: str
    minutes: int
    parts: Sequence[Part]
    hints: Sequence[str]
    seconds: int = 120
    kind: str = "build"
    without: Sequence[str] = ()

    @property
    def day(self) -> int:
        """Which of the thirty days."""
        return int(self.name[3:5])

    @property
    def points(self) -> float:
        """What all parts are worth, bonus apart."""
        return sum(part.points for part in self.parts if not part.bonus)

    @property
    def bonus(self) -> float:
        """What the bonus parts are worth."""
        return sum(part.points for part in self.parts if part.bonus)

    def check(self, names: dict[str, Any]) -> None:
        """Answer at once, in words, part by part; never raises, so that the notebook goes on.

        Args:
            names: `globals()` of the notebook.
        """
        if os.environ.get("WMLIB_GRADING"):
            return  # the grader asks by itself
        exam = Exam(here(names), OPEN, self.name)
        exam.student.withhold(self.without)
        got = {False: 0.0, True: 0.0}
        for part in self.parts:
            found = mistake(part, exam)
            label = f"{part.name} ({part.points:g} points{', bonus' if part.bonus else ''})"
            if part.manual:
                mark, said = ("✗", found) if found else ("…", "your instructor reads it")
            elif found is None:
                mark, said = "✓", "right"
                got[part.bonus] += part.points
                _note(self.name, part.name, part.points)
            else:
                mark, said = "✗", f"not yet. {found}"
            print(f"  {mark} {label}: {said}")
        waiting = sum(part.points for part in self.parts if part.manual)
        more = f", {got[True]:g} bonus" if got[True] else ""
        print(f"{self.title}: {got[False]:g} of {self.points - waiting:g} points{more}")

    def hint(self) -> None:
        """The next of the three hints; the last one again, when all are told."""
        told = _progress().get(self.name, {}).get("hints", 0)
        number = min(told + 1, len(self.hints))
        _note(self.name, "hints", number)
        print(f"Hint {number} of {len(self.hints)}: {self.hints[number - 1]}")


def mistake(
    part: Part, exam: Exam, examine: Callable[[Exam], str | None] | None = None
) -> str | None:
    """What is wrong with one part: the message, or None.

    Args:
        examine: another examination of the same part, the instructor's hidden one.
    """
    try:
        if part.manual:
            text = exam.student.get(part.text)
            if not isinstance(text, str) or len(text.split()) < 8:
                return f"write your answer in `{part.text}`, in whole sentences"
            exam.texts[part.name] = text[:20_000]
            return None
        return (examine or part.examine)(exam)  # type: ignore[misc]
    except Mistake as error:
        return str(error)
    except Ended:
        raise
    except Exception as error:  # a shape, a kind or a range that the examiner did not think of
        return f"what your code gives cannot be used ({type(error).__name__}: {error})"[:300]


def seed_of(*words: str) -> int:
    """A seed of 128 bits from words: the same on every machine."""
    return int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:16], "big")


def _progress() -> dict[str, dict]:
    try:
        kept = json.loads(PROGRESS.read_text(encoding="utf8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _note(challenge: str, what: str, value: float) -> None:
    """Keep what was reached, in a file beside the notebook; where nothing can be written, not."""
    kept = _progress()
    kept.setdefault(challenge, {})[what] = value
    with contextlib.suppress(OSError):
        write_text(PROGRESS, json.dumps(kept, indent=1, sort_keys=True) + "\n")
