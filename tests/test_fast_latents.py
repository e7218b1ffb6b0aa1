"""What was made faster in latent models says the same as what it stands for."""

import pytest
import torch
from torch.nn.functional import one_hot

from wmlib.course.ch11_language_agents.phrases import END, PAD, Phrases
from wmlib.course.ch11_language_agents.text_gpt import TextGPT
from wmlib.models.distributions import Categoricals, twohot, twohot_loss

# --- distributions --------------------------------------------------------------------------------


def clear_sample(latent, params, generator):
    """The draw as chapter 7 explains it: Gumbel noise on the log-probabilities."""
    probs = params.unflatten(-1, (latent.groups, latent.classes)).softmax(-1)
    probs = (1 - latent.unimix) * probs + latent.unimix / latent.classes
    uniform = torch.rand(probs.shape, generator=generator)
    chosen = (probs.detach().log() - torch.log(-torch.log(uniform))).argmax(-1)
    return (one_hot(chosen, latent.classes) + (probs - probs.detach())).flatten(-2)


@pytest.mark.parametrize("groups, classes, rows", [(8, 8, 512), (4, 6, 5), (1, 32, 3)])
def test_a_draw_is_the_one_that_is_explained(groups, classes, rows):
    latent, params = Categoricals(groups, classes), 3 * torch.randn(rows, groups * classes)
    toward = torch.randn_like(params)
    grads = []
    for draw in (latent.sample, lambda *given: clear_sample(latent, *given)):
        own = params.clone().requires_grad_()
        drawn = draw(own, torch.Generator().manual_seed(1))
        with torch.no_grad():
            assert torch.equal(drawn, draw(own, torch.Generator().manual_seed(1)))
        (drawn * toward).sum().backward()
        grads += [drawn.detach(), own.grad]
    assert torch.equal(grads[0], grads[2])  # the same choices; the softmax rounds otherwise
    torch.testing.assert_close(grads[1], grads[3])


@pytest.mark.parametrize("shape", [(), (3,), (2, 5)])
def test_a_draw_is_one_class_of_each_group_whatever_the_shape(shape):
    latent, params = Categoricals(4, 3), torch.randn(*shape, 12)
    drawn = latent.sample(params, torch.Generator().manual_seed(0))
    assert drawn.shape == params.shape and set(drawn.unique().tolist()) <= {0.0, 1.0}
    assert (drawn.unflatten(-1, (4, 3)).sum(-1) == 1).all()
    rows = [latent.probs(row).flatten() for row in params.view(-1, 12)]
    torch.testing.assert_close(latent.probs(params).reshape(-1, 12), torch.stack(rows))


def test_of_equally_likely_classes_the_first_is_the_likeliest():
    assert Categoricals(2, 3).sample(torch.zeros(4, 6)).tolist() == [[1.0, 0, 0, 1, 0, 0]] * 4


@pytest.mark.parametrize("shape", [(512, 15), (7,), (3, 5, 2)])
def test_the_loss_of_bins_is_the_cross_entropy_with_all_of_them(shape):
    x, weight, losses = 10 * torch.randn(shape), torch.rand(shape), []
    x.view(-1)[:4] = torch.tensor([0.0, 1e9, -1e9, 1.0])
    logits = 3 * torch.randn(*shape, 61)
    for loss in (twohot_loss, lambda own, x: -(twohot(x) * own.log_softmax(-1)).sum(-1)):
        own = logits.clone().requires_grad_()
        value = loss(own, x)
        (weight * value).mean().backward()
        losses += [value.detach(), own.grad]
    assert torch.equal(losses[0], losses[2]) and torch.equal(losses[1], losses[3])


# --- models ---------------------------------------------------------------------------------------


@torch.inference_mode()
def test_what_the_gpt_writes_with_its_memory_is_what_it_would_write_without():
    model = TextGPT(Phrases([PAD, END, *"abcdefg"]), width=32, longest=30, seed=2)
    ids = torch.randint(2, 9, (20, 11))
    written, over = model._complete(ids, 15), set()
    for length in range(15):
        token = model.head(model(ids)[:, -1]).argmax(-1)
        token[list(over)] = 1
        over |= set(torch.where(token == 1)[0].tolist())
        assert torch.equal(written[:, length], token)
        ids = torch.cat([ids, token[:, None]], 1)
    assert 0 < len(over) < 20, "some should end, and some not"
