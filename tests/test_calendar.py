"""Plans: which challenge on which day."""

import re
from datetime import date

import pytest

from wmlib.challenges.classroom import calendar
from wmlib.challenges.classroom.calendar import Day

NAMES = [f"day{k:02d}_x" for k in range(1, 31)]
MONDAY = date(2027, 1, 11)


def test_a_plan_puts_all_challenges_in_order_on_the_days():
    days = calendar.plan(MONDAY, "mon,wed,fri", NAMES)
    assert [d.challenge for d in days] == NAMES
    assert days[0] == Day(MONDAY, "day01_x") and days[3].date == date(2027, 1, 18)
    assert {d.date.weekday() for d in days} == {0, 2, 4}
    assert calendar.plan(MONDAY, ["Friday", " MON", "wed"], NAMES) == days


def test_holidays_push_back_what_follows():
    days = calendar.plan(MONDAY, "mon,wed", NAMES[:3], [MONDAY, date(2027, 1, 18)])
    assert [d.date for d in days] == [date(2027, 1, 13), date(2027, 1, 20), date(2027, 1, 25)]


@pytest.mark.parametrize("weeks, last", [(6, "2027-02-19"), (10, "2027-03-19"), (14, "2027-04-15")])
def test_thirty_challenges_fill_6_10_or_14_weeks(weeks, last):
    days = calendar.ready(weeks, MONDAY, NAMES)
    assert [d.challenge for d in days] == NAMES and days[-1].date == date.fromisoformat(last)
    assert (days[-1].date - MONDAY).days // 7 == weeks - 1


def test_fourteen_weeks_have_two_fridays_more():
    fridays = [d.date for d in calendar.ready(14, MONDAY, NAMES) if d.date.weekday() == 4]
    assert [(day - MONDAY).days // 7 + 1 for day in fridays] == [5, 10]
    assert calendar.ready(14, date(2027, 1, 12), NAMES) == calendar.ready(14, MONDAY, NAMES)


def test_todays_challenge_is_the_latest_that_is_out():
    days = calendar.plan(MONDAY, "mon,wed,fri", NAMES[:3])
    assert calendar.today(days, date(2027, 1, 10)) is None
    assert calendar.today(days, date(2027, 1, 12)) == days[0]
    assert calendar.today(days, date(2027, 1, 13)) == days[1]
    assert calendar.today(days, date(2028, 1, 1)) == days[2]


@pytest.mark.parametrize(
    "made, says",
    [
        (
            lambda: calendar.plan(MONDAY, "tue,thu", NAMES),
            "is a Monday, but the days are tue,thu: begin on 2027-01-12",
        ),
        (
            lambda: calendar.plan(MONDAY, "mon,wet", NAMES),
            "a weekday is one of mon,tue,wed,thu,fri,sat,sun, got 'wet'",
        ),
        (lambda: calendar.plan(MONDAY, "mo", NAMES), "got 'mo'"),
        (lambda: calendar.plan(MONDAY, "", NAMES), "got ''"),
        (lambda: calendar.plan(MONDAY, [], NAMES), "at least one weekday"),
        (lambda: calendar.plan(MONDAY, "mon", []), "no challenges"),
        (lambda: calendar.ready(7, MONDAY, NAMES), "6, 10 and 14 weeks, got 7"),
        (lambda: calendar.ready(6, date(2027, 1, 13), NAMES), "begin on 2027-01-18"),
        (lambda: calendar.parse_dates("15.2.2027"), "got '15.2.2027'"),
        (lambda: calendar.parse_dates("2027-02-15..2027-02-14"), "end after they begin"),
    ],
)
def test_what_makes_no_plan_is_refused_in_words(made, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        made()


def test_holidays_are_written_as_days_and_ranges():
    found = calendar.parse_dates("2027-02-15, 2027-03-30..2027-04-01")
    assert found == [date(2027, 2, 15), date(2027, 3, 30), date(2027, 3, 31), date(2027, 4, 1)]
    assert calendar.parse_dates("") == []


def test_the_plan_as_a_table_for_the_terminal_and_in_markdown():
    days = calendar.plan(MONDAY, "mon,fri", NAMES[:3])
    assert calendar.as_text(days, {"day01_x": "First"}) == (
        "Mon 2027-01-11  day01_x                  First\nFri 2027-01-15  day02_x\n\nMon 2027-01-18  day03_x\n"
    )
    table = calendar.as_markdown(days, {"day01_x": "A | B"}, "https://x.org/c/")
    assert "| 1 | Mon 2027-01-11 | [A \\| B](https://x.org/c/day01_x.html) |" in table
    assert "| 2 | Mon 2027-01-18 |" in table


def test_the_calendar_file_holds_whole_days_and_is_the_same_to_the_byte():
    days = calendar.plan(MONDAY, "mon,wed,fri", NAMES)
    made = calendar.as_ics(days, {"day01_x": "First, and; more"}, "https://x.org/{challenge}")
    assert made == calendar.as_ics(
        days, {"day01_x": "First, and; more"}, "https://x.org/{challenge}"
    )
    text = made.decode().replace("\r\n ", "")
    first = text.split("BEGIN:VEVENT")[1]
    for line in (
        "DTSTART;VALUE=DATE:20270111",
        "DTEND;VALUE=DATE:20270112",
        "DTSTAMP:20270111T000000Z",
        "UID:day01_x-20270111@wmlib",
        "SUMMARY:Day 01: First\\, and\\; more",
        "URL:https://x.org/day01_x",
    ):
        assert f"\r\n{line}\r\n" in first, line
    assert text.count("BEGIN:VEVENT") == 30 and len(set(re.findall("UID:.*", text))) == 30


def test_a_calendar_program_reads_back_what_was_planned():
    from icalendar import Calendar

    days = calendar.ready(14, MONDAY, NAMES)
    events = Calendar.from_ical(calendar.as_ics(days)).walk("VEVENT")
    assert [(e["dtstart"].dt, str(e["uid"])[:7]) for e in events] == [tuple(d) for d in days]
