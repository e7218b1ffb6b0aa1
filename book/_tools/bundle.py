"""Everything for a course without a repository in one file: dist/course.zip.

    python book/_tools/bundle.py        # or: make bundle (builds the book first)

In it lie the book as built, the notebooks with their outputs, the challenges' starters, the wheel of
`wmlib`, and in `wheels/` what Colab lacks, for Colab's Python. Unpacked into a folder of a Drive, beside
a notebook or on Kaggle it is found by the notebooks' setup cell; the book opens from disk.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from wmlib.files import write_bytes

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_tools"))

from dist import starters, wheel  # noqa: E402

PYTHON = "3.13"  # Colab's
LACKING = ("cma", "langgraph", "langchain-core")  # what chapters 6 and 11 need and Colab has not
LARGEST = 8e6  # bytes of the wheel of wmlib
OFFER, OFFERED = ("book/book/how_to_use.html", b'href="../downloads/course_for_colab.zip" download')
WORDS = """\
World Models: teaching agents to imagine the future
====================================================

The book        open book/index.html in a browser; it needs no network.
In Colab        put this folder into your Google Drive, at its top (My Drive/course), open a notebook
                of notebooks/ with Colab, and run its first cell: it asks for your Drive and finds
                the wheel there.
On Kaggle       upload this zip as a dataset and add it to a notebook: its first cell finds the wheel.
On a laptop     python -m pip install -r requirements.txt   (once, with a network)
                python -m pip install --no-index --no-deps wmlib-*.whl
                jupyter lab notebooks
Challenges      challenges/ holds the thirty daily challenges as students get them.
"""


def download(to: Path, python: str = PYTHON) -> list[Path]:
    """The wheels that Colab lacks, with what they need, at the versions pinned here."""
    pins = (ROOT / "requirements.txt").read_text(encoding="utf8").splitlines()
    wanted = [pin for pin in pins if pin.split("==")[0] in LACKING]
    systems = [f"manylinux_2_{n}_x86_64" for n in (17, 24, 26, 27, 28, 34, 35)] + [
        "manylinux2014_x86_64"
    ]
    command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check"]
    command += ["--only-binary=:all:", "--python-version", python, "--implementation", "cp"]
    command += [part for system in systems for part in ("--platform", system)]
    subprocess.run([*command, "-d", str(to), *wanted], check=True)
    for path in to.glob("numpy-*.whl"):  # of cma; everybody has one
        path.unlink()
    return sorted(to.glob("*.whl"))


def content(folder: Path) -> list[tuple[str, Path]]:
    """(name in the zip, file) of all that is copied as it is."""
    html = ROOT / "_build" / "html"
    if not (html / "index.html").exists():
        raise SystemExit("the book is not built: run `make book` first")
    skipped = {".doctrees", ".buildinfo", "downloads"}  # downloads: notebooks and wheel once more
    found = [
        (f"book/{path.relative_to(html).as_posix()}", path)
        for path in sorted(html.rglob("*"))
        if path.is_file() and not skipped & set(path.relative_to(html).parts)
    ]
    notebooks = sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("book/capstone/*.ipynb")])
    found += [(f"notebooks/{path.name}", path) for path in notebooks]
    found += [(name, ROOT / name) for name in ("requirements.txt", "LICENSE")]
    found += [(path.name, path) for path in [wheel(folder)]]
    found += [(f"wheels/{path.name}", path) for path in download(folder / "wheels")]
    return found


def fitted(inside: str, data: bytes) -> bytes:
    """The page that offers notebooks and wheel as a file points here to where they lie."""
    if inside != OFFER:
        return data
    if data.count(OFFERED) != 1:
        raise SystemExit(f"{inside} should offer the course for Colab once: {OFFERED.decode()}")
    return data.replace(OFFERED, b'href="../../READ_ME_FIRST.txt"')


def write(to: Path) -> dict[str, int]:
    """Write the bundle, whole or not at all; bytes of its parts."""
    with tempfile.TemporaryDirectory() as name:
        folder, sizes = Path(name), dict.fromkeys(("book", "notebooks", "wheels", "wmlib"), 0)
        made = folder / "course.zip"
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
            bundle.writestr(_entry("course/READ_ME_FIRST.txt"), WORDS)
            for inside, path in content(folder):
                entry, data = _entry(f"course/{inside}"), fitted(inside, path.read_bytes())
                bundle.writestr(entry, data, zipfile.ZIP_DEFLATED)
                part = inside.split("/")[0].split("-")[0]
                sizes[part] = sizes.get(part, 0) + len(data)
            with zipfile.ZipFile(io.BytesIO(starters())) as given:
                for inside in given.namelist():
                    bundle.writestr(_entry(f"course/challenges/{inside}"), given.read(inside))
        if sizes["wmlib"] > LARGEST:
            raise SystemExit(
                f"the wheel has {sizes['wmlib'] / 1e6:.1f} MB, wanted {LARGEST / 1e6:.0f}"
            )
        write_bytes(to, made.read_bytes())
    return sizes


def _entry(name: str) -> zipfile.ZipInfo:
    """The same bytes from the same files: no time of day."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
    return entry


def main() -> None:
    """Write dist/course.zip, and say what is in it."""
    to = ROOT / "dist" / "course.zip"
    to.parent.mkdir(exist_ok=True)
    for part, size in write(to).items():
        print(f"{part:18} {size / 1e6:6.1f} MB")
    print(f"{to.relative_to(ROOT)}  {to.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
