"""Is the course fit to be published: do all that name its address, tag and version agree?

    python book/_tools/publish_check.py        # or: make publish-check

Reads `_config.yml`, the notebooks' setup cells, README, CITATION.cff, CHANGELOG and the package, and
the book's buttons where the book is built. Says everything that disagrees, and exits with 1.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_tools"))

from fork import BRANCH, present, sound  # noqa: E402

PLACEHOLDER = "world-models" + ".invalid"
SETUP = re.compile(r'REPOSITORY, TAG = \\?"([^"\\]+)\\?", \\?"([^"\\]+)\\?"')


def text(root: Path, name: str) -> str:
    """A file's text, or nothing where there is none."""
    path = root / name
    return path.read_text(encoding="utf8") if path.exists() else ""


def one(pattern: str, where: str) -> str:
    """What the pattern's group finds, or nothing."""
    found = re.search(pattern, where, re.MULTILINE)
    return found.group(1) if found else ""


def problems(root: Path = ROOT) -> list[str]:
    """Everything that disagrees, in words."""
    address, wrong = present(root), []
    try:
        sound(address)
    except ValueError as error:
        return [f"_config.yml: {error}. `make fork REPO=...` stamps it"]
    found = BRANCH.search(text(root, "_config.yml"))
    tag = found.group(2) if found else "main"
    for path in setup_cells(root):
        pins = set(SETUP.findall(path.read_text(encoding="utf8")))
        if pins != {(address, tag)}:
            wrong.append(
                f"{path.relative_to(root)} installs {pins or 'nothing'}, wanted {address} at {tag}"
            )
    version = one(r'^__version__ = "([^"]+)"', text(root, "wmlib/__init__.py"))
    for name, pattern, wanted in (
        ("CITATION.cff", r"^repository-code: (\S+)", address),
        ("CITATION.cff", r"^version: (\S+)", version),
        ("pyproject.toml", r'^Repository = "([^"]+)"', address),
        ("CHANGELOG.md", rf"^## ({re.escape(version)})\b", version),
    ):
        given = one(pattern, text(root, name))
        if given != wanted:
            wrong.append(f"{name} says {given or 'nothing'!r}, wanted {wanted!r}")
    if re.match(r"v\d", tag) and tag != f"v{version}":
        wrong.append(f"the notebooks are pinned to {tag}, but wmlib is version {version}")
    wrong += [f"{name} still names the placeholder address" for name in placeholders(root)]
    return wrong + buttons(root, address, tag)


def setup_cells(root: Path) -> list[Path]:
    """Every file that holds a setup cell."""
    notebooks = [*root.glob("notebooks/*.ipynb"), *root.glob("book/challenges/*.ipynb")]
    return sorted([*notebooks, root / "wmlib" / "installing.py"])


def placeholders(root: Path) -> list[str]:
    """Files that name the address which stood there before any was stamped."""
    skipped = ("tests/", "book/_tools/")
    done = subprocess.run(
        ["git", "grep", "-l", "-I", PLACEHOLDER], cwd=root, capture_output=True, encoding="utf8"
    )
    return [name for name in done.stdout.split("\n") if name and not name.startswith(skipped)]


def buttons(root: Path, address: str, tag: str) -> list[str]:
    """Where the book is built: chapters whose button opens another repository or tag."""
    if not address.startswith("https://github.com/"):
        return []
    path, wrong = address.removeprefix("https://github.com"), []
    for page in sorted((root / "_build" / "html" / "notebooks").glob("*.html")):
        wanted = (
            f"https://colab.research.google.com/github{path}/blob/{tag}/notebooks/{page.stem}.ipynb"
        )
        if wanted not in page.read_text(encoding="utf8"):
            wrong.append(f"the built page of {page.stem} does not open {wanted}: make book")
    return wrong


def main() -> int:
    """Say what disagrees."""
    wrong = problems()
    print("\n".join(wrong) if wrong else f"all agree on {present(ROOT)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
