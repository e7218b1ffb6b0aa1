"""Concept questions: each wrong answer is explained. They work in a page without a kernel.

    quiz("07")

An option is a `<details>` element, so that it opens, and says why, even where no script runs; the
script counts what was right at the first try.
"""

from __future__ import annotations

import html
import importlib
import random
import re
from collections.abc import Sequence
from typing import NamedTuple

from wmlib.evidence import room, rooms
from wmlib.figures.display import fingerprint, put, source, wrap

STYLE, SCRIPT = source("../questions/quiz.css"), source("../questions/quiz.js")


class Question(NamedTuple):
    """One question. An option is a pair: what it says, and why it is right or wrong."""

    asked: str
    right: tuple[str, str]
    wrong: Sequence[tuple[str, str]]


def questions_of(name: str) -> list[Question]:
    """The questions of a chapter ("07"), or those of a review ("part_1", "before", "primer").

    Raises:
        ValueError: if there is no such chapter.
    """
    where = f"{room(name).name}.questions" if name.isdigit() else f"reviews.{name}"
    return importlib.import_module(f"wmlib.course.{where}").QUESTIONS


def quiz(name: str, title: str = "What have you understood?") -> None:
    """Show the questions of a chapter, or of a review."""
    found = questions_of(name)
    put(quiz_html(found, title), f"{len(found)} questions with explained answers.")


def quiz_html(questions: Sequence[Question], title: str) -> str:
    """Questions as a fragment of HTML.

    Args:
        title: stands above them.
    """
    name = fingerprint(title, questions)
    body = "".join(_question(number, each) for number, each in enumerate(questions, 1))
    inside = (
        f"<style>{STYLE}</style>"
        f'<div class="wm-quiz" data-wm-quiz="{name}"><p class="wm-quiz-title">{html.escape(title)}'
        f' <span class="wm-score" aria-live="polite"></span></p>{body}</div>'
    )
    return wrap(inside) + f"<script>{SCRIPT.replace('NAME', name)}</script>"


def _question(number, question):
    options = [(option, why, False) for option, why in question.wrong]
    options.append((*question.right, True))
    random.Random(question.asked).shuffle(options)  # the same order in every page
    shown = "".join(
        f'<details class="wm-option{" wm-right" if right else ""}">'
        f"<summary>{_words(option)}</summary>"
        f"<p>{'&#10003;' if right else '&#10007;'} {_words(why)}</p></details>"
        for option, why, right in options
    )
    return f'<div class="wm-question"><p>{number}. {_words(question.asked)}</p>{shown}</div>'


def _words(text):
    """Text with `code` and *emphasis*."""
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", text)


def chapters_with_questions() -> list[str]:
    """The chapters that have questions, in order."""
    return [path.name[2:4] for path in rooms() if (path / "questions.py").exists()]
