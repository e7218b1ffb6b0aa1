"""C: it finds what pays, lives end when the model says so, and a search goes on where it stopped."""

import gymnasium as gym
import numpy as np
import pytest
import torch

from wmlib.course.ch06_world_models.cma_controller import (
    CMAController,
    ImaginedReturns,
    LinearAgent,
    RealReturns,
    choose,
)
from wmlib.course.ch06_world_models.dodge import Dodge
from wmlib.evaluation import evaluate
from wmlib.models.base import Step, WorldModel
from wmlib.models.vision_memory import VisionMemory
from wmlib.worlds import MiniRacing


class Ladder(WorldModel):
    """State `(B, 1)`: the rung. Action 1 goes up and pays 1, action 0 goes down and pays 0.

    `last`: the rung at which the episode ends for certain.
    """

    act_space = gym.spaces.Discrete(2)

    def __init__(self, last=5):
        self.last, self.asked = last, []

    def start(self, obs, generator=None):
        return torch.as_tensor(obs)

    def step(self, state, action, generator=None):
        self.asked.append(len(state))
        nxt = state + (2 * action - 1)[:, None]
        return Step(nxt, action.float(), (nxt[:, 0] != self.last).float())

    @staticmethod
    def feat(state):
        return state


UP, DOWN = torch.tensor([[0.0, 0.0], [0.0, 1.0]]), torch.tensor([[0.0, 1.0], [0.0, 0.0]])


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def quadratic(population, generator):
    """Best at 0.5 everywhere; noise that comes from the generator alone."""
    flat = population.flatten(1)
    return -((flat - 0.5) ** 2).sum(1) + 0.01 * torch.randn(len(flat), generator=generator)


def test_the_linear_controller_by_hand():
    parameters = torch.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.5]]]).expand(3, -1, -1)
    feat = torch.tensor([[2.0, 1.0], [1.0, 2.0], [1.0, 0.6]])
    assert choose(parameters, feat).tolist() == [0, 1, 1]  # the last one by b alone


def test_a_life_in_the_dream_ends_where_the_model_ends_it_and_the_last_reward_counts():
    model = Ladder(last=3)
    returns = ImaginedReturns(model, torch.zeros(1, 1), rollouts=4, steps=20).returns
    assert returns(UP[None], generator()).tolist() == [[3.0] * 4]
    assert model.asked == [4, 4, 4]  # nobody is imagined after the end
    assert returns(torch.stack([UP, DOWN]), generator()).tolist() == [[3.0] * 4, [0.0] * 4]


def test_a_coin_decides_where_the_model_is_unsure():
    class Fog(Ladder):
        def step(self, state, action, generator=None):
            return Step(state, torch.ones(len(state)), torch.full((len(state),), 0.9))

    returns = ImaginedReturns(Fog(), torch.zeros(1, 1), rollouts=3000, steps=200).returns(
        UP[None], generator()
    )
    assert returns.mean() == pytest.approx(10, abs=0.6)  # 1 / (1 - 0.9)


def test_it_finds_the_best_of_a_simple_score():
    found = CMAController(3, 2, population=16, sigma=0.3, seed=1).fit(quadratic, 60)
    assert (found.parameters - 0.5).abs().max() < 0.1
    assert len(found.log) == 60 and len(found.log[0]) == 16


def test_it_learns_in_the_dream_to_climb():
    model = Ladder(last=-1)
    dream = ImaginedReturns(model, torch.zeros(1, 1), rollouts=2, steps=10)
    found = CMAController(1, 2, population=8, sigma=0.5).fit(dream, 10)
    assert dream(found.parameters[None], generator()) == 10


def test_the_same_seed_gives_the_same_search_and_the_worlds_chance_is_left_alone():
    np.random.seed(3)
    wanted = np.random.rand()
    np.random.seed(3)
    a, b, c = (CMAController(3, 2, 8, seed=s).fit(quadratic, 3) for s in (0, 0, 1))
    assert np.random.rand() == wanted
    assert torch.equal(a.parameters, b.parameters) and a.log == b.log
    assert not torch.equal(a.parameters, c.parameters)


def test_saved_and_loaded_the_search_goes_on_as_if_nothing_had_happened(tmp_path):
    whole = CMAController(3, 2, 8).fit(quadratic, 9)
    half = CMAController(3, 2, 8).fit(quadratic, 4)
    half.save(tmp_path / "c.pt")
    resumed = CMAController(3, 2, 8).load(tmp_path / "c.pt")
    assert torch.equal(resumed.parameters, half.parameters)
    resumed.fit(quadratic, 5)
    assert torch.equal(resumed.parameters, whole.parameters) and resumed.log == whole.log
    with pytest.raises(ValueError, match="seed = 0, this search has 2"):
        CMAController(3, 2, 8, seed=2).load(tmp_path / "c.pt")


def test_the_best_is_the_middle_that_did_best_in_an_examination(tmp_path):
    seen = []

    def validation(parameters, generator):
        seen.append(parameters[0].clone())
        return torch.tensor([[0.0, 7.0, 3.0][len(seen) - 1]])

    found = CMAController(3, 2, 8).fit(quadratic, 7, validation, every=2)
    assert found.validations == [(2, 0.0), (4, 7.0), (6, 3.0)]
    assert torch.equal(found.best, seen[1]) and not torch.equal(found.best, found.parameters)
    plain = CMAController(3, 2, 8).fit(quadratic, 7)
    assert torch.equal(plain.parameters, found.parameters)  # an examination teaches nothing
    assert torch.equal(plain.best, plain.parameters)
    found.save(tmp_path / "c.pt")
    loaded = CMAController(3, 2, 8).load(tmp_path / "c.pt")
    assert torch.equal(loaded.best, found.best) and loaded.validations == found.validations


def test_an_interrupt_in_the_middle_of_a_generation_changes_nothing(capsys):
    calls = []

    def impatient(population, generator):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return quadratic(population, generator)

    stopped = CMAController(3, 2, 8).fit(impatient, 9)
    assert len(stopped.log) == 3
    assert "stopped after 3 of 9 generations" in capsys.readouterr().err
    stopped.fit(quadratic, 6)
    assert torch.equal(stopped.parameters, CMAController(3, 2, 8).fit(quadratic, 9).parameters)


def test_a_score_that_is_no_number_is_refused():
    with pytest.raises(FloatingPointError, match="no number"):
        CMAController(3, 2, 8).fit(lambda p, g: torch.full((len(p),), float("nan")), 1)


def test_reality_counts_its_steps():
    """Every step of every life is counted, and the same luck gives the same lives."""
    world, draws = Dodge(), generator(4)
    model = VisionMemory(world.act_space, size=4, hidden=8, width=2)
    population = torch.randn(3, 3, model.feat_size + 1, generator=draws)
    reality = RealReturns(model, world, rollouts=2)
    returns = reality.returns(population, generator())
    assert returns.shape == (3, 2) and reality.steps == int(returns.sum())  # a step pays 1
    assert torch.equal(returns, RealReturns(model, world, 2).returns(population, generator()))


def test_side_by_side_controllers_live_the_lives_that_each_would_live_alone():
    """In a world without chance a life depends on its start and its controller alone."""
    model = VisionMemory(MiniRacing.act_space, size=4, hidden=8, width=2)
    population = torch.randn(2, 3, model.feat_size + 1, generator=generator(4))
    start = MiniRacing().initial(1, np.random.default_rng(0))

    class Here(MiniRacing):
        def initial(self, n, rng):
            return start.repeat(n, axis=0)

    returns = RealReturns(model, Here(), rollouts=1).returns(population, generator())
    alone = [evaluate(Here(), LinearAgent(model, one), 1, 0).returns[0] for one in population]
    assert returns[:, 0].tolist() == pytest.approx(alone, abs=1e-3)


def test_the_pilots_memory_follows_what_was_really_done():
    world = Dodge()
    model = VisionMemory(world.act_space, size=4, hidden=8, width=2)
    agent = LinearAgent(model, torch.randn(3, model.feat_size + 1, generator=generator(2)))
    state, rng = world.initial(2, np.random.default_rng(0)), np.random.default_rng(1)
    agent.begin(world.obs(state))
    first = agent.act(world.obs(state))
    state, _, _ = world.step(state, first, rng)
    agent.act(world.obs(state))
    with torch.inference_mode():
        before = model.start(world.obs(world.initial(2, np.random.default_rng(0))))
        wanted = model.observe(before, torch.as_tensor(first), world.obs(state))
    torch.testing.assert_close(agent.state.hidden, wanted.hidden)


def test_a_controller_may_be_given_z_alone():
    world = Dodge()
    model = VisionMemory(world.act_space, size=4, hidden=8, width=2)
    parameters = torch.randn(3, 5, generator=generator())
    played = evaluate(world, LinearAgent(model, parameters, model.feat_z), 3, 0)
    assert (played.returns > 0).all()
