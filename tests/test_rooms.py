"""Buildings, search in learned tables, options and their models, and a body that steers between."""

import itertools
import random

import numpy as np
import pytest
import torch

from wmlib.course.ch10_levels.options import Options, follow, travel
from wmlib.course.ch10_levels.rooms import PointRooms, Rooms
from wmlib.course.ch10_levels.search import Asked, backward, manhattan, search
from wmlib.course.ch10_levels.study import learned_table, trips, wander
from wmlib.course.ch10_levels.subgoals import Subgoals
from wmlib.models import SampleModel, Simulator, TableModel
from wmlib.planning import CEM


@pytest.fixture(scope="module")
def world():
    return Rooms(3, 5, seed=1)


@pytest.fixture(scope="module")
def options(world):
    return Options(learned_table(world, 1))


def distances(world, goal):
    """Steps from every cell to the goal, by flooding the true building."""
    steps, edge = {goal: 0}, [goal]
    for cell in edge:
        for action in range(4):
            nxt = world.move(cell, action)[0]
            if nxt not in steps:
                steps[nxt] = steps[cell] + 1
                edge.append(nxt)
    return steps


@pytest.mark.parametrize("rooms, size, seed", [(2, 3, 0), (3, 5, 1), (4, 7, 2), (5, 4, 3)])
def test_every_room_can_be_reached_and_doors_are_where_they_are_said_to_be(rooms, size, seed):
    world = Rooms(rooms, size, seed, closed=0.9)
    assert len(distances(world, world.starts[0])) == len(world.free())
    assert len(world.free()) == rooms * rooms * size * size + len(world.doors)
    assert len(world.doors) >= rooms * rooms - 1
    for door in world.doors:
        shut = world.shut(door)
        assert shut.letters[door] == "#" and len(shut.free()) == len(world.free()) - 1


def test_a_building_too_small_and_a_doorway_that_is_none_are_refused(world):
    with pytest.raises(ValueError, match="2 x 2 rooms of 3 x 3"):
        Rooms(1, 5)
    with pytest.raises(ValueError, match="no doorway"):
        world.shut(world.starts[0])


def test_without_closed_walls_neighbours_always_have_a_doorway():
    assert len(Rooms(4, 5, 0, closed=0).doors) == 2 * 4 * 3


def test_mud_is_not_on_the_drawing_and_holds_as_often_as_it_says():
    clean, muddy = Rooms(3, 5, 2), Rooms(3, 5, 2, mud=0.5, stuck=0.7)
    assert clean.drawing == muddy.drawing and muddy.muddy.sum() == 4 * 25
    cell = np.flatnonzero(muddy.muddy)[12]
    batch = np.full(4000, cell)
    nxt, _, _ = muddy.step(batch, np.ones(4000, int), np.random.default_rng(0))
    assert np.mean(nxt == cell) == pytest.approx(0.7, abs=0.03)


def test_wandering_is_made_of_real_steps(world):
    data = wander(world, 900, seed=3, walkers=30)
    assert len(data) == 900 and len(np.unique(data.episode)) == 30
    nxt, _, _ = world.step(data.obs, data.act)
    assert (nxt == data.next_obs).all()
    same = data.episode[1:] == data.episode[:-1]
    assert (data.obs[1:][same] == data.next_obs[:-1][same]).all()
    assert data.truncated.sum() == 30


def test_flat_search_and_a_star_find_shortest_paths_and_a_star_asks_less(world):
    flat = Asked(learned_table(world, 1))
    for start, goal in trips(world, 10, 1):
        asked = []
        for guess in (None, manhattan(world.shape[1], goal)):
            before = flat.queries
            path = search(flat.neighbours, start, goal, guess)
            asked.append(flat.queries - before)
            assert path.steps == distances(world, goal)[start] == len(path.actions)
            cell = start
            for action in path.actions:
                cell = world.move(cell, action)[0]
            assert cell == goal
        assert asked[1] <= asked[0]


def test_every_question_is_counted():
    model = TableModel(3, 2)
    model.record(0, 0, 0.0, 1, False)
    model.record(1, 0, 0.0, 2, False)
    asked = Asked(model)
    assert asked.ask(0, 0) == (1, 1.0) and asked.ask(0, 1) == (0, np.inf)
    assert asked.queries == 2 and asked.log == [0, 0]
    assert search(asked.neighbours, 0, 2).states == [0, 1, 2]
    assert asked.queries == 2 + 2 * 2  # two states opened, two actions each
    assert search(asked.neighbours, 2, 0) is None


def test_a_step_that_fails_two_times_in_three_takes_three_steps():
    model = SampleModel(2, 1)
    for nxt in (0, 0, 1):
        model.record(0, 0, 0.0, nxt, False)
    assert Asked(model).ask(0, 0) == (1, pytest.approx(3.0))


def test_backward_search_stays_inside_its_region(world, options):
    room = options.rooms[0]
    steps, policy = backward(options.low, min(room), room)
    assert set(steps) == room and set(policy) == room - {min(room)}
    true = distances(world, min(room))
    assert all(steps[cell] == true[cell] for cell in room)


def test_doorways_and_rooms_are_found_in_the_learned_table_alone(world, options):
    assert options.doors == world.doors
    assert sorted(map(len, options.rooms)) == [25] * 9
    assert all(len(options.beside[door]) == 2 for door in options.doors)


def test_the_model_of_an_option_says_what_happens_when_it_is_done(world, options):
    told = 0
    for (cell, i), (reward, end, _) in options.table.last.items():
        walked, at = 0, cell
        while at != end:
            at, walked = world.move(at, options.policy[i][at])[0], walked + 1
        assert at == options.doors[i] and walked == -reward
        told += 1
    assert told > 500


def test_the_option_model_is_a_world_model_like_any_other(options):
    cell, i = next(iter(options.table.last))
    state = options.table.start(np.array([cell]))
    step = options.table.step(state, torch.tensor([i]))
    assert step.state.item() == options.doors[i] and step.rew.item() < 0


def test_plans_over_doorways_are_as_short_as_the_shortest_for_every_pair():
    world = Rooms(3, 3, seed=4, closed=0.4)
    options = Options(learned_table(world, 4, 150))
    cells = world.free()[::3]
    for start, goal in itertools.permutations(cells, 2):
        walked = follow(options.plan(start, goal), world)
        assert walked[-1] == goal and len(walked) - 1 == distances(world, goal)[start]


def test_a_place_never_visited_is_named(options):
    with pytest.raises(ValueError, match="never visited"):
        options.plan(options.doors[0], 0)


def test_learned_durations_know_the_mud():
    world = Rooms(3, 5, 5, mud=0.4)
    options = Options(learned_table(world, 5, 150, SampleModel))
    chance = random.Random(0)
    routes = [options.plan(*pair) for pair in trips(world, 20, 5)]
    taken = np.mean([len(follow(r, world, chance)) - 1 for r in routes for _ in range(20)])
    assert taken == pytest.approx(np.mean([r.steps for r in routes]), rel=0.1)


def test_a_walled_up_doorway_stops_the_believer_and_not_the_one_who_mends():
    world = Rooms(4, 4, 6, closed=0)
    options = Options(learned_table(world, 6, 150))
    start, goal = min(world.inside()), max(world.inside())
    route = options.plan(start, goal)
    shut = world.shut(route.states[2])
    assert travel(options, shut, start, goal, mend=False, limit=300)[-1] != goal
    before = options.queries
    walked = travel(options, shut, start, goal)
    assert walked[-1] == goal
    assert options.queries - before < options.built / 2
    assert all(shut.letters[cell] != "#" for cell in walked)


def test_a_building_cut_in_two_is_said_to_have_no_way():
    world = Rooms(2, 3, 0, closed=1.0)
    options = Options(learned_table(world, 0, 200))
    start, goal = min(world.inside()), max(world.inside())
    shut = world.shut(options.plan(start, goal).states[1])
    assert travel(options, shut, start, goal)[-1] != goal


# --- the sliding body --------------------------------------------------------------------------


def test_the_body_never_enters_a_wall_and_never_moves_more_than_half_a_cell(world):
    body, rng = PointRooms(world), np.random.default_rng(0)
    state = body.initial(200, rng)
    for t in range(100):
        if t % 10 == 0:
            push = rng.uniform(-1, 1, (200, 2))
        nxt, _, _ = body.step(state, push)
        assert not body.wall.ravel()[body.cell(nxt)].any()
        assert np.abs(nxt[:, :2] - state[:, :2]).max() <= 0.5 + 1e-9
        state = nxt


def test_a_wall_takes_the_velocity_towards_it_and_leaves_the_other(world):
    body = PointRooms(world)
    state = np.array([[1.05, 1.5, -0.3, 0.2]])  # at the left wall of the first room, moving into it
    nxt, _, _ = body.step(state, np.zeros((1, 2)))
    assert nxt[0, 2] == 0 and nxt[0, 3] == pytest.approx(0.16)
    assert 1 < nxt[0, 0] < 1.05 and nxt[0, 1] == pytest.approx(1.66)


def test_cells_and_centres_agree(world):
    body, cells = PointRooms(world), np.array(world.free())
    assert (body.cell(body.centre(cells)) == cells).all()


def test_each_episode_steers_to_its_own_subgoal(world):
    body = PointRooms(world)
    starts = np.array([[1.5, 3.5, 0, 0], [3.5, 3.5, 0, 0]])
    routes = [[(4.5, 3.5)], [(3.5, 1.5), (1.5, 1.5)]]
    agent = Subgoals(Simulator(body), CEM(8, 40, 3, 6), routes, seed=0)
    state = starts
    agent.begin(body.obs(state))
    assert agent.targets.tolist() == [[4.5, 3.5], [3.5, 1.5]]
    for _ in range(40):
        state, _, _ = body.step(state, agent.act(body.obs(state)))
    assert np.linalg.norm(state[:, :2] - [(4.5, 3.5), (1.5, 1.5)], axis=1).max() < 0.5
    assert agent.targets[1].tolist() == [1.5, 1.5]
    agent.keep(np.array([False, True]))
    assert len(agent.act(body.obs(state[1:]))) == 1


def test_routes_and_episodes_must_match(world):
    body = PointRooms(world)
    with pytest.raises(ValueError, match="at least one point"):
        Subgoals(Simulator(body), CEM(), [[]])
    agent = Subgoals(Simulator(body), CEM(), [[(1.5, 1.5)]])
    with pytest.raises(ValueError, match="1 routes"):
        agent.begin(np.zeros((2, 4), np.float32))


# --- pictures


def test_a_building_is_drawn_with_what_was_asked_and_where_one_went(world, options):
    from wmlib.course.ch10_levels import figures as rooms

    start, goal = min(world.inside()), max(world.inside())
    route = options.plan(start, goal)
    walked = follow(route, world)
    plain, full = (
        rooms.building(world, width=200),
        rooms.building(
            world,
            asked=[start, (start, options.doors[0])],
            route=route.states,
            walked=walked,
            goal=goal,
            mud=True,
            role="real",
            label="walk",
            width=200,
        ),
    )
    assert plain.width == full.width == 200 and full.height > plain.height
    blue = (np.asarray(full)[..., :3] == (0, 0x72, 0xB2)).all(-1).sum()
    assert blue > 3 * (np.asarray(plain)[..., :3] == (0, 0x72, 0xB2)).all(-1).sum() + 50


def test_a_path_is_drawn_by_its_corners():
    from wmlib.course.ch10_levels.figures import _corners

    assert _corners([(0, 0), (1, 0), (2, 0), (2, 1), (2, 2)]) == [(0, 0), (2, 0), (2, 2)]
    assert _corners([]) == [] and _corners([(1, 1)]) == [(1, 1)]
