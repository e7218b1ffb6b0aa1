"""Predictive coding: causes predict the input, and only what they fail to predict is passed on.

Two populations of units look at each other. Representation units r guess which causes are present
and send down their prediction U r. Error units carry what is left, e = x - U r. The errors push the
representation until little is left (*inference*, fast); what then remains changes the weights
(*learning*, slow). Both are gradient descent on the same energy |e|^2 / 2 + sparsity * sum(r).

Source: Rao & Ballard 1999, one level of their hierarchy, with causes and weights kept from being
negative.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wmlib.devices import new_rng


class Settled(NamedTuple):
    """Where inference came to rest, for N inputs of D numbers and K causes.

    `causes (N, K)`, `error (N, D)`, `energy (steps, N)`: squared error at each step on the way.
    """

    causes: np.ndarray
    error: np.ndarray
    energy: np.ndarray


class PredictiveCoding:
    """A linear generative model x = U r that infers by sending errors up and predictions down.

    It has no actions and no time: it predicts what is there, not what comes next.

    Args:
        size: D, numbers of one input. causes: K, representation units.
        sparsity: price of an active cause. seed: of the first weights.

    Attributes:
        weights: U `(D, K)`; column k is what cause k predicts.
    """

    def __init__(self, size: int, causes: int = 20, sparsity: float = 0.05, seed: int = 0):
        if size < 1 or causes < 1:
            raise ValueError(f"wanted at least one input and one cause, got {size} and {causes}")
        rng = new_rng(seed)
        self.weights = 0.1 * np.abs(rng.normal(size=(size, causes)))
        self.sparsity, self.rng = sparsity, rng
        self.longest = np.sqrt(size) ** 0.5  # longest column: a bar of one row has this length

    def infer(self, x, steps: int = 60) -> Settled:
        """Let the causes of inputs `(N, D)` settle, errors and predictions going back and forth."""
        x = self._checked(x)
        causes = np.zeros((len(x), self.weights.shape[1]))
        rate = 0.1 / max(1.0, np.linalg.norm(self.weights, 2) ** 2 / 4)
        energy = []
        for _ in range(steps):
            error = x - causes @ self.weights.T  # prediction down, error stays
            energy.append((error**2).sum(1))
            causes = np.maximum(0, causes + rate * (error @ self.weights - self.sparsity))
        return Settled(causes, x - causes @ self.weights.T, np.array(energy))

    def learn(self, x, rate: float = 0.5) -> None:
        """One slow step on a batch `(N, D)`: what remains unexplained changes the predictions."""
        settled = self.infer(x)
        change = settled.error.T @ settled.causes / len(x)
        self.weights = np.maximum(0, self.weights + rate * change)
        length = np.linalg.norm(self.weights, axis=0)
        self.weights /= np.maximum(1, length / self.longest)

    def fit(self, x, epochs: int = 6, batch: int = 50) -> PredictiveCoding:
        """Learn from inputs `(N, D)`, several times over."""
        x = self._checked(x)
        for _ in range(epochs):
            for rows in np.array_split(self.rng.permutation(len(x)), max(1, len(x) // batch)):
                self.learn(x[rows])
        return self

    def _checked(self, x):
        x = np.asarray(x, float)
        if x.ndim != 2 or x.shape[1] != len(self.weights):
            raise ValueError(
                f"wanted inputs of shape (N, {len(self.weights)}), got {x.shape}; a single one goes "
                "in as x[None]"
            )
        return x


def bars(n: int, rng, side: int = 8, chance: float = 0.12, noise: float = 0.05):
    """Pictures made of whole rows and columns, each present with a small chance: `(n, side^2)`.

    The classic toy of sparse coding (Foeldiak 1990): 2 * side causes, of which only mixtures are
    ever seen. Where a row and a column cross, the picture is no brighter.
    """
    rows, columns = rng.random((2, n, side)) < chance
    pictures = (rows[:, :, None] | columns[:, None, :]).astype(float)
    return pictures.reshape(n, -1) + noise * rng.normal(size=(n, side * side))


def single_bars(side: int = 8) -> np.ndarray:
    """Each row and each column by itself: `(2 * side, side^2)`."""
    each = np.identity(side)
    rows = np.repeat(each[:, :, None], side, axis=2)
    return np.concatenate([rows, rows.transpose(0, 2, 1)]).reshape(2 * side, -1)


def found(model: PredictiveCoding, templates, close: float = 0.9) -> int:
    """How many templates `(M, D)` some cause of the model predicts (cosine at least `close`)."""
    units = model.weights / (np.linalg.norm(model.weights, axis=0) + 1e-9)
    wanted = templates / np.linalg.norm(templates, axis=1, keepdims=True)
    return int(((wanted @ units).max(1) >= close).sum())
