"""The core of a chapter, written from what its notebook shows alone, without `wmlib`, learns."""

import ast
import runpy
from pathlib import Path

import pytest

CORES = sorted((Path(__file__).parent / "cores").glob("core_*.py"))
every_core = pytest.mark.parametrize("path", CORES, ids=lambda p: p.stem)


@every_core
def test_it_fits_on_a_page_and_needs_no_library_of_ours(path):
    text = path.read_text(encoding="utf8")
    assert len(text.splitlines()) <= 100
    modules = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            modules.add(node.module)
        elif isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
    assert not {name for name in modules if name.split(".")[0] == "wmlib"}


@pytest.mark.slow
@every_core
def test_it_learns(path):
    """Each ends with a function `learns()`, which trains it and asserts that it can do its task."""
    runpy.run_path(str(path))["learns"]()
