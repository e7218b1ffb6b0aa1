"""Plots in the book have a third of matplotlib's elements, and look the same."""

import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from browser import opened
from PIL import Image, ImageChops
from repository import tool

from wmlib.figures.display import picture_html

wm_plots = tool("wm_plots")


def plot():
    """A plot with everything that is merged: words, dots that overlap, ticks, a grid, a mark of two colours."""
    rng = np.random.default_rng(0)
    figure, axes = plt.subplots(figsize=(5, 3))
    axes.scatter(*rng.normal(size=(2, 300)), alpha=0.3, label="dots")
    axes.plot(
        np.arange(5) / 2, np.arange(5) / 3, "o", mec="black", mfc="white", ms=14, label="rings"
    )
    axes.set_xlabel("the time $t_{k+1}$ in seconds")
    axes.set_title("A title, with commas and a longer line")
    axes.grid(True, alpha=0.1)
    axes.legend()
    made = picture_html(figure, "A plot.")
    plt.close(figure)
    return made


def elements(svg):
    return len(re.findall(r"<[a-zA-Z]", svg))


@pytest.mark.slow
def test_a_plot_has_fewer_elements_and_looks_the_same(tmp_path):
    svg = plot()
    fewer = wm_plots.fewer(svg)
    assert elements(fewer) < elements(svg) / 3
    assert fewer.count("<use") <= 2  # the legend's
    with opened(tmp_path, f"<div>{svg}</div><div>{fewer}</div>") as page:
        before, after = (
            Image.open(io.BytesIO(part.screenshot())).convert("RGB")
            for part in page.locator("svg").all()
        )
        assert not page.wrong
    apart = np.asarray(ImageChops.difference(before, after))
    assert apart.max() < 80 and (apart > 30).mean() < 1e-3
    assert np.asarray(before).std() > 5  # there was something to see


def test_of_two_dots_that_overlap_the_later_stays_above():
    places = [(0.0, 0.0), (10.0, 0.0), (1.0, 0.0), (1.5, 0.0)]
    made = wm_plots.drawn(places, "fill:red", "M-1 0L1 0L0 1z", "")
    assert made.count("<path") == 3 and made.index("m-1 0") == made.index('d="') + 3
    assert made.split("<path")[1].count("m") == 2  # the two that are apart share a layer


def test_what_matplotlib_did_not_write_stays_as_it_is():
    for svg in (
        '<svg><path d="M0 0L1 1"/></svg>',
        '<svg><use href="#other"/><path id="a" d="M0 0"/><use href="#a"/></svg>',
    ):
        assert wm_plots.fewer(svg) == svg
