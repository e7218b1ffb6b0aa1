"""Write the course's address into every file that names it.

    python book/_tools/fork.py https://github.com/you/course        # or: make fork REPO=...
    python book/_tools/fork.py https://github.com/you/course v1.0   # or: make fork REPO=... TAG=v1.0

With a tag the notebooks install that tag and the book's buttons open it, so that a course does not
change under a running class; without one they follow the branch `main`.

The address stands in `_config.yml` (`repository: url:`), as a placeholder that cannot resolve until
it is stamped. This finds what stands there now and puts the new address in its place: in
`_config.yml`, the notebooks' setup cells, the README, the citation and the package. Running it twice changes
nothing; running it with another address moves the course. Each file is written whole or not at all,
and none is touched unless all can be read and the address is sound.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
NAMED_IN = (
    "_config.yml",
    "README.md",
    "CITATION.cff",
    "pyproject.toml",
    "notebooks/*.ipynb",
    "book/challenges/*.ipynb",
    "wmlib/**/*.py",
    "book/*.md",
    "book/api/*.md",
    "book/challenges/*.md",
)
# The setup cell's line, in a notebook's JSON or in Python.
PINNED = re.compile(r'(REPOSITORY, TAG = (\\?")[^"\\]+\\?", \\?")([^"\\]+)(?=\\?")')
BRANCH = re.compile(r"^(repository:\n(?:[ \t].*\n|\n)*?[ \t]+branch:[ \t]*)(\S+)", re.MULTILINE)
ADDRESS = re.compile(r"^(repository:\n(?:[ \t].*\n|\n)*?[ \t]+url:[ \t]*)(\S+)", re.MULTILINE)


def sound(address: str) -> str:
    """The address without a trailing slash or `.git`.

    Raises:
        ValueError: if it is not one of a public repository, with what was given and what was wanted.
    """
    wanted = "wanted https://HOST/OWNER/NAME, as in https://github.com/you/course"
    if not address:
        raise ValueError(f"no address given: {wanted}")
    if not re.fullmatch(r"[A-Za-z0-9:/._~@?#%&=+-]+", address):
        raise ValueError(
            f"the address has characters that no repository's has: {address!r}; {wanted}"
        )
    parts = urlsplit(address)
    if parts.scheme != "https":
        raise ValueError(f"the address must begin with https://, got {address!r}; {wanted}")
    if parts.username or parts.password or "@" in parts.netloc:
        raise ValueError(f"leave names and passwords out of the address; {wanted}")
    if parts.query or parts.fragment:
        raise ValueError(f"the address goes on after the repository's name: {address!r}; {wanted}")
    host = parts.hostname or ""
    if "." not in host or host.endswith((".invalid", ".example", ".test")):
        raise ValueError(f"{host or 'nothing'!r} is no host that others can reach; {wanted}")
    path = parts.path.rstrip("/").removesuffix(".git")
    names = path.strip("/").split("/")
    if (
        len(names) < 2
        or not all(re.fullmatch(r"[\w.-]+", n) for n in names)
        or (host == "github.com" and len(names) != 2)
    ):
        raise ValueError(
            f"the address must name an owner and a repository, got {address!r}; {wanted}"
        )
    return f"https://{parts.netloc}{path}"


def present(root: Path) -> str:
    """The address that stands in `_config.yml`."""
    found = ADDRESS.search((root / "_config.yml").read_text(encoding="utf8"))
    if not found:
        raise ValueError("_config.yml has no `url:` under `repository:`: put one there first")
    return found.group(2)


def sound_tag(tag: str) -> str:
    """The tag or branch, if git allows such a name and nothing in it could be quoted away.

    Raises:
        ValueError: with what was given and what was wanted.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]*", tag) or ".." in tag or tag.endswith("/"):
        raise ValueError(f"{tag!r} is no tag: wanted letters, digits, dots and dashes, as in v1.0")
    return tag


def changes(root: Path, old: str, new: str, tag: str) -> dict[Path, str]:
    """What each file that names the old address, or another tag, would be with the new one."""
    # Not where the old address is only the beginning of a longer one.
    names_old = re.compile(re.escape(old) + r"(?![\w-]|\.\w|/\w)")
    changed = {}
    for pattern in NAMED_IN:
        for path in sorted(root.glob(pattern)):
            text = path.read_bytes().decode("utf8")
            stamped = names_old.sub(lambda _: new, text)
            stamped = PINNED.sub(lambda found: found[1] + tag, stamped)
            if path.name == "_config.yml":
                stamped = BRANCH.sub(lambda found: found[1] + tag, stamped)
            if stamped != text:
                if path.suffix == ".ipynb":
                    json.loads(stamped)
                changed[path] = stamped
    return changed


def write_whole(texts: dict[Path, str]) -> None:
    """Write all the files beside themselves first, then put each in its place at once."""
    ready: list[tuple[str, Path]] = []
    try:
        for path, text in texts.items():
            handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
            ready.append((part, path))
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf8"))
            os.chmod(part, path.stat().st_mode & 0o777)
        for part, path in ready:
            os.replace(part, path)
    finally:
        for part, _ in ready:
            Path(part).unlink(missing_ok=True)


def stamp(root: Path, address: str, tag: str = "main") -> list[Path]:
    """Put `address` and `tag` where the present ones stand; the files that changed."""
    new, old = sound(address), present(root)
    changed = changes(root, old, new, sound_tag(tag))
    if not changed:
        return []
    # _config.yml last: if writing is interrupted, the old address is still known, and a second run
    # finishes the work.
    config = root / "_config.yml"
    write_whole({path: text for path, text in changed.items() if path != config})
    if config in changed:
        write_whole({config: changed[config]})
    return list(changed)


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print("say which: make fork REPO=https://github.com/you/course [TAG=v1.0]", file=sys.stderr)
        return 2
    try:
        changed = stamp(ROOT, *sys.argv[1:])
    except ValueError as error:
        print(f"nothing was changed: {error}", file=sys.stderr)
        return 1
    for path in changed:
        print(path.relative_to(ROOT))
    print(f"{len(changed)} files changed; the course's address is {present(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
