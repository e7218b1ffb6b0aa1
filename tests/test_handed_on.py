"""What is handed on: chance to whoever draws, a new seed to each round, settings to who reads them.

A fake that draws nothing does not notice that it was given no generator.
"""

import itertools
from types import SimpleNamespace

import gymnasium as gym
import matplotlib
import numpy as np
import pytest
import torch
from by_hand import chance, loud
from every_model import PUSH, build, transitions

from wmlib import notebook
from wmlib.agents import Sticky
from wmlib.experience import collect
from wmlib.learning import dreamer, iris, swing_up
from wmlib.learning.actor_critic import ActorCritic
from wmlib.learning.dreamer import Dreamer
from wmlib.learning.iris import Iris
from wmlib.learning.ppo import PPO
from wmlib.models import Ensemble, NeuralDynamics, networks
from wmlib.models.base import Step, WorldModel
from wmlib.models.codebook import Codebook
from wmlib.models.distributions import twohot_mean
from wmlib.models.rssm import RSSM
from wmlib.models.table import TableModel
from wmlib.models.token_model import TokenModel
from wmlib.planning import CEM, ICEM, MPC, MPPI, RandomShooting
from wmlib.streams import Streams
from wmlib.worlds import CartPole, Catch, Pendulum
from wmlib.worlds.valley import Valley


class Diary(WorldModel):
    """Writes down the generator that each step is given."""

    act_space = gym.spaces.Discrete(2)

    def __init__(self):
        self.given = []

    def start(self, obs, generator=None):
        return torch.zeros(len(obs))

    def step(self, state, action, generator=None):
        self.given.append(generator)
        return Step(state + 1, action.float(), torch.ones(len(state)))

    @staticmethod
    def feat(state):
        return torch.stack([state, state], 1)


@pytest.mark.parametrize("kind", [ActorCritic, PPO])
def test_learners_imagine_by_chance(kind):
    model, generator = Diary(), chance()
    kind(2, 2, hidden=4, horizon=3).learn(model, torch.zeros(5), generator)
    assert len(model.given) == 3 and all(given is generator for given in model.given)


@pytest.mark.parametrize("kind", [RandomShooting, CEM, ICEM, MPPI])
def test_planners_imagine_by_chance(kind):
    model, generator = Diary(), chance()
    kind(horizon=3, candidates=20).plan(model, torch.zeros(2), generator)
    assert model.given and all(given is generator for given in model.given)
    agent, seen = MPC(model, kind(horizon=2, candidates=20), seed=4), len(model.given)
    agent.begin(np.zeros((1, 1)))
    agent.act(np.zeros((1, 1)))
    assert all(given is agent.generator for given in model.given[seen:])
    assert agent.generator.initial_seed() == 4


def test_each_round_of_a_swing_up_plays_other_episodes_with_another_network(monkeypatch):
    seeds, networks = [], []

    def watched(world, agent, steps, seed, **settings):
        seeds.append((list(seed), settings))
        return collect(world, None, steps, seed)

    monkeypatch.setattr(swing_up, "collect", watched)
    monkeypatch.setattr(
        swing_up, "pendulum_network", lambda data, seed: networks.append((len(data), seed))
    )
    assert len(swing_up.pendulum_steps(600, 3)) == 600
    assert [seed for seed, _ in seeds] == [[3, 0], [3, 200], [3, 400]]
    assert [settings for _, settings in seeds] == [{}, {"random_share": 0.2}, {"random_share": 0.2}]
    assert networks == [(200, 3), (400, 3)]


def test_the_swing_ups_network_has_a_seed_of_its_own_in_each_round(monkeypatch):
    monkeypatch.setattr(swing_up.NeuralDynamics, "fit", lambda self, data, **settings: None)
    first = [
        swing_up.pendulum_network(range(n), seed).net[0].weight
        for n, seed in ((200, 1), (200, 1), (400, 1), (200, 2))
    ]
    assert torch.equal(first[0], first[1])
    assert not any(torch.equal(first[0], other) for other in first[2:])


def test_random_actions_have_the_seed_of_their_experience():
    acts = [collect(CartPole(), steps=40, seed=seed).act for seed in (0, 0, 1)]
    assert np.array_equal(acts[0], acts[1]) and not np.array_equal(acts[0], acts[2])


def test_who_has_not_acted_yet_has_nothing_to_keep():
    agent = Sticky(gym.spaces.Discrete(5), change=0.0)
    agent.keep(np.array([True, False]))
    last = agent.act(np.zeros((3, 1)))
    agent.keep(np.array([True, False, True]))
    assert agent.act(np.zeros((2, 1))).tolist() == last[[0, 2]].tolist()


def test_a_codebook_begins_in_the_middle_of_heaps():
    heaps = torch.tensor([[0.0], [10.0], [20.0]])[:, None] + 0.1 * torch.randn(
        3, 8, 1, generator=chance()
    )
    book = Codebook(3, 1)
    book.learn(heaps, chance(1))
    wanted = heaps.mean(1).flatten()
    assert book.codes.flatten().sort().values.tolist() == pytest.approx(wanted.tolist(), abs=1e-4)
    assert book.counts.tolist() == pytest.approx([8.0] * 3)


def test_cells_of_a_table_are_whole_numbers_of_one_kind():
    for kind in (np.int8, np.int32, np.uint8, np.int64):
        assert TableModel(3, 2).start(np.array([2, 0], kind)).dtype == torch.int64


def test_worlds_take_the_actions_that_they_say():
    for world, low, high in ((Valley(), [-3], [3]), (Pendulum(), [-2], [2])):
        assert world.act_space.low.tolist() == low and world.act_space.high.tolist() == high
        state, rng = world.initial(1, np.random.default_rng(0)), np.random.default_rng(0)
        for edge in (low, high):
            beyond = world.step(state, np.array([edge]) * 1.0, rng)[0]
            assert np.allclose(beyond, world.step(state, np.array([edge]) * 5.0, rng)[0])
            assert not np.allclose(beyond, world.step(state, np.array([edge]) * 0.9, rng)[0])
    assert Valley().max_steps == 15 and Pendulum().max_steps == 200 and CartPole().max_steps == 500


def test_a_notebook_begins_with_one_thread_the_house_style_and_its_seed(monkeypatch, capsys):
    from wmlib.figures.style import use_style

    with matplotlib.rc_context():
        use_style()
        house = dict(matplotlib.rcParams)
    for said, seed in ((None, 0), ("7", 7)):
        monkeypatch.delenv("WMLIB_SEED", raising=False)
        if said:
            monkeypatch.setenv("WMLIB_SEED", said)
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            torch.set_num_threads(2)
            assert notebook.begin("03") == seed and torch.get_num_threads() == 1
            assert matplotlib.rcParams["axes.prop_cycle"] == house["axes.prop_cycle"]
            assert matplotlib.rcParams["font.size"] == house["font.size"]
        there = "a GPU is here" if torch.cuda.is_available() else "CPU, base seed"
        told = capsys.readouterr().out
        assert there in told and f"base seed {seed}" in told
    monkeypatch.setenv("WMLIB_SEED", "-1")
    with pytest.raises(ValueError, match="whole number from 0 up, got '-1'"):
        notebook.begin("03")


@pytest.mark.parametrize("kind", [NeuralDynamics, Ensemble])
def test_a_model_of_vectors_shows_its_continue_head_as_many_ends_as_it_needs(monkeypatch, kind):
    told, real = [], networks.randint
    model, data = kind(2, PUSH, hidden=4), transitions(PUSH)
    monkeypatch.setattr(
        networks,
        "randint",
        lambda n, shape, *rest: told.append((n, *shape)) or real(n, shape, *rest),
    )
    model.fit(data, steps=1)
    assert set(told) == {(4, 32), (36, 96)}  # 4 of the 40 steps are ends


@pytest.mark.parametrize("balanced, rows", [(True, (32, 96)), (False, (128,))])
def test_the_continue_head_sees_as_many_ends_as_it_says(monkeypatch, balanced, rows):
    drawn, real = [], networks.randint
    monkeypatch.setattr(
        networks, "randint", lambda n, shape, *rest: drawn.append(shape) or real(n, shape, *rest)
    )
    head = networks.ContinueHead(1, chance())
    end = torch.arange(40) % 4 == 0
    head.fit(torch.randn(40, 1), end, chance(), steps=1, balanced=balanced)
    assert sorted(size for (size,) in drawn) == sorted(rows)


def test_a_learner_hands_its_seed_on_to_the_actor_that_it_makes():
    streams = Streams(Catch(), 2, seed=0).play(120)
    film = streams.all(30)
    first, again, other = (Iris(film, Catch.act_space, seed=seed).behaviour for seed in (1, 1, 2))
    weights = [next(iter(agent.actor.parameters())) for agent in (first, again, other)]
    assert torch.equal(weights[0], weights[1]) and not torch.equal(weights[0], weights[2])


def test_what_the_continue_head_keeps_of_itself_is_on_the_cpu_whatever_the_default():
    with torch.device("meta"):
        assert networks.ContinueHead(1, chance()).get_extra_state().device.type == "cpu"


def test_the_processor_time_of_each_lesson_is_added_up(monkeypatch):
    clock = SimpleNamespace(
        process_time=itertools.count().__next__
    )  # a second each time it is asked
    film = Streams(Catch(), 2, seed=0).play(120).all(30)
    learner = Iris(film, Catch.act_space, build(TokenModel)[0])
    monkeypatch.setattr(iris, "time", clock)
    learner.learn_tokens(1, 4).learn_tokens(2, 4).learn_world(1, 2, 9)
    assert learner.seconds == {"tokens": 2, "world": 1, "rewards": 0, "act": 0}
    monkeypatch.setattr(dreamer, "time", clock)
    player = Dreamer(Catch(), build(RSSM)[0], None, 2, prefill=99)
    assert player.learn(4).seconds == 1 and player.learn(4).seconds == 2


def test_imported_weights_reach_the_slow_critic_and_the_actor_that_explores(tmp_path):
    film = Streams(Catch(), 2, seed=0).play(120).all(30)
    obs = film.obs[0, :8]
    for make in (
        lambda seed: Dreamer(
            Catch(), build(RSSM)[0], ActorCritic(14, 3, 4, seed=seed), 2, seed=seed
        ),
        lambda seed: Iris(film, Catch.act_space, seed=seed),
    ):
        taught, other = make(1), make(2)
        loud(taught.behaviour.critic[-1], taught.behaviour.actor[-1])
        if isinstance(taught, Dreamer):  # the average of the actor is exported
            taught.ema.actor.load_state_dict(taught.behaviour.actor.state_dict())
        taught.export(tmp_path / "taught")
        other.import_weights(tmp_path / "taught")
        feat = other.model.feat(other.model.start(obs))
        told = twohot_mean(taught.behaviour.critic(feat))
        torch.testing.assert_close(other.behaviour.value(feat), told, rtol=0.02, atol=0.02)
        actors = (each.behaviour.actor(feat) for each in (other, taught))
        torch.testing.assert_close(*actors, rtol=0.02, atol=0.02)


def test_frames_are_put_into_tokens_again_when_other_weights_were_read(tmp_path):
    film = Streams(Catch(), 2, seed=0).play(120).all(30)
    one, other = (Iris(film, Catch.act_space, seed=seed) for seed in (1, 2))
    for learner in (one, other):
        learner.learn_tokens(2, 8)
    wanted, stale = one.tokens.clone(), other.tokens.clone()
    one.export(tmp_path / "one")
    other.import_weights(tmp_path / "one")
    assert not torch.equal(wanted, stale)
    assert (other.tokens == wanted).float().mean() > 0.99  # but for half precision
