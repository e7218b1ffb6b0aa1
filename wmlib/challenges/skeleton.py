"""A challenge of one's own begins as one that passes `verify`: small, and with all that one has."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from wmlib.challenges import ROOM, names
from wmlib.files import write_text

PUBLIC = '''"""Day [[DAY]]: [[TITLE]]."""

from __future__ import annotations

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import numbers


def discounted(exam: Exam) -> str | None:
    """What students may read: cases small enough to work out by hand."""
    said = numbers(exam.student.call("total", [1.0, 2.0, 4.0], 0.5), (), "total")
    if said == 7.0:
        return "that is the plain sum: where is the discount?"
    if said == 1.5 + 0.5:
        return "the first reward is not discounted"
    return None if abs(said - 3.0) < 1e-6 else "1 + 2/2 + 4/4 is 3: try it with paper"


challenge = Challenge(
    name="[[NAME]]",
    title="[[TITLE]]",
    chapter="01",
    minutes=10,
    kind="build",
    parts=[Part("total", 5, "Add up discounted rewards.", discounted)],
    hints=["Which reward is multiplied by 1?", "The next by gamma, the next by gamma again.", "gamma ** t"],
)
'''
HIDDEN = '''"""What only instructors hold: a reference, on inputs that only the key knows."""

from __future__ import annotations

from wmlib.challenges.challenge import Exam
from wmlib.exercise import numbers


def total(exam: Exam) -> str | None:
    """Rewards and discounts drawn anew."""
    rng = exam.rng("rewards")
    for _ in range(5):
        rewards, gamma = rng.normal(size=6).tolist(), float(rng.uniform(0.5, 1))
        want = sum(gamma**t * reward for t, reward in enumerate(rewards))
        if abs(numbers(exam.student.call("total", rewards, gamma), (), "total") - want) > 1e-6:
            return "right for three rewards, wrong for others: does it work for any number?"
    return None


hidden = {"total": total}
'''
CELLS = [
    (
        "markdown",
        "title",
        [],
        "# Day [[DAY]] · [[TITLE]]\n\nWrite here what is asked, and why it matters.\n\n*10 minutes.*",
    ),
    ("code", "open", [], 'from wmlib import challenges\n\nchallenge = challenges.load("[[NAME]]")'),
    (
        "markdown",
        "text_total",
        [],
        "Write `total(rewards, gamma)`: the sum of the rewards, the one at step t times gamma to the power of t.",
    ),
    (
        "code",
        "total",
        ["answer"],
        "def total(rewards, gamma):\n    ### BEGIN SOLUTION\n    return sum(gamma**t * reward for t, reward in enumerate(rewards))\n    ### END SOLUTION",
    ),
    ("code", "check", ["try"], "challenge.check(globals())"),
    ("code", "hint", ["try"], "challenge.hint()"),
    (
        "code",
        "wrong_plain",
        ["wrong"],
        "### WRONG total | where is the discount\ndef total(rewards, gamma):\n    return sum(rewards)",
    ),
    (
        "code",
        "wrong_first",
        ["wrong"],
        "### WRONG total | try it with paper\ndef total(rewards, gamma):\n    return sum(gamma ** (t + 1) * reward for t, reward in enumerate(rewards))",
    ),
    (
        "code",
        "wrong_three",
        ["wrong"],
        "### WRONG total | any number\ndef total(rewards, gamma):\n    return rewards[0] + gamma * rewards[1] + gamma**2 * rewards[2]",
    ),
]


def begin(name: str, room: Path = ROOM) -> list[Path]:
    """Write the skeleton of a challenge; its files.

    Args:
        name: small letters, digits and underscores.

    Raises:
        ValueError: if it is no such name, or taken.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(f"a name is small letters, digits and underscores, got {name!r}")
    if any(taken[6:] == name for taken in names()):
        raise ValueError(f"there is a challenge {name!r} already")
    day = max((int(taken[3:5]) for taken in names()), default=0) + 1
    full = f"day{day:02d}_{name}"
    words = {"NAME": full, "DAY": str(day), "TITLE": name.replace("_", " ").capitalize()}

    def filled(text: str) -> str:
        for word, value in words.items():
            text = text.replace(f"[[{word}]]", value)
        return text

    cells = [_cell(kind, ident, tags, filled(text)) for kind, ident, tags, text in CELLS]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    about = {"kernelspec": kernel, "wmlib": {"challenge": full}}
    notebook = {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    texts = {
        "__init__.py": filled(PUBLIC),
        "instructor/__init__.py": '"""What only instructors hold."""\n',
        "instructor/hidden.py": HIDDEN,
        "instructor/challenge.ipynb": json.dumps(notebook, indent=1, ensure_ascii=False) + "\n",
    }
    (room / full / "instructor").mkdir(parents=True)
    for file, text in texts.items():
        write_text(room / full / file, text)
    return [room / full / file for file in texts]


def _cell(kind: str, ident: str, tags: list[str], text: str) -> dict:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": ident,
        "metadata": {"tags": tags} if tags else {},
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell | {"source": text}
