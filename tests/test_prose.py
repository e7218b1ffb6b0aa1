"""Counts and figures in prose that no claim prints: each is computed anew from the evidence.

A row is a sentence with {} for every figure, the experiment whose stored seeds it tells of, and a
function of those seeds that fills the holes. The sentence must stand so in the prose of the place
that its list is named for: a chapter's markdown, or a file.
"""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest
from prose import ROWS

from wmlib.evidence import stored_evidence

ROOT = Path(__file__).parents[1]


@cache
def seeds(experiment: str) -> list[dict]:
    """Figures of every stored seed; those of others under their name."""
    rows = stored_evidence(experiment)["seeds"]
    return [row["figures"] | row.get("others", {}) for row in rows]


@cache
def prose(place: str) -> str:
    """A chapter's markdown ("03"), the text of a page, or the strings of a Python file."""
    if place.isdigit():
        (path,) = (ROOT / "notebooks").glob(f"{place}_*.ipynb")
        cells = json.loads(path.read_text(encoding="utf8"))["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    else:
        text = (ROOT / place).read_text(encoding="utf8")
    if place.endswith(".py"):
        nodes = (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant))
        text = "\n".join(n.value for n in nodes if isinstance(n.value, str))
    return re.sub(r"\s+", " ", text)


def filled(sentence, found) -> str:
    """The sentence with its figures: one, or as many as it has holes."""
    return sentence.format(*(found if isinstance(found, (list, tuple)) else [found]))


@pytest.mark.parametrize(
    ("place", "sentence", "experiment", "figures"),
    [pytest.param(place, *row, id=f"{place}-{row[1]}") for place in ROWS for row in ROWS[place]],
)
def test_prose_says_what_the_evidence_says(place, sentence, experiment, figures):
    wanted = filled(sentence, figures(seeds(experiment)))
    assert wanted in prose(place), f"{place} does not say: {wanted}"


def test_another_seed_would_be_noticed():
    place, (sentence, experiment, figures) = "01", ROWS["01"][1]
    other = seeds(experiment) + [{"fed_walks_q_lambda": 80, "fresh_map": {"fed_walks_map": 1}}]
    assert filled(sentence, figures(other)) not in prose(place)
