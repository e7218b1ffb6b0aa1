"""CartPole seen as a picture: the true physics, drawn, so that no frame says how fast it moves."""

from __future__ import annotations

import numpy as np

from wmlib.worlds.classic import CartPole
from wmlib.worlds.pixels import PixelWorld, add_bar, add_stick, blank


class PixelCartPole(PixelWorld, CartPole):
    """`CartPole`, step by step the same, observed as one grey picture `(B, 1, 32, 32)`.

    The state is CartPole's `(B, 4)`: position (m), velocity, angle (rad), angular velocity. The
    picture shows position (5.4 pixels a metre) and angle, which is drawn 2.5 times as large so
    that one degree can be seen. It cannot show the velocities: they are in no single frame, and
    an agent that wants to balance must remember.
    """

    PIXELS_PER_METRE = 13 / 2.4
    LEAN = 2.5  # drawn angle over true angle

    def draw(self, state):
        x = 15.5 + state[:, 0] * self.PIXELS_PER_METRE
        image = blank(len(state))
        add_bar(image, x, y=28, half_width=3.5, half_height=2, brightness=0.5)
        add_stick(image, x, y=27, angle=state[:, 2] * self.LEAN, length=20, half_width=1.6)
        return image

    @staticmethod
    def velocities(state):
        """What one frame hides: `(B, 2)` velocity (m/s) and angular velocity (rad/s)."""
        return np.asarray(state)[:, [1, 3]]
