"""Pictures and data out of the pages, styles into one file: what stands first is there sooner.

Notebooks carry their pictures inside, as text, and so the frames of what can be explored. In the book
each is a file of its own, so that a page is read before its films have come.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib import resources
from pathlib import Path

from sphinx.application import Sphinx

FOLDER = "_images"
SMALL = 3000  # letters: below that a request costs more than it saves
INSIDE = re.compile(
    rf'(?P<name>\b(?:src|href|data-sheet)=)"data:image/(?P<kind>\w+);base64, ?(?P<data>[^"]{{{SMALL},}})"'
)
DATA = re.compile(rf'<script type="text/plain" class="wm-data">([^<]{{{SMALL},}})</script>')
STYLES = ("fonts.css", "course.css")  # and, before them, MyST-NB's for the cells of notebooks
TERMINAL = re.compile(r"^div\.highlight \.-Color[^}]*\}\n", re.MULTILINE)  # 500 rules nobody needs
BOOK = "book.css"


def taken_out(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Write the pictures and frames that stand in the page's text to files."""

    def stored(name: str, data: bytes) -> str:
        path = Path(app.outdir) / FOLDER / name
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        return context["pathto"](f"{FOLDER}/{name}", 1)

    def picture(found) -> str:
        data = base64.b64decode(found["data"])
        address = stored(f"{digest(data)}.{found['kind']}", data)
        return f'{found["name"]}"{address}"'

    def frames(found) -> str:  # in a script, since a page opened as a file may not read another
        key = digest(found[1].encode("utf8"))
        script = (
            f"document.querySelectorAll('[data-from$=\"{key}.js\"]').forEach("
            f"(place) => {{ place.textContent = {json.dumps(found[1])}; }});\n"
        )
        address = stored(f"{key}.js", script.encode("utf8"))
        return f'<script type="text/plain" class="wm-data" data-from="{address}"></script>'

    if "body" in context:
        body = DATA.sub(frames, INSIDE.sub(picture, context["body"]))
        context["body"] = body.replace("<img ", '<img loading="lazy" ')  # none is on a first screen


def digest(data: bytes) -> str:
    """A name for a file of this content."""
    return hashlib.sha256(data).hexdigest()[:16]


def forgotten(app: Sphinx, error: Exception | None) -> None:
    """Remove what earlier builds wrote and no page names any more."""
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    shown = {
        name
        for page in out.rglob("*.html")
        for name in re.findall(rf"{FOLDER}/([\w.-]+)", page.read_text(encoding="utf8"))
    }
    for path in (out / FOLDER).glob("*"):
        if path.name not in shown:
            path.unlink()


def one_style_sheet(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Ask for the styles that every page has in one file."""
    static = Path(app.outdir) / "_static"
    cells = resources.files("myst_nb").joinpath("static", "mystnb.css").read_text(encoding="utf8")
    cells = TERMINAL.sub("", cells)
    own = [(static / name).read_text(encoding="utf8") for name in STYLES]
    text = "\n".join([cells, *own])
    if not (static / BOOK).exists() or (static / BOOK).read_text(encoding="utf8") != text:
        (static / BOOK).write_text(text, encoding="utf8")
    context["css_files"] = [
        file
        for file in context["css_files"]
        if not Path(str(file.filename)).name.startswith(("mystnb", *STYLES))
    ]
    version = hashlib.sha256(text.encode("utf8")).hexdigest()[:8]
    context["wm_styles"] = context["pathto"](f"_static/{BOOK}", 1) + f"?v={version}"


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", taken_out, priority=960)
    app.connect("html-page-context", one_style_sheet, priority=970)
    app.connect("build-finished", forgotten)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
