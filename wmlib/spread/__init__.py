"""Work that outgrows one process: independent jobs, side by side here or on a Dask cluster.

`spread` runs a function on each of many jobs. Where, and in which order, changes no result: the
work is a function of its job alone, every process computes with one thread, and a machine of a
cluster that has another `wmlib` or torch is refused. Functions travel by name, jobs and results as
plain values.

A job whose process dies (killed, out of memory) is tried again when all others are done, alone,
so that it has the memory for itself and nobody else can be to blame.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from wmlib.spread.cluster import on_cluster
from wmlib.spread.processes import Outcome, name_of, on_this_machine, outcome_of, plain

J = TypeVar("J")
R = TypeVar("R")
PATIENCE = 15.0  # seconds that a cluster may keep silent


class JobFailed(RuntimeError):
    """The work stopped with an error on one job.

    Args:
        index: which job. how: what happened, in a line. trace: where the work stopped.
    """

    def __init__(self, index: int, how: str, trace: str = ""):
        super().__init__(f"job {index}: {how}")
        self.index, self.how, self.trace = index, how, trace
        if trace:
            self.add_note(f"\nWhere the work stopped:\n{trace}")


class JobDied(JobFailed):
    """The process of one job died, and died again when the job was tried once more, alone."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[J], R],
    jobs: Sequence[J],
    scheduler: str | None = None,
    workers: int | None = None,
    failed: Callable[[int, JobFailed], R] | None = None,
    patience: float = PATIENCE,
) -> Iterator[tuple[int, R]]:
    """Run the work on every job: yields (index of the job, its result), whichever is done first.

    Jobs are taken from the sequence only when their turn is near, so they may be read on demand.
    When the caller stops, by an error or an interrupt, local processes end with it, their own
    children too; of a cluster's jobs those that have not begun are taken back.

    Args:
        work: a function of a module, found there by its name; with one worker, any function.
        jobs: plain values: None, numbers, str, bytes, and lists, tuples and dicts of them.
        scheduler: address of a Dask scheduler, `"tcp://host:8786"`. Whoever can reach it can run
            what they like on its workers: keep it inside your own network.
        workers: processes side by side on this machine, default one a core. With one the jobs run
            in this very process, in order, and what kills it kills the run.
        failed: what to yield for a job that failed; without it the first failure is raised.
        patience: seconds that the scheduler may take to answer, and the cluster to have a worker.

    Raises:
        JobFailed: if the work raises; `JobDied` if its process dies twice.
        ValueError, TypeError: if the work, a job or a result cannot travel.
        ImportError, ConnectionError: if dask.distributed is not installed; if nobody answers.
        RuntimeError: if a machine of the cluster would compute with other code.
    """
    if scheduler is not None and workers is not None:
        raise ValueError("workers are processes of this machine: a scheduler has its own")
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, got {workers}")
    run: Callable[[Sequence[int], int | None], Iterator[tuple[int, Outcome]]]
    if scheduler is not None:
        run = partial(on_cluster, name_of(work), jobs, scheduler, patience)
    elif workers == 1:
        run = partial(_in_this_process, work, jobs)
    else:
        run = partial(on_this_machine, name_of(work), jobs, workers or cores())
    return _results(run, len(jobs), failed)


def _in_this_process(work, jobs, indices, most):
    """Outcomes in order, computed as other processes would: the last digits depend on threads."""
    import torch

    for index in indices:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            outcome = outcome_of(work, plain(jobs[index]))
        finally:
            torch.set_num_threads(threads)
        yield index, outcome


def _results(run, how_many, failed):
    """What becomes of the outcomes: results, second tries, failures."""
    again: list[int] = []
    for last, indices in ((False, range(how_many)), (True, again)):
        for index, (what, result, trace) in run(indices, 1 if last else None):
            if what == "done":
                yield index, result
            elif what == "died" and not last:
                again.append(index)
            else:
                error = (JobDied if what == "died" else JobFailed)(index, result, trace)
                if failed is None:
                    raise error
                yield index, failed(index, error)
