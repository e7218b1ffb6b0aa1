"""Daily challenges on the command line: for instructors.

python -m wmlib.challenges list
python -m wmlib.challenges plan --start 2027-01-11 --days mon,wed,fri
python -m wmlib.challenges release 1 2 --to handout/
python -m wmlib.challenges grade submissions.zip --out grades.csv
python -m wmlib.challenges verify
python -m wmlib.challenges new my_topic
"""

from __future__ import annotations

import argparse
import os
import sys

from wmlib.challenges import commands

DO = {
    "list": commands.list_all,
    "plan": commands.plan,
    "new": commands.new,
    "release": commands.release,
    "grade": commands.grade,
    "verify": commands.verify,
}


def parser() -> argparse.ArgumentParser:
    """What the command line understands."""
    made = argparse.ArgumentParser(
        prog="python -m wmlib.challenges", description="Daily challenges."
    )
    sub = made.add_subparsers(dest="what", required=True)
    sub.add_parser("list", help="all challenges: day, title, chapter, minutes, points")

    plan = sub.add_parser("plan", help="a calendar: which challenge on which day")
    plan.add_argument("--start", help="the first day, 2027-01-11")
    plan.add_argument("--days", help="of the week: mon,wed,fri")
    plan.add_argument(
        "--weeks", type=int, choices=[6, 10, 14], help="a ready plan instead of --days"
    )
    plan.add_argument("--holidays", default="", help="days without a challenge: 2027-02-15,...")
    plan.add_argument("--ics", help="write the calendar to this file")

    new = sub.add_parser("new", help="a skeleton of your own, which passes verify")
    new.add_argument("name", help="small letters, digits, underscores")

    release = sub.add_parser("release", help="starters to hand out, never a solution")
    release.add_argument("days", nargs="+", help="days or names, or all")
    release.add_argument("--to", required=True, help="the folder to write to")

    grade = sub.add_parser("grade", help="a folder or zip of submissions becomes marks")
    grade.add_argument("submissions", help="a folder, or the zip that Canvas or Moodle gave")
    grade.add_argument("--out", required=True, help="the table of marks: grades.csv")
    grade.add_argument("--challenge", help="of which challenge all of them are")
    grade.add_argument("--key", help="your secret; default: made once, and kept in grades.key")
    grade.add_argument("--deadlines", help="CSV: challenge,deadline")
    grade.add_argument("--manual", help="the sheet with what you marked: manual.csv")
    grade.add_argument("--student", help="grade this student alone, again")
    grade.add_argument("--canvas", help="the gradebook that Canvas exported")
    grade.add_argument("--moodle", help="the grading worksheet that Moodle gave")
    grade.add_argument("--seconds", type=int, help="of processor time for each, at most")
    grade.add_argument("--again", action="store_true", help="also what has a result already")
    grade.add_argument("--quick", action="store_true", help="fewer episodes: to try the command")

    verify = sub.add_parser("verify", help="every challenge against its own solution and mistakes")
    verify.add_argument("names", nargs="*", help="days or names, default all")
    verify.add_argument("--key", default="verify", help="hidden seeds come from it")
    verify.add_argument("--quick", action="store_true", help="fewer episodes")

    for command in (grade, verify):
        command.add_argument("--workers", type=int, help="side by side, default one a core")
        command.add_argument("--scheduler", help="of a Dask cluster: tcp://host:8786")
        command.add_argument("--jail", choices=["bubblewrap", "docker", "podman"])
        command.add_argument(
            "--no-jail", action="store_true", help="run students' code as yourself: only your own"
        )
    return made


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and do it; the exit code."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    args = parser().parse_args(arguments)
    if getattr(args, "no_jail", False):
        args.jail = "none"
    try:
        code = DO[args.what](args)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader, `head` perhaps, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, OSError, RuntimeError) as error:
        print(f"python -m wmlib.challenges {args.what}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
