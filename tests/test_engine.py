"""The engine of the players: each layer says what torch says, and damaged weights are noticed."""

import copy

import pytest
import torch
from browser import opened
from torch import nn

from wmlib.players.gallery import engine
from wmlib.players.weights import pack, rounded

SCRIPT = f"<script>{engine()}</script>"
X = torch.randn(12, generator=torch.Generator().manual_seed(0))
PICTURE = torch.randn(3, 9, 7, generator=torch.Generator().manual_seed(1))
T, L = "const t = WM.weights('w').tensors, x = Float32Array.from(given), ", "WM.layers."


def seeded(make):
    torch.manual_seed(0)
    return rounded(make())


def gru():
    cell = seeded(lambda: nn.GRUCell(12, 6))
    code = (
        T
        + "h = x.slice(0, 6); return "
        + L
        + "gru(x, h, t.weight_ih, t.weight_hh, t.bias_ih, t.bias_hh)"
    )
    return cell, X, cell(X, X[:6]), code


def lstm():
    cell = seeded(lambda: nn.LSTMCell(12, 6))
    h, c = cell(X, (X[:6], X[6:]))
    code = (
        T + "s = [x.slice(0, 6), x.slice(6)]; const [h, c] = " + L + "lstm(x, s, t.weight_ih,"
        " t.weight_hh, t.bias_ih, t.bias_hh); return [...h, ...c]"
    )
    return cell, X, torch.cat([h, c]), code


def attention():
    """Five tokens, one after the other; torch sees them at once, with a causal mask."""
    tokens = torch.randn(5, 12, generator=torch.Generator().manual_seed(2))
    q, k, v = (tokens * s for s in (1.0, 0.5, 2.0))
    heads = [part.view(5, 3, 4).transpose(0, 1) for part in (q, k, v)]
    out = nn.functional.scaled_dot_product_attention(*heads, is_causal=True)
    code = (
        "const x = Float32Array.from(given), cache = [], out = []; for (let i = 0; i < 5; i++) { const p = "
        "x.slice(12 * i, 12 * i + 12); out.push(..." + L + "attend(p, p.map((v) => v / 2), "
        "p.map((v) => 2 * v), cache, 3)); } return out"
    )
    return nn.Identity(), tokens, out.transpose(0, 1), code


def one(make, given, code):
    module = seeded(make)
    return module, given, module(given), T + code


CASES = {
    "dense": lambda: one(
        lambda: nn.Linear(12, 5), X, "y = " + L + "dense(x, t.weight, t.bias); return y"
    ),
    "layer norm": lambda: one(
        lambda: nn.LayerNorm(12), X, "y = " + L + "layerNorm(x, t.weight, t.bias); return y"
    ),
    "gru": gru,
    "lstm": lstm,
    "conv": lambda: one(
        lambda: nn.Conv2d(3, 4, 4, stride=2, padding=1),
        PICTURE,
        "y = " + L + "conv(x, [3, 9, 7], t.weight, t.bias, 2, 1); return y.data",
    ),
    "transposed conv": lambda: one(
        lambda: nn.ConvTranspose2d(3, 4, 4, stride=2, padding=1),
        PICTURE,
        "y = " + L + "convTranspose(x, [3, 9, 7], t.weight, t.bias, 2, 1); return y.data",
    ),
    "transposed conv with rows added": lambda: one(
        lambda: nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, output_padding=1),
        PICTURE,
        "y = " + L + "convTranspose(x, [3, 9, 7], t.weight, t.bias, 2, 1, 1); return y.data",
    ),
    "attention with a cache": attention,
    **{
        name: lambda name=name: (
            nn.Identity(),
            5 * X,
            getattr(nn.functional, name)(5 * X),
            f"return {L}act(given, '{name}')",
        )
        for name in ("silu", "relu", "elu", "tanh", "sigmoid", "gelu", "softplus")
    },
    "softmax": lambda: (nn.Identity(), X, (X / 0.5).softmax(0), f"return {L}softmax(given, 0.5)"),
}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("engine"), SCRIPT) as page:
        yield page


def in_page(page, code, given):
    return page.evaluate(
        f"(given) => {{ {code.replace('return ', 'return Array.from(')}) }}", given
    )


@pytest.mark.parametrize("name", list(CASES))
def test_a_layer_says_what_torch_says(page, name):
    module, given, wanted, code = CASES[name]()
    page.evaluate(pack("w", module.state_dict() or {"none": torch.zeros(1)}))
    said = torch.tensor(in_page(page, code, given.flatten().tolist()))
    assert (said - wanted.detach().flatten()).abs().max() < 1e-5


def test_weights_of_32_bits_arrive_as_they_are(page):
    page.evaluate(pack("w", {"x": X}, bits=32))
    assert in_page(page, "return WM.weights('w').tensors.x.data", None) == X.tolist()


def test_half_precision_is_read_as_torch_reads_it(page):
    odd = torch.tensor([0.0, -0.0, 1.0, -2.5, 6e-8, 1e-5, 65504.0, 0.333])
    page.evaluate(pack("w", {"x": odd}))
    assert in_page(page, "return WM.weights('w').tensors.x.data", None) == odd.half().tolist()


@pytest.mark.parametrize("bits", [16, 8])
def test_rounded_weights_arrive_as_they_are(page, bits):
    conv = rounded(nn.Conv2d(3, 4, 5), bits)
    again = rounded(copy.deepcopy(conv), bits)
    page.evaluate(pack("w", conv.state_dict(), bits=bits))
    said = in_page(
        page,
        "const t = WM.weights('w').tensors; return [t.weight.data, t.bias.data].flatMap((x) => [...x])",
        None,
    )
    assert said == [*conv.weight.flatten().tolist(), *conv.bias.tolist()]
    assert torch.equal(again.weight, conv.weight)
    assert conv.weight.unique().numel() > 150


def test_a_changed_byte_is_noticed(page):
    text = pack("w", {"x": X})
    at = text.index('"data":"') + 12
    page.evaluate(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :])
    said = page.evaluate("() => { try { WM.weights('w') } catch (e) { return e.message } }")
    assert "damaged" in said


@pytest.mark.parametrize("bits, value", [(16, 1e6), (32, float("nan")), (8, float("nan"))])
def test_weights_that_a_page_could_not_hold_are_refused(bits, value):
    with pytest.raises(ValueError, match="not finite"):
        pack("w", {"x": torch.tensor([value])}, bits=bits)


def test_uniform_and_normal_chance_repeats_and_has_its_moments(page):
    code = (
        "const u = WM.random.uniform(3), n = WM.random.normal(u); return {length: 4000}, () => n()"
    )
    drawn = torch.tensor(in_page(page, code, None))
    assert drawn.mean().abs() < 0.06 and (drawn.std() - 1).abs() < 0.05
    assert torch.equal(drawn, torch.tensor(in_page(page, code, None)))
