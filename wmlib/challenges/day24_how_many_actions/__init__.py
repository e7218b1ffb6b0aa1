"""Day 24: how many latent actions, and do the codes mean the hidden actions?"""

from __future__ import annotations

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import numbers

LARGEST, SEEDS, SIZE = 8, 5, 16  # codes, trainings, numbers that a frame's change is made of


def film(
    actions: int, rng: np.random.Generator, frames: int = 500
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A little film of a world that is moved by hidden actions.

    Returns:
        the change from each frame to the next `(N, 16)`, the hidden action of each `(N,)`, and what
        each action moves `(actions, 16)`, to film the same world again with `again`.
    """
    moves = rng.normal(size=(actions, SIZE))
    moves *= rng.uniform(0.8, 1.3, (actions, 1)) * 4 / np.linalg.norm(moves, axis=1, keepdims=True)
    changes, act = again(moves, rng, frames)
    return changes, act, moves


def again(
    moves: np.ndarray, rng: np.random.Generator, frames: int = 500
) -> tuple[np.ndarray, np.ndarray]:
    """Another film of the same world: changes `(N, 16)` and hidden actions `(N,)`."""
    share = rng.permutation(np.linspace(1.0, 1.6, len(moves)))
    act = rng.choice(len(moves), frames, p=share / share.sum())
    return moves[act] + rng.normal(0, 0.3, (frames, SIZE)), act


def learn_codes(
    changes: np.ndarray, k: int, rng: np.random.Generator, tries: int = 4
) -> np.ndarray:
    """K codes `(k, 16)` for the changes: k-means, the best of some tries."""
    best, least = changes[:k], np.inf
    for _ in range(tries):
        codes = [changes[rng.integers(len(changes))]]
        while len(codes) < k:  # begin far from each other
            away = np.min([np.square(changes - code).sum(1) for code in codes], axis=0)
            codes.append(changes[rng.choice(len(changes), p=away / away.sum())])
        for _ in range(12):
            said = say(changes, np.array(codes))
            codes = [
                changes[said == i].mean(0) if (said == i).any() else codes[i] for i in range(k)
            ]
        error = np.square(changes - np.array(codes)[say(changes, np.array(codes))]).mean()
        if error < least:
            best, least = np.array(codes), error
    return best


def say(changes: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """The nearest code of each change `(N,)`."""
    return np.square(changes[:, None] - codes[None]).sum(2).argmin(1)


def curves(actions: int, rng: np.random.Generator, unlucky: bool = False) -> np.ndarray:
    """Reconstruction error on a held-out film, `(5 trainings, 8)`, with 1 to 8 codes.

    Args:
        actions: how many there are in the world. unlucky: one training with as many codes
            as actions goes wrong: two of its codes die.
    """
    _, _, moves = film(actions, rng)
    errors = np.zeros((SEEDS, LARGEST))
    held_out, _ = again(moves, rng, 400)
    for seed in range(SEEDS):
        changes, _ = again(moves, rng, 400)
        for k in range(1, LARGEST + 1):
            used = k - 2 if unlucky and seed == 1 and k == actions else k
            codes = learn_codes(changes, used, rng)
            errors[seed, k - 1] = np.square(held_out - codes[say(held_out, codes)]).mean()
    return errors


def majority(exam: Exam) -> str | None:
    """Whose most frequent action? And measured where?"""
    train, test = [0, 0, 0, 1, 2], [1, 1, 1, 0, 2, 2, 0, 1]
    said = float(numbers(exam.student.call("majority", train, test), (), "the rate of majority"))
    if np.isclose(said, 1 / 2):
        return "it looks for the most frequent action in the test film: the rival must not know that film"
    if np.isclose(said, 3 / 5):
        return "that is how often it is right in the training film: measure it in the test film"
    if not np.isclose(said, 1 / 4):
        return (
            "training 0 0 0 1 2: it always says 0. In the test film 1 1 1 0 2 2 0 1 it is right in "
            f"two steps of eight, got {said:.3f}"
        )
    said = float(
        numbers(exam.student.call("majority", [2, 2, 1], [1, 1]), (), "the rate of majority")
    )
    if said != 0:
        return "where its action never comes in the test film, it is right never: 0"
    rng = exam.rng("majority")
    for _ in range(5):
        train, test = (
            rng.choice(4, 300, p=p).tolist() for p in ([0.1, 0.5, 0.3, 0.1], [0.4, 0.2, 0.3, 0.1])
        )
        if not np.isclose(exam.student.call("majority", train, test), np.mean(np.array(test) == 1)):
            return "right on the small film, wrong on one of 300 steps"
    return None


def agreement(exam: Exam) -> str | None:
    """Names from the training film, measured in the test film."""

    def ask(*columns):
        said = exam.student.call("agreement", *(np.array(column) for column in columns))
        return float(numbers(said, (), "the rate of agreement"))

    # Code 0 is named 1 and code 1 is named 0 by the training film; the test film would say so, too.
    said = ask([0, 0, 0, 1, 1], [1, 1, 0, 0, 0], [0, 0, 1, 1], [1, 1, 0, 1])
    if np.isclose(said, 1 / 4):
        return "codes are numbers without a meaning: code 0 need not be action 0. Give each code a name"
    if not np.isclose(said, 3 / 4):
        return (
            "training codes 0 0 0 1 1 with actions 1 1 0 0 0: code 0 is called 1, code 1 is called 0. "
            f"Test codes 0 0 1 1 with actions 1 1 0 1 are right in three of four, got {said:.3f}"
        )
    # The training film names code 0 "0" and code 1 "1"; in the test film they mean the other.
    said = ask([0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1], [1, 1, 0, 1])
    if np.isclose(said, 3 / 4):
        return "the names come from the test film: there every code can be made to look good"
    if np.isclose(said, 1):
        return "measured in the training film, where the names were given: measure in the test film"
    if not np.isclose(said, 1 / 4):
        return f"in a test film in which the codes mean something else it should fall to 1/4, got {said:.3f}"
    # Two codes for one action.
    said = ask([0, 0, 1, 2, 2, 1], [0, 0, 1, 1, 1, 1], [0, 1, 2, 2], [0, 1, 1, 1])
    if np.isclose(said, 1 / 2) or np.isclose(said, 3 / 4):
        return "two codes may have the same name: with more codes than actions they must"
    if not np.isclose(said, 1):
        return (
            f"codes 1 and 2 both mean action 1; then all four test steps are right, got {said:.3f}"
        )
    # Code 3 is not met in training; the most frequent action there is 2.
    said = ask([0, 1, 1, 1], [0, 2, 2, 2], [3, 3, 0], [2, 2, 0])
    if np.isclose(said, 1 / 3):
        return (
            "a code that never came in training gets the most frequent action of training (here 2)"
        )
    if not np.isclose(said, 1):
        return f"a code that never came in training gets the name 2 here; then all are right, got {said:.3f}"
    return None


def how_many(exam: Exam) -> str | None:
    """Curves of worlds with 2 to 6 actions."""
    rng = exam.rng("curves")
    worlds = [2, 4] if exam.quick else [2, 3, 4, 6, 3, 5]
    for actions in (5, *rng.permutation(worlds)):
        unlucky = bool(actions >= 4)
        errors = curves(int(actions), rng, unlucky)
        said = float(numbers(exam.student.call("how_many", errors), (), "the K of how_many"))
        if said not in range(1, LARGEST + 1):
            return f"the answer is a whole number from 1 to {LARGEST}, got {said:g}"
        wrong = _misread(int(said), int(actions), errors)
        if wrong:
            return wrong
    return None


def _misread(said, actions, errors):
    """What an answer that is not the number of actions has misread."""
    if said == actions:
        return None
    if said == errors.mean(0).argmin() + 1 or said == errors.min(0).argmin() + 1:
        return (
            f"it takes the K with the lowest error ({said}). More codes nearly always lower the "
            "error a little, since they cut up the noise: where does it stop falling *much*?"
        )
    if said == actions - 1:
        return (
            f"it stops at {said}, one step before the last large fall. Index 0 is K = 1; and if that "
            "is not it, a fall that is small beside the first can still be large beside what is left"
        )
    if said == actions + 1:
        return (
            f"it takes one code more than pays ({said}). Index 0 is K = 1; and does a single training "
            "in which codes died mislead it? Look at each of the five"
        )
    if said < actions:
        return (
            f"it stops at {said}, and with more codes the error still falls much. Is it misled by the "
            "first fall, the largest of all?"
        )
    return f"it takes {said} codes: fewer do as well"


challenge = Challenge(
    name="day24_how_many_actions",
    title="How many actions?",
    chapter="09",
    minutes=15,
    kind="read a plot",
    parts=[
        Part("majority", 1, "How often is the rival right who always says the same?", majority),
        Part(
            "agreement",
            2,
            "Name the codes by the training film, measure on the test film.",
            agreement,
        ),
        Part("how_many", 2, "Read the number of actions from reconstruction curves.", how_many),
    ],
    hints=[
        "majority: which action is the most frequent in training? How often does it come in the test film? "
        "agreement: one name for each code, the action that it met most often in training.",
        "how_many: plot the curves with a logarithmic error axis. One training may have gone wrong: take "
        "the median of the trainings, not the mean, for each K. np.bincount counts actions.",
        "how_many: the smallest K from which on no further code lowers the median error by more than, say, "
        "a fifth: error[j + 1] / error[j] > 0.8 for every j from K on.",
    ],
)
