"""The road of chapter 5 from the side: hills, the quay, the bay and the water."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from wmlib.figures.canvas import Board
from wmlib.figures.style import GREY, IMAGINED, REAL, SKY

LIFT = 6.0  # heights are drawn this many times larger than lengths
END = 472.0  # metres shown


def road(obs, role="real", ghost=None, flooded=False, refused=False, label="", width=480):
    """A car on the road to the bay, its speed as a number and a trail.

    Args:
        obs: `(2,)` position (m), speed (m/s). Past the edge of the quay it lies in the water.
        ghost: another `(2,)`, in orange outline: where the car was imagined to be.
        flooded: whether to show water on the quay (the agent cannot see it).
        refused: whether the agent held back and left this step to its fallback; said in words.
        label: words in the upper left corner.
    """
    obs = _checked(obs)
    height = round(width * 0.29)
    metres = END + 12
    tall = metres * height / width
    board = Board(width, height, (-12, END, -0.3 * tall, 0.7 * tall), role, label)
    _ground(board, flooded, tall)
    if ghost is not None:
        _car(board, _checked(ghost), IMAGINED, outline=True)
    _car(board, obs, IMAGINED if role == "imagined" else REAL)
    if refused:
        x, y = _label_place(obs)
        board.text(x, y + 17, "fallback drives", GREY, 11, anchor="mb")
    return board.finish()


def _checked(obs):
    obs = np.asarray(obs, float).ravel()
    if obs.shape != (2,) or not np.isfinite(obs).all():
        raise ValueError(
            f"road wants an observation (position, speed) of 2 finite numbers, got {obs.tolist()}"
        )
    return obs


@cache
def _profile():
    """Heights of the road (m, as drawn) every metre from 0 to the edge of the quay."""
    from wmlib.course.ch05_ensembles.road import Road

    x = np.arange(0, Road.EDGE + 1)
    climb = np.concatenate([[0], np.cumsum(Road().slope(x[:-1] + 0.5))]) / 9.8
    return LIFT * (climb - climb[-1])


def _surface(x):
    """Height and tilt of the road at a place; beyond its edge the water."""
    profile = _profile()
    if x >= len(profile) - 9:
        return -18.0, -0.5
    at = max(0.0, x)
    low = int(at)
    rise = profile[low + 1] - profile[low]
    return profile[low] + rise * (at - low), math.atan(rise) if x >= 0 else 0.0


def _label_place(obs):
    """Above the car, clear of the sign."""
    return max(34, min(obs[0] - 8, 376)), max(_surface(obs[0] - 8)[0], 0) + 25


def _ground(board, flooded, tall):
    from wmlib.course.ch05_ensembles.road import Road

    profile, edge, (start, _) = _profile(), Road.EDGE, Road().quay
    bottom = -0.3 * tall + 5
    board.box(start, bottom, END - 4, -17, SKY, 0.35)
    for k, level in enumerate((-17.0, -23.0)):
        for x in np.arange(start + 6 + 5 * k, END - 9, 10):
            board.line([(x, level), (x + 2.5, level + 1.5), (x + 5, level)], SKY, 1.3, 0.9)
    for x in np.arange(start + 10, edge, 25):
        board.box(x - 1.5, bottom, x + 1.5, 0, GREY, 0.55)
    shore = [(x, float(profile[int(x)])) for x in range(0, int(start) + 1, 2)]
    left = [(-8.0, shore[0][1])]
    board.polygon([*left, *shore, (start, bottom), (-8.0, bottom)], GREY, 0.16)
    if flooded:
        board.box(start, 0.0, edge, 3.2, SKY, 0.75)
    board.line([*left, *shore], GREY, 2.2, 0.95)
    board.box(start, -4, edge, 0.8, GREY, 1, corner=1)
    sign = (Road.PARKED_FROM + edge) / 2
    board.line([(sign + 3, 0), (sign + 3, 24)], GREY, 1.5)
    board.box(sign - 3.5, 24, sign + 9.5, 38, GREY, 1, corner=3)
    board.text(sign + 3, 31, "P", "#FFFFFF", 11)


def _car(board, obs, color, outline=False):
    x, speed = obs[0] - 8, obs[1]  # the place is the car's front seat: it may stand in the bay
    y, tilt = _surface(x)

    def at(along, up):
        """A point of the car, lengths in metres as drawn, wheels at height 0."""
        return (
            x + along * math.cos(tilt) - up * math.sin(tilt),
            y + along * math.sin(tilt) + up * math.cos(tilt),
        )

    body = [(-13, 3), (-13, 9), (-8, 10), (-5, 15), (5, 15), (9, 10), (13, 9), (13, 3)]
    corners = [at(*p) for p in body]
    if outline:
        for a, b in zip(corners, corners[1:] + corners[:1]):
            board.dashed(a, b, color, 1.6, dash=4, gap=2.5)
        return
    for k in range(round(speed / 3)):
        at_x = -17 - 4.5 * k
        board.line([at(at_x, 7), at(at_x - 2, 7)], color, 2, max(0.15, 0.85 - 0.09 * k))
    board.polygon(corners, color)
    board.polygon([at(-3.5, 10.5), at(-2.4, 13.6), at(4, 13.6), at(6.2, 10.5)], "#FFFFFF", 0.85)
    for wheel in (-7.5, 7.5):
        board.disc(*at(wheel, 3), 3.2, color)
        board.disc(*at(wheel, 3), 1.3, "#FFFFFF")
    board.text(*_label_place(obs), f"{speed:.0f} m/s", color, 12, anchor="mb")
