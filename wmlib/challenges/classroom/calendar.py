"""Which challenge is for which day: plans, as a table and for calendar programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAYS = tuple(day[:3] for day in LONG)
ONE = timedelta(days=1)
# Thirty challenges. In 14 weeks, two a week leave two over: the Fridays of weeks 5 and 10, each in
# the middle of a third of the term, when a chapter has just been finished.
READY = {6: "mon,tue,wed,thu,fri", 10: "mon,wed,fri", 14: "tue,thu"}
EXTRA_FRIDAYS = {14: (5, 10)}


class Day(NamedTuple):
    """One day of a plan."""

    date: date
    challenge: str


def plan(
    start: date, days: str | Sequence[str], challenges: Sequence[str], holidays: Sequence[date] = ()
) -> list[Day]:
    """All challenges in order, one on each of the days, none on a holiday.

    Args:
        start: the first day. days: `mon,wed,fri`, or a list. holidays: days that are left out.

    Raises:
        ValueError: for a word that is no weekday, without challenges, or if `start` is none of the
            days.
    """
    wanted = _weekdays(days)
    if start.weekday() not in wanted:
        fits = next(day for day in _from(start) if day.weekday() in wanted)
        names = ",".join(WEEKDAYS[k] for k in sorted(wanted))
        raise ValueError(
            f"the start {start} is a {start:%A}, but the days are {names}: begin on {fits}"
        )
    return _filled(start, lambda day: day.weekday() in wanted, challenges, holidays)


def ready(
    weeks: int, start: date, challenges: Sequence[str], holidays: Sequence[date] = ()
) -> list[Day]:
    """A plan for a term of 6 weeks (monday to friday), 10 (mon, wed, fri) or 14.

    14 weeks have tuesdays and thursdays, and the fridays of weeks 5 and 10. Holidays push what
    follows back, so that it takes longer.

    Args:
        start: a day of the first week, not after its first challenge.

    Raises:
        ValueError: for another number of weeks, or a `start` after the first challenge of its week.
    """
    if weeks not in READY:
        raise ValueError(f"there are plans for 6, 10 and 14 weeks, got {weeks}")
    wanted, monday = _weekdays(READY[weeks]), start - timedelta(days=start.weekday())
    if start.weekday() > min(wanted):
        raise ValueError(
            f"the start {start} is a {start:%A}, after the first challenge of its week: "
            f"begin on {monday + timedelta(days=7)}"
        )
    extra = {monday + timedelta(days=7 * n - 3) for n in EXTRA_FRIDAYS.get(weeks, ())}
    return _filled(start, lambda d: d.weekday() in wanted or d in extra, challenges, holidays)


def today(days: Sequence[Day], on: date) -> Day | None:
    """The challenge of a day: the latest that is out by then; None before the first."""
    return max((day for day in days if day.date <= on), default=None)


def parse_dates(text: str) -> list[date]:
    """Holidays as one writes them: `2027-02-15,2027-03-29..2027-04-02`.

    Raises:
        ValueError: if a date is none, or a range ends before it begins.
    """
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        first, _, last = part.partition("..")
        try:
            begin = date.fromisoformat(first.strip())
            end = date.fromisoformat(last.strip()) if last else begin
        except ValueError:
            raise ValueError(
                f"a holiday is written 2027-02-15 or 2027-03-29..2027-04-02, got {part!r}"
            ) from None
        if end < begin or (end - begin).days > 366:
            raise ValueError(f"the holidays {part} should end after they begin, within a year")
        found += [begin + timedelta(days=k) for k in range((end - begin).days + 1)]
    return found


def as_text(days: Sequence[Day], titles: Mapping[str, str] | None = None) -> str:
    """The plan as lines for a terminal, with an empty line between weeks."""
    lines, week = [], None
    for day in days:
        if week not in (None, day.date.isocalendar()[:2]):
            lines.append("")
        week = day.date.isocalendar()[:2]
        title = (titles or {}).get(day.challenge, "")
        lines.append(f"{day.date:%a} {day.date}  {day.challenge:<24} {title}".rstrip())
    return "\n".join(lines) + "\n"


def as_markdown(
    days: Sequence[Day], titles: Mapping[str, str] | None = None, address: str | None = None
) -> str:
    """The plan as a Markdown table.

    Args:
        address: where the challenges' pages are; each date's challenge then links to its page.
    """
    lines = ["| week | day | challenge |", "|---|---|---|"]
    first = days[0].date - timedelta(days=days[0].date.weekday()) if days else None
    for day in days:
        week = (day.date - first).days // 7 + 1 if first else 1
        told = (titles or {}).get(day.challenge, day.challenge).replace("|", "\\|")
        link = f"[{told}]({_link(address, day.challenge)})" if address else told
        lines.append(f"| {week} | {day.date:%a} {day.date} | {link} |")
    return "\n".join(lines) + "\n"


def as_ics(
    days: Sequence[Day], titles: Mapping[str, str] | None = None, address: str | None = None
) -> bytes:
    """The plan for calendar programs (RFC 5545): whole days, the same bytes for the same plan.

    Args:
        address: where the challenges' pages are; the descriptions then say where.

    Raises:
        ModuleNotFoundError: without the package `icalendar`, which the extra `grading` brings.
    """
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//wmlib//challenges//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "World models: daily challenges")
    start = days[0].date if days else date(2000, 1, 1)
    for day in days:
        event, title = Event(), (titles or {}).get(day.challenge, day.challenge)
        # From the plan alone: given in again, it changes the same events.
        event.add("uid", f"{day.challenge}-{start:%Y%m%d}@wmlib")
        event.add("dtstamp", datetime(start.year, start.month, start.day, tzinfo=UTC))
        event.add("dtstart", day.date)
        event.add("dtend", day.date + ONE)
        event.add("transp", "TRANSPARENT")  # the day stays free for other things
        event.add("summary", f"Day {day.challenge[3:5]}: {title}")
        if address:
            event.add("url", _link(address, day.challenge))
            event.add("description", f"{title}\n{_link(address, day.challenge)}")
        calendar.add_component(event)
    return calendar.to_ical(sorted=True)


def _filled(
    start: date, wanted: Callable[[date], bool], challenges: Sequence[str], holidays: Sequence[date]
) -> list[Day]:
    if not challenges:
        raise ValueError("there are no challenges to plan")
    off = set(holidays)
    dates = (day for day in _from(start) if wanted(day) and day not in off)
    return [Day(day, challenge) for challenge, day in zip(challenges, dates)]


def _from(start: date) -> Iterator[date]:
    while True:
        yield start
        start += ONE


def _weekdays(days: str | Sequence[str]) -> set[int]:
    words = days.split(",") if isinstance(days, str) else list(days)
    found = set()
    for word in (word.strip() for word in words):
        fits = [k for k, day in enumerate(LONG) if len(word) >= 3 and day.startswith(word.lower())]
        if not fits:
            raise ValueError(f"a weekday is one of {','.join(WEEKDAYS)}, got {word!r}")
        found.update(fits)
    if not found:
        raise ValueError(f"name at least one weekday of {','.join(WEEKDAYS)}")
    return found


def _link(address: str, challenge: str) -> str:
    """The page of a challenge: `{challenge}` in the address, or its page in that folder."""
    if "{challenge}" in address:
        return address.replace("{challenge}", challenge)
    return f"{address.rstrip('/')}/{challenge}.html"
