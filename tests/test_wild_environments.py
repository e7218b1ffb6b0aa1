"""What people ran into elsewhere: what the environment says is kept, and a copy is not taken for the
state. See CONTRIBUTING for the kinds."""

import threading

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.wrappers import RescaleAction, TimeLimit, TransformObservation, TransformReward

from wmlib.acting import play
from wmlib.course.ch04_shooting.dqn import DQN
from wmlib.evaluation import evaluate
from wmlib.experience import Transitions, collect
from wmlib.models import Simulator
from wmlib.streams import Streams
from wmlib.worlds import FromGym

Box, Discrete = gym.spaces.Box, gym.spaces.Discrete


class Env(gym.Env):
    """Counts its steps."""

    observation_space, action_space = Box(-99, 99, (1,)), Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.x = 0
        return np.zeros(1, np.float32), {}

    def step(self, action):
        self.x += 1
        return np.array([self.x], np.float32), 1.0, False, False, {}


# --- what the environment says is kept ------------------------------------------------------------


def wrapped():
    env = RescaleAction(gym.make("Pendulum-v1"), np.float32(-1), np.float32(1))
    env = TransformReward(env, lambda r: r / 100)
    return TransformObservation(env, lambda o: np.float32(o / [1, 1, 8]), Box(-1, 1, (3,)))


def test_wrappers_stay_on():
    world, data = FromGym(wrapped()), collect(wrapped(), steps=200, seed=0)
    assert world.act_space == Box(-1, 1, (1,)) and world.obs_space == Box(-1, 1, (3,))
    assert data.rew.min() > -0.17 and abs(data.obs).max() <= 1 and abs(data.act).max() <= 1
    assert abs(data.act).max() > 0.9  # and the actions use all of the rescaled range


class SelfTruncating(Env):
    """Ends by itself after five steps, and must not be stepped on."""

    def step(self, action):
        assert self.x < 5, "stepped after the end"
        obs, rew, terminated, _, info = super().step(action)
        return obs, rew, terminated, self.x >= 5, info


def test_an_environment_that_truncates_itself_is_begun_anew():
    data = collect(SelfTruncating(), steps=40, max_steps=20)
    assert data.episode.max() + 1 == 8 == data.truncated.sum()
    assert not data.terminated.any() and data.next_obs.max() == 5
    assert evaluate(SelfTruncating(), episodes=2).returns.tolist() == [5, 5]
    streams = Streams(SelfTruncating(), copies=1).play(10)
    assert streams.returns == [5.0, 5.0] and streams.all(12).cont.all()  # cut, not ended
    assert DQN(SelfTruncating(), warm_up=10).learn(20).replay["terminated"].sum() == 0


class Named(Env):
    max_episode_steps = 30


def doubled(env):
    return TransformReward(env, lambda rew: 2 * rew)


@pytest.mark.parametrize(
    "env, limit",
    [
        (lambda: TimeLimit(Env(), 50), 50),
        (lambda: gym.make("CartPole-v1", max_episode_steps=9), 9),
        (lambda: TimeLimit(gym.make("CartPole-v1"), 3), 3),
        (lambda: doubled(TimeLimit(Env(), 50)), 50),
        (lambda: doubled(doubled(gym.make("CartPole-v1", max_episode_steps=9))), 9),
        (Named, 30),
        (lambda: doubled(Named()), 30),
        (Env, None),
        (lambda: "CartPole-v1", 500),
    ],
)
def test_the_limit_is_found_where_it_stands(env, limit):
    assert FromGym(env()).max_steps == limit


def test_a_limit_may_be_given_everywhere_and_need_not():
    assert len(collect(Env(), steps=10)) == 10
    assert collect(Env(), steps=10, max_steps=4).truncated.sum() == 2
    assert evaluate(Env(), episodes=2, max_steps=7).lengths.tolist() == [7, 7]
    assert Streams(Env(), copies=1, max_steps=3).play(6).returns == [3.0, 3.0]
    assert evaluate(TimeLimit(Env(), 5), episodes=2, max_steps=7).lengths.tolist() == [5, 5]
    with pytest.raises(ValueError, match="max_steps=0"):
        FromGym(Env(), max_steps=0)


def test_an_episode_without_any_end_is_given_up_in_words(monkeypatch):
    monkeypatch.setattr("wmlib.evaluation.ENDLESS", 50)
    with pytest.raises(RuntimeError, match="pass max_steps"):
        evaluate(Env(), episodes=1)


class Telling(Env):
    """Success is told beside, as numbers and as words."""

    def step(self, action):
        self.x += 2 * int(action) - 1
        info = {"is_success": self.x >= 3, "where": "here", "far": self.x}
        return np.array([self.x], np.float32), 0.0, abs(self.x) >= 3, False, info


def test_info_is_kept(tmp_path):
    episodes = evaluate(Telling(), episodes=50)
    assert 0 < episodes.info["is_success"].mean() < 1 and set(episodes.info) == {
        "is_success",
        "far",
    }
    data = collect(Telling(), steps=200)
    assert data.info["far"].tolist() == data.next_obs[:, 0].tolist()
    assert data[3:5].info["far"].tolist() == data.next_obs[3:5, 0].tolist()
    both = data + collect(Env(), steps=3)
    assert len(both.info["far"]) == 203 and np.isnan(both.info["far"][-3:]).all()
    data.save(tmp_path / "d")
    assert Transitions.load(tmp_path / "d.npz").info["far"].tolist() == data.info["far"].tolist()
    (step,) = [next(play(Telling()))]
    assert step.info[0]["where"] == "here"


# --- a copy is not taken for the state ------------------------------------------------------------


class OwnChance(Env):
    """Draws from a generator of its own that no seed reaches, as many home-made ones do."""

    def __init__(self):
        self.rng = np.random.default_rng()

    def reset(self, *, seed=None, options=None):
        self.x = self.rng.normal(size=1).astype(np.float32)
        return self.x, {}

    def step(self, action):
        self.x = self.x + self.rng.normal(size=1).astype(np.float32)
        return self.x, float(self.x[0]), False, False, {}


SIMULATORS = {}  # like a physics server: an environment holds only a number


class Handle(Env):
    def __init__(self):
        self.client = len(SIMULATORS)
        SIMULATORS[self.client] = 0

    def reset(self, *, seed=None, options=None):
        SIMULATORS[self.client] = 0
        return np.zeros(1, np.float32), {}

    def step(self, action):
        SIMULATORS[self.client] += 1
        x = SIMULATORS[self.client]
        return np.array([x], np.float32), 1.0, x >= 5, False, {}


class GlobalChance(Env):
    def step(self, action):
        return np.random.normal(size=1).astype(np.float32), 0.0, False, False, {}


class LateChance(Env):
    """Chance decides from the third step on."""

    def step(self, action):
        obs, *rest = super().step(action)
        return np.float32(obs + (self.x > 2) * np.random.normal()), *rest


class Locked(Env):
    """What cannot be copied comes with the first reset."""

    def reset(self, *, seed=None, options=None):
        self.lock = threading.Lock()
        return super().reset(seed=seed)


def test_episodes_of_an_environment_with_chance_of_its_own_differ():
    data = collect(OwnChance(), steps=25, max_steps=5)
    assert len(set(data.obs[::5, 0])) == 5
    assert len(set(evaluate(OwnChance(), episodes=20, max_steps=5).returns)) == 20


def test_an_environment_behind_a_handle_and_one_that_cannot_be_copied_can_be_acted_in():
    assert collect(Handle(), steps=10).next_obs[:, 0].tolist() == [1, 2, 3, 4, 5] * 2
    assert evaluate(Handle(), episodes=4).lengths.tolist() == [5] * 4
    assert len(collect(Locked(), steps=10)) == 10
    assert len(collect(gym.make("CartPole-v1", render_mode="rgb_array"), steps=10)) == 10


@pytest.mark.parametrize(
    "env, what",
    [
        (OwnChance, "reset\\(seed=...\\) does not reach it"),
        (Handle, "stepped twice, went two ways"),
        (GlobalChance, "stepped twice, went two ways"),
        (LateChance, "stepped twice, went two ways"),
        (Locked, "cannot be copied"),
    ],
)
def test_where_a_copy_is_not_the_state_looking_ahead_is_refused_with_what_to_do(env, what):
    with pytest.raises(TypeError, match=what) as error:
        FromGym(env(), max_steps=5).initial(1, np.random.default_rng(0))
    assert "write a World for it" in str(error.value)
    with pytest.raises(TypeError, match=what):
        Simulator(FromGym(env(), max_steps=5))
    with pytest.raises(TypeError, match="give a function that makes one"):
        Streams(env(), copies=2)
    assert Streams(env, copies=2, max_steps=3).play(8).steps == 8  # a class makes as many as wanted


@pytest.mark.parametrize("terminated", [True, False])
def test_who_looks_whether_a_copy_is_the_state_steps_nothing_on_after_its_end(terminated):
    class Short(Env):
        def step(self, action):
            assert self.x == 0, "stepped after the end"
            obs, rew, *_ = super().step(action)
            return obs, rew, terminated, not terminated, {}

    assert len(FromGym(Short()).initial(2, np.random.default_rng(0))) == 2


def test_an_environment_without_chance_may_begin_every_episode_alike():
    world = FromGym(SelfTruncating())
    state = world.initial(2, np.random.default_rng(0))
    for _ in range(5):
        state, rew, terminated = world.step(state, np.array([0, 1]))
    assert world.obs(state).ravel().tolist() == [5, 5] and not terminated.any()
    again, rew, _ = world.step(state, np.array([0, 1]))  # cut by its own clock: nothing comes after
    assert world.obs(again).ravel().tolist() == [5, 5] and rew.tolist() == [0, 0]


# --- the old interface ----------------------------------------------------------------------------


class Old(Env):
    def reset(self):
        return np.zeros(1, np.float32)


class HalfOld(Env):
    observation_space = Box(-9, 9, (2,))

    def reset(self, *, seed=None, options=None):
        return np.array([0.5, 0.7], np.float32)  # two numbers unpack into (obs, info)


class OldStep(Env):
    def step(self, action):
        return np.zeros(1, np.float32), 1.0, False, {}


class Misshapen(Env):
    observation_space = Box(-9, 9, (3,))


class Nothing:
    def reset(self):
        return 0

    def step(self, action):
        return 0


@pytest.mark.parametrize(
    "env, what",
    [
        (Old, "reset\\(\\) takes no seed"),
        (HalfOld, "reset\\(\\) must return \\(observation, info\\)"),
        (OldStep, "step\\(\\) must return"),
        (Misshapen, "where its observation_space is"),
        (Nothing, "gymnasium.Env must be its base class"),
    ],
)
def test_an_environment_of_the_old_interface_is_told_apart(env, what):
    with pytest.raises(TypeError, match=what):
        collect(env(), steps=5)
