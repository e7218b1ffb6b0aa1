"""Files: written whole or not at all, and named in the error where one cannot be read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


def write_whole(path: str | os.PathLike, write: Callable[[BinaryIO], object]) -> None:
    """Write a file whole, or leave what was there as it was: an interrupt, a full disk, an error.

    The content goes to a file beside it first, which then takes its place in one step.

    Args:
        path: `~` is the home folder.
        write: writes the content to the open binary file that it is given.

    Raises:
        FileNotFoundError: if the folder does not exist.
        ValueError: if `path` is a folder.
    """
    path = Path(path).expanduser()
    if path.is_dir():
        raise ValueError(f"{path} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"there is no folder {path.parent} to write {path.name} to: make it first"
        )
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
        os.chmod(temporary, 0o644)  # a temporary file is its owner's alone
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def write_text(path: str | os.PathLike, text: str) -> None:
    """Write a text whole or not at all, in UTF-8 and with the same line ends on every machine."""
    write_bytes(path, text.encode("utf8"))


def write_bytes(path: str | os.PathLike, data: bytes) -> None:
    """Write bytes whole or not at all."""
    write_whole(path, lambda file: file.write(data))


def existing(path: str | os.PathLike) -> Path:
    """The path of a file that can be read; `~` is the home folder.

    Raises:
        FileNotFoundError: if there is nothing.
        ValueError: if there is a folder.
    """
    path = Path(path).expanduser()
    if path.is_dir():
        raise ValueError(f"{path} is a folder: name a file in it")
    if not path.exists():
        raise FileNotFoundError(f"there is no file {path}")
    return path
