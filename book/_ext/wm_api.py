"""The directive ``.. api:: wmlib.models``: a package's modules and all they document, from the code.

The modules are found, not listed, so that the page follows the code. (A reStructuredText
directive: the pages that use it are ``.rst``, which is what autodoc writes.)
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parents[2]
PACKAGE = "wmlib"


def source(name: str) -> Path:
    """The file of a module, found without importing it."""
    path = ROOT.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def modules(name: str) -> list[str]:
    """The module and, where it is a package, every public module in it, by name."""
    found = [name]
    if source(name).name == "__init__.py":
        for path in sorted(source(name).parent.iterdir()):
            is_module = path.suffix == ".py" or (path / "__init__.py").exists()
            if is_module and not path.name.startswith("_"):
                found += modules(f"{name}.{path.stem}")
    return found


class Api(SphinxDirective):
    """``.. api:: NAME``: a section for each module of NAME, with its members in source order."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        made = []
        for name in modules(self.arguments[0]):
            self.env.note_dependency(str(source(name)))
            title = nodes.title("", "", nodes.literal("", name))
            section = nodes.section("", title, ids=["module-page-" + name.replace(".", "-")],
                                    names=[name], classes=["wm-module"])
            lines = [f".. automodule:: {name}", "   :members:", "   :ignore-module-all:",
                     "   :show-inheritance:"]
            self.state.nested_parse(StringList(lines, source=name), 0, section)
            made.append(section)
        return made


def modules_changed(app: Sphinx, env, added, changed, removed) -> list[str]:
    """Read the API pages again when a module was added or removed."""
    now = modules(PACKAGE)
    before = getattr(env, "wm_modules", None)
    env.wm_modules = now
    return [] if now == before else [d for d in env.found_docs if d.startswith("book/api/")]


def keep_bars(app: Sphinx, what, name, obj, options, lines: list[str]) -> None:
    """Let ``|angle| < 12`` in a docstring mean the absolute value, not a substitution."""
    for number, line in enumerate(lines):
        pieces = line.split("``")  # odd ones are literal
        pieces[::2] = [piece.replace("|", "\\|") for piece in pieces[::2]]
        lines[number] = "``".join(pieces)


def setup(app: Sphinx) -> dict:
    app.connect("autodoc-process-docstring", keep_bars)
    app.add_directive("api", Api)
    app.connect("env-get-outdated", modules_changed)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
