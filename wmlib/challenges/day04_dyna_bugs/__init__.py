"""Day 4: a Dyna-Q with five bugs."""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.student import Handle
from wmlib.exercise import Mistake, numbers

NEAR = 1e-6


def agent(
    exam: Exam, n: int, seed: int, alpha: float = 0.5, epsilon: float = 0.0, states: int = 5
) -> Handle:
    """A fresh agent of the student's: two acts, gamma 0.9."""
    made = exam.student.call("Dyna", states, 2, n, alpha, 0.9, epsilon, seed)
    if not isinstance(made, Handle):
        raise Mistake("Dyna(...) should give an agent with act(s), learn(...) and q")
    return made


def table(made: Handle, states: int = 5) -> np.ndarray:
    """Its values."""
    return numbers(made.get("q"), (states, 2), "q")


def ends(exam: Exam) -> str | None:
    """Without imagined steps: a step that ends the episode, into a cell that has a value."""
    for cell, goal in exam.rng("ends").permuted([[0, 2], [1, 2], [3, 2]], axis=1):
        made = agent(exam, 0, 0)
        # Both acts of `goal`, so that what is added does not depend on the act: each is worth 0.5.
        made.call("learn", int(goal), 0, 1.0, 4, True)
        made.call("learn", int(goal), 1, 1.0, 4, True)
        if abs(table(made)[goal]).max() < NEAR:
            return "a step that ends the episode is not learned from at all: its reward counts"
        if abs(table(made)[goal] - 0.5).max() > NEAR:
            return "after a step that pays 1 and ends the episode, with alpha 0.5, a value of 0 is not 0.5"
        made.call("learn", int(cell), 0, 2.0, int(goal), True)
        got = float(table(made)[cell, 0])
        if abs(got - 1.225) < NEAR:
            return (
                "where a step ends the episode, something is added for what comes afterwards: there "
                "is nothing. The target is the reward alone"
            )
        if abs(got) < NEAR:
            return "a step that ends the episode is not learned from at all: its reward counts"
        if abs(got - 1.0) > NEAR:
            return "a step that pays 2 and ends the episode, with alpha 0.5, should make 1 of 0"
    made = agent(exam, 0, 0)
    made.call("learn", 1, 0, 1.0, 4, True)
    made.call("learn", 1, 1, 1.0, 4, True)
    made.call("learn", 0, 0, 0.0, 1, False)
    if abs(table(made)[0, 0]) < NEAR:
        return "where the episode goes on, the value of the next cell counts: now it never does"
    return None


def best(exam: Exam) -> str | None:
    """Without imagined steps, and with every act at random: the target takes the best act."""
    rng = exam.rng("best")
    seen = []
    for _ in range(12):
        made, good = agent(exam, 0, int(rng.integers(1000)), epsilon=1.0), int(rng.integers(2))
        made.call("learn", 1, good, 1.0, 4, False)  # worth 0.5; the other act 0
        made.call("learn", 0, 0, 0.0, 1, False)
        seen.append(float(table(made)[0, 0]))
    right = [abs(value - 0.225) < NEAR for value in seen]
    if all(right):
        return None
    if all(abs(value - 0.1125) < NEAR for value in seen):
        return "the target takes the mean over the next cell's acts: Q-learning takes the best one"
    if all(abs(value) < NEAR for value in seen):
        return "nothing comes from the next cell, although one of its acts is worth 0.5"
    if any(right):
        return (
            "the same step gives different values in different runs: the target holds an act that "
            "was drawn by chance. Q-learning takes the best act of the next cell, whatever is done there"
        )
    return "the target of a step that goes on is r + gamma * (the value of the best act in nxt)"


def tried(exam: Exam) -> str | None:
    """What is imagined: pairs that were tried, and all of them."""
    rng = exam.rng("tried")
    for _ in range(4):
        made, a, b = (
            agent(exam, 400, int(rng.integers(1000))),
            *(int(k) for k in rng.integers(2, size=2)),
        )
        # 3 -> 1 -> 0 -> 4, where the reward is: cell 0 becomes a good place.
        made.call("learn", 1, a, 0.0, 0, False)
        made.call("learn", 3, b, 0.0, 1, False)
        made.call("learn", 0, b, 1.0, 4, False)
        q = table(made)
        known = np.zeros((5, 2), bool)
        known[1, a] = known[3, b] = known[0, b] = True
        if abs(q[~known]).max() > NEAR:
            return (
                "a pair that was never tried has got a value: imagine only what the model was "
                "told, for what it says of other pairs is made up"
            )
        if abs(q[0, b] - 1) > 0.01:
            return "400 imagined steps after the reward was found, and its own pair is not worth 1"
        if min(q[1, a], q[3, b]) < 0.1:
            return (
                "400 imagined steps do not carry the reward back to the cells that lead there: draw "
                "each time anew from all pairs that were tried"
            )
    return None


def news(exam: Exam) -> str | None:
    """The world changes: the model must say what happened last."""
    rng = exam.rng("news")
    for _ in range(4):
        made, a = agent(exam, 300, int(rng.integers(1000))), int(rng.integers(2))
        for _ in range(3):
            made.call("learn", 2, a, 1.0, 4, False)
        if abs(table(made)[2, a] - 1) > 0.01:
            return (
                "a pair that pays 1, and nothing after, should be worth 1 after 300 imagined steps"
            )
        made.call("learn", 2, a, 0.0, 4, False)  # the reward is gone
        if table(made)[2, a] > 0.01:
            return (
                "the world has changed, and it goes on imagining what a pair did the first time: the "
                "model should hold the last outcome"
            )
    return None


def ties(exam: Exam) -> str | None:
    """Equal values, and one that is larger."""
    rng = exam.rng("ties")
    made = agent(exam, 0, int(rng.integers(1000)))
    acts = [_act(made, 0) for _ in range(200)]
    if len(set(acts)) == 1:
        return "both acts are worth 0 and it always takes the same one: break ties by chance"
    if not 60 <= sum(acts) <= 140:
        return "both acts are worth the same: each should be taken in half of the cases"
    for cell, good in ((1, 0), (2, 1)):
        made.call("learn", cell, good, 1.0, 4, False)
        acts = [_act(made, cell) for _ in range(30)]
        if set(acts) != {good}:
            return "one act is worth more, epsilon is 0, and it does not always take that one"
        made.call("learn", cell + 2 if cell == 1 else 0, good, -1.0, 4, False)
    if {_act(made, 3) for _ in range(30)} != {1}:
        return "one act is worth -0.5 and the other, untried, 0: with epsilon 0 it should take the other"
    wild = agent(exam, 0, int(rng.integers(1000)), epsilon=1.0)
    wild.call("learn", 1, 0, 1.0, 4, False)
    if not 60 <= sum(_act(wild, 1) for _ in range(200)) <= 140:
        return "with epsilon 1 every act is drawn at random, whatever it is worth"
    return None


def _act(made, cell):
    act = float(numbers(made.call("act", cell), (), "what act gives"))
    if act not in (0, 1):
        raise Mistake(f"the acts are 0 and 1, and act gives {act:g}")
    return int(act)


challenge = Challenge(
    name="day04_dyna_bugs",
    title="Five bugs",
    chapter="02",
    minutes=25,
    kind="repair",
    seconds=40,
    without=[
        "wmlib.learning.q_learning:QLearner",
        "wmlib.learning.dyna:DynaQ",
        "wmlib.learning.sweeping:PrioritisedSweeping",
    ],
    parts=[
        Part("ends", 2, "A step that ends the episode is learned from rightly.", ends),
        Part("best", 2, "The target of a step that goes on is Q-learning's.", best),
        Part("tried", 2, "Only what was tried is imagined.", tried),
        Part("news", 2, "When the world changes, the model follows.", news),
        Part("ties", 2, "Equal values: each act has its chance.", ties),
    ],
    hints=[
        "Each line of the code was written by somebody who thought it right. Take the five parts of "
        "the table one by one and ask of each line: what if the episode has just ended? If all values "
        "are 0? If the pair is new, or was seen before with another outcome?",
        "Two bugs are in `target`, one is in `act`, two are in `learn`: in what is written into the "
        "model, and in what is drawn from it.",
        "The target is r where terminated, else r + gamma * max(q[nxt]). model[s, a] is written anew "
        "after every real step. Draw from list(model). Collect the acts whose value is the largest and "
        "draw one of them.",
    ],
)
