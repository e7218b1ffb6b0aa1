"""The jail in which a student's process runs: no network, nothing to write to, nothing of ours.

    with Jail(code, Limits(seconds=60), choose()) as jail:
        jail.write(question)
        answer = jail.read(4)
    jail.ended(), jail.output(), jail.seconds

What it guarantees and what it does not stands in the instructor's guide.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from wmlib.challenges.jail.confine import INSIDE
from wmlib.challenges.jail.kinds import KINDS, choose, launch
from wmlib.challenges.jail.limits import TICK, Limits

__all__ = ["Ended", "Jail", "Limits", "choose", "student_copy"]


class Ended(EOFError):
    """The process in the jail has ended, or was ended; the message is what `Jail.ended` says."""


class Jail:
    """A process in a jail, its pipes, and the watch on its limits.

    Made in a thread that lives at least as long: the kernel ends a jail whose starter is gone.

    Args:
        code: the folder that holds the student's copy of `wmlib` (see `student_copy`).
        limits: what it may use.
        kind: what `choose` gave.
        command: what runs inside; "python" is the jail's Python.

    Raises:
        RuntimeError: if the jail cannot be set up; nothing of the command has run then.

    Attributes:
        inn, out: unbuffered binary files, the process' standard input and output; `write` and
            `read` heed the limits.
    """

    def __init__(
        self,
        code: Path,
        limits: Limits | None = None,
        kind: str = "bubblewrap",
        command: Sequence[str] = INSIDE,
    ):
        if kind not in KINDS:
            raise ValueError(f"there is no jail {kind!r}: there are {', '.join(KINDS)}")
        self._limits, self._kind = limits or Limits(), kind
        code = Path(code).resolve()
        self._process, self._name, self._watch = launch(kind, code, self._limits, command)
        assert self._process.stdin and self._process.stdout and self._process.stderr
        self.inn, self.out = self._process.stdin, self._process.stdout
        self._err, self._said, self._lock = self._process.stderr, bytearray(), threading.Lock()
        self._began = time.monotonic()
        self._why: str | None = None
        if hasattr(select, "poll"):
            os.set_blocking(self.inn.fileno(), False)
        self._threads = [threading.Thread(target=f, daemon=True) for f in (self._heed, self._drain)]
        for thread in self._threads:
            thread.start()

    def read(self, n: int) -> bytes:
        """Exactly `n` bytes of what the process writes to its standard output.

        Raises:
            Ended: if it ends first, by itself or by a limit.
        """
        data = bytearray()
        while len(data) < n:
            more = os.read(self.out.fileno(), n - len(data)) if self._ready(self.out) else b""
            if not more:
                raise Ended(self._last_words())
            data += more
        return bytes(data)

    def write(self, data: bytes) -> None:
        """Give the process all of `data` on its standard input.

        Raises:
            Ended: if it ends first, by itself or by a limit.
        """
        rest = memoryview(data)
        while rest:
            try:
                if not self._ready(self.inn):
                    raise Ended(self._last_words())
                rest = rest[os.write(self.inn.fileno(), rest) :]
            except BlockingIOError:
                continue
            except OSError:
                raise Ended(self._last_words()) from None

    def output(self) -> str:
        """What was printed: the first `Limits.output` bytes of it."""
        if self.ended() is not None:
            self._threads[1].join(1)
        with self._lock:
            said = bytes(self._said)
        return said.decode("utf8", errors="replace")

    def ended(self) -> str | None:
        """None while it runs; then "processor time", "wall clock", "memory" or "output" for the
        limit that it ran into, "closed" if it was closed while it ran, else "exit N" (128 + the
        signal, if one ended it).
        """
        code = self._process.poll()
        if self._why or code is None:
            return self._why
        code = 128 - code if code < 0 else code
        return "processor time" if code == 128 + signal.SIGXCPU else f"exit {code}"

    def wait(self) -> str:
        """Wait until it has ended, by itself or by a limit: what `ended` says."""
        while (why := self.ended()) is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(TICK)
        return why

    @property
    def seconds(self) -> float:
        """Processor seconds of all its processes so far, read ten times a second (bubblewrap alone)."""
        return self._watch.seconds if self._watch else 0.0

    def kill(self) -> None:
        """End all its processes."""
        if self._watch:  # bubblewrap's own follow when they have seen to their children
            self._watch.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(2)
        if self._kind in {"docker", "podman"} and self._process.poll() is None:
            command = [self._kind, "kill", self._name]
            subprocess.run(command, capture_output=True, check=False, timeout=60)
        if self._kind == "none" and hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def close(self) -> None:
        """End all its processes and wait until they are gone. What was printed can still be read."""
        if self.ended() is None:
            self._why = "closed"
        self.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join(5)
        for file in (self.inn, self.out, self._err):
            file.close()
        if self._watch:
            self._watch.close()

    def __enter__(self) -> Jail:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ready(self, file):
        """Wait until a pipe can be used; False if the process has ended and it cannot be."""
        if not hasattr(select, "poll"):
            return True  # Windows: the watch ends what we would wait for
        poll = select.poll()
        poll.register(file.fileno(), select.POLLIN if file is self.out else select.POLLOUT)
        over = False
        while not over:
            over = self.ended() is not None
            if poll.poll(0 if over else 1000 * TICK):
                return True
        return False

    def _last_words(self):
        """Why it ended; one that closed its pipe without ending is ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        why = self.ended()
        if why is None:
            self._why = why = "closed the pipe"
            self.kill()
        return why

    def _heed(self):
        """The watch: ends the jail at the first limit it runs into."""
        while self.ended() is None:
            over = self._watch.over(self._limits) if self._watch else None
            if time.monotonic() - self._began > self._limits.wall:
                over = over or "wall clock"
            if over and self._process.poll() is None:
                self._why = over
                self.kill()
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(TICK)

    def _drain(self):
        """Keep the first of what is printed, and let the rest pass by."""
        total = 0
        while more := os.read(self._err.fileno(), 1 << 16):
            with self._lock:
                self._said += more[: max(0, self._limits.output - total)]
            total += len(more)
            if total > self._limits.flood and self._why is None:
                self._why = "output"
                self.kill()


def student_copy(to: Path) -> Path:
    """Copy of `wmlib` as students have it: no instructor's part, no chapter's room.

    Args:
        to: the folder that shall hold `wmlib/`; made if there is none. Anyone may read it.
    """
    package = Path(__file__).resolve().parents[2]

    def left_out(folder: str, names: list[str]) -> list[str]:
        out = {"instructor", "__pycache__"} | ({"course"} if Path(folder) == package else set())
        return [name for name in names if name in out]

    shutil.copytree(package, to / "wmlib", ignore=left_out, copy_function=shutil.copyfile)
    for path in [to, *to.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return to
