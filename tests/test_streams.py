"""Streams of frames: nothing is lost at the end of an episode, and nothing leaks across it."""

import numpy as np
import pytest
import torch

from wmlib.streams import Streams
from wmlib.worlds import CartPole, Pendulum


@pytest.fixture(scope="module")
def streams():
    return Streams(CartPole(), copies=4, seed=3).play(800)


def test_an_action_leads_from_its_frame_to_the_next(streams):
    seen = streams.all(20)
    inside = seen.real.bool()
    before, after = seen.obs[:, :-1][inside], seen.obs[:, 1:][inside]
    world = CartPole()
    nxt, rew, ended = world.step(world.state_of(before.numpy()), seen.act[inside].numpy())
    np.testing.assert_allclose(world.obs(nxt), after, atol=1e-5)
    np.testing.assert_array_equal(rew, seen.rew[inside])
    np.testing.assert_array_equal(~ended, seen.cont[inside].bool())


def test_the_last_frame_of_an_episode_is_kept(streams):
    seen = streams.all(20)
    fallen = seen.obs[:, 1:][seen.cont == 0]
    assert len(fallen) and ((fallen[:, 2].abs() > 0.2) | (fallen[:, 0].abs() > 2.4)).all()


def test_after_an_end_the_next_frame_but_one_is_a_first_one():
    (row,) = Streams(CartPole(), copies=1, seed=0).play(100).all(100).first
    rows = torch.arange(100)[row]
    assert len(rows) > 2 and row[0]
    seen = Streams(CartPole(), copies=1, seed=0).play(100).all(100)
    ends = torch.where(seen.cont[0] == 0)[0]
    assert seen.first[0][ends[ends < 97] + 2].all()


def test_the_clock_ends_an_episode_and_the_world_goes_on():
    streams = Streams(Pendulum(), copies=2, seed=0).play(2 * 450)
    seen = streams.all(420)
    assert seen.cont.min() == 1 and seen.first[0].sum() == 3
    assert len(streams.returns) == 4


def test_a_sampled_stretch_begins_with_an_empty_memory(streams):
    seen = streams.sample(16, 12, np.random.default_rng(0))
    assert seen.obs.shape == (16, 12, 4) and seen.act.shape == seen.real.shape == (16, 11)
    assert seen.first[:, 0].all()


def test_playing_twice_is_playing_on():
    once = Streams(CartPole(), copies=3, seed=5).play(90).all(15)
    twice = Streams(CartPole(), copies=3, seed=5).play(45).play(45).all(15)
    assert torch.equal(once.obs, twice.obs) and torch.equal(once.act, twice.act)


def test_the_agent_is_told_where_episodes_begin():
    told = []

    def agent(obs, first):
        told.append(first.copy())
        return np.zeros(len(obs), int)

    streams = Streams(CartPole(), copies=2, seed=1).play(60, agent)
    assert told[0].all() and np.sum(told) == 2 + len(streams.returns) - np.sum(streams.acting.first)


def test_too_short_streams_say_so(streams):
    with pytest.raises(ValueError, match="the longest stream has"):
        streams.sample(4, 10_000, np.random.default_rng(0))
