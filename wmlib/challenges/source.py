"""From one source, the instructor's notebook: the starter, the solution, and wrong answers.

In the source a cell that a student fills in has the tag `answer` and a name of its own (its id).
What stands between the lines `### BEGIN SOLUTION` and `### END SOLUTION` is the solution; in the
starter an error takes its place, or the lines that begin with `### STARTER: `. A cell with the tag
`wrong` is a typical wrong answer: its first line says which answer it takes the place of, and which
words the student must then read::

    ### WRONG plan | the first action of the worst plan

A cell with the tag `try` is for the learner to look at: the grader does not run it. A cell with the
tag `instructor` is for instructors alone.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, NamedTuple

from wmlib.challenges.challenge import Challenge
from wmlib.files import write_text
from wmlib.installing import SETUP

BEGIN, END, STARTER = "### BEGIN SOLUTION", "### END SOLUTION", "### STARTER: "
WRONG = "### WRONG "
Notebook = dict[str, Any]


class Wrong(NamedTuple):
    """A typical wrong answer: which answer it replaces, the words to be read, the notebook."""

    answer: str
    says: str
    notebook: Notebook


def read(path: Path) -> Notebook:
    """A notebook from its file; the source of each cell as one text."""
    notebook = json.loads(path.read_text(encoding="utf8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def starter(source: Notebook, challenge: Challenge | None = None) -> Notebook:
    """What a student is given.

    Args:
        source: the instructor's notebook. challenge: with it, the setup cell and a table of what
            each part is worth stand behind the title.
    """
    made = _made(source, lambda lines: _without_solution(lines))
    if challenge is not None:
        setup = {"cell_type": "code", "id": "setup", "metadata": {}, "source": SETUP.strip()}
        table = {
            "cell_type": "markdown",
            "id": "points",
            "metadata": {},
            "source": worth(challenge),
        }
        made["cells"][1:1] = [table, setup | {"execution_count": None, "outputs": []}]
    return made


def worth(challenge: Challenge) -> str:
    """What each part is worth, as a Markdown table."""
    rows = [f"| {part.asked} | {_points(part)} |" for part in challenge.parts]
    return "\n".join(["| what is asked | points |", "|:--|--:|", *rows])


def _points(part):
    return f"{part.points:g}{' bonus' if part.bonus else ''}{', read by a person' if part.manual else ''}"


def write(path: Path, notebook: Notebook) -> None:
    """Write a notebook, whole or not at all."""
    write_text(path, text(notebook))


def text(notebook: Notebook) -> str:
    """A notebook as it stands in its file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def solution(source: Notebook) -> Notebook:
    """What gets full marks."""
    return _made(source, lambda lines: [line for line in lines if not _mark(line)])


def wrongs(source: Notebook) -> list[Wrong]:
    """The wrong answers that the source lists."""
    found = []
    for cell in source["cells"]:
        if "wrong" not in _tags(cell):
            continue
        head, _, body = cell["source"].partition("\n")
        if not head.startswith(WRONG) or "|" not in head:
            raise ValueError(f"a wrong answer begins with `{WRONG}name | words`, got {head!r}")
        answer, says = (word.strip() for word in head.removeprefix(WRONG).split("|", 1))
        made = solution(source)
        places = [c for c in made["cells"] if c["id"] == answer]
        if len(places) != 1:
            raise ValueError(f"a wrong answer is for {answer!r}: no cell has this id")
        places[0]["source"] = body
        found.append(Wrong(answer, says, made))
    return found


def _tags(cell):
    return cell.get("metadata", {}).get("tags", [])


def _made(source, change):
    kept = [cell for cell in source["cells"] if not {"wrong", "instructor"} & set(_tags(cell))]
    made = {key: source[key] for key in ("nbformat", "nbformat_minor")}
    made["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "wmlib": source["metadata"]["wmlib"],
    }
    made["cells"] = []
    for cell in copy.deepcopy(kept):
        plain = {"cell_type": cell["cell_type"], "id": cell["id"], "metadata": {}}
        if _tags(cell):
            plain["metadata"] = {"tags": _tags(cell)}
        if cell["cell_type"] == "code":
            plain |= {"execution_count": None, "outputs": []}
            cell["source"] = "\n".join(change(cell["source"].split("\n")))
        made["cells"].append(plain | {"source": cell["source"]})
    return made


def _mark(line):
    return line.strip() in (BEGIN, END) or line.strip().startswith(STARTER.strip())


def _without_solution(lines):
    kept: list[str] = []
    instead: list[str] = []
    indent, inside = "", False
    for line in lines:
        if line.strip() == BEGIN:
            inside, instead, indent = True, [], line[: len(line) - len(line.lstrip())]
        elif line.strip() == END:
            if not instead and not indent:
                raise ValueError(
                    f"a solution at the left margin needs a line `{STARTER}name = None`"
                )
            kept += instead or [f'{indent}raise NotImplementedError("your answer")']
            inside = False
        elif inside and line.strip().startswith(STARTER.strip()):
            instead.append((indent + line.strip()[len(STARTER) :]).rstrip())
        elif not inside:
            kept.append(line)
    if inside:
        raise ValueError(f"`{BEGIN}` without `{END}`")
    return kept
