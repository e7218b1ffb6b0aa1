"""Every challenge is proved: its solution gets full marks, its starter none, mistakes their names."""

import json
import os
import re
from datetime import date

import pytest

from wmlib.challenges import ROOM, load, names, source, source_of
from wmlib.challenges.classroom.grade import examined
from wmlib.challenges.jail import choose, student_copy
from wmlib.challenges.verify import cases, form, secret_lines, verdict

ALL = os.environ.get("WMLIB_GRADER") == "all"
KEY = "verify"
each = pytest.mark.parametrize("name", names())


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    try:
        choose()
    except RuntimeError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("student", numbered=True)
    folder.chmod(0o755)
    return str(student_copy(folder / "copy"))


@each
def test_its_form_is_right(name):
    assert form(name) == []


def proofs():
    """Solutions and starters of all; the wrong answers of a third, another third each day."""
    turn = date.today().toordinal() % 3
    for number, name in enumerate(names()):
        for what in ("solution", "starter"):
            yield name, what
        if ALL or number % 3 == turn:
            for n in range(len(source.wrongs(source.read(source_of(name))))):
                yield name, f"wrong answer {n + 1}"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "what"), list(proofs()))
def test_it_is_marked_as_it_should_be(name, what, code):
    case = next(c for c in cases(name, KEY, not ALL, None, code) if c[1] == what)
    result = examined(case[2])
    assert verdict(case, result) is None


def test_there_are_thirty_on_thirty_days_with_one_for_every_chapter():
    days = [load(name) for name in names()]
    assert [c.day for c in days] == list(range(1, 31))
    chapters = {path.name[2:4] for path in (ROOM.parent / "course").glob("ch[0-9][0-9]_*")}
    assert {c.chapter for c in days} == chapters
    assert all(c.points in (5, 10) for c in days)


def test_two_a_week_are_small():
    for week in range(6):
        days = [load(name) for name in names()[5 * week : 5 * week + 5]]
        assert sum(c.minutes <= 15 for c in days) >= 2, f"week {week + 1}"


def test_they_are_of_many_kinds():
    assert len({load(name).kind for name in names()}) >= 5
    assert sum(any(part.manual for part in load(name).parts) for name in names()) >= 3


@each
def test_a_starter_shows_no_solution_and_no_output(name):
    made = source.starter(source.read(source_of(name)), load(name))
    text = json.dumps(made)
    assert not re.search("SOLUTION|WRONG |instructor", text)
    assert all(not cell.get("outputs") for cell in made["cells"])
    assert set(made["metadata"]) == {"kernelspec", "language_info", "wmlib"}
    held = {line.strip() for cell in made["cells"] for line in cell["source"].split("\n")}
    assert not held & set(secret_lines(source.read(source_of(name))))


@each
def test_the_setup_cell_is_the_second_of_each_starter(name):
    made = source.starter(source.read(source_of(name)), load(name))
    assert made["cells"][0]["source"].startswith("# Day ")
    assert "REPOSITORY" in made["cells"][2]["source"]
    code = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    assert code[-2]["source"] == "challenge.check(globals())"
    assert code[-1]["source"] == "challenge.hint()"


def test_a_skeleton_of_ones_own_passes(tmp_path, code):
    """Written beside the others, proved, and taken away again."""
    import importlib
    import shutil

    from wmlib.challenges.skeleton import begin

    files = begin("of_my_own")
    folder = files[0].parent
    try:
        importlib.invalidate_caches()
        name = folder.name
        assert form(name) == []
        student_copy(tmp_path / "copy")
        for case in cases(name, KEY, True, None, str(tmp_path / "copy")):
            assert verdict(case, examined(case[2])) is None, case[1]
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("given", ["Two words", "UPPER", "", "classic"])
def test_a_name_that_is_none_or_taken_is_refused(given):
    from wmlib.challenges.skeleton import begin

    with pytest.raises(ValueError, match="name is small letters|already"):
        begin(given)


@pytest.mark.parametrize("given", ["day99_none", 77, "day01"])
def test_a_challenge_that_is_not_there_is_named_with_those_that_are(given):
    with pytest.raises(ValueError, match="there are day01_classic"):
        load(given)
