"""A class is graded: marks as intended, nothing lost, nothing outside, the same file again."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from class_of import FULL, NONE, SOME, STEPS, TASK, kinds, write

from wmlib import challenges
from wmlib.challenges import source, source_of
from wmlib.challenges.__main__ import main
from wmlib.challenges.jail import choose
from wmlib.challenges.verify import secret_lines

try:
    choose()
except RuntimeError as error:
    pytest.skip(str(error), allow_module_level=True)

KEY = "only-the-instructor-knows"
ALL = os.environ.get("WMLIB_GRADER") == "all"
TWENTY = [
    "right", "starter", "wrong 0", "script", "zip of one", "zip that climbs", "crashes", "syntax",
    "leaves", "forks", "fills the disk", "reads the tests", "equals everything", "speaks the protocol",
    "writes outside", "stops after it", "corrupt", "empty", "huge", "zip bomb",
]  # fmt: skip


def grade(folder, out, *more):
    """Run the command; its exit code."""
    given = ["grade", str(folder), "--out", str(out), "--key", KEY, "--quick", "--seconds", "10"]
    return main([*given, *more])


def marks(out):
    """Each student's name -> (marks, of, the whole row)."""
    with open(out, encoding="utf8", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def as_wanted(row, wanted):
    got, of = float(row["marks"]), float(row["of"]) - float(row["waiting"])
    return {FULL: got == of, NONE: got == 0, SOME: got < of}[wanted]


def outside(*folders):
    """What stands in these folders: names and sizes."""
    return sorted(
        (str(p), p.stat().st_size) for f in folders for p in Path(f).rglob("*") if p.is_file()
    )


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of 20 (200 with WMLIB_GRADER=all), graded once."""
    root = tmp_path_factory.mktemp("class")
    wanted = write(root / "handed in", 200 if ALL else 20, None if ALL else TWENTY)
    before = outside(root / "handed in")
    began = time.monotonic()
    assert grade(root / "handed in", root / "grades.csv") == 0
    print(f"{len(wanted)} submissions in {time.monotonic() - began:.0f} s")
    assert outside(root / "handed in") == before
    return root, wanted


@pytest.mark.slow
def test_marks_are_as_intended(graded):
    root, wanted = graded
    # A name is shown without what a spreadsheet or a page would misread; the number stays.
    found = {name.split()[-1]: row for name, row in marks(root / "grades.csv").items()}
    assert len(found) == len(wanted)
    wrong = {
        who: (kind, found[who.split()[-1]]["marks"], found[who.split()[-1]]["verdict"])
        for who, (kind, wish) in wanted.items()
        if not as_wanted(found[who.split()[-1]], wish)
    }
    assert wrong == {}


@pytest.mark.slow
def test_nothing_was_written_outside_and_nobody_is_left_running(graded):
    places = [
        "/pwned",
        "/etc/pwned",
        "/usr/pwned",
        "/course",
        Path.cwd() / "pwned",
        "climbed.ipynb",
    ]
    assert not [place for place in places if Path(place).exists()]
    left = [" ".join(p.cmdline()) for p in psutil.Process().children(recursive=True)]
    assert not [command for command in left if "bwrap" in command or "challenges.inside" in command]


@pytest.mark.slow
def test_graded_again_everything_is_the_same_to_the_byte(graded):
    root, wanted = graded
    before = {
        p: p.read_bytes() for p in root.rglob("*") if p.is_file() and "results" not in p.parts
    }
    grade(root / "handed in", root / "grades.csv", "--student", next(iter(wanted)))
    assert before == {p: p.read_bytes() for p in before}


@pytest.mark.slow
def test_reports_hold_no_hidden_value_and_no_key(graded):
    root, _ = graded
    secrets = [KEY]
    for name in (TASK, STEPS):
        notebook = source.read(source_of(name))
        # An answer in words is the student's own: it stands on the page of whoever wrote it.
        words = [f"{part.text} = " for part in challenges.load(name).parts if part.manual]
        notebook["cells"] = [
            c for c in notebook["cells"] if not any(word in c["source"] for word in words)
        ]
        secrets += secret_lines(notebook)
    pages = [p for p in (root / "grades" / "reports").glob("*.html") if p.name != "similar.html"]
    assert len(pages) > 10
    for page in pages:
        text = page.read_text(encoding="utf8")
        assert not [line for line in secrets if line in text], page.name


@pytest.mark.slow
def test_every_student_has_a_page_and_the_class_one(graded):
    root, wanted = graded
    reports = root / "grades" / "reports"
    assert len(list(reports.glob("*.html"))) == len(wanted) + 2
    text = (reports / "class.html").read_text(encoding="utf8")
    assert "Who needs help" in text and "Could not be read" in text


def few(root, many=6):
    """A small class: right, starter and wrong ones."""
    return write(root / "in", many, ["right", "starter", "wrong 0", "wrong 1", "script", "crashes"])


@pytest.mark.slow
def test_killed_in_mid_run_it_goes_on_and_the_file_is_the_same(tmp_path):
    few(tmp_path, 6)
    whole, cut = tmp_path / "whole.csv", tmp_path / "cut.csv"
    assert grade(tmp_path / "in", whole) == 0
    command = [sys.executable, "-m", "wmlib.challenges", "grade", str(tmp_path / "in")]
    command += ["--out", str(cut), "--key", KEY, "--quick", "--seconds", "10", "--workers", "2"]
    run = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    results = tmp_path / "cut" / "results"
    until = time.monotonic() + 60
    while len(list(results.glob("*.json"))) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    done = {p.name: p.stat().st_mtime_ns for p in results.glob("*.json")}
    assert 2 <= len(done) < 6 and not cut.exists()
    assert [
        json.loads(p.read_text(encoding="utf8")) for p in results.glob("*.json")
    ]  # each of them whole
    assert grade(tmp_path / "in", cut) == 0
    assert cut.read_bytes() == whole.read_bytes()
    assert all((results / name).stat().st_mtime_ns == when for name, when in done.items())


@pytest.mark.slow
def test_on_a_full_disk_it_says_so_and_leaves_nothing_half_written(tmp_path):
    few(tmp_path, 3)
    (tmp_path / "out").mkdir()
    small = ["bwrap", "--dev-bind", "/", "/", "--size", "16384", "--tmpfs", str(tmp_path / "out")]
    inner = f"""
import os, pathlib, sys
from wmlib.challenges.__main__ import main
code = main(["grade", {str(tmp_path / "in")!r}, "--out", {str(tmp_path / "out/g.csv")!r}, "--key", "{KEY}", "--quick", "--workers", "1"])
left = [p for p in pathlib.Path({str(tmp_path / "out")!r}).rglob("*.part")]
print("LEFT", left, "TABLE", os.path.exists({str(tmp_path / "out/g.csv")!r}))
sys.exit(code)
"""
    done = subprocess.run(
        [*small, sys.executable, "-c", inner], capture_output=True, encoding="utf8", check=False
    )
    assert done.returncode == 1, done.stderr
    assert "No space left" in done.stderr
    assert "LEFT [] TABLE False" in done.stdout


@pytest.mark.slow
def test_a_person_marks_a_sheet_and_the_marks_count(tmp_path):
    write(tmp_path / "in", 1, ["takes more steps"])  # its text is the solution's
    out = tmp_path / "g.csv"
    assert grade(tmp_path / "in", out) == 0
    sheet = tmp_path / "g" / "manual.csv"
    rows = list(csv.reader(sheet.read_text(encoding="utf8").splitlines()))
    before = float(next(iter(marks(out).values()))["marks"])
    rows[1][rows[0].index("marks")] = "1"
    rows[1][rows[0].index("comment")] = "<b>well said</b>"
    with sheet.open("w", encoding="utf8", newline="") as file:  # as a German spreadsheet saves it
        csv.writer(file, delimiter=";").writerows(rows)
    for _ in range(2):  # the marks stay, and so does the sheet
        assert grade(tmp_path / "in", out) == 0
    row = next(iter(marks(out).values()))
    assert float(row["marks"]) == before + 1 and row["waiting"] == "0"
    page = next(
        p
        for p in (tmp_path / "g" / "reports").glob("*.html")
        if "student" in p.name or "zo" in p.name
    )
    assert "&lt;b&gt;well said" in page.read_text(encoding="utf8")


@pytest.mark.slow
def test_two_submissions_of_one_student_and_one_who_is_late(tmp_path):
    folder = tmp_path / "in"
    made = {kind: data for kind, _, data, _ in kinds() if kind in ("right", "starter")}
    folder.mkdir()
    (folder / f"doejane_LATE_12345_100_{TASK}.ipynb").write_bytes(made["right"])
    (folder / f"doejane_12345_99_{TASK}.ipynb").write_bytes(made["starter"])
    (folder / f"roemax_777_98_{TASK}.ipynb").write_bytes(made["starter"])
    book = tmp_path / "gradebook.csv"
    book.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,What is a plan worth? (55)\n"
        "    Points Possible,,,,,5\n"
        '"Doe, Jane",12345,s1,jane,One,\n"Roe, Max",777,s2,max,One,\n',
        encoding="utf8",
    )
    until = tmp_path / "deadlines.csv"
    until.write_text(f"challenge,deadline\n{TASK},2099-01-01T00:00\n", encoding="utf8")
    out = tmp_path / "g.csv"
    assert grade(folder, out, "--deadlines", str(until), "--canvas", str(book)) == 0
    rows = list(csv.DictReader(out.read_text(encoding="utf8").splitlines()))
    assert [(r["marks"], r["late_days"]) for r in rows] == [("5", "1"), ("0", "0")]
    canvas = (tmp_path / "g" / f"canvas_{TASK}.csv").read_text(encoding="utf8")
    assert '"Doe, Jane",12345,s1,jane,One,5' in canvas and "777,s2,max,One,0" in canvas
    assert (tmp_path / "g" / f"canvas_{TASK}_feedback.zip").exists()


@pytest.mark.slow
def test_marks_are_the_same_whoever_else_is_graded_and_change_with_the_key(tmp_path):
    few(tmp_path, 1)
    out = tmp_path / "a.csv"
    assert grade(tmp_path / "in", out) == 0
    first = next((tmp_path / "a" / "results").glob("*.json")).read_text(encoding="utf8")
    assert grade(tmp_path / "in", tmp_path / "b.csv", "--workers", "1") == 0
    assert next((tmp_path / "b" / "results").glob("*.json")).read_text(encoding="utf8") == first


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--out", "g.txt"], "ends in .csv"),
        (["--challenge", "77"], "there are day01_classic"),
        (["--student", "Nobody"], "no submission is of 'Nobody'"),
        (["--deadlines", "absent.csv"], "absent.csv"),
    ],
)
def test_bad_input_is_named(tmp_path, more, says, capsys):
    write(tmp_path / "in", 1, ["corrupt"])
    assert grade(tmp_path / "in", tmp_path / "g.csv", *more) == 1
    assert says in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_named(tmp_path, capsys):
    assert grade(tmp_path / "nothing", tmp_path / "g.csv") == 1
    assert "nothing" in capsys.readouterr().err


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path, capsys):
    write(tmp_path / "in", 1, ["corrupt"])
    command = ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "g.csv")]
    assert main(command) == 0
    key = (tmp_path / "g.key").read_text(encoding="utf8")
    assert main(command) == 0 and (tmp_path / "g.key").read_text(encoding="utf8") == key
    assert len(key.strip()) == 32 and (tmp_path / "g.key").stat().st_mode & 0o077 == 0
    assert key.strip() not in capsys.readouterr().out


def test_released_are_starters_and_nothing_else(tmp_path, capsys):
    assert main(["release", "1", TASK, "--to", str(tmp_path / "out")]) == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        f"{STEPS}.ipynb",
        f"{TASK}.ipynb",
    ]
    assert "SOLUTION" not in (tmp_path / "out" / f"{TASK}.ipynb").read_text(encoding="utf8")


def test_list_and_plan_show_thirty(capsys, tmp_path):
    assert main(["list"]) == 0
    assert len(capsys.readouterr().out.strip().splitlines()) == 31
    ics = tmp_path / "c.ics"
    assert main(["plan", "--start", "2027-01-11", "--days", "mon,wed,fri", "--ics", str(ics)]) == 0
    assert "Mon 2027-01-11  day01_classic" in capsys.readouterr().out
    assert ics.read_bytes().count(b"BEGIN:VEVENT") == 30


@pytest.mark.slow
@pytest.mark.skipif(not ALL, reason="make test-grader")
def test_on_a_cluster_the_file_is_the_same_also_with_a_worker_killed(tmp_path):
    distributed = pytest.importorskip("distributed")
    few(tmp_path, 12)
    assert grade(tmp_path / "in", tmp_path / "here.csv") == 0
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        command = [sys.executable, "-m", "wmlib.challenges", "grade", str(tmp_path / "in"), "--out"]
        command += [str(tmp_path / "there.csv"), "--key", KEY, "--quick", "--seconds", "10"]
        run = subprocess.Popen([*command, "--scheduler", cluster.scheduler_address])
        results = tmp_path / "there" / "results"
        while not list(results.glob("*.json")) and run.poll() is None:
            time.sleep(0.05)
        os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
        assert run.wait(300) == 0
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()
