"""The student's side: runs a notebook's cells, and answers the examiner's questions about them.

In the grader this is the process in the jail: it reads questions from its standard input and
answers on its standard output, and what the student prints goes to standard error. In a learner's
own kernel the same `Respondent` answers, without a pipe.
"""

from __future__ import annotations

import os
import random
import sys
import traceback
from collections.abc import Callable
from typing import Any

from wmlib.challenges import wire
from wmlib.challenges.withheld import Withheld

Ask = Callable[[dict], dict]  # a message to the examiner -> what is answered


class Respondent:
    """Answers questions about what a notebook has defined.

    Args:
        names: the names that are defined; a fresh set where nothing has run yet.
    """

    def __init__(self, names: dict[str, Any] | None = None):
        self.names = {"__name__": "__main__"} if names is None else names
        self.things: list[Any] = []
        self.withheld = Withheld()

    def answer(self, question: dict, ask: Ask) -> dict:
        """The answer to one question: `value`, or `error` with its type and text.

        Args:
            question: what to `do`: "run" cells; "withhold" functions of the library from then on;
                "call" or "get" a name, of the notebook or `of` a kept thing; take it for an "agent".
            ask: how to reach the examiner meanwhile (worlds are stepped there).
        """
        try:
            if question["do"] == "run":
                return {"value": self._run(question["cells"])}
            if question["do"] == "withhold":
                self.withheld = Withheld(question["names"])
                return {"value": None}
            found, name = self._find(question.get("of"), question["name"])
            if question["do"] == "agent":
                from wmlib.agents import as_agent

                return {"value": self._keep(as_agent(found))}
            if question["do"] == "call":
                _seed(question["seed"])
                kept = lambda value: self._kept(value, ask)
                args = wire.decode(question["args"], kept, tensors=True)
                if not callable(found):
                    return _error(
                        "TypeError", f"`{name}` is {type(found).__name__}, not a function"
                    )
                with self.withheld:
                    found = found(*args)
            return {"value": wire.encode(found, self._keep)}
        except _Missing as missing:
            return _error("missing", str(missing))
        except NotImplementedError as error:
            return _error("NotImplementedError", str(error))
        except (Exception, SystemExit) as error:
            return _error(type(error).__name__, str(error), _where(error))

    def _run(self, cells):
        """Run cells in order until one stops: `None`, or which and why."""
        for cell in cells:
            try:
                code = compile(cell["source"], f"<cell {cell['index']}>", "exec")
                exec(code, self.names)
            except (Exception, SystemExit) as error:
                said, where = str(error), _where(error)
                if isinstance(error, SyntaxError):
                    said, where = error.msg, f" (line {error.lineno})"
                text = f"{type(error).__name__}: {said}"[:500]
                return {"!": "dict", "of": [["cell", cell["index"]], ["error", text + where]]}
        return None

    def _find(self, of, name):
        if of is None:
            if name not in self.names:
                raise _Missing(name)
            return self.names[name], name
        thing = self.things[of]
        if name is None:
            return thing, type(thing).__name__
        if not hasattr(thing, name):
            raise _Missing(f"{type(thing).__name__}.{name}")
        return getattr(thing, name), name

    def _keep(self, thing):
        self.things.append(thing)
        kind = getattr(type(thing), "__name__", "object")
        return {"!": "thing", "number": len(self.things) - 1, "kind": str(kind)[:80]}

    def _kept(self, value, ask):
        if value["!"] == "thing":
            return self.things[value["number"]]
        from wmlib.challenges import offers

        return offers.proxy(value, ask)


class _Missing(Exception):
    """A name that is not there."""


def _error(kind, text, where=""):
    return {"error": str(kind)[:80], "text": text[:500], "where": where}


def _where(error):
    """The line of the student's own code in which it stopped."""
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith("<cell")
    ]
    return f" ({frames[-1].filename.strip('<>')}, line {frames[-1].lineno})" if frames else ""


def _seed(seed):
    """The same dice for the same question, whatever was drawn before."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def main() -> None:
    """Answer questions until the examiner closes the pipe."""
    questions, answers = os.fdopen(os.dup(0), "rb", 0), os.fdopen(os.dup(1), "wb", 0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what the student prints is no message

    def read(n: int) -> bytes:
        data = b""
        while len(data) < n:
            more = questions.read(n - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def send(message: dict) -> None:
        data = memoryview(wire.pack(message))
        while data:
            data = data[answers.write(data) :]

    def ask(message: dict) -> dict:
        send(message)
        return wire.unpack(read)

    respondent = Respondent()
    while True:
        try:
            question = wire.unpack(read)
        except EOFError:
            return
        answer = respondent.answer(question, ask)
        try:
            send(answer | {"id": question["id"]})
        except wire.WireError as error:
            send(_error("WireError", str(error)) | {"id": question["id"]})
