"""Python as on Windows: text is cp1252 where nobody says otherwise, and POSIX modules are missing.

Python imports a module of this name at its start: with this folder on PYTHONPATH, every interpreter
that a test begins, and every kernel that such a one begins, behaves so. (With a real cp1252 locale
the defaults would be set in C; few machines have one.)
"""

import builtins
import io
import locale
import os

ENCODING = "cp1252"
STDLIB = os.path.dirname(os.__file__)
MISSING = {"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"}


def _open(file, mode="r", buffering=-1, encoding=None, *rest, _open=io.open, **named):
    if "b" not in mode and encoding in (None, "locale"):
        encoding = ENCODING
    return _open(file, mode, buffering, encoding, *rest, **named)


class _AlsoTheReal(type(io.TextIOWrapper)):
    def __instancecheck__(cls, instance):
        real = cls.__bases__[0] if cls is _TextIOWrapper else cls
        return type.__instancecheck__(real, instance)


class _TextIOWrapper(io.TextIOWrapper, metaclass=_AlsoTheReal):
    """What `subprocess` reads the output of a program with."""

    def __init__(self, buffer, encoding=None, *rest, **named):
        super().__init__(
            buffer, ENCODING if encoding in (None, "locale") else encoding, *rest, **named
        )


def _import(name, globals=None, *rest, _import=builtins.__import__, **named):
    """Refuses POSIX modules to our code; other packages look at `sys.platform` and mean Linux."""
    importer = (globals or {}).get("__file__", "")
    if name in MISSING and not importer.startswith(STDLIB) and "site-packages" not in importer:
        raise ModuleNotFoundError(f"No module named {name!r} (as on Windows)", name=name)
    return _import(name, globals, *rest, **named)


builtins.open = io.open = _open
io.TextIOWrapper = _TextIOWrapper
locale.getencoding = lambda: ENCODING
locale.getpreferredencoding = lambda do_setlocale=True: ENCODING
builtins.__import__ = _import
