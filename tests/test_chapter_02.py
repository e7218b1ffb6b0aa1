"""Chapter 2: Dyna's experiments at a small size, its rivals, the mistakes, the exercises."""

import random

import numpy as np
import pytest
from exercises import Chapter

from wmlib.course.ch02_dyna import experiments as ex
from wmlib.course.ch02_dyna import mistakes as wrong
from wmlib.course.ch02_dyna import rivals, study
from wmlib.course.ch02_dyna.failures import chance
from wmlib.course.ch02_dyna.mazes import drawn_pair, larger, renumbered, shortest
from wmlib.learning.dyna import DynaQ
from wmlib.learning.q_learning import QLearner, run_episodes
from wmlib.learning.sweeping import PrioritisedSweeping
from wmlib.models.table import TableModel
from wmlib.worlds.maze_gallery import dyna_maze


def test_dyna_in_the_notebook_walks_step_for_step_as_the_library_does(chapter):
    chapter.run("dyna")
    for n in (0, 3, 20):
        lengths = chapter.space["dyna"](dyna_maze(), n, 6, seed=7)[1]
        assert lengths == run_episodes(DynaQ(54, 4, n, seed=7), dyna_maze(), 6)


def test_sweeping_in_the_notebook_backs_up_no_pair_twice(chapter):
    chapter.run("sweep")
    model, leads_to = TableModel(54, 4), {s: set() for s in range(54)}
    for s, a, r, nxt, terminated in study.random_walk(dyna_maze(), 5000, 3):
        model.record(s, a, r, nxt, terminated)
        leads_to[nxt].add((s, a))
    backed_up = []

    class Row(list):
        def __setitem__(self, a, value):
            backed_up.append((id(self), a))
            super().__setitem__(a, value)

    q = [Row([0.0] * 4) for _ in range(54)]
    queue = [(-1.0, s, a) for (s, a), (r, *_) in model.last.items() if r]
    chapter.space["sweep"](q, model.last, leads_to, queue, n=10_000)
    assert len(set(backed_up)) == len(backed_up) > 150


# --- the rivals ---


def test_all_planners_learn_from_the_same_walk():
    rows = [list(study.random_walk(dyna_maze(), 500, seed=3)) for _ in range(2)]
    assert rows[0] == rows[1] != list(study.random_walk(dyna_maze(), 500, seed=4))
    assert all(a[3] == b[0] for a, b in zip(rows[0], rows[0][1:]) if not a[4])


def test_a_buffer_draws_rows_as_often_as_they_happened_and_forgets_the_oldest():
    buffer = rivals.ReplayBuffer(4)
    for row in [(9, 0, 0.0, 9, False), *[(1, 0, 0.0, 2, False)] * 3, (2, 1, 1.0, 3, True)]:
        buffer.record(*row)
    rng = random.Random(0)
    drawn = [buffer.sample(rng) for _ in range(4000)]
    assert {s for s, _, _ in drawn} == {1, 2}
    assert drawn.count((1, 0, [0.0, 2, False])) / 4000 == pytest.approx(0.75, abs=0.03)


def test_backward_replay_learns_a_whole_path_from_one_episode():
    agent = rivals.BackwardReplay(4, 1, alpha=1.0, gamma=0.5)
    for s in (0, 1):
        agent.learn(s, 0, 0.0, s + 1, False)
        assert agent.backups == 0
    agent.learn(2, 0, 1.0, 3, True)
    assert [row[0] for row in agent.q] == [0.25, 0.5, 1.0, 0.0] and agent.backups == 3


def test_search_sees_as_far_as_its_budget_and_no_farther():
    chain = {(s, 0): (float(s == 3), s + 1, s == 3) for s in range(4)}
    chain |= {(s, 1): (0.0, s, False) for s in range(4)}
    value, asked = rivals.search(chain, 0, budget=8, gamma=0.5)
    assert value == {0: 0.125, 1: 0.0} and asked == 8
    assert rivals.search(chain, 0, budget=7, gamma=0.5)[0] == {0: 0.0, 1: 0.0}
    q = [[0.0]] * 3 + [[4.0], [0.0]]
    assert rivals.search(chain, 0, budget=7, q=q, gamma=0.5)[0][0] == 0.5**3 * 4


def test_backups_after_the_first_reward_are_counted_from_the_step_that_paid():
    counted = study.backups_needed(DynaQ(54, 4, 5, alpha=1.0, seed=2), dyna_maze(), 14, seed=2)
    first = next(t for t, row in enumerate(study.random_walk(dyna_maze(), 10**5, 2)) if row[2])
    assert counted["all"] - counted["after"] == 6 * first
    assert counted["all"] == 6 * counted["steps"]


def test_sweeping_needs_a_quarter_of_the_backups_for_a_shortest_path():
    needed = {
        kind: study.backups_needed(kind(54, 4, 5, alpha=1.0, seed=2), dyna_maze(), 14, seed=2)
        for kind in (DynaQ, PrioritisedSweeping)
    }
    assert needed[PrioritisedSweeping]["after"] <= needed[DynaQ]["after"] / 4


def test_a_path_that_is_never_found_is_none_and_not_a_number():
    class Asleep(QLearner):
        def learn(self, *row):
            pass

    assert study.backups_needed(Asleep(54, 4), dyna_maze(), 14, seed=0) is None


def test_questions_are_counted_until_the_goal_is_met():
    maze = larger(dyna_maze(), 2)
    forwards, backwards = study.neighbours(maze), study.neighbours(maze, backwards=True)
    for start, goal in study.trips(maze, np.random.default_rng(0), near=6, count=5):
        asked, steps = study.questions(forwards, start, goal)
        assert steps == study.questions(backwards, goal, start)[1] <= 6
        assert steps <= asked <= 4 * len(maze.free())
    with pytest.raises(ValueError, match="no way"):
        study.questions(forwards, maze.starts[0], -1)


@pytest.mark.slow
def test_dyna_q_plus_beats_dyna_q_in_both_changing_mazes():
    figures = ex.changing(seed=77, runs=6)
    assert ex.CHANGING.holds(figures) == {"blocking": True, "shortcut": True}


@pytest.mark.slow
def test_a_last_outcome_model_is_deluded_on_slippery_ground_and_a_sample_model_is_not():
    assert all(ex.CHANCE.holds(chance(seed=77)).values())


# --- the mistakes ---


def test_the_first_of_ties_walks_into_the_wall_for_ever():
    steps = run_episodes(wrong.FirstOfTies(54, 4, 0, seed=0), dyna_maze(), 1, max_steps=3000)
    assert steps == [3000]


def test_bootstrapping_from_the_end_values_a_fall_by_what_the_table_began_with():
    for kind, value in ((QLearner, -1.0), (wrong.NoEnd, -1.0 + 0.95 * 10)):
        agent = kind(2, 4, alpha=1.0, initial=10.0)
        agent.learn(0, 1, -1.0, 1, True)
        assert agent.q[0][1] == pytest.approx(value)


def test_an_overwritten_name_keeps_the_agent_from_ever_learning():
    right = run_episodes(DynaQ(54, 4, 10, seed=1), dyna_maze(), 8)
    lost = wrong.run_overwriting(DynaQ(54, 4, 10, seed=1), dyna_maze(), 8, limit=2000)
    assert np.mean(lost[4:]) > 5 * np.mean(right[4:])


# --- exercises -----------------------------------------------------------------------------------


def test_mazes_drawn_anew_differ_in_one_cell_and_keep_their_shape_under_new_numbers():
    closed, opened = drawn_pair(np.random.default_rng(0))
    assert sum(a != b for a, b in zip(closed.letters, opened.letters)) == 1
    assert shortest(closed) >= shortest(opened) + 6
    for maze, hidden in zip(
        (closed, opened), renumbered((closed, opened), np.random.default_rng(1))
    ):
        steps, wave = {hidden.reset(): 0}, [hidden.reset()]
        ends = []
        for cell in wave:
            for action in range(4):
                nxt, r, terminated = hidden.move(cell, action)
                ends += [steps[cell] + 1] if terminated else []
                assert r == float(terminated)
                if not terminated and nxt not in steps:
                    steps[nxt] = steps[cell] + 1
                    wave.append(nxt)
        assert min(ends) == shortest(maze) and len(steps) == len(maze.free())


@pytest.fixture(scope="module")
def chapter():
    return Chapter("02_dyna", ["imports"])


EXERCISES = [f"ex{k}" for k in range(1, 9)]
LONG = {"ex6": ["ex5"], "ex7": ["ex5", "ex6"], "ex8": ["ex5", "ex6", "ex7"]}


@pytest.mark.parametrize("name", EXERCISES)
def test_the_stub_does_not_pass(chapter, name):
    assert "nothing there yet" in chapter.mistake(name)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes(chapter, name):
    stages = [chapter.solution(stage) for stage in (*LONG.get(name, ()), name)]
    assert chapter.mistake(name, "\n\n".join(stages)) is None


@pytest.mark.parametrize(
    "name, wrong, right, says",
    [
        ("ex1", "r if terminated else r + 0.9 * max(q[nxt])", "r + 0.9 * max(q[nxt])", "terminal"),
        ("ex1", "rng.choice(list(model))", "list(model)[-1]", "not depend on rng"),
        ("ex1", "0.5 * (target", "1.0 * (target", "half of the way"),
        ("ex1", "range(n)", "range(1)", "n backups"),
        ("ex1", "range(n)", "range(n + 1)", "two backups"),
        ("ex1", "max(q[nxt])", "q[nxt][a]", "largest"),
        ("ex1", "0.9 * max", "1.0 * max", "0.9"),
        ("ex2", "abs(target - q[s][a])", "target - q[s][a]", "absolute"),
        ("ex2", ", reverse=True", "", "turn it round"),
        ("ex2", "r if terminated else r + gamma", "r + gamma", "no max"),
        ("ex2", " if change[pair] > 0", "", "right already"),
        ("ex3", "age**0.5", "age", "root"),
        ("ex3", "last_tried.get((s, a), 0)", "last_tried.get((s, a), now)", "gets no bonus"),
        ("ex3", "(0.0, s, False)", "(0.0, 0, False)", "leads nowhere"),
        ("ex4", "seen.get(outcome, 0) + 1", "1", "equally often"),
        ("ex4", "counts.setdefault((s, a), {})", "counts.setdefault((s, 0), {})", "another action"),
        (
            "ex4",
            "rng.choices(list(seen), list(seen.values()))[0]",
            "max(seen, key=seen.get)",
            "most frequent",
        ),
        ("ex5", "self.last.get((s, a)) != (r, nxt, terminated)", "(s, a) not in self.last", "in r"),
        ("ex5", "return self.last.get((s, a))", "return self.last.get((s, a), (0, s, 0))", "None"),
    ],
)
def test_the_check_names_the_mistake(chapter, name, wrong, right, says):
    solution = chapter.solution(name)
    assert wrong in solution
    assert says in chapter.mistake(name, solution.replace(wrong, right))
