"""Loss targets computed by hand: number by number, in plain Python, from what was really seen.

A loss that learns from the wrong number (a continue that is always 1, a reward one step late, the
prompt instead of the answer) still falls. Only the number itself shows it.
"""

import math

import gymnasium as gym
import numpy as np
import pytest
import torch
from by_hand import bins_surprise, chance, loud, mean, rows, spied, surprise

from wmlib.models import Ensemble, NeuralDynamics
from wmlib.models.codebook import Codebook
from wmlib.models.distributions import Categoricals, Gaussians
from wmlib.models.ensemble import gaussian_loss
from wmlib.models.latent_action import LatentActions
from wmlib.models.mdn_rnn import MDNRNN
from wmlib.models.networks import ContinueHead
from wmlib.models.rssm import RSSM
from wmlib.models.token_model import TokenModel
from wmlib.models.tokenizer import Tokenizer
from wmlib.models.vae import VAE
from wmlib.models.vector_rssm import VectorRSSM
from wmlib.models.vision_memory import VisionMemory
from wmlib.streams import Sequences

TWO = gym.spaces.Discrete(2)
# Two stretches of five frames. In the first an episode ends with the arrow 1 -> 2, and the next one
# begins at frame 3: the arrow 2 -> 3 is none.
FIRST = torch.tensor([[1, 0, 0, 1, 0], [1, 0, 0, 0, 0]]).bool()
CONT = torch.tensor([[1.0, 0, 1, 1], [1, 1, 1, 0]])
REW = torch.tensor([[0.5, -3, 99, 2], [0, 7, 0.25, 1]])
ACT = torch.tensor([[0, 1, 0, 1], [1, 1, 0, 0]])
ARROWS = [(b, t) for b in range(2) for t in range(4) if not FIRST[b, t + 1]]


# --- models with a memory -------------------------------------------------------------------------


def pictures():
    return torch.randint(0, 256, (2, 5, 1, 32, 32), generator=chance(), dtype=torch.uint8)


def picture_rssm(latent):
    model = RSSM(TWO, latent, deter=6, hidden=8, width=2, dyn=0.7, rep=0.5, recon=2.0)
    return model, Sequences(pictures(), ACT, REW, CONT, FIRST), pictures() / 255


def vector_rssm(latent):
    scale, settings = torch.tensor([2.0, 0.5]), dict(deter=6, hidden=8, dyn=0.7, rep=0.5)
    model = VectorRSSM(TWO, scale, latent=latent, recon=2.0, **settings)
    obs = torch.randn(2, 5, 2, generator=chance())
    return model, Sequences(obs, ACT, REW, CONT, FIRST), 5 * obs / scale  # an error of a fifth is 1


def kl_by_hand(latent, p, q):
    if isinstance(latent, Gaussians):
        p, q = (torch.distributions.Normal(*latent.mean_std(x)) for x in (p, q))
        return torch.distributions.kl_divergence(p, q).sum(-1)
    p, q = (torch.distributions.Categorical(latent.probs(x)) for x in (p, q))
    return torch.distributions.kl_divergence(p, q).sum(-1)


def nats_by_hand(model, state, frames):
    """KL between what was made of each frame and what was expected: `(B, T)`."""
    post = model.post(torch.cat([state.deter, model.encoder(frames)], -1))
    return kl_by_hand(model.latent, post, model.prior(state.deter)).detach()


@pytest.mark.parametrize("latent", [Categoricals(2, 3), Gaussians(4)], ids=["discrete", "normal"])
@pytest.mark.parametrize("kind", [picture_rssm, vector_rssm], ids=["pictures", "numbers"])
def test_every_target_of_an_rssm(kind, latent):
    twin, seen, frames = kind(latent)
    free = nats_by_hand(twin, twin.loss(seen)[2], frames).median().item()  # for some it is a floor
    model, _, _ = kind(latent)
    model.free = free
    loud(model.rew[-1])
    loss, parts, state = model.loss(seen)
    feat = model.feat(state)
    cont = mean(surprise(model.cont(feat[b, t + 1]), CONT[b, t] == 1) for b, t in ARROWS)
    rew = mean(bins_surprise(model.rew(feat[b, t + 1]), float(REW[b, t])) for b, t in ARROWS)
    recon = ((model.decoder(feat) - frames) ** 2).flatten(2).sum(-1).mean().item()
    nats = nats_by_hand(model, state, frames)
    assert parts["continue"] == pytest.approx(cont, rel=1e-4)
    assert parts["reward"] == pytest.approx(rew, rel=1e-4)
    assert parts["recon"] == pytest.approx(recon, rel=1e-4)
    assert parts["kl"] == pytest.approx(nats.mean().item(), rel=1e-3)
    floored = mean(max(free, each) for each in nats.flatten().tolist())
    assert floored > nats.mean() * 1.01
    assert loss.item() == pytest.approx(2 * recon + rew + cont + (0.7 + 0.5) * floored, rel=1e-4)


def test_every_target_of_the_mdn_rnn():
    model = MDNRNN(TWO, size=3, hidden=6, mixtures=2, cont_weight=4.0)
    z = torch.randn(2, 5, 3, generator=chance())
    loss, parts = model.loss(z, ACT, REW, CONT, FIRST)[:2]
    one_hot = torch.nn.functional.one_hot(ACT, 2).float()
    nats, rews, conts = [], [], []
    for b in range(2):
        memory = None
        for t in range(4):
            if FIRST[b, t]:
                memory = torch.zeros(1, 6), torch.zeros(1, 6)
            memory = model.lstm(torch.cat([z[b, t], one_hot[b, t]])[None], memory)
            if FIRST[b, t + 1]:
                continue
            logits, middle, log_std = model.mixture(memory[0]).view(3, 6).split(2, 1)
            mixture = torch.distributions.MixtureSameFamily(
                torch.distributions.Categorical(logits=logits),
                torch.distributions.Normal(middle, log_std.clamp(-5, 2).exp()),
            )
            nats.append(-mixture.log_prob(z[b, t + 1]).mean().item())
            rew, logit = model.rew_cont(memory[0])[0].tolist()
            rews.append((rew - REW[b, t].item()) ** 2)
            conts.append(surprise(logit, CONT[b, t] == 1))
    assert parts["nats"] == pytest.approx(mean(nats), rel=1e-4)
    assert parts["reward"] == pytest.approx(mean(rews), rel=1e-4)
    assert parts["continue"] == pytest.approx(mean(conts), rel=1e-4)
    total = mean(nats) + mean(rews) + 4 * mean(conts)
    assert loss.item() == pytest.approx(total, rel=1e-4)


def token_model(**settings):
    sizes = dict(width=8, layers=1, heads=2, hidden=8, window=4, head_width=4)
    tokenizer = Tokenizer(codes=5, size=4, width=2)
    model = TokenModel(TWO, tokenizer, corrupt=0.0, ahead=2, **sizes, **settings)
    loud(model.rew[-1])
    return model


@pytest.mark.parametrize("sign", [False, True], ids=["how much", "which sign"])
def test_every_target_of_the_token_model(sign):
    model = token_model(reward_sign=sign, rew_cont_weight=3.0)
    tokens = torch.randint(5, (2, 5, 16), generator=chance())
    loss, parts = model.token_loss(tokens, ACT, REW, CONT, FIRST, chance())
    act = torch.nn.functional.one_hot(ACT, 2).float()
    h = model.trunk(tokens[:, :-1], act, FIRST[:, :-1])[0]
    nats, rews, conts = [], [], []
    for b, t in ARROWS:
        log_p = model.trunk.logits(h[b, t][None], tokens[b, t + 1][None])[0].log_softmax(-1)
        nats += [-log_p[n, k].item() for n, k in enumerate(tokens[b, t + 1].tolist())]
        said, rew = model.rew(h[b, t]), REW[b, t].item()
        low_zero_high = (rew > 0) - (rew < 0) + 1
        rews.append(
            -said.log_softmax(-1)[low_zero_high].item() if sign else bins_surprise(said, rew)
        )
        conts.append(surprise(model.cont(h[b, t]), CONT[b, t] == 1))
    # Two frames later, in the same episode: 0 -> 2 of the first stretch, all three of the second.
    far = []
    for b, t in ((0, 0), (1, 0), (1, 1), (1, 2)):
        log_p = model.far(h[b, t]).view(16, 5).log_softmax(-1)
        far += [-log_p[n, k].item() for n, k in enumerate(tokens[b, t + 2].tolist())]
    assert parts["tokens"] == pytest.approx(mean(nats), rel=1e-4)
    assert parts["reward"] == pytest.approx(mean(rews), rel=1e-4)
    assert parts["continue"] == pytest.approx(mean(conts), rel=1e-4)
    assert parts["far"] == pytest.approx(mean(far), rel=1e-4)
    total = mean(nats) + 0.5 * mean(far) + 3 * (mean(rews) + mean(conts))
    assert loss.item() == pytest.approx(total, rel=1e-4)


# --- pictures -------------------------------------------------------------------------------------


def test_every_target_of_the_vae():
    model = VAE(size=3, width=2, beta=0.3, free=0.0)
    obs = pictures()[0]
    noise = torch.randn(5, 3, generator=chance().set_state(model.generator.get_state()))
    loss, parts = model.loss(obs)
    middle, log_var = model.encode(obs)
    drawn = model.decode(middle + torch.exp(log_var / 2) * noise)
    wanted = mean(((d - o / 255) ** 2).sum().item() for d, o in zip(drawn, obs))
    standard = torch.distributions.Normal(0.0, 1.0)
    told = torch.distributions.Normal(middle, torch.exp(log_var / 2))
    nats = torch.distributions.kl_divergence(told, standard).sum(1).mean().item()
    assert parts["recon"] == pytest.approx(wanted, rel=1e-4) and type(parts["recon"]) is float
    assert parts["kl"] == pytest.approx(nats, rel=1e-4)
    assert loss.item() == pytest.approx(wanted + 0.3 * nats, rel=1e-4)


@pytest.mark.parametrize("free", [0.0, 100.0])  # the KL counts, or is all free
def test_what_sees_and_what_remembers_are_both_learned_and_each_is_paid_for(free):
    model = VisionMemory(TWO, size=3, hidden=6, mixtures=2, width=2, beta=0.3)
    model.vision.free, model.memory.cont_weight = free, 4.0
    loss, parts, _ = model.loss(Sequences(pictures(), ACT, REW, CONT, FIRST), chance())
    seen = parts["recon"] + 0.3 * max(parts["kl"], 3 * free)
    expected = parts["nats"] + parts["reward"] + 4 * parts["continue"]
    assert loss.item() == pytest.approx(seen + expected, rel=1e-4)
    loss.backward()
    for part in (model.vision.encoder, model.vision.decoder, model.memory):
        assert all(weight.grad.abs().sum() > 0 for weight in part.parameters())


def test_the_tokenizers_decoder_sees_codes_and_nothing_of_the_vectors_before():
    model, obs, seen = Tokenizer(codes=4, size=3, width=2), pictures()[0] / 255, []
    vectors = model.embed(obs)
    model.codebook.learn(vectors, chance())
    spied(model, "decode_vectors", seen)
    loss, parts = model.loss(obs, vectors, commit=0.5)
    ((given,), drawn) = seen[0]
    index = model.codebook.nearest(given)
    torch.testing.assert_close(given, model.codebook.codes[index], atol=1e-5, rtol=0)
    wanted = mean(((d - o) ** 2).sum().item() for d, o in zip(drawn, obs))
    pull = ((vectors - model.codebook.codes[index]) ** 2).mean().item()
    assert parts["recon"] == pytest.approx(wanted, rel=1e-4) and type(parts["recon"]) is float
    assert loss.item() == pytest.approx(wanted + 0.5 * 3 * pull, rel=1e-4)


@pytest.mark.parametrize("free", [False, True])
def test_what_draws_the_next_frame_sees_the_latent_actions_code_and_nothing_else(free):
    """Shown the vector before it was quantised, it would be told more than any action can say."""
    model, drawn, vectors = LatentActions(width=2, free=free), [], []
    spied(model, "predict_frame", drawn)
    spied(model, "encode", vectors)
    first = torch.zeros(2, 5, dtype=torch.bool)
    codes = []
    report = lambda step, loss: codes.append(model.codebook.codes.clone())  # noqa: E731
    losses = model.fit(pictures(), first, steps=4, batch=3, warm=0.5, commit=0.7, report=report)
    vectors = [answer for args, answer in vectors if len(args[0]) == 3]  # not the 512 for the codes
    for step, ((before, word), guess) in enumerate(drawn):
        after = pictures() / 255
        error = ((guess[:, None, None] - after) ** 2).sum((-1, -2, -3))  # to every frame there is
        place = (before[:, None, None] - after[:, :-1]).abs().sum((-1, -2, -3)).flatten(1).argmin(1)
        error = error[:, :, 1:].flatten(1)[torch.arange(3), place].mean()
        if step < 2:
            torch.testing.assert_close(word, vectors[step])  # warm: the vector as it is
            assert losses[step] == pytest.approx(error.item(), rel=1e-4)
            continue
        far = torch.cdist(word, codes[step])
        assert far.amin(1).max() < 1e-5
        pull = ((vectors[step] - codes[step][far.argmin(1)]) ** 2).mean()
        assert losses[step] == pytest.approx((error + 0.7 * pull).item(), rel=1e-4)
    assert len(drawn) == 4 and model.encoder.out.weight.grad.abs().sum() > 0  # straight through


def test_a_code_is_the_mean_of_what_it_served_lately():
    book = Codebook(2, 1, decay=0.75, dead=0.0)
    book._place(torch.arange(2), torch.tensor([[0.0], [10.0]]), 2.0)
    book.initialised.fill_(True)
    book.learn(torch.tensor([[1.0], [2.0], [3.0], [9.0]]), chance())
    counts = [0.75 * 2 + 0.25 * 3, 0.75 * 2 + 0.25 * 1]
    sums = [0.75 * 0 + 0.25 * (1 + 2 + 3), 0.75 * 20 + 0.25 * 9]
    assert book.counts.tolist() == pytest.approx(counts)
    assert book.codes[:, 0].tolist() == pytest.approx([s / n for s, n in zip(sums, counts)])


# --- models of numbers ----------------------------------------------------------------------------


def two_steps():
    return rows([[0.2, -1], [0.5, 2]], [1, 0], [3, -1], [[0.5, 2], [4, 1]], [False, False])


@pytest.mark.parametrize("normalise", [False, True])
@pytest.mark.parametrize("change", [False, True])
def test_the_target_of_a_network_and_of_its_own_second_step(change, normalise):
    data, twin = two_steps(), NeuralDynamics(2, TWO, change=change, normalise=normalise)
    (loss,) = NeuralDynamics(2, TWO, change=change, normalise=normalise).fit(
        data, steps=1, batch=5, horizon=2
    )
    one_hot = np.eye(2)[data.act]
    target = np.column_stack([data.next_obs - data.obs * change, data.rew])
    inputs = np.column_stack([data.obs, one_hot])
    scale = lambda x, like: (x - like.mean(0)) / like.std(0, ddof=1) if normalise else x  # noqa: E731
    state, errors = data.obs[0], []
    for k in range(2):
        read = scale(np.concatenate([state, one_hot[k]]), inputs)
        out = twin.net(torch.tensor(read).float()).detach().numpy()
        wanted = np.append(data.next_obs[k] - state * change, data.rew[k])
        errors.append(((out - scale(wanted, target)) ** 2).mean())
        moved = out * target.std(0, ddof=1) + target.mean(0) if normalise else out
        state = state * change + moved[:2]
    assert loss == pytest.approx(mean(errors), rel=1e-4)


@pytest.mark.parametrize("balanced, share", [(True, 96 / 128), (False, 0.9)])
def test_the_continue_head_learns_how_often_it_went_on(balanced, share):
    """Where every state is the same, all that can be learned is the share of ends in a batch."""
    head = ContinueHead(1, chance())
    obs, terminated = torch.zeros(100, 1), torch.arange(100) < 10
    head.fit(obs, terminated, chance(), balanced=balanced)
    assert head(torch.zeros(1, 1)).item() == pytest.approx(share, abs=0.05)


def test_the_temperature_of_a_continue_head_divides_its_logit():
    head = ContinueHead(1, chance())
    head.ends_seen = torch.tensor(True)
    x = torch.ones(1, 1)
    logit = head.net(x).item()
    head.temperature.fill_(5.0)
    assert head(x).item() == pytest.approx(1 / (1 + math.exp(-logit / 5)))


def test_the_likelihood_of_an_ensemble_by_hand():
    middle, log_var = torch.tensor([1.0, 2.0]), torch.tensor([0.0, 2.0])
    loss = gaussian_loss(middle, log_var, torch.tensor([3.0, 2.5])).item()
    assert loss == pytest.approx(((2**2 / 1 + 0) + (0.5**2 / math.e**2 + 2)) / 2)
    normal = torch.distributions.Normal(middle, torch.exp(log_var / 2))
    nats = -normal.log_prob(torch.tensor([3.0, 2.5])).mean().item()
    assert loss / 2 + 0.5 * math.log(2 * math.pi) == pytest.approx(nats)


def test_both_bounds_of_the_log_variance_are_paid_for_and_drawn_together():
    """One row, normalised to zero: the networks say 0, and nothing but the bounds is left."""
    highest, lowest = [0.7, 0.3, 0.5], [-9.0, -8.0, -3.0]
    model = Ensemble(2, TWO, members=4)
    with torch.no_grad():
        model.max_log_var.copy_(torch.tensor(highest))
        model.min_log_var.copy_(torch.tensor(lowest))
    (loss,) = model.fit(two_steps()[:1], steps=1)
    soft = lambda x: math.log1p(math.exp(x))  # noqa: E731
    bounded = []
    for high, low in zip(highest, lowest):
        below = high - soft(high - 0)
        bounded.append(low + soft(below - low))
    wanted = 4 * mean(bounded) + 0.01 * (sum(highest) - sum(lowest))
    assert loss == pytest.approx(wanted, rel=1e-4)


@pytest.mark.parametrize("said, bound", [(1e3, 0.5), (-1e3, -10.0)])
def test_no_network_says_a_variance_beyond_its_bounds(said, bound):
    model = Ensemble(2, TWO, members=1)
    out = torch.cat([torch.zeros(3), torch.full((3,), said)])
    mean_, log_var = model._split(out)
    assert log_var.tolist() == pytest.approx([bound] * 3, abs=1e-3) and mean_.eq(0).all()
