"""The desk of chapter 11: drawn, filmed while an agent looks before it leaps, and its graph."""

from __future__ import annotations

from wmlib.course.ch11_language_agents.desk import (
    CLOSED,
    CLOUD,
    FREE,
    GOAL,
    GONE,
    HERE,
    NAMES,
    PLACES,
    UNSAVED,
    USB,
)
from wmlib.figures.boxes import arrow, board, box
from wmlib.figures.canvas import Board
from wmlib.figures.style import GREY, IMAGINED, REAL

WORDS = {"on_usb": "on the usb drive", "deleted": "deleted, copy safe", "lost": "lost for ever"}


def desk(row, role="real", label="", said="", width=480):
    """A desk as a picture: the drives, a card for each file, and what a tool said.

    Args:
        row: one state of `wmlib.course.ch11_language_agents.desk.Desk`.
        role: "real" or "imagined". label: words in the upper left corner. said: words below.
    """
    color = {"real": REAL, "imagined": IMAGINED}[role]
    row, height = [int(value) for value in row], round(0.4 * width)
    view = Board(width, height, (0, 480, 0, 480 * height / width), role, label)
    goal = f"of {row[GOAL]}" if row[GOAL] <= 59 else ""
    lines = (("free", row[FREE], goal), ("usb", row[USB], ""), ("cloud", row[CLOUD], "copies"))
    for k, (drive, amount, more) in enumerate(lines):
        view.text(14, 137 - 32 * k, drive, GREY, 11, "lm", bold=False)
        unit = "" if more == "copies" else "GB"
        view.text(52, 137 - 32 * k, f"{amount} {more} {unit}".replace("  ", " "), color, 13, "lm")
    share = min(1.0, row[FREE] / max(1, row[GOAL]))
    view.box(14, 118, 128, 123, GREY, 0.25, corner=2)
    view.box(14, 118, 14 + max(3, 114 * share), 123, color, 0.9, corner=2)
    files = (len(row) - 5) // 5
    wide = 330 / files
    for k in range(files):
        _card(view, 142 + wide * k, wide - 8, row[5 + 5 * k : 10 + 5 * k], color)
    view.text(14, 20, said, color if said else GREY, 13, "lm")
    return view.finish()


def _card(view, left, wide, file, color):
    name, size, place, document, copy = file
    middle, here = left + wide / 2, place == HERE
    view.box(left, 46, left + wide, 150, color if here else GREY, 0.16 if here else 0.08, corner=6)
    view.text(middle, 134, NAMES[name], color if here else GREY, 13)
    if not here:
        view.text(middle, 92, WORDS[PLACES[place]], GREY, 11, bold=place == GONE)
        if place == GONE:
            view.line([(left + 10, 146), (left + wide - 10, 50)], GREY, 1.5, 0.6)
            view.line([(left + 10, 50), (left + wide - 10, 146)], GREY, 1.5, 0.6)
        return
    view.text(middle, 111, f"{size} GB", color, 12, bold=False)
    state = "closed" if document == CLOSED else "open, unsaved" if document == UNSAVED else "open"
    view.text(middle, 88, state, color, 11, bold=document == UNSAVED)
    view.text(middle, 65, "a copy in the cloud" if copy else "no copy", color, 10, bold=False)


def film(world, notes, shown=6):
    """An episode of the language agent: (frames, labels). What it imagines, then what it does.

    Args:
        world: the `Desk`. notes: what `wmlib.course.ch11_language_agents.language_agent.run` returned.
        shown: how many first calls of each turn are shown, at most, losses before the others.
    """
    frames, labels = [], []

    def add(*frame, words):
        frames.append(desk(*frame))
        labels.append(words)

    first = notes["log"][0]["desk"] if notes["log"] else notes["desk"]
    add(first, "real", "the desk as it is", "", words="what is there")
    for turn, record in enumerate(notes["log"], 1):
        row, thought = record["desk"], record["thought"]
        verdicts = {call: v for call, v in thought.verdicts.items() if v[1] in ("loss", "unknown")}
        goes_on = {call: v for call, v in thought.verdicts.items() if not v[1]}
        for call, (said, meaning) in [*verdicts.items(), *goes_on.items()][:shown]:
            plan = next((f for f in thought.futures if f.calls[0] == call), None)
            after = row if plan is None or meaning else plan.desks[0]
            words = f"call {turn}, thinks of: {world.call(row, call)}"
            if meaning:
                words += f" ({meaning})"
            add(
                after,
                "imagined",
                f"what if: {world.call(row, call)}?",
                said or "unknown",
                words=words,
            )
        add(
            record["after"],
            "real",
            f"does: {record['call']}",
            record["said"],
            words=f"call {turn}: {record['call']}",
        )
    labels[-1] += f" ({notes['end']})"
    return frames, labels


def loop():
    """The agent's graph, with the model and the desk that its nodes speak to."""
    fig, ax = board(46)
    places = {"propose": 13, "imagine": 38, "evaluate": 63, "act": 88}
    for name, x in places.items():
        color = {"imagine": IMAGINED, "act": REAL}.get(name, GREY)
        box(ax, x, 30, 19, 10, name, color)
    for left, right in (("propose", "imagine"), ("imagine", "evaluate"), ("evaluate", "act")):
        arrow(ax, (places[left] + 9.5, 30), (places[right] - 9.5, 30))
    arrow(ax, (88, 35.2), (13, 35.2), GREY, "look again", (44, 43.5), bend=0.13)
    box(ax, 38, 9, 34, 11, "world model: a small GPT,\nor any chat model", IMAGINED, small=True)
    box(ax, 83, 9, 28, 11, "the real desk:\nfor ever", REAL, small=True)
    arrow(ax, (36, 24.8), (36, 14.8), IMAGINED, "what if?", (24.5, 18.5))
    arrow(ax, (40, 14.8), (40, 24.8), IMAGINED)
    arrow(ax, (86, 24.8), (86, 14.8), REAL)
    arrow(ax, (90, 14.8), (90, 24.8), REAL)
    return fig
