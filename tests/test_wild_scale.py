"""What people ran into elsewhere: columns with large offsets, tiny or huge scales, or no variation."""

from functools import cache

import gymnasium as gym
import numpy as np
import pytest
import torch

from wmlib import weights
from wmlib.course.ch05_ensembles.gated import doubt, familiar
from wmlib.course.ch05_ensembles.mbpo import BranchedQ
from wmlib.evaluation import error_by_horizon
from wmlib.experience import Transitions
from wmlib.models import Ensemble, LinearDynamics, NeuralDynamics
from wmlib.models.networks import Normaliser, Units
from wmlib.planning import MPC, RandomShooting
from wmlib.players import pack_dynamics

PUSH = gym.spaces.Box(-1, 1, (1,))
COLUMNS = {
    "plain": lambda x: [x],
    "beside a constant 0": lambda x: [x, 0.0],
    "beside a constant 1e6": lambda x: [x, 1e6],
    "scale 1e6": lambda x: [1e6 * x],
    "scale 1e20": lambda x: [1e20 * x],
    "scale 1e-9": lambda x: [1e-9 * x],
    "offset 1e6": lambda x: [x + 1e6],
    "offset 1e7, metres on a map": lambda x: [x + 1e7],
    "offset 1.7e9, Unix time": lambda x: [x + 1.7e9],
    "offset 1e-3, scale 1e-9": lambda x: [1e-9 * x + 1e-3],
}
wild = pytest.mark.parametrize("name", [name for name in COLUMNS if name != "plain"])


def drifting(columns, n=1000):
    """x' = 0.9 x + a, in whatever units."""
    rng = np.random.default_rng(0)
    x, a = np.zeros(n + 1), rng.uniform(-1, 1, (n, 1))
    for t in range(n):
        x[t + 1] = 0.9 * x[t] + a[t, 0]
    obs = np.stack(np.broadcast_arrays(*columns(x)), 1)
    none, inside = np.zeros(n, bool), np.arange(n) % 50 < 49
    rows = obs[:-1], a, -abs(x[1:]), obs[1:], none, none, np.arange(n) // 50
    return Transitions(*(row[inside] for row in rows))


def neural(size):
    return NeuralDynamics(size, PUSH, hidden=16), {"steps": 300, "lr": 5e-3}


def ensemble(size):
    return Ensemble(size, PUSH, members=2, hidden=16), {"steps": 150, "lr": 1e-2}


def linear(size):
    return LinearDynamics(size, PUSH), {}


@cache
def fitted(kind, name):
    train, test = drifting(COLUMNS[name]).split()
    model, settings = kind(train.obs.shape[1])
    model.fit(train, **settings)
    return model, test


@wild
@pytest.mark.parametrize("kind", [neural, ensemble, linear])
def test_a_column_in_other_units_is_learned_as_well_as_a_plain_one(kind, name):
    plain, wild = (error_by_horizon(*fitted(kind, which), 3) for which in ("plain", name))
    assert (plain < 0.08).all()
    assert (wild < 2 * plain + 1e-3).all()


@pytest.mark.parametrize("kind", [neural, ensemble, linear])
def test_ordinary_columns_keep_their_values_to_the_last_bit(kind):
    model, test = fitted(kind, "plain")
    assert model.units.plain
    obs = torch.as_tensor(test.obs, dtype=torch.float32)
    assert torch.equal(model.observed(test.obs), obs)
    assert model.units.out(obs) is obs and model.units.into(obs) is obs


@wild
def test_what_is_decoded_is_what_was_seen(name):
    for kind in (neural, ensemble):
        model, test = fitted(kind, name)
        seen = model.decode(model.start(test.obs)).numpy()
        spread = test.obs.std(0).clip(1e-12)
        assert (abs(seen - test.obs) < 1e-3 * spread + 1e-7 * abs(test.obs) * ~far(model)).all()


def far(model):
    return (model.units.offset != 0).numpy()


@pytest.mark.parametrize("name", ["scale 1e-9", "offset 1e7, metres on a map"])
def test_aims_gates_and_planners_see_the_environments_own_numbers(name):
    model, test = fitted(ensemble, name)
    seen = []

    def aim(obs, action, nxt):
        seen.append(nxt)
        return nxt[:, 0]

    agent = MPC(model.goal(rew=aim), RandomShooting(1, 50))
    agent.begin(test.obs[:2])
    assert (agent.act(test.obs[:2]) > 0.5).all()  # to the right it grows
    low, high = test.obs.min(), test.obs.max()
    assert low - (high - low) < float(seen[0].min()) <= float(seen[0].max()) < high + (high - low)
    asked = []

    def fallback(obs):
        asked.append(obs)
        return np.zeros((len(obs), 1), np.float32)

    line = familiar(model, test, 2)
    found = doubt(model, test.obs[:5], test.act[:5], fallback, 2)
    assert 0 < line < 1 and found.shape == (5,) and (found < 10 * line).all()
    assert abs(asked[0] - test.next_obs[:5]).max() < 0.1 * (high - low)


def test_units_are_saved_and_survive_another_precision(tmp_path):
    model, test = fitted(neural, "offset 1.7e9, Unix time")
    weights.save(model, tmp_path / "m.pt")
    again = weights.load(neural(1)[0], tmp_path / "m.pt").half().float()
    assert torch.equal(again.units.offset, model.units.offset) and not again.units.plain
    assert error_by_horizon(again, test, 1)[0] < 0.05  # weights rounded to three digits


def test_learning_from_branches_reads_a_position_on_a_map():
    rng = np.random.default_rng(0)
    x, a = rng.uniform(-1, 1, 600), rng.integers(0, 2, 600)
    values = []
    for offset in (0.0, 1e7):
        obs = (x + offset)[:, None]
        nxt = obs + 0.1 * (2 * a - 1)[:, None]
        none = np.zeros(600, bool)
        data = Transitions(obs, a, nxt[:, 0] - offset, nxt, none, none, np.arange(600))
        model = NeuralDynamics(1, gym.spaces.Discrete(2))
        agent = BranchedQ(model, data, 0, gamma=0.5, seed=0).learn(updates=300)
        values.append(agent.values(agent._read(np.array([[offset - 0.5], [offset + 0.5]]))))
        assert agent.act(np.array([[offset]])).tolist() == [1]
    assert torch.allclose(*values, atol=0.1)


def test_the_browser_player_refuses_units_that_it_does_not_know():
    with pytest.raises(ValueError, match="large offset or scale"):
        pack_dynamics("far", fitted(neural, "offset 1e6")[0])


# ----------------------------------------------------------------------------------- the parts


def normalised(x):
    norm = Normaliser(1)
    norm.fit(x)
    return norm(x), norm


@pytest.mark.parametrize("scale", [1e-12, 1e-9, 1e-3, 1.0, 1e9])
def test_what_is_constant_is_judged_by_the_columns_own_spread(scale):
    z, _ = normalised(scale * torch.randn(500, 1, generator=torch.Generator().manual_seed(0)))
    assert z.std().item() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("value", [0.0, 1.0, -3.7, 1e-9, 123456.7, 1.7e9])
def test_the_dust_of_rounding_is_no_spread(value):
    dust = torch.full((977, 1), value)
    dust[::2] = torch.nextafter(dust[::2], torch.tensor(torch.inf))
    for x in (torch.full((977, 1), value), dust) if value else (torch.full((977, 1), value),):
        _, norm = normalised(x)
        assert norm.std.item() == 1


@pytest.mark.parametrize(
    "column, plain",
    [
        (np.arange(10.0), True),
        (np.full(10, 42.0), True),
        (np.arange(10.0) + 2000, True),
        (np.arange(10.0) + 4000, False),
        (np.full(10, 1e6), False),
        (np.arange(10) * 1e-4, True),
        (np.arange(10) * 1e-6, False),
        (np.arange(10) * 1e4, True),
        (np.arange(10) * 1e6, False),
    ],
)
def test_only_what_single_precision_would_lose_is_counted_otherwise(column, plain):
    units, x = Units(1), torch.as_tensor(column)[:, None]
    units.fit(x)
    assert units.plain == plain
    assert torch.allclose(units.out(units.into(x)), x, rtol=1e-12)
    inside = units.into(x)
    assert plain or (inside.abs().max() < 1e4 and inside.dtype == torch.float64)
