"""Day 17: which dream is empty, which is exploited, which is too easy, which is honest?"""

from __future__ import annotations

from typing import Any

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.day17_calibration.world import Rain, dreamer, lent
from wmlib.challenges.offers import Offer
from wmlib.exercise import numbers

KINDS = ("honest", "easy", "empty", "exploited")
# Means of random, still and trained player: in a dream, in the world. The first two rows are
# much like chapter 6's, at temperatures 0.1 and 1.0.
TABLES: list[tuple[str, tuple[float, ...], tuple[float, ...]]] = [
    ("empty", (299, 291, 295), (51, 31, 45)),
    ("easy", (111, 123, 217), (51, 31, 200)),
    ("exploited", (52, 33, 280), (51, 31, 47)),
    ("honest", (55, 29, 205), (51, 31, 200)),
    ("empty", (290, 292, 291), (51, 31, 33)),
    ("exploited", (50, 90, 250), (51, 92, 90)),
    ("exploited", (120, 118, 280), (51, 31, 50)),
    ("empty", (60, 200, 203), (62, 31, 205)),
    ("honest", (55, 100, 190), (51, 95, 130)),
]


class Toy:
    """A model whose row i ends with its step `ends[i]`, is paid afterwards all the same, and whose
    obs tell who asks in the wrong order."""

    def __init__(self, ends: np.ndarray, pays: np.ndarray):
        self.ends, self.pays, self.steps, self.begun = ends, pays, 0, 0
        self.rows = np.arange(0)

    def start(self, n: int) -> np.ndarray:
        """The next n of the rows, and so on round: who plays one after the other is right, too."""
        self.steps, self.rows = 0, (self.begun + np.arange(int(n))) % len(self.ends)
        self.begun += int(n)
        return np.stack([self.rows, 0 * self.rows, 0 * self.rows], 1).astype(float)

    def step(self, obs: np.ndarray, act: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Pays by row and action; a row is over in its last step, and only there."""
        obs, act = np.asarray(obs, float), np.asarray(act)
        if obs.shape != (len(self.rows), 3) or act.shape != (len(self.rows),):
            raise ValueError(
                f"step takes all {len(self.rows)} games: obs (B, 3), act (B,), got {obs.shape}"
            )
        if not np.allclose(obs[:, 1], self.steps):
            raise ValueError("step was not given the obs that the step before it returned")
        self.steps += 1
        over = self.ends[self.rows] == self.steps
        obs[:, 1] = self.steps
        return obs, self.pays[self.rows] * (1 + act), over

    def act(self, obs: np.ndarray) -> np.ndarray:
        """A player that pays attention to its row."""
        return (np.asarray(obs)[:, 0] % 3).astype(int)


def played(exam: Exam, toy: Toy, n: int, limit: int) -> np.ndarray:
    """The returns that the student's loop adds up in a toy."""
    model = Offer(toy, ["start", "step"], budget=20 * limit, facts={"limit": limit})
    said = exam.student.call("returns", model, Offer(toy, ["act"]), n)
    return numbers(said, (n,), "what returns(model, player, episodes) gives")


def returns(exam: Exam) -> str | None:
    """Four games that end with their second, third, first and no step, by hand."""
    said = played(exam, Toy(np.array([2, 3, 1, 9]), np.ones(4)), 4, 5)
    right = np.array([2.0, 6.0, 3.0, 5.0])  # rows act 0, 1, 2, 0: paid 1, 2, 3, 1 a step
    if np.allclose(said, right):
        return None
    see = "four games; they end with step 2, 3 and 1, and the last at the limit of 5 steps: "
    for wrong, words in (
        ([5.0, 10.0, 15.0, 5.0], "what is paid after a game's end is counted"),
        ([1.0, 4.0, 0.0, 5.0], "the step that ends a game is paid and counts"),
        ([1.0, 2.0, 3.0, 1.0], "only the first step is counted"),
        (
            [4.0, 8.0, 12.0, 4.0],
            "what is paid after a game's end is counted, and one step is missing",
        ),
        ([2.0, 3.0, 1.0, 5.0], "steps are counted: add up the rewards"),
        ([1.0, 2.0, 3.0, 5.0], "all games are stopped when the first is over"),
        ([2.0, 6.0, 3.0, 4.0], "the last game is one step short of the limit"),
    ):
        if np.allclose(said, wrong):
            return see + words
    if np.allclose(said[1:3], [3, 1]) or np.allclose(said[:3], [2, 3, 1]):
        return see + "the player was not asked what to do, or not with the obs of its own row"
    if said[3] > 5:
        return see + "the last game goes on beyond model.limit"
    return see + "rewards of each game up to and with its last step, nothing after it"


def gain(exam: Exam) -> str | None:
    """Nine returns and a pencil."""
    case = {"random": [1.0, 3.0], "still": [4.0, 6.0, 8.0, 6.0], "trained": [10.0, 12.0, 14.0]}
    said = exam.student.call("gain", {name: np.array(got) for name, got in case.items()})
    got, error = numbers(said, (2,), "what gain returns (the gain, its standard error)")
    if not np.isclose(got, 6):
        words = {
            10.0: "the better of the two baselines counts: here it is standing still, not random play",
            8.0: "the better of the two baselines counts, not their average",
            22 / 3: "the better of the two baselines counts, not both thrown together",
            4.0: "the mean of each player's returns, not the best game of the baseline",
            -6.0: "the trained player first: a gain is positive where it is better",
            12.0: "that is the trained player's return alone: subtract the better baseline's",
        }
        return next(
            (w for n, w in words.items() if np.isclose(got, n)), f"12 - 6 = 6, it gives {got:g}"
        )
    if not np.isclose(error, 2**0.5):
        words = {
            2.0: "that is the variance of the difference: take its root",
            1.178511: "divide the squares by n - 1, few games look less spread than they are (ddof=1)",
            2.581989: "that is the spread of single games: the mean of n games is surer by the root of n",
            2.108185: "that is the spread of single games: the mean of n games is surer by the root of n",
            1.971197: "standard errors do not add up, their squares do",
            1.154701: "the baseline's mean is not exact either: its standard error belongs to it",
        }
        return next(
            (w for n, w in words.items() if np.isclose(error, n, atol=1e-5)),
            f"the example's standard error is sqrt(4 / 3 + (8 / 3) / 4) = 1.4142, it says {error:.4f}",
        )
    swapped = {"random": np.array(case["still"]), "still": np.array(case["random"])}
    said = exam.student.call("gain", swapped | {"trained": np.array(case["trained"])})
    if not np.allclose(numbers(said, (2,), "what gain returns"), [6, 2**0.5]):
        return "it is not right where random play is the better baseline"
    return None


def judge(exam: Exam, means: tuple, real: tuple, rng: np.random.Generator) -> str:
    """The student's verdict for returns with these means."""
    tables: list[dict[str, np.ndarray]] = []
    for row in (means, real):
        tables.append({})
        for name, mean in zip(("random", "still", "trained"), row):
            games = rng.normal(mean, 12, 64)
            tables[-1][name] = games - games.mean() + mean
    return str(exam.student.call("verdict", *tables))


def wronged(said: str, kind: str, means: tuple, real: tuple) -> str:
    """Why a verdict is not right, in words."""
    table = (
        f"(random, still, trained: {', '.join(f'{m:.0f}' for m in means)} in the dream, "
        f"{', '.join(f'{m:.0f}' for m in real)} in the world)"
    )
    if said not in KINDS:
        return f"a verdict is one of {', '.join(KINDS)}, not {said!r:.40}"
    if kind == "empty":
        return (
            f"it calls a dream {said} in which the trained player gains nothing over a baseline "
            f"{table}: whatever happens in the world, nothing could be learned there: empty"
        )
    if said == "empty":
        return f"it calls a dream empty in which the trained player is far above both baselines {table}"
    if kind == "exploited":
        return (
            f"it calls a dream {said} whose trained player is no better in the world than the better "
            f"baseline {table}: what it gained in the dream is not real"
        )
    if said == "exploited":
        return (
            f"it calls a dream exploited whose trained player gains in the world, too {table}: less or "
            "more than in the dream, but clearly"
        )
    if kind == "easy":
        return f"it calls a dream honest in which random play lives more than 1.5 times as long as in the world {table}"
    return f"it calls a dream easy in which random play lives about as long as in the world {table}"


def verdict(exam: Exam) -> str | None:
    """Nine tables, two of them chapter 6's; and one with too few games to be sure."""
    rng = exam.rng("tables")
    for kind, means, real in TABLES:
        said = judge(exam, means, real, rng)
        if said != kind:
            return wronged(said, kind, means, real)
    few: dict = {"random": np.array([20.0, 30, 40]), "still": np.array([1.0, 2, 3])}
    dream, world = (
        few | {"trained": np.array([10.0, 30, 80])},
        few | {"trained": np.array([200.0, 202])},
    )
    if exam.student.call("verdict", dream, world) != "empty":
        return (
            "the trained player's three games are better by 10 on average, with a standard error of "
            "21: that is no clear gain (3 standard errors)"
        )
    return None


def asked(exam: Exam) -> tuple[list[str], list[str]]:
    """The kinds of five dreams, and the student's verdicts on them."""
    rng = exam.rng("dreams")
    kinds = [str(kind) for kind in rng.permutation([*KINDS, str(rng.choice(KINDS))])]
    dreams, trained = [], []
    for kind in kinds:
        model, player = dreamer(kind, rng)
        dreams.append(lent(model))
        trained.append(Offer(player, ["act"]))
    world = lent(Rain(np.random.default_rng(exam.seed("world"))))
    said: Any = exam.student.call("judge_all", dreams, trained, world, exam.seed("player") % 1000)
    if not isinstance(said, (list, tuple)) or len(said) != len(kinds):
        return kinds, []
    return kinds, [str(word) for word in said]


def dreams(exam: Exam) -> str | None:
    """Five dreams, played by the student."""
    kinds, said = exam.once(asked)
    if not said:
        return "judge_all gives a list with one verdict for each of the five dreams, in their order"
    if set(said) - set(KINDS):
        return f"a verdict is one of {', '.join(KINDS)}"
    wrong = [number for number, pair in enumerate(zip(kinds, said)) if pair[0] != pair[1]]
    if not wrong:
        return None
    if len(wrong) == 5:
        return "all five verdicts are wrong: do they stand in the order of the dreams, each played with its own trained player?"
    kind, word = kinds[wrong[0]], said[wrong[0]]
    why = {
        "empty": "a baseline does as well in it as the trained player",
        "exploited": "its trained player does not stand out in the world",
        "easy": "its trained player is good in the world; compare random play in both",
        "honest": "its trained player is good in the world, and random play lives as long in both",
    }[kind]
    return (
        f"{len(wrong)} of five verdicts are wrong. One dream was called {word}, and yet {why}. Are "
        "there 200 games or more of each player?"
    )


challenge = Challenge(
    name="day17_calibration",
    title="Which dream is honest?",
    chapter="06",
    minutes=30,
    kind="build",
    seconds=120,
    parts=[
        Part("returns", 3, "Play many games side by side, in a dream or in the world.", returns),
        Part("gain", 2, "Compare the trained player with the better baseline.", gain),
        Part("verdict", 3, "Judge dreams by tables of returns.", verdict),
        Part("dreams", 2, "Judge five unknown dreams by playing in them.", dreams),
    ],
    hints=[
        "In `returns` keep an array `alive` of ones: add alive * rew first, then multiply alive by "
        "`not over`.",
        "`verdict` calls `gain` twice, for the dream and for the world, and asks in this order: is there "
        "a clear gain in the dream? In the world? Does random play live much longer in the dream?",
        "`judge_all` plays random and still once in the world and once in each dream, and each trained "
        "player in its own dream and in the world: 256 games each cost nothing, they are side by side.",
    ],
)
