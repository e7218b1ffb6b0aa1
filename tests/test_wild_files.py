"""What people ran into elsewhere: files that are cut, changed, or somebody else's."""

import gymnasium as gym
import numpy as np
import pytest
import torch
from test_dynamics import walk

from wmlib import weights
from wmlib.evidence import rooms
from wmlib.experience import collect
from wmlib.models import Ensemble, LinearDynamics, NeuralDynamics
from wmlib.models.base import leaves
from wmlib.worlds import CartPole

TWO = gym.spaces.Discrete(2)


def small(space=TWO, **settings):
    return NeuralDynamics(1, space, hidden=4, **settings)


def same(model, other):
    pairs = zip(model.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


@pytest.fixture
def saved(tmp_path):
    model = small(seed=1)
    weights.save(model, tmp_path / "m.pt")
    return model, tmp_path / "m.pt"


def refused(path):
    with pytest.raises(ValueError, match="does not hold a saved model") as error:
        weights.load(small(), path)
    assert path.name in str(error.value) and "wmlib.weights.save" in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("share", [0, 0.02, 0.5, 0.9, 0.999])
def test_half_a_file_is_refused(share, saved):
    path = saved[1]
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    refused(path)


def test_a_changed_byte_is_noticed_or_harmless(saved):
    model, path = saved
    raw, noticed = path.read_bytes(), 0
    for k in range(0, len(raw), len(raw) // 150):
        for flip in (0x40, 0xFF):
            changed = bytearray(raw)
            changed[k] ^= flip
            path.write_bytes(changed)
            other = small(seed=9)
            try:
                weights.load(other, path)
            except ValueError:
                noticed += 1
            else:
                assert same(other, model)
    assert noticed > 200


@pytest.mark.parametrize(
    "write, says",
    [
        (lambda path: path.write_bytes(b"not a model"), ""),
        (lambda path: path.write_bytes(b"PK\x03\x04 nearly a zip"), ""),
        (lambda path: torch.save(small(), path), "Python objects, which may run code"),
        (lambda path: torch.save(small().state_dict(), path), "it is a bare state_dict"),
        (lambda path: torch.save({"weights": 1}, path), "there is no 'model' in it"),
        (lambda path: weights.export({"a": torch.ones(1)}, path), "there is no 'model' in it"),
    ],
    ids=["text", "nearly a zip", "pickled model", "state_dict", "dict", "exported"],
)
def test_a_file_that_holds_something_else_is_refused(write, says, tmp_path):
    write(tmp_path / "x.pt")
    assert says in refused(tmp_path / "x.pt")


@pytest.mark.parametrize(
    "space, says",
    [
        (gym.spaces.Box(-1, 1, (2,)), r"Discrete\(2\), this model has Box\(-1.0, 1.0, \(2,\)"),
        (gym.spaces.Discrete(2, start=1), r"Discrete\(2\), this model has Discrete\(2, start=1\)"),
    ],
)
def test_a_model_of_other_actions_is_refused_though_all_sizes_fit(space, says, saved):
    with pytest.raises(ValueError, match=f"saved with act_space = {says}"):
        weights.load(small(space), saved[1])


def test_a_file_that_is_not_there_or_a_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file .*m.pt"):
        weights.load(small(), tmp_path / "m.pt")
    with pytest.raises(FileNotFoundError, match="there is no folder .*no to write m.pt to"):
        weights.save(small(), tmp_path / "no" / "m.pt")
    for use in (weights.load, weights.save):
        with pytest.raises(ValueError, match="is a folder"):
            use(small(), tmp_path)


def test_an_aim_is_not_saved(tmp_path):
    weights.save(small().goal(rew=lambda o, a, n: n[:, 0]), tmp_path / "m.pt")
    assert weights.load(small(seed=2), tmp_path / "m.pt").rew_function is None


@pytest.mark.parametrize("kind", [NeuralDynamics, LinearDynamics, Ensemble])
def test_a_saved_model_comes_back_the_same(kind, tmp_path):
    world = CartPole()
    model = kind(4, world.act_space)
    model.fit(collect(world, steps=200, seed=0))
    weights.save(model, tmp_path / "model.pt")
    again = weights.load(kind(4, world.act_space), tmp_path / "model.pt")
    obs, action = np.random.default_rng(0).normal(size=(9, 4)), torch.arange(9) % 2
    with torch.no_grad():
        a, b = model.step(model.start(obs), action), again.step(again.start(obs), action)
    assert same(model, again)
    # On some processors the last digit of a product depends on where in memory a matrix lies.
    assert all(torch.allclose(x, y, rtol=1e-5, atol=1e-6) for x, y in zip(leaves(a), leaves(b)))
    assert (a.cont < 1).any() == (kind is not LinearDynamics)


def test_training_resumes_where_it_was_saved(tmp_path):
    data, model = walk(), small()
    model.fit(data, steps=30)
    weights.save(model, tmp_path / "model.pt")
    straight_on = model.fit(data, steps=30)
    again = weights.load(small(seed=5), tmp_path / "model.pt")
    assert again.fit(data, steps=30) == straight_on


def test_the_weights_of_the_course_are_whole():
    paths = [path for room in rooms() for path in (room / "weights").glob("*.pt")]
    assert len(paths) > 10
    for path in paths:
        weights.read(path, ())
