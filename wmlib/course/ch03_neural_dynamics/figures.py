"""Two pictures of chapter 3: the data's way through a dynamics model, and where it errs."""

from __future__ import annotations

import numpy as np

from wmlib.figures.boxes import arrow, board, box
from wmlib.figures.style import GREY, IMAGINED, INK, PURPLE, REAL, use_style


def dynamics_diagram():
    """How one step is imagined, what it is compared with, and what is fed back.

    Returns:
        a matplotlib figure. Blue and solid: what the world showed. Orange and dashed: imagined.
    """
    fig, ax = board(59)
    box(ax, 8, 45, 14, 9, "$s_t$", REAL)
    box(ax, 8, 25, 14, 9, "$a_t$", REAL)
    box(ax, 28, 35, 17, 14, "normalise\n$s_t$ and the\none-hot $a_t$", GREY, small=True)
    box(ax, 47, 35, 15, 14, "network\n$f_\\theta$", GREY)
    box(ax, 66, 35, 13, 14, "scale\nback", GREY, small=True)
    box(ax, 89, 45, 17, 9, "$\\hat s_{t+1}$", IMAGINED)
    box(ax, 89, 30, 17, 9, "$\\hat r_t$", IMAGINED)
    box(ax, 66, 10, 13, 12, "continue\nhead", GREY, small=True)
    box(ax, 89, 10, 17, 9, "$\\hat c_t$", IMAGINED)
    arrow(ax, (15, 44), (19, 39.5))
    arrow(ax, (15, 26), (19, 30.5))
    arrow(ax, (36.5, 35), (39.5, 35))
    arrow(ax, (54.5, 35), (59.5, 35))
    arrow(ax, (72.5, 37), (80.5, 43.5), IMAGINED)
    arrow(ax, (72.5, 33), (80.5, 30.5), IMAGINED)
    ax.plot([8, 8, 76], [49.5, 55.5, 55.5], color=REAL, lw=1.3)
    arrow(ax, (76, 55.5), (83, 49.7), REAL)
    ax.text(44, 56.3, "$s_t$ plus the predicted change", fontsize=9.5, ha="center", va="bottom")
    ax.plot(
        [97.5, 99.5, 99.5, 66, 66], [45, 45, 21, 21, 18], color=IMAGINED, lw=1.3, ls=(0, (4, 2))
    )
    arrow(ax, (66, 18), (66, 16.2), IMAGINED)
    arrow(ax, (72.5, 10), (80.5, 10), IMAGINED)
    ax.text(25, 12.5, "training compares each with what", fontsize=9.5, ha="center")
    ax.text(25, 8.2, "happened: $s_{t+1}$, $r_t$, and whether", fontsize=9.5, ha="center")
    ax.text(25, 3.9, "the episode went on", fontsize=9.5, ha="center")
    return fig


def error_map(grid, angles, velocities, seen_angles, seen_velocities, lines=(0.01, 0.1, 1.0)):
    """Where a model errs, with the data it was taught laid over it.

    Args:
        grid: `(angles, velocities)` errors; drawn on a logarithmic scale, the darker the worse.
        angles: `(A,)` rad. velocities: `(V,)` rad/s.
        seen_angles, seen_velocities: `(N,)` where the training data lay (at most 400 are drawn).
        lines: errors at which a line is drawn.
    """
    from matplotlib import pyplot as plt
    from matplotlib.colors import LinearSegmentedColormap, to_rgb

    use_style()
    grid = np.asarray(grid, float)
    if grid.shape != (len(angles), len(velocities)):
        raise ValueError(
            f"error_map wants a grid of shape ({len(angles)}, {len(velocities)}), got {grid.shape}"
        )
    fig, ax = plt.subplots(figsize=(5.6, 3.6))
    level = np.log10(np.clip(grid.T, 1e-9, None))
    shades = LinearSegmentedColormap.from_list(
        "doubt", [(*to_rgb(PURPLE), 0.0), (*to_rgb(PURPLE), 0.85)]
    )
    ax.imshow(
        level,
        cmap=shades,
        vmin=np.log10(lines[0]) - 0.5,
        vmax=np.log10(lines[-1]),
        extent=(angles[0], angles[-1], velocities[0], velocities[-1]),
        origin="lower",
        aspect="auto",
        interpolation="bilinear",
    )
    contours = ax.contour(
        angles,
        velocities,
        level,
        levels=np.log10(lines),
        colors=INK,
        linewidths=0.8,
        linestyles="-",
    )
    ax.clabel(contours, fmt=lambda value: f"{10**value:g}", fontsize=9.5)
    few = np.linspace(0, len(seen_angles) - 1, min(400, len(seen_angles))).astype(int)
    ax.plot(
        np.asarray(seen_angles)[few],
        np.asarray(seen_velocities)[few],
        "o",
        ms=1.6,
        mew=0,
        color=REAL,
        alpha=0.7,
    )
    ax.set(xlabel="angle of the pole (rad)", ylabel="angular velocity (rad/s)")
    ax.grid(False)
    return fig
