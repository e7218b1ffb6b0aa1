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
