"""Real statistics of the United States, once: relations fitted before a change, tested after it.

Quarterly data of 1959 to 2009 (`statsmodels.datasets.macrodata`: consumer prices, unemployment, the
rate of three-month treasury bills), as they stood after revision. There is one history: what broke a
relation is not isolated here, only whether it broke, and how those fared who did not trust it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wmlib.devices import new_rng


class Quarters(NamedTuple):
    """`(T,)` each: time (1959.25 is the second quarter), inflation over four quarters (%),
    unemployment (%), the treasury bill rate (%)."""

    time: np.ndarray
    inflation: np.ndarray
    unemployment: np.ndarray
    rate: np.ndarray


def quarters() -> Quarters:
    """The statistics from 1960 on, when four quarters of prices are known.

    Raises:
        ImportError: without statsmodels.
    """
    from statsmodels.datasets import macrodata

    d = macrodata.load_pandas().data
    year, quarter, cpi = (d[name].to_numpy(float) for name in ("year", "quarter", "cpi"))
    inflation = 100 * (cpi[4:] / cpi[:-4] - 1)
    unemployment, rate = (d[name].to_numpy(float)[4:] for name in ("unemp", "tbilrate"))
    return Quarters((year + (quarter - 1) / 4)[4:], inflation, unemployment, rate)


def fit(x, y):
    """Least squares: weights `(K,)` of columns `(T, K)`."""
    return np.linalg.lstsq(x, y, rcond=None)[0]


def rmse(error) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(error))))


def forecasts(x, y, known, now, train, test) -> dict[str, np.ndarray]:
    """Errors of four forecasters over the test quarters: `(test,)` each.

    Args:
        x: columns `(T, K)`. y: what is forecast `(T,)`. known: how many quarters ahead that is. now: the last value known when forecasting `(T,)`.
        train, test: `(T,)` bool.
    """
    weights, at = fit(x[train], y[train]), np.flatnonzero(test)
    begun = np.flatnonzero(train)[0]
    again = []
    for t in at:  # fitted anew in every quarter, on all that was known by then
        past = slice(begun, t - known + (known > 0))
        again.append(y[t] - x[t] @ fit(x[past], y[past]))
    return {
        "fixed": y[at] - x[at] @ weights,
        "last": (y - now)[at],
        "mean": y[at] - y[train].mean(),
        "refit": np.array(again),
        "inside": (y - x @ weights)[train],
    }


def curve_of_the_sixties(q: Quarters, change=1970.0, end=1980.0) -> dict[str, np.ndarray]:
    """The trade-off of 1960 to the change, u = a + b inflation + c inflation a year ago, after it."""
    x = np.stack([np.ones(len(q.time) - 4), q.inflation[4:], q.inflation[:-4]], axis=1)  # (T, 3)
    u, before, time = q.unemployment[4:], q.unemployment[:-4], q.time[4:]
    return forecasts(x, u, 0, before, time < change, (time >= change) & (time < end))


def with_rate(q: Quarters, change=1979.75, end=1990.0, rate=True) -> dict[str, np.ndarray]:
    """Inflation a year ahead from inflation, unemployment and, if asked, the interest rate."""
    columns = [np.ones(len(q.time)), q.inflation, q.unemployment] + ([q.rate] if rate else [])
    x = np.stack(columns, axis=1)[:-4]  # (T, 3 or 4)
    y, now, said, comes = q.inflation[4:], q.inflation[:-4], q.time[:-4], q.time[4:]
    return forecasts(x, y, 4, now, comes < change, (said >= change) & (comes < end))


def ratio_interval(ours, theirs, rng, block=8, draws=2000) -> list[float]:
    """90 % interval of the ratio of two root mean squares, drawing blocks of 8 quarters together.

    Errors of neighbouring quarters are alike; blocks keep that. With some 40 quarters it is rough.
    """
    n = len(ours)
    first = rng.integers(0, n - block + 1, (draws, -(-n // block)))
    rows = (first[:, :, None] + np.arange(block)).reshape(draws, -1)[:, :n]
    ratio = np.sqrt((ours[rows] ** 2).mean(1) / (theirs[rows] ** 2).mean(1))
    return np.quantile(ratio, [0.05, 0.95]).tolist()


# The date of the change, in quarters from the one that is taught: a seed chooses.
SHIFTS = [0, 1, -1, 2, -2, 3, -3, 4, -4, 5]


def breaks(seed) -> dict:
    """Root mean square errors after the two changes, in percentage points, and ratios to the last
    value or the mean with their intervals."""
    q, shift, rng = quarters(), SHIFTS[seed % 10] / 4, new_rng([seed, 170])
    cases = {
        "curve": curve_of_the_sixties(q, 1970 + shift),
        "rate": with_rate(q, 1979.75 + shift),
        "plain": with_rate(q, 1979.75 + shift, rate=False),
    }
    figures: dict = {"shift": 4 * shift}
    for name, errors in cases.items():
        figures |= {f"{name}_{kind}": rmse(error) for kind, error in errors.items()}
        rival = "mean" if name == "curve" else "last"
        figures[f"{name}_ratio"] = figures[f"{name}_fixed"] / figures[f"{name}_{rival}"]
        figures[f"{name}_low"], figures[f"{name}_high"] = ratio_interval(
            errors["fixed"], errors[rival], rng
        )
    return figures
