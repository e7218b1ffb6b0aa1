"""Controls that are live in a kernel and still work in a page without one.

`explore` draws a picture for every value of its sliders and stores them in the output: that face
needs no kernel. Beside it, in the same output, stands an ipywidget which a live notebook prefers
and which calls your function anew, with whatever you have changed since.

Environment: with `WMLIB_STATIC` or `WMLIB_TEST` set (as when notebooks are run for the book) only
the stored face is written, and `progress` prints nothing.
"""

from __future__ import annotations

import base64
import gzip
import html
import itertools
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from wmlib.figures.display import CONTROLS, check_alt, fingerprint, picture_html, source, wrap

T = TypeVar("T")
SCRIPT = source("explore.js")
MOST_PICTURES, MOST_BYTES = 60, 700_000
VIEW = "application/vnd.jupyter.widget-view+json"


def explore(
    draw: Callable[..., Any],
    *,
    alt: str,
    caption: str = "",
    live: dict[str, Sequence[Any]] | None = None,
    **controls: Sequence[Any],
) -> None:
    """A picture with a control for each of its parameters.

    Args:
        draw: `draw(**values)` returns a matplotlib figure, a Pillow image or an HTML fragment.
        alt: one sentence for readers who cannot see it; the values are added to it.
        caption: what stands below; HTML allowed.
        live: `{name: values}` that a live control offers instead of the stored ones: finer steps.
        controls: `name=[values]`. Numbers become a slider in order of size, anything else a
            choice. The control begins at the value that is given first. Underscores in names are shown as spaces.

    Raises:
        ValueError: without controls, for empty lists, or if the stored pictures would be more than
            60 or heavier than 700 KB.
    """
    check_alt(alt, "explore")
    bundle: dict[str, Any] = {
        "text/plain": alt,
        "text/html": stored_face(draw, controls, alt, caption),
    }
    if wants_widget():
        widget = _live(draw, controls | (live or {}), alt, caption)
        bundle[VIEW] = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    from IPython.display import display

    display(bundle, raw=True)


def stored_face(
    draw: Callable[..., Any], controls: dict[str, Sequence[Any]], alt: str, caption: str = ""
) -> str:
    """The control as HTML that works with no kernel: all pictures, and a script that swaps them."""
    controls = _checked(controls)
    combinations = list(itertools.product(*controls.values()))
    pictures: list[str] = []
    for values in combinations:
        named = dict(zip(controls, values))
        words = ", ".join(f"{_spoken(name)} {value}" for name, value in named.items())
        drawn, sentence = draw(**named), f"{alt} ({words}.)"
        if not pictures:
            first = picture_html(drawn, sentence, spare=True)
        pictures.append(first if not pictures else picture_html(drawn, sentence))
    panel = [_control(*item) for item in controls.items()]
    content = json.dumps({"controls": panel, "pictures": pictures})
    packed = base64.b64encode(gzip.compress(content.encode(), mtime=0)).decode()
    size = len(packed) + len(first)
    if size > MOST_BYTES:
        raise ValueError(
            f"explore() would store {size / 1000:.0f} KB for {len(pictures)} pictures; the limit "
            f"is {MOST_BYTES // 1000} KB: offer fewer values or draw simpler pictures"
        )
    name = fingerprint(packed)
    inside = (
        f"<style>{CONTROLS}</style>"
        f'<div class="wm-stage">{first}</div><div class="wm-controls"></div>'
        f'<script type="text/plain" class="wm-data">{packed}</script>'
    )
    script = f"<script>{SCRIPT.replace('NAME', name)}</script>"
    return wrap(inside, caption, f' data-wm-explore="{name}"') + script


def _checked(controls):
    if not controls:
        raise ValueError("explore() needs a control: explore(draw, horizon=[1, 5, 20], alt=...)")
    controls = {name: list(values) for name, values in controls.items()}
    count = 1
    for name, values in controls.items():
        if not values:
            raise ValueError(f"the control {name!r} has no values")
        count *= len(values)
    if count > MOST_PICTURES:
        sizes = " x ".join(f"{len(values)} {name}" for name, values in controls.items())
        raise ValueError(
            f"explore() would store {count} pictures ({sizes}); the limit is {MOST_PICTURES}: "
            "store fewer values and offer the finer ones with live={name: values}"
        )
    return controls


def _control(name, values):
    """What the script needs to know of a control."""
    return {"name": _spoken(name), "slider": _numeric(values), "texts": list(map(_text, values))}


def _numeric(values):
    return all(hasattr(v, "__float__") and not isinstance(v, bool) for v in values)


def _text(value):
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _spoken(name):
    return name.replace("_", " ")


def wants_widget() -> bool:
    """Whether this is a kernel that somebody sits at, with ipywidgets installed."""
    if os.environ.get("WMLIB_STATIC") or os.environ.get("WMLIB_TEST") or not _in_kernel():
        return False
    try:
        import ipywidgets  # noqa: F401
    except ImportError:
        return False
    return True


def _in_kernel():
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "kernel", None) is not None


def _live(draw, controls, alt, caption):
    """The ipywidget: controls above, the picture below, drawn anew at each change."""
    import ipywidgets as widgets

    inputs = {}
    for name, values in _listed(controls).items():
        kind = widgets.SelectionSlider if _numeric(values) else widgets.Dropdown
        in_order = sorted(values) if _numeric(values) else values
        options = [(_text(value), value) for value in in_order]
        inputs[name] = kind(options=options, value=values[0], description=_spoken(name))
        inputs[name].style.description_width = "initial"
    stage = widgets.HTML()

    def redraw(_=None):
        values = {name: control.value for name, control in inputs.items()}
        began = time.perf_counter()
        try:
            stage.value = wrap(picture_html(draw(**values), alt), caption)
        except Exception as error:  # a live control reports instead of dying silently
            stage.value = f"<pre>{html.escape(f'{type(error).__name__}: {error}')}</pre>"
        if time.perf_counter() - began > 0.3:
            for control in inputs.values():
                if hasattr(control, "continuous_update"):
                    control.continuous_update = False

    redraw()
    for control in inputs.values():
        control.observe(redraw, "value")
    return widgets.VBox([*inputs.values(), stage])


def _listed(controls):
    return {name: list(values) for name, values in controls.items()}


def progress(items: Iterable[T], words: str = "", total: int | None = None) -> Iterator[T]:
    """Go through `items` with a progress bar (tqdm's) that leaves nothing behind.

    Args:
        items: anything that can be iterated over.
        words: what is being done.
        total: how many there are, where `len(items)` does not say.
    """
    if os.environ.get("WMLIB_STATIC") or os.environ.get("WMLIB_TEST"):
        yield from items
        return
    from tqdm.auto import tqdm

    hidden = False if _in_kernel() else None  # None: shown only where a terminal is looked at
    with tqdm(items, desc=words, total=total, leave=False, disable=hidden) as bar:
        yield from bar
