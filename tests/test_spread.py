"""Jobs give the same results wherever they run, and one that dies takes no other with it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import jobs
import psutil
import pytest
import torch
from repository import tool

from wmlib import evidence
from wmlib.spread import JobDied, JobFailed, spread

TESTS = Path(__file__).parent
SEEDS = [3, 1, 4, 15, 9, 2]
signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without them")


def alive(pid):
    """Whether a process runs; what only waits to be collected does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for(condition, seconds=20.0):
    """The condition's value, once it is true."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)
    return found


def pids(folder, name):
    """The process that runs a marked job, and the one that began it."""
    found = wait_for(lambda: list(folder.glob(f"{name}.*")))
    return [int(part) for part in found[0].name.split(".")[1:]]


def seen(index, error):
    """A failure as a value."""
    return type(error).__name__, error.how


@pytest.fixture()
def two_threads():
    """A caller whose sums would have other last digits."""
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(1)


@pytest.mark.slow
def test_results_are_the_same_in_this_process_and_in_others(two_threads):
    here = dict(spread(jobs.draws, SEEDS, workers=1))
    assert torch.get_num_threads() == 2
    beside = dict(spread(jobs.draws, SEEDS, workers=2))
    assert here == beside and [here[n]["seed"] for n in range(6)] == SEEDS


def test_one_worker_is_this_process_and_takes_jobs_in_order():
    def work(job):
        ran.append(job)
        return os.getpid()

    ran = []
    assert list(spread(work, "abc", workers=1)) == [(n, os.getpid()) for n in range(3)]
    assert ran == ["a", "b", "c"]


def test_what_is_done_first_is_handed_out_first():
    assert list(spread(jobs.late, [(0, 0.7), (1, 0.0), (2, 0.0)], workers=2))[-1] == (0, 0)


def test_no_jobs_give_nothing_and_begin_no_process():
    assert list(spread(jobs.late, [])) == []


def test_jobs_are_read_when_their_turn_is_near():
    class Read(list):
        def __getitem__(self, index):
            read.append(index)
            return (index, 0.0)

    read = []
    with_first = spread(jobs.late, Read(range(500)), workers=2)
    next(with_first)
    with_first.close()
    assert len(read) < 100


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_names_the_job_and_tells_where_the_work_stopped(workers):
    with pytest.raises(JobFailed, match="job 1: ZeroDivisionError: division by zero") as raised:
        list(spread(jobs.divide, [1, 0], workers=workers))
    assert raised.value.index == 1 and "return 1 / number" in raised.value.__notes__[0]


@pytest.mark.parametrize("workers", [1, 2])
def test_failures_become_results_where_the_caller_goes_on(workers):
    got = dict(spread(jobs.divide, [1, 0, 4], workers=workers, failed=seen))
    assert got == {0: 1.0, 1: ("JobFailed", "ZeroDivisionError: division by zero"), 2: 0.25}


@signals
def test_a_job_whose_process_dies_twice_is_named_and_the_others_go_on():
    got = dict(spread(jobs.divide, [1, -1, 2, 4, 5], workers=2, failed=seen))
    died, how = got.pop(1)
    assert got == {0: 1.0, 2: 0.5, 3: 0.25, 4: 0.2} and died == "JobDied"
    assert "killed by signal 9" in how
    with pytest.raises(JobDied, match="job 0"):
        list(spread(jobs.divide, [-1], workers=2))


@signals
def test_a_job_whose_process_is_killed_once_is_done_all_the_same(tmp_path):
    work = [(str(tmp_path), name) for name in "ab"]

    def kill():
        os.kill(pids(tmp_path, "a")[0], signal.SIGKILL)
        (tmp_path / "go").touch()

    threading.Thread(target=kill).start()
    assert dict(spread(jobs.marked, work, workers=2)) == {0: "a", 1: "b"}
    assert len(list(tmp_path.glob("a.*"))) == 2  # it was begun twice


def test_when_the_caller_stops_no_process_is_left(tmp_path):
    def go():
        assert all(pids(tmp_path, name) for name in "ab")
        (tmp_path / "go-a").touch()  # b is still at work

    going = spread(jobs.marked, [(str(tmp_path), "a"), (str(tmp_path), "b")], workers=2)
    threading.Thread(target=go).start()
    assert next(going) == (0, "a")
    begun = [pids(tmp_path, name)[0] for name in "ab"]
    going.close()
    assert not any(map(alive, begun))


@signals
@pytest.mark.parametrize("with_what", ["SIGINT", "SIGKILL"])
def test_when_the_caller_is_interrupted_or_killed_no_process_is_left(tmp_path, with_what):
    code = (
        # Where tests run in the background, Ctrl-C is deafened for all that comes from there.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import jobs; from wmlib.spread import spread\n"
        f"list(spread(jobs.marked, [({str(tmp_path)!r}, n) for n in 'ab'], workers=2))"
    )
    caller = subprocess.Popen([sys.executable, "-c", code], cwd=TESTS, stderr=subprocess.DEVNULL)
    begun = [pids(tmp_path, name)[0] for name in "ab"]
    caller.send_signal(getattr(signal, with_what))
    caller.wait(10)
    wait_for(lambda: not any(map(alive, begun)), seconds=10)


def test_what_cannot_travel_is_refused():
    with pytest.raises(ValueError, match="function of a module"):
        spread(lambda job: job, [1], workers=2)
    with pytest.raises(TypeError, match="job must be of plain values, got set"):
        list(spread(jobs.unplain, [{1}], workers=2))
    with pytest.raises(JobFailed, match="result must be of plain values, got set"):
        list(spread(jobs.unplain, [1], workers=2))
    with pytest.raises(ValueError, match="at least 1, got 0"):
        spread(jobs.unplain, [1], workers=0)
    with pytest.raises(ValueError, match="scheduler has its own"):
        spread(jobs.unplain, [1], scheduler="tcp://127.0.0.1:1", workers=2)


def test_a_scheduler_that_does_not_answer_is_told_with_how_to_begin_one():
    began = time.monotonic()
    with pytest.raises(ConnectionError, match="127.0.0.1:1 within 0.5 seconds.*`dask scheduler`"):
        list(spread(jobs.draws, [1], scheduler="tcp://127.0.0.1:1", patience=0.5))
    assert time.monotonic() - began < 5
    with pytest.raises(ValueError, match="like tcp://host:8786, got 'here'"):
        list(spread(jobs.draws, [1], scheduler="here"))


def test_without_dask_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ImportError, match=r"pip install 'wmlib\[cluster\]'"):
        list(spread(jobs.draws, [1], scheduler="tcp://127.0.0.1:8786"))


def of_chance(stored):
    """Evidence without what a clock says."""
    return stored | {"seeds": [row | {"seconds": 0} for row in stored["seeds"]]}


@pytest.fixture()
def figures_elsewhere(tmp_path, monkeypatch):
    """An experiment of a chapter, stored in a folder of the test's own."""
    (bars,) = [e for e in evidence.all_experiments("12") if e.name == "12_lucas"]
    monkeypatch.setattr("wmlib.evidence.places.COURSE", tmp_path)
    return bars


@pytest.mark.slow
def test_evidence_is_the_same_whether_its_seeds_ran_side_by_side(figures_elsewhere):
    def stop(*said, **how):
        kept.append(half.read_text(encoding="utf8").count("\n"))
        if len(kept) == 3:
            raise KeyboardInterrupt

    silent = lambda *said, **how: None
    half, kept = figures_elsewhere.path.with_suffix(".half.jsonl"), []
    one = evidence.store(figures_elsewhere, range(3), "x", say=silent)
    with pytest.raises(KeyboardInterrupt):
        evidence.store(figures_elsewhere, range(3), "x", say=stop, workers=2)
    assert kept == [1, 2, 3]  # each as soon as it was done
    side = evidence.store(figures_elsewhere, range(3), "x", say=silent, workers=2)
    assert of_chance(side) == of_chance(one) == of_chance(figures_elsewhere.stored())
    assert "machine" not in one["seeds"][0] and one["machine"].endswith("one thread")


@pytest.mark.slow
def test_notebooks_run_with_other_base_seeds_and_their_claims_are_counted(tmp_path, monkeypatch):
    import nbformat

    tools = tool("notebooks")
    code = [
        "import json, os\nseed = int(os.environ['WMLIB_SEED'])",
        "row = {'notebook': '01', 'claim': 'Odd.', 'seed': seed, 'holds': seed % 2 == 1}\n"
        "_ = open(os.environ['WMLIB_CLAIMS'], 'a').write(json.dumps(row) + '\\n')",
        "assert seed < 2",
    ]
    cells = [nbformat.v4.new_code_cell(each) for each in code]
    (tmp_path / "notebooks").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "notebooks" / "01_it.ipynb")
    monkeypatch.setattr(tools, "ROOT", tmp_path)
    assert tools.seeds(2, None) == 1  # the second stops, after its claim
    rows = json.loads((tmp_path / "_build" / "claims.json").read_text(encoding="utf8"))
    assert [(row["seed"], row["holds"]) for row in rows] == [(1, True), (2, False)]


class Cluster:
    """A Dask scheduler and workers on this machine, each begun by its own command."""

    def __init__(self, folder):
        self.file, self.begun = folder / "scheduler.json", []
        self.scheduler = self.begin("scheduler", "--host", "127.0.0.1", "--port", "0")
        wait_for(self.file.exists)
        self.address = json.loads(self.file.read_text(encoding="utf8"))["address"]
        self.workers = [self.begin("worker", "--no-nanny", "--nthreads", "1") for _ in range(2)]

    def begin(self, what, *options):
        module = f"import distributed.cli.dask_{what} as it; it.main()"
        given = [*options, "--scheduler-file", self.file, "--no-dashboard"]
        env = os.environ | {"PYTHONPATH": str(TESTS)}
        process = subprocess.Popen(
            [sys.executable, "-c", module, *map(str, given)],
            env=env,
            cwd=self.file.parent,
            stderr=subprocess.DEVNULL,
        )
        self.begun.append(process)
        return process

    def end(self):
        for process in self.begun:
            process.kill()
            process.wait()


@pytest.fixture()
def cluster(tmp_path_factory):
    pytest.importorskip("distributed")
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.end()


@signals
@pytest.mark.slow
def test_a_cluster_gives_what_this_machine_gives_a_worker_killed_in_mid_run(
    cluster, tmp_path, two_threads
):
    far = {"scheduler": cluster.address}
    assert dict(spread(jobs.draws, SEEDS, **far)) == dict(spread(jobs.draws, SEEDS, workers=1))
    mixed = [1, 0, -1, 4]
    got = dict(spread(jobs.divide, mixed, **far, failed=seen))
    assert got == dict(spread(jobs.divide, mixed, workers=2, failed=seen))
    assert got[2][0] == "JobDied"  # its own process died, the worker did not

    def kill():
        job, worker = pids(tmp_path, "a")
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: not alive(job))
        (tmp_path / "go").touch()

    killer = threading.Thread(target=kill)
    killer.start()
    work = [(str(tmp_path), name) for name in "abcde"]
    assert dict(spread(jobs.marked, work, **far)) == dict(enumerate("abcde"))
    killer.join()
    assert len(list(tmp_path.glob("a.*"))) == 2  # it was begun twice
    assert sorted(worker.poll() is None for worker in cluster.workers) == [False, True]


@signals
@pytest.mark.slow
def test_a_scheduler_that_goes_away_and_a_machine_that_differs_are_told(cluster, monkeypatch):
    from wmlib.spread import cluster as module

    other = module.kit() | {"torch": "1.0.0"}
    monkeypatch.setattr(module, "kit", lambda: other)
    with pytest.raises(RuntimeError, match="torch is 2.* and 1.0.0 where"):
        list(spread(jobs.late, [(0, 0.0)], scheduler=cluster.address))
    monkeypatch.undo()
    going = spread(jobs.late, [(0, 0.0), (1, 60.0)], scheduler=cluster.address, patience=2)
    assert next(going) == (0, 0)
    for worker in cluster.workers:
        worker.kill()
    with pytest.raises(ConnectionError, match="no worker for 2 seconds"):
        next(going)
    going = spread(jobs.late, [(0, 60.0)], scheduler=cluster.address)
    threading.Timer(1.0, cluster.scheduler.kill).start()
    with pytest.raises(ConnectionError, match="is gone"):
        next(going)
