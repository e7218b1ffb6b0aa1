"""Worlds that are seen as pictures: their rules, what a frame shows, and what it hides."""

import numpy as np
import pytest
import torch
from gymnasium.utils.env_checker import check_env
from hypothesis import given, settings
from hypothesis import strategies as st

from wmlib.course.ch06_world_models.dodge import Dodge, evade
from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.course.ch13_open_problems.hidden_ball import HiddenBall
from wmlib.evaluation import evaluate
from wmlib.experience import Transitions, collect
from wmlib.figures import scenes
from wmlib.models.simulator import Simulator
from wmlib.planning import RandomShooting
from wmlib.worlds import CartPole, Catch, GymEnv, MiniRacing, Watched
from wmlib.worlds.catch import ball_in, bar_in, follow
from wmlib.worlds.racing import steer

WORLDS = [PixelCartPole(), Catch(), Dodge(), MiniRacing(), HiddenBall(turn=0.5)]
each_world = pytest.mark.parametrize("world", WORLDS, ids=lambda w: type(w).__name__)


def walk(world, n, steps, seed, agent=None):
    """States after some random (or scripted) steps, and all rewards: nothing is begun anew."""
    rng = np.random.default_rng(seed)
    state, rewards = world.initial(n, rng), []
    for _ in range(steps):
        act = agent(state) if agent else rng.integers(0, world.act_space.n, n)
        state, rew, _ = world.step(state, act, rng)
        rewards.append(rew)
    return state, np.array(rewards)


def first_episodes(world, n, agent=None, seed=0):
    """Return of the first episode of each of n, with an agent that sees the true state."""
    rng = np.random.default_rng(seed)
    state, returns, alive = world.initial(n, rng), np.zeros(n), np.ones(n, bool)
    for _ in range(world.max_steps):
        act = agent(state) if agent else rng.integers(0, world.act_space.n, n)
        state, rew, terminated = world.step(state, act, rng)
        returns += rew * alive
        alive &= ~terminated
    return returns


# --- what holds in all of them -------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore")
@each_world
def test_it_is_a_proper_gymnasium_environment(world):
    check_env(GymEnv(world), skip_render_check=True)


@each_world
@settings(max_examples=15, deadline=None)
@given(n=st.integers(1, 7), steps=st.integers(0, 40), seed=st.integers(0, 99))
def test_a_picture_is_32_by_32_bytes_with_something_in_it(world, n, steps, seed):
    state, _ = walk(world, n, steps, seed)
    obs = world.obs(state)
    assert obs.shape == (n, 1, 32, 32) and obs.dtype == np.uint8
    assert obs.max(axis=(1, 2, 3)).min() >= 85
    assert world.obs_space.contains(obs[0])


@each_world
def test_a_batch_is_drawn_and_stepped_like_its_states_one_by_one(world):
    state, _ = walk(world, 20, 15, seed=1)
    act = np.arange(20) % world.act_space.n
    alone = [world.step(state[i : i + 1], act[i : i + 1])[0] for i in range(20)]
    together, _, _ = world.step(state, act)
    np.testing.assert_array_equal(np.concatenate(alone), together)
    drawn = np.concatenate([world.obs(state[i : i + 1]) for i in range(20)]).astype(int)
    assert np.abs(drawn - world.obs(state)).max() <= 1


@each_world
def test_stepping_leaves_the_given_state_alone(world):
    state, _ = walk(world, 5, 24, seed=2)
    before = state.copy()
    world.step(state, np.zeros(5, int), np.random.default_rng(0))
    np.testing.assert_array_equal(state, before)


@each_world
def test_the_same_seed_gives_the_same_experience(world):
    once, again, other = (collect(world, steps=150, seed=s) for s in (4, 4, 5))
    np.testing.assert_array_equal(once.next_obs, again.next_obs)
    np.testing.assert_array_equal(once.rew, again.rew)
    assert (once.next_obs != other.next_obs).any()


@each_world
def test_experience_of_pictures_stays_bytes(world, tmp_path):
    data = collect(world, steps=60, seed=0)
    assert data.obs.dtype == data.next_obs.dtype == np.uint8
    data.save(tmp_path / "frames.npz")
    assert Transitions.load(tmp_path / "frames.npz").obs.dtype == np.uint8
    same = data.episode[1:] == data.episode[:-1]
    np.testing.assert_array_equal(data.next_obs[:-1][same], data.obs[1:][same])


@each_world
def test_no_picture_gives_away_its_state(world):
    with pytest.raises(TypeError, match="from_states"):
        Simulator(world).start(world.obs(world.initial(2, np.random.default_rng(0))))


@pytest.mark.parametrize("world", [Catch(), Dodge()], ids=lambda w: type(w).__name__)
def test_actions_that_do_not_exist_are_refused(world):
    state = world.initial(2, np.random.default_rng(0))
    with pytest.raises(ValueError, match="from 0 to 2"):
        world.step(state, np.array([0, 3]))
    with pytest.raises(ValueError, match="integer actions of shape"):
        world.step(state, np.array([0.0, 1.0]))
    with pytest.raises(ValueError, match="integer actions of shape"):
        world.step(state, np.array([1]))


# --- CartPole ------------------------------------------------------------------------------------


def test_pixel_cartpole_is_cartpole_step_by_step():
    seen, plain = PixelCartPole(), CartPole()
    rng = np.random.default_rng(0)
    state = plain.initial(50, rng)
    for _ in range(60):
        act = rng.integers(0, 2, 50)
        for mine, theirs in zip(seen.step(state, act), plain.step(state, act)):
            np.testing.assert_array_equal(mine, theirs)
        state = plain.step(state, act)[0]


@settings(max_examples=30, deadline=None)
@given(x=st.floats(-2.4, 2.4), angle=st.floats(-0.2, 0.2), seed=st.integers(0, 999))
def test_one_frame_hides_the_velocities(x, angle, seed):
    speeds = np.random.default_rng(seed).normal(0, 2, (8, 2))
    state = np.stack([np.full(8, x), speeds[:, 0], np.full(8, angle), speeds[:, 1]], axis=1)
    frames = PixelCartPole().obs(state)
    assert (frames == frames[0]).all()
    np.testing.assert_array_equal(PixelCartPole.velocities(state), speeds)


def test_a_frame_shows_a_degree_and_a_centimetre():
    state = np.array([[0, 0, 0, 0], [0, 0, np.pi / 180, 0], [0.01, 0, 0, 0]])
    frames = PixelCartPole().obs(state).astype(int)
    assert np.abs(frames[1] - frames[0]).max() > 30
    assert np.abs(frames[2] - frames[0]).max() > 5


def test_a_pole_that_hangs_is_drawn_too():
    frame = PixelCartPole().obs(np.array([[0.0, 0, np.pi / PixelCartPole.LEAN, 0]]))[0, 0]
    assert frame[29:, 15:17].min() > 200 and frame[:24].max() == 0


def test_random_actions_balance_about_22_steps():
    assert 20 < evaluate(PixelCartPole(), None, 300, seed=0).returns.mean() < 25


# --- Catch ---------------------------------------------------------------------------------------


def test_an_episode_of_catch_is_five_balls_of_25_steps():
    episodes = evaluate(Catch(), None, 40, seed=0)
    assert (episodes.lengths == 125).all() and episodes.terminated.all()
    _, rewards = walk(Catch(), 10, 125, seed=0)
    assert (rewards[24::25] != 0).all() and (np.abs(rewards).sum(0) == 5).all()


def test_following_the_ball_catches_all_and_chance_a_quarter():
    caught = [(first_episodes(Catch(), 300, agent).mean() / 5 + 1) / 2 for agent in (follow, None)]
    assert caught[0] == 1.0
    assert 0.2 < caught[1] < 0.3


def test_a_planner_that_knows_the_true_world_catches_every_ball():
    world = Catch()
    model, planner = Simulator(world), RandomShooting(horizon=25, candidates=400)
    rng, chance = np.random.default_rng(0), torch.Generator().manual_seed(0)
    state, total = world.initial(6, rng), 0
    plan = planner.plan(model, model.from_states(state), chance)
    for t in range(25):
        state, rew, _ = world.step(state, plan.actions[:, t].numpy(), rng)
        total += rew.sum()
    assert total == 6


def test_the_ball_is_found_in_its_picture_to_a_tenth_of_a_pixel():
    rng, world = np.random.default_rng(0), Catch()
    state, found, alone = world.initial(64, rng), 0, 0
    for _ in range(60):
        frames = world.obs(state)
        where, whole = ball_in(frames[:, 0])
        assert np.abs(where - state[:, 1:3])[whole].max(initial=0) < 0.1
        bar, clear = bar_in(frames[:, 0] / 255)
        assert np.abs(bar - state[:, 0])[clear].max(initial=0) < 0.1
        found, alone = found + whole.mean() / 60, alone + clear.mean() / 60
        state = world.step(state, rng.integers(0, 3, 64), rng)[0]
    assert found > 0.8 and alone > 0.8


def test_no_ball_is_found_in_an_empty_picture():
    where, whole = ball_in(np.zeros((2, 5, 32, 32), np.uint8))
    assert where.shape == (2, 5, 2) and not whole.any()
    with pytest.raises(ValueError, match="wanted pictures"):
        ball_in(np.zeros((32, 16)))


# --- Dodge ---------------------------------------------------------------------------------------


def test_seeing_the_balls_lets_you_live_eight_times_as_long_as_chance():
    scripted, still, chance = (
        first_episodes(Dodge(), 200, agent).mean()
        for agent in (evade, lambda state: np.ones(len(state), int), None)
    )
    assert scripted > 390  # of 500
    assert 28 < still < 35 and 44 < chance < 60


def test_a_ball_hits_whom_it_touches():
    world = Dodge()
    state = np.zeros((3, 11))
    state[:, 0] = 10
    world.balls(state)[:, 0] = [1, 10, 27, 0, 1]
    world.balls(state)[1, 0, 1] = 13.0  # passes beside the figure
    world.balls(state)[2, 0, 0] = 0  # is not in the air at all
    assert world.step(state, np.ones(3, int))[2].tolist() == [True, False, False]


def test_balls_are_thrown_at_the_stated_rate_and_mostly_aimed():
    world = Dodge(balls=1, rate=0.3, aim=1.0)
    state = world.initial(4000, np.random.default_rng(0))
    state, _, _ = world.step(state, np.ones(4000, int), np.random.default_rng(1))
    ball = world.balls(state)[:, 0]
    thrown = ball[:, 0] == 1
    assert 0.27 < thrown.mean() < 0.33
    lands = ball[:, 1] + ball[:, 3] * 28 / np.where(thrown, ball[:, 4], 1)
    np.testing.assert_allclose(lands[thrown], state[thrown, 0], atol=1e-9)


def test_dodge_refuses_what_is_no_probability():
    with pytest.raises(ValueError, match="between 0 and 1"):
        Dodge(rate=1.5)


# --- MiniRacing ----------------------------------------------------------------------------------


def test_the_scripted_driver_stays_on_every_road_and_chance_on_none():
    driver, chance = (first_episodes(MiniRacing(), 200, agent) for agent in (steer, None))
    assert (driver > 70).all() and 90 < driver.mean() < 110  # about one lap
    assert 5 < chance.mean() < 11


def test_a_lap_pays_100_and_the_wrong_way_round_costs_it():
    world, n = MiniRacing(), 720
    bends = np.tile(world._bends(world.initial(1, np.random.default_rng(4))), (n, 1))
    around = world.on_track(bends, 2 * np.pi * np.arange(n) / n)
    place = around[:, 0] + 1j * around[:, 1]
    pieces = 100 / (2 * np.pi) * np.angle(np.roll(place, -1) / place)
    assert pieces.sum() == pytest.approx(100)
    forward = world.step(around, np.ones(n, int))[1]
    around[:, 2] += np.pi
    assert forward.min() > 0 > world.step(around, np.ones(n, int))[1].max()
    assert np.abs(world.beside(around)).max() < 1e-9


def test_every_episode_has_a_track_of_its_own():
    state = MiniRacing().initial(100, np.random.default_rng(0))
    assert len(np.unique(state[:, 3:], axis=0)) == 100
    assert np.abs(MiniRacing().beside(state)).max() < 1e-9


def test_turning_right_moves_the_road_ahead_to_the_left():
    world = MiniRacing()
    state = world.initial(200, np.random.default_rng(0))
    left, straight, right = (
        world.obs(world.step(state, np.full(200, act))[0])[:, 0, :10].astype(float)
        for act in range(3)
    )
    middle = [((f - f.min()) * np.arange(32)).sum((1, 2)).mean() for f in (left, straight, right)]
    assert middle[0] > middle[1] > middle[2]


def test_the_distance_to_the_middle_is_the_true_one():
    world, rng = MiniRacing(), np.random.default_rng(0)
    state = world.initial(300, rng)
    offset = rng.uniform(-6, 6, 300)
    state[:, 0] += offset * np.sin(state[:, 2])  # to the left of the car when offset is positive
    state[:, 1] -= offset * np.cos(state[:, 2])
    error = np.abs(world.beside(state) - offset)
    assert np.median(error) < 0.02 and np.quantile(error, 0.9) < 0.3


def test_a_car_beside_the_road_is_out_of_the_race():
    world = MiniRacing()
    state = world.on_track(np.zeros((2, 3), complex), np.zeros(2))  # a plain circle
    state[:, 0] += [5.0, 7.0]
    assert world.step(state, np.ones(2, int))[2].tolist() == [False, True]


# --- the hidden ball -----------------------------------------------------------------------------


def test_behind_the_wall_the_ball_cannot_be_seen_and_elsewhere_it_can():
    world = HiddenBall()
    for steps in range(0, 60, 6):
        state, _ = walk(world, 200, steps, seed=0)
        beside = np.delete(world.obs(state)[:, 0], np.s_[11:21], axis=2).max((1, 2))
        hidden = world.hidden(state)
        assert beside[hidden].max() == 0
        assert (beside[~hidden] > 0).mean() > 0.99
        assert 0.1 < hidden.mean() < 0.35


def test_a_ball_that_never_turns_comes_out_on_the_other_side():
    assert _same_side(HiddenBall(turn=0.0)) == 0.0
    assert 0.45 < _same_side(HiddenBall(turn=0.5)) < 0.55


def _same_side(world):
    """Share of balls that come out of the wall where they went in."""
    rng, still = np.random.default_rng(0), np.zeros(800, int)
    state, entered, same = world.initial(800, rng), np.full(800, np.nan), []
    for _ in range(120):
        nxt, _, _ = world.step(state, still, rng)
        was, now = world.hidden(state), world.hidden(nxt)
        entered = np.where(now & ~was, state[:, 0] < 16, entered)
        out = was & ~now & ~np.isnan(entered)
        same.extend(entered[out] == (nxt[out, 0] < 16))
        state = nxt
    assert len(same) > 500
    return np.mean(same)


def test_the_ball_keeps_its_speed_and_its_room():
    state, _ = walk(HiddenBall(), 100, 200, seed=3)
    np.testing.assert_allclose(np.hypot(state[:, 2], state[:, 3]), 1.2)
    assert state[:, :2].min() >= 2 and state[:, :2].max() <= 29


def test_a_wall_outside_the_room_is_refused():
    with pytest.raises(ValueError, match="columns"):
        HiddenBall(wall=(20, 40))
    with pytest.raises(ValueError, match="probability"):
        HiddenBall(turn=2)


# --- looking behind the pictures -----------------------------------------------------------------


def test_watched_writes_down_the_states_behind_the_rows():
    world = Watched(PixelCartPole())
    data = collect(world, steps=120, seed=0)
    assert world.states.shape == (120, 4)
    np.testing.assert_array_equal(world.world.obs(world.states), data.obs)
    np.testing.assert_array_equal(world.world.obs(world.next_states), data.next_obs)
    with pytest.raises(ValueError, match="nobody has acted"):
        Watched(Catch()).states


def test_pictures_are_framed_in_the_colours_of_reality_and_imagination():
    frame = Catch().obs(Catch().initial(1, np.random.default_rng(0)))[0]
    real, dream = (
        np.asarray(scenes.pixels(frame, role, "now"), int) for role in ("real", "imagined")
    )
    assert real.shape == dream.shape
    edge = real[:, :3].reshape(-1, 4), dream[:, :3].reshape(-1, 4)
    blue, orange = (e[e[:, 3] > 60].mean(0) for e in edge)
    assert blue[2] > blue[0] and orange[0] > orange[2]


def test_floats_and_bytes_are_the_same_picture():
    frame = Catch().obs(Catch().initial(1, np.random.default_rng(0)))[0]
    as_bytes, as_floats = scenes.pixels(frame), scenes.pixels(frame[0] / 255)
    assert as_bytes.tobytes() == as_floats.tobytes()
    assert scenes.strip([frame] * 5, label="five").width <= 640


@pytest.mark.parametrize(
    "bad", [np.zeros((2, 1, 32, 32)), np.full((32, 32), np.nan), np.full((32, 32), 255.0)]
)
def test_what_is_no_picture_is_refused(bad):
    with pytest.raises(ValueError, match="picture|brightness"):
        scenes.pixels(bad)
