"""Instant checks of what a learner wrote: each says which mistake it found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from wmlib.devices import new_rng

# What is asked of an answer: the mistake in words, or None. Inputs come from the generator.
Examine = Callable[[Any, np.random.Generator], str | None]


class Mistake(Exception):
    """What a learner is told: the message names the mistake."""


class Exercise:
    """An instant check of a learner's answer.

    Args:
        name: shown in the verdict.
        checks: asked one after another, until one finds a mistake. Either `examine(answer, rng)`,
            which gives the mistake in words or None and draws its inputs from `rng`, anew at each
            run; or a pair (test, hint) with `test(answer)` true where the answer is right so far.
        wrong: typical wrong answers, each with words of what it must be told (a test tries them).
    """

    def __init__(
        self,
        name: str,
        checks: Sequence[Examine | tuple[Callable[[Any], object], str]],
        wrong: Sequence[tuple[Any, str]] = (),
    ):
        self.name, self.checks, self.wrong = name, checks, wrong

    def mistake(self, answer: Any, seed: int | None = None) -> str | None:
        """The first mistake in words, or None where there is none.

        Args:
            seed: of the inputs; drawn anew if none is given.
        """
        rng = new_rng(seed)
        for check in self.checks:
            try:
                if isinstance(check, tuple):
                    test, hint = check
                    found = None if bool(test(answer)) else hint
                else:
                    found = check(answer, rng)
            except Mistake as mistake:
                return str(mistake)
            except NotImplementedError:
                return "nothing there yet: replace the line that raises NotImplementedError"
            except Exception as error:
                return f"your code stops with {type(error).__name__}: {error}"
            if found is not None:
                return found
        return None

    def __call__(self, answer: Any) -> None:
        """Check and print. Never raises, so that the notebook goes on."""
        mistake = self.mistake(answer)
        print(f"{self.name}: right." if mistake is None else f"{self.name}: not yet. {mistake}")


def numbers(value: Any, shape: Sequence[int | None], what: str) -> np.ndarray:
    """An answer as an array of numbers, float64.

    Args:
        shape: what is wanted; None for any length. what: its name in the message.

    Raises:
        Mistake: if it is none, has another shape, or holds NaN or infinity.
    """
    wanted = str(tuple("any" if n is None else n for n in shape)).replace("'", "")
    try:
        if value is None:
            raise TypeError  # numpy would take it for NaN
        array = np.asarray(value, float)
    except (TypeError, ValueError):
        kind = getattr(value, "kind", type(value).__name__)
        raise Mistake(f"{what} should be numbers of shape {wanted}, got {kind}") from None
    fits = len(array.shape) == len(shape) and all(
        n is None or n == m for n, m in zip(shape, array.shape)
    )
    if not fits:
        raise Mistake(f"{what} should have shape {wanted}, got {array.shape}")
    if not np.isfinite(array).all():
        raise Mistake(f"{what} holds NaN or infinity")
    return array
