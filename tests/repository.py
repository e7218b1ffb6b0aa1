"""Where things are in this repository, its tools (which are no package), and copies of it."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
PRIMER = NOTEBOOKS / "00_primer.ipynb"  # what the course assumes: no chapter of its own
CHAPTERS = sorted(set(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")) - {PRIMER})


def tool(name):
    """A module of book/_tools or book/_ext."""
    folder = "_ext" if name.startswith("wm_") else "_tools"
    spec = importlib.util.spec_from_file_location(name, ROOT / "book" / folder / f"{name}.py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


course = {chapter.file: chapter for chapter in tool("wm_chapters").chapters()}
# Every chapter but a draft owes what the second edition asks for.
SECOND = [path.stem[:2] for path in CHAPTERS if not course[path.stem].draft]


def files():
    """Every file that is committed or about to be, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf8", check=True)
    return [Path(name) for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def copy_to(folder):
    """A copy of the repository as it stands here, itself one, all committed; returns the folder."""
    for path in files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, folder / path)
    who = ["-c", "user.name=test", "-c", "user.email=test@test.invalid"]
    for command in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "a copy"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def python(folder, *arguments, reads="utf8", **environment):
    """Run Python in a copy, with the package of that copy; the finished process."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"} | environment,
        capture_output=True,
        encoding=reads,
        errors="backslashreplace",
    )
