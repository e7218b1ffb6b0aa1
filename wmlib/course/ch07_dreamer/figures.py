"""The diagram of chapter 7: how a latent state is expected, and how it is corrected by looking."""

from __future__ import annotations

from wmlib.figures.boxes import arrow, board, box
from wmlib.figures.style import GREY, IMAGINED, REAL


def rssm_diagram():
    """One step of the RSSM. Blue and solid: what was seen. Orange and dashed: imagined.

    Returns:
        a matplotlib figure.
    """
    fig, ax = board(60)
    box(ax, 9, 42, 17, 9, "$h_{t-1}, z_{t-1}$", GREY)
    box(ax, 9, 22, 17, 9, "$a_{t-1}$", REAL)
    box(ax, 30, 32, 13, 11, "GRU", GREY)
    box(ax, 48, 32, 11, 9, "$h_t$", GREY)
    box(ax, 68, 50, 22, 10, "prior $p(z_t|h_t)$", IMAGINED, small=True)
    box(ax, 68, 14, 24, 10, "posterior $q(z_t|h_t,o_t)$", REAL, small=True)
    box(ax, 34, 8, 18, 9, "picture $o_t$", REAL, small=True)
    box(ax, 92, 32, 15, 17, "picture\nreward\ncontinue", GREY, small=True)
    arrow(ax, (18, 42), (23, 35))
    arrow(ax, (18, 22), (23, 29))
    arrow(ax, (37, 32), (42, 32))
    arrow(ax, (50, 37), (56.5, 47), IMAGINED)
    arrow(ax, (50, 27), (57, 19.5), REAL)
    arrow(ax, (43.5, 9), (55.5, 12.5), REAL)
    arrow(ax, (53.8, 32), (84, 32))
    arrow(ax, (79.5, 47.5), (88, 41), IMAGINED)
    arrow(ax, (80.5, 17), (88, 23), REAL)
    ax.annotate("", (67, 19.5), (67, 44.5), arrowprops=dict(arrowstyle="<->", color=GREY, lw=1.3))
    ax.text(68.5, 38, "KL", fontsize=9.5, va="center")
    return fig
