"""Write what `make bench` stored into the page book/speed.md, between its marks.

python book/_tools/speed_page.py          # the bench does it itself when it has measured
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from speed_charts import CHARTS, chart, grows, number

from wmlib.files import write_text

ROOT = Path(__file__).resolve().parents[2]
STORED = ROOT / "book" / "_data" / "speed.json"
PAGE = ROOT / "book" / "speed.md"
PARTS = {
    "planner": "Planning",
    "ensemble": "Ensembles",
    "rssm": "Recurrent models that learn from pictures",
    "tokens": "Transformers",
    "dyna": "Tables",
    "limits": "The loop in which an agent acts",
    "engine": "The players in the page",
}


def spread(three: list[float]) -> str:
    """A middle with its interval."""
    middle, low, high = (number(x) for x in three)
    return f"{middle} ({low} to {high})"


def table(head: list[str], rows: list[list[str]], numbers_from: int = 1) -> str:
    """A table in Markdown; columns of figures stand right."""
    line = lambda cells: "| " + " | ".join(cells) + " |"
    rule = ["---" if i < numbers_from else "--:" for i in range(len(head))]
    return "\n".join([line(head), line(rule), *map(line, rows)])


def asked(row: dict) -> str:
    """What was asked for, and whether it was reached."""
    told = []
    if row["bar"] is not None:
        told.append(f"{row['bar']:g} ×")
    if row["peak_bar"] is not None:
        told.append(f"{row['peak_bar']:.0%} of peak")
    return ("" if row["met"] else "**missed**: ") + ", ".join(told) if told else ""


def under(row: dict) -> str:
    """What three digits hide: a ratio that rounds to what was asked for, and is less."""
    missed = row["met"] is False and row["bar"] is not None and row["peak_bar"] is None
    return "just under " if missed and row["ratio"][0] >= row["bar"] else ""


def short(stored: dict) -> str:
    """What was asked for and missed, and where a peer is faster, on each processor."""
    told = []
    for name in dict.fromkeys(row["processor"] for row in stored["rows"]):
        here = [row for row in stored["rows"] if row["processor"] == name]
        bars = [row for row in here if row["met"] is not None]
        missed = [row for row in bars if not row["met"]]
        told.append(
            f"**{name}**: {len(bars) - len(missed)} of the {len(bars)} ratios that we asked for "
            "are reached.\n"
        )
        told += [
            f"- Missed: {row['work']} beside {row['theirs']}: {under(row)}{number(row['ratio'][0])} ×"
            + (f", {row['peak']:.0%} of peak" if row["peak"] is not None else "")
            + f". Asked: {asked(row).removeprefix('**missed**: ')}."
            for row in missed
        ]
        slower = [row for row in here if row["ratio"][0] < 1]
        told += [
            f"- Faster than we are: {row['theirs']}, at {row['work']}: it takes "
            f"{row['ratio'][0]:.0%} of our time ({row['note'] or 'see below'})."
            for row in slower
        ]
        told += [] if slower else ["- No peer that was measured is faster."]
        left_out = [t for m, t in PARTS.items() if m not in {row["module"] for row in here}]
        told.append(f"- Not measured on it: {', '.join(left_out)}.\n" if left_out else "")
    return "\n".join(told).strip()


def rows(stored: dict) -> str:
    """The table of each part; the same work on two processors stands in two lines."""
    made = []
    for module, title in PARTS.items():
        mine = [row for row in stored["rows"] if row["module"] == module]
        if not mine:
            continue
        peak = any(row["peak"] is not None for row in mine)
        works = list(dict.fromkeys((row["work"], row["theirs"]) for row in mine))
        mine.sort(key=lambda row: works.index((row["work"], row["theirs"])))
        head = ["work", "processor", "ours, ms", "the other", "ms", "ratio (smallest to largest)"]
        lines = [
            [
                row["work"],
                row["processor"],
                number(row["ms"][row["ours"]]),
                row["theirs"],
                number(row["ms"][row["theirs"]]),
                spread(row["ratio"]),
                *([f"{row['peak']:.0%}" if row["peak"] is not None else ""] if peak else []),
                asked(row),
            ]
            for row in mine
        ]
        head += [*(["of peak"] if peak else []), "asked for"]
        notes = list(dict.fromkeys(row["note"] for row in mine if row["note"]))
        notes = [note[0].upper() + note[1:].removesuffix(".") + "." for note in notes]
        made += [f"### {title}", table(head, lines, 2), " ".join(notes), where(mine)]
    return "\n\n".join(part for part in made if part)


def where(told: list[dict]) -> str:
    """Machine, versions and command of what was measured, once for each time."""
    seen = dict.fromkeys(
        f"`{row['command']}`, {row['date']}, {row['processor']}, {row['machine']}"
        + (f", {row['rounds']} rounds; " if "rounds" in row else "; ")
        + ", ".join(f"{name} {version}" for name, version in row["versions"].items())
        for row in told
    )
    return "  \n".join(f"<small>{line}.</small>" for line in seen)


def limits(stored: dict) -> str:
    """The machines' own limits."""
    found = [told for name, told in stored["tables"].items() if name.startswith("limits of ")]
    lines = [
        [
            told["processor"],
            f"{told['gflops_256_cubed']:g}",
            f"{told['gflops_500_64_64']:g}",
            f"{told['memory_gb_per_s']:g}",
        ]
        for told in found
    ]
    head = ["processor", "256 × 256 by 256 × 256, GFLOP/s", "500 × 64 by 64 × 64", "memory, GB/s"]
    return table(head, lines) + "\n\n" + where(found)


def real_steps(stored: dict) -> str:
    """Who needs how many real steps."""
    told = stored["tables"]["real_steps"]
    lines = [
        [
            row["method"],
            spread(row["steps"]),
            f"{row['solved']} of {row['of']}",
            f"{row['limit']:,}",
            spread(row["seconds"]),
        ]
        for row in told["methods"]
    ]
    head = ["method", "real steps", "solved", "stopped at", "processor seconds of learning"]
    return table(head, lines) + "\n\n" + where([told])


def same(stored: dict) -> str:
    """The same figure by two programs."""
    told = stored["tables"]["dyna"]
    lines = [
        [
            str(row["n"]),
            number(row["ours"]),
            number(row["theirs"]),
            "{:g} to {:g}".format(*row["difference"]),
        ]
        for row in told["compared"]
    ]
    return table(["n", "ours", "Zhang's", "difference, 95 % interval"], lines, 0)


def growth(stored: dict) -> str:
    """The charts, each with its curves in words."""
    told, made = stored["tables"]["growth"], []
    for family, (what, ylabel) in CHARTS.items():
        mine = {name: c for name, c in told["curves"].items() if name.startswith(family)}
        if not mine:
            continue
        words = " ".join(grows(name.split(": ")[1], c) for name, c in mine.items())
        made += [f"### {what}", words, chart(mine, what, ylabel)]
    measured = [curve | {"command": told["command"]} for curve in told["curves"].values()]
    return "\n\n".join([*made, where(measured)])


def minutes(stored: dict) -> str:
    """What each notebook takes."""
    told = stored["tables"]["minutes"]
    lines = [
        [
            row["notebook"],
            f"{row['wall']:.0f}",
            f"{row['processor']:.0f}",
            f"{row['start']:.1f}",
            "; ".join(
                f"{seconds:.0f} s `{line}`".replace("|", "\\|") for line, seconds in row["cells"]
            ),
        ]
        for row in told["notebooks"]
    ]
    total = sum(row["processor"] for row in told["notebooks"]) / 60
    head = ["notebook", "clock, s", "processor, s", "start, s", "costliest cells, on the clock"]
    return (
        f"{total:.0f} minutes of processor time in all.\n\n{table(head, lines)}\n\n{where([told])}"
    )


BLOCKS = {
    "short": short, "rows": rows, "limits": limits, "real_steps": real_steps, "same": same,
    "growth": growth, "minutes": minutes,
}  # fmt: skip
NEEDS = {"same": "dyna", "short": None, "rows": None, "limits": None}


def page(text: str, stored: dict) -> str:
    """The page with every block written anew from what is stored."""
    for name, block in BLOCKS.items():
        needed = NEEDS.get(name, name)
        new = (
            block(stored) if needed is None or needed in stored["tables"] else "*Not yet measured.*"
        )
        mark = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- end of {name} -->)", re.DOTALL)
        if len(mark.findall(text)) != 1:
            raise ValueError(
                f"the page needs <!-- {name} --> and <!-- end of {name} -->, once each"
            )
        new = new.replace(" ×", "\N{NO-BREAK SPACE}×")
        text = mark.sub(lambda found: f"{found[1]}\n{new}\n{found[2]}", text)
    return text


def write() -> None:
    """Write the page."""
    stored = json.loads(STORED.read_text(encoding="utf8"))
    write_text(PAGE, page(PAGE.read_text(encoding="utf8"), stored))


if __name__ == "__main__":
    write()
