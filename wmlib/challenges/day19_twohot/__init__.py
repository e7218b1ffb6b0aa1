"""Day 19: numbers of any size as a choice among bins."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import Mistake, numbers

BINS = [-8.0, -1.0, 0.0, 1.0, 8.0, 64.0]  # not evenly spaced


def ask(exam: Exam, name: str, shape: tuple, *args: ArrayLike) -> np.ndarray:
    """An answer for plain arrays."""
    told = [np.asarray(value, float) for value in args]
    return numbers(exam.student.call(name, *told), shape, f"what {name} returns")


def squash(exam: Exam) -> str | None:
    """symlog and symexp at numbers that are easy, tiny and large."""
    x = np.array([0.0, 1.0, -1.0, 99.0, -99.0, 1e-12, 1e12])
    said = ask(exam, "symlog", (7,), x)
    if not np.isclose(said[1], 0.693147):
        if np.isclose(said[1], 0):
            return "symlog(1) is log(2): 1 is added inside the logarithm, so that 0 becomes 0"
        if np.isclose(said[1], np.log10(2)) or np.isclose(said[1], 1):
            return "the natural logarithm, not that with base 10 or 2"
        return f"symlog(1) is log(1 + 1) = 0.6931, it gives {said[1]:.4f}"
    if not np.allclose(said[[2, 4]], -said[[1, 3]]):
        return "symlog(-x) is -symlog(x): where does the sign go?"
    if not np.isclose(said[5], 1e-12, rtol=1e-6, atol=0):
        return "symlog(1e-12) should be 1e-12 to six digits: log(1 + x) rounds it away, log1p(x) does not"
    if not np.allclose(said[[0, 3, 6]], [0, 4.605170, 27.631021]):
        return "symlog(0) = 0, symlog(99) = log(100) = 4.6052: it gives other numbers"
    back = ask(exam, "symexp", (7,), said)
    if not np.isclose(back[3], 99):
        if np.isclose(back[3], 100):
            return "symexp(symlog(99)) gives 100: take 1 away again"
        return f"symexp(symlog(99)) gives {back[3]:g}: symexp undoes what symlog did"
    if not np.allclose(back[[2, 4]], [-1, -99]):
        return "symexp loses the sign of negative numbers"
    if not np.isclose(back[5], 1e-12, rtol=1e-6, atol=0):
        return "symexp(1e-12) should be 1e-12 to six digits: expm1(x) instead of exp(x) - 1"
    return None if np.allclose(back, x) else "symexp(symlog(x)) is not x everywhere"


def twohot(exam: Exam) -> str | None:
    """Numbers between, on and beyond bins that are not evenly spaced."""
    said = ask(exam, "twohot", (2, 6), [2.75, -6.25], BINS)
    wanted = np.array([[0, 0, 0, 0.75, 0.25, 0], [0.75, 0.25, 0, 0, 0, 0]])
    if not np.allclose(said, wanted):
        if np.allclose(said, [[0, 0, 0, 0.25, 0.75, 0], [0.25, 0.75, 0, 0, 0, 0]]):
            return "the two weights have changed places: the nearer bin gets more"
        if np.isin(said, [0, 1]).all():
            return "one bin gets everything: the weight is shared by the two bins around the number"
        if not np.allclose(said.sum(1), 1):
            return "the weights of a number should add up to 1"
        if ((said != 0).sum(1) > 2).any():
            return "no more than two bins, the neighbours of the number, get weight"
        if not np.allclose(said @ np.array(BINS), [2.75, -6.25]):
            return (
                "2.75 between the bins 1 and 8 is a quarter of the way: weights 0.75 and 0.25, so that "
                f"the mean is 2.75. It gives {np.round(said[0], 3).tolist()}: is the distance measured "
                "in the bins themselves? They are not evenly spaced"
            )
        return (
            "the mean is right, but the two bins with weight are not the neighbours of the number"
        )
    on = ask(exam, "twohot", (6, 6), BINS, BINS)
    if not np.allclose(on, np.eye(6)):
        bad = int(np.abs(on - np.eye(6)).sum(1).argmax())
        return f"a number that lies on bin {bad} exactly should give that bin all the weight"
    beyond = ask(exam, "twohot", (2, 6), [-1000.0, 1000.0], BINS)
    if not np.allclose(beyond, np.eye(6)[[0, 5]]):
        if (beyond < 0).any() or (beyond > 1).any():
            return "a number beyond the last bin gives weights below 0 or above 1: hold it to the bins first"
        return "a number beyond the bins belongs to the last one on its side, with all the weight"
    return None


def value(exam: Exam) -> str | None:
    """Logits that mean one bin, two far apart, and very large ones."""
    said = ask(
        exam,
        "value",
        (2,),
        np.log([[0.1, 0.1, 0.1, 0.1, 0.5, 0.1], [0.5, 1e-9, 1e-9, 1e-9, 1e-9, 0.5]]),
        BINS,
    )
    if not np.allclose(said, [9.6, 28.0], atol=1e-4):
        if np.allclose(said, [8, 64]) or np.allclose(said, [8, -8]):
            return "that is the likeliest bin: the mean over all bins is asked"
        if np.isclose(said[1], 1.687432, atol=1e-3):
            return (
                "the mean is taken in symlog and squashed back: that is no mean of the numbers. "
                "The bins *are* numbers here, weigh them as they are"
            )
        if np.allclose(said, [9.6 / 6, 28 / 6]):
            return "divided by the number of bins once too often: the probabilities add up to 1 already"
        if np.allclose(
            said,
            np.log([[0.1, 0.1, 0.1, 0.1, 0.5, 0.1], [0.5, 1e-9, 1e-9, 1e-9, 1e-9, 0.5]])
            @ np.array(BINS),
        ):
            return "the logits are taken for probabilities: softmax them first"
        return (
            "bins of -8, -1, 0, 1, 8, 64 with probabilities 0.1, 0.1, 0.1, 0.1, 0.5, 0.1 mean 9.6"
        )
    if not np.allclose(ask(exam, "value", (2,), np.zeros((2, 6)) + [[7.0], [-7.0]], BINS), 64 / 6):
        return "logits that are all the same mean the plain average of the bins: softmax them first"
    try:
        large = ask(
            exam,
            "value",
            (2,),
            [[0.0, 0, 0, 0, 2000, 0], [-3000.0, -3000, -3000, -2000, -3000, -3000]],
            BINS,
        )
    except Mistake:
        large = np.zeros(2)
    return (
        None
        if np.allclose(large, [8, 1])
        else "logits of 2,000 or -2,000 break it: take away the largest before exp"
    )


def loss(exam: Exam) -> str | None:
    """Cross-entropy by hand; large logits; and the gradient does not know how large the number is."""
    uniform = ask(exam, "loss", (3,), np.zeros((3, 6)), [2.75, 0.0, 500.0], BINS)
    if not np.allclose(uniform, 1.791759, atol=1e-5):
        if np.allclose(uniform, -1.791759, atol=1e-5):
            return "that is the log-likelihood: the loss is minus it"
        if np.allclose(uniform, 0.298627, atol=1e-5):
            return "the mean over the bins: a cross-entropy is the sum over them"
        return "if all six bins are alike every number costs log(6) = 1.7918 nats"
    logits = np.log([[0.05, 0.05, 0.1, 0.2, 0.5, 0.1]])
    said = ask(exam, "loss", (1,), logits, [2.75], BINS)[0]
    if not np.isclose(said, 1.380365, atol=1e-5):
        if np.isclose(said, 0.922219, atol=1e-5):
            return "the two weights have changed places: first twohot"
        if np.isclose(said, 1.290984, atol=1e-4):
            return "minus the log of the mean probability: each bin's log-probability gets its own weight"
        if np.isclose(said, 1.609438, atol=1e-4) or np.isclose(said, 0.693147, atol=1e-4):
            return "only one of the two bins counts"
        if np.isclose(said, 1.380365 - 0.562335, atol=1e-4):
            return "that is a KL divergence: the entropy of the target is taken away (the same gradient, another number)"
        return f"2.75 costs -(0.75 log 0.2 + 0.25 log 0.5) = 1.3804, it says {said:.4f}"
    try:
        far = ask(
            exam,
            "loss",
            (2,),
            [[1000.0, 0, 0, 0, 0, 0], [0.0, 0, 0, 0, 0, 1000]],
            [64.0, 64.0],
            BINS,
        )
    except Mistake as problem:
        return f"a logit of 1,000 breaks it ({problem}): take log_softmax, not the log of a softmax"
    if np.allclose(far, [1000, 0]):
        return None
    return f"quite sure of the wrong bin (a logit of 1,000) costs 1,000 nats, it says {far[0]:.1f}: is something added inside the log?"


def best(exam: Exam) -> str | None:
    """A return that forks: what each of three losses predicts when it is trained to the end."""

    def said(outcomes, probs):
        return ask(exam, "at_best", (3,), outcomes, probs)

    squared, squashed, bins = said([0.0, 99.0], [0.5, 0.5])
    if not np.isclose(squared, 49.5):
        return f"the squared error is least at the mean, 49.5 here, not at {squared:g}"
    if not np.isclose(squashed, 9.0):
        if np.isclose(squashed, 49.5):
            return "the squared error in symlog is least at the mean of the *symlogs*, which is then squashed back"
        if np.isclose(squashed, 2.302585, atol=1e-4):
            return "the second is right in symlog: squash it back with symexp, a return is asked"
        return f"the squared error in symlog: the mean of symlog(0) and symlog(99), squashed back, is 9, not {squashed:g}"
    if not np.isclose(bins, 49.5):
        if np.isclose(bins, 9.0):
            return "the bins learn the *probabilities*, and their mean is a mean of numbers: nothing is lost by squashing"
        if np.isclose(bins, 0) or np.isclose(bins, 99):
            return "the likeliest outcome: `value` is the mean over the bins"
        return f"two-hot bins: half of the weight each at 0 and 99; their mean is not {bins:g}"
    rng = exam.rng("fork")
    probs = rng.dirichlet(np.ones(3))
    other = said(rng.uniform(-50, 50, 3), probs)
    return (
        None
        if np.isclose(other[0], other[2])
        else "with three outcomes, some below 0, the first and the third differ"
    )


challenge = Challenge(
    name="day19_twohot",
    title="A number as a choice",
    chapter="07",
    minutes=20,
    kind="build",
    seconds=60,
    without=[
        "wmlib.models.distributions:symlog",
        "wmlib.models.distributions:symexp",
        "wmlib.models.distributions:twohot",
        "wmlib.models.distributions:twohot_mean",
        "wmlib.models.distributions:twohot_loss",
    ],
    parts=[
        Part("symlog", 2, "Squash numbers of any size, and back.", squash),
        Part("twohot", 3, "Write a number as weights of two bins.", twohot),
        Part("value", 2, "Read the number that a distribution over bins means.", value),
        Part("loss", 2, "Cross-entropy between bins and numbers.", loss),
        Part("fork", 1, "Say what each loss makes of a return that forks.", best),
    ],
    hints=[
        "np.sign, np.log1p and np.expm1 are exact near 0. For `twohot`: first np.clip(x, bins[0], "
        "bins[-1]), then np.searchsorted finds the bin above.",
        "With the bins a < x <= b: how far on the way from a to b is x? That share goes to b, the "
        "rest to a. Where x is the first bin there is no bin below: let the pair begin at 0.",
        "torch.softmax and torch.log_softmax bear any logits. In `fork` think of a network that can "
        "only say one number: which number has the least expected loss?",
    ],
)
