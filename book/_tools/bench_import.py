"""How long a reader waits until a notebook's first cells have run, chapter by chapter.

    python book/_tools/bench_import.py          # or: make bench-import
    python book/_tools/bench_import.py 07       # one chapter (NB=07)

Each line is a fresh interpreter that runs the imports of the notebook's cells up to the first that
computes, and `begin`. The first column compiles everything anew (an empty cache of byte code, as
after an installation that did not compile); the second is an ordinary start.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def first_cells(path: Path) -> str:
    """The imports of the setup cell and of the cells that follow it, and `begin`."""
    notebook = json.loads(path.read_text(encoding="utf8"))
    code = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    lines = []
    for source in code[:3]:
        lines += [
            ast.unparse(node)
            for node in ast.parse(without_magic(source)).body
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
    return "\n".join([*lines, f"begin({path.stem[:2]!r})"])


def without_magic(source: str) -> str:
    """The cell with `pass` for every line that only IPython understands."""
    return re.sub(r"(?m)^(\s*)%.*$", r"\1pass", source)


def seconds(code: str, **environment: str) -> float:
    """How long a fresh interpreter takes for this code."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - began


def main() -> int:
    chapter = sys.argv[1] if len(sys.argv) > 1 else ""
    found = sorted((ROOT / "notebooks").glob(f"{chapter}*_*.ipynb"))
    jobs = {"import wmlib": "import wmlib"} | {p.stem: first_cells(p) for p in found}
    print(f"{'seconds':32} compiling  as usual")
    for name, code in jobs.items():
        with tempfile.TemporaryDirectory() as empty:
            anew = seconds(code, PYTHONPYCACHEPREFIX=empty)
        print(f"{name:32} {anew:9.2f} {min(seconds(code) for _ in range(2)):9.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
