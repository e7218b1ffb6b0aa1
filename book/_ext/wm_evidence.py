"""The directive ``{evidence}``: every claim of the book with what it rests on.

Read at build time from ``wmlib/course/*/evidence/*.json`` (each experiment over many seeds) and
``book/_data/claims.json`` (whole notebooks run again with other base seeds; absent until somebody
has run them).
"""

from __future__ import annotations

import html
import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from wm_chapters import chapters

from wmlib.evaluation import proportion_interval

ROOT = Path(__file__).parents[2]
STORED = ROOT / "wmlib" / "course"
PASSES = ROOT / "book" / "_data" / "claims.json"
GPU = PASSES.with_name("gpu.json")
PAGE = "book/how_sure"


def stored() -> dict[str, list[dict]]:
    """The stored evidence by chapter, in order of name; of chapters that are in the book."""
    written = {f"{chapter.number:02d}" for chapter in chapters()}
    by_chapter: dict[str, list[dict]] = {}
    for path in sorted(STORED.glob("*/evidence/*.json")):
        evidence = json.loads(path.read_text(encoding="utf8"))
        if path.name[:2] in written and evidence.get("claims"):
            by_chapter.setdefault(path.name[:2], []).append(evidence)
    return by_chapter


def share(held: int, of: int) -> str:
    """How often a claim held, as words and as a row of marks: one for each seed."""
    low, high = proportion_interval(held, of)
    marks = "".join(f'<i class="{"yes" if n < held else "no"}"></i>' for n in range(of))
    return (
        f'<span class="wm-held">{held} of {of}</span>'
        f'<span class="wm-marks" aria-hidden="true">{marks}</span>'
        f'<span class="wm-interval">{low:.0%} to {high:.0%}</span>'
    )


def number(value: float) -> str:
    """A figure with three digits that count."""
    if value is None:
        return "—"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def figures(evidence: dict) -> str:
    """The experiment's figures and how they were computed, folded away."""
    rows = "".join(
        f"<tr><td><code>{html.escape(key)}</code></td><td>{number(n['median'])}</td>"
        f"<td>{number(n['low'])} to {number(n['high'])}</td></tr>"
        for key, n in evidence.get("numbers", {}).items()
    )
    versions = ", ".join(f"{name} {version}" for name, version in evidence["versions"].items())
    seconds = sum(row.get("seconds") or 0 for row in evidence["seeds"])
    table = (
        '<div class="wm-scroll"><table><thead><tr><th>figure</th><th>median</th>'
        f"<th>90 % interval</th></tr></thead><tbody>{rows}</tbody></table></div>"
        if rows
        else ""
    )
    return (
        f"<details><summary>Figures of {html.escape(evidence['experiment'])}</summary>{table}"
        f'<p class="wm-how"><code>{html.escape(evidence["command"])}</code><br>'
        f"{html.escape(evidence['date'])}; {html.escape(versions)}; "
        f"{html.escape(evidence['machine'])}; {seconds:,.0f} CPU-seconds in all</p></details>"
    )


def who_fails(claim: dict) -> str:
    """The trivial agents that a claim was tried on, and in how many seeds each passed it."""
    tried = claim.get("trivial", {})
    told = ", ".join(f"{html.escape(name)} ({n} of {claim['of']})" for name, n in tried.items())
    return f"<br><small>Tried on who must fail it: {told} passed.</small>" if tried else ""


def chapter_html(experiments: list[dict]) -> str:
    """The claims of one chapter."""
    rows = []
    for evidence in experiments:
        for claim in evidence["claims"].values():
            rows.append(
                f"<tr><td>{html.escape(claim['sentence'])}{who_fails(claim)}</td>"
                f"<td>{share(claim['held'], claim['of'])}</td></tr>"
            )
        rows.append(f'<tr class="wm-more"><td colspan="2">{figures(evidence)}</td></tr>')
    return (
        '<div class="wm-scroll"><table class="wm-evidence"><thead><tr><th scope="col">Claim</th>'
        '<th scope="col">Held in, with 90 % interval</th></tr></thead><tbody>'
        f"{''.join(rows)}</tbody></table></div>"
    )


def passes_html(rows: list[dict]) -> str:
    """How often each claim held when whole notebooks were run with other base seeds."""
    counted: dict[tuple[str, str], list[bool]] = {}
    for row in rows:
        counted.setdefault((row["notebook"], row["claim"]), []).append(bool(row["holds"]))
    lines = "".join(
        f"<tr><td>{html.escape(notebook)}</td><td>{html.escape(claim)}</td>"
        f"<td>{share(sum(held), len(held))}</td></tr>"
        for (notebook, claim), held in sorted(counted.items())
    )
    return (
        '<div class="wm-scroll"><table class="wm-evidence"><thead><tr><th scope="col">Chapter'
        '</th><th scope="col">Claim</th><th scope="col">Held in, with 90 % interval</th></tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


class Evidence(SphinxDirective):
    """``{evidence}``"""

    def run(self) -> list[nodes.Node]:
        titles = {f"{c.number:02d}": c.title for c in chapters()}
        by_chapter = stored()
        made: list[nodes.Node] = []
        claims = [
            c
            for experiments in by_chapter.values()
            for e in experiments
            for c in e["claims"].values()
        ]
        if claims:
            kept = sum(c["held"] >= 0.9 * c["of"] for c in claims)
            made.append(
                nodes.paragraph(
                    "",
                    f"{len(claims)} claims rest on stored evidence; {kept} of them held in at "
                    "least nine seeds of ten.",
                )
            )
        else:
            made.append(nodes.paragraph("", "No evidence is stored yet: make evidence runs it."))
        for chapter, experiments in by_chapter.items():
            made.append(
                self.section(
                    f"{int(chapter)} · {titles.get(chapter, chapter)}",
                    f"chapter-{chapter}",
                    chapter_html(experiments),
                )
            )
        if PASSES.exists():
            rows = json.loads(PASSES.read_text(encoding="utf8"))
            seeds = len({row["seed"] for row in rows})
            made.append(
                self.section(
                    "Whole notebooks, run again",
                    "passes",
                    f"<p>Each notebook from top to bottom with one to {seeds} other base seeds: every "
                    f"claim that it prints, and in how many of the runs it held.</p>{passes_html(rows)}",
                )
            )
        return made

    def section(self, title: str, name: str, inside: str) -> nodes.section:
        made = nodes.section("", nodes.title("", title), ids=[name], names=[name])
        made += nodes.raw("", inside, format="html")
        return made


class Gpu(SphinxDirective):
    """``{gpu}``: what `make test-gpu` measured, with the card's name."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(GPU))
        told = json.loads(GPU.read_text(encoding="utf8"))
        lines = "".join(
            f"<tr><td>{html.escape(row['work'])}</td><td>{row['cpu_ms']:,.0f}</td>"
            f"<td>{row['gpu_ms']:,.0f}</td><td>{row['cpu_ms'] / row['gpu_ms']:.1f}</td></tr>"
            for row in told["rows"]
        )
        whole = told.get("dreamer")
        learned = (
            f"<p>Chapter 7's Dreamer on the card: {whole['mean_return']:.0f} of 500 after "
            f"{whole['steps']:,} steps, in {whole['seconds']} seconds.</p>"
            if whole
            else ""
        )
        head = "".join(
            f'<th scope="col">{name}</th>'
            for name in ("Work", "one thread, ms", f"{html.escape(told['card'])}, ms", "ratio")
        )
        table = (
            f'<div class="wm-scroll"><table class="wm-evidence"><thead><tr>{head}</tr></thead>'
            f"<tbody>{lines}</tbody></table></div>{learned}"
            f"<p>Medians, in alternation, torch {html.escape(told['torch'])}, {told['date']}.</p>"
        )
        return [nodes.raw("", table, format="html")]


def always_read(app: Sphinx, env, added, changed, removed) -> list[str]:
    """The evidence may have changed since the last build: read the page again each time."""
    return [PAGE] if PAGE in env.found_docs else []


def setup(app: Sphinx) -> dict:
    app.add_directive("evidence", Evidence)
    app.add_directive("gpu", Gpu)
    app.connect("env-get-outdated", always_read)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
