"""The RSSM of a few numbers: what it is shown, what it says, what it learns."""

import numpy as np
import pytest
import torch

from wmlib.learning.actor_critic import ActorCritic
from wmlib.learning.dreamer import Dreamer
from wmlib.models.distributions import Gaussians
from wmlib.models.vector_rssm import FINE, VectorRSSM
from wmlib.streams import Streams
from wmlib.worlds import CartPole

SCALE = 0.7, 0.6, 0.08, 0.3


def small(seed=0, **others):
    settings = {"deter": 24, "hidden": 24, "latent": Gaussians(6), **others}
    return VectorRSSM(CartPole.act_space, SCALE, seed=seed, **settings)


def carts(n=5):
    return np.random.default_rng(0).normal(size=(n, 4)).astype(np.float32)


def test_numbers_are_read_in_their_own_scale_and_told_in_the_worlds():
    model = small()
    torch.testing.assert_close(
        model.preprocess(carts()) * torch.tensor(SCALE) / FINE, torch.tensor(carts())
    )
    state = model.start(carts())
    told = model.decoder(model.feat(state)) * torch.tensor(SCALE) / FINE
    assert model.decode(state).shape == (5, 4)
    torch.testing.assert_close(model.decode(state), told)


def test_the_error_of_the_numbers_counts_by_its_weight():
    seen = Streams(CartPole(), copies=2, seed=0).play(100).sample(4, 8, np.random.default_rng(0))
    (light, parts, _), (heavy, same, _) = (small(recon=w).loss(seen) for w in (1.0, 3.0))
    assert parts == same
    assert heavy.item() - light.item() == pytest.approx(2 * parts["recon"], rel=1e-4)


@pytest.mark.slow
def test_it_learns_to_foresee_the_cart_better_than_that_nothing_moves():
    streams, model = Streams(CartPole(), copies=8, seed=0).play(2_000), small(free=0.1)
    optimiser, rng = torch.optim.Adam(model.parameters(), lr=3e-3), np.random.default_rng(0)
    for _ in range(500):
        loss, _, _ = model.loss(streams.sample(16, 12, rng))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    fresh = Streams(CartPole(), copies=8, seed=1).play(800).all(8)
    whole = ~fresh.first[:, 1:].any(1)
    obs, act = fresh.obs[whole], fresh.act[whole]
    with torch.no_grad():
        seen = model.observe(model.start(obs[:, 0]), act[:, 0], obs[:, 1])
        dream = model.decode(model.imagine(seen, act[:, 1:4]).states[-1])
    off = lambda guess: (((guess - obs[:, 4]) / obs[:, 4].std(0)) ** 2).mean()  # noqa: E731
    assert off(dream) < 0.6 * off(obs[:, 1])


def test_dreamer_learns_on_it_as_it_is_and_goes_on_where_it_was_saved(tmp_path):
    def learner(seed=0):
        model = small(seed=seed)
        behaviour = ActorCritic(model.feat_size, 2, hidden=8, horizon=3, seed=seed)
        return Dreamer(
            CartPole(), model, behaviour, batch=4, length=6, starts=8, prefill=96, seed=seed
        )

    whole, half = learner().learn(240), learner().learn(168)
    half.save(tmp_path / "half.pt")
    gone_on = learner(3).load(tmp_path / "half.pt").learn(72)
    assert whole.log == gone_on.log and len(whole.log) == 6


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"shape \(B, 4\), got \(4,\)"):
        small().start(carts()[0])
