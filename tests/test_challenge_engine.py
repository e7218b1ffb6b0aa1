"""What examiner and student may say to each other, and that nothing else gets through."""

import io
import subprocess
import sys

import numpy as np
import pytest

from wmlib.challenges import wire
from wmlib.challenges.challenge import Challenge, Exam, Part, mistake
from wmlib.challenges.examine import examine
from wmlib.challenges.inside import Respondent
from wmlib.challenges.jail.confine import INSIDE
from wmlib.challenges.offers import Offer, World
from wmlib.challenges.student import Handle, Student, here, through
from wmlib.exercise import Mistake, numbers


def there(value, tensors=False):
    """A value on the other side of the wire."""
    told = wire.encode(value, lambda thing: {"!": "thing", "number": 7, "kind": "it"})
    data = wire.pack({"value": told})
    stream = io.BytesIO(data)
    return wire.decode(wire.unpack(stream.read)["value"], lambda told: told["number"], tensors)


@pytest.mark.parametrize(
    "value",
    [None, True, 3, -2.5, "ü", [1, [2]], (1, "a"), {(1, 2): [0.5], "k": None}, {1, 2}, 2**62, ""],
    ids=repr,
)
def test_plain_values_arrive_as_they_are(value):
    assert there(value) == value and type(there(value)) is type(value)


@pytest.mark.parametrize("dtype", ["f4", "f8", "i8", "u1", "?"])
def test_arrays_keep_shape_and_kind(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    assert there(array).dtype == array.dtype and (there(array) == array).all()
    assert there(array[:, ::2]).shape == (2, 2)
    assert there(np.zeros((0, 4))).shape == (0, 4)
    assert there(np.float32(0.5)) == 0.5


def test_tensors_arrive_as_arrays_at_the_examiner_and_as_tensors_at_the_student():
    import torch

    tensor = torch.tensor([[1.0, 2.0]], requires_grad=True)
    assert isinstance(there(tensor), np.ndarray)
    assert torch.equal(there(tensor, tensors=True), tensor.detach())


class Equal:
    """It equals everything, is larger and smaller, and turns into any number."""

    def __eq__(self, other):
        return True

    def __lt__(self, other):
        return True

    __gt__ = __ge__ = __le__ = __lt__
    __hash__ = None

    def __float__(self):
        return 1.0

    def __array__(self, *args, **kwargs):
        return np.ones(3)


def test_what_is_not_plain_stays_where_it_is():
    assert there(Equal()) == 7
    assert there(np.array([Equal()], object)) == 7

    class Sly(float):
        __eq__ = Equal.__eq__
        __hash__ = float.__hash__

    assert there(Sly(2.0)) == 7  # a child of float is no float


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"nonsense", "no message"),
        (b"[1]", "no message"),
        (b"[" * 100_000, "no message"),
        (b'{"value": ' + b"9" * 10_000 + b"}", "no message"),
    ],
)
def test_what_is_no_message_is_refused(body, why):
    stream = io.BytesIO(len(body).to_bytes(4, "big") + body)
    with pytest.raises(wire.WireError):
        wire.unpack(stream.read)


def test_a_message_that_says_it_is_huge_is_not_waited_for():
    with pytest.raises(wire.WireError, match="at most 32"):
        wire.unpack(io.BytesIO(b"\xff\xff\xff\xff").read)


@pytest.mark.parametrize(
    "told",
    [
        {"!": "array", "dtype": "O", "shape": [1], "data": ""},
        {"!": "array", "dtype": "f4", "shape": [3], "data": "AAAA"},
        {"!": "array", "dtype": "nonsense", "shape": [], "data": ""},
        {"!": "dict", "of": [[[1], 2]]},
        {"!": "dict", "of": 5},
        {"no": "kind"},
    ],
    ids=repr,
)
def test_what_is_no_value_is_refused(told):
    with pytest.raises(wire.WireError):
        wire.decode(told, lambda value: value["number"])


def test_lists_too_deep_are_refused():
    deep = []
    for _ in range(30):
        deep = [deep]
    with pytest.raises(wire.WireError, match="deep"):
        there(deep)


# ---------------------------------------------------------------- questions and answers

NOTEBOOK = """
import numpy as np
class Counter:
    def __init__(self, n): self.n = n
    def add(self, k): self.n += k; return self.n
def make(n): return Counter(n)
def double(x): return 2 * x
def read(c): return c.n
def stub(): raise NotImplementedError
def broken(x):
    return x / 0
def draw(): return float(np.random.random())
def walk(world, steps):
    obs, _ = world.reset()
    for _ in range(steps):
        obs, rew, terminated, truncated, _ = world.step(int(world.action_space.n) - 1)
        if terminated or truncated: obs, _ = world.reset()
    return obs
def asks(thing, n): return [thing.value(i) for i in range(n)]
def agent(obs): return (obs[:, 0] > 0).astype(int)
value = 5
"""
CELLS = [{"source": NOTEBOOK, "index": 3}]


@pytest.fixture(params=["here", "pipe"])
def student(request):
    """The same answers in this kernel and in a process of their own."""
    if request.param == "here":
        made = here({})
        made.run(CELLS)
        yield made
        return
    process = subprocess.Popen(
        [sys.executable, *INSIDE[1:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    )

    def read(n):
        data = b""
        while len(data) < n:
            more = process.stdout.read(n - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    made = through(process.stdin.write, read, 0)
    made.run(CELLS)
    yield made
    process.stdin.close()
    process.wait(10)


def test_functions_are_called_and_values_read(student):
    assert student.call("double", 4) == 8 and student.get("value") == 5
    assert (student.call("double", np.arange(3.0)) == [0, 2, 4]).all()


def test_objects_stay_and_are_asked(student):
    counter = student.call("make", 10)
    assert isinstance(counter, Handle) and counter.kind == "Counter"
    assert counter.call("add", 5) == 15 and counter.get("n") == 15
    assert student.call("read", counter) == 15
    assert counter.has("add") and not counter.has("subtract")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("stub", "nothing there yet"),
        ("absent", "there is no `absent`"),
        ("broken", r"ZeroDivisionError: .* \(cell 3, line 11\)"),
        ("value", "`value` is int, not a function"),
        ("double", "TypeError"),
    ],
)
def test_a_mistake_is_told_in_words(student, name, says):
    with pytest.raises(Mistake, match=says):
        student.call(name, *([1] if name == "broken" else []))


def test_each_question_has_dice_of_its_own_and_they_are_the_same_again(student):
    first, second = student.call("draw"), student.call("draw")
    again = here({})
    again.run(CELLS)
    assert first != second and [again.call("draw"), again.call("draw")] == [first, second]


def test_real_steps_are_counted_where_they_are_made(student):
    world = World("CartPole-v1", steps=30, seed=4)
    obs = student.call("walk", world, 25)
    assert obs.shape == (4,) and world.steps_taken == 25 and len(world.rows) == 25
    assert world.episodes > 1 and all(act == 1 for _, act, *_ in world.rows)
    with pytest.raises(Mistake, match="all 30 real steps are used up"):
        student.call("walk", world, 10)
    assert world.steps_taken == 30


def test_the_examiner_draws_the_starts_of_a_world(student):
    starts = []
    for seed in (4, 4, 5):
        world = World("CartPole-v1", steps=1, seed=seed)
        student.call("walk", world, 1)
        starts.append(world.rows[0][0].tolist())
    assert starts[0] == starts[1] != starts[2]


class Scale:
    def value(self, i):
        return i * 10

    def secret(self):
        return 99


def test_only_the_named_methods_of_an_offer_are_there(student):
    offer = Offer(Scale(), ["value"], budget=5)
    assert student.call("asks", offer, 3) == [0, 10, 20] and offer.calls == 3
    with pytest.raises(Mistake, match="all 5 questions are asked"):
        student.call("asks", offer, 3)
    with pytest.raises(Mistake, match="no attribute"):
        student.call("asks", Offer(Scale(), ["secret"]), 1)


def test_an_agent_of_the_students_plays_in_a_world_of_the_examiners(student):
    from wmlib.evaluation import evaluate
    from wmlib.worlds import CartPole

    played = evaluate(CartPole(), student.agent("agent"), episodes=3, seed=1)
    assert played.lengths.mean() > 9
    with pytest.raises(Mistake, match="wanted an agent"):
        student.agent(5)


@pytest.mark.parametrize(
    ("act", "says"),
    [(2, "no action"), (0.5, "whole number"), ([0, 1], "whole number"), ("x", "whole")],
)
def test_a_world_refuses_what_is_no_action(act, says):
    world = World("CartPole-v1", steps=5)
    world.call("reset", [])
    with pytest.raises(Exception, match=says):
        world.call("step", [act])
    assert world.steps_taken == 0


def test_a_world_wants_a_reset_before_the_first_step_and_after_the_end():
    world = World("CartPole-v1", steps=50)
    with pytest.raises(Exception, match="reset"):
        world.call("step", [0])
    world.call("reset", [])
    while not world.call("step", [0])[2]:
        pass
    with pytest.raises(Exception, match="reset"):
        world.call("step", [0])


# ---------------------------------------------------------------- who speaks out of turn


def replies(*answers):
    """A student whose process sends these messages, whatever it is asked."""
    waiting = iter(answers)
    return Student(lambda question: next(waiting))


@pytest.mark.parametrize(
    "answer",
    [
        {"value": 5},
        {"id": 99, "value": 5},
        {"id": 1},
        {"id": "1", "value": 5},
        {"marks": 10, "id": 2},
    ],
    ids=repr,
)
def test_an_answer_to_another_question_is_a_mistake(answer):
    with pytest.raises(Mistake, match="messages of its own"):
        replies(answer).call("f")


@pytest.mark.parametrize(
    "message",
    [{"offer": 0}, {"offer": 5, "name": "step", "args": []}, {"offer": "x", "name": 1, "args": 2}],
    ids=repr,
)
def test_a_question_about_nothing_is_answered_with_an_error(message):
    said = []

    def exchange(question):
        said.append(question)
        return message if len(said) == 1 else {"id": 1, "value": 1}

    assert Student(exchange).call("f") == 1
    assert "error" in said[1]


# ---------------------------------------------------------------- examinations


def right_if(value):
    return lambda exam: None if exam.student.get("value") == value else "the value is wrong"


def two_parts():
    return Challenge(
        name="day99_two",
        title="Two",
        chapter="01",
        minutes=10,
        hints=["a", "b", "c"],
        parts=[
            Part("value", 2, "a value", right_if(5)),
            Part(
                "double",
                3,
                "a function",
                lambda e: None if e.student.call("double", 2) == 4 else "no",
            ),
            Part("more", 1, "more", right_if(6), bonus=True),
            Part("why", 4, "say why", text="why"),
        ],
    )


def test_parts_are_marked_each_for_itself():
    result = examine(two_parts(), here({}), CELLS, "key")
    assert (result["marks"], result["of"], result["bonus"], result["bonus_of"]) == (5, 9, 0, 1)
    assert [part["got"] for part in result["parts"]] == [2, 3, 0, 0]
    assert "there is no `why`" in result["parts"][3]["found"]
    assert result["verdict"] == "graded" and result["notes"] == []


def test_a_cell_that_stops_stops_the_notebook_and_what_came_before_it_counts():
    cells = [
        {"source": "value = 5", "index": 1},
        {"source": "1 / 0", "index": 2},
        {"source": "def double(x): return 2 * x", "index": 4},
    ]
    result = examine(two_parts(), here({}), cells, "key")
    assert result["marks"] == 2 and result["verdict"] == "crashed"
    assert "Cell 2 stops with ZeroDivisionError" in result["notes"][0]
    assert "there is no `double`" in result["parts"][1]["found"]


def test_a_syntax_error_says_its_line():
    result = examine(two_parts(), here({}), [{"source": "x = 1\ndef f(:\n", "index": 7}], "key")
    assert "Cell 7" in result["notes"][0] and "line 2" in result["notes"][0]


def test_a_persons_part_waits_with_its_text():
    why = "why = 'Because the model knows where the pole will be in a moment.'"
    result = examine(two_parts(), here({}), [*CELLS, {"source": why, "index": 4}], "key")
    part = result["parts"][3]
    assert part["manual"] and part["got"] == 0 and part["text"].startswith("Because")


def test_what_the_examiner_cannot_use_is_the_answers_fault_and_no_crash():
    part = Part("odd", 1, "", lambda exam: None if exam.student.get("value") + "a" else "")
    exam = Exam(here({"value": 5}), "key", "day99_two")
    assert "cannot be used" in mistake(part, exam)


def test_work_that_two_parts_need_is_done_once_and_fails_twice_alike():
    calls = []

    def work(exam):
        calls.append(1)
        raise Mistake("no")

    exam = Exam(here({}), "key", "day99_two")
    for _ in range(2):
        with pytest.raises(Mistake, match="no"):
            exam.once(work)
    assert len(calls) == 1


def test_hidden_seeds_depend_on_key_challenge_and_purpose_alone():
    seeds = {
        Exam(here({}), key, name).seed(purpose)
        for key in ("a", "b")
        for name in ("day01_x", "day02_x")
        for purpose in ("states", "episodes")
    }
    assert len(seeds) == 8
    assert Exam(here({}), "a", "day01_x").seed("states") == Exam(here({}), "a", "day01_x").seed(
        "states"
    )


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ([1, 2], r"shape \(3,\), got \(2,\)"),
        ("abc", "got str"),
        ([1, np.nan, 2], "NaN"),
        (None, "got NoneType"),
        ([[1, 2, 3]], "shape"),
        ({"a": 1}, "got dict"),
    ],
    ids=repr,
)
def test_an_answer_that_is_no_such_numbers_is_named(value, says):
    with pytest.raises(Mistake, match=says):
        numbers(value, (3,), "the answer")
    assert (numbers([1, 2, 3], (None,), "the answer") == [1, 2, 3]).all()


def test_the_learners_check_says_each_part_and_keeps_what_was_reached(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WMLIB_GRADING", raising=False)
    names = {}
    exec(NOTEBOOK, names)
    two_parts().check(names)
    said = capsys.readouterr().out
    assert "✓ value (2 points): right" in said and "✗ more" in said and "Two: 5 of 5 points" in said
    for wanted in ("1 of 3: a", "2 of 3: b", "3 of 3: c", "3 of 3: c"):
        two_parts().hint()
        assert f"Hint {wanted}" in capsys.readouterr().out
    kept = (tmp_path / "challenges_progress.json").read_text(encoding="utf8")
    assert '"value": 2' in kept and '"hints": 3' in kept


def test_a_broken_progress_file_stops_nobody(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "challenges_progress.json").write_text("[1", encoding="utf8")
    two_parts().hint()
    assert "Hint 1 of 3" in capsys.readouterr().out


def test_the_grader_is_not_asked_to_check(monkeypatch, capsys):
    monkeypatch.setenv("WMLIB_GRADING", "1")
    two_parts().check({})
    assert capsys.readouterr().out == ""


def test_a_respondent_answers_and_never_raises():
    respondent = Respondent({})
    assert respondent.answer(
        {"do": "run", "cells": [{"source": "raise SystemExit(0)", "index": 1}]}, None
    )
    for question in (
        {"do": "call", "name": "x", "args": [], "seed": 0},
        {"do": "get", "name": "x"},
    ):
        assert "error" in respondent.answer(question, None)
