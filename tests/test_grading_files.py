"""What students hand in, in the shapes in which Canvas, Moodle and people hand it on."""

import io
import json
import os
import stat
import unicodedata
import zipfile
from datetime import datetime

import pytest

from wmlib.challenges.classroom import archives
from wmlib.challenges.classroom.cells import plain
from wmlib.challenges.classroom.submissions import cells, counting, find

KNOWN = ["day01_classic", "day02_errors"]


def notebook(challenge="day01_classic", code="x = 1", **more):
    cell = {"cell_type": "code", "source": code, "metadata": {}, "outputs": []}
    metadata = {"wmlib": {"challenge": challenge}} if challenge else {}
    return json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4} | more).encode()


def zipped(files, compress=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def put(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def only(path, **more):
    found = find(path, challenges=KNOWN, **more)
    assert len(found) == 1, found
    return found[0]


def by_student(path, **more):
    return {s.student: s for s in find(path, challenges=KNOWN, **more)}


CANVAS = "doejane_12345_67890_day01.ipynb"
MOODLE = "Jane Doe_1234567_assignsubmission_file"


def test_a_name_from_canvas_says_who_whether_late_and_both_numbers(tmp_path):
    put(tmp_path, {CANVAS: notebook(), "müllerjörg_LATE_2_3_my day 1.ipynb": notebook()})
    jane, jörg = find(tmp_path, challenges=KNOWN)
    assert (jane.student, jane.name, jane.file) == ("doejane_12345", "doejane", "day01.ipynb")
    assert (jane.canvas, jane.late) == (("12345", "67890"), False)
    assert (jörg.canvas, jörg.late, jörg.file) == (("2", "3"), True, "my day 1.ipynb")
    assert jane.when is None, "Canvas's zip holds the time of the download"


def test_anonymous_canvas_submissions_keep_their_anonymous_number(tmp_path):
    put(tmp_path, {"LATE_anon_Ab12c_77_x.ipynb": notebook()})
    s = only(tmp_path)
    assert (s.student, s.canvas, s.late) == ("anon_ab12c", ("anon_Ab12c", "77"), True)


@pytest.mark.parametrize("between", ["/", "_/", "_", "_/deep/"])
def test_moodles_names_are_read_as_folders_old_and_new_and_flat(tmp_path, between):
    put(tmp_path, {f"{MOODLE}{between}x.ipynb": notebook()})
    s = only(tmp_path)
    assert (s.student, s.name, s.moodle, s.when) == ("jane_doe", "Jane Doe", "1234567", None)
    assert s.file.endswith("x.ipynb")


@pytest.mark.parametrize(
    "name, student",
    [
        ("Jane Doe.ipynb", "jane_doe"),
        ("jane_doe_day01.ipynb", "jane_doe"),
        ("jane_doe_day01-2.IPYNB", "jane_doe"),
        ("day01_classic_jane_doe.ipynb", "jane_doe"),
        ("day01_jane_doe (1).ipynb", "jane_doe"),
        ("Jane-Doe.ipynb.txt", "jane_doe"),
        ("jane doe/day01.ipynb", "jane_doe"),
        ("day01_classic/jane_doe.ipynb", "jane_doe"),
        ("day01 Jane Doe/x.ipynb", "jane_doe"),
        ("jane doe/deep/down/day01.py", "jane_doe"),
        ("jane_doe.zip", "jane_doe"),
    ],
)
def test_plain_names_and_folders_say_who(tmp_path, name, student):
    data = notebook() if not name.endswith("py") else b"open('day01_classic')"
    put(tmp_path, {name: zipped({"work/a.ipynb": data}) if name.endswith("zip") else data})
    s = only(tmp_path)
    assert (s.student, s.challenge, s.problem) == (student, "day01_classic", None)
    assert s.data == data


def test_the_zip_of_a_class_is_read_like_the_folder_with_or_without_a_folder_around(tmp_path):
    files = {CANVAS: notebook(), "roeric_5_6_a.ipynb": notebook(code="y = 2")}
    put(tmp_path, {"one.zip": zipped(files)})
    put(tmp_path, {"two.zip": zipped({f"two/{k}": v for k, v in files.items()})})
    one, two = (by_student(tmp_path / name) for name in ("one.zip", "two.zip"))
    assert list(one) == list(two) == ["doejane_12345", "roeric_5"]
    assert one["roeric_5"].data == two["roeric_5"].data == files["roeric_5_6_a.ipynb"]


def test_a_folder_may_hold_the_zips_of_several_challenges_and_their_names_say_which(tmp_path):
    first = zipped({"doejane_1_2_a.ipynb": notebook(None)})
    second = zipped({"doejane_1_3_a.ipynb": notebook(None)})
    put(tmp_path, {"day01 submissions.zip": first, "day02.zip": second})
    found = find(tmp_path, challenges=KNOWN)
    assert [(s.student, s.challenge) for s in found] == [("doejane_1", k) for k in KNOWN]


def test_names_in_a_students_own_zip_cannot_make_it_somebody_elses(tmp_path):
    forged = zipped(
        {"roeric_5_6_day01.ipynb": notebook(), "Eric Roe_9_assignsubmission_file_/x.ipynb": b"{"}
    )
    put(tmp_path, {"doejane_1_2_work.zip": forged, "roeric_5_6_day01.ipynb": notebook(code="mine")})
    found = find(tmp_path, challenges=KNOWN)
    assert {s.student for s in found} == {"doejane_1", "roeric_5"}
    assert next(s for s in counting(found) if s.student == "roeric_5").data == notebook(code="mine")


def test_umlauts_from_a_mac_and_from_elsewhere_are_one_student(tmp_path):
    name = "Jörg Müller.ipynb"
    other = zipped(
        {unicodedata.normalize("NFD", "Jörg Müller_day02.ipynb"): notebook("day02_errors")}
    )
    put(tmp_path, {name: notebook(), "all.zip": other})
    ids = {find(tmp_path / f, challenges=KNOWN)[0].student for f in (name, "all.zip")}
    assert ids == {"jörg_müller"}


def test_a_mac_that_does_not_say_that_its_names_are_utf8_is_understood(tmp_path):
    data = zipped({"J\u00f6rg.ipynb": notebook()})
    raw = bytearray(data)
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.index(sign) + at
        raw[place + 1] &= ~0x08  # the flag for UTF-8
    put(tmp_path, {"all.zip": bytes(raw)})
    assert only(tmp_path / "all.zip").name == "Jörg"


def test_names_that_climb_out_of_a_zip_are_shown_clean_and_nothing_is_written(tmp_path):
    data = zipped({"../../evil.ipynb": notebook(), "C:\\x\\..\\Jane.ipynb": notebook()})
    put(tmp_path, {"in/all.zip": data})
    before = sorted(tmp_path.rglob("*"))
    found = find(tmp_path / "in" / "all.zip", challenges=KNOWN)
    assert all(".." not in s.path + s.file + s.student and ":" not in s.path for s in found)
    assert len(found) == 2 and sorted(tmp_path.rglob("*")) == before


def test_hidden_files_and_what_a_mac_adds_are_no_submissions(tmp_path):
    put(tmp_path, {".DS_Store": b"x", "__MACOSX/._Jane.ipynb": b"x", "Jane.ipynb": notebook()})
    put(tmp_path, {".ipynb_checkpoints/Jane-checkpoint.ipynb": notebook(), "README.txt": b"x"})
    assert only(tmp_path).student == "jane"


def test_a_link_out_of_the_folder_is_not_followed_and_is_said(tmp_path):
    put(tmp_path, {"secret.ipynb": notebook(code="secret"), "in/Jane.ipynb": notebook()})
    os.symlink(tmp_path / "secret.ipynb", tmp_path / "in" / "Eve.ipynb")
    os.symlink(tmp_path, tmp_path / "in" / "Mallory")
    os.symlink(tmp_path / "in" / "Jane.ipynb", tmp_path / "in" / "again.ipynb")
    found = by_student(tmp_path / "in")
    assert list(found) == ["eve", "jane", "mallory"]
    assert found["eve"].data is None and "link" in found["eve"].problem


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path):
    with open(tmp_path / "Jane.ipynb", "wb") as file:
        file.truncate(200 * archives.MB)  # takes no room on the disk
    s = only(tmp_path)
    assert s.student == "jane" and s.data is None and "larger than 20 MB" in s.problem


def test_zip_bombs_are_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "FILE", archives.MB)
    monkeypatch.setattr(archives, "STUDENT", 2 * archives.MB)
    monkeypatch.setattr(archives, "STUDENT_FILES", 9)
    put(tmp_path, {"Jane.zip": zipped({"a.ipynb": b"0" * (2 * archives.MB)})})
    put(tmp_path, {"Eric.zip": zipped({f"{k}.ipynb": b"0" * (archives.MB - 1) for k in range(5)})})
    put(tmp_path, {"Eve.zip": zipped({f"{k}.ipynb": b"0" for k in range(10)})})
    found = by_student(tmp_path)
    assert found["jane"].problem == found["eric"].problem == archives.BOMB
    assert "files" in found["eve"].problem
    assert all(s.data is None for s in found.values())


def test_a_zip_that_lies_about_its_sizes_is_damaged_and_no_more(tmp_path):
    data = bytearray(zipped({"a.ipynb": b"0" * 50_000}))
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = (10).to_bytes(4, "little")
    put(tmp_path, {"Jane.zip": bytes(data)})
    assert only(tmp_path).problem


def test_locked_damaged_and_empty_zips_are_submissions_with_a_problem(tmp_path):
    locked = bytearray(zipped({"a.ipynb": notebook()}))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(sign) + at] |= 1
    put(tmp_path, {"Locked.zip": bytes(locked), "Half.zip": zipped({"a.ipynb": notebook()})[:60]})
    put(tmp_path, {"Nothing.zip": zipped({}), "Other.zip": zipped({"essay.pdf": b"x"})})
    found = by_student(tmp_path)
    assert "password" in found["locked"].problem and "damaged" in found["half"].problem
    assert "no notebook" in found["nothing"].problem and "no notebook" in found["other"].problem


def test_a_class_zip_that_cannot_be_read_is_an_error_that_names_it(tmp_path):
    put(tmp_path, {"all.zip": b"no zip"})
    with pytest.raises(ValueError, match=r"all\.zip cannot be read"):
        find(tmp_path / "all.zip")
    with pytest.raises(FileNotFoundError, match="there is no file or folder"):
        find(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "data, says",
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"no json", "no JSON"),
        (b"[1, 2]", "not a notebook"),
        (b'{"a": 1}', "no cells"),
        (b"\x00\xff\x00", "no JSON"),
        (b"[" * 200_000, "no JSON"),
        (b"[" * 2_000_000, "intricate"),
        (b'{"cells": 3}', "no cells"),
        (notebook(code="x" * 2_100_000), "2 MB of code"),
        (b'{"worksheets": [{"cells": 3}, 4]}', "which challenge"),
    ],
)
def test_what_is_no_notebook_is_a_submission_that_says_so(tmp_path, data, says):
    put(tmp_path, {"Jane.ipynb": data})
    s = only(tmp_path)
    assert s.student == "jane" and s.data is None and says in s.problem


def test_a_file_of_another_kind_is_said_where_the_student_handed_in_nothing_else(tmp_path):
    put(tmp_path, {"doejane_1_2_essay.pdf": b"x", "roeric_3_4_plot.png": b"x"})
    put(tmp_path, {"roeric_3_5_day01.ipynb": notebook(), "eve_LATE_8_text.html": b"x"})
    put(tmp_path, {f"{MOODLE}_/essay.docx": b"x", "Ann/notes.txt": b"x", "Ann/more.txt": b"x"})
    found = by_student(tmp_path)
    assert list(found) == ["ann", "doejane_1", "eve_8", "jane_doe", "roeric_3"]
    assert ".pdf is not a notebook" in found["doejane_1"].problem
    assert "a text was entered" in found["eve_8"].problem and found["eve_8"].late
    assert found["roeric_3"].problem is None


def test_the_challenge_is_told_by_metadata_then_code_then_name_then_the_instructor(tmp_path):
    call = b'from wmlib import challenges\nc = challenges.load("day02_errors")'
    put(tmp_path, {"a_day02.ipynb": notebook("day01_classic"), "b_day01.py": call})
    put(tmp_path, {"c_day02.py": b"x = 1", "d.py": b"x = 1", "e.ipynb": notebook("day77_none")})
    put(
        tmp_path,
        {"f.py": b"from wmlib.challenges.day01_classic import challenge", "g_day01.ipynb": b"{"},
    )
    found = by_student(tmp_path)
    told = {name: s.challenge for name, s in found.items()}
    assert told == {
        "a": "day01_classic",
        "b": "day02_errors",
        "c": "day02_errors",
        "d": None,
        "e": "day77_none",
        "f": "day01_classic",
        "g": "day01_classic",
    }
    assert "which challenge" in found["d"].problem and found["d"].data is None
    assert "'day77_none', which is no challenge" in found["e"].problem
    assert only(tmp_path / "d.py", challenge="day01_classic").problem is None


def test_of_two_submissions_the_latest_counts_and_the_other_says_so(tmp_path):
    put(
        tmp_path,
        {"doejane_1_200_day01-1.ipynb": notebook(), "doejane_1_99_day01.ipynb": notebook()},
    )
    put(tmp_path, {"Eric/new.ipynb": notebook(), "Eric/old.ipynb": notebook()})
    put(tmp_path, {"Eric/new.py": b"open('day01_classic')"})
    os.utime(tmp_path / "Eric" / "old.ipynb", (1_000_000_000, 1_000_000_000))
    found = find(tmp_path, challenges=KNOWN)
    assert len(found) == 5
    assert [s.path for s in counting(found)] == ["doejane_1_200_day01-1.ipynb", "Eric/new.ipynb"]
    assert {s.superseded_by for s in found} == {
        None,
        "doejane_1_200_day01-1.ipynb",
        "Eric/new.ipynb",
    }


def test_a_submission_that_can_be_read_counts_before_a_later_one_that_cannot(tmp_path):
    put(tmp_path, {"doejane_1_5_day01.ipynb": notebook(), "doejane_1_9_day01-1.ipynb": b"{"})
    found = find(tmp_path, challenges=KNOWN)
    assert [s.superseded_by for s in found] == [None, "doejane_1_5_day01.ipynb"]


def test_two_students_of_one_name_in_moodle_are_two(tmp_path):
    other = MOODLE.replace("1234567", "7654321")
    put(tmp_path, {f"{MOODLE}/x.ipynb": notebook(), f"{other}/x.ipynb": notebook()})
    assert list(by_student(tmp_path)) == ["jane_doe_1234567", "jane_doe_7654321"]


def test_one_student_has_another_number_in_each_moodle_assignment(tmp_path):
    other = MOODLE.replace("1234567", "7654321")
    put(tmp_path, {f"{MOODLE}/x.ipynb": notebook(), f"{other}/x.ipynb": notebook("day02_errors")})
    assert {s.student for s in find(tmp_path, challenges=KNOWN)} == {"jane_doe"}


def test_names_without_a_letter_and_very_long_ones_become_ids_of_their_own(tmp_path):
    put(
        tmp_path, {"🙂.ipynb": notebook(), "🙃.ipynb": notebook(), f"{'x' * 150}.ipynb": notebook()}
    )
    ids = list(by_student(tmp_path))
    assert len(ids) == 3 and all(len(i) <= 60 for i in ids)


def test_what_is_in_the_folder_is_found_in_the_same_order_again(tmp_path):
    put(tmp_path, {f"{name}/day01.ipynb": notebook() for name in "cab"})
    assert [s.student for s in find(tmp_path, challenges=KNOWN)] == ["a", "b", "c"]
    assert find(tmp_path, challenges=KNOWN) == find(tmp_path, challenges=KNOWN)


def test_times_have_a_time_zone(tmp_path):
    put(tmp_path, {"Jane.ipynb": notebook(), "all.zip": zipped({"Jane.ipynb": notebook()})})
    for path in ("Jane.ipynb", "all.zip"):
        when = only(tmp_path / path).when
        assert isinstance(when, datetime) and when.tzinfo is not None


def test_something_that_is_no_file_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "Jane.ipynb")
    assert only(tmp_path).problem == archives.LINK


def test_a_link_in_a_zip_is_no_file(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("Jane.ipynb")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "../secret")
    put(tmp_path, {"all.zip": out.getvalue()})
    assert only(tmp_path / "all.zip").problem == archives.LINK


# The code in it


def test_cells_come_with_tags_and_their_place_among_all_cells():
    data = json.dumps(
        {
            "cells": [
                {"cell_type": "markdown", "source": "# x"},
                {
                    "cell_type": "code",
                    "source": ["a = 1\n", "b = 2"],
                    "metadata": {"tags": ["try", 3]},
                },
                {"cell_type": "code", "metadata": None},
                "no cell",
            ]
        }
    ).encode()
    assert cells(data, "x.ipynb") == [
        {"source": "a = 1\nb = 2", "tags": ["try"], "index": 1},
        {"source": "", "tags": [], "index": 2},
    ]


def test_notebooks_of_version_3_and_scripts_are_read_too():
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["a = 1"]}]}], "nbformat": 3}
    assert cells(json.dumps(old).encode(), "x.ipynb")[0]["source"] == "a = 1"
    assert cells("# ä\r\na = 1".encode(), "x.PY") == [
        {"source": "# ä\na = 1", "tags": [], "index": 0}
    ]
    assert cells("\ufeffa = 1".encode(), "x.py")[0]["source"] == "a = 1"
    assert cells("a = 'ä'".encode("utf16"), "x.py")[0]["source"] == "a = 'ä'"
    assert cells(b"# \xe4", "x.py")[0]["source"] == "# ä"


def test_a_lone_surrogate_can_be_sent_on():
    source = cells(b'{"cells": [{"cell_type": "code", "source": "a = \\ud800"}]}', "x.ipynb")[0][
        "source"
    ]
    assert source.encode("utf8")


@pytest.mark.parametrize(
    "source, left",
    [
        ("%pip install torch\na = 1", "\na = 1"),
        ("!ls \\\n  -l\na = 1", "\n\na = 1"),
        ("a = !ls\nb = %who", "\n"),
        ("%%bash\nrm -rf x\n", "\n\n"),
        ("\n%%time\na = 1", "\n\na = 1"),
        ("%time a = f()\n%timeit f()", "a = f()\n"),
        ("if colab:\n    !pip install x\na = 1", "if colab:\n    pass\na = 1"),
        ("a = (b\n%c)\nd = b \\\n%c", "a = (b\n%c)\nd = b \\\n%c"),
        ('"""\n%not magic\n"""\n%magic', '"""\n%not magic\n"""\n'),
        ("'it\\'s' # (\n%magic", "'it\\'s' # (\n"),
        ("?np.zeros\na != b", "\na != b"),
        ("a = 5 %b\nc = '!'", "a = 5 %b\nc = '!'"),
        ("get_ipython().system('ls')", ""),
    ],
)
def test_lines_of_ipython_are_emptied_and_the_others_keep_their_numbers(source, left):
    assert plain(source) == left
    assert plain(source).count("\n") == source.count("\n")
