"""Do the tests see? Small mistakes are planted in the library, one at a time, and the fast tests run.

    make mutants N=60                      draws 60 lines of the library, and a mistake in each
    make mutants N=60 SEED=1               another draw
    make mutants N=20 FILES="planning/*"   from some of its files
    make mutants ONLY="models/rssm.py:123.0 planning/mpc.py:52.1"     these again, by their names

A mistake that no test notices *survives*. Either it changes nothing (then say so), or a test is
missing. Mistakes are planted in copies, the checkout is never touched.

The mistakes are mutmut's (one swapped operator, number, True or keyword), and kinds that real bugs
had here: an argument left out, a call left out (`shift(plan)` becomes `plan`), a statement left out,
an `if` whose body is always or never run. What would only be a crash or another
wording (strings, `None` for a value, the text of an error) is left out, and so are numbers that
are defaults of arguments: they are settings, for which the stored evidence answers.

mutmut's own runner is not used: it passes over every decorated function (`act`, `evaluate`,
`imagine` are), draws no sample, and writes into the checkout; cosmic-ray changes the checkout's
files in place, and leaves out no argument. Each mutant is run on the test files that import its
module, and then on those of the library that import its room, which is read off their imports.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path
from queue import Queue
from typing import NamedTuple

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation import mutators

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = {"course", "figures", "players"}
# Of mutmut's operators those whose mistakes are more than a crash or another wording.
THEIRS = [
    mutators.operator_number,
    mutators.operator_name,
    mutators.operator_swap_op,
    mutators.operator_augmented_assignment,
    mutators.operator_remove_unary_ops,
    mutators.operator_keywords,
    mutators.operator_if_exp,
]


class Mutant(NamedTuple):
    """A mistake: in which file (below wmlib), on which line, and the file's text with it."""

    name: str
    file: str
    before: str
    after: str

    def diff(self) -> str:
        lines = difflib.unified_diff(self.before.splitlines(), self.after.splitlines(), n=1)
        return "\n".join("    " + line for line in list(lines)[3:])


def mistakes(node, parents, imported):
    """What could be in a node's place."""
    for kind, operator in mutators.mutation_operators:
        if isinstance(node, kind) and operator in THEIRS:
            yield from operator(node)
    if isinstance(node, cst.Call):
        yield from arguments_left_out(node)
        yield from call_left_out(node, imported)
    if isinstance(node, cst.SimpleStatementLine) and left_out(node, parents):
        yield node.with_changes(body=[cst.Pass()])
    if isinstance(node, cst.If):
        yield from (node.with_changes(test=cst.Name(word)) for word in ("True", "False"))


def arguments_left_out(call):
    if len(call.args) > 1 and not is_named(call.func, {"isinstance", "super"}):
        last = sum(arg.keyword is None for arg in call.args) - 1  # those before it would be a crash
        for i, arg in enumerate(call.args):
            if arg.keyword is not None or i == last:
                yield call.with_changes(args=[*call.args[:i], *call.args[i + 1 :]])


def call_left_out(call, imported):
    """`f(x)` becomes `x`, `x.f(...)` becomes `x`."""
    if len(call.args) == 1 and call.args[0].keyword is None and call.args[0].star == "":
        if not (isinstance(call.func, cst.Name) and call.func.value in PLAIN):
            yield call.args[0].value
    if isinstance(call.func, cst.Attribute):
        whose = call.func.value
        if not (isinstance(whose, cst.Name) and whose.value in imported | {"self", "cls"}):
            if not (isinstance(whose, cst.Call) and is_named(whose.func, {"super"})):
                yield whose


# Left out, these are a crash, or no mistake at all.
PLAIN = {"len", "range", "list", "tuple", "dict", "set", "int", "float", "str", "iter", "next"}
PLAIN |= {"isinstance", "hasattr", "callable", "enumerate", "super", "zip", "type", "print", "id"}


def left_out(line, parents):
    """Whether a line is a statement whose absence need not be a crash at once."""
    if len(line.body) != 1:
        return False
    (statement,) = line.body
    if isinstance(statement, cst.Expr):
        return isinstance(statement.value, cst.Call)
    if isinstance(statement, cst.Assign):
        begins = any(isinstance(p, cst.FunctionDef) and p.name.value == "__init__" for p in parents)
        target = statement.targets[0].target
        return isinstance(target, cst.Subscript) or (
            isinstance(target, cst.Attribute) and not begins
        )
    return isinstance(statement, (cst.AugAssign, cst.Break, cst.Continue))


def is_named(node, names):
    return isinstance(node, cst.Name) and node.value in names


class Planter(cst.CSTVisitor):
    """Finds all mistakes that can be planted in a file."""

    METADATA_DEPENDENCIES = (PositionProvider,)
    NEVER = (cst.Annotation, cst.Decorator, cst.Raise, cst.Import, cst.ImportFrom, cst.BaseString)

    def __init__(self, imported):
        self.imported, self.parents, self.found = imported, [], []

    def on_visit(self, node):
        default = bool(self.parents) and isinstance(self.parents[-1], cst.Param)
        if isinstance(node, self.NEVER) or (default and isinstance(node, cst.BaseNumber)):
            return False
        if isinstance(node, cst.Assign) and is_named(node.targets[0].target, {"__all__"}):
            return False
        for other in mistakes(node, self.parents, self.imported):
            line = self.get_metadata(PositionProvider, node).start.line
            self.found.append((line, node, other))
        self.parents.append(node)
        return True

    def on_leave(self, node):
        if self.parents and self.parents[-1] is node:
            self.parents.pop()


def planted(path: Path, file: str) -> dict[int, list]:
    """All mistakes of a file, by line: functions that make the `Mutant`, or None if it is none."""
    code = path.read_text(encoding="utf8")
    tree = ast.parse(code)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import)]
    imported = {(a.asname or a.name).split(".")[0] for node in imports for a in node.names}
    wrapper = MetadataWrapper(cst.parse_module(code))
    wrapper.visit(planter := Planter(imported))
    found: dict[int, list] = {}
    for line, node, other in planter.found:
        here = found.setdefault(line, [])
        name = f"{file}:{line}.{len(here)}"

        def make(node=node, other=other, name=name):
            after = wrapper.module.deep_replace(node, other).code
            try:
                same = ast.dump(ast.parse(after)) == ast.dump(tree)
            except SyntaxError:
                return None
            return None if same else Mutant(name, file, code, after)

        here.append(make)
    return found


def draw(root: Path, n: int, seed: int, only: str = "*") -> list[Mutant]:
    """n lines of the library's rooms, drawn evenly, and one mutant of each."""
    wmlib, places = root / "wmlib", []
    files = [path for path in sorted(wmlib.rglob("*.py")) if room(path, wmlib) not in LEFT_OUT]
    files = [path for path in files if fnmatch(path.relative_to(wmlib).as_posix(), only)]
    for path in files:
        places += planted(path, path.relative_to(wmlib).as_posix()).values()
    print(f"{sum(map(len, places))} mutants on {len(places)} lines of {len(files)} files")
    rng, drawn = random.Random(seed), []
    rng.shuffle(places)
    while places and len(drawn) < n:
        here = places.pop()
        mutant = next(filter(None, (make() for make in rng.sample(here, len(here)))), None)
        drawn += [mutant] if mutant else []
    return drawn


def named(root: Path, name: str) -> Mutant:
    """The mutant with this name, as a draw prints it."""
    file, _, place = name.partition(":")
    line, _, k = place.partition(".")
    return planted(root / "wmlib" / file, file)[int(line)][int(k)]()


def room(path: Path, wmlib: Path) -> str:
    """`wmlib/models/rssm.py` -> models; `wmlib/evidence.py` -> evidence."""
    return path.relative_to(wmlib).with_suffix("").parts[0]


def modules_of(path: Path, root: Path) -> set[str]:
    """The modules of ours that a file imports (`models/rssm.py`), through a room's `__init__` too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.Import):
            found |= {file for a in node.names for file in [module_file(a.name, root)] if file}
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("wmlib"):
            for alias in node.names:
                found.add(defined(node.module, alias.name, root))
    return found - {None}


def module_file(name: str, root: Path) -> str | None:
    base = root.joinpath(*name.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if name.startswith("wmlib") and path.exists():
            return path.relative_to(root / "wmlib").as_posix()
    return None


def defined(module: str, name: str, root: Path) -> str | None:
    """The file in which what `from module import name` gives is defined."""
    if file := module_file(f"{module}.{name}", root):
        return file
    file = module_file(module, root)
    if file and file.endswith("__init__.py"):
        for node in ast.parse((root / "wmlib" / file).read_text(encoding="utf8")).body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("wmlib"):
                if name in {a.asname or a.name for a in node.names}:
                    return defined(node.module, name, root)
    return file


def tests_for(root: Path) -> dict[str, list[str]]:
    """Module -> test files: those that import it, then those of the library that import its room.

    The tests of a room of one file are also those of the files that import it. Those about little
    else come first: they are the quickest to notice.
    """
    wmlib = root / "wmlib"
    tests = {path.name: modules_of(path, root) for path in (root / "tests").glob("test_*.py")}
    ours = {p.relative_to(wmlib).as_posix(): modules_of(p, root) for p in wmlib.rglob("*.py")}
    found = {}
    for file in ours:
        if "/" in file:
            near = {f for f in ours if f.split("/")[0] == file.split("/")[0]}
        else:
            near = {file} | {f for f in ours if file in ours[f]}
        mapped = [t for t, files in tests.items() if file in files or files & near and plain(files)]
        found[file] = sorted(mapped, key=lambda t: (file not in tests[t], len(tests[t]), t))
    return found


def plain(files: set[str]) -> bool:
    """Whether these are modules of the library alone, and of no chapter's room."""
    return not any(file.startswith("course/") for file in files)


def copy(into: Path) -> Path:
    """The package and its tests, as they are now; everything else by links."""
    for path in ROOT.iterdir():
        if path.name not in {".git", ".venv", "_build", "wmlib", "tests"}:
            (into / path.name).symlink_to(path)
    for name in ("wmlib", "tests"):
        shutil.copytree(ROOT / name, into / name, ignore=shutil.ignore_patterns("__pycache__"))
    return into


def pytest(root: Path, tests: list[str], limit: float, *options) -> list[str]:
    """Run the fast tests of some files: the names of those that failed (an error is one, too)."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider"]
    command += ["--tb=no", *options, *(f"tests/{test}" for test in tests)]
    env = os.environ | {"PYTHONPATH": str(root), "WMLIB_TEST": "1", "OMP_NUM_THREADS": "1"}
    env |= {"PYTHONDONTWRITEBYTECODE": "1", "MPLBACKEND": "agg"}
    try:
        done = subprocess.run(
            command, cwd=root, env=env, capture_output=True, encoding="utf8", timeout=limit
        )
    except subprocess.TimeoutExpired:
        return [f"still running after {limit:.0f} s"]
    lines = [line.split(" ", 1) for line in done.stdout.splitlines()]
    bad = [line[1].split(" - ")[0] for line in lines if line[0] in ("FAILED", "ERROR")]
    return bad if bad or done.returncode in (0, 5) else [(done.stdout + done.stderr)[-300:]]


def examine(mutant: Mutant, root: Path, tests: list[str], limit: float, *options) -> bool:
    """Plant a mistake in a copy, run the tests, take it out again: whether no test noticed."""
    begun, path = time.time(), root / "wmlib" / mutant.file
    path.write_text(mutant.after, encoding="utf8")
    try:
        # All files of a run are read before its first test: the nearest ones have a run of their own.
        runs = (some for some in (tests[:3], tests[3:]) if some)
        failed = next(
            filter(None, (pytest(root, some, limit, "-x", *options) for some in runs)), []
        )
    finally:
        path.write_text(mutant.before, encoding="utf8")
    seconds = time.time() - begun
    if failed:
        print(f"killed   {mutant.name}  {failed[0]}  ({seconds:.0f} s)", flush=True)
    else:
        told = f"({len(tests)} test files, {seconds:.0f} s)"
        print(f"SURVIVED {mutant.name}  {told}\n{mutant.diff()}", flush=True)
    return not failed


def main() -> int:
    """Read the command line, draw, examine, sum up."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__.split("\n")[0])
    parser.add_argument("n", nargs="?", type=int, default=60, help="how many lines are drawn")
    parser.add_argument("--seed", type=int, default=0, help="of the draw")
    parser.add_argument("--files", default="*", help="a pattern, below wmlib")
    parser.add_argument("--only", nargs="*", default=[], help="names of mutants")
    parser.add_argument("--jobs", type=int, default=2, help="processes side by side")
    parser.add_argument("--list", action="store_true", help="print the draw, run nothing")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / str(k) for k in range(args.jobs)]
        for place in places:
            place.mkdir()
            copy(place)
        one = places[0]
        drawn = [named(one, name) for name in args.only] or draw(one, args.n, args.seed, args.files)
        if args.list:
            for mutant in drawn:
                print(f"{mutant.name}\n{mutant.diff()}")
            return 0
        tests = tests_for(one)
        wanted = sorted({test for mutant in drawn for test in tests.get(mutant.file, [])})
        begun = time.time()
        red = pytest(one, wanted, 3600, "-n", str(args.jobs))
        limit = 60 + 3 * (time.time() - begun)  # a mutant that runs for longer runs for ever
        leave = [f"--deselect={test}" if "::" in test else f"--ignore={test}" for test in red]
        for test in red:
            print(f"left out, it fails without any mistake planted: {test}")
        free: Queue[Path] = Queue()
        for place in places:
            free.put(place)

        def work(mutant):
            place = free.get()
            try:
                return examine(mutant, place, tests.get(mutant.file, []), limit, *leave)
            finally:
                free.put(place)

        with ThreadPoolExecutor(args.jobs) as pool:
            survived = sum(pool.map(work, drawn))
    print(f"{len(drawn) - survived} of {len(drawn)} killed, {survived} survived (seed {args.seed})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
