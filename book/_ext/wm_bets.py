"""What answers a bet, in a box of its own that is hidden until the reader has bet (the theme's `cover.html`).

The box begins below the bet. It ends before the next heading, the cell that asks the next question,
the questions or the table of bets, whichever comes first. Where the text goes on to what a later
question needs, the tag `after-result` on a cell ends it there.
"""

from __future__ import annotations

import json
import re

from sphinx.application import Sphinx

BET = re.compile(r'bet\("(\d\d)", "(\w+)"\)\s*')
ASKS = re.compile(r"(?m)^> \*\*Guess first")
HEADING = re.compile(r"(?m)^#{1,6} ")
END = re.compile(r"(?m)^(?:quiz|bets)\(")
FENCE = re.compile(r"(?ms)^```.*?^```")


def box(chapter: str, name: str) -> str:
    """Where the hidden part of a bet begins."""
    return (
        f'<div class="wm-answer" data-chapter="{chapter}" data-bet="{name}">'
        "<script>wmCover()</script>"
    )


def boxed(cells: list[dict]) -> list[dict]:
    """The cells of a notebook, with two more around what answers each bet.

    Raises:
        ValueError: if nothing follows a bet before the box would end.
    """
    made, bet = [], None

    def add(source: str) -> None:
        made.append(
            {"cell_type": "markdown", "id": f"box-{len(made)}", "metadata": {}, "source": source}
        )

    for cell in cells:
        text = "".join(cell["source"])
        before = told_before(cell, text) if bet else 0
        if bet and before != len(text):
            if text[:before].strip():
                add(text[:before])
            if made[-1]["source"] == box(*bet):
                raise ValueError(f"bet {bet}: no cell between it and the next heading or question")
            add("</div>")
            bet, cell = None, {**cell, "source": text[before:]}
        made.append(cell)
        if cell["cell_type"] == "code" and (found := BET.fullmatch(text)):
            bet = found.groups()
            add(box(*bet))
    if bet:
        add("</div>")
    return made


def told_before(cell: dict, text: str) -> int:
    """How much of a cell's text still belongs to the box: all, none, or what stands above a heading."""
    if "after-result" in cell["metadata"].get("tags", []):
        return 0
    if cell["cell_type"] == "code":
        return 0 if END.search(text) else len(text)
    heading = HEADING.search(FENCE.sub(lambda found: " " * len(found[0]), text))
    if heading:
        return heading.start()
    return 0 if ASKS.search(text) else len(text)


def read(app: Sphinx, docname: str, content: list[str]) -> None:
    """Put the boxes into a notebook before it is parsed."""
    if docname.startswith("notebooks/"):
        notebook = json.loads(content[0])
        notebook["cells"] = boxed(notebook["cells"])
        content[0] = json.dumps(notebook)


def setup(app: Sphinx) -> dict:
    app.connect("source-read", read)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
