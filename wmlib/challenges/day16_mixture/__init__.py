"""Day 16: the log-likelihood of a mixture whose parts share one choice, at any input."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import Mistake, numbers

# One Gaussian of deviation 2, mean 0, at x = 0: -log 2 - log(2 pi) / 2.
MIDDLE = {
    1.61209: "that is minus log p: log p itself is asked, the loss comes later",
    0.19947: "that is the density: its logarithm is asked",
    -0.69315: "the constant log(2 pi) / 2 is missing",
    -0.91894: "a wide Gaussian is a low one: log_std is missing",
    -2.30523: "log_std is subtracted twice: does that formula expect something else than log_std?",
    -1.26551: "log_std is halved: that is right for the log of a variance",
    -0.55243: "log_std is taken for the deviation itself: its exponential is",
    -2.53102: "log(2 pi) is there whole: its half is right",
}
# The same at x = 3: lower by ((3 - 0) / 2) ** 2 / 2.
SIDE = {
    -2.36209: "the distance is not squared",
    -3.86209: "the square is not halved, or only divided by the deviation: ((x - mean) / std) ** 2 / 2",
    -6.11209: "the distance is not divided by the deviation",
}
# Two Gaussians with logits log 3 + 5 and 5, so weights 3/4 and 1/4, means 0 and 2, at x = 0.
TWO = {
    5.22380: "the weights are exp(logits), which do not add up to 1: take the softmax",
    0.99434: "the logits are taken for weights: the softmax of them is",
    -1.41248: "the logits are divided by their sum: the softmax of them is the weights",
    -1.41894: "a mean of the log-densities: the *densities* are weighed and added, then comes the log",
    -1.48516: "all Gaussians weigh the same: the logits are not read",
    -0.79201: "the densities are added without weights (or the softmax is over the rows, not over K)",
    -1.20662: "only the best Gaussian counts: add up all of them",
    -0.91894: "only the best Gaussian counts, and without its weight",
    -0.09005: "the weights are added to the log-densities: it is their logarithms that are",
}
# Two Gaussians in two numbers, at (-2, -2) and (2, 2), half each; x = (-2, 2) is far from both.
APART = {
    -3.22350: "each number chooses its Gaussian for itself: one k is drawn for all D numbers of x, "
    "so add the log-densities over D first, and mix over K afterwards",
    -4.91894: "the mean over the D numbers: their log-densities add up",
    -0.91860: "the densities of the D numbers are added: they are multiplied, their logs added",
}


def ask(exam: Exam, *mixture: ArrayLike) -> np.ndarray:
    """What the student's function gives, infinity allowed, for logits, mean, log_std and x."""
    args = [np.asarray(value, float) for value in mixture]
    said = exam.student.call("log_likelihood", *args)
    try:
        found = np.asarray(said, float)
    except (TypeError, ValueError):
        found = None
    if found is None or said is None or found.shape != (len(args[3]),):
        return numbers(said, (len(args[3]),), "what log_likelihood returns")
    return found


def _case(exam, case, right, wrong, otherwise):
    said = float(numbers(ask(exam, *case), (1,), "what log_likelihood returns")[0])
    if abs(said - right) < 2e-4:
        return None
    for number, words in wrong.items():
        if abs(said - number) < 2e-4:
            return words
    return f"{otherwise}: it gives {said:.4f}, with a pencil {right:.4f} comes out"


def density(exam: Exam) -> str | None:
    """One Gaussian, two Gaussians, two numbers: small enough for a pencil."""
    two = [[[math.log(3) + 5, 5.0]], [[[0.0], [2.0]]], [[[0.0], [0.0]]], [[0.0]]]
    corners = [[[0.0, 0.0]], [[[-2.0, -2.0], [2.0, 2.0]]], [[[0.0, 0.0], [0.0, 0.0]]]]
    one = [[[0.0]], [[[0.0]]], [[[math.log(2)]]]]
    return (
        _case(exam, [*one, [[0.0]]], -1.61209, MIDDLE, "one Gaussian of deviation 2, in its middle")
        or _case(exam, [*one, [[3.0]]], -2.73709, SIDE, "one Gaussian of deviation 2, at 3")
        or _case(exam, two, -1.16250, TWO, "weights 3/4 and 1/4, means 0 and 2, deviations 1, at 0")
        or _case(
            exam,
            [*corners, [[-2.0, 2.0]]],
            -9.83788,
            APART,
            "means (-2, -2) and (2, 2), at (-2, 2)",
        )
        or _rows(exam)
    )


def _rows(exam):
    rng = exam.rng("rows")
    case = [rng.normal(size=shape) for shape in ((5, 3), (5, 3, 4), (5, 3, 4), (5, 4))]
    together = numbers(ask(exam, *case), (5,), "what log_likelihood returns")
    alone = [ask(exam, *(part[i : i + 1] for part in case))[0] for i in range(5)]
    if not np.allclose(together, alone):
        return "a row's log-likelihood depends on the other rows"
    turn = [part[:, ::-1] for part in case[:3]]
    if not np.allclose(together, ask(exam, *turn, case[3])):
        return "the order of the Gaussians should not matter"
    return None


def far(exam: Exam) -> str | None:
    """Far away, certain, narrow, and many numbers: all finite, and all still right."""
    logits, mean, log_std = np.log([[0.25, 0.75]]), np.array([[[0.0], [0.0]]]), np.zeros((1, 2, 1))
    near = ask(exam, logits, mean, log_std, [[0.0]])
    if not np.allclose(near, -0.91894, atol=1e-3):
        raise Mistake(
            "first the density: a Gaussian of deviation 1 in its middle has log p = -0.9189"
        )
    for x, right in ((50.0, -1250.91894), (1e4, -5.0e7)):
        said = ask(exam, logits, mean, log_std, [[x]])[0]
        if not np.isfinite(said):
            return (
                f"{x:g} deviations away the density is 0 to a computer, and its log {said}: never "
                "leave the logarithms, add with logsumexp"
            )
        if -50 < said < -10 or said > -10:
            return (
                f"{x:g} deviations away it says {said:.1f}: a small number inside the log, or a "
                "clip, hides how wrong the guess was, and its gradient is 0"
            )
        if not np.isclose(said, right, rtol=1e-4):
            return f"{x:g} deviations away it is finite, but not -x ** 2 / 2 and a little"
    for shift in (2000.0, -2000.0):
        said = ask(exam, logits + shift, mean, log_std, [[0.0]])[0]
        if not np.isfinite(said) or abs(said + 0.91894) > 1e-3:
            return (
                f"all logits moved by {shift:g} are the same weights, yet log p becomes {said:g}: "
                "subtract the largest logit before exp, or use log_softmax"
            )
    said = ask(exam, [[0.0, 5000.0]], [[[0.0], [1.0]]], log_std, [[0.0]])[0]
    if not np.isfinite(said) or abs(said + 1.41894) > 1e-3:
        return (
            f"a weight that is 0 to a computer (logits 0 and 5000) makes log p {said:g}: take "
            "log_softmax, not the log of a softmax"
        )
    said = ask(exam, [[0.0]], [[[0.0]]], [[[-40.0]]], [[0.0]])[0]
    if not np.isfinite(said) or abs(said - 39.08106) > 1e-3:
        return (
            f"a Gaussian with log_std = -40 in its middle has log p = 40 - 0.9189, it says {said:g}: "
            "subtract log_std, do not take the log of something rounded or bounded"
        )
    said = ask(exam, [[0.0]], np.zeros((1, 1, 800)), np.zeros((1, 1, 800)), np.zeros((1, 800)))[0]
    if not np.isfinite(said) or abs(said + 735.1508) > 1e-2:
        return f"of 800 numbers it says {said:g}: add 800 logarithms, do not multiply 800 densities"
    return None


def gain(exam: Exam) -> str | None:
    """What one common choice is worth, in nats."""
    sizes = [1, 2, 3, int(exam.rng("gain").integers(4, 40))]
    said = np.array(
        [float(numbers(exam.student.call("gain", d), (), "what gain returns")) for d in sizes]
    )
    if abs(said[0]) > 1e-6:
        if np.allclose(said, np.array(sizes) * math.log(2)):
            return "with one number in z the two mixtures are the same: the joint one chooses once, too"
        return "with one number in z the two mixtures are the same: what is there to gain?"
    for factor, words in (
        (1.0, "that counts in bits (base 2): nats are asked, the natural logarithm"),
        (-math.log(2), "the joint mixture is the better one: its log-likelihood is higher"),
        (2 * math.log(2), "each number that agrees by chance has a chance of 1/2, not of 1/4"),
    ):
        if np.allclose(said, factor * (np.array(sizes) - 1)):
            return words
    if np.allclose(said[1:], said[1]):
        return (
            "the more numbers have to agree, the less often they do so by chance: it grows with d"
        )
    if not np.allclose(said, math.log(2) * (np.array(sizes) - 1)):
        return "how likely is z = (1, 1, ..., 1) under each of the two? Work it out for d = 2"
    return None


challenge = Challenge(
    name="day16_mixture",
    title="One choice for the whole picture",
    chapter="06",
    minutes=15,
    kind="build",
    seconds=60,
    without=["wmlib.models.mdn_rnn:log_likelihood"],
    parts=[
        Part("density", 2, "Log-likelihood of a mixture whose numbers share one choice.", density),
        Part("far", 2, "The same where a density is too small or too large for a computer.", far),
        Part("gain", 1, "Say what sharing the choice is worth, in nats.", gain),
    ],
    hints=[
        "Two sums: one over the D numbers, one over the K Gaussians. Which of them is a sum of "
        "logarithms, and which a sum of densities?",
        "The log-density of each number under each Gaussian is (B, K, D). Sum it over D: (B, K). Add "
        "the logarithms of the weights, then logsumexp over K.",
        "torch.log_softmax(logits, -1) and torch.logsumexp do all that is delicate. For `gain`: "
        "a mixture for each number by itself gives each of the 2 ** d corners the same weight.",
    ],
)
