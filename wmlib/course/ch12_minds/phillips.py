"""Two models of the same statistics: one of the numbers, one of the people.

The *reduced form* predicts unemployment from inflation, this year's and last year's: whatever
relation the past shows. The *structural* model knows that people form expectations from the rule in
force, and predicts from the surprise. Both are fitted by least squares. The structural one is handed
the right form: that is its whole advantage, and no statistics gave it that.
"""

from __future__ import annotations

import numpy as np

from wmlib.course.ch12_minds.economy import Years
from wmlib.devices import new_rng


class ReducedForm:
    """unemployment = a + b inflation + c last year's inflation, or of many features of the two.

    Args:
        features: 0 for the straight line; else so many random cosines of the two inflations, so
            that any smooth relation can be fitted. seed: of those.
    """

    def __init__(self, features: int = 0, seed: int = 0):
        rng = new_rng(seed)
        self.features = features
        self.waves = 0.5 * rng.normal(size=(2, features))
        self.phase = rng.uniform(0, 2 * np.pi, features)
        self.weights = None

    def fit(self, years: Years) -> ReducedForm:
        x = self._inputs(years)
        ridge = 1e-2 * np.identity(x.shape[1])
        self.weights = np.linalg.solve(x.T @ x + ridge, x.T @ years.unemployment[1:])
        return self

    def predict(self, years: Years) -> np.ndarray:
        """Unemployment in every year but the first `(T - 1,)`."""
        if self.weights is None:
            raise RuntimeError("this model has learned nothing yet: call fit(years) first")
        return self._inputs(years) @ self.weights

    def promise(self, target: float) -> float:
        """The unemployment it expects if inflation is `target` for good."""
        steady = np.full(2, float(target))
        return float(self.predict(Years(steady, steady, steady))[0])

    def _inputs(self, years):
        both = np.stack([years.inflation[1:], years.inflation[:-1]], axis=1)
        ones = np.ones((len(both), 1))
        if not self.features:
            return np.concatenate([ones, both], axis=1)
        return np.concatenate([ones, np.cos(both @ self.waves + self.phase)], axis=1)


class Structural(ReducedForm):
    """unemployment = a + b (inflation - what was expected of the rule in force)."""

    def _inputs(self, years):
        surprise = (years.inflation - years.expected)[1:, None]
        return np.concatenate([np.ones((len(surprise), 1)), surprise], axis=1)


def best_target(model: ReducedForm, weight: float = 0.5, targets=np.arange(0, 10.01, 0.25)):
    """The target with the smallest promised loss, unemployment^2 + weight * inflation^2."""
    losses = [model.promise(target) ** 2 + weight * target**2 for target in targets]
    return float(targets[int(np.argmin(losses))])
