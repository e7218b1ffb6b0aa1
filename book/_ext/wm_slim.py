"""Fewer elements on a page: a browser is done sooner with 4,000 of them than with 13,000.

Highlighted code and signatures get an element only for what has a look of its own; plots are drawn
with fewer (`wm_plots`).
"""

from __future__ import annotations

import re

from pygments.formatters import HtmlFormatter
from pygments.token import (
    Comment,
    Generic,
    Keyword,
    Literal,
    Name,
    Operator,
    Punctuation,
    String,
    Text,
)
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge
from wm_plots import fewer

# The class of a piece of code is that of its nearest kind in here; "" is plain.
LOOKS = {
    Comment: "c",
    Generic.Prompt: "gp",
    Keyword: "k",
    Literal: "",
    Name: "",
    Name.Class: "nf",
    Name.Function: "nf",
    Operator: "",
    Operator.Word: "k",
    Punctuation: "",
    String: "s",
    String.Interpol: "",
    Text: "",
}
PLAIN = re.compile(r'<span class="(?:pre|n|o|p|w|default_value)">([^<]*)</span>|<span></span>')
# Boxes in boxes around a cell's code, and the two names of a fold, of which one is shown.
BOX = re.compile(
    r'<div class="highlight-(?:ipython3|myst-ansi) notranslate">(<div class="highlight">.*?</div>)\s*</div>',
    re.DOTALL,
)
FOLD = re.compile(
    r'<summary([^>]*)>\s*<p class="collapsed[^>]*>(.*?)</p>\s*<p class="expanded[^>]*>.*?</p>\s*</summary>',
    re.DOTALL,
)
SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


class Quiet(HtmlFormatter):
    """Highlight what has a look of its own; write everything else as it is."""

    def _get_css_classes(self, ttype) -> str:
        for kind in reversed(ttype.split()):
            if kind in LOOKS:
                return LOOKS[kind]
        return super()._get_css_classes(ttype)


def slim(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Take from the page's body what nobody sees."""
    if "body" in context:
        body, more = PLAIN.sub(r"\1", context["body"]), 1
        while more:  # spans stand in spans
            body, more = PLAIN.subn(r"\1", body)
        body = FOLD.sub(r"<summary\1>\2</summary>", BOX.sub(r"\1", body))
        context["body"] = SVG.sub(lambda found: fewer(found[0]), body)


def setup(app: Sphinx) -> dict:
    PygmentsBridge.html_formatter = Quiet
    app.connect("html-page-context", slim, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
