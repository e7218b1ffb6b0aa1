"""What each notebook takes, cold, and its three costliest cells.

Each runs in a fresh kernel on a copy in an empty folder, one after the other. Processor time is the
kernel's; start-up is what the imports of its first cells take, measured by book/_tools/bench_import.

    BENCH_NOTEBOOKS="01 10" make bench NAME=minutes     # these two, the others keep their figures
"""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stored import ROOT, load

COSTLIEST = 3


def notebooks() -> list[Path]:
    """All of them, or those that BENCH_NOTEBOOKS names."""
    chosen = os.environ.get("BENCH_NOTEBOOKS", "").split()
    found = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    return [path for path in found if not chosen or path.stem[:2] in chosen]


def one(path: Path) -> dict:
    """Wall and processor seconds of a notebook, and its costliest cells."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        where = {"metadata": {"path": folder}}
        client = NotebookClient(notebook, timeout=1800, kernel_name="python3", resources=where)
        wall, before = time.perf_counter(), os.times()
        env = os.environ | {"WMLIB_STATIC": "1"}  # as the course's notebooks are run
        client.execute(env=env, stderr=subprocess.DEVNULL)
        wall, after = time.perf_counter() - wall, os.times()
    cells = [[first_line(cell.source), took(cell)] for cell in notebook.cells if ran(cell)]
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    return {
        "notebook": path.stem,
        "date": datetime.date.today().isoformat(),
        "wall": round(wall, 1),
        "processor": round(used, 1),
        "start": round(start(path), 1),
        "cells": sorted(cells, key=lambda cell: -cell[1])[:COSTLIEST],
    }


def ran(cell) -> bool:
    return "shell.execute_reply" in cell.metadata.get("execution", {})


def took(cell) -> float:
    """Wall seconds between a cell's start and its answer."""
    times = cell.metadata["execution"]
    begun, done = (
        datetime.datetime.fromisoformat(times[what].replace("Z", "+00:00"))
        for what in ("iopub.status.busy", "shell.execute_reply")
    )
    return round((done - begun).total_seconds(), 1)


def first_line(source: str) -> str:
    """What a cell is known by."""
    return source.strip().split("\n")[0][:60]


def start(path: Path) -> float:
    """Seconds until the first cells have run, the best of three."""
    sys.path.insert(0, str(ROOT / "book" / "_tools"))
    import bench_import

    code = bench_import.first_cells(path)
    kept = {"PYTHONDONTWRITEBYTECODE": ""}  # as everywhere but in some containers
    return min(bench_import.seconds(code, **kept) for _ in range(3))


def table(peers: Path | None) -> dict:
    """All notebooks; those that were not chosen keep what was measured."""
    kept = load()["tables"].get("minutes", {}).get("notebooks", [])
    told = {row["notebook"]: row for row in kept}
    for path in notebooks():
        told[path.stem] = row = one(path)
        print(
            f"{row['notebook']:26} wall {row['wall']:6.1f} s  processor {row['processor']:6.1f} s  "
            f"start {row['start']:.1f} s"
        )
        for line, seconds in row["cells"]:
            print(f"    {seconds:6.1f} s  {line}", flush=True)
    return {
        "notebooks": [told[name] for name in sorted(told)],
        "command": "make bench NAME=minutes",
    }
