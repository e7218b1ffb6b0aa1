"""The directive ``.. api:: wmlib.models``: a package's modules and all they document, from the code.

The modules are found, not listed, so that the page follows the code. (A reStructuredText
directive: the pages that use it are ``.rst``, which is what autodoc writes.)
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parents[2]
PACKAGE, COURSE = "wmlib", "wmlib.course"  # the rooms of chapters are no part of the library
CHALLENGE = re.compile(r"wmlib\.challenges\.day\d\d_")  # nor is a single challenge


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
            below = f"{name}.{path.stem}"
            if is_module and not path.name.startswith("_") and not CHALLENGE.match(below):
                found += modules(below)
    return found


class Api(SphinxDirective):
    """``.. api:: NAME``: a section for each module of NAME, with its members in source order."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        made = []
        for name in modules(self.arguments[0]):
            self.env.note_dependency(str(source(name)))
            title = nodes.title("", "", nodes.literal("", name))
            section = nodes.section(
                "",
                title,
                ids=["module-page-" + name.replace(".", "-")],
                names=[name],
                classes=["wm-module"],
            )
            lines = [
                f".. automodule:: {name}",
                "   :members:",
                "   :ignore-module-all:",
                "   :show-inheritance:",
            ]
            self.state.nested_parse(StringList(lines, source=name), 0, section)
            made.append(section)
        return made


def modules_changed(app: Sphinx, env, added, changed, removed) -> list[str]:
    """Read the API pages again when a module was added or removed."""
    now = [name for name in modules(PACKAGE) if not name.startswith(COURSE)]
    before = getattr(env, "wm_modules", None)
    env.wm_modules = now
    return [] if now == before else [d for d in env.found_docs if d.startswith("book/api/")]


def plain_text(app: Sphinx, what, name, obj, options, lines: list[str]) -> None:
    """Let a docstring be read as it was written: as text, not as markup.

    ``|angle| < 12`` is an absolute value, not a substitution; what stands indented after an empty
    line (in a module's docstring) or after a colon and an empty line is a drawing or code, not a
    quotation.
    """
    written, literal = list(lines), None
    lines.clear()
    for number, line in enumerate(written):
        depth = len(line) - len(line.lstrip())
        if literal is not None and line.strip() and depth <= literal:
            literal = None
        if literal is None and line.strip() and number >= 2 and not written[number - 1].strip():
            above = next((w for w in reversed(written[:number]) if w.strip()), "")
            deeper = depth > len(above) - len(above.lstrip())
            marked = above.endswith("::")
            if (
                deeper
                and not above.lstrip().startswith(("-", "*", ">>>"))
                and (marked or what == "module" or above.endswith(":"))
            ):
                literal = len(above) - len(above.lstrip())
                if not marked:
                    lines += [" " * literal + "::", ""]
        if literal is None:
            pieces = line.split("``")  # odd ones are literal
            pieces[::2] = [piece.replace("|", "\\|") for piece in pieces[::2]]
            line = "``".join(pieces)
        lines.append(line)


def without_aliases(app: Sphinx, what, name, obj, skip, options) -> bool | None:
    """Leave out the fields of a named tuple that have no text but "Alias for field number 0"."""
    return True if (getattr(obj, "__doc__", None) or "").startswith("Alias for field") else None


def setup(app: Sphinx) -> dict:
    app.connect("autodoc-skip-member", without_aliases)
    app.connect("autodoc-process-docstring", plain_text, priority=400)
    app.add_directive("api", Api)
    app.connect("env-get-outdated", modules_changed)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
