"""V: its KL by hand, pictures it can tell apart, and a training that stops and goes on."""

import math

import pytest
import torch

from wmlib import weights
from wmlib.models.vae import VAE, draw, kl_to_standard


def squares(n=64, seed=0):
    """A bright square somewhere in the dark: `(n, 1, 32, 32)` bytes."""
    generator = torch.Generator().manual_seed(seed)
    pictures = torch.zeros(n, 1, 32, 32, dtype=torch.uint8)
    for picture, (x, y) in zip(pictures, torch.randint(0, 24, (n, 2), generator=generator)):
        picture[0, y : y + 8, x : x + 8] = 255
    return pictures


def tiny(seed=0, steps=5):
    model = VAE(size=4, width=2, seed=seed)
    model.fit(squares(), steps=steps, batch=8)
    return model


def test_kl_to_the_standard_gaussian_by_hand():
    zero, one = torch.tensor(0.0), torch.tensor(1.0)
    assert kl_to_standard(zero, zero) == 0
    assert kl_to_standard(2 * one, zero) == pytest.approx(2.0)  # mean^2 / 2
    half = torch.tensor(math.log(0.25))  # a standard deviation of 0.5
    assert kl_to_standard(zero, half) == pytest.approx(0.5 * (0.25 - 1) + math.log(2))
    p = torch.distributions.Normal(0.7, math.exp(-0.3))
    q = torch.distributions.Normal(0.0, 1.0)
    wanted = torch.distributions.kl_divergence(p, q)
    assert kl_to_standard(torch.tensor(0.7), torch.tensor(-0.6)) == pytest.approx(float(wanted))


def test_the_loss_is_the_pictures_error_and_beta_times_the_kl_that_is_not_free():
    model, obs = tiny(), squares(8)
    model.free = 0.0
    loss, parts = model.loss(obs)
    assert loss.item() == pytest.approx(parts["recon"] + 0.1 * parts["kl"])
    model.free = 100.0  # for each of the four numbers
    loss, parts = model.loss(obs)
    assert loss.item() == pytest.approx(parts["recon"] + 0.1 * 400)
    mean, log_var = model.encode(obs)
    assert parts["kl"] == pytest.approx(kl_to_standard(mean, log_var).sum(1).mean().item())


def test_z_is_drawn_around_its_mean_with_its_variance_and_lets_the_gradient_through():
    mean = torch.full((20_000,), 3.0, requires_grad=True)
    log_var = torch.full((20_000,), math.log(4.0), requires_grad=True)
    z = draw(mean, log_var, torch.Generator().manual_seed(0))
    assert z.mean().item() == pytest.approx(3, abs=0.05)
    assert z.std().item() == pytest.approx(2, abs=0.05)
    z.sum().backward()
    assert mean.grad.eq(1).all() and log_var.grad.abs().sum() > 0


@pytest.mark.slow
def test_it_learns_where_the_square_is():
    model = VAE(size=8, width=4)
    model.fit(squares(400), steps=400, batch=32, lr=3e-3)
    new = squares(50, seed=1)
    with torch.inference_mode():
        drawn = model.decode(model.encode(new)[0])
    error = ((drawn - new / 255) ** 2).sum((1, 2, 3)).mean()
    assert error < 64 / 4  # a black picture would be off by 64
    rows = torch.arange(32.0)
    light = drawn.clamp(0, 1)
    where = (light.sum(2)[:, 0] * rows).sum(1) / light.sum((1, 2, 3))
    true = ((new / 255).sum(2)[:, 0] * rows).sum(1) / 64
    assert (where - true).abs().mean() < 2


def test_beta_decides_what_z_may_say():
    told, untold = (VAE(size=4, width=2, beta=beta, free=0) for beta in (0.01, 1000.0))
    for model in (told, untold):
        model.fit(squares(), steps=80, batch=16, lr=3e-3)
    obs = squares(64, seed=2)
    assert untold.loss(obs)[1]["kl"] < 0.05 < told.loss(obs)[1]["kl"]


def test_the_same_seed_gives_the_same_model_and_leaves_the_chance_of_others_alone():
    torch.manual_seed(5)
    wanted = torch.rand(1)
    torch.manual_seed(5)
    one, two, other = tiny(), tiny(), tiny(seed=1)
    assert torch.equal(torch.rand(1), wanted)
    z = torch.ones(2, 4)
    assert torch.equal(one.decode(z), two.decode(z))
    assert not torch.allclose(one.decode(z), other.decode(z))


def test_bytes_and_floats_are_the_same_picture_and_many_are_as_one():
    model, obs = tiny(), squares(6)
    mean, _ = model.encode(obs)
    torch.testing.assert_close(model.encode(obs / 255)[0], mean)
    torch.testing.assert_close(model.encode_all(obs.view(2, 3, 1, 32, 32))[0], mean.view(2, 3, 4))


def test_an_interrupt_keeps_what_was_learned_and_it_goes_on(capsys, tmp_path):
    def stop(step, loss):
        if step == 3:
            raise KeyboardInterrupt

    model = VAE(size=4, width=2)
    assert len(model.fit(squares(), steps=50, batch=8, report=stop)) == 4
    assert "keeps what it has learned" in capsys.readouterr().err
    weights.save(model, tmp_path / "v.pt")
    other = weights.load(VAE(size=4, width=2, seed=9), tmp_path / "v.pt")
    assert model.fit(squares(), 3, 8) == other.fit(squares(), 3, 8)


def test_what_is_no_picture_is_named():
    with pytest.raises(ValueError, match="obs\\[None\\]"):
        VAE().encode(torch.zeros(1, 32, 32))
    with pytest.raises(ValueError, match="wanted a batch of pictures"):
        VAE().fit(torch.zeros(5, 3, 32, 32))
