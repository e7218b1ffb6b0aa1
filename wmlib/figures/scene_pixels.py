"""Pictures that an agent sees, or imagines, enlarged for the page in the course's two colours."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

from wmlib.figures.canvas import SMOOTH, Board, paint
from wmlib.figures.style import IMAGINED, REAL, color_of, ink_of

EDGE, HEAD = 5, 21  # pixels around the picture, and above it for a label
NIGHT = {REAL: (7, 20, 32), IMAGINED: (30, 15, 6)}  # black, tinged with the frame's colour


def pixels(
    obs: ArrayLike,
    role: str | None = "real",
    label: str = "",
    width: int = 170,
    smooth: bool = False,
    mark: ArrayLike | None = None,
) -> Image.Image:
    """What an agent sees (blue, solid frame) or imagines (orange, dashed frame).

    Args:
        obs: one picture `(1, H, W)` or `(H, W)`, bytes up to 255 or floats up to 1 (clipped).
        role: "real" or "imagined"; None for a picture that is neither, in grey.
        label: words above the picture.
        width: of the result in pixels; every pixel of the picture becomes a whole square.
        smooth: blends neighbouring pixels instead of showing them as squares.
        mark: `(x, y)` in pixels of the picture, drawn as a ring: where something truly is, or is
            believed to be (NaN draws none).

    Raises:
        ValueError: for anything but one picture of finite numbers.
    """
    light = _one_picture(obs)
    rows, columns = light.shape
    scale = max(1, (width - 2 * EDGE) // columns)
    wide, tall, head = columns * scale, rows * scale, HEAD if label else EDGE
    color = color_of(role)
    board = Board(
        wide + 2 * EDGE,
        tall + head + EDGE,
        (
            -0.5 - EDGE / scale,
            columns - 0.5 + EDGE / scale,
            -rows + 0.5 - EDGE / scale,
            0.5 + head / scale,
        ),
        role,
    )
    dark = np.array(NIGHT.get(color, (18, 18, 20)))
    shades = np.rint(dark + light[..., None] * (250 - dark)).astype(np.uint8)
    how = Image.Resampling.BICUBIC if smooth else Image.Resampling.NEAREST
    picture = Image.fromarray(shades).resize((wide * SMOOTH, tall * SMOOTH), how)
    board.image.paste(picture, (EDGE * SMOOTH, head * SMOOTH))
    if mark is not None and np.isfinite(mark).all():
        x, y = np.asarray(mark, float)
        board.ring(x, -y, 3.2, color, 2.2)
    if label:
        board.text(-0.5, 0.5 + HEAD / scale / 2, label, ink_of(role), 11, anchor="lm")
    return board.finish()


def strip(
    film: Iterable[ArrayLike],
    role: str | None = "real",
    label: str = "",
    width: int = 640,
    gap: int = 4,
) -> Image.Image:
    """Several pictures of one film in a row, read from left to right.

    Args:
        film: `(T, 1, H, W)` or `(T, H, W)`, as in `pixels`.
        width: of the whole row in pixels, at most.
    """
    film = list(film)
    if not film:
        raise ValueError("strip wants at least one picture, got an empty film")
    each = (width - gap * (len(film) - 1)) // len(film)
    tiles = [pixels(obs, role, width=each) for obs in film]
    head = 18 if label else 0
    w, h = tiles[0].size
    row = Image.new("RGBA", (len(tiles) * (w + gap) - gap, h + head), paint("#FFFFFF", 0))
    if label:
        board = Board(row.width, head, (0, row.width, -head, 0))
        board.text(2, -head / 2, label, ink_of(role), 11, anchor="lm")
        row.paste(board.finish(), (0, 0))
    for k, tile in enumerate(tiles):
        row.paste(tile, (k * (w + gap), head))
    return row


def _one_picture(obs):
    """Brightness from 0 to 1, `(H, W)`."""
    array = np.asarray(obs)
    if array.ndim == 3 and array.shape[0] == 1:
        array = array[0]
    if array.ndim != 2 or array.dtype.kind not in "uif":
        raise ValueError(
            f"wanted one grey picture (1, H, W) or (H, W), got shape {array.shape}, "
            f"dtype {array.dtype}; one of a batch is obs[0]"
        )
    light = array / 255 if array.dtype == np.uint8 else array.astype(float)
    if not np.isfinite(light).all():
        raise ValueError("the picture holds values that are not finite (NaN or infinity)")
    if light.max() > 2:
        raise ValueError(
            f"brightness as floats runs from 0 to 1, got up to {light.max():.0f}: "
            "divide by 255, or pass uint8"
        )
    return np.clip(light, 0, 1)
