"""Exact answers for small worlds, by linear algebra: the ruler the learners are held against.

A world (or a table model) is given as arrays, see `Maze.tables`: `P (S, A, S)`, the probability
of coming to s' and going on, and `R (S, A)`, the expected reward.
"""

from __future__ import annotations

import numpy as np


def value_iteration(P, R, gamma: float = 0.95, tolerance: float = 1e-10) -> np.ndarray:
    """The best possible action values `(S, A)`: sweep Q = R + gamma P max Q until it rests."""
    q = np.zeros(R.shape)
    while True:
        new = R + gamma * P @ q.max(1)
        if np.abs(new - q).max() < tolerance:
            return new
        q = new


def imagine_everything(model, n_states: int, gamma: float = 0.95, tolerance: float = 1e-10):
    """Action values `(S, A)` from a model alone: imagine every action in every state, and sweep.

    Args:
        model: any deterministic `WorldModel` with integer states and discrete actions.
        n_states: S.
    """
    import torch

    n_actions = int(model.act_space.n)
    state = torch.arange(n_states).repeat_interleave(n_actions)
    nxt, rew, cont = model.step(state, torch.arange(n_actions).repeat(n_states))
    nxt, rew, cont = nxt.numpy(), rew.double().numpy(), cont.double().numpy()
    q = np.zeros((n_states, n_actions))
    while True:
        new = (rew + gamma * cont * q.max(1)[nxt]).reshape(q.shape)
        if np.abs(new - q).max() < tolerance:
            return new
        q = new


def greedy(q, epsilon: float = 0.0) -> np.ndarray:
    """Probabilities `(S, A)` of the epsilon-greedy policy, ties broken evenly."""
    q = np.asarray(q, float)
    best = np.isclose(q, q.max(1, keepdims=True), rtol=0, atol=1e-9)
    return epsilon / q.shape[1] + (1 - epsilon) * best / best.sum(1, keepdims=True)


def policy_value(P, R, policy, gamma: float = 0.95) -> np.ndarray:
    """Expected discounted return `(S,)` of a policy `(S, A)`: solves V = R_pi + gamma P_pi V."""
    P_pi, R_pi = _under(P, R, policy)
    return np.linalg.solve(np.eye(len(P)) - gamma * P_pi, R_pi)


def expected_steps(P, policy) -> np.ndarray:
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
