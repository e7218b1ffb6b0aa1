"""The way into a notebook on a machine where nobody has installed anything.

`SETUP` is the first code cell of every chapter and of every challenge. It looks for the course's
wheel beside the notebook and where Kaggle and Colab keep files, then uses the address that `make
fork` stamped, and else says what to do. `need` brings what one chapter needs beyond that.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from glob import glob
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Where the course may lie: beside the notebook or above it, in Colab, on Kaggle, in a Drive.
PLACES = ". .. /content /kaggle/input/* /kaggle/input/*/* /content/drive/MyDrive/*"
# `%pip` is IPython's; in Colab, on Kaggle and on a laptop it is one and the same cell.
SETUP = """\
import contextlib
import importlib.util
import sys
from glob import glob

REPOSITORY, TAG = "https://world-models.invalid/course", "main"  # stamped by `make fork`
if importlib.util.find_spec("wmlib") is None:
    places = "PLACES".split()
    wheels = lambda: sorted(w for place in places for w in glob(f"{place}/wmlib-*.whl"))
    if "google.colab" in sys.modules and ".invalid" in REPOSITORY and not wheels():
        from google.colab import drive  # the course's folder in your Drive: Colab asks you first

        with contextlib.suppress(Exception):
            drive.mount("/content/drive")
    if not wheels() and ".invalid" in REPOSITORY:
        raise SystemExit(
            "wmlib is not installed, and no wmlib-*.whl lies beside this notebook. Put the wheel "
            "of the course there, in Colab into a folder of your Drive, and run this cell again."
        )
    source = wheels()[-1] if wheels() else f"wmlib @ git+{REPOSITORY}@{TAG}"
    %pip install -q --no-deps "{source}"
""".replace("PLACES", PLACES)


def need(*requirements: str, places: Sequence[str] = tuple(PLACES.split())) -> None:
    """Install what a chapter needs beyond torch and gymnasium, where it is missing.

    From the bundle's folder `wheels` if one is found, without a network; else from the package
    index. What is installed already is left as it is, whatever its version. Says what it installed.

    Args:
        requirements: such as "cma>=4.0". places: where `wheels/` is looked for.

    Raises:
        RuntimeError: if the installation failed, with pip's last words.
    """
    missing = [r for r in requirements if not _installed(_name(r))]
    if not missing:
        return
    folders = [folder for place in places for folder in sorted(glob(f"{place}/wheels"))]
    here = [f for f in folders if all(_has(f, _name(r)) for r in missing)]
    source = ["--no-index", "--find-links", here[0]] if here else []
    command = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    done = subprocess.run([*command, *source, *missing], capture_output=True, encoding="utf8")
    if done.returncode:
        raise RuntimeError(
            f"{', '.join(missing)} could not be installed"
            f"{' from ' + here[0] if here else ''}:\n{done.stderr.strip()[-600:]}\n"
            "Without a network, put the course's folder `wheels` beside the notebook."
        )
    print(f"installed {', '.join(missing)}")


def _name(requirement: str) -> str:
    """The distribution's name: "cma" of "cma>=4.0"."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].rstrip(".-")


def _installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def _has(folder: str, name: str) -> bool:
    plain = name.lower().replace("-", "_").replace(".", "_")
    return any(p.name.lower().startswith(f"{plain}-") for p in Path(folder).glob("*.whl"))
