"""The chapters of the course, read from where they are: the notebooks and the contents.

A chapter is a notebook whose file name begins with its number, ``03_neural_dynamics.ipynb``. Its
title is its first heading, its part the caption above it in ``book/_toc.yml``. The rest stands in
the notebook's metadata under ``course``: ``about`` (one sentence), ``needs`` (the chapters it rests
on), and where it applies ``minutes`` (a longer budget than others) and ``draft``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
FILE = re.compile(r"(?:notebooks/)?(\d\d)_\w+")
TITLE = re.compile(r"^#\s+(?:Chapter\s+)?(\d{1,2})\s*[·.:–—-]\s*(.+)$", re.MULTILINE)
PRIMER = "notebooks/00_primer"  # what the course assumes: no chapter
MINUTES = 4.0  # the budget of a chapter that asks for no other


@dataclass(frozen=True)
class Chapter:
    """One chapter. `file` is the notebook's name without its ending."""

    number: int
    file: str
    title: str
    part: str
    about: str
    needs: tuple[int, ...] = ()
    minutes: float = MINUTES
    draft: bool = False

    @property
    def page(self) -> str:
        """The name of its page in the book."""
        return f"notebooks/{self.file}"


def contents(root: Path = ROOT) -> list[tuple[str, list[str]]]:
    """The parts of the book that hold chapters, as the contents list them: caption and files."""
    toc = yaml.safe_load((root / "book" / "_toc.yml").read_text(encoding="utf8"))
    parts = []
    for part in toc["parts"]:
        pages = [entry["file"] for entry in part["chapters"]]
        pages = [page for page in pages if page.startswith("notebooks/") and page != PRIMER]
        files = [page.removeprefix("notebooks/") for page in pages]
        if files:
            parts.append((part["caption"], files))
    return parts


@cache
def chapters(root: Path = ROOT) -> tuple[Chapter, ...]:
    """Every chapter that the contents name, in their order.

    Raises:
        ValueError: for a notebook without a numbered title, or without `about` in its metadata.
    """
    return tuple(read(root, file, part) for part, files in contents(root) for file in files)


def read(root: Path, file: str, part: str) -> Chapter:
    """What one notebook says of itself."""
    path = root / "notebooks" / f"{file}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf8"))
    named = FILE.fullmatch(file)
    title = TITLE.search("".join(notebook["cells"][0]["source"]))
    if not named or not title or int(named[1]) != int(title[1]):
        raise ValueError(
            f"{path.name}: a chapter's file begins with two digits and its first cell with a title "
            "of the same number, `# 3 · Neural dynamics`"
        )
    course = notebook["metadata"].get("course", {})
    if not course.get("about"):
        raise ValueError(f'{path.name}: its metadata lacks "course": {{"about": "...", ...}}')
    return Chapter(
        number=int(title[1]),
        file=file,
        title=title[2].strip(),
        part=part,
        about=course["about"],
        needs=tuple(course.get("needs", ())),
        minutes=course.get("minutes", MINUTES),
        draft=course.get("draft", False),
    )
