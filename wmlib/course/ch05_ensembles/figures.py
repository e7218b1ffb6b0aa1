"""Pictures of chapter 5: what the members dispute, how the drivers drive, what models promise."""

from __future__ import annotations

import numpy as np

from wmlib.devices import new_rng
from wmlib.figures.style import GOLD, GREEN, GREY, IMAGINED, INK, PURPLE, REAL, use_style

DRIVERS = {"bold": PURPLE, "gated": GREEN, "safe": GREY}


def opinions(x, truth, members, noise, data):
    """Five networks' opinions of one curve.

    Args:
        x: `(N,)`. truth: `(N,)`. members: `(E, N)` predicted means. noise: `(N,)` their mean stated
            deviation. data: `(x, y)` of the points they were taught.
    """
    ax = _axes()
    middle = members.mean(0)
    ax.fill_between(x, middle - 1.64 * noise, middle + 1.64 * noise, color=GREY, alpha=0.18, lw=0)
    ax.plot(x, truth, color=REAL, lw=1.6)
    ax.plot(x, members.T, color=IMAGINED, lw=1, ls=(0, (4, 2)), alpha=0.85)
    ax.scatter(*data, s=7, color=REAL, alpha=0.55, lw=0)
    ax.set(xlabel="x", ylabel="y", ylim=(-2.6, 2.6))
    return ax.figure


def doubt_map(doubt, positions, speeds, log, threshold):
    """How much the members disagree over the road, and where the log lies.

    Args:
        doubt: `(speeds, positions)`. log: Transitions of the road. threshold: drawn as a line.
    """
    ax = _axes()
    levels = threshold * np.array([0, 0.5, 1, 2, 4, 1e3])
    shades = [(0.72, 0.53, 0.04, a) for a in (0.0, 0.08, 0.25, 0.45, 0.65)]
    ax.contourf(positions, speeds, doubt, levels=levels, colors=shades)
    ax.contour(positions, speeds, doubt, levels=[threshold], colors=[GOLD], linewidths=1.8)
    rows = new_rng(0).permutation(len(log))[:1200]
    ax.scatter(*log.obs[rows].T, s=2.5, color=REAL, alpha=0.5, lw=0)
    _quay(ax)
    ax.set(xlim=(0, 422), ylim=(0, 30), xlabel="position (m)", ylabel="speed (m/s)")
    return ax.figure


def speed_profiles(drives, names, each=4):
    """Speed along the road, some drives of each driver; a cross marks a car in the water.

    Args:
        drives: list of `Drives`. names: "bold", "gated" or "safe", one for each.
        each: how many drives are drawn.
    """
    ax = _axes()
    for drive, name in zip(drives, names):
        for path, wrecked in list(zip(drive.paths, drive.wrecked))[:each]:
            ax.plot(path[:, 0], path[:, 1], color=DRIVERS[name], lw=1.2, alpha=0.8)
            if wrecked:
                ax.plot(*path[-1, :2], "x", color=DRIVERS[name], ms=8, mew=2, clip_on=False)
    for name, place in (("bold", (345, 28.3)), ("gated", (322, 18.2)), ("safe", (130, 9.2))):
        if name in names:
            ax.text(*place, name, color=DRIVERS[name], weight="bold", ha="center")
    _quay(ax)
    ax.set(xlim=(0, 440), ylim=(0, 31), xlabel="position (m)", ylabel="speed (m/s)")
    return ax.figure


def promises(iterations, promised, paid, title=""):
    """What a model promises and what the world pays, as the search goes on.

    Args:
        iterations: `(K,)`. promised, paid: `(seeds, K)`. title: above the picture.
    """
    ax = _axes()
    for values, color, style, name in (
        (promised, IMAGINED, (0, (4, 2)), "promised"),
        (paid, REAL, "-", "paid"),
    ):
        values = np.atleast_2d(values)
        low, middle, high = np.quantile(values, (0.05, 0.5, 0.95), axis=0)
        ax.fill_between(iterations, low, high, color=color, alpha=0.15, lw=0)
        ax.plot(iterations, middle, color=color, ls=style)
        ax.annotate(
            name,
            (iterations[-1], middle[-1]),
            xytext=(4, 0),
            color=color,
            weight="bold",
            textcoords="offset points",
            va="center",
            annotation_clip=False,
        )
    ax.set_xscale("log")
    ax.set_xticks(iterations, [str(k) for k in iterations])
    ax.minorticks_off()
    ax.set(xlabel="CEM iterations", ylabel="return of the plan", ylim=(-6, 10))
    ax.set_title(title, fontsize=10, loc="left")
    return ax.figure


def _quay(ax):
    for x, name in ((300, "quay"), (420, "sea")):
        ax.axvline(x, color=INK, lw=0.8, alpha=0.5)
        ax.text(x + 3, 1.0, name, transform=ax.get_xaxis_transform(), va="bottom", fontsize=9.5)


def _axes():
    from matplotlib import pyplot as plt

    use_style()
    return plt.subplots()[1]
