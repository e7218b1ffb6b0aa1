"""Work for tests of `spread`: plain functions that other processes find by their name."""

import os
import signal
import time
from pathlib import Path


def draws(seed):
    """Sums of torch's own random numbers, which depend on threads and on who drew before."""
    import torch

    torch.manual_seed(seed)
    return {"seed": seed, "sum": torch.randn(50_000).sum().item()}


def late(job):
    """The first job is done last."""
    index, seconds = job
    time.sleep(seconds)
    return index


def divide(number):
    """One over the number; what is negative ends the process, as lack of memory does."""
    if number < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return 1 / number


def marked(job):
    """Leaves its process ids in a folder; the first time that it is run it waits for a file."""
    folder, name = Path(job[0]), job[1]
    first = not list(folder.glob(f"{name}.*"))
    (folder / f"{name}.{os.getpid()}.{os.getppid()}").touch()
    until = time.monotonic() + 60
    goes = [folder / "go", folder / f"go-{name}"]
    while first and not any(file.exists() for file in goes) and time.monotonic() < until:
        time.sleep(0.02)
    return name


def unplain(job):
    """A result that cannot travel."""
    return {job}
