"""Pictures of chapter 6: how V, M and C hang together, and what a dream's score is worth."""

from __future__ import annotations

import numpy as np

from wmlib.figures.boxes import DASHED, arrow, board, box
from wmlib.figures.style import GREY, IMAGINED, PURPLE, REAL, use_style


def vmc_diagram():
    """Vision (V), memory (M) and controller (C). Blue and solid: what was seen. Orange and dashed: imagined.

    Returns:
        a matplotlib figure.
    """
    fig, ax = board(52)
    box(ax, 10, 40, 17, 10, "picture", REAL)
    box(ax, 33, 40, 13, 12, "V", REAL)
    box(ax, 54, 40, 11, 10, "$z_t$", GREY)
    box(ax, 54, 12, 11, 10, "$h_t$", GREY)
    box(ax, 74, 26, 13, 12, "C", PURPLE)
    box(ax, 93, 26, 11, 10, "$a_t$", GREY)
    box(ax, 33, 12, 13, 12, "M", IMAGINED)
    box(ax, 10, 12, 17, 12, "next $z$,\nreward, end", IMAGINED, small=True)
    arrow(ax, (19, 40), (26, 40), REAL)
    arrow(ax, (40, 40), (48, 40))
    arrow(ax, (40, 12), (48, 12))
    arrow(ax, (60, 38), (67, 29.5))
    arrow(ax, (60, 14), (67, 22.5))
    arrow(ax, (81, 26), (87, 26))
    arrow(ax, (26, 12), (19, 12), IMAGINED)
    arrow(ax, (50, 34.5), (38, 18.5))
    ax.plot([93, 93, 33, 33], [20.5, 2, 2, 3], color=GREY, lw=1.3)
    arrow(ax, (33, 2.5), (33, 5.8))
    return fig


def dream_and_world(temperatures, dream, real, baseline, names=("in its dream", "in the world")):
    """Scores of controllers in the dream they were trained in, and in the world.

    Args:
        temperatures: `(K,)`. dream, real: `(seeds, K)`; mean and every seed are drawn.
        baseline: `(score, words)` of a horizontal line.
    """
    use_style()
    from matplotlib import pyplot as plt

    fig, ax = plt.subplots()
    place = np.arange(len(temperatures))
    for values, name, color, style, shift, up in (
        (dream, names[0], IMAGINED, DASHED, -0.08, 12),
        (real, names[1], REAL, "-", 0.08, -12),
    ):
        values = np.atleast_2d(np.asarray(values, float))
        mean = values.mean(0)
        ax.plot(place + shift, mean, color=color, lw=1.8, ls=style, marker="o", ms=4)
        ax.vlines(place + shift, values.min(0), values.max(0), color=color, lw=1.2, alpha=0.6)
        for row in values:
            ax.plot(place + shift, row, "o", color=color, ms=2.2, alpha=0.5)
        ax.annotate(
            name,
            (place[-1] + 0.08, mean[-1]),
            (8, up),
            textcoords="offset points",
            color=color,
            va="center",
            fontsize=9.5,
        )
    ax.axhline(baseline[0], color=GREY, lw=1, ls=(0, (1, 2.5)))
    ax.annotate(
        baseline[1],
        (place[2], baseline[0]),
        (0, 4),
        textcoords="offset points",
        color=GREY,
        fontsize=9.5,
    )
    ax.set(
        xticks=place,
        xticklabels=[f"{t:g}" for t in temperatures],
        xlabel="temperature",
        ylabel="steps survived",
        xlim=(-0.4, len(place) + 0.25),
    )
    ax.set_ylim(bottom=0)
    return fig
