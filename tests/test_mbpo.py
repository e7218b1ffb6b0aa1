"""Dyna with networks: branches start where the world has been and stop where the episode does."""

import gymnasium as gym
import numpy as np
import pytest
import torch

from wmlib.course.ch05_ensembles.mbpo import BranchedQ
from wmlib.evaluation import evaluate
from wmlib.experience import COLUMNS, Transitions, collect
from wmlib.models import NeuralDynamics, Simulator
from wmlib.planning.goals import constant, standing
from wmlib.worlds import CartPole, Pendulum


@pytest.fixture(scope="module")
def data():
    return collect(CartPole(), steps=300, seed=0)


@pytest.fixture(scope="module")
def truth():
    return Simulator(CartPole()).goal(rew=constant, cont=standing)


def test_a_branch_begins_at_a_real_state_and_each_step_at_the_end_of_the_last(data, truth):
    agent = BranchedQ(truth, data, length=4, imagined=40, seed=0)
    obs, act, rew, nxt, cont = agent.branch()
    real = {tuple(row) for row in np.round(data.obs, 4).tolist()}
    assert all(tuple(row) in real for row in np.round(obs[:10].numpy(), 4).tolist())
    alive = cont[:10] > 0.5
    assert torch.allclose(obs[10 : 10 + alive.sum()], nxt[:10][alive])
    assert len(obs) <= 40 and set(act.tolist()) <= {0, 1}


def test_after_an_end_nothing_more_is_remembered(data, truth):
    agent = BranchedQ(truth, data, length=60, imagined=600, seed=0)
    obs, _, _, nxt, cont = agent.branch(epsilon=1.0)
    assert (standing(obs) == 1).all()
    assert torch.equal(cont, standing(nxt)) and (cont == 0).any()


def test_the_number_of_imagined_steps_does_not_depend_on_the_length(data, truth):
    sizes = [len(BranchedQ(truth, data, k, imagined=600, seed=0).branch()[0]) for k in (1, 2)]
    assert sizes[0] == 600 and 500 < sizes[1] <= 600


def test_length_zero_learns_from_the_real_steps_alone(data):
    agent = BranchedQ(Simulator(CartPole()), data, length=0, seed=0).learn(updates=5)
    assert agent.pool is agent.real


def test_a_negative_length_is_refused(data, truth):
    with pytest.raises(ValueError, match="length=-1"):
        BranchedQ(truth, data, length=-1)


def test_the_same_seed_gives_the_same_values(data, truth):
    twins = [BranchedQ(truth, data, 2, seed=3).learn(updates=20) for _ in range(2)]
    assert torch.equal(*(twin.values(torch.zeros(1, 4)) for twin in twins))


@pytest.mark.slow
def test_imagination_makes_more_of_the_same_real_steps(data, truth):
    score = lambda agent: evaluate(CartPole(), agent.act, 20, seed=1).returns.mean()  # noqa: E731
    alone, dreamt = (score(BranchedQ(truth, data, k, seed=0).learn()) for k in (0, 10))
    assert dreamt > 1.5 * alone


def changed(data, **columns):
    return Transitions(*(columns.get(f, getattr(data, f)) for f in COLUMNS))


@pytest.mark.parametrize(
    "columns",
    [
        lambda d: {"rew": d.rew[:, None]},
        lambda d: {"obs": d.obs.astype(float), "next_obs": d.next_obs.astype(float)},
        lambda d: {"act": d.act.astype(np.int32), "rew": d.rew.astype(int)},
    ],
    ids=["rewards (N, 1)", "double precision", "integers"],
)
def test_columns_of_another_kind_are_what_they_obviously_mean(columns, data, truth):
    values = lambda d: BranchedQ(truth, d, 1, seed=3).learn(updates=20).values(torch.zeros(1, 4))
    torch.testing.assert_close(values(changed(data, **columns(data))), values(data))


def test_whole_numbers_as_observations_are_numbers(data):
    obs, nxt = ((10 * column).astype(int) for column in (data.obs, data.next_obs))
    agent = BranchedQ(Simulator(CartPole()), changed(data, obs=obs, next_obs=nxt), 0)
    assert torch.isfinite(agent.learn(updates=5).values(torch.zeros(1, 4))).all()


def test_pictures_and_continuous_actions_are_refused(data):
    with pytest.raises(ValueError, match=r"reads observations \(N, D\), got shape \(\d+, 2, 2\)"):
        BranchedQ(
            None,
            changed(data, obs=data.obs.reshape(-1, 2, 2), next_obs=data.next_obs.reshape(-1, 2, 2)),
            0,
        )
    with pytest.raises(TypeError, match="BranchedQ chooses among finitely many actions"):
        BranchedQ(Simulator(Pendulum()), collect(Pendulum(), steps=20), 0)


def test_actions_keep_the_numbers_of_their_space(data):
    model = NeuralDynamics(4, gym.spaces.Discrete(2, start=5), hidden=8)
    agent = BranchedQ(model, changed(data, act=data.act + 5), 2, imagined=40, seed=0).learn(
        updates=5
    )
    assert set(agent.act(data.obs).tolist()) <= {5, 6}
    assert set(agent.real[1].tolist()) == {0, 1}  # the network counts from 0
