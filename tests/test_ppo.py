"""PPO: the clipped gain by hand, advantages really normalised, several looks at one dream."""

import pytest
import torch
from test_actor_critic import Corridor

from wmlib.learning.ppo import PPO, clipped, standardise


def practise(model, updates=15, **kw):
    learner = PPO(2, 2, **{"hidden": 16, "horizon": 5, "lr": 1e-2, "minibatches": 1, **kw})
    generator = torch.Generator().manual_seed(0)
    for _ in range(updates):
        told = learner.learn(model, model.start(torch.zeros(64)), generator)
    return learner, told


def right(learner):
    """Probability of going right."""
    with torch.no_grad():
        return learner.actor(torch.tensor([[0.0, 1.0]])).softmax(-1)[0, 1].item()


def test_the_clipped_gain_by_hand():
    ratio = torch.tensor([1.0, 1.5, 0.5, 1.5, 0.5])
    advantage = torch.tensor([2.0, 2.0, 2.0, -2.0, -2.0])
    assert clipped(ratio, advantage).tolist() == pytest.approx([2.0, 2.4, 1.0, -3.0, -1.6])


def test_beyond_the_clip_nothing_more_is_gained_by_going_further():
    ratio = torch.tensor([1.5, 0.5, 1.1, 0.9], requires_grad=True)
    clipped(ratio, torch.tensor([1.0, -1.0, 1.0, -1.0])).sum().backward()
    assert ratio.grad.tolist() == [0.0, 0.0, 1.0, -1.0]


def test_standard_advantages_have_mean_0_and_deviation_1_as_they_count():
    advantage, weight = torch.tensor([[3.0, 5.0, 900.0]]), torch.tensor([[1.0, 1.0, 0.0]])
    assert standardise(advantage, weight)[0, :2].tolist() == pytest.approx([-1, 1], abs=2e-3)
    assert standardise(torch.full((2, 3), 7.0), torch.ones(2, 3)).abs().max() < 1e-3


def test_normalised_advantages_are_really_used():
    """With rewards ten times as large the actor learns the same."""
    moved = {}
    for normalise in (True, False):
        for pay in (0.1, 1.0):
            # One epoch of plain steps: Adam would hide how large the gradient is.
            learner = PPO(2, 2, epochs=1, minibatches=1, hidden=16, horizon=5, normalise=normalise)
            learner.actor_optimiser = torch.optim.SGD(learner.actor.parameters(), lr=0.1)
            model = Corridor(pay)
            learner.learn(model, model.start(torch.zeros(64)), torch.Generator().manual_seed(0))
            moved[normalise, pay] = learner.actor[-1].weight.norm().item()
    assert moved[True, 1.0] == pytest.approx(moved[True, 0.1], rel=0.05)
    assert moved[False, 1.0] > 5 * moved[False, 0.1]


def test_it_learns_what_pays_and_faster_with_several_looks():
    assert right(practise(Corridor(), 15)[0]) > 0.9
    assert right(practise(Corridor(), 5)[0]) > right(practise(Corridor(), 5, epochs=1)[0]) + 0.1


def test_it_learns_to_avoid_an_end_though_every_step_pays_the_same():
    assert right(practise(Corridor(ends=True), 40)[0]) > 0.9


def test_the_same_seed_learns_the_same():
    a, b = (practise(Corridor(), 4)[1] for _ in range(2))
    assert a == b
