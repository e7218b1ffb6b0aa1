"""Day 1: a thousand random transitions, a network, random shooting 50 x 20."""

from __future__ import annotations

import itertools

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.offers import Offer, World
from wmlib.challenges.student import Handle
from wmlib.evaluation import evaluate
from wmlib.exercise import Mistake, numbers
from wmlib.experience import collect
from wmlib.worlds import CartPole

STEPS = 1000


def trained(exam: Exam) -> tuple[Handle, World]:
    """The model that the student's code learns from 1,000 real steps, and the world it had."""
    world = World("CartPole-v1", steps=STEPS, seed=exam.seed("world"))
    model = exam.student.call("train", world)
    if not isinstance(model, Handle):
        raise Mistake("train should return a model, an object with a method step")
    return model, world


def transitions(exam: Exam) -> str | None:
    """Real steps, counted here."""
    _, world = exam.once(trained)
    if world.steps_taken < 900:
        return f"it took {world.steps_taken} real steps: collect 1,000"
    ones = np.mean([act for _, act, *_ in world.rows])
    if not 0.4 < ones < 0.6:
        return f"{ones:.0%} of its actions are 1: draw them at random, both equally often"
    return None


def network(exam: Exam) -> str | None:
    """One step ahead from states of random play that it has not seen."""
    model, _ = exam.once(trained)
    steps = collect(CartPole(), steps=600, seed=exam.seed("states"))
    obs, act, nxt = steps.obs, steps.act, steps.next_obs
    said = exam.student.ask("call", "step", (obs, act), of=model.number)
    if not isinstance(said, tuple) or len(said) != 3:
        raise Mistake("step should return three things: next obs, reward, continue")
    guess = numbers(said[0], (len(obs), 4), "the next obs of step")
    rew = numbers(said[1], (len(obs),), "the reward of step")
    off = np.abs(guess - nxt).mean(0) / np.abs(nxt - obs).mean(0)  # 1: as good as "nothing moves"
    if off.max() < 1e-4:
        return "it makes no error at all: that is the true physics; learn a model from the steps"
    if (off > 0.9).all():
        return "no better than 'nothing moves': does it add the predicted change to obs?"
    if off.max() > 0.1:
        part = ["position", "velocity", "angle", "angular velocity"][int(off.argmax())]
        return (
            f"the error of the {part} is {off.max():.0%} of its change: at most 10 %. "
            "Are inputs and targets brought to one scale, and is the action read?"
        )
    return (
        None
        if np.abs(rew - 1).mean() < 0.1
        else "CartPole pays 1 for every step: look at the reward"
    )


class _Toy:
    """A model in which all is decided by the first action, or all by dying early."""

    def __init__(self, good: int, dies: bool):
        self.good, self.dies = good, dies
        self.rows: list[int] = []

    def step(self, obs, act):
        """State: (steps done, first action + 1, alive, 0)."""
        obs, act = np.asarray(obs, float), np.asarray(act)
        if obs.ndim != 2 or act.shape != (len(obs),):
            raise ValueError(f"step takes obs (N, 4) and act (N,), got {obs.shape}, {act.shape}")
        self.rows.append(len(obs))
        begins = obs[:, 0] == 0
        first = np.where(begins, act + 1, obs[:, 1])
        right = first == self.good + 1
        cont = np.where(right | (not self.dies) | (obs[:, 0] < 3), 1.0, 0.0)
        # Who dies is paid more while alive, and after death: only the continue tells.
        rew = np.where(right, 1.0, 1.5) if self.dies else np.where(right & begins, 1.0, 0.0)
        return np.stack([obs[:, 0] + 1, first, cont, 0 * first], 1), rew, cont


def planner(exam: Exam) -> str | None:
    """Planning in models of the examiner's."""
    rng = exam.rng("planner")
    for dies, tries in ((False, 12), (True, 6)):
        for good in rng.permutation([0, 1] * (tries // 2)):
            toy = _Toy(int(good), dies)
            seed = int(rng.integers(1000))
            act = exam.student.call("plan", Offer(toy, ["step"]), np.zeros(4, "f4"), seed)
            if len(toy.rows) != 20 or set(toy.rows) != {50}:
                asked = f"{len(toy.rows)} times about {toy.rows[0] if toy.rows else 0} rows"
                return f"it asks the model {asked}: wanted 20 steps of 50 plans side by side"
            if int(numbers(act, (), "the action of plan")) != good:
                if not dies:
                    return "it does not take the first action of the best plan"
                return (
                    "it follows a plan whose rewards come after the episode has ended: weight "
                    "each reward by the continues before it"
                )
    return None


def balance(exam: Exam) -> str | None:
    """Fresh episodes of the real cart-pole, stepped here."""
    lengths = exam.once(played)
    if lengths.mean() < 40:
        return (
            f"{lengths.mean():.0f} steps on average, random play 22: can its plans differ in score?"
        )
    if lengths.mean() < 90:
        return f"{lengths.mean():.0f} steps on average: it sees the end coming. What does the network read?"
    return None


def played(exam: Exam) -> np.ndarray:
    """Lengths of fresh episodes, each cut off at 250 steps."""
    model, _ = exam.once(trained)
    asked = itertools.count()

    def act(obs: np.ndarray) -> list[int]:
        plans = [exam.student.call("plan", model, row, next(asked)) for row in obs]
        return [int(numbers(plan, (), "the action of plan")) for plan in plans]

    n = 3 if exam.quick else 12
    return evaluate(CartPole(), act, n, exam.seed("episodes"), max_steps=250).lengths


def agreed(exam: Exam) -> str | None:
    """Five models of the examiner's that agree, and five that do not."""
    rng = exam.rng("agree")
    for split in rng.permutation([False, True] * 4):
        good, odd, seed = int(rng.integers(2)), int(rng.integers(5)), int(rng.integers(1000))
        wants = [1 - good if split and i == odd else good for i in range(5)]
        models = [Offer(_Toy(want, True), ["step"]) for want in wants]
        act = exam.student.call("plan_agreeing", models, np.zeros(4, "f4"), seed)
        if split and act is not None:
            return "one of five models wants another action: give None when they do not agree"
        if not split and act != good:
            return "five models that agree: take the action that they agree on"
    return None


challenge = Challenge(
    name="day01_classic",
    title="The classic",
    chapter="04",
    minutes=45,
    kind="build",
    seconds=150,
    parts=[
        Part("transitions", 1, "Collect 1,000 random transitions of CartPole.", transitions),
        Part("network", 3, "Train a network for next state, reward and continue.", network),
        Part("planner", 2, "Plan by random shooting, 50 plans of 20 steps.", planner),
        Part("balance", 3, "Balance for 90 steps on average, four times random play.", balance),
        Part(
            "comparison",
            1,
            "Compare the real steps with Q-learning's, in three sentences.",
            text="comparison",
        ),
        Part("agreement", 2, "Five models: act only when they agree.", agreed, bonus=True),
    ],
    hints=[
        "Predict the change of obs, not the next obs; divide inputs and targets by their deviations.",
        "If every reward is 1, all plans are worth 20: what differs is how long the model lets them live.",
        "1,000 random steps never leave the middle of the track. The physics does not depend on the "
        "position, so leave obs[0] out of what the network reads.",
    ],
)
