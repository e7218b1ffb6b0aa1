"""What answers a bet is hidden until the reader has guessed, and nothing else is."""

import importlib.resources
import re

import nbformat
import pytest
from built import visit
from repository import CHAPTERS, PRIMER, tool

from wmlib.questions.bets import bets_of

wm_bets = tool("wm_bets")
NOTEBOOKS = {path.stem[:2]: path for path in [PRIMER, *CHAPTERS]}
every_chapter = pytest.mark.parametrize("chapter", NOTEBOOKS)
AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text("utf8")


def text(*sources, **metadata):
    return [{"cell_type": "markdown", "metadata": metadata, "source": s} for s in sources]


def code(*sources):
    return [{"cell_type": "code", "metadata": {}, "source": s} for s in sources]


def boxes(cells):
    """{bet: what its box holds}."""
    found, inside = {}, None
    for cell in wm_bets.boxed(cells):
        begins = re.match(
            r'<div class="wm-answer" data-chapter="\d\d" data-bet="(\w+)">', cell["source"]
        )
        if begins:
            assert inside is None
            inside = found[begins[1]] = []
        elif cell["source"] == "</div>":
            inside = None
        elif inside is not None:
            inside.append(cell)
    assert inside is None
    return found


# --- what is in the box


BET = code('bet("03", "a")')


@pytest.mark.parametrize(
    "after, held",
    [
        (text("told", "more\n\n## Next\n\ntext"), ["told", "more\n\n"]),
        (code("1") + text("# Next"), ["1"]),
        (code("1") + text("first\n\n> **Guess first.** What?"), ["1"]),
        (text("told", "```python\n# no heading\n```"), ["told", "```python\n# no heading\n```"]),
        (text("told") + code('from x import quiz\n\nquiz("03")', "2"), ["told"]),
        (text("told") + code('bets("03")'), ["told"]),
        (code("1") + text("what comes next", tags=["after-result"]), ["1"]),
    ],
)
def test_a_box_ends_where_something_else_begins(after, held):
    cells = text("> **Guess first.** So?") + BET + after
    assert [cell["source"] for cell in boxes(cells)["a"]] == held
    rest = "".join(cell["source"] for cell in wm_bets.boxed(cells))
    for cell in cells:
        assert cell["source"].split("\n\n##")[0] in rest  # nothing is lost


def test_a_bet_that_nothing_answers_is_an_error():
    with pytest.raises(ValueError, match="'a'.*no cell between it and the next heading"):
        wm_bets.boxed(BET + text("## Next"))


@every_chapter
def test_a_box_holds_what_answers_its_bet_and_no_question(chapter):
    found = boxes(nbformat.read(NOTEBOOKS[chapter], as_version=4).cells)
    assert list(found) == list(bets_of(chapter))
    for name, bet in bets_of(chapter).items():
        sources = [cell["source"] for cell in found[name]]
        assert not any(
            wm_bets.ASKS.search(source) or wm_bets.BET.search(source) for source in sources
        )
        outputs = [output for cell in found[name] for output in cell.get("outputs", [])]
        assert outputs or any(cell["cell_type"] == "markdown" for cell in found[name]), name
        if bet.cell:
            assert bet.cell[0] in [cell.get("id") for cell in found[name]], name


# --- in the book

slow = pytest.mark.slow
PAGE = "notebooks/04_shooting_planner.html"
FLASH = """() => {
  window.flashed = 0;
  requestAnimationFrame(function look() {
    flashed += document.querySelectorAll(".wm-answer:not([hidden])").length;
    requestAnimationFrame(look);
  });
}"""


def opened(site, chromium, page=PAGE, **how):
    found, wrong, _ = visit(chromium, f"{site}{page}", site, whole=False, **how)
    found.wrong = wrong
    return found


def hidden(page):
    """The bets whose result takes no room, and says so in one line: one or the other."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".wm-answer")].filter((box) => {
          const line = box.previousElementSibling, none = box.getBoundingClientRect().height === 0;
          if (!line.matches(".wm-cover") || line.checkVisibility() !== none) throw box.dataset.bet;
          return none;
        }).map((box) => box.dataset.bet)"""
    )


ALL = list(bets_of("04"))


@slow
def test_results_are_hidden_before_anything_is_painted_and_nothing_shifts(site, chromium):
    page = opened(site, chromium, "book/intro.html", width=412)
    page.add_init_script(f"({FLASH})()")
    page.goto(f"{site}{PAGE}")
    page.wait_for_selector("html:not(.wm-lazy)")
    assert hidden(page) == ALL and page.evaluate("flashed") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 412
    shifts = page.evaluate(
        """() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().reduce((sum, e) => sum + e.value, 0)))
          .observe({ type: "layout-shift", buffered: true }) || setTimeout(() => done(0), 1000))"""
    )
    assert shifts < 0.1 and not page.wrong
    page.context.close()


@slow
def test_a_bet_made_by_keyboard_shows_its_result_and_no_other_for_good(site, chromium):
    page = opened(site, chromium)
    page.locator("#bet-usual input").focus()
    for key in ("End", "Tab", "Enter"):
        page.keyboard.press(key)
    assert hidden(page) == ALL[1:]
    assert "You said" in page.evaluate("document.activeElement.innerText")
    page.reload()
    assert hidden(page) == ALL[1:]
    page.locator("[data-wm-bet=all] button").click()
    page.locator("[data-wm-bet=all] button").click()  # sure
    assert hidden(page) == ALL and not page.wrong
    page.context.close()


@slow
def test_who_does_not_guess_sees_the_result_by_one_button(site, chromium):
    page = opened(site, chromium)
    show = page.get_by_role("button", name="Show it without guessing").nth(2)
    show.focus()
    page.keyboard.press("Enter")
    assert hidden(page) == ALL[:2] + ALL[3:]
    assert page.evaluate("document.activeElement.dataset.bet") == ALL[2]
    assert "You looked without a guess" in page.locator(f"#bet-{ALL[2]}").inner_text()
    page.reload()
    assert hidden(page) == ALL[:2] + ALL[3:] and not page.wrong
    page.context.close()


@slow
def test_a_player_in_a_result_starts_when_it_is_shown(site, chromium):
    page = opened(site, chromium, "notebooks/12_minds_bodies_markets.html")
    player = page.locator("[data-player=policy]")
    page.locator("#bet-unemployment").scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    assert player.get_attribute("data-ready") is None
    page.locator("#bet-unemployment input").press("End")
    page.locator("#bet-unemployment form > button").click()
    player.scroll_into_view_if_needed()
    page.locator("[data-player=policy][data-ready] canvas").first.wait_for()
    assert not page.wrong
    page.context.close()


@slow
def test_hiding_is_switched_off_and_on_for_the_whole_book(site, chromium):
    page = opened(site, chromium)
    page.get_by_role("button", name="Always show results").first.click()
    assert hidden(page) == []
    switch = page.get_by_label("Hide each result until I have guessed")
    assert not switch.is_checked()
    page.goto(f"{site}notebooks/02_dyna.html")
    assert hidden(page) == []
    assert page.locator("#bet-buffer input").count() == 1  # one may still bet
    switch.focus()
    page.keyboard.press("Space")
    assert switch.is_checked() and switch.evaluate("(it) => it === document.activeElement")
    assert hidden(page) == list(bets_of("02"))
    page.goto(f"{site}{PAGE}")
    assert hidden(page) == ALL and not page.wrong
    page.context.close()


@slow
def test_links_into_a_result_and_the_browsers_own_search_show_it(site, chromium):
    page = opened(site, chromium)
    page.evaluate("document.querySelector('[data-bet=best_of] p').id = 'inside'")
    page.evaluate("location.hash = 'inside'")
    page.wait_for_function("!document.querySelector('[data-bet=best_of]').hidden")
    assert hidden(page) == [name for name in ALL if name != "best_of"]
    assert page.evaluate("window.find('worse by up to 48 points')") is not None
    page.evaluate(
        "document.querySelector('[data-bet=sight]').dispatchEvent(new Event('beforematch'))"
    )
    assert "sight" not in hidden(page)
    page.context.close()


@slow
@pytest.mark.parametrize("way", ["http", "file"])
def test_who_searched_the_book_for_it_sees_it(way, site, built, chromium):
    root = site if way == "http" else built.as_uri() + "/"
    page = opened(root, chromium, "search.html?q=LQR planner arrive")
    link = page.locator("#search-results p a").filter(has_text="The fair rivals")
    link.click()
    page.wait_for_url("**/04_shooting_planner.html?found#*")
    page.wait_for_selector("html:not(.wm-lazy)")
    assert hidden(page) == [name for name in ALL if name != "arrives"] and not page.wrong
    page.context.close()


@slow
def test_on_paper_and_without_a_script_everything_is_there(site, chromium):
    page = opened(site, chromium)
    page.emulate_media(media="print")
    heights = "[...document.querySelectorAll('.wm-answer')].map((box) => box.getBoundingClientRect().height)"
    assert min(page.evaluate(heights)) > 40 and page.locator(".wm-cover:visible").count() == 0
    assert page.locator(".wm-bet :is(label, button):visible").count() == 0
    page.context.close()
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}{PAGE}")
    assert min(box.bounding_box()["height"] for box in page.locator(".wm-answer").all()) > 40
    assert page.locator(".wm-cover").count() == 0
    page.context.close()


@slow
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_fault_in_a_page_with_hidden_results(width, site, chromium):
    page = opened(site, chromium, "notebooks/02_dyna.html", width=width, reduced_motion="reduce")
    page.evaluate(
        "localStorage.setItem('wm-bets-02', JSON.stringify({lack: {looked: true}, buffer: 2}))"
    )
    page.reload()
    page.evaluate(AXE)
    for theme in ("light", "dark"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
        found = page.evaluate(
            "axe.run({include: [['.wm-bet'], ['.wm-cover']]}).then((all) => all.violations.map((v) => v.id + v.nodes[0].html))"
        )
        assert not found
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


@slow
def test_every_chapter_has_its_results_in_boxes_of_their_own(built):
    for chapter, path in NOTEBOOKS.items():
        page = (built / "notebooks" / f"{path.stem}.html").read_text("utf8")
        found = re.findall(
            r'<div class="wm-answer" data-chapter="(\d\d)" data-bet="(\w+)"><script>', page
        )
        assert found == [(chapter, name) for name in bets_of(chapter)]
        assert page.count("window.wmCover = ") == 1
