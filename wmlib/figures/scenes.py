"""Worlds drawn as pictures: reality blue in a thin frame, imagination orange in a dashed one.

Every function returns a transparent Pillow image, right on white and on black paper. Show one with
`show(scene, alt=...)`, several with `show(a, b, alt=...)`, a film of them with `reel`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

from wmlib.figures.canvas import Board
from wmlib.figures.scene_pixels import pixels, strip
from wmlib.figures.style import GREEN, GREY, IMAGINED, PURPLE, REAL

__all__ = ["above", "beside", "cartpole", "maze", "pendulum", "pixels", "strip"]
COLOR = {"real": REAL, "imagined": IMAGINED}
MOVES = ((-1, 0), (1, 0), (0, -1), (0, 1))  # up, down, left, right: rows, columns


def cartpole(
    obs: ArrayLike,
    role: str = "real",
    action: int | None = None,
    ghost: ArrayLike | None = None,
    label: str = "",
    width: int = 360,
) -> Image.Image:
    """A cart-pole: 4.8 m of track, the pole 1 m long.

    Args:
        obs: `(4,)` position (m), velocity, angle (rad, 0 upright, positive to the right), velocity.
        action: 0 or 1 draws the push as an arrow.
        ghost: another `(4,)`, drawn over it in orange outline: what was imagined for this moment.
        label: words in the upper left corner.
    """
    obs = _numbers(obs, 4, "cartpole wants an observation")
    height = round(width * 0.44)
    span = 5.6
    board = Board(width, height, (-2.8, 2.8, -0.62, -0.62 + span * height / width), role, label)
    board.line([(-2.4, -0.2), (2.4, -0.2)], GREY, 1.2, 0.7)
    for x in (-2.4, 2.4):
        board.line([(x, -0.27), (x, -0.13)], GREY, 1.2, 0.7)
    _cart(board, obs, COLOR[role])
    if action is not None:
        side = 1 if int(action) == 1 else -1
        board.arrow(obs[0] + side * 0.36, 0, side * 0.3, 0, COLOR[role], 2.2)
    if ghost is not None:
        _ghost(board, _numbers(ghost, 4, "the ghost of cartpole wants an observation"))
    return board.finish()


def _cart(board, obs, color):
    x, angle = float(np.clip(obs[0], -4, 4)), float(obs[2])
    tip = (x + math.sin(angle), math.cos(angle))
    board.box(x - 0.26, -0.16, x + 0.26, 0.1, color, 0.38, corner=3)
    for wheel in (-0.15, 0.15):
        board.disc(x + wheel, -0.16, 0.05, color)
    board.line([(x, 0), tip], color, 6)
    board.disc(x, 0, 2.0, "#FFFFFF", pixels=True)


def _ghost(board, obs):
    x, angle = float(np.clip(obs[0], -4, 4)), float(obs[2])
    corners = [(x - 0.26, -0.16), (x - 0.26, 0.1), (x + 0.26, 0.1), (x + 0.26, -0.16)]
    for a, b in zip(corners, corners[1:] + corners[:1]):
        board.dashed(a, b, IMAGINED, 1.5, dash=4, gap=2.5)
    board.dashed((x, 0), (x + math.sin(angle), math.cos(angle)), IMAGINED, 3.2, dash=6, gap=3.5)


def pendulum(
    obs: ArrayLike,
    role: str = "real",
    action: ArrayLike | None = None,
    ghost: ArrayLike | None = None,
    label: str = "",
    width: int = 200,
) -> Image.Image:
    """A pendulum, 0 upright, positive angles to the left as in gymnasium.

    Args:
        obs: `(3,)` cos, sin, velocity; or the state `(2,)` angle (rad), velocity.
        action: the torque in [-2, 2], drawn as an arc with an arrow.
        ghost: another state or observation, drawn over it in orange outline.
    """
    angle = _angle(obs)
    board = Board(width, width, (-1.35, 1.35, -1.35, 1.35), role, label)
    board.ring(0, 0, 1.0, GREY, 1, 0.25)
    board.line([(0, 1.06), (0, 1.14)], GREY, 1.5, 0.8)
    tip = (-math.sin(angle), math.cos(angle))
    board.line([(0, 0), tip], COLOR[role], 8, round_ends=True)
    board.disc(*tip, 0.1, COLOR[role])
    board.disc(0, 0, 3.0, "#FFFFFF", pixels=True)
    if action is not None:
        _torque(board, float(np.ravel(action)[0]), COLOR[role])
    if ghost is not None:
        other = _angle(ghost)
        board.dashed((0, 0), (-math.sin(other), math.cos(other)), IMAGINED, 3.5, dash=6, gap=3.5)
    return board.finish()


def _angle(obs):
    obs = np.asarray(obs, float).ravel()
    if obs.shape == (3,) and np.isfinite(obs).all():
        return math.atan2(obs[1], obs[0])
    if obs.shape == (2,) and np.isfinite(obs).all():
        return float(obs[0])
    raise ValueError(
        f"pendulum wants (cos, sin, velocity) or (angle, velocity), finite, got {obs.tolist()}"
    )


def _torque(board, torque, color):
    sweep = 70 * min(1.0, abs(torque) / 2)
    if sweep < 4:
        return
    sign = 1 if torque > 0 else -1  # positive torque turns counter-clockwise on the picture
    start, end = 90.0, 90.0 - sign * sweep  # Pillow's angles run clockwise, 90 is straight down
    board.ring(0, 0, 0.3, color, 2, 0.9, min(start, end), max(start, end))
    a = math.radians(end)
    x, y = 0.3 * math.cos(a), -0.3 * math.sin(a)
    dx, dy = sign * math.sin(a), sign * math.cos(a)
    board.arrow(x - 0.01 * dx, y - 0.01 * dy, 0.02 * dx, 0.02 * dy, color, 2, 0.9, head=5)


def maze(
    drawing: Any,
    values: ArrayLike | None = None,
    policy: ArrayLike | None = None,
    path: Iterable[int] | None = None,
    agent: int | None = None,
    role: str | None = None,
    label: str = "",
    cell: int = 34,
) -> Image.Image:
    """A maze from above, with what an agent knows about it.

    Cells are numbered row by row from 0, as in `wmlib.worlds.mazes`.

    Args:
        drawing: a `Maze`, or its drawing (`.` free, `#` wall, `S` start, `G` goal, `T` trap,
            `v` chute), lines of equal length.
        values: `(cells,)`, NaN where there is none: shades of green from lowest to highest.
        policy: `(cells,)` actions 0 up, 1 down, 2 left, 3 right, as arrows; negative: no arrow.
        path: cells walked, in order; blue and solid, or orange and dashed if role is "imagined".
        agent: the cell it stands on.
        role: "real", "imagined" or None (no frame, blue agent).
    """
    lines = [line.strip() for line in getattr(drawing, "drawing", drawing).strip().splitlines()]
    if len({len(line) for line in lines}) != 1:
        raise ValueError(f"a maze's lines must be equally long, got {[len(x) for x in lines]}")
    letters = np.array([list(line) for line in lines])
    rows, columns = letters.shape
    pad, top = 0.2, 0.8 if label else 0.2
    board = Board(
        round((columns + 2 * pad) * cell),
        round((rows + pad + top) * cell),
        (-pad, columns + pad, -rows - pad, top),
        role,
        label,
    )
    _cells(board, letters, _per_cell(values, letters, "values"), plain=policy is not None)
    if policy is not None:
        _arrows(board, letters, _per_cell(policy, letters, "policy"))
    color = IMAGINED if role == "imagined" else REAL
    points = [(c + 0.5, -r - 0.5) for r, c in (divmod(int(i), columns) for i in path or ())]
    for a, b in zip(points, points[1:]):
        if role == "imagined":
            board.dashed(a, b, color, 3, dash=5, gap=4)
        else:
            board.line([a, b], color, 3)
    if agent is not None:
        row, column = divmod(int(agent), columns)
        board.disc(column + 0.5, -row - 0.5, 0.28, color)
    return board.finish()


def _per_cell(numbers, letters, name):
    if numbers is None:
        return None
    numbers = np.asarray(numbers, float)
    if numbers.size != letters.size:
        raise ValueError(
            f"{name} must hold one number for each of the {letters.size} cells, "
            f"got shape {numbers.shape}"
        )
    return numbers.reshape(letters.shape)


def _cells(board, letters, values, plain):
    level = np.zeros(letters.shape)
    if values is not None:
        known = values[(letters != "#") & np.isfinite(values)]
        if known.size and known.max() > known.min():
            level = (np.nan_to_num(values, nan=known.min()) - known.min()) / np.ptp(known)
    for (r, c), letter in np.ndenumerate(letters):
        box = (c + 0.03, -r - 0.97, c + 0.97, -r - 0.03)
        x, y = c + 0.5, -r - 0.5
        board.box(*box, GREY, 0.75 if letter == "#" else 0.09, corner=3)
        if letter != "#" and level[r, c] > 0:
            board.box(*box, GREEN, 0.08 + 0.72 * float(level[r, c]), corner=3)
        if letter == "S" and not plain:
            board.text(x, y, "S", GREY, 13)
        elif letter == "G":
            board.line([(x - 0.16, y - 0.3), (x - 0.16, y + 0.32)], GREEN, 2)
            board.polygon([(x - 0.13, y + 0.32), (x + 0.28, y + 0.15), (x - 0.13, y)], GREEN)
        elif letter == "T":
            for sign in (-1, 1):
                board.line([(x - 0.2, y - 0.2 * sign), (x + 0.2, y + 0.2 * sign)], PURPLE, 3)
        elif letter == "v":
            for dy in (0.12, -0.12):
                board.line(
                    [(x - 0.16, y + dy + 0.08), (x, y + dy - 0.08), (x + 0.16, y + dy + 0.08)],
                    GREY,
                    1.6,
                )


def _arrows(board, letters, policy):
    for (r, c), letter in np.ndenumerate(letters):
        if letter in "#GTv" or not policy[r, c] >= 0:
            continue
        down, right = MOVES[int(policy[r, c])]
        x, y = c + 0.5, -r - 0.5
        board.arrow(x - 0.17 * right, y + 0.17 * down, 0.3 * right, -0.3 * down, GREY, 1.7, head=4)


def beside(
    left: Image.Image, right: Image.Image, labels: tuple[str, str] = ("", ""), gap: int = 14
) -> Image.Image:
    """Two pictures as one, side by side, each with a label above: reality left, dream right."""
    head = 20 if any(labels) else 0
    picture = Image.new(
        "RGBA", (left.width + gap + right.width, head + max(left.height, right.height))
    )
    board = Board(picture.width, picture.height, (0, picture.width, -picture.height, 0))
    for x, words, color in ((2, labels[0], REAL), (left.width + gap + 2, labels[1], IMAGINED)):
        if words:
            board.text(x, -8, words, color, 13, anchor="lm")
    picture = board.finish()
    picture.paste(left.convert("RGBA"), (0, head))
    picture.paste(right.convert("RGBA"), (left.width + gap, head))
    return picture


def above(*pictures: Image.Image, gap: int = 6) -> Image.Image:
    """Pillow pictures below each other, the first on top."""
    wide, tall = max(p.width for p in pictures), sum(p.height + gap for p in pictures) - gap
    whole, y = Image.new("RGBA", (wide, tall), (255, 255, 255, 0)), 0
    for picture in pictures:
        whole.paste(picture, (0, y))
        y += picture.height + gap
    return whole


def _numbers(obs, size, what):
    obs = np.asarray(obs, float).ravel()
    if obs.shape != (size,) or not np.isfinite(obs).all():
        raise ValueError(f"{what} of {size} finite numbers, got {obs.tolist()}")
    return obs
