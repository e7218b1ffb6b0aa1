"""How time grows with size: the charts of the page on speed, each with its curves in words."""

from __future__ import annotations

import numpy as np

from wmlib.figures.display import wrap
from wmlib.figures.plots import curves as draw
from wmlib.figures.style import plain_log, use_style
from wmlib.figures.svg import figure_svg


def number(x: float) -> str:
    """Three digits, and no more than that."""
    return f"{x:,.0f}" if abs(x) >= 100 else f"{x:.3g}"


def chart(curves: dict[str, dict], what: str, ylabel: str) -> str:
    """Time over size, both logarithmic, with the fitted exponents in the names of the lines."""
    use_style()
    names = {name: name.split(": ")[1] for name in curves}
    grown = {
        f"{names[name]}: {told['exponent'][0]:.2f}": told["ms"] for name, told in curves.items()
    }
    times = [np.array(told["sizes"]) / told["sizes"][0] for told in curves.values()]
    figure = draw(grown, dict(zip(grown, times)), "times the smallest size", ylabel, log=True)
    figure.axes[0].set_xscale("log")
    plain_log(figure.axes[0].xaxis)
    alt = f"{what}. " + " ".join(grows(names[name], told) for name, told in curves.items())
    return wrap(figure_svg(figure, alt))


def grows(name: str, told: dict) -> str:
    """One curve in words."""
    (first, *_, last), (a, *_, b) = told["sizes"], told["ms"]
    exponent = "{:.2f} ({:.2f} to {:.2f})".format(*told["exponent"])
    return (
        f"From {first} to {last} {name} the time goes from {number(a)} to {number(b)} ms, "
        f"with an exponent of {exponent}."
    )


CHARTS = {
    "planner": ("One decision of a planner", "processor ms"),
    "RSSM": ("One training step of an RSSM", "processor ms"),
    "grading": ("Grading a class, one worker", "ms on the clock"),
}
