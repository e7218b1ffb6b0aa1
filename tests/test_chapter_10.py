"""Chapter 10: its exercises name the mistake, its evidence is complete, its rivals are given as much."""

import numpy as np
import pytest
import torch
from exercises import Chapter, Equal

from wmlib.course.ch10_levels import exercises
from wmlib.course.ch10_levels import experiments as ex
from wmlib.course.ch10_levels.body import PD, Cost, Pushes, body_task, drive
from wmlib.course.ch10_levels.options import Options
from wmlib.course.ch10_levels.rooms import PointRooms, Rooms
from wmlib.course.ch10_levels.search import Asked, backward, manhattan, search
from wmlib.course.ch10_levels.study import (
    by_landmarks,
    landmarks,
    learned_map,
    mirrored,
    trips,
    walk_often,
)

NUMBERS = ("ex1", "ex2", "ex3", "ex4", "ex5")
CHECKS = [getattr(exercises, name) for name in exercises.__all__]


@pytest.fixture(scope="module")
def chapter():
    return Chapter("10_levels", ["imports"])


@pytest.mark.parametrize("exercise", NUMBERS)
def test_a_stub_does_not_pass_and_its_solution_does(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)
    for _ in range(3):  # inputs are drawn anew
        assert chapter.mistake(exercise, chapter.solution(exercise)) is None


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
@pytest.mark.parametrize(
    "answer",
    [Equal(), None, [], {}, 0, float("nan")],
    ids=["equals everything", "None", "list", "dict", "0", "nan"],
)
def test_what_is_no_answer_does_not_pass(check, answer):
    assert check.mistake(lambda *_: answer, 0)


def test_the_notebooks_own_find_is_what_exercise_3_repairs(chapter):
    chapter.run("search-hand")
    assert "closed before" in exercises.check_astar.mistake(chapter.space["find"], 0)


# --- the evidence ---


def test_the_bar_of_the_chapter_is_met_in_every_seed():
    flat, levels = ex.rooms.figures("flat"), ex.rooms.figures("levels")
    assert (flat[:, ex.K8] >= 10 * levels[:, ex.K8]).all()
    assert (ex.rooms.figures("equal") == 1).all()
    assert (ex.rooms.figures("built")[:, ex.K8] > 5 * flat[:, ex.K8]).all()  # it is not free


def test_landmarks_were_given_no_more_than_doorways_and_nearly_as_much():
    share = ex.rooms.figures("prepared") / ex.rooms.figures("built")
    assert (share <= 1).all() and np.median(share) > 0.8


def test_where_rivals_win_or_draw_the_text_may_say_so():
    body, shut = ex.body.figures, ex.shut.figures
    assert (body("cost_true_steps") < body("levels_true_steps")).all()
    assert np.median(body("pd_steps")) < np.median(body("levels_network_steps"))
    assert 0.7 < np.median(shut("flat_asked")) / np.median(shut("mended_asked")) < 1.3


def test_a_level_that_saves_nothing_is_never_repaid():
    assert ex.repaid(1000, 50, 60) == ex.NEVER
    assert ex.repaid(1000, 110, 10) == 10


# --- the parts ---


def test_trips_compared_are_the_same_for_everyone_and_lead_somewhere():
    world = Rooms(2, 5, 0)
    pairs = trips(world, 50, 0)
    assert pairs == trips(world, 50, 0) != trips(world, 50, 1)
    assert all(a != z and {a, z} <= set(world.inside()) for a, z in pairs)


def test_a_guess_from_landmarks_is_consistent_and_better_than_rows_and_columns():
    world = Rooms(3, 4, 1)
    model = Asked(learned_map(world))
    marks, asked = landmarks(model, world.free(), 3000)
    assert len(marks) > 1 and asked <= 3000
    goal = world.inside()[7]
    line = manhattan(world.shape[1], goal)
    guess, true = by_landmarks(marks, goal, line), backward(model, goal, set(world.free()))[0]
    assert all(line(cell) <= guess(cell) <= true[cell] for cell in true)
    assert sum(map(guess, true)) > sum(map(line, true))
    steps = [(cell, nxt) for cell in true for nxt, *_ in model.neighbours(cell)]
    assert all(guess(cell) <= 1 + guess(nxt) for cell, nxt in steps)


def test_mirrored_mud_lies_elsewhere_and_the_doorways_stay():
    world = Rooms(5, 3, 2, mud=0.4)
    other = mirrored(world)
    assert other.doors == world.doors and other.muddy.sum() == world.muddy.sum()
    cell = next(c for c in world.inside() if world.muddy[c] and not other.muddy[c])
    assert max(map(len, world.outcomes[cell])) == 2 and max(map(len, other.outcomes[cell])) == 1


def test_a_path_of_single_steps_is_walked_as_often_as_a_route():
    world = Rooms(2, 3, 0)
    path = search(Asked(learned_map(world)).neighbours, *trips(world, 1, 0)[0])
    assert walk_often(path, world, None) == path.steps


@pytest.fixture(scope="module")
def trip():
    world = PointRooms(Rooms(3, 4, 0))
    options = Options(learned_map(world.building))
    return world, options, body_task(world, options, 3, 0)


def test_the_cost_to_go_is_the_shortest_way_and_falls_along_it(trip):
    world, options, task = trip
    cost = Cost(world, options.low, task.goals)
    at = lambda cells: cost(torch.tensor(world.centre(np.array(cells))))
    true = [backward(options.low, int(z), set(world.building.free()))[0] for z in task.goals]
    assert at(task.starts).tolist() == [true[i][int(s)] for i, s in enumerate(task.starts)]
    assert at(task.goals).tolist() == [0, 0, 0]
    assert at([0, 0, 0]).tolist() == [200] * 3  # a corner of the outer wall


def test_a_body_without_a_model_arrives_by_doorways_and_random_pushes_do_not(trip):
    world, _, task = trip
    assert drive(world, PD(task.routes), task.starts, task.goals).arrived.all()
    went = drive(world, Pushes(0), task.starts, task.goals)
    assert not went.arrived.any() and (went.steps == 120).all()
