"""Library functions that a day asks a student to write: they stop while the student's code is asked."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType


class Withheld:
    """`with Withheld(names): ...`: whoever calls one of these meanwhile gets a RuntimeError.

    Their code is exchanged in place, so that it does not matter who imported them, when, or under
    which name. The student's process alone needs it: the examiner is not inside of the `with`.

    Args:
        names: `"module:function"` or `"module:Class"`, which stands for all methods of the class.
    """

    def __init__(self, names: Sequence[str] = ()):
        self._codes = [
            (function, function.__code__, _stop(function, name.partition(":")[2]))
            for name in names
            for function in _functions(name)
        ]

    def __enter__(self) -> Withheld:
        for function, _, stop in self._codes:
            function.__code__ = stop
        return self

    def __exit__(self, *_: object) -> None:
        for function, code, _ in self._codes:
            function.__code__ = code


def _functions(name: str) -> Iterator[FunctionType]:
    module, _, what = name.partition(":")
    thing = getattr(importlib.import_module(module), what)
    for member in vars(thing).values() if inspect.isclass(thing) else [thing]:
        plain = inspect.unwrap(member) if callable(member) else None
        if isinstance(plain, FunctionType):
            yield plain


def _stop(function: FunctionType, name: str) -> CodeType:
    words = f"the library's {name} is what you are asked to write: here it is not to be had"
    made: dict[str, FunctionType] = {}
    exec(f"def stop(*args, **named):\n    raise RuntimeError({words!r})", {}, made)
    return made["stop"].__code__.replace(co_freevars=function.__code__.co_freevars)
