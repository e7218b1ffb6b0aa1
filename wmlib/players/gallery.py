"""Players: small programs in which a learned model runs in a page, with no kernel.

A chapter's room has `players.py` with `PLAYERS`, a list of `Player`; the script of one stands beside
it, and what several need in `SHARED`. `stage_page` makes one HTML file of a player, its engine and
its weights.
"""

from __future__ import annotations

import html
import importlib
import re
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from wmlib.evidence import rooms

SHARED = Path(__file__).with_name("shared")  # worlds and models that several players need
ENGINE = (  # in the order in which they run
    "numbers.js",
    "layers.js",
    "convs.js",
    "worlds.js",
    "pixels.js",
    "mazes.js",
    "dynamics.js",
    "scenes.js",
    "controls.js",
    "screens.js",
    "stage.js",
)


class Player(NamedTuple):
    """A player of a chapter.

    name: as the page asks for it, ``<div class="wm-player" data-player="name">``.
    title: one line.
    script: the path of its JavaScript, or of several scripts, each of which needs those before it.
    weights: returns name -> text of a weights file, from the weights that the course ships.
    """

    name: str
    title: str
    script: Path | tuple[Path, ...]
    weights: Callable[[], Mapping[str, str]] = dict

    def text(self) -> str:
        """All of its JavaScript."""
        paths = self.script if isinstance(self.script, tuple) else (self.script,)
        return "".join(path.read_text(encoding="utf8") for path in paths)

    def asks(self) -> list[str]:
        """The names of the weights that its script asks for."""
        said = re.search(r"\bweights: \[(.*?)\]", self.text())
        return re.findall(r'"([^"]+)"', said.group(1)) if said else []


def players() -> list[Player]:
    """The players of the front page and of all chapters, in order."""
    found = [importlib.import_module("wmlib.players.front").FRONT]
    for path in rooms():
        if (path / "players.py").exists():
            found += importlib.import_module(f"wmlib.course.{path.name}.players").PLAYERS
    return found


def engine(*names: str) -> str:
    """The text of files of the engine; without names all of its scripts, in order."""
    folder = resources.files("wmlib.players").joinpath("engine")
    return "".join(folder.joinpath(name).read_text(encoding="utf8") for name in names or ENGINE)


def stage_page(player: Player, weights: Mapping[str, str] | None = None, words: str = "") -> str:
    """One HTML file that plays, with nothing beside it.

    Args:
        weights: name -> text as `pack` writes it; those that the course ships where nothing is given.
        words: what stands above the player.
    """
    weights = player.weights() if weights is None else weights
    scripts = [engine(), player.text(), *weights.values()]
    inside = "".join(f"<script>{text}</script>\n" for text in scripts)
    title = html.escape(player.title)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --wm-paper: #fffdf9; --wm-ink: #1d1b18; --wm-ink-3: #6b655d;
  --wm-rule: #d8d2c8; --wm-real: #0072b2; --wm-imagined: #b34a00; --wm-grey: #6b7280;
  --wm-green: #009e73; --wm-purple: #aa4499; background: var(--wm-paper); }}
@media (prefers-color-scheme: dark) {{ :root {{ --wm-paper: #16181d; --wm-ink: #e9e6e0;
  --wm-ink-3: #a39d93; --wm-rule: #3a3d45; --wm-real: #5ab4e6; --wm-imagined: #f0924a;
  --wm-grey: #9ca3af; --wm-green: #34c79a; --wm-purple: #d98ccb; }} }}
body {{ margin: 0 auto; padding: 0.5rem; max-width: 46rem; font-family: system-ui, sans-serif; }}
h1 {{ margin: 0.4rem 0; font-size: 1.2rem; color: var(--wm-ink); }}
{engine("player.css")}</style></head>
<body><main><h1>{title}</h1>
<div class="wm-player" data-player="{player.name}"><p>{html.escape(words)}</p></div></main>
{inside}<script>WM.mount(document.querySelector(".wm-player"));</script></body></html>
"""
