"""The notebooks as Colab runs them: its versions, a stand-in of `google.colab`, nothing installed.

    python book/_tools/colab.py                    all notebooks, from the wheel, the network cut
    python book/_tools/colab.py --from repository  from a local clone, at the stamped address
    python book/_tools/colab.py 01 06              these chapters
    python book/_tools/colab.py --freeze FILE      with another freeze than the published one

A virtual environment gets the published versions (torch stays the pinned build), each notebook a
folder of its own, and a first cell that finds no `wmlib`. Afterwards nothing may have changed but
`wmlib` and what a chapter names. What passed is kept in book/_data/colab.json, which the book shows.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError

from wmlib.files import write_text

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_tools"))

from bundle import download  # noqa: E402
from fork import present, stamp  # noqa: E402

from dist import wheel  # noqa: E402

STORED = ROOT / "book" / "_data" / "colab.json"
HOME = ROOT / "_build" / "colab"
# Of the image of 2026-08-19; what is not named follows from these.
PUBLISHED = {
    "numpy": "2.1.3",
    "gymnasium": "1.3.0",
    "matplotlib": "3.10.0",
    "pandas": "2.2.3",
    "ipywidgets": "7.7.1",
    "ipython": "7.34.0",
    "ipykernel": "6.17.1",
    "pygame": "2.6.1",
}
BESIDE = ("torch", "scikit-learn", "statsmodels", "pillow", "tqdm", "scipy", "pydantic", "requests")
ALLOWED = {"wmlib", "cma"}  # what may be new; chapter 11's langgraph brings its own
ADDRESS = "https://github.com/somebody/world-models-course"


def versions(freeze: Path | None) -> list[str]:
    """Pins: those published, or of a freeze, as far as the course uses them."""
    pins = dict(PUBLISHED)
    if freeze:
        lines = freeze.read_text(encoding="utf8").splitlines()
        given = dict(line.lower().split("==", 1) for line in lines if "==" in line)
        pins = {name: given[name] for name in (*PUBLISHED, *BESIDE) if name in given}
        pins.pop("torch", None)
    here = (ROOT / "requirements.txt").read_text(encoding="utf8")
    torch = re.search(r"(?m)^torch==.*$", here)
    assert torch, "requirements.txt pins torch"
    return [torch.group(), *(f"{name}=={number}" for name, number in pins.items())]


def environment(freeze: Path | None = None) -> Path:
    """The python of a fresh environment with those versions; it is kept for the next time."""
    pins, python = versions(freeze), HOME / "venv" / "bin" / "python"
    marker, brought = HOME / "versions.txt", HOME / "freeze.txt"
    wanted = "\n".join([*pins, *BESIDE])
    whole = python.exists() and marker.exists() and brought.exists()
    if whole and marker.read_text(encoding="utf8") == wanted:
        reset(python, set(brought.read_text(encoding="utf8").splitlines()))  # after an interrupt
        return python
    shutil.rmtree(HOME / "venv", ignore_errors=True)
    HOME.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", str(HOME / "venv")], check=True)
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    beside = [name for name in BESIDE if not any(pin.startswith(f"{name}==") for pin in pins)]
    subprocess.run([*pip, *pins, *beside], check=True)
    download(HOME / "wheels", f"{sys.version_info.major}.{sys.version_info.minor}")
    stub(next((HOME / "venv").glob("lib/python*/site-packages")))
    write_text(brought, "\n".join(sorted(freeze_of(python))))
    write_text(marker, wanted)  # last: with it the environment is whole
    return python


def stub(site: Path) -> None:
    """`google.colab` as far as the setup cell uses it, there from the start as in Colab."""
    folder = site / "google" / "colab"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").write_text("", encoding="utf8")
    (folder / "drive.py").write_text(
        'def mount(where):\n    raise ValueError("mount failed: nobody is here to allow it")\n',
        encoding="utf8",
    )
    (site / "colab.pth").write_text("import google.colab\n", encoding="utf8")


def freeze_of(python: Path) -> set[str]:
    """What is installed there, as `name==version`."""
    command = [str(python), "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"]
    done = subprocess.run(command, capture_output=True, encoding="utf8", check=True)
    return {line.lower() for line in done.stdout.split()}


def reset(python: Path, before: set[str]) -> None:
    """Take off again what a notebook installed."""
    new = [line.split("==")[0] for line in freeze_of(python) - before]
    if new:
        command = [str(python), "-m", "pip", "uninstall", "-q", "-y", "--disable-pip-version-check"]
        subprocess.run([*command, *new], check=True)


def run(path: Path, python: Path, where: Path, env: dict[str, str], cut: bool) -> str:
    """Run one notebook in `where`; what stopped it, or nothing."""
    notebook = nbformat.read(path, as_version=4)
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    if cut and shutil.which("bwrap"):
        # A network of its own has no way out, nor one in: the kernel is spoken to through files.
        command = ["bwrap", "--dev-bind", "/", "/", "--unshare-net", *command]
    spec = where / "kernels" / "colab"
    spec.mkdir(parents=True)
    told = {"argv": command, "display_name": "Colab", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(told), encoding="utf8")
    env = {**os.environ, **env, "JUPYTER_PATH": str(where), "OMP_NUM_THREADS": "1"}
    env.pop("PYTHONPATH", None)
    os.environ["JUPYTER_PATH"] = str(where)  # where the client looks for kernels
    client = NotebookClient(
        notebook, timeout=1200, kernel_name="colab", resources={"metadata": {"path": str(where)}}
    )
    client.create_kernel_manager()
    client.km.transport = "ipc"
    client.km.ip = str(where / "kernel")
    try:
        client.execute(env=env, stderr=subprocess.DEVNULL)
    except (CellControlSignal, DeadKernelError) as error:
        return str(error).strip()[-1500:]
    return ""


def repository(folder: Path) -> tuple[Path, dict[str, str]]:
    """A clone with another address stamped, and git told to find that address here."""
    clone, bare = folder / "clone", folder / "bare.git"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    stamp(clone, ADDRESS)
    git = ["git", "-C", str(clone), "-c", "user.name=course", "-c", "user.email=course@localhost"]
    subprocess.run([*git, "commit", "-q", "-a", "-m", "stamped"], check=True)
    subprocess.run([*git, "branch", "-q", "-M", "main"], check=True)
    subprocess.run(["git", "clone", "-q", "--bare", str(clone), str(bare)], check=True)
    return clone, {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{bare}.insteadOf",
        "GIT_CONFIG_VALUE_0": ADDRESS,
    }


def main() -> int:
    """Run them, compare the freeze, keep what passed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("chapters", nargs="*", help="two digits each, default all")
    parser.add_argument("--from", dest="source", choices=["wheel", "repository"], default="wheel")
    parser.add_argument("--freeze", type=Path, help="a freeze of Colab's instead of the published")
    args = parser.parse_args()
    python = environment(args.freeze)
    before, failed, passed = freeze_of(python), [], {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root, env = repository(folder) if args.source == "repository" else (ROOT, {})
        address = present(root)
        made = wheel(folder) if args.source == "wheel" else None
        for path in sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb")):
            if args.chapters and path.stem[:2] not in args.chapters:
                continue
            where = folder / path.stem
            where.mkdir()
            if made:
                shutil.copy(made, where)
                (where / "wheels").symlink_to(HOME / "wheels")
            problem = run(path, python, where, env, cut=made is not None)
            added = {line.split("==")[0] for line in freeze_of(python) - before}
            gone = before - freeze_of(python)
            if not problem and gone:
                problem = f"changed what Colab brings: {', '.join(sorted(gone))}"
            print(
                f"{path.stem}: {problem or 'passed'}; installed {', '.join(sorted(added))}",
                flush=True,
            )
            if problem:
                failed.append(path.stem)
            else:
                passed[path.stem[:2]] = {"from": args.source, "date": f"{datetime.date.today()}"}
            reset(python, before)
    if passed:
        stored = json.loads(STORED.read_text(encoding="utf8")) if STORED.exists() else {}
        pins = dict(pin.split("==") for pin in versions(args.freeze))
        for chapter, told in passed.items():
            stored[chapter] = told | {"versions": pins}
        write_text(STORED, json.dumps(dict(sorted(stored.items())), indent=1) + "\n")
    print(f"{len(passed)} passed, {len(failed)} failed; address {address}")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
