"""The book shows the challenges as they are."""

import subprocess
import sys
import zipfile

import pytest
from repository import ROOT, tool

from wmlib.challenges import names

pages = tool("challenge_pages")


def test_every_page_is_what_its_source_gives():
    old = [p for p, data in pages.pages().items() if not p.exists() or p.read_bytes() != data]
    assert not old, f"run `make challenge-pages`: {[p.name for p in old]}"
    assert {p.stem for p in pages.FOLDER.glob("day*.ipynb")} == set(names())


def test_the_plan_gives_every_challenge_a_day():
    assert [day.challenge for day in pages.planned()] == names()


@pytest.mark.slow
def test_what_students_hold_has_no_solution(tmp_path):
    """Wheel and starters: no instructor's part, no line of a solution; instructor.zip has them all."""
    from wmlib.challenges import source, source_of
    from wmlib.challenges.verify import secret_lines

    dist = tool("dist")
    wheel = zipfile.ZipFile(dist.wheel(tmp_path))
    assert not [name for name in wheel.namelist() if "instructor" in name]
    # A line of the library may well be one of a solution: it is there to be read.
    ours = [n for n in wheel.namelist() if n.startswith("wmlib/challenges/")]
    assert "wmlib/challenges/day27_be_the_model/lessons.txt" in ours
    texts = [wheel.read(n).decode() for n in ours]
    (tmp_path / "starters.zip").write_bytes(dist.starters())
    starters = zipfile.ZipFile(tmp_path / "starters.zip")
    texts += [starters.read(name).decode() for name in starters.namelist()]
    assert len(starters.namelist()) == len(names())
    held = {
        line.strip().strip('",').removesuffix("\\n") for text in texts for line in text.splitlines()
    }
    for name in names():
        found = [line for line in secret_lines(source.read(source_of(name))) if line in held]
        assert found == [], name
    (tmp_path / "instructor.zip").write_bytes(dist.instructor())
    kept = zipfile.ZipFile(tmp_path / "instructor.zip").namelist()
    for name in names():
        assert f"wmlib/challenges/{name}/instructor/challenge.ipynb" in kept


def test_the_course_bundle_is_the_package_without_its_instructors_parts():
    """`pip install git+...` builds by pyproject.toml, which leaves them out as well."""
    import tomllib

    found = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))
    assert (
        "wmlib.challenges.*.instructor*"
        in found["tool"]["setuptools"]["packages"]["find"]["exclude"]
    )


def test_check_says_which_page_is_old(tmp_path):
    command = [sys.executable, "book/_tools/challenge_pages.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf8", check=False)
    assert done.returncode == 0, done.stdout
