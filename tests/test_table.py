"""Table models: what they remember, what they answer."""

import random
from itertools import product

import numpy as np
import pytest
import torch

from wmlib.course.ch02_dyna.mazes import ledge_maze
from wmlib.experience import collect
from wmlib.learning.exact import value_iteration
from wmlib.models.simulator import Simulator
from wmlib.models.table import SampleModel, TableModel
from wmlib.planning.base import score
from wmlib.worlds.base import GymEnv
from wmlib.worlds.maze_gallery import dyna_maze
from wmlib.worlds.mazes import RIGHT, Maze


def explored(maze, model, steps=20_000, seed=0):
    return model(maze.n_states, 4).fit(collect(maze, None, steps, seed))


def test_the_last_outcome_is_what_a_table_model_remembers():
    model = TableModel(4, 2)
    model.record(0, 1, 0.0, 2, False)
    model.record(0, 1, 1.0, 3, True)
    assert model.outcome(0, 1, random.Random(0)) == (1.0, 3, True)
    assert model.tried == [(0, 1)] and model.knows(0, 1) and not model.knows(1, 0)


def test_a_sample_model_draws_outcomes_as_often_as_they_happened():
    model, rng = SampleModel(4, 2), random.Random(0)
    for nxt, times in ((1, 70), (2, 20), (3, 10)):
        for _ in range(times):
            model.record(0, 0, 0.0, nxt, nxt == 3)
    drawn = [model.outcome(0, 0, rng)[1] for _ in range(20_000)]
    assert [drawn.count(n) / 20_000 for n in (1, 2, 3)] == pytest.approx([0.7, 0.2, 0.1], abs=0.01)


def test_pairs_to_imagine_are_drawn_evenly_from_those_tried_only():
    model, rng = TableModel(3, 2), random.Random(0)
    for pair in ((0, 0), (0, 0), (0, 0), (2, 1)):
        model.record(*pair, 0.0, 1, False)
    drawn = [model.sample(rng)[:2] for _ in range(10_000)]
    assert set(drawn) == {(0, 0), (2, 1)}
    assert drawn.count((2, 1)) / 10_000 == pytest.approx(0.5, abs=0.02)


def test_after_enough_steps_a_table_model_is_the_maze():
    maze = dyna_maze()
    model = explored(maze, TableModel)
    simulator, state = Simulator(maze), torch.tensor(maze.free()).repeat_interleave(4)
    action = torch.arange(4).repeat(len(maze.free()))
    for mine, true in zip(model.step(state, action), simulator.step(state, action)):
        assert torch.equal(mine, torch.as_tensor(true))


def test_planning_in_the_learned_table_gives_the_values_of_the_world():
    maze = dyna_maze()
    learned = value_iteration(*explored(maze, TableModel).tables())
    assert learned[maze.free()] == pytest.approx(value_iteration(*maze.tables())[maze.free()])


@pytest.mark.slow
def test_a_sample_model_learns_the_chances_of_a_slippery_maze():
    maze = ledge_maze(slip=0.2)
    model = explored(maze, SampleModel, 25_000)
    s = maze.starts[0]
    true = {nxt: chance for chance, nxt, _, _ in maze.outcomes[s][RIGHT]}
    mine = {nxt: chance for chance, nxt, _, _ in model.outcomes(s, RIGHT)}
    assert mine == pytest.approx(true, abs=0.03)


def test_with_a_generator_a_sample_model_samples_and_without_one_it_gives_the_mode():
    model = SampleModel(3, 1)
    for nxt in (1, 1, 1, 2):
        model.record(0, 0, 0.0, nxt, False)
    state, action = torch.zeros(4000, dtype=torch.long), torch.zeros(4000, dtype=torch.long)
    assert set(model.step(state, action).state.tolist()) == {1}
    drawn = model.step(state, action, torch.Generator().manual_seed(0)).state
    assert (drawn == 2).float().mean().item() == pytest.approx(0.25, abs=0.03)


def test_any_plan_can_be_imagined_and_scored_and_the_end_of_the_episode_counts_nothing_after():
    maze = Maze("S.G")
    model = explored(maze, TableModel, 200)
    plans = torch.tensor(list(product(range(4), repeat=3)))
    rollout = model.imagine(model.start(np.zeros(len(plans), int)), plans)
    assert len(rollout.states) == 4 and rollout.rew.shape == rollout.cont.shape == (64, 3)
    totals = score(rollout, 0.9)
    straight = (plans[:, :2] == RIGHT).all(1)
    assert torch.allclose(totals[straight], torch.tensor(0.9))
    assert totals.max() == totals[straight][0]


def test_a_new_goal_needs_no_new_step():
    maze = dyna_maze()
    model = explored(maze, TableModel).goal(rew=lambda obs, act, nxt: nxt == 0)
    step = model.step(torch.tensor([9, 18]), torch.tensor([0, 0]))
    assert step.rew.tolist() == [1.0, 0.0]


@pytest.mark.parametrize("kind", [TableModel, SampleModel])
def test_of_every_pair_tried_or_not_all_chances_add_up_to_one(kind):
    model = kind(4, 2)
    for nxt, rew, terminated in ((1, 0.0, False), (2, 3.0, False), (3, 1.0, True), (2, 3.0, False)):
        model.record(0, 0, rew, nxt, terminated)
    pairs = list(product(range(4), range(2)))
    for pair in pairs:
        assert sum(chance for chance, *_ in model.outcomes(*pair)) == 1
    P, R = model.tables()
    last = kind is TableModel  # the last outcome is the only one
    assert R[0, 0] == (3 if last else 1.75) and P[0, 0].tolist() == [
        0,
        *((0, 1) if last else (0.25, 0.5)),
        0,
    ]
    for s, a in pairs[1:]:
        assert R[s, a] == 0 and P[s, a].tolist() == np.eye(4)[s].tolist()


def test_untried_pairs_are_answered_with_nothing_happens():
    step = TableModel(3, 2).step(torch.tensor([2]), torch.tensor([1]))
    assert [x.item() for x in step] == [2, 0.0, 1.0]


def test_experience_from_a_gymnasium_maze_is_integers_the_table_can_take():
    model = TableModel(54, 4).fit(collect(GymEnv(dyna_maze()).world, None, 50, seed=0))
    assert len(model.tried) > 0


def test_bad_input_is_refused_with_the_reason():
    with pytest.raises(ValueError, match="at least 1 x 1"):
        TableModel(0, 4)
    with pytest.raises(ValueError, match="integer states"):
        TableModel(3, 2).start(np.array([0.5]))
    with pytest.raises(ValueError, match="one action for each"):
        TableModel(3, 2).step(torch.tensor([0, 1]), torch.tensor([0]))
    with pytest.raises(ValueError, match="plan for 1 states"):
        TableModel(3, 2).imagine(torch.tensor([0]), torch.zeros(2, 5, dtype=torch.long))
