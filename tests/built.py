"""The book built once for all test files, its pages served, and Chromium to look at them.

The tests run in several processes; whichever asks first builds, the others wait and take its result.
`conftest.py` hands the fixtures on.
"""

import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time

import pytest
from repository import ROOT

HTML = ROOT / "_build" / "html"
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))  # one for all processes of a run
BUILDING = ROOT / "_build" / f".build_of_{RUN}"


@pytest.fixture(scope="session")
def build():
    """The build script, run as `make book` runs it: exit code and what it said."""
    BUILDING.parent.mkdir(exist_ok=True)
    for old in BUILDING.parent.glob(".build_of_*"):  # of earlier runs
        if old.stat().st_mtime < time.time() - 3600:
            old.unlink(missing_ok=True)
    done = BUILDING.with_suffix(".json")
    try:
        BUILDING.touch(exist_ok=False)
    except FileExistsError:  # another process builds
        deadline = time.monotonic() + 1200
        while not done.exists():
            assert time.monotonic() < deadline, "the build in another process did not end"
            time.sleep(0.5)
    else:
        ended = subprocess.run(
            [sys.executable, str(ROOT / "book" / "_tools" / "build.py")],
            capture_output=True,
            encoding="utf8",
            cwd=ROOT,
        )
        part = done.with_suffix(".part")
        part.write_text(json.dumps([ended.returncode, ended.stdout, ended.stderr]), "utf8")
        part.replace(done)
    return subprocess.CompletedProcess([], *json.loads(done.read_text("utf8")))


@pytest.fixture(scope="session")
def built(build):
    """The folder of the built pages (they are written even where there was a warning)."""
    assert (HTML / "book" / "intro.html").exists(), build.stderr[-4000:]
    return HTML


class UnderCourse(http.server.SimpleHTTPRequestHandler):
    """Serves the book under /course/, as GitHub's Pages do, and has nothing beside it."""

    def log_message(self, *_):
        pass

    def translate_path(self, path):
        inside = path.removeprefix("/course/")
        return super().translate_path(f"/{inside}" if inside != path else "/there/is/nothing")


@pytest.fixture(scope="session")
def site(built):
    """The book on localhost, under a sub-path: a page that asks for `/_static` gets nothing."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(UnderCourse, directory=str(built))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/course/"
    server.shutdown()


@pytest.fixture(scope="module")
def chromium():
    """One Chromium for all tests of a file."""
    from playwright.sync_api import sync_playwright

    program = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    assert program, "these tests look at pages in Chromium: apt-get install -y chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-sync",
                "--disable-component-update",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()


WHOLE = "try { localStorage.setItem('wm-results', 'shown') } catch (error) {}"


def visit(browser, address, root, width=1280, scheme="light", whole=True, **context):
    """Open a page with every other host cut off; the page, what went wrong, and bytes by file.

    `whole`: nothing is hidden until the reader has guessed (`test_covers.py` looks at that).
    """
    page = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, **context
    ).new_page()
    if whole:
        page.add_init_script(WHOLE)
    page.set_default_timeout(180_000)  # a busy machine is slow, not broken
    wrong, weight = [], {}

    def allow(route):
        if route.request.url.startswith((root, "data:", "blob:")):
            route.continue_()
        else:
            wrong.append(f"asked another host: {route.request.url[:90]}")
            route.abort()

    def weigh(response):
        if response.status >= 400:
            wrong.append(f"{response.status}: {response.url}")
        elif response.url.startswith(root):
            weight[response.url] = int(response.headers.get("content-length", 0))

    page.route("**/*", allow)
    page.on("console", lambda m: wrong.append(m.text[:200]) if m.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)[:200]))
    page.on("response", weigh)
    page.goto(address, wait_until="load")
    page.wait_for_selector("html:not(.wm-lazy)")  # all sections are laid out
    return page, wrong, weight
