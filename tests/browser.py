"""A page in a real browser, for tests of what is seen."""

import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright


@contextmanager
def opened(tmp_path, fragment, width=1280, height=900, head="", attributes=""):
    """The fragment in an otherwise empty page, network cut off, as a playwright page.

    Page errors and console errors are collected in `page.wrong`.
    """
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if program is None:
        pytest.fail("this test looks at a page: apt-get install chromium (as root)")
    path = tmp_path / "page.html"
    path.write_text(
        f"<!doctype html><html{attributes}><head><meta charset=utf-8>{head}</head>"
        f"<body>{fragment}</body></html>",
        encoding="utf-8",
    )
    with sync_playwright() as pw:
        browser = pw.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        page = browser.new_page(viewport={"width": width, "height": height})
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda m: page.wrong.append(m.text) if m.type == "error" else None)
        page.route(
            "**/*",
            lambda r: r.continue_() if r.request.url.startswith(("file:", "data:")) else r.abort(),
        )
        page.goto(path.as_uri())
        try:
            yield page
        finally:
            browser.close()
