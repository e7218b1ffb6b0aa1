"""Two notebooks as Colab runs them: its versions, nothing installed, from the wheel and from a tag.

All of them by `make colab` and `make colab FROM=repository`; every night against Colab's own freeze.
"""

import shutil
import subprocess
import sys

import pytest
from repository import ROOT, tool


def colab(*arguments):
    """What the tool prints, its figures of the book left as they were."""
    stored = tool("colab").STORED
    before = stored.read_bytes() if stored.exists() else None
    try:
        return subprocess.run(
            [sys.executable, str(ROOT / "book" / "_tools" / "colab.py"), *arguments],
            cwd=ROOT,
            capture_output=True,
            encoding="utf8",
        )
    finally:
        if before is not None:
            stored.write_bytes(before)
        else:
            stored.unlink(missing_ok=True)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap cuts the network")
def test_with_the_network_cut_a_chapter_finds_its_wheel_and_what_colab_lacks():
    done = colab("11", "--from", "wheel")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "11_language_agents: passed; installed " in done.stdout
    new = done.stdout.split("installed ")[1].splitlines()[0].split(", ")
    assert {"wmlib", "langgraph"} <= set(new) and "torch" not in new and "numpy" not in new


@pytest.mark.slow
def test_at_the_stamped_address_a_chapter_changes_nothing_but_wmlib():
    done = colab("01", "--from", "repository")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "01_small_scale_models: passed; installed wmlib\n" in done.stdout
    assert "address https://github.com/somebody/world-models-course" in done.stdout
