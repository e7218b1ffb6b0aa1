"""`make new-chapter` begins a chapter that every test accepts, and touches nothing else."""

import json
import subprocess

import exercises
import pytest
from repository import copy_to, python, tool

import wmlib.course

new_chapter = tool("new_chapter")


def git(folder, *arguments):
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf8", check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", ["", "My topic", "9lives", "dyna", "../up", "levels"])
def test_what_cannot_be_a_chapters_name_is_refused(name):
    with pytest.raises(ValueError, match="a chapter's name is|there is a chapter of that name"):
        new_chapter.sound(name, new_chapter.ROOT)


def test_where_it_does_not_run_nothing_is_left(tmp_path, monkeypatch):
    copy = tmp_path / "copy"
    for folder in ("wmlib/course/ch01_first", "notebooks", "book"):
        (copy / folder).mkdir(parents=True)
    toc = "parts:\n  - chapters:\n      - file: notebooks/01_first\n  - chapters:\n"
    (copy / "book" / "_toc.yml").write_text(toc, encoding="utf8")
    before = sorted(copy.rglob("*"))

    def stops(root, nn):
        written = (root / "book" / "_toc.yml").read_text(encoding="utf8")
        assert written == toc.replace("01_first\n", "01_first\n      - file: notebooks/02_second\n")
        assert (root / "notebooks" / f"{nn}_second.ipynb").exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(new_chapter, "run", stops)
    with pytest.raises(KeyboardInterrupt):
        new_chapter.begin(copy, "second")
    assert sorted(copy.rglob("*")) == before
    assert (copy / "book" / "_toc.yml").read_text(encoding="utf8") == toc


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A copy of the repository in which a chapter was begun; the folder and the chapter's number."""
    copy = copy_to(tmp_path_factory.mktemp("new_chapter"))
    nn = f"{new_chapter.free_number(copy):02d}"
    done = python(copy, "book/_tools/new_chapter.py", "my_topic")
    assert done.returncode == 0, done.stderr
    return copy, nn


@pytest.mark.slow
def test_it_touches_its_room_its_notebook_and_one_line_of_the_contents(begun):
    copy, nn = begun
    assert sorted(git(copy, "status", "--porcelain")) == [
        " M book/_toc.yml",
        f"?? notebooks/{nn}_my_topic.ipynb",
        f"?? wmlib/course/ch{nn}_my_topic/",
    ]
    assert git(copy, "diff", "--numstat") == ["1\t0\tbook/_toc.yml"]


@pytest.mark.slow
def test_every_test_of_chapters_accepts_it(begun):
    copy, _ = begun
    suites = [f"tests/test_{name}.py" for name in ("notebooks", "package", "evidence", "book")]
    suites += [
        "tests/test_bets.py::test_below_every_guess_stands_its_bet_and_at_the_end_the_table",
        "tests/test_bets.py::test_it_can_be_answered_and_is_not_right_untouched",
    ]
    done = python(copy, "-m", "pytest", "-q", "-rs", "-m", "not slow", *suites)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "a draft of" in done.stdout, "that it is a draft must be seen"


@pytest.mark.slow
def test_its_notebook_runs_and_its_claims_reproduce(begun):
    copy, nn = begun
    path = copy / "notebooks" / f"{nn}_my_topic.ipynb"
    options = ["-q", "-p", "no:cacheprovider", "--nbval-lax"]
    done = python(copy, "-m", "pytest", *options, path, WMLIB_TEST="1")
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.slow
def test_its_evidence_is_what_its_experiment_gives(begun):
    copy, nn = begun
    stored = copy / "wmlib" / "course" / f"ch{nn}_my_topic" / "evidence" / f"{nn}_wander.json"
    evidence = json.loads(stored.read_text(encoding="utf8"))
    assert all(claim["held"] == claim["of"] == 10 for claim in evidence["claims"].values())
    figures = evidence["seeds"][3]["figures"]
    done = python(copy, "-m", "wmlib.evidence", "run", nn, "--first", "3", "--seeds", "1", "--dry")
    assert f"{nn}_wander 3 {{'known': [{figures['known'][0]}, " in done.stdout, done.stderr
    assert f"'path': {figures['path']}}}" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("exercise", ["ex1", "ex2", "ex3"])
def test_its_exercises_refuse_the_stub_and_accept_the_solution(begun, exercise, monkeypatch):
    copy, nn = begun
    monkeypatch.setattr(exercises, "NOTEBOOKS", copy / "notebooks")
    rooms = [*wmlib.course.__path__, str(copy / "wmlib" / "course")]  # its checks live in its room
    monkeypatch.setattr(wmlib.course, "__path__", rooms)
    chapter = exercises.Chapter(f"{nn}_my_topic", [])
    assert "nothing there yet" in chapter.mistake(exercise)
    assert chapter.mistake(exercise, chapter.solution(exercise)) is None
