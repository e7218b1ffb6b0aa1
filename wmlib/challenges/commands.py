"""What each command of `python -m wmlib.challenges` does."""

from __future__ import annotations

import argparse
import secrets
from datetime import date
from pathlib import Path

from tqdm import tqdm

from wmlib.challenges import load, names, source, source_of
from wmlib.challenges.classroom import calendar
from wmlib.challenges.classroom.grade import Grading
from wmlib.challenges.classroom.room import Classroom
from wmlib.challenges.jail import choose
from wmlib.challenges.skeleton import begin
from wmlib.challenges.verify import verify as proof
from wmlib.files import write_bytes, write_text

Args = argparse.Namespace


def list_all(args: Args) -> int:
    """Print all challenges."""
    print(f"{'day':>3}  {'title':34} {'chapter':>7} {'minutes':>7} {'points':>6}  kind")
    for name in names():
        c = load(name)
        bonus = f" +{c.bonus:g}" if c.bonus else ""
        print(
            f"{c.day:>3}  {c.title:34} {c.chapter:>7} {c.minutes:>7} {c.points:>6g}{bonus:4} {c.kind}"
        )
    return 0


def plan(args: Args) -> int:
    """Print a calendar, and write it as .ics where asked."""
    if args.start is None:
        raise ValueError("say when it begins: --start 2027-01-11")
    try:
        start = date.fromisoformat(args.start)
    except ValueError:
        raise ValueError(f"--start is written 2027-01-11, got {args.start!r}") from None
    free = calendar.parse_dates(args.holidays)
    if args.weeks and args.days:
        raise ValueError("--weeks brings its own days: leave out --days")
    if args.weeks:
        days = calendar.ready(args.weeks, start, names(), free)
    else:
        days = calendar.plan(start, args.days or "mon,tue,wed,thu,fri", names(), free)
    titles = {name: load(name).title for name in names()}
    print(calendar.as_text(days, titles), end="")
    if args.ics:
        data = calendar.as_ics(days, titles)
        write_bytes(args.ics, data)
        print(f"written: {args.ics}")
    return 0


def new(args: Args) -> int:
    """Begin a challenge of one's own."""
    made = begin(args.name)
    for path in made:
        print(path)
    name = made[0].parent.name
    print(f"Change it as you like; `python -m wmlib.challenges verify {name}` proves it.")
    return 0


def release(args: Args) -> int:
    """Write starters to a folder."""
    folder = Path(args.to).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    for name in named(args.days):
        path = folder / f"{name}.ipynb"
        source.write(path, source.starter(source.read(source_of(name)), load(name)))
        print(path)
    return 0


def grade(args: Args) -> int:
    """Grade a class and write everything that an instructor needs of it."""
    out = Path(args.out).expanduser()
    if out.suffix != ".csv":
        raise ValueError(
            f"--out names the table of marks, a file that ends in .csv, got {args.out}"
        )
    if args.key is not None and len(args.key) < 16:
        raise ValueError(
            f"a key of {len(args.key)} characters can be guessed by a submission, and all hidden worlds "
            "with it: give 16 or more, or leave --key out and one is made"
        )
    challenge = named([args.challenge])[0] if args.challenge else None
    jail = choose(args.jail)
    room = Classroom(Path(args.submissions).expanduser(), challenge, args.deadlines)
    grading = Grading(
        key=args.key or kept_key(out.with_suffix(".key")),
        out=out,
        jail=jail,
        scheduler=args.scheduler,
        workers=args.workers,
        quick=args.quick,
        seconds=args.seconds,
    )
    if grading.jail == "none":
        print("Without a jail: what a student wrote runs with all that you may do.")
    print(room.told())
    written = room.grade(
        grading,
        manual=args.manual,
        student=args.student,
        again=args.again,
        canvas=args.canvas,
        moodle=args.moodle,
        progress=lambda found, total: tqdm(found, total=total, unit="submission"),
    )
    for line in written:
        print(line)
    return 0


def verify(args: Args) -> int:
    """Prove challenges; 1 if one has a fault."""
    chosen, faults = named(args.names or ["all"]), 0
    found = proof(chosen, args.key, args.quick, args.jail, args.scheduler, args.workers)
    for name, what, result, fault in found:
        faults += fault is not None
        marks = "" if result is None else f"{result['marks']:g} of {result['of']:g}"
        print(f"{name:24} {what:15} {marks:10} {fault or 'as it should be'}", flush=True)
    print(f"{counted(len(chosen), 'challenge')}, {counted(faults, 'fault')}")
    return int(faults > 0)


def named(days: list[str]) -> list[str]:
    """Names of challenges from days, names or `all`.

    Raises:
        ValueError: if there is none of this name.
    """
    found = []
    for day in days:
        if day == "all":
            found += names()
        else:
            found.append(load(int(day) if day.isdigit() else day).name)
    return found


def counted(n: int, what: str) -> str:
    """How many of something, in words."""
    return f"{n} {what}{'s' * (n != 1)}"


def kept_key(path: Path) -> str:
    """The key in a file beside the table of marks; made where there is none."""
    if not path.exists():
        write_text(path, secrets.token_hex(16) + "\n")
        path.chmod(0o600)
        print(f"Your key is new, and kept in {path}: the same key gives the same marks.")
    return path.read_text(encoding="utf8").strip()
