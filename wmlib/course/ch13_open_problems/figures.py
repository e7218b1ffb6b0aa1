"""Pictures of chapter 13: the scoreboard, and a belief about a ball that cannot be seen."""

from __future__ import annotations

import html

import numpy as np
from PIL import Image

from wmlib.figures.canvas import Board
from wmlib.figures.display import Fragment
from wmlib.figures.scene_pixels import pixels
from wmlib.figures.style import GREY, IMAGINED, REAL

CSS = (
    ".wm-scores{overflow-x:auto}.wm-scores table{border-collapse:collapse;margin:0;"
    "font:400 .84em/1.5 Inter,'Source Sans 3',system-ui,sans-serif;color:inherit}"
    ".wm-scores th,.wm-scores td{padding:.28em .55em;text-align:right;white-space:nowrap;"
    "background:none;color:inherit;border:0;border-bottom:1px solid rgba(128,128,128,.25)}"
    ".wm-scores th:first-child,.wm-scores td:first-child{text-align:left;font-weight:600}"
    ".wm-scores th{font-weight:600;border-bottom-width:2px}"
    ".wm-scores .wm-control td{color:var(--wm-grey,#6B7280)}"
)


def score_table(rows, columns, controls=()) -> Fragment:
    """A table for `show`: one line for each entrant, one column for each measure.

    Args:
        rows: name -> (one text for each column).
        columns: their headings. controls: names that are written in grey.

    Raises:
        ValueError: if a row has another number of entries than there are columns.
    """
    for name, texts in rows.items():
        if len(texts) != len(columns):
            raise ValueError(
                f"{name} has {len(texts)} entries, there are {len(columns)} columns: {columns}"
            )
    head = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in ("", *columns))
    lines = "".join(
        f"<tr{' class=wm-control' if name in controls else ''}><td>{html.escape(name)}</td>"
        + "".join(f"<td>{_cell(text)}</td>" for text in texts)
        + "</tr>"
        for name, texts in rows.items()
    )
    return Fragment(
        f'<style>{CSS}</style><div class="wm-scores"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _cell(text):
    return "<i>n. a.</i>" if text is None else html.escape(text)


def board_rows(figures, fmt="{:.2f}"):
    """The figures of a table of `chapter_13` as texts for `score_table`: rows, headings."""
    count = lambda x: "0" if not x else f"{x:,.0f}"  # noqa: E731
    columns = {
        "1 step": ("one_step", fmt.format),
        "10 steps": ("k_steps", fmt.format),
        "heeds actions": ("sensitivity", "{:.2f}".format),
        "return": ("planning", "{:.1f}".format),
        "real steps": ("real_steps", count),
        "CPU s": ("seconds", _seconds),
        "numbers": ("parameters", count),
    }
    rows = {
        name: tuple(
            None if figures[key][i] is None else write(figures[key][i])
            for key, write in columns.values()
        )
        for i, name in enumerate(figures["names"])
    }
    return rows, tuple(columns)


def _seconds(x):
    return f"{x:.0f}" if x >= 1 else "< 1"


def across(figure, ticks):
    """The same figure with a logarithmic horizontal axis, marked at these numbers."""
    ax = figure.axes[0]
    ax.set_xscale("log")
    ax.set_xticks(list(ticks), [f"{tick:,}" for tick in ticks])
    ax.minorticks_off()
    return figure


def dreams_in_step(real, dreamt, context, width=118):
    """Films for `reel`: reality, and beside it what each model makes of it.

    Args:
        real: `(T, 1, H, W)` pictures. dreamt: name -> `(T - context, 1, H, W)`; before they begin
            to dream, all see what is real.

    Returns:
        a list of films, a list of labels.
    """
    films = [[pixels(frame, "real", "real", width) for frame in real]]
    for name, dream in dreamt.items():
        seen = [pixels(frame, "real", name, width) for frame in real[:context]]
        films.append(seen + [pixels(frame, "imagined", name, width) for frame in dream])
    labels = [
        "watching" if t < context else f"dreaming, step {t - context + 1}" for t in range(len(real))
    ]
    return films, labels


def strip(seen, name, width=230):
    """What is seen over time, one column a step: marble above, a gap, the film below.

    Args:
        seen: `(T, 22)` position, speed and twenty pixels of the film. name: "real", or of a model.
    """
    marble = np.repeat(0.5 + np.asarray(seen[:, :2]).T / np.array([[6.0], [2.0]]), 2, 0)  # (4, T)
    film = 0.5 + np.asarray(seen[:, 2:]).T / 6  # (20, T)
    picture = np.vstack([marble, np.zeros((1, len(seen))), film]).clip(0, 1)
    return pixels(picture, "real" if name == "real" else "imagined", name, width)


def belief_frame(picture, probs, guess, then=None, width=250):
    """What is seen now, and below it where the ball is expected later.

    Args:
        picture: `(H, W)` what is seen. probs: `(W,)` the belief. guess: the column of the best
            guess. then: the column where it will really be (None: it cannot be seen there).
    """
    seen = pixels(picture, "real", "now", width)
    n, tall = len(probs), 96
    low, high = -0.5 - 5 / 7, n - 0.5 + 5 / 7
    board = Board(seen.width, tall, (low, high, -0.2, 1.3), "imagined", "where it will be seen")
    for column, p in enumerate(np.asarray(probs)):
        height = min(1.0, 3 * float(p))
        board.box(column - 0.42, 0, column + 0.42, max(0.015, height), IMAGINED, 0.85)
    board.dashed((guess, 0), (guess, 1.0), GREY, 2.2)
    if then is not None:
        board.disc(then, 0.06, 5, REAL, pixels=True)
    both = Image.new("RGBA", (seen.width, seen.height + tall + 6))
    both.paste(seen, (0, 0))
    both.paste(board.finish(), (0, seen.height + 6))
    return both
