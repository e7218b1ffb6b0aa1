"""The checks that stand in chapters' rooms: every wrong answer that they list is told its words."""

import importlib

import pytest
from exercises import Equal

from wmlib.evidence import rooms
from wmlib.exercise import Exercise, Mistake, numbers

MODULES = ["wmlib.course.reviews.primer"] + [
    f"wmlib.course.{room.name}.exercises" for room in rooms() if (room / "exercises.py").exists()
]
LISTED = [
    (f"{module.split('.')[2][:7]} {exercise.name}", exercise, answer, words)
    for module in MODULES
    for exercise in vars(importlib.import_module(module)).values()
    if isinstance(exercise, Exercise)
    for answer, words in exercise.wrong
]


@pytest.mark.parametrize("where, exercise, answer, words", LISTED, ids=[row[0] for row in LISTED])
def test_a_wrong_answer_is_told_its_mistake(where, exercise, answer, words):
    for seed in range(3):  # whatever inputs are drawn
        assert words in (exercise.mistake(answer, seed) or "right"), where


def doubled(answer, rng):
    x = rng.normal(size=5)
    said = numbers(answer(x), (5,), "what it gives")
    return None if abs(said - 2 * x).max() < 1e-9 else "twice as much is wanted"


def test_inputs_are_drawn_anew_and_compared_with_a_reference():
    double = Exercise("Double", [doubled], wrong=[(lambda x: x, "twice")])
    assert double.mistake(lambda x: 2 * x) is None
    assert double.mistake(lambda x: [1.0] * 5) == "twice as much is wanted"
    assert "got Equal" in double.mistake(lambda x: Equal())
    assert "should have shape (5), got (4,)" in double.mistake(lambda x: x[:4]).replace("5,", "5")
    assert "NaN" in double.mistake(lambda x: x + float("nan"))


def test_a_check_may_raise_what_it_found():
    def examine(answer, rng):
        raise Mistake("the second line")

    assert Exercise("x", [examine]).mistake(None) == "the second line"
