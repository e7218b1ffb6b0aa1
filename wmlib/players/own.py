"""A player with a reader's own model: one HTML file, shown below the cell too."""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path

from IPython.display import display

from wmlib.files import write_text
from wmlib.players.gallery import Player, stage_page


def play(player: Player, weights: Mapping[str, str], path: str, height: int = 640) -> None:
    """Write a player with these weights to one HTML file, and show it in a frame.

    Args:
        weights: name -> text as `pack` writes it, one for each that the player asks for.
        path: the file, which plays in any browser, without a network.
        height: of the frame, in pixels.

    Raises:
        ValueError: if a file of weights is missing or one too many.
    """
    wanted = sorted(player.asks())
    if sorted(weights) != wanted:
        raise ValueError(
            f"the player {player.name} needs the weights {wanted}, got {sorted(weights)}"
        )
    page = stage_page(player, weights, "Your own model, as you have just trained it.")
    write_text(path, page)
    kilobytes = Path(path).stat().st_size / 1024
    print(f"{path}: {kilobytes:,.0f} kB, plays in any browser")
    # A frame with its page inside works in Jupyter, Colab and VS Code alike.
    frame = (
        f'<iframe title="{html.escape(player.title)}" srcdoc="{html.escape(page)}" '
        f'style="width:100%;height:{height}px;border:0"></iframe>'
    )
    display({"text/html": frame}, raw=True)
