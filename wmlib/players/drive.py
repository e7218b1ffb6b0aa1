"""Drive a learned world beside the real one: the same keys for both, and how far they drift."""

from __future__ import annotations

import html
import json
from typing import Any

from wmlib.figures.display import CONTROLS, check_alt, fingerprint, put, source, wrap
from wmlib.players.export import export_dynamics

STYLE = source("../players/drive.css")
SCRIPT = source("../players/drive.js")


def cartpole_player(model: Any, *, alt: str, caption: str = "") -> None:
    """Show the learned CartPole beside the real one, to be driven with the arrow keys.

    Args:
        model: a trained `NeuralDynamics` of CartPole.
        alt: one sentence for readers who cannot see it.
        caption: what stands below; HTML allowed.
    """
    check_alt(alt, "cartpole_player")
    put(player_html("cartpole", model, alt, caption), alt)


def pendulum_player(model: Any, *, alt: str, caption: str = "") -> None:
    """Show the learned Pendulum beside the real one; arguments as for `cartpole_player`."""
    check_alt(alt, "pendulum_player")
    put(player_html("pendulum", model, alt, caption), alt)


def player_html(world: str, model: Any, alt: str, caption: str = "") -> str:
    """The player as a fragment of HTML, with the model's weights inside."""
    sizes = {"cartpole": (4, 2), "pendulum": (3, 1)}[world]
    data = export_dynamics(model)
    if (data["obs_size"], data["act_size"]) != sizes:
        raise ValueError(
            f"the {world} player needs a model of observations of size {sizes[0]} and actions of "
            f"size {sizes[1]}, got {data['obs_size']} and {data['act_size']}"
        )
    text = json.dumps({"world": world, "model": data})
    name = fingerprint(text)
    screens = "".join(
        f'<div class="wm-screen wm-drive-{role}" data-says="{html.escape(words, True)}"></div>'
        for role, words in (("real", alt), ("imagined", "The same, as the model imagines it."))
    )
    inside = (
        f"<style>{CONTROLS}{STYLE}</style>"
        f'<div class="wm-drive" tabindex="0" role="application" aria-label="Drive both worlds with '
        f'the left and right arrow keys; space pauses.">'
        f'<div class="wm-row{" wm-pair" if world == "pendulum" else ""}">{screens}</div>'
        f'<div class="wm-trace" data-says="The real and the imagined angle of the last seconds.">'
        f'</div><div class="wm-controls"></div>'
        f'<p class="wm-news" aria-live="polite">This needs a page with scripts: run the cell, or '
        f"read the book.</p></div>"
        f'<script type="application/json" class="wm-data">{text}</script>'
    )
    script = f"<script>{SCRIPT.replace('NAME', name)}</script>"
    return wrap(inside, caption, f' data-wm-drive="{name}"') + script
