"""Chapter 12: its exercises name the mistake, its evidence is complete, its words match its code."""

import numpy as np
import pytest
from exercises import Chapter

from wmlib.course.ch12_minds import experiments as ex
from wmlib.course.ch12_minds import study as parts
from wmlib.evidence import all_experiments

NUMBERS = ("ex1", "ex2", "ex3", "ex4")


@pytest.fixture(scope="module")
def chapter():
    return Chapter("12_minds_bodies_markets", ["imports"])


@pytest.mark.parametrize("exercise", NUMBERS)
def test_a_stub_does_not_pass_and_its_solution_does(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)
    assert chapter.mistake(exercise, chapter.solution(exercise)) is None


SETTLE = """
def infer(U, x, rate, steps):
    r = np.zeros(U.shape[1])
    e = x
    for _ in range(steps):
        {line}
    return r
"""
POLICY = "steady = lambda w, target: {}\nlived = lambda natural, kappa, target, expected: {}"
MISTAKES = [
    ("ex1", SETTLE.format(line="r = np.maximum(0, r + rate * U.T @ (U @ r - x))"), "nothing moves"),
    ("ex1", SETTLE.format(line="r = np.maximum(0, r + rate * U.T @ e)"), "never subtracted"),
    ("ex1", SETTLE.format(line="r = r + rate * U.T @ (x - U @ r)"), "negative"),
    ("ex1", SETTLE.format(line="r = np.maximum(0, rate * U.T @ (x - U @ r))"), "first cause alone"),
    (
        "ex2",
        "relearn = lambda W, v, own, felt, rate: W + rate * np.outer(felt - own, v)",
        "exactly",
    ),
    (
        "ex2",
        "relearn = lambda W, v, own, felt, rate: W + rate * np.outer(felt - W @ v, v)",
        "our own",
    ),
    (
        "ex2",
        "relearn = lambda W, v, own, felt, rate: W + rate * np.outer(v, felt - own - W @ v)",
        "other way round",
    ),
    (
        "ex2",
        "relearn = lambda W, v, own, felt, rate: W - rate * np.outer(felt - own - W @ v, v)",
        "wrong way",
    ),
    (
        "ex3",
        "def present(late, log, delay, step):\n    for c in log[-delay:]:\n"
        "        late = step(late, c)\n    return late",
        "nothing is late",
    ),
    (
        "ex3",
        "def present(late, log, delay, step):\n    for c in log[:delay]:\n"
        "        late = step(late, c)\n    return late",
        "not the first",
    ),
    (
        "ex3",
        "def present(late, log, delay, step):\n    for k in range(delay):\n"
        "        late = step(late, log[-1 - k])\n    return late",
        "reversed",
    ),
    (
        "ex3",
        "def present(late, log, delay, step):\n    for c in log[len(log) - delay:]:\n"
        "        late = step(late, c)\n    return late",
        "only two commands",
    ),
    ("ex4", POLICY.format("w[0] + w[1] * target", "5"), "for good"),
    (
        "ex4",
        POLICY.format("w[0] + (w[1] + w[2]) * target", "natural + (target - expected) / kappa"),
        "lowers",
    ),
    (
        "ex4",
        POLICY.format("w[0] + (w[1] + w[2]) * target", "natural - (target - expected) * kappa"),
        "kappa divides",
    ),
]


@pytest.mark.parametrize("exercise, answer, named", MISTAKES)
def test_mistakes_are_named(exercise, answer, named, chapter):
    if exercise == "ex4":
        answer += "\nanswer = (steady, lived)"
        chapter.run("ex4-stub")
        exec(answer, chapter.space)
        answer = chapter.space["answer"]
    assert named in chapter.mistake(exercise, answer)


@pytest.mark.parametrize("experiment", all_experiments("12"), ids=lambda e: e.name)
def test_every_experiment_has_claims_and_stored_evidence_that_bears_them_out(experiment):
    stored = experiment.stored()
    for key, (sentence, _) in experiment.claims.items():
        assert stored["claims"][key]["sentence"] == sentence
        held = [experiment.holds(row["figures"])[key] for row in stored["seeds"]]
        assert len(held) >= 5 and np.mean(held) >= experiment.bar, key


def test_without_a_model_there_is_no_after_effect_in_any_seed():
    assert np.abs(ex.field.figures("reflex_after")).max() < 0.2
    assert ex.field.figures("model_after").min() > 2.5


def test_catch_trials_lie_in_the_field_block_and_are_not_learned_from():
    went = parts.session(3)
    caught = np.flatnonzero(went["catch"])
    assert len(caught) > 5
    assert caught.min() > parts.BEFORE + 20 and caught.max() < parts.BEFORE + parts.FIELD


def test_the_light_arm_moves_further_at_every_command():
    state, command = np.zeros((1, 2)), np.ones((1, 1))
    heavy = parts.Arm().step(state, command)[0][0, 1]
    assert parts.LightArm().step(state, command)[0][0, 1] == pytest.approx(2.2 * heavy)
