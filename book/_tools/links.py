"""The addresses outside that the course names: well formed, and with a network, alive.

python book/_tools/links.py            asks each of them (make links)
python book/_tools/links.py --offline  looks only at how they are written

Addresses come from the pages, the notebooks and the bibliography, whose DOIs and arXiv numbers are
asked at their own resolvers. Links inside the book are the page tests' work.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r"https?://[^\s<>\"'`)\]}\\]+")
FIELD = re.compile(r"^\s*(doi|eprint|url)\s*=\s*\{(.+?)\}\s*,?\s*$", re.MULTILINE | re.IGNORECASE)
DOI = re.compile(r"10\.\d{4,9}/\S+")
ARXIV = re.compile(r"\d{4}\.\d{4,5}(v\d+)?|[a-z-]+(\.[A-Z]{2})?/\d{7}")
OURS = (".invalid", "localhost", "127.0.0.1", ".example", "example.org", "example.com")


def texts() -> Iterator[tuple[str, str]]:
    """Pages and the prose of notebooks: (where, text)."""
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("book/**/*.md")]):
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf8")
    for path in sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("book/**/*.ipynb")]):
        cells = json.loads(path.read_text(encoding="utf8"))["cells"]
        prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        yield str(path.relative_to(ROOT)), "\n".join(prose)


def outside() -> dict[str, str]:
    """Address -> where it is named first."""
    found: dict[str, str] = {}
    for where, text in texts():
        for address in ADDRESS.findall(text):
            address = address.rstrip(".,;:!?*_")
            host = urlsplit(address).hostname or ""
            if not any(host.endswith(own) or own in host for own in OURS):
                found.setdefault(address, where)
    return found


def cited() -> list[tuple[str, str]]:
    """Of the bibliography: (field, value)."""
    text = (ROOT / "book" / "references.bib").read_text(encoding="utf8")
    return [(field.lower(), value.strip()) for field, value in FIELD.findall(text)]


def malformed() -> list[str]:
    """What cannot be an address, a DOI or an arXiv number, in words."""
    wrong = []
    for address, where in outside().items():
        parts = urlsplit(address)
        if "." not in (parts.hostname or "") or parts.scheme != "https":
            wrong.append(f"{where}: {address} is no https address of a public host")
    for field, value in cited():
        if field == "doi" and not DOI.fullmatch(value):
            wrong.append(f"references.bib: {value} is no DOI (10.NNNN/...)")
        if field == "eprint" and not ARXIV.fullmatch(value):
            wrong.append(f"references.bib: {value} is no arXiv number (YYMM.NNNNN)")
        if field == "url" and not re.match(r"https?://", value):
            wrong.append(f"references.bib: {value} does not begin with http")
    return wrong


def targets() -> dict[str, str]:
    """Everything to be asked: address -> where it is named."""
    resolver = {"doi": "https://doi.org/", "eprint": "https://arxiv.org/abs/", "url": ""}
    found = outside()
    for field, value in cited():
        found.setdefault(resolver[field] + value, "book/references.bib")
    return found


def answer(address: str) -> str | None:
    """None if somebody answers there, else what happened. Who refuses robots is there."""
    request = urllib.request.Request(address, headers={"User-Agent": "Mozilla/5.0 (link check)"})
    try:
        with urllib.request.urlopen(request, timeout=30):
            return None
    except urllib.error.HTTPError as error:
        return None if error.code in (401, 403, 405, 406, 418, 429, 503) else f"{error.code}"
    except (OSError, ValueError) as error:
        return str(error)


def main() -> int:
    """Check, and say what is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--offline", action="store_true", help="how they are written, only")
    args = parser.parse_args()
    wrong = malformed()
    found = targets()
    if not args.offline:
        with ThreadPoolExecutor(8) as pool:
            for address, told in zip(found, pool.map(answer, found)):
                if told:
                    wrong.append(f"{found[address]}: {address}: {told}")
    print("\n".join(wrong) if wrong else f"{len(found)} addresses, none wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
