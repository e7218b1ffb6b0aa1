"""A small drawing board over Pillow: world coordinates, smooth edges, transparent paper."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache

from PIL import Image, ImageColor, ImageDraw, ImageFont

from wmlib.figures.style import FONTS, IMAGINED, REAL, ink_of, role_of

Point = tuple[float, float]
SMOOTH = 3  # drawn this many times larger, then reduced


class Board:
    """A picture of `width` x `height` pixels on which world coordinates can be drawn.

    Args:
        view: `(left, right, bottom, top)` in world units; both axes have the same scale if the
            picture has the same shape.
        role: "real" gives a thin blue frame, "imagined" a dashed orange one, None no frame.
    """

    def __init__(
        self,
        width: int,
        height: int,
        view: tuple[float, float, float, float],
        role: str | None = None,
        label: str = "",
    ):
        self.width, self.height, self.view = width, height, view
        self.image = Image.new("RGBA", (width * SMOOTH, height * SMOOTH), (0, 0, 0, 0))
        self.draw = ImageDraw.Draw(self.image)
        self.role, self.label = role, label
        if role is not None:
            role_of(role)
            self._panel()

    def at(self, x: float, y: float) -> Point:
        """World to (enlarged) pixels."""
        left, right, bottom, top = self.view
        return (
            (x - left) / (right - left) * self.width * SMOOTH,
            (top - y) / (top - bottom) * self.height * SMOOTH,
        )

    def length(self, size: float) -> float:
        """A world length in (enlarged) pixels."""
        left, right, *_ = self.view
        return size / (right - left) * self.width * SMOOTH

    def line(
        self,
        points: Iterable[Point],
        color: str,
        width: float,
        alpha: float = 1.0,
        round_ends: bool = True,
    ) -> None:
        """A line of `width` pixels through world points."""
        dots = [self.at(*p) for p in points]
        ink, thick = paint(color, alpha), max(1, round(width * SMOOTH))
        self.draw.line(dots, fill=ink, width=thick, joint="curve")
        if round_ends:
            for x, y in (dots[0], dots[-1]):
                r = thick / 2
                self.draw.ellipse((x - r, y - r, x + r, y + r), fill=ink)

    def dashed(
        self,
        start: Point,
        end: Point,
        color: str,
        width: float,
        alpha: float = 1.0,
        dash: float = 5,
        gap: float = 4,
    ) -> None:
        """A dashed line between world points; dash and gap in pixels."""
        (x0, y0), (x1, y1) = self.at(*start), self.at(*end)
        ink, far = paint(color, alpha), math.hypot(x1 - x0, y1 - y0)
        s = 0.0
        while far and s < far:
            e = min(s + dash * SMOOTH, far)
            ends = [(x0 + (x1 - x0) * t / far, y0 + (y1 - y0) * t / far) for t in (s, e)]
            self.draw.line(ends, fill=ink, width=max(1, round(width * SMOOTH)))
            s = e + gap * SMOOTH

    def disc(
        self,
        x: float,
        y: float,
        radius: float,
        color: str,
        alpha: float = 1.0,
        pixels: bool = False,
    ) -> None:
        """A filled circle; radius in world units, or in pixels."""
        r = radius * SMOOTH if pixels else self.length(radius)
        cx, cy = self.at(x, y)
        self.draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=paint(color, alpha))

    def ring(
        self,
        x: float,
        y: float,
        radius: float,
        color: str,
        width: float,
        alpha: float = 1.0,
        start: float = 0,
        end: float = 360,
    ) -> None:
        """An arc in pixels' width around a world point; angles clockwise from the right."""
        r = self.length(radius)
        cx, cy = self.at(x, y)
        self.draw.arc(
            (cx - r, cy - r, cx + r, cy + r),
            start,
            end,
            fill=paint(color, alpha),
            width=max(1, round(width * SMOOTH)),
        )

    def box(
        self,
        left: float,
        bottom: float,
        right: float,
        top: float,
        color: str,
        alpha: float = 1.0,
        corner: float = 0.0,
    ) -> None:
        """A filled rectangle, its corners rounded by `corner` pixels."""
        (x0, y0), (x1, y1) = self.at(left, top), self.at(right, bottom)
        self.draw.rounded_rectangle(
            (x0, y0, x1, y1), radius=corner * SMOOTH, fill=paint(color, alpha)
        )

    def polygon(self, points: Iterable[Point], color: str, alpha: float = 1.0) -> None:
        """A filled polygon of world points."""
        self.draw.polygon([self.at(*p) for p in points], fill=paint(color, alpha))

    def arrow(
        self,
        x: float,
        y: float,
        dx: float,
        dy: float,
        color: str,
        width: float = 2.0,
        alpha: float = 1.0,
        head: float = 5.0,
    ) -> None:
        """An arrow from (x, y) by (dx, dy); head in pixels."""
        self.line([(x, y), (x + dx, y + dy)], color, width, alpha)
        (x0, y0), (x1, y1) = self.at(x, y), self.at(x + dx, y + dy)
        far = math.hypot(x1 - x0, y1 - y0) or 1
        ux, uy, h = (x1 - x0) / far, (y1 - y0) / far, head * SMOOTH
        tip = (x1 + ux * h * 0.6, y1 + uy * h * 0.6)
        base = (x1 - ux * h * 0.6, y1 - uy * h * 0.6)
        sides = [(base[0] - s * uy * h * 0.7, base[1] + s * ux * h * 0.7) for s in (1, -1)]
        self.draw.polygon([tip, *sides], fill=paint(color, alpha))

    def text(
        self,
        x: float,
        y: float,
        words: str,
        color: str,
        size: int = 12,
        anchor: str = "mm",
        alpha: float = 1.0,
        bold: bool = True,
    ) -> None:
        """Words at a world point; size in pixels; anchor as Pillow has it."""
        self.draw.text(
            self.at(x, y),
            words,
            font=_font(bold, size * SMOOTH),
            fill=paint(color, alpha),
            anchor=anchor,
        )

    def finish(self) -> Image.Image:
        """The picture at its own size: RGBA, transparent where nothing was drawn."""
        if self.label:
            self.draw.text(
                (10 * SMOOTH, 8 * SMOOTH),
                self.label,
                font=_font(True, 12 * SMOOTH),
                fill=ink_of(self.role),
            )
        return self.image.reduce(SMOOTH)

    def _panel(self):
        w, h, r = self.width * SMOOTH, self.height * SMOOTH, 9 * SMOOTH
        color = REAL if self.role == "real" else IMAGINED
        edge = SMOOTH * 1.2
        box = (edge / 2, edge / 2, w - 1 - edge / 2, h - 1 - edge / 2)
        self.draw.rounded_rectangle(box, radius=r, fill=paint(color, 0.05))
        if self.role == "real":
            self.draw.rounded_rectangle(
                box, radius=r, outline=paint(color, 0.45), width=round(edge)
            )
            return
        for s, e in _dashes(box, r, 6 * SMOOTH, 4 * SMOOTH):
            self.draw.line([s, e], fill=paint(color, 0.85), width=round(edge * 1.2))


def paint(color: str, alpha: float = 1.0) -> tuple[int, int, int, int]:
    """A colour name or hex and an opacity as RGBA."""
    red, green, blue = ImageColor.getrgb(color)[:3]
    return red, green, blue, round(255 * alpha)


def _dashes(box, r, dash, gap):
    """Short pieces around a rounded rectangle."""
    x0, y0, x1, y1 = box
    points = []
    corners = ((x1 - r, y0 + r), (x1 - r, y1 - r), (x0 + r, y1 - r), (x0 + r, y0 + r))
    for (cx, cy), start in zip(corners, (-90, 0, 90, 180)):
        for step in range(13):
            a = math.radians(start + 7.5 * step)
            points.append((cx + r * math.cos(a), cy + r * math.sin(a)))
    points.append(points[0])
    walked = 0.0
    for (ax, ay), (bx, by) in zip(points, points[1:]):
        far = math.hypot(bx - ax, by - ay)
        s = 0.0
        while s < far:
            phase = (walked + s) % (dash + gap)
            e = min(far, s + ((dash - phase) if phase < dash else (dash + gap - phase)))
            if phase < dash:
                yield (
                    (ax + (bx - ax) * s / far, ay + (by - ay) * s / far),
                    (ax + (bx - ax) * e / far, ay + (by - ay) * e / far),
                )
            s = max(e, s + 0.01)
        walked += far


@cache
def _font(bold, size):
    return ImageFont.truetype(str(FONTS / f"Inter-{'SemiBold' if bold else 'Regular'}.ttf"), size)


def tiled(pictures: Sequence[Image.Image], columns: int) -> Image.Image:
    """Pillow pictures of one size as one, row by row."""
    width, height = pictures[0].size
    mode, rows = pictures[0].mode, -(-len(pictures) // columns)
    sheet = Image.new(mode, (columns * width, rows * height))
    for k, picture in enumerate(pictures):
        sheet.paste(picture.convert(mode), (k % columns * width, k // columns * height))
    return sheet
