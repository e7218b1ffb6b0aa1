"""What Sphinx and its extensions write that a screen reader stumbles over, put right in each page."""

from __future__ import annotations

import re

from sphinx.application import Sphinx

MENDED = (
    # A fold is called by what stands on it, not "Toggle hidden content".
    (re.compile(r'<summary aria-label="Toggle hidden content">'), "<summary>"),
    # docutils' roles: the entry's is deprecated, and its list holds more than entries.
    (re.compile(r' role="doc-biblioentry"'), ""),
    (re.compile(r'<div role="list" class="citation-list">'), '<div class="citation-list">'),
    # The empty corner of a table is the head of nothing.
    (re.compile(r"<th\b[^>]*>(?:<p></p>)?</th>"), "<td></td>"),
)


def mend(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    if "body" in context:
        for pattern, better in MENDED:
            context["body"] = pattern.sub(better, context["body"])


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", mend)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
