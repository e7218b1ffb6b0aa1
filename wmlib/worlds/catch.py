"""Catch: a ball drifts down, a bar at the bottom has to be under it."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
from numpy.typing import ArrayLike

from wmlib.worlds.pixels import SIZE, PixelWorld, add_bar, add_disc, blank


class Catch(PixelWorld):
    """Five balls fall, one after the other: +1 for each that is caught, -1 for each that is not.

    State `(B, 5)`: x of the bar; x and y of the ball; its sideways drift; balls left. Lengths in
    pixels. Actions: left, stay, right (0, 1, 2), 1.5 pixels a step.
    A ball falls 1.2 pixels a step, drifts by up to 0.6, and turns at the sides; 25 steps after it
    appeared it is down, and is caught if the bar's middle is within 3.5 pixels. An episode
    terminates with the fifth ball. Without `rng` the next ball falls straight down the middle.
    """

    SPEED, FALL, DRIFT, REACH, BALLS = 1.5, 1.2, 0.6, 3.5, 5
    FLOOR = 29.0
    act_space = gym.spaces.Discrete(3)
    max_steps = 500

    def initial(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return np.stack(
            [np.full(n, 15.5), *self._new_balls(n, rng), np.full(n, self.BALLS, float)], axis=1
        )

    def step(
        self, state: np.ndarray, action: np.ndarray, rng: np.random.Generator | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        state, action = self._checked(state, action)
        bar, x, y, drift, left = state.T
        bar = np.clip(bar + self.SPEED * (action - 1), 2, 29)
        x, y = x + drift, y + self.FALL
        drift = np.where((x < 2) | (x > 29), -drift, drift)
        down = y >= self.FLOOR
        rew = np.where(down, np.where(np.abs(x - bar) < self.REACH, 1.0, -1.0), 0.0)
        left = left - down
        if down.any():
            x[down], y[down], drift[down] = self._new_balls(int(down.sum()), rng)
        return np.stack([bar, x, y, drift, left], axis=1), rew, left <= 0

    def draw(self, state: np.ndarray) -> np.ndarray:
        image = blank(len(state))
        add_bar(image, state[:, 0], y=29.5, half_width=3.2, half_height=1.5, brightness=0.6)
        add_disc(image, state[:, 1], state[:, 2], radius=2.2)
        return image

    def _new_balls(self, n, rng):
        """Where balls appear: x, y, drift, each `(n,)`."""
        if rng is None:
            return np.full(n, 16.0), np.zeros(n), np.zeros(n)
        return rng.uniform(3, 29, n), np.zeros(n), rng.uniform(-self.DRIFT, self.DRIFT, n)


def follow(state: np.ndarray) -> np.ndarray:
    """The scripted catcher, which sees the true state: go where the ball is. Actions `(B,)`."""
    away = state[:, 1] - state[:, 0]
    return np.where(np.abs(away) < 0.75, 1, np.where(away > 0, 2, 0))


def ball_in(frames: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Where the ball is in pictures, real or imagined, to a fraction of a pixel.

    Args:
        frames: `(..., 32, 32)`, bytes up to 255 or floats up to 1, arrays or CPU tensors.

    Returns:
        `(..., 2)` x and y: the centre of the squared brightness above the bar (of a picture with
        nothing in it: the middle), and `(...)` bool: whether a ball is to be seen there, whole.
    """
    light = _light(frames)[..., :29, :]
    whole = light[..., 2:26, :].max((-2, -1)) > 0.6
    return _centre(light), whole


def bar_in(frames: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Where the bar's middle is in pictures; frames as in `ball_in`.

    Returns:
        x `(...)`, and `(...)` bool: whether the bar is alone there. A ball that has come down to it
        is read as a part of it.
    """
    light = _light(frames)
    alone = light[..., 27:29, :].max((-2, -1)) < 0.35
    return _centre(light[..., 29:31, :])[..., 0], alone


def _light(frames):
    frames = np.asarray(frames)
    if frames.shape[-2:] != (SIZE, SIZE):
        raise ValueError(f"wanted pictures (..., {SIZE}, {SIZE}), got shape {frames.shape}")
    return frames / np.float32(255) if frames.dtype == np.uint8 else frames.astype(np.float32)


def _centre(light):
    weight = light.astype(np.float64) ** 2 + 1e-8
    total = weight.sum((-2, -1))
    x = (weight.sum(-2) * np.arange(light.shape[-1])).sum(-1) / total
    y = (weight.sum(-1) * np.arange(light.shape[-2])).sum(-1) / total
    return np.stack([x, y], axis=-1)
