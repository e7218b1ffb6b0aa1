"""A ball that bounces in a room and passes behind a wall: the smallest world that asks for memory.

While the ball is behind the wall no picture shows it, and yet it is somewhere. With `turn` it may
turn round back there, and then nobody can know on which side it will come out: a model has to
believe in two places at once.
"""

from __future__ import annotations

import gymnasium as gym
import numpy as np

from wmlib.worlds.pixels import PixelWorld, add_disc, blank


class HiddenBall(PixelWorld):
    """Nothing can be done here but to watch, and to say where the ball is.

    State `(B, 4)`: x, y, and the pixels a step to the right and down, 1.2 in all. The ball turns
    at the sides of the room. Its only action is 0, the reward is 0, and an episode is cut after
    200 steps. Without `rng` the ball never turns behind the wall.

    Args:
        wall: columns (from, up to but without) that the wall covers, from floor to ceiling.
        turn: chance that a ball which passes the middle of the wall turns round there.
    """

    SPEED, RADIUS, WALL = 1.2, 2.7, 0.35  # WALL: its brightness
    act_space = gym.spaces.Discrete(1)
    max_steps = 200

    def __init__(self, wall: tuple[int, int] = (11, 21), turn: float = 0.0):
        if not 0 <= wall[0] < wall[1] <= 32:
            raise ValueError(
                f"wall covers columns (from, to) with 0 <= from < to <= 32, got {wall}"
            )
        if not 0 <= turn <= 1:
            raise ValueError(f"turn is a probability between 0 and 1, got {turn}")
        self.wall, self.turn = wall, turn

    def initial(self, n, rng):
        way = rng.uniform(0, 2 * np.pi, n)
        place = rng.uniform(3, 29, (2, n))
        return np.stack([*place, self.SPEED * np.cos(way), self.SPEED * np.sin(way)], axis=1)

    def step(self, state, action, rng=None):
        state, _ = self._checked(state, action)
        place, speed = state[:, :2] + state[:, 2:], state[:, 2:].copy()
        speed[(place < 2) | (place > 29)] *= -1
        if rng is not None and self.turn:
            middle = (self.wall[0] + self.wall[1] - 1) / 2
            passes = (state[:, 0] < middle) != (place[:, 0] < middle)
            turns = passes & (rng.random(len(state)) < self.turn)
            place[turns, 0], speed[turns, 0] = state[turns, 0], -speed[turns, 0]
        nxt = np.concatenate([np.clip(place, 2, 29), speed], axis=1)
        return nxt, np.zeros(len(nxt)), np.zeros(len(nxt), bool)

    def draw(self, state):
        image = blank(len(state))
        add_disc(image, state[:, 0], state[:, 1], self.RADIUS)
        image[:, :, slice(*self.wall)] = self.WALL
        return image

    def hidden(self, state):
        """Whether no pixel of the ball is to be seen: `(B,)` bool."""
        x, (start, end) = np.asarray(state)[:, 0], self.wall
        return (x - self.RADIUS >= start - 1) & (x + self.RADIUS <= end)
