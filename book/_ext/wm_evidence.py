"""The directive ``{evidence}``: every claim of the book with what it rests on.

Read at build time from ``wmlib/experiments/stored/*.json`` (many seeds of each experiment) and
``book/_data/claims.json`` (whole notebooks run again with other base seeds).
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Evidence(SphinxDirective):
    """``{evidence}``"""

    def run(self) -> list[nodes.Node]:
        return [nodes.paragraph("", "To come.")]


def setup(app: Sphinx) -> dict:
    app.add_directive("evidence", Evidence)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
