"""Chapter 4's picture of a planner at work: many imagined futures, and the one it would choose."""

from __future__ import annotations

import numpy as np

from wmlib.figures.style import IMAGINED, INK, REAL, ROLES, use_style


def futures(paths, scores, dt=1.0, xlabel="seconds", ylabel="", limits=(), view=None):
    """Imagined futures, each as dark as its score is good; the best one bold; now in blue.

    Args:
        paths: `(N, H + 1)` one coordinate of N imagined futures, all from the same now.
        scores: `(N,)` what the planner thinks of them.
        dt: time of a step. limits: heights to mark, such as the angle at which a pole has fallen.
        view: lowest and highest value shown, for pictures that are compared.

    Returns:
        a matplotlib figure.

    Raises:
        ValueError: if there is not one score for each path.
    """
    from matplotlib import pyplot as plt

    paths, scores = np.asarray(paths, float), np.asarray(scores, float)
    if paths.ndim != 2 or scores.shape != (len(paths),):
        raise ValueError(
            f"futures() wants paths (N, H + 1) and scores (N,), got {paths.shape} and "
            f"{scores.shape}"
        )
    use_style()
    fig, ax = plt.subplots()
    time = dt * np.arange(paths.shape[1])
    spread = scores.max() - scores.min()
    level = (scores - scores.min()) / spread if spread > 1e-3 else np.full(len(scores), 0.5)
    for path, shade in zip(paths, level):
        ax.plot(time, path, **ROLES["imagined"], lw=0.9, alpha=0.12 + 0.5 * shade, zorder=2)
    best, view = int(scores.argmax()), view or _view(paths, limits)
    ax.plot(time, paths[best], **ROLES["imagined"], lw=3, zorder=4)
    ax.annotate(
        "chosen",
        (time[-1], np.clip(paths[best, -1], *view)),
        (5, 0),
        textcoords="offset points",
        va="center",
        color=IMAGINED,
        fontweight="bold",
    )
    ax.plot(0, paths[0, 0], "o", ms=6, color=REAL, zorder=5)
    for height in limits:
        ax.axhline(height, color=INK, lw=0.9, ls=(0, (1, 2.5)), alpha=0.7)
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=view)
    ax.margins(x=0.01)
    return fig


def _view(paths, limits):
    """What is shown: all paths, but not much beyond the limits."""
    low, high = paths.min(), paths.max()
    if limits:
        middle, half = (min(limits) + max(limits)) / 2, (max(limits) - min(limits)) / 2
        low, high = max(low, middle - 2.5 * half), min(high, middle + 2.5 * half)
        low, high = min(low, min(limits)), max(high, max(limits))
    edge = 0.05 * (high - low + 1e-9)
    return low - edge, high + edge
