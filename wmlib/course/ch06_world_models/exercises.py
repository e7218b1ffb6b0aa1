"""The checks of chapter 6's exercises: inputs drawn anew, compared with a reference."""

from __future__ import annotations

import math

import numpy as np
import torch

from wmlib.course.ch06_world_models.own_search import check_search
from wmlib.exercise import Exercise, numbers

__all__ = ["check_heat", "check_nats", "check_price", "check_search"]

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
    given = answer(mean.clone().requires_grad_(), log_var.clone().requires_grad_())
    raw = _plain(given) if isinstance(given, torch.Tensor) else np.asarray(given, float)
    if raw.shape == terms.shape:
        return "one number for each picture: sum over the S numbers"
    if raw.shape == (size,):
        return "you summed over the pictures: sum over the last dimension"
    said, wanted = numbers(raw, (n,), "the KL"), terms.sum(1)
    told = [
        (wanted / size, "the mean over the numbers: a KL adds up over independent numbers, sum"),
        (2 * wanted, "twice as much as it should be: the half is missing"),
        (-wanted, "a KL is never negative: check the signs"),
        (said_of(mean, log_var, square=1), "the mean is not squared"),
        (said_of(mean, log_var, sign=1), "log_var is subtracted: a narrow Gaussian costs, too"),
        (said_of(mean, log_var, power=2), "exp(log_var) is the variance: do not square it"),
        (
            said_of(-mean / (log_var / 2).exp(), -log_var),
            "that is the KL from N(0, 1) to the Gaussian: the other way round",
        ),
        (wanted + size / 2, "N(0, 1) must cost nothing: the -1 is missing"),
        (
            price_right(mean, 2 * log_var).numpy(),
            "log_var is already the logarithm of the variance",
        ),
        (price_right(mean, log_var / 2).numpy(), "exp(log_var) is the variance, not the deviation"),
    ]
    for value, words in told:
        if near(said, value):
            return words
    if not near(said, wanted):
        return "compare each of the four terms with the formula above"
    if not isinstance(given, torch.Tensor) or not given.requires_grad:
        return "no gradient flows from it: stay in torch, without detach(), numpy() or lists"
    return None


def said_of(mean, log_var, square=2, power=1, sign=-1):
    """What an answer says that changed a term of the KL: `(B,)`."""
    terms = mean**square + (power * log_var).exp() - 1 + sign * log_var
    return (0.5 * terms).sum(-1).numpy()


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
        (lambda m, v: kl(m, 2 * v).sum(-1), "already the logarithm of the variance"),
        (lambda m, v: (0.5 * (m**2 + v.exp() ** 2 - 1 - v)).sum(-1), "do not square"),
        (lambda m, v: (0.5 * (m + v.exp() - 1 - v)).sum(-1), "the mean is not squared"),
        (lambda m, v: (0.5 * (m**2 + v.exp() - 1 + v)).sum(-1), "log_var is subtracted"),
        (lambda m, v: (0.5 * (m**2 / v.exp() + 1 / v.exp() - 1 + v)).sum(-1), "other way round"),
        (lambda m, v: kl(m, v).sum(-1).detach(), "no gradient"),
        (lambda m, v: kl(m, v).sum(-1).tolist(), "no gradient"),
        (lambda m, v: kl(m, v).sum(-1).detach().numpy(), "no gradient"),
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
    for temperature in (float(rng.uniform(0.1, 0.6)), float(rng.uniform(1.4, 3)), 1.0):
        weights, stds = heat_right(log_weight, log_std, temperature)
        pair = answer(log_weight, log_std, temperature)
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            return "return two things: (weights, stds)"
        said_w, said_s = (numbers(_plain(part), (k,), "each part") for part in pair)
        if near(said_w, stds) and near(said_s, weights):
            return "return the weights first, then the deviations"
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
            ((log_std * math.sqrt(temperature)).exp(), "exp() first, then multiply"),
            ((log_std * temperature).exp(), "exp() first, then multiply"),
            (stds**2, "that is the variance: the deviation is asked for"),
        ]  # fmt: skip
        for said, wanted, told in ((said_w, weights, wrong_w), (said_s, stds, wrong_s)):
            if not near(said, wanted):
                named = [words for value, words in told if near(said, value)]
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
        (lambda w, s, t: (w.softmax(-1) * 0 + 0.2, t**0.5 * s.exp()), "the two rules"),
        (lambda w, s, t: ((w / t).softmax(-1), t * (2 * s).exp()), "that is the variance"),
        (lambda w, s, t: (t**0.5 * s.exp(), (w / t).softmax(-1)), "weights first"),
        (lambda w, s, t: ((w / t).softmax(-1), (t**0.5 * s).exp()), "then multiply"),
        (lambda w, s, t: ((w / t).softmax(-1), t**0.5 * s), "exp() first"),
        (lambda w, s, t: (w / t).softmax(-1), "two things"),
    ],
)
