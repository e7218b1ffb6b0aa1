"""The page of the class: marks, mistakes, and who needs help."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from wmlib.challenges.classroom.pages import (
    SENTENCE,
    Result,
    Titles,
    cut,
    file_name,
    render,
    title_of,
    waits,
)
from wmlib.challenges.classroom.sheets import number
from wmlib.challenges.classroom.submissions import Submission

BINS, WIDTH, HEIGHT, BASE_LINE = 10, 520, 190, 166
MOST_MISTAKES, LOW = 8, 0.5  # listed; the share of the points below which somebody needs help
ODD = {"limit": "ended early", "crashed": "stopped with an error", "grader": "the grader failed"}


def class_page(
    results: Sequence[Result],
    submissions: Sequence[Submission] = (),
    titles: Titles | None = None,
    missing: Mapping[str, Sequence[str]] | None = None,
    pairs: int = 0,
    similar_page: str | None = None,
    title: str = "The class",
) -> str:
    """The page of the class: marks, mistakes, and who needs help.

    Args:
        results: of all students and challenges. submissions: all that were found, also those that
            do not count. missing: for a challenge, who handed in nothing. pairs: how many look
            alike. similar_page: the file that shows them.
    """
    by_challenge: dict[str, list[Result]] = defaultdict(list)
    for result in sorted(results, key=lambda r: (r["challenge"], r["student"])):
        by_challenge[result["challenge"]].append(result)
    for challenge in missing or {}:
        by_challenge.setdefault(challenge, [])
    old = sorted((s for s in submissions if s.superseded_by), key=lambda s: (s.student, s.path))
    challenges = [
        _class_row(name, by_challenge[name], old, titles or {}, (missing or {}).get(name, ()))
        for name in sorted(by_challenge)
    ]
    others = [
        {"name": cut(s.name, 120), "why": cut(f"{s.file}: {s.problem}", SENTENCE)}
        for s in sorted(submissions, key=lambda s: (s.student, s.path))
        if s.challenge not in by_challenge and not s.superseded_by
    ]
    return render(
        "class",
        title=title,
        students=len({r["student"] for r in results}),
        graded=len(results),
        challenges=challenges,
        others=others,
        everybody=_everybody(results),
        pairs=pairs,
        similar_page=similar_page,
    )


def _class_row(
    challenge: str,
    results: Sequence[Result],
    superseded: Sequence[Submission],
    titles: Titles,
    missing: Sequence[str],
) -> dict[str, Any]:
    low = [r for r in results if r["verdict"] != "unreadable" and _share(r) < LOW]
    low.sort(key=lambda r: (_share(r), r["student"]))
    lists = [
        (
            "Who needs help: less than half of the points",
            [_person(r, f"{number(r['marks'])} of {number(r['of'])}") for r in low],
        ),
        ("Handed in nothing", [{"name": cut(name, 120)} for name in sorted(missing)]),
        (
            "Could not be read",
            [
                _person(r, r["notes"][0])
                for r in results
                if r["verdict"] == "unreadable" and r["notes"]
            ],
        ),
        (
            "Did not run to the end",
            [
                _person(r, " ".join(map(str, r["notes"][:2])) or ODD[r["verdict"]])
                for r in results
                if r["verdict"] in ODD
            ],
        ),
        (
            "Late",
            [
                _person(r, f"{r['late_days']} day{'s' * (r['late_days'] > 1)}")
                for r in results
                if r.get("late_days")
            ],
        ),
        (
            "Handed in more than once: these do not count",
            [
                {
                    "name": cut(s.name, 120),
                    "why": cut(f"{s.path}, in its place {s.superseded_by}", 400),
                }
                for s in superseded
                if s.challenge == challenge
            ],
        ),
    ]
    return {
        "title": title_of(challenge, titles),
        "bars": _bars(results),
        "parts": _parts(results),
        "mistakes": _mistakes(results),
        "lists": lists,
    }


def _everybody(results: Sequence[Result]) -> list[dict[str, str]]:
    """Each student's page, with the marks of all challenges together, by name."""
    rows: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        rows[result["student"]].append(result)
    shown = [
        _person(own[0], " of ".join(number(sum(r[k] for r in own)) for k in ("marks", "of")))
        for own in rows.values()
    ]
    return sorted(shown, key=lambda row: (row["name"].lower(), row["page"]))


def _person(result: Result, why: str) -> dict[str, str]:
    name = cut(result.get("name") or result["student"], 120)
    return {"name": name, "page": file_name(result["student"]), "why": cut(why, SENTENCE)}


def _parts(results: Sequence[Result]) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for result in results:
        for part in result["parts"]:
            new = {"right": 0, "all": 0, "waiting": 0, "bonus": part["bonus"]}
            new |= {"name": cut(part["name"], 120), "points": number(part["points"])}
            row = rows.setdefault(part["name"], new)
            row["all"] += 1
            row["waiting"] += waits(part)
            row["right"] += not waits(part) and part["got"] >= part["points"]
    return list(rows.values())


def _mistakes(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Messages that differ in numbers only are one mistake."""
    groups = defaultdict(list)
    for result in results:
        if result["verdict"] == "unreadable":
            continue
        for part in result["parts"]:
            if not waits(part) and part["got"] < part["points"]:
                found = str(part["found"])
                if found.startswith("not examined") or part.get("text") is not None:
                    continue
                groups[part["name"], re.sub(r"[0-9][0-9.,]*", "0", found)].append(found)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        {"count": len(all_), "part": cut(part, 120), "found": cut(min(all_), SENTENCE)}
        for (part, _), all_ in ordered[:MOST_MISTAKES]
    ]


def _bars(results: Sequence[Result]) -> dict[str, Any]:
    """How many reached which tenth of the points: bars, and the same in words."""
    counts = [0] * BINS
    for result in results:
        counts[max(0, min(BINS - 1, int(_share(result) * BINS + 1e-9)))] += 1
    step, most = WIDTH / BINS, max([*counts, 1])
    bars: list[dict[str, Any]] = []
    for k, count in enumerate(counts):
        height = round(count / most * (BASE_LINE - 24), 1)
        label = f"{100 * k // BINS}–{100 * (k + 1) // BINS}"
        bars.append(
            {"x": round(k * step + 4, 1), "y": round(BASE_LINE - height, 1), "height": height}
        )
        bars[-1] |= {"width": round(step - 8, 1), "middle": round((k + 0.5) * step, 1)}
        bars[-1] |= {"count": count, "label": label}
    shares = sorted(_share(result) for result in results)
    n = len(shares)
    if n:
        middle = (shares[(n - 1) // 2] + shares[n // 2]) / 2
        said = ", ".join(f"{b['count']} at {b['label']} %" for b in bars if b["count"])
        alt = f"Of {n} graded, the middle one has {100 * middle:.0f} % of the points: {said}."
    else:
        alt = "Nobody has been graded."
    return {"width": WIDTH, "height": HEIGHT, "base": BASE_LINE, "bars": bars, "alt": alt}


def _share(result: Result) -> float:
    return result["marks"] / result["of"] if result["of"] else 1.0
