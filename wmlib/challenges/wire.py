"""Plain values over a pipe: what an examiner and a student's process may say to each other.

Numbers, texts, lists, dictionaries and arrays travel; anything else stays in the process where it
was made, and a number stands for it on the other side (`Handle`). Nothing is ever unpickled. A
message is its length in four bytes and then JSON.
"""

from __future__ import annotations

import base64
import json
import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

LARGEST = 32 << 20  # bytes of one message
DEEPEST = 20  # lists in lists
MOST = 500_000  # lists, dictionaries and arrays in one message; a dictionary has fewer keys


class WireError(Exception):
    """A message that is none: too large, too deep, or not what was agreed."""


def pack(message: dict) -> bytes:
    """A message as bytes: its length, then JSON."""
    body = json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode("utf8", "replace")
    if len(body) > LARGEST:
        raise WireError(f"a message of {len(body) >> 20} MB: at most {LARGEST >> 20} are carried")
    return struct.pack(">I", len(body)) + body


def unpack(read: Callable[[int], bytes]) -> dict:
    """The next message. `read(n)` gives exactly n bytes or raises EOFError.

    Raises:
        EOFError: if the other side has ended. WireError: if what came is no message.
    """
    (length,) = struct.unpack(">I", read(4))
    if length > LARGEST:
        raise WireError(f"a message of {length >> 20} MB: at most {LARGEST >> 20} are carried")
    body = read(length)
    if body.count(b"[") + body.count(b"{") > MOST:
        raise WireError(f"a message of more than {MOST:,} parts")
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise WireError("not a message of the examiner's protocol") from None
    if not isinstance(message, dict):
        raise WireError("not a message of the examiner's protocol")
    return message


def encode(value: Any, keep: Callable[[Any], dict], depth: int = 0) -> Any:
    """A value as JSON can hold it.

    Args:
        value: what is to be said. keep: called with what cannot travel; keeps it, and gives what
            stands for it.

    Raises:
        WireError: if lists lie deeper in lists than `DEEPEST`.
    """
    if depth > DEEPEST:
        raise WireError(f"lists in lists, more than {DEEPEST} deep")
    if value is None or type(value) in (bool, str, float):
        return value
    if type(value) is int:
        return value if abs(value) < 2**63 else float(value) if abs(value) < 2**1000 else math.inf
    if type(value) is np.str_:
        return str(value)
    if hasattr(value, "detach") and hasattr(value, "cpu"):  # a tensor, without importing torch
        return _array(value.detach().cpu().numpy(), "tensor")
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return _array(value, "array")
    if isinstance(value, np.generic) and value.dtype.kind in "biuf":
        return value.item()
    if isinstance(value, (list, tuple, set, frozenset, range)):
        items = [encode(item, keep, depth + 1) for item in value]
        if isinstance(value, (list, range)):
            return items
        return {"!": "tuple" if isinstance(value, tuple) else "set", "of": items}
    if isinstance(value, dict):  # a defaultdict or a Counter as well
        pairs = [[encode(part, keep, depth + 1) for part in pair] for pair in value.items()]
        return {"!": "dict", "of": pairs}
    return keep(value)


def _array(value, kind):
    data = base64.b64encode(value.tobytes()).decode()  # row by row, however it lies in memory
    return {"!": kind, "dtype": value.dtype.str, "shape": list(value.shape), "data": data}


def decode(value: Any, kept: Callable[[dict], Any], tensors: bool = False) -> Any:
    """What `encode` was given.

    Args:
        value: from a message. kept: what stands for a thing -> the thing, or a handle on it.
        tensors: tensors become tensors again (imports torch); otherwise arrays.

    Raises:
        WireError: if it is no value that `encode` could have written.
    """
    try:
        return _decode(value, kept, tensors)
    except (ArithmeticError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise WireError(f"not a plain value: {type(error).__name__}") from None


def _decode(value, kept, tensors):
    if isinstance(value, list):
        return [_decode(item, kept, tensors) for item in value]
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int) and abs(value) >= 2**63:
        raise WireError("a whole number of more than 63 bits")  # such keys could all share a hash
    if not isinstance(value, dict):
        return value
    kind = value["!"]
    if kind in ("array", "tensor"):
        dtype = np.dtype(value["dtype"])
        if dtype.kind not in "biuf":
            raise WireError("an array of something else than numbers")
        array = np.frombuffer(base64.b64decode(value["data"]), dtype).reshape(value["shape"]).copy()
        if kind == "tensor" and tensors:
            import torch

            return torch.from_numpy(array)
        return array
    if kind == "dict":
        return {_key(k, kept): _decode(v, kept, tensors) for k, v in value["of"]}
    if kind in ("tuple", "set"):
        items = [_decode(item, kept, tensors) for item in value["of"]]
        return tuple(items) if kind == "tuple" else set(items)
    return kept(value)


def clean(text: str) -> str:
    """A text without halves of characters, which no file and no page can hold."""
    return text.encode("utf8", "replace").decode()


def _key(value, kept):
    key = _decode(value, kept, False)
    hash(key)  # a list is no key: TypeError
    return key
