"""What the plots share: axes, values by seed, colours, and curves with their seeds behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from wmlib.figures.style import GREY, OTHERS, use_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Series = Mapping[str, ArrayLike]  # name -> (T,), or (seeds, T)


def axes(ax: Axes | None, width: float | None = None, height: float | None = None) -> Any:
    """The axes that were given, or new ones of the house's size (inches)."""
    from matplotlib import pyplot as plt

    use_style()
    if ax is not None:
        return ax
    default = plt.rcParams["figure.figsize"]
    return plt.subplots(figsize=(width or default[0], height or default[1]))[1]


def finite(values: np.ndarray, name: str) -> np.ndarray:
    """The values, if there are any and none is infinite."""
    if values.size == 0:
        raise ValueError(f"{name!r} holds no numbers")
    if np.isinf(values).any():
        raise ValueError(f"{name!r} holds infinite numbers: cut the series where it diverges")
    return values


def by_seed(values: ArrayLike | None, name: str) -> np.ndarray:
    """Values as `(seeds, T)`."""
    if values is None:
        raise ValueError(f"{name} is empty: give {{name: (T,) or (seeds, T)}}")
    array = np.asarray(values, float)
    if array.ndim not in (1, 2):
        raise ValueError(f"{name!r} must have shape (T,) or (seeds, T), got {array.shape}")
    return finite(np.atleast_2d(array), name)


def shades(
    names: Sequence[str], grey: Sequence[str], colors: Mapping[str, str] | None
) -> dict[str, str]:
    """A colour for each name: what was asked for, grey, or the next of `OTHERS`."""
    unknown = [name for name in [*grey, *(colors or {})] if name not in names]
    if unknown:
        raise ValueError(f"no series is called {unknown[0]!r}; there are {', '.join(names)}")
    others = iter(OTHERS * (1 + len(names) // len(OTHERS)))
    shade = {}
    for name in names:
        asked = (colors or {}).get(name)
        shade[name] = asked or (GREY if name in grey else next(others))
    return shade


def draw_curves(
    ax: Any,
    series: Series,
    x: ArrayLike | Mapping[str, ArrayLike] | None,
    grey: Sequence[str],
    colors: Mapping[str, str] | None,
    band: float,
    first: int,
) -> Any:
    """A line for each series, with its seeds behind it; `x` counts from `first` by default."""
    if not series:
        raise ValueError("no series to draw: give {name: (T,) or (seeds, T)}")
    shade = shades(list(series), grey, colors)
    ends = []
    for name, values in series.items():
        values = by_seed(values, name)
        at = x[name] if isinstance(x, dict) else x
        at = first + np.arange(values.shape[1]) if at is None else np.asarray(at, float)
        if len(at) != values.shape[1]:
            raise ValueError(f"{name!r} has {values.shape[1]} points and x has {len(at)}")
        middle = np.nanmedian(values, axis=0)
        if 1 < len(values) <= 5:
            ax.plot(at, values.T, color=shade[name], lw=0.9, alpha=0.35)
        elif len(values) > 5:
            edges = np.nanpercentile(values, [50 - band / 2, 50 + band / 2], axis=0)
            ax.fill_between(at, *edges, color=shade[name], alpha=0.16, lw=0)
        dashed = dict(ls=(0, (3, 2))) if name in grey else {}
        ax.plot(at, middle, color=shade[name], **dashed)
        seen = np.flatnonzero(~np.isnan(middle))
        if len(seen):
            ends.append((name, at[seen[-1]], middle[seen[-1]], shade[name]))
    ax.margins(x=0.01)
    ax._wm_ends = ends
    return ax
