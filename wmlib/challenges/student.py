"""What an examiner talks to: a student's answers, in a jail or in the learner's own kernel."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from wmlib.challenges import wire
from wmlib.challenges.inside import Respondent
from wmlib.challenges.offers import Offer, Refused
from wmlib.exercise import Mistake

MESSAGES = 2_000_000  # that one submission may send
SECONDS = 60.0  # of processor time that the examiner spends on answering a submission's questions


class Ended(Exception):
    """The student's process is gone, or ran into a limit: nothing more can be asked."""


class Handle:
    """An object that the student's code made: called, asked and read from here.

    What comes back is plain: numbers, texts, lists, arrays, or another `Handle`.
    """

    def __init__(self, student: Student, number: int, kind: str):
        self.student, self.number, self.kind = student, number, kind

    def __call__(self, *args: Any) -> Any:
        return self.student.ask("call", None, args, of=self.number)

    def call(self, name: str, *args: Any) -> Any:
        """What its method gives."""
        return self.student.ask("call", name, args, of=self.number)

    def get(self, name: str) -> Any:
        """What its attribute holds."""
        return self.student.ask("get", name, (), of=self.number)

    def has(self, name: str) -> bool:
        """Whether it has an attribute or method of this name."""
        try:
            self.get(name)
        except Mistake:
            return False
        return True


class StudentAgent:
    """An agent in the student's process, as `wmlib.acting.play` and `evaluate` want one."""

    def __init__(self, handle: Handle):
        self._handle = handle

    def begin(self, obs: np.ndarray) -> None:
        """All episodes of the batch begin."""
        self._handle.call("begin", obs)

    def act(self, obs: np.ndarray, first: np.ndarray) -> Any:
        """Actions `(B,)` or `(B, A)`: plain numbers, which the world checks."""
        return self._handle.call("act", obs, first)

    def keep(self, mask: np.ndarray) -> None:
        """Some episodes are over."""
        self._handle.call("keep", mask)


class Student:
    """The answers of one student: `call` a function that the notebook defines, `get` a value.

    Args:
        exchange: a question -> the answer, or a message that must be answered first.
        seed: each question is asked with dice of its own, drawn from this.
    """

    def __init__(self, exchange: Callable[[dict], dict], seed: int = 0):
        self._exchange, self._seed = exchange, seed
        self._offers: list[Offer] = []
        self._asked = 0
        self._messages, self._spent = 0, 0.0

    def run(self, cells: Sequence[dict]) -> dict | None:
        """Run the notebook's cells in order: None, or the `cell` that stopped and its `error`."""
        return self._ask({"do": "run", "cells": list(cells)})

    def withhold(self, names: Sequence[str]) -> None:
        """Library functions, `"module:name"`, that the student's code can no longer use."""
        if names:
            self._ask({"do": "withhold", "names": list(names)})

    def call(self, name: str, *args: Any) -> Any:
        """What a function of the notebook gives for these arguments.

        Raises:
            Mistake: if there is no such function, if it is not written yet, or if it stops.
        """
        return self.ask("call", name, args)

    def get(self, name: str) -> Any:
        """The value of a name of the notebook.

        Raises:
            Mistake: if the notebook does not define it.
        """
        return self.ask("get", name, ())

    def agent(self, agent: str | Handle) -> StudentAgent:
        """A function `obs -> actions` or an agent of the notebook, by name or as it was given."""
        if isinstance(agent, str):
            return StudentAgent(self.ask("agent", agent, ()))
        if not isinstance(agent, Handle):
            raise Mistake(
                f"wanted an agent: a function of obs, or an object with act, got {agent!r:.60}"
            )
        return StudentAgent(self.ask("agent", None, (), of=agent.number))

    def ask(self, do: str, name: str | None, args: Sequence[Any], of: int | None = None) -> Any:
        """One question. Raises `Mistake` with what the student is told if there is no answer."""
        told = wire.encode(list(args), self._lend)
        seed = int(np.random.default_rng([self._seed, self._asked]).integers(2**31))
        return self._ask({"do": do, "name": name, "of": of, "args": told, "seed": seed})

    def _ask(self, question: dict) -> Any:
        self._asked += 1
        question["id"] = self._asked
        answer = self._exchange(question)
        while "offer" in answer:
            self._messages += 1
            if self._messages > MESSAGES:
                raise Mistake(f"more than {MESSAGES:,} questions to the world: is there an end?")
            began = time.process_time()
            served = self._serve(answer)
            self._spent += time.process_time() - began
            if self._spent > SECONDS:
                raise Ended(f"its questions took the examiner more than {SECONDS:g} seconds")
            answer = self._exchange(served)
        if answer.get("id") != self._asked or not {"value", "error"} & set(answer):
            raise Mistake("it sends the examiner messages of its own: leave the pipe alone")
        if "error" in answer:
            raise Mistake(_said(answer, question.get("name")))
        try:
            return wire.decode(answer["value"], self._thing)
        except wire.WireError as error:
            raise Mistake(f"`{question.get('name')}` gives what cannot be read: {error}") from None

    def _lend(self, value: Any) -> dict:
        if isinstance(value, Handle):
            return {"!": "thing", "number": value.number}
        if not isinstance(value, Offer):
            raise TypeError(f"an examiner's question holds {type(value).__name__}: not plain")
        if value not in self._offers:
            self._offers.append(value)
        about = wire.encode(value.describe(), self._lend)
        return {"!": "offer", "number": self._offers.index(value), "about": about}

    def _serve(self, message: dict) -> dict:
        """Do what the student's process asks of an offer."""
        try:
            offer = self._offers[int(message["offer"])]
            args = wire.decode(message["args"], lambda _: None)
            value = offer.call(str(message["name"]), args)
            return {"value": wire.encode(value, self._lend)}
        except (Refused, wire.WireError) as error:
            return {"error": str(error)}
        except (
            ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError,
        ) as error:  # fmt: skip
            return {"error": f"{type(error).__name__}: {error}"[:300]}

    def _thing(self, value: dict) -> Handle:
        return Handle(self, int(value["number"]), wire.clean(str(value["kind"])[:80]))


def _said(answer, name):
    kind, text, where = (wire.clean(str(answer.get(k, ""))) for k in ("error", "text", "where"))
    if kind == "NotImplementedError":
        return "nothing there yet: replace the line that raises NotImplementedError"
    if kind == "missing":
        return f"there is no `{text}`: keep the names of the starter, and run every cell above"
    return f"your code stops with {kind}: {text}"[:400] + where[:80]


def here(names: dict[str, Any], seed: int = 0) -> Student:
    """The answers in this kernel.

    Args:
        names: `globals()` of the notebook. seed: of its dice.
    """
    respondent = Respondent(names)
    student: Student

    def exchange(question: dict) -> dict:
        # An offer is served on the spot: `ask` runs inside of `answer`.
        return respondent.answer(question, student._serve) | {"id": question["id"]}

    student = Student(exchange, seed)
    return student


def through(send: Callable[[bytes], object], read: Callable[[int], bytes], seed: int) -> Student:
    """The answers of a process at the other end of a pipe.

    Args:
        send: writes bytes. read: gives exactly so many bytes. Both raise what `EOFError` is where
            the process has ended. seed: of the dice.
    """

    def exchange(question: dict) -> dict:
        try:
            data = wire.pack(question)
        except wire.WireError as error:
            if "id" in question:
                raise Ended(f"the examiner cannot ask: {error}") from None
            data = wire.pack({"error": str(error)})
        send(data)
        try:
            return wire.unpack(read)
        except wire.WireError as error:
            raise Mistake(f"it sends the examiner messages of its own: {error}") from None

    return Student(exchange, seed)
