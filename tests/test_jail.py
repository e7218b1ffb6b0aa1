"""What a process in a jail can and cannot do."""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from wmlib.challenges.jail import (
    Ended,
    Jail,
    Limits,
    choose,
    confine,
    containers,
    kinds,
    student_copy,
    syscalls,
)
from wmlib.challenges.jail.limits import Meter, Used

MB = 1 << 20
REASON = kinds.try_out("bubblewrap") if sys.platform == "linux" else "bubblewrap is for Linux"
# Together they take half a minute, and bubblewrap, which the fast tests do without.
pytestmark = pytest.mark.slow
jailed = pytest.mark.skipif(REASON is not None, reason=f"no jail by bubblewrap here: {REASON}")
# What a script needs to say something, and to try something without stopping at a refusal.
TELL = """
import os, sys, time, signal
print = lambda *a: os.write(2, (" ".join(map(str, a)) + "\\n").encode())
def tried(f, *a):
    try: return f(*a)
    except BaseException as error: return type(error).__name__
"""


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    return student_copy(tmp_path_factory.mktemp("student"))


@pytest.fixture
def run(code):
    """Run a script in a jail: why it ended, and what it printed."""

    def run(script, kind="bubblewrap", **limits):
        limits = Limits(**({"seconds": 5, "wall": 60} | limits))
        with Jail(code, limits, kind, ["python", "-c", TELL + script]) as jail:
            jail.wait()
        run.last = jail
        return jail.ended(), jail.output()

    return run


def alive(pid):
    """Whether a process runs: neither gone nor waiting to be cleared away."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf8").rpartition(") ")[2][0] != "Z"
    return False


def running(word):
    """How many processes of this machine have a word in their command line."""
    found = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        if name == str(os.getpid()):
            continue  # pytest-xdist writes the name of the test there
        with contextlib.suppress(OSError):
            found += word.encode() in Path(f"/proc/{name}/cmdline").read_bytes()
    return found


def none_is_left(word):
    """Whether no process has a word in its command line, or soon none: the kernel ends them one by one."""
    until = time.monotonic() + 10
    while running(word) and time.monotonic() < until:
        time.sleep(0.05)
    return running(word) == 0


# What it sees


@jailed
def test_it_is_nobody_who_may_do_nothing(run):
    ended, said = run("""
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(0 in os.getresuid() + os.getresgid(), os.getgroups(), status["NoNewPrivs"].strip())
print([status[name].strip() for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")])
""")
    assert (ended, said) == ("exit 0", f"False [] 1\n{['0' * 16] * 5}\n")


@jailed
def test_its_environment_holds_nothing_of_ours(run, monkeypatch):
    monkeypatch.setenv("WMLIB_KEY", "the key")
    _, said = run("print(dict(os.environ))")
    assert eval(said) == confine.ENVIRONMENT | {"PWD": "/tmp"}


@jailed
def test_it_holds_no_open_file_of_ours_but_three_pipes(run):
    _, said = run("""
print(sorted(int(n) for n in os.listdir("/proc/self/fd"))[:3])
print([os.readlink(f"/proc/self/fd/{n}").split(":")[0] for n in range(3)], tried(os.fstat, 4))
""")
    assert said == "[0, 1, 2]\n['pipe', 'pipe', 'pipe'] OSError\n"


@jailed
def test_neither_the_repository_nor_a_home_nor_a_secret_is_in_its_file_system(run, code, tmp_path):
    (tmp_path / "planted_secret").write_text("42", encoding="utf8")
    repository = Path(__file__).parents[1]
    files = [repository / "README.md", tmp_path, Path("/etc/shadow"), Path("/etc/passwd")]
    files += [Path("/root/.bashrc"), Path("/home"), Path("/var"), Path("/sys"), code]
    ended, said = run(f"""
print([p for p in {[str(f) for f in files]} if os.path.exists(p)])
wanted = ("planted_secret", "instructor", "test_jail.py", "instructor.zip", "hidden.py")
for folder, folders, files in os.walk("/"):
    if folder.startswith(("/proc", "/dev")): folders.clear()
    for name in (*folders, *files):
        if name in wanted: print(folder, name)
import wmlib
print(wmlib.__file__, os.listdir("/course"), [n for n in sys.path if "-packages" not in n])
""")
    assert ended == "exit 0"
    first, last = said.splitlines()  # what the search finds would stand between
    assert first == "[]"
    assert last.startswith("/course/wmlib/__init__.py ['wmlib']")
    assert str(repository) not in last.replace(sys.prefix, "").replace(sys.base_prefix, "")


@jailed
def test_an_installed_copy_of_the_package_is_hidden(tmp_path, monkeypatch):
    packages = tmp_path / "lib" / "site-packages"
    (packages / "wmlib").mkdir(parents=True)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "path", [*sys.path, str(packages)])
    try:
        confine.shown.cache_clear()
        show, cover = confine.shown(MB)
    finally:
        confine.shown.cache_clear()
    lib, hidden = str(tmp_path / "lib"), str(packages / "wmlib")
    assert 0 < show.index(lib) < show.index(hidden) and show[show.index(hidden) - 1] == "--tmpfs"
    assert cover == ["--remount-ro", str(packages / "wmlib")]


@jailed
def test_it_sees_no_process_but_its_own_and_cannot_take_hold_of_one(run):
    _, said = run(f"""
print([n for n in os.listdir("/proc") if n.isdigit()] == ["1", str(os.getpid())])
print(tried(os.kill, {os.getpid()}, 9))
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print(libc.ptrace(16, 1, 0, 0), ctypes.get_errno())
""")
    assert said == "True\nProcessLookupError\n-1 1\n"


# What it reaches


@jailed
def test_the_network_is_out_of_reach(run):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        _, said = run(f"""
import socket
print(tried(socket.create_connection, ("127.0.0.1", {server.getsockname()[1]}), 1))
print(tried(socket.create_connection, ("1.1.1.1", 53), 1), tried(socket.gethostbyname, "one.one.one.one"))
print([tried(socket.socket, family) for family in (2, 10, 16, 17, 38, 40)])
print(open("/proc/net/dev").read().count(":"))
""")
    assert said == f"OSError\nOSError gaierror\n{['OSError'] * 6}\n1\n"


@jailed
def test_it_can_write_in_its_temporary_folder_alone(run):
    _, said = run("""
print(open("/tmp/mine", "w").write("mine"), open("/dev/shm/mine", "w").write("mine"))
places = ("/", "/course", "/course/wmlib", "/usr", "/etc", "/dev", "/root", "/proc/sys/kernel")
places += tuple(p for p in sys.path if "-packages" in p)
print([p for p in places if not isinstance(tried(open, p + "/x", "w"), str)])
print(tried(os.chmod, "/course/wmlib/__init__.py", 0o777), tried(os.unlink, "/course/wmlib/files.py"))
""")
    assert said == "4 4\n[]\nOSError OSError\n"


@jailed
def test_it_begins_with_an_empty_temporary_folder(run):
    run("open('/tmp/for_the_next', 'w')")
    _, said = run("""
print([n for n in os.listdir("/tmp") if os.path.isfile("/tmp/" + n)], os.listdir("/dev/shm"))
""")
    assert said == "[] []\n"


@jailed
def test_no_namespace_nor_mount_nor_root_can_be_had_from_within(run):
    _, said = run("""
import ctypes, subprocess
libc = ctypes.CDLL(None, use_errno=True)
print([libc.unshare(0x10000000), libc.mount(b"/", b"/tmp", None, 4096, None), libc.chroot(b"/tmp")])
print(tried(os.setuid, 0) is None, tried(os.setgid, 0) is None, tried(os.setgroups, [0]) is None)
for command in (["su", "-c", "true"], ["bwrap", "--ro-bind", "/", "/", "true"], ["unshare", "-r", "true"]):
    done = subprocess.run(command, capture_output=True) if os.path.exists("/usr/bin/" + command[0]) else None
    print(done is None or done.returncode != 0)
""")
    assert said == "[-1, -1, -1]\nFalse False False\n" + "True\n" * 3


# What it uses up


@jailed
def test_an_endless_loop_ends_at_its_processor_time(run):
    ended, _ = run("while True: pass", seconds=1, wall=60)
    assert ended == "processor time"
    assert 1 < run.last.seconds < 3


@jailed
def test_sleep_costs_no_processor_time_and_ends_by_the_clock_on_the_wall(run):
    began = time.monotonic()
    assert run("time.sleep(100)", seconds=1, wall=1.5) == ("wall clock", "")
    assert 1.5 < time.monotonic() - began < 15
    assert run.last.seconds < 0.3


@jailed
def test_signals_that_it_does_not_listen_to_do_not_save_it(run):
    ended, _ = run(
        """
for number in range(1, 65): tried(signal.signal, number, signal.SIG_IGN)
os.closerange(0, 256)
while True: pass
""",
        seconds=1,
    )
    assert ended == "processor time"


@jailed
@pytest.mark.parametrize("waited", [True, False])
def test_the_time_of_processes_that_are_gone_counts(run, waited):
    """A chain of processes, each too short to be seen; forgotten by the kernel if nobody waits."""
    ended, _ = run(
        f"""
if not {waited}: signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    if (child := os.fork()) == 0:
        end = time.process_time() + 0.03
        while time.process_time() < end: pass
        os._exit(0)
    tried(os.waitpid, child, 0)
""",
        seconds=1,
        wall=60,
    )
    assert ended == "processor time"


@jailed
def test_a_chain_in_which_each_process_leaves_its_time_to_the_next_counts(run):
    ended, _ = run(
        """
while True:
    end = time.process_time() + 0.03
    while time.process_time() < end: pass
    if os.fork() != 0: time.sleep(0.01); os._exit(0) if os.getpid() != 2 else time.sleep(1000)
""",
        seconds=1,
        wall=60,
    )
    assert ended == "processor time"


@jailed
def test_memory_counts_together_for_all_processes_and_for_files_in_memory(run):
    bomb = "x = []\nwhile True: x.append(bytearray(1 << 20)); time.sleep(1e-3)"
    assert run(bomb, memory=100 * MB)[0] == "memory"
    many = "[os.fork() for _ in range(3)]\nx = b'x' * (30 << 20)\ntime.sleep(20)"
    assert run(many, memory=200 * MB)[0] == "memory"
    end_of_thread = 60 if os.uname().machine == "x86_64" else 93
    hidden = f"""
import ctypes, threading
def fill(x):
    while True: x.append(bytearray(1 << 20))
threading.Thread(target=fill, args=([],)).start()
ctypes.CDLL(None).syscall({end_of_thread}, 0)  # the first thread alone, and what is seen by it
"""
    assert run(hidden, memory=100 * MB)[0] == "memory"
    disk = "f = open('/tmp/x', 'wb')\nfor _ in range(60): f.write(bytes(1 << 20))\ntime.sleep(20)"
    assert run(disk, memory=60 * MB)[0] == "memory"


@jailed
def test_one_process_that_asks_for_far_too_much_at_once_is_refused(run):
    ended, said = run("print(tried(bytearray, 10 << 30))", memory=200 * MB)
    assert said == "MemoryError\n"


@jailed
def test_memory_that_belongs_to_no_process_is_not_to_be_had(run):
    _, said = run("""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print(tried(os.memfd_create, "x"), libc.shmget(0, 1 << 20, 0o1600), libc.msgget(0, 0o1600))
import mmap
print(tried(mmap.mmap, -1, 4096), tried(mmap.mmap, os.open("/dev/zero", 2), 4096))
private = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE)
named = open("/tmp/x", "w+b"); named.truncate(4096)
print(len(private), len(mmap.mmap(named.fileno(), 4096)))
""")
    assert said == "OSError -1 -1\nPermissionError OSError\n4096 4096\n"


@jailed
def test_a_fork_bomb_stops_at_the_limit_and_nothing_of_it_is_left(run):
    ended, _ = run("while True: tried(os.fork)  # a_fork_bomb", seconds=0.5, wall=60, processes=20)
    assert ended == "processor time"
    assert none_is_left("a_fork" + "_bomb")


@jailed
def test_no_more_processes_than_the_limit_at_one_time_threads_included(run):
    _, said = run(
        """
children = 0
while tried(os.fork) != "BlockingIOError":
    children += 1
    if os.getpid() != 2: time.sleep(20)
print(children)
os._exit(0)
""",
        processes=20,
    )
    assert 15 <= int(said) <= 19
    _, said = run(
        """
import threading
stop = threading.Event()
threads = [threading.Thread(target=stop.wait, daemon=True) for _ in range(30)]
print(sum(tried(t.start) is None for t in threads))
os._exit(0)
""",
        processes=20,
    )
    assert 15 <= int(said) <= 19


@jailed
def test_two_jails_at_once_do_not_count_each_other(code):
    script = TELL + "print([os.fork() for _ in range(3)] and 'forked')\ntime.sleep(20)"
    with contextlib.ExitStack() as stack:
        both = [
            stack.enter_context(Jail(code, Limits(processes=12), command=["python", "-c", script]))
            for _ in range(2)
        ]
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and any(j.output().count("forked") < 8 for j in both):
            time.sleep(0.05)
        assert [jail.output().count("forked") for jail in both] == [8, 8]
        sleepers = [jail.ended() for jail in both]
    assert sleepers == [None, None]


@jailed
def test_a_large_file_and_a_full_disk_are_errors_inside(run):
    _, said = run(
        """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def fill(name, size):
    with open(name, "wb", 0) as file:
        while size > 0: size -= file.write(bytes(min(size, 1 << 20)))
print(tried(fill, "/tmp/large", 5 << 20))
for n in range(9):
    if what := tried(fill, f"/tmp/{n}", 3 << 20): break
print(n, what)
""",
        files=4 * MB,
        disk=16 * MB,
    )
    assert said == "OSError\n4 OSError\n"


@jailed
def test_so_many_empty_files_that_they_fill_the_memory_end_it(run):
    ended, _ = run(
        """
n = 0
while True: os.close(os.open(f"/tmp/{n}", os.O_CREAT)); n += 1
""",
        memory=40 * MB,
        seconds=20,
    )
    assert ended == "memory"


@jailed
def test_of_what_is_printed_the_first_is_kept_and_a_flood_ends_it(run):
    ended, said = run("print('first'); [print('x' * 9999) for _ in range(200)]", output=1000)
    assert ended == "exit 0" and said.startswith("first\nxxx") and len(said) == 1000
    ended, said = run("while True: print('x' * 99999)", flood=10 * MB)
    assert ended == "output" and len(said) == 1 << 16


# How it ends


@jailed
def test_how_it_ended_is_told(run):
    assert run("os._exit(0)") == ("exit 0", "")
    assert run("os._exit(3)") == ("exit 3", "")
    assert run("os.kill(os.getpid(), 11)")[0] == "exit 139"
    assert run("tried(os.kill, -1, 9); print('still here')") == ("exit 0", "still here\n")
    assert run("tried(os.kill, 1, 9); print('still here')") == ("exit 0", "still here\n")


@jailed
def test_a_daemon_does_not_outlive_its_jail(run, code):
    name = "daemon_of_test_jail"
    ended, _ = run(f"""
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(1, 65): tried(signal.signal, number, signal.SIG_IGN)
        os.closerange(0, 256)
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(60)", "{name}"])
    os._exit(0)
time.sleep(0.3)
""")
    assert ended == "exit 0"
    assert none_is_left(name)


@jailed
def test_a_jail_ends_with_the_process_that_started_it(code):
    script = f"""
import time
from pathlib import Path
from wmlib.challenges.jail import Jail
jail = Jail(Path({str(code)!r}), command=["python", "-c", "import time; time.sleep(60)"])
print(jail._watch._number, flush=True)
time.sleep(60)
"""
    starter = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    inside = int(starter.stdout.readline())
    assert alive(inside)
    starter.kill()
    starter.wait()
    starter.stdout.close()
    deadline = time.monotonic() + 5
    while alive(inside) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(inside)


@jailed
def test_closed_early_it_leaves_no_process_thread_or_open_file(code):
    before = threading.active_count(), len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        script = "import time; time.sleep(60)  # closed_early"
        with Jail(code, command=["python", "-c", script]) as jail:
            assert running("closed" + "_early") >= 2  # bubblewrap is among them
        assert jail.ended() == "closed"
    assert (threading.active_count(), len(os.listdir("/proc/self/fd"))) == before
    assert none_is_left("closed" + "_early")


# The pipes


@jailed
def test_bytes_go_in_and_come_out(code):
    echo = "import sys\nwhile b := sys.stdin.buffer.read1(): sys.stdout.buffer.raw.write(b)"
    with Jail(code, command=["python", "-c", echo]) as jail:
        for n in (1, 40, 200):
            jail.write(bytes(range(250)) * n)
            assert jail.read(250 * n) == bytes(range(250)) * n
        assert jail.ended() is None


@jailed
def test_reading_from_one_that_ended_or_ran_over_says_why(code):
    for script, limits, why in [
        ("print('abc', end='')", Limits(), "exit 0"),
        ("while True: pass", Limits(seconds=0.5), "processor time"),
        ("import time; time.sleep(60)", Limits(wall=0.5), "wall clock"),
        ("import os, time; os.close(1); time.sleep(60)", Limits(wall=1), "wall clock"),
    ]:
        with Jail(code, limits, command=["python", "-c", script]) as jail:
            pytest.raises(Ended, jail.read, 4).match(why)


@jailed
def test_writing_to_one_that_never_reads_does_not_wait_for_ever(code):
    for script, why in [("import time; time.sleep(60)", "wall clock"), ("", "exit 0")]:
        with Jail(code, Limits(wall=1), command=["python", "-c", script]) as jail:
            pytest.raises(Ended, jail.write, bytes(1 << 22)).match(why)


@jailed
def test_a_flood_of_what_nobody_reads_does_no_harm(run):
    ended, _ = run("while True: os.write(1, bytes(1 << 16))", wall=1)
    assert ended == "wall clock"


# Which jail


@jailed
def test_bubblewrap_is_the_first_choice():
    assert choose() == choose("bubblewrap") == "bubblewrap"


def test_without_any_jail_it_says_what_to_install_and_none_must_be_named(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda program: None)
    with pytest.raises(RuntimeError, match="no program `bwrap`(.|\n)*apt install bubblewrap"):
        choose()
    with pytest.raises(RuntimeError, match="no program `podman`"):
        choose("podman")
    assert choose("none") == "none"
    with pytest.raises(ValueError, match="'chroot'"):
        choose("chroot")


@jailed
def test_a_bubblewrap_that_may_make_no_namespace_is_not_chosen(monkeypatch):
    refusing = lambda *a: ["sh", "-c", "echo 'setting up uid map: Permission denied' >&2; exit 1"]
    monkeypatch.setattr(confine, "bubblewrap", refusing)
    with pytest.raises(RuntimeError, match="cannot be set up: setting up uid map"):
        choose("bubblewrap")


@jailed
def test_nothing_is_run_by_one_who_is_privileged(run, monkeypatch):
    line = lambda code, limits, command, files: confine.limited(
        command, sys.executable, limits, True
    )
    with pytest.raises(RuntimeError), monkeypatch.context() as patch:
        patch.setattr(confine, "bubblewrap", line)
        run("print('run')")
    if os.getuid() == 0:
        command = confine.limited(["python", "-c", "print('run')"], sys.executable, Limits(), True)
        done = subprocess.run(command, capture_output=True, encoding="utf8")
        assert done.returncode == 1 and "privileged" in done.stderr and not done.stdout


def test_without_a_jail_the_limits_of_a_process_and_the_clock_still_hold(run):
    assert run("print(os.environ['PYTHONPATH'])", kind="none")[0] == "exit 0"
    assert run("while True: pass", kind="none", wall=1)[0] == "wall clock"
    assert run("print(tried(bytearray, 10 << 30))", kind="none")[1] == "MemoryError\n"
    assert run("import resource as r; print(r.getrlimit(r.RLIMIT_CPU)[0])", kind="none")[1] == "7\n"


@pytest.mark.parametrize("kind", ["docker", "podman"])
def test_a_container_gets_no_network_no_rights_and_all_limits(kind, tmp_path):
    limits = Limits(memory=1 << 30, processes=9, disk=5 * MB)
    line = containers.container(kind, "name", tmp_path, limits, ["python", "-m", "x"])
    text = " ".join(line)
    for wanted in (
        f"{kind} run --rm --interactive", "--network none", "--read-only", "--cap-drop ALL",
        "--user 60599:60599", "--security-opt no-new-privileges", "--cpus 1", "--pids-limit 9",
        f"--memory {1 << 30} --memory-swap {1 << 30}", f"size={5 * MB}", f"{tmp_path}:/course:ro",
        "--env WMLIB_GRADING=1", "--pull never",
    ):  # fmt: skip
        assert wanted in text
    assert line[line.index(containers.IMAGE) + 1] == "/usr/local/bin/python"
    assert line[-2:] == ["-m", "x"] and "--privileged" not in line


@pytest.mark.parametrize("kind", ["docker", "podman"])
def test_a_container_confines_as_bubblewrap_does(kind, run):
    if (wrong := kinds.try_out(kind)) is not None:
        pytest.skip(f"never run here, only its command line is tested: {wrong}")
    _, said = run("print(os.getuid(), tried(open, '/x', 'w'), os.listdir('/course'))", kind=kind)
    assert said == "60599 OSError ['wmlib']\n"
    assert run("time.sleep(60)", kind=kind, wall=3)[0] == "wall clock"


# The parts


def test_a_students_copy_has_no_instructors_part_and_no_chapters_room(code):
    files = {path.relative_to(code).as_posix() for path in code.rglob("*")}
    assert "wmlib/challenges/inside.py" in files and "wmlib/worlds/classic.py" in files
    assert not {f for f in files if "instructor" in f or "__pycache__" in f or "wmlib/course" in f}
    assert all(path.stat().st_mode & 0o4 for path in code.rglob("*"))


def test_the_meter_counts_what_is_waited_for_once():
    hertz = os.sysconf("SC_CLK_TCK")
    meter, main, child = Meter(), (2, 0), (3, 5)
    meter.read({main: Used(0, 0, 1, 0)}, 0)
    meter.read({main: Used(hertz, 0, 1, 0), child: Used(hertz, 0, 1, 0)}, 0.1)
    assert meter.seconds == 2
    meter.read({main: Used(hertz, 2 * hertz, 1, 0)}, 0.1)  # it used one second more, unseen
    assert meter.seconds == 3
    meter.read({main: Used(2 * hertz, 2 * hertz, 1, 0)}, 0.1)
    assert meter.seconds == 4


def test_the_meter_charges_for_gaps_in_the_numbering_but_not_for_threads():
    meter, main = Meter(), (2, 0)
    meter.read({main: Used(0, 0, 1, 0)}, 0)
    meter.read({main: Used(0, 0, 4, 0), (6, 9): Used(0, 0, 1, 0)}, 0.1)  # 3, 4, 5 are threads
    assert meter.seconds == 0
    meter.read({main: Used(0, 0, 4, 0), (8, 9): Used(0, 0, 1, 0)}, 0.1)  # nobody saw 7
    assert meter.seconds == pytest.approx(0.1)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_of_system_calls_is_well_formed(machine):
    steps = len(program := syscalls.program(machine)) // 8
    assert len(program) % 8 == 0 and 80 < steps < 4096
    for at in range(steps):
        kind, yes, no = program[8 * at], program[8 * at + 2], program[8 * at + 3]
        assert kind == 6 or at + 1 + max(yes, no) < steps  # each jump ends within
    assert syscalls.program("pdp11") is None


def test_a_limit_of_nothing_is_refused():
    with pytest.raises(ValueError, match="memory is 0"):
        Limits(memory=0)
