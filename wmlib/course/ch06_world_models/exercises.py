"""The checks of chapter 6's exercises: inputs drawn anew, compared with a reference."""

from __future__ import annotations

import math

import numpy as np
import torch

from wmlib.exercise import Exercise, numbers

HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


def tensor(rng, *shape, low=-1.5, high=1.5):
    """Numbers from `rng`, single precision."""
    return torch.from_numpy(rng.uniform(low, high, shape)).float()


def near(a, b, tolerance=1e-4):
    """Whether two answers are equal up to rounding."""
    return bool(np.allclose(a, b, rtol=tolerance, atol=tolerance))


# --- 1: the KL of a code


def price_right(mean, log_var):
    """KL(N(mean, exp(log_var)) || N(0, 1)) of each picture: `(B, S) -> (B,)`."""
    return (0.5 * (mean**2 + log_var.exp() - 1 - log_var)).sum(-1)


def examine_price(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    n, size = int(rng.integers(4, 8)), int(rng.integers(8, 13))
    mean, log_var = tensor(rng, n, size), tensor(rng, n, size)
    terms = (0.5 * (mean**2 + log_var.exp() - 1 - log_var)).numpy()
    raw = np.asarray(torch.as_tensor(answer(mean, log_var)).detach())
    if raw.shape == terms.shape:
        return "one number for each picture: sum over the S numbers"
    if raw.shape == (size,):
        return "you summed over the pictures: sum over the last dimension"
    said, wanted = numbers(raw, (n,), "the KL"), terms.sum(1)
    told = [
        (wanted / size, "the mean over the numbers: a KL adds up over independent numbers, sum"),
        (2 * wanted, "twice as much as it should be: the half is missing"),
        (-wanted, "a KL is never negative: check the signs"),
        (wanted + size / 2, "N(0, 1) must cost nothing: the -1 is missing"),
        (price_right(mean, 2 * log_var).numpy(), "exp(log_var) is the variance: do not square it"),
        (price_right(mean, log_var / 2).numpy(), "exp(log_var) is the variance, not the deviation"),
    ]
    for value, words in told:
        if near(said, value):
            return words
    return None if near(said, wanted) else "compare each of the four terms with the formula above"


def kl(m, v, scale=0.5):
    """The price of a latent, scaled as an answer might have it."""
    return scale * (m**2 + v.exp() - 1 - v)


check_price = Exercise(
    "The price of a code",
    [examine_price],
    wrong=[
        (lambda m, v: kl(m, v).mean(-1), "the mean over the numbers"),
        (lambda m, v: kl(m, v, 1.0).sum(-1), "twice as much"),
        (lambda m, v: -kl(m, v).sum(-1), "never negative"),
        (kl, "one number for each picture"),
        (lambda m, v: kl(m, v).sum(0), "over the pictures"),
        (lambda m, v: kl(m, 2 * v).sum(-1), "do not square"),
        (lambda m, v: kl(m, v / 2).sum(-1), "not the deviation"),
        (lambda m, v: (0.5 * (m**2 + v.exp() - v)).sum(-1), "-1 is missing"),
        (lambda m, v: [0.0, 2.0, 0.54], "shape"),
    ],
)


# --- 2: a likelihood that survives


def nats_right(log_weight, mean, log_std, z):
    """-log p(z) of one number: three `(K,)` and a scalar -> scalar."""
    score = (z - mean) / log_std.exp()
    return -torch.logsumexp(log_weight - 0.5 * score**2 - log_std - HALF_LOG_2PI, -1)


def examine_nats(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    k = int(rng.integers(3, 6))
    log_weight = tensor(rng, k).log_softmax(-1)
    mean, log_std = tensor(rng, k, low=-2, high=2), tensor(rng, k, low=-1, high=0.5)
    mixture = log_weight, mean, log_std
    grid = tensor(rng, 4, low=-2, high=2)
    said = [float(numbers(_plain(answer(*mixture, z)), (), "-log p(z)")) for z in grid]
    if not near(said, [float(nats_right(*mixture, z)) for z in grid], 1e-3):
        return _which(mixture, grid, said)
    for far in (6.0, 40.0, 90.0):
        z = torch.tensor(far + float(rng.uniform(0, 3)), requires_grad=True)
        loss = torch.as_tensor(answer(*mixture, z))
        said, wanted = float(loss.detach()), float(nats_right(*mixture, z).detach())
        if not math.isfinite(said):
            return "far away exp() is exactly 0, and log(0) is not finite: use torch.logsumexp"
        if not near(said, wanted, 1e-3):
            return (
                f"at z = {z.item():.1f} it should be {wanted:.1f}, got {said:.1f}: a small number "
                "inside the log, or a clamp, makes all far values equally likely, and the "
                "gradient disappears; use torch.logsumexp"
            )
        if not loss.requires_grad:
            return "no gradient flows from the loss to z: stay in torch, without float() or .item()"
    return None


def _plain(value):
    return value.detach() if isinstance(value, torch.Tensor) else value


def _which(mixture, grid, said):
    """What is wrong with likelihoods near the middle."""
    log_weight, mean, log_std = (part[None] for part in mixture)  # (1, K)
    score = (grid[:, None] - mean) / log_std.exp()  # (N, K)
    each = -0.5 * score**2 - log_std - HALF_LOG_2PI
    right = -torch.logsumexp(log_weight + each, -1)
    told = [
        (-right, "that is log p: the loss is minus log p"),
        (right - HALF_LOG_2PI, "the constant log(2 pi) / 2 is missing"),
        (
            -torch.logsumexp(log_weight + each + log_std, -1),
            "a wide Gaussian is a low one: - log_std is missing",
        ),
        (
            -(log_weight.exp() * each).sum(-1),
            "weigh the Gaussians, add the densities, then take the log",
        ),
        (-torch.logsumexp(each, -1), "the weights of the Gaussians are missing"),
        (-(log_weight + each).amax(-1), "all Gaussians add up, not only the nearest one"),
    ]
    for value, words in told:
        if near(said, value, 1e-3):
            return words
    return f"at z = {grid[0]:.2f} it should be {right[0]:.3f}, got {said[0]:.3f}"


def each_of(m, s, z):
    """Log-likelihoods of each number by each component."""
    return -0.5 * ((z - m) / s.exp()) ** 2 - s - HALF_LOG_2PI


check_nats = Exercise(
    "A likelihood that survives",
    [examine_nats],
    wrong=[
        (lambda w, m, s, z: torch.logsumexp(w + each_of(m, s, z), -1), "minus log p"),
        (lambda w, m, s, z: -torch.logsumexp(w + each_of(m, s, z) + HALF_LOG_2PI, -1), "constant"),
        (lambda w, m, s, z: -torch.logsumexp(w + each_of(m, s, z) + s, -1), "low one"),
        (lambda w, m, s, z: -(w.exp() * each_of(m, s, z)).sum(), "add the densities"),
        (lambda w, m, s, z: -torch.logsumexp(each_of(m, s, z), -1), "weights of the Gaussians"),
        (lambda w, m, s, z: -(w + each_of(m, s, z)).max(), "not only the nearest"),
        (lambda w, m, s, z: -(w + each_of(m, s, z)).exp().sum().log(), "logsumexp"),
        (lambda w, m, s, z: -((w + each_of(m, s, z)).exp().sum() + 1e-9).log(), "small number"),
        (lambda w, m, s, z: -torch.logsumexp(w + each_of(m, s, z).clamp_min(-50), -1), "a clamp"),
        (lambda w, m, s, z: nats_right(w, m, s, z).item(), "no gradient"),
    ],
)


# --- 3: temperature


def heat_right(log_weight, log_std, temperature):
    """Weights and deviations of a dream at this temperature: two `(K,)`."""
    return (log_weight / temperature).softmax(-1), math.sqrt(temperature) * log_std.exp()


def examine_heat(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    k = int(rng.integers(3, 6))
    log_weight, log_std = tensor(rng, k).log_softmax(-1), tensor(rng, k)
    for temperature in (1.0, float(rng.uniform(0.1, 0.6)), float(rng.uniform(1.4, 3))):
        weights, stds = heat_right(log_weight, log_std, temperature)
        pair = answer(log_weight, log_std, temperature)
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            return "return two things: (weights, stds)"
        said_w, said_s = (numbers(_plain(part), (k,), "each part") for part in pair)
        plain = log_weight.exp()
        wrong_w = [
            ((log_weight * temperature).softmax(-1), "the wrong way round: cold makes the likely likelier"),
            (plain, "the weights feel the temperature too"),
            ((log_weight / temperature).exp(), "probabilities add up to 1: normalise after dividing"),
            ((log_weight / temperature).log_softmax(-1), "probabilities are asked for, not logarithms"),
            ((plain / temperature).softmax(-1), "divide the logarithms of the weights, not the weights"),
        ]  # fmt: skip
        wrong_s = [
            (temperature * log_std.exp(), "the variance is multiplied by it, the deviation by its root"),
            (log_std.exp(), "the noise feels the temperature too"),
            (log_std.exp() / math.sqrt(temperature), "the wrong way round: cold makes less noise"),
            (log_std * math.sqrt(temperature), "log_std is a logarithm: exp() first"),
        ]  # fmt: skip
        for said, wanted, told in ((said_w, weights, wrong_w), (said_s, stds, wrong_s)):
            if not near(said, wanted):
                named = [words for value, words in told if near(said, value)]
                if temperature == 1.0 and not named:
                    return "at temperature 1 nothing may change"
                if temperature != 1.0:
                    return (named or ["compare with the two rules in the text"])[0]
    return None


check_heat = Exercise(
    "The dial",
    [examine_heat],
    wrong=[
        (lambda w, s, t: ((w * t).softmax(-1), t**0.5 * s.exp()), "the wrong way round"),
        (lambda w, s, t: ((w / t).exp(), t**0.5 * s.exp()), "add up to 1"),
        (lambda w, s, t: (w.exp(), t**0.5 * s.exp()), "the weights feel"),
        (lambda w, s, t: ((w / t).softmax(-1), t * s.exp()), "by its root"),
        (lambda w, s, t: ((w / t).softmax(-1), s.exp()), "the noise feels"),
        (lambda w, s, t: ((w / t).softmax(-1), s.exp() / t**0.5), "cold makes less noise"),
        (lambda w, s, t: ((w.exp() / t).softmax(-1), t**0.5 * s.exp()), "divide the logarithms"),
        (lambda w, s, t: (w.softmax(-1) * 0 + 0.2, t**0.5 * s.exp()), "1 nothing may change"),
        (lambda w, s, t: (w / t).softmax(-1), "two things"),
    ],
)


# --- 4: a search of your own


SEARCHES, BUDGET, SIZE = 6, 2000, 20  # of the check: problems, scores, numbers


class Noisy:
    """A score with luck in it: `score(parameters (N, n)) -> (N,)`, best at a hidden place.

    What a learner's search is given. It counts what it was asked, and refuses more than the budget.
    """

    def __init__(self, rng):
        self.rng, self.best = rng, rng.normal(0, 1, SIZE)
        self.asked = 0

    def __call__(self, parameters):
        given = np.asarray(parameters, float)
        if given.ndim != 2 or given.shape[1] != SIZE:
            raise ValueError(f"score takes parameters (N, {SIZE}), got {given.shape}")
        self.asked += len(given)
        if self.asked > BUDGET:
            raise ValueError(f"more than {BUDGET} scores asked")
        return self.true(given) + self.rng.normal(0, 3, len(given))

    def true(self, parameters):
        """Without the luck."""
        return -((parameters - self.best) ** 2).sum(-1)


def _asked(problem):
    """The score and nothing else: the place that is looked for stays behind the check."""
    return lambda parameters: problem(parameters)


def examine_search(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    reached, begun = [], []
    for _ in range(SEARCHES):
        problem = Noisy(rng)
        found = numbers(
            answer(_asked(problem), SIZE, BUDGET, rng), (SIZE,), "what the search found"
        )
        if problem.asked == 0:
            return "it never asked for a score"
        reached.append(problem.true(found))
        begun.append(problem.true(np.zeros(SIZE)))
    share = 1 - np.mean(reached) / np.mean(begun)  # 1: the best place; 0: where it began
    if share < 0.45:
        return (
            f"it covers {share:.0%} of the way from zero to the best place: that is the best of many "
            "draws, and mostly luck; move the middle towards the better half, again and again"
        )
    if share < 0.8:
        return (
            f"it covers {share:.0%} of the way: it moves and stops early; return the middle, not the "
            "best single draw, and let the step size shrink or the generations be more"
        )
    return None


def evolve(score, size, budget, rng, population=20, sigma=0.5, shrink=0.97, best=False):
    """A plain evolution strategy, the solution."""
    middle = np.zeros(size)
    for _ in range(budget // population):
        draws = middle + sigma * rng.normal(size=(population, size))
        order = np.argsort(-score(draws))
        middle = draws[order[: population // 4]].mean(0)
        sigma *= shrink
        if best:
            middle = draws[order[0]]
    return middle


def best_of_all(score, size, budget, rng):
    """An answer that keeps the best single draw."""
    draws = rng.normal(size=(budget, size))
    return draws[np.argmax(score(draws))]


check_search = Exercise(
    "A search of your own",
    [examine_search],
    wrong=[
        (best_of_all, "mostly luck"),
        (lambda score, size, budget, rng: np.zeros(size), "never asked"),
        (lambda score, size, budget, rng: evolve(score, size, 3 * budget, rng), "more than 2000"),
        (lambda score, size, budget, rng: evolve(score, size, 160, rng), "stops early"),
        (lambda score, size, budget, rng: evolve(score, size, budget, rng)[:3], "shape"),
    ],
)
