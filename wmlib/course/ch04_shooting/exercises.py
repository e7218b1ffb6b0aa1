"""Instant checks of chapter 4: inputs are drawn anew, and the true pendulum stays in here."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch

from wmlib.course.ch04_shooting.study import STEADY, hold, trace
from wmlib.exercise import Exercise, numbers
from wmlib.models import Simulator
from wmlib.planning import ICEM, MPC
from wmlib.worlds import Pendulum


def same(found, wanted):
    """Whether two arrays are equal up to rounding."""
    return np.allclose(found, wanted, rtol=1e-4, atol=1e-4)


# --- exercise 1: the score of a future ---


def scored(rew, cont, discount, how="right"):
    """The score `(B,)` of imagined rewards and continues `(B, H)`, or with a known mistake."""
    steps = np.arange(rew.shape[1])
    alive = np.cumprod(cont, axis=1)
    before = np.concatenate([np.ones_like(alive[:, :1]), alive[:, :-1]], axis=1)
    weight = {
        "no end": np.ones_like(cont),
        "its own": alive,
        "last only": np.concatenate([np.ones_like(cont[:, :1]), cont[:, :-1]], axis=1),
        "own only": cont,
        "late": np.concatenate([np.ones_like(alive[:, :2]), alive[:, :-2]], axis=1),
    }.get(how, before)
    power = {"no discount": 0 * steps, "from 1": steps + 1}.get(how, steps)
    return (discount**power * weight * rew).sum(1)


SCORE_MISTAKES = {
    "no end": "the continues are ignored: a future that is over goes on earning",
    "its own": "cont[t] belongs to the step that earned rew[t]: the step that falls is still paid",
    "last only": "one zero must end everything after it: take the product of all continues before",
    "own only": "one zero must end everything after it: take the product of all continues before",
    "late": "a step too late: rew[t] counts with the product of cont[0] to cont[t - 1]",
    "no discount": "right without discount: rew[t] counts gamma^t",
    "from 1": "the first reward counts gamma^0 = 1",
}


def examine_score(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    b, h = int(rng.integers(2, 5)), int(rng.integers(5, 9))
    rew, cont = rng.normal(1, 0.5, (b, h)), rng.uniform(0.6, 0.95, (b, h))
    cont[0, 2] = 0.0
    discount = float(rng.uniform(0.7, 0.95))
    told = answer(torch.tensor(rew), torch.tensor(cont), discount)
    if np.shape(told) == (h,):
        return "one number for each of the B futures: sum over the steps, dim 1"
    if np.shape(told) == ():
        return "one number for each of the B futures, not one for all"
    told = numbers(told, (b,), "the score")
    right = scored(rew, cont, discount)
    if same(told, right):
        return None
    for how, words in SCORE_MISTAKES.items():
        if same(told, scored(rew, cont, discount, how)):
            return words
    if same(told, right / h):
        return "that is the mean over the steps: take the sum"
    return "weight rew[t] with gamma^t and the product of cont[0] to cont[t - 1], then add up"


def as_answer(how):
    """A known mistake as a learner would hand it in."""
    return lambda rew, cont, d: torch.tensor(scored(rew.numpy(), cont.numpy(), d, how))


check_score = Exercise(
    "The score of a future",
    [examine_score],
    wrong=[
        *((as_answer(how), words[:25]) for how, words in SCORE_MISTAKES.items()),
        (lambda r, c, d: r.sum(), "one number for each"),
        (lambda r, c, d: r.sum(0), "sum over the steps"),
        (lambda r, c, d: torch.tensor([2.5, 1.0]), "should have shape"),
        (lambda r, c, d: as_answer("right")(r, c, d) / r.shape[1], "the mean"),
        (lambda r, c, d: -as_answer("right")(r, c, d), "then add up"),
    ],
)


# --- exercise 2: replan every k steps ---


def driven(step, plan, obs, steps, k, how="right"):
    """Observations `(steps + 1, ...)` when plans are followed for k steps."""
    seen, actions, first = [obs], [], obs
    every = {"always": 1, "never": steps, "longer": k + 1}.get(how, k)
    for t in range(steps):
        if t % every == 0:
            actions = plan(first if how == "old" else obs)
        chosen = actions[0 if how == "first again" else (t % every) % len(actions)]
        if how == "backwards":
            chosen = actions[k - 1 - t % k]
        obs = step(obs, chosen)
        seen.append(obs)
    return np.array(seen)


DRIVE_MISTAKES = {
    "always": "it plans at every step: follow a plan for k steps before the next",
    "never": "it plans only once: after k steps plan again",
    "longer": "it follows each plan for k + 1 steps",
    "old": "every plan is made from the first observation: plan from where you are now",
    "first again": "it takes the first action of a plan k times: take its first k actions in order",
    "backwards": "the k actions are taken from the last to the first",
}


def examine_drive(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    push, law = rng.normal(size=3), rng.normal(size=(8, 3))
    k = int(rng.integers(2, 5))
    asked, steps, obs = [], 3 * k + 1, rng.normal(size=3)

    def step(obs, action):
        return turn @ np.asarray(obs) + np.tanh(action) * push

    def plan(obs):
        asked.append(1)
        return list(law @ np.asarray(obs))

    told = answer(step, plan, obs.copy(), steps, k)
    calls = len(asked)
    if np.shape(told) == (steps, 3):
        return "steps actions connect steps + 1 observations, the first of them obs"
    told = numbers(told, (steps + 1, 3), "what it returns")
    if same(told, driven(step, plan, obs, steps, k)):
        if calls > 4:
            return f"the right actions, but plan was called {calls} times: call it once for k steps"
        return None
    for how, words in DRIVE_MISTAKES.items():
        if same(told, driven(step, plan, obs, steps, k, how)):
            return words
    return "call plan(obs), take its first k actions with step, then plan again from where you are"


def lavish(step, plan, obs, steps, k):
    """Right, but it plans again before each step and throws the plan away."""
    right = driven(step, plan, obs, steps, k)
    plan(obs)
    return right


check_drive = Exercise(
    "Replan every k steps",
    [examine_drive],
    wrong=[
        *((partial(driven, how=how), words[:30]) for how, words in DRIVE_MISTAKES.items()),
        (lambda *a: driven(*a)[1:], "steps + 1 observations"),
        (lavish, "call it once"),
        (lambda s, p, o, n, k: np.tile(o, (n + 1, 1)), "take its first k actions"),
    ],
)


# --- exercise 3: a round of CEM, broken ---


def refitted(plans, scores, elites, how="right"):
    """Mean and deviation `(H,)` of the next round, or with a known mistake."""
    order = np.argsort(scores)
    best = plans[order[-elites:]]
    worst = plans[order[:elites]]
    return {
        "right": (best.mean(0), best.std(0)),
        "given": (worst.mean(0), plans.std(0)),
        "worst": (worst.mean(0), worst.std(0)),
        "wide": (best.mean(0), plans.std(0)),
        "all": (plans.mean(0), plans.std(0)),
        "sample": (best.mean(0), best.std(0, ddof=1)),
        "variance": (best.mean(0), best.var(0)),
        "turned": (best.std(0), best.mean(0)),
    }[how]


ROUND_MISTAKES = {
    "given": "both mistakes are still there: which plans are kept, and whose deviation is taken?",
    "worst": "those are the plans with the smallest scores",
    "wide": "the deviation is that of all plans: then the search never narrows",
    "all": "that is the mean of all plans: only the elites count",
    "sample": "the deviation divides by elites - 1: use unbiased=False",
    "variance": "that is the variance: take its root",
    "turned": "return the mean first, then the deviation",
}


def examine_round(answer, rng):
    """What is wrong with an answer, in words; None where it is right."""
    n, h, elites = int(rng.integers(9, 14)), int(rng.integers(6, 9)), int(rng.integers(3, 6))
    plans, scores = rng.normal(size=(n, h)), rng.normal(size=n)
    told = answer(torch.tensor(plans), torch.tensor(scores), elites)
    if not isinstance(told, (tuple, list)) or len(told) != 2:
        return "return two things: mean, std"
    if np.shape(told[0]) == (elites,):
        return "one mean for each step of the plan: average over the elites, dim 0"
    told = [numbers(x, (h,), what) for x, what in zip(told, ("the mean", "the deviation"))]
    if all(map(same, told, refitted(plans, scores, elites))):
        return None
    for how, words in ROUND_MISTAKES.items():
        if all(map(same, told, refitted(plans, scores, elites, how))):
            return words
    if same(told[0], refitted(plans, scores, elites)[0]):
        return "the mean is right, the deviation is not: that of the elites, unbiased=False"
    return "mean and deviation, step by step, of the `elites` plans with the largest scores"


def round_answer(how):
    """A known mistake as a learner would hand it in."""
    return lambda p, s, k: tuple(map(torch.tensor, refitted(p.numpy(), s.numpy(), k, how)))


check_round = Exercise(
    "A round of CEM",
    [examine_round],
    wrong=[
        *((round_answer(how), words[:25]) for how, words in ROUND_MISTAKES.items()),
        (lambda p, s, k: p[s.topk(k).indices].mean(0), "two things"),
        (lambda p, s, k: (p[s.topk(k).indices].mean(1), p.std(0)), "average over the elites"),
        (lambda p, s, k: (p[s.topk(k).indices].mean(0), 0 * p[0]), "the deviation is not"),
        (lambda p, s, k: (p[0], p[1]), "step by step"),
    ],
)


# --- exercise 4: an aim of your own ---


def rows_at(degrees, speeds=0.0):
    """Observations `(B, 3)` of the pendulum at these angles (degrees) and speeds (rad/s)."""
    angle = torch.tensor(np.radians(np.atleast_1d(degrees)), dtype=torch.float32)
    return torch.stack([angle.cos(), angle.sin(), torch.zeros(len(angle)) + speeds], dim=1)


def examine_rows(answer, rng):
    """The score on single rows: its shape, its side, its unit, the way round, speed."""
    angle = float(rng.choice([-1, 1]) * rng.uniform(8, 15))
    score = answer(np.radians(angle))
    if not callable(score):
        return "aim(angle) should return a function score(obs, action, next_obs)"

    def said(degrees, speeds=0.0, act=0.0):
        rows = rows_at(degrees, speeds)
        told = score(rows, torch.full((len(rows), 1), act), rows)
        return numbers(told, (len(rows),), "the score")

    at_aim, mirrored, top, far = said([angle, -angle, 0.0, 12 * angle])
    if mirrored >= at_aim and mirrored > top:
        return "it prefers the angle on the other side: positive angles have a positive sine"
    if at_aim <= top:
        return "the wanted angle should score higher than upright"
    if far >= at_aim:
        return "a place twelve times as far scores as high: are those radians?"
    rushing = said([angle], 4.0)[0]
    if rushing >= at_aim:
        return "rushing past the wanted angle should score less than standing there"
    behind = 179.0 * np.sign(angle)
    near, away = answer(np.radians(behind)), rows_at([-179.0 * np.sign(angle), 0.0])
    two = numbers(near(away, torch.zeros(2, 1), away), (2,), "the score")
    if two[0] <= two[1]:
        return "an aim of 179 degrees: -179 is two degrees away, not 358. Go the short way round"
    return None


def examine_stands(answer, rng):
    """The true pendulum, upright at first, and a planner that is given the score."""
    angle = float(rng.choice([-1, 1]) * rng.uniform(8, 14))
    model = Simulator(Pendulum()).goal(answer(np.radians(angle)))
    agent = MPC(model, ICEM(**STEADY), seed=int(rng.integers(1000)))
    seen = trace(Standing(), agent, int(rng.integers(1000)), 80, episodes=3)
    found = np.degrees(np.arctan2(seen[-20:, :, 1], seen[-20:, :, 0]))
    if np.median(abs(found - angle)) < 4:
        return None
    return (
        f"on the rows it is right, but a planner that is told {angle:.0f} degrees ends at "
        f"{np.median(found):.0f}: does something else weigh more than the angle?"
    )


class Standing(Pendulum):
    """The pendulum, which begins near the top."""

    def initial(self, n, rng):
        return rng.uniform(-0.05, 0.05, (n, 2))


def aimed(turn=1.0, unit=1.0, speed=0.1, wrap=True):
    """An aim, or one with a known mistake."""

    def aim(angle):
        def score(obs, action, next_obs):
            off = torch.atan2(next_obs[:, 1], next_obs[:, 0]) - turn * unit * angle
            if wrap:
                off = torch.remainder(off + np.pi, 2 * np.pi) - np.pi
            return -(off**2) - speed * next_obs[:, 2] ** 2

        return score

    return aim


check_aim = Exercise(
    "An aim of your own",
    [examine_rows, examine_stands],
    wrong=[
        (aimed(turn=-1.0), "the other side"),
        (lambda angle: hold(0.0), "higher than upright"),
        (aimed(unit=180 / np.pi, wrap=False), "are those radians"),
        (aimed(speed=0.0), "rushing past"),
        (aimed(wrap=False), "the short way round"),
        (lambda angle: torch.zeros(3), "return a function"),
        (lambda angle: lambda o, a, n: n[:1, 0], "should have shape"),
        (aimed(speed=60.0), "weigh more than the angle"),
    ],
)
