"""What people ran into elsewhere: columns of the wrong kind, and rewards that are no numbers."""

from dataclasses import replace

import gymnasium as gym
import numpy as np
import pytest

from wmlib.course.ch04_shooting.dqn import DQN
from wmlib.evaluation import evaluate
from wmlib.experience import Transitions, collect
from wmlib.models import NeuralDynamics, TableModel
from wmlib.streams import Streams
from wmlib.worlds import CartPole

S = gym.spaces


@pytest.fixture(scope="module")
def data():
    return collect(CartPole(), steps=300, seed=0)


def test_a_superfluous_axis_of_rewards_is_taken_off(data):
    tall = replace(
        data, rew=data.rew[:, None], terminated=data.terminated[:, None], act=data.act[:, None]
    )
    assert tall.rew.shape == tall.terminated.shape == tall.act.shape == (300,)
    assert tall.returns().tolist() == data.returns().tolist()


def test_one_number_for_all_episodes_is_refused_where_order_counts(data):
    one = replace(data, episode=np.zeros(300, int))
    with pytest.raises(ValueError, match="episode 0 goes on after its end in row 15"):
        one.windows(5)
    assert len(one.windows(1)) == 300  # single steps may come from anywhere


def test_shuffled_rows_are_no_stretches(data):
    mixed = data[np.random.default_rng(0).permutation(300)]
    with pytest.raises(ValueError, match="do not follow each other|goes on after its end"):
        mixed.windows(2)


def test_next_observations_that_are_the_column_moved_up_are_refused(data):
    with pytest.raises(ValueError, match="obs moved up by a row"):
        replace(data, next_obs=np.roll(data.obs, -1, 0))


def test_episode_numbers_may_be_any(data):
    far = replace(data, episode=data.episode + 10**9)
    assert far.returns().tolist() == data.returns().tolist()
    assert len(far.windows(3)) == len(data.windows(3))


@pytest.mark.parametrize(
    "wrong, what",
    [
        ({"rew": np.ones((300, 2))}, "wanted rew of shape \\(N,\\)"),
        ({"next_obs": np.zeros((300, 3))}, "must have one shape"),
        ({"obs": np.array([{}] * 300)}, "must hold numbers"),
        (
            {"rew": np.where(np.arange(300) == 7, np.nan, 1.0)},
            "rew holds 1 values .* first in row 7",
        ),
        ({"act": np.zeros(299, int)}, "one row per step"),
    ],
)
def test_columns_that_do_not_fit_are_named(data, wrong, what):
    with pytest.raises(ValueError, match=what):
        replace(data, **wrong)


@pytest.mark.parametrize("cut", [0, 0.5, 0.99])
def test_half_a_file_is_no_experience(data, tmp_path, cut):
    data.save(tmp_path / "d.npz")
    raw = (tmp_path / "d.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(raw[: int(cut * len(raw))])
    with pytest.raises(ValueError, match="cut.npz does not hold saved transitions"):
        Transitions.load(tmp_path / "cut.npz")


def test_files_of_others_are_no_experience(data, tmp_path):
    np.save(tmp_path / "a.npy", data.obs)
    (tmp_path / "b.csv").write_text("obs,act\n1,2\n", encoding="utf8")
    for name in ("a.npy", "b.csv"):
        with pytest.raises(ValueError, match=f"{name} does not hold saved transitions"):
            Transitions.load(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        Transitions.load(tmp_path / "none.npz")
    with pytest.raises(FileNotFoundError, match="make it first"):
        data.save(tmp_path / "no" / "d.npz")


# --- observations of other kinds ------------------------------------------------------------------


class Showing(gym.Env):
    """Shows a sample of a space."""

    action_space = S.Discrete(2)

    def __init__(self, space):
        self.observation_space = space
        space.seed(0)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.observation_space.sample(), {}

    def step(self, action):
        return self.observation_space.sample(), 1.0, False, False, {}


def test_whole_numbers_as_observations_are_cells():
    data = collect(Showing(S.Discrete(5)), steps=20)
    assert data.obs.shape == (20,) and data.obs.dtype.kind == "i"
    assert TableModel(5, 2).fit(data).knows(int(data.obs[0]), int(data.act[0]))
    with pytest.raises(ValueError, match="reads observations of size 1, the data has shape"):
        NeuralDynamics(1, S.Discrete(2)).fit(data)
    with pytest.raises(TypeError, match="DQN reads vectors"):
        DQN(Showing(S.Discrete(5)))


@pytest.mark.parametrize(
    "space",
    [
        S.Dict(a=S.Box(0, 1, (2,)), b=S.Discrete(3)),
        S.Tuple([S.Discrete(3), S.Discrete(4)]),
        S.Text(5),
    ],
    ids=["Dict", "Tuple", "Text"],
)
def test_observations_that_are_not_one_array_of_numbers_are_refused(space):
    for use in (
        lambda env: collect(env, steps=5),
        lambda env: Streams(env, copies=1),
        lambda env: evaluate(env, episodes=1, max_steps=3),
    ):
        with pytest.raises(TypeError, match="must be numbers in one array"):
            use(Showing(space))


def test_pictures_of_any_size_can_be_collected():
    assert collect(Showing(S.Box(0, 255, (21, 16, 3), np.uint8)), steps=4).obs.dtype == np.uint8


# --- rewards that are no numbers ------------------------------------------------------------------


class Paying(gym.Env):
    """Pays NaN in its seventh step."""

    observation_space, action_space = S.Box(-9, 9, (1,)), S.Discrete(2)

    def __init__(self, pay):
        self.pay = pay

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.t = 0
        return np.zeros(1, np.float32), {}

    def step(self, action):
        self.t += 1
        return np.array([self.t], np.float32), self.pay if self.t == 7 else 1.0, False, False, {}


@pytest.mark.parametrize("pay", [np.nan, np.inf])
@pytest.mark.parametrize(
    "use",
    [
        lambda env: collect(env, steps=20),
        lambda env: evaluate(env, episodes=2, max_steps=10),
        lambda env: DQN(env, warm_up=10, train_every=20, updates=5).learn(100),
        lambda env: Streams(env, copies=1, max_steps=10).play(20),
    ],
    ids=["collect", "evaluate", "dqn", "streams"],
)
def test_a_reward_that_is_no_number_is_refused_where_it_comes_in(use, pay):
    with pytest.raises(ValueError, match=f"paid {pay} .* in step 7 of an episode"):
        use(Paying(pay))
