"""The directives ``{questions}``, explained questions in a page, and ``{slides}``, what instructors get.

``{questions} part_1`` shows `wmlib/course/reviews/part_1.py`; the text behind the name is the title.
"""

from __future__ import annotations

import html
import importlib
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from wm_chapters import chapters

from wmlib.questions import quiz_html


class Slides(SphinxDirective):
    """``{slides}``: the chapters' slides and pages for instructors, those that there are."""

    def run(self) -> list[nodes.Node]:
        rows = []
        for chapter in chapters():
            number = f"{chapter.number:02d}"
            page = Path(str(self.env.doc2path("book/teaching/index"))).with_name(f"{number}.md")
            if page.exists():
                rows.append(
                    f'<li><a href="{number}.html">{chapter.number} · {html.escape(chapter.title)}</a>'
                    f' · <a href="../../slides/{number}.html">slides</a></li>'
                )
        return [nodes.raw("", f"<ul>{''.join(rows)}</ul>", format="html")]


class Questions(SphinxDirective):
    """``{questions} NAME TITLE``."""

    required_arguments = 1
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        module = importlib.import_module(f"wmlib.course.reviews.{self.arguments[0]}")
        self.env.note_dependency(str(module.__file__))
        title = self.arguments[1] if len(self.arguments) > 1 else "What have you understood?"
        return [nodes.raw("", quiz_html(module.QUESTIONS, title), format="html")]


def setup(app: Sphinx) -> dict:
    app.add_directive("questions", Questions)
    app.add_directive("slides", Slides)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
