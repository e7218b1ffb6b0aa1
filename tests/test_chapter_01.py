"""Chapter 1: look-ahead, latent learning and transfer; its exercises."""

import pytest
import torch
from exercises import Chapter

from wmlib.course.ch01_small_scale_models import experiments as ex
from wmlib.course.ch01_small_scale_models.mazes import latent_maze, trap_world
from wmlib.learning.exact import imagine_everything, value_iteration
from wmlib.models import Simulator
from wmlib.worlds.maze_gallery import dyna_maze


def test_imagining_everything_in_the_simulator_is_value_iteration():
    maze = dyna_maze()
    mine = imagine_everything(Simulator(maze), maze.n_states)
    assert mine[maze.free()] == pytest.approx(value_iteration(*maze.tables())[maze.free()])


def test_look_ahead_sees_the_end_of_a_chute_exactly_when_it_is_shorter_than_the_look():
    world = trap_world(1)
    tops = [c for c in range(world.shape[1]) if world.letters[c + world.shape[1]] == "v"]
    for top in tops:
        column = [world.letters[top + r * world.shape[1]] for r in range(1, 8)]
        length = column.index("T")
        down = {d: ex.looker(world)(top, d)[1] for d in range(1, 9)}
        assert all((down[d] < 0) == (d > length) for d in down)


def test_the_imagined_path_is_what_the_planner_then_walks_where_nothing_ties():
    world = trap_world(1)
    result, walked = ex.look_and_walk(world, 8, seed=0)
    assert result == "goal" and walked[-1] == world.cells("G")[0]
    assert ex.imagined_path(world, walked[-3], 8)[-1] == walked[-1]


def test_without_discount_a_planner_with_time_to_spare_puts_off_leaving():
    ends = [ex.look_and_walk(trap_world(i), 8, seed=i, gamma=1.0)[0] for i in range(10)]
    assert ends.count("nowhere") > 5


def test_the_map_of_a_world_without_reward_wants_nothing_until_it_is_given_an_aim():
    maze = latent_maze()
    rat = ex.Mapmaker(maze, 0)
    ex.run_episodes(rat, ex.Maze(maze.drawing, goal_reward=0.0), 2)
    assert imagine_everything(rat.model, maze.n_states).max() == 0
    aim = rat.model.goal(rew=lambda obs, act, nxt: (nxt == maze.starts[0]).float())
    assert imagine_everything(aim, maze.n_states).max() > 0.9


def test_new_goals_are_ends_of_blind_alleys_far_from_the_start():
    maze = latent_maze()
    for goal in ex.new_goals(maze, 0):
        assert len(ex.open_sides(maze, goal)) == 1
        assert ex.shortest(ex.moved(maze, goal)) >= 10


def test_the_claims_of_latent_learning_can_fail():
    bad = {"planner_ratio": 1.3, "q_trials": 9}
    assert ex.LATENT.holds(bad) == {"at_once": False, "ten_times": False}


# --- exercises -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chapter():
    return Chapter("01_small_scale_models", ["imports", "maze", "values", "latent-one"])


EXERCISES = ["ex1", "ex2", "ex3"]


@pytest.mark.parametrize("name", EXERCISES)
def test_the_stub_does_not_pass(chapter, name):
    assert "nothing there yet" in chapter.mistake(name)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes(chapter, name):
    assert chapter.mistake(name, chapter.solution(name)) is None


@pytest.mark.parametrize(
    "name, wrong, right, says",
    [
        ("ex1", "alive *= cont[t]", "alive = cont[t]", "stays ended"),
        ("ex1", "alive * rew[t]\n        alive *= cont[t]", "rew[t]", "use cont"),
        ("ex1", "gamma**t", "gamma**(t + 1)", "first reward is not discounted"),
        (
            "ex1",
            "        total += gamma**t * alive * rew[t]\n        alive *= cont[t]",
            "        alive *= cont[t]\n        total += gamma**t * alive * rew[t]",
            "last step counts",
        ),
        ("ex2", "c * max", "max", "the end"),
        ("ex2", "if d > 1 else 0", "if d > 9 else 0", "look further than one"),
        ("ex3", " - (nxt == wet).float()", "", "wet cell"),
        ("ex3", "(nxt == flag).float() - ", "-1.0 * ", "never arrives"),
    ],
)
def test_the_check_names_the_mistake(chapter, name, wrong, right, says):
    solution = chapter.solution(name)
    assert wrong in solution
    assert says in chapter.mistake(name, solution.replace(wrong, right))


def test_greedy_choices_in_the_notebook_match_a_plan_scored_by_hand(chapter):
    chapter.run("score")
    world = trap_world(1)
    model = Simulator(world)
    start = model.start([world.starts[0]])
    rollout = model.imagine(start, torch.tensor([[3, 3, 2]]))
    assert chapter.space["worth"](rollout).item() == pytest.approx(1 + 0.95 - 0.95**2)
