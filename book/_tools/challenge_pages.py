"""Write what the book shows of the daily challenges: a page for each, their list, the calendars.

    python book/_tools/challenge_pages.py           # or: make challenge-pages
    python book/_tools/challenge_pages.py --check   # 1 where a page is not as it would be written

A challenge's page is its starter, the notebook that a learner opens; the list, the calendars and the
contents follow from the challenges. The plan that drives the page *today's challenge* stands in
`book/_data/plan.json`: change it, and run this again.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path

from wmlib.challenges import load, names, source, source_of
from wmlib.challenges.classroom import calendar
from wmlib.files import write_bytes

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "book" / "challenges"
WEEKS = (6, 10, 14)
FIRST = "## Week {week}\n\n| day | challenge | chapter | minutes | points | kind |\n|--:|:--|--:|--:|--:|:--|"


def planned() -> list[calendar.Day]:
    """The plan that drives the page of today's challenge."""
    plan = json.loads((ROOT / "book" / "_data" / "plan.json").read_text(encoding="utf8"))
    start, free = date.fromisoformat(plan["start"]), calendar.parse_dates(plan["holidays"])
    return calendar.plan(start, plan["days"], names(), free)


def listed() -> str:
    """All challenges, week by week."""
    lines = [(ROOT / "book" / "_tools" / "skeleton" / "challenges.md").read_text(encoding="utf8")]
    for number, name in enumerate(names()):
        c = load(name)
        if number % 5 == 0:
            lines.append(("\n" if number else "") + FIRST.format(week=number // 5 + 1))
        bonus = f" + {c.bonus:g}" if c.bonus else ""
        lines.append(
            f"| {c.day} | [{c.title}]({name}.ipynb) | {int(c.chapter)} | {c.minutes} "
            f"| {c.points:g}{bonus} | {c.kind} |"
        )
    return "\n".join(lines) + "\n"


def today() -> str:
    """The page of today's challenge: the plan as data, and a table for who has no script."""
    days = planned()
    data = [
        {
            "date": day.date.isoformat(),
            "page": f"{day.challenge}.html",
            "day": load(day.challenge).day,
            "title": load(day.challenge).title,
            "minutes": load(day.challenge).minutes,
            "points": load(day.challenge).points,
            "chapter": int(load(day.challenge).chapter),
        }
        for day in days
    ]
    text = (ROOT / "book" / "_tools" / "skeleton" / "today.md").read_text(encoding="utf8")
    table = calendar.as_markdown(days, {n: load(n).title for n in names()})
    for name in names():
        table = table.replace(f"| {load(name).title} |", f"| [{load(name).title}]({name}.ipynb) |")
    script = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return text.replace("[[DATA]]", script).replace("[[TABLE]]", table)


def contents() -> str:
    """The contents of the book, with every challenge below the list of them."""
    path = ROOT / "book" / "_toc.yml"
    text = path.read_text(encoding="utf8")
    days = "".join(f"          - file: book/challenges/{name}\n" for name in names())
    block = (
        "  - caption: Daily challenges\n    chapters:\n      - file: book/challenges/today\n"
        "      - file: book/challenges/index\n        sections:\n" + days + "      - file: "
        "book/challenges/instructors\n      - file: book/challenges/your_own\n"
        "      - file: book/challenges/jail\n"
    )
    text = re.sub(r"(?ms)^  - caption: Daily challenges\n.*?(?=^  - caption: )", "", text)
    return text.replace("  - caption: For reference\n", block + "  - caption: For reference\n")


def pages() -> dict[Path, bytes]:
    """Every file that this writes, and what is in it."""
    titles = {name: load(name).title for name in names()}
    made = {ROOT / "book" / "_toc.yml": contents().encode()}
    for name in names():
        starter = source.starter(source.read(source_of(name)), load(name))
        made[FOLDER / f"{name}.ipynb"] = source.text(starter).encode()
    made[FOLDER / "index.md"] = listed().encode()
    made[FOLDER / "today.md"] = today().encode()
    begin = planned()[0].date
    for weeks in WEEKS:
        days = calendar.ready(weeks, begin, names())
        made[ROOT / "book" / "_static" / "calendars" / f"{weeks}_weeks.ics"] = calendar.as_ics(
            days, titles
        )
    return made


def main() -> int:
    """Write, or with --check compare; the exit code."""
    made = pages()
    old = [path for path in FOLDER.glob("day*.ipynb") if path not in made]
    other = [p for p, data in made.items() if not p.exists() or p.read_bytes() != data]
    for path in [*other, *old]:
        print(path.relative_to(ROOT))
    if "--check" in sys.argv:
        return int(bool(other or old))
    for path in other:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, made[path])
    for path in old:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
