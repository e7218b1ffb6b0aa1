"""A small economy whose people can think: what a policy does depends on what is expected of it.

Each year the central bank sets a target for inflation, and misses it a little. People know the
rule and expect the target. Unemployment differs from its natural rate only as far as inflation
*surprises* them::

    inflation    = target + slip
    unemployment = natural - (inflation - expected) / kappa + shock

This is the expectations-augmented Phillips curve (Phelps, Friedman), with which Lucas (1976) made
his point: the slope that statistics find in the past is not there to be used.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Years(NamedTuple):
    """What the statistics hold, in percent: `(T,)` each."""

    inflation: np.ndarray
    unemployment: np.ndarray
    expected: np.ndarray


class Economy:
    """See above.

    Args:
        natural: rate of unemployment with no surprise (percent).
        kappa: percentage points of surprise inflation for one point less unemployment.
        slip, shock: deviations of what is beyond anybody's control.
        learning: None: people know the rule. A number between 0 and 1: they do not listen to the
            bank, and correct their expectation by this share of last year's surprise.
    """

    def __init__(self, natural=5.0, kappa=2.0, slip=1.0, shock=0.2, learning=None):
        if kappa == 0:
            raise ValueError("kappa cannot be 0: surprise would move unemployment without bound")
        self.natural, self.kappa, self.slip, self.shock = natural, kappa, slip, shock
        self.learning = learning

    def run(self, targets, rng, first: float | None = None) -> Years:
        """Years under a bank that aims at a target for inflation, and says so.

        Args:
            targets: `(T,)`, one for each year. first: what is expected in the first year by people
                who do not listen; default the first target.
        """
        targets = np.asarray(targets, float)
        inflation = targets + self.slip * rng.standard_normal(len(targets))
        expected = targets.copy()
        if self.learning is not None:
            expected[0] = targets[0] if first is None else first
            for t in range(1, len(targets)):
                missed = inflation[t - 1] - expected[t - 1]
                expected[t] = expected[t - 1] + self.learning * missed
        surprise = inflation - expected
        noise = self.shock * rng.standard_normal(len(targets))
        return Years(inflation, self.natural - surprise / self.kappa + noise, expected)
