"""The rules of the desk, and desks drawn anew. Run as a module, it writes the lessons."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from wmlib.challenges.challenge import Exam
from wmlib.challenges.day27_be_the_model import TOOLS, answer_of
from wmlib.files import write_text

NAMES = ("letter", "report", "memo", "contract", "bill", "essay", "poem", "claim")
KEPT = ("treaty", "review", "will", "score")  # names that no lesson shows


def rules(prompt: str) -> str:
    """What really happens."""
    text, _, rest = prompt.partition(" If I ")
    tool, name = rest.split()[:2]
    head, *papers = text.removesuffix(" .").split(" ; ")
    tray, stamps, room = (int(n) for n in head.split()[1::2])
    paper = next(p.split() for p in papers if p.split()[0] == name)
    if paper[1] == "gone":
        return f"error : no {name} on the desk . => same ."
    pages, bound, signed, kept = int(paper[1]), paper[2], paper[3], paper[4]
    nothing = "nothing changes . => same ."
    if tool == "copy":
        if bound == "stapled":
            return f"error : {name} is stapled . => same ."
        if kept == "copied":
            return nothing
        if tray == 0:
            return "error : the tray is empty . => same ."
        if tray < pages:
            return f"only {tray} pages are copied . => tray - {tray} ."
        return f"{name} is copied . => tray - {pages} ; {name} {pages} loose {signed} copied ."
    if tool == "sign":
        if signed == "signed":
            return nothing
        if kept == "copied":
            return f"{name} is signed , the copy is out of date . => {name} {pages} {bound} signed single ."
        return f"{name} is signed . => {name} {pages} {bound} signed single ."
    if tool == "staple":
        if pages == 1:
            return "error : one page needs no staple . => same ."
        if bound == "stapled":
            return f"the staple is out . => {name} {pages} loose {signed} {kept} ."
        return f"{name} is stapled . => {name} {pages} stapled {signed} {kept} ."
    if tool == "post":
        needed = 1 if pages <= 3 else 2
        if stamps < needed:
            return "error : not enough stamps . => same ."
        if signed == "unsigned":
            return f"{name} comes back unsigned . => stamps - {needed} ."
        what = "the copy is kept" if kept == "copied" else "nothing is kept"
        return f"{name} is posted , {what} . => stamps - {needed} ; {name} gone ."
    if bound == "stapled":
        return "error : the shredder jams . => same ."
    if room < pages:
        return "error : the bin is full . => same ."
    if kept == "copied":
        return f"{name} is shredded , the copy is kept . => bin - {pages} ; {name} gone ."
    return f"{name} is lost for ever . => bin - {pages} ; {name} gone ."


def draw(tool: str, rng: np.random.Generator, names: tuple[str, ...] = NAMES) -> str:
    """A question about one tool."""
    papers = []
    three = [str(name) for name in rng.choice(names, 3, replace=False)]
    for name in three:
        pages = int(rng.integers(1, 7))
        bound = "stapled" if pages > 1 and rng.random() < 0.4 else "loose"
        signed, kept = rng.choice(["signed", "unsigned"]), rng.choice(["single", "copied"])
        papers.append(
            f"{name} gone" if rng.random() < 0.08 else f"{name} {pages} {bound} {signed} {kept}"
        )
    head = f"tray {rng.integers(0, 7)} stamps {rng.integers(0, 4)} bin {rng.integers(0, 8)}"
    return f"{' ; '.join([head, *papers])} . If I {tool} {rng.choice(three)} , what will happen ?"


def kind(prompt: str) -> str:
    """What sort of outcome it is: the sentence without names and numbers."""
    names = {*NAMES, *KEPT}
    said = rules(prompt).split(" => ")[0].split()
    return " ".join("*" if word in names or word.isdigit() else word for word in said)


def questions(tool: str, rng: np.random.Generator, n: int, names: tuple[str, ...]) -> list[str]:
    """Questions in which rare outcomes are as frequent as the others."""
    by_kind: dict[str, list[str]] = {}
    for _ in range(60 * n):
        prompt = draw(tool, rng, names)
        by_kind.setdefault(kind(prompt), []).append(prompt)
    rows = [
        row
        for rank in zip(*(some[: n // len(by_kind) + 1] for some in by_kind.values()))
        for row in rank
    ]
    return [rows[i] for i in rng.permutation(len(rows))][:n]


def _anew(tool):
    def examine(exam: Exam) -> str | None:
        rng = exam.rng(f"desks {tool}")
        asked = questions(tool, rng, 20 if exam.quick else 60, (*NAMES, *KEPT))
        wrong = sum(answer_of(exam, prompt) != rules(prompt).split() for prompt in asked)
        if wrong > 0.03 * len(asked):
            return f"wrong on {wrong} of {len(asked)} calls on desks drawn anew: a rare case is missing"
        return None

    return examine


hidden = {tool: _anew(tool) for tool in TOOLS}


def main() -> None:
    """Write the lessons, and the held-out questions with fingerprints of their answers."""
    rng = np.random.default_rng(27)
    lessons, held_out = [], []
    for tool in TOOLS:
        for prompt in questions(tool, rng, 100, NAMES):
            lessons.append(f"{prompt} {rules(prompt)}")
        for prompt in questions(tool, rng, 40, (*NAMES, *KEPT)):
            print_ = hashlib.sha256(f"{prompt} {rules(prompt)}".encode()).hexdigest()[:16]
            held_out.append(f"{prompt} {print_}")
    lessons = [lessons[i] for i in rng.permutation(len(lessons))]
    for file, lines in (("lessons.txt", lessons), ("held_out.txt", held_out)):
        write_text(Path(__file__).parents[1] / file, "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
