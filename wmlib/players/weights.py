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
    bits: int = 16,
) -> str:
    """Named tensors as the text of a script that hands them to the engine.

    Args:
        name: what the player asks for.
        tensors: name -> tensor or array of any shape.
        settings: what else the player must know; anything that JSON can hold.
        check: inputs, noise and what torch makes of them; arrays and tensors are written as lists.
        bits: of a number, 32, 16 or 8. With 8 only tensors of two dimensions and more have whole
            numbers from -127 to 127, and for each row (first dimension) a scale of 16 bits.

    Raises:
        ValueError: for numbers that are not finite, also once they are rounded to 16 bits, and for
            another number of bits.
    """
    if bits not in (32, 16, 8):
        raise ValueError(f"{name}: weights have 32, 16 or 8 bits, got {bits}")
    arrays = {key: np.asarray(_array(value), dtype=np.float32) for key, value in tensors.items()}
    rows = {key: value for key, value in arrays.items() if bits == 8 and value.ndim > 1}
    for key in rows:
        rows[key], arrays[key] = _codes(arrays[key])  # codes; in the tensor's place its scales
    kind = "<f4" if bits == 32 else "<f2"
    with np.errstate(over="ignore"):
        parts = {key: value.astype(kind) for key, value in arrays.items()}
    for key, value in parts.items():
        if not np.isfinite(value).all():
            raise ValueError(
                f"{name}: {key} holds numbers that are not finite"
                + (" in 16 bits (bits=32 keeps them)" if np.isfinite(arrays[key]).all() else "")
            )
    data = b"".join(value.tobytes() for value in parts.values())
    if bits < 32:  # all low bytes, then all high ones: this is a tenth less over the wire
        data = data[::2] + data[1::2]
    data += b"".join(codes.tobytes() for codes in rows.values())
    file = {
        "bits": bits,
        "checksum": checksum(data),
        "tensors": [[key, list(value.shape)] for key, value in parts.items()],
        "rows": [[key, list(codes.shape)] for key, codes in rows.items()],
        "settings": _plain(settings),
        "check": _plain(check),
        "data": base64.b64encode(data).decode(),
    }
    return f"window.WM.addWeights({json.dumps(name)}, {json.dumps(file, separators=(',', ':'))});\n"


def rounded(module: torch.nn.Module, bits: int = 16) -> torch.nn.Module:
    """Round a module's weights, in place, to what `pack` keeps in 16 or 8 bits; returns the module."""
    with torch.no_grad():
        for tensor in module.state_dict().values():  # what is not stored, such as a grid, stays
            if tensor.is_floating_point() and bits == 8 and tensor.ndim > 1:
                codes, scale = _codes(tensor.cpu().numpy())
                scale = scale.astype(np.float32).reshape(-1, *[1] * (codes.ndim - 1))
                tensor.copy_(torch.from_numpy(codes * scale))
            elif tensor.is_floating_point():
                tensor.copy_(tensor.half().float())
    return module


def _codes(array):
    """Whole numbers from -127 to 127, and a scale for each row, of 16 bits: array ~ codes * scale."""
    flat = array.reshape(len(array), -1)
    with np.errstate(over="ignore", invalid="ignore"):  # `pack` refuses a scale that is not finite
        scale = np.maximum((np.abs(flat).max(1) / 127).astype("<f2"), np.float16(2**-24))
        codes = np.rint(flat / scale.astype(np.float32)[:, None]).clip(-127, 127).astype(np.int8)
    return codes.reshape(array.shape), scale


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
