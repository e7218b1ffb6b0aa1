"""The index of the search: every section's heading and prose, in a script that the search page loads.

A script, because a page opened as a file may not read other files. `_static/search.js` searches it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from wm_chapters import chapters

from wmlib.files import write_text

NAME = "search_index.js"
# Not prose: code, what code printed or drew, formulas.
LEFT_OUT = (
    nodes.raw,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.comment,
    nodes.image,
)
# What has an entry of its own.
APART = (nodes.section, nodes.title, addnodes.desc, addnodes.glossary)
# `search.js` weighs a kind by its place: chapters, pages of text, ...
FOLDERS = {"teaching": 2, "capstone": 2, "reviews": 2, "challenges": 3, "api": 4}


def kind(docname: str) -> int:
    """What kind of page it is: 0 a chapter, 1 a page of text, and so on."""
    if docname.startswith("notebooks/"):
        return 0
    return FOLDERS.get(docname.split("/")[1], 1)


def prose(node: nodes.Node) -> str:
    """The words below a node that belong to no section and no documented object below it."""
    if isinstance(node, nodes.Text):
        return node.astext()
    cited = isinstance(node, addnodes.pending_xref) and node.get("refdomain") == "cite"
    defined = isinstance(node, nodes.term) and node.get("ids")
    if cited or defined or isinstance(node, LEFT_OUT + APART):
        return ""
    said = "".join(map(prose, node.children))
    return said if isinstance(node, nodes.Inline) else f" {said} "


def entries(document: nodes.document) -> list[list[str]]:
    """(anchor, heading, prose) of each section and each documented object of a page."""
    found = []
    for section in document.findall(nodes.section):
        heading = section.next_node(nodes.title)
        found.append([section["ids"][0], plain(heading.astext()), plain(prose_in(section))])
    for described in document.findall(addnodes.desc):
        signature = described.next_node(addnodes.desc_signature)
        if signature is not None and signature.get("ids"):
            name = signature.get("fullname") or signature.astext()
            found.append([signature["ids"][0], name, plain(prose_in(described[-1]))])
    for term in document.findall(nodes.term):
        if term.get("ids"):
            found.append([term["ids"][0], plain(term.astext()), plain(prose_in(term.parent))])
    return found


def prose_in(node: nodes.Element) -> str:
    """The words directly in a section."""
    return " ".join(map(prose, node.children))


def plain(text: str) -> str:
    """Words with single spaces between them."""
    return re.sub(r"\s+([,.;:!?)])", r"\1", " ".join(text.split()))


def write(app: Sphinx, error: Exception | None) -> None:
    """The index of all pages, whole."""
    if error is not None or app.builder.format != "html":
        return
    numbers = {chapter.page: chapter.number for chapter in chapters()}
    pages, sections = [], []
    for name in sorted(app.env.found_docs, key=lambda name: (kind(name), name)):
        title = plain(app.env.titles[name].astext())
        pages.append([f"{name}.html", title, kind(name), numbers.get(name, 0)])
        document = app.env.get_doctree(name)
        sections += [[len(pages) - 1, *entry] for entry in entries(document)]
    index = json.dumps([pages, sections], ensure_ascii=False, separators=(",", ":"))
    write_text(Path(app.outdir) / "_static" / NAME, f"window.WM_INDEX = {index};\n")


def setup(app: Sphinx) -> dict:
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
