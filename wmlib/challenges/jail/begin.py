"""The first thing that runs in a jail: sets the limits that hold for each process, then the work.

Run as text (`python -I -S -c`), before anything of the student's and without the rest of the
package. Arguments: processor seconds, memory, processes (0: no limit), largest file, whether to
insist on being unprivileged (0 or 1), and then the command.
"""

import os
import sys


def limit(seconds: int, memory: int, processes: int, files: int, insist: bool) -> None:
    """Set the limits of this process and of all that come from it, where they are not lower yet.

    Args:
        seconds: of processor time.
        memory: bytes; a quarter more, so that the watch comes first.
        processes: at one time; 0 for no limit.
        files: bytes in the largest file.
        insist: stop where the system refuses one (macOS has some by name only).
    """
    try:
        import resource
    except ImportError:  # Windows, without a jail: the wall clock alone
        return

    wanted = {
        # The watcher comes first: it sees all processes together.
        "CPU": (seconds + 2, seconds + 4),
        "DATA": (memory + memory // 4 + (256 << 20),) * 2,
        # Far more than torch maps without touching it; page tables and what is shared stay small.
        "AS": (memory + (8 << 30),) * 2,
        "FSIZE": (files, files),
        "NOFILE": (256, 256),
        "CORE": (0, 0),
        "MSGQUEUE": (0, 0),
        "MEMLOCK": (1 << 16, 1 << 16),
        "SIGPENDING": (1024, 1024),
    }
    if processes:
        wanted["NPROC"] = (processes, processes)
    for name, pair in wanted.items():
        try:
            kind = getattr(resource, f"RLIMIT_{name}")
            most = resource.getrlimit(kind)[1]
            within = [n if most == resource.RLIM_INFINITY else min(n, most) for n in pair]
            resource.setrlimit(kind, (within[0], within[1]))
        except (AttributeError, OSError, ValueError):
            if insist:
                raise


def refuse_privileges() -> None:
    """Stop here rather than run a student's code as root or with anything that root may do."""
    with open("/proc/self/status", encoding="utf8") as file:
        status = dict(line.split(":\t", 1) for line in file)
    capable = [n for n in ("CapInh", "CapPrm", "CapEff", "CapAmb") if int(status[n], 16)]
    if 0 in os.getresuid() + os.getresgid() + tuple(os.getgroups()) or capable:
        sys.exit(f"the jail is privileged ({os.getresuid()}, {capable}): nothing was run")
    if status["NoNewPrivs"].strip() != "1":
        sys.exit("the jail could become privileged: nothing was run")


def main(arguments: list[str]) -> None:
    """Set the limits, then become the command."""
    seconds, memory, processes, files, insist = (int(argument) for argument in arguments[:5])
    if insist:
        refuse_privileges()
        with open("/proc/self/oom_score_adj", "w", encoding="utf8") as file:
            file.write("1000")  # where memory runs out, this goes first
    limit(seconds, memory, processes, files, bool(insist))
    os.closerange(3, 256)
    if insist:
        # The jail stands. Nothing is to run unwatched: who started it looks, and says so.
        os.write(1, b"!")
        if os.read(0, 1) != b"!":
            sys.exit("nobody watches: nothing was run")
    os.execv(arguments[5], arguments[5:])


if __name__ == "__main__":
    main(sys.argv[1:])
