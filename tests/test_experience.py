"""Experience is aligned, says how episodes ended, and survives being saved."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wmlib.experience import Transitions, collect
from wmlib.worlds import CartPole, Pendulum


def some(n=6, **columns):
    base = {
        "obs": np.arange(n, dtype=float)[:, None],
        "act": np.zeros(n, int),
        "rew": np.ones(n),
        "next_obs": np.arange(1, n + 1, dtype=float)[:, None],
        "terminated": np.zeros(n, bool),
        "truncated": np.zeros(n, bool),
        "episode": np.arange(n) // 3,
    }
    base |= columns
    if "next_obs" not in columns:  # an episode's last step does not lead to the next one's start
        ends = np.append(base["episode"][1:] != base["episode"][:-1], True)
        base["next_obs"] = base["next_obs"] + 0.5 * np.asarray(ends)[:, None]
    return Transitions(**base)


def test_act_leads_from_obs_to_next_obs():
    world, data = CartPole(), collect(CartPole(), steps=200, seed=3)
    stepped, _, terminated = world.step(data.obs.astype(float), data.act)
    np.testing.assert_allclose(stepped, data.next_obs, atol=1e-5)
    np.testing.assert_array_equal(terminated, data.terminated)


def test_rows_of_one_episode_follow_each_other():
    data = collect(CartPole(), steps=200, seed=3)
    same = data.episode[:-1] == data.episode[1:]
    np.testing.assert_array_equal(data.next_obs[:-1][same], data.obs[1:][same])
    assert not data.terminated[:-1][same].any()
    assert data.terminated[:-1][~same].all()


def test_the_clock_truncates():
    data = collect(Pendulum(), steps=400, seed=0)
    assert data.truncated.sum() == 2 and not data.terminated.any()


def test_the_same_seed_gives_the_same_experience():
    a, b = collect(Pendulum(), steps=30, seed=7), collect(Pendulum(), steps=30, seed=7)
    np.testing.assert_array_equal(a.obs, b.obs)
    np.testing.assert_array_equal(a.act, b.act)
    assert not np.array_equal(a.obs, collect(Pendulum(), steps=30, seed=8).obs)


def test_an_agent_is_begun_at_every_episode():
    class Counting:
        begun = 0

        def begin(self, obs):
            self.begun += 1

        def act(self, obs):
            return np.zeros(len(obs), int)

    agent = Counting()
    data = collect(CartPole(), agent, steps=60, seed=0)
    assert agent.begun == len(np.unique(data.episode))


def test_the_split_is_by_whole_episodes_and_loses_nothing():
    data = collect(CartPole(), steps=300, seed=0)
    train, test = data.split(0.2, seed=1)
    assert len(train) + len(test) == len(data)
    assert not set(train.episode) & set(test.episode)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.lists(st.integers(1, 6), min_size=1, max_size=5))
def test_windows_stay_inside_one_episode(length, lengths):
    episode = np.repeat(np.arange(len(lengths)), lengths)
    n = len(episode)
    data = some(n, episode=episode)
    possible = sum(max(0, k - length + 1) for k in lengths)
    if possible == 0:
        with pytest.raises(ValueError, match="shorter windows"):
            data.windows(length)
        return
    first = data.windows(length)
    assert len(first) == possible
    assert all(episode[i] == episode[i + length - 1] for i in first)


def test_adding_numbers_the_episodes_on():
    both = some() + some()
    assert len(both) == 12 and len(np.unique(both.episode)) == 4


def test_saving_and_loading_gives_the_same_back(tmp_path):
    data = some()
    data.save(tmp_path / "data.npz")
    back = Transitions.load(tmp_path / "data.npz")
    np.testing.assert_array_equal(back.obs, data.obs)
    assert [p.name for p in tmp_path.iterdir()] == ["data.npz"]


def test_a_file_of_something_else_is_refused(tmp_path):
    (tmp_path / "other.npz").write_bytes(b"PK\x03\x04 no")
    with pytest.raises(ValueError, match="Transitions.save"):
        Transitions.load(tmp_path / "other.npz")


@pytest.mark.parametrize(
    "column, says",
    [
        ({"rew": np.ones(5)}, "one row per step"),
        ({"rew": np.array([1, np.nan, 1, 1, 1, 1])}, "not finite, first in row 1"),
    ],
)
def test_bad_columns_are_named(column, says):
    with pytest.raises(ValueError, match=says):
        some(**column)


def test_no_rows_are_refused():
    with pytest.raises(ValueError, match="collect at least one step"):
        some()[[]]
    with pytest.raises(ValueError, match="steps=0"):
        collect(CartPole(), steps=0)


def test_one_episode_cannot_be_split():
    with pytest.raises(ValueError, match="at least 2 episodes"):
        some(3).split()


def test_collecting_can_stop_with_the_episode():
    data = collect(CartPole(), steps=500, seed=0, episodes=2)
    assert len(data) < 500 and data.terminated[-1] and data.terminated.sum() == 2
    whole = collect(CartPole(), steps=len(data), seed=0)
    np.testing.assert_array_equal(whole.obs, data.obs)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_so_many_actions_are_replaced_by_random_ones(share):
    data = collect(
        Pendulum(), lambda obs: np.full((len(obs), 1), 1.5), steps=600, random_share=share
    )
    strayed = data.act[:, 0] != 1.5
    assert strayed.mean() == pytest.approx(share, abs=0.06)
    if share:
        assert data.act[strayed].min() < -1.8 and data.act[strayed].max() > 1.8


def test_returns_are_sums_of_rewards_by_episode():
    data = some(6, episode=np.array([4, 4, 4, 7, 7, 9]), rew=np.array([1.0, 2, 3, 10, 20, 5]))
    assert data.returns().tolist() == [6, 30, 5]
    assert (data + data).returns().tolist() == [6, 30, 5] * 2


def test_of_two_episodes_one_is_held_out_whatever_the_share():
    data = some(6)
    for share in (0.01, 0.5, 0.99):
        train, test = data.split(share)
        assert len(train) == len(test) == 3
    parts = [tuple(np.unique(some(90).split(0.2, seed=seed)[1].episode)) for seed in range(3)]
    assert len(set(parts)) == 3 and {len(part) for part in parts} == {6}


def test_the_end_of_the_last_two_episodes_tells_obs_that_were_moved_up_from_those_that_were_not():
    ends = np.arange(9) % 3 == 2
    obs, nxt = np.arange(9.0)[:, None], np.arange(1, 10.0)[:, None]
    whole = dict(terminated=ends, episode=np.arange(9) // 3, obs=obs)
    with pytest.raises(ValueError, match="moved up by a row"):
        some(9, next_obs=nxt, **whole)
    assert len(some(9, next_obs=nxt + 0.5 * ends[:, None], **whole)) == 9
    assert (
        len(some(9, next_obs=nxt, **whole | {"terminated": np.zeros(9, bool)})) == 9
    )  # cut, not over
