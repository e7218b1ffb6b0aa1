"""What a reader without a repository needs for Colab, in one file that the book offers.

In it lie the notebooks and the wheel of `wmlib`, in a folder for the reader's Drive, where the
notebooks' setup cell looks. What else Colab lacks, that cell installs.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path

from wmlib.files import write_bytes

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_tools"))

from dist import wheel  # noqa: E402

ZIP = ROOT / "_build" / "html" / "downloads" / "course_for_colab.zip"


def contents() -> list[Path]:
    """The notebooks, and all that goes into the wheel."""
    notebooks = [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("book/capstone/*.ipynb")]
    package = [p for p in ROOT.glob("wmlib/**/*") if p.is_file() and "__pycache__" not in p.parts]
    return sorted([*notebooks, *package, ROOT / "pyproject.toml"])


def main() -> None:
    """Write the file, unless it is newer than all that goes into it."""
    if ZIP.exists() and ZIP.stat().st_mtime > max(p.stat().st_mtime for p in contents()):
        return
    ZIP.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        made = Path(name) / "made.zip"
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            package = wheel(Path(name))
            archive.write(package, f"course/{package.name}")
            for path in contents():
                if path.suffix == ".ipynb" and "wmlib" not in path.relative_to(ROOT).parts:
                    archive.write(path, f"course/notebooks/{path.name}")
        write_bytes(ZIP, made.read_bytes())


if __name__ == "__main__":
    main()
