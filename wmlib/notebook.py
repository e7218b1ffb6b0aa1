"""What every notebook opens with, and how it states what it claims.

The setup cell, the same in every notebook (`book/_tools/fork.py` stamps the address)::

    import importlib.util

    REPOSITORY = "https://world-models.invalid/course"  # stamped by `make fork`
    if importlib.util.find_spec("wmlib") is None:
        if ".invalid" in REPOSITORY:
            raise SystemExit(
                "wmlib is not installed, and this copy of the course does not know its own "
                "address yet: clone the repository and run `pip install .` in it, or ask "
                "whoever gave you this notebook to run `make fork REPO=https://...`"
            )
        %pip install -q --no-deps "wmlib @ git+{REPOSITORY}"

    from wmlib.notebook import begin, check, claim

    seed = begin("04")
"""

from __future__ import annotations

import html
import json
import os
import platform
import sys
from collections.abc import Callable
from typing import Any

from wmlib.evidence import Experiment, versions

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


def claim(sentence: str, holds: object) -> None:
    """State a fact that this run alone decides, with its verdict.

    Args:
        sentence: what is claimed. holds: whether it is so.

    Raises:
        AssertionError: under tests (WMLIB_TEST=1), if it does not hold.
    """
    _state(sentence, bool(holds), evidence=None)


def check(experiment: Experiment, figures: dict) -> None:
    """State every claim of an experiment for this run's figures, beside the stored evidence.

    Args:
        experiment: whose claims. figures: what `experiment.run(seed)` gave, or your own cells
            computed under the same names.
    """
    for key, holds in experiment.holds(figures).items():
        sentence, _ = experiment.claims[key]
        _state(sentence, holds, f"{experiment.name}.{key}", experiment.summary(key))


def _state(sentence, holds, evidence, summary=""):
    _record(sentence, holds, evidence)
    _display(sentence, holds, summary)
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


class _Verdict:
    """A claim as text for a terminal and as HTML for a page."""

    def __init__(self, sentence, holds, summary):
        self.sentence, self.holds = sentence, holds
        self.verdict = "holds" if holds else "did not hold this time"
        self.stored = f"Stored evidence: {summary}." if summary else ""

    def __repr__(self):
        lines = [f"CLAIM  {self.sentence}", f"       In this run it {self.verdict}."]
        return "\n".join(lines + ([f"       {self.stored}"] if self.stored else []))

    def _repr_html_(self):
        colour, mark = ("#009E73", "&#10003;") if self.holds else ("#B8860B", "&#8776;")
        css = f"border-left:3px solid {colour};padding:.35em .9em;margin:.6em 0"
        kind = "wm-holds" if self.holds else "wm-fails"
        stored = f"<br><small>{html.escape(self.stored)}</small>" if self.stored else ""
        return (
            f'<div class="wm-claim {kind}" style="{css}"><strong>{mark} Claim</strong> '
            f"{html.escape(self.sentence)}<br><small>In this run it {self.verdict}.</small>"
            f"{stored}</div>"
        )


def _display(sentence, holds, summary):
    verdict = _Verdict(sentence, holds, summary)
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.display import display

        display(verdict)
    else:
        print(verdict)


class Exercise:
    """An instant check of a learner's answer that says which mistake it is.

    Args:
        name: shown in the verdict.
        checks: list of (test, hint): `test(answer) -> bool`, true where the answer is right so
            far; the first that is false gives its hint.
    """

    def __init__(self, name: str, checks: list[tuple[Callable[[Any], object], str]]):
        self.name, self.checks = name, checks

    def mistake(self, answer: Any) -> str | None:
        """The hint for the first mistake, or None where there is none."""
        for test, hint in self.checks:
            try:
                right = bool(test(answer))
            except NotImplementedError:
                return "nothing there yet: replace the line that raises NotImplementedError"
            except Exception as error:
                return f"your code stops with {type(error).__name__}: {error}"
            if not right:
                return hint
        return None

    def __call__(self, answer: Any) -> None:
        """Check and print. Never raises, so that the notebook goes on."""
        mistake = self.mistake(answer)
        print(f"{self.name}: right." if mistake is None else f"{self.name}: not yet. {mistake}")
