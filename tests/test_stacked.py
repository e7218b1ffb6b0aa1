"""An ensemble's training step by hand is autograd's: the same bits where its members are small, the
same numbers where other products are quicker."""

import gymnasium as gym
import numpy as np
import pytest
import torch
from torch import nn

from wmlib.devices import new_generator
from wmlib.experience import Transitions
from wmlib.models import ensemble_training, stacked
from wmlib.models.ensemble import Ensemble
from wmlib.models.products import onednn
from wmlib.models.stacked import Passes, StackedMLP
from wmlib.training import lean

TWO, PUSH = gym.spaces.Discrete(2), gym.spaces.Box(-1, 1, (2,), np.float32)


class ByAutograd(Ensemble):
    """A child may change anything, so it goes the clear way."""


def transitions(space, n=300):
    rng = np.random.default_rng(0)
    space.seed(0)
    obs, act = rng.normal(size=(n, 4)), np.array([space.sample() for _ in range(n)])
    nxt, rew = obs + 0.3 * np.sin(3 * obs) + 0.1 * rng.normal(size=(n, 4)), rng.normal(size=n)
    no = np.zeros(n, bool)
    numbers = (x.astype(np.float32) for x in (rew, nxt))
    return Transitions(obs.astype(np.float32), act, *numbers, no, no, np.arange(n) // 50)


def trained(kind, space=TWO, steps=40, double=False, **settings):
    fitting = {name: settings.pop(name) for name in ("batch", "lr") if name in settings}
    model = kind(4, space, **settings)
    model = model.double() if double else model
    return model, model.fit(transitions(space), steps=steps, **fitting)


SETTINGS = {
    "as it comes": {},
    "floats for actions": {"space": PUSH},
    "other batches": {"batch": 256},
    "odd sizes": {"hidden": 37, "layers": 3, "batch": 7, "members": 3},
    "one layer, one member": {"layers": 1, "members": 1, "bootstrap": False, "inputs": [2]},
    "no hidden layer": {"layers": 0},
    "double precision": {"double": True},
    "the largest that is stored": {"hidden": 128, "layers": 2},
}


@pytest.fixture
def counted(monkeypatch):
    """How often the gradient was found by hand."""
    found, gradient = [], ensemble_training.TrainingStep.gradient

    def spy(self):
        found.append(1)
        gradient(self)

    monkeypatch.setattr(ensemble_training.TrainingStep, "gradient", spy)
    return found


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_a_trained_ensemble_has_the_bits_that_autograd_gives(settings, counted):
    clear, wanted = trained(ByAutograd, **settings)
    assert not counted
    quick, losses = trained(Ensemble, **settings)
    assert len(counted) == 40
    assert losses == wanted and len(set(losses)) > 30
    for (name, a), b in zip(clear.named_parameters(), quick.parameters(), strict=True):
        assert torch.equal(a, b), name
        assert name.startswith("cont") or (a.grad is not None and torch.equal(a.grad, b.grad)), name
    assert torch.equal(clear.generator.get_state(), quick.generator.get_state())


@pytest.mark.parametrize("rows, way", [(20, "turned"), (64, "one_by_one")])
def test_wide_members_multiply_another_way_and_find_the_same_gradient(rows, way, monkeypatch):
    if onednn() is None:
        pytest.skip("this torch has no oneDNN")
    monkeypatch.setattr(stacked, "pays", lambda: True)
    net, chance = StackedMLP(2, [5, 200, 200, 8], new_generator(0)), new_generator(1)
    passes, x = Passes(net, rows), torch.randn(2, rows, 5, generator=chance)
    assert passes.products[0] is stacked._together and passes.products[2] is stacked._turned
    assert (passes.products[1] is stacked._one_by_one) == (way == "one_by_one")
    with torch.no_grad():
        for bias in net.biases:
            bias.normal_(generator=chance)
    grad = torch.randn(2, rows, 8, generator=chance)
    wanted = net(x)
    gradients = torch.autograd.grad(wanted, list(net.parameters()), grad)
    with torch.no_grad():
        for _ in range(2):  # the same memory again
            torch.testing.assert_close(passes.forward(x), wanted, rtol=1e-4, atol=1e-5)
            passes.backward(grad.clone())
    for (name, part), gradient in zip(net.named_parameters(), gradients):
        torch.testing.assert_close(part.grad, gradient, rtol=1e-4, atol=1e-4, msg=name)
    with pytest.raises(RuntimeError, match="automatic differentiation"):
        passes.forward(x)  # a gradient that would be wrong in silence


@pytest.mark.parametrize("part", ["net.biases.0", "max_log_var"])
def test_a_part_that_is_frozen_stays(part, counted):
    model = Ensemble(4, TWO)
    frozen = model.get_parameter(part).requires_grad_(False)
    before, others = frozen.clone(), model.net.weights[0].clone()
    model.fit(transitions(TWO), steps=3)
    assert torch.equal(frozen, before) and not torch.equal(model.net.weights[0], others)
    assert not counted


def test_nothing_is_learned_from_a_loss_that_is_no_number():
    model = Ensemble(4, TWO)
    with torch.no_grad():
        model.min_log_var[0] = torch.nan
    before = model.net.weights[1].clone()
    with pytest.raises(FloatingPointError, match="at step 0 of 5"):
        model.fit(transitions(TWO), steps=5)
    assert torch.equal(model.net.weights[1], before) and model.net.weights[1].grad is None


def tied(model):
    model.net.weights[2] = model.net.weights[1]


def halved(model):
    class Half(nn.Module):
        def forward(self, weight):
            return weight / 2

    nn.utils.parametrize.register_parametrization(model.net.weights, "1", Half())


def held(model):
    model.net.weights[0].register_hook(lambda gradient: gradient * 0)


def bent(model):
    model.net.register_forward_hook(lambda module, inputs, out: out * 2)


def split_otherwise(model):
    def _split(out):
        return Ensemble._split(model, out * 2)

    model._split = _split


@pytest.mark.parametrize("change", [tied, halved, held, bent, split_otherwise])
def test_whoever_changes_an_ensemble_has_it_trained_by_autograd(change, counted):
    def learn(kind):
        model = kind(4, TWO, hidden=16, layers=3)
        change(model)
        return model.fit(transitions(TWO), steps=20, batch=8)

    assert learn(Ensemble) == learn(ByAutograd)
    assert not counted


def test_a_used_or_divided_optimiser_stays_torchs():
    one, other = (nn.Parameter(torch.ones(2)) for _ in range(2))
    adam = torch.optim.AdamW([{"params": [one]}, {"params": [other]}], fused=True)
    assert lean(adam) is adam
    used = torch.optim.AdamW([one], fused=True)
    one.sum().backward()
    used.step()
    assert lean(used) is used
