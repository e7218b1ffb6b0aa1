"""Predictive coding, the adapting hand, late news, the economy, and Forward-Forward."""

import numpy as np
import pytest
import torch

from wmlib.course.ch12_minds import engines, history, tracking
from wmlib.course.ch12_minds.adaptation import Reacher, Rote, minimum_jerk, pushed_to
from wmlib.course.ch12_minds.bodies import Arm, Hand, Stick
from wmlib.course.ch12_minds.delay import Late
from wmlib.course.ch12_minds.economy import Economy, Years
from wmlib.course.ch12_minds.forward_forward import ForwardForward
from wmlib.course.ch12_minds.phillips import ReducedForm, Structural, best_target
from wmlib.course.ch12_minds.predictive_coding import PredictiveCoding, bars, found, single_bars
from wmlib.models import Simulator
from wmlib.worlds import Pendulum

# --- predictive coding


def test_bars_are_whole_rows_and_columns_as_bright_where_they_cross():
    pictures = bars(200, np.random.default_rng(0), noise=0.0).reshape(-1, 8, 8)
    assert set(np.unique(pictures)) == {0.0, 1.0}
    rows, columns = pictures.all(2), pictures.all(1)
    assert (pictures == (rows[:, :, None] | columns[:, None, :])).all()
    assert rows.mean() == pytest.approx(0.12, abs=0.03)
    assert single_bars().sum(1).tolist() == [8.0] * 16
    assert len(np.unique(single_bars(), axis=0)) == 16


def test_inference_goes_down_the_energy_and_a_perfect_model_falls_silent():
    model = PredictiveCoding(64, causes=16, sparsity=0.0)
    model.weights = single_bars().T.copy()
    settled = model.infer(single_bars(), 300)
    assert (np.diff(settled.energy, axis=0) <= 1e-9).all()
    assert (settled.causes.argmax(1) == np.arange(16)).all()
    assert (settled.error**2).sum(1).max() < 0.01
    assert (settled.causes >= 0).all()


def test_what_no_cause_predicts_stays_in_the_error():
    model = PredictiveCoding(4, causes=1, sparsity=0.0)
    model.weights = np.array([[1.0], [1.0], [0.0], [0.0]])
    settled = model.infer(np.array([[1.0, 1.0, 1.0, 0.0]]), 500)
    assert settled.error[0] == pytest.approx([0, 0, 1, 0], abs=1e-3)


def test_learning_lowers_what_is_left_and_columns_never_grow_without_bound():
    pictures = bars(600, np.random.default_rng(1))
    model = PredictiveCoding(64, seed=1)
    before = (model.infer(pictures).error ** 2).mean()
    model.fit(pictures, epochs=2)
    assert (model.infer(pictures).error ** 2).mean() < before / 2
    assert np.linalg.norm(model.weights, axis=0).max() <= np.sqrt(8) + 1e-9
    assert found(model, single_bars()) > 8 > found(PredictiveCoding(64, seed=1), single_bars())


def test_inputs_of_another_size_are_refused():
    with pytest.raises(ValueError, match=r"x\[None\]"):
        PredictiveCoding(64).infer(np.zeros(64))


# --- the hand


def test_a_reach_without_a_field_is_straight_and_ends_ten_centimetres_away():
    for angle in (0.0, 2.0):
        reach = Reacher(noise=0.0).reach(Hand(), angle)
        assert reach.aside == pytest.approx(0, abs=1e-9)
        assert np.linalg.norm(reach.path[-1]) == pytest.approx(0.1, abs=0.005)
    assert minimum_jerk(60)[-1] == pytest.approx(0.1)


def test_a_hand_whose_model_is_right_reaches_straight_through_the_field():
    reacher = Reacher(noise=0.0)
    assert abs(reacher.reach(Hand(Hand.CURL), 1.0, learn=False).aside) > 3
    reacher.field = Hand.CURL.copy()
    assert abs(reacher.reach(Hand(Hand.CURL), 1.0).aside) < 1e-6
    assert reacher.field == pytest.approx(Hand.CURL)  # no surprise, no learning
    assert abs(reacher.reach(Hand(), 1.0).aside) > 3  # the after-effect


def test_the_field_pushes_at_right_angles_to_the_velocity():
    v = np.array([[0, 0, 0.3, 0.4]])
    state, _, _ = Hand(Hand.CURL).step(v, np.zeros((1, 2)))
    push = (state[0, 2:] - v[0, 2:]) / Hand.SECONDS
    assert push @ v[0, 2:] == pytest.approx(0) and np.linalg.norm(push) == pytest.approx(13 * 0.5)


def test_one_reach_moves_the_model_towards_the_field_and_a_catch_trial_does_not():
    reacher = Reacher(seed=2)
    reacher.reach(Hand(Hand.CURL), 0.0, learn=False)
    assert (reacher.field == 0).all()
    for angle in np.arange(8) * np.pi / 4:
        reacher.reach(Hand(Hand.CURL), angle)
    off = np.abs(reacher.field - Hand.CURL).sum()
    assert off < 0.9 * np.abs(Hand.CURL).sum()


# --- late news


def steady(t, obs):
    return 10 * (0.2 - obs[:, :1]) - 2 * obs[:, 1:]


def test_with_the_true_model_and_no_noise_lateness_makes_no_difference():
    paths = []
    for delay, model in ((0, None), (12, Simulator(Arm()))):
        arm, agent = Arm(), Late(steady, delay, model)
        state = np.zeros((1, 2))
        seen = [arm.obs(state)] * (delay + 1)
        agent.begin(seen[0])
        path = []
        for t in range(120):
            state, _, _ = arm.step(state, agent.act(seen[t]))
            seen.append(arm.obs(state))
            path.append(state[0, 0])
        paths.append(path)
    # the first percepts of the late arm are of rest, which is where it was
    assert paths[1] == pytest.approx(paths[0], abs=1e-4)


def test_the_forward_model_learned_from_babbling_is_the_arm():
    model = tracking.arm_model(0)
    obs, push = np.array([[0.1, -0.2]], np.float32), np.array([[3.0]], np.float32)
    told = model.decode(model.step(model.start(obs), torch.as_tensor(push)).state).numpy()
    assert told == pytest.approx(Arm().step(obs, push)[0], abs=2e-3)


def test_a_delay_cannot_be_negative():
    with pytest.raises(ValueError, match="negative"):
        Late(steady, -1)


# --- the economy


def test_only_surprise_moves_unemployment():
    economy = Economy(slip=0.0, shock=0.0)
    for target in (0.0, 2.0, 8.0):
        years = economy.run([target] * 5, np.random.default_rng(0))
        assert years.unemployment == pytest.approx(np.full(5, 5.0))
    years = Economy(shock=0.0).run([2.0] * 50, np.random.default_rng(0))
    surprise = years.inflation - years.expected
    assert years.unemployment == pytest.approx(5 - surprise / 2)


def test_people_who_do_not_listen_correct_a_share_of_what_they_missed():
    economy = Economy(slip=0.0, shock=0.0, learning=0.5)
    years = economy.run([6.0] * 4, np.random.default_rng(0), first=2.0)
    assert years.expected == pytest.approx([2, 4, 5, 5.5])
    assert years.unemployment == pytest.approx([3, 4, 4.5, 4.75])


def test_the_structural_model_finds_the_law_and_the_reduced_form_the_slope():
    years = Economy().run([2.0] * 3000, np.random.default_rng(1))
    structural, reduced = Structural().fit(years), ReducedForm().fit(years)
    assert structural.weights == pytest.approx([5, -0.5], abs=0.02)
    assert reduced.weights == pytest.approx([6, -0.5, 0], abs=0.05)
    assert structural.promise(2.0) == pytest.approx(structural.promise(8.0))
    assert reduced.promise(8.0) < reduced.promise(2.0) - 2


def test_policy_by_the_structural_model_aims_at_no_inflation():
    years = Economy().run([2.0] * 3000, np.random.default_rng(2))
    assert best_target(Structural().fit(years)) == 0.0
    assert best_target(ReducedForm().fit(years)) > 2.0


def test_a_model_that_was_not_fitted_says_so():
    with pytest.raises(RuntimeError, match="fit"):
        ReducedForm().predict(Years(*np.zeros((3, 4))))
    with pytest.raises(ValueError, match="kappa"):
        Economy(kappa=0)


# --- engines


def test_the_other_pendulum_is_the_engines_but_for_gravity():
    state, act = np.array([[0.5, 1.0], [np.pi, 0.0]]), np.array([[1.0], [0.0]])
    same = engines.HeavyPendulum(1.0).step(state, act)[0]
    assert same == pytest.approx(Pendulum().step(state, act)[0])
    heavy = engines.HeavyPendulum(1.3).step(state, act)[0]
    assert heavy[0, 1] - same[0, 1] == pytest.approx(0.3 * 15 * np.sin(0.5) * 0.05)
    assert heavy[1] == pytest.approx(same[1])  # straight down gravity turns nothing


# --- Forward-Forward


def blobs(n, seed):
    generator = torch.Generator().manual_seed(seed)
    y = torch.randint(3, (n,), generator=generator)
    centres = torch.tensor([[1.0, 0, 0, 0], [0, 1.0, 0, 0], [0, 0, 1.0, 0]])
    return centres[y] + 0.1 * torch.randn(n, 4, generator=generator), y


def test_forward_forward_learns_and_untrained_it_does_not_know():
    x, y = blobs(300, 0)
    test, label = blobs(200, 1)
    naive = ForwardForward(4, classes=3, hidden=(32, 32), seed=0)
    assert (naive.predict(test) == label).float().mean() < 0.8
    naive.fit(x, y, epochs=15)
    assert (naive.predict(test) == label).float().mean() > 0.95


def test_no_gradient_passes_from_one_layer_to_another():
    x, y = blobs(50, 0)
    model = ForwardForward(4, classes=3, hidden=(8, 8), seed=0)
    h = model.write(x, y)
    first = model.activity(model.layers[0], h.detach())
    second = model.activity(model.layers[1], first.detach())
    second.pow(2).mean().backward()
    assert model.layers[0].weight.grad is None and model.layers[1].weight.grad is not None


def test_a_layer_cannot_read_how_happy_the_one_below_was():
    model = ForwardForward(4, classes=3, hidden=(8, 8), seed=0)
    h = torch.rand(5, 8)
    once, twice = (model.activity(model.layers[1], k * h) for k in (1.0, 2.0))
    assert torch.allclose(once, twice, atol=1e-3)


# --- pictures


def test_patches_show_how_much_and_what_is_negative():
    from wmlib.course.ch12_minds import figures as minds
    from wmlib.figures import GREEN

    picture = minds.patch(np.array([1.0, 0.0, -1.0, 0.5]), GREEN, width=80)
    pixels = np.asarray(picture)
    green = np.abs(pixels[..., :3].astype(int) - (0, 0x9E, 0x73)).max(-1) <= 2  # rounding
    assert picture.width == 80 and green[:40, :40].any() and not green[:40, 45:].any()
    assert green[45:, 45:].any() and not green[45:, :35].any()  # below: negative, then a half
    assert minds.wall_of(np.ones((13, 4)), columns=5, width=20).size == (100, 3 * 20)


def test_a_reach_says_when_the_robot_is_on():
    from wmlib.course.ch12_minds import figures as minds

    path = Reacher(noise=0.0).reach(Hand(), 0.0).path
    off, on = minds.reach(path, 0.0), minds.reach(path, 0.0, pushed=True)
    purple = lambda image: (np.asarray(image)[..., :3] == (0xAA, 0x44, 0x99)).all(-1).sum()  # noqa: E731
    assert purple(off) == 0 < purple(on)


def test_the_tracking_error_leaves_out_the_beginning():
    rest = np.zeros((2, 4))
    agent = Late(tracking.pd_law(tracking.sine, rest, 30, 6), 0)
    path, off = tracking.follow(agent, Arm(), tracking.sine, rest, 0, 90)
    wanted = np.array([tracking.sine(t, rest)[0][0, 0] for t in range(1, 91)])
    assert path.shape == (90, 2) and off.shape == (2,)
    assert off[0] == pytest.approx(np.sqrt(((path[:, 0] - wanted)[30:] ** 2).mean()))


def test_every_row_has_its_own_gains_and_its_own_target():
    phase = tracking.phases(3, 2)
    gains = np.array([[0.0], [30.0]])
    agent = Late(tracking.pd_law(tracking.wander, phase, gains, gains / 5), 0)
    _, off = tracking.follow(agent, Arm(), tracking.wander, phase, 0, 300)
    assert off[0] > 0.05 > off[1]
    x, v = tracking.wander(7, phase)
    after = tracking.wander(8, phase)[0]
    assert (after - x) / Arm.SECONDS == pytest.approx(v, abs=0.1)


# --- hands


def test_the_field_of_1994_is_symmetric_and_the_curl_field_is_not():
    assert (Hand.FIELD_1994 == Hand.FIELD_1994.T).all()
    assert np.linalg.eigvalsh(Hand.FIELD_1994).min() < 0 < np.linalg.eigvalsh(Hand.FIELD_1994).max()
    assert (Hand.CURL == -Hand.CURL.T).all()


def test_a_reach_that_learns_nothing_goes_where_the_robot_pushes():
    for angle in np.arange(8) * np.pi / 4:
        went = Reacher(rate=0, noise=0.0).reach(Hand(Hand.FIELD_1994), angle)
        assert np.sign(went.aside) == pushed_to(Hand.FIELD_1994, angle)


def test_by_heart_it_knows_what_it_practised_and_nothing_else():
    hand, world = Rote(noise=0.0), Hand(Hand.FIELD_1994)
    first = abs(hand.reach(world, 0.0).aside)
    for _ in range(15):
        hand.reach(world, 0.0)
    assert abs(hand.reach(world, 0.0, learn=False).aside) < 0.05 * first
    new, never = (h.reach(world, np.pi / 4, learn=False).aside for h in (hand, Rote(noise=0.0)))
    assert new == never


# --- a stick


def test_a_stick_that_fell_stays_on_the_floor_and_a_standing_one_falls():
    stick, lying = Stick(), np.array([[0.5, 2.0], [-0.5, 0.0]])
    after = stick.step(lying, np.full((2, 1), -50.0))[0]
    assert after.tolist() == [[0.5, 0.0], [-0.5, 0.0]]
    state = np.array([[0.01, 0.0]])
    for _ in range(150):
        state = stick.step(state, np.zeros((1, 1)))[0]
    assert state.tolist() == [[0.5, 0.0]]


def test_what_remembers_its_commands_can_be_the_forecast_exactly():
    weights = tracking.arm_model(0, world=Stick(), longest=30).weight[:, :2].double().numpy()
    A, B = np.eye(2) + weights[:2].T, weights[2]  # x' = A x + B u
    gains, delay = np.array([80.0, 7.0]), 5
    powers = [np.linalg.matrix_power(A, k) for k in range(delay + 1)]
    row = np.r_[gains @ powers[delay], [-gains @ powers[delay - 1 - k] @ B for k in range(delay)]]
    memory = tracking.Remembers((row / np.r_[30, 10, np.full(delay, 0.3)])[None], delay)
    model = tracking.arm_model(0, world=Stick(), longest=30)
    rest = np.zeros((1, 4))
    forecast = Late(tracking.pd_law(tracking.upright, rest, *gains), delay, model)
    paths = [
        tracking.follow(agent, Stick(), tracking.upright, rest, 1, 200)[0]
        for agent in (memory, forecast)
    ]
    assert paths[0] == pytest.approx(paths[1], abs=0.01)


# --- engines and history


def test_gravity_is_found_from_real_steps():
    assert engines.fitted_engine(0, engines.HeavyPendulum(1.3)).world.weight == pytest.approx(1.3)
    assert engines.fitted_engine(1, Pendulum()).world.weight == pytest.approx(1)


def test_the_statistics_are_those_that_one_may_look_up():
    q = history.quarters()
    assert (q.time[0], q.time[-1], len(q.time)) == (1960.0, 2009.5, 199)
    at = lambda name, time: getattr(q, name)[np.flatnonzero(q.time == time)[0]]
    assert at("unemployment", 1982.75) == pytest.approx(10.7)  # the peak of the Volcker recession
    assert 13 < at("inflation", 1980.0) < 15 and q.rate.max() > 15


def test_nothing_of_the_future_is_used_to_forecast():
    q = history.quarters()
    later = q.time >= 1979.75
    changed = q._replace(inflation=np.where(later, q.inflation + 100, q.inflation))
    for way in (lambda q: history.with_rate(q), lambda q: history.with_rate(q, rate=False)):
        assert way(changed)["inside"] == pytest.approx(way(q)["inside"])
    first = history.with_rate(q)["refit"][0]  # said in October 1979, of a year later
    a_year_later = q._replace(inflation=np.where(q.time > 1979.75, 0.0, q.inflation))
    truth = q.inflation[np.flatnonzero(q.time == 1980.75)[0]]
    assert history.with_rate(a_year_later)["refit"][0] == pytest.approx(first - truth)


def test_the_interval_of_a_ratio_holds_the_ratio_and_is_one_for_equals():
    rng = np.random.default_rng(0)
    ours, theirs = 2 * rng.normal(size=40), rng.normal(size=40)
    low, high = history.ratio_interval(ours, theirs, rng)
    assert low < np.sqrt((ours**2).mean() / (theirs**2).mean()) < high
    assert history.ratio_interval(ours, ours, rng) == [1.0, 1.0]
