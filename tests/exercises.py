"""Exercises of a notebook, taken out of it: the stub must not pass, the stored solution must."""

import re
from pathlib import Path

import nbformat

from wmlib.notebook import Exercise

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


class Chapter:
    """A notebook whose cells can be run one by one, by their ids.

    Args:
        name: of the notebook, without its ending.
        before: ids of the cells that the exercises need.
        given: names that the chapter has defined when its exercises begin, instead of running it.
    """

    def __init__(self, name: str, before: list[str], **given):
        notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
        self.cells = {cell.id: cell.source for cell in notebook.cells}
        self.space = {"seed": 0, "Exercise": Exercise, **given}
        for cell in before:
            self.run(cell)

    def run(self, cell: str) -> None:
        exec(self.cells[cell], self.space)

    def solution(self, exercise: str) -> str:
        """The code under "Solution" in the cell that follows the check."""
        folded = re.search(
            r"<summary>Solution.*?```python\n(.*?)```", self.cells[f"{exercise}-help"], re.S
        )
        return folded.group(1)

    def mistake(self, exercise: str, answer=None) -> str | None:
        """What the instant check says to an answer: None where it is right.

        Args:
            answer: code that defines it, or the thing itself; default is the stub.
        """
        asked = []
        self.run(f"{exercise}-stub")
        if isinstance(answer, str):
            exec(answer, self.space)
        original = Exercise.__call__
        Exercise.__call__ = lambda check, given: asked.append((check, given))
        try:
            self.run(f"{exercise}-check")
        finally:
            Exercise.__call__ = original
        check, given = asked[0]
        return check.mistake(given if answer is None or isinstance(answer, str) else answer)


class Equal:
    """Equals everything, is found in everything, and has every item."""

    __eq__ = __contains__ = lambda self, other: True
    __hash__ = object.__hash__
    get = __getitem__ = lambda self, *key: self
    __repr__ = lambda self: "equals everything"
