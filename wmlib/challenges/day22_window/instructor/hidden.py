"""Day 22, hidden: films drawn anew; what changes is measured in a network."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day22_window import frames, reach
from wmlib.models.frame_transformer import FrameTransformer


def measured(frame: int, first: list[int], layers: int, window: int, seed: int) -> list[int]:
    """The frames whose h changes when this frame's action does."""
    net = FrameTransformer(4, 1, 2, 16, layers, 2, 16, window, 4, seed=seed).double()
    dice = torch.Generator().manual_seed(seed)
    tokens = torch.randint(0, 4, (1, len(first), 2), generator=dice)
    act = torch.randn(1, len(first), 1, generator=dice).double()
    other, begins = act.clone(), torch.tensor(first)[None].bool()
    other[0, frame] += 1
    with torch.no_grad():
        change = (net(tokens, act, begins)[0] - net(tokens, other, begins)[0])[0].abs().amax(-1)
    return torch.where(change > 1e-13)[0].tolist()


def _film(rng: np.random.Generator, n: int) -> list[int]:
    return [1] + [int(f) for f in rng.random(n - 1) < 0.08]


def back(exam: Exam) -> str | None:
    """The oldest frame that the last one feels, measured."""
    rng = exam.rng("reach")
    for _ in range(4):
        layers, window = int(rng.integers(1, 5)), int(rng.integers(2, 6))
        film = [1] + 24 * [0]
        oldest = min(f for f in range(25) if 24 in measured(f, film, layers, window, 1))
        if reach(exam, layers, window) != 24 - oldest:
            return f"{layers} layers and a window of {window} see another number of frames back"
    return None


def touched(exam: Exam) -> str | None:
    """Changes in films with several episodes, measured."""
    rng = exam.rng("touched")
    for _ in range(8):
        layers, window, film = int(rng.integers(1, 4)), int(rng.integers(1, 5)), _film(rng, 20)
        frame = int(rng.integers(0, 20))
        if sorted(frames(exam, "touched", frame, film, layers, window)) != measured(
            frame, film, layers, window, int(rng.integers(99))
        ):
            return (
                f"frame {frame} changed, {layers} layers, a window of {window}, episodes that begin "
                f"at {[i for i, f in enumerate(film) if f]}: in a network other frames change"
            )
    return None


def cached(exam: Exam) -> str | None:
    """The frames that one layer would look at next, measured."""
    rng = exam.rng("cached")
    for _ in range(8):
        window, film = int(rng.integers(1, 7)), _film(rng, int(rng.integers(1, 16)))
        n = len(film)
        kept = [
            f for f in range(n) if n in measured(f, [*film, 0], 1, window, int(rng.integers(99)))
        ]
        if frames(exam, "cached", film, window) != kept:
            return (
                f"{n} frames, a window of {window}, episodes that begin at "
                f"{[i for i, f in enumerate(film) if f]}: other entries are needed"
            )
    return None


hidden = {"reach": back, "touched": touched, "cached": cached}
