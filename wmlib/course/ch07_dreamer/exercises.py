"""The checks of chapter 7's first three exercises; those of the long one are in `long_exercise`."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch

from wmlib.course.ch07_dreamer.long_exercise import (  # noqa: F401
    check_dream,
    check_loss,
    check_parts,
    check_watch,
)
from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.course.ch07_dreamer.study import WEIGHTS
from wmlib.exercise import Exercise, Mistake, numbers
from wmlib.learning.dreamer import Dreamer

# --- 1: who learns from the KL? -------------------------------------------------------------------


def pulled(f, given, free):
    """The loss of an answer, and the gradients of the logits behind its inputs."""
    logits = [torch.tensor(x, requires_grad=True) for x in given]
    loss = f(*(x.log_softmax(-1) for x in logits), free)
    if not isinstance(loss, torch.Tensor) or loss.ndim:
        raise Mistake("return one number, as a tensor: the mean over the batch")
    numbers(loss.detach(), (), "the loss")
    if not loss.requires_grad:
        raise Mistake("no gradient reaches anything: too much is detached")
    grads = torch.autograd.grad(loss, logits, allow_unused=True)
    return float(loss.detach()), *(0 * x if g is None else g for g, x in zip(grads, logits))


def balanced(dyn=0.5, rep=0.1, floor=lambda kl, free: kl.clamp_min(free).mean()):
    """The right answer, with its weights and its floor."""

    def balance(q, p, free):
        kl = lambda a, b: floor((a.exp() * (a - b)).sum(-1), free)  # noqa: E731
        return dyn * kl(q.detach(), p) + rep * kl(q, p.detach())

    return balance


def balances(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    given = rng.normal(size=(2, 20, 5)) * 1.5
    loss, to_post, to_prior = pulled(answer, given, 0.0)
    right, *wanted = pulled(balanced(), given, 0.0)
    _, *swapped = pulled(balanced(0.1, 0.5), given, 0.0)
    near = lambda a, b: torch.allclose(a, b, rtol=1e-3, atol=1e-7)  # noqa: E731
    if not to_post.abs().sum() > 0:
        return "the posterior is not moved at all: one half too many is detached"
    if not to_prior.abs().sum() > 0:
        return "the prior is not moved at all"
    if near(to_post, swapped[0]) and near(to_prior, swapped[1]):
        return "the weights are the wrong way round: 0.5 is for the half that moves the prior"
    if near(to_post, 6 * wanted[0]) and near(to_prior, 1.2 * wanted[1]):
        return "both halves move both sides: which side stands still in which half?"
    if not np.isclose(loss, right, rtol=1e-3):
        return "the value is off: KL(q || p) is the sum over K of q (log q - log p)"
    if not (near(to_post, wanted[0]) and near(to_prior, wanted[1])):
        return "right value, wrong gradients: which side stands still in which half?"
    free = float(
        np.median([pulled(balanced(), given[:, i : i + 1], 0.0)[0] / 0.6 for i in range(20)])
    )
    if not np.isclose(
        pulled(answer, given, free)[0], pulled(balanced(), given, free)[0], rtol=1e-3
    ):
        return "the floor belongs under every row's KL, before the mean"
    return None


def _reversed(q, p, free):
    return balanced()(p, q, free)


def _unstopped(q, p, free):
    return 0.6 * (q.exp() * (q - p)).sum(-1).clamp_min(free).mean()


def _frozen_post(q, p, free):
    return 0.6 * (q.detach().exp() * (q.detach() - p)).sum(-1).clamp_min(free).mean()


check_balance = Exercise(
    "Who learns from the KL",
    [balances],
    wrong=[
        (balanced(0.1, 0.5), "wrong way round"),
        (_frozen_post, "posterior is not moved"),
        (_unstopped, "both halves move both sides"),
        (balanced(floor=lambda kl, free: kl.mean().clamp_min(free)), "before the mean"),
        (balanced(floor=lambda kl, free: kl.mean()), "before the mean"),
        (_reversed, "the value is off"),
        (lambda q, p, free: (q.exp() * (q - p)).sum(-1), "one number"),
        (lambda q, p, free: torch.tensor(0.7), "no gradient reaches anything"),
    ],
)

# --- 2: a return that is to be repaired -----------------------------------------------------------


def returned(value=1, lam_to=True, ends=True, last=True, bootstrap=True):
    """The lambda-return with one thing changed."""

    def returns(r, c, v, gamma, lam):
        R, found = (v[-1] if bootstrap else 0.0), []
        for t in reversed(range(len(r))):
            a, b = (1 - lam, lam) if lam_to else (lam, 1 - lam)
            R = r[t] + gamma * (c[t] if ends else 1) * (a * v[t + value] + b * R)
            found.insert(0 if last else len(found), R)
        return found

    return returns


def returns_right(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    n = int(rng.integers(5, 9))
    r, v = rng.normal(size=n).tolist(), (5 * rng.normal(size=n + 1)).tolist()
    c, gamma, lam = [1.0] * n, float(rng.uniform(0.8, 0.95)), float(rng.uniform(0.6, 0.8))
    same = lambda a, b: np.allclose(a, b, rtol=1e-6, atol=1e-6)  # noqa: E731
    said = numbers(answer(r, c, v, gamma, lam), (n,), "what it returns")
    named = [
        ({"last": False}, "the first return stands last: you went from the end"),
        ({"bootstrap": False}, "the last return forgets what comes after: R[H] = v[H]"),
        ({"value": 0}, "v[t] is used: the arrow t leads to state t + 1"),
        (
            {"lam_to": False},
            "lambda and 1 - lambda are the wrong way round: lambda = 1 looks furthest",
        ),
    ]
    for changed, words in named:
        if same(said, returned(**changed)(r, c, v, gamma, lam)):
            return words
    if same(said, returned(value=0, ends=False)(r, c, v, gamma, lam)):
        return "nothing is repaired yet"
    if not same(said, returned()(r, c, v, gamma, lam)):
        return "with no end (all c = 1) it is not r + gamma ((1 - lam) v[t + 1] + lam R[t + 1])"
    c[int(rng.integers(1, n - 1))] = 0.0
    said = numbers(answer(r, c, v, gamma, lam), (n,), "what it returns")
    if same(said, returned(ends=False)(r, c, v, gamma, lam)):
        return "an arrow with c = 0 ends the episode, and yet something after it counts"
    if not same(said, returned()(r, c, v, gamma, lam)):
        return "where c = 0, value and return after the arrow both count nothing"
    return None


check_returns = Exercise(
    "The lambda-return, repaired",
    [returns_right],
    wrong=[
        (returned(value=0), "v[t] is used"),
        (returned(ends=False), "ends the episode"),
        (returned(value=0, ends=False), "v[t] is used"),
        (returned(lam_to=False), "wrong way round"),
        (returned(last=False), "stands last"),
        (returned(bootstrap=False), "R[H] = v[H]"),
        (lambda r, c, v, gamma, lam: returned()(r, c, v, gamma, lam)[:-1], "shape"),
        (lambda r, c, v, gamma, lam: r, "it is not r + gamma"),
    ],
)

# --- 3: how much must it remember? ----------------------------------------------------------------


@cache
def _trained():
    return Dreamer(PixelCartPole()).import_weights(WEIGHTS).model


def reading(model, pictures, pushes, k, skip=0, shift=0):
    """The state from the last k pictures and the pushes between them."""
    pictures = pictures[-k:]
    pushes = pushes[len(pushes) - len(pictures) + 1 + shift :] if len(pictures) > 1 else []
    state = model.start(pictures[0])
    for push, picture in list(zip(pushes, pictures[1:]))[skip:]:
        state = model.observe(state, push, picture)
    return state


@torch.no_grad()
def recent(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    world, model, n, length = PixelCartPole(), _trained(), 6, int(rng.integers(7, 10))
    state = rng.uniform(-0.5, 0.5, (n, 4)) * [2, 1, 0.2, 1]
    pictures, pushes = [world.obs(state)], []
    for _ in range(length - 1):
        push = rng.integers(2, size=n)
        state = world.step(state, push)[0]
        pictures, pushes = [*pictures, world.obs(state)], [*pushes, torch.as_tensor(push)]
    for k in (1, 3, 5, length, length + 4):
        said = answer(model, list(pictures), list(pushes), k)
        if not isinstance(said, tuple) or len(said) != 2:
            return "return a state of the model, as model.start and model.observe do"
        right = reading(model, pictures, pushes, k)
        shapes = [tuple(x.shape) for x in right]
        found = [numbers(x, shape, "a part of the state") for x, shape in zip(said, shapes)]
        near = lambda state: all(np.allclose(a, b, atol=1e-4) for a, b in zip(found, state))  # noqa: E731
        if near(right):
            continue
        if k > 1 and near(reading(model, pictures, pushes, 1)):
            return f"with k = {k} it still sees the last picture only"
        if k < length and near(reading(model, pictures, pushes, length)):
            return f"with k = {k} it remembers all pictures"
        if k < length and near(reading(model, pictures, pushes, k + 1)):
            return f"with k = {k} it sees k + 1 pictures"
        if k > length:
            return "with fewer than k pictures it should read all that there are"
        return f"with k = {k} the state is not that of the last k pictures and the k - 1 pushes between them"
    return None


check_recent = Exercise(
    "How much must it remember",
    [recent],
    wrong=[
        (lambda m, pictures, pushes, k: reading(m, pictures, pushes, 1), "last picture only"),
        (lambda m, pictures, pushes, k: reading(m, pictures, pushes, 99), "remembers all"),
        (lambda m, pictures, pushes, k: reading(m, pictures, pushes, k + 1), "k + 1 pictures"),
        (
            lambda m, pictures, pushes, k: reading(
                m, pictures, pushes[: len(pushes) - 1], k, shift=1
            ),
            "k - 1 pushes",
        ),
        (
            lambda m, pictures, pushes, k: m.feat(reading(m, pictures, pushes, k)),
            "a state of the model",
        ),
    ],
)
