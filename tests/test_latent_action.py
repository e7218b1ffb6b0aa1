"""Latent actions: codes that mean what was done, at the right moment, and nothing is paid."""

import numpy as np
import pytest
import torch

from wmlib import weights
from wmlib.course.ch09_latent_actions import study as parts
from wmlib.course.ch09_latent_actions.cloning import Cloner
from wmlib.models.latent_action import LatentActions, name_codes
from wmlib.planning import RandomShooting


def sliding(films=30, frames=8, seed=0):
    """A tiny world: a smooth random picture slides 3 pixels left, not at all, or right.

    Returns frames `(N, T, 1, 32, 32)` uint8, first `(N, T)`, and the hidden act `(N, T - 1)`.
    """
    rng = np.random.default_rng(seed)
    coarse = torch.as_tensor(rng.random((films, 1, 8, 8)), dtype=torch.float32)
    wide = torch.nn.functional.interpolate(coarse, size=32, mode="bicubic").clamp(0, 1)
    picture = (wide.numpy() * 255).astype(np.uint8)
    act = rng.integers(3, size=(films, frames - 1))
    shift = np.concatenate([np.zeros((films, 1), int), np.cumsum(3 * (act - 1), 1)], 1)
    obs = [[np.roll(p, s, axis=-1) for s in row] for p, row in zip(picture, shift)]
    first = np.zeros((films, frames), bool)
    first[:, 0] = True
    return torch.as_tensor(np.array(obs)), torch.as_tensor(first), torch.as_tensor(act)


def tiny(seed=0, steps=3, **settings):
    obs, first, _ = sliding(4)
    model = LatentActions(width=2, seed=seed, **settings)
    model.fit(obs, first, steps=steps, batch=4)
    return model


@pytest.mark.slow
def test_the_codes_are_the_actions_and_belong_to_their_own_moment():
    """In a world whose actions are independent, the neighbours of act[t] are known at chance."""
    obs, first, _ = sliding(films=200)
    model = LatentActions(width=4, seed=0)
    model.fit(obs, first, steps=1000, batch=16)
    obs, _, act = sliding(seed=1)
    n, t = act.shape
    codes = model.infer(obs[:, :-1].flatten(0, 1), obs[:, 1:].flatten(0, 1)).view(n, t)
    names = torch.as_tensor(name_codes(codes.flatten(), act.flatten(), 3, 3))

    def agreement(codes, act):
        return (names[codes] == act).float().mean()

    assert agreement(codes, act) > 0.8
    assert agreement(codes[:, 1:], act[:, :-1]) < 0.5
    assert agreement(codes[:, :-1], act[:, 1:]) < 0.5
    # Played forwards, the code of t leads from frame t to frame t + 1.
    rollout = model.imagine(model.start(obs[:, 0]), codes[:, :3])
    error = [
        (model.decode(s) - obs[:, k] / 255).square().mean() for k, s in enumerate(rollout.states)
    ]
    still = (obs[:, 0] / 255 - obs[:, 1] / 255).square().mean()
    assert error[0] < 1e-6 and error[1] < still / 2


def test_the_inferred_word_draws_the_next_frame_best():
    obs, _, _ = sliding(4)
    model = tiny()
    before, after = obs[:, 0], obs[:, 1]
    codes = model.infer(before, after)
    state = model.start(before)
    wrong = [
        (model.predict_frame(state, model.codebook.vectors(torch.full((4,), k))) - after / 255)
        .square()
        .mean((1, 2, 3))
        for k in range(3)
    ]
    assert torch.equal(codes, torch.stack(wrong, 1).argmin(1))
    vector = model.encode(state, model.start(after))
    assert torch.equal(model.infer_by_encoder(before, after), model.codebook.nearest(vector))


def test_it_never_learns_across_the_seam_of_two_episodes():
    """Where every arrow but one crosses a seam, only that one is ever drawn."""
    obs = torch.zeros(2, 4, 1, 32, 32, dtype=torch.uint8)
    obs[:, 2:] = 255
    first = torch.tensor([[True, False, True, True], [True, True, True, True]])
    model = LatentActions(width=2)
    losses = model.fit(obs, first, steps=20, batch=2, commit=0.0)
    assert losses[-1] < losses[0]  # black stays black
    assert max(losses) < 300  # drawing white from black would cost 1,024
    with pytest.raises(ValueError, match="no frame of this video follows another"):
        model.fit(obs, torch.ones_like(first))


@pytest.mark.parametrize("free", [False, True])
def test_the_same_seed_gives_the_same_model(free):
    one, two, other = tiny(free=free), tiny(free=free), tiny(seed=1, free=free)
    state = torch.rand(2, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    a, b, c = (m.step(state, torch.tensor([0, 2])).state for m in (one, two, other))
    assert torch.equal(a, b) and not torch.allclose(a, c)


def test_building_a_model_leaves_the_chance_of_others_alone():
    torch.manual_seed(5)
    wanted = torch.rand(1)
    torch.manual_seed(5)
    LatentActions(width=2)
    Cloner(3, width=2)
    assert torch.equal(torch.rand(1), wanted)


def test_a_planner_refuses_a_model_without_reward_and_takes_it_with_an_aim():
    model, planner = tiny(), RandomShooting(horizon=2, candidates=4)
    state, generator = model.start(torch.zeros(1, 1, 32, 32)), torch.Generator().manual_seed(0)
    with pytest.raises(ValueError, match="LatentActions predicts no reward"):
        planner.plan(model, state, generator)
    bright = model.goal(rew=lambda obs, code, after: after.mean((1, 2, 3)))
    plan = planner.plan(bright, state, generator)
    assert plan.actions.shape == (1, 2) and plan.actions.max() < 3


def test_saved_and_loaded_it_goes_on_as_if_nothing_had_happened(tmp_path):
    obs, first, _ = sliding(4)
    model = tiny()
    weights.save(model, tmp_path / "model.pt")
    other = weights.load(LatentActions(width=2, seed=9), tmp_path / "model.pt")
    losses = [m.fit(obs, first, steps=3, batch=4) for m in (model, other)]
    assert losses[0] == losses[1]
    assert torch.equal(model.codebook.codes, other.codebook.codes)
    with pytest.raises(ValueError, match="free"):
        weights.load(LatentActions(width=2, free=True), tmp_path / "model.pt")


def test_an_interrupted_training_leaves_a_model_that_can_be_used(capsys):
    def stop(step, loss):
        if step == 2:
            raise KeyboardInterrupt

    obs, first, _ = sliding(4)
    model = LatentActions(width=2)
    assert len(model.fit(obs, first, steps=50, batch=4, report=stop)) == 3
    assert "keeps what it has learned" in capsys.readouterr().err
    codes = model.infer(obs[:, 0], obs[:, 1])
    nxt = model.step(model.start(obs[:, 0]), codes)
    assert torch.isfinite(nxt.state).all() and nxt.rew.eq(0).all() and nxt.cont.eq(1).all()


def test_no_action_can_reach_the_training():
    """The frames and where episodes begin are all that `fit` is given."""
    film = parts.video(1600, 0)
    model, other = LatentActions(width=2), LatentActions(width=2)
    first = model.fit(film.obs, film.first, steps=2)
    film.act = film.act.flip(1)
    assert other.fit(film.obs, film.first, steps=2) == first


def test_what_does_not_fit_is_named():
    model = tiny()
    with pytest.raises(ValueError, match=r"obs\[None\]"):
        model.start(torch.zeros(1, 32, 32))
    with pytest.raises(ValueError, match="from 0 to 2"):
        model.step(model.start(torch.zeros(1, 1, 32, 32)), torch.tensor([3]))
    with pytest.raises(ValueError, match="wanted video"):
        model.fit(torch.zeros(4, 1, 32, 32), torch.zeros(4, dtype=torch.bool))
    with pytest.raises(ValueError, match="no movements"):
        tiny(free=True).flow_field(torch.zeros(1, 4))


def test_codes_are_named_by_what_they_were_seen_with():
    assert name_codes([0, 0, 0, 1, 2], [2, 2, 1, 0, 1], 3, 3).tolist() == [2, 0, 1]
    assert name_codes([1, 1], [2, 2], 3, 3).tolist() == [2, 2, 2]  # the others were never seen
    with pytest.raises(ValueError, match="at least one"):
        name_codes([], [], 3, 3)


# --- the instruments of the chapter -------------------------------------------------------------


def test_the_driver_on_the_film_does_what_the_film_says():
    """A frame, the hidden action and the next frame fit the real world's steps."""
    film = parts.video(1600, 0)
    before, after, act = parts.pairs(film)
    assert len(before) == len(after) == len(act) == int(film.real.sum())
    # Turning right moves the road ahead to the left: seen in the picture, on average.
    ahead = torch.arange(32) - 15.5
    where = [((p[:, 0, 8:14].float() - 38) * ahead).mean((1, 2)) for p in (before, after)]
    shift = where[1] - where[0]
    assert shift[act == 2].mean() < shift[act == 1].mean() < shift[act == 0].mean()


def test_peak_signal_to_noise_by_hand():
    real = torch.full((2, 1, 32, 32), 255, dtype=torch.uint8)
    assert parts.psnr(torch.full((2, 1, 32, 32), 0.9), real) == pytest.approx(20, abs=1e-3)
    assert parts.psnr(torch.ones(2, 1, 32, 32), real) == pytest.approx(48.13, abs=0.01)


def test_clouds_change_the_light_and_nothing_else():
    film = parts.video(1600, 0)
    obs, light = parts.cloudy(film, 1)
    assert torch.equal(obs[light == 2], film.obs[light == 2])
    assert obs.shape == film.obs.shape and light.unique().tolist() == [0, 1, 2]


def test_a_cloner_learns_which_half_is_bright():
    x = torch.zeros(64, 1, 32, 32)
    side = torch.arange(64) % 2
    x[side == 0, :, :, :16] = 1
    x[side == 1, :, :, 16:] = 1
    cloner = Cloner(2, width=2)
    cloner.fit(x, side, steps=60)
    assert (cloner.choose(x) == side).float().mean() > 0.95
    with pytest.raises(ValueError, match="an action for each picture"):
        cloner.fit(x, side[:3])
