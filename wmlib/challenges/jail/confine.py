"""The command line with which bubblewrap confines a process."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from wmlib.challenges.jail.limits import Limits

COURSE = "/course"  # where the student's copy of wmlib lies
# By name and not by `-m`: the package has imported the module already, and Python would warn.
INSIDE = ("python", "-c", "from wmlib.challenges.inside import main; main()")
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/tmp",
    "TMPDIR": "/tmp",
    "USER": "student",
    "LOGNAME": "student",
    "LANG": "C.UTF-8",
    "PYTHONPATH": COURSE,
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "CUDA_VISIBLE_DEVICES": "",
    "WMLIB_GRADING": "1",
}
HIGH_IDS = 0x70000000  # user ids from here on no distribution gives to anyone


def next_id() -> int:
    """A user id for a jail, if we are root and can choose: another one for each jail.

    The kernel counts processes by user id, and two jails must not count each other's.
    """
    with open("/proc/self/uid_map", encoding="utf8") as file:
        last = max(int(first) + int(length) for first, _, length in map(str.split, file))
    chance = random.SystemRandom()
    if last > HIGH_IDS + (1 << 24):
        return HIGH_IDS + chance.randrange(1 << 24)
    return 60600 + chance.randrange(500)  # root of a container, to whom fewer ids belong


def limited(command: Sequence[str], python: str, limits: Limits, insist: bool) -> list[str]:
    """The command, begun by `begin.py`, which sets the limits that hold for each process."""
    begin = (Path(__file__).parent / "begin.py").read_text(encoding="utf8")
    numbers = (
        int(limits.seconds + 0.999),
        limits.memory,
        limits.processes if insist else 0,  # without a jail it would count all that the user runs
        limits.files,
        int(insist),
    )
    first, *rest = command
    command = [python if first == "python" else first, *rest]
    return [python, "-I", "-S", "-c", begin, *map(str, numbers), *command]


@lru_cache
def shown(disk: int) -> tuple[list[str], list[str]]:
    """bubblewrap's arguments for the system and Python, read-only, and what to make read-only after.

    A temporary folder of `disk` bytes is among them.

    Neither home folders nor the repository are shown, even where Python itself lies within one, and
    no `wmlib` but the student's.
    """
    binds: dict[Path, list[str]] = {Path("/usr"): ["--ro-bind", "/usr", "/usr"]}
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"):
        if os.path.islink(name):
            binds[Path(name)] = ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            binds[Path(name)] = ["--ro-bind", name, name]
    roots = [Path(sys.base_prefix), Path(sys.base_exec_prefix), Path("/nix/store")]
    if sys.prefix == sys.base_prefix:
        roots.append(Path(os.path.abspath(sys.prefix)))
    else:  # a virtual environment may be the repository's own folder
        roots += [
            Path(os.path.abspath(sys.prefix), n)
            for n in ("bin", "lib", "lib64", "share", "pyvenv.cfg")
        ]
    etc = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "fonts")
    for root in [*roots, *(Path("/etc", name) for name in etc)]:
        if root.exists() and not any(_within(root, other) for other in binds):
            binds[root] = ["--ro-bind", str(root), str(root)]
    covers = [cover for cover in _covers() if any(_within(cover, root) for root in binds)]
    for root in roots:  # again on top, where a cover lies between it and what shows it
        if root.exists() and any(_within(root, cover) for cover in covers):
            binds[root] = ["--ro-bind", str(root), str(root)]
    binds |= {cover: ["--tmpfs", str(cover)] for cover in covers}
    binds[Path("/tmp")] = _temporary("/tmp", disk)  # Python may lie in a folder of it
    parents = {parent for path in binds for parent in path.parents} - {Path("/"), Path("/tmp")}
    there = [path for path in binds if path != Path("/tmp")]
    for parent in parents:
        if not any(_within(parent, path) for path in there):
            # bubblewrap makes missing folders for its user alone; another must get through.
            binds[parent] = ["--perms", "0755", "--dir", str(parent)]
    inmost_last = sorted(binds, key=lambda path: len(path.parts))
    arguments = [argument for path in inmost_last for argument in binds[path]]
    return arguments, [a for cover in covers for a in ("--remount-ro", str(cover))]


def _temporary(folder, disk):
    return ["--perms", "1777", "--size", str(disk), "--tmpfs", folder]


def _within(path, folder):
    return path == folder or folder in path.parents


def _covers():
    """Folders with the instructor's part: this package, its repository, and installed copies."""
    package = Path(__file__).resolve().parents[2]
    repository = [package.parent] if (package.parent / "pyproject.toml").exists() else []
    installed = [Path(entry, "wmlib") for entry in sys.path if entry.endswith("-packages")]
    found = [*repository, package, *(folder for folder in installed if folder.is_dir())]
    return list(dict.fromkeys(found))


def bubblewrap(
    code: Path, limits: Limits, command: Sequence[str], files: dict[str, int]
) -> list[str]:
    """A command line for bubblewrap.

    Args:
        code: the folder that holds the student's copy of wmlib.
        limits: what it may use.
        command: what runs inside.
        files: open files by bubblewrap's options: `--info-fd` is told the number of the jail's
            first process, `--seccomp` has the program.
    """
    show, cover = shown(limits.disk)
    line = ["bwrap", "--die-with-parent", "--new-session", "--unshare-ipc", "--unshare-pid"]
    line += ["--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "jail"]
    begun = limited(command, os.path.abspath(sys.executable), limits, insist=True)
    if os.geteuid():
        line += ["--unshare-user", "--disable-userns", "--uid", "60599", "--gid", "60599"]
    else:
        # A process limit does not bind root, not even from within a user namespace: somebody
        # else it must be, before anything of the student's runs.
        line += ["--cap-drop", "ALL"]
        line += [a for cap in ("SETUID", "SETGID", "SETPCAP") for a in ("--cap-add", f"CAP_{cap}")]
        user = next_id()
        nobody = [f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs"]
        begun = ["setpriv", *nobody, "--inh-caps=-all", "--bounding-set=-all", *begun]
    line += ["--clearenv", *(a for item in ENVIRONMENT.items() for a in ("--setenv", *item))]
    line += [*show, "--ro-bind", str(code), COURSE, "--proc", "/proc", "--dev", "/dev"]
    line += ["--dev-bind", "/dev/null", "/dev/zero"]  # mapped, it is memory that counts to nobody
    line += _temporary("/dev/shm", limits.disk)
    line += ["--chdir", "/tmp", "--remount-ro", "/dev", *cover, "--remount-ro", "/"]
    line += [a for option, file in files.items() for a in (option, str(file))]
    return [*line, "--", *begun]
