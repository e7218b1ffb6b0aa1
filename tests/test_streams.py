"""Streams of frames: nothing is lost at the end of an episode, and nothing leaks across it."""

import gymnasium as gym
import numpy as np
import pytest
import torch

from wmlib.devices import new_rng
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


class Low(Pendulum):
    """A pendulum with three torques, which are numbered from -1; its episodes are short."""

    act_space, max_steps = gym.spaces.Discrete(3, start=-1), 4

    def step(self, state, action, rng=None):
        return super().step(state, 2.0 * np.asarray(action)[:, None], rng)


@pytest.mark.parametrize("world, blank", [(Low(), -1), (Pendulum(), [0.0])])
def test_the_frame_that_nothing_follows_is_given_an_action_of_the_world(world, blank):
    seen = Streams(world, copies=2, seed=0, max_steps=4).play(2 * 12).all(15)
    assert seen.first[0].nonzero().flatten().tolist() == [0, 5, 10]
    assert seen.act[:, 4].tolist() == [blank] * 2 and world.act_space.contains(
        seen.act[0, 4].numpy()
    )
    assert (seen.rew[:, 4] == 0).all() and (seen.rew[:, :4] < 0).all()
    assert seen.act.dtype == (torch.long if blank == -1 else torch.float32)


def test_steps_are_counted_over_all_copies_and_rounded_up_to_whole_rounds():
    streams = Streams(CartPole(), copies=4, seed=0).play(9)
    assert streams.steps == 12 and len(streams.frames()) == 12
    assert streams.play(1).steps == 16


def test_what_was_played_is_put_down_and_taken_up_again():
    first = Streams(CartPole(), copies=3, seed=5).play(120)
    again = Streams(CartPole(), copies=3, seed=6).restore(first.content())
    for streams in (first, again):
        streams.play(120)
    assert first.steps == again.steps == 240 and first.returns == again.returns
    assert len(first.returns) > 5
    for name in ("obs", "act", "rew", "cont", "first"):
        assert torch.equal(getattr(first.all(25), name), getattr(again.all(25), name)), name
    with pytest.raises(ValueError, match="streams of 3 copies of a world, here there are 2"):
        Streams(CartPole(), copies=2).restore(first.content())


def test_a_stretch_may_be_cut_out_of_stretches(streams):
    whole = streams.all(20)
    part = whole.cut(6, [2, 0], [3, 14])
    for k, (row, start) in enumerate([(2, 3), (0, 14)]):
        assert torch.equal(part.obs[k], whole.obs[row, start : start + 6])
        for name in ("act", "rew", "cont"):
            assert torch.equal(getattr(part, name)[k], getattr(whole, name)[row, start : start + 5])
        assert part.first[k, 0] and torch.equal(
            part.first[k, 1:], whole.first[row, start + 1 : start + 6]
        )


def test_everything_is_cut_into_stretches_that_do_not_overlap_and_a_sample_reaches_each():
    streams = Streams(CartPole(), copies=2, seed=0).play(100)
    frames = streams.frames()
    lengths = [int(n) for n in streams.content()["lengths"]]
    assert len(streams.all(10).obs) == sum(n // 10 for n in lengths)
    assert len(streams.all(min(lengths)).obs) == 2  # the whole of each fits
    drawn = streams.sample(4000, 20, np.random.default_rng(0)).obs[:, 0].numpy()
    begun = {tuple(row) for row in drawn.tolist()}
    starts = [frames[: lengths[0]][: lengths[0] - 19], frames[lengths[0] :][: lengths[1] - 19]]
    assert begun == {tuple(row) for row in np.concatenate(starts).tolist()}


def test_a_seed_within_a_seed_is_flattened_as_numpy_did():
    for seed, numbers in (
        (5, 5),
        ([[1, (2,)], 3], [1, 2, 3]),
        (2**40 + 3, 2**40 + 3),
        ([np.array([1, 2]), np.array(3)], [1, 2, 3]),
        (np.int64(4), 4),
    ):
        assert new_rng(seed).random() == np.random.default_rng(numbers).random()
        more = [*numbers, 7] if isinstance(numbers, list) else [numbers, 7]
        assert new_rng(seed, 7).random() == np.random.default_rng(more).random()
    generator = np.random.default_rng(0)
    assert new_rng(generator) is generator
    for wrong in ("abc", -1, [0.5]):
        with pytest.raises((TypeError, ValueError)):
            new_rng(wrong)
