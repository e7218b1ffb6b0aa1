"""Learning in imagination: returns by hand, and the classic mistakes would be noticed."""

from typing import NamedTuple

import gymnasium as gym
import numpy as np
import pytest
import torch

from wmlib.learning.actor_critic import (
    ActorCritic,
    ReturnScale,
    actor_loss,
    discount_weights,
    lambda_returns,
)
from wmlib.models.base import Step, WorldModel
from wmlib.training import improve


def test_the_lambda_return_by_hand():
    rew, value = torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([[10.0, 20.0, 30.0, 40.0]])
    returns = lambda_returns(rew, torch.ones(1, 3), value, gamma=0.5, lam=0.8)
    last = 3 + 0.5 * 40
    middle = 2 + 0.5 * (0.2 * 30 + 0.8 * last)
    first = 1 + 0.5 * (0.2 * 20 + 0.8 * middle)
    assert returns[0].tolist() == pytest.approx([first, middle, last])


def test_lambda_0_looks_one_step_ahead_and_lambda_1_to_the_horizon():
    rew, value = torch.rand(4, 6), torch.rand(4, 7)
    one = lambda_returns(rew, torch.ones(4, 6), value, 0.9, 0.0)
    torch.testing.assert_close(one, rew + 0.9 * value[:, 1:])
    far = lambda_returns(rew, torch.ones(4, 6), value, 0.9, 1.0)[:, 0]
    weights = 0.9 ** torch.arange(6)
    torch.testing.assert_close(far, (weights * rew).sum(1) + 0.9**6 * value[:, -1])


def test_nothing_is_expected_after_an_end():
    rew, value = torch.ones(1, 4), torch.full((1, 5), 100.0)
    cont = torch.tensor([[1.0, 0.0, 1.0, 1.0]])
    returns = lambda_returns(rew, cont, value, gamma=1.0, lam=1.0)
    assert returns[0].tolist() == [2.0, 1.0, 102.0, 101.0]
    assert discount_weights(cont, gamma=0.5)[0].tolist() == [1.0, 0.5, 0.0, 0.0]


def test_the_actor_is_drawn_to_what_was_better_than_expected():
    logits = torch.zeros(2, 1, 2, requires_grad=True)
    choices = torch.distributions.Categorical(logits=logits)
    log_prob = choices.log_prob(torch.tensor([[1], [1]]))
    advantage = torch.tensor([[2.0], [-2.0]], requires_grad=True)
    loss = actor_loss(log_prob, choices.entropy(), advantage, torch.ones(2, 1), bonus=0.0)
    loss.backward()
    assert logits.grad[0, 0, 1] < 0 < logits.grad[1, 0, 1]  # downhill: more of it, less of it
    assert advantage.grad is None


def test_the_spread_is_the_range_of_the_returns_and_never_below_one():
    scale = ReturnScale(decay=0.9)
    assert scale.update(torch.linspace(0, 100, 1001)).item() == pytest.approx(90)
    assert scale.update(torch.zeros(10)).item() == pytest.approx(81)
    assert ReturnScale().update(torch.linspace(0, 0.1, 11)).item() == 1


class Place(NamedTuple):
    x: torch.Tensor
    past: torch.Tensor


class Corridor(WorldModel):
    """Imagination without a world: action 1 goes right and pays; left of 0 the episode ends."""

    act_space = gym.spaces.Discrete(2)

    def __init__(self, pay=1.0, ends=False):
        self.pay, self.ends = pay, ends

    def start(self, obs, generator=None):
        return Place(torch.as_tensor(obs).float(), torch.zeros(len(obs)))

    def feat(self, state):
        return torch.stack([state.x / 5, torch.ones_like(state.x)], -1)

    def step(self, state, action, generator=None):
        nxt = Place((state.x + 2 * action - 1).clamp(-5, 5), state.past)
        cont = (nxt.x > -1).float() if self.ends else torch.ones_like(nxt.x)
        rew = torch.ones_like(nxt.x) if self.ends else self.pay * action.float()
        return Step(nxt, rew, cont)


def practise(model, updates=40, **kw):
    learner = ActorCritic(2, 2, hidden=16, horizon=5, lr=1e-2, **kw)
    generator = torch.Generator().manual_seed(0)
    for _ in range(updates):
        told = learner.learn(model, model.start(torch.zeros(64)), generator)
    return learner, told


def right(learner, x=0.0):
    """Probability of going right."""
    with torch.no_grad():
        return learner.actor(torch.tensor([[x / 5, 1.0]])).softmax(-1)[0, 1].item()


def test_it_learns_what_pays_from_imagination_alone():
    learner, told = practise(Corridor())
    assert right(learner) > 0.9 and learner.act(torch.tensor([[0.0, 1.0]])).item() == 1
    assert told["return"] > 3 and told["entropy"] < 0.5


def test_it_learns_to_avoid_an_end_though_every_step_pays_the_same():
    learner, _ = practise(Corridor(ends=True), 80)
    assert right(learner) > 0.9


def test_normalised_advantages_are_really_used():
    """With returns a thousand times as large the first steps of the actor are the same."""
    moved = {}
    for normalise in (True, False):
        for pay in (10.0, 100.0):
            learner, told = practise(Corridor(pay), 1, normalise=normalise)
            improve_by = [p.grad.norm().item() for p in learner.actor.parameters()][-1]
            moved[normalise, pay] = improve_by
    assert moved[True, 100.0] == pytest.approx(moved[True, 10.0], rel=0.02)
    assert moved[False, 100.0] > 5 * moved[False, 10.0]


def test_the_slow_critic_follows_slowly():
    learner, _ = practise(Corridor(), 1, slow=0.25)
    fresh, old = learner.critic[-1].weight, learner.slow[-1].weight
    torch.testing.assert_close(old, 0.25 * fresh)  # both began at zero


def test_the_same_seed_learns_the_same():
    a, b = (practise(Corridor(), 5)[1] for _ in range(2))
    assert a == b


def test_a_loss_that_is_no_number_changes_nothing():
    weight = torch.nn.Parameter(torch.tensor([1.0]))
    with pytest.raises(FloatingPointError, match="lower the learning rate"):
        improve(torch.optim.SGD([weight], lr=1.0), (weight * np.nan).sum())
    assert weight.item() == 1
