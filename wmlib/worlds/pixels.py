"""Worlds that are seen as pictures: one convention for all of them, and smooth drawing in NumPy.

A picture is `(1, 32, 32)` bytes: one grey channel, then rows from the top, then columns from the
left; 0 is black, 255 white. A batch is `(B, 1, 32, 32)`. Bytes, because thirty thousand of them
are then 30 MB; a network divides by 255 when it looks. Positions are measured in pixels: `x` from
the left, `y` from the top, and whole numbers are the centres of pixels.

Edges are soft: a pixel that a shape half covers is half as bright. So a shape can stand between
two pixels, a movement of a tenth of a pixel changes the picture, and a network can learn it.
"""

from __future__ import annotations

from abc import abstractmethod

import gymnasium as gym
import numpy as np

from wmlib.worlds.actions import n_actions
from wmlib.worlds.base import World

SIZE = 32
GRID = np.arange(SIZE, dtype=np.float32)  # centres of the pixels, in x and in y


class PixelWorld(World):
    """A world that shows a picture of its state. Children implement `initial`, `step`, `draw`.

    Observation `(B, 1, 32, 32)` uint8, see the module's text.
    """

    obs_space = gym.spaces.Box(0, 255, (1, SIZE, SIZE), np.uint8)

    @abstractmethod
    def draw(self, state: np.ndarray) -> np.ndarray:
        """Brightness from 0 to 1 of every pixel: `(B, 32, 32)` float32."""

    def obs(self, state: np.ndarray) -> np.ndarray:
        return (self.draw(np.asarray(state)) * 255).astype(np.uint8)[:, None]

    def state_of(self, obs: np.ndarray) -> np.ndarray:
        """One picture does not show all of a state.

        Raises:
            TypeError: always. Plan in the true world with `Simulator(world).from_states(states)`.
        """
        raise TypeError(
            f"a picture of {type(self).__name__} does not show its whole state (nothing in it "
            "says how fast things move): begin from true states with Simulator.from_states"
        )

    def _checked(self, state, action):
        """State and action as arrays that fit each other."""
        state, action = np.asarray(state, np.float64), np.asarray(action)
        n = n_actions(self.act_space, type(self).__name__)
        if action.shape != state.shape[:1] or action.dtype.kind not in "iu":
            raise ValueError(
                f"{len(state)} states need integer actions of shape ({len(state)},), "
                f"got shape {action.shape}, dtype {action.dtype}"
            )
        if len(action) and not (action.min() >= 0 and action.max() < n):
            raise ValueError(f"actions are integers from 0 to {n - 1}, got {np.unique(action)}")
        return state, action


class Watched(World):
    """A world whose true states are written down while somebody acts in it.

    What an agent sees is unchanged; the notes are for us, when we ask what a model has understood:

        world = Watched(PixelCartPole())
        data = collect(world, steps=5000)
        world.states, world.next_states  # (5000, 4): the truth behind data.obs, data.next_obs

    Attributes:
        states, next_states: `(N, ...)`, a row for every state that was stepped, in order.
    """

    def __init__(self, world: World):
        self.world = world
        self._before: list[np.ndarray] = []
        self._after: list[np.ndarray] = []
        self.obs_space, self.act_space = world.obs_space, world.act_space
        self.max_steps = world.max_steps

    def initial(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return self.world.initial(n, rng)

    def step(
        self, state: np.ndarray, action: np.ndarray, rng: np.random.Generator | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        nxt, rew, terminated = self.world.step(state, action, rng)
        self._before.append(np.array(state))
        self._after.append(np.array(nxt))
        return nxt, rew, terminated

    def obs(self, state: np.ndarray) -> np.ndarray:
        return self.world.obs(state)

    def state_of(self, obs: np.ndarray) -> np.ndarray:
        return self.world.state_of(obs)

    @property
    def states(self) -> np.ndarray:
        return self._noted(self._before)

    @property
    def next_states(self) -> np.ndarray:
        return self._noted(self._after)

    @staticmethod
    def _noted(notes):
        if not notes:
            raise ValueError("nobody has acted in this world yet: collect or evaluate in it first")
        return np.concatenate(notes)


# --- drawing: every function brightens the images (B, 32, 32) it is given, in place ---------------


def blank(n: int) -> np.ndarray:
    """Black images `(n, 32, 32)`."""
    return np.zeros((n, SIZE, SIZE), np.float32)


def add_bar(
    image: np.ndarray,
    x: np.ndarray,
    y: float,
    half_width: float,
    half_height: float,
    brightness: float = 1.0,
) -> None:
    """A box around `(x, y)`, x `(B,)`, all at one height; its edges fade over the last pixel."""
    rows = np.clip(half_height - np.abs(GRID - np.float32(y)), 0, 1)
    some = np.flatnonzero(rows)
    columns = np.clip(half_width - np.abs(GRID - np.asarray(x, np.float32)[:, None]), 0, 1)
    box = columns[:, None, :] * (rows[some, None] * np.float32(brightness))
    part = image[:, some[0] : some[-1] + 1]
    np.maximum(part, box, out=part)


def add_disc(
    image: np.ndarray, x: np.ndarray, y: np.ndarray, radius: float, which: np.ndarray | None = None
) -> None:
    """A disc around `(x, y)`, both `(K,)`, white up to `radius - 1` and fading out at `radius`.

    Args:
        which: `(K,)` numbers of the images that get a disc, no number twice; default all of them.
    """
    x, y = np.asarray(x, np.float32), np.asarray(y, np.float32)
    which = np.arange(len(image)) if which is None else which
    near = np.arange(-int(radius + 0.5), int(radius + 0.5) + 1)
    columns = np.rint(x).astype(np.intp)[:, None] + near
    rows = np.rint(y).astype(np.intp)[:, None] + near
    across = (columns - x[:, None]).astype(np.float32)[:, None, :]
    down = (rows - y[:, None]).astype(np.float32)[:, :, None]
    cover = np.clip(radius - np.sqrt(across**2 + down**2), 0, 1)
    rows, columns = rows[:, :, None], columns[:, None, :]
    inside = (rows >= 0) & (rows < SIZE) & (columns >= 0) & (columns < SIZE)
    spot = np.clip(rows, 0, SIZE - 1) * SIZE + np.clip(columns, 0, SIZE - 1)
    spot = (spot + np.asarray(which)[:, None, None] * SIZE**2)[inside]
    flat = image.reshape(-1)
    flat[spot] = np.maximum(flat[spot], cover[inside])


def add_stick(
    image: np.ndarray, x: np.ndarray, y: float, angle: np.ndarray, length: float, half_width: float
) -> None:
    """A stick that stands on `(x, y)` and leans by `angle` (rad, 0 up, positive to the right).

    x and angle are `(B,)`; both ends are round.
    """
    x, angle = np.asarray(x, np.float32)[:, None, None], np.asarray(angle, np.float32)
    right, up = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    tips = y - length * np.array([up.min(), up.max(), 0.0])
    top = max(0, int(np.floor(tips.min() - half_width)))
    part = image[:, top : int(np.ceil(tips.max() + half_width)) + 1]
    across, above = GRID - x, np.float32(y) - GRID[top : top + part.shape[1], None]
    # Distance to the nearest point of the stick: `along` from its foot, limited to its length.
    along = across * right + above * up
    far = across**2 + above**2
    np.clip(along, 0, length, out=(nearest := np.empty_like(along)))
    along *= 2
    along -= nearest
    along *= nearest
    far = far - along
    np.sqrt(np.maximum(far, 0, out=far), out=far)
    np.subtract(half_width, far, out=far)
    np.maximum(part, np.clip(far, 0, 1, out=far), out=part)
