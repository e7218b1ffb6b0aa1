"""Attacks that once stopped or slowed a class: each is one student's mistake, and nobody else's."""

import time

import numpy as np
import pytest

from wmlib.challenges import load, wire
from wmlib.challenges.classroom.grade import manual_sheet
from wmlib.challenges.examine import examine
from wmlib.challenges.offers import Offer, Refused
from wmlib.challenges.student import Student, here, through
from wmlib.exercise import Mistake
from wmlib.files import write_text


def saying(*answers):
    left = list(answers)

    def exchange(question):
        return (
            left.pop(0) | {"id": question["id"]} if left else {"id": question["id"], "value": None}
        )

    return Student(exchange)


def test_a_lone_surrogate_in_an_answer_stops_nobody_elses_grading(tmp_path):
    text = "one two three four five six seven eight \ud800"
    student = here({"comparison": text})
    student.run = lambda cells: None
    result = examine(load("day01_classic"), student, [], "k", True) | {
        "student": "s",
        "name": "s",
        "file": "f",
    }
    write_text(tmp_path / "manual.csv", manual_sheet([result], {}))
    write_text(tmp_path / "r.txt", "".join(str(p["found"]) for p in result["parts"]))


def test_a_lone_surrogate_in_an_error():
    def best_value(*a):
        raise ValueError("\ud800")

    with pytest.raises(Mistake) as error:
        here({"best_value": best_value}).call("best_value")
    str(error.value).encode("utf8")


@pytest.mark.parametrize("value", ["stopped", {"!": "x", "number": 1e999, "kind": ""}, [1], 3])
def test_what_answers_the_run_is_checked(value):
    result = examine(load("day03_look_ahead"), saying({"value": value}), [], "k", True)
    assert result["verdict"] != "grader"


def test_a_manual_answer_is_asked_for_once():
    class Twice:
        n = 0

    def exchange(question):
        if question.get("name") == "comparison":
            Twice.n += 1
            if Twice.n > 1:
                return {"id": question["id"], "value": {"!": "tuple", "of": [1]}}
            return {"id": question["id"], "value": "one two three four five six seven eight"}
        return {"id": question["id"], "value": None}

    result = examine(load("day01_classic"), Student(exchange), [], "k", True)
    assert all(p["text"] is None or type(p["text"]) is str for p in result["parts"])


def test_cells_that_make_too_large_a_message_are_a_problem_of_the_student():
    student = through(lambda data: None, lambda n: b"\0" * n, 0)
    examine(
        load("day03_look_ahead"),
        student,
        [{"source": "\U0001f600" * 3_000_000, "index": 0}],
        "k",
        True,
    )


def test_keys_that_collide_take_no_longer():
    pairs = [[i * (2**61 - 1), 0] for i in range(30_000)]
    began = time.process_time()
    with pytest.raises(wire.WireError):
        wire.decode({"!": "dict", "of": pairs}, lambda _: None)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("name", ["day14_own_gate", "day17_calibration", "day21_dead_codes"])
def test_an_offer_refuses_sizes_that_nobody_needs(name):
    rng = np.random.default_rng(0)
    if name == "day14_own_gate":
        from wmlib.challenges.day14_own_gate.world import Pass, learned

        offer = Offer(learned(Pass(rng, 200.0), rng)[0], ["predict"])
        call = "predict", [np.zeros((20_000, 2), "u1"), np.zeros((20_000, 1), "u1")]
    elif name == "day17_calibration":
        from wmlib.challenges.day17_calibration import Toy

        offer = Offer(Toy(np.array([2]), np.ones(1)), ["start"])
        call = "start", [2_000_000]
    else:
        from wmlib.challenges.day21_dead_codes.stream import Patches

        offer = Offer(Patches(rng), ["decode"])
        call = "decode", [np.zeros((20_000, 16), "u1")]
    with pytest.raises(Refused):
        offer.call(*call)


BORROWED = {  # what hands the library's own function in, day by day, and the first part that it must lose
    "day04_dyna_bugs": (
        "from wmlib.learning.dyna import DynaQ\n"
        "def Dyna(states, acts, n, alpha, gamma, epsilon, seed):\n"
        "    return DynaQ(states, acts, n, alpha=alpha, gamma=gamma, epsilon=epsilon, seed=seed)",
        "ends",
    ),
    "day05_backups": (
        "from wmlib.learning.sweeping import PrioritisedSweeping\n"
        "def sweeping(steps):\n"
        "    agent = PrioritisedSweeping(99, 4, 10**6, threshold=1e-9, alpha=1.0, gamma=0.9)\n"
        "    for step in steps: agent.learn(*step)\n"
        "    return agent.backups, {c for c, row in enumerate(agent.q) if any(row)}",
        "sweeping",
    ),
    "day18_lambda_returns": (
        "import torch\nfrom wmlib.learning.actor_critic import lambda_returns as mine\n"
        "def imagined(rew, cont, value, gamma, lam):\n"
        "    rew, cont, value = map(torch.as_tensor, (rew, cont, value))\n"
        "    return mine(rew[:, 1:], cont[:, 1:], value, gamma, lam)",
        "imagined",
    ),
    "day19_twohot": (
        "import torch\nfrom wmlib.models import distributions as d\n"
        "def symlog(x): return d.symlog(torch.as_tensor(x))\n"
        "def symexp(x): return d.symexp(torch.as_tensor(x))",
        "symlog",
    ),
    "day22_window": (
        "import torch\nfrom wmlib.models.frame_transformer import FrameTransformer\n"
        "net = FrameTransformer(4, 1, 2, 16, 2, 2, 16, 5, 4, seed=3)\n"
        "def reach(layers, window):\n"
        "    net(torch.zeros(1, 9, 2, dtype=int), torch.zeros(1, 9, 1))\n"
        "    return layers * (window - 1)",
        "reach",
    ),
}


@pytest.mark.parametrize("name", BORROWED)
def test_the_librarys_own_function_is_no_answer(name, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where the check keeps what was reached
    source, part = BORROWED[name]
    cells, names = [{"source": source, "index": 0}], {}
    result = examine(load(name), here({}), cells, "k", True)
    said = {row["name"]: row["found"] for row in result["parts"]}
    assert not result["notes"] and "not to be had" in said[part], said
    exec(source, names)
    load(name).check(names)  # the learner is told the same at once
    assert f"✗ {part}" in (told := capsys.readouterr().out) and "not to be had" in told


def test_what_was_withheld_is_there_again_after_the_question():
    import torch

    from wmlib.learning.actor_critic import lambda_returns

    student = here({"f": lambda: lambda_returns(*[torch.ones(1, n) for n in (2, 2, 3)], 1.0, 1.0)})
    student.withhold(["wmlib.learning.actor_critic:lambda_returns"])
    with pytest.raises(Mistake, match="lambda_returns is what you are asked to write"):
        student.call("f")
    assert lambda_returns(*[torch.ones(1, n) for n in (2, 2, 3)], 1.0, 1.0).tolist() == [[3, 2]]
