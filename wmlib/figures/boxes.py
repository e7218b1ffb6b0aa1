"""Diagrams are boxes and arrows: what really happens is blue and solid, imagination dashed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wmlib.figures.style import GREY, IMAGINED, INK, use_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DASHED = (0, (4, 2))


def board(height: float = 60.0) -> tuple[Figure, Axes]:
    """An empty board for boxes, 100 units wide and `height` units high: (figure, axes)."""
    from matplotlib import pyplot as plt

    use_style()
    fig, ax = plt.subplots(figsize=(5.6, 0.056 * height))
    ax.set(xlim=(0, 100), ylim=(0, height))
    ax.axis("off")
    return fig, ax


def box(
    ax: Axes,
    x: float,
    y: float,
    width: float,
    height: float,
    text: str,
    color: str,
    small: bool = False,
) -> None:
    """A box with its middle at (x, y); a grey or black one is neither real nor imagined."""
    from matplotlib.patches import FancyBboxPatch

    ax.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=1.6",
            facecolor="none",
            edgecolor=color,
            linewidth=1.6,
            linestyle=DASHED if color == IMAGINED else "-",
        )
    )
    ink = INK if color == GREY else color
    ax.text(x, y, text, ha="center", va="center", color=ink, fontsize=9.5 if small else 11)


def arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    color: str = GREY,
    text: str = "",
    where: tuple[float, float] = (0.0, 0.0),
    bend: float = 0.0,
) -> None:
    """From one place to another, perhaps bent, with words beside it at `where`."""
    ax.annotate(
        "",
        end,
        start,
        arrowprops=dict(
            arrowstyle="->",
            color=color,
            lw=1.3,
            shrinkA=0,
            shrinkB=0,
            linestyle=DASHED if color == IMAGINED else "-",
            connectionstyle=f"arc3,rad={bend}",
        ),
    )
    if text:
        ax.text(*where, text, fontsize=9.5, color=color)
