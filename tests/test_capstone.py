"""The capstone's sample reports: run whole, without an error, each with its trivial agent and rival."""

import nbformat
import pytest
from repository import ROOT

REPORTS = sorted((ROOT / "book" / "capstone").glob("*.ipynb"))


@pytest.mark.parametrize("path", REPORTS, ids=lambda p: p.stem)
def test_a_sample_report_was_run_and_has_what_the_rubric_asks(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert all(len(cell.source.splitlines()) <= 30 for cell in code)
    assert not any(
        o.output_type == "error" or o.get("name") == "stderr" for c in code for o in c.outputs
    )
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for owed in ("*Question.*", "must fail", "What we conclude", "*Missing.*"):
        assert owed in prose


def test_there_is_one_for_each_project():
    page = (ROOT / "book" / "capstone" / "index.md").read_text(encoding="utf8")
    assert len(REPORTS) == 3 and all(f"({path.name})" in page for path in REPORTS)
