"""What every notebook opens with, and how it states what it claims.

The first code cell of every notebook is `wmlib.installing.SETUP`; then it begins::

    from wmlib.notebook import begin, check, confirm

    seed = begin("04")
"""

from __future__ import annotations

import html
import json
import os
import platform
import sys

from wmlib.evidence import Experiment, versions
from wmlib.exercise import Exercise

__all__ = ["Exercise", "begin", "check", "confirm"]

_chapter = "?"


def begin(chapter: str) -> int:
    """Start a notebook: one thread, the house style, the base seed.

    Args:
        chapter: two digits.

    Returns:
        the base seed: 0, or what the environment variable WMLIB_SEED says.
    """
    global _chapter
    import torch

    from wmlib.figures.style import use_style

    _chapter = chapter
    torch.set_num_threads(1)
    use_style()
    raw = os.environ.get("WMLIB_SEED", "0")
    if not raw.isdigit():
        raise ValueError(f"WMLIB_SEED must be a whole number from 0 up, got {raw!r}")
    found = versions()
    device = "a GPU is here, and not needed" if torch.cuda.is_available() else "CPU"
    print(
        f"Python {platform.python_version()}, torch {found['torch'].split('+')[0]}, "
        f"gymnasium {found['gymnasium']}, {device}, base seed {int(raw)}"
    )
    return int(raw)


def confirm(sentence: str, holds: object) -> None:
    """State what must be so: that two ways of computing agree, that the arithmetic is right.

    Args:
        sentence: what is so. holds: whether it is.

    Raises:
        AssertionError: under tests (WMLIB_TEST=1), if it is not.
    """
    print(f"{'✓' if holds else '✗ not so:'} {sentence}")
    _stop_a_test_unless(holds, sentence)


def check(experiment: Experiment, figures: dict) -> None:
    """State the claims of an experiment with their verdicts for this run's figures, in one line.

    Below it, folded, stand the sentences, with the numbers of the stored evidence.

    Args:
        experiment: whose claims. figures: what `experiment.run(seed)` gave, or your own cells
            computed under the same names.

    Raises:
        AssertionError: under tests (WMLIB_TEST=1), if one does not hold.
    """
    rows = [
        (experiment.sentence(key), holds, experiment.summary(key))
        for key, holds in experiment.holds(figures).items()
    ]
    for key, (sentence, holds, _) in zip(experiment.claims, rows):
        _record(sentence, holds, f"{experiment.name}.{key}")
    _display(_Verdicts(rows))
    for sentence, holds, _ in rows:
        _stop_a_test_unless(holds, sentence)


def _stop_a_test_unless(holds, sentence):
    if not holds and os.environ.get("WMLIB_TEST") == "1":
        raise AssertionError(f"claim failed: {sentence}")


def _record(sentence, holds, evidence):
    """For `make seeds`: one line a claim, appended to the file named by WMLIB_CLAIMS."""
    path = os.environ.get("WMLIB_CLAIMS")
    if path:
        seed = int(os.environ.get("WMLIB_SEED", "0"))
        row = {
            "notebook": _chapter,
            "claim": sentence,
            "seed": seed,
            "holds": holds,
            "evidence": evidence,
        }
        with open(path, "a", encoding="utf8") as file:
            file.write(json.dumps(row) + "\n")


class _Verdicts:
    """Claims as text for a terminal, and for a page as one line that unfolds.

    Args:
        rows: (sentence, whether it holds, stored evidence in words or "") of each claim.
    """

    def __init__(self, rows):
        self.rows = rows

    def _said(self):
        """The line that is always there."""
        failed = sum(not holds for _, holds, _ in self.rows)
        if len(self.rows) == 1:
            return "In this run it " + ("did not hold this time." if failed else "holds.")
        if failed:
            return f"{failed} of {len(self.rows)} claims did not hold this time."
        return f"All {len(self.rows)} claims hold in this run."

    def __repr__(self):
        lines = []
        for sentence, holds, stored in self.rows:
            lines += [f"CLAIM  {sentence}"]
            lines += [f"       In this run it {'holds' if holds else 'did not hold this time'}."]
            lines += [f"       Stored evidence: {stored}."] if stored else []
        return "\n".join(lines)

    def _repr_html_(self):
        fine = all(holds for _, holds, _ in self.rows)
        colour, mark = ("#009E73", "&#10003;") if fine else ("#B8860B", "&#8776;")
        css = f"border-left:3px solid {colour};padding:.35em .9em;margin:.6em 0"
        kind = f'class="wm-claim {"wm-holds" if fine else "wm-fails"}" style="{css}"'
        told = [
            html.escape(sentence)
            + (f"<br><small>Stored evidence: {stored}.</small>" if stored else "")
            for sentence, _, stored in self.rows
        ]
        if len(self.rows) == 1:
            sentence, _, stored = self.rows[0]
            below = f"<br><small>{self._said()}"
            below += f" Stored evidence: {html.escape(stored)}." if stored else ""
            return (
                f"<div {kind}><strong>{mark}</strong> {html.escape(sentence)}{below}</small></div>"
            )
        items = "".join(
            f"<li>{'&#10003;' if holds else '&#8776;'} {words}</li>"
            for words, (_, holds, _) in zip(told, self.rows)
        )
        plain = "list-style:none;padding-left:0;margin:.4em 0"
        return (
            f"<div {kind}><details><summary><strong>{mark}</strong> {self._said()}</summary>"
            f'<ul style="{plain}">{items}</ul></details></div>'
        )


def _display(verdicts):
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.display import display

        display(verdicts)
    else:
        print(verdicts)
