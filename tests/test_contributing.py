"""The worked examples of CONTRIBUTING.md run as they stand there."""

import re
import textwrap

import pytest
from browser import opened
from repository import ROOT

from wmlib.players.gallery import stage_page

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf8")
SECTIONS = dict(re.findall(r"(?ms)^## (A \w+)\n(.*?)(?=^## |\Z)", TEXT))
every_section = pytest.mark.parametrize("name", SECTIONS)


def blocks(section):
    return [textwrap.dedent(code) for code in re.findall(r"(?ms)```python\n(.*?)^ *```", section)]


def test_there_is_an_example_of_each():
    assert list(SECTIONS) == ["A world", "A model", "A planner", "A player", "A chapter"]


@every_section
def test_an_example_runs_and_its_tests_hold(name):
    space = {"__name__": "example"}
    for code in blocks(SECTIONS[name]):
        exec(compile(code, f"CONTRIBUTING.md, {name}", "exec"), space)
    tests = [what for key, what in space.items() if key.startswith("test_")]
    assert tests or name in ("A player", "A chapter")
    for test in tests:
        test()


@every_section
def test_an_example_names_the_files_that_it_touches(name):
    listed = SECTIONS[name].split("\nFiles:\n")[1]
    for path, rest in re.findall(r"`([\w/.]+/[\w/.]*)`([^`\n]*)", listed):
        new = rest.startswith(" (new)")
        assert (ROOT / path).exists() != new, f"{path} is{' not' * new} new"


@every_section
def test_the_files_that_an_example_writes_are_among_those_it_names(name):
    listed = SECTIONS[name].split("\nFiles:\n")[1]
    for code in blocks(SECTIONS[name]):
        written = re.match(r"# (\S+\.py)\n", code)
        assert not written or f"`{written[1]}`" in listed


def test_the_player_plays_and_says_what_torch_says(tmp_path):
    section, space = SECTIONS["A player"], {"__name__": "example"}
    exec(compile(blocks(section)[0], "CONTRIBUTING.md, A player", "exec"), space)
    script = tmp_path / "spring.js"
    script.write_text(re.search(r"(?ms)```javascript\n(.*?)^```", section)[1], encoding="utf8")
    page = stage_page(space["SPRING"]._replace(script=script))
    with opened(tmp_path, page.split("<body>")[1].split("</body>")[0]) as page:
        assert float(page.locator(".wm-player").get_attribute("data-check")) < 1e-5
        assert page.wrong == []
