"""Jobs in processes of this machine, and what may travel to them.

A process is begun by its own command line and not by `multiprocessing`, whose pools fall together
when one process dies, without saying on which job, and which run the caller's script once more in
every process. Here each process has a thread that waits for it alone.
"""

from __future__ import annotations

import _thread
import importlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

Outcome = tuple[str, Any, str]  # "done", the result, ""; "failed" or "died", how, traceback

GRACE = 5.0  # seconds that a process is given to end by itself
SERVE = "import sys; sys.path[:] = {!r}; from wmlib.spread.processes import serve; serve()"


def outcome_of(work: Callable, job: Any) -> Outcome:
    """Run the work on one job. How it failed is text, the same wherever it ran."""
    try:
        return "done", plain(work(job), "result"), ""
    except (Exception, SystemExit) as error:
        how = "".join(traceback.format_exception_only(error)).strip()
        return "failed", how, "".join(traceback.format_exception(error))


def plain(value: Any, what: str = "job") -> Any:
    """The value itself, if it is plain: an object could be another where it arrives.

    Raises:
        TypeError: if it is not.
    """
    if type(value) in (list, tuple):
        for item in value:
            plain(item, what)
    elif type(value) is dict:
        for pair in value.items():
            plain(pair, what)
    elif value is not None and type(value) not in (bool, int, float, str, bytes):
        raise TypeError(f"a {what} must be of plain values, got {type(value).__name__}: {value!r}")
    return value


def name_of(work: Callable) -> str:
    """How others find a function: "module:name".

    Raises:
        ValueError: if they would not find it.
    """
    module, name = getattr(work, "__module__", None), getattr(work, "__qualname__", "")
    if module == "__main__" or getattr(sys.modules.get(module or ""), name, None) is not work:
        raise ValueError(
            f"{work!r} cannot run in another process: write it as a function of a module, "
            "where it is found by its name"
        )
    return f"{module}:{name}"


class Process:
    """A process that runs one job after the other. It ends when the process that began it does."""

    def __init__(self) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, "-c", SERVE.format(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
            start_new_session=True,  # Ctrl-C reaches the parent alone, which ends the others
        )
        self.sweeper = threading.Thread(target=self._sweep, daemon=True)
        self.sweeper.start()

    def _sweep(self):
        """Once it has ended, end what it left behind, which could hold its pipe open."""
        self.popen.wait()
        _kill_group(self.popen.pid)

    def do(self, name: str, job: Any) -> Outcome:
        """Run one job there."""
        assert self.popen.stdin and self.popen.stdout
        try:
            pickle.dump((name, job), self.popen.stdin)
            self.popen.stdin.flush()
            return pickle.load(self.popen.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            code = self.popen.wait()
            how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
            return "died", f"its process {how}; was there enough memory?", ""

    def stop(self) -> None:
        """Tell it to end."""
        assert self.popen.stdin
        with suppress(OSError):  # it has ended already
            self.popen.stdin.close()

    def close(self) -> None:
        """End it and its children; by force if it will not end by itself."""
        self.stop()
        try:
            self.popen.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.popen.kill()
        self.sweeper.join()


def _kill_group(leader):
    if hasattr(os, "killpg"):  # not on Windows
        # Where nobody is left, Linux says the first and macOS the second.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)


def serve() -> None:
    """What such a process does: takes jobs from its standard input, answers on its output."""
    inn, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # the work finds nothing to read
    os.dup2(2, 1)  # and what it prints goes where errors go
    inbox: queue.SimpleQueue = queue.SimpleQueue()
    at_work = threading.Event()

    def listen():
        try:
            while True:
                inbox.put(pickle.load(inn))
        except (OSError, EOFError, pickle.UnpicklingError):  # told to end, or the parent is gone
            inbox.put(None)
            if at_work.is_set():
                _interrupt_main()
            time.sleep(GRACE)
            _kill_group(os.getpid())
            os._exit(1)

    threading.Thread(target=listen, daemon=True).start()
    try:
        while job := inbox.get():
            # So that `finally` is obeyed; before each job, which may have set its own.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            at_work.set()
            outcome = outcome_of(_call, job)
            at_work.clear()
            sys.stdout.flush()
            pickle.dump(outcome, out)
            out.flush()
    except (KeyboardInterrupt, BrokenPipeError):
        pass


def _call(named):
    """Run a job by the name of its function."""
    name, job = named
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)(job)


def _interrupt_main():
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
    else:  # Windows
        _thread.interrupt_main(signal.SIGTERM)


def on_this_machine(
    name: str, jobs: Sequence, workers: int, indices: Sequence[int], most: int | None
) -> Iterator[tuple[int, Outcome]]:
    """Outcomes as they come: a thread for each process hands it one job after the other.

    Args:
        name: of the function. indices: which jobs. most: processes at once, default `workers`.
    """
    todo: queue.SimpleQueue = queue.SimpleQueue()
    landed: queue.SimpleQueue = queue.SimpleQueue()
    lock, begun, stopped = threading.Lock(), set(), threading.Event()
    for index in indices:
        todo.put(index)

    def begin():
        with lock:
            if stopped.is_set():
                raise queue.Empty  # nobody waits for more
            process = Process()
            begun.add(process)
            return process

    def lane():
        process = None
        try:
            while not stopped.is_set():
                index = todo.get_nowait()
                job = plain(jobs[index])
                process = process or begin()
                outcome = process.do(name, job)
                if outcome[0] == "died":
                    process = None
                landed.put((index, outcome))
        except queue.Empty:
            pass
        except BaseException as error:
            landed.put((None, error))
        finally:
            if process:
                process.close()

    left = len(indices)
    for _ in range(min(most or workers, left)):
        threading.Thread(target=lane, daemon=True).start()
    try:
        while left:
            try:
                index, outcome = landed.get(timeout=1)  # Windows is deaf to Ctrl-C in a long wait
            except queue.Empty:
                continue
            if index is None:
                raise outcome
            left -= 1
            yield index, outcome
    finally:
        with lock:
            stopped.set()
        for process in begun:
            process.stop()
        for process in begun:
            process.close()
