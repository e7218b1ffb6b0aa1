"""Chapter 3: its exercises name the mistake, its evidence is complete, its worlds are as it says."""

import numpy as np
import pytest
import torch
from exercises import Chapter

from wmlib.course.ch03_neural_dynamics import study as parts
from wmlib.evaluation import error_by_horizon
from wmlib.evidence import all_experiments
from wmlib.experience import Transitions, collect
from wmlib.models import LinearDynamics, Simulator
from wmlib.worlds import CartPole

EXERCISES = ["ex1", "ex2", "ex3", "ex4"]


@pytest.fixture(scope="module")
def chapter():
    """What the chapter has defined when the exercises begin."""
    world = CartPole()
    data = collect(world, steps=1000, seed=[0, 0])
    return Chapter(
        "03_neural_dynamics",
        [],
        np=np,
        torch=torch,
        world=world,
        data=data,
        collect=collect,
        model=parts.fitted(world, data, 0, steps=300),
        error_by_horizon=error_by_horizon,
        LinearDynamics=LinearDynamics,
        CartPole=CartPole,
    )


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_stub_does_not_pass(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_its_solution_passes(exercise, chapter):
    assert chapter.mistake(exercise, chapter.solution(exercise)) is None


@pytest.mark.parametrize(
    "change, cont, named",
    [
        (lambda d: d.next_obs, lambda d: 1.0 - d.terminated, "the next state itself"),
        (lambda d: d.obs - d.next_obs, lambda d: 1.0 - d.terminated, "wrong sign"),
        (lambda d: d.next_obs - d.obs, lambda d: 1.0 * d.terminated, "turn it round"),
        (
            lambda d: d.next_obs - d.obs,
            lambda d: 1.0 - (d.terminated | d.truncated),
            "truncated is not an end",
        ),
    ],
)
def test_mistakes_in_the_targets_are_named(change, cont, named, chapter):
    assert named in chapter.mistake("ex1", lambda d: (change(d), d.rew, cont(d)))


def dreams(start_over=False, late=False, short=False, batched=False):
    def dream(model, obs, actions):
        first = state = model.start(obs[None])
        seen = [] if short else [obs[None]]
        for action in [0] + list(actions[:-1]) if late else actions:
            state = model.step(first if start_over else state, torch.tensor([action])).state
            seen.append(model.decode(state).numpy())
        return np.array(seen) if batched else np.concatenate(seen)

    return dream


@pytest.mark.parametrize(
    "wrong, named",
    [
        (dict(start_over=True), "from the first state again"),
        (dict(late=True), "first action"),
        (dict(short=True), "a state is missing"),
        (dict(batched=True), "drop the batch"),
    ],
)
def test_mistakes_in_a_dream_are_named(wrong, named, chapter):
    assert chapter.mistake("ex2", dreams()) is None
    assert named in chapter.mistake("ex2", dreams(**wrong))


def losses(teacher=False, last=False, total=False, detach=False, number=False):
    def loss(f, s, a, s_next):
        errors = []
        for j in range(a.shape[1]):
            s = s + f(s, a[:, j])
            errors.append(((s - s_next[:, j]) ** 2).mean())
            s = s_next[:, j] if teacher else s.detach() if detach else s
        value = errors[-1] if last else sum(errors) / (1 if total else len(errors))
        return value.item() if number else value

    return loss


@pytest.mark.parametrize(
    "wrong, named",
    [
        (dict(teacher=True), "keep the model's own"),
        (dict(last=True), "only the last step"),
        (dict(total=True), "divide by k"),
        (dict(detach=True), "do not detach"),
        (dict(number=True), "return a tensor"),
    ],
)
def test_mistakes_in_the_loss_are_named(wrong, named, chapter):
    assert chapter.mistake("ex3", losses()) is None
    assert named in chapter.mistake("ex3", losses(**wrong))


def test_the_chapters_own_network_does_not_beat_itself(chapter):
    assert "no better" in chapter.mistake("ex4", chapter.space["model"])


# -------------------------------------------------------------------------------- the evidence


@pytest.mark.parametrize("experiment", all_experiments("03"), ids=lambda e: e.name)
def test_the_evidence_is_stored_for_at_least_ten_seeds_and_bears_the_claims_out(experiment):
    stored = experiment.stored()
    assert len(stored["seeds"]) >= 10
    for key, (sentence, _) in experiment.claims.items():
        assert stored["claims"][key]["sentence"] == sentence
        held = [experiment.holds(row["figures"])[key] for row in stored["seeds"]]
        assert np.mean(held) >= experiment.bar, key


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
