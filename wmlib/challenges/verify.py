"""Proof of a challenge: its solution gets full marks, its starter none, each wrong answer its words."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from wmlib.challenges import ROOM, load, source, source_of
from wmlib.challenges.classroom.grade import Job, examined, runnable
from wmlib.challenges.examine import Result
from wmlib.challenges.jail import choose, student_copy
from wmlib.spread import spread

Case = tuple[str, str, Job, str]  # challenge, what, job, words that must be said


def cases(name: str, key: str, quick: bool, jail: str | None, code: str) -> list[Case]:
    """What is graded to prove one challenge."""
    challenge, notebook = load(name), source.read(source_of(name))
    fixed = {"challenge": name, "problem": None, "key": key, "quick": quick, "jail": choose(jail)}
    fixed |= {"code": code}
    job = lambda made: fixed | {"cells": runnable(json.dumps(made).encode(), "day.ipynb")}
    found = [
        (name, "solution", job(source.solution(notebook)), ""),
        (name, "starter", job(source.starter(notebook, challenge)), ""),
    ]
    for number, each in enumerate(source.wrongs(notebook), 1):
        found.append((name, f"wrong answer {number}", job(each.notebook), each.says))
    return found


def verdict(case: Case, result: Result) -> str | None:
    """None where the result is as it should be, else what is not."""
    _, what, _, says = case
    auto = [part for part in result["parts"] if not part["manual"]]
    got, worth = (sum(part[k] for part in auto) for k in ("got", "points"))
    said = [part["found"] for part in result["parts"]]
    if what == "solution":
        missed = [
            f"{part['name']}: {part['found']}" for part in auto if part["got"] < part["points"]
        ]
        return f"the solution misses {'; '.join(missed + result['notes'])}" if got < worth else None
    if what == "starter":
        return f"the starter gets {got:g} points: {said}" if got else None
    if got >= worth:
        return "a wrong answer gets full marks"
    return None if any(says in words for words in said) else f"{says!r} is not said: {said}"


def form(name: str) -> list[str]:
    """What is wrong with the form of a challenge, before anything is run."""
    challenge, notebook = load(name), source.read(source_of(name))
    wrong, given = source.wrongs(notebook), source.starter(notebook, challenge)
    text = "\n".join(cell["source"] for cell in given["cells"])
    public = "\n".join(p.read_text(encoding="utf8") for p in (ROOM / name).glob("*.py"))
    tags = [tag for cell in notebook["cells"] for tag in cell["metadata"].get("tags", [])]
    faults = {
        f"its name is {challenge.name!r}": challenge.name != name,
        f"it has {len(wrong)} wrong answers: wanted three or more": len(wrong) < 3,
        f"it has {len(challenge.hints)} hints: wanted three": len(challenge.hints) != 3,
        f"it takes {challenge.minutes} minutes: wanted 10 to 45": not 10 <= challenge.minutes <= 45,
        "two of its parts have one name": len({p.name for p in challenge.parts})
        < len(challenge.parts),
        "it imports wmlib.course": "wmlib.course" in public + text,
        f"unknown tags {sorted(set(tags) - KNOWN)}": bool(set(tags) - KNOWN),
        "its starter does not check": "challenge.check(globals())" not in text,
        "its starter gives no hints": "challenge.hint()" not in text,
        "its starter holds a mark of the source": bool(re.search(r"### [A-Z]", text)),
        "its starter names another challenge": f'challenges.load("{name}")' not in text,
    }
    return [fault for fault, there in faults.items() if there] + told(name)


KNOWN = {"answer", "try", "wrong", "instructor"}


def told(name: str) -> list[str]:
    """Lines of the solution that stand in what a student holds: the starter, the public files."""
    challenge, notebook = load(name), source.read(source_of(name))
    given = source.starter(notebook, challenge)
    held = [cell["source"] for cell in given["cells"]]
    held += [p.read_text(encoding="utf8") for p in (ROOM / name).glob("*.py")]
    lines = {line.strip() for text in held for line in text.splitlines()}
    return [
        f"a line of its solution is in a student's hands: {line}"
        for line in secret_lines(notebook)
        if line in lines
    ]


def secret_lines(notebook: source.Notebook) -> list[str]:
    """The telling lines of a solution: long, and not what the starter gives anyway."""
    kept = {
        line.strip() for c in source.starter(notebook)["cells"] for line in c["source"].split("\n")
    }
    found = []
    for cell in notebook["cells"]:
        if "answer" not in cell["metadata"].get("tags", []):
            continue
        inside = False
        for line in map(str.strip, cell["source"].split("\n")):
            inside = line == source.BEGIN or (inside and line != source.END)
            plain = len(line) > 24 and not line.startswith(
                ("#", "def ", "class ", "for ", "import ")
            )
            if inside and plain and line not in kept:
                found.append(line)
    return found


def verify(
    names: Sequence[str],
    key: str,
    quick: bool = False,
    jail: str | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
) -> Iterator[tuple[str, str, Result | None, str | None]]:
    """Prove challenges: yields (challenge, what, result, fault or None) as they come."""
    for name in names:
        for fault in form(name):
            yield name, "form", None, fault
    with tempfile.TemporaryDirectory(prefix="wmlib-student-") as folder:
        code = str(student_copy(Path(folder)))
        todo = [case for name in names for case in cases(name, key, quick, jail, code)]
        for i, result in spread(examined, [case[2] for case in todo], scheduler, workers):
            yield todo[i][0], todo[i][1], result, verdict(todo[i], result)
