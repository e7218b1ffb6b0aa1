"""Exact answers for small worlds, by linear algebra: the ruler the learners are held against.

A world (or a table model) is given as arrays, see `Maze.tables`: `P (S, A, S)`, the probability
of coming to s' and going on, and `R (S, A)`, the expected reward.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from wmlib.worlds.actions import from_index, n_actions

if TYPE_CHECKING:  # chapters 1 and 2 need no torch
    from wmlib.models.base import WorldModel


def value_iteration(
    P: np.ndarray, R: np.ndarray, gamma: float = 0.95, tolerance: float = 1e-10
) -> np.ndarray:
    """The best possible action values `(S, A)`: sweep Q = R + gamma P max Q until it rests.

    Raises:
        ValueError: if gamma is not between 0 and 1, or the values are no numbers.
    """
    return _rest(lambda q: R + gamma * P @ q.max(1), R.shape, gamma, tolerance)


def imagine_everything(
    model: WorldModel, n_states: int, gamma: float = 0.95, tolerance: float = 1e-10
) -> np.ndarray:
    """Action values `(S, A)` from a model alone: imagine every action in every state, and sweep.

    Args:
        model: any deterministic `WorldModel` with integer states and discrete actions.
        n_states: S.

    Raises:
        TypeError: for other actions. ValueError: see `value_iteration`.
    """
    import torch

    n = n_actions(model.act_space, "imagining everything")
    state = torch.arange(n_states, device="cpu").repeat_interleave(n)  # (S A,)
    every = from_index(model.act_space, torch.arange(n, device="cpu").repeat(n_states))
    nxt, rew, cont = (x.cpu() for x in model.step(state, every))
    nxt, rew, cont = nxt.numpy(), rew.double().numpy(), cont.double().numpy()
    shape = (n_states, n)
    sweep = lambda q: (rew + gamma * cont * q.max(1)[nxt]).reshape(shape)
    return _rest(sweep, shape, gamma, tolerance)


def _rest(sweep, shape, gamma, tolerance):
    """Sweep until the values change no more."""
    if not 0 <= gamma <= 1:
        raise ValueError(f"gamma must lie between 0 and 1, got {gamma}")
    q = np.zeros(shape)
    while True:
        new = sweep(q)
        if not np.isfinite(new).all():
            raise ValueError("a reward or a probability is no number: no value can be computed")
        if np.abs(new - q).max() < tolerance:
            return new
        q = new


def greedy(q: ArrayLike, epsilon: float = 0.0) -> np.ndarray:
    """Probabilities `(S, A)` of the epsilon-greedy policy, ties broken evenly."""
    q = np.asarray(q, float)
    best = np.isclose(q, q.max(1, keepdims=True), rtol=0, atol=1e-9)
    return epsilon / q.shape[1] + (1 - epsilon) * best / best.sum(1, keepdims=True)


def policy_value(
    P: np.ndarray, R: np.ndarray, policy: np.ndarray, gamma: float = 0.95
) -> np.ndarray:
    """Expected discounted return `(S,)` of a policy `(S, A)`: solves V = R_pi + gamma P_pi V."""
    P_pi, R_pi = _under(P, R, policy)
    return np.linalg.solve(np.eye(len(P)) - gamma * P_pi, R_pi)


def expected_steps(P: np.ndarray, policy: np.ndarray) -> np.ndarray:
    """Expected steps `(S,)` until the episode ends under a policy: solves T = 1 + P_pi T.

    Infinite where the policy never arrives.
    """
    P_pi, _ = _under(P, np.zeros(P.shape[:2]), policy)
    reach = np.eye(len(P), dtype=bool) | (P_pi > 0)
    for _ in range(len(P).bit_length()):  # squaring: who can come where in any number of steps
        reach = (reach.astype(float) @ reach) > 0
    can_end = P_pi.sum(1) < 1 - 1e-12
    never = ~(reach & can_end).any(1)
    sure = ~(reach & never).any(1)
    steps = np.full(len(P), np.inf)
    inside = np.ix_(sure, sure)
    steps[sure] = np.linalg.solve(np.eye(sure.sum()) - P_pi[inside], np.ones(sure.sum()))
    return steps


def _under(P, R, policy):
    return np.einsum("sa,sat->st", policy, P), (policy * R).sum(1)
