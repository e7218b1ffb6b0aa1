"""The checks of chapter 7's long exercise: an RSSM of one's own, in four stages."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.course.ch07_dreamer.corridor import CELLS, THRUSTS, Films, corridor, place
from wmlib.devices import new_rng
from wmlib.exercise import Exercise, numbers


class Plain(torch.nn.Module):
    """A reference that draws nothing: smooth functions in the place of networks, so all is exact."""

    def __init__(self, rng, obs=CELLS, act=THRUSTS, D=7, S=8):
        super().__init__()
        sizes = {"z": (S, D), "a": (act, D), "h": (D, D), "p": (D, S), "q": (D, S), "o": (obs, S)}
        sizes |= {"dh": (D, obs), "dz": (S, obs)}
        self.w = {k: torch.as_tensor(rng.normal(size=s)).float() / 2 for k, s in sizes.items()}
        self.D, self.S, self.groups, self.classes = D, S, 2, S // 2

    def recur(self, h, z, a):
        """Memory."""
        return torch.tanh(h @ self.w["h"] + z @ self.w["z"] + a @ self.w["a"])

    def prior(self, h):
        """Logits before the frame."""
        return h @ self.w["p"]

    def post(self, h, o):
        """Logits once the frame is seen."""
        return h @ self.w["q"] + o @ self.w["o"]

    def draw(self, logits):
        """Probabilities: nothing is drawn."""
        return logits.unflatten(-1, (self.groups, self.classes)).softmax(-1).flatten(-2)

    def decode(self, h, z):
        """A frame."""
        return h @ self.w["dh"] + z @ self.w["dz"]


# --- stage 1: the parts ---------------------------------------------------------------------------


def right_parts(cls, rng):
    """What is wrong with a class of parts, in words; None where it is right."""
    obs, act, D, G, C, B = (int(x) for x in rng.integers((5, 2, 9, 2, 3, 6), (9, 5, 14, 4, 6, 9)))
    torch.manual_seed(int(rng.integers(2**31)))
    model, S = cls(obs, act, D, G, C), G * C
    if not isinstance(model, torch.nn.Module) or not list(model.parameters()):
        return "make it an nn.Module whose networks are attributes, so that they can learn"
    h, z, a, o = torch.randn(B, D), torch.randn(B, S), torch.randn(B, act), torch.randn(B, obs)
    moved = (
        lambda f, *given: [  # noqa: E731
            not torch.allclose(f(*given), f(*given[:i], given[i] + 1, *given[i + 1 :]))
            for i in range(len(given))
        ]
    )
    for name, given, shape in (
        ("recur", (h, z, a), (B, D)), ("prior", (h,), (B, S)), ("post", (h, o), (B, S)),
        ("decode", (h, z), (B, obs)),
    ):  # fmt: skip
        f = getattr(model, name)
        numbers(f(*given).detach(), shape, f"{name}(...)")
        for reads, what in zip(moved(f, *given), "hza" if name == "recur" else "ho"):
            if not reads:
                what = "z" if (name, what) == ("decode", "o") else what
                return f"{name} does not read {what}"
    logits = (2 * torch.randn(S)).repeat(4000, 1).requires_grad_()
    drawn = model.draw(logits)
    groups = torch.as_tensor(numbers(drawn.detach(), (4000, S), "draw(...)")).view(-1, G, C)
    if (
        not torch.allclose(groups.sum(-1), torch.ones(4000, G).double(), atol=1e-4)
        or (groups.round() - groups).abs().max() > 1e-4
    ):
        return "draw: each of the G groups should be one-hot: a single 1 among its C classes"
    if (groups == groups[0]).all():
        return "draw gives the same every time: a class is drawn, not the likeliest one taken"
    p = logits[0].detach().view(G, C).softmax(-1)
    if (groups.mean(0) - p).abs().max() > 0.06:
        return "draw: classes should come as often as the softmax within each group says"
    if not drawn.requires_grad:
        return "draw: no gradient reaches the logits; let it pass straight through"
    weight = torch.randn(4000, S)
    grad = torch.autograd.grad((drawn * weight).sum(), logits, retain_graph=True)[0]
    soft = logits.view(-1, G, C).softmax(-1).flatten(-2)
    straight = torch.autograd.grad((soft * weight).sum(), logits)[0]
    if (grad - straight).abs().max() > 0.2 * straight.abs().max():
        return "draw: backward it should be as if the probabilities had been passed on"
    return None


# --- stage 2: watching ----------------------------------------------------------------------------


def watching(model, obs, act, first, shift=0, reset=(1, 1, 1), early=False):
    """The reference, with one thing changed."""
    before = torch.cat([torch.zeros_like(act[:, :1]), act], 1)
    before = torch.roll(before, -shift, 1)
    h, z = torch.zeros(len(obs), model.D), torch.zeros(len(obs), model.S)
    rows = []
    for t in range(obs.shape[1]):
        new = first[:, t, None].float()
        keep = [1 - new * r for r in reset]
        old, h = h, model.recur(h * keep[0], z * keep[1], before[:, t] * keep[2])
        q = model.post(h, obs[:, t])
        z = model.draw(q)
        rows.append((h, z, q, model.prior(old if early else h)))
    return tuple(torch.stack(column, 1) for column in zip(*rows))


def right_watch(answer, rng):
    """What is wrong with `watch`, in words; None where it is right."""
    model, films = Plain(rng), corridor(5, 9, int(rng.integers(2**31)), again=0.25)
    said = answer(model, *films)
    if not isinstance(said, tuple) or len(said) != 4:
        return "return four things: h, z, q and p"
    right = watching(model, *films)
    found = [numbers(x.detach(), tuple(y.shape), name) for x, y, name in zip(said, right, "hzqp")]
    near = lambda given, part=slice(0, 3): all(  # noqa: E731
        np.allclose(a, b, atol=1e-4) for a, b in zip(found[part], given[part])
    )
    if near(right, slice(0, 4)):
        return None
    if near(watching(model, *films, shift=1)):
        return "the actions are one step early: act[:, t] leads to frame t + 1"
    if near(watching(model, *films, reset=(0, 0, 0))):
        return "nothing is forgotten where first is true"
    for reset in ((0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)):
        if near(watching(model, *films, reset=reset)):
            kept = " and ".join(
                n for n, r in zip(("h", "z", "the action before it"), reset) if not r
            )
            return f"where first is true, {kept} should be zero"
    if near(right) and near(watching(model, *films, early=True), slice(0, 4)):
        return "p should be the prior of the h of the same frame, not of the frame before"
    if near(right):
        return "h, z and q are right, p is not: it is the prior of h"
    return "h, z or q are off: recur, then post with the frame, then draw, at every frame"


# --- stage 3: the loss ----------------------------------------------------------------------------


def losing(model, obs, act, first, dyn=0.5, rep=0.1, free=1.0, mean=False, logs=True):
    """The reference, with one thing changed."""
    h, z, q, p = watching(model, obs, act, first)
    log_q, log_p = (x.unflatten(-1, (model.groups, model.classes)).log_softmax(-1) for x in (q, p))
    kl = lambda a, b: (a.exp() * (a - b)).sum((-2, -1)).clamp_min(free).mean()  # noqa: E731
    error = (model.decode(h, z) - obs) ** 2
    recon = error.mean() if mean else error.sum(-1).mean()
    return recon + dyn * kl(log_q.detach(), log_p) + rep * kl(log_q, log_p.detach())


def right_loss(answer, rng):
    """What is wrong with `loss`, in words; None where it is right."""
    model, films = Plain(rng), corridor(6, 8, int(rng.integers(2**31)), again=0.1)
    model.w["p"].mul_(4)
    model.w["p"].requires_grad_(), model.w["o"].requires_grad_(), model.w["dh"].requires_grad_()
    said = answer(model, *films)
    if not isinstance(said, torch.Tensor) or said.ndim or not said.requires_grad:
        return "return one number, as a tensor with a gradient"
    right = losing(model, *films)
    same = lambda other: abs(float((said - other).detach())) < 1e-3 * abs(float(right.detach()))  # noqa: E731
    for changed, words in (
        ({"dyn": 0, "rep": 0}, "the KL is missing"),
        ({"mean": True}, "the squared error is summed over the cells of a frame, then averaged"),
        ({"free": 0.0}, "the free nat is missing: clamp each KL from below by 1"),
        (
            {"dyn": 1, "rep": 1},
            "the weights are missing: 0.5 for the prior's half, 0.1 for the other",
        ),
    ):
        if same(losing(model, *films, **changed)):
            return words
    if not same(right):
        return "the value is off: reconstruction + 0.5 KL(stop(q) || p) + 0.1 KL(q || stop(p))"
    leaves = model.w["p"], model.w["o"]
    pull = [torch.autograd.grad(x, leaves, retain_graph=True)[0] for x in (said, right)]
    if not torch.allclose(*pull, rtol=1e-2, atol=1e-5):
        return "right value, wrong gradient of the prior: its half has weight 0.5 and detaches q"
    return None


# --- stage 4: it learns, and dreams ---------------------------------------------------------------

SEEN, DREAMT = 8, 6


def dream_error(answer, seed, n=300):
    """Errors of the place, in cells, after six dreamt steps: of the dream, and of standing still."""
    films = corridor(n, SEEN + DREAMT, seed, again=0.0)
    with torch.no_grad():
        said = answer(films.obs[:, :SEEN], films.act)
    dreamt = torch.as_tensor(numbers(said, (n, DREAMT, CELLS), "the dream"))
    true = place(films.obs[:, SEEN:])
    off = lambda guess: float((guess[:, -1] - true[:, -1]).abs().mean())  # noqa: E731
    return off(place(dreamt)), off(place(films.obs[:, SEEN - 1 : SEEN].expand(-1, DREAMT, -1)))


def right_dream(answer, rng):
    """What is wrong with a trained dream, in words; None where it is right."""
    seed = int(rng.integers(2**31))
    off, still = dream_error(answer, seed)
    if off > 0.9 * still:
        return (
            f"after six dreamt steps the puck is off by {off:.1f} cells; one that stands still in the "
            f"last frame by {still:.1f}: has it been trained, and does the dream go on from h and z?"
        )
    films = corridor(100, SEEN + DREAMT, seed, again=0.0)
    with torch.no_grad():
        other = films.act.roll(1, -1)
        other[:, : SEEN - 1] = films.act[:, : SEEN - 1]
        if torch.allclose(
            answer(films.obs[:, :SEEN], films.act), answer(films.obs[:, :SEEN], other), atol=0.02
        ):
            return "other thrusts give the same dream: they have to go into recur at each step"
    if off > 0.65 * still:
        return (
            f"better than standing still ({still:.1f} cells), and still off by {off:.1f}: train longer, "
            "or look at which action leads to which frame"
        )
    return None


def _still(obs, act):
    return obs[:, -1:].expand(-1, DREAMT, -1)


def _bump(x):
    return torch.exp(-((torch.arange(CELLS) - x[..., None]) ** 2))


def _straight(obs, act):
    last = place(obs[:, -1]) + 0 * place(obs[:, -2])
    speed = place(obs[:, -1]) - place(obs[:, -2])
    ahead = last[:, None] + speed[:, None] * torch.arange(1, DREAMT + 1)
    return _bump(ahead.clamp(0, CELLS - 1))


class _Small(Plain):
    """Parts whose draw is no draw."""

    def __init__(self, obs, act, D, G, C):
        super().__init__(new_rng(0), obs, act, D, G * C)
        self.groups, self.classes, self.any = G, C, torch.nn.Parameter(torch.zeros(1))


class _Deaf(_Small):
    def recur(self, h, z, a):
        return super().recur(h, z, 0 * a)


check_parts = Exercise(
    "Stage 1, the parts",
    [right_parts],
    wrong=[
        (_Small, "one-hot"),
        (_Deaf, "recur does not read a"),
        (lambda *sizes: Films, "nn.Module"),
    ],
)
check_watch = Exercise(
    "Stage 2, watching",
    [right_watch],
    wrong=[
        (lambda m, *films: watching(m, *films, shift=1), "one step early"),
        (lambda m, *films: watching(m, *films, reset=(0, 0, 0)), "nothing is forgotten"),
        (lambda m, *films: watching(m, *films, reset=(1, 0, 1)), "z should be zero"),
        (lambda m, *films: watching(m, *films, early=True), "of the same frame"),
        (lambda m, *films: watching(m, *films)[:3], "four things"),
    ],
)
check_loss = Exercise(
    "Stage 3, the loss",
    [right_loss],
    wrong=[
        (lambda m, *films: losing(m, *films, dyn=0, rep=0), "the KL is missing"),
        (lambda m, *films: losing(m, *films, free=0.0), "free nat"),
        (lambda m, *films: losing(m, *films, mean=True), "summed over the cells"),
        (lambda m, *films: losing(m, *films, dyn=0.1, rep=0.5), "wrong gradient"),
        (lambda m, *films: losing(m, *films, dyn=1, rep=1), "the weights are missing"),
    ],
)
check_dream = Exercise(
    "Stage 4, it dreams",
    [right_dream],
    wrong=[
        (_still, "has it been trained"),
        (_straight, "the same dream"),
        (lambda obs, act: obs[:, -3:], "shape"),
    ],
)
