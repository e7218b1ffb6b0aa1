"""Day 9: read how the error of a model grows, and what a better model would be worth."""

from __future__ import annotations

import hashlib

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import Mistake, numbers

KINDS = ("cancels", "adds", "compounds", "forgets")


def curve(
    first: float, stretch: float, power: int, steps: int, rng: np.random.Generator
) -> np.ndarray:
    """An error curve `(steps,)`: how far a model is off k = 1, 2, ... steps ahead.

    Args:
        first: the error one step ahead. stretch: by what the world multiplies an error that is
            there already, in each step. power: 1 where the errors of the steps have one sign, 2
            where they are independent and their squares add up.
        rng: blurs the curve by about a hundredth.
    """
    grown = np.cumsum(stretch ** np.arange(steps)) ** (1 / power)
    return first * grown * np.exp(0.01 * rng.normal(size=steps))


def shown() -> dict[str, np.ndarray]:
    """The five curves that are to be read, `(40,)` each, in standard deviations of the data."""
    rng = np.random.default_rng(9)
    drawn = [(0.03, 1.0, 1), (0.207, 1.0, 2), (0.01, 1.08, 1), (0.2, 0.75, 1), (0.0005, 1.149, 1)]
    return {name: curve(*settings, 40, rng) for name, settings in zip("ABCDE", drawn)}


# Digests of what each curve is, so that reading them stays a matter of looking.
READ = {"A": "220ed610", "B": "cb0e1529", "C": "d5548c05", "D": "4ad12bc7", "E": "8c7ff256"}


def _is(name: str, kind: str) -> bool:
    return hashlib.sha256(f"day 9, {name}: {kind}".encode()).hexdigest()[:8] == READ[name]


CONFUSED = {  # what it is, what was said: what to look at
    ("adds", "compounds"): "it grows by the same amount in every step. Twentyfold after 20 steps, "
    "however large that looks, is what mere adding gives",
    ("compounds", "adds"): "it does not grow by the same amount in every step: it grows faster and "
    "faster. On a logarithmic axis it becomes a straight line",
    (
        "compounds",
        "forgets",
    ): "an error that is small for long is not forgotten: look at its last ten steps on a "
    "logarithmic axis",
    ("cancels", "forgets"): "it bends, but it does not level off: compare step 10 with step 40",
    ("forgets", "cancels"): "it bends and then stays where it is; errors that partly cancel go on "
    "growing, twice as large after four times as many steps",
    ("cancels", "adds"): "after four times as many steps it is twice as large, not four times",
    ("adds", "cancels"): "after four times as many steps it is four times as large, not twice",
}


def _confused(right: str, said: str) -> str:
    return CONFUSED.get(
        (right, said), "look at what it is multiplied by from step k to step 2 k, early and late"
    )


def read(exam: Exam) -> str | None:
    """What the eye sees in five curves."""
    kinds = exam.student.get("kinds")
    if not isinstance(kinds, dict) or set(map(str, kinds)) != set(READ):
        return "kinds should be a dictionary with the keys A, B, C, D and E"
    for name, said in kinds.items():
        if said not in KINDS:
            return f"curve {name}: one of {', '.join(KINDS)}, got {said!r:.40}"
    for name in READ:
        right = next(kind for kind in KINDS if _is(name, kind))
        if kinds[name] != right:
            return f"curve {name}: {_confused(right, kinds[name])}"
    return None


def kind(exam: Exam) -> str | None:
    """A rule for curves that nobody has seen."""
    rng = exam.rng("kinds")
    for right in rng.permutation(list(KINDS) * 5):
        stretch = {"compounds": 2 ** (1 / rng.uniform(4, 8)), "forgets": rng.uniform(0.5, 0.75)}
        power = 2 if right == "cancels" else 1
        steps = int(rng.choice([20, 30, 40]))
        error = curve(10 ** rng.uniform(-4, 1), stretch.get(str(right), 1.0), power, steps, rng)
        said = exam.student.call("kind", error)
        if said not in KINDS:
            return f"kind should give one of {', '.join(KINDS)}, got {said!r:.40}"
        if said != right:
            return (
                f"a curve of {steps} steps that begins at {error[0]:.2g} and ends at {error[-1]:.2g}: "
                f"it says {said!r}, but {_confused(str(right), said)}"
            )
    return None


def _step(said):
    if said is None:
        return None
    return int(numbers(said, (), "what as_bad_as_mean returns"))


def mean(exam: Exam) -> str | None:
    """Where predicting the mean would be as good."""
    rng = exam.rng("means")
    for spread in (1.0, 0.02, 30.0, 0.004, 500.0):
        steps = int(rng.integers(12, 40))
        first = int(rng.integers(3, steps - 5))  # counted from 1
        relative = np.sort(rng.uniform(0.05, 0.95, steps))
        relative[first - 1 :] = rng.uniform(1.05, 1.4, steps - first + 1)
        relative[first] = 0.9  # below it once more: the first time counts
        said = _step(exam.student.call("as_bad_as_mean", spread * relative, spread))
        if said == first:
            continue
        if said == first - 1:
            return "one step too early: error[0] is the error *one* step ahead, so count from 1"
        if said in (first + 1, first + 2):
            return "the first time counts, even if the error falls below the mean's once more"
        if spread != 1 and said == (None if spread < 0.5 else 1):
            return (
                "it takes no notice of `spread`: the error is in the data's own unit, and predicting "
                "the mean errs by `spread`"
            )
        return "the first step at which the error is at least as large as `spread`, counted from 1"
    never = exam.student.call("as_bad_as_mean", np.linspace(0.1, 0.9, 20), 1.0)
    if never is not None:
        return f"a curve that stays below the mean's error: return None, got {never!r:.40}"
    if _step(exam.student.call("as_bad_as_mean", np.array([0.25, 0.5, 0.75]), 0.5)) != 2:
        return "at least as large: an error that equals `spread` is as bad as the mean"
    return None


REACH = [  # kind, steps, factor, doubling, right, what is wrong where another number comes out
    ("adds", 12, 10.0, None, 120.0, {}),
    (
        "cancels",
        5,
        3.0,
        None,
        45.0,
        {
            15.0: "its error grows with the root of k: three times smaller lasts *nine* times as long",
            5 * 3**0.5: "turn it round: sqrt(k) grows slowly, so a better model reaches far",
        },
    ),
    (
        "compounds",
        20,
        8.0,
        9.0,
        47.0,
        {
            160.0: "where errors compound, a model that is eight times better does not reach eight "
            "times as far: it buys the steps in which an error doubles three times",
            92.0: "doubling steps for every *doubling* of the error: 8 is three doublings",
            20 + 9 * np.log(8): "the natural logarithm counts e-foldings: take the one of base 2",
            27.0: "that is what is won: add it to the steps that were reached already",
            29.0: "that is one doubling: a factor of 8 is three",
        },
    ),
]


def reach(exam: Exam, kind: str, steps: int, factor: float, doubling: float | None) -> float:
    """How far the student says that a better model reaches."""
    said = exam.student.call("reach", kind, steps, factor, doubling)
    if said is None:
        raise Mistake(f"reach gives None for {kind!r}: a number of steps is wanted")
    return float(numbers(said, (), "what reach returns"))


def worth(exam: Exam) -> str | None:
    """Three cases that can be worked out by hand."""
    for kind, steps, factor, doubling, right, wrong in REACH:
        said = reach(exam, kind, steps, factor, doubling)
        if np.isclose(said, right, atol=1e-3):
            continue
        for number, words in wrong.items():
            if np.isclose(said, number, atol=1e-3):
                return f"{kind}: {words}"
        return (
            f"{kind}: with an error {factor:g} times smaller in every step, how far until it is as "
            f"large as it was after {steps} steps? You say {said:g}"
        )
    return None


challenge = Challenge(
    name="day09_error_curve",
    title="Adding or compounding?",
    chapter="03",
    minutes=15,
    kind="read a plot",
    seconds=60,
    parts=[
        Part("read", 1, "Say of five error curves how they grow.", read),
        Part("kind", 1, "Turn what you saw into a rule for curves you have not seen.", kind),
        Part("mean", 1, "Find the step from which predicting the mean is as good.", mean),
        Part("worth", 2, "Say how much further a better model reaches.", worth),
    ],
    hints=[
        "Do not ask how large a curve is, but by what it is multiplied when k doubles. Draw it on "
        "logarithmic axes: which kind becomes a straight line on which?",
        "From step H/2 to step H, an error that is forgotten is multiplied by about 1, one that "
        "partly cancels by 1.4, one that adds up by 2, and one that compounds by more than 2.",
        "Write e(k) for the old model and e(k) / factor for the better one, and solve for the k at "
        "which the better one is as large as the old one was. For 'compounds': e doubles in every "
        "`doubling` steps, and factor is log2(factor) doublings.",
    ],
)
