"""Chapter 12: its exercises name the mistake, its evidence is complete, its words match its code."""

import numpy as np
import pytest
from exercises import Chapter

from wmlib.course.ch12_minds import bodies, tracking
from wmlib.course.ch12_minds import experiments as ex
from wmlib.course.ch12_minds import study as parts
from wmlib.course.ch12_minds.adaptation import Rote
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


def test_neither_after_effects_nor_new_directions_show_a_model_and_a_faster_reach_does():
    """What the text says of the hands."""
    assert ex.field.figures("after", of="rote").max() < -1
    assert np.abs(ex.field.figures("after", of="stiff")).max() < 0.2
    assert np.abs(ex.field.figures("after", of="reflex")).max() < 0.2
    assert np.abs(ex.field.figures("last", of="rote")).max() < 0.4
    assert np.abs(ex.field.figures("last", of="stiff")).max() < 1.2
    assert ex.field.figures("new", of="rote").min() > 5
    assert ex.field.figures("new", of="linear").min() > 1
    assert np.abs(ex.field.figures("new", of="cosine")).max() < 0.2  # as straight as the model
    for memory in ("rote", "linear", "cosine"):
        assert ex.field.figures("fast", of=memory).min() > 2


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


def test_without_noise_fitted_q_iteration_holds_the_stick_and_with_noise_it_falls():
    assert ex.late.figures("clean", of="reused").max() < 0.02
    assert ex.late.figures("stick_model", of="reused").min() > 0.2
    assert ex.late.figures("stick_planned")[:, 1].max() < 0.03


def test_gains_for_both_loads_hold_with_the_old_model():
    assert ex.load.figures("both").max() < 0.06
    assert 0.12 < ex.load.figures("pd_both").max() < ex.load.figures("still").min()


def test_yearly_targets_say_nothing_of_a_lasting_policy_where_people_learn_slowly():
    came = ex.lucas.figures("slow_came")
    assert (came - ex.lucas.figures("slow_yearly")).min() > 1
    assert np.abs(came - ex.lucas.figures("slow_held")).max() < 1


def test_drag_and_gravity_are_found_once_drag_is_written_down():
    numbers = ex.drag.figures("numbers", of="written")
    assert numbers == pytest.approx(np.tile([1.3, 0.0, 0.06], (len(numbers), 1)), abs=0.01)
    more = ex.drag.figures("copy_return", of="written") - ex.drag.figures("copy_return")
    assert (more > -5).all() and np.median(more) > 1  # nobody earns more on the copy


def test_a_memory_mixed_by_cosines_is_right_between_practised_directions():
    hand = Rote(between="cosine", noise=0.0)
    for angle in parts.TRAINED:
        hand.memory[angle] = np.tile([[np.cos(angle), 1.0]], (60, 1))
    assert hand.expected(np.zeros(2), 0.3, 0.5) == pytest.approx([np.cos(0.3), 0], abs=1e-9)
    mixed = Rote(between="linear")
    mixed.memory = hand.memory
    assert mixed.expected(np.zeros(2), np.pi / 4, 1.0) == pytest.approx([0.5, 1.0])


def test_the_fitted_engine_beats_the_copy_where_its_form_is_right():
    mine = ex.engine.figures("other_copy_return")
    assert (ex.engine.figures("other_copy_return", of="fitted") > mine).mean() >= 0.8


def test_the_light_arm_moves_further_at_every_command():
    state, command = np.zeros((1, 2)), np.ones((1, 1))
    heavy = bodies.Arm().step(state, command)[0][0, 1]
    assert bodies.LightArm().step(state, command)[0][0, 1] == pytest.approx(2.2 * heavy)
