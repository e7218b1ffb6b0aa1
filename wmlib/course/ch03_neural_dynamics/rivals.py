"""What else could be fitted to the same rows: least squares on products, and a Gaussian process.

They answer the questions that `error_by_horizon` asks of a model, and no others.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from types import SimpleNamespace

import numpy as np
import torch

from wmlib.devices import new_rng


class Regression:
    """Change of the observation = some function of (observation, action). Children say which.

    Observations `(B, D)`; actions `(B,)` of two kinds, 0 and 1, or `(B, A)`.
    """

    def change(self, obs: np.ndarray, act: np.ndarray) -> np.ndarray:
        """Predicted changes `(B, D)`."""
        raise NotImplementedError

    def start(self, obs):
        """States are observations, in double precision."""
        return torch.as_tensor(np.asarray(obs, float))

    def step(self, state, action):
        """One step; `.state` is the next one."""
        moved = self.change(np.asarray(state), np.asarray(action))
        return SimpleNamespace(state=(state + torch.as_tensor(moved)).clamp(-1e6, 1e6))

    def imagine(self, state, actions, horizon=None):
        """`.states`: H + 1 of them, along actions `(B, H, ...)`."""
        states = [state]
        for k in range(actions.shape[1]):
            states.append(self.step(states[-1], actions[:, k]).state)
        return SimpleNamespace(states=states)

    def decode(self, state):
        """What is seen of a state: the state."""
        return state


def numbers_of(obs, act):
    """Observation and action side by side, `(B, D + A)`; pushes left and right are -1 and 1."""
    act = np.asarray(act)
    act = 2.0 * act[:, None] - 1 if act.ndim == 1 else act.astype(float)
    return np.hstack([np.asarray(obs, float), act])


class MeanChange(Regression):
    """Whatever is seen and done: the average change of the training rows."""

    def __init__(self, data):
        self.mean = (data.next_obs - data.obs).mean(0)

    def change(self, obs, act):
        return np.tile(self.mean, (len(obs), 1))


class LeastSquares(Regression):
    """A weighted sum of columns, fitted by least squares.

    Args:
        data: Transitions. columns: `(obs, act) -> (B, F)`.
    """

    def __init__(self, data, columns, ridge: float = 1e-6):
        self.columns = columns
        x = columns(data.obs, data.act)  # (N, F)
        self.scale = np.where(x.std(0) > 1e-9, x.std(0), 1)
        x = x / self.scale
        y = (data.next_obs - data.obs).astype(float)  # (N, D)
        self.weight = np.linalg.solve(x.T @ x + ridge * np.identity(x.shape[1]), x.T @ y)  # (F, D)

    def change(self, obs, act):
        return self.columns(obs, act) / self.scale @ self.weight


def products(degree):
    """Columns: 1 and all products of up to `degree` of the numbers in observation and action."""

    def columns(obs, act):
        z = numbers_of(obs, act)
        chosen = (combinations_with_replacement(range(z.shape[1]), d) for d in range(1, degree + 1))
        made = [z[:, list(c)].prod(axis=1) for of_degree in chosen for c in of_degree]
        return np.stack([np.ones(len(z)), *made], axis=1)

    return columns


def chosen_products(*pairs):
    """Columns: 1, observation and action, and the products of the given pairs of features."""

    def columns(obs, act):
        z = numbers_of(obs, act)
        made = [z[:, i] * z[:, j] for i, j in pairs]
        return np.column_stack([np.ones(len(z)), z, *made])

    return columns


def cartpole_terms(obs, act):
    """Six terms that somebody who knows the mechanics of a pole would write down: `(B, 6)`."""
    velocity, angle, turning = np.asarray(obs, float)[:, 1:].T
    push = 2.0 * np.asarray(act) - 1
    sin, cos = np.sin(angle), np.cos(angle)
    return np.stack([velocity, turning, sin, cos * push, push, turning**2 * sin * cos], axis=1)


class GaussianProcess(Regression):
    """Each change a Gaussian process with its own length for every input (RBF kernel).

    Lengths, height and noise maximise the likelihood of `few` of the rows; all rows predict.
    PILCO (Deisenroth & Rasmussen 2011) models dynamics so.
    """

    def __init__(self, data, few: int = 200, updates: int = 50):
        raw, moved = numbers_of(data.obs, data.act), (data.next_obs - data.obs).astype(float)
        self.mean, self.std = raw.mean(0), raw.std(0)
        self.out_mean, self.out_std = moved.mean(0), moved.std(0)
        self.x = torch.as_tensor((raw - self.mean) / self.std)  # (N, F)
        y = torch.as_tensor((moved - self.out_mean) / self.out_std).T[..., None]  # (D, N, 1)
        ones = torch.ones(len(y), self.x.shape[1], dtype=torch.float64)
        self.log = [ones, ones[:, 0].clone(), -3 * ones[:, 0]]  # lengths, height, noise
        for setting in self.log:
            setting.requires_grad_()
        rows = new_rng(0).permutation(len(raw))[:few]
        optimiser = torch.optim.Adam(self.log, lr=0.15)
        for _ in range(updates):
            root = self._root(self.x[rows])
            solved = torch.cholesky_solve(y[:, rows], root)
            cost = (y[:, rows] * solved).sum() / 2 + root.diagonal(0, 1, 2).log().sum()
            optimiser.zero_grad()
            cost.backward()
            optimiser.step()
            self.log[2].data.clamp_(min=-7)
        with torch.no_grad():
            self.solved = torch.cholesky_solve(y, self._root(self.x))  # (D, N, 1)

    def _kernel(self, a, b):
        """Likeness of inputs `(N, F)` and `(M, F)` for each output: `(D, N, M)`."""
        a, b = (x / self.log[0].exp()[:, None] for x in (a, b))
        square = (a**2).sum(-1)[:, :, None] + (b**2).sum(-1)[:, None] - 2 * a @ b.transpose(1, 2)
        return (2 * self.log[1]).exp()[:, None, None] * torch.exp(-square.clamp(min=0) / 2)

    def _root(self, x):
        noise = (2 * self.log[2]).exp()[:, None, None] + 1e-9
        return torch.linalg.cholesky(
            self._kernel(x, x) + noise * torch.diag(torch.ones(len(x), dtype=x.dtype))
        )

    @torch.no_grad()
    def change(self, obs, act):
        x = torch.as_tensor((numbers_of(obs, act) - self.mean) / self.std)
        out = (self._kernel(x, self.x) @ self.solved)[..., 0].T.numpy()  # (B, D)
        return out * self.out_std + self.out_mean


def threshold(seen, ended):
    """The best rule of one feature: `(feature, limit)`; ended where |feature| >= limit.

    Args:
        seen: `(N, D)` states that were reached. ended: `(N,)` bool.
    """
    size = np.abs(seen)
    tried = [(j, limit) for j in range(size.shape[1]) for limit in np.unique(size[:, j])]
    return max(tried, key=lambda rule: ((size[:, rule[0]] >= rule[1]) == ended).mean())
