"""Build the book to ``_build/html`` from the committed notebooks, warnings as errors.

    python book/_tools/build.py          # only what changed since the last time
    python book/_tools/build.py --all    # everything

Prints where the book is and how long it took; exits with 1 where anything was warned of.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "book" / "_tools"), str(ROOT)]

import for_colab  # noqa: E402
import slides  # noqa: E402
from players import write_players  # noqa: E402

HTML = ROOT / "_build" / "html"
FIRST_PAGE = "book/intro.html"
INDEX = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>World Models</title>
<meta http-equiv="refresh" content="0; url={FIRST_PAGE}">
</head>
<body><p><a href="{FIRST_PAGE}">World Models: teaching agents to imagine the future</a></p></body>
</html>
"""


def run_jupyter_book(everything: bool) -> int:
    """Run Jupyter Book on the repository; its exit code."""
    environment = dict(os.environ)
    # autodoc imports wmlib from this checkout, installed or not.
    environment["PYTHONPATH"] = os.pathsep.join(
        p for p in (str(ROOT), environment.get("PYTHONPATH")) if p
    )
    environment.setdefault("OMP_NUM_THREADS", "1")
    environment["MPLBACKEND"] = "Agg"
    # Colours are for a terminal, not for a log.
    plain = "" if sys.stderr.isatty() else "from sphinx.util.console import nocolor; nocolor(); "
    command = [
        sys.executable,
        "-c",
        plain + "from jupyter_book.cli.main import main; main()",
        "build",
        str(ROOT),
        "--toc",
        str(ROOT / "book" / "_toc.yml"),
        "-W",
        "-n",
        "--keep-going",
        "-q",
    ]
    if everything:
        command.append("--all")
    # Warnings and errors come on stderr; what is left of stdout says nothing more than main() does.
    return subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL).returncode


def remove_pages_without_source() -> None:
    """Sphinx leaves the page of a source that is gone: take it away."""
    for pages, sources, endings in (
        (HTML / "book", ROOT / "book", (".md", ".rst", ".ipynb")),
        (HTML / "notebooks", ROOT / "notebooks", (".ipynb",)),
        (HTML / "_modules" / "wmlib", ROOT / "wmlib", (".py",)),  # the code that is linked to
    ):
        for page in pages.rglob("*.html"):
            source = sources / page.relative_to(pages).with_suffix("")
            if not any(source.with_suffix(s).exists() for s in endings) and not source.is_dir():
                page.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the book, warnings as errors.")
    parser.add_argument("--all", action="store_true", help="build every page again")
    everything = parser.parse_args().all
    started = time.perf_counter()
    write_players()
    failed = run_jupyter_book(everything)
    seconds = time.perf_counter() - started
    if failed:
        print(
            f"\nThe book was not built cleanly ({seconds:.0f} s): see the warnings above.",
            file=sys.stderr,
        )
        return 1
    remove_pages_without_source()
    slides.main([])
    for_colab.main()
    (HTML / "index.html").write_text(INDEX, encoding="utf8")
    pages = sum(1 for folder in ("book", "notebooks") for _ in (HTML / folder).rglob("*.html"))
    print(f"\nThe book: {HTML / 'index.html'}\n{pages} pages in {seconds:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
