"""The directive ``{course-map}``: the chapters and what each rests on, drawn from course.json.

A chapter that is in the book is a link; one that is not yet written is drawn so.
"""

from __future__ import annotations

import html
import json
import textwrap
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

DATA = Path(__file__).parent.parent / "_data" / "course.json"
WIDTH, BOX_W, BOX_H = 760, 158, 62
COLUMNS = 4
LEFT, TOP, ROW = 14, 30, 132  # where the first box stands, and how far apart the rows are
GAP = (WIDTH - 2 * LEFT - COLUMNS * BOX_W) / (COLUMNS - 1)


class CourseMap(nodes.General, nodes.Element):
    """Stands for the map until the builder knows where the pages are."""


class CourseMapDirective(SphinxDirective):
    """``{course-map}``"""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(DATA))
        return [CourseMap()]


def places(course: dict) -> dict[int, tuple[float, float]]:
    """The top left corner of each chapter's box: a row for each part, centred."""
    found = {}
    for row, part in enumerate(course["parts"]):
        count = len(part["chapters"])
        width = count * BOX_W + (count - 1) * GAP
        start = (WIDTH - width) / 2
        for column, number in enumerate(part["chapters"]):
            found[number] = (start + column * (BOX_W + GAP), TOP + row * ROW)
    return found


def arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    """A curve from one box to another: sideways within a part, downwards between parts."""
    (x0, y0), (x1, y1) = start, end
    if y0 == y1:
        x0, x1, y = (x0 + BOX_W, x1 - 6, y0 + BOX_H / 2)
        if x1 - x0 > BOX_W:  # past a neighbour: over its head
            return f'<path d="M{x0 - 22:.0f} {y0:.0f}C{x0:.0f} {y0 - 26:.0f} ' \
                   f'{x1 + 8:.0f} {y0 - 26:.0f} {x1 + 28:.0f} {y0 - 6:.0f}"/>'
        return f'<path d="M{x0:.0f} {y:.0f}H{x1:.0f}"/>'
    # Leave and arrive a little to the side one comes from, so that arrows do not coincide.
    lean = max(-46, min(46, (x1 - x0) / 6))
    x0, x1 = x0 + BOX_W / 2 + lean, x1 + BOX_W / 2 - lean
    y0, y1 = y0 + BOX_H, y1 - 6
    middle = (y0 + y1) / 2
    return f'<path d="M{x0:.0f} {y0:.0f}C{x0:.0f} {middle:.0f} {x1:.0f} {middle:.0f} ' \
           f'{x1:.0f} {y1:.0f}"/>'


def box(chapter: dict, place: tuple[float, float], link: str | None) -> str:
    """One chapter."""
    x, y = place
    lines = textwrap.wrap(chapter["title"], 19)[:3]
    first = y + BOX_H / 2 + 5 - 8.5 * (len(lines) - 1)
    words = "".join(f'<tspan x="{x + 42:.0f}" y="{first + 17 * i:.1f}">{html.escape(line)}</tspan>'
                    for i, line in enumerate(lines))
    drawn = (f'<rect x="{x:.0f}" y="{y:.0f}" width="{BOX_W}" height="{BOX_H}" rx="5"/>'
             f'<text class="number" x="{x + 22:.0f}" y="{y + BOX_H / 2 + 8:.0f}">'
             f'{chapter["number"]}</text><text>{words}</text>')
    if link is None:
        return f'<g class="unwritten">{drawn}</g>'
    return f'<a href="{html.escape(link)}" class="written">{drawn}</a>'


def draw(course: dict, links: dict[int, str]) -> str:
    """The map and, below it, the same in words."""
    at = places(course)
    height = TOP + (len(course["parts"]) - 1) * ROW + BOX_H + 16
    arrows = "".join(
        f'<g class="{"arrow" if c["number"] in links else "arrow unwritten"}">'
        + "".join(arrow(at[n], at[c["number"]]) for n in c["needs"]) + "</g>"
        for c in course["chapters"])
    boxes = "".join(box(c, at[c["number"]], links.get(c["number"])) for c in course["chapters"])
    names = "".join(
        f'<text class="part" x="{WIDTH / 2}" y="{TOP + row * ROW - 12}">'
        f'{html.escape(part["name"])}</text>' for row, part in enumerate(course["parts"]))
    marker = ('<defs><marker id="wm-map-head" viewBox="0 0 8 8" refX="4" refY="4" '
              'markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/>'
              "</marker></defs>")
    written = ", ".join(str(n) for n in sorted(links)) or "none yet"
    figure = (
        '<figure class="wm-figure wm-map"><div class="wm-scroll">'
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="The thirteen chapters in '
        "four parts, with an arrow from each chapter to those that rest on it. Written: chapters "
        f'{written}. The same is said in words below.">'
        f"{marker}{arrows}{boxes}{names}</svg></div>"
        "<figcaption>Solid: a chapter you can read and run today. Dashed and grey: planned, "
        "<strong>not yet written</strong>. An arrow says what rests on what.</figcaption></figure>")
    rows = []
    for part in course["parts"]:
        rows.append(f'<tr class="part"><th colspan="3" scope="colgroup">{html.escape(part["name"])}'
                    "</th></tr>")
        for chapter in (c for c in course["chapters"] if c["number"] in part["chapters"]):
            title = html.escape(chapter["title"])
            link = links.get(chapter["number"])
            name = f'<a href="{html.escape(link)}">{title}</a>' if link else \
                f'{title} <em class="wm-unwritten">not yet written</em>'
            needs = ", ".join(map(str, chapter["needs"])) or "—"
            rows.append(f'<tr><th scope="row">{chapter["number"]}</th><td>{name}<br>'
                        f'<span class="about">{html.escape(chapter["about"])}</span></td>'
                        f"<td>{needs}</td></tr>")
    table = ('<div class="wm-scroll"><table class="wm-map-words"><thead><tr><th scope="col"></th>'
             '<th scope="col">Chapter</th><th scope="col">Rests on</th></tr></thead><tbody>'
             + "".join(rows) + "</tbody></table></div>")
    return figure + table


def replace(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Draw the map with links to the chapters that are in the book."""
    for node in list(doctree.findall(CourseMap)):
        course = json.loads(DATA.read_text(encoding="utf8"))
        links = {
            c["number"]: app.builder.get_relative_uri(docname, f"notebooks/{c['file']}")
            for c in course["chapters"] if f"notebooks/{c['file']}" in app.env.all_docs
        }
        node.replace_self(nodes.raw("", draw(course, links), format="html"))


def setup(app: Sphinx) -> dict:
    app.add_node(CourseMap)
    app.add_directive("course-map", CourseMapDirective)
    app.connect("doctree-resolved", replace)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
