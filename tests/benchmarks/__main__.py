"""How fast is the library, beside its peers and beside what the machine can do?

    make bench                              # all, peers left out
    make bench PEERS=folder                 # with the peers' checkouts in a folder
    make bench NAME=planner PEERS=folder    # one module

A module of this folder has `measure(peers) -> list[Row]` (ratios of two programs), `table(peers) ->
dict` (anything else), or both. Each runs in an interpreter of its own. What was measured goes to
book/_data/speed.json and to the page book/speed.md; what was not keeps its figures and its date.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import traceback
from pathlib import Path

import stored
from measure import Missing, Row

MODULES = (
    "limits", "planner", "ensemble", "rssm", "tokens", "dyna", "engine", "real_steps", "growth",
    "minutes",
)  # fmt: skip
WIDE = 64


def line(row: Row) -> str:
    """One row as it is printed."""
    kept = stored.as_dict("", row)
    (median, low, high), ms = kept["ratio"], kept["ms"]
    peak = f"{kept['peak']:6.0%}" if kept["peak"] is not None else 6 * " "
    told = {True: "met", False: "MISSED", None: ""}[kept["met"]]
    asked = f" (asked: {row.bar:g} x)" if row.bar else ""
    asked += f" (asked: {row.peak_bar:.0%} of peak)" if row.peak_bar else ""
    return (
        f"{row.work:{WIDE}} {row.ours} {ms[row.ours]:g} ms, {row.theirs} {ms[row.theirs]:g} ms: "
        f"{median:g} x ({low:g}-{high:g}) {peak} {told}{asked}"
    )


def run(name: str, peers: Path | None) -> int:
    """Measure one module in this process, print it and keep it."""
    module = importlib.import_module(name)
    measure, table = (getattr(module, what, None) for what in ("measure", "table"))
    rows, told = [], None
    try:
        rows = list(measure(peers)) if measure else []
        told = table(peers) if table else None
    except Missing as what:
        print(f"left out: {name}: {what}", flush=True)
    except Exception:
        traceback.print_exc()
        return 1
    for row in rows:
        print(line(row), flush=True)
    if rows or told:
        stored.keep(name, rows, told)
        sys.path.insert(0, str(stored.ROOT / "book" / "_tools"))
        importlib.import_module("speed_page").write()
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help=", ".join(MODULES))
    parser.add_argument("--peers", type=Path, help="folder with the peers' checkouts")
    args = parser.parse_args()
    if unknown := set(args.names) - set(MODULES):
        parser.error(f"no benchmark {sorted(unknown)}: there are {', '.join(MODULES)}")
    if args.peers and not args.peers.is_dir():
        parser.error(f"there is no folder {args.peers}")
    peers = args.peers and args.peers.resolve()
    if len(args.names) == 1:
        return run(args.names[0], peers)
    # Peers call their modules alike (`networks`, `tools`): one interpreter each.
    again = [
        sys.executable,
        str(Path(__file__).parent),
        *(["--peers", str(peers)] if peers else []),
    ]
    return max(subprocess.run([*again, name]).returncode for name in args.names or MODULES)


if __name__ == "__main__":
    sys.exit(main())
