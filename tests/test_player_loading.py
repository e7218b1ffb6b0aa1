"""Every player as a page of the book loads it, below a folder of a host and from a file."""

import functools
import gzip
import http.server
import re
import threading

import pytest
from built import UnderCourse, visit
from repository import CHAPTERS, tool

from wmlib.players import players

PAGE = """<!DOCTYPE html><html lang="en" class="js"><meta charset="utf-8"><title>{name}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="../_static/players/player.css">
<script defer src="../_static/players/load.js"></script>
<div style="height: 3000px">far above</div><div class="wm-player" data-player="{name}"></div>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What `make book` writes of the players, and a page for each."""
    folder = tmp_path_factory.mktemp("book")
    texts = {f"_static/players/{name}": text for name, text in tool("players").written().items()}
    for player in players():
        texts[f"notebooks/{player.name}.html"] = PAGE.format(name=player.name)
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf8")
    return folder


def test_the_players_of_a_chapter_weigh_less_than_1_8_mb_over_the_wire(folder):
    files = folder / "_static" / "players"
    names = {player.name: player.asks() for player in players()}
    for chapter in CHAPTERS:
        here = re.findall(r'data-player=\\"(\w+)\\"', chapter.read_text(encoding="utf8"))
        scripts = ["engine", *here, *(f"weights/{w}" for name in here for w in names[name])]
        size = sum(len(gzip.compress((files / f"{name}.js").read_bytes())) for name in scripts)
        assert here and 10_000 < size < 1_800_000, f"{chapter.stem}: {size:,} bytes"


@pytest.fixture(params=["http", "file"])
def root(request, folder):
    if request.param == "file":
        yield f"{folder.as_uri()}/"
        return
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(UnderCourse, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/course/"
    server.shutdown()


def test_every_player_starts_when_it_comes_into_view(root, chromium):
    """Nothing is asked of another host, the engine is one file, and only its own weights are loaded."""
    for player in players():
        address = f"{root}notebooks/{player.name}.html"
        page, wrong, _ = visit(chromium, address, root, reduced_motion="reduce")
        asked = []
        page.on("request", lambda r, asked=asked: asked.append(r.url.removeprefix(root)))
        assert page.evaluate("!window.WM"), f"{player.name} is loaded before it is seen"
        page.locator(".wm-player").scroll_into_view_if_needed()
        page.wait_for_selector(".wm-player[data-ready], .wm-player[data-failed]")
        assert page.get_attribute(".wm-player", "data-failed") is None, player.name
        assert wrong == [], (player.name, wrong)
        files = ["engine.js", f"{player.name}.js", *(f"weights/{w}.js" for w in player.asks())]
        assert asked == [f"_static/players/{name}" for name in files]
        running = page.evaluate("document.querySelector('.wm-player').wmPlayer.stage.running()")
        assert not running, f"{player.name} moves by itself where motion is to be reduced"
        page.context.close()


LOOK = """
addEventListener("load", () => { window.early = document.head.querySelectorAll("script").length; });
window.gaps = window.shift = 0; // gaps: tasks of the page between the first screen and the last check
setInterval(() => {
  gaps += Boolean(document.querySelector(".wm-player:not([data-ready]) > .wm-player-field"));
}, 1);
new PerformanceObserver((list) => list.getEntries().forEach((e) => { shift += e.value; }))
  .observe({ type: "layout-shift", buffered: true });
"""


def test_on_paper_a_player_that_has_not_come_takes_no_room(folder, chromium):
    page = chromium.new_page()
    page.goto((folder / "notebooks" / "flood.html").as_uri())
    player = page.locator(".wm-player")
    player.evaluate(
        "e => { e.innerHTML = '<p>Drive.</p><p class=wm-only-notebook>In the book.</p>'; }"
    )
    assert (
        player.bounding_box()["height"] > 500 and not page.get_by_text("In the book.").is_visible()
    )
    page.emulate_media(media="print")
    assert player.bounding_box()["height"] < 120 and page.get_by_text("In the book.").is_visible()
    page.close()


def test_a_player_on_the_first_screen_leaves_the_page_alive(folder, chromium):
    """It starts after the page, in short tasks, and nothing moves."""
    for name in ("desk", "scoreboard", "dreamer"):  # the longest checks
        path = folder / "notebooks" / f"first_{name}.html"
        above = '<div style="height: 3000px">far above</div>'
        path.write_text(PAGE.format(name=name).replace(above, "<h1>Title</h1>"), encoding="utf8")
        page = chromium.new_page()
        as_a_phone = page.context.new_cdp_session(
            page
        )  # a fast core is done before it could be rude
        as_a_phone.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.add_init_script(LOOK)
        page.goto(path.as_uri())
        page.wait_for_selector(".wm-player[data-ready], .wm-player[data-failed]")
        assert float(page.get_attribute(".wm-player", "data-check")) < 1e-3
        early, gaps, shift = page.evaluate("[early, gaps, shift]")
        assert early == 1, "its scripts are asked for before the page has loaded"
        assert gaps > 2, f"{name}: the check leaves the page {gaps} gaps"
        assert shift < 0.05, (name, shift)
        page.close()


def test_damaged_weights_are_told_in_the_place_of_the_player(folder, chromium):
    bad = folder / "_static" / "players" / "weights" / "codes.js"
    whole = bad.read_text(encoding="utf8")
    at = whole.index('"data":"') + 20
    other = "A" if whole[at] != "A" else "B"
    bad.write_text(whole[:at] + other + whole[at + 1 :], encoding="utf8")
    try:
        page = chromium.new_page()
        page.goto((folder / "notebooks" / "codes.html").as_uri())
        page.locator(".wm-player").scroll_into_view_if_needed()
        alert = page.get_by_role("alert")
        alert.wait_for()
        assert "damaged" in alert.inner_text()
        page.close()
    finally:
        bad.write_text(whole, encoding="utf8")
