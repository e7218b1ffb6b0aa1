"""What a submission may use, and the meter that reads what its processes have used."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import NamedTuple

TICK = 0.1  # seconds between two readings
CORES = os.cpu_count() or 1


@dataclass(frozen=True)
class Limits:
    """What the processes of one submission may use, all of them together unless it says otherwise.

    Args:
        seconds: of processor time.
        wall: seconds by the clock on the wall, the last resort.
        memory: bytes, files in the temporary folder included.
        processes: at one time; threads count.
        files: bytes in the largest file.
        disk: bytes in the temporary folder, and as much again in shared memory.
        output: bytes kept of what is printed; `flood` bytes of it end the run.
        flood: see `output`.
    """

    seconds: float = 120
    wall: float = 300
    memory: int = 3 << 30
    processes: int = 64
    files: int = 64 << 20
    disk: int = 256 << 20
    output: int = 1 << 16
    flood: int = 64 << 20

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"{name} is {value}: wanted a limit above zero")


class Used(NamedTuple):
    """What one process has used: clock ticks of its own, of children it waited for, and memory."""

    own: int
    children: int
    threads: int
    memory: int


def read_processes(folder: int) -> dict[tuple[int, int], Used]:
    """All processes of a pid namespace by (pid, start), from an open `/proc` of that namespace."""
    found = {}
    page = os.sysconf("SC_PAGE_SIZE")
    for name in filter(str.isdigit, os.listdir(folder)):
        with contextlib.suppress(OSError):  # it may end meanwhile
            stat = _stat(folder, name)
            pages = stat[20]
            if stat[19] == 0 and stat[16] > 1:
                # Its first thread has ended; the memory is where the others are.
                tasks = os.open(f"{name}/task", os.O_RDONLY, dir_fd=folder)
                try:
                    for task in os.listdir(tasks):
                        with contextlib.suppress(OSError):
                            pages = max(pages, _stat(tasks, task)[20])
                finally:
                    os.close(tasks)
            own, children = stat[10] + stat[11], stat[12] + stat[13]
            found[int(name), stat[18]] = Used(own, children, stat[16], pages * page)
    return found


def _stat(folder, name):
    """The numbers of /proc/PID/stat from field 4 on, as proc(5) counts."""
    file = os.open(f"{name}/stat", os.O_RDONLY, dir_fd=folder)
    try:
        text = os.read(file, 4096)
    finally:
        os.close(file)
    # A process chooses its own name, brackets included: the fields begin after the last one.
    return [int(field) for field in text.rpartition(b")")[2].split()[1:]]


class Meter:
    """Adds up processor time of all processes in a jail, those that are gone included.

    The kernel adds a child's time to its parent's when the parent waits for it, and forgets it when
    the parent does not wish to know. So a process that lives too shortly to be read is noticed by
    the gap that it leaves in the numbering, and counts as if it had run from one reading to the next.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._last: dict[tuple[int, int], Used] = {}
        self._highest, self._since = 0, 0.0

    def read(self, now: dict[tuple[int, int], Used], elapsed: float) -> float:
        """Processor seconds so far.

        Args:
            now: what `read_processes` gave.
            elapsed: seconds since the last reading.
        """
        hertz = os.sysconf("SC_CLK_TCK")
        gone = sum(u.own + u.children for key, u in self._last.items() if key not in now)
        nothing = Used(0, 0, 0, 0)
        before = {key: self._last.get(key, nothing) for key in now}
        own = sum(u.own - before[key].own for key, u in now.items())
        children = sum(u.children - before[key].children for key, u in now.items())
        missed = max(0, children - gone) / hertz  # what is gone was counted while it could be seen
        self.seconds += own / hertz + max(missed, self._unseen(now, before, elapsed))
        self._last = now
        return self.seconds

    def _unseen(self, now, before, elapsed):
        """Seconds that processes may have used that began and ended since the last reading."""
        self._since += elapsed
        new = [pid for pid, start in now if (pid, start) not in self._last]
        if not new:
            return 0.0
        # Threads take numbers too; one that is there now has its time in its process'.
        seen = sum(max(0, u.threads - before[key].threads) for key, u in now.items())
        latest = max(new)
        count = latest - self._highest - seen if latest > self._highest else 1 << 15  # went around
        first = self._highest == 0  # what set up the jail, before anything of the student's ran
        charge = min(max(0, count) * elapsed, CORES * self._since)
        self._highest, self._since = latest, 0.0
        return 0.0 if first else charge
