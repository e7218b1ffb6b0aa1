"""It works on other machines: other encodings, no POSIX modules, odd paths, no home to write to.

`tests/windows/sitecustomize.py` makes every Python begun from here behave as on Windows.
"""

import ast
import os
import sys
from types import SimpleNamespace

import pytest
from repository import ROOT, copy_to, files, python, tool

CODE = [path for path in files() if path.suffix == ".py"]
POSIX = {"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"}


def tree(path):
    return ast.parse((ROOT / path).read_text(encoding="utf8"))


def reads_as_the_locale_says(call):
    """Whether a call opens text, or runs a program and reads what it says, without `encoding`."""
    method = isinstance(call.func, ast.Attribute)
    name = call.func.attr if method else getattr(call.func, "id", "")
    owner = getattr(getattr(call.func, "value", None), "id", "")
    named = {keyword.arg for keyword in call.keywords}
    words = [
        a.value for a in [*call.args, *(k.value for k in call.keywords)] if hasattr(a, "value")
    ]
    if "encoding" in named or "utf8" in words:
        return False
    if name in ("open", "fdopen", "NamedTemporaryFile", "TemporaryFile"):
        binary = any(isinstance(word, str) and len(word) <= 3 and "b" in word for word in words)
        # Pictures, descriptors and members of a zip are bytes.
        plain = owner in ("Image", "archive") or (owner, name) == ("os", "open")
        return not plain and not binary and not name.endswith("TemporaryFile")
    if name in ("read_text", "write_text"):
        return method  # `wmlib.files.write_text` is a function
    return any(k.arg == "text" and ast.unparse(k.value) == "True" for k in call.keywords)


def test_text_is_read_and_written_as_utf8_whatever_the_locale():
    found = [
        f"{path}:{node.lineno}"
        for path in CODE
        if path.name != "sitecustomize.py"  # which is about the locale
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and reads_as_the_locale_says(node)
    ]
    assert not found, "say encoding='utf8' there"


@pytest.mark.parametrize(
    "code, found",
    [
        ("open(path)", True),
        ("path.open('a')", True),
        ("path.read_text()", True),
        ("path.write_text(words)", True),
        ("os.fdopen(handle, 'w')", True),
        ("subprocess.run(command, text=True)", True),
        ("open(path, 'rb')", False),
        ("path.read_text(encoding='utf8')", False),
        ("path.read_text('utf8')", False),
        ("write_text(path, words)", False),
        ("Image.open(path)", False),
        ("os.open(path, os.O_RDONLY)", False),
        ("subprocess.run(command, capture_output=True, encoding='utf8')", False),
    ],
)
def test_the_test_of_encodings_sees(code, found):
    assert reads_as_the_locale_says(ast.parse(code).body[0].value) == found


def imports(path):
    """Each import of a file: its line, what it names, and whether its lack is met by an `except`."""
    code = tree(path)
    guarded = {
        id(statement)
        for node in ast.walk(code)
        if isinstance(node, ast.Try)
        and any("ImportError" in ast.unparse(h.type) for h in node.handlers if h.type)
        for statement in node.body
    }
    for node in ast.walk(code):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} | {getattr(node, "module", None)}
            yield node.lineno, names, id(node) in guarded


def test_posix_modules_are_imported_only_where_their_lack_is_met():
    for path in CODE:
        for line, names, met in imports(path):
            assert met or not names & POSIX, f"{path}:{line}"


# ----------------------------------------------------------------------- what a process took


@pytest.mark.parametrize("platform, maxrss", [("linux", 3 * 2**19), ("darwin", 3 * 2**29)])
def test_memory_is_right_where_it_is_counted_in_kilobytes_and_where_in_bytes(
    monkeypatch, platform, maxrss
):
    notebooks = tool("notebooks")
    used = SimpleNamespace(ru_utime=50.0, ru_stime=22.0, ru_maxrss=maxrss)
    stand_in = SimpleNamespace(RUSAGE_CHILDREN=-1, getrusage=lambda who: used)
    monkeypatch.setattr(notebooks, "resource", stand_in)
    monkeypatch.setattr(sys, "platform", platform)
    assert notebooks.cost_of_children() == {"minutes": 1.2, "peak_gb": 1.5}


def test_where_the_system_does_not_say_nothing_is_made_up(monkeypatch):
    notebooks = tool("notebooks")
    monkeypatch.setattr(notebooks, "resource", None)
    assert notebooks.cost_of_children() is None


# ------------------------------------------------------------------------------ all of it at once


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Runs Python in a copy: as on Windows, in a path with spaces and accents, without a home."""
    copy = copy_to(tmp_path_factory.mktemp("anywhere") / "Größe mit Leerzeichen" / "Kurs")
    (copy.parent / "a file").touch()
    environment = {
        "PYTHONPATH": os.pathsep.join([str(copy / "tests" / "windows"), str(copy)]),
        "PYTHONUTF8": "0",
        "PYTHONIOENCODING": "cp1252",
        "HOME": str(copy.parent / "a file" / "home"),  # nobody, not even root, can make it
    }
    return lambda *arguments: python(copy, *arguments, reads="cp1252", **environment)


@pytest.mark.slow
def test_the_stand_in_for_windows_stands_in(elsewhere):
    """Else the tests below see nothing."""
    for code, error in (
        ("open('README.md', 'w').write('≥')", "UnicodeEncodeError"),
        ("import pathlib; pathlib.Path('x').write_text('≥')", "UnicodeEncodeError"),
        ("import resource", "as on Windows"),
        ("import pathlib; (pathlib.Path.home() / 'x').mkdir(parents=True)", "NotADirectoryError"),
        ("print('≥')", "UnicodeEncodeError"),
    ):
        assert error in elsewhere("-c", code).stderr


@pytest.mark.slow
def test_every_module_can_be_imported_elsewhere(elsewhere):
    modules = [
        ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        for path in CODE
        if path.parts[0] == "wmlib"
    ]
    code = f"import importlib\nfor name in {modules}: importlib.import_module(name)"
    done = elsewhere("-c", code)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.slow
def test_the_evidence_command_runs_and_lists_elsewhere(elsewhere):
    run = ["run", "01", "--only", "lookahead", "--seeds", "1", "--dry"]
    for arguments, wanted in ((run, "01_lookahead 0 {"), (["list"], "held in")):
        done = elsewhere("-m", "wmlib.evidence", *arguments)
        assert done.returncode == 0 and wanted in done.stdout, done.stderr[-2000:]


@pytest.mark.slow
def test_a_chapter_can_be_begun_run_and_tested_elsewhere(elsewhere):
    """Evidence is stored, kernels run the notebook, and the tests of notebooks accept it."""
    done = elsewhere("book/_tools/new_chapter.py", "my_topic")
    assert done.returncode == 0, done.stderr[-2000:]
    suites = [f"tests/test_{name}.py" for name in ("notebooks", "evidence", "book")]
    notebook = done.stdout.splitlines()[-2]
    done = elsewhere("-m", "pytest", "-q", "-m", "not slow", "--nbval-lax", *suites, notebook)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.slow
def test_the_address_is_stamped_elsewhere(elsewhere):
    done = elsewhere("book/_tools/fork.py", "https://github.com/you/course")
    assert done.returncode == 0 and "_config.yml" in done.stdout, done.stderr[-2000:]
