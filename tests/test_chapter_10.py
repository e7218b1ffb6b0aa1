"""Chapter 10: its exercises name the mistake, its evidence is complete, its words match its code."""

import pytest
from exercises import Chapter

from wmlib.course.ch10_levels import experiments as ex
from wmlib.course.ch10_levels import study as parts
from wmlib.course.ch10_levels.rooms import Rooms

NUMBERS = ("ex1", "ex2", "ex3", "ex4")


@pytest.fixture(scope="module")
def chapter():
    return Chapter("10_levels", ["imports"])


@pytest.mark.parametrize("exercise", NUMBERS)
def test_a_stub_does_not_pass_and_its_solution_does(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)
    assert chapter.mistake(exercise, chapter.solution(exercise)) is None


COUNT = "doorways = lambda m: sorted(c for c, n in m.items() if sum(x != c for x in n) == {})"
WALK = """
def duration(policy, step, door, cells):
    answer = {{}}
    for cell in cells:
        at, n = cell, 0
        while {condition}:
            at, n = step(at, policy[at]), n + 1
        {keep}answer[cell] = n{off}
    return answer
"""
GREEDY = """
def best_route(model, start, goal):
    queue, done = [(start, [])], set()
    while queue:
        state, taken = queue.pop(0)
        if state == goal:
            return taken
        if state not in done:
            done.add(state)
            queue += [(end, taken + [o]) for o, (end, _) in model[state].items()]
    return {nothing}
"""
MISTAKES = [
    ("ex1", COUNT.format(2), "not opposite"),
    ("ex1", "doorways = lambda m: sorted(c for c, n in m.items() if n[2] != c != n[3])", "open on"),
    (
        "ex1",
        "doorways = lambda m: [c for c, n in m.items() if n[2] != c != n[3] and n[0] == c]",
        "up and down",
    ),
    (
        "ex2",
        WALK.format(condition="step(at, policy[at]) != door", keep="", off=""),
        "into the door",
    ),
    ("ex2", WALK.format(condition="at != door", keep="", off=""), "KeyError"),
    ("ex2", WALK.format(condition="at != door and at in policy", keep="", off=""), "leave it out"),
    (
        "ex2",
        WALK.format(condition="at != door and at in policy", keep="if at == door: ", off=""),
        "in circles",
    ),
    ("ex3", GREEDY.format(nothing="None"), "three options and 15 steps"),
    ("ex4", "repaid = lambda built, before, after: built // (before - after + 1)", "round up"),
    ("ex4", "repaid = lambda built, before, after: built / (before - after)", "trips are whole"),
    ("ex4", "repaid = lambda built, before, after: math.ceil(built / (before - after))", "Zero"),
    ("ex4", "repaid = lambda b, x, a: math.ceil(b / (x - a)) if x > a else math.inf", "nothing to"),
]


@pytest.mark.parametrize("exercise, answer, named", MISTAKES)
def test_mistakes_are_named(exercise, answer, named, chapter):
    assert named in chapter.mistake(exercise, answer)


def test_the_bar_of_the_chapter_is_met_in_every_seed():
    flat, levels = ex.rooms.figures("flat"), ex.rooms.figures("levels")
    assert (flat[:, ex.LARGE] >= 10 * levels[:, ex.LARGE]).all()
    assert (ex.rooms.figures("equal") == 1).all()
    assert (ex.rooms.figures("built")[:, ex.LARGE] > 5 * flat[:, ex.LARGE]).all()  # it is not free


def test_a_level_that_saves_nothing_is_never_repaid():
    assert ex.repaid(1000, 50, 60) == ex.NEVER
    assert ex.repaid(1000, 110, 10) == 10


def test_trips_compared_are_the_same_for_everyone_and_lead_somewhere():
    world = Rooms(2, 5, 0)
    pairs = parts.trips(world, 50, 0)
    assert pairs == parts.trips(world, 50, 0) != parts.trips(world, 50, 1)
    assert all(a != z and {a, z} <= set(world.inside()) for a, z in pairs)
