"""Mazes: what the drawings mean, and what is known exactly about them."""

import random

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wmlib.course.ch01_small_scale_models.mazes import latent_maze, trap_world
from wmlib.course.ch02_dyna.mazes import blocking_maze, larger, ledge_maze, shortcut_maze
from wmlib.learning.exact import expected_steps, greedy, policy_value, value_iteration
from wmlib.worlds.base import GymEnv
from wmlib.worlds.maze_gallery import dyna_maze
from wmlib.worlds.mazes import DOWN, LEFT, RIGHT, UP, Maze

GALLERY = [
    dyna_maze(),
    *blocking_maze(),
    *shortcut_maze(),
    larger(dyna_maze(), 2),
    ledge_maze(),
    latent_maze(),
    trap_world(0),
]


def shortest(maze):
    P, R = maze.tables()
    return expected_steps(P, greedy(value_iteration(P, R)))[maze.starts[0]]


# --- exact values ------------------------------------------------------------------------------


def test_the_shortest_path_of_the_dyna_maze_is_14():
    assert shortest(dyna_maze()) == pytest.approx(14)


def test_the_epsilon_greedy_optimal_policy_takes_15_88_steps():
    maze = dyna_maze()
    P, R = maze.tables()
    steps = expected_steps(P, greedy(value_iteration(P, R), epsilon=0.1))
    assert steps[maze.starts[0]] == pytest.approx(15.878, abs=1e-3)


def test_a_random_walk_through_the_dyna_maze_takes_868_7_steps():
    maze = dyna_maze()
    P, _ = maze.tables()
    steps = expected_steps(P, np.full((maze.n_states, 4), 0.25))
    assert steps[maze.starts[0]] == pytest.approx(868.725, abs=1e-3)


def test_the_best_value_in_the_dyna_maze_is_gamma_to_the_13():
    P, R = dyna_maze().tables()
    assert value_iteration(P, R, gamma=0.95)[18].max() == pytest.approx(0.95**13)


@pytest.mark.parametrize(
    "mazes, before, after", [(blocking_maze(), 10, 16), (shortcut_maze(), 16, 10)]
)
def test_the_shortest_paths_before_and_after_the_world_changes(mazes, before, after):
    assert [shortest(maze) for maze in mazes] == pytest.approx([before, after])


def test_a_finer_grain_makes_the_path_longer_in_proportion():
    assert [shortest(larger(dyna_maze(), k)) for k in (1, 2, 3)] == pytest.approx([14, 28, 42])


def test_values_of_a_policy_solve_the_bellman_equation():
    maze = ledge_maze()
    P, R = maze.tables()
    best = value_iteration(P, R)
    assert policy_value(P, R, greedy(best)) == pytest.approx(best.max(1), abs=1e-8)


def test_a_policy_that_never_arrives_needs_infinitely_many_steps():
    maze = dyna_maze()
    P, _ = maze.tables()
    always_left = np.eye(4)[np.full(maze.n_states, LEFT)]
    assert np.isinf(expected_steps(P, always_left)[maze.starts[0]])


# --- the rules -----------------------------------------------------------------------------------


def test_walls_and_edges_leave_the_agent_where_it_is():
    maze = dyna_maze()
    assert maze.move(18, LEFT) == (18, 0.0, False)  # the edge
    assert maze.move(19, RIGHT) == (19, 0.0, False)  # a wall


def test_the_four_actions_move_up_down_left_right():
    maze = dyna_maze()
    assert [maze.move(10, a)[0] for a in (UP, DOWN, LEFT, RIGHT)] == [1, 19, 9, 10]


def test_entering_the_goal_pays_one_and_terminates():
    assert dyna_maze().move(17, UP) == (8, 1.0, True)


def test_a_trap_terminates_with_a_penalty():
    assert Maze("S.G\nT..").move(0, DOWN) == (3, -1.0, True)


def test_in_a_chute_every_action_moves_down():
    maze = Maze("S.G\nv..\n...")
    assert [maze.move(3, a)[0] for a in range(4)] == [6, 6, 6, 6]


def test_slip_goes_sideways_as_often_as_it_says():
    maze, rng = Maze("...\n.S.\n..G", slip=0.4), random.Random(0)
    ends = [maze.move(4, UP, rng)[0] for _ in range(20_000)]
    assert [ends.count(cell) / 20_000 for cell in (1, 3, 5)] == pytest.approx(
        [0.6, 0.2, 0.2], abs=0.015
    )


def test_every_trap_world_can_be_solved_and_has_chutes_that_cannot_be_left():
    for seed in range(50):
        maze = trap_world(seed)
        P, R = maze.tables()
        steps = expected_steps(P, greedy(value_iteration(P, R, gamma=0.999)))
        assert np.isfinite(steps[maze.starts[0]])
        for cell in maze.cells("v"):
            policy = np.eye(4)[np.full(maze.n_states, UP)]
            assert policy_value(P, R, policy, gamma=1.0 - 1e-9)[cell] < -10


def test_warmth_is_how_much_nearer_the_goal_a_step_came():
    maze = trap_world(0)
    start = maze.starts[0]
    assert maze.move(start + 1, RIGHT)[1] == 1 and maze.move(start + 1, LEFT)[1] == -1


# --- the World interface -------------------------------------------------------------------------


@pytest.mark.parametrize("maze", GALLERY)
def test_outcomes_are_distributions_over_cells(maze):
    for s in range(maze.n_states):
        for a in range(4):
            chances = [outcome[0] for outcome in maze.outcomes[s][a]]
            assert sum(chances) == pytest.approx(1) and min(chances) > 0


@settings(max_examples=25, deadline=None)
@given(which=st.integers(0, len(GALLERY) - 1), seed=st.integers(0, 10_000), n=st.integers(1, 40))
def test_a_batch_moves_as_single_agents_do(which, seed, n):
    maze, rng = GALLERY[which], np.random.default_rng(seed)
    state = rng.choice(maze.free(), size=n)
    action = rng.integers(4, size=n)
    nxt, rew, terminated = maze.step(state, action, rng)
    assert nxt.shape == rew.shape == terminated.shape == (n,)
    for s, a, *outcome in zip(state, action, nxt, rew, terminated):
        assert tuple(outcome) in [row[1:] for row in maze.outcomes[s][a]]


def test_a_batch_slips_as_often_as_a_single_agent():
    maze, n = ledge_maze(slip=0.3), 20_000
    state = np.full(n, maze.starts[0] + 4)
    _, _, terminated = maze.step(state, np.full(n, RIGHT), np.random.default_rng(0))
    assert terminated.mean() == pytest.approx(0.15, abs=0.01)


def test_without_chance_the_most_likely_outcome_happens():
    maze = ledge_maze(slip=0.3)
    nxt, _, terminated = maze.step(np.array([maze.starts[0] + 4]), np.array([RIGHT]))
    assert nxt[0] == maze.starts[0] + 5 and not terminated[0]


def test_a_maze_is_a_gymnasium_environment_too():
    env = GymEnv(dyna_maze())
    obs, _ = env.reset(seed=0)
    assert obs == 18 and env.action_space == gym.spaces.Discrete(4)
    obs, rew, terminated, truncated, _ = env.step(UP)
    assert (obs, rew, terminated, truncated) == (9, 0.0, False, False)


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "drawing, says",
    [
        ("S..\n..", "equally long"),
        ("S?G", "unknown letters"),
        ("..G", "no start"),
        ("", "equally long"),
    ],
)
def test_a_bad_drawing_is_refused_with_the_reason(drawing, says):
    with pytest.raises(ValueError, match=says):
        Maze(drawing)


@pytest.mark.parametrize(
    "state, action",
    [([0, 1], [0]), ([0], [4]), ([99], [0]), ([0.5], [0]), ([[0]], [[0]]), ([-1], [0])],
)
def test_bad_batches_are_refused(state, action):
    with pytest.raises(ValueError):
        Maze("S.G").step(np.array(state), np.array(action))


def test_a_slip_that_is_no_probability_is_refused():
    with pytest.raises(ValueError, match="probability"):
        Maze("S.G", slip=1.5)
