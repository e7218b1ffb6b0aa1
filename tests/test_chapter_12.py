"""Chapter 12: its exercises name the mistake, its evidence is complete, its words match its code."""

import numpy as np
import pytest
from exercises import Chapter

from wmlib.course.ch12_minds import bodies, tracking
from wmlib.course.ch12_minds import experiments as ex
from wmlib.course.ch12_minds import study as parts
from wmlib.evidence import all_experiments


@pytest.fixture(scope="module")
def chapter():
    return Chapter("12_minds_bodies_markets", ["imports"])


@pytest.mark.parametrize("exercise", ["ex1", "ex2", "ex3", "ex4", "ex5"])
def test_a_stub_does_not_pass_and_its_solution_does(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)
    for _ in range(5):  # inputs are drawn anew
        assert chapter.mistake(exercise, chapter.solution(exercise)) is None


HARD_CODED = [
    ("ex1", "infer = lambda U, x, rate, steps: np.array([1.0, 0.0, 0.5])"),
    ("ex2", "relearn = lambda W, v, own, felt, rate: np.array([[0.0, 0.1], [0.0, 0.05]])"),
    ("ex3", "present = lambda late, log, delay, step: late"),
    ("ex4", "promise = lambda inflation, target, u, aim: 5.0"),
    ("ex5", "weigh = lambda angle, torque, velocity, nxt: 1.3"),
]


@pytest.mark.parametrize("exercise, answer", HARD_CODED)
def test_hard_coded_answers_do_not_pass(exercise, answer, chapter):
    assert chapter.mistake(exercise, answer)


@pytest.mark.parametrize("experiment", all_experiments("12"), ids=lambda e: e.name)
def test_every_experiment_has_claims_and_stored_evidence_that_bears_them_out(experiment):
    stored = experiment.stored()
    for key in experiment.claims:
        held = [experiment.holds(row["figures"])[key] for row in stored["seeds"]]
        assert len(held) >= 5 and np.mean(held) >= experiment.bar, key
        assert stored["claims"][key]["sentence"] == experiment.sentence(key)


def test_an_after_effect_does_not_show_a_model_and_new_directions_do():
    """What the text says of the four hands."""
    assert ex.field.figures("after", of="rote").max() < -1
    assert np.abs(ex.field.figures("after", of="stiff")).max() < 0.2
    assert np.abs(ex.field.figures("after", of="reflex")).max() < 0.2
    assert np.abs(ex.field.figures("last", of="rote")).max() < 0.4
    assert np.abs(ex.field.figures("last", of="stiff")).max() < 1.2
    assert ex.field.figures("new", of="rote").min() > 5


def test_catch_trials_lie_in_the_field_block_and_are_not_learned_from():
    went = parts.session(3)
    caught = np.flatnonzero(went["catch"])
    assert len(caught) > 5
    assert caught.min() > parts.BEFORE + 20 and caught.max() < parts.BEFORE + parts.FIELD


def test_everybody_may_choose_from_432_pairs_of_gains():
    assert tracking.KP.shape == tracking.KD.shape == (432, 1)


def test_a_controller_that_remembers_balances_in_every_seed_and_needs_far_more_practice():
    assert ex.late.figures("stick_model", of="practised")[:, 1].max() < 0.05
    assert ex.late.figures("minutes", of="practised").min() > 10  # the model: 20 seconds


def test_the_fitted_engine_beats_the_copy_where_its_form_is_right():
    mine = ex.engine.figures("other_copy_return")
    assert (ex.engine.figures("other_copy_return", of="fitted") > mine).mean() >= 0.8


def test_the_light_arm_moves_further_at_every_command():
    state, command = np.zeros((1, 2)), np.ones((1, 1))
    heavy = bodies.Arm().step(state, command)[0][0, 1]
    assert bodies.LightArm().step(state, command)[0][0, 1] == pytest.approx(2.2 * heavy)
