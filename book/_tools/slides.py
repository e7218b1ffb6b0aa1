"""Slides of the chapters: the cells with a slide type, as a reveal.js presentation for each.

    python book/_tools/slides.py          # all, into _build/html/slides/
    python book/_tools/slides.py 07       # one chapter

An instructor marks a cell in JupyterLab (Property Inspector, Slide Type). A cell without a type is
left out; cells tagged `hide-input` show their output only. No page asks another host for anything.
"""

from __future__ import annotations

import re
import sys
import warnings
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter
from traitlets.config import Config

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from wm_chapters import chapters  # noqa: E402

from wmlib.files import write_text  # noqa: E402

SHOWN = ("slide", "subslide", "fragment")


def marked(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with its slides' cells alone, without what only the book can show."""
    kept = []
    for cell in notebook.cells:
        if cell.metadata.get("slideshow", {}).get("slide_type") not in SHOWN:
            continue
        cell.source = re.sub(r"(?s)<details>.*?</details>", "", cell.source)
        cell.source = re.sub(r"\s*\{cite(?::\w)?\}`[^`]*`", "", cell.source)
        kept.append(cell)
    notebook.cells = kept
    notebook.metadata.pop("widgets", None)
    return notebook


def presentation(path: Path, title: str) -> str | None:
    """The slides of a notebook as a page; None where no cell is marked."""
    notebook = marked(nbformat.read(path, as_version=4))
    if not notebook.cells:
        return None
    notebook.metadata["title"] = title
    config = Config()
    config.TemplateExporter.extra_template_basedirs = [str(Path(__file__).parent)]
    config.TagRemovePreprocessor.remove_input_tags = {"hide-input"}
    config.TagRemovePreprocessor.enabled = True
    exporter = SlidesExporter(
        config=config,
        template_name="slides",
        reveal_url_prefix="../_static/vendor/reveal",
        reveal_theme="course",
        exclude_anchor_links=True,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pictures have their texts, but not where it looks
        return exporter.from_notebook_node(notebook)[0]


def main(only: list[str]) -> list[Path]:
    """Write the slides of all chapters, or of those named by their numbers; where they are."""
    written = []
    for chapter in chapters():
        if only and f"{chapter.number:02d}" not in only:
            continue
        page = presentation(ROOT / "notebooks" / f"{chapter.file}.ipynb", chapter.title)
        if page is not None:
            to = ROOT / "_build" / "html" / "slides" / f"{chapter.number:02d}.html"
            to.parent.mkdir(parents=True, exist_ok=True)
            write_text(to, page)
            written.append(to)
    return written


if __name__ == "__main__":
    for path in main(sys.argv[1:]):
        print(path.relative_to(ROOT))
