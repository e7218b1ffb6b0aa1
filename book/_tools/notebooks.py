"""Run the course's notebooks: in place, or again with other seeds to count the claims.

python book/_tools/notebooks.py run            every notebook, outputs written in place
python book/_tools/notebooks.py run 03         one
python book/_tools/notebooks.py seeds 5 [03]   base seeds 1..5, nothing written in place;
                                               _build/claims.json and a table;
                                               --workers 4 or --scheduler tcp://host:8786
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from wmlib.files import write_text
from wmlib.spread import spread
from wmlib.spread.notebooks import notebook_claims

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parents[2]
FRAME = re.compile(r'<iframe [^>]*srcdoc="[^"]*"[^>]*></iframe>')
WIDGET = "application/vnd.jupyter.widget-view+json"


def notebooks(chapter: str | None) -> list[Path]:
    """The notebooks of the course, or the one of a chapter."""
    found = sorted((ROOT / "notebooks").glob(f"{chapter or ''}*_*.ipynb"))
    if not found:
        raise SystemExit(
            f"no notebook for chapter {chapter!r} in notebooks/: chapters are 01, 02, ..."
        )
    return found


def run(path: Path) -> nbformat.NotebookNode:
    """Run one notebook from top to bottom in a fresh kernel."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=900,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
        record_timing=False,
    )
    client.execute()
    return notebook


def run_in_place(path: Path) -> None:
    """Run a notebook and write its outputs back, with what it took."""
    try:
        notebook = run(path)
    except CellExecutionError as error:
        raise SystemExit(f"{path.name} stopped; nothing was written\n{error}") from error
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if "data" in output and "text/html" in output["data"]:
                output["data"].pop(WIDGET, None)  # the live control is of the run that is over
                # A frame with a whole player inside: the file beside the notebook holds it too.
                shown = "".join(output["data"]["text/html"])
                output["data"]["text/html"] = FRAME.sub("", shown)
    notebook.metadata.pop("widgets", None)
    took = cost_of_children()
    if took is not None:
        notebook.metadata["measured"] = took
    write_text(path, nbformat.writes(notebook) + "\n")
    told = f"{took['minutes']} minutes, {took['peak_gb']} GB at most" if took else "done"
    print(f"{path.name}: {told}", flush=True)


def cost_of_children() -> dict[str, float] | None:
    """What the processes begun from here took; None where the system does not say (Windows).

    Minutes are processor time on one thread: what a clock shows on a machine that is free.
    """
    if resource is None:
        return None
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kilobytes
    minutes = (used.ru_utime + used.ru_stime) / 60
    peak_gb = round(used.ru_maxrss * unit / 2**30, 2)
    return {"minutes": max(0.1, round(minutes, 1)), "peak_gb": peak_gb}


def needs_a_home(environment: MutableMapping[str, str]) -> None:
    """Where the home folder cannot be written to, give Jupyter, IPython and matplotlib another."""
    try:
        with tempfile.TemporaryFile(dir=Path.home()):
            return
    except (OSError, RuntimeError):
        spare = ROOT / "_build" / "home"
        spare.mkdir(parents=True, exist_ok=True)
        for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
            environment.setdefault(name, str(spare))


def seeds(
    how_many: int, chapter: str | None, scheduler: str | None = None, workers: int | None = None
) -> int:
    """Whole notebooks with base seeds 1..n, side by side; the pass table of every claim."""
    build = ROOT / "_build"
    build.mkdir(exist_ok=True)
    of = [(path, seed) for seed in range(1, how_many + 1) for path in notebooks(chapter)]
    jobs = [(path.read_text(encoding="utf8"), seed) for path, seed in of]
    if scheduler is None and workers is None:
        workers = min(2, len(jobs))
    done: list[dict] = [{} for _ in jobs]
    failed = lambda index, error: {"claims": [], "stopped": error.how}
    for n, told in spread(notebook_claims, jobs, scheduler, workers, failed):
        done[n] = told
        path, seed = of[n]
        print(f"{path.name} seed {seed}: {'STOPPED' if told['stopped'] else 'done'}", flush=True)
    rows = [row for told in done for row in told["claims"]]
    write_text(build / "claims.json", json.dumps(rows, indent=1) + "\n")
    table: dict = {}
    for row in rows:
        table.setdefault((row["notebook"], row["claim"]), []).append(row["holds"])
    for (notebook, sentence), held in table.items():
        print(f"{notebook}  {sum(held):3d}/{len(held):<3d} {sentence}")
    for (path, seed), told in zip(of, done):
        if told["stopped"]:
            print(f"{path.name} with seed {seed} stopped:\n{told['stopped']}")
    print(
        f"{sum(r['holds'] for r in rows)} of {len(rows)} claims held; written to _build/claims.json"
    )
    return 1 if any(told["stopped"] for told in done) or not rows else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("run").add_argument("chapter", nargs="?")
    again = what.add_parser("seeds")
    again.add_argument("how_many", type=int)
    again.add_argument("chapter", nargs="?")
    again.add_argument("--workers", type=int, help="notebooks side by side, default 2")
    again.add_argument("--scheduler", help="a Dask cluster that runs them, tcp://host:8786")
    args = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("WMLIB_STATIC", "1")  # stored faces only, no progress bars
    needs_a_home(os.environ)
    if args.what == "seeds":
        if args.how_many < 1:
            parser.error(f"SEEDS must be at least 1, got {args.how_many}")
        return seeds(args.how_many, args.chapter, args.scheduler, args.workers)
    found = notebooks(args.chapter)
    if len(found) == 1:
        run_in_place(found[0])
        return 0
    # One process each, so that the memory measured is the notebook's own.
    again = [sys.executable, __file__, "run"]
    return max(subprocess.run([*again, path.name[:2]]).returncode for path in found)


if __name__ == "__main__":
    sys.exit(main())
