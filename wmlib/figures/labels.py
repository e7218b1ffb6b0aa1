"""Names at the ends of lines instead of legends, kept apart from each other and from the curves."""

from __future__ import annotations

from typing import Any

import numpy as np


def relabel(ax: Any, gap: float = 14, settle: bool = False) -> None:
    """Write each series' name at its end; names at the right edge are pushed apart (points)."""
    ends = getattr(ax, "_wm_ends", [])
    for label in getattr(ax, "_wm_labels", []):
        label.remove()
    ax._wm_labels = []
    ax._wm_relabel = lambda: relabel(ax, gap, settle=True)  # `show` calls it, at the very end
    if not ends:
        return
    threshold = getattr(ax, "_wm_threshold", None)
    if settle and (len(ends) > 1 or threshold):
        ax.figure.draw_without_rendering()  # the layout is settled only by drawing
    if threshold is not None:
        ax._wm_labels.append(_write_threshold(ax, *threshold))
    places = [ax.transData.transform((x, y)) * 72 / ax.figure.dpi for _, x, y, *_ in ends]
    edge = max(place[0] for place in places)
    column = [i for i, place in enumerate(places) if edge - place[0] < 20]
    column.sort(key=lambda i: places[i][1])
    heights = _apart([places[i][1] for i in column], gap)
    shifts = {i: height - places[i][1] for i, height in zip(column, heights)}
    for i, (name, x, y, color, *aside) in enumerate(ends):
        shift = shifts.get(i, aside[0] if aside else 0)  # aside: off a line that runs on
        label = ax.annotate(
            name,
            (x, y),
            (7, shift),
            textcoords="offset points",
            va="center",
            color=color,
            fontsize=10,
            fontweight="bold",
            annotation_clip=False,
        )
        ax._wm_labels.append(label)


def _write_threshold(ax, height, text):
    """Words at a horizontal line, where they cover the least of the curves."""
    label = ax.annotate(
        text,
        (0, height),
        (4, 4),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        fontsize=9.5,
        alpha=0.85,
    )
    points = np.concatenate([ax.transData.transform(_dense(line)) for line in ax.lines])
    least, best = np.inf, (0, 4)
    for x, y in ((0, 4), (1, 4), (0, -4), (1, -4)):
        label.xy = (x, height)
        label.set(ha="right" if x else "left", va="bottom" if y > 0 else "top")
        label.set_position((-4 if x else 4, y))
        box = label.get_window_extent()
        covered = box.count_contains(points) + 50 * (box.y1 > ax.bbox.y1)
        if covered < least:
            least, best = covered, (x, y)
    x, y = best
    label.xy = (x, height)
    label.set(ha="right" if x else "left", va="bottom" if y > 0 else "top")
    label.set_position((-4 if x else 4, y))
    box = label.get_window_extent()
    if box.y0 < ax.bbox.y0:  # make room below
        ax.set_ylim(bottom=ax.transData.inverted().transform((0, box.y0 - 4))[1])
    return label


def _dense(line):
    """Points along a line, close enough for words not to slip between them."""
    x, y = np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)
    fine = np.linspace(0, len(x) - 1, 200)
    if len(x) < 3 and np.ptp(y) == 0:  # the threshold itself
        return np.empty((0, 2))
    return np.stack([np.interp(fine, np.arange(len(x)), values) for values in (x, y)], 1)


def _apart(heights, gap):
    """Sorted heights, moved as little as it takes for all to be `gap` apart."""
    groups = []  # [sum of wanted heights of the lowest, count]
    for i, height in enumerate(heights):
        groups.append([height, 1])
        while len(groups) > 1:
            (low, n), (high, m) = groups[-2:]
            top = low / n + gap * (n - 1) / 2
            if high / m - gap * (m - 1) / 2 - top >= gap:
                break
            groups[-2:] = [[low + high, n + m]]
    placed = []
    for total, count in groups:
        placed += [total / count + gap * (k - (count - 1) / 2) for k in range(count)]
    return placed
