"""Begin a chapter: its room, its notebook, its line in the contents, all of it running.

    python book/_tools/new_chapter.py my_topic          # or: make new-chapter NAME=my_topic

The chapter gets the next free number and stands at the end of the last part: move its line in
`book/_toc.yml` to where it belongs. What is written is a draft that passes every test, so that it
can be replaced part by part. Where anything fails, nothing is left behind.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat import v4

from wmlib.files import write_text
from wmlib.installing import SETUP

ROOT = Path(__file__).resolve().parents[2]
SKELETON = Path(__file__).parent / "skeleton"
LAST_CHAPTER = re.compile(r"(?s)(.*\n)( *- file: )notebooks/\d\d_\w+\n")


def free_number(root: Path) -> int:
    """One more than the last chapter's number."""
    rooms = [path.name[2:4] for path in (root / "wmlib" / "course").glob("ch[0-9][0-9]_*")]
    books = [path.name[:2] for path in (root / "notebooks").glob("[0-9][0-9]_*.ipynb")]
    return max(map(int, [*rooms, *books]), default=0) + 1


def sound(name: str, root: Path) -> str:
    """The name, where it can be that of a chapter.

    Raises:
        ValueError: if it cannot, or if a chapter has it already.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(
            f"a chapter's name is small letters, digits and underscores, got {name!r}: "
            "make new-chapter NAME=my_topic"
        )
    for path in [*(root / "wmlib" / "course").iterdir(), *(root / "notebooks").iterdir()]:
        if re.fullmatch(rf"(?:ch)?\d\d_{name}", path.stem):
            raise ValueError(f"there is a chapter of that name: {path.relative_to(root)}")
    return name


def setup_cell(nn: str) -> str:
    """The setup cell that every notebook has, and how a chapter begins."""
    return f'{SETUP}\nfrom wmlib.notebook import begin, check, confirm\n\nseed = begin("{nn}")'


def cells(text: str) -> list[nbformat.NotebookNode]:
    """The cells of `skeleton/chapter.md`: `%% kind id tags`, then the source."""
    _, *pieces = re.split(r"(?m)^%% (.+)\n", text)
    made = []
    for head, source in zip(pieces[::2], pieces[1::2]):
        kind, name, *tags = head.split()
        new = v4.new_markdown_cell if kind == "markdown" else v4.new_code_cell
        made.append(new(source.strip(), id=name, metadata={"tags": tags} if tags else {}))
    return made


def write(root: Path, name: str, number: int) -> list[Path]:
    """Write the room and the notebook, and put the line into the contents; what is new."""
    nn, title = f"{number:02d}", name.replace("_", " ").capitalize()
    room = root / "wmlib" / "course" / f"ch{nn}_{name}"
    path = root / "notebooks" / f"{nn}_{name}.ipynb"
    words = {"NUMBER": str(number), "NN": nn, "TITLE": title, "ROOM": room.name}

    def filled(text: str) -> str:
        for word, value in words.items():
            text = text.replace(f"[[{word}]]", value)
        return text

    room.mkdir()
    about = f"All that stands behind chapter {number}, {title.lower()}: experiments and evidence."
    write_text(room / "__init__.py", f'"""{about}"""\n')
    experiments = (SKELETON / "experiments.py").read_text(encoding="utf8")
    experiments = experiments.replace("Chapter 0, [[TITLE]]", f"Chapter {number}, {title.lower()}")
    write_text(room / "experiments.py", experiments.replace('"00_', f'"{nn}_'))
    for part in ("bets", "exercises", "questions"):
        text = (SKELETON / f"{part}.py").read_text(encoding="utf8").replace('"00_', f'"{nn}_')
        write_text(
            room / f"{part}.py",
            text.replace("chapter 0, [[TITLE]]", f"chapter {number}, {title.lower()}"),
        )

    words["SETUP"] = setup_cell(nn)
    made = v4.new_notebook(cells=cells(filled((SKELETON / "chapter.md").read_text("utf8"))))
    made.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    made.metadata["course"] = {"about": f"A draft: {title}.", "needs": [1], "draft": True}
    write_text(path, nbformat.writes(made) + "\n")

    toc = root / "book" / "_toc.yml"
    found = LAST_CHAPTER.match(text := toc.read_text(encoding="utf8"))
    if not found:
        raise ValueError("book/_toc.yml lists no chapter to stand behind: `- file: notebooks/...`")
    at = found.end()
    write_text(toc, f"{text[:at]}{found[2]}notebooks/{path.stem}\n{text[at:]}")
    return [room, path]


def run(root: Path, nn: str) -> None:
    """Store the evidence of the new room, then run the notebook in place."""
    paths = [str(root), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    for command in (
        ["-m", "wmlib.evidence", "run", nn],
        [str(root / "book" / "_tools" / "notebooks.py"), "run", nn],
    ):
        subprocess.run([sys.executable, *command], cwd=root, env=environment, check=True)


def begin(root: Path, name: str) -> list[Path]:
    """Everything, or nothing: the room and the notebook that were made."""
    name, number = sound(name, root), free_number(root)
    toc = root / "book" / "_toc.yml"
    before = toc.read_text(encoding="utf8")
    try:
        made = write(root, name, number)
        run(root, f"{number:02d}")
    except BaseException:
        write_text(toc, before)
        shutil.rmtree(root / "wmlib" / "course" / f"ch{number:02d}_{name}", ignore_errors=True)
        (root / "notebooks" / f"{number:02d}_{name}.ipynb").unlink(missing_ok=True)
        raise
    return made


def main() -> int:
    if len(sys.argv) != 2:
        print("say which: make new-chapter NAME=my_topic", file=sys.stderr)
        return 2
    try:
        made = begin(ROOT, sys.argv[1])
    except (ValueError, subprocess.CalledProcessError) as error:
        print(f"nothing was written: {error}", file=sys.stderr)
        return 1
    for path in made:
        print(path.relative_to(ROOT))
    print(
        "and its line in book/_toc.yml; make test-fast looks at it, CONTRIBUTING.md says what next"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
