"""Slides: the marked cells of a notebook, as a presentation that needs no network."""

import re
import sys

import nbformat
import pytest
from nbformat import v4
from repository import CHAPTERS, ROOT

sys.path.insert(0, str(ROOT / "book" / "_tools"))
import slides  # noqa: E402


def written(tmp_path, *cells):
    path = tmp_path / "t.ipynb"
    nbformat.write(v4.new_notebook(cells=list(cells)), path)
    return path


def cell(source, kind="slide", make=v4.new_markdown_cell, **meta):
    return make(source, metadata={"slideshow": {"slide_type": kind}, **meta})


def test_only_marked_cells_are_shown_without_what_only_the_book_can_show(tmp_path):
    path = written(
        tmp_path,
        cell(
            "# First\n\nDyna {cite:p}`sutton1991` learns.\n\n<details><summary>S</summary>x</details>"
        ),
        v4.new_markdown_cell("not marked"),
        cell("skipped", "skip"),
        cell("print(1)", make=v4.new_code_cell),
        cell("hidden = 2", make=v4.new_code_cell, tags=["hide-input"]),
    )
    page = slides.presentation(path, "A title")
    assert "<title>A title slides</title>" in page and "First" in page and "print" in page
    assert not any(
        word in page for word in ("not marked", "skipped", "cite", "<details", "hidden = 2")
    )
    assert "Dyna learns." in re.sub(r"<[^>]+>", "", page)


def test_a_notebook_without_marked_cells_has_no_slides(tmp_path):
    assert slides.presentation(written(tmp_path, v4.new_markdown_cell("x")), "x") is None


def test_nothing_comes_from_another_host(tmp_path):
    page = slides.presentation(written(tmp_path, cell("$x$")), "x")
    loaded = re.findall(
        r"(?:src|href)=[\"'](https?:[^\"']+)|import [^;]*from '(https?:[^']+)'", page
    )
    assert not loaded
    for name in re.findall(r"(?:src|href)=\"\.\./_static/([^\"]+)\"", page):
        assert (ROOT / "book" / "_static" / name).exists(), name


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_slides_of_a_chapter_are_made(path):
    page = slides.presentation(path, path.stem)
    if page is None:
        pytest.skip("no cell of it is marked")
    assert page.count("<section") >= 16  # a slide is a section in a section
