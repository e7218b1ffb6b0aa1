"""Day 27: find the rules of a small desk in lessons, and write them down: be the world model."""

from __future__ import annotations

import hashlib
from pathlib import Path

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.exercise import Mistake

TOOLS = ("copy", "sign", "staple", "post", "shred")


def _lines(file: str) -> list[str]:
    return Path(__file__).with_name(file).read_text(encoding="utf8").splitlines()


def lessons() -> list[tuple[str, str]]:
    """Five hundred questions and what happened."""
    rows = [line.partition(" ? ") for line in _lines("lessons.txt")]
    return [(f"{question} ?", answer) for question, _, answer in rows]


def held_out() -> list[tuple[str, str]]:
    """Two hundred other questions, with fingerprints of what happened."""
    rows = [line.partition(" ? ") for line in _lines("held_out.txt")]
    return [(f"{question} ?", fingerprint) for question, _, fingerprint in rows]


def fingerprint(question: str, words: list[str]) -> str:
    """The fingerprint of a question and its answer."""
    return hashlib.sha256(f"{question} {' '.join(words)}".encode()).hexdigest()[:16]


def answer_of(exam: Exam, question: str) -> list[str]:
    """The student's answer, word by word.

    Raises:
        Mistake: if it is no text of two parts.
    """
    said = exam.student.call("my_answer", question)
    if not isinstance(said, str):
        raise Mistake(
            f"my_answer should return a text, got {type(said).__name__}: is there a case without a return?"
        )
    if " => " not in said:
        raise Mistake(f"an answer has two parts with ' => ' between them, got {said!r:.80}")
    return said.split()


def _tool(tool):
    def examine(exam: Exam) -> str | None:
        rows = [row for row in lessons() if f" If I {tool} " in row[0]][:: 3 if exam.quick else 1]
        wrong = [(q, a, said) for q, a in rows if (said := answer_of(exam, q)) != a.split()]
        if len(wrong) > 0.03 * len(rows):
            question, answer, said = min(wrong, key=lambda row: len(row[0]))
            return (
                f"wrong on {len(wrong)} of {len(rows)} lessons with '{tool}', for instance: {question} "
                f"It says: {' '.join(said)} The lesson says: {answer}"
            )
        asked = [row for row in held_out() if f" If I {tool} " in row[0]]
        missed = sum(fingerprint(q, answer_of(exam, q)) != mark for q, mark in asked)
        if missed > 0.6 * len(asked):
            return (
                f"right on the lessons, and wrong on {missed} of {len(asked)} calls that are in no lesson: does it "
                "look lessons up? Find the rule, which does not depend on a paper's name or on the other papers"
            )
        if missed > 0.03 * len(asked):
            return (
                f"right on the lessons, and wrong on {missed} of {len(asked)} calls that are in no lesson: is a "
                "number taken from the lessons that should come from the desk, or a limit off by one?"
            )
        return None

    return examine


ASKED = {
    "copy": "What does `copy` do?",
    "sign": "What does `sign` do?",
    "staple": "What does `staple` do?",
    "post": "What does `post` do?",
    "shred": "What does `shred` do?",
}

challenge = Challenge(
    name="day27_be_the_model",
    title="Be the world model",
    chapter="11",
    minutes=30,
    kind="build",
    parts=[Part(tool, 2, ASKED[tool], _tool(tool)) for tool in TOOLS],
    hints=[
        'Begin with `text, _, rest = question.partition(" If I ")`, then `tool, name = rest.split()[:2]`, then the '
        'one paper among `text.removesuffix(" .").split(" ; ")[1:]` that begins with the name.',
        "Sort the lessons of one tool by their sentence, and ask for each sentence: what have these desks in "
        "common? The order of the questions matters: is the paper there at all? Is it stapled? Is there enough of "
        "what is used up?",
        "copy needs as many sheets as pages; with fewer it uses up what is there. sign makes an old copy worthless. "
        "staple works both ways. post takes one stamp for up to three pages, else two, also when it fails for want "
        "of a signature. shred needs room in the bin.",
    ],
)
