"""The RSSM: its distributions by hand, its alignment learned in a world in which it matters."""

import gymnasium as gym
import numpy as np
import pytest
import torch
from switch import Switch

from wmlib import weights
from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.models.distributions import (
    BINS,
    Categoricals,
    Gaussians,
    balanced_kl,
    symexp,
    symlog,
    twohot,
    twohot_loss,
    twohot_mean,
)
from wmlib.models.rssm import RSSM, Latent
from wmlib.planning import CEM, MPC
from wmlib.streams import Sequences, Streams

SMALL = dict(deter=24, hidden=24, width=2)


def small(seed=0, **kw):
    return RSSM(gym.spaces.Discrete(2), **{**SMALL, "latent": Categoricals(2, 4), **kw}, seed=seed)


# --- distributions --------------------------------------------------------------------------------


def test_symexp_undoes_symlog():
    x = torch.tensor([-300.0, -1.0, -0.01, 0.0, 0.5, 20.0, 399.0])
    torch.testing.assert_close(symexp(symlog(x)), x)
    assert symlog(torch.tensor(np.e - 1)).item() == pytest.approx(1)


def test_two_bins_hold_a_number_exactly():
    x = torch.tensor([-300.0, -0.3, 0.0, 1.0, 37.5, 400.0])
    weights = twohot(x)
    assert ((weights > 0).sum(-1) <= 2).all()
    torch.testing.assert_close(weights.sum(-1), torch.ones(6))
    torch.testing.assert_close(symexp(weights @ BINS), x, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(twohot_mean(torch.log(weights + 1e-30)), x, rtol=1e-4, atol=1e-4)


def test_the_loss_of_bins_is_least_at_the_number():
    logits = torch.zeros(1, 61, requires_grad=True)
    optimiser = torch.optim.Adam([logits], lr=0.3)
    for _ in range(200):
        loss = twohot_loss(logits, torch.tensor([12.3])).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert twohot_mean(logits).item() == pytest.approx(12.3, rel=0.02)


def test_a_number_beyond_the_last_bin_is_the_last_bin():
    assert twohot(torch.tensor(1e9))[-1] == 1 and twohot(torch.tensor(-1e9))[0] == 1


def test_a_sample_is_one_hot_and_its_gradient_is_that_of_the_probabilities():
    latent = Categoricals(2, 3)
    params = torch.randn(5, 6, requires_grad=True)
    sample = latent.sample(params, torch.Generator().manual_seed(0))
    groups = sample.detach().unflatten(-1, (2, 3))
    torch.testing.assert_close(groups.sum(-1), torch.ones(5, 2))
    assert torch.isclose(groups.max(-1).values, torch.ones(5, 2)).all()
    toward = torch.randn(5, 6)
    (through,) = torch.autograd.grad((sample * toward).sum(), params)
    probs = latent.probs(params).flatten(-2)
    (wanted,) = torch.autograd.grad((probs * toward).sum(), params)
    torch.testing.assert_close(through, wanted)
    assert through.abs().sum() > 0


def test_samples_are_as_frequent_as_their_probabilities():
    latent = Categoricals(1, 3, unimix=0.0)
    params = torch.tensor([0.6, 0.3, 0.1]).log().expand(20_000, 3)
    drawn = latent.sample(params, torch.Generator().manual_seed(0)).mean(0)
    np.testing.assert_allclose(drawn, [0.6, 0.3, 0.1], atol=0.015)
    assert latent.sample(params).mean(0).tolist() == [1, 0, 0]


def test_no_class_is_ever_impossible():
    certain = torch.tensor([100.0, 0.0, 0.0, 0.0])
    probs = Categoricals(1, 4, unimix=0.01).probs(certain)[0]
    np.testing.assert_allclose(probs, [0.9925, 0.0025, 0.0025, 0.0025], atol=1e-6)


def test_kl_of_categoricals_by_hand():
    p, q = torch.tensor([0.5, 0.5, 0.9, 0.1]).log(), torch.tensor([0.25, 0.75, 0.9, 0.1]).log()
    by_hand = 0.5 * np.log(0.5 / 0.25) + 0.5 * np.log(0.5 / 0.75)  # the second group is the same
    assert Categoricals(2, 2, unimix=0.0).kl(p, q).item() == pytest.approx(by_hand, abs=1e-5)


def test_kl_of_gaussians_is_that_of_torch():
    latent, p, q = Gaussians(3), torch.randn(4, 6), torch.randn(4, 6)
    normal = lambda params: torch.distributions.Normal(*latent.mean_std(params))  # noqa: E731
    wanted = torch.distributions.kl_divergence(normal(p), normal(q)).sum(-1)
    torch.testing.assert_close(latent.kl(p, q), wanted)
    assert torch.equal(latent.sample(p), latent.mean_std(p)[0])


def test_free_bits_and_balance_by_hand():
    kl = lambda p, q: ((p - q) ** 2).sum(-1)  # any distance will do  # noqa: E731
    post = torch.tensor([[2.0], [0.1]], requires_grad=True)
    prior = torch.tensor([[0.0], [0.0]], requires_grad=True)
    loss, nats = balanced_kl(kl, post, prior, free=1.0, dyn=0.5, rep=0.1)
    assert loss.item() == pytest.approx(0.6 * (4 + 1) / 2)  # 0.01 counts as 1
    assert nats.item() == pytest.approx((4 + 0.01) / 2)
    loss.backward()
    # Each side is moved by its own weight; under one nat neither is moved at all.
    np.testing.assert_allclose(post.grad[:, 0], [0.1 * 2 * 2 / 2, 0], atol=1e-6)
    np.testing.assert_allclose(prior.grad[:, 0], [-0.5 * 2 * 2 / 2, 0], atol=1e-6)


# --- the model ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seen():
    return (
        Streams(PixelCartPole(), copies=4, seed=0).play(400).sample(6, 12, np.random.default_rng(0))
    )


def test_reading_a_stretch_is_observing_frame_by_frame(seen):
    model = small()
    model.latent.sample = lambda params, generator=None: torch.tanh(params)  # no chance in it
    state, _, _ = model.observe_sequence(
        seen.obs.float() / 255, torch.nn.functional.one_hot(seen.act, 2).float(), seen.first
    )
    now = model.start(seen.obs[:, 0])
    for t in range(12):
        if t:
            now = model.observe(now, seen.act[:, t - 1], seen.obs[:, t], seen.first[:, t])
        torch.testing.assert_close(now.deter, state.deter[:, t])
        torch.testing.assert_close(now.stoch, state.stoch[:, t])
    assert seen.first[:, 1:].any(), "some stretch should cross the end of an episode"


def test_nothing_is_remembered_across_the_beginning_of_an_episode(seen):
    model = small()
    act = torch.nn.functional.one_hot(seen.act, 2).float()
    first = seen.first.clone()
    first[:, 6] = True
    obs, other = seen.obs.float() / 255, torch.rand(6, 12, 1, 32, 32)
    other[:, 6:] = obs[:, 6:]
    changed = act.clone()
    changed[:, :6] = 1 - act[:, :6]
    model.latent.sample = lambda params, generator=None: torch.tanh(params)
    one, two = (
        model.observe_sequence(obs, act, first)[0],
        model.observe_sequence(other, changed, first)[0],
    )
    torch.testing.assert_close(one.deter[:, 6:], two.deter[:, 6:])
    assert not torch.allclose(one.deter[:, 5], two.deter[:, 5])


def test_arrows_between_two_episodes_teach_nothing():
    torch.manual_seed(0)
    obs = torch.randint(0, 255, (2, 5, 1, 32, 32), dtype=torch.uint8)
    first = torch.tensor([[1, 0, 0, 1, 0], [1, 0, 0, 0, 0]]).bool()
    act, rew = torch.zeros(2, 4, dtype=torch.long), torch.rand(2, 4)
    whole = Sequences(obs, act, rew, torch.ones(2, 4), first)
    lies = rew.clone(), torch.ones(2, 4), act.clone()
    lies[0][0, 2], lies[1][0, 2], lies[2][0, 2] = 99.0, 0.0, 1  # all on the arrow 2 -> 3
    lie = Sequences(obs, lies[2], lies[0], lies[1], first)
    assert small().loss(whole)[0].item() == small().loss(lie)[0].item()


@pytest.fixture(scope="module")
def switched():
    """A model of the light, and what it was taught with."""
    streams, model = Streams(Switch(), copies=4, seed=0).play(400), small(free=0.1)
    optimiser, rng = torch.optim.Adam(model.parameters(), lr=5e-3), np.random.default_rng(0)
    for _ in range(150):
        loss, parts, _ = model.loss(streams.sample(8, 8, rng))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model


@pytest.mark.slow
def test_an_action_is_learned_to_lead_to_the_next_frame_and_its_reward(switched):
    """One step late or early, and the imagined light would be the wrong one half of the time."""
    plan = torch.tensor([[1, 1, 0, 1, 0, 0]])
    with torch.no_grad():
        start = switched.start(np.zeros((1, 1, 32, 32), np.uint8))
        dream = switched.imagine(start, plan)
        light = [switched.decode(state).mean().item() for state in dream.states]
    np.testing.assert_allclose(light, [0, 1, 1, 0, 1, 0, 0], atol=0.15)
    np.testing.assert_allclose(dream.rew[0], plan[0], atol=0.15)
    assert dream.cont.min() > 0.9


@pytest.mark.slow
def test_a_planner_of_chapter_four_plans_in_its_latent_space(switched):
    agent = MPC(switched, CEM(horizon=4, candidates=32, iterations=2, elites=6), seed=0)
    agent.begin(np.zeros((3, 1, 32, 32), np.uint8))
    assert agent.act(np.zeros((3, 1, 32, 32), np.uint8)).tolist() == [1, 1, 1]
    agent.keep(np.array([True, False, True]))
    assert agent.act(np.full((2, 1, 32, 32), 255, np.uint8)).tolist() == [1, 1]


def test_imagining_never_looks_and_samples_only_with_a_generator(seen):
    model = small()
    state = model.start(seen.obs[:, 0])
    plan = torch.zeros(6, 5, dtype=torch.long)
    same = [model.imagine(state, plan).states[-1].deter for _ in range(2)]
    assert torch.equal(*same)
    drawn = [
        model.imagine(state, plan, generator=torch.Generator().manual_seed(i)).states[-1].stoch
        for i in (0, 0, 1)
    ]
    assert torch.equal(drawn[0], drawn[1]) and not torch.equal(drawn[0], drawn[2])
    assert model.decode(state).shape == (6, 1, 32, 32)
    assert isinstance(state, Latent)


def test_gaussian_latents_learn_too(seen):
    model = small(latent=Gaussians(8))
    optimiser = torch.optim.Adam(model.parameters(), lr=3e-3)
    losses = []
    for _ in range(12):
        loss, parts, state = model.loss(seen)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.9 * losses[0] and state.stoch.shape == (6, 12, 8)
    assert set(parts) == {"recon", "reward", "continue", "kl"}


def test_the_pictures_weight_multiplies_the_pictures_error_and_nothing_else(seen):
    (one, parts, _), (ten, same, _) = (small(recon=w).loss(seen) for w in (1.0, 10.0))
    assert parts == same
    assert (ten - one).item() == pytest.approx(9 * parts["recon"], rel=1e-4)
    assert one.item() == small().loss(seen)[0].item()


def test_it_is_saved_and_loaded(tmp_path, seen):
    one, two = small(seed=1), small(seed=2)
    weights.save(one, tmp_path / "model.pt")
    weights.load(two, tmp_path / "model.pt")
    assert one.loss(seen)[0].item() == two.loss(seen)[0].item()
    with pytest.raises(ValueError, match="deter"):
        weights.load(small(deter=12), tmp_path / "model.pt")


def test_other_pictures_are_refused():
    with pytest.raises(ValueError, match=r"shape \(B, 1, 32, 32\)"):
        small().start(np.zeros((1, 32, 32), np.uint8))
    with pytest.raises(ValueError, match="integers from 0 to 1"):
        model = small()
        model.step(model.start(np.zeros((1, 1, 32, 32), np.uint8)), torch.tensor([2]))
