"""The bench measures ratios, keeps what was not measured anew, and its page says what is stored."""

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
STORED = json.loads((ROOT / "book" / "_data" / "speed.json").read_text(encoding="utf8"))
PAGE = (ROOT / "book" / "speed.md").read_text(encoding="utf8")


@pytest.fixture
def bench(monkeypatch):
    """`bench("dyna")` is the module tests/benchmarks/dyna.py."""
    for folder in ("tests/benchmarks", "book/_tools"):
        monkeypatch.syspath_prepend(str(ROOT / folder))
    return importlib.import_module


def row(bench, work="w", ours=(1.0, 2.0, 3.0), theirs=(3.0, 4.0, 3.0), other="b", **more):
    seconds = {"a": list(ours), other: list(theirs)}
    return bench("measure").Row(work, "a", other, seconds, **more)


def test_a_ratio_is_the_median_of_the_paired_ratios(bench):
    assert row(bench).ratio() == (2.0, 1.0, 3.0)


def test_works_are_measured_in_turn_and_the_slower_one_is_slower(bench):
    order = []
    spin = lambda name, n: lambda: (order.append(name), sum(range(n)))
    taken = bench("measure").alternate(
        {"few": spin("few", 20_000), "many": spin("many", 100_000)}, rounds=4, least=0.0
    )
    assert order[-8:] == ["few", "many", "many", "few"] * 2
    pairs = zip(taken["few"], taken["many"])
    assert all(len(x) == 4 for x in taken.values()) and np.median([b / a for a, b in pairs]) > 2


def test_the_peak_is_all_of_the_peak(bench):
    measure = bench("measure")
    seconds = [0.1, 0.2]
    assert measure.share_of_peak(2 * 256**3, seconds, seconds) == pytest.approx(1)
    assert measure.share_of_peak(256**3, seconds, seconds) == pytest.approx(0.5)


def test_a_missing_peer_is_said_and_the_other_rows_stay(bench, capsys, tmp_path):
    measure = bench("measure")

    def absent(peers):
        measure.checkout(peers, "iris", "https://github.com/eloialonso/iris")

    rows = measure.gather(tmp_path, absent, lambda peers: [row(bench)])
    assert len(rows) == 1
    assert "left out: absent: clone https://github.com/eloialonso/iris" in capsys.readouterr().out


def test_what_was_not_measured_keeps_its_figures_and_its_date(bench, monkeypatch, tmp_path):
    stored = bench("stored")
    monkeypatch.setattr(stored, "STORED", tmp_path / "speed.json")
    stored.keep("m", [row(bench), row(bench, other="c"), row(bench, "x")], {"t": 1})
    old = stored.load()
    for kept in [*old["rows"], old["tables"]["m"]]:
        kept["date"] = "2001-01-01"
    stored.STORED.write_text(json.dumps(old), encoding="utf8")
    stored.keep("m", [row(bench, theirs=(9.0, 18.0, 27.0))], None)
    new = stored.load()
    assert [(r["work"], r["theirs"], r["ratio"][0]) for r in new["rows"]] == [
        ("w", "b", 9.0),
        ("w", "c", 2.0),
        ("x", "b", 2.0),
    ]
    assert [r["date"] == "2001-01-01" for r in new["rows"]] == [False, True, True]
    assert new["tables"]["m"]["date"] == "2001-01-01" and new["tables"]["m"]["t"] == 1


def test_each_processor_has_figures_of_its_own(bench, monkeypatch, tmp_path):
    stored, page = bench("stored"), bench("speed_page")
    monkeypatch.setattr(stored, "STORED", tmp_path / "speed.json")
    for name, bar in (("One", 1.5), ("Two", 2.5), ("Two", 3.5)):
        monkeypatch.setattr(stored, "processor", lambda name=name: name)
        stored.keep("planner", [row(bench, bar=bar), row(bench, "x")], None)
    kept = stored.load()
    assert [(r["processor"], r["work"], r["bar"]) for r in kept["rows"]] == [
        ("One", "w", 1.5),
        ("One", "x", None),
        ("Two", "w", 3.5),
        ("Two", "x", None),
    ]
    said = page.short(kept)
    assert "**One**: 1 of the 1 ratios" in said and "**Two**: 0 of the 1 ratios" in said
    lines = [line.split(" | ")[:2] for line in page.rows(kept).splitlines() if line[:1] == "|"]
    assert "Not measured on it: Ensembles" in said
    kept["rows"][0] |= {"bar": 2.0, "met": False}  # it rounds to 2, and is less
    assert "beside b: just under 2 ×. Asked: 2 ×." in page.short(kept)
    assert lines[2:] == [["| w", "One"], ["| w", "Two"], ["| x", "One"], ["| x", "Two"]]


def test_a_processor_is_named_without_ornaments(bench, monkeypatch):
    stored = bench("stored")
    for told, name in (
        ("Intel(R) Xeon(R) Processor", "Intel Xeon"),
        ("AMD EPYC", "AMD EPYC"),
        ("Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", "Intel Core i5-8250U @ 1.60GHz"),
    ):
        monkeypatch.setattr(
            stored.Path, "read_text", lambda path, encoding, told=told: f"model name\t: {told}\n"
        )
        assert stored.processor() == name


@pytest.mark.parametrize(
    "asked, met",
    [
        ({}, None),
        ({"bar": 2.0}, True),
        ({"bar": 2.1}, False),
        ({"bar": 2.0, "peak": 0.3, "peak_bar": 0.33}, False),
        ({"peak": 0.4, "peak_bar": 0.33}, True),
    ],
)
def test_a_bar_is_met_by_the_median_and_missed_else(bench, asked, met):
    assert bench("stored").met(row(bench, **asked)) is met


def test_the_page_says_what_was_missed_and_who_is_faster(bench):
    slow = row(bench, "slow work", theirs=(0.5, 1.0, 1.5), bar=2.0, other="them")
    kept = [bench("stored").as_dict("planner", r) for r in (slow, row(bench, bar=2.0))]
    said = bench("speed_page").short({"rows": kept, "tables": {}})
    assert "1 of the 2 ratios" in said
    assert "Missed: slow work beside them: 0.5 ×. Asked: 2 ×" in said
    assert "Faster than we are: them, at slow work" in said
    assert "**missed**: 2 ×" in bench("speed_page").rows({"rows": kept})


def test_the_page_is_what_is_stored(bench):
    without = lambda text: re.sub(r"<svg.*?</svg>", "", text)  # the letters' outlines may differ
    assert without(bench("speed_page").page(PAGE, STORED)) == without(PAGE)
    assert "Not yet measured" not in PAGE
    exponents = [c["exponent"][0] for c in STORED["tables"]["growth"]["curves"].values()]
    charts = " ".join(re.findall(r'aria-label="([^"]+)"', PAGE))
    assert all(f"exponent of {e:.2f}" in charts for e in exponents)


def test_no_figure_names_this_machine_and_every_command_is_one(bench):
    text = json.dumps(STORED) + PAGE
    assert not re.search(r"(?<!\w)/(work|tmp|home|root|usr|opt)/|\bpypi\b|\bnpmjs\b", text)
    modules = (ROOT / "tests" / "benchmarks" / "__main__.py").read_text(encoding="utf8")
    told = [*STORED["rows"], *STORED["tables"].values()]
    for entry in told:
        name = re.fullmatch(r"make bench NAME=(\w+)( PEERS=\S+)?", entry["command"])[1]
        assert f'"{name}"' in modules and (ROOT / "tests" / "benchmarks" / f"{name}.py").exists()
        assert entry["date"] >= "2026-11-27" and "load" in entry["machine"]


def test_an_unknown_benchmark_and_folder_are_refused():
    run = lambda *given: subprocess.run(
        [sys.executable, ROOT / "tests" / "benchmarks", *given],
        capture_output=True,
        encoding="utf8",
    )
    assert "no benchmark ['nosuch']" in run("nosuch").stderr
    assert "there is no folder" in run("limits", "--peers", "nowhere/at/all").stderr


def test_exponents_are_those_of_the_curve(bench):
    sizes, fitted = (1, 2, 4, 8), bench("growth").fitted
    assert fitted(sizes, [[s * 0.1] * 5 for s in sizes])["exponent"] == [1.0, 1.0, 1.0]
    assert fitted(sizes, [[s**2 * 0.1] * 5 for s in sizes])["exponent"] == [2.0, 2.0, 2.0]


def test_two_programs_that_do_not_agree_are_found_out(bench):
    dyna, rng = bench("dyna"), np.random.default_rng(0)
    draw = lambda more: rng.normal(20, 2, (60, 3, 50)) + more
    told = dyna.compared(draw(0), draw(0))
    assert all(r["difference"][0] < 0 < r["difference"][1] or r["runs"] == 60 for r in told)
    with pytest.raises(ValueError, match="n = 0"):
        dyna.compared(draw(0), draw(2))


def test_a_seed_that_never_solves_counts_with_the_limit(bench):
    real_steps = bench("real_steps")
    rows = [
        {
            "method": "Stable-Baselines3 DQN",
            "seed": s,
            "steps": None if s < 6 else 100,
            "seconds": 1,
        }
        for s in range(10)
    ]
    told = real_steps.summary("Stable-Baselines3 DQN", rows)
    assert told["solved"] == 4 and told["steps"][0] == 50_000 and told["seconds"] == [1, 1, 1]
    due = [real_steps.due(*pair) for pair in ((49, 0), (50, 0), (20_100, 20_000), (20_210, 20_000))]
    assert due == [False, True, False, True]


def test_only_learning_is_on_the_clock(bench):
    real_steps = bench("real_steps")
    learner = real_steps.Clock(iter([(1, "a"), (2, "b")]))
    seen = []
    for step in learner:
        sum(range(3_000_000))  # a check
        seen.append(step)
    assert seen == [(1, "a"), (2, "b")] and learner.seconds < 0.01
