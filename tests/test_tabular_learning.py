"""Q-learning, Dyna-Q, Dyna-Q+ and prioritised sweeping do what their equations say."""

import random

import numpy as np
import pytest

from wmlib.course.ch02_dyna.mazes import blocking_maze, ledge_maze
from wmlib.experience import collect
from wmlib.learning.dyna import DynaQ, DynaQPlus
from wmlib.learning.exact import expected_steps, greedy, policy_value, value_iteration
from wmlib.learning.q_learning import QLearner, greedy_path, run_episodes, run_steps
from wmlib.learning.sweeping import PrioritisedSweeping
from wmlib.models.table import SampleModel
from wmlib.worlds.maze_gallery import dyna_maze
from wmlib.worlds.mazes import Maze


def test_one_backup_is_the_update_of_the_equation():
    agent = QLearner(3, 2, alpha=0.5, gamma=0.9)
    agent.q[1] = [0.2, 0.4]
    agent.update(0, 1, 1.0, 1, False)
    assert agent.q[0] == pytest.approx([0, 0.5 * (1 + 0.9 * 0.4)])


def test_the_value_of_a_terminal_state_is_zero_whatever_the_table_says():
    agent = QLearner(2, 2, alpha=1.0, initial=7.0)
    agent.update(0, 0, 1.0, 1, True)
    assert agent.q[0][0] == 1.0


def test_ties_are_broken_evenly():
    agent = QLearner(1, 4, epsilon=0.0)
    agent.q[0] = [1.0, 0.0, 1.0, 1.0]
    drawn = [agent.act(0) for _ in range(9000)]
    assert [drawn.count(a) / 9000 for a in range(4)] == pytest.approx(
        [1 / 3, 0, 1 / 3, 1 / 3], abs=0.02
    )


def test_epsilon_is_the_share_of_random_actions():
    agent = QLearner(1, 4, epsilon=0.4)
    agent.q[0] = [1.0, 0.0, 0.0, 0.0]
    drawn = [agent.act(0) for _ in range(9000)]
    assert drawn.count(0) / 9000 == pytest.approx(0.6 + 0.1, abs=0.02)


def test_the_same_seed_gives_the_same_steps():
    runs = [run_episodes(DynaQ(54, 4, 5, seed=3), dyna_maze(), 5) for _ in range(2)]
    assert runs[0] == runs[1] != run_episodes(DynaQ(54, 4, 5, seed=4), dyna_maze(), 5)


def test_dyna_without_planning_steps_is_q_learning():
    maze = dyna_maze()
    plain, dyna = QLearner(54, 4, seed=1), DynaQ(54, 4, 0, seed=1)
    assert run_episodes(dyna, maze, 4) == run_episodes(plain, maze, 4)


def by_its_methods(agent):
    """The same agent, whose loop is not used: a method of it is changed, to what it was."""
    agent.learn = agent.learn
    assert agent.loop() is None
    return agent


def all_of(agent):
    """Everything that it has learned, and where its chance stands."""
    model = agent.model
    return agent.q, agent.backups, model.tried, model.last, agent.random.getstate()


@pytest.mark.parametrize("settings", [{}, {"alpha": 1.0, "initial": 1.0}, {"epsilon": 0.5}])
@pytest.mark.parametrize("n", [0, 1, 20])
def test_the_loop_of_dyna_draws_and_computes_what_its_methods_do(n, settings):
    agents = [DynaQ(54, 4, n, seed=n, **settings) for _ in range(2)]
    assert agents[0].loop() is not None
    by_its_methods(agents[1])
    for live in (
        lambda agent: run_episodes(agent, dyna_maze(), 6),
        lambda agent: run_episodes(agent, dyna_maze(), 3, max_steps=17),  # cut off
        lambda agent: run_steps(agent, blocking_maze(), 900, switch=400),  # the world changes
        lambda agent: run_episodes(agent, blocking_maze()[1], 2),
    ):
        assert live(agents[0]) == live(agents[1])
        assert all_of(agents[0]) == all_of(agents[1])


def test_the_loop_of_dyna_holds_where_moves_slip_and_episodes_end_badly():
    pair = [DynaQ(ledge_maze().n_states, 4, 10, seed=5) for _ in range(2)]
    lived = [run_episodes(a, ledge_maze(), 30) for a in (pair[0], by_its_methods(pair[1]))]
    assert lived[0] == lived[1] and all_of(pair[0]) == all_of(pair[1])


def test_an_agent_with_a_changed_method_or_another_model_lives_by_its_methods():
    class Other(DynaQ):
        pass

    assert Other(2, 2).loop() is None and DynaQPlus(2, 2).loop() is None
    assert DynaQ(2, 2, model=SampleModel(2, 2)).loop() is None
    agent, seen = DynaQ(54, 4, 3), []
    sample = agent.model.sample
    agent.model.sample = lambda rng: (seen.append(1), sample(rng))[1]
    steps = sum(run_episodes(agent, dyna_maze(), 1))
    assert len(seen) == 3 * steps


def test_imagination_learns_from_one_walk_what_q_learning_cannot():
    maze = Maze("S.........G")
    walk = collect(maze, None, 2000, seed=0)
    first = walk[walk.episode == 0]
    rows = list(
        zip(
            *(
                np.asarray(c).tolist()
                for c in (first.obs, first.act, first.rew, first.next_obs, first.terminated)
            )
        )
    )
    plain, dreamer = QLearner(11, 4, alpha=1.0), DynaQ(11, 4, 500, alpha=1.0)
    for row in rows:
        plain.learn(*row)
        dreamer.learn(*row)
    assert sum(max(values) > 0 for values in plain.q) == 1
    assert greedy_path(dreamer.q, maze) == list(range(11))


def test_dyna_comes_to_the_exact_values():
    maze = dyna_maze()
    agent = DynaQ(54, 4, 20, alpha=0.5, epsilon=1.0, seed=0)
    run_episodes(agent, maze, 20)
    assert np.array(agent.q)[maze.free()] == pytest.approx(
        value_iteration(*maze.tables())[maze.free()], abs=0.02
    )


def test_prioritised_sweeping_comes_to_the_exact_values():
    maze = dyna_maze()
    agent = PrioritisedSweeping(54, 4, 20, threshold=1e-6, alpha=1.0, epsilon=1.0, seed=0)
    run_episodes(agent, maze, 20)
    exact = value_iteration(*maze.tables())
    assert np.array(agent.q)[maze.free()] == pytest.approx(exact[maze.free()], abs=1e-3)


def test_prioritised_sweeping_does_nothing_until_there_is_news():
    agent = PrioritisedSweeping(3, 1, 5, alpha=1.0)
    agent.learn(0, 0, 0.0, 1, False)
    assert agent.backups == 0
    agent.learn(1, 0, 1.0, 2, True)
    assert agent.backups == 2  # the news, and the pair that led there
    assert agent.q[0][0] == pytest.approx(0.95)


def test_prioritised_sweeping_takes_the_largest_change_first():
    agent = PrioritisedSweeping(10, 1, 0, alpha=1.0)
    for s, r in ((0, 0.1), (1, 5.0), (2, 1.0)):
        agent.learn(s, 0, r, 9, True)
    agent.plan(1)
    assert [agent.q[s][0] for s in range(3)] == [0, 5.0, 0]


def test_the_bonus_of_dyna_q_plus_grows_with_the_root_of_the_time_since_a_pair_was_tried():
    agent = DynaQPlus(2, 2, planning_steps=0, kappa=0.1, alpha=1.0, gamma=0.0)
    agent.learn(0, 0, 0.0, 1, True)
    agent.now = 26  # 25 steps later
    agent.pairs = [(0, 0)]
    agent.plan(1)
    assert agent.q[0][0] == pytest.approx(0.1 * 5)


def test_dyna_q_plus_imagines_actions_it_never_tried_and_dyna_q_does_not():
    for kind, imagined in ((DynaQ, {0}), (DynaQPlus, {0, 1, 2, 3})):
        agent, seen = kind(5, 4, 400), set()
        update = agent.update
        agent.update = lambda s, a, *rest: (seen.add(a), update(s, a, *rest))
        agent.learn(2, 0, 0.0, 2, False)
        assert seen == imagined


def test_when_the_world_changes_the_second_maze_takes_over():
    class Walker:
        random = random.Random(0)

        def __init__(self):
            self.seen = []

        def act(self, s):
            return 1

        def learn(self, s, a, r, nxt, terminated):
            self.seen.append(r)

    before, after = Maze("S\nG", goal_reward=1), Maze("S\nG", goal_reward=5)
    walker = Walker()
    assert run_steps(walker, (before, after), 4, switch=2) == [1, 2, 7, 12]
    assert walker.seen == [1, 1, 5, 5]


def test_an_episode_that_is_cut_off_is_not_learned_as_an_end():
    agent = QLearner(2, 4, alpha=1.0, gamma=0.5, initial=1.0, epsilon=0.0)
    run_episodes(agent, Maze("S#"), 1, max_steps=1)
    assert sorted(agent.q[0])[0] == 0.5  # bootstrapped: 0 + 0.5 * 1


def test_a_sample_model_finds_the_best_policy_of_a_slippery_maze():
    maze = ledge_maze()
    P, R = maze.tables()
    agent = DynaQ(maze.n_states, 4, 50, model=SampleModel(maze.n_states, 4), seed=0)
    run_episodes(agent, maze, 300)
    start = maze.starts[0]
    best = value_iteration(P, R)[start].max()
    assert policy_value(P, R, greedy(agent.q))[start] > 0.95 * best


def test_a_greedy_path_that_never_arrives_is_none():
    q = [[0.0, 0.0, 1.0, 0.0] for _ in range(54)]  # always left
    assert greedy_path(q, dyna_maze(), limit=50) is None
    assert greedy_path([[0.0] * 4] * 54, dyna_maze()) is None


@pytest.mark.slow
def test_over_thirty_runs_fifty_planning_steps_need_fewer_than_20_steps_by_episode_3():
    runs = [run_episodes(DynaQ(54, 4, 50, seed=seed), dyna_maze(), 3) for seed in range(30)]
    assert np.mean(runs, 0)[2] < 20


@pytest.mark.slow
def test_first_episodes_are_random_walks_and_late_ones_epsilon_greedy_optimal():
    runs = np.array([run_episodes(QLearner(54, 4, seed=s), dyna_maze(), 1) for s in range(300)])
    assert runs.mean() == pytest.approx(868.7, rel=0.15)
    late = [run_episodes(DynaQ(54, 4, 50, seed=s), dyna_maze(), 60)[20:] for s in range(10)]
    assert np.mean(late) == pytest.approx(15.88, rel=0.1)


@pytest.mark.parametrize("bad", [{"alpha": 2}, {"gamma": -1}, {"epsilon": 1.5}])
def test_settings_out_of_range_are_refused(bad):
    with pytest.raises(ValueError, match="between 0 and 1"):
        QLearner(2, 2, **bad)


def test_half_a_change_of_world_is_refused():
    with pytest.raises(ValueError, match="needs both"):
        run_steps(QLearner(54, 4), blocking_maze(), 10)
    with pytest.raises(ValueError, match="cannot be negative"):
        DynaQ(2, 2, planning_steps=-1)


def test_random_walks_and_the_equation_agree_on_how_long_they_take():
    maze = Maze("S..G")
    P, _ = maze.tables()
    exact = expected_steps(P, np.full((4, 4), 0.25))[0]
    walks = run_episodes(QLearner(4, 4, alpha=0.0, seed=0), maze, 3000)
    assert np.mean(walks) == pytest.approx(exact, rel=0.06)
