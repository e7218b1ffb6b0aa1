"""The book as a reader gets it: built, then looked at in Chromium at two widths, light and dark."""

import ast
import dataclasses
import datetime
import functools
import gzip
import html
import json
import re
import shutil
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from built import HTML, visit
from playwright.sync_api import TimeoutError
from repository import CHAPTERS, PRIMER, ROOT, course, tool

SIZES = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"), (320, "light")]
CHAPTER_KB, PAGE_KB = 900, 400


def entries(toc):
    """Every page that the table of contents names."""
    found = [toc["root"]] if "root" in toc else []
    for part in toc.get("parts", []) + [toc]:
        for item in part.get("chapters", []) + part.get("sections", []):
            found += [item["file"]] + entries({"sections": item.get("sections", [])})
    return list(dict.fromkeys(found))


TOC = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf8"))
PAGES = entries(TOC)


# ------------------------------------------------------------------------- without building


def test_every_chapter_is_in_the_contents_under_a_part():
    listed = [p for p in PAGES if p.startswith("notebooks/")]
    assert sorted(listed) == [f"notebooks/{path.stem}" for path in (PRIMER, *CHAPTERS)]
    assert all(chapter.part for chapter in course.values())
    assert len({chapter.number for chapter in course.values()}) == len(CHAPTERS)


def test_a_chapter_rests_on_earlier_ones():
    numbers = {chapter.number for chapter in course.values()}
    for chapter in course.values():
        assert set(chapter.needs) <= {n for n in numbers if n < chapter.number}, chapter.file


def test_the_map_shows_every_chapter_with_what_it_is_about_and_rests_on():
    wm_map = tool("wm_map")
    chapters = list(course.values())
    drawn = html.unescape(wm_map.draw(chapters, {c.number: f"{c.file}.html" for c in chapters}))
    for chapter in chapters:
        assert f'href="{chapter.file}.html">{chapter.title}</a>' in drawn
        assert chapter.about in drawn and chapter.part in drawn
    assert drawn.count("<path d=") == sum(len(chapter.needs) for chapter in chapters)
    # One chapter more, in a part of its own, and the drawing grows by a row and a heading.
    more = [*chapters, dataclasses.replace(chapters[-1], number=99, part="Part X", needs=(1,))]
    assert wm_map.heights(more)[1] == wm_map.heights(chapters)[1] + 1 + wm_map.HEADING
    assert "Part X" in wm_map.draw(more, {c.number: "" for c in more})


def test_every_room_of_the_library_has_a_page():
    api = tool("wm_api")
    pages = sorted((ROOT / "book" / "api").glob("*.rst"))
    named = [name for page in pages for name in re.findall(r"api:: (\S+)", page.read_text("utf8"))]
    shown = [module for name in named for module in api.modules(name)]
    wanted = [name for name in api.modules("wmlib") if not name.startswith("wmlib.course")]
    assert sorted(shown) == sorted(set(wanted) - {"wmlib"})
    assert {f"book/api/{page.stem}" for page in pages} <= set(PAGES)
    index = (ROOT / "book" / "api" / "index.md").read_text(encoding="utf8")
    assert {page.name for page in pages} == set(re.findall(r"\((\w+\.rst)\)", index))


def cited(path):
    """The keys that the Markdown cells of a notebook, or a page, cite."""
    if path.suffix == ".ipynb":
        cells = json.loads(path.read_text(encoding="utf8"))["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    else:
        text = path.read_text(encoding="utf8")
    groups = re.findall(r"\{cite(?::[a-z]+)?\}`([^`]+)`", text)
    return {key.strip() for group in groups for key in group.split(",")}


def test_every_citation_has_its_entry_and_every_chapter_cites():
    bibliography = (ROOT / "book" / "references.bib").read_text(encoding="utf8")
    keys = re.findall(r"^@\w+\{([^,]+),", bibliography, re.MULTILINE)
    assert len(keys) == len(set(keys)), "an entry stands twice in references.bib"
    for path in [*CHAPTERS, *(ROOT / "book").glob("*.md")]:
        assert cited(path) <= set(keys), f"{path.name}: {sorted(cited(path) - set(keys))}"
    for path in CHAPTERS:
        assert cited(path), f"{path.name} cites nothing"


def test_fork_stamps_the_address_everywhere_once(tmp_path):
    fork = tool("fork")
    copy = tmp_path / "course"
    (copy / "notebooks").mkdir(parents=True)
    shutil.copy(ROOT / "_config.yml", copy)
    old = fork.present(copy)
    readme = f"Clone {old}, or {old}.git; not {old}-notes.\n"
    (copy / "README.md").write_text(readme, encoding="utf8")
    cell = {"cell_type": "code", "source": [f'REPOSITORY, TAG = "{old}", "main"\n']}
    text = json.dumps({"cells": [cell]})
    (copy / "notebooks" / "01_a.ipynb").write_text(text, encoding="utf8")

    changed = fork.stamp(copy, "https://github.com/you/course.git/")
    assert {p.name for p in changed} == {"_config.yml", "README.md", "01_a.ipynb"}
    assert fork.present(copy) == "https://github.com/you/course"
    notebook = json.loads((copy / "notebooks" / "01_a.ipynb").read_text(encoding="utf8"))
    line = 'REPOSITORY, TAG = "https://github.com/you/course", "main"\n'
    assert notebook["cells"][0]["source"] == [line]
    assert f"not {old}-notes" in (copy / "README.md").read_text(encoding="utf8")
    assert fork.stamp(copy, "https://github.com/you/course") == []
    pinned = fork.stamp(copy, "https://github.com/you/course", "v1.0")
    assert {p.name for p in pinned} == {"_config.yml", "01_a.ipynb"}
    assert "branch: v1.0" in (copy / "_config.yml").read_text(encoding="utf8")
    text = (copy / "notebooks" / "01_a.ipynb").read_text(encoding="utf8")
    assert json.loads(text)["cells"][0]["source"] == [line.replace("main", "v1.0")]
    for tag in ("", "a b", 'v1"; rm', "../x", "-f"):
        with pytest.raises(ValueError, match="is no tag: wanted letters"):
            fork.stamp(copy, "https://github.com/you/course", tag)
    assert fork.stamp(copy, "https://github.com/they/fork")
    assert not list(copy.rglob("*.part"))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "course",
        "http://github.com/a/b",
        "https://github.com/a",
        "https://github.com/a/b/c",
        "https://me:secret@github.com/a/b",
        "https://github.com/a/b?x=1",
        "https://host/a/b",
        "https://somewhere.invalid/a/b",
        'https://github.com/a/b"; rm',
        "https://github.com/a/b\nc",
    ],
)
def test_fork_refuses_what_is_no_address(tmp_path, address):
    fork = tool("fork")
    shutil.copy(ROOT / "_config.yml", tmp_path)
    before = (tmp_path / "_config.yml").read_bytes()
    with pytest.raises(ValueError, match="wanted https://HOST/OWNER/NAME"):
        fork.stamp(tmp_path, address)
    assert (tmp_path / "_config.yml").read_bytes() == before


def test_vendored_files_are_named_with_version_and_licence():
    vendor = ROOT / "book" / "_static" / "vendor"
    readme = (vendor / "README.md").read_text(encoding="utf8")
    for folder in (p for p in vendor.iterdir() if p.is_dir()):
        assert list(folder.glob("LICENSE*")), f"{folder.name} has no licence beside it"
        assert f"`{folder.name}/" in readme
    css = (ROOT / "book" / "_static" / "fonts.css").read_text(encoding="utf8")
    for name in re.findall(r'url\("([^"]+)"\)', css):
        assert (ROOT / "book" / "_static" / name).stat().st_size > 1000


def test_pages_whose_source_is_gone_are_taken_away(tmp_path, monkeypatch):
    build = tool("build")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "HTML", tmp_path / "html")
    kept = ["book/a", "book/api/b", "notebooks/01_c", "_modules/wmlib/d", "_modules/wmlib/models"]
    gone = ["book/x", "book/api/y", "notebooks/02_z", "_modules/wmlib/w", "_modules/wmlib/d/v"]
    for page in [*kept, *gone]:
        (tmp_path / "html" / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "html" / f"{page}.html").touch()
    for source in ("book/a.md", "book/api/b.rst", "notebooks/01_c.ipynb", "wmlib/d.py"):
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / source).touch()
    (tmp_path / "wmlib" / "models").mkdir()
    build.remove_pages_without_source()
    left = (p.relative_to(tmp_path / "html") for p in (tmp_path / "html").rglob("*.html"))
    assert sorted(p.with_suffix("").as_posix() for p in left) == sorted(kept)


# ------------------------------------------------------------------------------- the build


@pytest.mark.slow
def test_the_book_builds_without_a_warning(build):
    assert build.returncode == 0, build.stderr[-4000:]
    assert str(HTML / "index.html") in build.stdout


class Page(HTMLParser):
    """What a test asks of a page's source."""

    def __init__(self, path):
        super().__init__()
        self.links, self.ids, self.images, self.nested = [], set(), [], 0
        self.feed(path.read_text(encoding="utf8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if attributes.get("id"):
            self.ids.add(attributes["id"])
        if attributes.get("name") and tag == "a":
            self.ids.add(attributes["name"])
        for name in ("href", "src"):
            if tag in ("a", "link", "script", "img") and attributes.get(name):
                self.links.append(attributes[name])
        if tag == "img":
            self.images.append(attributes)


@pytest.fixture(scope="module")
def pages(built):
    return {path: Page(path) for path in built.rglob("*.html")}


@pytest.mark.slow
def test_every_page_of_the_contents_is_there(built):
    for name in [*PAGES, "search", "genindex"]:
        path = built / f"{name}.html"
        assert path.stat().st_size > 2000, f"{name} is not there, or is empty"
    assert "book/intro.html" in (built / "index.html").read_text(encoding="utf8")


@pytest.mark.slow
def test_links_inside_the_book_resolve(built, pages):
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or link.startswith("//"):
                continue
            # On the page for lost addresses links begin at the host: the book stands in a folder there.
            inside = (
                re.sub(r"^/[\w.-]+/", "", parts.path) if path.name == "404.html" else parts.path
            )
            target = (path.parent / unquote(inside)).resolve() if inside else path
            if not target.exists():
                broken.append(f"{path.relative_to(built)}: {link}")
            elif parts.fragment and target in pages and target.suffix == ".html":
                if unquote(parts.fragment) not in pages[target].ids:
                    broken.append(f"{path.relative_to(built)}: {link} (no such place)")
    assert not broken, broken[:20]


@pytest.mark.slow
def test_no_page_names_a_file_on_another_host(pages):
    for path, page in pages.items():
        text = path.read_text(encoding="utf8")
        text = re.sub(r'<link rel="canonical"[^>]*>', "", text)  # names the page, loads nothing
        for found in re.findall(r"<(?:script|img|link|iframe)\b[^>]*(?:src|href)=\"([^\"]+)", text):
            assert not found.startswith(("http:", "https:", "//")), f"{path.name}: {found}"
        assert "require.min.js" not in text and "thebe" not in text.lower(), path.name


@pytest.mark.slow
def test_every_picture_says_what_is_to_be_seen(built):
    for path in (*(built / "book").rglob("*.html"), *(built / "notebooks").rglob("*.html")):
        text = path.read_text(encoding="utf8")
        for image in re.findall(r"<img\b[^>]*>", text):
            assert re.search(r'\balt="[^"]*"', image), f"{path.name}: {image[:120]}"
        for figure in re.findall(r"<figure\b.*?</figure>", text, re.DOTALL):
            if not re.search(r"<(?:svg|img|canvas)\b", figure):
                continue  # a figure made of text speaks for itself
            told = re.search(r'\b(?:alt|aria-label)="[^"]{15,}"', figure) or re.search(
                r"<figcaption>.{15,}</figcaption>", figure, re.DOTALL
            )
            assert told, f"{path.name}: {figure[:200]}"


@pytest.mark.slow
def test_chapters_have_number_buttons_and_an_honest_notice(built):
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))
    address = config["repository"]["url"]
    for path in CHAPTERS:
        text = (built / "notebooks" / f"{path.stem}.html").read_text(encoding="utf8")
        assert f'aria-label="Chapter {int(path.stem[:2])}"' in text
        assert f'download="{path.name}"' in text
        if ".invalid" in address:
            assert "Open in Colab" not in text and 'how_to_use.html#in-colab"' in text
        else:
            wanted = address.replace(
                "https://github.com", "https://colab.research.google.com/github"
            )
            branch = config["repository"]["branch"]
            assert f'{wanted}/blob/{branch}/notebooks/{path.name}"' in text


def public_modules():
    """The modules of the library, found in its files; rooms of the course and single challenges are not it."""
    for path in sorted((ROOT / "wmlib").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        private = any(part.startswith("_") for part in name.split("."))
        apart = name == "wmlib" or re.match(r"wmlib\.(course|challenges\.day\d\d)", name)
        if not private and not apart:
            yield name, path


@pytest.mark.slow
def test_the_library_pages_document_every_public_module_and_no_chapter(built):
    text = "".join(p.read_text(encoding="utf8") for p in (built / "book" / "api").glob("*.html"))
    assert "wmlib.course" not in text
    for name, path in public_modules():
        assert f'id="module-{name}"' in text, f"{name} is on no page"
        for node in ast.parse(path.read_text(encoding="utf8")).body:
            if (
                isinstance(node, ast.ClassDef | ast.FunctionDef)
                and not node.name.startswith("_")
                and ast.get_docstring(node)
            ):
                assert f'id="{name}.{node.name}"' in text, f"{name}.{node.name} is not documented"


@pytest.mark.slow
def test_the_evidence_page_shows_every_stored_claim(built):
    text = html.unescape((built / "book" / "how_sure.html").read_text(encoding="utf8"))
    written = {path.name[:2] for path in CHAPTERS}
    stored = sorted((ROOT / "wmlib" / "course").glob("*/evidence/*.json"))
    stored = [path for path in stored if path.name[:2] in written]
    assert {path.name[:2] for path in stored} == written
    for path in stored:
        for claim in json.loads(path.read_text(encoding="utf8"))["claims"].values():
            assert claim["sentence"] in text
            assert f"{claim['held']} of {claim['of']}" in text


# ----------------------------------------------------------------------------- in a browser


OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 1) return "";
  const culprit = [...document.querySelectorAll("main *")].find((e) =>
    e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".wm-table, .wm-scroll, pre"));
  return wide + "px, by " + (culprit ? culprit.outerHTML.slice(0, 160) : "?");
}"""


@functools.cache
def over_the_wire(address):
    """Bytes of a file as a host sends it, text compressed; a player's are counted apart."""
    path = unquote(urlsplit(address).path)
    if "/players/" in path:
        return 0
    data = (HTML / path).read_bytes()
    return (
        len(gzip.compress(data)) if path.endswith((".html", ".js", ".css", ".svg")) else len(data)
    )


@pytest.fixture(scope="module")
def seen(site, chromium):
    """Every page opened once, at all sizes: troubles, kilobytes over the wire, elements."""
    troubles, weights, nodes = [], {}, {}
    for name in [*PAGES, "search", "genindex"]:
        page, wrong, weight = visit(chromium, f"{site}{name}.html", site)
        nodes[name] = page.evaluate("document.querySelectorAll('*').length")
        for width, scheme in SIZES:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(60)
            over = page.evaluate(OVERFLOW)
            if over:
                troubles.append(f"{name} at {width} overflows sideways by {over}")
            try:  # the page follows the reader's scheme, at once or as soon as it can
                themed = f"document.documentElement.dataset.theme === '{scheme}'"
                page.wait_for_function(themed, timeout=10_000)
            except TimeoutError:
                troubles.append(f"{name} is not {scheme}")
        troubles += [f"{name}: {w}" for w in wrong]
        weights[name] = sum(over_the_wire(url.removeprefix(site)) for url in weight) / 1000
        page.context.close()
    return troubles, weights, nodes


@pytest.mark.slow
def test_pages_stand_on_their_own_and_fit(seen):
    assert not seen[0], seen[0][:20]


@pytest.mark.slow
def test_pages_are_light_before_a_player_comes(seen):
    for name, weight in seen[1].items():
        most = CHAPTER_KB if name.startswith("notebooks/") else PAGE_KB
        assert 20 < weight < most, f"{name} weighs {weight:.0f} kB"


@pytest.mark.slow
def test_pages_have_few_elements(seen):
    most = {"notebooks/": 4000, "book/api/": 6000}
    for name, count in seen[2].items():
        for folder, limit in most.items():
            if name.startswith(folder):
                assert 100 < count < limit, f"{name} has {count} elements"


@pytest.mark.slow
def test_light_and_dark_are_the_readers_choice(site, chromium):
    page, _, _ = visit(chromium, f"{site}book/glossary.html", site, scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(paper)
    page.click(".wm-theme-button")
    after = page.evaluate(paper)
    assert before == "rgb(252, 251, 248)" and after == "rgb(22, 22, 26)"
    page.goto(f"{site}book/map.html")
    assert page.evaluate(paper) == after
    page.context.close()


@pytest.mark.slow
def test_contents_open_on_a_telephone(site, chromium):
    page, _, _ = visit(chromium, f"{site}book/glossary.html", site, width=390)
    assert not page.locator("#contents").is_visible()
    page.click(".wm-contents-button")
    page.click("#contents >> text=Notation")
    assert page.url.endswith("notation.html")
    page.context.close()


@pytest.mark.slow
def test_todays_challenge_follows_the_calendar_and_the_readers_own(site, chromium):
    plan = tool("challenge_pages").planned()
    for on, day in (
        (plan[0].date, 1),
        (plan[4].date + datetime.timedelta(2), 5),
        (plan[29].date, 30),
    ):
        page, wrong, _ = visit(chromium, f"{site}book/challenges/today.html?on={on}", site)
        assert page.locator(".wm-today-title").inner_text().startswith(f"Day {day} ·")
        assert wrong == []
    page.locator("#wm-today-start").fill(str(plan[29].date))  # begin today, and it is the first
    assert page.locator(".wm-today-title").inner_text().startswith("Day 1 ·")
    page.reload()
    assert page.locator(".wm-today-title").inner_text().startswith("Day 1 ·")
    page.locator("#wm-today-reset").click()
    assert page.locator(".wm-today-title").inner_text().startswith("Day 30 ·")
    page.locator(".wm-today-title a").click()
    assert page.locator("h1").inner_text().startswith("Day 30 ·")


# ---------------------------------------------------------------------------- the front page


@pytest.mark.slow
@pytest.mark.parametrize("way", ["http", "file"])
def test_the_front_page_imagines_at_once(site, built, chromium, way):
    root = site if way == "http" else built.as_uri()
    page, wrong, _ = visit(chromium, f"{root.rstrip('/')}/book/intro.html", root)
    page.wait_for_selector(".wm-player[data-ready]")
    assert page.evaluate("WM.stands('imagine', 3, 5)[0]") > 2.9
    page.wait_for_timeout(700)
    assert "Standing for" in page.inner_text(".wm-player-score")
    assert page.get_attribute(".wm-begin a", "href").endswith("01_small_scale_models.html")
    assert not wrong
    page.context.close()
