"""Day 29: forecast what a new target does in a country whose people adapt (Lucas's point)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import Mistake, numbers

PAST = ((2.0, 80), (5.0, 80), (1.0, 80))  # target in per cent, years
NEW, YEARS = 6.0, 20
NOISE = 0.2  # of unemployment, points


class Country(NamedTuple):
    """A country and what its statistics say: 240 years, and 20 more.

    calm: what unemployment would be without noise.
    """

    natural: float
    kappa: float
    share: float
    noise: float
    inflation: np.ndarray
    unemployment: np.ndarray
    calm: np.ndarray


def country(rng: np.random.Generator, noise: float = NOISE) -> Country:
    """A country whose people correct what they expect by a share of what they missed.

    unemployment = natural rate - (inflation - expected inflation) / kappa + noise
    """
    natural, kappa, share = rng.uniform(4, 7), rng.uniform(1, 3), rng.uniform(0.1, 0.5)
    targets = np.concatenate([np.full(years, target) for target, years in (*PAST, (NEW, YEARS))])
    inflation = targets + rng.normal(0, 1.0, len(targets))
    calm, people = np.zeros(len(targets)), PAST[0][0]
    for year, pi in enumerate(inflation):
        calm[year] = natural - (pi - people) / kappa
        people += share * (pi - people)
    unemployment = calm + rng.normal(0, noise, len(calm))
    return Country(natural, kappa, share, noise, inflation, unemployment, calm)


def people(exam: Exam) -> str | None:
    """Years few enough to work out by hand."""

    def ask(inflation, share):
        said = exam.student.call("expected", np.array(inflation), share)
        return numbers(said, (len(inflation),), "what expected returns")

    said = ask([2.0, 4.0, 4.0, 0.0], 0.5)
    if np.allclose(said, [2, 3, 3.5, 1.75]):
        return "people cannot know a year's inflation before the year: correct after it, for the next one"
    if np.allclose(said, [2, 2, 4, 4]):
        return "they correct by a share of what they missed, not by all of it"
    if np.allclose(said, [2, 2, 1, 0]) or np.allclose(said, [2, 2, 1, -0.5]):
        return "the wrong way: higher inflation than expected raises what is expected next"
    if not np.allclose(said, [2, 2, 3, 3.5]):
        return f"inflation 2 4 4 0 and a share of 0.5: 2, 2, 3, 3.5 are expected, got {np.round(said, 2).tolist()}"
    if not np.allclose(ask([3.0, 5.0, 1.0], 1.0), [3, 3, 5]):
        return "with a share of 1 people expect what was last year"
    rng = exam.rng("people")
    for _ in range(3):
        pi, share, now = rng.normal(3, 2, 50), float(rng.uniform(0.1, 0.9)), None
        said = ask(pi, share)
        now = pi[0]
        for year in range(50):
            if not np.isclose(said[year], now):
                return "right for four years, wrong in a longer history"
            now += share * (pi[year] - now)
    return None


def law(exam: Exam) -> str | None:
    """The three numbers of countries that are drawn anew."""
    rng, off = exam.rng("law"), []
    for _ in range(10 if exam.quick else 30):
        there = country(rng)
        said = exam.student.call("fit", there.inflation[:-YEARS], there.unemployment[:-YEARS])
        found = numbers(said, (3,), "what fit returns")
        off.append(
            (
                found[0] - there.natural,
                found[1] / there.kappa - 1,
                found[2] - there.share,
                found[1],
                found[2],
            )
        )
    natural, kappa, share, slope, told = np.array(off).T
    if np.median(slope) < 0:
        return "kappa comes out negative: unemployment falls when inflation is *above* what is expected"
    if (np.abs(natural) > 0.3).mean() > 0.2:
        return f"the natural rate is off by {np.abs(natural).mean():.2f} points on average: what is it at zero surprise?"
    if np.abs(share).mean() > 0.06:
        same = " It is the same for all countries." if told.std() < 1e-3 else ""
        return f"the share is off by {np.abs(share).mean():.2f} on average: which one fits the past best?{same}"
    if np.abs(kappa).mean() > 0.1:
        if np.median(slope) < 0.9:
            return "is it 1 / kappa that fit returns? kappa is in the denominator"
        return f"kappa is off by {np.abs(kappa).mean():.0%} on average: wanted 10 %"
    return None


class Forecasts(NamedTuple):
    """Forecasts of 50 countries `(50, 20)`, and what there was."""

    said: np.ndarray
    true: np.ndarray
    countries: list[Country]


def forecasts(exam: Exam) -> Forecasts:
    """The student's forecast for each of 50 countries."""
    rng, said = exam.rng("forecasts"), []
    countries = [country(rng) for _ in range(20 if exam.quick else 50)]
    for there in countries:
        past = there.inflation[:-YEARS], there.unemployment[:-YEARS]
        answer = exam.student.call("forecast", *past, there.inflation[-YEARS:])
        said.append(numbers(answer, (YEARS,), "the forecast"))
    return Forecasts(
        np.array(said), np.array([c.unemployment[-YEARS:] for c in countries]), countries
    )


def _rms(off):
    return float(np.sqrt(np.mean(np.square(off))))


def _line(there, lags):
    """What a line through the past forecasts that reads this year's inflation, and last year's."""
    pi = there.inflation
    x = np.stack(
        [np.ones(len(pi)), *(np.concatenate([np.full(k, pi[0]), pi[: len(pi) - k]]) for k in lags)],
        1,
    )
    weights = np.linalg.lstsq(x[20:-YEARS], there.unemployment[20:-YEARS], rcond=None)[0]
    return x[-YEARS:] @ weights


def _named(given: Forecasts) -> str | None:
    """Which known mistake the forecasts are, by their values."""
    said, true, countries = given
    near = lambda other: _rms(said - np.array(other)) < 0.12
    if (said.std(1) < 0.05).all():
        return "the forecast is the same for all years, though planned inflation is not"
    if near([_line(there, [0]) for there in countries]):
        return (
            "that is a line through inflation and unemployment. It holds as long as the target does; "
            "what do people expect after it has changed?"
        )
    if near([_line(there, [0, 1]) for there in countries]):
        return (
            "that is a line through this year's and last year's inflation: people look further back, by a "
            "share that differs between countries"
        )
    mirrored = [2 * there.natural for there in countries]
    if _rms(np.array(mirrored)[:, None] - said - true) < 0.4:
        return "the sign of the surprise is wrong: inflation above what is expected *lowers* unemployment"
    return None


def better(exam: Exam) -> str | None:
    """Better than any fitted line."""
    given = exam.once(forecasts)
    off = _rms(given.said - given.true)
    if off < 0.5:
        return None
    named = _named(given)
    if named:
        return f"off by {off:.2f} points: {named}"
    alike = [
        np.corrcoef(said, there.calm[-YEARS:])[0, 1]
        for said, there in zip(given.said, given.countries)
    ]
    if np.median(alike) > 0.98:
        return (
            f"off by {off:.2f} points, though it rises and falls as unemployment does: by how many points does "
            "a surprise of one point lower unemployment?"
        )
    early, late = (
        _rms((given.said - given.true)[:, years]) for years in (slice(0, 5), slice(15, 20))
    )
    if late > 1.5 * early:
        return (
            f"off by {early:.2f} points in the first five years and by {late:.2f} in the last five: do "
            "expectations catch up with the new target?"
        )
    if early > 1.5 * late:
        return (
            f"off by {early:.2f} points in the first five years and by {late:.2f} in the last five: "
            "people begin with what they have learned under the old targets, and correct by a share"
        )
    return f"off by {off:.2f} points (root mean square): wanted 0.5, and the noise is {NOISE}"


def close(exam: Exam) -> str | None:
    """Nearly as good as the noise allows."""
    given = exam.once(forecasts)
    off = _rms(given.said - given.true)
    if off < 0.25:
        return None
    if off > 0.5:
        return f"off by {off:.2f} points, wanted 0.25: see the part before"
    return (
        f"off by {off:.2f} points, wanted 0.25; the noise alone is {NOISE}. Is the share of each country "
        "found, or the same for all?"
    )


def band(exam: Exam) -> str | None:
    """Coverage and width in countries with little and with much noise."""
    rng, inside, wide = exam.rng("band"), [], []
    for _ in range(60):
        there = country(rng, float(rng.uniform(0.1, 0.6)))
        past = there.inflation[:-YEARS], there.unemployment[:-YEARS]
        said = exam.student.call("band", *past, there.inflation[-YEARS:])
        if not isinstance(said, (tuple, list, np.ndarray)) or len(said) != 2:
            raise Mistake("band should return two things: the lower and the upper edges")
        low, high = (numbers(edge, (YEARS,), "an edge of the band") for edge in said)
        if (high < low).any():
            return "the lower edge is above the upper one"
        true = there.unemployment[-YEARS:]
        inside.append((there.noise, ((low <= true) & (true <= high)).mean()))
        wide.append((high - low).mean() / there.noise)
    noise, share = np.array(inside).T
    calm, loud = share[noise < np.median(noise)].mean(), share[noise >= np.median(noise)].mean()
    if calm > 0.96 and loud < 0.87:
        return (
            f"where little happens by chance {calm:.0%} lie in the band, where much does {loud:.0%}: the "
            "band must be as wide as *this* country's past asks for"
        )
    if min(calm, loud) < 0.83:
        return f"{share.mean():.0%} of the years lie in the band, wanted 90 %: it is too narrow"
    if max(calm, loud) > 0.965 or np.mean(wide) > 4.2:
        return f"{share.mean():.0%} of the years lie in the band, wanted 90 %: it is wider than it must be"
    return None


challenge = Challenge(
    name="day29_forecast",
    title="Forecast the change",
    chapter="12",
    minutes=45,
    kind="build",
    parts=[
        Part(
            "people",
            2,
            "What do people expect, who correct by a share of what they missed?",
            people,
        ),
        Part("law", 3, "Find a country's natural rate, kappa and share from its past.", law),
        Part(
            "better",
            2,
            "Forecast the change of target better than a fitted line: within 0.5 points.",
            better,
        ),
        Part("close", 3, "And nearly as well as the noise allows: within 0.25 points.", close),
        Part("band", 2, "A band in which nine years of ten lie.", band, bonus=True),
    ],
    hints=[
        "If you knew the share, you could compute the expectations of every year from inflation alone. "
        "Unemployment is then a line in the surprise: np.linalg.lstsq.",
        "Try many shares, for instance np.linspace(0.05, 0.6, 56). For each compute the expectations, fit the "
        "line, and keep the share with the smallest error on the past. Leave out the first 20 years: nobody "
        "knows what people expected at the beginning.",
        "For the forecast, run `expected` over past and planned inflation in one piece: people bring what they "
        "have learned with them. For the band: 1.645 times the deviation of the past's residuals.",
    ],
)
