"""Day 11: the cross-entropy method beside random shooting, with as many questions to the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.offers import Offer, Refused
from wmlib.exercise import numbers
from wmlib.worlds import Pendulum

LARGEST = 2.0  # torque
ROUNDS = 30  # calls of model.score, at most
SWING, QUESTIONS = 25, 500  # horizon and plans for the pendulum


class Model:
    """What is asked for the scores of plans; it counts and keeps them.

    Args:
        value: the scores `(N,)` of plans `(N, H)`. horizon: H. questions: how many plans it scores.
    """

    def __init__(self, value: Callable[[np.ndarray], np.ndarray], horizon: int, questions: int):
        self.value, self.horizon, self.questions = value, horizon, questions
        self.asked: list[np.ndarray] = []

    def score(self, plans: Any) -> np.ndarray:
        """The scores `(N,)` of plans `(N, H)`."""
        plans = np.asarray(plans, float)
        if plans.ndim != 2 or plans.shape[1] != self.horizon:
            raise Refused(f"score takes plans of shape (N, {self.horizon}), got {plans.shape}")
        if not np.isfinite(plans).all() or np.abs(plans).max(initial=0) > LARGEST + 1e-5:
            raise Refused("a torque lies outside of -2 to 2: clip the plans before you ask")
        if sum(map(len, self.asked)) + len(plans) > self.questions:
            raise Refused(f"more than {self.questions} plans in all: that is what you were given")
        if len(self.asked) >= ROUNDS:
            raise Refused(f"more than {ROUNDS} calls: ask for the plans of a whole round at once")
        self.asked.append(plans)
        return self.value(plans)


def found(exam: Exam, model: Model, seed: int, start: np.ndarray | None = None) -> np.ndarray:
    """The plan `(H,)` that the student's function finds."""
    args = [Offer(model, ["score"]), model.horizon, model.questions, seed]
    if start is not None:
        args.append(start)
    plan = numbers(exam.student.call("cem", *args), (model.horizon,), "the plan of cem")
    return np.clip(plan, -LARGEST, LARGEST)


def hill(rng: np.random.Generator, horizon: int) -> tuple[np.ndarray, Callable]:
    """A landscape with one top: where it lies, and the scores of plans."""
    top = rng.uniform(0.6, 1.6, horizon) * rng.choice([-1, 1], horizon)
    return top, lambda plans: -((plans - top) ** 2).sum(1)


def climbed(exam: Exam) -> list[tuple[np.ndarray, Model, np.ndarray]]:
    """Three hills: the top, what was asked, the plan that was found."""
    rng, climbs = exam.rng("hills"), []
    for _ in range(3):
        top, value = hill(rng, 12)
        model = Model(value, 12, 600)
        climbs.append((top, model, found(exam, model, int(rng.integers(10**6)))))
    return climbs


def rounds(exam: Exam) -> str | None:
    """What it asks, round by round."""
    for top, model, _ in exam.once(climbed):
        asked = [plans for plans in model.asked if len(plans) >= 5]
        if not asked:
            return "it does not ask the model for the scores of at least five plans at once"
        if len(asked) < 2:
            return "it asks once and takes the best: that is random shooting. The questions should come in rounds"
        if asked[0].std(0).mean() < 0.6:
            return "the first round hardly looks around: begin with a deviation of about 1 to 2"
        along = [float(plans.mean(0) @ top / (top @ top)) for plans in asked]
        width = [float(plans.std(0).mean()) for plans in asked]
        if min(along[1], along[-1]) < -0.1:
            return (
                "the second round lies where the scores are *low*: are the elites the best plans?"
            )
        if abs(along[-1]) < 0.25 and width[-1] > 0.7 * width[0]:
            return "the last round is as random as the first: draw each round around the elites of the one before"
        if abs(along[-1]) < 0.25:
            return "the rounds get narrower, but they stay where they began: take the mean of the elites too"
        if width[-1] > 0.7 * width[0]:
            return (
                "the rounds move to the elites, but do not get narrower: the deviation, too, is that "
                "of the elites, not of all plans"
            )
        if width[1] < 0.05 * width[0]:
            return "after one round it looks at hardly anything: are there enough elites to tell a deviation?"
    return None


def top(exam: Exam) -> str | None:
    """How near the top it comes, with 600 questions in twelve dimensions."""
    rng = exam.rng("rival")
    for where, model, plan in exam.once(climbed):
        reached = float(model.value(plan[None])[0])
        random = float(model.value(rng.uniform(-2, 2, (model.questions, model.horizon))).max())
        if reached <= random:
            return (
                "on a hill with a single top, the best of as many random plans is better than its plan"
                + (
                    ": do not return the first plan"
                    if model.asked and np.allclose(plan, model.asked[0][0])
                    else ""
                )
            )
        if reached < 0.1 * random:
            return (
                "it climbs, and stops early: of the distance (squared) at which the best of as many "
                f"random plans stops, {reached / random:.0%} are left; wanted at most 10 %. Are there "
                "enough rounds, and few enough elites?"
            )
    return None


def swing(exam: Exam) -> str | None:
    """The real pendulum as a model: paired with random shooting."""
    rng, world = exam.rng("pendulums"), Pendulum()
    wins, gains = [], []
    for _ in range(4 if exam.quick else 8):
        begin = np.array([np.pi + rng.uniform(-0.6, 0.6), rng.uniform(-1, 1)])

        def value(plans, begin=begin):
            state, total = np.repeat(begin[None], len(plans), 0), np.zeros(len(plans))
            for t in range(plans.shape[1]):
                state, rew, _ = world.step(state, plans[:, t : t + 1])
                total += rew
            return total

        model = Model(value, SWING, QUESTIONS)
        plan = found(exam, model, int(rng.integers(10**6)))
        random = np.clip(2 * rng.normal(size=(QUESTIONS, SWING)), -LARGEST, LARGEST)
        ours, theirs, still = value(plan[None])[0], value(random).max(), value(0 * plan[None])[0]
        wins.append(ours > theirs)
        gains.append((ours - theirs) / (theirs - still))
    if sum(wins) < len(wins) - (len(wins) > 4):
        return (
            f"the pendulum swings better than with the best of as many random plans from {sum(wins)} "
            f"of {len(wins)} starts: wanted {len(wins) - (len(wins) > 4)}. If the parts above are right, compare 5 to 12 rounds"
        )
    if np.mean(gains) < 0.15:
        return (
            "its plans are better than the best of as many random ones, and only just: more rounds?"
        )
    return None


def broken(exam: Exam) -> str | None:
    """A model whose imagination overflows for some of the plans."""
    rng = exam.rng("broken")
    for bad in (0.0, np.nan, -np.inf, np.nan):
        where, value = hill(rng, 8)
        where[0] = -abs(where[0])

        def scores(plans: np.ndarray, value: Callable = value, bad: float = bad) -> np.ndarray:
            return np.where((plans[:, 0] > 0.3) & (bad != 0), bad, value(plans))

        said = exam.student.call(
            "cem", Offer(Model(scores, 8, 400), ["score"]), 8, 400, exam.seed("dice")
        )
        plan = np.asarray(said, float)
        if plan.shape == (8,) and np.isfinite(plan).all():
            random = value(rng.uniform(-2, 2, (400, 8))).max()
            if value(np.clip(plan[None], -LARGEST, LARGEST))[0] > 0.2 * random:
                continue
        if bad == 0:
            return "first it should find the top of a hill on which no plan is scored NaN"
        if np.isnan(bad):
            return (
                "some plans are scored NaN (the imagination overflowed), and the search goes astray: "
                "np.argsort puts NaN *behind* the largest number. Count it as the worst"
            )
        return "some plans are scored minus infinity, and the search goes astray: count them as the worst"
    return None


def warm(exam: Exam) -> str | None:
    """Few questions, and the last plan to begin from."""
    rng = exam.rng("warm")
    for _ in range(3):
        where, value = hill(rng, 30)
        start = np.clip(where + 0.4 * rng.normal(size=30), -LARGEST, LARGEST)
        model = Model(value, 30, 200)
        plan = found(exam, model, int(rng.integers(10**6)), start)
        if not model.asked or np.linalg.norm(model.asked[0].mean(0) - start) > 0.4 * np.linalg.norm(
            start
        ):
            return "it does not begin around `start`: let the mean of the first round be `start`"
        before, after = value(start[None])[0], value(plan[None])[0]
        if after < before:
            return (
                "200 questions later the plan is worse than the one it began from: begin narrower than "
                "without a start, and do not lose the best plan that was seen (`start` may be asked too)"
            )
        if after < 0.75 * before:
            return "the plan is hardly better than the one it began from: is the first round narrow enough?"
    return None


challenge = Challenge(
    name="day11_cem",
    title="Questions well asked",
    chapter="04",
    minutes=30,
    kind="build",
    seconds=120,
    parts=[
        Part("rounds", 3, "Ask in rounds, each around the elites of the one before.", rounds),
        Part("top", 2, "Find the top of a hill in twelve dimensions with 600 questions.", top),
        Part("swing", 4, "Swing a pendulum better than the best of as many random plans.", swing),
        Part("broken", 1, "Keep going where the model answers NaN.", broken),
        Part("warm", 2, "Begin from the last plan.", warm, bonus=True),
    ],
    hints=[
        "Keep two arrays of shape (H,): mean and std. A round draws mean + std * noise, clips it to -2 "
        "to 2, asks for the scores, and takes mean and std anew from the best few plans.",
        "500 questions: try 10 rounds of 50 plans with 5 to 8 elites. Too few rounds do not converge; "
        "too few elites make the deviation vanish before the mean has arrived.",
        "np.argsort(np.nan_to_num(scores, nan=-np.inf))[-k:] are the k best. Return the best plan that "
        "you have *seen*, over all rounds. With a start: mean = start, a std of about 0.3, and the start "
        "itself as one of the plans of the first round.",
    ],
)
