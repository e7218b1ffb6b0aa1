"""M: likelihood against integration, what temperature does, memory that begins anew, alignment."""

import math

import gymnasium as gym
import numpy as np
import pytest
import torch

from wmlib import weights
from wmlib.course.ch06_world_models.dodge import Dodge
from wmlib.evaluation import error_by_horizon
from wmlib.experience import collect
from wmlib.models.mdn_rnn import MDNRNN, Mixture, log_likelihood, sample
from wmlib.models.vae import VAE
from wmlib.models.vision_memory import VisionMemory
from wmlib.planning import CEM, MPC
from wmlib.streams import Streams
from wmlib.worlds.pixels import PixelWorld, add_bar, blank

TWO = gym.spaces.Discrete(2)


def fork(weights=(0.3, 0.7), means=(-2.0, 1.0), stds=(0.5, 0.25), n=1):
    """A mixture of two Gaussians for one number, n times."""
    log = lambda x: torch.tensor(x).log()  # noqa: E731
    parts = log(weights), torch.tensor(means), log(stds)
    return Mixture(*(part.expand(n, 1, 2) for part in parts))


def gentle(n=1):
    return torch.Generator().manual_seed(n)


class Walker(PixelWorld):
    """A bar that goes left or right by what is done *now*; what was done before does not matter.

    State `(B, 1)`: x. The episode ends at the right edge, and a step to the right pays 1.
    """

    act_space, max_steps = TWO, 30

    def initial(self, n, rng):
        return rng.uniform(8, 20, (n, 1))

    def step(self, state, action, rng=None):
        nxt = np.clip(state + np.where(action == 1, 3, -3)[:, None], 3, 29)
        return nxt, (action == 1).astype(float), nxt[:, 0] >= 28

    def draw(self, state):
        image = blank(len(state))
        add_bar(image, state[:, 0], y=16, half_width=3, half_height=8)
        return image


@pytest.fixture(scope="module")
def walker():
    """V and M that have learned the walker's world, and what they learned from."""
    seen = Streams(Walker(), 16, 0).play(3000).all(20)
    model = VisionMemory(TWO, size=4, hidden=32, width=4)
    model.vision.fit(seen.obs.flatten(0, 1), steps=250, batch=32, lr=4e-3)
    model.memory.fit(seen, model.vision, steps=300, batch=32, length=6, lr=2e-2)
    return model


def position(model, state):
    """Where the bar of a decoded state is, in pixels from the left."""
    light = model.decode(state)[:, 0].sum(1)
    return (light * torch.arange(32)).sum(1) / light.sum(1)


def test_the_density_integrates_to_one_and_to_the_right_mean():
    grid = torch.linspace(-8, 8, 4001)[:, None]
    mixture = fork(n=len(grid))
    density = log_likelihood(mixture, grid).exp()[:, 0]
    assert torch.trapezoid(density, grid[:, 0]) == pytest.approx(1, abs=1e-4)
    mean = torch.trapezoid(density * grid[:, 0], grid[:, 0])
    assert mean == pytest.approx(0.3 * -2 + 0.7 * 1, abs=1e-3)


def test_the_likelihood_of_one_number_by_hand_and_far_away_it_is_still_a_number():
    got = log_likelihood(fork(), torch.tensor([[1.0]]))
    near = 0.7 / (0.25 * math.sqrt(2 * math.pi))
    far = 0.3 / (0.5 * math.sqrt(2 * math.pi)) * math.exp(-0.5 * 6**2)
    assert got.item() == pytest.approx(math.log(near + far), abs=1e-5)
    assert torch.isfinite(log_likelihood(fork(), torch.tensor([[1e4]])))


def test_at_temperature_one_samples_are_distributed_as_the_mixture_says():
    z = sample(fork(n=40_000), gentle())
    assert (z < -0.5).float().mean() == pytest.approx(0.3, abs=0.02)
    assert z[z > 0].std() == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.3])
def test_temperature_divides_the_logits_and_multiplies_the_variance(temperature):
    z = sample(fork(n=40_000), gentle(), temperature)
    weights = np.array([0.3, 0.7]) ** (1 / temperature)
    assert (z < -0.5).float().mean() == pytest.approx((weights / weights.sum())[0], abs=0.02)
    assert z[z > -0.5].std() == pytest.approx(0.25 * math.sqrt(temperature), rel=0.08)


def test_without_a_generator_it_is_the_middle_of_the_likeliest_and_zero_is_refused():
    assert sample(fork()).item() == 1.0
    with pytest.raises(ValueError, match="temperature is above 0"):
        sample(fork(), gentle(), 0.0)


def test_the_width_of_a_gaussian_is_bounded_on_both_sides():
    memory = MDNRNN(TWO, size=2, hidden=4)
    mixture, _, _ = memory.heads(torch.full((1, 4), 1e6))
    assert mixture.log_std.min() >= -5 and mixture.log_std.max() <= 2
    torch.testing.assert_close(mixture.log_weight.exp().sum(-1), torch.ones(1, 2))


def test_nothing_of_an_episode_is_remembered_in_the_next():
    """What lies before a first frame changes nothing after it; what lies after it does."""
    memory = MDNRNN(TWO, size=3, hidden=8)
    z = torch.randn(1, 6, 3, generator=gentle())
    act = torch.nn.functional.one_hot(torch.tensor([[0, 1, 1, 0, 1]]), 2).float()
    first = torch.tensor([[True, False, False, True, False, False]])
    other, later = z.clone(), z.clone()
    other[:, :3] += 5
    later[:, 3] += 5
    one, two, three = (memory.unroll(x, act, first).hidden for x in (z, other, later))
    assert torch.equal(one[:, 3:], two[:, 3:])  # memories that have read frame 3 and after
    assert not torch.allclose(one[:, :3], two[:, :3])
    assert not torch.allclose(one[:, 3:], three[:, 3:])


def test_an_arrow_into_a_new_episode_teaches_nothing():
    memory = MDNRNN(TWO, size=3, hidden=8)
    z, act = torch.zeros(1, 3, 3), torch.tensor([[0, 1]])
    rew, cont = torch.zeros(1, 2), torch.ones(1, 2)
    first = torch.tensor([[True, False, True]])
    loss, *_ = memory.loss(z, act, rew, cont, first)
    z[:, 2], rew[:, 1], cont[:, 1] = 100.0, 100.0, 0.0
    assert memory.loss(z, act, rew, cont, first)[0] == loss
    rew[:, 0] = 100.0
    assert memory.loss(z, act, rew, cont, first)[0] > loss + 100


def test_looking_and_reading_a_stream_give_the_same_memory():
    """observe, frame by frame, is what training reads, reset at the new episode included."""
    model = VisionMemory(TWO, size=4, hidden=8, width=2)
    seen = Streams(Walker(), 8, 3).play(400).all(20)
    z, _ = model.vision.encode_all(seen.obs)
    act = torch.nn.functional.one_hot(seen.act, 2).float()
    read = model.memory.unroll(z, act, seen.first).hidden
    with torch.inference_mode():
        state = model.start(seen.obs[:, 0])
        for t in range(1, 20):
            state = model.observe(state, seen.act[:, t - 1], seen.obs[:, t], seen.first[:, t])
            kept = ~seen.first[:, t]
            torch.testing.assert_close(state.hidden[kept], read[kept, t - 1])
            assert state.hidden[~kept].eq(0).all()
    assert seen.first[:, 1:].any()  # there was one


@pytest.mark.slow
def test_it_learns_which_action_leads_where(walker):
    """An action moves the bar in its own step: not the one before, not the one after."""
    world, rng = Walker(), np.random.default_rng(1)
    state = world.initial(40, rng)
    acts = rng.integers(2, size=(40, 3))
    latent = walker.start(world.obs(state))
    errors, lagged = [], []
    with torch.inference_mode():
        for t in range(3):
            before = state
            state, _, _ = world.step(state, acts[:, t])
            latent = walker.step(latent, torch.as_tensor(acts[:, t])).state
            drawn = position(walker, latent).numpy()
            other, _, _ = world.step(before, 1 - acts[:, t])
            errors.append(np.abs(drawn - state[:, 0]).mean())
            lagged.append(np.abs(drawn - other[:, 0]).mean())
    assert max(errors) < 1.5 and min(lagged) > 3


@pytest.mark.slow
def test_reward_and_end_belong_to_the_arrow_that_brought_them(walker):
    with torch.inference_mode():
        place = np.array([[27.0], [27.0], [10.0]])  # a step to the right of 27 ends the episode
        right, left, far = torch.tensor([1, 0, 1])
        nxt = walker.step(walker.start(Walker().obs(place)), torch.stack([right, left, far]))
    assert nxt.rew.tolist() == pytest.approx([1, 0, 1], abs=0.25)
    assert nxt.cont[0] < 0.5 < min(nxt.cont[1], nxt.cont[2])


@pytest.mark.slow
def test_planners_films_and_error_by_horizon_take_it_as_it_is(walker):
    data = collect(Walker(), steps=120, seed=4)
    assert error_by_horizon(walker, data, horizon=3, starts=20).shape == (3,)
    agent = MPC(walker, CEM(horizon=3, candidates=12, iterations=2, elites=3))
    agent.begin(data.obs[:2])
    assert agent.act(data.obs[:2]).tolist() == [1, 1]  # to the right is where it is paid
    assert agent.act(data.next_obs[:2]).shape == (2,)


def test_a_dream_is_drawn_at_the_models_temperature_and_a_picture_is_bounded():
    model = VisionMemory(TWO, size=4, hidden=8, width=2)
    state = model.start(torch.rand(300, 1, 32, 32, generator=gentle()))
    acts = torch.zeros(300, dtype=torch.long)
    spread = {}
    for temperature in (0.1, 1.0):
        model.temperature = temperature
        z = model.step(state, acts, gentle()).state.z
        spread[temperature] = (z - model.step(state, acts).state.z).std()
    assert spread[0.1] < spread[1.0] / 2
    drawn = model.decode(state)
    assert drawn.shape == (300, 1, 32, 32) and drawn.min() >= 0 and drawn.max() <= 1


def test_the_same_seed_gives_the_same_memory_and_it_goes_on_where_it_stopped(tmp_path, capsys):
    seen = Streams(Dodge(), 4, 0).play(200).all(20)
    vision = VAE(size=4, width=2)

    def trained(seed, steps=4, report=None):
        memory = MDNRNN(Dodge.act_space, size=4, hidden=8, seed=seed)
        return memory, memory.fit(seen, vision, steps, batch=4, length=8, report=report)

    (one, losses), (_, same), (_, other) = trained(0), trained(0), trained(1)
    assert losses == same != other
    weights.save(one, tmp_path / "m.pt")
    loaded = weights.load(MDNRNN(Dodge.act_space, 4, 8, seed=7), tmp_path / "m.pt")
    assert one.fit(seen, vision, 2, 4, 8) == loaded.fit(seen, vision, 2, 4, 8)

    def stop(step, loss):
        raise KeyboardInterrupt

    assert len(trained(0, 50, stop)[1]) == 1
    assert "keeps what it has learned" in capsys.readouterr().err
    with pytest.raises(ValueError, match="more than 20 frames"):
        one.fit(seen, vision, 1, 4, 20)
