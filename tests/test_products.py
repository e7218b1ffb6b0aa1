"""oneDNN's products, where they are quicker, are those of torch.

To the last bit on the machine that made the stored evidence, where the inputs are 192 or fewer;
with another processor's arithmetic (`make elsewhere`) to what rounding leaves.
"""

import types

import pytest
import torch
from torch import nn

from wmlib.models import products
from wmlib.models.products import GRUCell, Linear
from wmlib.models.rssm import RSSM
from wmlib.worlds.catch import Catch

SIZES = [(512, 66, 128), (512, 128, 384), (7500, 192, 61), (300, 64, 64), (1300, 30, 32)]


def close(a, b):
    torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-5, equal_nan=True)


@pytest.fixture
def calls(monkeypatch):
    """The shapes of all that oneDNN multiplies."""
    seen, product = [], products.onednn()
    if product is None:
        pytest.skip("this torch has no oneDNN")

    def spy(x, weight, *rest):
        seen.append((tuple(x.shape), tuple(weight.shape)))
        return product(x, weight, *rest)

    monkeypatch.setattr(products, "onednn", lambda: spy)
    monkeypatch.setattr(products, "pays", lambda: True)
    return seen


@pytest.mark.parametrize(
    "processor, capability, wanted",
    [
        ("vendor_id : AuthenticAMD", "AVX512", True),
        ("vendor_id : AuthenticAMD", "AVX2", False),
        ("vendor_id : GenuineIntel", "AVX512", False),
    ],
)
def test_onednn_is_asked_where_mkl_leaves_half_of_a_processor_unused(
    processor, capability, wanted, monkeypatch
):
    monkeypatch.setattr(products, "onednn", lambda: "a product")
    monkeypatch.setattr(products.Path, "read_text", lambda path, encoding: processor)
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
    assert products.pays.__wrapped__() is wanted
    monkeypatch.setattr(products, "onednn", lambda: None)
    assert not products.pays.__wrapped__()


@pytest.mark.parametrize("rows, inputs, outputs", SIZES)
def test_a_large_product_without_gradient_is_the_same(rows, inputs, outputs, calls):
    layer, x = Linear(inputs, outputs), torch.randn(rows, inputs)
    x[3, 2], x[5, 1] = torch.nan, torch.inf
    with torch.no_grad():
        close(layer(x), nn.functional.linear(x, layer.weight, layer.bias))
        close(layer(x.view(-1, 2, inputs)), layer(x).view(-1, 2, outputs))
        close(layer(x.t().contiguous().t()), layer(x))  # rows that do not lie one after another
        close(layer(x[:, None].expand(-1, 2, -1)), layer(x)[:, None].expand(-1, 2, -1))
    assert len(calls) == 7


@pytest.mark.parametrize("strided", [lambda x: x[::2], lambda x: x[:1].expand(128)])
def test_a_bias_with_gaps_is_read_rightly(strided, calls):
    layer, x = Linear(128, 128), torch.randn(512, 128)
    layer.bias = nn.Parameter(strided(torch.randn(256)))
    with torch.no_grad():
        close(layer(x), nn.functional.linear(x, layer.weight, layer.bias))
        prepared = products.prepare(layer.weight.t(), layer.bias, (512,))
        close(prepared(x), nn.functional.linear(x, layer.weight, layer.bias))
    assert len(calls) == 2


def test_all_other_products_are_left_to_torch(calls):
    wide, layer = torch.randn(512, 200), Linear(128, 128)
    x = torch.randn(512, 128)
    layer(x)  # gradients are wanted
    with torch.no_grad():
        layer(x[:64])  # small
        Linear(128, 8)(torch.randn(9000, 128))  # few outputs: torch adds them up in another order
        Linear(200, 128)(wide)  # many inputs, likewise
        with torch.autocast("cpu", dtype=torch.bfloat16):
            assert layer(x).dtype == torch.bfloat16
        _, moved = torch.func.jvp(layer, (x,), (torch.ones_like(x),))  # a derivative, forward
        close(moved, layer.weight.sum(1).expand(512, -1))
        assert Linear(0, 5)(torch.ones(512, 0)).shape == (512, 5)
        layer.double()(x.double())
        Linear(128, 128).to("meta")(x.to("meta"))
    assert not calls


def test_what_does_not_fit_is_refused():
    layer = Linear(128, 128)
    cell, x = GRUCell(128, 128), torch.randn(512, 128)
    with torch.no_grad():
        for wrong in (torch.randn(1024, 64), x.double(), x.to("meta"), torch.ones(512, 128).int()):
            with pytest.raises(RuntimeError):
                layer(wrong)
        for one, other in ((x, x[:1]), (x[:1], x), (x, x.double()), (x[:, :64], x)):
            with pytest.raises(RuntimeError):
                cell(one, other)


@pytest.mark.parametrize("rows", [16, 512])
@pytest.mark.parametrize("sizes", [(128, 128), (66, 128), (200, 64), (128, 200)])
def test_a_gru_is_torchs(rows, sizes):
    ours, theirs = GRUCell(*sizes), nn.GRUCell(*sizes)
    theirs.load_state_dict(ours.state_dict())
    x, deter = torch.randn(rows, sizes[0]), torch.randn(rows, sizes[1])
    before = x.clone(), deter.clone()
    with torch.no_grad():
        close(ours(x, deter), theirs(x, deter))
        close(ours(x[0], deter[0]), theirs(x[0], deter[0]))
    assert torch.equal(x, before[0]) and torch.equal(deter, before[1])
    for cell in (ours, theirs):
        cell(x, deter).square().sum().backward()
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        close(a.grad, b.grad)


def test_dreams_run_on_it_and_stay_what_they_were(calls, monkeypatch):
    model = RSSM(Catch.act_space)
    state = model._empty(256)
    plan = torch.randint(3, (256, 3), generator=torch.Generator().manual_seed(0))

    def dream():
        with torch.no_grad():
            return model.imagine(state, plan, generator=torch.Generator().manual_seed(1))

    quick = dream()
    assert len(calls) >= 3 * 6
    monkeypatch.setattr(products, "pays", lambda: False)
    clear = dream()
    for a, b in zip(quick.states, clear.states):
        close(a.deter, b.deter)
    close(quick.rew, clear.rew)
    close(quick.cont, clear.cont)


class Wrong:
    """An operator of the same name that does something else."""

    def __init__(self, product):
        self._linear_pointwise = product


@pytest.mark.parametrize(
    "mkldnn",
    [
        types.SimpleNamespace(),
        Wrong(lambda x, weight, *rest: x @ weight.t()),
        Wrong(lambda x, weight: x),
    ],
    ids=["absent", "without the bias", "with other arguments"],
)
def test_an_operator_that_is_not_there_or_says_otherwise_is_not_used(mkldnn, monkeypatch):
    products.onednn.cache_clear()
    monkeypatch.setattr(torch.ops, "mkldnn", mkldnn)
    monkeypatch.setattr(products, "pays", lambda: products.onednn() is not None)
    try:
        assert products.onednn() is None
        layer, x = Linear(128, 128), torch.randn(512, 128)
        with torch.no_grad():
            assert torch.equal(layer(x), nn.functional.linear(x, layer.weight, layer.bias))
    finally:
        products.onednn.cache_clear()
