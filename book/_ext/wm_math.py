"""Formulas become MathML when the book is built: no page loads a typesetter.

Screen readers read MathML, browsers typeset it. TeX that cannot be converted is a warning, and so
fails the build.
"""

from __future__ import annotations

import re

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.util import logging

LOG = logging.getLogger(__name__)
CONVERTER = LatexToMathML(fancy_error=False)
BETWEEN = re.compile(r"(?:\\qquad\s*)+")
# A prime is high already: as a superscript it would stand too high, and small.
PRIME = re.compile(r"<msup>((?:(?!</?msup>).)*?)<mo>([′″‴])</mo></msup>")
# What carries an exponent is not stretched, a row that holds it is: \big(...\big)^2.
STRETCHED = re.compile(r"(<msu[bp](?:sup)?>)(<mo [^>]*minsize[^>]*>[^<]*</mo>)")
# A name of several letters is upright as it is.
NAME = re.compile(r"<mrow><mspace/>(<mi>\w{2,}</mi>)</mrow>")


def mathml(tex: str, display: bool, node: nodes.Node) -> str:
    """The formula as MathML; where it is none, its TeX in a box, with a warning."""
    try:
        made = CONVERTER.convert_with_local_state(tex, displaystyle=display)
        made = PRIME.sub(r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>', made)
        made = NAME.sub(r"\1", made)
        return STRETCHED.sub(r"\1<mrow><mi></mi>\2</mrow>", made)
    except LatexError as error:
        LOG.warning("no formula: %s in %r", error, tex, location=node)
        return f"<code>{tex.replace('&', '&amp;').replace('<', '&lt;')}</code>"


def formulas(tex: str) -> list[str]:
    r"""The formulas that stand side by side in one display, with ``\qquad`` between them.

    Each can then take a line of its own where there is no room for all.
    """
    found, start = [], 0
    for gap in BETWEEN.finditer(tex):
        before = tex[: gap.start()]
        if before.count("{") == before.count("}") and r"\begin" not in tex:
            found.append(tex[start : gap.start()])
            start = gap.end()
    return [*found, tex[start:]]


def visit_math(self, node: nodes.math) -> None:
    self.body.append(mathml(node.astext(), False, node))
    raise nodes.SkipNode


def visit_display(self, node: nodes.math_block) -> None:
    if node["number"]:
        LOG.warning("numbered formulas are not drawn: leave out the label", location=node)
    self.body.append(self.starttag(node, "div", CLASS="math"))
    self.body.append(" ".join(mathml(tex, True, node) for tex in formulas(node.astext())))
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict:
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_display, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
