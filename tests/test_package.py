"""The package is cheap to import, its imports run one way, and nothing names this machine."""

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ORDER = ["worlds", "experience", "streams", "models", "planning", "learning", "evaluation", "scoreboard", "figures",
         "widgets", "players", "experiments", "notebook"]  # fmt: skip
FILES = sorted((ROOT / "wmlib").rglob("*.py"))


def test_importing_wmlib_loads_nothing_heavy():
    code = "import sys, wmlib; print([m for m in ('torch', 'numpy', 'matplotlib', 'gymnasium') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def part(path):
    return path.relative_to(ROOT / "wmlib").with_suffix("").parts[0]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_one_way(path):
    if part(path) == "__init__":
        return
    here = ORDER.index(part(path))
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("wmlib."):
                assert ORDER.index(name.split(".")[1]) <= here, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_are_readable_in_one_sitting(path):
    # A chapter's experiments stand together, with the sentences they claim.
    limit = 480 if path.stem.startswith("chapter_") else 320
    assert len(path.read_text().splitlines()) <= limit


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_what_is_public_says_what_it_does(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), f"{path.name} has no docstring"
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{path.name}: {node.name} has no docstring"


def committed():
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def test_nothing_names_a_machine_or_a_registry():
    places = re.compile(r"(?<![\w.])/(?:root|home|work|Users)/\w|/tmp/\w|ipykernel_\d+")
    hosts = re.compile("|".join(["pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npmjs", "deb" + r"\.debian"]))
    for path in committed():
        if path.suffix in {".ipynb", ".py", ".md", ".txt", ".toml", ".yml", ".json", ".bib", ".css"} and "vendor" not in path.parts:
            text = path.read_text()
            if path.name != "test_package.py":
                assert not places.search(text), f"{path}: {places.search(text).group()}"
            assert not hosts.search(text), f"{path}: {hosts.search(text).group()}"


def test_wmlib_names_only_floors_and_requirements_pin_exactly():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert all("==" not in d and "<" not in d for d in project["dependencies"])
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines()]
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins and all("==" in line for line in pins)


@pytest.mark.slow
def test_pip_install_takes_along_everything_the_package_reads(tmp_path):
    wheel = [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation"]
    # From a copy, so that building leaves nothing behind and sees nothing that is not committed.
    copy = tmp_path / "copy"
    subprocess.run(["git", "checkout-index", "-a", f"--prefix={copy}/"], cwd=ROOT, check=True)
    subprocess.run([*wheel, "-w", tmp_path, "-q"], cwd=copy, check=True)
    packed = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    ours = {str(p.relative_to(copy)) for p in (copy / "wmlib").rglob("*") if p.is_file()}
    assert ours and ours <= packed, f"not packed: {sorted(ours - packed)}"
