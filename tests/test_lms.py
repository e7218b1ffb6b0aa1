"""Files for Canvas and Moodle, on samples of the shapes that the platforms' own source writes."""

import csv
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from wmlib.challenges.classroom import feedback, lms
from wmlib.challenges.classroom.late import deadlines, late_days
from wmlib.challenges.classroom.sheets import Mark, harmless, number
from wmlib.challenges.classroom.submissions import Submission

GRADEBOOK = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Notes,Warm-up (41),Day 1: the classic (42),"
    "Current Score,Final Score\n"
    ",,,,,,,Manual Posting,,\n"
    "    Points Possible,,,,,,5,10,(read only),(read only)\n"
    '"Doe, Jane",12345,S1,jdoe,Sec A,secret,5,,80.00,70.00\n'
    '"Roe, Eric",12346,S2,-eroe,Sec A,,4,3.00,60.00,50.00\n'
    '"Fox, Ann",12347,S3,afox,Sec B,,4,EX,60.00,50.00\n'
    '"=cmd(), X",12348,=S4,xcmd,Sec B,,4,N/A,60.00,50.00\n'
    '"Student, Test",12349,,abc123,Sec A,,,,,\n'
).encode()
WORKSHEET = (
    b"Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    b"Last modified (submission),Last modified (grade),Feedback comments\n"
    b'Participant 11,Jane Doe,jane@x.org,Submitted for grading,,10.00,Yes,"Monday, 11 January 2027, '
    b'9:05 AM",-,\n'
    b'Participant 12,=Eric Roe,eric@x.org,Submitted for grading,,10.00,Yes,"Tuesday, 12 January 2027,'
    b' 23:10",-,old\n'
    b"Participant 13,Ann Fox,ann@x.org,No submission,,10.00,No,-,-,\n"
)


def mark(name, points, canvas=None, moodle=None, of=10.0, comment=""):
    ids = (canvas, "9") if canvas else None
    return Mark(name.lower().replace(" ", "_"), name, points, of, ids, moodle, comment)


def rows(filled):
    return list(csv.reader(io.StringIO(filled.text)))


@pytest.mark.parametrize("assignment", ["42", "Day 1: the classic", "day 1: The Classic (42)"])
def test_a_gradebook_comes_back_with_one_assignment_and_the_marked_students(assignment):
    filled = lms.canvas([mark("doejane", 7.5, "12345")], assignment, GRADEBOOK)
    assert rows(filled) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Day 1: the classic (42)"],
        ["    Points Possible", "", "", "", "", "10"],
        ["Doe, Jane", "12345", "S1", "jdoe", "Sec A", "7.5"],
    ]
    assert filled.notes == []


def test_without_an_id_a_student_is_found_by_a_name_that_is_one_students_only():
    twice = GRADEBOOK + b'"Doe, Jane",12350,S9,jd2,Sec B,,,,,\n'
    assert rows(lms.canvas([mark("Eric Roe", 7)], "42", GRADEBOOK))[-1][1] == "12346"
    assert rows(lms.canvas([mark("jdoe", 7)], "42", GRADEBOOK))[-1][1] == "12345"
    filled = lms.canvas([mark("Jane Doe", 7)], "42", twice)
    assert len(rows(filled)) == 2 and "several students have this name" in filled.notes[0]


def test_what_is_excused_or_not_assigned_stays_as_it_is():
    marks = [mark("Ann Fox", 7, "12347"), mark("x", 7, "12348")]
    filled = lms.canvas(marks, "42", GRADEBOOK)
    assert len(rows(filled)) == 2
    assert [note.split(":")[0] for note in filled.notes] == ["Ann Fox", "x"]


def test_who_handed_in_nothing_gets_a_mark_only_where_it_is_named():
    filled = lms.canvas([mark("doejane", 7.5, "12345")], "42", GRADEBOOK, missing=0)
    assert [row[-1] for row in rows(filled)[2:]] == ["7.5", "0"], (
        "neither EX, N/A nor the test student"
    )


def test_a_mark_of_nobody_in_the_gradebook_is_told():
    filled = lms.canvas([mark("Eve", 7, "99"), mark("Zoe", 7)], "42", GRADEBOOK)
    assert [n.split(":")[0] for n in filled.notes] == ["Eve", "Zoe"] and len(rows(filled)) == 2


def test_two_marks_of_one_student_are_told():
    filled = lms.canvas([mark("a", 7, "12345"), mark("Jane Doe", 3)], "42", GRADEBOOK)
    assert rows(filled)[-1][-1] == "7" and "the same student as a" in filled.notes[0]


def test_a_new_assignment_gets_a_column_and_its_points():
    filled = lms.canvas([mark("doejane", 7.5, "12345", of=12)], "day01_classic", GRADEBOOK)
    assert [row[-1] for row in rows(filled)] == ["day01_classic", "12", "7.5"]
    assert "Canvas will make a new assignment" in filled.notes[0]


def test_other_points_in_canvas_are_told_and_kept():
    filled = lms.canvas([mark("doejane", 7.5, "12345")], "41", GRADEBOOK)
    assert rows(filled)[1][-1] == "5" and "5 points in Canvas, the challenge 10" in filled.notes[0]


def test_semicolons_and_decimal_commas_are_understood():
    text = GRADEBOOK.decode().replace("10,(read", '"10,0",(read')
    for old, new in ((", ", "§"), ('"10,0"', "10§0"), (",", ";"), ("§0", ",0"), ("§", ", ")):
        text = text.replace(old, new)
    filled = lms.canvas([mark("doejane", 7.5, "12345")], "42", text.encode())
    assert filled.notes == [] and filled.text.splitlines()[-1].endswith(";7.5")


def test_names_in_two_columns_are_kept_apart():
    book = b"LastName,FirstName,ID,SIS Login ID,Section,Day 1 (42)\n    Points Possible,,,,,10\nDoe,Jane,5,jd,A,\n"
    assert rows(lms.canvas([mark("Jane Doe", 3)], "42", book))[-1] == [
        "Doe",
        "Jane",
        "5",
        "jd",
        "A",
        "3",
    ]


def test_without_a_gradebook_the_ids_in_the_files_names_make_one():
    filled = lms.canvas(
        [mark("roeric", 3, "6"), mark("doejane", 7.5, "5"), mark("Zoe", 1)], "day01"
    )
    assert rows(filled) == [
        ["Student", "ID", "Section", "day01"],
        ["    Points Possible", "", "", "10"],
        ["doejane", "5", "", "7.5"],
        ["roeric", "6", "", "3"],
    ]
    assert filled.notes == ["Zoe: the file's name has no Canvas id"]


def test_a_name_is_no_formula_and_an_id_stays_exact():
    book = GRADEBOOK.replace(b"N/A", b"")
    row = rows(lms.canvas([mark("x", 7, "12348")], "42", book))[-1]
    assert row[:3] == ["'=cmd(), X", "12348", "=S4"]
    assert rows(lms.canvas([mark("=x", 7, "1")], "42"))[-1][0] == "'=x"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\r=1"])
def test_what_begins_like_a_formula_gets_an_apostrophe(text):
    assert harmless(text) == "'" + text
    assert harmless("a" + text) == "a" + text


@pytest.mark.parametrize(
    "book, says",
    [
        (b"", "is empty"),
        (b"Name,Mark\nx,1\n", "should have the columns Student, ID and Section"),
        (GRADEBOOK.replace(b",10,(read", b",(read only),(read"), "read only"),
        (GRADEBOOK.replace(b"Warm-up (41)", b"Day 1: the classic (41)"), "several columns"),
    ],
)
def test_a_gradebook_that_cannot_be_filled_in_is_refused_in_words(book, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        lms.canvas([mark("doejane", 7.5, "12345")], "Day 1: the classic", book)


def test_a_grading_worksheet_comes_back_whole_with_grades_and_comments():
    marks = [mark("Jane Doe", 7.5, moodle="11", comment="=plan: not yet\na < b"), mark("Zoe", 1)]
    filled = lms.moodle(marks, WORKSHEET)
    head, jane, eric, ann = rows(filled)
    assert head == WORKSHEET.decode().splitlines()[0].split(",")
    assert jane[0] == "Participant 11" and jane[4] == "7.5"
    assert jane[-1] == "<p>=plan: not yet<br>a &lt; b</p>", "Moodle takes a comment for HTML"
    assert eric[1] == "'=Eric Roe" and eric[4] == "" and eric[-1] == "old"
    assert ann[7:9] == ["-", "-"], "what Moodle reads again stays exact"
    assert filled.notes == ["Zoe: not in the platform's file, left out"]


def test_what_moodle_would_leave_out_is_told():
    marks = [mark("Jane Doe", 12, moodle="11"), mark("Ann Fox", 3)]
    notes = lms.moodle(marks, WORKSHEET).notes
    assert "12 is more than Moodle's maximum of 10" in notes[0]
    assert notes[1] == "Ann Fox: Moodle says that the grade cannot be changed"


def test_a_worksheet_in_another_language_is_refused_in_words():
    with pytest.raises(
        ValueError, match="columns Identifier and Grade, as Moodle writes it in English"
    ):
        lms.moodle([], b"Bezeichner,Name\nTeilnehmer/in 1,x\n")
    with pytest.raises(ValueError, match=r"Last modified\s*\(submission\)"):
        lms.moodle_times(b"Identifier,Grade\n")


def test_the_worksheet_tells_when_moodles_submissions_were_handed_in():
    times = lms.moodle_times(WORKSHEET)
    assert {k: t.replace(tzinfo=None) for k, t in times.items()} == {
        "11": datetime(2027, 1, 11, 9, 5),
        "12": datetime(2027, 1, 12, 23, 10),
    }
    found = lms.timed([Submission("jane_doe", "Jane Doe", "x.ipynb", moodle="11")], times)
    assert found[0].when == times["11"]


@pytest.mark.parametrize(
    "value, shown", [(7.0, "7"), (7.5, "7.5"), (10, "10"), (1 / 3, "0.33"), (0, "0")]
)
def test_points_are_shown_with_at_most_two_decimals(value, shown):
    assert number(value) == shown


# Deadlines

DUE = datetime(2027, 1, 15, 18, tzinfo=UTC)


def handed_in(after, late=False):
    when = None if after is None else DUE + after
    return Submission("a", "a", "a.py", when=when, late=late, challenge="day01_classic")


@pytest.mark.parametrize(
    "after, late, days",
    [
        (timedelta(0), False, 0),
        (timedelta(seconds=1), False, 1),
        (timedelta(days=1), False, 1),
        (timedelta(days=1, seconds=1), False, 2),
        (timedelta(days=-3), False, 0),
        (None, True, 1),
        (None, False, 0),
        (timedelta(days=2), True, 2),
    ],
)
def test_begun_days_count_whole_and_canvas_flag_is_at_least_one(after, late, days):
    assert late_days(handed_in(after, late), {"day01_classic": DUE}) == days


def test_without_a_deadline_nobody_is_late():
    assert late_days(handed_in(timedelta(days=9)), {}) == 0


def test_deadlines_are_read_with_zone_without_and_as_whole_days():
    names = ["day01_classic", "day02_errors", "day03_x"]
    text = "challenge,deadline\nday01,2027-01-15T18:00+00:00\n\nday02_errors,2027-01-18 18:00\nday03,2027-01-20\n"
    found = deadlines(text.encode(), names)
    assert list(found) == names and found["day01_classic"] == DUE
    assert found["day02_errors"].replace(tzinfo=None) == datetime(2027, 1, 18, 18)
    assert found["day02_errors"].tzinfo is not None
    assert found["day03_x"].replace(tzinfo=None) == datetime(2027, 1, 20, 23, 59, 59, 999999)


@pytest.mark.parametrize(
    "lines, says",
    [
        ("name,when\n", "should begin with challenge,deadline"),
        ("challenge,deadline\nday09,2027-01-15", "row 2: there is no challenge 'day09'"),
        ("challenge,deadline\nday01,tomorrow", "row 2: a deadline is written like"),
        (
            "challenge,deadline\nday01,2027-01-15\nday01_classic,2027-01-16",
            "row 3: a second deadline",
        ),
        ("challenge,deadline\nday01", "got ''"),
    ],
)
def test_a_deadline_file_with_a_mistake_is_refused_and_names_the_row(lines, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        deadlines(lines.encode(), ["day01_classic"])


# Feedback


def names_in(packed):
    return zipfile.ZipFile(io.BytesIO(packed.data)).namelist()


def as_canvas_reads(name):
    """`infer_comment_context_from_filename` of canvas-lms, in short: (user, attachment) or None."""
    parts = [part for part in name.split("_") if part != "LATE"]
    if parts[-1].startswith("link") or name.startswith("._"):
        return None
    if parts[0] == "anon":
        return "anon_" + parts[1], parts[2]
    return tuple([part for part in parts if part.isdigit()][:2])


@pytest.mark.parametrize(
    "path, user",
    [
        ("doejane_12345_67890_day01.ipynb", "12345"),
        ("doejane_LATE_12345_67890_my_1_day01-1.ipynb", "12345"),
        ("in/doejane_12345_67890_day01_link.ipynb", "12345"),
        ("doejane_12345_67890_work.zip/deep/day01.ipynb", "12345"),
        ("LATE_anon_Ab12c_67890_day01.ipynb", "anon_Ab12c"),
    ],
)
def test_canvas_finds_in_a_feedback_files_name_whom_it_is_for(path, user):
    s = Submission("doejane", "doejane", "x", canvas=(user, "67890"), path=path)
    (name,) = names_in(feedback.canvas([(s, "<p>ä")]))
    assert name.endswith(".html") and as_canvas_reads(name) == (user, "67890")


def test_moodle_finds_in_a_folders_name_whom_the_feedback_is_for():
    s = Submission("x", "Jane_/Doe", "x", moodle="1234567")
    (name,) = names_in(feedback.moodle([(s, "<p>")]))
    folder, file = name.split("/")
    parts = folder.split("_", 4)  # as `importziplib.php` takes it apart
    assert (
        parts == ["Jane Doe", "1234567", "assignfeedback", "file", ""] and file == "feedback.html"
    )


def test_a_feedback_zip_is_the_same_to_the_byte_whatever_the_order_and_tells_whom_it_leaves_out():
    a = Submission("a", "Ann", "x", canvas=("1", "2"), path="ann_1_2_x.ipynb")
    b = Submission("b", "Ben", "x", canvas=("3", "4"), path="ben_3_4_x.ipynb")
    c = Submission("c", "Cy", "x")
    first, second = (
        feedback.canvas([(s, s.name) for s in group]) for group in ([a, b, c], [c, b, a])
    )
    assert first.data == second.data and names_in(first) == ["ann_1_2_x.html", "ben_3_4_x.html"]
    assert first.notes == ["Cy: the file's name has no Canvas numbers"]
    assert feedback.moodle([(a, "")]).notes == ["Ann: the file's name has no participant's number"]
