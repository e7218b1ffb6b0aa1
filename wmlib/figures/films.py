"""Films that run with no kernel: all frames in one picture, played on a canvas.

A film is a sheet of frames (lossless WebP) in the output itself. A short script, the same in every
output, draws one frame after the other and gives play, step and a bar to scrub with. With no
script the first frame stands there as a picture. It starts by itself only when it is in view and
only for readers who have not asked for less motion.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from wmlib.figures.canvas import tiled
from wmlib.figures.display import (
    CONTROLS,
    check_alt,
    fingerprint,
    image_html,
    image_uri,
    put,
    row,
    source,
    told_once,
    wrap,
)

SCRIPT = source("reel.js")
WIDEST = 16000  # pixels: what a WebP picture may measure


def reel(
    *films: Any,
    alt: str,
    caption: str = "",
    fps: float = 20,
    labels: Sequence[str] | None = None,
    loop: bool = True,
) -> None:
    """Show a film, or several that run in step (reality beside imagination).

    Args:
        films: each a list of frames: Pillow images, or arrays `(H, W, 3 or 4)` of 0..255. Several
            films stand side by side, or one below the other on a narrow page.
        alt: one sentence that tells what happens.
        caption: what stands below; HTML allowed.
        fps: frames a second.
        labels: words under the picture for each frame, such as "step 12, off by 0.03".
        loop: whether it begins again at its end.

    Raises:
        ValueError: for no frames, frames of different sizes, films of different lengths, or a
            missing alt.
    """
    check_alt(alt, "reel")
    put(reel_html(*films, alt=alt, caption=caption, fps=fps, labels=labels, loop=loop), alt)


def reel_html(
    *films: Any,
    alt: str,
    caption: str = "",
    fps: float = 20,
    labels: Sequence[str] | None = None,
    loop: bool = True,
) -> str:
    """The film as a fragment of HTML."""
    ready = [_frames(film, i) for i, film in enumerate(films)]
    if not ready:
        raise ValueError("reel() was given no film: reel(frames, alt='...')")
    lengths = {len(film) for film in ready}
    if len(lengths) > 1:
        raise ValueError(
            f"films that run together must be equally long, got {sorted(lengths)} frames: "
            "repeat the last frame of the shorter one"
        )
    count = lengths.pop()
    if labels is not None and len(labels) != count:
        raise ValueError(f"labels needs one text for each of {count} frames, got {len(labels)}")
    screens, sheets = [], []
    for film, told in zip(ready, told_once(alt, len(ready))):
        sheet, columns = _sheet(film)
        uri = image_uri(sheet)
        sheets.append(uri)
        screens.append(
            f'<div class="wm-screen" data-columns="{columns}" data-sheet="{uri}">'
            f"{image_html(film[0], told)}</div>"
        )
    name = fingerprint(*sheets, labels, fps, loop)
    data = json.dumps({"n": count, "fps": fps, "loop": loop, "labels": labels})
    data = data.replace("</", "<\\/")  # no label may close the script element
    inside = (
        f"<style>{CONTROLS}</style>"
        f"{row(screens, [film[0] for film in ready])}"
        f'<div class="wm-controls"></div>'
        f'<script type="application/json" class="wm-data">{data}</script>'
    )
    script = f"<script>{SCRIPT.replace('NAME', name)}</script>"
    return wrap(inside, caption, f' data-wm-reel="{name}"') + script


def _frames(film, i):
    """The frames of a film as RGBA pictures of one size."""
    if isinstance(film, Image.Image) or (isinstance(film, np.ndarray) and film.ndim < 4):
        raise ValueError("a film is a list of frames; to show one picture use show(...)")
    frames = [_frame(frame) for frame in film]
    if not frames:
        raise ValueError(f"film {i} has no frames")
    sizes = {frame.size for frame in frames}
    if len(sizes) > 1:
        raise ValueError(f"all frames of a film must have one size, got {sorted(sizes)}")
    return frames


def _frame(frame):
    if isinstance(frame, Image.Image):
        return frame if frame.mode in ("RGB", "RGBA") else frame.convert("RGBA")
    array = np.asarray(frame)
    if array.ndim != 3 or array.shape[2] not in (3, 4) or array.dtype != np.uint8:
        raise ValueError(
            "a frame is a Pillow image or an array (height, width, 3 or 4) of dtype uint8, "
            f"got shape {array.shape}, dtype {array.dtype}"
        )
    return Image.fromarray(array)


def _sheet(frames):
    """All frames in one picture, row by row."""
    w, h = frames[0].size
    columns = min(len(frames), max(1, WIDEST // w))
    if -(-len(frames) // columns) * h > WIDEST:
        raise ValueError(
            f"{len(frames)} frames of {w} x {h} are too large for one film: draw every second "
            "frame, or smaller ones"
        )
    return tiled(frames, columns), columns
