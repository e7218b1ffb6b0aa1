"""The directive ``{course-map}``: the chapters and what each rests on, drawn from the notebooks.

The chapters stand one below the other; an arc at their left joins each to those it rests on.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from itertools import groupby

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from wm_chapters import Chapter, chapters

PAGE = "book/map"
HEADING = 0.62  # height of a part's heading, in rows
ROOM = 100  # width of the arcs' column, in the drawing's units


class CourseMap(nodes.General, nodes.Element):
    """Stands for the map until the builder knows where the pages are."""


class CourseMapDirective(SphinxDirective):
    """``{course-map}``"""

    def run(self) -> list[nodes.Node]:
        return [CourseMap()]


def by_part(course: Sequence[Chapter]) -> list[tuple[str, list[Chapter]]]:
    """The parts in order, each with its chapters."""
    return [(part, list(inside)) for part, inside in groupby(course, lambda c: c.part)]


def heights(course: Sequence[Chapter]) -> tuple[dict[int, float], float]:
    """How far down each chapter's number stands, and how tall the map is, in rows."""
    at, down = {}, 0.0
    for _, inside in by_part(course):
        down += HEADING
        for chapter in inside:
            at[chapter.number] = down + 0.5
            down += 1
    return at, down


def arcs(course: Sequence[Chapter]) -> str:
    """The drawing at the left: an arc from each chapter to those that rest on it."""
    at, tall = heights(course)
    ends = [(at[need], at[chapter.number]) for chapter in course for need in chapter.needs]
    longest = max((math.ceil(end - start) for start, end in ends), default=1)
    paths = []
    for start, end in ends:
        # The longest arc takes all the room.
        left = ROOM * (1 - (0.16 + 0.84 * (end - start) / longest))
        middle = (start + end) / 2
        paths.append(
            f'<path d="M{ROOM} {start:.2f}C{left:.0f} '
            f"{start:.2f} {left:.0f} {middle:.2f} {left:.0f} {middle:.2f}S"
            f'{left:.0f} {end:.2f} {ROOM} {end:.2f}"/>'
        )
    return (
        f'<svg viewBox="0 0 {ROOM} {tall:.2f}" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(paths)}</svg>"
    )


def station(chapter: Chapter, link: str) -> str:
    """One chapter: its number, its title, what it is about."""
    number, title = chapter.number, html.escape(chapter.title)
    needs = " and ".join(map(str, chapter.needs))
    rests = f'<span class="visually-hidden">Rests on {needs}.</span>' if needs else ""
    return (
        f'<li><span class="station" aria-hidden="true">{number}</span>'
        f'<span class="visually-hidden">{number}.</span>'
        f'<p><strong><a href="{html.escape(link)}">{title}</a></strong> '
        f"<span>{html.escape(chapter.about)} {rests}</span></p></li>"
    )


def draw(course: Sequence[Chapter], links: dict[int, str]) -> str:
    """The map as HTML."""
    _, tall = heights(course)
    parts = "".join(
        f'<p class="part">{html.escape(part)}</p><ul>'
        + "".join(station(chapter, links[chapter.number]) for chapter in inside)
        + "</ul>"
        for part, inside in by_part(course)
    )
    return (
        f'<figure class="wm-map" style="--rows: {tall:.2f}; --heading: {HEADING}">'
        f'<div class="lines">{arcs(course)}</div><div class="stations">{parts}</div>'
        "<figcaption>A line joins a chapter to those it rests on, above it.</figcaption></figure>"
    )


def replace(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Draw the map with links to the chapters."""
    for node in list(doctree.findall(CourseMap)):
        course = chapters()
        links = {c.number: app.builder.get_relative_uri(docname, c.page) for c in course}
        node.replace_self(nodes.raw("", draw(course, links), format="html"))


def always_read(app: Sphinx, env, added, changed, removed) -> list[str]:
    """A notebook or the contents may have changed since the last build."""
    return [PAGE] if PAGE in env.found_docs else []


def setup(app: Sphinx) -> dict:
    app.connect("env-get-outdated", always_read)
    app.add_node(CourseMap)
    app.add_directive("course-map", CourseMapDirective)
    app.connect("doctree-resolved", replace)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
