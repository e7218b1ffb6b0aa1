"""Chapter 5: its exercises name the mistake, its evidence is complete, its words match its code."""

import numpy as np
import pytest
import torch
from exercises import Chapter, Equal

from wmlib.course.ch05_ensembles import experiments as ex
from wmlib.course.ch05_ensembles import gates
from wmlib.course.ch05_ensembles.branching import branch_drift
from wmlib.course.ch05_ensembles.curiosity import error_everywhere
from wmlib.course.ch05_ensembles.doubt import Draughty, pendulum_ensemble, visits, without_draught
from wmlib.course.ch05_ensembles.rivals import Dropout, Held, Nearest, Noise, Priced
from wmlib.course.ch05_ensembles.track import Track, bold, crawl, log, ride
from wmlib.experience import collect
from wmlib.models import Ensemble, Simulator
from wmlib.worlds import CartPole, Pendulum


@pytest.fixture(scope="module")
def chapter():
    return Chapter("05_ensembles", ["imports"])


@pytest.mark.parametrize("exercise", ("ex1", "ex2", "ex3", "ex4"))
def test_a_stub_does_not_pass_and_its_solution_does(exercise, chapter):
    assert "nothing there yet" in chapter.mistake(exercise)
    for _ in range(5):  # whatever inputs are drawn
        assert chapter.mistake(exercise, chapter.solution(exercise)) is None


def test_the_long_exercise_is_solved_stage_by_stage(chapter):
    for exercise in ("ex5", "ex6", "ex7", "ex8"):
        assert "nothing there yet" in chapter.mistake(exercise)
    solved = "".join(chapter.solution(exercise) for exercise in ("ex5", "ex6", "ex7", "ex8"))
    assert 50 <= len(solved.splitlines()) <= 100
    for exercise in ("ex5", "ex6", "ex7", "ex8"):
        assert len(chapter.solution(exercise).splitlines()) <= 30
        assert chapter.mistake(exercise, solved) is None


def test_what_is_to_be_repaired_has_its_mistakes(chapter):
    chapter.run("ex4-broken")
    assert "begins where another ended" in chapter.mistake("ex4", chapter.space["follow_broken"])


def test_things_that_equal_everything_and_the_truth_in_disguise_do_not_pass(chapter):
    for exercise in ("ex1", "ex3", "ex4", "ex7"):
        assert chapter.mistake(exercise, lambda *given: Equal()) is not None
    rows = np.random.default_rng(0).integers(900, size=(5, 900))
    assert chapter.mistake("ex1", lambda n, members, rng: rows[:members, :n]) is not None


# --- the evidence ---------------------------------------------------------------------------------


def test_the_gate_holds_in_every_seed_against_bold_and_safe_alike():
    returns = {name: ex.gate.figures(f"{name}_return") for name in ("bold", "gated", "safe")}
    assert len(returns["gated"]) >= 10
    assert (returns["gated"] > np.maximum(returns["bold"], returns["safe"])).all()
    assert ex.gate.figures("gated_flooded_wrecked").max() <= 0.2
    assert ex.gate.figures("bold_flooded_wrecked").min() >= 0.9
    assert ex.gate.figures("gated_dry_abstention").max() <= 0.4


def test_the_error_is_largest_past_the_edge_in_every_seed():
    edge, hole = ex.doubts.figures("error_edge"), ex.doubts.figures("error_hole")
    assert (edge > 1.5 * hole).all() and (hole > 10 * ex.doubts.figures("error_inside")).all()


def test_averaging_is_no_cure_and_only_the_price_differs():
    assert np.median(ex.exploitation.figures("five_paid")[:, -1]) < 2
    assert np.median(ex.exploitation.figures("cautious_paid")[:, -1]) > 4


# --- what is measured -----------------------------------------------------------------------------


def test_the_three_regions_are_where_they_are_said_to_be():
    world = Draughty()
    for where in ("inside", "hole"):
        states = world.state_of(visits(where, 200, 0).obs)
        assert (world.hole(states) == (where == "hole")).all()
        assert np.mean(np.cos(states[:, 0]) < 0) > 0.95  # the lower half
    assert (visits("edge", 200, 0).obs[:, 0] > 0).all()  # the upper half


def test_the_draught_is_half_a_radian_a_second_and_only_at_the_bottom():
    state, act = np.array([[np.pi, 0.0], [np.pi + 0.3, 0.0]]), np.zeros((2, 1))
    kick = Draughty().step(state, act)[0] - Pendulum().step(state, act)[0]
    assert kick[:, 1] == pytest.approx([0.5, 0.0])


def test_without_the_draught_the_same_steps_go_as_the_pendulum_goes():
    data = visits("hole", 100, 0)
    world, still = Draughty(), without_draught(data)
    truth = Pendulum().step(world.state_of(data.obs), data.act)[0][:, 1]
    assert abs(still.next_obs[:, 2] - truth).mean() < 0.06  # the gusts of 0.05
    assert abs(data.next_obs[:, 2] - truth).mean() > 0.4


def test_members_with_one_start_begin_alike():
    model = pendulum_ensemble(visits("inside", 60, 0), 0, steps=0, starts=False)
    for weight in model.net.parameters():
        assert torch.equal(weight, weight[:1].expand_as(weight))


@pytest.fixture(scope="module")
def fitted():
    data = collect(Pendulum(), steps=100, seed=0)
    model = Ensemble(3, Pendulum.act_space, members=2, hidden=16)
    model.fit(data, steps=60)
    return data, model


def test_the_distance_is_nothing_at_the_data_and_grows_away_from_it(fitted):
    data, model = fitted
    obs, act = torch.as_tensor(data.obs), torch.as_tensor(data.act)
    near = Nearest(data, model)
    assert near.disagreement(obs, act).max() < 1e-2
    assert near.disagreement(obs + 5, act).min() > 1
    assert (Nearest(data, model, k=5).disagreement(obs, act) > 0).all()


def test_dropout_leaves_the_ensemble_alone_and_disagrees_with_itself(fitted):
    data, model = fitted
    before = [weight.clone() for weight in model.parameters()]
    drop = Dropout(data, model, steps=20)
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters()))
    said = drop.disagreement(torch.as_tensor(data.obs), torch.as_tensor(data.act))
    assert said.shape == (100,) and (said > 0).all()
    assert Noise(model).disagreement(*map(torch.as_tensor, (data.obs, data.act))).min() > 0


def test_a_price_is_taken_out_of_the_reward(fitted):
    data, model = fitted
    priced = Priced(model, lambda obs, act: obs[:, 0], 2.0)
    state, act = model.start(data.obs[:3]), torch.zeros(3, 1)
    wanted = model.step(state, act).rew - 2 * torch.as_tensor(data.obs[:3, 0])
    assert torch.allclose(priced.step(state, act).rew, wanted, atol=1e-5)
    assert priced.imagine(state, torch.zeros(3, 4, 1)).rew.shape == (3, 4)


def test_held_torques_stay_for_ten_steps():
    agent, obs = Held(Pendulum.act_space, 10, 0), np.zeros((1, 3))
    agent.begin(obs)
    torques = [agent.act(obs)[0, 0] for _ in range(20)]
    assert len(set(torques[:10])) == 1 and len(set(torques)) == 2


def test_the_true_model_does_not_drift():
    data = collect(CartPole(), steps=50, seed=0)
    assert max(branch_drift(Simulator(CartPole()), data, 0, length=5, starts=20)) < 1e-3


def test_a_model_that_knows_the_pendulum_has_no_error_anywhere():
    class Knows:
        def distribution(self, obs, act):
            world = Pendulum()
            nxt = world.obs(world.step(world.state_of(obs.numpy()), act.numpy())[0])
            mean = torch.cat([torch.as_tensor(nxt), torch.zeros(len(nxt), 1)], 1)[None]
            return mean, torch.zeros_like(mean)

    assert error_everywhere(Knows()) < 1e-4


def test_on_the_track_boldness_is_lost_on_ice_alone_and_crawling_never():
    rng = np.random.default_rng(0)
    for icy in (True, False):
        track = Track(32.0, icy)
        assert ride(track, bold, rng)[0] == icy
        assert ride(track, crawl, rng)[0] == 0
    trips = log(Track(32.0, True), rng)
    obs = np.concatenate([trip[0] for trip in trips])
    assert obs[obs[:, 0] > 33, 1].max() < 4 < obs[:, 1].max()


def test_the_log_is_as_fast_as_the_chapter_says():
    """Up to 24 m/s on the hills and 11 on the quay, where the bold driver is faster than 25."""
    place, speed = np.concatenate([part.obs for part in gates.road_log(0)]).T
    assert 23.5 < speed[place < 280].max() < 24
    assert 10 < speed[place > 305].max() < 11.1
    assert ex.gate.figures("bold_dry_quay_speed").min() > 25
