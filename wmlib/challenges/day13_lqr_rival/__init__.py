"""Day 13: least squares and a Riccati equation balance a cart-pole after 300 real steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.day13_lqr_rival.world import Cart
from wmlib.challenges.offers import World
from wmlib.challenges.student import Handle
from wmlib.exercise import Mistake, numbers

STEPS = 300


def fitted(exam: Exam, obs: Any, act: Any, nxt: Any) -> tuple[np.ndarray, np.ndarray]:
    """A and B, as the student's code fits them."""
    obs, act, nxt = np.asarray(obs, float), np.asarray(act), np.asarray(nxt, float)
    said, d = exam.student.call("fit", obs, act, nxt), obs.shape[1]
    if not isinstance(said, (tuple, list)) or len(said) != 2:
        raise Mistake("fit should return two matrices: A, B")
    return numbers(said[0], (d, d), "the A of fit"), numbers(said[1], (d, 1), "the B of fit")


def fit(exam: Exam) -> str | None:
    """A case by hand, then linear worlds drawn anew."""
    obs, act = [[1.0], [2.0], [1.0], [3.0]], [1, 0, 0, 1]
    a, b = (float(x[0, 0]) for x in fitted(exam, obs, act, [[2.5], [-1.0], [-1.5], [3.5]]))
    if not np.allclose([a, b], [0.5, 2.0], atol=1e-4):
        if np.allclose([a, b], [-5 / 14, 52 / 14], atol=1e-3):
            return "the push is taken to be 0 or 1: action 0 pushes the other way, u = -1"
        if np.allclose([a, b], [0.5, 4.0], atol=1e-3):
            return "B is twice what it should be: u is -1 for action 0 and 1 for action 1"
        if np.allclose([a, b], [-0.5, 2.0], atol=1e-3):
            return "that fits the *change* of obs: add the identity to A"
        if np.allclose([a, b], [0.5, -2.0], atol=1e-3):
            return "B has the wrong sign: u is 1 for action 1 and -1 for action 0"
        return (
            "next obs 2.5, -1, -1.5, 3.5 from obs 1, 2, 1, 3 and actions 1, 0, 0, 1 are exactly "
            f"0.5 obs + 2 u; it finds {a:.3g} obs + {b:.3g} u"
        )
    rng = exam.rng("linear")
    for d in (2, 4, 5):
        right_a, right_b = np.eye(d) + 0.3 * rng.normal(size=(d, d)), rng.normal(size=(d, 1))
        x, u = rng.normal(size=(60, d)), rng.integers(0, 2, 60)
        nxt = x @ right_a.T + (2 * u[:, None] - 1) @ right_b.T
        a_, b_ = fitted(exam, x, u, nxt)
        if np.allclose(a_, right_a.T, atol=1e-3):
            return "A is transposed: next obs = A obs, with obs as a *column*; rows are obs A^T"
        if not np.allclose(a_, right_a, atol=1e-3) or not np.allclose(b_, right_b, atol=1e-3):
            return f"a world that is exactly linear, with {d} features: A and B are not found"
    return None


def gain(exam: Exam, a: Any, b: Any, q: Any, r: Any) -> np.ndarray:
    """The K that the student finds."""
    a, b, q, r = (np.asarray(x, float) for x in (a, b, q, r))
    return numbers(
        exam.student.call("riccati", a, b, q, r), (b.shape[1], len(a)), "the K of riccati"
    )


def system(rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """An unstable linear world, and what it costs."""
    d, m = int(rng.integers(2, 6)), int(rng.integers(1, 3))
    a = np.eye(d) + 0.2 * rng.normal(size=(d, d))
    a *= rng.uniform(1.02, 1.15) / np.abs(np.linalg.eigvals(a)).max()
    q, r = np.diag(10 ** rng.uniform(-1, 1, d)), np.diag(10 ** rng.uniform(-1, 1, m))
    return a, rng.normal(size=(d, m)), q, r


def cost(a: np.ndarray, b: np.ndarray, q: np.ndarray, r: np.ndarray, k: np.ndarray) -> float:
    """What u = -K x costs in 400 steps, from each corner: the sum of x^T Q x + u^T R u."""
    x, total = np.eye(len(a)), 0.0
    for _ in range(400):
        u = -k @ x
        total += float(np.sum(x * (q @ x)) + np.sum(u * (r @ u)))
        x = a @ x + b @ u
        if not np.abs(x).max() < 1e9:
            return np.inf
    return total


def riccati(exam: Exam) -> str | None:
    """A case by hand, then worlds in which no other K may be cheaper."""
    one = [[1.0]]
    said = float(gain(exam, one, one, one, one)[0, 0])
    if not np.isclose(said, 0.618034, atol=1e-4):
        words = {
            -0.618034: "the sign: u = -K x, so this K should be positive",
            1.618034: "that is P, the worth of a state: K = (R + B'PB)^-1 B'PA",
            0.5: "that is one step of the iteration, from P = Q: go on until P no longer changes",
            0.6: "that is two steps of the iteration: go on until P no longer changes",
            0.381966: "the world after the push, A - BK, is 0.382: K is wanted",
        }
        for number, words_ in words.items():
            if np.isclose(said, number, atol=1e-4):
                return words_
        return f"A = B = Q = R = 1: P solves P = 1 + P - P^2 / (1 + P), so P is 1.618. K is not {said:.4g}"
    rng = exam.rng("systems")
    for _ in range(6):
        a, b, q, r = system(rng)
        k = gain(exam, a, b, q, r)
        radius = np.abs(np.linalg.eigvals(a - b @ k)).max()
        if radius >= 1:
            if np.abs(np.linalg.eigvals(a + b @ k)).max() < 1:
                return "the sign: with u = -K x the world runs away, with u = K x it does not"
            return (
                f"a world of {len(a)} features runs away under u = -K x. Are the transposes in their "
                "places, and does the iteration run long enough (a few hundred times)?"
            )
        least = cost(a, b, q, r, k)
        for _ in range(20):
            other = k + 0.02 * np.abs(k).max() * rng.normal(size=k.shape)
            if cost(a, b, q, r, other) < least * (1 - 1e-6):
                return (
                    "its K keeps a world upright, but another K close by is cheaper: it is not yet the "
                    "solution. Are Q and R in their places, and has P stopped changing?"
                )
    return None


def learned(exam: Exam) -> list[tuple[Cart, World, Handle]]:
    """Two carts that must be caught with opposite actions, and what was learned from each."""
    rng, made = exam.rng("carts"), []
    for turned in rng.permutation([False, True]):
        cart = Cart(rng, bool(turned))
        world = World(cart, steps=STEPS, seed=int(rng.integers(2**31)))
        agent = exam.student.call("learn", world)
        if not isinstance(agent, Handle):
            raise Mistake(f"learn should return a function of obs (B, 4), got {agent!r:.60}")
        if world.steps_taken < 50:
            raise Mistake(f"it learns from {world.steps_taken} real steps: take up to {STEPS}")
        made.append((cart, world, agent))
    return made


def _drive(
    exam: Exam, cart: Cart, agent: Handle, state: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Episodes side by side, stepped here: lengths `(B,)`, and where each ended."""
    player, first = exam.student.agent(agent), np.ones(len(state), bool)
    alive, lengths = np.ones(len(state), bool), np.zeros(len(state))
    player.begin(cart.obs(state))
    for _ in range(500):
        act = numbers(
            player.act(cart.obs(state), first), (len(state),), "the actions of your agent"
        )
        if not np.isin(act, (0, 1)).all():
            raise Mistake(f"the actions are 0 and 1, got {act[~np.isin(act, (0, 1))][0]:g}")
        state = np.where(alive[:, None], cart.after(state, act), state)
        lengths += alive
        alive &= ~cart.over(state)
        first[:] = False
        if not alive.any():
            break
    return lengths, state


def middle(exam: Exam) -> tuple[list[float], np.ndarray]:
    """Fresh episodes on both carts: mean lengths, and where those ended that were not cut off."""
    means, ends = [], []
    for cart, _, agent in exam.once(learned):
        state = exam.rng("starts").uniform(-0.05, 0.05, (4 if exam.quick else 10, 4))
        lengths, end = _drive(exam, cart, agent, state)
        means.append(float(lengths.mean()))
        ends.append(end[lengths < 500])
    return means, np.concatenate(ends)


def balance(exam: Exam) -> str | None:
    """475 steps on average, on each cart."""
    means, ends = exam.once(middle)
    if min(means) >= 475:
        return None
    found = f"{means[0]:.0f} and {means[1]:.0f} steps on average, on two carts"
    if max(means) > 35 and min(means) < 15:
        return (
            f"{found}. Which action catches the pole differs from cart to cart: it must come from the "
            "300 steps, each time anew"
        )
    if max(means) < 15:
        return f"{found}: it falls faster than random play (22). Is the sign of u right on the way to an action?"
    if max(means) < 40:
        return f"{found}: no better than random play (22)"
    if np.mean(np.abs(ends[:, 0]) > 2.4) > 0.5:
        return f"{found}: most leave the track with the pole upright. What does the position cost in Q?"
    return (
        f"{found}, wanted 475: the pole falls in most. If the parts above are right: what do Q and R "
        "weigh, in which units?"
    )


def far(exam: Exam) -> str | None:
    """Starts far from the middle of the track."""
    if min(exam.once(middle)[0]) < 475:
        return "first the balance: from the middle of the track it does not last 475 steps yet"
    means, ends = [], []
    for cart, _, agent in exam.once(learned):
        rng = exam.rng("far")
        state = rng.uniform(-0.05, 0.05, (4 if exam.quick else 10, 4))
        state[:, 0] = rng.uniform(1.2, 1.7, len(state)) * rng.choice([-1, 1], len(state))
        lengths, end = _drive(exam, cart, agent, state)
        means.append(lengths.mean())
        ends.append(end[lengths < 500])
    if min(means) >= 475:
        return None
    found = f"{means[0]:.0f} and {means[1]:.0f} steps on average from 1.2 to 1.7 m off the middle"
    if np.mean(np.abs(np.concatenate(ends)[:, 0]) > 2.4) > 0.5:
        return f"{found}: most leave the track. What does the position cost in Q?"
    return f"{found}: in a hurry to come back it leans further than 12 degrees. What does the position cost in Q?"


challenge = Challenge(
    name="day13_lqr_rival",
    title="The rival from 1960",
    chapter="04",
    minutes=35,
    kind="rival",
    seconds=120,
    parts=[
        Part("fit", 2, "Fit next obs = A obs + B u by least squares.", fit),
        Part("riccati", 3, "Find the best linear controller for A and B.", riccati),
        Part(
            "balance",
            5,
            "Balance two unknown carts for 475 steps, from 300 real steps each.",
            balance,
        ),
        Part("far", 2, "The same from far off the middle of the track.", far, bonus=True),
    ],
    hints=[
        "np.linalg.lstsq(inputs, nxt, rcond=None)[0] solves inputs @ W = nxt for rows. The first D rows "
        "of W are A transposed, the last one is B transposed.",
        "Begin with P = Q and repeat: K = (R + B'PB)^-1 B'PA, then P = Q + A'P(A - BK), a few hundred "
        "times. The agent pushes in the direction of u = -K obs.",
        "The units are not known, so weigh each feature by 1 / its variance in the data: "
        "Q = np.diag(1 / obs.var(0)), R = 1. Random play hardly moves the cart, so this weighs the position "
        "heavily: for the bonus, weigh it a hundred times less.",
    ],
)
