"""Instant checks of chapter 3: inputs are drawn anew, and the true worlds stay in here."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.course.ch03_neural_dynamics.exercises_pendulum import check_pendulum
from wmlib.exercise import Exercise, Mistake, numbers
from wmlib.experience import Transitions

__all__ = ["check_pendulum"]  # exercise 4 has a file of its own

# --- exercise 1: targets ---


def drawn_rows(rng, n=12, size=3):
    """Rows of no world in particular, with ends and cut-offs among them."""
    terminated, truncated = np.zeros(n, bool), np.zeros(n, bool)
    rows = rng.permutation(n)
    terminated[rows[:3]], truncated[rows[3:6]] = True, True
    over = np.cumsum(terminated | truncated)
    return Transitions(
        rng.normal(size=(n, size)), rng.integers(0, 2, n), rng.normal(size=n),
        rng.normal(size=(n, size)), terminated, truncated, np.append(0, over[:-1]),
    )  # fmt: skip


def same(found, wanted):
    """Whether two arrays are equal up to rounding."""
    return np.allclose(found, wanted, rtol=1e-4, atol=1e-5)


def examine_targets(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    data = drawn_rows(rng)
    told = answer(data)
    if not isinstance(told, (tuple, list)) or len(told) != 3:
        return "return three things: change, rew, cont"
    change = numbers(told[0], data.obs.shape, "the change")
    rew, cont = (numbers(x, (len(data),), n) for x, n in zip(told[1:], ("rew", "cont")))
    moved, ends = data.next_obs - data.obs, data.terminated
    if same(change, data.next_obs):
        return "that is the next state itself: subtract the state it came from"
    if same(change, -moved):
        return "the change has the wrong sign: it is what must be added to obs"
    if not same(change, moved):
        return "the change is next_obs - obs, row by row"
    if not same(rew, data.rew):
        return "the reward is data.rew, unchanged"
    if same(cont, ends):
        return "that is 1 where the episode ended: turn it round"
    if same(cont, ~(ends | data.truncated)):
        return "some rows were only cut off by the clock: truncated is not an end"
    if same(cont, ~data.truncated):
        return (
            "you took the cut-offs for ends, and the ends for none: which flag says what happened?"
        )
    if not same(cont, ~ends):
        return "cont is 1.0 everywhere except where data.terminated"
    return None


check_targets = Exercise(
    "Targets",
    [examine_targets],
    wrong=[
        (lambda d: (d.next_obs, d.rew, 1.0 - d.terminated), "the next state itself"),
        (lambda d: (d.obs - d.next_obs, d.rew, 1.0 - d.terminated), "wrong sign"),
        (lambda d: (d.next_obs - d.obs, d.rew, 1.0 * d.terminated), "turn it round"),
        (
            lambda d: (d.next_obs - d.obs, d.rew, 1.0 - (d.terminated | d.truncated)),
            "truncated is not an end",
        ),
        (lambda d: (d.next_obs - d.obs, d.rew, 1.0 - d.truncated), "which flag"),
        (lambda d: (d.next_obs - d.obs, d.rew), "three things"),
        (lambda d: (d.next_obs - d.obs, d.rew, np.ones(len(d))), "except where"),
        (lambda d: (d.next_obs - d.obs, np.ones(len(d)), 1.0 - d.terminated), "unchanged"),
        (lambda d: (np.zeros((3, 2)), [1, 2, 3], [1, 0, 1]), "should have shape"),
    ],
)


# --- exercise 2: a dream ---


class HiddenModel:
    """A model whose state is not what it shows, and which remembers what it does not show."""

    def __init__(self, rng, size=3):
        self.size = size
        self.into = torch.as_tensor(rng.normal(size=(size, size)) + 2 * np.identity(size))
        turn = np.linalg.qr(rng.normal(size=(2 * size, 2 * size)))[0]
        self.turn = torch.as_tensor(turn)
        self.push = torch.as_tensor(rng.normal(size=(3, 2 * size)))

    def start(self, obs, generator=None):
        obs = torch.as_tensor(np.asarray(obs, float))
        if obs.ndim != 2 or obs.shape[1] != self.size:
            raise Mistake(
                f"model.start wants a batch (B, {self.size}), got shape {tuple(obs.shape)}: "
                "obs[None] is a batch of one"
            )
        return torch.cat([obs @ self.into, torch.zeros_like(obs)], dim=1)

    def step(self, state, action, generator=None):
        action = torch.as_tensor(action).long()
        if action.shape != (len(state),):
            raise Mistake(
                f"model.step wants one action for each state, shape ({len(state)},), "
                f"got {tuple(action.shape)}"
            )
        nxt = torch.tanh(state @ self.turn + self.push[action])
        return nxt, torch.ones(len(state)), torch.ones(len(state))

    def decode(self, state):
        return state[:, : self.size] @ torch.linalg.inv(self.into)


def dreamt(model, obs, actions, how="right"):
    """What a model sees, `(H + 1, D)`, or what it would with a known mistake."""
    start = state = model.start(obs[None])
    seen = [obs]
    for action in {"late": [0, *actions[:-1]], "reversed": actions[::-1]}.get(how, actions):
        if how == "start over":
            state = start
        if how == "forget":
            state = model.start(model.decode(state).numpy())
        state = model.step(state, torch.tensor([action]))[0]
        seen.append((state[:, : len(obs)] if how == "state" else model.decode(state))[0].numpy())
    return np.array(seen)


DREAM_MISTAKES = {
    "start over": "every step starts from the first state again: keep the new state",
    "forget": "you start anew from what was seen: the state may hold more than it shows, so keep it",
    "state": "those are the model's states: model.decode(state) says what it sees",
    "late": "the first action should lead from the first state to the second",
    "reversed": "the actions are taken from the last to the first",
}


def examine_dream(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    model, obs = HiddenModel(rng), rng.normal(size=3)
    actions = [1, 2, 0, 1, 1, 2, 0][: int(rng.integers(5, 8))]  # none is its own reverse
    told = answer(model, obs.copy(), list(actions))
    if hasattr(told, "shape") or isinstance(told, list):
        if len(told) == len(actions):
            return "a state is missing: H actions connect H + 1 states, the first of them real"
        if np.shape(told)[1:] == (1, 3):
            return "the shape should be (H + 1, D): drop the batch dimension of 1"
    told = numbers(told, (len(actions) + 1, 3), "the dream")
    for how, words in DREAM_MISTAKES.items():
        if same(told[1:], dreamt(model, obs, actions, how)[1:]):
            return words
    if not same(told[0], obs):
        return "it should begin at the real observation"
    if not same(told, dreamt(model, obs, actions)):
        return "this is not what the model sees when it follows the actions in order"
    return None


check_dream = Exercise(
    "A dream",
    [examine_dream],
    wrong=[
        *((lambda m, o, a, how=how: dreamt(m, o, a, how), words[:25])
          for how, words in DREAM_MISTAKES.items()),
        (lambda m, o, a: dreamt(m, o, a)[1:], "a state is missing"),
        (lambda m, o, a: dreamt(m, o, a)[:, None], "drop the batch"),
        (lambda m, o, a: m.start(o), "obs[None] is a batch"),
        (lambda m, o, a: m.step(m.start(o[None]), a[0]), "one action for each state"),
        (lambda m, o, a: np.tile(o, (len(a) + 1, 1)), "not what the model sees"),
    ],
)  # fmt: skip


# --- exercise 3: repair the loss of several steps ---


def loss_of(how="right"):
    """The k-step loss, or what it is with a known mistake."""

    def loss(f, s, a, s_next):
        errors = []
        for j in range(a.shape[1]):
            s = f(s, a[:, j]) if how == "state" else s + f(s, a[:, j])
            wanted = s_next[:, j - 1] if how == "shifted" else s_next[:, j]
            error = (s - wanted).abs() if how == "absolute" else (s - wanted) ** 2
            errors.append(error.sum() if how == "batch" else error.mean())
            if how in ("teacher", "both"):
                s = s_next[:, j]
            if how == "detach":
                s = s.detach()
        if how == "both":
            return errors[-1] / len(errors)
        if how in ("last", "last undivided"):
            return errors[-1] / (len(errors) if how == "last" else 1)
        return sum(errors) / (1 if how == "total" else len(errors))

    return loss


LOSS_MISTAKES = {
    "both": "only the last step is in the sum: add each step's error to `loss`",
    "last": "only the last step is in the sum: add each step's error to `loss`",
    "last undivided": "only the last step is compared: compare every one, and divide by k",
    "teacher": "each step starts from the real state: keep the model's own",
    "total": "that is the sum over the steps: divide by k",
    "batch": "take the mean over the batch, not the sum",
    "absolute": "square the differences",
    "state": "f predicts the change: the next state is s + f(s, a)",
    "shifted": "the actions and the real states are a step apart: a[:, j] leads to s_next[:, j]",
}


def examine_loss(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    b, k = int(rng.integers(6, 9)), int(rng.integers(3, 6))
    draw = lambda *shape: torch.as_tensor(rng.normal(size=shape))  # noqa: E731
    w, u = torch.tensor(float(rng.uniform(0.3, 0.6)), requires_grad=True), float(rng.normal())
    args = (lambda s, a: w * s + u * a, draw(b), draw(b, k), draw(b, k))
    told = answer(*args)
    if not isinstance(told, torch.Tensor):
        return "return a tensor: the gradient must flow through it"
    if told.shape != ():
        return f"return one number, a tensor of shape (), got shape {tuple(told.shape)}"
    if same(told.item(), loss_of()(*args).item()):
        if not told.requires_grad:
            return "right value, but no gradient flows: do not detach the loss"
        grads = [torch.autograd.grad(x, w)[0].item() for x in (told, loss_of()(*args))]
        return None if same(*grads) else "right value, wrong gradient: do not detach the state"
    for how, words in LOSS_MISTAKES.items():
        if same(told.item(), loss_of(how)(*args).item()):
            return words
    return "mean over batch and steps of (where the model is - where the world is) squared"


check_loss = Exercise(
    "Several steps",
    [examine_loss],
    wrong=[
        *((loss_of(how), words[:30]) for how, words in LOSS_MISTAKES.items()),
        (loss_of("detach"), "do not detach the state"),
        (lambda *args: loss_of()(*args).item(), "return a tensor"),
        (lambda *args: loss_of()(*args).detach(), "no gradient"),
        (
            lambda f, s, a, s_next: torch.tensor(0.5, requires_grad=True),
            "mean over batch and steps",
        ),
    ],
)
