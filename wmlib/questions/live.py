"""Bets as ipywidgets (7 and 8), for a notebook with a kernel. They last as long as the kernel.

The first guess counts: once it is made, the cell shows it and takes no other. A slider that was not
moved is no guess.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from wmlib.questions.judging import RANKED, judged

_made: dict[tuple[str, str], Any] = {}  # (chapter, name) -> what was said


def made(kind: str, chapter: str, specs: dict[str, dict[str, Any]]) -> Any:
    """The widget of "one" bet, or the table of "all" of a chapter."""
    import ipywidgets as widgets

    if kind == "all":
        return widgets.HTML(_table(chapter, specs))
    ((name, spec),) = specs.items()
    inputs, read, first = _INPUTS[spec["kind"]](widgets, spec)
    button, result = widgets.Button(description="Bet"), widgets.HTML()

    def tell(_=None):
        if (chapter, name) in _made:
            found = judged(spec, _made[chapter, name])
            said, says, verdict, because = map(
                html.escape, (found.words, spec["says"], found.verdict, spec["because"])
            )
            result.value = f"You said <b>{said}</b>; it was <b>{says}</b>: {verdict}. {because}"
            for control in (*inputs, button):
                control.disabled = True

    def take(_):
        said = read()
        if said is None and (chapter, name) not in _made:
            result.value = html.escape(first)
            return
        _made.setdefault((chapter, name), said)
        tell()

    button.on_click(take)
    tell()
    asked = widgets.HTML(f"<b>Your bet.</b> {html.escape(spec['asked'])}")
    rule = widgets.HTML(html.escape(spec.get("rule", "")))
    return widgets.VBox([asked, *inputs, rule, button, result])


def _slider(widgets, spec, description=""):
    options = list(zip(spec["texts"], spec["stops"]))
    slider = widgets.SelectionSlider(
        options=options, value=spec["stops"][(len(options) - 1) // 2], description=description
    )
    slider.style.description_width = "initial"
    slider.layout.width = "30em"
    return slider


def _moved(sliders):
    """Reads the values of the sliders: None before each of them was moved."""
    moved = set()
    for slider in sliders:
        slider.observe(lambda change: moved.add(change["owner"]), "value")
    return lambda: [slider.value for slider in sliders] if moved == set(sliders) else None


def _number(widgets, spec):
    slider = _slider(widgets, spec)
    read = _moved([slider])
    first = "Move the slider to your guess first. If you mean the middle, move it away and back."
    return [slider], lambda: (read() or [None])[0], first


def _curve(widgets, spec):
    sliders = [_slider(widgets, spec, name) for name in spec["names"]]
    first = "Move each slider first. If you mean a middle, move it away and back."
    return sliders, _moved(sliders), first


def _choice(widgets, spec):
    radio = widgets.RadioButtons(options=spec["options"], value=None)
    radio.layout.width = "max-content"
    return [radio], lambda: radio.value, "Choose an answer first."


def _order(widgets, spec):
    options = [("–", None), *((name, name) for name in spec["options"])]
    choices = [
        widgets.Dropdown(options=options, description=f"{place}.")
        for place, _ in enumerate(spec["options"], 1)
    ]

    def read():
        said = [choice.value for choice in choices]
        return said if sorted(map(str, said)) == sorted(spec["options"]) else None

    head = widgets.HTML(html.escape(f"{spec['first']} first"))
    return [head, *choices], read, "Choose each of them once first."


# A kind's controls, what reads them (None: no answer yet), and what to do first in that case.
_INPUTS: dict[str, Callable[[Any, dict[str, Any]], tuple[list, Callable[[], Any], str]]] = {
    "number": _number,
    "curve": _curve,
    "choice": _choice,
    "order": _order,
}


def _table(chapter, specs):
    done = {
        name: judged(specs[name], said)
        for (of, name), said in _made.items()
        if of == chapter and name in specs
    }
    if not done:
        return "You have made no bet in this chapter yet. Each <i>Guess first</i> above takes one."
    rows = [
        (specs[name]["asked"], found.words, specs[name]["says"], found.verdict)
        for name, found in sorted(done.items(), key=lambda item: -item[1].rank)
    ]
    cells = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    right = sum(found.right for found in done.values())
    ranked = f" {RANKED}" if right < len(done) else ""
    head = "".join(f"<th>{word}</th>" for word in ("Asked", "You said", "It was", "Verdict"))
    return f"{right} of {len(done)} right.{ranked}<table><tr>{head}</tr>{cells}</table>"
