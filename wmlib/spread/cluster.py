"""Jobs on the workers of a Dask cluster (dask.distributed, Rocklin 2015)."""

from __future__ import annotations

import hashlib
import platform
import queue
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from wmlib.spread.processes import Outcome, Process, plain

IDLE = 10.0  # seconds that a process on a worker waits for the next job: it has imported torch
_idle: list[tuple[dict, Process]] = []  # with what they began with


def kit() -> dict[str, str]:
    """What results depend on: this package's code, and what it computes with."""
    code, root = hashlib.sha256(), Path(__file__).parents[1]
    for path in sorted(p for p in root.rglob("*") if p.suffix in {".py", ".ipynb"}):
        text = path.read_bytes().replace(b"\r\n", b"\n")
        code.update(f"{path.relative_to(root).as_posix()} {len(text)} ".encode() + text)
    parts = {name: metadata.version(name).split("+")[0] for name in ("torch", "numpy", "gymnasium")}
    python = ".".join(platform.python_version_tuple()[:2])
    return parts | {"python": python, "wmlib's code": code.hexdigest()[:12]}


def from_afar(name: str, job: Any, wanted: dict[str, str]) -> Outcome:
    """What a Dask worker does: runs one job, in a process beside it.

    There no other job draws random numbers meanwhile, and what kills it does not kill the worker.

    Raises:
        RuntimeError: if the caller's results would be others.
    """
    have = kit()  # each time: a worker outlives a change of the code, its processes do not
    for part, version in wanted.items():
        if have[part] != version:
            raise RuntimeError(
                f"{part} is {have[part]} on {platform.node()} and {version} where the job comes "
                "from: results would depend on where they are computed"
            )
    process = _rested(have) or Process()
    outcome = process.do(name, job)
    if outcome[0] != "died":
        resting = (have, process)
        _idle.append(resting)
        timer = threading.Timer(IDLE, _close, [resting])
        timer.daemon = True
        timer.start()
    return outcome


def _rested(have):
    """A process that waits for a job, and began with this code; None where there is none."""
    with suppress(IndexError):
        while True:
            began, process = _idle.pop()
            if began == have:
                return process
            process.close()


def _close(resting):
    """End a process, unless it is at work again."""
    with suppress(ValueError):
        _idle.remove(resting)
        resting[1].close()


def on_cluster(
    name: str,
    jobs: Sequence,
    scheduler: str,
    patience: float,
    indices: Sequence[int],
    most: int | None,
) -> Iterator[tuple[int, Outcome]]:
    """Outcomes as they come. When a worker dies, Dask gives its jobs to others, three times over.

    Args:
        name: of the function. scheduler: its address. patience: seconds without an answer, or
            without any worker. indices: which jobs. most: jobs at once, default two a core.
    """
    if not indices:
        return
    client = _client(scheduler, patience)
    landed: queue.SimpleQueue = queue.SimpleQueue()
    flying: dict[int, Any] = {}
    todo, left, heard, wanted = iter(indices), len(indices), time.monotonic(), kit()
    try:
        while left:
            cores = _cores(client, scheduler)
            if cores:
                heard = time.monotonic()
            elif time.monotonic() - heard > patience:
                raise ConnectionError(
                    f"{scheduler} has had no worker for {patience:g} seconds: begin some with "
                    f"`dask worker {scheduler}`"
                )
            for index in islice(todo, max(0, (most or 2 * cores) - len(flying))):
                future = client.submit(from_afar, name, plain(jobs[index]), wanted, pure=False)
                future.add_done_callback(lambda _, index=index: landed.put(index))
                flying[index] = future
            try:
                index = landed.get(timeout=1)
            except queue.Empty:
                continue
            left -= 1
            yield index, _outcome(flying.pop(index), name, scheduler)
    finally:
        client.cancel(list(flying.values()))
        client.close()


def _client(scheduler, patience):
    """A connection to a scheduler."""
    try:
        import distributed
    except ImportError as error:
        raise ImportError(
            "a scheduler needs dask.distributed: pip install 'wmlib[cluster]'"
        ) from error
    address = urlsplit(scheduler)
    if not (address.hostname and address.port):
        raise ValueError(f"a scheduler's address is like tcp://host:8786, got {scheduler!r}")
    until = time.monotonic() + patience
    try:
        while True:  # Dask's client would try as long, and then grumble at the end of the program
            try:
                socket.create_connection((address.hostname, address.port), patience).close()
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
        return distributed.Client(scheduler, timeout=patience, set_as_default=False)
    except OSError as error:
        raise ConnectionError(
            f"no Dask scheduler answers at {scheduler} within {patience:g} seconds: begin one with "
            "`dask scheduler`, and workers with `dask worker` and its address"
        ) from error


def _cores(client, scheduler):
    """How many jobs the cluster can run at once."""
    try:
        if client.status == "running":
            return sum(client.ncores().values())
    except OSError:
        pass
    raise _gone(scheduler)


def _outcome(future: Any, name: str, scheduler: str) -> Outcome:
    """What a future that is done holds."""
    from distributed import CancelledError, KilledWorker

    try:
        error = future.exception()  # waits, where the worker died with what it had just computed
        if error is None:
            return future.result()
    except CancelledError as lost:
        raise _gone(scheduler) from lost
    if isinstance(error, KilledWorker):
        return "died", "the workers that it was given to died, one after the other", ""
    raise RuntimeError(
        f"the cluster cannot run {name} ({error}): "
        "install the same on its scheduler, its workers and this machine"
    ) from error


def _gone(scheduler):
    return ConnectionError(f"the scheduler at {scheduler} is gone")
