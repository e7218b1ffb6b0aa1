"""Dodge: balls are thrown at you, and you live as long as none hits."""

from __future__ import annotations

import gymnasium as gym
import numpy as np

from wmlib.worlds.pixels import PixelWorld, add_bar, add_disc, blank


class Dodge(PixelWorld):
    """Survive under falling balls, many of them aimed: +1 for every step, the last one too.

    A flat relative of VizDoom's "take cover", in which Ha & Schmidhuber (2018) trained an agent
    in its own dream.

    State `(B, 1 + 5 K)`: x of the figure, then for each of K balls: whether it is in the air (1 or
    0), x, y, and the pixels it moves a step to the right and down. Lengths in pixels.
    Actions: left, stay, right (0, 1, 2), 1.5 pixels a step. An episode terminates with a hit.
    Without `rng` no new ball is thrown.

    Args:
        balls: K, how many are in the air at most.
        rate: chance per step that one is thrown, if there is room for it.
        aim: share of balls that are thrown at where the figure stands; the others fly anywhere.
    """

    SPEED, REACH = 1.5, 2.6
    act_space = gym.spaces.Discrete(3)
    max_steps = 500

    def __init__(self, balls: int = 2, rate: float = 0.15, aim: float = 0.8):
        if balls < 1 or not 0 <= rate <= 1 or not 0 <= aim <= 1:
            raise ValueError(
                f"wanted at least 1 ball, and rate and aim between 0 and 1, "
                f"got balls={balls}, rate={rate}, aim={aim}"
            )
        self.n_balls, self.rate, self.aim = balls, rate, aim

    def initial(self, n, rng):
        state = np.zeros((n, 1 + 5 * self.n_balls))
        state[:, 0] = rng.uniform(6, 26, n)
        return state

    def balls(self, state):
        """The balls of a state: `(B, K, 5)`, see above. A view: what is written goes in."""
        return state[:, 1:].reshape(len(state), self.n_balls, 5)

    def step(self, state, action, rng=None):
        state, action = self._checked(state, action)
        state = state.copy()
        state[:, 0] = np.clip(state[:, 0] + self.SPEED * (action - 1), 2, 29)
        balls = self.balls(state)
        balls[..., 1:3] += balls[..., 3:5]
        balls[balls[..., 2] >= 33] = 0  # out of sight
        if rng is not None:
            self._throw(state, rng)
        hit = self._touch(balls, state[:, :1]).any(1)
        return state, np.ones(len(state)), hit

    def draw(self, state):
        image = blank(len(state))
        add_bar(image, state[:, 0], y=29.5, half_width=2.2, half_height=2, brightness=0.6)
        balls = self.balls(state)
        for k in range(self.n_balls):
            which = np.flatnonzero(balls[:, k, 0])
            add_disc(image, balls[which, k, 1], balls[which, k, 2], radius=2.2, which=which)
        return image

    def _throw(self, state, rng):
        """Some get one more ball, from the top, in its first free place."""
        balls = self.balls(state)
        free = balls[..., 0] == 0
        who = np.flatnonzero((rng.random(len(state)) < self.rate) & free.any(1))
        n = len(who)
        x, fall = rng.uniform(2, 30, n), rng.uniform(0.9, 1.5, n)
        aimed = rng.random(n) < self.aim
        target = np.where(aimed, state[who, 0], rng.uniform(2, 30, n))
        drift = (target - x) / 28 * fall
        new = np.stack([np.ones(n), x, np.ones(n), drift, fall], axis=1)
        balls[who, free[who].argmax(1)] = new

    def _touch(self, balls, x):
        near = (np.abs(balls[..., 1] - x) < self.REACH) & (np.abs(balls[..., 2] - 29.5) < 1.8)
        return near & (balls[..., 0] > 0)


def evade(state):
    """The scripted dodger, which sees the true state. Actions `(B,)`.

    Weighs three places (left, here, right) by how near the balls of the next 9 steps will come
    down to them, and prefers the middle a little.
    """
    figure = state[:, :1]
    balls = state[:, 1:].reshape(len(state), -1, 5)
    until = np.maximum(29.5 - balls[..., 2], 0) / np.maximum(balls[..., 4], 0.1)
    lands = balls[..., 1] + balls[..., 3] * until
    soon = (balls[..., 0] > 0) & (until < 9)
    danger = []
    for way in (-1, 0, 1):
        x = np.clip(figure + 4.5 * way, 2, 29)
        worst = (soon * np.exp(-0.5 * ((lands - x) / 3) ** 2)).max(1)
        danger.append(worst + 0.002 * np.abs(x[:, 0] - 15.5) / 15 - 0.001 * (way == 0))
    return np.argmin(np.stack(danger, axis=1), axis=1)
