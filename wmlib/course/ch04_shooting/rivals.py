"""What an expert would try first, with the same rows and the same information as the planner.

On a linear model no search is needed: the linear-quadratic regulator (`lqr`). Where nothing but
the reward is given, random linear policies (`best_policy`). To hold an angle, feedback (`Feedback`).
For the pendulum, least squares on products (`Products`). DQN's rivals are in `relabelled`.
"""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import torch

from wmlib.acting import play
from wmlib.devices import new_rng
from wmlib.experience import Transitions
from wmlib.models import LinearDynamics
from wmlib.models.base import Rollout, Step
from wmlib.planning.goals import ANGLE_LIMIT, X_LIMIT
from wmlib.worlds import CartPole, Pendulum

# --- a linear model needs no search ---


def linear_system(data: Transitions) -> tuple[np.ndarray, np.ndarray]:
    """A `(4, 4)` and B `(4, 1)` of s' = A s + B u by least squares; u is -1 (left) or 1."""
    weight = LinearDynamics(4, CartPole.act_space).fit(data).weight.double().numpy()  # (7, 5)
    return np.identity(4) + weight[:4, :4].T, (weight[5:6, :4] - weight[4:5, :4]).T / 2


def riccati(a, b, q, r, steps: int = 2000) -> np.ndarray:
    """The gain K `(1, 4)` of u = -K s that costs least: sum of s' Q s + u' R u."""
    p = q
    for _ in range(steps):
        k = np.linalg.solve(r + b.T @ p @ b, b.T @ p @ a)
        p = q + a.T @ p @ (a - b @ k)
    return k


def lqr(data: Transitions, place: float = 0.0, lean: float = 0.5, effort: float = 1e-2):
    """The linear-quadratic regulator (Kalman 1960) for a quadratic score, as `obs -> actions`.

    Args:
        data: rows that the linear model is fitted to.
        place: where the cart should stand (m). lean: weight of the angle in the score.
        effort: R. The push has one size, so only the sign of u counts.
    """
    a, b = linear_system(data)
    q = np.diag([0.5 / X_LIMIT**2, 0.0, lean / ANGLE_LIMIT**2, 0.0])
    k = riccati(a, b, q, np.array([[effort]]))
    aim = np.array([place, 0.0, 0.0, 0.0])

    def act(obs):
        off = np.asarray(obs, float) - aim
        off[:, 0] = np.clip(off[:, 0], -0.5, 0.5)  # far away it goes there at a steady lean
        return (-(off @ k.T)[:, 0] > 0).astype(int)

    return act


# --- nothing is given: guess a policy ---


class Policy:
    """Push right where w . obs > 0. Left and right are mirror images by construction."""

    def __init__(self, weight):
        self.weight = weight  # (4,)

    def __call__(self, obs):
        return (np.asarray(obs) @ self.weight > 0).astype(int)


def best_policy(seed, limit: int, every: int = 50, spread: float = 0.5):
    """A learner that guesses linear policies near the best so far, one episode each.

    A guess that lasts at least as long as the best takes its place, so that one lucky episode
    does not keep a place for ever. Yields (real steps so far, agent), as `study.model_free` does.
    """
    rng, world = new_rng([seed, 4]), CartPole()
    best, longest, steps, checked, new = np.zeros(4), 0, 0, 0, False
    while steps < limit:
        weight, length = best + spread * rng.normal(size=4), 0
        for taken in play(world, Policy(weight), rng=rng):
            length += 1
            if taken.over[0] or steps + length >= limit:
                break
        steps += length
        if length >= longest:
            best, longest, new = weight / np.linalg.norm(weight), length, True
        if new and steps >= checked + every:
            checked, new = steps, False
            yield steps, Policy(best)
    yield steps, Policy(best)


# --- the pendulum: least squares on products, and feedback ---


class Products:
    """Change of observation and reward by least squares on products of up to three numbers.

    Answers a planner's questions as a model does. States are observations `(B, 3)`.
    """

    act_space, has_reward = Pendulum.act_space, True

    chosen = torch.tensor(list(combinations_with_replacement(range(5), 3))).T  # (3, 35)

    def __init__(self, data: Transitions):
        obs, act = torch.tensor(data.obs), torch.tensor(data.act)
        wanted = torch.cat([torch.tensor(data.next_obs) - obs, torch.tensor(data.rew)[:, None]], 1)
        x = self._columns(obs, act).double()  # (N, 35)
        self.weight = torch.linalg.lstsq(x, wanted.double()).solution.float()  # (35, 4)

    def start(self, obs, generator=None):
        """Observations as a tensor `(B, 3)`."""
        return torch.as_tensor(np.asarray(obs, np.float32))

    def observe(self, state, action, obs, first=None, generator=None):
        """What was seen, as `start` takes it."""
        return self.start(obs)

    def step(self, state, action, generator=None):
        """Next states `(B, 3)`, rewards and continues `(B,)`; kept on the circle, as data are."""
        out = self._columns(state, action) @ self.weight  # (B, 4)
        nxt = state + out[:, :3]
        circle = nxt[:, :2] / nxt[:, :2].norm(dim=1, keepdim=True).clamp_min(1e-3)
        nxt = torch.cat([circle, nxt[:, 2:].clamp(-8, 8)], dim=1)
        return Step(nxt, out[:, 3], torch.ones(len(nxt)))

    def imagine(self, state, actions, generator=None):
        """Plans `(B, H, 1)` from states `(B, 3)`."""
        states, rews = [state], []
        for t in range(actions.shape[1]):
            state, rew, _ = self.step(state, actions[:, t])
            states.append(state)
            rews.append(rew)
        rew = torch.stack(rews, dim=1)
        return Rollout(states, actions, rew, torch.ones_like(rew))

    def _columns(self, obs, act):
        x = torch.cat([torch.ones(len(obs), 1), obs, act.reshape(len(obs), 1)], dim=1)  # (B, 5)
        a, b, c = self.chosen
        return x[:, a] * x[:, b] * x[:, c]  # (B, 35)


class Feedback:
    """Hold an angle without a model: torque from how far off it is, how fast, and for how long.

    The integral finds the torque that gravity asks for (a PID controller). The wanted angle moves
    to its place in 20 steps. Its gains were found by trials in the world itself.

    Args:
        angle: to be held (rad).
    """

    def __init__(self, angle: float, gains: tuple[float, float, float] = (20.0, 4.0, 1.0)):
        self.angle, self.gains = angle, gains

    def begin(self, obs):
        """The wanted angle begins at the top, the integral at 0."""
        self.total, self.wanted = np.zeros(len(obs)), 0.0

    def act(self, obs):
        """Torques `(B, 1)` for observations `(B, 3)`."""
        self.wanted = min(self.wanted + self.angle / 20, self.angle)
        off = self.wanted - np.arctan2(obs[:, 1], obs[:, 0])
        p, d, i = self.gains
        torque = p * off - d * obs[:, 2] + i * self.total
        self.total += np.where(abs(torque) < 2, off, 0)  # not while the motor is at its limit
        return np.clip(torque, -2, 2)[:, None].astype(np.float32)


def torque(value: float | None, seed: int = 0):
    """Trivial agents of the pendulum: always this torque; None draws one at random."""
    rng = new_rng([seed, 6])

    def act(obs):
        drawn = (
            rng.uniform(-2, 2, (len(obs), 1)) if value is None else np.full((len(obs), 1), value)
        )
        return drawn.astype(np.float32)

    return act
