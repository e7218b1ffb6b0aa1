"""What is handed out, each apart: `dist/` with the student's wheel, the starters, instructor.zip.

The wheel and the starters hold no solution, no hidden examination and no wrong answer. Those are in
`instructor.zip`, which an instructor without a clone unpacks over the installed package.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from wmlib.challenges import ROOM, load, names, source, source_of
from wmlib.challenges.classroom.feedback import packed
from wmlib.files import write_bytes

ROOT = Path(__file__).resolve().parents[2]


def wheel(to: Path, root: Path = ROOT) -> Path:
    """Build the student's wheel from a copy, so that building leaves nothing behind."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        skip = shutil.ignore_patterns("__pycache__", "instructor")
        shutil.copytree(root / "wmlib", copy / "wmlib", ignore=skip)
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copyfile(root / name, copy / name)
        command = [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            ".",
            "--no-deps",
            "--no-build-isolation",
            "-q",
        ]
        subprocess.run([*command, "-w", str(to)], cwd=copy, check=True)
    return max(to.glob("wmlib-*.whl"), key=lambda path: path.stat().st_mtime)


def starters() -> bytes:
    """All starters in one zip."""
    made = {}
    for name in names():
        made[f"{name}.ipynb"] = source.text(
            source.starter(source.read(source_of(name)), load(name))
        )
    return packed(made.items())


def instructor() -> bytes:
    """What only instructors hold, at its place in the package."""
    files = [p for p in ROOM.glob("day*/instructor/*") if p.suffix in {".py", ".ipynb"}]
    return packed((p.relative_to(ROOM.parents[1]).as_posix(), p.read_text("utf8")) for p in files)


def main() -> None:
    """Write everything to dist/."""
    to = ROOT / "dist"
    to.mkdir(exist_ok=True)
    made = [wheel(to)]
    for name, data in (("starters.zip", starters()), ("instructor.zip", instructor())):
        write_bytes(to / name, data)
        made.append(to / name)
    for path in made:
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
