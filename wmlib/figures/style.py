"""The house style: reality is blue and solid, imagination is orange and dashed. Always.

Nothing else in the course is drawn in these two colours. Controls and baselines are grey; further
series take `OTHERS` in order. In the page every palette colour becomes a CSS variable, so a figure
drawn once is right in light and in dark (see `wmlib.figures.display`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axis import Axis

REAL = "#0072B2"
IMAGINED = "#D55E00"
GREY = "#6B7280"
GREEN = "#009E73"
PURPLE = "#AA4499"
GOLD = "#B8860B"
SKY = "#56B4E9"
INK = "#000000"  # becomes the colour of the text around the figure
PAPER = "#FFFFFF"  # becomes the colour of the page

PALETTE = {
    "real": REAL,
    "imagined": IMAGINED,
    "grey": GREY,
    "green": GREEN,
    "purple": PURPLE,
    "gold": GOLD,
    "sky": SKY,
}
OTHERS = (GREEN, PURPLE, GOLD, SKY, GREY)

FONTS = Path(__file__).parent / "fonts"
WIDTH, HEIGHT = 5.6, 3.2  # inches: 538 pixels, readable on a telephone too

ROLES: dict[str, dict[str, Any]] = {
    "real": dict(color=REAL, linestyle="-"),
    "imagined": dict(color=IMAGINED, linestyle=(0, (4, 2))),
}


def role_of(role: str) -> dict[str, Any]:
    """Line settings of "real" or "imagined"."""
    if role not in ROLES:
        raise ValueError(f'role must be "real" or "imagined", got {role!r}')
    return ROLES[role]


def color_of(role: str | None) -> str:
    """The colour of "real" or "imagined"; grey for what is neither."""
    return {"real": REAL, "imagined": IMAGINED}.get(role or "", GREY)


def ink_of(role: str | None) -> str:
    """Its darker shade, for words: 4.5 to 1 on the page."""
    return {"real": "#0069A4", "imagined": "#AD4A00"}.get(role or "", "#5F6672")


@cache
def _register_fonts():
    from matplotlib import font_manager

    manager = font_manager.fontManager
    for path in sorted(FONTS.glob("*.ttf")):
        manager.addfont(str(path))
    # the half-bold face serves as the bold one: "bold" is a weight that every fallback has too
    manager.ttflist[:] = [
        replace(font, weight=700) if font.name == "Inter" and font.weight == 600 else font
        for font in manager.ttflist
    ]


def use_style() -> None:
    """Set matplotlib to the house style, for the rest of the session."""
    import matplotlib as mpl
    from cycler import cycler

    _register_fonts()
    mpl.rcParams.update(
        {
            "figure.figsize": (WIDTH, HEIGHT),
            "figure.dpi": 110,
            "figure.constrained_layout.use": True,
            "savefig.transparent": True,
            "font.family": ["Inter", "DejaVu Sans"],
            "font.size": 10.5,
            "mathtext.fontset": "custom",
            "mathtext.rm": "Inter",
            "mathtext.it": "Inter:italic",
            "mathtext.bf": "Inter:bold",
            "mathtext.cal": "Inter:italic",
            "mathtext.tt": "Inter",
            "mathtext.fallback": "stixsans",
            "axes.titlesize": 11.5,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.titlepad": 9,
            "axes.labelsize": 10.5,
            "axes.labelpad": 5,
            "axes.linewidth": 0.8,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "axes.grid": True,
            "axes.prop_cycle": cycler(color=list(OTHERS)),
            "grid.color": INK,
            "grid.alpha": 0.1,
            "grid.linewidth": 0.8,
            "xtick.labelsize": 10,
            "ytick.labelsize": 10,
            "xtick.major.size": 3,
            "ytick.major.size": 0,
            "xtick.minor.size": 0,
            "ytick.minor.size": 0,
            "xtick.major.width": 0.8,
            "ytick.major.width": 0.8,
            "lines.linewidth": 2.0,
            "lines.markersize": 5,
            "lines.solid_capstyle": "round",
            "lines.dash_capstyle": "round",
            "patch.linewidth": 0,
            "legend.frameon": False,
            "legend.fontsize": 10,
            "svg.fonttype": "path",
            "svg.hashsalt": "wmlib",
            "image.interpolation": "nearest",
        }
    )


def number(value: float) -> str:
    """Three digits, and thousands as 18,600."""
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e7 else f"{value:.3g}"


def plain_log(axis: Axis) -> None:
    """Numbers such as 0.02 on a logarithmic axis; 1, 2, 5 where it spans few decades."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    low, high = sorted(axis.get_view_interval())
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 100 * low else (1,)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axis.set_minor_formatter(NullFormatter())
