"""MiniRacing: a road seen from the car, and a new closed track in every episode.

A track is a bent circle around the origin: seen from there, the middle of the road lies at angle
`a` in the distance

    R(a) = 60 + Re(c2 e^(2ia) + c3 e^(3ia) + c4 e^(4ia))     pixels,

so six numbers, the real and imaginary parts of c2, c3, c4, are a whole track. They stand in the
state, and no track is ever drawn from above: each pixel in front of the car is asked how far it
lies from the middle of the road.
"""

from __future__ import annotations

import gymnasium as gym
import numpy as np

from wmlib.worlds.pixels import GRID, SIZE, PixelWorld


class MiniRacing(PixelWorld):
    """Stay on the road of a track that was never seen before, at constant speed.

    A small relative of gymnasium's CarRacing. The picture is ego-centric: the car stands below the
    middle and looks up, the world turns around it. The road is as wide as 12 pixels.

    State `(B, 9)`: x, y, heading (rad, larger is further to the right, as y points down), and the
    track's six numbers. Lengths in pixels. Turns to the left and to the right come as the track
    bends, but the lap as a whole is one turn to the right.
    Actions: left, straight, right (0, 1, 2), 0.12 rad a step; 1.3 pixels forward each step.
    Reward: the progress along the track; a whole lap pays 100, driving it backwards -100. An
    episode terminates when the car's middle leaves the road, or is cut after 300 steps, in which
    a good driver comes round about once.
    """

    SPEED, TURN, HALF_ROAD = 1.3, 0.12, 6.0
    RADIUS, BENDS = 60.0, (9.0, 7.0, 4.0)  # pixels; standard deviations of |c2|, |c3|, |c4|
    GRASS, ROAD = 0.15, 0.65  # brightness
    act_space = gym.spaces.Discrete(3)
    max_steps = 300
    # Where the pixels lie, seen from the car: ahead + i times to its right.
    VIEW = ((26 - GRID)[:, None] + 1j * (GRID - 15.5)).astype(np.complex64)

    def initial(self, n: int, rng: np.random.Generator) -> np.ndarray:
        size = np.clip(rng.standard_normal((n, 3)), -2, 2) * self.BENDS
        bends = size * np.exp(2j * np.pi * rng.random((n, 3)))
        angle = 2 * np.pi * rng.random(n)
        return self.on_track(bends, angle)

    def on_track(self, bends: np.ndarray, angle: np.ndarray) -> np.ndarray:
        """States in the middle of the road, looking along it.

        Args:
            bends: `(B, 3)` complex c2, c3, c4. angle: `(B,)` where on the track (rad).
        """
        out = np.exp(1j * np.asarray(angle))
        radius, slope = self._radius(out, bends)
        heading = np.angle((slope + 1j * radius) * out)
        spot = radius * out
        track = np.stack([bends.real, bends.imag], axis=2).reshape(len(out), 6)
        return np.column_stack([spot.real, spot.imag, heading, track])

    def step(
        self, state: np.ndarray, action: np.ndarray, rng: np.random.Generator | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        state, action = self._checked(state, action)
        nxt = state.copy()
        nxt[:, 2] += self.TURN * (action - 1)
        nxt[:, 0] += self.SPEED * np.cos(nxt[:, 2])
        nxt[:, 1] += self.SPEED * np.sin(nxt[:, 2])
        before, after = self._spot(state), self._spot(nxt)
        rew = 100 / (2 * np.pi) * np.angle(after * before.conj())
        return nxt, rew, np.abs(self.beside(nxt)) >= self.HALF_ROAD

    def beside(self, state: np.ndarray) -> np.ndarray:
        """How far from the middle of the road: `(B,)` pixels, positive on the outside."""
        return self._distance(self._spot(state), self._bends(state))

    def draw(self, state: np.ndarray) -> np.ndarray:
        image = np.empty((len(state), SIZE, SIZE), np.float32)
        for i in range(0, len(state), 8):  # few at a time: they stay in the processor's cache
            image[i : i + 8] = self._road(state[i : i + 8])
        image[:, 25:28, 15:17] = 1  # the car
        return image

    def _road(self, state):
        ahead = np.exp(1j * state[:, 2])[:, None, None].astype(np.complex64)
        place = self._spot(state)[:, None, None].astype(np.complex64) + ahead * self.VIEW
        bends = self._bends(state).astype(np.complex64)[:, :, None, None]
        road = np.clip(self.HALF_ROAD - np.abs(self._distance(place, bends)), 0, 1)
        return road * np.float32(self.ROAD - self.GRASS) + np.float32(self.GRASS)

    def _spot(self, state):
        return state[:, 0] + 1j * state[:, 1]

    def _bends(self, state):
        return state[:, 3::2] + 1j * state[:, 4::2]

    def _radius(self, out, bends):
        """R and its slope dR/da in the directions `out` (complex, of length 1)."""
        c2, c3, c4 = np.moveaxis(bends, 1, 0)
        square = out * out
        bend = square * (c2 + out * (c3 + out * c4))
        slope = square * (2 * c2 + out * (3 * c3 + out * (4 * c4)))
        return np.float32(self.RADIUS) + bend.real, -slope.imag

    def _distance(self, place, bends):
        """Signed distance to the middle of the road: exact on it, and to first order beside it."""
        radius = np.maximum(np.abs(place), np.float32(1e-3))
        middle, slope = self._radius(place / radius, bends)
        slope /= radius
        return (radius - middle) / np.sqrt(1 + slope * slope)


def steer(state: np.ndarray, ahead: float = 9.0) -> np.ndarray:
    """The scripted driver, which sees the true state: turn to a point of the road ahead.

    Args:
        ahead: how many pixels ahead it looks. Returns actions `(B,)`.
    """
    world = MiniRacing()
    here, bends = world._spot(state), world._bends(state)
    out = here / np.abs(here) * np.exp(1j * ahead / world.RADIUS)
    goal = world._radius(out, bends)[0] * out
    away = np.angle((goal - here) * np.exp(-1j * state[:, 2]))
    return np.where(np.abs(away) < world.TURN / 2, 1, np.where(away > 0, 2, 0))
