"""What a site owes: addresses for machines, a page for what is not there, how to cite, little to load.

The book knows where it will stand when its repository is known (`make fork`): GitHub's pages are at
`https://OWNER.github.io/NAME/`; anywhere else `html_baseurl` in `_config.yml` says it. Until then
there is no canonical address, no site map and no preview picture, which need one.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import yaml
from docutils import nodes
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
UNSET = ".invalid"  # a host that, by RFC 2606, can never resolve
PREVIEW = "_static/preview.png"
FONTS = ("source-serif-4-latin-wght-normal", "inter-latin-wght-normal")
ITALIC = "source-serif-4-latin-wght-italic"
TOP = 3000  # letters of a page's text: the first screen
# Sphinx's own, of which nothing is used here.
IDLE = re.compile(r"documentation_options|doctools|sphinx_highlight|pygments(_dark)?\.css")


def repository(app: Sphinx) -> str:
    """The repository's address, or nothing where it is not set."""
    address = str(app.config.html_theme_options.get("repository_url", "")).rstrip("/")
    host = urlsplit(address).hostname or ""
    return "" if not host or host.endswith(UNSET) else address


def site(app: Sphinx) -> str:
    """Where the book will stand, with a slash at the end, or nothing where that is not known."""
    if app.config.html_baseurl:
        return app.config.html_baseurl.rstrip("/") + "/"
    address = repository(app)
    if urlsplit(address).hostname != "github.com":
        return ""
    owner, name = urlsplit(address).path.strip("/").split("/")
    whole = name.lower() == f"{owner.lower()}.github.io"
    return f"https://{owner.lower()}.github.io/" + ("" if whole else f"{name}/")


def folder(app: Sphinx) -> str:
    """The path under which the book stands on its host: what a lost page finds its way home by."""
    address = str(app.config.html_theme_options.get("repository_url", "")).rstrip("/")
    known = urlsplit(site(app)).path
    return known or f"/{address.rsplit('/', 1)[-1]}/"


def description(doctree: nodes.document) -> str:
    """The first paragraph without formulas, cut at a word."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > 40 and not list(paragraph.findall(nodes.math)):
            return text if len(text) <= 200 else text[:199].rsplit(" ", 1)[0] + "…"
    return ""


def cite(app: Sphinx, chapter: int | None, title: str) -> dict[str, str]:
    """How to cite the course or a chapter, as a line and as BibTeX: from CITATION.cff."""
    told = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf8"))
    names = [a.get("name") or f"{a['given-names']} {a['family-names']}" for a in told["authors"]]
    year = str(told.get("date-released", app.config.copyright))[:4]
    part = f"{title}, chapter {chapter} of " if chapter is not None else ""
    fields = {
        "author": "{" + "} and {".join(names) + "}",
        "title": f"{part}{told['title']}",
        "year": year,
        "note": f"Version {told['version']}",
    }
    if repository(app):
        fields["url"] = repository(app)
    key = f"worldmodels{year}" + (f"ch{chapter}" if chapter is not None else "")
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    line = f"{', '.join(names)} ({year}). {part}{told['title']}, version {told['version']}. "
    return {
        "course": told["title"],
        "line": line + repository(app),
        "bibtex": f"@misc{{{key},\n{lines}\n}}",
    }


def head(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """What stands in a page's head, and its foot."""
    context["metatags"] = re.sub(r'<meta name="viewport"[^>]*>\s*', "", context.get("metatags", ""))
    for kind in ("css_files", "script_files"):
        context[kind] = [
            f for f in context.get(kind, []) if not IDLE.search(str(getattr(f, "filename", f)))
        ]
    fonts = FONTS + ((ITALIC,) if "<em>" in context.get("body", "")[:TOP] else ())
    context["wm_fonts"] = [context["pathto"](f"_static/vendor/fonts/{f}.woff2", 1) for f in fonts]
    if doctree is not None:
        context["wm_description"] = description(doctree)
    context["wm_repository"] = repository(app)
    context["wm_folder"] = folder(app)
    chapter = context.get("wm_chapter", {}).get("number")
    title = re.sub(r"<[^>]+>", "", context.get("title", ""))
    context["wm_cite"] = cite(app, chapter, html.unescape(title))
    if site(app) and pagename != "404":
        context["wm_address"] = f"{site(app)}{pagename}.html"
        context["wm_preview"] = site(app) + PREVIEW


def more_pages(app: Sphinx):
    """The page for an address that is none, and the page that searches."""
    yield "404", {"title": "This page is not here"}, "404.html"
    yield "search", {"title": "Search"}, "search.html"


def for_machines(app: Sphinx, error: Exception | None) -> None:
    """robots.txt, and sitemap.xml where the book's address is known."""
    if error is not None or app.builder.format != "html":
        return
    robots = "User-agent: *\nAllow: /\n"
    site_map = Path(app.outdir) / "sitemap.xml"
    site_map.unlink(missing_ok=True)
    if site(app):
        robots += f"Sitemap: {site(app)}sitemap.xml\n"
        pages = [f"{site(app)}{name}.html" for name in sorted(app.env.found_docs)]
        site_map.write_text(listed(pages), encoding="utf8")
    (Path(app.outdir) / "robots.txt").write_text(robots, encoding="utf8")


def listed(addresses: list[str]) -> str:
    """A site map of these addresses."""
    lines = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n'
    )


def without_sphinx_search(app: Sphinx) -> None:
    """`wm_search` has an index of its own."""
    app.builder.search = False


def setup(app: Sphinx) -> dict:
    app.connect("builder-inited", without_sphinx_search)
    app.connect("html-collect-pages", more_pages)
    app.connect("html-page-context", head, priority=900)
    app.connect("build-finished", for_machines)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
