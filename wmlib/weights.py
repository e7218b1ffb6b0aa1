"""Weights on disk: the whole file or none, and the same model or an error.

A file is what `torch.save` writes, with a checksum of all that is in it. Reading compares it, so
that a byte that was changed on the way never becomes another model.
"""

from __future__ import annotations

import hashlib
import math
import os
import pickle
from typing import Any

import numpy as np
import torch

from wmlib.files import existing, write_whole

Path = str | os.PathLike


def save(model: Any, path: Path) -> None:
    """Write weights, normalisers, settings and the state of the model's chance to one file.

    Args:
        model: any model that is a `torch.nn.Module`. An aim given by `goal` is not saved.
        path: see `wmlib.files.write_whole`.
    """
    write(
        {
            "model": type(model).__name__,
            "settings": _settings(model),
            "state": model.state_dict(),
            "chance": model.generator.get_state() if hasattr(model, "generator") else None,
        },
        path,
    )


def load(model: Any, path: Path) -> Any:
    """Read what `save` wrote into a model built with the same arguments.

    Learning then goes on exactly as it would have: `fit` draws the same batches.

    Returns:
        the model.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it holds something else, is damaged, or holds a model of another kind or
            other settings; the model given is then left as it was.
    """
    content = read(path, ("model", "settings", "state", "chance"))
    if content["model"] != type(model).__name__:
        raise ValueError(f"{path} holds a {content['model']}, this is a {type(model).__name__}")
    own, theirs = _settings(model), content["settings"]
    for key in sorted({*own, *theirs}):
        if own.get(key) != theirs.get(key):
            raise ValueError(
                f"{path} was saved with {key} = {theirs.get(key)}, this model has "
                f"{own.get(key)}: build it with the same arguments first"
            )
    check_weights(model.state_dict(), content["state"], path)
    model.load_state_dict(content["state"])
    if content["chance"] is not None:
        model.generator.set_state(content["chance"])
    return model


def export(weights: dict, path: Path) -> None:
    """Write named tensors in half precision, for files that are read and not learned on."""
    write({"weights": halved(weights)}, path)


def import_weights(own: dict, path: Path) -> None:
    """Copy what `export` wrote into these tensors, all of them or none.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it holds something else, or weights of other names or sizes.
    """
    theirs = read(path, ("weights",))["weights"]
    check_weights(own, theirs, path)
    with torch.no_grad():
        for name, values in own.items():
            values.copy_(theirs[name])


def halved(weights: dict) -> dict:
    """Weights in half precision; integers stay."""
    return {name: v.half() if v.is_floating_point() else v for name, v in weights.items()}


def check_weights(own: dict, theirs: dict, path: Path) -> None:
    """Compare two sets of named tensors.

    Raises:
        ValueError: if one has a name or a size that the other has not.
    """
    shapes, other = ({k: list(v.shape) for k, v in w.items()} for w in (own, theirs))
    if shapes != other:
        wrong = next(k for k in {**shapes, **other} if shapes.get(k) != other.get(k))
        raise ValueError(
            f"{path} holds {wrong} of shape {other.get(wrong)}, here it has the shape "
            f"{shapes.get(wrong)}: build what it is read into with the same arguments"
        )


# ------------------------------------------------------------------------------ whole learners


def states(parts: dict[str, Any]) -> dict[str, Any]:
    """What parts of a learner remember, as a file can hold it.

    Args:
        parts: name -> a module, an optimiser, a generator (torch's or numpy's), or a list of such.
    """
    return {name: _state(part) for name, part in parts.items()}


def restore(parts: dict[str, Any], content: dict[str, Any], path: Path) -> None:
    """Put back what `states` gave. Sizes are compared before anything is changed.

    Raises:
        ValueError: if a module's weights have other names or sizes.
    """
    for name, part in parts.items():
        if isinstance(part, torch.nn.Module):
            check_weights(part.state_dict(), content[name], path)
    for name, part in parts.items():
        _restore(part, content[name])


def _state(part):
    if isinstance(part, (list, tuple)):
        return [_state(one) for one in part]
    if isinstance(part, torch.Generator):
        return part.get_state()
    if isinstance(part, np.random.Generator):
        return part.bit_generator.state
    return part.state_dict()


def _restore(part, state):
    if isinstance(part, (list, tuple)):
        for one, its in zip(part, state, strict=True):
            _restore(one, its)
    elif isinstance(part, torch.Generator):
        part.set_state(state)
    elif isinstance(part, np.random.Generator):
        part.bit_generator.state = state
    else:
        part.load_state_dict(state)


# -------------------------------------------------------------------------------- the file itself


def write(content: dict, path: Path) -> None:
    """Write tensors and plain values to one file, whole or not at all."""
    content = _apart(content | {"checksum": _checksum(content)})
    write_whole(path, lambda file: torch.save(content, file))


def read(path: Path, names: tuple[str, ...]) -> dict:
    """Read what `write` wrote.

    Args:
        names: what the file must hold.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is a folder, holds something else, or is damaged.
    """
    with open(existing(path), "rb") as file:
        try:
            content = _joined(torch.load(file, map_location="cpu", weights_only=True))
            reason = _objection(content, names)
        except pickle.UnpicklingError:
            reason = "it is damaged, or holds Python objects, which may run code when they are read"
        except Exception as error:  # what a damaged file raises may be anything
            reason = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
    if reason:
        raise ValueError(
            f"{path} does not hold a saved model, or not all of one ({reason}): if it was copied "
            "or downloaded, do that again; else write it with wmlib.weights.save"
        )
    return content


def _apart(content):
    """16-bit tensors together, all low bytes before all high ones: a zip packs them tighter."""
    found = []

    def take_out(value):
        if isinstance(value, torch.Tensor) and value.dtype == torch.float16:
            found.append(value.detach().cpu().reshape(-1).view(torch.uint8))
            return {"half": list(value.shape)}
        return value

    content = _through(content, take_out)
    return content | {"halves": torch.cat(found).view(-1, 2).T.contiguous()} if found else content


def _joined(content):
    """What `_apart` took apart, each tensor in its place again."""
    if not isinstance(content, dict) or "halves" not in content:
        return content
    numbers, at = content.pop("halves").T.contiguous().view(torch.float16).view(-1), 0

    def put_in(value):
        nonlocal at
        if isinstance(value, dict) and set(value) == {"half"}:
            size = math.prod(value["half"])
            at += size
            return numbers[at - size : at].reshape(value["half"]).clone()
        return value

    return _through(content, put_in)


def _through(value, change):
    """The same dictionaries and lists with `change` done to all that is in them, inside out."""
    if isinstance(value, dict):
        return change({key: _through(part, change) for key, part in value.items()})
    if isinstance(value, (list, tuple)):
        return type(value)(_through(part, change) for part in value)
    return change(value)


def _objection(content, names):
    """What is wrong with the content of a file; None if nothing is."""
    if not isinstance(content, dict):
        return f"it is a {type(content).__name__}"
    if content and all(isinstance(value, torch.Tensor) for value in content.values()):
        return "it is a bare state_dict: model.load_state_dict(torch.load(path)) reads that"
    for name in (*names, "checksum"):
        if name not in content:
            return f"there is no {name!r} in it"
    if content.pop("checksum") != _checksum(content):
        return "its checksum is wrong"
    return None


def _checksum(content: dict) -> str:
    digest = hashlib.sha256()

    def take_in(value):
        if isinstance(value, torch.Tensor):
            digest.update(f"{value.dtype} {tuple(value.shape)}".encode())
            digest.update(value.detach().cpu().reshape(-1).view(torch.uint8).numpy().tobytes())
        elif isinstance(value, dict):
            take_in([part for pair in value.items() for part in pair])
        elif isinstance(value, (list, tuple)):
            digest.update(f"{len(value)} parts".encode())
            for part in value:
                take_in(part)
        else:
            digest.update(repr(value).encode())

    take_in(content)
    return digest.hexdigest()


def _settings(model):
    """The plain arguments that a model keeps: numbers, switches, lists of them; its actions."""
    settings = {
        key: value
        for key, value in vars(model).items()
        if isinstance(value, (bool, int, float, str, list))
        and key not in ("training", "has_reward")
    }
    if hasattr(model, "act_space"):
        settings["act_space"] = repr(model.act_space)
    return settings
