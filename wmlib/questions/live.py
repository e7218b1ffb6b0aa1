"""Bets as ipywidgets (7 and 8), for a notebook with a kernel. They last as long as the kernel."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from wmlib.questions.judging import judged

_made: dict[tuple[str, str], Any] = {}  # (chapter, name) -> what was said


def made(kind: str, chapter: str, specs: dict[str, dict[str, Any]]) -> Any:
    """The widget of "one" bet, or the table of "all" of a chapter."""
    import ipywidgets as widgets

    if kind == "all":
        return widgets.HTML(_table(chapter, specs))
    ((name, spec),) = specs.items()
    inputs, read = _INPUTS[spec["kind"]](widgets, spec)
    button, result = widgets.Button(description="Bet"), widgets.HTML()

    def tell(_=None):
        if (chapter, name) in _made:
            found = judged(spec, _made[chapter, name])
            said, says, verdict, because = map(
                html.escape, (found.words, spec["says"], found.verdict, spec["because"])
            )
            result.value = f"You said <b>{said}</b>; it was <b>{says}</b>: {verdict}. {because}"

    def take(_):
        said = read()
        if said is None:
            result.value = "Choose an answer first."
            return
        _made[chapter, name] = said
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


def _number(widgets, spec):
    slider = _slider(widgets, spec)
    return [slider], lambda: slider.value


def _curve(widgets, spec):
    sliders = [_slider(widgets, spec, name) for name in spec["names"]]
    return sliders, lambda: [slider.value for slider in sliders]


def _choice(widgets, spec):
    radio = widgets.RadioButtons(options=spec["options"], value=None)
    radio.layout.width = "max-content"
    return [radio], lambda: radio.value


def _order(widgets, spec):
    options = [("–", None), *((name, name) for name in spec["options"])]
    choices = [
        widgets.Dropdown(options=options, description=f"{place}.")
        for place, _ in enumerate(spec["options"], 1)
    ]

    def read():
        said = [choice.value for choice in choices]
        return said if sorted(map(str, said)) == sorted(spec["options"]) else None

    return [widgets.HTML(html.escape(f"{spec['first']} first")), *choices], read


_INPUTS: dict[str, Callable[[Any, dict[str, Any]], tuple[list, Callable[[], Any]]]] = {
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
        for name, found in sorted(done.items(), key=lambda item: -item[1].miss)
    ]
    cells = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    right = sum(found.miss <= 1 for found in done.values())
    head = "".join(f"<th>{word}</th>" for word in ("Asked", "You said", "It was", "Verdict"))
    return f"{right} of {len(done)} right, the largest miss first.<table><tr>{head}</tr>{cells}</table>"
