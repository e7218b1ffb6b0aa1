"""A codebook: nearest codes, gradients as if nothing had happened, and no code dies for long."""

import pytest
import torch

from wmlib.models.codebook import Codebook, perplexity, usage


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def codebook_of(codes, **settings):
    """A codebook whose codes stand where they are told to."""
    codes = torch.tensor(codes)
    codebook = Codebook(len(codes), codes.shape[1], **settings)
    codebook._place(torch.arange(len(codes)), codes, 1.0)
    codebook.initialised.fill_(True)
    return codebook


def heaps(n, seed=0):
    """Vectors in three heaps, `n` in each, and the middles."""
    middles = torch.tensor([[0.0, 0.0], [5.0, 0.0], [0.0, 5.0]])
    noise = 0.1 * torch.randn(3, n, 2, generator=rng(seed))
    return (middles[:, None] + noise).reshape(-1, 2), middles


def test_every_vector_becomes_its_nearest_code():
    codebook = codebook_of([[0.0, 0.0], [1.0, 1.0]])
    x = torch.tensor([[[0.1, 0.2], [0.9, 0.6]], [[3.0, 3.0], [-1.0, 0.0]]])
    out = codebook(x)
    assert out.index.tolist() == [[0, 1], [1, 0]]
    assert torch.allclose(out.vectors, codebook.vectors(out.index)) and out.vectors.shape == x.shape
    assert out.loss.item() == pytest.approx(((x - out.vectors) ** 2).mean().item())


def test_the_gradient_goes_straight_through():
    codebook = codebook_of([[0.0, 0.0], [1.0, 1.0]])
    x = torch.tensor([[0.1, 0.2], [0.9, 0.6]], requires_grad=True)
    (codebook(x).vectors * torch.tensor([[1.0, 2.0], [3.0, 4.0]])).sum().backward()
    assert x.grad.tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_the_loss_pulls_the_vectors_and_leaves_the_codes():
    codebook = codebook_of([[0.0, 0.0], [1.0, 1.0]])
    x = torch.tensor([[0.2, 0.0]], requires_grad=True)
    codebook(x).loss.backward()
    assert x.grad[0, 0] > 0 and not list(codebook.parameters())


def test_looking_up_changes_nothing_and_learning_moves_the_codes():
    codebook = codebook_of([[0.0, 0.0], [1.0, 1.0]])
    before = {key: value.clone() for key, value in codebook.state_dict().items()}
    x = torch.tensor([[0.2, 0.0], [0.8, 1.0]])
    codebook(x)
    assert all(torch.equal(value, before[key]) for key, value in codebook.state_dict().items())
    codebook.learn(x, rng())
    assert 0 < codebook.codes[0, 0] < 0.2 and 0.8 < codebook.codes[1, 0] < 1


def test_codes_begin_at_outputs_of_the_encoder_and_end_in_the_middle_of_heaps():
    x, middles = heaps(30)
    codebook = Codebook(3, 2)
    codebook.learn(x[:3] + 100, rng())  # the first batch decides, wherever it lies
    assert torch.cdist(codebook.codes, x[:3] + 100).amin(1).max() < 1
    codebook = Codebook(3, 2, decay=0.5)
    for seed in range(20):
        codebook.learn(heaps(30, seed)[0], rng(seed))
    assert torch.cdist(middles, codebook.codes).amin(1).max() < 0.1


def test_a_dead_code_is_put_where_the_vectors_are():
    x, _ = heaps(30)
    codebook = codebook_of([[0.0, 0.0], [5.0, 0.0], [90.0, 90.0]], decay=0.5)
    revived = [codebook.learn(x, rng(k)) for k in range(30)]
    assert sum(revived) >= 1 and revived[-1] == 0
    assert codebook.codes.abs().max() < 10
    assert usage(codebook.nearest(x), 3).min() > 0.05


def test_without_the_reset_it_would_stay_dead():
    x, _ = heaps(30)
    codebook = codebook_of([[0.0, 0.0], [5.0, 0.0], [90.0, 90.0]], decay=0.5, dead=0.0)
    assert sum(codebook.learn(x, rng(k)) for k in range(30)) == 0
    assert usage(codebook.nearest(x), 3)[2] == 0


def test_the_same_chance_gives_the_same_codes():
    x, _ = heaps(10)
    codebooks = [Codebook(3, 2), Codebook(3, 2)]
    for codebook in codebooks:
        codebook.learn(x, rng(4))
    assert torch.equal(codebooks[0].codes, codebooks[1].codes)


def test_usage_and_perplexity_by_hand():
    index = torch.tensor([0, 0, 1, 1])
    assert usage(index, 3).tolist() == [0.5, 0.5, 0.0]
    assert perplexity(index, 3) == pytest.approx(2)
    assert perplexity(torch.zeros(5, dtype=torch.long), 3) == pytest.approx(1)


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match="at least one code"):
        Codebook(0, 2)
    with pytest.raises(ValueError, match="codes have 2 numbers"):
        Codebook(3, 2).nearest(torch.zeros(4, 3))
