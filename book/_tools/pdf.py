"""Print the chapters of the built book: one PDF each, into ``dist/pdf``.

    python book/_tools/pdf.py          # all chapters, and the primer
    python book/_tools/pdf.py 03       # those of this number

Chromium prints what the print style sheet (`book/_static/course.css`) says: code wrapped, hints
unfolded, films as strips of frames. `make book` comes first.
"""

from __future__ import annotations

import argparse
import html
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "_build" / "html" / "notebooks"
OUT = ROOT / "dist" / "pdf"
STYLE = "font: 8px Inter, sans-serif; color: #5E5850; width: 100%; margin: 0 17mm;"
ASK = """async () => { // pictures and films come when they are near the screen, and not in a fold
  document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
  for (const one of document.querySelectorAll("[data-wm-reel], img[loading]")) {
    one.scrollIntoView({ behavior: "instant" });
    await new Promise((done) => setTimeout(done, 30));
  }
}"""
READY = """() => !document.querySelector(".wm-lazy, .wm-screen > img")
  && [...document.images].every((picture) => picture.complete)"""


def print_page(browser, page_path: Path, out: Path) -> None:
    """Print one page of the book."""
    page = browser.new_page()
    page.add_init_script("localStorage.setItem('wm-results', 'shown')")  # hidden films do not come
    page.goto(page_path.as_uri(), wait_until="load")
    page.evaluate(ASK)
    page.wait_for_function(READY, timeout=60_000)
    page.evaluate("document.fonts.ready")
    title = html.escape(page.title())
    page.pdf(
        path=str(out),
        prefer_css_page_size=True,
        print_background=True,
        tagged=True,
        outline=True,
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=f'<div style="{STYLE} display: flex; justify-content: space-between">'
        f'<span>{title}</span><span class="pageNumber"></span></div>',
    )
    page.close()


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Print the chapters as PDF, into dist/pdf.")
    parser.add_argument("numbers", nargs="*", metavar="NN", help="chapters such as 03; default all")
    numbers = parser.parse_args(argv).numbers
    found = sorted(PAGES.glob("*.html"))
    wanted = [path for path in found if not numbers or path.name[:2] in numbers]
    unknown = set(numbers) - {path.name[:2] for path in found}
    if unknown or not wanted:
        built = ", ".join(path.name[:2] for path in found) or "none: run `make book` first"
        print(f"no such chapter: {', '.join(sorted(unknown))}; built: {built}", file=sys.stderr)
        return 1
    program = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if program is None:
        print("the pages are printed by Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright

    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        for path in wanted:
            out = OUT / f"{path.stem}.pdf"
            print_page(browser, path, out)
            print(f"{out.relative_to(ROOT)}  {out.stat().st_size / 1e6:.1f} MB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
