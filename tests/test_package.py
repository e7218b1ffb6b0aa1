"""The package is cheap to import, its imports run one way, and nothing names this machine."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Each may import from those before it. A folder is a room; so is a file that stands by itself.
ORDER = [
    "files",
    "installing",
    "devices",
    "spread",
    "training",
    "weights",
    "worlds",
    "agents",
    "acting",
    "experience",
    "streams",
    "models",
    "planning",
    "learning",
    "evaluation",
    "scoreboard",
    "evidence",
    "figures",
    "widgets",
    "players",
    "exercise",
    "questions",
    "notebook",
    "challenges",
    "course",
]
FILES = sorted((ROOT / "wmlib").rglob("*.py"))


def test_importing_wmlib_loads_nothing_heavy():
    code = "import sys, wmlib; print([m for m in ('torch', 'numpy', 'matplotlib', 'gymnasium') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf8", check=True
    )
    assert done.stdout.strip() == "[]"


def module(path):
    """The dotted name of a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module(path): path for path in FILES}


def imported(path):
    """The modules of ours that a file imports, wherever in it: what a package hands on is its own."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "wmlib":
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)


def room(name):
    """`wmlib.models.rssm` -> models; `wmlib.course.ch07_dreamer.study` -> course.ch07_dreamer."""
    parts = name.split(".")[1:]
    return ".".join(parts[:2]) if parts[:1] == ["course"] else (parts or [""])[0]


every_module = pytest.mark.parametrize("name", sorted(set(MODULES) - {"wmlib"}))


@every_module
def test_imports_run_one_way_between_rooms(name):
    for other in imported(MODULES[name]):
        if other != "wmlib":
            here, there = (ORDER.index(room(each).split(".")[0]) for each in (name, other))
            assert there <= here, f"{name} imports {other}"


@every_module
def test_no_chapters_room_imports_from_another(name):
    if room(name).startswith("course."):
        others = {room(other) for other in imported(MODULES[name])}
        assert {o for o in others if o.startswith("course.")} <= {room(name)}


def test_there_is_no_circle_anywhere():
    """Not between rooms and not inside one: files can be put in an order."""
    from graphlib import TopologicalSorter

    graph = {
        name: {other for other in imported(path) if other not in (name, "wmlib")}
        for name, path in MODULES.items()
    }
    TopologicalSorter(graph).prepare()  # raises CycleError


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_are_readable_in_one_sitting(path):
    # A chapter's experiments stand together, with the sentences they claim.
    limit = 490 if path.stem == "experiments" else 330
    assert len(path.read_text(encoding="utf8").splitlines()) <= limit


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_what_is_public_says_what_it_does(path):
    tree = ast.parse(path.read_text(encoding="utf8"))
    assert ast.get_docstring(tree), f"{path.name} has no docstring"
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{path.name}: {node.name} has no docstring"


def committed():
    done = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, encoding="utf8", check=True
    )
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def test_nothing_names_a_machine_or_a_registry():
    places = re.compile(r"(?<![\w.])/(?:root|home|work|Users)/\w|/tmp/\w|ipykernel_\d+")
    hosts = re.compile(
        "|".join(
            ["pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npmjs", "deb" + r"\.debian"]
        )
    )
    for path in committed():
        if (
            path.suffix
            in {".ipynb", ".py", ".md", ".txt", ".toml", ".yml", ".json", ".bib", ".css"}
            and "vendor" not in path.parts
        ):
            text = path.read_text(encoding="utf8")
            if path.name not in {"test_package.py", "test_jail.py"}:  # a jail has folders too
                assert not places.search(text), f"{path}: {places.search(text).group()}"
            assert not hosts.search(text), f"{path}: {hosts.search(text).group()}"


def test_wmlib_names_only_floors_and_requirements_pin_exactly():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
    assert all("==" not in d and "<" not in d for d in project["dependencies"])
    lines = list((ROOT / "requirements.txt").read_text(encoding="utf8").splitlines())
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
    secret = {name for name in ours if "/instructor/" in name}
    assert secret and not secret & packed, f"a student would hold {sorted(secret & packed)}"
    assert ours - secret <= packed, f"not packed: {sorted(ours - secret - packed)}"


LIBRARY = sorted(
    name
    for name in MODULES
    if name != "wmlib" and room(name).split(".")[0] != "course" and ".instructor" not in name
)


def public_functions(module):
    """The public functions and methods that a module defines: (name, function, overridden)."""
    for name, what in vars(module).items():
        if name.startswith("_") or getattr(what, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(what):
            yield name, what, False
        elif inspect.isclass(what):
            for key, member in vars(what).items():
                member = member.fget if isinstance(member, property) else member
                member = inspect.unwrap(getattr(member, "__func__", member))
                ours = inspect.isfunction(member) and member.__module__ == module.__name__
                if ours and (key == "__init__" or not key.startswith("_")):
                    above = any(key in vars(base) for base in what.__mro__[1:])
                    yield f"{name}.{key}", member, above and key != "__init__"


@pytest.mark.parametrize("name", LIBRARY)
def test_what_is_public_is_annotated(name):
    """A method that overrides another may leave it to the one that it overrides."""
    for where, function, overrides in public_functions(importlib.import_module(name)):
        wanted = {key for key in inspect.signature(function).parameters if key != "self"} - {"cls"}
        wanted |= set() if where.endswith("__init__") else {"return"}
        missing = wanted - set(function.__annotations__)
        assert overrides or not missing, f"{where}: {sorted(missing)}"


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "wmlib" / "py.typed").exists()


def lines(*parts):
    return sum(
        len(path.read_text(encoding="utf8").splitlines())
        for path in FILES
        if path.relative_to(ROOT / "wmlib").parts[0] in parts
    )


def test_readme_and_package_say_how_long_they_are():
    """The library to the hundred; the course, which grows by a chapter, to the thousand."""
    parts = {path.relative_to(ROOT / "wmlib").parts[0] for path in FILES}
    real = {
        "library": lines(*parts.difference(("course", "figures", "challenges"))),
        "figures": lines("figures"),
        "course": lines("course"),
    }
    readme = (ROOT / "README.md").read_text(encoding="utf8")
    assert all(part.split(".")[0] in readme for part in parts - {"__init__.py"})
    for path, wanted in (("README.md", list(real)), ("wmlib/__init__.py", ["library", "course"])):
        text = " ".join((ROOT / path).read_text(encoding="utf8").split())
        said = [int(n.replace(",", "")) for n in re.findall(r"\b\d+,\d00\b", text)]
        assert len(said) == len(wanted), f"{path} says {said}"
        for what, number in zip(wanted, said):
            within = 1000 if what == "course" else 100
            assert abs(number - real[what]) <= within, f"{path}: {what} has {real[what]}"


def test_every_command_that_a_page_tells_is_one_of_the_makefile():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf8"), re.M))
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "book").glob("*.md")]
    for page in pages:
        told = re.findall(r"(?m)(?:^|`)make ([a-z-]+)", page.read_text(encoding="utf8"))
        assert set(told) <= targets, page.name
    assert len(re.findall(r"(?m)^make ([a-z-]+)", pages[0].read_text(encoding="utf8"))) > 10


def test_seeds_are_numbers_or_go_through_the_function_that_flattens_them():
    """NumPy from 2.5 on refuses a list within a list, and `[seed, 3]` is one if `seed` is a list."""
    seeded = re.compile(r"random\.(?:default_rng|SeedSequence)\((?!\)|\d+\))")
    found = {
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "wmlib").rglob("*.py"))
        if "challenges" not in path.parts and path.name != "devices.py"
        for line in path.read_text(encoding="utf8").splitlines()
        if seeded.search(line)
    }
    assert not {line for line in found if "int(" not in line}
