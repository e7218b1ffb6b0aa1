"""Every page for readers who hear it, enlarge it, steer it by keyboard, or print it."""

import importlib.resources

import pytest
from built import visit
from repository import tool

from wmlib.figures import scenes
from wmlib.figures.films import reel_html

pytestmark = pytest.mark.slow

AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text("utf8")
# Everything once; in the other scheme only what colours can change. Drawings have names, no content.
RUN = """(only) => axe.run({exclude: [["svg > *"]]}, {
  resultTypes: ["violations"], ...(only ? {runOnly: {type: "rule", values: only}} : {}),
}).then((found) => found.violations.map((v) =>
  `${v.id} (${v.nodes.length} times): ${v.nodes[0].html.slice(0, 120)}`))"""
STARTED = "!document.querySelector('.wm-player:not([data-ready], [data-failed])')"


def every_page(built):
    """The addresses of all pages but the listings of code and the slides."""
    found = [*built.glob("*.html"), *built.glob("book/**/*.html"), *built.glob("notebooks/*.html")]
    return sorted(
        path.relative_to(built).as_posix()
        for path in found
        if path.name != "index.html" or path.parent != built
    )


def test_axe_finds_no_fault_on_any_page_light_or_dark(built, site, chromium):
    troubles = []
    for name in every_page(built):
        page, _, _ = visit(chromium, f"{site}{name}", site, reduced_motion="reduce")
        for player in page.locator(".wm-player").all():  # each starts when it comes into view
            player.scroll_into_view_if_needed()
        page.wait_for_function(STARTED)
        page.evaluate(AXE)
        for scheme, only in (("light", None), ("dark", ["color-contrast"])):
            page.evaluate("(scheme) => { document.documentElement.dataset.theme = scheme }", scheme)
            troubles += [f"{name} {scheme}: {found}" for found in page.evaluate(RUN, only)]
        page.context.close()
    assert not troubles, "\n".join(troubles[:30])


# ------------------------------------------------------------------------------------ films

FILMS = """() => [...document.querySelectorAll("[data-wm-reel]")].map((figure) => {
  const screens = [...figure.querySelectorAll(".wm-screen canvas")];
  const boxes = screens.map((canvas) => canvas.getBoundingClientRect());
  const panel = figure.querySelector(".wm-controls").getBoundingClientRect();
  return {
    names: screens.map((canvas) => canvas.getAttribute("aria-label")),
    width: Math.max(...boxes.map((b) => b.right)) - Math.min(...boxes.map((b) => b.left)),
    height: panel.bottom - boxes[0].top,
  };
})"""


def brought(page):
    """Films come when they are near the screen, and not in a fold: look at each."""
    page.evaluate(tool("pdf").ASK)
    page.wait_for_function("!document.querySelector('.wm-screen > img')")


def test_films_are_large_enough_and_fit_the_screen_with_their_controls(built, site, chromium):
    seen = 0
    for name in every_page(built):
        if 'data-wm-reel="' not in (built / name).read_text("utf8"):
            continue
        page, _, _ = visit(chromium, f"{site}{name}", site, reduced_motion="reduce")
        brought(page)
        for width, height in ((1280, 800), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(60)
            for film in page.evaluate(FILMS):
                seen += 1
                where = (name, width, film)
                # On a telephone the screen's height may leave two films less than 320.
                assert (
                    film["width"] >= (319 if width > 390 else 300) and film["height"] < height - 58
                ), where
                assert all(len(said) > 15 for said in film["names"]), where
        page.context.close()
    assert seen > 24


def test_a_film_says_what_it_does(site, chromium):
    page, _, _ = visit(chromium, f"{site}notebooks/07_dreamer.html", site, reduced_motion="reduce")
    film = page.locator("[data-wm-reel]").first
    film.scroll_into_view_if_needed()  # its controls come when it is near
    film.get_by_role("button", name="play", exact=True).click()
    film.get_by_role("button", name="pause", exact=True).click()
    film.get_by_role("slider").fill("3")
    assert film.get_by_role("slider").get_attribute("aria-valuetext").startswith("frame 4 of ")
    page.context.close()


def test_a_slider_runs_through_its_values_by_size_from_the_one_given_first(site, chromium):
    page, _, _ = visit(chromium, f"{site}notebooks/06_world_models_2018.html", site)
    page.locator("[data-wm-explore]:visible").first.scroll_into_view_if_needed()
    slider = page.get_by_role("slider", name="temperature", exact=True)
    slider.scroll_into_view_if_needed()
    assert slider.get_attribute("aria-valuetext") == "1"
    said = []
    for place in range(5):
        slider.fill(str(place))
        said.append(float(slider.get_attribute("aria-valuetext")))
    assert said == sorted(said) and len(set(said)) == 5
    page.context.close()


def test_an_output_leaves_its_styles_and_scripts_to_the_page_and_names_its_pictures():
    frames = [scenes.cartpole([0.0] * 4)] * 2
    stored = reel_html(frames, frames, alt="Two carts stand still.", labels=["one", "two"])
    stored = stored.replace("Picture 2 of 2, described with the first.", "")  # as it once was
    now = tool("wm_outputs").present(stored + "<style>.mine{}</style><script>mine()</script>")
    assert ".wm-figure" in stored and ".wm-figure" not in now and ".wm-controls" not in now
    assert "function" in stored and "function" not in now
    assert 'alt="Two carts stand still."' in now and 'alt="Picture 2 of 2, described' in now
    assert now.endswith("<style>.mine{}</style><script>mine()</script>")
    data = 'class="wm-data">'
    assert now.split(data)[1].startswith(stored.split(data)[1].split("</script>")[0])


# ------------------------------------------------------------------------- colours, focus, folds


def test_the_chosen_mode_is_seen_where_colours_are_forced(site, chromium):
    page, _, _ = visit(chromium, f"{site}book/intro.html", site, forced_colors="active")
    page.wait_for_selector(".wm-player-modes input:checked + span")
    shades = page.evaluate(
        "[':checked', ':not(:checked)'].map((which) => getComputedStyle("
        "document.querySelector(`.wm-player-modes input${which} + span`)).backgroundColor)"
    )
    assert shades[0] != shades[1]
    page.context.close()


def test_copy_buttons_show_where_the_focus_is(site, chromium):
    page, _, _ = visit(chromium, f"{site}notebooks/07_dreamer.html", site, reduced_motion="reduce")
    button = page.locator("button.copybtn:visible").nth(3)
    button.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    look = button.evaluate("(b) => [getComputedStyle(b).outlineStyle, getComputedStyle(b).opacity]")
    assert look == ["solid", "1"]
    page.context.close()


def test_folds_are_called_by_what_stands_on_them(site, chromium):
    page, _, _ = visit(chromium, f"{site}notebooks/07_dreamer.html", site)
    names = page.locator("summary").evaluate_all(
        "all => all.map(s => s.getAttribute('aria-label'))"
    )
    assert len(names) > 10 and set(names) == {None}
    page.context.close()


# ------------------------------------------------------------------------------- words explained


@pytest.mark.parametrize("address", ["site", "file"])
def test_a_term_is_explained_on_hover_and_on_focus(built, site, chromium, address):
    root = site if address == "site" else f"{built.as_uri()}/"
    page, wrong, _ = visit(chromium, f"{root}notebooks/04_shooting_planner.html", root)
    note, term = page.get_by_role("tooltip"), page.locator("a.wm-term", has_text="horizon").first
    term.hover()
    note.wait_for()
    assert "how many steps" in note.inner_text()
    assert term.get_attribute("aria-describedby") == note.get_attribute("id")
    note.hover()  # the pointer may move onto it
    page.wait_for_timeout(400)
    assert note.is_visible()
    page.keyboard.press("Escape")
    assert not note.is_visible()
    page.mouse.move(2, 2)
    term.focus()
    note.wait_for()
    page.keyboard.press("Tab")
    page.wait_for_timeout(50)
    assert term.get_attribute("aria-describedby") is None
    term.click()
    assert page.url.endswith("book/glossary.html#term-horizon") and not wrong
    page.context.close()


def test_a_term_is_linked_once_a_section_and_a_page_keeps_its_own_names(built):
    page = (built / "notebooks" / "04_shooting_planner.html").read_text("utf8")
    sections = page.split("<h2>")
    for place in ("term-CEM", "term-horizon", "term-MPC"):
        counts = [section.count(f'glossary.html#{place}"') for section in sections]
        assert max(counts) == 1, place
    assert 'api/planning.html#wmlib.planning.mppi.MPPI"><code' in page
    terms = tool("wm_terms")
    assert terms.pattern({"token", "KL divergence"}).findall(
        "Tokens, a token-ring, KL divergence"
    ) == ["Token", "KL divergence"]


# --------------------------------------------------------------------------------------- on paper


def test_on_paper_all_is_unfolded_and_wrapped_and_films_are_strips(site, chromium):
    page, _, _ = visit(chromium, f"{site}notebooks/07_dreamer.html", site, scheme="dark")
    brought(page)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = false })")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".wm-strip").first.is_visible()
    assert page.locator(".wm-strip").first.locator("canvas").count() == 6
    hidden = ".wm-controls, .wm-bar, .wm-contents, button.copybtn, .wm-screen > canvas"
    assert not any(box.is_visible() for box in page.locator(hidden).all())
    folded = page.locator("details:not([open]) > :not(summary)")
    heights = folded.evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert len(heights) > 10 and min(heights) > 0
    code = page.locator("div.cell_input pre")
    assert code.evaluate_all("all => all.every(p => p.scrollWidth <= p.clientWidth + 1)")
    page.context.close()


def test_a_chapter_is_printed(built, chromium, tmp_path, capsys):
    pdf = tool("pdf")
    pdf.print_page(chromium, built / "notebooks" / "00_primer.html", tmp_path / "primer.pdf")
    printed = (tmp_path / "primer.pdf").read_bytes()
    assert printed.startswith(b"%PDF") and printed.count(b"/Type /Page\n") > 5
    assert pdf.main(["77"]) == 1
    assert "no such chapter: 77; built: 00, 01" in capsys.readouterr().err
