"""The directive ``{course-map}``: the chapters and what each rests on, drawn from course.json.

The chapters stand one below the other; an arc at their left joins each to those it rests on.
"""

from __future__ import annotations

import html
import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

DATA = Path(__file__).parent.parent / "_data" / "course.json"
HEADING = 0.62  # height of a part's heading, in rows
ROOM = 100  # width of the arcs' column, in the drawing's units
LONGEST = 13.0  # rows that the longest arc may span: it takes all the room


class CourseMap(nodes.General, nodes.Element):
    """Stands for the map until the builder knows where the pages are."""


class CourseMapDirective(SphinxDirective):
    """``{course-map}``"""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(DATA))
        return [CourseMap()]


def heights(course: dict) -> tuple[dict[int, float], float]:
    """How far down each chapter's number stands, and how tall the map is, in rows."""
    at, down = {}, 0.0
    for part in course["parts"]:
        down += HEADING
        for number in part["chapters"]:
            at[number] = down + 0.5
            down += 1
    return at, down


def arcs(course: dict) -> str:
    """The drawing at the left: an arc from each chapter to those that rest on it."""
    at, tall = heights(course)
    paths = []
    for chapter in course["chapters"]:
        end = chapter["number"]
        for start in chapter["needs"]:
            span = at[end] - at[start]
            left = ROOM * (1 - (0.16 + 0.84 * span / LONGEST))
            middle = (at[start] + at[end]) / 2
            paths.append(
                f'<path d="M{ROOM} {at[start]:.2f}C{left:.0f} '
                f"{at[start]:.2f} {left:.0f} {middle:.2f} {left:.0f} {middle:.2f}S"
                f'{left:.0f} {at[end]:.2f} {ROOM} {at[end]:.2f}"/>'
            )
    return (
        f'<svg viewBox="0 0 {ROOM} {tall:.2f}" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(paths)}</svg>"
    )


def station(chapter: dict, link: str) -> str:
    """One chapter: its number, its title, what it is about."""
    number, title = chapter["number"], html.escape(chapter["title"])
    needs = " and ".join(map(str, chapter["needs"]))
    rests = f'<span class="visually-hidden">Rests on {needs}.</span>' if needs else ""
    return (
        f'<li><span class="station" aria-hidden="true">{number}</span>'
        f'<span class="visually-hidden">{number}.</span>'
        f'<p><strong><a href="{html.escape(link)}">{title}</a></strong> '
        f"<span>{html.escape(chapter['about'])} {rests}</span></p></li>"
    )


def draw(course: dict, links: dict[int, str]) -> str:
    """The map as HTML."""
    _, tall = heights(course)
    by_number = {c["number"]: c for c in course["chapters"]}
    parts = "".join(
        f'<p class="part">{html.escape(part["name"])}</p><ul>'
        + "".join(station(by_number[n], links[n]) for n in part["chapters"])
        + "</ul>"
        for part in course["parts"]
    )
    return (
        f'<figure class="wm-map" style="--rows: {tall:.2f}; --heading: {HEADING}">'
        f'<div class="lines">{arcs(course)}</div><div class="stations">{parts}</div>'
        "<figcaption>A line joins a chapter to those it rests on, above it.</figcaption></figure>"
    )


def replace(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Draw the map with links to the chapters."""
    for node in list(doctree.findall(CourseMap)):
        course = json.loads(DATA.read_text(encoding="utf8"))
        links = {
            c["number"]: app.builder.get_relative_uri(docname, f"notebooks/{c['file']}")
            for c in course["chapters"]
        }
        node.replace_self(nodes.raw("", draw(course, links), format="html"))


def setup(app: Sphinx) -> dict:
    app.add_node(CourseMap)
    app.add_directive("course-map", CourseMapDirective)
    app.connect("doctree-resolved", replace)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
