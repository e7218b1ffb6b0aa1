"""What a claim owes: somebody who fails it, a rival in its sentence, and numbers that cannot drift."""

import inspect
import string

import pytest
from repository import SECOND

from wmlib.evidence import Claim, Experiment, all_experiments, store


def steps(seed):
    return {"steps": 10.0 + seed, "random_steps": 90.0}


FAST = Experiment(
    "00_fast",
    steps,
    {
        "fast": Claim(
            "It takes fewer than {most} steps; a replay buffer takes {replay[steps]:.0f}.",
            lambda f, most: f["steps"] < most,
            most=20,
        )
    },
    trivial={"random": {"steps": "random_steps"}, "still": lambda seed: {"steps": 1000.0}},
    rival={"replay": lambda seed: {"steps": 15.0 + seed}},
)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, request, monkeypatch):
    if "experiment" not in request.fixturenames:
        monkeypatch.setattr("wmlib.evidence.places.COURSE", tmp_path)


def quiet(*_, **__):
    """Says nothing."""


def test_the_evidence_holds_the_trivial_agents_and_the_rival():
    stored = store(FAST, range(3), "x", say=quiet)
    assert stored["claims"]["fast"] == {
        "sentence": "It takes fewer than 20 steps; a replay buffer takes 16.",
        "held": 3,
        "of": 3,
        "trivial": {"random": 0, "still": 0},
    }
    assert stored["seeds"][2]["others"] == {"still": {"steps": 1000}, "replay": {"steps": 17}}
    assert FAST.figures("steps", of="random").tolist() == [90, 90, 90]
    assert FAST.figures("steps", of="replay").tolist() == [15, 16, 17]
    assert FAST.sentence("fast") == stored["claims"]["fast"]["sentence"]
    assert not any(FAST.fooled(row) for row in stored["seeds"])


def test_a_trivial_agent_that_passes_is_named():
    easy = Experiment(
        "00_easy",
        steps,
        {"fast": Claim("Under {most}.", lambda f, most: f["steps"] < most, most=100)},
        trivial=FAST.trivial,
    )
    said = []
    stored = store(easy, range(2), "x", say=lambda line, **_: said.append(line))
    assert stored["claims"]["fast"]["trivial"] == {"random": 2, "still": 0}
    assert easy.fooled(stored["seeds"][0]) == [("fast", "random")]
    assert "random passes fast" in said[0]


def test_a_rival_that_joins_later_is_run_alone_and_the_figures_stay():
    alone = {"fast": ("It is fast.", lambda f: f["steps"] < 20)}
    store(Experiment("00_fast", steps, alone), range(2), "x", say=quiet)
    ran = []
    joined = Experiment(
        "00_fast", lambda seed: 1 / 0, FAST.claims, trivial=FAST.trivial,
        rival={"replay": lambda seed: ran.append(seed) or {"steps": 2.0}},
    )  # fmt: skip
    stored = store(joined, range(2), "x", more=True, say=quiet)
    assert ran == [0, 1] and [row["figures"]["steps"] for row in stored["seeds"]] == [10, 11]
    store(joined, range(2), "x", more=True, say=quiet)
    assert ran == [0, 1]
    store(joined, range(2), "x", others=True, say=quiet)
    assert ran == [0, 1, 0, 1]


def test_a_claim_that_names_nobody_that_there_is_is_refused():
    with pytest.raises(ValueError, match="nobody"):
        Experiment("00_x", steps, {"a": Claim("a", bool, trivial=["nobody"])})


# --- the chapters' own claims ---

OWED = [e for e in all_experiments() if e.name[:2] in SECOND and e.claims]
every_experiment = pytest.mark.parametrize("experiment", OWED, ids=lambda e: e.name)


def fields(sentence):
    """Names of the fields of a format string: "{near} {other[key]:.1f}" -> near, other."""
    found = {field for _, field, _, _ in string.Formatter().parse(sentence) if field}
    return {field.split("[")[0].split(".")[0] for field in found}


@every_experiment
def test_its_trivial_agents_fail_every_claim(experiment):
    rows = experiment.stored()["seeds"]
    for key, claim in experiment.claims.items():
        assert experiment.trivial if claim.trivial is None else claim.trivial, f"{key}: who fails?"
    assert not [(row["seed"], *who) for row in rows for who in experiment.fooled(row)]


@every_experiment
def test_the_sentence_and_the_condition_read_the_same_bounds(experiment):
    for claim in experiment.claims.values():
        read = list(inspect.signature(claim.condition).parameters)[1:]
        assert sorted(read) == sorted(claim.bounds), claim.sentence
        assert set(claim.bounds) <= fields(claim.sentence), claim.sentence
        source = inspect.getsource(claim.condition)
        assert all(source.count(bound) >= 2 for bound in claim.bounds), claim.sentence


@every_experiment
def test_every_rival_is_named_with_its_figure(experiment):
    assert experiment.rival, "who else was given the same?"
    told = set.union(*(fields(claim.sentence) for claim in experiment.claims.values()))
    assert set(experiment.rival) <= told
