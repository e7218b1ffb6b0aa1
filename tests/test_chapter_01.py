"""Chapter 1: look-ahead, latent learning, new wishes; its exercises."""

import numpy as np
import pytest
import torch
from exercises import Chapter

from wmlib.course.ch01_small_scale_models import experiments as ex
from wmlib.course.ch01_small_scale_models import goal_values, lookahead, study
from wmlib.course.ch01_small_scale_models.agents import MapAgent, QLambda, ReplayQ, live
from wmlib.course.ch01_small_scale_models.mazes import latent_maze, trap_world
from wmlib.learning.exact import imagine_everything, value_iteration
from wmlib.learning.q_learning import QLearner, greedy_path, run_episodes
from wmlib.models import Simulator
from wmlib.worlds.maze_gallery import dyna_maze


@pytest.fixture(scope="module")
def rows():
    return study.wander(study.emptied(latent_maze()), 40_000, 1)


def test_imagining_everything_in_the_simulator_is_value_iteration():
    maze = dyna_maze()
    mine = imagine_everything(Simulator(maze), maze.n_states)
    assert mine[maze.free()] == pytest.approx(value_iteration(*maze.tables())[maze.free()])


# --- look-ahead ---


def test_a_search_sees_the_end_of_a_chute_exactly_when_it_is_deeper_than_the_chute():
    world = trap_world(1)
    tops = [c for c in range(world.shape[1]) if world.letters[c + world.shape[1]] == "v"]
    for top in tops:
        column = [world.letters[top + r * world.shape[1]] for r in range(1, 8)]
        length = column.index("T")
        down = {d: lookahead.depth_search(world)(top, d)[1] for d in range(1, 9)}
        assert all((down[d] < 0) == (d > length) for d in down)


def test_the_imagined_path_is_what_the_planner_then_walks_where_nothing_ties():
    world = trap_world(1)
    result, walked = lookahead.plan_and_walk(world, 8, seed=0)
    assert result == "goal" and walked[-1] == world.cells("G")[0]
    assert lookahead.imagined_path(world, walked[-3], 8)[-1] == walked[-1]


def test_only_the_tie_at_discount_one_keeps_a_planner_from_leaving():
    for gamma, arrived in ((1.0, range(5)), (0.999, [10])):
        ends = [lookahead.plan_and_walk(trap_world(i), 8, i, gamma)[0] for i in range(10)]
        assert ends.count("goal") in arrived


def test_falls_are_counted_until_the_greedy_way_is_safe():
    for seed in range(3):  # a learner that only stays where it is would count few falls, too
        world = trap_world(seed)
        agent = lookahead.trace_learner(world, seed)
        assert 1 <= lookahead.falls_until_safe(world, agent) <= 100
        path = greedy_path(agent.q, world, lookahead.LIMIT)
        assert world.letters[path[-1]] == "G"


# --- latent learning ---


def test_traces_with_lambda_zero_are_one_step_q_learning(rows):
    maze, settings = latent_maze(), {"alpha": 0.5, "epsilon": 0.1, "seed": 5}
    one, traced = QLearner(165, 4, **settings), QLambda(165, 4, decay=0.0, **settings)
    assert run_episodes(one, maze, 3) == run_episodes(traced, maze, 3)
    assert np.allclose(one.q, traced.q)


def test_a_reward_reaches_back_along_the_trace_and_not_over_a_jump():
    agent = QLambda(9, 4, decay=1.0, alpha=1.0, gamma=0.5, epsilon=0.0)
    live(agent, [(7, 0, 0.0, 8, False), (1, 0, 0.0, 2, False), (2, 0, 1.0, 3, True)])
    assert (agent.q[2][0], agent.q[1][0], agent.q[7][0]) == (1.0, 0.5, 0.0)


def test_without_reward_no_model_free_agent_learns_anything(rows):
    for agent in (QLearner(165, 4), QLambda(165, 4), ReplayQ(165, 4)):
        assert np.abs(live(agent, rows[:3000]).q).max() == 0


def test_one_meal_is_enough_for_a_map_and_for_a_memory():
    maze = latent_maze()
    rows, food = study.wander(study.emptied(maze), 32_000, 0), study.meal(maze, 0)
    assert maze.move(food[0], food[1]) == (food[3], 1.0, True)
    for name in ("map", "replay"):
        agent = live(ex.learners(165, 0)[name], [*rows, food])
        assert run_episodes(agent, maze, 1, max_steps=5000)[0] <= 1.2 * study.shortest(maze)


def test_an_explorer_tries_everything_in_far_fewer_steps_than_a_wanderer():
    empty, agent = study.emptied(latent_maze()), MapAgent(165, 0, explores=True)
    run_episodes(agent, empty, 5, max_steps=140)
    assert len(agent.model.tried) > 300


# --- new wishes ---


def test_values_for_all_goals_are_those_of_planning_for_each(rows):
    values = goal_values.all_goals(rows, 165, sweeps=3)
    model = live(MapAgent(165, 0), rows).model
    for goal in study.new_goals(latent_maze(), 1, count=3):
        aim = ex.aim_at(model, goal)
        planned = imagine_everything(aim, 165)
        tried = np.array(model.tried)
        assert values[goal][tuple(tried.T)] == pytest.approx(planned[tuple(tried.T)], abs=1e-6)


def test_distances_read_from_values_are_shortest_paths(rows):
    maze, values = latent_maze(), goal_values.all_goals(rows, 165, sweeps=3)
    steps = goal_values.steps_between(values)
    wanted = [study.shortest(study.moved(maze, g)) for g in study.new_goals(maze, 2, count=5)]
    found = [steps[maze.starts[0], g] for g in study.new_goals(maze, 2, count=5)]
    assert np.isclose(found, wanted).sum() >= 4  # nothing goes through the old goal box
    assert (np.array(found) > np.array(wanted) - 1e-6).all()


def test_successor_features_are_discounted_visits_of_a_random_walk():
    rows = [(0, a, 0.0, 1, False) for a in range(4)] + [(1, a, 0.0, 0, False) for a in range(4)]
    visits = goal_values.successor_features(rows, 2, sweeps=400, gamma=0.5)
    assert visits[0, 0] == pytest.approx([0.5 / 0.75, 1 / 0.75])


def test_a_condition_lies_on_the_way_and_can_be_gone_round():
    maze = latent_maze()
    for goal, wet, steps in study.conditions(maze, 0, count=4):
        world = study.moved(maze, goal)
        path = greedy_path(value_iteration(*world.tables()).tolist(), world)
        assert wet in path and study.shortest(world) <= steps < np.inf


def test_the_map_of_a_world_without_reward_wants_nothing_until_it_is_given_an_aim(rows):
    model = live(MapAgent(165, 0), rows).model
    assert imagine_everything(model, 165).max() == 0
    assert imagine_everything(ex.aim_at(model, latent_maze().starts[0]), 165).max() > 0.9


# --- exercises -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chapter():
    return Chapter("01_small_scale_models", ["imports", "values"])


EXERCISES = ["ex1", "ex2", "ex3", "ex4", "ex5"]


@pytest.mark.parametrize("name", EXERCISES)
def test_the_stub_does_not_pass(chapter, name):
    assert "nothing there yet" in chapter.mistake(name)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes(chapter, name):
    for _ in range(2):  # inputs are drawn anew
        assert chapter.mistake(name, chapter.solution(name)) is None


@pytest.mark.parametrize(
    "name, wrong, right, says",
    [
        ("ex1", "alive *= cont[t]", "alive = cont[t]", "stays ended"),
        ("ex1", "gamma**t * ", "", "gamma is not used"),
        ("ex2", "c * max", "max", "after the end"),
        ("ex2", "if d > 1 else 0", "if d > 9 else 0", "next rewards alone"),
        ("ex2", "(0, 1), key", "(1, 0), key", "at a tie"),
        ("ex2", "r + (c", "(c", "action 0 whatever"),
        ("ex3", " - (nxt == wet).float()", "", "goes through the wet cell"),
        ("ex4", "(0, 1): (1, 0, 1)", "(0, 1): (1, -9, 1)", "same way"),
        ("ex4", "(3, -1, 1)", "(3, 2, 1)", "pays to search deeper"),
        ("ex5", "            model.record(cell, action, r, nxt, end)\n", "", "record what"),
        ("ex5", "            q = plan_in(model, model.n_states)\n", "", "plan again"),
        ("ex5", "        cell = nxt\n", "", "stands in"),
    ],
)
def test_the_check_names_the_mistake(chapter, name, wrong, right, says):
    solution = chapter.solution(name)
    assert wrong in solution
    assert says in chapter.mistake(name, solution.replace(wrong, right))


def test_the_score_in_the_notebook_matches_a_plan_scored_by_hand(chapter):
    chapter.run("score")
    world = trap_world(1)
    model = Simulator(world)
    start = model.start([world.starts[0]])
    rollout = model.imagine(start, torch.tensor([[3, 3, 2]]))
    assert chapter.space["worth"](rollout).item() == pytest.approx(1 + 0.95 - 0.95**2)
