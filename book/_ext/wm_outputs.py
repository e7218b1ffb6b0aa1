"""What the library drew into outputs, brought up to what the library is today.

A film or a quiz brings its styles and its script along in every output, so that it works in any
notebook. In the book they come once, from `_static/wm_outputs.css` and `.js`, which are the
library's present files: a change there reaches every page without running a notebook again.
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from wmlib.figures.display import source

STYLES = ("figure.css", "controls.css", "../questions/quiz.css", "../questions/bet.css")
SCRIPTS = {
    "reel": "reel.js",
    "explore": "explore.js",
    "quiz": "../questions/quiz.js",
    "sketch": "../questions/sketch.js",
    "bet": "../questions/bet.js",
}
KINDS = "|".join(SCRIPTS)
OURS = 'class="wm-figure"'

SCRIPT = re.compile(
    rf'<script>(?:(?!</script>).)*\[data-wm-(?:{KINDS})="\w+"\].*?</script>', re.DOTALL
)
STYLE = re.compile(r"<style>\s*\.wm-(?:figure|quiz|bet)\b.*?</style>", re.DOTALL)
CONTROLS = re.compile(r"<style>\s*\.wm-controls .*?</style>", re.DOTALL)
SPARE = re.compile(r'<img class="wm-spare [^>]*>')
PICTURE = re.compile(r'(<(?:img|svg)\b[^>]*?\b(?:alt|aria-label)=")([^"]*)"')


def present(fragment: str) -> str:
    """The fragment without its own copies of styles and scripts, every picture of it with a name."""
    if OURS not in fragment:
        return fragment
    fragment = STYLE.sub("", SCRIPT.sub("", fragment))
    if re.search(rf'data-wm-(?:{KINDS})="', fragment):
        fragment = CONTROLS.sub("", fragment)
    # The spare image is for notebooks that are not trusted; here it would only be heavy.
    return named(SPARE.sub("", fragment))


def named(fragment: str) -> str:
    """Of several pictures in one figure the first is described; the others say so."""
    count = len(PICTURE.findall(fragment))
    at = 0

    def name(found):
        nonlocal at
        at += 1
        said = found[2] or f"Picture {at} of {count}, described with the first."
        return f'{found[1]}{said}"'

    return PICTURE.sub(name, fragment)


class Outputs(SphinxPostTransform):
    """Bring every raw HTML output up to date."""

    default_priority = 10  # after one format of each output was chosen
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for raw in list(self.document.findall(nodes.raw)):
            if raw.get("format") == "html":
                text = present(raw.astext())
                if text != raw.astext():
                    raw.replace_self(nodes.raw("", text, format="html"))


def load(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Styles and scripts for pages that have such an output."""
    if OURS in context.get("body", ""):
        app.add_css_file("wm_outputs.css", priority=900)
        app.add_js_file("wm_outputs.js", loading_method="defer")


def write(app: Sphinx, error: Exception | None) -> None:
    """Both files, from the library's."""
    if error is None and app.builder.format == "html":
        static = Path(app.outdir) / "_static"
        styles = "\n".join(map(source, STYLES))
        scripts = [
            source(file).replace(f'[data-wm-{kind}="NAME"]', f"[data-wm-{kind}]")
            for kind, file in SCRIPTS.items()
        ]
        (static / "wm_outputs.css").write_text(styles + "\n", encoding="utf8")
        (static / "wm_outputs.js").write_text("\n".join(scripts) + "\n", encoding="utf8")


def setup(app: Sphinx) -> dict:
    app.add_post_transform(Outputs)
    app.connect("html-page-context", load)
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
