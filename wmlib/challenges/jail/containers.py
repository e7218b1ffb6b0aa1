"""The command line with which Docker or Podman confines a process, where bubblewrap is not to be had."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wmlib.challenges.jail.confine import COURSE, ENVIRONMENT, limited
from wmlib.challenges.jail.limits import Limits

IMAGE = "wmlib-jail"  # Python and what the course requires; no wmlib
RECIPE = """\
FROM python:3.11-slim
RUN pip install --no-cache-dir "torch>=2.9" "numpy>=2.0" "gymnasium>=1.3" "matplotlib>=3.9" "cma>=4.0" tqdm
"""


def container(
    kind: str, name: str, code: Path, limits: Limits, command: Sequence[str]
) -> list[str]:
    """A command line for Docker or Podman, as `kind` says.

    Processor time of all processes together is bounded by one core for as long as the clock on the
    wall allows.

    Args:
        kind: "docker" or "podman".
        name: of the container, to end it by.
        code: the folder that holds the student's copy of wmlib.
        limits: what it may use.
        command: what runs inside.
    """
    memory, user = str(limits.memory), "60599:60599"
    line = [kind, "run", "--rm", "--interactive", "--init", "--name", name, "--hostname", "jail"]
    line += ["--network", "none", "--ipc", "private", "--read-only", "--workdir", "/tmp"]
    line += ["--user", user, "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    line += ["--cpus", "1", "--memory", memory, "--memory-swap", memory]
    line += ["--pids-limit", str(limits.processes), "--shm-size", str(limits.disk)]
    line += ["--tmpfs", f"/tmp:rw,exec,mode=1777,size={limits.disk},nr_inodes=100000"]
    line += ["--volume", f"{code.resolve()}:{COURSE}:ro", "--pull", "never", "--log-driver", "none"]
    line += [a for item in ENVIRONMENT.items() for a in ("--env", "=".join(item))]
    # The container's own count of processes holds, so that no limit by user id is wanted there.
    return [*line, IMAGE, *limited(command, "/usr/local/bin/python", limits, insist=False)]
