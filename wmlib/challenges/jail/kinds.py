"""The kinds of jail: which of them this machine has, and how a process is started in each."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path

from wmlib.challenges.jail import confine, containers, syscalls
from wmlib.challenges.jail.limits import Limits
from wmlib.challenges.jail.watch import PATIENCE, Watch

KINDS = ("bubblewrap", "docker", "podman", "none")
TRIAL = """
import importlib.util, sys
missing = [n for n in ("numpy", "torch", "gymnasium") if importlib.util.find_spec(n) is None]
sys.exit(f"its Python does not find {', '.join(missing)}" if missing else "works")
"""
INSTRUCTIONS = f"""\
Student code runs only in a jail, and none works here:
{{reasons}}
On Linux, install bubblewrap: `sudo apt install bubblewrap` (or dnf, pacman, zypper). Where it may make
no user namespaces (Ubuntu since 24.04), allow it: `sudo apt install apparmor-profiles`, and then
`sudo ln -s /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/` and
`sudo systemctl reload apparmor`; elsewhere `sudo sysctl user.max_user_namespaces=10000`.
On macOS and Windows, install Docker or Podman, start it, and make the image once:
    docker build --tag {containers.IMAGE} - <<'END'
    {containers.RECIPE.rstrip().replace(chr(10), chr(10) + "    ")}
    END
`--no-jail` runs it unconfined, with all that you may do: for code that you have read."""


def choose(named: str | None = None) -> str:
    """The kind of jail to use: the one that is named, else the first that works here.

    Args:
        named: "bubblewrap", "docker", "podman" or "none"; "none" is never chosen by itself.

    Raises:
        ValueError: if there is no such kind.
        RuntimeError: if it does not work here, or none does; the message says how to install one.
    """
    if named is not None and named not in KINDS:
        raise ValueError(f"there is no jail {named!r}: there are {', '.join(KINDS)}")
    if named == "none":
        return named
    reasons = []
    for kind in KINDS[:3] if named is None else [named]:
        wrong = try_out(kind)
        if wrong is None:
            return kind
        reasons.append(f"  {kind}: {wrong}")
    raise RuntimeError(INSTRUCTIONS.format(reasons="\n".join(reasons)))


def try_out(kind: str) -> str | None:
    """None if this kind of jail works on this machine, else what is wrong."""
    for program in ("bwrap", "setpriv") if kind == "bubblewrap" else (kind,):
        if shutil.which(program) is None:
            return f"there is no program `{program}`"
    if kind != "bubblewrap":
        command = [kind, "image", "inspect", containers.IMAGE]
        asked = subprocess.run(
            command, capture_output=True, encoding="utf8", check=False, timeout=60
        )
        if asked.returncode:
            return asked.stderr.strip() or f"there is no image {containers.IMAGE}"
    watch, code = None, tempfile.TemporaryDirectory()
    try:
        process, _, watch = launch(kind, Path(code.name), Limits(), ["python", "-c", TRIAL])
        said = process.communicate(timeout=60)[1].decode("utf8", errors="replace").strip()
    except (OSError, RuntimeError, subprocess.TimeoutExpired) as error:
        return str(error)
    finally:
        if watch is not None:
            watch.kill()
            watch.close()
        code.cleanup()
    return None if said == "works" else said


def launch(
    kind: str, code: Path, limits: Limits, command: Sequence[str]
) -> tuple[subprocess.Popen, str, Watch | None]:
    """Start a command in a kind of jail: its process, its name, and the watch if it has one.

    Raises:
        RuntimeError: if the jail cannot be set up; nothing of the command has run then.
    """
    name = f"wmlib-{uuid.uuid4().hex[:12]}"
    if kind == "bubblewrap":
        return _launch_bubblewrap(code, limits, command, name)
    environment = None
    if kind == "none":
        environment = dict(os.environ) | confine.ENVIRONMENT | {"PYTHONPATH": str(code)}
        environment |= {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        line = confine.limited(command, sys.executable, limits, insist=False)
        if os.name != "posix":  # there, limits are not to be had, nor does exec keep the process
            line = [sys.executable, *command[1:]]
    else:
        line = containers.container(kind, name, code, limits, command)
    return _popen(line, env=environment), name, None


def _popen(line, **options):
    pipe = subprocess.PIPE
    return subprocess.Popen(
        line, bufsize=0, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True, **options
    )


def _launch_bubblewrap(code, limits, command, name):
    told, info = os.pipe()
    files = {"--info-fd": info}
    try:
        if (program := syscalls.program()) is not None:
            files["--seccomp"] = os.memfd_create("seccomp")
            os.write(files["--seccomp"], program)
            os.lseek(files["--seccomp"], 0, os.SEEK_SET)
        line = confine.bubblewrap(code, limits, command, files)
        process = _popen(line, pass_fds=tuple(files.values()), env={"PATH": os.defpath})
    except BaseException:
        os.close(told)
        raise
    finally:
        for file in files.values():
            os.close(file)
    try:
        watch = Watch(told)
    except (OSError, ValueError) as error:
        raise _failed(process, error) from None
    finally:
        os.close(told)
    try:
        _answer_begin(process)
    except OSError as error:
        watch.kill()
        watch.close()
        raise _failed(process, error) from None
    return process, name, watch


def _answer_begin(process):
    # `begin.py` says that the jail stands; what comes after it may run now.
    assert process.stdin and process.stdout
    poll = select.poll()
    poll.register(process.stdout.fileno(), select.POLLIN)
    if not poll.poll(1000 * PATIENCE) or os.read(process.stdout.fileno(), 1) != b"!":
        raise TimeoutError("it does not stand")
    os.write(process.stdin.fileno(), b"!")


def _failed(process, error):
    process.kill()
    said = process.communicate()[1].decode("utf8", errors="replace").strip()
    return RuntimeError(f"bubblewrap's jail cannot be set up: {said or error}")
