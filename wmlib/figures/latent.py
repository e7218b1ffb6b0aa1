"""Pictures of chapter 9: words as fields of arrows, and strips of film above each other."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from wmlib.figures.style import GREY, IMAGINED, use_style


def arrow_field(field, label="", every=3, longer=3.0):
    """A movement as arrows, each from where the light comes to where it goes.

    Args:
        field: `(32, 32, 2)` how far away each place's light comes from: pixels right, and down.
        label: above the picture. every: an arrow for every so many pixels.
        longer: arrows are drawn so many times longer than the movement.
    """
    use_style()
    fig, ax = plt.subplots(figsize=(2.1, 2.3))
    places = np.arange(every // 2, 32, every)
    x, y = np.meshgrid(places, places)
    go = -np.asarray(field)[y, x] * longer
    ax.quiver(
        x - go[..., 0] / 2,
        y - go[..., 1] / 2,
        go[..., 0],
        go[..., 1],
        angles="xy",
        scale_units="xy",
        scale=1,
        color=IMAGINED,
        width=0.008,
    )
    ax.plot(15.5, 26, "o", color=GREY, markersize=4)
    ax.set(xlim=(-2, 33), ylim=(33, -2), aspect="equal", xticks=[], yticks=[])
    ax.grid(False)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.set_title(label, fontsize=9, color=IMAGINED)
    return fig


def above(*pictures, gap=6):
    """Pillow pictures below each other, the first on top."""
    wide, tall = max(p.width for p in pictures), sum(p.height + gap for p in pictures) - gap
    whole, y = Image.new("RGBA", (wide, tall), (255, 255, 255, 0)), 0
    for picture in pictures:
        whole.paste(picture, (0, y))
        y += picture.height + gap
    return whole
