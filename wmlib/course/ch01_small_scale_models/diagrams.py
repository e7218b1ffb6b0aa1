"""The agent's loop, drawn."""

from __future__ import annotations

from wmlib.figures.boxes import arrow, board, box
from wmlib.figures.style import IMAGINED, INK, REAL


def agent_loop():
    """World, perception, world model and controller, and the loop of imagination among them.

    Blue and solid: what really happens. Orange and dashed: what is imagined.

    Returns:
        a matplotlib figure.
    """
    fig, ax = board(61)
    box(ax, 50, 10, 96, 10, "world", REAL)
    box(ax, 14, 38, 24, 12, "perception", INK)
    box(ax, 50, 38, 24, 12, "world model", IMAGINED)
    box(ax, 86, 38, 24, 12, "controller", INK)
    arrow(ax, (14, 15), (14, 32), REAL, "observation", (15.5, 23.5))
    arrow(ax, (86, 32), (86, 15), REAL, "action", (73.5, 23.5))
    arrow(ax, (26, 38), (38, 38), INK)
    arrow(ax, (62, 38), (74, 38), INK)
    ax.text(32, 39.8, "state", ha="center", fontsize=9.5, color=INK)
    ax.text(68, 39.8, "state", ha="center", fontsize=9.5, color=INK)
    arrow(ax, (82, 44), (54, 44), IMAGINED, "what if I did this?", (55.5, 56.2), bend=0.55)
    arrow(ax, (59, 32), (78, 32), IMAGINED, "this would follow", (43.5, 23.5), bend=0.5)
    return fig
