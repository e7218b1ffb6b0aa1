"""Checks of exercises 4 and 5 of chapter 13: sensors that fail, and a model for the board."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.course.ch13_open_problems.goodhart import valley_plans
from wmlib.course.ch13_open_problems.rivals import FallsStraight
from wmlib.exercise import Exercise, numbers

# --- exercise 4: three sensors ---

LAMPS = [(-1.6, 0.0), (3.0, 0.0), (-1.5, 0.3)]  # where each of the three can be dazzled


def drawn_searches(rng, searches=80, plans=600):
    """Plans in the true valley: what they are worth `(searches, plans)`, and what three sensors
    report of them `(searches, 3, plans)`. One sensor of each search is dazzled or dead."""
    worth, *extra = valley_plans(searches * plans, rng, LAMPS)
    worth = worth.reshape(searches, plans)
    reports = np.repeat(worth[:, None], 3, 1) + 0.05 * rng.standard_normal((searches, 3, plans))
    for i in range(searches):
        bad = int(rng.integers(3))
        reports[i, bad] = 0 if i % 2 else reports[i, bad] + extra[bad].reshape(searches, plans)[i]
    return worth, reports


def examine_choose(answer, rng):
    """See above."""
    worth, reports = drawn_searches(rng)
    picks = [numbers(answer(r.copy()), (), "the choice") for r in reports]
    if any(p != int(p) or not 0 <= p < worth.shape[1] for p in picks):
        return f"return the number of a plan, from 0 to {worth.shape[1] - 1}"
    won = worth[np.arange(len(worth)), np.array(picks, int)]
    dazzled, dead = won[::2].mean(), won[1::2].mean()
    best = worth.max(1).mean()
    if max(dazzled, dead) < 0.35 * best:
        return f"the plans are worth {won.mean():.1f} on average; the best there were {best:.1f}"
    if dazzled < 0.92 * best:
        return (
            f"where one sensor is dazzled your plans are worth {dazzled:.1f} (best {best:.1f}): one "
            "report that is far too high must not decide"
        )
    if dead < 0.92 * best:
        return (
            f"where one sensor is dead your plans are worth {dead:.1f} (best {best:.1f}): one "
            "report of 0 must not decide either"
        )
    return None


check_choose = Exercise(
    "Three sensors",
    [examine_choose],
    wrong=[
        (lambda r: int(r.mean(0).argmax()), "far too high"),
        (lambda r: int(r.max(0).argmax()), "far too high"),
        (lambda r: int(r.min(0).argmax()), "report of 0"),
        (lambda r: 0, "on average"),
        (lambda r: int(r.sum(0).argmin()), "on average"),
        (lambda r: r.mean(0), "should have shape"),
        (lambda r: 10_000, "number of a plan"),
    ],
)


# --- exercise 5: enter a model ---


def examine_step(answer, rng):
    """See above."""
    model, truth = answer(), FallsStraight()
    n = 200
    state = torch.as_tensor(
        np.column_stack([rng.uniform(2, 29, n), rng.uniform(3, 28, n), rng.uniform(1, 20, n)])
    )
    act = torch.as_tensor(rng.integers(0, 3, n))
    told = model.step(state.clone(), act)
    if not isinstance(told, tuple) or len(told) != 3:
        return "return Step(next state, rewards, continues)"
    nxt = numbers(told[0], (n, 3), "the next state")
    rew, cont = (numbers(x, (n,), w) for x, w in zip(told[1:], ("the rewards", "the continues")))
    want = truth.step(state, act)[0].numpy()
    far = abs(nxt - want).max(0) > 1e-4
    if far[2]:
        fell = (nxt - state.numpy())[:, 2].mean()
        if fell < 0:
            return "y counts from the top: to fall is to add"
        return f"the ball should fall by 1.2 pixels, here by {fell:.2f}"
    if far[1]:
        return "the ball falls straight: its x stays"
    if far[0]:
        return _bar_mistake(nxt[:, 0], state.numpy()[:, 0], act.numpy())
    if abs(rew).max() > 0 or abs(cont - 1).max() > 0:
        return "rewards are all 0 and continues all 1 here"
    return None


def _bar_mistake(nxt, bar, act):
    inside = (bar > 4) & (bar < 27)
    moved = {a: (nxt - bar)[inside & (act == a)] for a in (0, 1, 2)}
    if abs(moved[1]).max(initial=0) > 1e-4:
        return "action 1 is to stay"
    if moved[2].mean() < 0:
        return "action 2 moves to the right, action 0 to the left"
    if abs(moved[2] - 1.5).max() > 1e-4 or abs(moved[0] + 1.5).max() > 1e-4:
        return "the bar moves by 1.5 pixels a step"
    return "the bar stops at 2 and at 29"


def _variant(bar, fall=1.2, x=0.0):
    """A model with a mistake in it."""

    class Wrong(FallsStraight):
        def step(self, state, action, generator=None):
            _, rew, cont = super().step(state, action)
            moved = bar(state[:, 0], torch.as_tensor(action))
            return torch.stack([moved, state[:, 1] + x, state[:, 2] + fall], 1), rew, cont

    return Wrong


def _right(b, a):
    return (b + 1.5 * (a - 1)).clamp(2, 29)


check_entry = Exercise(
    "Enter a model",
    [examine_step],
    wrong=[
        (_variant(_right, -1.2), "from the top"),
        (_variant(_right, 1.0), "by 1.2 pixels"),
        (_variant(_right, x=0.3), "falls straight"),
        (_variant(lambda b, a: (b + 1.5 * a).clamp(2, 29)), "is to stay"),
        (_variant(lambda b, a: (b - 1.5 * (a - 1)).clamp(2, 29)), "to the right"),
        (_variant(lambda b, a: (b + 1.0 * (a - 1)).clamp(2, 29)), "1.5 pixels"),
        (_variant(lambda b, a: b + 1.5 * (a - 1)), "stops at 2"),
    ],
)
