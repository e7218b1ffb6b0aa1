"""Attacks that once stopped or slowed a class: each is one student's mistake, and nobody else's."""

import time

import numpy as np
import pytest

from wmlib.challenges import load, wire
from wmlib.challenges.classroom.grade import manual_sheet
from wmlib.challenges.examine import examine
from wmlib.challenges.offers import Offer, Refused
from wmlib.challenges.student import Mistake, Student, here, through
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
