"""Day 21: a codebook that learns, and codes that would be dead for ever."""

from __future__ import annotations

from typing import Any

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.day21_dead_codes.stream import Patches, Stream
from wmlib.challenges.offers import Offer
from wmlib.evaluation import evaluate
from wmlib.exercise import Mistake, numbers
from wmlib.worlds.catch import Catch

Book = tuple[np.ndarray, np.ndarray, np.ndarray]  # codes (K, D), counts (K,), sums (K, D)
CODES = 16


def book(said: Any, like: Book, name: str) -> Book:
    """What comes back as codes, counts and sums."""
    if not isinstance(said, (tuple, list)) or len(said) != 3:
        raise Mistake(f"{name} returns three things: codes, counts, sums")
    parts = [
        numbers(part, array.shape, f"the {word} of {name}")
        for part, array, word in zip(said, like, ("codes", "counts", "sums"))
    ]
    return parts[0], parts[1], parts[2]


def array(*rows: Any) -> Any:
    """Arguments as arrays of floats."""
    return tuple(np.array(row, float) for row in rows)


def nearest(exam: Exam) -> str | None:
    """Three codes and four vectors."""
    x, codes = array([[1, 1], [9, 1], [1, 8], [0, 0]], [[0, 0], [10, 0], [0, 9]])
    said = numbers(exam.student.call("nearest", x, codes), (4,), "what nearest returns").tolist()
    if said == [0, 1, 2, 0]:
        return None
    if said == [2, 2, 1, 1] or said == [1, 2, 1, 1]:
        return "that is the farthest code"
    return f"(1, 1), (9, 1), (1, 8), (0, 0) belong to codes 0, 1, 2, 0: (0, 0), (10, 0), (0, 9); it says {said}"


def move(exam: Exam) -> str | None:
    """Three codes in one dimension, by hand: two serve two vectors each, the third nobody."""
    codes, counts, sums, x = array(
        [[0], [10], [50]], [4, 2, 2], [[0], [20], [100]], [[1], [3], [12], [14]]
    )
    given: Book = (codes, counts, sums)
    new, count, total = book(exam.student.call("move", codes, counts, sums, x, 0.75), given, "move")
    if not np.allclose(count, [3.5, 2, 1.5]):
        words = {
            2.5: "the decay is the wrong way round: 0.75 of the old counts are kept",
            6.0: "the old counts are kept whole: they fade by the decay",
            5.0: "new counts are added whole: they count 1 - decay",
            2.0: "the old counts are forgotten: the averages move slowly",
            4.0: "the counts stay as they were: they are averages, too",
        }
        return next(
            (w for n, w in words.items() if np.isclose(count[0], n)),
            f"counts of 4, 2, 2 that serve 2, 2, 0 become 3.5, 2, 1.5 with a decay of 0.75, not {count.tolist()}",
        )
    if not np.allclose(total[:, 0], [1, 21.5, 75]):
        return f"sums of 0, 20, 100 become 1, 21.5, 75 (served: 1 + 3, 12 + 14, nothing), not {total[:, 0].tolist()}"
    if not np.allclose(new[:2, 0], [1 / 3.5, 10.75]):
        words = {
            0.5: "the *code* is averaged: where it served fewer vectors than usual they should count less. "
            "It is sums / counts",
            2.0: "the codes jump to the mean of this batch: they are sums / counts, averages over many",
            1.0: "that is the sum: divide by the counts",
            0.0: "the codes have not moved: they are sums / counts, the new ones",
        }
        return next(
            (w for n, w in words.items() if np.isclose(new[0, 0], n)),
            f"the first code becomes 1 / 3.5, not {new[0, 0]:g}",
        )
    if not np.isclose(new[2, 0], 50):
        return f"a code that serves nobody is moved by nobody: it stays at 50, it went to {new[2, 0]:g}"
    zero = array([[0], [7]], [2, 0], [[0], [0]])
    try:
        new, _, _ = book(exam.student.call("move", *zero, x[:2], 0.75), zero, "move")
    except Mistake as mistake:
        return f"{mistake}: the second of two codes has never served anybody, so 0 / 0"
    if not np.isclose(new[1, 0], 7):
        return f"a code with a count of 0 stays where it is, it went to {new[1, 0]:g}"
    return None


def revive(exam: Exam) -> str | None:
    """Four codes, two of them dead; the vectors are whole numbers from 100 on."""
    rng = exam.rng("revive")
    x = 100.0 + rng.permutation(80).reshape(40, 2)
    codes, counts, sums = array([[1, 1], [2, 2], [3, 3], [4, 4]], [20, 0, 0.99, 1.01], 4 * [[5, 5]])
    given: Book = (codes, counts, sums)

    def ask(seed: int) -> Book:
        return book(exam.student.call("revive", *given, x, 0.1, seed), given, "revive")

    new, count, total = ask(1)
    moved = (new != codes).any(1).tolist()
    if moved != [False, True, True, False]:
        if moved[0] or moved[3]:
            return "a code that serves its tenth of a fair share (40 vectors, 4 codes: 1 or more) was moved"
        if not moved[1]:
            return "a code that serves nobody is still dead"
        return "0.99 is less than a tenth of the fair share of 10: that code is dead as well"
    on_data = (new[:, None] == x).all(-1).any(1)
    if not on_data[1:3].all():
        return "a dead code is put on one of the vectors x, just as it is: codes between the clumps die again"
    if not np.allclose(count[[0, 3]], counts[[0, 3]]) or not np.allclose(total[[0, 3]], 5):
        return "counts and sums of codes that live must stay as they are"
    if not np.allclose(count[1:3], 10):
        return (
            f"the counts of the revived codes are {count[1:3].tolist()}: give them their fair share, N / K: "
            "with a count near 0 they may be found dead again, and one batch decides where they go"
        )
    if not np.allclose(total[1:3], 10 * new[1:3]):
        return "the sums of a revived code are its count times the code: otherwise it flies back with the next batch"
    if all(np.array_equal(*ask(seed)[0][1:3]) for seed in (1, 2, 3)):
        return "both dead codes were put on the same vector: draw one for each"
    if len({tuple(ask(seed)[0][1]) for seed in range(6)}) < 2:
        return "the same vector for every seed: draw at random (the first ones would be alike in a film)"
    if not np.array_equal(ask(4)[0], ask(4)[0]):
        return "the same seed should draw the same vectors"
    return None


def lived(exam: Exam) -> tuple[float, float, float, bool]:
    """How many codes are in use (as if evenly) after a stream has been learned, the error as a share
    of the variance, how far the codes moved in the second half, and whether they are mere vectors of the last batch."""
    rng, steps = exam.rng("stream"), 100
    stream = Stream(rng)
    codes = rng.normal(12, 0.1, (CODES, stream.size))  # all in one place, far from everything
    now: Book = (codes, np.full(CODES, 256 / CODES), codes * 256 / CODES)
    half = codes
    for t in range(steps):
        x = stream.batch(256, t / steps)
        now = book(exam.student.call("learn", *now, x, t), now, "learn")
        half = now[0] if t == steps // 2 else half
    mere = bool((now[0][:, None] == x).all(-1).any(1).mean() > 0.9)
    x = stream.batch(2000, 1.0)
    variance = ((x - x.mean(0)) ** 2).sum(1).mean()
    distance = ((x[:, None] - now[0]) ** 2).sum(-1)
    share = np.bincount(distance.argmin(1), minlength=CODES) / len(x)
    used = float(np.exp(-(share[share > 0] * np.log(share[share > 0])).sum()))
    return used, float(distance.min(1).mean() / variance), float(np.abs(now[0] - half).max()), mere


def learn(exam: Exam) -> str | None:
    """A hundred batches of a stream that wanders, from codes that all lie in the wrong place."""
    used, error, moved, mere = exam.once(lived)
    see = f"{used:.1f} of {CODES} codes are in use at the end, at least 8 are wanted"
    if moved < 1e-9:
        return f"{see}: the codes no longer move in the second half, but the clumps wander"
    if used < 8:
        return f"{see}. Is every batch asked for dead codes, and are they not dead again at once?"
    if error > 0.15 and mere:
        return (
            f"the codes are single vectors of the last batch, and the error is {error:.0%} of the variance, at "
            "most 15 % are wanted: the living ones should move to the mean of what they serve"
        )
    if error > 0.15:
        return (
            f"{used:.1f} of {CODES} codes are in use, but the error is {error:.0%} of the variance, at most 15 % "
            "are wanted: the clumps wander. How many batches does a code's average reach back?"
        )
    return None


def catch(exam: Exam) -> str | None:
    """Twelve games of Catch, seen in tokens."""
    world = Catch()
    patches = Patches(exam.rng("patches"))
    tokenizer = Offer(patches, ["decode"])

    def act(obs: np.ndarray) -> np.ndarray:
        tokens = patches.encode(obs)
        chosen = exam.student.call("catcher", tokens, tokenizer)
        chosen = numbers(chosen, (len(obs),), "what catcher returns")
        if not np.isin(chosen, (0, 1, 2)).all():
            raise Mistake("actions are 0 left, 1 stay, 2 right")
        return chosen.astype(int)

    returns = evaluate(world, act, 12, exam.seed("catch"), max_steps=130).returns
    caught = float((returns / world.BALLS + 1).mean() / 2)
    if caught < 0.2:
        return f"it catches {caught:.0%}, less than chance, a quarter: have left and right changed places?"
    if caught < 0.5:
        return f"it catches {caught:.0%}, chance is a quarter: does it find the ball *and* the bar?"
    if caught < 0.85:
        return f"it catches {caught:.0%}: 85 % are wanted. To a fraction of a patch: look at the painted picture"
    return None


challenge = Challenge(
    name="day21_dead_codes",
    title="Raise the dead",
    chapter="08",
    minutes=30,
    kind="build",
    seconds=120,
    parts=[
        Part("nearest", 1, "Find the nearest code.", nearest),
        Part("move", 3, "Let codes follow the vectors that they serve.", move),
        Part("revive", 3, "Put dead codes where somebody is.", revive),
        Part("learn", 3, "Keep a codebook alive in a stream that wanders.", learn),
        Part("reader", 2, "Catch balls by reading tokens.", catch, bonus=True),
    ],
    hints=[
        "np.bincount(index, minlength=K) counts who is served; np.add.at(total, index, x) adds vectors up. "
        "Copy what you are given before you change it.",
        "A revived code has served nobody, but pretend that it served a fair share of vectors just like "
        "the one it was put on: counts N / K, sums N / K times the code.",
        "`learn` is `move` and then `revive`. A decay of 0.98 looks back 50 batches, and the clumps have "
        "moved by then; 0.7 looks back three. Bonus: wmlib.worlds.catch has ball_in and bar_in for "
        "pictures, and tokenizer.decode paints one.",
    ],
)
