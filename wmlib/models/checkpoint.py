"""Save a model and come back to it: the whole file or none, and the same model or an error."""

from __future__ import annotations

import os
import pickle
import tempfile
import zipfile
from pathlib import Path

import torch


def save(model, path) -> None:
    """Write weights, normalisers, settings and the state of the model's chance to one file.

    An interrupt while writing leaves the old file, if there was one, as it was.

    Args:
        model: any model that is a `torch.nn.Module`. An aim given by `goal` is not saved.
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


def write(content: dict, path) -> None:
    """Write tensors and plain values to one file, whole or not at all."""
    path = Path(path)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            torch.save(content, file)
        os.chmod(temporary, 0o644)  # a temporary file is its owner's alone
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def read(path, names) -> dict:
    """Read what `write` wrote.

    Args:
        names: what the file must hold.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it holds something else.
    """
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        return {name: content[name] for name in names} | content
    except (
        EOFError,
        KeyError,
        TypeError,
        RuntimeError,
        pickle.UnpicklingError,
        zipfile.BadZipFile,
    ) as error:
        raise ValueError(
            f"{path} does not hold a saved model ({type(error).__name__}): "
            "write it with wmlib.models.checkpoint.save"
        ) from error


def halved(weights: dict) -> dict:
    """Weights in half precision, for files that are read and not learned on; integers stay."""
    return {name: v.half() if v.is_floating_point() else v for name, v in weights.items()}


def export(weights: dict, path) -> None:
    """Write named tensors in half precision."""
    write({"weights": halved(weights)}, path)


def import_weights(own: dict, path) -> None:
    """Copy what `export` wrote into these tensors, all of them or none.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it holds something else, or weights of other names or sizes.
    """
    theirs = read(path, ("weights",))["weights"]
    shapes, other = ({k: list(v.shape) for k, v in w.items()} for w in (own, theirs))
    if shapes != other:
        wrong = next(k for k in {**shapes, **other} if shapes.get(k) != other.get(k))
        raise ValueError(
            f"{path} holds {wrong} of shape {other.get(wrong)}, this learner has "
            f"{shapes.get(wrong)}: build it with the same arguments"
        )
    with torch.no_grad():
        for name, values in own.items():
            values.copy_(theirs[name])


def load(model, path):
    """Read what `save` wrote into a model built with the same arguments.

    Learning then goes on exactly as it would have: `fit` draws the same batches.

    Returns:
        the model.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it holds something else, or a model of another kind or other settings; the
            model given is then left as it was.
    """
    names = ("model", "settings", "state", "chance")
    content = read(path, names)
    name, settings, state, chance = (content[key] for key in names)
    if name != type(model).__name__:
        raise ValueError(f"{path} holds a {name}, this is a {type(model).__name__}")
    own = {**_settings(model), **_shapes(model.state_dict())}
    theirs = {**settings, **_shapes(state)}
    for key in sorted({*own, *theirs}):
        if own.get(key) != theirs.get(key):
            raise ValueError(
                f"{path} was saved with {key} = {theirs.get(key)}, this model has "
                f"{own.get(key)}: build it with the same arguments first"
            )
    model.load_state_dict(state)
    if chance is not None:
        model.generator.set_state(chance)
    return model


def _settings(model):
    """The plain arguments that a model keeps: numbers, switches, lists of them."""
    return {
        key: value
        for key, value in vars(model).items()
        if isinstance(value, (bool, int, float, str, list)) and key != "training"
    }


def _shapes(state):
    return {f"shape of {key}": list(value.shape) for key, value in state.items()}
