"""Bets: a guess before each result, kept in the browser, then shown beside what came out.

    bet("03", "rows")  # below the question
    bets("03")         # at the end of the chapter: where intuition was right, and where it failed

They work in a page without a kernel, and without a script what came out stands in a `<details>`.
"""

from __future__ import annotations

import base64
import html
import importlib
import json
from typing import Any

from wmlib.evidence import room
from wmlib.figures.display import put, source
from wmlib.questions.kinds import Bet
from wmlib.widgets import VIEW, wants_widget

STYLE, SCRIPT = source("../questions/bet.css"), source("../questions/bet.js")
SKETCH = source("../questions/sketch.js")


def bets_of(chapter: str) -> dict[str, Bet]:
    """The bets of a chapter ("03"; "00" is the primer), by name.

    Raises:
        ValueError: if there is no such chapter.
    """
    where = "reviews.primer_bets" if chapter == "00" else f"{room(chapter).name}.bets"
    return importlib.import_module(f"wmlib.course.{where}").BETS


def bet(chapter: str, name: str) -> None:
    """Let the reader bet on what comes next.

    Raises:
        ValueError: if the chapter has no such bet.
    """
    found = bets_of(chapter)
    if name not in found:
        raise ValueError(f"chapter {chapter} has no bet {name!r}: its bets are {', '.join(found)}")
    spec = found[name].spec()
    _show(bet_html(chapter, name, spec), spec["asked"], "one", chapter, {name: spec})


def bets(chapter: str) -> None:
    """Show the bets that the reader made in a chapter beside what came out, furthest off first."""
    specs = {name: each.spec() for name, each in bets_of(chapter).items()}
    words = f"Your bets in this chapter, of {len(specs)}, beside what came out."
    _show(bets_html(chapter, specs), words, "all", chapter, specs)


def bet_html(chapter: str, name: str, spec: dict[str, Any]) -> str:
    """One bet as a fragment of HTML."""
    begin = f'<p class="wm-asked"><b>Your bet.</b> {html.escape(spec["asked"])}</p>'
    return _page("one", chapter, {name: spec}, begin, f"<p>{_told(spec)}</p>")


def bets_html(chapter: str, specs: dict[str, dict[str, Any]]) -> str:
    """The table of a chapter's bets as a fragment of HTML."""
    rows = "".join(
        f"<p>{html.escape(spec['asked'])} <b>{_told(spec)}</b></p>" for spec in specs.values()
    )
    return _page("all", chapter, specs, '<p class="wm-asked"><b>Your bets</b></p>', rows)


def _told(spec):
    return html.escape(f"{spec['says']}. {spec['because']}".strip())


def _page(kind, chapter, specs, begin, without_script):
    # Coded, so that neither a search in the page nor a look at its source gives it away.
    packed = base64.b64encode(json.dumps(specs).encode()).decode()
    inside = (
        f'<div class="wm-bet" data-wm-bet="{kind}" data-chapter="{chapter}" '
        f'data-bets="{packed}">{begin}'
        f"<details><summary>What came out</summary>{without_script}</details></div>"
    )
    sketched = kind == "one" and any(spec["kind"] == "curve" for spec in specs.values())
    script = f"<script>{SKETCH if sketched else ''}{SCRIPT}</script>"
    return f'<style>{STYLE}</style><div class="wm-figure">{inside}</div>{script}'


def _show(page, words, kind, chapter, specs):
    if not wants_widget():
        put(page, words)
        return
    from IPython.display import display

    from wmlib.questions.live import made

    widget = made(kind, chapter, specs)
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    display({"text/plain": words, "text/html": page, VIEW: view}, raw=True)
