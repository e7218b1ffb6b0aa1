"""Chapter 2: Dyna's experiments at a small size, the mistakes, the exercises."""

import numpy as np
import pytest
from exercises import Chapter

from wmlib.course.ch02_dyna import experiments as ex
from wmlib.course.ch02_dyna import mistakes as wrong
from wmlib.learning.dyna import DynaQ
from wmlib.learning.q_learning import QLearner, run_episodes
from wmlib.learning.sweeping import PrioritisedSweeping
from wmlib.worlds.maze_gallery import dyna_maze


def test_dyna_in_the_notebook_walks_step_for_step_as_the_library_does(chapter):
    chapter.run("dyna")
    for n in (0, 3, 20):
        lengths = chapter.space["dyna"](dyna_maze(), n, 6, seed=7)[1]
        assert lengths == run_episodes(DynaQ(54, 4, n, seed=7), dyna_maze(), 6)


def test_both_planners_learn_from_the_same_walk():
    rows = [list(ex.random_walk(dyna_maze(), 500, seed=3)) for _ in range(2)]
    assert rows[0] == rows[1] != list(ex.random_walk(dyna_maze(), 500, seed=4))
    assert all(a[3] == b[0] for a, b in zip(rows[0], rows[0][1:]) if not a[4])


def test_sweeping_needs_a_quarter_of_the_backups_for_a_shortest_path():
    needed = {
        kind: ex.backups_needed(kind(54, 4, 5, alpha=1.0, seed=2), dyna_maze(), 14, seed=2)
        for kind in (DynaQ, PrioritisedSweeping)
    }
    assert needed[PrioritisedSweeping] <= needed[DynaQ] / 4


def test_a_path_that_is_never_found_is_none_and_not_a_number():
    class Asleep(QLearner):
        def learn(self, *row):
            pass

    assert ex.backups_needed(Asleep(54, 4), dyna_maze(), 14, seed=0) is None


@pytest.mark.slow
def test_dyna_q_plus_beats_dyna_q_in_both_changing_mazes():
    figures = ex.changing(seed=77, runs=6)
    assert ex.CHANGING.holds(figures) == {"blocking": True, "shortcut": True}


@pytest.mark.slow
def test_a_last_outcome_model_is_deluded_on_slippery_ground_and_a_sample_model_is_not():
    assert all(ex.CHANCE.holds(ex.chance(seed=77)).values())


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


@pytest.fixture(scope="module")
def chapter():
    return Chapter("02_dyna", ["imports"])


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
        ("ex1", "r if terminated else r + 0.9 * max(q[nxt])", "r + 0.9 * max(q[nxt])", "terminal"),
        ("ex1", "rng.choice(list(model))", "list(model)[-1]", "not every pair"),
        ("ex1", "0.5 * (target", "1.0 * (target", "half of the way"),
        ("ex1", "range(n)", "range(1)", "n backups"),
        ("ex1", "0.9 * max", "1.0 * max", "0.9"),
        ("ex2", "seen.get(outcome, 0) + 1", "1", "equally often"),
        ("ex2", "counts.setdefault((s, a), {})", "counts.setdefault((s, 0), {})", "another action"),
        (
            "ex2",
            "rng.choices(list(seen), list(seen.values()))[0]",
            "max(seen, key=seen.get)",
            "only",
        ),
        ("ex3", "abs(target - q[s][a])", "target - q[s][a]", "absolute"),
        ("ex3", ", reverse=True", "", "turn it round"),
        ("ex3", "r if terminated else r + gamma", "r + gamma", "(1, 0)"),
    ],
)
def test_the_check_names_the_mistake(chapter, name, wrong, right, says):
    solution = chapter.solution(name)
    assert wrong in solution
    assert says in chapter.mistake(name, solution.replace(wrong, right))
