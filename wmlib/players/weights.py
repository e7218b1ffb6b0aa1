"""Weights written out for the browser: a `.js` file with a checksum and numbers to check by.

    text = pack("dodge", {"W": layer.weight, "b": layer.bias}, settings={"horizon": 15}, check={...})

The player reads it as `WM.weights("dodge")`, whose `tensors` have `shape` and `data`. What `check`
holds must come from torch with the *rounded* weights (see `rounded`), so that the player's numbers
and torch's can be compared to 1e-3 and better.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

FNV_START, FNV_PRIME = 0x811C9DC5, 0x01000193


def pack(
    name: str,
    tensors: Mapping[str, Any],
    *,
    settings: Any = None,
    check: Any = None,
    half: bool = True,
) -> str:
    """Named tensors as the text of a script that hands them to the engine.

    Args:
        name: what the player asks for.
        tensors: name -> tensor or array of any shape.
        settings: what else the player must know; anything that JSON can hold.
        check: inputs, noise and what torch makes of them; arrays and tensors are written as lists.
        half: 16 bits a number; else 32.

    Raises:
        ValueError: for numbers that are not finite, also once they are rounded to 16 bits.
    """
    arrays = {key: np.asarray(_array(value), dtype=np.float32) for key, value in tensors.items()}
    kind = "<f2" if half else "<f4"
    with np.errstate(over="ignore"):
        parts = {key: value.astype(kind) for key, value in arrays.items()}
    for key, value in parts.items():
        if not np.isfinite(value).all():
            raise ValueError(
                f"{name}: {key} holds numbers that are not finite"
                + (" in 16 bits (half=False keeps 32)" if np.isfinite(arrays[key]).all() else "")
            )
    data = b"".join(value.tobytes() for value in parts.values())
    if half:  # all low bytes, then all high ones: this is a tenth less over the wire
        data = data[::2] + data[1::2]
    file = {
        "half": half,
        "checksum": checksum(data),
        "tensors": [[key, list(value.shape)] for key, value in parts.items()],
        "settings": _plain(settings),
        "check": _plain(check),
        "data": base64.b64encode(data).decode(),
    }
    return f"window.WM.addWeights({json.dumps(name)}, {json.dumps(file, separators=(',', ':'))});\n"


def rounded(module: torch.nn.Module) -> torch.nn.Module:
    """Round a module's weights, in place, to what 16 bits hold; the module itself is returned."""
    with torch.no_grad():
        for tensor in [*module.parameters(), *module.buffers()]:
            if tensor.is_floating_point():
                tensor.copy_(tensor.half().float())
    return module


def checksum(data: bytes) -> int:
    """FNV-1a, 32 bits."""
    total = FNV_START
    for byte in data:
        total = (total ^ byte) * FNV_PRIME & 0xFFFFFFFF
    return total


def _array(value):
    return value.detach().cpu().numpy() if isinstance(value, torch.Tensor) else value


def _plain(value):
    """Tensors and arrays within dictionaries and lists as lists."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    value = _array(value)
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
