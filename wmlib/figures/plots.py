"""The plots that the chapters share. Each takes plain arrays and returns a matplotlib figure.

Series are given as `{name: values}`, values being `(T,)` for one run or `(seeds, T)` for several.
Names stand at the end of their lines instead of in a legend. Every function takes `ax` to draw
into axes of your own, and `colors={name: colour}` where the order of `OTHERS` does not do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from wmlib.figures.labels import relabel
from wmlib.figures.series import Series, axes, by_seed, draw_curves, finite, shades
from wmlib.figures.style import IMAGINED, INK, PAPER, PURPLE, REAL, ROLES, number, plain_log

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def error_by_horizon(
    errors: Series,
    ylabel: str = "error",
    log: bool = True,
    grey: Sequence[str] = (),
    colors: Mapping[str, str] | None = None,
    band: float = 90,
    ax: Axes | None = None,
) -> Figure:
    """How wrong a model is after 1, 2, ... H imagined steps, compared with what really happened.

    Args:
        errors: `{model name: (H,) or (seeds, H)}`; entry k is the error k + 1 steps ahead.
        grey: names drawn in grey and dashed: baselines such as "nothing moves".
        band: width of the interval over seeds, in percent; the line is the median.
    """
    ax = draw_curves(axes(ax), errors, None, grey, colors, band, 1)
    if log:
        ax.set_yscale("log")
        plain_log(ax.yaxis)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set(xlabel="steps imagined", ylabel=ylabel)
    relabel(ax)
    return ax.figure


def curves(
    series: Series,
    x: ArrayLike | Mapping[str, ArrayLike] | None = None,
    xlabel: str = "",
    ylabel: str = "",
    log: bool = False,
    band: float = 90,
    grey: Sequence[str] = (),
    colors: Mapping[str, str] | None = None,
    threshold: tuple[float, str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Learning curves: the median over seeds, with every seed faintly or an interval behind it.

    Args:
        series: `{name: (T,) or (seeds, T)}`.
        x: `(T,)` shared by all, or `{name: (T,)}`; default 0, 1, 2, ...
        log: whether the vertical axis is logarithmic.
        band: up to five seeds are drawn as faint lines; more as an interval of `band` percent.
        grey: names drawn in grey and dashed (baselines, controls).
        threshold: `(height, text)` of a line to be reached.
    """
    ax = axes(ax)
    draw_curves(ax, series, x, grey, colors, band, 0)
    if log:
        ax.set_yscale("log")
        plain_log(ax.yaxis)
    if threshold is not None:
        ax.axhline(threshold[0], color=INK, lw=0.9, ls=(0, (1, 2.5)), alpha=0.7)
        ax._wm_threshold = threshold
    ax.set(xlabel=xlabel, ylabel=ylabel)
    relabel(ax)
    return ax.figure


def bars(
    values: Series,
    xlabel: str = "",
    grey: Sequence[str] = (),
    colors: Mapping[str, str] | None = None,
    log: bool = False,
    reference: tuple[float, str] | None = None,
    fmt: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """One bar a name (mean), every seed as a dot, and the mean's 90 % bootstrap interval.

    Args:
        values: `{name: number or (seeds,)}`, drawn from top to bottom.
        reference: `(value, text)` of a vertical line, for instance what chance gives.
        fmt: how the mean is written at the right, such as "{:.1f}"; default three digits.
    """
    if not values:
        raise ValueError("bars() was given no values: bars({'planner': [480, 500], ...})")
    ax = axes(ax, height=0.75 + 0.48 * len(values))
    names = list(values)
    shade = shades(names, grey, colors)
    for row, name in enumerate(names):
        seeds = finite(np.atleast_1d(np.asarray(values[name], float)), name)
        mean = seeds.mean()
        ax.barh(row, mean, height=0.58, color=shade[name], alpha=0.3)
        if len(seeds) > 1:
            spread = np.random.default_rng(0)
            means = spread.choice(seeds, (2000, len(seeds))).mean(1)
            low, high = np.percentile(means, [5, 95])
            ax.plot([low, high], [row, row], color=shade[name], lw=2.4)
            offsets = np.linspace(-0.2, 0.2, len(seeds)) if len(seeds) < 40 else 0 * seeds
            ax.plot(seeds, row + offsets, "o", ms=3.4, mew=0, color=shade[name], alpha=0.65)
        ax.plot([mean, mean], [row - 0.29, row + 0.29], color=shade[name], lw=2.4)
        ax.annotate(
            fmt.format(mean) if fmt else number(mean),
            (1, row),
            (6, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=10,
            fontweight="bold",
        )
    if reference is not None:
        value, text = reference
        ax.axvline(value, color=INK, lw=0.9, ls=(0, (1, 2.5)), alpha=0.7)
        ax.annotate(
            text,
            (value, 1),
            (3, 2),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            fontsize=9.5,
            alpha=0.8,
        )
    if log:
        ax.set_xscale("log")
        plain_log(ax.xaxis)
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel=xlabel, ylim=(len(names) - 0.5, -0.5))
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    return ax.figure


def heatmap(
    grid: ArrayLike,
    rows: Sequence[object],
    columns: Sequence[object],
    xlabel: str = "",
    ylabel: str = "",
    fmt: str = "{:.0f}",
    color: str = PURPLE,
    low: float | None = None,
    high: float | None = None,
    ax: Axes | None = None,
) -> Figure:
    """A grid of numbers as shades of one colour: nothing where low, full where high.

    The shade is the colour's opacity, so that it reads alike on white and on black paper.

    Args:
        grid: `(R, C)`; NaN leaves a cell empty.
        rows, columns: labels, R and C of them; the first row is on top.
        low, high: ends of the scale; default the smallest and largest number.
    """
    from matplotlib.patches import Rectangle

    grid = np.asarray(grid, float)
    if grid.ndim != 2 or grid.shape != (len(rows), len(columns)):
        raise ValueError(
            f"heatmap wants a grid of shape (rows, columns) = ({len(rows)}, {len(columns)}), "
            f"got {grid.shape}"
        )
    ax = axes(ax, height=1.0 + 0.42 * len(rows))
    low = np.nanmin(grid) if low is None else low
    high = np.nanmax(grid) if high is None else high
    numbers = grid.size <= 150
    for r, c in np.ndindex(grid.shape):
        if np.isnan(grid[r, c]):
            continue
        level = float(np.clip((grid[r, c] - low) / max(high - low, 1e-12), 0, 1))
        ax.add_patch(
            Rectangle(
                (c - 0.48, r - 0.46),
                0.96,
                0.92,
                facecolor=color,
                alpha=0.06 + 0.94 * level,
                linewidth=0,
            )
        )
        if numbers:
            ink = PAPER if level > 0.72 else INK
            ax.text(c, r, fmt.format(grid[r, c]), ha="center", va="center", color=ink, fontsize=10)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.grid(False)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax.figure


def fan(
    real: ArrayLike,
    imagined: ArrayLike,
    start: int = 0,
    dt: float = 1,
    xlabel: str = "step",
    ylabel: str = "",
    limits: Sequence[float] = (),
    ax: Axes | None = None,
) -> Figure:
    """Imagined futures, orange and dashed, against what really happened, blue and solid.

    Args:
        real: `(T,)` one coordinate of the true trajectory.
        imagined: `(H + 1,)` or `(N, H + 1)` futures, all beginning at step `start` of `real`.
        dt: time of one step; multiplies the horizontal axis.
        limits: heights to mark, for instance the angles at which the pole has fallen.
    """
    ax = axes(ax)
    real = finite(np.asarray(real, float), "real")
    futures = by_seed(imagined, "imagined")
    steps = dt * (start + np.arange(futures.shape[1]))
    many = len(futures) > 1
    for i, future in enumerate(futures):
        ax.plot(
            steps,
            future,
            **ROLES["imagined"],
            lw=1.1 if many else 2,
            alpha=max(0.25, min(1, 6 / len(futures))) if many else 1,
            zorder=2,
        )
    ax.plot(dt * np.arange(len(real)), real, **ROLES["real"], lw=2.4, zorder=3)
    if 0 < start < len(real):
        ax.plot(dt * start, real[start], "o", ms=6, color=REAL, mec=PAPER, mew=1.5, zorder=4)
    for height in limits:
        ax.axhline(height, color=INK, lw=0.9, ls=(0, (1, 2.5)), alpha=0.7)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.margins(x=0.01)
    end, middle = min(start + futures.shape[1], len(real)) - 1, float(np.median(futures[:, -1]))
    ax._wm_ends = [
        ("real", dt * (len(real) - 1), real[-1], REAL),
        ("imagined", steps[-1], middle, IMAGINED, 13 if middle >= real[end] else -13),
    ]
    relabel(ax)
    return ax.figure


def calibration(
    nominal: ArrayLike,
    covered: Series,
    xlabel: str = "stated confidence",
    ylabel: str = "share covered",
    ax: Axes | None = None,
    colors: Mapping[str, str] | None = None,
    grey: Sequence[str] = (),
) -> Figure:
    """What share of the truth lies inside intervals of a stated confidence; the diagonal is honest.

    Args:
        nominal: `(L,)` stated confidences in [0, 1].
        covered: `{name: (L,) or (seeds, L)}` measured shares.
    """
    ax = axes(ax, width=4.4, height=3.6)
    ax.plot([0, 1], [0, 1], color=INK, lw=0.9, ls=(0, (1, 2.5)), alpha=0.7)
    draw_curves(ax, covered, np.asarray(nominal, float), grey, colors, 90, 0)
    ax.set(xlabel=xlabel, ylabel=ylabel, xlim=(0, 1), ylim=(0, 1.02))
    relabel(ax)
    return ax.figure
