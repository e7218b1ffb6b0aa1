"""Day 23: three labels name the codes of a model that was told no action: which three?"""

from __future__ import annotations

from typing import Any

import numpy as np

from wmlib.challenges.challenge import Challenge, Exam, Part
from wmlib.challenges.day23_three_labels.film import Film, film
from wmlib.challenges.offers import Offer
from wmlib.exercise import numbers


def films(exam: Exam, purpose: str, many: int) -> list[Film]:
    """Films with 3, 4 or 5 actions, and models whose codes are in any order."""
    rng = exam.rng(purpose)
    return [film(rng, rng.permutation(3 + i % 3)) for i in range(many)]


def table(said: Any, codes: int, what: str) -> np.ndarray:
    """Names of codes, as the student gives them: a row, or a dictionary code -> action."""
    if isinstance(said, dict):
        said = [said.get(code, -1) for code in range(codes)]
    return numbers(said, (codes,), what).astype(int)


def chance(exam: Exam) -> str | None:
    """Three codes, four codes, one."""
    ask = lambda shares: float(
        numbers(exam.student.call("lucky", np.array(shares)), (), "what lucky returns")
    )
    said = ask([0.5, 0.3, 0.2])
    if not np.isclose(said, 0.18):
        words = {
            0.03: "that is for one order of the three codes: any order will do, and there are six",
            0.09: "a product is right, but three steps can come in six orders, not in three",
            0.222222: "that is for codes that are equally frequent",
            0.82: "that is the chance that it fails",
            1.0: "two of the three steps may well have the same code",
        }
        return next(
            (w for n, w in words.items() if np.isclose(said, n, atol=1e-5)),
            f"codes with shares 0.5, 0.3, 0.2: it says {said:.4f}. How likely is 0, 1, 2 in this order? In any order?",
        )
    if not np.isclose(ask([0.25] * 4), 0.09375):
        return "right for three codes, not for four that are equally frequent: how many orders have four?"
    return None if np.isclose(ask([1.0]), 1) else "with a single code one step is enough"


def blame(seen: Film, step: int) -> str:
    """Why a step is not worth a question."""
    best, code = np.sort(seen.wrong[step]), int(seen.wrong[step].argmin())
    if seen.cut[step]:
        return (
            f"for code {code} it asks about a step at a cut, where all codes are wrong by {best[0]:.2g} and "
            "more: the best of them is far ahead of the next, and yet none is right"
        )
    if seen.blank[step]:
        return (
            f"for code {code} it asks about a step in front of a blank wall: all codes are nearly right there, "
            "so the answer says nothing about this one"
        )
    return f"for code {code} it asks about a step in which the model took another action for it: is it sure there?"


def asked(exam: Exam, seen: Film) -> str | None:
    """What is wrong with the steps that are asked about in one film."""
    codes = seen.wrong.shape[1]
    given = exam.student.call("ask", seen.wrong)
    said = numbers(sorted(given) if isinstance(given, set) else given, (None,), "what ask returns")
    if len(said) != codes:
        return f"{codes} codes, {codes} questions: it asks {len(said)}"
    if ((said != np.floor(said)) | (said < 0) | (said >= len(seen.wrong))).any():
        return f"it should give numbers of steps, from 0 to {len(seen.wrong) - 1}: {said.tolist()}"
    steps = said.astype(int)
    if len(set(steps.tolist())) < codes:
        return "it asks about the same step twice"
    best = seen.wrong[steps].argmin(1)
    if len(set(best.tolist())) < codes:
        return (
            "two of the steps have the same code: one for each code, or a code stays without a name"
        )
    for step, code in zip(steps, best):
        if seen.act[step] != seen.names[code] or seen.cut[step] or seen.blank[step]:
            return blame(seen, int(step))
    return None


def ask(exam: Exam) -> str | None:
    """Nine films."""
    for seen in films(exam, "films", 9):
        found = asked(exam, seen)
        if found:
            return found
    return None


def name(exam: Exam) -> str | None:
    """Labels by hand: a majority, a code without a label, codes in any order."""
    call = lambda codes, labels, k: table(
        exam.student.call("name", np.array(codes), np.array(labels), k), k, "what name returns"
    ).tolist()
    said = call([2, 0, 1], [0, 1, 2], 3)
    if said != [1, 2, 0]:
        if said == [0, 1, 2]:
            return "the labels are in the order of the steps, not of the codes: label i belongs to code codes[i]"
        if said == [2, 0, 1]:
            return "that is from action to code: names[code] is the action"
        return f"codes 2, 0, 1 with labels 0, 1, 2: code 0 means 1, code 1 means 2, code 2 means 0; it says {said}"
    said = call([1, 0, 1, 1, 0], [2, 1, 0, 2, 1], 2)
    if said != [1, 2]:
        if said == [1, 0]:
            return "code 1 was labelled 2, 0, 2: the majority counts, not the smallest, and not one alone"
        return f"code 1 was labelled 2, 0, 2, so it means 2 (the majority); it says {said}"
    said = call([0, 2], [1, 0], 4)
    return None if said == [1, -1, 0, -1] else "a code without a label has the name -1"


class Person:
    """Looks at steps and says what was done; -1 where it cannot be seen."""

    def __init__(self, seen: Film, blind: np.ndarray):
        self.seen, self.blind = seen, blind
        self.steps: list[int] = []

    def what(self, step: int) -> int:
        """The action of a step, or -1."""
        whole = np.asarray(step)
        if whole.size != 1 or not 0 <= int(whole.reshape(())) < len(self.seen.act):
            raise ValueError(f"there is no step {step!r:.40}: from 0 to {len(self.seen.act) - 1}")
        number = int(whole.reshape(()))
        self.steps.append(number)
        return -1 if self.blind[number] else int(self.seen.act[number])


def person(exam: Exam) -> str | None:
    """A person who cannot tell in half of the steps; questions are counted here."""
    rng, spent = exam.rng("person"), 0
    for seen in films(exam, "person's films", 9):
        codes = seen.wrong.shape[1]
        someone = Person(seen, rng.random(len(seen.act)) < 0.5)
        offer = Offer(someone, ["what"], budget=10 * codes)
        said = table(
            exam.student.call("ask_person", seen.wrong, offer), codes, "what ask_person returns"
        )
        spent += offer.calls
        if (said != seen.names).any():
            code = int(np.flatnonzero(said != seen.names)[0])
            clear = [
                n for n in someone.steps if seen.wrong[n].argmin() == code and not someone.blind[n]
            ]
            if not clear:
                return f"code {code} has no name: all answers about it were -1. Ask about the next best step"
            bad = [
                n for n in clear if seen.act[n] != seen.names[code] or seen.cut[n] or seen.blank[n]
            ]
            return (
                blame(seen, bad[0])
                if bad
                else f"code {code} was answered well, and has a wrong name"
            )
    wanted = sum(seen.wrong.shape[1] for seen in films(exam, "person's films", 9))
    if spent > 3 * wanted:
        return f"all names are right, after {spent / wanted:.1f} questions for each code: at most 3. Stop when one is answered"
    return None


def fewer(exam: Exam) -> str | None:
    """One question less than there are codes: what is left is the last one's."""
    for seen in films(exam, "fewer", 9):
        codes = seen.wrong.shape[1]
        someone = Person(seen, np.zeros(len(seen.act), bool))
        offer = Offer(someone, ["what"], budget=codes - 1)
        said = table(
            exam.student.call("ask_less", seen.wrong, offer), codes, "what ask_less returns"
        )
        if (said != seen.names).any():
            bad = [n for n in someone.steps if seen.act[n] != seen.names[seen.wrong[n].argmin()]]
            if bad:
                return blame(seen, bad[0])
            return "the answers were right, the names are not: each code means an action, and no two the same"
    return None


challenge = Challenge(
    name="day23_three_labels",
    title="Three questions",
    chapter="09",
    minutes=30,
    kind="build",
    seconds=120,
    parts=[
        Part("chance", 1, "Say how often random questions meet every code.", chance),
        Part("ask", 4, "Choose one step to ask about for each code.", ask),
        Part("name", 2, "Make names of codes from labels.", name),
        Part("person", 3, "Ask a person who often cannot tell, and ask little.", person),
        Part("fewer", 2, "Name K codes with K - 1 questions.", fewer, bonus=True),
    ],
    hints=[
        "A step's code is the least wrong one: wrong.argmin(1). When is the model *sure* of it: when this "
        "code is right, or when it is right and all others are wrong?",
        "Sort each row: best, second. At a blank wall both are small, at a cut both are large. What is "
        "large only where the first is small and the second is not?",
        "second / best, one maximum among the steps of each code. For the person: order each code's steps "
        "by it, and go down the list until an answer is not -1.",
    ],
)
