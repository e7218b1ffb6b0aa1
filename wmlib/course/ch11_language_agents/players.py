"""The player of chapter 11: a desk at which the reader is the agent, and sees what is imagined."""

from __future__ import annotations

import copy
from pathlib import Path

from wmlib.course.ch11_language_agents import study
from wmlib.course.ch11_language_agents.desk import (
    COPIES,
    DOCUMENTS,
    LARGEST,
    LOST,
    NAMES,
    PLACES,
    SENTENCES,
    TOOLS,
    Desk,
)
from wmlib.devices import new_rng
from wmlib.players.gallery import Player
from wmlib.players.weights import pack, rounded

WORDS = {
    "names": NAMES,
    "tools": TOOLS,
    "sentences": SENTENCES,
    "places": PLACES,
    "documents": DOCUMENTS,
    "copies": COPIES,
    "lost": LOST,
    "largest": LARGEST,
}
FIRST = (
    "free 1 usb 2 cloud 1 ; thesis 3 closed saved nocopy ; photos 5 open unsaved copy ; "
    "notes 1 closed saved copy ."
)


def pack_desk(model=None, early=None, tasks: int = 60, checked: int = 10) -> dict[str, str]:
    """A trained `TextGPT` and one stopped early, for the player "desk"; default the stored ones.

    Args:
        tasks: desks that are played, the first being the chapter's.
        checked: questions of which the page knows torch's answer.
    """
    stored_early, stored = study.stored()
    models = {"desk": model or stored, "desk_early": early or stored_early}
    return {name: _packed(name, m, tasks, checked) for name, m in models.items()}


def _packed(name, model, tasks, checked):
    model = rounded(copy.deepcopy(model))
    world, rng = Desk(held_out=True), new_rng([0, 118])
    desks = [world.read(FIRST, goal=4), *study.tasks(tasks - 1, [0, 119]).tolist()]
    rows = desks[:checked]
    actions = [int(rng.choice(world.sensible(row))) for row in rows]
    prompts = [world.prompt(row, action) for row, action in zip(rows, actions)]
    answers = model.answer(prompts)
    whole = [f"{answer} <end>".strip() for answer in answers]  # its end is part of an answer
    width, layers, heads, _, longest = model.sizes
    return pack(
        name,
        model.state_dict(),
        settings={
            "tokens": model.phrases.tokens,
            "width": width,
            "layers": layers,
            "heads": heads,
            "longest": longest,
            "words": WORDS,
            "tasks": desks,
        },
        check={
            "rows": rows,
            "actions": actions,
            "answers": answers,
            "probabilities": model.probability(prompts, whole),
            "risks": study.loss_risk(model)(prompts),
        },
    )


ROOM = Path(__file__).parent
DESK = Player(
    "desk",
    "A desk, and a model that says what a tool would do",
    (ROOM / "desk_world.js", ROOM / "desk_model.js", ROOM / "desk.js"),
    pack_desk,
)
PLAYERS = [DESK]
