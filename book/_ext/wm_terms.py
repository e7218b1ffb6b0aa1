"""Words that explain themselves: terms of the glossary on hover and focus, names of the library linked.

In each section of a page the first occurrence of a glossary's term becomes a link to its entry;
`_static/terms.js` shows the definition over it. Inline code that names a public class or function
of the library, the first in each section, becomes a link to its page of the reference.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

GLOSSARY = "book/glossary"
PLAIN = ("book/intro", "book/bibliography", "book/api/", GLOSSARY)  # pages that stay as they are
# Terms that are ordinary words too: in a sentence they often mean something else.
EVERYDAY = {"consistent", "continue", "exposure", "option", "return", "rival", "transfer", "value"}
APART = (nodes.reference, addnodes.pending_xref, nodes.literal, nodes.math, nodes.raw)
CALL = re.compile(r"([A-Za-z_][\w.]*)(?:\(.*\))?", re.DOTALL)
SHOWN = 320  # letters of a definition


def definitions(env) -> dict[str, tuple[str, str]]:
    """Term -> its place in the glossary, and the glossary's own words as plain text."""
    found: dict[str, tuple[str, str]] = {}
    for item in env.get_doctree(GLOSSARY).findall(nodes.definition_list_item):
        definition = item.next_node(nodes.definition).deepcopy()
        for cited in list(definition.findall(addnodes.pending_xref)):
            if cited.get("refdomain") == "cite":
                cited.parent.remove(cited)
        text = " ".join(definition.next_node(nodes.paragraph).astext().split())
        text = re.sub(r" +([.,:;])", r"\1", text)
        if len(text) > SHOWN:
            text = text[: text.rindex(" ", 0, SHOWN)] + " …"
        for term in item.findall(nodes.term):
            for name in re.split(r", ", term.astext()):
                if "(" not in name and name not in EVERYDAY:  # "bootstrap (statistics)": which?
                    found[name] = (term["ids"][0], text)
    return found


def pattern(terms) -> re.Pattern[str]:
    """Any of the terms as a whole word, the longest first; capitals count where a term has them."""
    longest = sorted(terms, key=len, reverse=True)
    words = [
        re.escape(t) if t != t.lower() else f"[{t[0]}{t[0].upper()}]{re.escape(t[1:])}"
        for t in longest
    ]
    return re.compile(rf"(?<![\w-])({'|'.join(words)})(?:s|es)?(?![\w-])")


def public_names(env) -> dict[str, tuple[str, str]]:
    """Name, full or last part where one object alone has it -> page and place in the reference."""
    objects = {
        name: (entry.docname, entry.node_id)
        for name, entry in env.get_domain("py").objects.items()
        if entry.objtype in ("class", "exception", "function", "module") and not entry.aliased
    }
    last = Counter(name.rsplit(".", 1)[-1] for name in objects)
    short = {
        n.rsplit(".", 1)[-1]: to for n, to in objects.items() if last[n.rsplit(".", 1)[-1]] == 1
    }
    return short | objects


def sections(document: nodes.document) -> Iterator[list[nodes.Element]]:
    """The paragraphs of each second-level section, and those before the first one."""
    found: dict[int, list[nodes.Element]] = {}
    for paragraph in document.findall(nodes.paragraph):
        above, node = [], paragraph.parent
        while node is not None:
            if isinstance(node, nodes.section):
                above.append(node)
            node = node.parent
        found.setdefault(id(above[-2]) if len(above) > 1 else 0, []).append(paragraph)
    yield from found.values()


class Terms(SphinxPostTransform):
    """Link terms and names, the first of each in a section."""

    default_priority = 500  # when all other references are resolved
    formats = ("html",)

    def run(self, **kwargs) -> None:
        page = self.env.docname
        if page.startswith(PLAIN):
            return
        terms, wanted = self.env.wm_terms, pattern(self.env.wm_terms)
        names, imported = self.names_here()
        for paragraphs in sections(self.document):
            told: set[str] = set()
            for paragraph in paragraphs:
                for literal in list(paragraph.findall(nodes.literal)):
                    self.link_name(literal, names, imported, told)
                for text in list(paragraph.findall(nodes.Text)):
                    if not within(text, paragraph):
                        self.link_terms(text, terms, wanted, told)

    def names_here(self) -> tuple[dict[str, tuple[str, str]], set[str]]:
        """The library's names but for those that the page's own code defines; what it imports."""
        code = "\n".join(block.astext() for block in self.document.findall(nodes.literal_block))
        own = set(re.findall(r"^(?:class|def) (\w+)", code, re.MULTILINE))
        lines = re.findall(r"from wmlib[\w.]* import (\([^)]*\)|.*)", code)
        names = {name: to for name, to in self.env.wm_names.items() if name not in own}
        return names, set(re.findall(r"\w+", " ".join(lines)))

    def link_name(self, literal, names, imported, told) -> None:
        match = CALL.fullmatch(literal.astext())
        name = match[1] if match else ""
        if name not in names and "." in name:  # `wmlib.models.Ensemble`, `Catch.FALL`
            parts = name.split(".")
            name = parts[-1] if parts[0] == "wmlib" else parts[0]
            if name.islower():
                return
        plain = name.islower() and "_" not in name and "." not in name  # `play`: also a word
        if name not in names or name in told or (plain and name not in imported):
            return
        if within(literal, None):
            return
        told.add(name)
        docname, place = names[name]
        link = self.link(docname, place, "wm-api")
        literal.replace_self(link)
        link += literal

    def link_terms(self, text, terms, wanted, told) -> None:
        said, made, at = text.astext(), [], 0
        for match in wanted.finditer(said):
            term = match[1] if match[1] in terms else match[1][0].lower() + match[1][1:]
            if term in told:
                continue
            told.add(term)
            link = self.link(GLOSSARY, terms[term][0], "wm-term")
            link += nodes.Text(match[0])
            made += [nodes.Text(said[at : match.start()]), link]
            at = match.end()
        if made:
            text.parent.replace(text, [*made, nodes.Text(said[at:])])

    def link(self, docname: str, place: str, kind: str) -> nodes.reference:
        address = self.app.builder.get_relative_uri(self.env.docname, docname)
        return nodes.reference("", "", refuri=f"{address}#{place}", internal=True, classes=[kind])


def within(node: nodes.Node, end: nodes.Element | None) -> bool:
    """Whether the node stands inside something that is linked or is no prose."""
    above = node.parent
    while above is not None and above is not end:
        if isinstance(above, APART):
            return True
        above = above.parent
    return False


def collect(app: Sphinx, env) -> list[str]:
    """Read glossary and reference once; write every page again where they changed."""
    env.wm_terms, env.wm_names = definitions(env), public_names(env)
    now = hashlib.sha256(repr((env.wm_terms, env.wm_names)).encode()).hexdigest()
    before, env.wm_terms_hash = getattr(env, "wm_terms_hash", None), now
    return [] if now == before else sorted(env.found_docs)


def load(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    if 'class="wm-term' in context.get("body", ""):
        app.add_js_file("terms.js", loading_method="defer")


def write(app: Sphinx, error: Exception | None) -> None:
    """The definitions, by the place of the glossary that a link leads to."""
    if error is None and app.builder.format == "html":
        by_place = dict(app.env.wm_terms.values())
        text = f"window.wmTerms = {json.dumps(by_place, ensure_ascii=False, indent=0)};\n"
        (Path(app.outdir) / "_static" / "terms_data.js").write_text(text, encoding="utf8")


def setup(app: Sphinx) -> dict:
    app.add_post_transform(Terms)
    app.connect("env-updated", collect)
    app.connect("html-page-context", load)
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
