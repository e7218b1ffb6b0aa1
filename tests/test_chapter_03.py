"""Chapter 3: its exercises name the mistake, its evidence is complete, its worlds are as it says."""

import numpy as np
import pytest
import torch
from exercises import Chapter

from wmlib.course.ch03_neural_dynamics import exercises, exercises_pendulum, rivals
from wmlib.course.ch03_neural_dynamics import study as parts
from wmlib.evaluation import error_by_horizon
from wmlib.evidence import all_experiments
from wmlib.experience import Transitions, collect
from wmlib.models import LinearDynamics, Simulator
from wmlib.worlds import CartPole, Pendulum

EXERCISES = ["ex1", "ex2", "ex3", "ex4"]


@pytest.fixture(scope="module")
def chapter():
    """The exercises need no more than NumPy and torch from the chapter."""
    return Chapter("03_neural_dynamics", [], np=np, torch=torch)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_stub_does_not_pass(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_its_solution_passes(exercise, chapter):
    for _ in range(2):  # the inputs are drawn anew
        assert chapter.mistake(exercise, chapter.solution(exercise)) is None


def test_the_loss_to_repair_is_told_both_of_its_mistakes(chapter):
    broken = chapter.cells["ex3"].split("```python\n")[1].split("```")[0]
    assert "only the last step" in chapter.mistake("ex3", broken)
    half = broken.replace("loss = ((s_hat", "loss = loss + ((s_hat")
    assert "from the real state" in chapter.mistake("ex3", half)


def test_outputs_for_other_inputs_do_not_pass(chapter):
    data = exercises.drawn_rows(np.random.default_rng(5))
    fixed = data.next_obs - data.obs, data.rew, 1.0 - data.terminated
    assert chapter.mistake("ex1", lambda d: fixed) is not None


def least_squares(degree):
    """An answer to the last exercise: least squares on all products of up to `degree`."""
    return exercises_pendulum.by_columns(lambda obs, act: rivals.products(degree)(obs, act))


def chapters_network(obs, act, next_obs):
    """An answer to the last exercise: the chapter's own network."""
    none, rows = np.zeros(len(obs), bool), np.arange(len(obs))
    obs, act, next_obs = (x.astype(np.float32) for x in (obs, act, next_obs))
    data = Transitions(obs, act, np.zeros(len(obs)), next_obs, none, none, rows)
    model = parts.fitted(Pendulum(), data, 0)
    return lambda obs, act: parts.next_obs(model, obs.astype(np.float32), act.astype(np.float32))


def test_the_unknown_pendulum_is_learned_by_products_of_three_and_not_by_the_network():
    for seed in range(3):
        assert exercises.check_pendulum.mistake(least_squares(3), seed) is None
    assert "off by 0.0" in exercises.check_pendulum.mistake(chapters_network, 0)


# -------------------------------------------------------------------------------- the evidence


@pytest.mark.parametrize("experiment", all_experiments("03"), ids=lambda e: e.name)
def test_the_evidence_is_stored_for_at_least_ten_seeds_and_bears_the_claims_out(experiment):
    stored = experiment.stored()
    assert len(stored["seeds"]) >= 10
    assert set(stored["claims"]) == set(experiment.claims)
    for key in experiment.claims:
        assert stored["claims"][key]["sentence"] == experiment.sentence(key)
        held = [experiment.holds(row["figures"])[key] for row in stored["seeds"]]
        assert np.mean(held) >= experiment.bar, key


def test_the_rivals_win_where_the_chapter_says_so():
    """On both worlds, in every stored seed."""
    found = {e.name: e for e in all_experiments("03")}
    for name in ("03_one_step", "03_swing_up"):
        ours = found[name].figures("network")
        for rival in ("products", "process"):
            assert (found[name].figures("network", of=rival) < ours).all()


# ------------------------------------------------------------------- rivals, worlds, measures


def rows_of(step, n=200):
    """Rows of a world `(obs, act) -> next_obs` with two features and a continuous action."""
    rng = np.random.default_rng(0)
    obs, act = rng.normal(size=(n, 2)), rng.uniform(-1, 1, (n, 1))
    none = np.zeros(n, bool)
    return Transitions(obs, act, none, step(obs, act), none, none, np.arange(n))


def test_least_squares_finds_a_product_and_a_process_a_sine():
    data = rows_of(lambda s, a: s + np.column_stack([s[:, 0] * s[:, 1], 0.5 * a[:, 0]]))
    assert parts.one_step_error(rivals.LeastSquares(data, rivals.products(2)), data) < 1e-4
    assert parts.one_step_error(rivals.LeastSquares(data, rivals.products(1)), data) > 0.3
    wave = rows_of(lambda s, a: s + np.column_stack([np.sin(2 * s[:, 0]), a[:, 0]]))
    assert parts.one_step_error(rivals.GaussianProcess(wave), wave) < 0.02


def test_all_products_are_there_once():
    columns = rivals.products(3)(np.zeros((1, 3)), np.zeros((1, 1)))
    assert columns.shape == (1, 35)
    assert rivals.products(3)(np.zeros((1, 4)), np.array([1])).shape == (1, 56)


def test_a_threshold_finds_the_rule():
    seen = np.random.default_rng(0).normal(size=(300, 3))
    feature, limit = rivals.threshold(seen, np.abs(seen[:, 1]) > 1.2)
    assert feature == 1 and 1.1 < limit < 1.35


def test_where_nothing_moves_errors_only_add_up_and_where_the_model_is_the_world_they_are_carried():
    data = parts.balancing_steps(400, 0)
    still = parts.growth(parts.Still(4, CartPole.act_space), data, 20)
    assert np.allclose(still["error"], still["added"], rtol=1e-4)
    linear = parts.growth(LinearDynamics(4, CartPole.act_space).fit(data), data, 20)
    assert np.allclose(linear["error"], linear["carried"], rtol=0.03)
    assert linear["error"][-1] > 1.5 * linear["added"][-1]


def test_the_errors_of_k_steps_are_those_of_the_library():
    data = collect(CartPole(), steps=500, seed=0)
    model = LinearDynamics(4, CartPole.act_space).fit(data)
    ours = parts.growth(model, data, 10)["error"]
    assert np.allclose(ours, error_by_horizon(model, data, 10), rtol=1e-3)


def test_the_derivative_of_the_physics_stretches_an_upright_pole():
    jacobian = parts.jacobians(CartPole(), np.zeros((1, 4)), np.array([1]))[0]
    assert np.abs(np.linalg.eigvals(jacobian)).max() == pytest.approx(1.079, abs=0.002)
    assert np.allclose(jacobian[[0, 2]], parts.KINEMATICS[[0, 2]], atol=1e-6)


def test_a_slow_pendulum_holds_the_torque_for_ten_steps():
    state, torque = np.array([[1.0, 0.5]]), np.array([[0.7]])
    slow = parts.SlowPendulum().step(state, torque)[0]
    for _ in range(10):
        state = Pendulum().step(state, torque)[0]
    assert np.allclose(slow, state)


def test_blurred_rows_still_fit_together():
    """What was seen after one step is what is seen before the next, noise included."""
    data = collect(CartPole(), steps=200, seed=0)
    noisy = parts.blurred(data, 0.05, 0)
    inside = data.episode[1:] == data.episode[:-1]
    assert np.allclose(noisy.next_obs[:-1][inside], noisy.obs[1:][inside])
    spread = (noisy.obs - data.obs).std(0) / data.obs.std(0)
    assert np.allclose(spread, 0.05, rtol=0.2)


def test_the_gusts_have_the_strength_that_the_chapter_states():
    world, rng = parts.Gusty(), np.random.default_rng(0)
    state, action = np.zeros((5000, 2)), np.zeros((5000, 1))
    kicked, calm = world.step(state, action, rng)[0], world.step(state, action)[0]
    assert (kicked - calm)[:, 1].std() == pytest.approx(0.3, rel=0.05)
    assert np.allclose((kicked - calm)[:, 0], 0.05 * (kicked - calm)[:, 1])


def test_a_perfect_model_has_no_error_and_standstill_has_all_of_it():
    data = collect(CartPole(), steps=300, seed=0)
    assert parts.one_step_error(Simulator(CartPole()), data) < 1e-4
    assert parts.one_step_error(parts.Still(4, CartPole.act_space), data) > 0.95
    assert parts.error_grid(Simulator(CartPole())).max() < 1e-4


def test_the_habit_balances():
    steps = collect(CartPole(), parts.habit, steps=500, seed=0)
    assert not steps.terminated.any()


def test_a_new_unit_changes_the_numbers_and_not_the_world():
    data = collect(CartPole(), steps=50, seed=0)
    scaled = parts.in_millimetres(data)
    assert np.allclose(scaled.obs / [1000, 1000, 1, 1], data.obs)
    assert isinstance(scaled, Transitions) and np.array_equal(scaled.act, data.act)
