"""What each page of the book needs to know: the contents beside it, its chapter, its buttons.

A chapter is a notebook whose file name begins with its number (``03_neural_dynamics``). The
number is told by the theme, so one at the head of the title ("3 · Neural dynamics", which
reads well in Jupyter) is taken off here.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from wm_chapters import chapters
from wm_site import repository

CHAPTER = re.compile(r"notebooks/(\d\d)_")
CHALLENGE = re.compile(r"book/challenges/day\d\d_")
LEADING_NUMBER = re.compile(r"^\s*(?:Chapter\s+)?\d{1,2}\s*[·.:–—-]\s*")
PLAYER = re.compile(r'<div class="wm-player".*?</div>', re.DOTALL)
SETUP = "REPOSITORY"  # what the setup cell of every notebook says
COLAB = Path(__file__).resolve().parents[1] / "_data" / "colab.json"  # `make colab` writes it


class TakeNumberOffTitle(SphinxTransform):
    """Take the chapter's number off the first heading of a chapter."""

    default_priority = 300

    def apply(self, **kwargs) -> None:
        if not CHAPTER.match(self.env.docname):
            return
        for section in self.document.findall(nodes.section):
            title = section.next_node(nodes.title)
            first = title.next_node(nodes.Text) if title is not None else None
            if first is not None:
                shorter = LEADING_NUMBER.sub("", first.astext())
                first.parent.replace(first, nodes.Text(shorter))
            return


class FoldSetup(SphinxTransform):
    """Fold away the setup cell, which is the same in every chapter and every challenge."""

    default_priority = 310

    def apply(self, **kwargs) -> None:
        if not (CHAPTER.match(self.env.docname) or CHALLENGE.match(self.env.docname)):
            return
        for cell in self.document.findall(nodes.container):
            if (
                cell.get("nb_element") == "cell_code"
                and cell.children
                and SETUP in cell.children[0].astext()
                and not cell.get("hide_mode")
            ):
                cell["hide_mode"] = "input"
                cell["prompt_show"] = "Set-up: the same cell everywhere"
                cell["prompt_hide"] = cell["prompt_show"]
                return


def chapter_number(docname: str) -> int | None:
    """The number of the chapter, or None where the page is not one."""
    found = CHAPTER.match(docname)
    return int(found.group(1)) if found else None


def title_html(app: Sphinx, docname: str) -> str:
    """The page's title as HTML."""
    if docname not in app.env.titles:
        return html.escape(docname)
    return app.builder.render_partial(app.env.titles[docname])["title"]


def contents(app: Sphinx, pagename: str) -> list[dict]:
    """The parts of the book with their pages, as the theme draws them on the left."""
    site_map = app.config.external_site_map

    def docname(item) -> str:
        return str(item).removesuffix(".md").removesuffix(".ipynb")

    def entries(items) -> list[dict]:
        listed = []
        for item in map(docname, items):
            below = (
                [docname(i) for tree in site_map[item].subtrees for i in tree.items]
                if item in site_map
                else []
            )
            inside = item == pagename or pagename in below
            listed.append(
                {
                    "docname": item,
                    "number": chapter_number(item),
                    "title": title_html(app, item),
                    "link": app.builder.get_relative_uri(pagename, item),
                    "current": inside,
                    "children": [
                        {
                            "title": title_html(app, child),
                            "link": app.builder.get_relative_uri(pagename, child),
                            "current": child == pagename,
                        }
                        for child in below
                    ]
                    if inside
                    else [],
                }
            )
        return listed

    return [
        {"caption": tree.caption or "", "entries": entries(tree.items)}
        for tree in site_map.root.subtrees
    ]


def sections(app: Sphinx, pagename: str) -> list[dict]:
    """The second-level headings of the page."""
    toc = app.env.tocs.get(pagename)
    if toc is None or not toc.children:
        return []
    found = []
    top = toc.children[0]
    for inner in top.findall(nodes.bullet_list):
        if inner.parent is not top:
            continue
        for item in inner.children:
            reference = item.next_node(nodes.reference)
            if reference is not None and reference.get("anchorname"):
                rendered = app.builder.render_partial(
                    reference[0].deepcopy()
                    if len(reference) == 1
                    else nodes.inline("", "", *[c.deepcopy() for c in reference])
                )
                text = re.sub(r"</?(p|div|a|html|body|main)\b[^>]*>", "", rendered["body"])
                found.append({"id": reference["anchorname"][1:], "title": text.strip()})
    return found


def picture_first(body: str) -> tuple[str, str]:
    """A chapter opens with a moving picture: the player above its first section, and the page without it."""
    found = PLAYER.search(body, 0, max(0, body.find("<section", body.find("</h1>"))))
    return (found[0], body[: found.start()] + body[found.end() :]) if found else ("", body)


def buttons(app: Sphinx, pagename: str, pathto) -> str:
    """Download and Colab for a chapter, and what running it takes."""
    theme = app.config.html_theme_options
    notebook = f"{pagename}.ipynb"
    name = notebook.rsplit("/", 1)[-1]
    parts = urlsplit(repository(app))
    made = []
    if parts.hostname == "github.com":
        branch = theme.get("repository_branch") or "main"
        colab = f"https://colab.research.google.com/github{parts.path}/blob/{branch}/{notebook}"
        made.append(f'<a class="wm-button" href="{html.escape(colab)}">Open in Colab</a>')
    source = html.escape(pathto(f"_sources/{notebook}", 1))
    made.append(f'<a class="wm-button" href="{source}" download="{name}">Download the notebook</a>')
    if parts.hostname != "github.com":  # Colab opens notebooks from GitHub only
        made.append(
            f'<a class="wm-button" href="{html.escape(pathto("book/how_to_use"))}#in-colab">'
            "Run it in Colab</a>"
        )
    if any(chapter.draft for chapter in chapters() if chapter.page == pagename):
        made.append('<span class="wm-notice">A draft: this chapter is still being written.</span>')
    cost = measured(app, pagename)
    if cost:
        made.insert(
            -1 if "wm-notice" in made[-1] else len(made), f'<span class="wm-measured">{cost}</span>'
        )
    return f'<p class="wm-actions">{"".join(made)}</p>'


def measured(app: Sphinx, pagename: str) -> str:
    """What running the notebook took, as its metadata says, or nothing."""
    path = Path(app.env.doc2path(pagename))
    found = json.loads(path.read_text(encoding="utf8")).get("metadata", {}).get("measured")
    if not found:
        return ""
    count, unit = (
        (found["minutes"], "minute")
        if found["minutes"] >= 1
        else (round(found["minutes"] * 60), "second")
    )
    time = f"{count:g} {unit}" + ("" if count == 1 else "s")
    return f"runs in {time} and {found['peak_gb']:.1f} GB on two cores"


def passed(number: int) -> str:
    """When the chapter's notebook last passed with Colab's versions, and which, or nothing."""
    stored = json.loads(COLAB.read_text(encoding="utf8")) if COLAB.exists() else {}
    if f"{number:02d}" not in stored:
        return ""
    last = stored[f"{number:02d}"]
    names = ", ".join(
        f"{name} {last['versions'][name]}" for name in ("torch", "numpy", "gymnasium")
    )
    return f"The notebook passed with Colab's versions ({names}) on {last['date']}."


def add_context(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Hand the theme what it draws around the page."""
    parts = contents(app, pagename)
    context["wm_nav"] = parts
    context["wm_sections"] = sections(app, pagename)
    context["wm_front"] = pagename == app.config.root_doc
    number = chapter_number(pagename)
    if "body" in context and (number is not None or CHALLENGE.match(pagename)):
        first, body = picture_first(context["body"])
        above = buttons(app, pagename, context["pathto"]) + first
        context["body"] = body.replace("</h1>", "</h1>\n" + above, 1)
    if number is not None:
        part = next(
            (p["caption"] for p in parts if any(e["docname"] == pagename for e in p["entries"])), ""
        )
        context["wm_chapter"] = {"number": number, "part": part}
        context["wm_passed"] = passed(number)


def rewrite_when_contents_change(app: Sphinx, env) -> list[str]:
    """Every page shows the contents: write all of them again when a title or the list changed."""
    now = str(app.config.external_site_map.as_json()) + str(
        sorted((name, title.astext()) for name, title in env.titles.items())
    )
    before = getattr(env, "wm_contents", None)
    env.wm_contents = now
    return [] if before == now else sorted(env.found_docs)


def setup(app: Sphinx) -> dict:
    # Jupyter Book hands this on even where sphinx-comments, which knows it, is not used.
    app.add_config_value("comments_config", {}, "html")
    app.add_transform(TakeNumberOffTitle)
    app.add_transform(FoldSetup)
    app.connect("html-page-context", add_context)
    app.connect("env-updated", rewrite_when_contents_change)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
