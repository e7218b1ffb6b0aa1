"""Pictures of chapter 12: little pictures and their causes, reaches, and a curve that was no law."""

from __future__ import annotations

import numpy as np

from wmlib.figures.canvas import Board, tiled
from wmlib.figures.style import GREEN, GREY, IMAGINED, INK, PURPLE, REAL, use_style


def patch(values, color=GREEN, role=None, label="", width=120):
    """A square picture of D numbers, drawn as the opacity of one colour; negative ones in grey.

    Args:
        values: `(side^2,)`, 1 is full. color, role, label: see `wmlib.figures.canvas.Board`.
    """
    values = np.asarray(values, float)
    side = round(len(values.ravel()) ** 0.5)
    top = 0.2 * side if label else 0.06 * side
    pad = 0.06 * side
    height = round(width * (side + pad + top) / (side + 2 * pad))
    board = Board(width, height, (-pad, side + pad, -side - pad, top), role, label)
    for (row, col), value in np.ndenumerate(values.reshape(side, side)):
        board.box(col + 0.04, -row - 0.96, col + 0.96, -row - 0.04, GREY, 0.08)
        strength = float(min(1.0, abs(value)))
        if strength > 0.02:
            board.box(
                col + 0.04,
                -row - 0.96,
                col + 0.96,
                -row - 0.04,
                color if value > 0 else GREY,
                strength,
            )
    return board.finish()


def wall_of(pictures, columns=10, color=IMAGINED, width=46):
    """Many patches as one picture: what each cause predicts, scaled to its largest number."""
    shown = [patch(p / max(1e-9, np.abs(p).max()), color, width=width) for p in pictures]
    return tiled(shown, columns)


def reach(path, angle, label="", pushed=False, width=230):
    """One reach from above: the straight line in grey, where the hand went in blue.

    Args:
        path: `(T, 2)` in metres. angle: of the target. pushed: whether the robot was on.
    """
    board = Board(width, width, (-0.14, 0.14, -0.14, 0.14), "real", label)
    for k in range(8):
        a = k * np.pi / 4
        board.disc(0.1 * np.cos(a), 0.1 * np.sin(a), 0.006, GREY, 0.35)
    target = (0.1 * np.cos(angle), 0.1 * np.sin(angle))
    board.disc(*target, 0.011, GREEN, 0.9)
    board.line([(0, 0), target], GREY, 1.2, 0.5)
    board.line([(0, 0), *map(tuple, path)], REAL, 3)
    board.disc(*path[-1], 0.008, REAL)
    if pushed:
        board.ring(0, 0, 0.119, PURPLE, 2, 0.8)
        board.text(0.132, -0.129, "robot on", PURPLE, 11, anchor="rm")
    return board.finish()


def session(aside, catch, on, off, names):
    """Sideways error reach by reach, while a field comes on and goes off again.

    Args:
        aside: `{name: (seeds, reaches)}` in cm. catch: `(seeds, reaches)` bool, of the first name.
        on, off: reaches at which the field comes and goes. names: name -> colour.
    """
    ax = _axes()
    ax.axvspan(on, off, color=PURPLE, alpha=0.08, lw=0)
    ax.text(
        (on + off) / 2,
        1.0,
        "robot on",
        color=PURPLE,
        ha="center",
        va="bottom",
        fontsize=9.5,
        transform=ax.get_xaxis_transform(),
    )
    first = next(iter(aside))
    for name, values in aside.items():
        values = np.asarray(values, float)
        if name == first:
            caught, values = np.where(catch, values, np.nan), np.where(catch, np.nan, values)
            at = np.arange(values.shape[1])
            for row in caught:
                ax.plot(at, row, "o", ms=2.6, mew=0, color=names[name], alpha=0.5)
        middle = np.nanmedian(values, axis=0)
        style = "-" if name == first else (0, (4, 2))
        ax.plot(middle, color=names[name], lw=1.5, ls=style, label=name)
    ax.legend(loc="lower left", fontsize=9.5, frameon=False)
    ax.set(xlabel="reach", ylabel="sideways error (cm)")
    return ax.figure


def decades(inflation, unemployment, time, line, change=1970.0, end=1980.0):
    """Inflation and unemployment before and after a change, and the line fitted before it.

    Args:
        inflation, unemployment, time: `(T,)`. line: `inflation (N,) -> unemployment (N,)`.
    """
    ax = _axes()
    for chosen, color, name in (
        (time < change, GREY, f"before {change:.0f}"),
        ((time >= change) & (time < end), REAL, f"{change:.0f} to {end - 1:.0f}"),
    ):
        ax.plot(
            inflation[chosen], unemployment[chosen], "o-", ms=3, lw=0.7, color=color, label=name
        )
    x = np.linspace(inflation[time < end].min(), inflation[time < end].max(), 60)
    ax.plot(x, line(x), color=IMAGINED, ls=(0, (4, 2)), lw=1.8, label="the line, fitted before")
    ax.legend(loc="lower left", fontsize=9.5, frameon=False)
    ax.set(xlabel="inflation over four quarters (%)", ylabel="unemployment (%)")
    return ax.figure


def phillips(old, new, promise, target):
    """Inflation and unemployment before and after a change of policy, and what a model promised.

    Args:
        old, new: `Years` under the old target and the new one.
        promise: `inflation (N,) -> unemployment (N,)`, the model's line. target: the new target.
    """
    ax = _axes()
    ax.scatter(old.inflation, old.unemployment, s=9, color=GREY, alpha=0.55, lw=0)
    ax.scatter(new.inflation, new.unemployment, s=9, color=REAL, alpha=0.55, lw=0)
    x = np.linspace(-1.5, target + 2.5, 60)
    ax.plot(x, promise(x), color=IMAGINED, ls=(0, (4, 2)), lw=1.8)
    ax.text(old.inflation.mean() - 2.6, 3.6, "the past", color=INK, alpha=0.7, fontsize=10)
    ax.text(target + 0.2, 6.6, "what happened", color=REAL, weight="bold", fontsize=10, ha="center")
    ax.text(
        target - 0.3,
        float(promise(np.array([target]))[0]) - 0.75,
        "what was promised",
        color=IMAGINED,
        weight="bold",
        fontsize=10,
        ha="right",
    )
    ax.set(xlabel="inflation (%)", ylabel="unemployment (%)")
    return ax.figure


def _axes():
    from matplotlib import pyplot as plt

    use_style()
    return plt.subplots()[1]
