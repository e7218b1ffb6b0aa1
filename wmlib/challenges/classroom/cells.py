"""The code of a notebook or a script as plain text: read, never run.

Nothing here parses Python: a text that a student wrote can bring a parser to its knees. The JSON is
read tolerantly, whatever version of the format it is, and what is no notebook is refused in words
that its author understands.
"""

from __future__ import annotations

import json
import re
from typing import Any

BRACKETS = 1_000_000  # of a notebook with many pictures: a few thousand
CODE = 2_000_000  # characters, of which an answer needs some thousands
OPEN, CLOSE = "([{", ")]}"
# Cell magics whose body is Python: only their own line goes.
PYTHON = {"capture", "time", "timeit", "prun", "python", "python3"}
_MAGIC = re.compile(r"\s*(?:%{1,2}[A-Za-z]|!|\?|get_ipython\(\))")
_ASSIGNED = re.compile(r"[\w.,\s\[\]]+=\s*(?:![\w./~]|%[A-Za-z])")
_TIMED = re.compile(r"(\s*)%time\s+(?=\S)")
_NAMED = (
    re.compile(r"""\(\s*["'](day\d\d(?:_\w+)?)["']"""),
    re.compile(r"\bwmlib\.challenges\.(day\d\d_\w+)"),
    re.compile(r"\bfrom\s+wmlib\.challenges\s+import\s+(day\d\d_\w+)"),
)


def cells(data: bytes, file: str) -> list[dict]:
    """The code cells of a notebook, or a script as one cell.

    Lines that only IPython understands (`%pip`, `!ls`, `%%bash`) are emptied, so that the numbers of
    the other lines stay; an indented one becomes `pass`, or its `if` would stand without a body.

    Args:
        file: its name; `.py` says that it is a script.

    Returns:
        for each code cell its `source`, its `tags` and its `index` among all cells.

    Raises:
        ValueError: in words for the student, if it is no notebook or empty.
    """
    if not data.strip():
        raise ValueError("the file is empty: save your work, and hand it in again")
    if file.lower().endswith(".py"):
        found: list[tuple[int, str, list[str]]] = [(0, _text(data), [])]
    else:
        found = [
            (index, _source(cell), _tags(cell))
            for index, cell in enumerate(_listed(_notebook(data)))
            if isinstance(cell, dict) and cell.get("cell_type") == "code"
        ]
    if sum(len(source) for _, source, _ in found) > CODE:
        raise ValueError("the file holds more than 2 MB of code: hand in your answers alone")
    return [
        {"source": plain(source), "tags": tags, "index": index} for index, source, tags in found
    ]


def challenge_of(data: bytes, file: str) -> str | None:
    """The challenge that a submission says it answers: by its metadata, or by its code.

    Raises:
        ValueError: as `cells`.
    """
    found = cells(data, file)
    if not file.lower().endswith(".py"):
        metadata = _notebook(data).get("metadata")
        ours = metadata.get("wmlib") if isinstance(metadata, dict) else None
        named = ours.get("challenge") if isinstance(ours, dict) else None
        if isinstance(named, str) and re.fullmatch(r"\w{1,80}", named):
            return named
    for cell in found:
        for pattern in _NAMED:
            if told := pattern.search(cell["source"]):
                return told.group(1)
    return None


def plain(source: str) -> str:
    """Python without the lines that only IPython understands; as many lines as before."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((line for line in lines if line.strip()), "")
    if magic := re.match(r"\s*%%(\w*)", first):
        if magic.group(1) not in PYTHON:
            return "\n" * (len(lines) - 1)
        lines[lines.index(first)] = ""
    scan, kept, goes_on = _Scan(), [], False
    for line in lines:
        magic_line = goes_on or (scan.between and bool(_MAGIC.match(line) or _ASSIGNED.match(line)))
        if magic_line and not goes_on and (timed := _TIMED.match(line)):
            line, magic_line = timed.group(1) + line[timed.end() :], False
        if magic_line:
            indent = line[: len(line) - len(line.lstrip())]
            kept.append(f"{indent}pass" if indent and not goes_on else "")
            goes_on = line.rstrip().endswith("\\")
        else:
            kept.append(line)
            scan.line(line)
    return "\n".join(kept)


class _Scan:
    """Whether a line begins a statement: not within brackets, a long string or a continued line."""

    def __init__(self) -> None:
        self.depth, self.quote, self.continued = 0, "", False

    @property
    def between(self) -> bool:
        return self.depth == 0 and not self.quote and not self.continued

    def line(self, line: str) -> None:
        i, self.continued = 0, False
        while i < len(line):
            rest = line[i : i + 3]
            if self.quote:
                if rest[0] == "\\":
                    i += 1
                elif rest.startswith(self.quote):
                    i += len(self.quote) - 1
                    self.quote = ""
            elif rest[0] == "#":
                break
            elif rest in ('"""', "'''"):
                self.quote = rest
                i += 2
            elif rest[0] in "\"'":
                self.quote = rest[0]
            elif rest[0] in OPEN:
                self.depth += 1
            elif rest[0] in CLOSE:
                self.depth = max(0, self.depth - 1)
            i += 1
        if len(self.quote) == 1 and not line.endswith("\\"):
            self.quote = ""  # a short string ends with its line, closed or not
        self.continued = not self.quote and line.endswith("\\")


def _notebook(data: bytes) -> dict[str, Any]:
    if data.count(b"[") + data.count(b"{") > BRACKETS:
        raise ValueError("the file is too intricate for a notebook: clear its outputs and save it")
    try:
        read = json.loads(_text(data))
    except (ValueError, RecursionError):
        raise ValueError(
            "the file is not a notebook (it is no JSON): download it again as .ipynb"
        ) from None
    if not isinstance(read, dict):
        raise ValueError("the file is not a notebook: download it again as .ipynb")
    return read


def _listed(notebook: dict[str, Any]) -> list[Any]:
    found = notebook.get("cells")
    if found is None and isinstance(notebook.get("worksheets"), list):  # before 2015
        sheets = [sheet for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        listed = [sheet.get("cells") for sheet in sheets]
        found = [cell for some in listed if isinstance(some, list) for cell in some]
    if not isinstance(found, list):
        raise ValueError("the file has no cells: download the notebook again as .ipynb")
    return found


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    # A lone surrogate, which JSON allows, could not be sent on as UTF-8.
    return source.encode("utf8", "replace").decode("utf8") if isinstance(source, str) else ""


def _tags(cell: dict[str, Any]) -> list[str]:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
