"""Whether a model is still what its classes say: the quick ways to its numbers know no other."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from torch import nn


def as_written(model: nn.Module, kinds: Collection[type]) -> bool:
    """Whether model and parts are of these classes themselves, with their own methods and no hook.

    A subclass, a pruned or otherwise parametrised layer, a hook, or a function put in the place of
    a method may say anything: whoever finds one calls the modules.
    """
    parts: list[Any] = [model]
    for part in parts:  # which grow meanwhile
        kind: Any = type(part)
        own = vars(part)
        if (
            kind not in kinds
            or own["_forward_hooks"]
            or own["_forward_pre_hooks"]
            or own["_backward_hooks"]
            or own["_backward_pre_hooks"]
            or not _methods(kind).isdisjoint(own)
        ):
            return False
        parts += own["_modules"].values()
    return True


@cache
def _methods(kind: Any) -> frozenset[str]:
    return frozenset(name for name in dir(kind) if callable(getattr(kind, name)))
