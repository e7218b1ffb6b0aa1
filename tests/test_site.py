"""What a site owes a reader: formulas without a typesetter, a search, a way back, little to load."""

import json
import re
import zipfile
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
import yaml
from built import visit
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from repository import CHAPTERS, PRIMER, ROOT, tool

wm_math, wm_site = tool("wm_math"), tool("wm_site")


# ------------------------------------------------------------------------------------ formulas


@pytest.mark.parametrize(
    "tex, wanted",
    [
        (r"\frac{a}{b}", "<mfrac>"),
        (r"\underbrace{x}_{y}", "⏟"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "<mtable"),
        ("s'", '<mrow><mi>s</mi><mo lspace="0" rspace="0">′</mo></mrow>'),
        (r"\big( x \big)^2", '<msup><mrow><mi></mi><mo minsize="1.2em"'),
        (r"\log x", "<mi>log</mi>"),
        ("a < b", "&lt;"),
    ],
)
def test_a_formula_becomes_mathml(tex, wanted):
    made = wm_math.mathml(tex, True, None)
    assert made.startswith('<math display="block">') and wanted in made
    ElementTree.fromstring(made.replace("&ApplyFunction;", ""))


def test_formulas_beside_each_other_may_stand_below_each_other():
    assert wm_math.formulas(r"a = b, \qquad\qquad c = d") == ["a = b, ", "c = d"]
    assert wm_math.formulas(r"\text{a \qquad b}") == [r"\text{a \qquad b}"]
    assert len(wm_math.formulas(r"\begin{aligned} a \qquad b \end{aligned}")) == 1


def test_what_is_no_formula_is_warned_of(monkeypatch):
    said = []
    monkeypatch.setattr(wm_math.LOG, "warning", lambda *words, **_: said.append(words))
    assert (
        wm_math.mathml(r"\nosuchcommand{a<b}", False, None)
        == r"<code>\nosuchcommand{a&lt;b}</code>"
    )
    assert len(said) == 1 and "nosuchcommand" in str(said)


def formulas_of(path):
    """How many formulas a notebook's text has, (in a line, on a line of their own)."""
    parser = MarkdownIt().use(dollarmath_plugin)
    cells = json.loads(path.read_text("utf8"))["cells"]
    text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    tokens = parser.parse(text)
    inside = [t.type for token in tokens for t in token.children or []]
    return inside.count("math_inline"), [t.type for t in tokens].count("math_block")


@pytest.mark.slow
def test_every_formula_of_a_chapter_is_mathml_and_no_page_loads_a_typesetter(built):
    for path in (PRIMER, *CHAPTERS):
        page = (built / "notebooks" / f"{path.stem}.html").read_text("utf8")
        article = page[page.index("<article") : page.index("</article")]
        lines, displays = formulas_of(path)
        assert lines + displays > 0, path.stem
        assert article.count("<math>") >= lines, path.stem
        assert article.count('<div class="math">') >= displays, path.stem
    for path in (*built.glob("book/**/*.html"), *built.glob("notebooks/*.html")):
        text = path.read_text("utf8")
        assert "MathJax" not in text and "/mathjax/" not in text, path.name
        prose = re.sub(r"<(script|pre|code|style)\b.*?</\1>", "", text, flags=re.DOTALL)
        assert not re.search(r"\\[(\[]|\$\$|\\(?:frac|hat|text|sum)\b", prose), path.name


@pytest.mark.slow
def test_formulas_fit_or_scroll_where_a_keyboard_reaches(site, chromium):
    for name in ("04_shooting_planner", "07_dreamer"):
        page, wrong, _ = visit(chromium, f"{site}notebooks/{name}.html", site)
        wide = "[...document.querySelectorAll('div.math')].filter((f) => f.scrollWidth > f.clientWidth + 1)"
        assert page.evaluate(f"{wide}.length") == 0, name
        page.set_viewport_size({"width": 390, "height": 800})
        page.reload()
        page.wait_for_function(f"{wide}.every((f) => f.tabIndex === 0)")
        assert page.evaluate("document.fonts.check('16px \"Course Math\"')") and not wrong
        page.context.close()


# -------------------------------------------------------------------------------------- search


def found(page, query):
    """What the search page shows first for a query: (page, text, address)."""
    page.fill("#search-field", query)
    link = page.locator("#search-results li a").first
    return link.inner_text(), page.locator("#search-results li").first.inner_text(), link


@pytest.mark.slow
@pytest.mark.parametrize("way", ["http", "file"])
def test_search_puts_the_chapter_first_and_leads_to_its_section(way, site, built, chromium):
    root = site if way == "http" else built.as_uri() + "/"
    page, wrong, _ = visit(chromium, f"{root}search.html?q=CEM", root)
    title, text, link = found(page, "CEM")
    assert title == "The shooting planner" and text.startswith("Chapter 4")
    assert "cross-entropy method" in text  # prose, not code
    link.click()
    page.wait_for_url("**/04_shooting_planner.html?found#*")
    place = page.evaluate(
        "document.getElementById(decodeURIComponent(location.hash.slice(1))).innerText"
    )
    assert "CEM" in place and not wrong
    page.context.close()


@pytest.mark.slow
def test_search_on_a_telephone_and_for_what_is_not_there(site, chromium):
    page, wrong, _ = visit(chromium, f"{site}notebooks/07_dreamer.html", site, width=390)
    page.click(".wm-search-button")
    page.wait_for_url("**/search.html")
    assert found(page, "free nats")[0] == "Dreamer"
    assert "RandomShooting" in found(page, "RandomShooting")[1]  # a class of the library
    page.fill("#search-field", "zyxwvut")
    assert page.inner_text("#search-count").startswith("Nothing has all of: zyxwvut")
    assert page.locator("#search-results li").count() == 0 and not wrong
    page.context.close()


# ------------------------------------------------------------------------- addresses, for machines


def app(url, baseurl="", out=None):
    """As much of Sphinx as the site's addresses need."""
    return SimpleNamespace(
        config=SimpleNamespace(
            html_theme_options={"repository_url": url}, html_baseurl=baseurl, copyright="2026"
        ),
        env=SimpleNamespace(found_docs={"book/intro", "notebooks/01_a"}),
        builder=SimpleNamespace(format="html"),
        outdir=out,
    )


def test_where_the_book_stands_follows_from_the_repository():
    assert wm_site.site(app("https://github.com/You/course")) == "https://you.github.io/course/"
    assert wm_site.site(app("https://github.com/you/you.github.io")) == "https://you.github.io/"
    assert wm_site.site(app("https://x.invalid/course")) == wm_site.repository(app("")) == ""
    assert wm_site.site(app("https://gitlab.com/a/b")) == ""
    assert wm_site.site(app("https://gitlab.com/a/b", "https://b.org/c")) == "https://b.org/c/"
    assert wm_site.folder(app("https://x.invalid/course")) == "/course/"
    assert wm_site.folder(app("https://github.com/you/you.github.io")) == "/"


def test_the_site_map_lists_each_page_once_the_address_is_known(tmp_path):
    wm_site.for_machines(app("https://x.invalid/course", out=tmp_path), None)
    assert not (tmp_path / "sitemap.xml").exists()
    assert "Sitemap" not in (tmp_path / "robots.txt").read_text(encoding="utf8")
    wm_site.for_machines(app("https://github.com/you/course", out=tmp_path), None)
    tree = ElementTree.parse(tmp_path / "sitemap.xml")
    listed = [place.text for place in tree.iterfind(".//{*}loc")]
    assert listed == [
        f"https://you.github.io/course/{p}.html" for p in ("book/intro", "notebooks/01_a")
    ]
    assert "Sitemap: https://you.github.io/course/sitemap.xml" in (
        tmp_path / "robots.txt"
    ).read_text(encoding="utf8")


def test_a_known_address_is_told_and_an_unknown_one_is_not():
    for url, told in (("https://github.com/you/course", True), ("https://x.invalid/course", False)):
        context = {"title": "A", "pathto": lambda name, _: name, "wm_chapter": {"number": 3}}
        wm_site.head(app(url), "notebooks/03_a", "", context, None)
        assert ("wm_address" in context) == told == (url in context["wm_cite"]["bibtex"])
        assert "A, chapter 3 of World Models" in context["wm_cite"]["line"]


@pytest.mark.slow
def test_every_page_says_what_it_is_and_how_wide_it_is(built):
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
    known = ".invalid" not in config["repository"]["url"]
    for path in (*built.glob("book/**/*.html"), *built.glob("notebooks/*.html")):
        head = path.read_text("utf8").split("</head>")[0]
        assert head.count('name="viewport"') == 1, path.name
        told = re.findall(r'<meta (?:name|property)="(?:og:)?description" content="([^"]+)"', head)
        assert len(told) == 2 and told[0] == told[1] and 20 < len(told[0]) < 260, path.name
        assert "\\" not in told[0] and 'property="og:title"' in head, path.name
        assert known == ('rel="canonical"' in head) == ("og:image" in head), path.name
    picture = ROOT / "book" / wm_site.PREVIEW
    assert picture.read_bytes()[16:24] == (1200).to_bytes(4, "big") + (630).to_bytes(4, "big")
    assert picture.stat().st_size < 60_000
    assert "Allow: /" in (built / "robots.txt").read_text(encoding="utf8")


@pytest.mark.slow
def test_a_page_that_is_not_there_leads_back(site, built, chromium):
    lost = (built / "404.html").read_text("utf8")
    assert not re.search(r"<(?:link|img|script)\b[^>]*(?:href|src)=", lost)  # it needs no file
    page = chromium.new_page()
    page.route("**/no/such/page", lambda route: route.fulfill(status=404, body=lost))
    for root in (site, site.replace("course/", "")):
        page.goto(f"{root}no/such/page")
        links = page.evaluate("[...document.querySelectorAll('a')].map((a) => a.href)")
        assert links and all(link.startswith(root) for link in links)
        for link in links if root == site else []:
            assert page.goto(link).status == 200, link
    page.close()


# ------------------------------------------------------------------------------- the page itself


@pytest.mark.slow
def test_without_javascript_the_text_comes_first_and_formulas_are_drawn(site, chromium):
    page = chromium.new_context(
        java_script_enabled=False,
        viewport={"width": 390, "height": 800},
        reduced_motion="reduce",  # no smooth way to the contents
    ).new_page()
    page.goto(f"{site}notebooks/04_shooting_planner.html")
    text = page.inner_text("body")
    assert text.index("Random shooting, written out") < text.index("Front page")
    assert "\\" not in page.inner_text("div.math >> nth=0")
    assert page.locator("div.math math").first.bounding_box()["height"] > 20
    page.click(".wm-contents-button")
    assert page.url.endswith("#contents")
    assert page.evaluate(
        "document.getElementById('contents').getBoundingClientRect().top < innerHeight"
    )
    page.context.close()


@pytest.mark.slow
def test_contents_open_and_close_by_keyboard_on_a_telephone(site, chromium):
    page, wrong, _ = visit(chromium, f"{site}book/map.html", site, width=390)
    button = page.get_by_role("button", name="Contents")
    button.focus()
    page.keyboard.press(" ")
    assert button.get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.activeElement.closest('#contents') !== null")
    page.keyboard.press("Escape")
    assert button.get_attribute("aria-expanded") == "false"
    assert (
        page.evaluate("document.activeElement.classList.contains('wm-contents-button')")
        and not wrong
    )
    page.context.close()


@pytest.mark.slow
def test_the_first_fonts_are_preloaded_and_used(site, built, chromium):
    page, wrong, _ = visit(chromium, f"{site}book/glossary.html", site)
    fonts = page.evaluate("[...document.querySelectorAll('link[rel=preload]')].map((l) => l.href)")
    used = page.evaluate("performance.getEntriesByType('resource').map((r) => r.name)")
    assert len(fonts) in (2, 3) and all(used.count(font) == 1 for font in fonts) and not wrong
    page.context.close()
    page, wrong, _ = visit(chromium, (built / "book" / "glossary.html").as_uri(), built.as_uri())
    assert page.locator("link[rel=preload]").count() == 0 and not wrong
    page.context.close()


@pytest.mark.slow
def test_code_is_copied_without_prompts(site, chromium):
    page, wrong, _ = visit(chromium, f"{site}notebooks/01_small_scale_models.html", site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cell = page.locator(".cell_input:visible .highlight").first
    cell.locator("button.copybtn").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("button.copybtn.success")
    assert (
        page.evaluate("navigator.clipboard.readText()") == cell.locator("pre").inner_text().rstrip()
    )
    assert not wrong
    page.context.close()


@pytest.mark.slow
def test_a_page_says_how_to_cite_it(built):
    told = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))
    for name, part in (("book/how_to_use", ""), ("notebooks/07_dreamer", "Dreamer, chapter 7 of ")):
        page = (built / f"{name}.html").read_text("utf8")
        assert f"title = {{{part}{told['title']}}}" in page
        assert f"author = {{{{{told['authors'][0]['name']}}}}}" in page


@pytest.mark.slow
def test_what_colab_needs_can_be_downloaded_from_the_book(built):
    page = (built / "book" / "how_to_use.html").read_text("utf8")
    given = re.search(r'href="\.\./(downloads/[\w.]+)" download', page)[1]
    names = zipfile.ZipFile(built / given).namelist()
    assert {f"course/notebooks/{path.name}" for path in CHAPTERS} <= set(names)
    assert [n for n in names if re.fullmatch(r"course/wmlib-[\w.]+-py3-none-any\.whl", n)]
    assert not [n for n in names if "instructor" in n]


@pytest.mark.slow
@pytest.mark.parametrize("way", ["http", "file"])
def test_the_frames_of_what_is_explored_come_back_into_their_page(way, site, built, chromium):
    root = site if way == "http" else built.as_uri() + "/"
    page, wrong, _ = visit(chromium, f"{root}notebooks/04_shooting_planner.html", root)
    figures = page.locator("[data-wm-explore]:has(.wm-data[data-from])")
    for figure in figures.all():
        assert figure.locator(".wm-data").text_content() == ""  # not before it is near
        figure.scroll_into_view_if_needed()
        figure.locator(".wm-controls label").first.wait_for()
        assert len(figure.locator(".wm-data").text_content()) > 3000
    assert figures.count() >= 1 and not wrong
    page.context.close()


@pytest.mark.slow
@pytest.mark.parametrize("way", ["http", "file"])
def test_a_film_is_fetched_when_it_comes_near(way, site, built, chromium):
    root = site if way == "http" else built.as_uri() + "/"
    page, wrong, _ = visit(chromium, f"{root}notebooks/06_world_models_2018.html", root)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    film = page.locator("[data-wm-reel]:visible").first
    sheet = film.locator(".wm-screen").first.get_attribute("data-sheet").removeprefix("..")
    before = page.evaluate("performance.getEntriesByType('resource').map((r) => r.name)")
    assert not [url for url in before if url.endswith(sheet)]
    assert film.locator("canvas").count() == 0 and film.locator("img").first.is_visible()
    film.scroll_into_view_if_needed()
    film.locator("canvas").first.wait_for()
    assert [url for url in asked if url.endswith(sheet)] and not wrong
    page.context.close()


@pytest.mark.slow
def test_a_chapters_first_moving_picture_stands_on_its_first_screen(site, chromium):
    for path in CHAPTERS:
        page, _, _ = visit(chromium, f"{site}notebooks/{path.stem}.html", site)
        page.set_viewport_size({"width": 1280, "height": 800})
        player = page.locator(".wm-player[data-ready]").first
        player.wait_for()
        pictures = player.locator("canvas:visible")
        box = (pictures.first if pictures.count() else player).bounding_box()
        bottom = box["y"] + (box["height"] if pictures.count() else 320)
        assert box["y"] > 52 and bottom <= 800, (path.stem, box)  # 52: below the bar
        page.context.close()


SHIFTS = """() => new Promise((done) => new PerformanceObserver((list) => done(
  list.getEntries().filter((e) => !e.hadRecentInput).reduce((sum, e) => sum + e.value, 0),
)).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => done(0), 1000))"""


@pytest.mark.slow
@pytest.mark.parametrize("chapter", ["01", "04", "09"])
def test_a_page_does_not_move_under_its_reader(chapter, site, chromium):
    (path,) = (path for path in CHAPTERS if path.stem.startswith(chapter))
    page, _, _ = visit(chromium, f"{site}notebooks/{path.stem}.html", site, width=412)
    page.locator(".wm-player[data-ready]").first.wait_for()
    assert page.evaluate(SHIFTS) < 0.1
    page.context.close()


@pytest.mark.slow
def test_a_link_into_a_page_leads_to_its_section_and_all_of_it_is_there_at_once(site, chromium):
    address = f"{site}notebooks/04_shooting_planner.html"
    page, _, _ = visit(chromium, address, site)
    last = page.locator("article > section > section").nth(6).get_attribute("id")
    page.context.close()
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{address}#{last}", wait_until="commit")
    page.wait_for_selector(f"#{last} h2")
    assert page.locator("html.wm-lazy").count() == 0
    page.wait_for_timeout(1500)  # films and players above it take their room
    assert 0 < page.locator(f"#{last}").bounding_box()["y"] < 120
    context.close()


@pytest.mark.slow
def test_the_bundle_has_notebooks_and_wheel_once(built, monkeypatch, tmp_path):
    bundle = tool("bundle")
    monkeypatch.setattr(bundle, "wheel", lambda folder: tmp_path / "wmlib-1-py3-none-any.whl")
    monkeypatch.setattr(bundle, "download", lambda folder: [])
    names = dict(bundle.content(tmp_path))
    assert not [name for name in names if name.endswith(".zip")]
    page = bundle.fitted(bundle.OFFER, names[bundle.OFFER].read_bytes()).decode()
    assert "course_for_colab" not in page and 'href="../../READ_ME_FIRST.txt"' in page
    with pytest.raises(SystemExit, match="offer the course for Colab once"):
        bundle.fitted(bundle.OFFER, b"a page")


@pytest.mark.slow
def test_a_page_shows_every_picture_that_was_taken_out_of_it(built):
    shown = set()
    for path in (*built.glob("book/**/*.html"), *built.glob("notebooks/*.html")):
        text = path.read_text("utf8")
        assert not re.search(r'"data:image/\w+;base64,[^"]{3000}', text), path.name
        for name in re.findall(r'="([\w./]*_images/[\w.]+)', text):
            shown.add((path.parent / name).resolve())
    assert len(shown) > 20 and all(path.stat().st_size > 0 for path in shown)
    assert shown == {path.resolve() for path in (Path(built) / "_images").iterdir()}
