"""Chapter 7's rivals without a model: Q-learning on four frames, a search over linear policies, LQR."""

from __future__ import annotations

import copy
import time
from itertools import islice

import numpy as np
import torch
from torch import nn
from torch.nn.functional import smooth_l1_loss

from wmlib.acting import play
from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.course.ch07_dreamer.study import CHECKS, STEPS
from wmlib.devices import building, new_rng
from wmlib.evaluation import evaluate
from wmlib.models.convs import Encoder
from wmlib.training import improve
from wmlib.worlds import CartPole

FRAMES = 4


class Stacked:
    """Acts on the last four frames: `net (B, 4, 32, 32) -> (B, 2)`, the larger number is done."""

    def __init__(self, net):
        self.net, self.frames = net, None

    def begin(self, obs):
        """A new batch of episodes: no frame before."""
        self.frames = None

    def keep(self, mask):
        """Go on with some of the episodes only."""
        self.frames = self.frames[mask]

    def stack(self, obs, first=None):
        """The last four frames `(B, 4, 32, 32)`; at the beginning the first one four times."""
        if self.frames is None:
            first = np.ones(len(obs), bool)
            self.frames = np.zeros((len(obs), FRAMES, 32, 32), np.uint8)
        self.frames = np.concatenate([self.frames[:, 1:], obs], 1)
        if first is not None and first.any():
            self.frames[first] = obs[first]
        return self.frames

    @torch.no_grad()
    def act(self, obs, first=None):
        """Actions `(B,)` for pictures `(B, 1, 32, 32)`."""
        return self.net(floats(self.stack(obs, first))).argmax(1).numpy()


def floats(frames):
    """Bytes as a network reads them."""
    return torch.as_tensor(frames).float() / 255


class StackedQ:
    """Double Q-learning (van Hasselt et al. 2016) on four frames, with returns over five steps.

    It lives as long as Dreamer in as many copies of the world, and is examined at the same checks.
    As with Dreamer the learning rate falls from half-way on, and who is examined is an average.

    Args:
        seed: everything random comes from it. copies, every: as Dreamer's. updates: batches of 64
            after every `every` steps. slow: share by which the average follows.
    """

    AHEAD, GAMMA, PREFILL, EXPLORE = 5, 0.995, 1000, 6000  # steps of a return; then real steps

    def __init__(self, seed, copies=8, every=24, updates=4, lr=5e-4, slow=0.01):
        self.rng, self.copies, self.every = new_rng(seed), copies, every
        self.updates, self.lr, self.slow = updates, lr, slow
        with building(seed):
            encoder = Encoder(128, channels=FRAMES, width=8)
            self.net = nn.Sequential(encoder, nn.SiLU(), nn.Linear(128, 2))
        self.ema = copy.deepcopy(self.net)
        self.optimiser = torch.optim.Adam(self.net.parameters(), lr=lr, fused=True)
        rows = (STEPS // copies + 1, copies)
        self.seen = np.zeros((*rows, FRAMES, 32, 32), np.uint8)
        self.next = np.zeros_like(self.seen[:, :, 0])
        self.act, self.end, self.over = (
            np.zeros(rows, int),
            np.zeros(rows, bool),
            np.zeros(rows, bool),
        )

    def learn(self, seed, checks=CHECKS):
        """All steps; at each check 16 fresh episodes. Returns mean returns, processor seconds."""
        begun, asked, means, player = time.process_time(), 0.0, [], Stacked(self.net)
        explorer = lambda obs, first: self._explore(player.stack(obs, first))  # noqa: E731
        self.t, playing = 0, play(PixelCartPole(), explorer, copies=self.copies, rng=self.rng)
        for step in islice(playing, len(self.seen)):
            self.act[self.t], self.end[self.t], self.over[self.t] = (
                step.act,
                step.terminated,
                step.over,
            )
            self.next[self.t] = step.next_obs[:, 0]
            self.t += 1
            steps = self.t * self.copies
            if steps > self.PREFILL and steps % self.every == 0:
                for _ in range(self.updates):
                    self._update(self.lr * min(1, max(0.1, 2 * (1 - steps / STEPS))))
            if len(means) < len(checks) and steps >= checks[len(means)]:
                now, k = time.process_time(), len(means)
                agent = Stacked(self.ema)
                means.append(evaluate(PixelCartPole(), agent, 16, seed=[seed, 2, k]).returns.mean())
                asked += time.process_time() - now
        return means, time.process_time() - begun - asked

    def _explore(self, frames):
        self.seen[self.t] = frames
        with torch.no_grad():
            act = self.net(floats(frames)).argmax(1).numpy()
        stray = self.rng.random(len(act)) < max(0.02, 1 - self.t * self.copies / self.EXPLORE)
        return np.where(stray, self.rng.integers(2, size=len(act)), act)

    def _update(self, lr, batch=64):
        t = self.rng.integers(self.t - self.AHEAD, size=batch)
        c = self.rng.integers(self.copies, size=batch)
        returns, discount, last = np.zeros(batch), np.ones(batch), t.copy()
        alive, goes_on = np.ones(batch, bool), np.ones(batch)
        for ahead in range(self.AHEAD):
            at = np.where(alive, t + ahead, last), c
            returns += alive * discount
            discount = np.where(alive, self.GAMMA * discount, discount)
            goes_on, last = np.where(alive & self.end[at], 0.0, goes_on), at[0]
            alive = alive & ~self.over[at]
        now = floats(self.seen[t, c])  # (64, 4, 32, 32)
        then = floats(np.concatenate([self.seen[last, c][:, 1:], self.next[last, c][:, None]], 1))
        with torch.no_grad():
            best = self.net(then).argmax(1, keepdim=True)  # (64, 1)
            after = self.ema(then).gather(1, best)[:, 0]
            goal = (
                torch.as_tensor(returns).float()
                + torch.as_tensor(discount * goes_on).float() * after
            )
        said = self.net(now).gather(1, torch.as_tensor(self.act[t, c])[:, None])[:, 0]
        self.optimiser.param_groups[0]["lr"] = lr
        improve(self.optimiser, smooth_l1_loss(said, goal), 10.0)
        with torch.no_grad():
            for average, weight in zip(self.ema.parameters(), self.net.parameters()):
                average.lerp_(weight, self.slow)


class Linear:
    """Pushes where a weighted sum points: of the present frame's components, and their change.

    Args:
        weight: `(2 P,)`, or `(B, 2 P)`, one for each episode. basis: `(1024, P)`. mean: `(1024,)`.
    """

    def __init__(self, weight, basis, mean):
        self.weight, self.basis, self.mean, self.rows = weight, basis, mean, None

    def begin(self, obs):
        """A new batch of episodes."""
        self.rows = None

    def keep(self, mask):
        """Go on with some of the episodes only."""
        self.rows = self.rows[mask]
        self.weight = self.weight[mask] if self.weight.ndim == 2 else self.weight

    def act(self, obs, first=None):
        """Actions `(B,)` for pictures `(B, 1, 32, 32)`."""
        now = ((obs.reshape(len(obs), -1) / 255 - self.mean) @ self.basis)[:, None]  # (B, 1, P)
        before = np.repeat(now, 2, 1) if self.rows is None else self.rows
        self.rows = np.concatenate([before, now], 1)[:, -3:]
        change = self.rows[:, -1] - self.rows[:, 0]  # over two steps
        feat = np.concatenate([self.rows[:, -1], change], 1)  # (B, 2 P)
        return ((feat * self.weight).sum(1) > 0).astype(int)


def searched(seed, components=4, first=1000, copies=16, elites=4):
    """The cross-entropy method over `Linear` policies, within Dreamer's real steps.

    Principal components of the frames of `first` random steps; then generations of 16 policies,
    an episode each, all of whose steps count. Returns figures: the mean policy on fresh episodes.
    """
    rng = new_rng(seed)
    seen = [s.obs for s in islice(play(PixelCartPole(), copies=8, rng=rng), first // 8)]
    frames = np.concatenate(seen).reshape(-1, 1024) / 255
    mean = frames.mean(0)
    _, size, axes = np.linalg.svd(frames - mean, full_matrices=False)
    basis = axes[:components].T / (size[:components] / len(frames) ** 0.5)
    unit = np.repeat([1.0, 10.0], components)  # a change over two steps is about a tenth as large
    centre, spread, steps = np.zeros_like(unit), unit, first
    while True:
        weights = centre + spread * rng.normal(size=(copies, len(unit)))
        agent = Linear(weights, basis, mean)
        found = evaluate(PixelCartPole(), agent, copies, seed=int(rng.integers(2**31))).returns
        if steps + found.sum() > STEPS:  # nothing is learned from what goes beyond
            break
        steps += int(found.sum())
        best = weights[np.argsort(-found)[:elites]]
        centre, spread = best.mean(0), best.std(0) + 0.05 * unit
    fresh = evaluate(
        PixelCartPole(), Linear(centre, basis, mean), 16, seed=[seed, 2]
    ).returns.mean()
    return {"last_five": fresh, "actor": fresh}


def regulator(seed, steps=200):
    """A linear model of CartPole's four numbers, fitted to random steps, and its LQR: `obs -> push`.

    Returns:
        agent: pushes to the side on which the force lies that would be best without a limit.
    """
    rng = new_rng(seed)
    seen = list(islice(play(CartPole(), rng=rng), steps))
    now = np.stack([np.r_[s.state[0], 2.0 * s.act[0] - 1] for s in seen])  # (200, 5)
    then = np.stack([s.next_state[0] for s in seen])  # (200, 4)
    fit = np.linalg.lstsq(now, then, rcond=None)[0].T  # (4, 5)
    A, B, cost = fit[:, :4], fit[:, 4:], np.identity(4)
    worth = cost
    for _ in range(500):  # Riccati's recursion
        gain = np.linalg.solve(0.1 + B.T @ worth @ B, B.T @ worth @ A)  # (1, 4)
        worth = cost + A.T @ worth @ (A - B @ gain)
    return lambda obs: (-(obs @ gain.T)[:, 0] > 0).astype(int)
