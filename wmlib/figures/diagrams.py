"""The agent's loop, drawn."""

from __future__ import annotations

from wmlib.figures.style import IMAGINED, INK, REAL, use_style


def agent_loop():
    """World, perception, world model and controller, and the loop of imagination among them.

    Blue and solid: what really happens. Orange and dashed: what is imagined.

    Returns:
        a matplotlib figure.
    """
    import matplotlib.pyplot as plt

    use_style()
    fig, ax = plt.subplots(figsize=(5.6, 3.3))
    ax.set(xlim=(0, 10), ylim=(0, 6.1))
    ax.axis("off")
    ax.grid(False)
    _box(ax, 0.2, 0.5, 9.6, 1.0, "world", REAL, "-")
    _box(ax, 0.2, 3.2, 2.4, 1.2, "perception", INK, "-")
    _box(ax, 3.8, 3.2, 2.4, 1.2, "world model", IMAGINED, (0, (4, 2)))
    _box(ax, 7.4, 3.2, 2.4, 1.2, "controller", INK, "-")
    _arrow(ax, (1.4, 1.5), (1.4, 3.2), REAL, "observation", (1.55, 2.35))
    _arrow(ax, (8.6, 3.2), (8.6, 1.5), REAL, "action", (7.35, 2.35))
    _arrow(ax, (2.6, 3.8), (3.8, 3.8), INK, "", None)
    _arrow(ax, (6.2, 3.8), (7.4, 3.8), INK, "", None)
    ax.text(3.2, 3.98, "state", ha="center", fontsize=9.5, color=INK)
    ax.text(6.8, 3.98, "state", ha="center", fontsize=9.5, color=INK)
    _arrow(ax, (8.2, 4.4), (5.4, 4.4), IMAGINED, "what if I did this?", (5.55, 5.62), rad=0.55)
    _arrow(ax, (5.9, 3.2), (7.8, 3.2), IMAGINED, "this would follow", (4.35, 2.35), rad=0.5)
    return fig


def _box(ax, x, y, width, height, text, color, style):
    from matplotlib.patches import FancyBboxPatch

    ax.add_patch(FancyBboxPatch(
        (x, y), width, height, boxstyle="round,pad=0,rounding_size=0.14",
        fill=False, edgecolor=color, linewidth=1.6, linestyle=style,
    ))  # fmt: skip
    ax.text(x + width / 2, y + height / 2, text, ha="center", va="center", fontsize=11,
            color=INK if color == INK else color)


def _arrow(ax, start, end, color, text, where, rad=0.0):
    style = (0, (4, 2)) if color == IMAGINED else "-"
    ax.annotate("", end, start, arrowprops={
        "arrowstyle": "-|>", "color": color, "lw": 1.5, "linestyle": style,
        "connectionstyle": f"arc3,rad={rad}", "shrinkA": 1, "shrinkB": 1,
    })  # fmt: skip
    if text:
        ax.text(*where, text, fontsize=9.5, color=color)
