"""Pictures of chapter 9: a latent action as a field of arrows."""

from __future__ import annotations

import numpy as np

from wmlib.figures.style import GREY, IMAGINED, use_style


def arrow_field(field, label="", every=3, longer=3.0):
    """A movement as arrows, each from where the light comes to where it goes.

    Args:
        field: `(32, 32, 2)` how far away each place's light comes from: pixels right, and down.
        label: above the picture. every: an arrow for every so many pixels.
        longer: arrows are drawn so many times longer than the movement.
    """
    use_style()
    from matplotlib import pyplot as plt

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
    ax.set_title(label, fontsize=9.5, color=IMAGINED)
    return fig
