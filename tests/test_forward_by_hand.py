"""What networks compute, written out once more: one number, one frame, one head at a time.

A layer that is left out, a sign or an offset that is wrong still learns, only worse.
"""

import math

import gymnasium as gym
import numpy as np
import pytest
import torch
from by_hand import chance, rows

from wmlib.models import Ensemble, LinearDynamics, NeuralDynamics
from wmlib.models.convs import Decoder, Encoder
from wmlib.models.distributions import Categoricals, Gaussians, twohot_mean
from wmlib.models.frame_transformer import FrameTransformer, initial_rel_bias
from wmlib.models.latent_action import LatentActions
from wmlib.models.networks import mlp
from wmlib.models.rssm import RSSM
from wmlib.models.stacked import StackedMLP
from wmlib.models.token_model import TokenModel
from wmlib.models.tokenizer import Tokenizer
from wmlib.models.vision_memory import VisionMemory

TWO = gym.spaces.Discrete(2)


def as_array(tensor):
    return tensor.detach().double().numpy()


def linear(layer, x):
    return as_array(layer.weight) @ x + as_array(layer.bias)


def silu(x):
    return x / (1 + np.exp(-x))


def gelu(x):
    return x * 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def normed(layer, x):
    return (x - x.mean()) / np.sqrt(x.var() + 1e-5) * as_array(layer.weight) + as_array(layer.bias)


def shuffled(module, seed=0):
    """Weights of a size at which everything has a say: norms and biases begin as 1 and 0."""
    generator = chance(seed)
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter, std=0.4, generator=generator)
    return module


# --- the frame transformer ------------------------------------------------------------------------


def frame_by_frame(net, tokens, act, first):
    """The transformer of one film in loops: frame i looks at frames j of its episode and window."""
    n, w = len(tokens), net.window
    embed = as_array(net.token_embed.weight)
    xs = []
    for t in range(n):
        x = sum(embed[k * net.codes + token] for k, token in enumerate(tokens[t]))
        x = x + linear(net.act_embed, act[t])
        norm, into, _, out = net.in_mlp
        xs.append(x + linear(out, gelu(linear(into, normed(norm, x)))))
    for block, bias in zip(net.blocks, as_array(net.rel_bias)):
        size = len(xs[0]) // net.heads
        q, k, v = zip(*(np.split(linear(block.qkv, normed(block.norm1, x)), 3) for x in xs))
        new = []
        for i in range(n):
            begun = max(j for j in range(i + 1) if first[j])
            seen = [j for j in range(i + 1) if j >= begun and i - j < w]
            heads = []
            for h in range(net.heads):
                part = slice(h * size, (h + 1) * size)
                score = [q[i][part] @ k[j][part] / math.sqrt(size) + bias[h, i - j] for j in seen]
                weight = np.exp(score) / np.exp(score).sum()
                heads.append(sum(a * v[j][part] for a, j in zip(weight, seen)))
            x = xs[i] + linear(block.proj, np.concatenate(heads))
            into, _, out = block.mlp
            new.append(x + linear(out, gelu(linear(into, normed(block.norm2, x)))))
        xs = new
    return np.stack([normed(net.norm, x) for x in xs])


def transformer():
    sizes = dict(tokens=3, width=6, layers=2, heads=2, hidden=5, window=3, head_width=4)
    return shuffled(FrameTransformer(4, 2, **sizes))


def test_a_frame_transformer_in_loops():
    net = transformer()
    tokens = torch.randint(4, (1, 6, 3), generator=chance(1))
    act = torch.randn(1, 6, 2, generator=chance(2))
    first = torch.tensor([[True, False, False, False, True, False]])
    h, _, _ = net(tokens, act, first)
    wanted = frame_by_frame(net, tokens[0].tolist(), as_array(act[0]), first[0].tolist())
    assert as_array(h[0]) == pytest.approx(wanted, abs=1e-4)


def test_the_tokens_of_a_frame_are_told_one_after_the_other():
    net = transformer()
    h, frame = torch.randn(1, 6, generator=chance(3)), [2, 0, 3]
    said, wanted = np.zeros(4), []
    for n, token in enumerate(frame):
        start = linear(net.head_in, as_array(h[0]))[4 * n : 4 * n + 4]
        hidden = gelu(start + said)
        wanted.append(hidden @ as_array(net.head_out[n]) + as_array(net.head_bias[n]))
        said = said + as_array(net.head_embed[n, token])
    got = net.logits(h, torch.tensor([frame]))[0]
    assert as_array(got) == pytest.approx(np.stack(wanted), abs=1e-4)


def test_at_first_some_heads_look_at_the_present_and_some_far_back():
    bias = initial_rel_bias(4, 5)
    assert (bias[:, 0] == 0).all() and (bias.diff(dim=1) < 0).all()
    assert (-bias[:, 1]).tolist() == pytest.approx([2, 2 ** (-4 / 3), 2 ** (-11 / 3), 2**-6])


@pytest.mark.parametrize("sign", [False, True])
def test_a_step_of_the_token_model(sign):
    sizes = dict(width=6, layers=1, heads=2, hidden=5, window=3, head_width=4)
    tokenizer = Tokenizer(codes=4, size=3, width=2)
    model = shuffled(TokenModel(TWO, tokenizer, reward_sign=sign, **sizes))
    state = model.start(torch.rand(2, 1, 32, 32, generator=chance()))
    step = model.step(state, torch.tensor([0, 1]))
    first = torch.ones(2, 1, dtype=torch.bool)
    h = model.trunk(state.tokens[:, None], torch.eye(2)[:, None], first)[0][:, 0]
    likeliest = []
    for b in range(2):
        frame = []
        for n in range(16):
            logits = model.trunk.logits(h[b : b + 1], torch.tensor([frame + [0] * (16 - n)]))
            frame.append(logits[0, n].argmax().item())
        likeliest.append(frame)
    assert step.state.tokens.tolist() == likeliest
    if sign:
        lost, _, won = model.rew(h).softmax(-1).T
        torch.testing.assert_close(step.rew, won - lost)
    else:
        torch.testing.assert_close(step.rew, twohot_mean(model.rew(h)))
    torch.testing.assert_close(step.cont, 1 / (1 + torch.exp(-model.cont(h)[:, 0])))


def test_features_of_tokens_are_their_picture_four_pixels_at_a_time():
    model = TokenModel(TWO, Tokenizer(codes=4, size=3, width=2), width=8, layers=1, heads=2)
    state = model.start(torch.rand(3, 1, 32, 32, generator=chance()))
    feat, picture = model.feat(state), model.decode(state)
    assert feat.shape == (3, model.feat_size) == (3, 256)
    for row, column in ((0, 0), (3, 17), (7, 31)):
        pixels = picture[:, 0, 4 * row : 4 * row + 4, column]
        torch.testing.assert_close(feat[:, 32 * row + column], pixels.sum(1))  # 4 times their mean


# --- the RSSM and the memory of Ha and Schmidhuber ------------------------------------------------


def gru(cell, x, h):
    """PyTorch's GRU cell, gate by gate (Cho et al. 2014)."""
    r_x, z_x, n_x = np.split(as_array(cell.weight_ih) @ x + as_array(cell.bias_ih), 3)
    r_h, z_h, n_h = np.split(as_array(cell.weight_hh) @ h + as_array(cell.bias_hh), 3)
    reset, update = 1 / (1 + np.exp(-r_x - r_h)), 1 / (1 + np.exp(-z_x - z_h))
    return (1 - update) * np.tanh(n_x + reset * n_h) + update * h


def a_layer(parts, x):
    into, norm, _ = parts
    return silu(normed(norm, linear(into, x)))


def a_head(net, x):
    return linear(net[3], a_layer(net[:3], x))


@pytest.mark.parametrize("latent", [Categoricals(2, 3), Gaussians(4)], ids=["discrete", "normal"])
def test_a_step_of_the_rssm(latent):
    model = shuffled(RSSM(TWO, latent, deter=5, hidden=6, width=2))
    obs = torch.rand(1, 1, 32, 32, generator=chance())
    state = model.start(obs)
    embed = silu(normed(model.encoder[1], as_array(model.encoder[0](obs))[0]))
    nothing = a_layer(model.gru_in, np.zeros(latent.size + 2))
    deter = gru(model.gru, nothing, np.zeros(5))  # nothing was, and nothing was done
    assert as_array(state.deter[0]) == pytest.approx(deter, abs=1e-4)
    likeliest = lambda params: as_array(latent.sample(torch.tensor(params)[None].float()))[0]  # noqa: E731
    stoch = likeliest(a_head(model.post, np.concatenate([deter, embed])))
    assert as_array(state.stoch[0]) == pytest.approx(stoch, abs=1e-4)
    nxt, rew, cont = model.step(state, torch.tensor([1]))
    deter = gru(model.gru, a_layer(model.gru_in, np.concatenate([stoch, [0, 1]])), deter)
    stoch = likeliest(a_head(model.prior, deter))
    assert as_array(nxt.deter[0]) == pytest.approx(deter, abs=1e-4)
    assert as_array(nxt.stoch[0]) == pytest.approx(stoch, abs=1e-4)
    feat = np.concatenate([deter, stoch])
    p = np.exp(a_head(model.rew, feat))
    mean = p @ np.linspace(-6, 6, 61) / p.sum()
    assert rew.item() == pytest.approx(np.sign(mean) * np.expm1(abs(mean)), rel=1e-3, abs=1e-4)
    assert cont.item() == pytest.approx(1 / (1 + np.exp(-a_head(model.cont, feat)[0])), rel=1e-3)


def test_a_step_of_vision_and_memory():
    model = VisionMemory(TWO, size=2, hidden=3, mixtures=2, width=2)
    shuffled(model.memory)
    obs = torch.rand(1, 1, 32, 32, generator=chance())
    state = model.start(obs)
    mean, log_var = model.vision.encoder(obs)[0].split(2)
    torch.testing.assert_close(state.z[0], 30 * mean)
    torch.testing.assert_close(model.vision.encode(obs)[1][0], log_var.clamp(-10, 4))
    nxt, rew, cont = model.step(state, torch.tensor([1]))
    lstm = model.memory.lstm
    gates = as_array(lstm.weight_ih) @ np.append(as_array(state.z[0]), [0, 1])
    gates = gates + as_array(lstm.bias_ih) + as_array(lstm.bias_hh)
    into, _, new, out = np.split(gates, 4)
    sigmoid = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
    cell = sigmoid(into) * np.tanh(new)  # what was before is nothing
    hidden = sigmoid(out) * np.tanh(cell)
    assert as_array(nxt.cell[0]) == pytest.approx(cell, abs=1e-5)
    assert as_array(nxt.hidden[0]) == pytest.approx(hidden, abs=1e-5)
    said = linear(model.memory.rew_cont, hidden)
    assert rew.item() == pytest.approx(said[0], abs=1e-5)
    assert cont.item() == pytest.approx(sigmoid(said[1]), abs=1e-5)
    weights, means, _ = np.split(linear(model.memory.mixture, hidden).reshape(2, 6), 3, 1)
    likeliest = means[[0, 1], weights.argmax(1)]
    assert as_array(nxt.z[0]) == pytest.approx(likeliest, abs=1e-5)


# --- networks of numbers --------------------------------------------------------------------------


def test_an_mlp_bends_between_its_layers_and_not_at_the_end():
    net = shuffled(mlp([3, 4, 5, 2], chance()))
    x = np.array([1.0, -2.0, 0.5])
    first, _, second, _, third = net
    wanted = linear(third, silu(linear(second, silu(linear(first, x)))))
    assert as_array(net(torch.tensor(x).float())) == pytest.approx(wanted, abs=1e-5)


def test_stacked_networks_are_networks_side_by_side():
    net = shuffled(StackedMLP(2, [3, 4, 2], chance()))
    x = torch.randn(2, 5, 3, generator=chance(1))
    for member in range(2):
        y = as_array(x[member])
        for k in range(2):
            y = y @ as_array(net.weights[k][member]) + as_array(net.biases[k][member])
            y = silu(y) if k == 0 else y
        assert as_array(net(x)[member]) == pytest.approx(y, abs=1e-5)


def some_rows():
    rng = np.random.default_rng(0)
    obs, nxt = rng.normal(size=(2, 30, 2))
    return rows(obs, rng.integers(2, size=30), rng.normal(size=30), nxt, np.zeros(30))


@pytest.mark.parametrize("inputs", [None, [1]])
@pytest.mark.parametrize("change", [True, False])
def test_a_step_of_neural_dynamics(change, inputs):
    data = some_rows()
    model = NeuralDynamics(2, TWO, hidden=3, layers=1, change=change, inputs=inputs)
    model.fit(data, steps=3)
    obs, act = np.array([0.3, -0.7]), 1
    seen = data.obs if inputs is None else data.obs[:, inputs]
    table = np.column_stack([seen, np.eye(2)[data.act]])
    x = np.append(obs if inputs is None else obs[inputs], [0, 1])
    out = mlp_of(model.net, (x - table.mean(0)) / table.std(0, ddof=1))
    target = np.column_stack([data.next_obs - change * data.obs, data.rew])
    out = out * target.std(0, ddof=1) + target.mean(0)
    step = model.step(torch.tensor(obs[None]).float(), torch.tensor([act]))
    assert as_array(step.state[0]) == pytest.approx(change * obs + out[:2], abs=1e-4)
    assert step.rew.item() == pytest.approx(out[2], abs=1e-4)


def mlp_of(net, x):
    first, _, last = net
    return linear(last, silu(linear(first, x)))


def test_what_each_member_of_an_ensemble_predicts():
    data = some_rows()
    model = Ensemble(2, TWO, members=2, hidden=3, layers=1, inputs=[0])
    model.fit(data, steps=3)
    mean, std = model.distribution(torch.tensor([[0.3, -0.7]]), torch.tensor([1]))
    table = np.column_stack([data.obs[:, [0]], np.eye(2)[data.act]])
    target = np.column_stack([data.next_obs - data.obs, data.rew])
    x = (np.array([0.3, 0, 1]) - table.mean(0)) / table.std(0, ddof=1)
    soft = lambda x: np.log1p(np.exp(x))  # noqa: E731
    high, low = as_array(model.max_log_var), as_array(model.min_log_var)
    for member in range(2):
        w, b = (
            [as_array(part[member]) for part in parts]
            for parts in (model.net.weights, model.net.biases)
        )
        out = (silu(x @ w[0] + b[0]) @ w[1] + b[1])[0]
        wanted = out[:3] * target.std(0, ddof=1) + target.mean(0) + [0.3, -0.7, 0]
        log_var = high - soft(high - out[3:])
        log_var = low + soft(log_var - low)
        assert as_array(mean[member, 0]) == pytest.approx(wanted, abs=1e-4)
        spread = np.exp(log_var / 2) * target.std(0, ddof=1)
        assert as_array(std[member, 0]) == pytest.approx(spread, rel=1e-3)


def test_a_dream_is_held_within_twenty_times_what_was_ever_seen():
    data = some_rows()
    wide = 20 * np.abs(data.next_obs - data.next_obs.mean(0)).max(0) + 1e-3
    for model in (NeuralDynamics(2, TWO), Ensemble(2, TWO)):
        model.fit(data, steps=1)
        for sign in (1, -1):
            far = torch.full((1, 2), sign * 1e6)
            nxt = model.predict(far, torch.tensor([0]))[0]
            wanted = data.next_obs.mean(0) + sign * wide
            assert as_array(nxt[0]) == pytest.approx(wanted, rel=1e-4)


def test_ridge_regression_finds_a_linear_world_and_a_ridge_shrinks_it():
    rng = np.random.default_rng(0)
    obs, act = rng.normal(size=(200, 2)), rng.integers(2, size=200)
    W = np.array([[0.1, -0.3, 2.0], [0.5, 0.2, -1.0]])
    out = obs @ W + 0.7 * act[:, None] + 0.2
    model = LinearDynamics(2, TWO).fit(rows(obs, act, out[:, 2], obs + out[:, :2], np.zeros(200)))
    step = model.step(torch.tensor([[1.0, 2.0]]), torch.tensor([1]))
    wanted = [1, 2] @ W + 0.9
    assert as_array(step.state[0]) == pytest.approx(wanted[:2] + [1, 2], abs=1e-4)
    assert step.rew.item() == pytest.approx(wanted[2], abs=1e-4)
    table = rows(obs, act, out[:, 2], obs + out[:, :2], np.zeros(200))
    shrunk = LinearDynamics(2, TWO).fit(table, ridge=1e6)
    assert shrunk.weight.abs().max() < 0.01 < model.weight.abs().max()


# --- pictures -------------------------------------------------------------------------------------


def test_an_encoder_halves_a_picture_three_times_and_a_decoder_doubles_it():
    x = torch.rand(2, 1, 32, 32, generator=chance())
    net, sizes = Encoder(5, width=2), []
    y = x
    for conv in net.convs[:6:2]:
        y = torch.nn.functional.silu(
            torch.nn.functional.conv2d(y, conv.weight, conv.bias, stride=2, padding=1)
        )
        sizes.append(tuple(y.shape[1:]))
    assert sizes == [(2, 16, 16), (4, 8, 8), (8, 4, 4)]
    torch.testing.assert_close(net(x), net.out(y.flatten(1)))
    torch.testing.assert_close(net(x[None])[0], net(x))  # whatever comes before the picture
    back, z = Decoder(5, width=2), torch.randn(2, 5, generator=chance())
    y = torch.nn.functional.silu(back.first[0](z)).view(2, 8, 4, 4)
    deconv = torch.nn.functional.conv_transpose2d
    a, b, c = (layer for layer in back.convs if hasattr(layer, "weight"))
    for layer in (a, b, c):
        y = deconv(y, layer.weight, layer.bias, stride=2, padding=1)
        y = y if layer is c else torch.nn.functional.silu(y)
    torch.testing.assert_close(back(z), y)  # not bounded
    torch.testing.assert_close(back(z[:, None])[:, 0], y)


def still(model):
    """A decoder that mends nothing."""
    for parameter in model.decoder.parameters():
        torch.nn.init.zeros_(parameter)
    return model


def test_a_code_that_is_a_movement_takes_the_light_from_where_its_flow_says():
    model = still(LatentActions(width=2))
    torch.nn.init.zeros_(model.flow.weight)
    x = torch.rand(2, 1, 32, 32, generator=chance())
    for right, down in ((0, 0), (3, 0), (0, -2)):
        bias = torch.cat([torch.full((64,), float(right)), torch.full((64,), float(down))])
        model.flow.bias.data.copy_(bias)
        moved = model.predict_frame(x, torch.zeros(2, 4))
        wanted = x[:, :, (torch.arange(32) + down).clamp(0, 31)]  # at the border it stays as it was
        wanted = wanted[..., (torch.arange(32) + right).clamp(0, 31)]
        torch.testing.assert_close(moved, wanted, atol=1e-4, rtol=0)


def test_a_free_code_adds_to_the_frame_what_its_decoder_draws():
    model = LatentActions(width=2, free=True)
    x, codes = torch.rand(2, 1, 32, 32, generator=chance()), torch.randn(2, 4, generator=chance())
    drawn = model.decoder(x, codes)
    torch.testing.assert_close(model.predict_frame(x, codes), x + drawn)
    assert (drawn - model.decoder(x, -codes)).abs().max() > 1e-4  # it hears the code
    torch.testing.assert_close(still(model).predict_frame(x, codes), x)


def test_the_latent_action_model_sees_the_frame_and_what_changed():
    model = LatentActions(width=2)
    before, after = torch.rand(2, 3, 1, 32, 32, generator=chance())
    vector = model.encoder(torch.cat([before, after - before], 1))
    wanted = (vector - vector.mean(1, keepdim=True)) / (
        vector.var(1, unbiased=False, keepdim=True) + 1e-5
    ).sqrt()
    torch.testing.assert_close(model.encode(before, after), wanted, atol=1e-5, rtol=1e-4)
