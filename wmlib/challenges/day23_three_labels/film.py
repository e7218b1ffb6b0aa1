"""Steps of films in which a camera moves along a strip, and what a latent action model made of them.

Most steps are clear. In some the camera looks at a blank wall, where every movement looks the same;
and some are cuts, where the next picture is from elsewhere and no movement explains it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

WIDTH, LENGTH = 16, 400  # of a picture, of the strip


class Film(NamedTuple):
    """N steps: how wrong each of K codes is about the next picture `(N, K)`, what was done `(N,)`,
    which code means it `(K,)` (code -> action), and where it is blank or cut `(N,)` bools."""

    wrong: np.ndarray
    act: np.ndarray
    names: np.ndarray
    blank: np.ndarray
    cut: np.ndarray
    before: np.ndarray
    after: np.ndarray


def film(
    rng: np.random.Generator, names: np.ndarray, n: int = 500, blank: float = 0.25, cut: float = 0.1
) -> Film:
    """n steps of a model whose code k means action names[k]; actions need not be equally frequent."""
    acts = len(names)
    strip = np.convolve(rng.normal(size=LENGTH + 2), [0.5, 1, 0.5], "valid")
    strip *= np.exp(np.sin(np.arange(LENGTH) / 30))  # some parts have more contrast
    wall = int(blank * LENGTH)
    strip[:wall] = strip[wall]
    act = rng.choice(acts, n, p=rng.dirichlet(4 * np.ones(acts)) * 0.7 + 0.3 / acts)
    at = rng.integers(4, LENGTH - WIDTH - 4, n)
    is_cut = rng.random(n) < cut
    to, cell = at + act - acts // 2, np.arange(WIDTH)
    before, after = (
        strip[x[:, None] + cell] + 0.05 * rng.normal(size=(n, WIDTH)) for x in (at, to)
    )
    elsewhere = np.convolve(2.5 * rng.normal(size=LENGTH + 2), [0.5, 1, 0.5], "valid")
    after[is_cut] = elsewhere[to[is_cut, None] + cell]
    wrong = np.stack(
        [
            ((before[:, np.clip(cell + a - acts // 2, 0, WIDTH - 1)] - after) ** 2).mean(1)
            for a in names
        ],
        1,
    )
    is_blank = at < wall - WIDTH - 3  # all of it
    return Film(wrong, act, np.asarray(names), is_blank & ~is_cut, is_cut, before, after)
