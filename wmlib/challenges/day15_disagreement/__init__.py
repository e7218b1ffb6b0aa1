"""Day 15: noise and ignorance of an ensemble: a function to be repaired, and what it is for."""

from __future__ import annotations

from typing import Any

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import Mistake, numbers

NOISE, IGNORANCE, TOTAL = range(3)
NAMES = ("noise", "ignorance", "total")
# Three members about one step of one feature: means 0, 3, 6 and variances 1, 4, 16.
BY_HAND = (7.0, 6.0, 13.0)
WRONG_NOISE = {
    49 / 9: "average the members' variances; it averages their standard deviations (1, 2, 4)",
    7 / 3: "that is the mean standard deviation: average the variances",
    7**0.5: "that is a standard deviation: variances are wanted, so that they add up",
    6.0: "that is the ignorance: the two have changed places",
    21.0: "that is the sum over the members: take the mean",
    91.0: "`var` holds variances already: do not square them",
}
WRONG_IGNORANCE = {
    9.0: "it divides by E - 1. That estimates how far *all* networks that might be trained differ; "
    "here the variance of these E members themselves is wanted: divide by E",
    6**0.5: "that is a standard deviation: a variance is wanted",
    3.0: "that is a standard deviation, with E - 1: a variance is wanted, divided by E",
    7.0: "that is the noise: the two have changed places",
    18.0: "that is the sum of the squares: divide by E",
    15.0: "that is the mean square of the means: subtract their average first",
}
WRONG_TOTAL = {
    (7**0.5 + 6**0.5) ** 2: "standard deviations do not add up: variances do",
    7**0.5 + 6**0.5: "standard deviations do not add up: variances do",
    13**0.5: "that is a standard deviation: a variance is wanted",
    7.0: "that is the noise alone: the members also differ from each other",
    6.0: "that is the ignorance alone: each member also expects noise",
    16.0: "the total holds the ignorance with E - 1: the variance of the ensemble has E",
}


def uncertainty(exam: Exam, mean: Any, var: Any, scale: Any) -> list[np.ndarray]:
    """What the student's function gives: three arrays `(N,)`."""
    mean, var, scale = (np.asarray(x, float) for x in (mean, var, scale))
    said = exam.student.call("uncertainty", mean, var, scale)
    if not isinstance(said, (tuple, list, np.ndarray)) or len(said) != 3:
        raise Mistake("uncertainty should return three arrays: noise, ignorance, total")
    n = mean.shape[1]
    return [numbers(x, (n,), f"the {name} of uncertainty") for x, name in zip(said, NAMES)]


def _by_hand(exam: Exam, which: int, wrong: dict[float, str]) -> str | None:
    mean, var = np.reshape([0.0, 3, 6], (3, 1, 1)), np.reshape([1.0, 4, 16], (3, 1, 1))
    said = uncertainty(exam, mean, var, [1.0])[which][0]
    if np.isclose(said, BY_HAND[which], rtol=1e-4):
        return None
    for number, words in wrong.items():
        if np.isclose(said, number, rtol=1e-4):
            return words
    if which == TOTAL:
        return f"noise 7 and ignorance 6 should add up to 13 (the case by hand), it says {said:.4g}"
    return (
        "three members with means 0, 3, 6 and variances 1, 4, 16, one feature of scale 1: the "
        f"{NAMES[which]} is {BY_HAND[which]:g}, it says {said:.4g}"
    )


def _case(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    members, n, d = int(rng.integers(2, 8)), int(rng.integers(9, 15)), int(rng.integers(2, 6))
    mean = rng.normal(size=(members, n, d)) * 10 ** rng.uniform(-1, 1, (1, n, 1))
    return mean, 10 ** rng.uniform(-2, 1, (members, n, d))


def noise(exam: Exam) -> str | None:
    """The mean of the variances."""
    found = _by_hand(exam, NOISE, WRONG_NOISE)
    if found:
        return found
    mean, var = _case(exam.rng("noise"))
    once, ones = uncertainty(exam, mean, var, np.ones(mean.shape[2]))[NOISE], np.ones(mean.shape[2])
    if not np.allclose(uncertainty(exam, mean, 3 * var, ones)[NOISE], 3 * once):
        return "three times the variance of every member should be three times the noise"
    if not np.allclose(uncertainty(exam, mean[::-1] * 2 + 5, var, ones)[NOISE], once):
        return "the members' means change the noise: it comes from `var` alone"
    return None


def ignorance(exam: Exam) -> str | None:
    """The variance of the means."""
    found = _by_hand(exam, IGNORANCE, WRONG_IGNORANCE)
    if found:
        return found
    mean, var = _case(exam.rng("ignorance"))
    ones = np.ones(mean.shape[2])
    once = uncertainty(exam, mean, var, ones)[IGNORANCE]
    alike = np.repeat(mean[:1], len(mean), 0)
    if not np.allclose(uncertainty(exam, alike, var, ones)[IGNORANCE], 0):
        return "members that all say the same are sure of it: the ignorance should be 0"
    if not np.allclose(uncertainty(exam, 2 * mean + 5, 9 * var, ones)[IGNORANCE], 4 * once):
        return "members twice as far apart (and five further on) should be four times the ignorance"
    return None


def units(exam: Exam) -> str | None:
    """In units of the scale, averaged over the features; and noise and ignorance add up."""
    found = _by_hand(exam, TOTAL, WRONG_TOTAL)
    if found:
        return found
    rng = exam.rng("units")
    mean, var = _case(rng)
    ones = np.ones(mean.shape[2])
    whole = uncertainty(exam, mean, var, ones)
    if not np.allclose(whole[TOTAL], whole[NOISE] + whole[IGNORANCE]):
        return (
            "the total is the variance of the ensemble as a whole: noise and ignorance add up to it"
        )
    single = [
        uncertainty(exam, mean[..., i : i + 1], var[..., i : i + 1], [1.0])
        for i in range(len(ones))
    ]
    if not np.allclose(np.mean(single, 0), whole):
        return (
            "several features: average the variances over them (the last axis), each in its scale"
        )
    millimetres = 10 ** rng.uniform(-3, 3, len(ones))
    there = uncertainty(exam, mean * millimetres, var * millimetres**2, millimetres)
    if np.allclose(there, whole):
        return None
    if np.allclose(uncertainty(exam, mean, var, 2 * ones), np.divide(whole, 2)):
        return "a variance is measured in *squared* units: divide it by scale ** 2"
    if np.allclose(uncertainty(exam, mean, var, 2 * ones), whole):
        return "`scale` is not used: a feature in millimetres would drown all others"
    if np.allclose(uncertainty(exam, mean, var, 2 * ones), np.multiply(whole, 4)):
        return "it multiplies by scale ** 2: divide"
    return "in other units of the features (and of `scale`) all three should stay the same"


def explore(exam: Exam) -> str | None:
    """The rows about which more data would teach something."""
    rng = exam.rng("explore")
    for _ in range(4):
        members, n, k, d = 5, int(rng.integers(20, 30)), int(rng.integers(3, 6)), 3
        rows = rng.permutation(n)
        unknown, noisy, foreign, known = rows[:k], rows[k : 2 * k], rows[2 * k : 3 * k], rows[-k:]
        apart = np.full((n, d), 0.3)
        apart[unknown], apart[known] = 1.0, 0.1
        loud = np.full((n, d), 0.3)
        loud[noisy], loud[known] = 5.0, 0.1
        scale = np.array([1.0, 1.0, 1e-3])
        apart[:, 2] *= 1e-3
        loud[:, 2] *= 1e-3
        # In metres the foreign rows are the furthest apart; in the scale of a feature they are not.
        scale[0], apart[:, 0], loud[:, 0] = 20.0, 20 * apart[:, 0] * 0.1, 20 * loud[:, 0]
        apart[foreign, 0] = 12.0
        opinions = np.linspace(-1, 1, members)[:, None, None] * apart + rng.normal(size=(1, n, d))
        var = np.broadcast_to(loud**2, (members, n, d)) * rng.uniform(0.9, 1.1, (members, n, d))
        said = exam.student.call("explore", opinions, var, scale, k)
        if isinstance(said, (set, frozenset)):
            said = sorted(said)
        got = set(numbers(said, (k,), "the rows of explore").astype(int).tolist())
        if len(got) != k:
            return f"it should return {k} different rows, got {len(got)}"
        if got == set(unknown.tolist()):
            continue
        if got == set(known.tolist()):
            return "those are the rows that are known best: turn the order round"
        if len(got & set(noisy.tolist())) > k / 2:
            return (
                "it goes where noise is largest. A noisy step stays noisy however often it is tried: "
                "more data cures ignorance alone"
            )
        if len(got & set(foreign.tolist())) > k / 2:
            return "it goes where a feature with a large unit differs: compare in units of `scale`"
        return f"of {n} rows, it does not give the {k} in which the ignorance is largest"
    return None


challenge = Challenge(
    name="day15_disagreement",
    title="Noise or ignorance?",
    chapter="05",
    minutes=15,
    kind="repair",
    seconds=60,
    parts=[
        Part("noise", 1, "Repair the noise (aleatoric uncertainty).", noise),
        Part("ignorance", 1, "Repair the ignorance (epistemic uncertainty).", ignorance),
        Part("units", 1, "Repair the total, and the units of all three.", units),
        Part("explore", 2, "Repair the choice of what to try next.", explore),
    ],
    hints=[
        "Take three members with means 0, 3, 6 and variances 1, 4, 16, and work out by hand what each "
        "line gives. NumPy's ddof decides between E and E - 1.",
        "The variance of a mixture is the mean of the variances plus the variance of the means, the "
        "latter divided by E. Nothing but variances adds up. Dividing a number by s divides its "
        "variance by s squared.",
        "There are six mistakes: one in each of the first four lines with a formula, and two in "
        "explore, which follows the wrong one of the three and takes the wrong end of the order.",
    ],
)
