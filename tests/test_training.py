"""The one gradient loop: a step downhill by hand, a rate that falls, an interrupt that loses nothing."""

import math

import numpy as np
import pytest
import torch

from wmlib.devices import building, multinomial, new_generator, pick_device, rand, randint, randn
from wmlib.training import LeanAdamW, improve, interruptible, lean, learning, one_cycle, train


def number(value=1.0):
    return torch.nn.Parameter(torch.tensor([value]))


def test_a_step_goes_downhill_by_the_rate_and_forgets_the_gradient_before():
    x = number(1.0)
    optimiser = torch.optim.SGD([x], lr=0.1)
    for expected in (1 - 0.1 * 3, 1 - 2 * 0.1 * 3):
        improve(optimiser, (3 * x).sum())
        assert x.item() == pytest.approx(expected)


@pytest.mark.parametrize("longest, length", [(None, 50.0), (100.0, 50.0), (5.0, 5.0)])
def test_a_gradient_that_is_too_long_is_shortened_and_keeps_its_direction(longest, length):
    x = torch.nn.Parameter(torch.zeros(2))
    improve(torch.optim.SGD([x], lr=1.0), (x * torch.tensor([30.0, 40.0])).sum(), longest)
    assert x.detach().numpy() == pytest.approx([-0.6 * length, -0.8 * length], rel=1e-4)


def test_each_group_of_parameters_is_shortened_by_itself():
    long, short = number(0.0), number(0.0)
    optimiser = torch.optim.SGD([{"params": [long]}, {"params": [short]}], lr=1.0)
    improve(optimiser, (100 * long + 0.5 * short).sum(), longest=1.0)
    assert long.item() == pytest.approx(-1, rel=1e-4) and short.item() == pytest.approx(-0.5)


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_a_loss_that_is_no_number_says_where_and_changes_nothing(wrong):
    x = number()
    optimiser = torch.optim.Adam([x], lr=0.125)
    with pytest.raises(FloatingPointError, match=rf"became {wrong} here: .*lr=0\.125"):
        improve(optimiser, (x * wrong).sum(), where=" here")
    assert x.item() == 1 and x.grad is None and not optimiser.state


def test_a_gradient_by_hand_takes_the_place_of_autograds():
    x = number(1.0)

    def gradient():
        x.grad = torch.tensor([2.0])

    improve(torch.optim.SGD([x], lr=0.1), (100 * x).sum(), gradient=gradient)
    assert x.item() == pytest.approx(1 - 0.1 * 2)
    with pytest.raises(FloatingPointError):
        improve(torch.optim.SGD([x], lr=0.1), (math.nan * x).sum(), gradient=pytest.fail)


def test_adam_without_books_takes_torchs_steps_to_the_bit():
    chance = new_generator(0)
    ones = [torch.nn.Parameter(torch.randn(n, generator=chance)) for n in ((3, 37), (100,), ())]
    others = [torch.nn.Parameter(x.detach().clone()) for x in ones]
    settings = {"lr": 0.1, "weight_decay": 0.01, "betas": (0.8, 0.98), "eps": 1e-6, "fused": True}
    kind = torch.optim.AdamW
    torchs, ours = kind(ones, **settings), lean(kind(others, **settings))
    assert isinstance(ours, LeanAdamW)
    for step in range(12):
        for x, y in zip(ones, others):
            x.grad = torch.randn(x.shape, generator=chance)
            y.grad = x.grad.clone()
        if step in (0, 5):  # one that was not in the loss
            ones[step // 5].grad = others[step // 5].grad = None
        for optimiser in (torchs, ours):
            optimiser.param_groups[0]["lr"] = 0.1 / (1 + step)
            optimiser.step()
            optimiser.zero_grad()
        assert all(torch.equal(x, y) and y.grad is None for x, y in zip(ones, others))
    ours.step()  # none was in the loss
    assert all(torch.equal(x, y) for x, y in zip(ones, others))


def test_adam_keeps_its_books_where_the_kernel_alone_would_do_something_else(monkeypatch):
    Adam, x, double = torch.optim.AdamW, number(), torch.nn.Parameter(torch.ones(1).double())
    kept = (
        Adam([x]),
        Adam([x], fused=True, amsgrad=True),
        Adam([x], fused=True, maximize=True),
        Adam([x, double], fused=True),
        Adam([torch.nn.Parameter(torch.ones(1, device="meta"))]),
    )
    assert all(lean(optimiser) is optimiser for optimiser in kept)
    with monkeypatch.context() as patch:
        patch.delattr(torch, "_fused_adamw_")  # which is private to torch
        assert isinstance(lean(Adam([x], fused=True)), Adam)
    with pytest.raises(ValueError, match="learning rate"):
        train([x], lambda: x.sum(), 1, -1.0)


def rates(steps, lr, **settings):
    """How far a parameter moved in each step: Adam's steps are as long as its rate, downhill on a
    slope that never changes."""
    x, seen = number(0.0), [0.0]
    train(
        [x], lambda: x.sum(), steps, lr, report=lambda k, loss: seen.append(-x.item()), **settings
    )
    return np.diff(seen)


def test_the_rate_falls_on_a_line_to_a_fiftieth():
    assert rates(100, 0.1) == pytest.approx(
        [0.1 * max(0.02, 1 - k / 100) for k in range(100)], rel=0.01
    )
    assert rates(20, 0.1, decay=False) == pytest.approx([0.1] * 20, rel=0.01)


def test_weight_decay_pulls_to_nothing_without_passing_the_gradient():
    x = number(10.0)
    train([x], lambda: 0 * x.sum(), steps=1, lr=0.1, weight_decay=0.5)
    assert x.item() == pytest.approx(10 * (1 - 0.1 * 0.5))


def test_losses_and_reports_are_one_for_each_step():
    x, told = number(5.0), []
    losses = train(iter([x]), lambda: (x**2).sum(), 4, 0.1, report=lambda *said: told.append(said))
    assert losses[0] == 25 and len(losses) == 4 and losses == sorted(losses, reverse=True)
    assert told == list(enumerate(losses))
    with pytest.raises(FloatingPointError, match="at step 0 of 7"):
        train([x], lambda: x.sum() * math.nan, 7, 0.1)


def test_an_interrupt_keeps_the_steps_that_were_taken(capsys):
    x = number(5.0)

    def stop(step, loss):
        if step == 2:
            raise KeyboardInterrupt

    assert len(train([x], lambda: (x**2).sum(), 90, 0.1, report=stop)) == 3
    assert "stopped after 3 of 90 steps" in capsys.readouterr().err
    assert x.item() < 4.8


def test_only_an_interrupt_is_swallowed_and_its_words_are_asked_for_afterwards(capsys):
    done = []
    with interruptible(lambda: f"{len(done)} done"):
        done.append(1)
        raise KeyboardInterrupt
    assert capsys.readouterr().err == "1 done\n"
    with interruptible(lambda: "never"):
        pass
    with pytest.raises(ValueError), interruptible(lambda: "never"):
        raise ValueError
    assert capsys.readouterr().err == ""


def test_gradients_flow_in_what_learns_even_while_an_agent_acts():
    @learning
    def learn():
        x = number()
        improve(torch.optim.SGD([x], lr=1.0), x.sum())
        return x.item()

    with torch.inference_mode():
        assert learn() == 0


@pytest.mark.parametrize("steps", [1, 2, 10, 100])
def test_one_cycle_climbs_to_its_peak_and_falls_to_nothing(steps):
    seen = [one_cycle(k, steps, 2.0) for k in range(steps + 1)]
    top = max(1, round(0.1 * steps))
    assert max(seen) == seen[top] == 2.0 and seen[-1] == pytest.approx(2.0 if steps == 1 else 0)
    assert seen[:top] == pytest.approx([2 * (k + 1) / (top + 1) for k in range(top)])
    half = (top + steps) // 2
    assert seen[half] == pytest.approx(1 + math.cos(math.pi * (half - top) / max(1, steps - top)))


# --- devices and chance ---------------------------------------------------------------------------


def test_what_is_built_has_its_seed_and_leaves_everybodys_chance_alone():
    torch.manual_seed(4)
    wanted = torch.rand(1)
    torch.manual_seed(4)
    layers = []
    for seed in (1, 1, 2):
        with building(seed):
            layers.append(torch.nn.Linear(3, 3).weight)
    assert torch.equal(torch.rand(1), wanted)
    assert torch.equal(layers[0], layers[1]) and not torch.equal(layers[0], layers[2])


def test_what_is_built_is_on_the_cpu_in_single_precision_whatever_is_usual_here():
    torch.set_default_dtype(torch.float64)
    try:
        with torch.device("meta"), building(0):
            layer = torch.nn.Linear(2, 2)
            assert torch.get_default_dtype() == torch.float32
        assert torch.get_default_dtype() == torch.float64
        with pytest.raises(KeyError), building():
            raise KeyError
        assert torch.get_default_dtype() == torch.float64  # after an error, too
    finally:
        torch.set_default_dtype(torch.float32)
    assert layer.weight.dtype == torch.float32 and layer.weight.device.type == "cpu"


def test_chance_is_drawn_where_its_generator_lives_and_moved():
    like = torch.zeros(2, device="meta", dtype=torch.float64)
    for draw in (rand, randn):
        moved = draw((3, 2), new_generator(1), like)
        assert moved.is_meta and moved.dtype == torch.float64 and moved.shape == (3, 2)
        here = draw((50_000,), new_generator(1), torch.zeros(1))
        assert torch.equal(here, draw((50_000,), new_generator(1), torch.zeros(1)))
    assert here.mean().item() == pytest.approx(0, abs=0.02) and here.std() > 0.98
    even = rand((50_000,), new_generator(), torch.zeros(1))
    assert even.min() >= 0 and even.max() < 1 and even.mean().item() == pytest.approx(0.5, abs=0.01)
    whole = randint(3, (5000,), new_generator(), "cpu")
    assert (
        whole.unique().tolist() == [0, 1, 2] and randint(3, (4,), new_generator(), "meta").is_meta
    )


def test_a_row_is_drawn_in_proportion_to_its_weights():
    weights = torch.tensor([[1.0, 3.0, 0.0], [0.0, 0.0, 2.0]])
    drawn = multinomial(weights.repeat(4000, 1), new_generator()).view(-1, 2)
    share = torch.bincount(drawn[:, 0], minlength=3) / 4000
    assert share.tolist() == pytest.approx([0.25, 0.75, 0], abs=0.03) and (drawn[:, 1] == 2).all()
    assert multinomial(torch.empty(7, 3, device="meta"), new_generator()).shape == (7,)


def test_auto_is_a_gpu_where_there_is_one(monkeypatch):
    for there, kind in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=there: there)
        assert pick_device("auto").type == kind and pick_device().type == "cpu"
        assert pick_device("meta").type == "meta"
