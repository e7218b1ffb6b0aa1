"""Everything that is seen: plots, drawn worlds, films, in one house style.

from wmlib.figures import plots, reel, scenes, show, use_style
"""

from wmlib.figures import plots, scenes
from wmlib.figures.display import show
from wmlib.figures.films import reel
from wmlib.figures.style import (
    GOLD,
    GREEN,
    GREY,
    IMAGINED,
    INK,
    OTHERS,
    PAPER,
    PURPLE,
    REAL,
    SKY,
    use_style,
)

__all__ = [
    "GOLD",
    "GREEN",
    "GREY",
    "IMAGINED",
    "INK",
    "OTHERS",
    "PAPER",
    "PURPLE",
    "REAL",
    "SKY",
    "plots",
    "reel",
    "scenes",
    "show",
    "use_style",
]
