"""Files of weights: the same model or an error, the whole file or none."""

import os

import numpy as np
import pytest
import torch

from wmlib import weights
from wmlib.files import existing, write_text, write_whole
from wmlib.models import NeuralDynamics
from wmlib.worlds import CartPole, Pendulum

STATE = {"a": torch.arange(6.0).view(2, 3), "n": torch.tensor(7)}


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "file"
    write_text(path, "grün\nblau")
    assert path.read_bytes() == "grün\nblau".encode()
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o644

    def broken(file):
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(path, broken)
    assert [p.name for p in tmp_path.iterdir()] == ["file"] and path.read_text("utf8")[:4] == "grün"


def test_a_path_that_cannot_be_written_or_read_is_named(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="is a folder: name a file in it"):
        write_text(tmp_path, "")
    with pytest.raises(ValueError, match="is a folder: name a file in it"):
        existing(tmp_path)
    with pytest.raises(FileNotFoundError, match="no folder .*nowhere to write x to"):
        write_text(tmp_path / "nowhere" / "x", "")
    with pytest.raises(FileNotFoundError, match="there is no file"):
        existing(tmp_path / "x")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write_text("~/x", "home")
    assert existing("~/x") == tmp_path / "x" and (tmp_path / "x").read_text("utf8") == "home"


def test_what_was_written_is_read_and_every_byte_is_checked(tmp_path):
    path = tmp_path / "w.pt"
    content = {"state": STATE, "log": [1, 2.5, "three"], "none": None}
    weights.write(content, path)
    found = weights.read(path, ("state", "log"))
    assert found["log"] == content["log"] and torch.equal(found["state"]["a"], STATE["a"])
    assert set(found) == set(content)
    with pytest.raises(ValueError, match="there is no 'rng' in it"):
        weights.read(path, ("rng",))
    changed = torch.load(path, weights_only=True)
    changed["state"]["a"][1, 2] += 1
    torch.save(changed, path)
    with pytest.raises(ValueError, match="its checksum is wrong"):
        weights.read(path, ())
    for other, says in (([1], "it is a list"), (dict(STATE), "a bare state_dict")):
        torch.save(other, path)
        with pytest.raises(ValueError, match=says):
            weights.read(path, ())


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c | {"a": torch.zeros(3, 2)},
        lambda c: c | {"a": torch.zeros(2, 3, dtype=torch.int32)},
        lambda c: c | {"log": [1, [2]]},
        lambda c: c | {"log": [2, 1]},
        lambda c: {"b": c["a"], "log": c["log"]},
    ],
)
def test_the_checksum_is_of_names_kinds_shapes_and_order(change):
    content = {"a": torch.zeros(2, 3), "log": [1, 2]}
    assert weights._checksum(content) == weights._checksum(dict(content))
    assert weights._checksum(change(content)) != weights._checksum(content)


def test_exported_weights_are_halves_and_fit_only_what_they_were_taken_from(tmp_path):
    path, own = tmp_path / "w.pt", {name: torch.zeros_like(v) for name, v in STATE.items()}
    weights.export(STATE, path)
    assert weights.read(path, ("weights",))["weights"]["a"].dtype == torch.float16
    weights.import_weights(own, path)
    assert torch.equal(own["a"], STATE["a"]) and own["a"].dtype == torch.float32 and own["n"] == 7
    wrong = {"a": torch.zeros(2, 3), "n": torch.zeros(2)}
    with pytest.raises(ValueError, match=r"holds n of shape \[\], here it has the shape \[2\]"):
        weights.import_weights(wrong, path)
    assert wrong["a"].eq(0).all()  # all of them or none
    with pytest.raises(ValueError, match="holds b of shape None"):
        weights.import_weights({**own, "b": torch.zeros(1)}, path)


def test_a_model_is_read_only_into_one_that_was_built_alike(tmp_path):
    path, model = tmp_path / "m.pt", NeuralDynamics(4, CartPole.act_space, seed=3)
    model.generator.manual_seed(9)
    weights.save(model, path)
    other = weights.load(NeuralDynamics(4, CartPole.act_space, seed=4), path)
    for a, b in zip(model.state_dict().values(), other.state_dict().values()):
        assert torch.equal(torch.as_tensor(a), torch.as_tensor(b))
    assert torch.equal(other.generator.get_state(), model.generator.get_state())
    for wrong, says in (
        (NeuralDynamics(4, CartPole.act_space, change=False), "saved with change = True"),
        (NeuralDynamics(4, Pendulum.act_space), "saved with act_"),
        (NeuralDynamics(4, CartPole.act_space, hidden=8), r"net\.0\.weight of shape \[64, 6\]"),
    ):
        before = {k: torch.as_tensor(v).clone() for k, v in wrong.state_dict().items()}
        with pytest.raises(ValueError, match=says):
            weights.load(wrong, path)
        assert all(
            torch.equal(torch.as_tensor(v), before[k]) for k, v in wrong.state_dict().items()
        )
    with pytest.raises(ValueError, match="holds a NeuralDynamics, this is a Linear"):
        weights.load(torch.nn.Linear(1, 1), path)


def test_a_learners_parts_go_on_where_they_stood(tmp_path):
    def parts(seed):
        torch.manual_seed(seed)
        net = torch.nn.Linear(2, 1)
        return {
            "net": net,
            "optimisers": [torch.optim.Adam(net.parameters(), lr=0.1 * seed)],
            "chance": [torch.Generator().manual_seed(seed), np.random.default_rng(seed)],
        }

    def go_on(parts):
        torch_chance, rng = parts["chance"]
        parts["optimisers"][0].zero_grad()
        parts["net"](torch.rand(4, 2, generator=torch_chance)).sum().backward()
        parts["optimisers"][0].step()
        return [*parts["net"].weight[0].tolist(), rng.random()]

    one, two = parts(1), parts(2)
    go_on(one)
    weights.write(weights.states(one), tmp_path / "l.pt")
    content = weights.read(tmp_path / "l.pt", tuple(one))
    weights.restore(two, content, "l.pt")
    assert [go_on(two) for _ in "ab"] == [go_on(one) for _ in "ab"]
    wide = {**parts(3), "net": torch.nn.Linear(3, 1)}
    before = wide["chance"][1].bit_generator.state
    with pytest.raises(ValueError, match=r"l\.pt holds weight of shape \[1, 2\]"):
        weights.restore(wide, content, "l.pt")
    assert wide["chance"][1].bit_generator.state == before


def test_tensors_of_16_bits_come_back_in_their_places(tmp_path):
    content = {
        "weights": {
            "b": torch.zeros(0).half(),
            "W": torch.randn(3, 2).half(),
            "n": torch.arange(4),
        },
        "more": [torch.tensor(0.5).half(), {"x": torch.randn(5)}],
    }
    weights.write(content, tmp_path / "w.pt")
    found = weights.read(tmp_path / "w.pt", ("weights", "more"))
    for name, value in content["weights"].items():
        assert found["weights"][name].dtype == value.dtype
        assert torch.equal(found["weights"][name], value)
    assert torch.equal(found["more"][0], content["more"][0])
    assert torch.equal(found["more"][1]["x"], content["more"][1]["x"])
