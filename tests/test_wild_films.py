"""What people ran into elsewhere: short films, silent films, and learners of other actions."""

import gymnasium as gym
import numpy as np
import pytest
import torch
from switch import Switch

from wmlib.course.ch06_world_models.cma_controller import ImaginedReturns, LinearAgent
from wmlib.evaluation import evaluate
from wmlib.learning.actor_critic import ActorCritic
from wmlib.learning.dreamer import Dreamer
from wmlib.learning.iris import Iris
from wmlib.learning.ppo import PPO
from wmlib.models.distributions import Categoricals
from wmlib.models.rssm import RSSM
from wmlib.models.token_model import TokenModel
from wmlib.models.tokenizer import Tokenizer
from wmlib.models.vector_rssm import VectorRSSM
from wmlib.streams import Streams
from wmlib.worlds import CartPole, Pendulum
from wmlib.worlds.base import World
from wmlib.worlds.catch import Catch


class Bandit(World):
    """Every episode is one step; action 1 pays 1."""

    obs_space, act_space, max_steps = gym.spaces.Box(0, 1, (1,)), gym.spaces.Discrete(2), 5

    def initial(self, n, rng):
        return np.zeros((n, 1))

    def step(self, state, action, rng=None):
        return state + 1, np.asarray(action, float), np.ones(len(state), bool)

    def obs(self, state):
        return state.astype(np.float32)


def test_dreamer_learns_from_episodes_of_one_step():
    model = VectorRSSM(Bandit.act_space, [1.0], 16, latent=Categoricals(2, 2), deter=8)
    actor = ActorCritic(model.feat_size, 2, hidden=16, horizon=2, lr=1e-2)
    learner = Dreamer(Bandit(), model, actor, 4, 16, 8, 6, 32, prefill=64, lr=5e-3)
    learner.learn(1500)
    assert evaluate(Bandit(), learner.agent(), episodes=5).returns.tolist() == [1.0] * 5


# --- films ----------------------------------------------------------------------------------------


class Silent(Catch):
    """Nothing ever pays."""

    def step(self, state, action, rng=None):
        nxt, rew, ended = super().step(state, action, rng)
        return nxt, 0 * rew, ended


def iris(world, frames, steps=80):
    film = Streams(world, 4).play(4 * steps).all(frames)
    tokenizer = Tokenizer(8, 8, width=2)
    model = TokenModel(Catch.act_space, tokenizer, width=16, layers=1, heads=2, hidden=16)
    return Iris(film, Catch.act_space, model).learn_tokens(2, 8)


def test_stretches_shorter_than_what_is_asked_for_are_named():
    learner = iris(Catch(), frames=12)
    with pytest.raises(ValueError, match="at least 25 frames are needed here, this film's have 12"):
        learner.learn_world(1, 2)
    learner.learn_world(1, 2, length=12)
    with pytest.raises(ValueError, match="at least 13 frames .* smaller length"):
        learner.learn_to_act(1, 2, context=12)
    learner.learn_to_act(1, 2, context=4)


def test_a_short_film_teaches_rewards_with_what_comes_before_them():
    learner = iris(Catch(), frames=15)
    learner.seen.rew[0, 9] = 1.0
    h, rew = learner._reward_data()
    assert (rew != 0).any() and len(h) == len(rew)
    learner.learn_rewards(2, 4)


def test_a_film_in_which_no_frame_pays_is_named():
    with pytest.raises(ValueError, match="no frame of this film pays: record more"):
        iris(Silent(), frames=40).learn_rewards(1, 4)
    learner = iris(Silent(), frames=40)
    learner.seen.rew[:, 0] = 1.0
    with pytest.raises(ValueError, match="16 frames or more after its stretch begins"):
        learner.learn_rewards(1, 4)


def test_a_film_in_which_every_frame_pays_teaches_rewards():
    learner = iris(Silent(), frames=40)
    learner.seen.rew[:] = 1.0
    assert learner.learn_rewards(2, 4).log["rewards"]


def test_a_film_of_ends_gives_no_moment_to_begin_in():
    learner = iris(Silent(), frames=40)
    learner.seen.first[:] = True
    with pytest.raises(ValueError, match="none goes on after 8 frames"):
        learner.learn_to_act(1, 2)


# --- actions and observations ---------------------------------------------------------------------


def test_learners_that_choose_among_actions_refuse_others_by_name():
    with pytest.raises(TypeError, match="Dreamer chooses .* wanted Discrete, got Box"):
        Dreamer(Pendulum())
    film = Streams(Catch(), 1).play(30).all(10)
    with pytest.raises(TypeError, match="Iris chooses .* wanted Discrete, got Box"):
        Iris(film, Pendulum.act_space)


def test_dreamer_makes_the_model_that_fits_the_observations():
    assert type(Dreamer(Catch()).model) is RSSM
    model = Dreamer(Bandit()).model
    assert isinstance(model, VectorRSSM) and model.scale.tolist() == [1.0]
    with pytest.raises(TypeError, match=r"within bounds, got Box\(.*inf.*model=VectorRSSM"):
        Dreamer(CartPole())


class FromFive(Switch):
    """The light, with the actions 5 (off) and 6 (on)."""

    act_space = gym.spaces.Discrete(2, start=5)

    def step(self, state, action, rng=None):
        assert set(np.asarray(action).tolist()) <= {5, 6}
        return super().step(state, np.asarray(action) - 5, rng)


def small(space=FromFive.act_space, seed=0):
    return RSSM(space, Categoricals(2, 4), deter=16, hidden=16, width=2, seed=seed)


def test_dreamer_acts_with_the_environments_own_numbers():
    model = small()
    learner = Dreamer(
        FromFive(), model, ActorCritic(model.feat_size, 2, horizon=3), 2, 8, 2, 6, 8, prefill=16
    ).learn(32)
    assert set(learner.streams.all(4).act.flatten().tolist()) <= {5, 6}
    assert evaluate(FromFive(), learner.agent(), episodes=2).returns.shape == (2,)


@pytest.mark.parametrize("kind", [ActorCritic, PPO])
def test_what_an_actor_learns_does_not_depend_on_where_actions_start(kind):
    logs = []
    for space in (Switch.act_space, FromFive.act_space):
        learner, model = kind(24, 2, hidden=8, horizon=4), small(space)
        start = model.start(np.zeros((6, 1, 32, 32), np.uint8))
        logs.append(learner.learn(model, start, torch.Generator().manual_seed(1)))
    assert logs[0] == logs[1]


def test_linear_controllers_act_with_the_environments_own_numbers():
    model, on = small(), torch.cat([torch.zeros(2, 24), torch.tensor([[0.0], [1.0]])], 1)
    returns = evaluate(FromFive(), LinearAgent(model, on), episodes=2).returns
    assert returns.tolist() == [9.0, 9.0]
    twin, start = small(Switch.act_space), np.zeros((1, 1, 32, 32), np.uint8)
    imagined = [
        ImaginedReturns(m, m.start(start), 2, 5).returns(on[None], torch.Generator().manual_seed(0))
        for m in (model, twin)
    ]
    assert torch.equal(*imagined)
