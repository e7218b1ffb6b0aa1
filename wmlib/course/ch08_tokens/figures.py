"""Pictures of chapter 8: a frame as its tokens, and what each code of a codebook stands for."""

from __future__ import annotations

from PIL import Image

from wmlib.figures.canvas import Board, tiled
from wmlib.figures.scene_pixels import pixels
from wmlib.figures.style import GREY, PURPLE

CELL = 40  # pixels of a token's square


def token_grid(tokens, common=None):
    """The sixteen tokens of a frame, written where the encoder read them.

    Args:
        tokens: `(16,)` integers. common: the token of an empty square, written faintly.
    """
    side = 4 * CELL
    board = Board(side + 10, side + 10, (-5, side + 5, -side - 5, 5))
    for k, token in enumerate(int(t) for t in tokens):
        x, y = k % 4 * CELL, -(k // 4) * CELL
        faint = token == common
        board.box(
            x + 1,
            y - CELL + 1,
            x + CELL - 1,
            y - 1,
            GREY if faint else PURPLE,
            0.08 if faint else 0.22,
            corner=4,
        )
        color, alpha = (GREY, 0.8) if faint else (PURPLE, 1.0)
        board.text(x + CELL / 2, y - CELL / 2, str(token), color, 14, alpha=alpha)
    return board.finish()


def code_table(pictures, columns=8):
    """A codebook as pictures: what every code stands for.

    Args:
        pictures: `(K, H, W)` floats from 0 to 1. columns: of the table.
    """
    tiles = [pixels(p, None, label=str(k), width=64) for k, p in enumerate(pictures)]
    return tiled(tiles, columns)


def side_by_side(*pictures, gap=12):
    """Pillow pictures in a row, their lower edges on one line."""
    tall = max(p.height for p in pictures)
    wide, x = sum(p.width + gap for p in pictures) - gap, 0
    whole = Image.new("RGBA", (wide, tall), (255, 255, 255, 0))
    for picture in pictures:
        whole.paste(picture, (x, tall - picture.height))
        x += picture.width + gap
    return whole
