"""What was measured, as it is kept in book/_data/speed.json, and where it was measured."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
import re
import statistics
from pathlib import Path

from measure import Row

from wmlib.files import write_text

ROOT = Path(__file__).resolve().parents[2]
STORED = ROOT / "book" / "_data" / "speed.json"


def load() -> dict:
    """`{"rows": [...], "tables": {module: {...}}}`, empty before the first run."""
    if not STORED.exists():
        return {"rows": [], "tables": {}}
    return json.loads(STORED.read_text(encoding="utf8"))


def keep(module: str, rows: list[Row], table: dict | None) -> None:
    """Take in what a module measured; what it did not measure this time keeps its date.

    Each processor has rows of its own: who is faster depends on it.
    """
    stored = load()
    told = [as_dict(module, row) for row in rows]
    names = "module", "work", "theirs", "processor"
    known = {tuple(row[name] for name in names): row for row in [*stored["rows"], *told]}
    stored["rows"] = list(known.values())
    if table is not None:
        name = f"limits of {processor()}" if module == "limits" else module
        stored["tables"][name] = where() | {"command": f"make bench NAME={module}"} | table
    write_text(STORED, json.dumps(stored, indent=1, ensure_ascii=False) + "\n")


def as_dict(module: str, row: Row) -> dict:
    """A row with its ratio, and where it was measured."""
    median = {name: statistics.median(taken) for name, taken in row.seconds.items()}
    kept = {"module": module, "work": row.work, "ours": row.ours, "theirs": row.theirs}
    kept["ms"] = {name: significant(1e3 * seconds) for name, seconds in median.items()}
    kept["ratio"] = [significant(x) for x in row.ratio()]
    kept |= {"rounds": len(row.ratios()), "bar": row.bar, "met": met(row)}
    kept |= {"peak": row.peak and significant(row.peak), "peak_bar": row.peak_bar}
    kept |= {"note": row.note, "command": row.command or f"make bench NAME={module} PEERS=peers"}
    return kept | where(row.versions)


def met(row: Row) -> bool | None:
    """Whether what was asked for was reached; None where nothing was asked for."""
    asked = []
    if row.bar is not None:
        asked.append(row.ratio()[0] >= row.bar)
    if row.peak_bar is not None:
        asked.append((row.peak or 0.0) >= row.peak_bar)
    return all(asked) if asked else None


def where(versions: dict | None = None) -> dict:
    """The date, the machine and how busy it was, and the versions that decide about speed."""
    ours = {name: importlib.metadata.version(name) for name in ("torch", "numpy")}
    return {
        "date": datetime.date.today().isoformat(),
        "processor": processor(),
        "machine": f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "versions": {"python": platform.python_version()} | ours | dict(versions or {}),
    }


def processor() -> str:
    """The processor's name as the system tells it, without ornaments: "AMD EPYC"."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1] for line in lines if line.startswith("model name")]
    name = re.sub(r"\((R|TM)\)|Processor|CPU", " ", names[0] if names else platform.machine())
    return " ".join(name.split())


def significant(x: float) -> float:
    """Three digits are more than a busy machine can tell."""
    return float(f"{x:.3g}")
