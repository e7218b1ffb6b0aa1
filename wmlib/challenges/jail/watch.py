"""The eyes on a jail of bubblewrap: its first process, and what all its processes use."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time

from wmlib.challenges.jail.limits import Limits, Meter, read_processes

PATIENCE = 60.0  # seconds in which a jail must stand
PER_FILE = 2048  # bytes of the kernel's memory that even an empty file takes


class Watch:
    """What the processes of a jail use, read from its own `/proc`, where no others are.

    Args:
        told: open file on which bubblewrap says the number of the jail's first process.

    Raises:
        OSError: if the jail does not stand within a minute, or cannot be looked into.
    """

    def __init__(self, told: int):
        self.seconds = 0.0
        self._meter = Meter()
        self._folders: list[int] = []
        self._first: int | None = None
        deadline = time.monotonic() + PATIENCE
        try:
            self._open(_first_process(told, deadline), deadline)
        except BaseException:
            self.close()
            raise
        self._at = time.monotonic()
        self._meter.read(read_processes(self._folders[0]), 0)

    def _open(self, first, deadline):
        self._number, self._first = first, os.pidfd_open(first)
        # Until its own file system stands, what is seen there is ours.
        inside, ours = f"/proc/{first}/root", os.stat("/proc").st_dev
        while True:
            with contextlib.suppress(FileNotFoundError):
                if os.stat(f"{inside}/proc").st_dev != ours and os.path.isdir(f"{inside}/tmp"):
                    break
            if time.monotonic() > deadline:
                raise TimeoutError("it does not stand")
            signal.pidfd_send_signal(self._first, 0)  # raises if it is gone
            time.sleep(0.001)
        for folder in ("proc", "tmp", "dev/shm"):
            self._folders.append(os.open(f"{inside}/{folder}", os.O_RDONLY | os.O_DIRECTORY))

    def over(self, limits: Limits) -> str | None:
        """Look once: the limit that was run into, if one was."""
        try:
            now = read_processes(self._folders[0])
        except OSError:  # the last process is gone
            return None
        before, self._at = self._at, time.monotonic()
        self.seconds = self._meter.read(now, self._at - before)
        memory = sum(used.memory for used in now.values())
        for folder in self._folders[1:]:
            kept = os.statvfs(folder)
            memory += (kept.f_blocks - kept.f_bfree) * kept.f_bsize
            memory += (kept.f_files - kept.f_ffree) * PER_FILE
        if self.seconds > limits.seconds:
            return "processor time"
        return "memory" if memory > limits.memory else None

    def kill(self) -> None:
        """End the first process, and with it all others; wait until they are gone."""
        if self._first is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._first, signal.SIGKILL)
            poll = select.poll()
            poll.register(self._first, select.POLLIN)
            poll.poll(1000 * PATIENCE)

    def close(self) -> None:
        """Let go of the jail's folders, so that the kernel can clear them away."""
        for file in [*self._folders, *([] if self._first is None else [self._first])]:
            os.close(file)
        self._folders, self._first = [], None


def _first_process(told, deadline):
    """The number of the jail's first process, which bubblewrap tells us."""
    text = b""
    while b"}" not in text:
        poll = select.poll()
        poll.register(told, select.POLLIN)
        if not poll.poll(1000 * max(0, deadline - time.monotonic())):
            raise TimeoutError("it does not stand")
        more = os.read(told, 4096)
        if not more:
            raise ProcessLookupError("it ended before it stood")
        text += more
    return json.loads(text)["child-pid"]
