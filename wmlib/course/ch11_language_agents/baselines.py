"""Agents that the one which looks ahead is compared with, and a world model that is a table.

ReAct (Yao et al. 2023) and Reflexion (Shinn et al. 2023) are prompts for large language models. What
stands here is a script of ours in their pattern, without a language model: it says what the pattern
can and cannot do on this desk, not how good a large model in it would be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wmlib.course.ch11_language_agents.desk import (
    COPIES,
    DOCUMENTS,
    FREE,
    GOAL,
    HERE,
    LOST,
    NAMES,
    TOOLS,
    UNSAVED,
    USB,
    Desk,
)
from wmlib.course.ch11_language_agents.study import Played, lessons

Note = tuple[str, str, str]  # a tool and the words of the file it was used on: document, copy
FREEING, PREPARING = ("delete", "move"), ("close", "save", "backup")


def kind(row, call) -> Note:
    """What a note is about: the tool, and the named file's document and copy, in words."""
    slot, tool = divmod(call, len(TOOLS))
    document, copy = row[8 + 5 * slot], row[9 + 5 * slot]
    return TOOLS[tool], DOCUMENTS[document], COPIES[copy]


def script(row, tried, forbidden: Callable) -> int | None:
    """The next call of all scripted agents: free space with the largest file, else prepare one.

    Args:
        tried: (desk, call) pairs of this episode. forbidden: `row, call -> bool`.
    """
    here = [k for k in range(len(row) // 5 - 1) if row[7 + 5 * k] == HERE]
    for tools in (FREEING, PREPARING):
        for slot in sorted(here, key=lambda k: -row[6 + 5 * k]):
            for tool in tools:
                call = len(TOOLS) * slot + TOOLS.index(tool)
                if (tuple(row[1:]), call) not in tried and not forbidden(row, call):
                    return call
    return None


class Trial(NamedTuple):
    """One episode: whether the goal was reached, the kind of call that lost a file, calls made."""

    reached: bool
    loss: Note | None
    calls: int


def trial(row, forbidden, budget) -> Trial:
    """ReAct: choose a call, make it, read what the tool says; until a goal, a loss, or the end."""
    world, tried = Desk(held_out=True), set()
    for made in range(int(budget)):
        call = script(row, tried, forbidden)
        if call is None:
            return Trial(False, None, made)
        tried.add((tuple(row[1:]), call))
        after = world.act(row, call)
        if LOST in world.sentence(after):
            return Trial(False, kind(row, call), made + 1)
        row = after
        if row[FREE] >= row[GOAL]:
            return Trial(True, None, made + 1)
    return Trial(False, None, int(budget))


def reflexion(desks, budget=10, trials=3, known=frozenset(), guard=None) -> Played:
    """Up to some trials of each desk; after a loss a note forbids calls of that kind on this desk.

    Each new trial begins with the first desk, as if nothing had been lost. A file that was lost in
    any trial counts as lost.

    Args:
        budget: calls allowed in a trial, one number or one for each desk. trials: 1 is ReAct.
        known: notes that are there from the beginning. guard: rules instead of notes.
    """
    budgets, rows = np.broadcast_to(budget, len(desks)), np.asarray(desks).tolist()
    ends = []
    for row, calls in zip(rows, budgets):
        notes, lost, made = set(known), False, 0
        for _ in range(trials):
            forbidden = guard or (lambda r, c, notes=notes: kind(r, c) in notes)
            last = trial(row, forbidden, calls)
            made, lost = made + last.calls, lost or last.loss is not None
            if last.reached or last.loss is None:
                break
            notes.add(last.loss)
        ends.append((last.reached, lost, made))
    return Played(*map(np.array, zip(*ends)))


@lru_cache(maxsize=1)
def notes_from_lessons(seed: int) -> frozenset[Note]:
    """Kinds of calls that usually lose a file, or usually change nothing, in the lessons."""
    world, heard = Desk(tasks=False), defaultdict(Counter)
    for prompt, answer in zip(*lessons(seed)):
        text, _, question = prompt.partition(" If I ")
        tool, name = question.split()[:2]
        row = world.read(text)
        slot = row[5::5].index(NAMES.index(name))
        if row[7 + 5 * slot] == HERE:
            bad = LOST in answer or answer.endswith("=> same .")
            heard[kind(row, len(TOOLS) * slot + TOOLS.index(tool))][bad] += 1
    return frozenset(note for note, count in heard.items() if count[True] > count[False])


def hand_written_guard(row, call) -> bool:
    """The three ways to lose a file, written down by somebody who knows the rules."""
    slot, tool = divmod(call, len(TOOLS))
    _, size, _, document, copy = row[5 + 5 * slot : 10 + 5 * slot]
    return {"close": document == UNSAVED, "move": size > row[USB], "delete": not copy}.get(
        TOOLS[tool], False
    )


class Table:
    """A world model that was told where to look: the named file's words, and two of the drives.

    It keeps, for each such entry, what the lessons say most often, with the file's name left open.
    """

    def __init__(self, prompts, answers):
        heard = defaultdict(Counter)
        for prompt, answer in zip(prompts, answers):
            entry, name = self.entry(prompt)
            heard[entry][answer.replace(name, "*")] += 1
        self.said = {entry: count.most_common(1)[0][0] for entry, count in heard.items()}

    @staticmethod
    def entry(prompt: str) -> tuple[tuple[str, ...], str]:
        """(the tool, the named file's words, what usb and cloud hold), and the file's name."""
        text, _, question = prompt.partition(" If I ")
        tool, name = question.split()[:2]
        drives, *files = text.removesuffix(" .").split(" ; ")
        words = next(file for file in files if file.split()[0] == name).partition(" ")[2]
        return (tool, words, drives.split()[3], drives.split()[5]), name

    def answer(self, prompts) -> list[str]:
        """The answers; empty where no lesson was like it."""
        found = map(self.entry, prompts)
        return [self.said[e].replace("*", name) if e in self.said else "" for e, name in found]
