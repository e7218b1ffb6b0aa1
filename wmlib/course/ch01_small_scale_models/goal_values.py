"""Values for every goal at once, and successor features: what model-free agents can be told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wmlib.course.ch01_small_scale_models.agents import Row


def all_goals(
    rows: Sequence[Row], n_states: int, sweeps: int = 5, gamma: float = 0.95
) -> np.ndarray:
    """Action values `(G, S, A)` of every cell as a goal, by Q-learning on relabelled steps.

    Each step is used for all goals: it paid 1 for the goal in which it ended, and 0 for the others.
    Kaelbling 1993; relabelling in hindsight: Andrychowicz et al. 2017. Step size 1.

    Args:
        rows: real steps, in order; they are replayed backwards. n_states: S, also G.
        sweeps: how often. gamma: discount.
    """
    values = np.zeros((n_states, n_states, 4))
    for _ in range(sweeps):
        for s, a, _, nxt, terminated in reversed(rows):
            later = 0.0 if terminated else gamma * values[:, nxt].max(1)  # (G,)
            values[:, s, a] = later
            values[nxt, s, a] = 1.0
    return values


def successor_features(
    rows: Sequence[Row], n_states: int, sweeps: int = 20, gamma: float = 0.95
) -> np.ndarray:
    """Discounted visits `(S, A, S)` that a random walk pays to each cell after an action.

    Dayan 1993; Barreto et al. 2017, with one-hot features and one policy. A wish is a vector of
    rewards `w (S,)`, and its action values are `features @ w`.

    Args:
        rows, n_states, gamma: as for `all_goals`. sweeps: how often the steps are replayed.
    """
    visits = np.zeros((n_states, 4, n_states))
    for _ in range(sweeps):
        for s, a, _, nxt, terminated in reversed(rows):
            visits[s, a] = 0.0 if terminated else gamma * visits[nxt].mean(0)
            visits[s, a, nxt] += 1.0
    return visits


def read_model(values: np.ndarray) -> np.ndarray:
    """The next cell `(S, A)` that values `(G, S, A)` say: the goal that is worth most."""
    return values.argmax(0)


def steps_between(values: np.ndarray, gamma: float = 0.95) -> np.ndarray:
    """Steps `(S, G)` from each cell to each goal, as the values `(G, S, A)` say; inf: no way."""
    best = values.max(2).T  # (S, G)
    with np.errstate(divide="ignore"):
        steps = np.where(best > 0, 1 + np.log(best) / np.log(gamma), np.inf)
    np.fill_diagonal(steps, 0)
    return steps


def waypoint(steps: np.ndarray, here: int, goal: int, wet: int) -> int | None:
    """A cell over which to go, so that no shortest way to it and on from it enters `wet`.

    Args:
        steps: `(S, G)` from `steps_between`. here, goal, wet: cells.
    """
    dry_to = steps[here, wet] + steps[wet] > steps[here] + 0.5  # (S,)
    dry_on = steps[:, wet] + steps[wet, goal] > steps[:, goal] + 0.5
    total = np.where(dry_to & dry_on, steps[here] + steps[:, goal], np.inf)
    total[wet] = np.inf
    return None if np.isinf(total.min()) else int(total.argmin())
