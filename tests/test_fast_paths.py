"""What runs sooner gives the same numbers as the clear path.

To the last bit on the machine that made the stored evidence; with another processor's arithmetic
(`make elsewhere`) to what rounding leaves.
"""

import gymnasium as gym
import numpy as np
import pytest
import torch
import torch.nn.utils.prune

from wmlib.models import Cautious, NeuralDynamics, products
from wmlib.models.base import WorldModel, leaves
from wmlib.models.blocks import slices
from wmlib.models.ensemble import Ensemble, Particles
from wmlib.models.networks import Normaliser
from wmlib.planning import RandomShooting

SPACES = {
    "two": gym.spaces.Discrete(2),
    "from 1": gym.spaces.Discrete(3, start=1),
    "floats": gym.spaces.Box(-1, 1, (2,), np.float32),
}
AIMS = {
    "learned": {},
    "rew": {
        "rew": lambda obs, action, nxt: nxt[:, 0] * obs[:, 1] - action.view(len(obs), -1)[:, 0]
    },
    "cont": {"cont": lambda nxt: (nxt[:, 0] < 1).float()},
}


def assert_same(left, right):
    for a, b in zip(left, right, strict=True):
        assert a.shape == b.shape and a.dtype == b.dtype
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


def shaken(model):
    """A model of four numbers whose parts all matter, as if it had learned."""
    chance = torch.Generator().manual_seed(1)

    def draw(*shape):
        return torch.randn(shape, generator=chance)

    model.norm_in.fit(1 + 2 * draw(99, len(model.norm_in.mean)))
    model.norm_out.fit(0.3 * draw(99, 5))
    model.cont.norm.fit(draw(99, 4))
    model.cont.ends_seen = True
    model.low, model.high = torch.full((4,), -3.0), torch.full((4,), 3.0)
    with torch.no_grad():
        for part in model.parameters():
            part.add_(0.05 * draw(*part.shape))
    return model


def plans(space, rows, horizon):
    chance = torch.Generator().manual_seed(2)
    if isinstance(space, gym.spaces.Box):
        return torch.rand(rows, horizon, 2, generator=chance) * 2 - 1
    return torch.randint(int(space.n), (rows, horizon), generator=chance) + int(space.start)


def assert_fast_is_clear(model, state, plan, seed=None):
    """`model.imagine` beside `WorldModel.imagine`."""

    def chance():
        return None if seed is None else torch.Generator().manual_seed(seed)

    with torch.no_grad():
        fast = model.imagine(state, plan, generator=chance())
        clear = WorldModel.imagine(model, state, plan, generator=chance())
    for a, b in zip(fast.states, clear.states, strict=True):
        assert_same(leaves(a), leaves(b))
    assert_same(fast[1:], clear[1:])


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
@pytest.mark.parametrize("aim", AIMS.values(), ids=AIMS)
@pytest.mark.parametrize(
    "settings",
    [{}, {"inputs": [1, 3, 2]}, {"change": False}, {"hidden": 50}, {"hidden": 200, "layers": 3}],
)
def test_a_network_in_blocks(space, aim, settings):
    model = shaken(NeuralDynamics(4, space, **settings)).goal(**aim)
    for rows, horizon in ((16, 1), (50, 20), (2113, 2)):
        state = torch.randn(rows, 4, generator=torch.Generator().manual_seed(3))
        assert_fast_is_clear(model, state, plans(space, rows, horizon))


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
@pytest.mark.parametrize("aim", AIMS.values(), ids=AIMS)
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"inputs": [1, 3, 2]},
        {"members": 3, "hidden": 50},
        {"members": 1},
        {"particles": 20},
        {"hidden": 200, "layers": 3},
    ],
)
def test_an_ensemble_in_blocks(space, aim, settings):
    model = shaken(Ensemble(4, space, **settings)).goal(**aim)
    for rows, horizon in ((16, 1), (513, 2)):
        chance = torch.Generator().manual_seed(3)
        obs = torch.randn(rows, model.particles, 4, generator=chance)
        state = Particles(obs, torch.rand(obs.shape[:2], generator=chance))
        for seed in (None, 4):
            assert_fast_is_clear(model, state, plans(space, rows, horizon), seed)
            assert_fast_is_clear(Cautious(model, 0.3), state, plans(space, rows, horizon), seed)


@pytest.mark.parametrize("kind", [NeuralDynamics, Ensemble])
@pytest.mark.parametrize("settings", [{}, {"hidden": 200, "layers": 3}])
def test_in_blocks_on_onednn(kind, settings, monkeypatch):
    if products.onednn() is None:
        pytest.skip("this torch has no oneDNN")
    monkeypatch.setattr(products, "pays", lambda: True)
    model = shaken(kind(4, SPACES["floats"], **settings))
    state = model.start(np.random.default_rng(0).normal(size=(513, 4)))
    for seed in (None, 4):
        assert_fast_is_clear(model, state, plans(SPACES["floats"], 513, 3), seed)


def test_blocks_cover_all_rows_and_leave_no_small_rest():
    for n in (*range(1, 700), 4096, 4097, 10_000):
        parts = list(slices(n, 320))
        assert [i for part in parts for i in range(part.start, part.stop)] == list(range(n))
        assert all(part.start % 64 == 0 for part in parts)
        assert len(parts) == 1 or all(part.stop - part.start > 64 for part in parts)


@pytest.mark.parametrize("kind", [NeuralDynamics, Ensemble])
def test_planners_run_in_blocks(kind, monkeypatch):
    model = shaken(kind(4, SPACES["two"]))
    state = model.start(np.zeros((1, 4)))
    with monkeypatch.context() as patch:
        patch.setattr(WorldModel, "imagine", None)  # the clear path is not needed
        fast = RandomShooting(5, 40).plan(model, state, torch.Generator().manual_seed(0))
    monkeypatch.setattr(kind, "imagine", WorldModel.imagine)
    clear = RandomShooting(5, 40).plan(model, state, torch.Generator().manual_seed(0))
    assert_same(fast[:2], clear[:2])


def test_whoever_changes_a_step_is_imagined_by_it():
    class Falling(NeuralDynamics):
        def predict(self, obs, action, generator=None):
            return obs - 1, obs[:, 0]

    class Doubtless(Ensemble):
        def step(self, state, action, generator=None):
            return super().step(state, action)

    for kind in (Falling, Doubtless):
        model = shaken(kind(4, SPACES["two"]))
        state = model.start(np.zeros((16, 4)))
        assert_fast_is_clear(model, state, plans(SPACES["two"], 16, 3), 5)
    relu = shaken(NeuralDynamics(4, SPACES["two"]))
    relu.net[1] = torch.nn.ReLU()
    assert_fast_is_clear(relu, relu.start(np.ones((16, 4))), plans(SPACES["two"], 16, 3))


@pytest.mark.parametrize("kind", [NeuralDynamics, Ensemble])
def test_in_blocks_too_a_wrong_plan_is_refused(kind):
    model = shaken(kind(4, SPACES["two"]))
    state = model.start(np.zeros((16, 4)))
    plan = plans(SPACES["two"], 16, 3)
    with torch.no_grad():
        for wrong, told in (
            (plan[:8], "16 states"),
            (plan + 1, "0 to 1"),
            (plan.float(), "integers"),
        ):
            with pytest.raises(ValueError, match=told):
                model.imagine(state, wrong)
        for horizon, told in ((4, "longer"), (0, "at least 1"), (-1, "horizon=-1")):
            with pytest.raises(ValueError, match=told):
                model.imagine(state, plan, horizon)
        held = plan.clone()
        rollout = model.imagine(state, plan, 2)
        plan.zero_()
        assert_same([rollout.actions], [held[:, :2]])


def test_a_state_of_other_particles_is_refused_in_blocks_too():
    few, many = (shaken(Ensemble(4, SPACES["two"], particles=n)) for n in (5, 10))
    plan = plans(SPACES["two"], 16, 3)
    with torch.no_grad():
        for model, other in ((few, many), (many, few)):
            with pytest.raises(ValueError, match="particles"):
                model.imagine(other.start(np.zeros((16, 4))), plan)


class Clipping(Normaliser):
    def forward(self, x):
        return super().forward(x).clamp(-0.5, 0.5)

    def undo(self, z):
        return super().undo(z).clamp(-0.1, 0.1)


class Certain(torch.nn.Module):
    ends_seen, norm = True, Normaliser(4)

    def forward(self, obs):
        return torch.full(obs.shape[:-1], 0.9)


def hooked(model):
    model.net.register_forward_hook(lambda module, inputs, out: out + 0.1)


def another_method(model):
    predict = model.predict if isinstance(model, NeuralDynamics) else model._split
    name = predict.__name__

    def instead(*args, **kwargs):
        first, second = predict(*args, **kwargs)
        return first + 0.1, second

    setattr(model, name, instead)


def another_norm(model):
    model.norm_in, model.norm_out = Clipping(len(model.norm_in.mean)), Clipping(5)


def another_head(model):
    model.cont = Certain()


@pytest.mark.parametrize("kind", [NeuralDynamics, Ensemble])
@pytest.mark.parametrize("change", [hooked, another_method, another_norm, another_head])
def test_whoever_changes_a_part_is_imagined_with_it(kind, change):
    model = shaken(kind(4, SPACES["two"]))
    state, plan = model.start(np.ones((16, 4))), plans(SPACES["two"], 16, 3)
    with torch.no_grad():
        before = model.imagine(state, plan)
        change(model)
        after = model.imagine(state, plan)
    assert_fast_is_clear(model, state, plan, 5)
    same = [*leaves(before.states[-1]), before.cont], [*leaves(after.states[-1]), after.cont]
    assert not all(torch.allclose(a, b) for a, b in zip(*same))


def test_a_pruned_layer_is_imagined_as_it_is_now():
    model, learned = (NeuralDynamics(4, SPACES["two"], seed=seed) for seed in (0, 1))
    for net in (model.net, learned.net):
        torch.nn.utils.prune.identity(net[2], "weight")
    model.load_state_dict(learned.state_dict())
    assert_fast_is_clear(model, model.start(np.ones((16, 4))), plans(SPACES["two"], 16, 3))
