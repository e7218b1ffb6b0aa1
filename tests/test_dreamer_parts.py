"""Chapter 7's measures are fair: what belongs together is compared, and nothing leaks."""

import numpy as np
import pytest
import torch

from wmlib.course.ch07_dreamer import ablations as left_out_parts
from wmlib.course.ch07_dreamer import numbers as numbers_parts
from wmlib.course.ch07_dreamer import study as parts
from wmlib.course.ch07_dreamer.figures import rssm_diagram
from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.learning.dreamer import Dreamer
from wmlib.streams import Streams
from wmlib.worlds import CartPole


def test_a_network_reads_what_is_there_and_nothing_that_is_not():
    rng = np.random.default_rng(0)
    array = rng.normal(size=(20, 100, 5)).astype(np.float32)
    teach = np.arange(20)[:, None] < np.full((1, 100), 10)
    x, x_test = parts.Rows(array, teach), parts.Rows(array, ~teach)
    y, noise = array @ rng.normal(size=(5, 2)), rng.normal(size=(20, 100, 2))
    for wanted, there in ((y, True), (noise, False)):
        net = torch.nn.Linear(5, 2)
        guess = parts.network(net, x, wanted[teach], x_test, 0, steps=1500)
        r2 = parts.r2(guess, wanted[~teach])
        assert (r2.min() > 0.95) if there else (r2.max() < 0.1)


def test_a_stack_is_the_present_picture_and_those_before_it():
    pictures = np.arange(60, dtype=np.uint8).reshape(2, 30, 1, 1, 1) * np.ones((32, 32), np.uint8)
    rows = parts.Rows(pictures, np.arange(30)[None] == np.array([[7], [9]]), frames=4)
    assert (rows(np.array([0, 1]))[:, :, 0, 0] * 255).round().tolist() == [
        [4, 5, 6, 7],
        [36, 37, 38, 39],
    ]


def test_a_model_that_is_shown_what_another_saw_reads_the_same():
    learner = Dreamer(PixelCartPole(), copies=2, prefill=10**9)
    feats, pictures, _, ages, acts, _ = parts.watched_play(learner, 0, copies=4, steps=40)
    np.testing.assert_allclose(parts.read_by(learner.model, pictures, acts, ages), feats, atol=1e-4)


def test_features_pictures_and_velocities_belong_to_the_same_moment():
    learner = Dreamer(PixelCartPole(), copies=2, prefill=10**9)
    feats, pictures, velocities, ages, acts, streams = parts.watched_play(
        learner, 0, copies=4, steps=60
    )
    shown = streams.frames()
    assert feats.shape[:2] == pictures.shape[:2] == velocities.shape[:2] == (4, 60)
    assert ages.shape == acts.shape == (4, 60)
    assert all((shown == picture).all((1, 2, 3)).any() for picture in pictures[:, 30])
    state = learner.model.start(pictures[:, 0])
    torch.testing.assert_close(learner.model.feat(state), torch.as_tensor(feats[:, 0]))


def test_a_distracted_player_remembers_what_was_really_done():
    learner = Dreamer(PixelCartPole(), copies=2, prefill=10**9)
    player = parts.Distracted(learner.agent(), 0, share=1.0)
    obs = PixelCartPole().obs(np.zeros((64, 4)))
    act = player(obs, np.ones(64, bool))
    assert act.tolist() == player.player.action.tolist() and 0.2 < act.mean() < 0.8


def test_the_forgetful_player_acts_on_one_picture_alone():
    learner = Dreamer(PixelCartPole(), copies=2, prefill=10**9)
    torch.nn.init.normal_(learner.ema.actor[-1].weight)
    rng = np.random.default_rng(0)
    pictures = PixelCartPole().obs(rng.uniform(-0.2, 0.2, (30, 4)))
    agent = parts.Forgetful(learner)
    agent.begin(pictures[:1])
    for picture in pictures[:5]:
        agent.act(picture[None])
    again = [int(agent.act(picture[None])[0]) for picture in pictures]
    assert again == agent.act(pictures).tolist()


def test_the_film_for_dreams_is_long_enough_to_look_first_and_dream_then():
    learner = Dreamer(PixelCartPole(), copies=2, prefill=10**9)
    film = parts.film_of(learner, 0, frames=12)
    assert film.obs.shape[1:] == (12, 1, 32, 32) and film.act.shape[1] == 11


def test_the_diagram_names_both_ways_to_the_latent():
    words = " ".join(text.get_text() for text in rssm_diagram().axes[0].texts)
    assert all(word in words for word in ("prior", "posterior", "GRU", "KL"))


# --- one thing left out, and four numbers ---------------------------------------------------------


def test_without_a_memory_the_same_picture_is_the_same_state_whatever_came_before():
    learner, world = left_out_parts.without("memory", seed=0), PixelCartPole()
    now, *before = (world.obs(np.full((1, 4), lean)) for lean in (0.0, 0.1, -0.1))

    def seen(model):
        return [
            model.feat(model.observe(model.start(b), torch.tensor([push]), now))
            for push, b in enumerate(before)
        ]

    torch.testing.assert_close(*seen(learner.model))
    assert not torch.allclose(*seen(Dreamer(world, copies=2, prefill=10**9).model))


def test_with_nothing_to_draw_the_picture_teaches_the_decoder_and_nobody_else():
    model = left_out_parts.without("picture", seed=0).model
    seen = Streams(PixelCartPole(), 2, 0).play(60).sample(2, 6, np.random.default_rng(0))
    without = {k: v.clone() for k, v in grads(model, seen, recon=0.0).items()}
    drawn = grads(model, seen, recon=1.0)
    moved = {k for k in drawn if not torch.equal(drawn[k], without[k])}
    assert moved and all(k.startswith("decoder.") for k in moved)


def grads(model, seen, recon):
    model.recon = recon
    model.generator.manual_seed(0)
    model.zero_grad()
    model.loss(seen)[0].backward()
    return {k: torch.zeros(1) if p.grad is None else p.grad for k, p in model.named_parameters()}


def test_without_a_critic_nothing_is_expected_after_the_last_imagined_step():
    behaviour = left_out_parts.without("critic", seed=0).behaviour
    torch.nn.init.normal_(behaviour.slow[-1].bias)
    assert behaviour.lam == 1 and (behaviour.value(torch.randn(3, 192)) == 0).all()


def test_an_untaught_prior_has_no_gradient():
    model = left_out_parts.without("prior", seed=0).model
    seen = Streams(PixelCartPole(), 2, 0).play(60).sample(2, 6, np.random.default_rng(0))
    found = grads(model, seen, recon=1.0)
    assert all(not g.any() for k, g in found.items() if k.startswith("prior."))


def test_what_cannot_be_left_out_is_named():
    with pytest.raises(ValueError, match="memory, prior, picture, critic; got 'nose'"):
        left_out_parts.without("nose", seed=0)


class Always:
    """Pushes one way."""

    def begin(self, obs):
        pass

    def act(self, obs):
        return np.ones(len(obs), int)

    def keep(self, mask):
        pass


def test_every_episode_ends_in_one_of_three_ways():
    assert numbers_parts.ends(None, 0, episodes=8).sum() == 1
    # whoever always pushes to the right falls to the left, on the track
    assert numbers_parts.ends(Always(), 0, episodes=8).tolist() == [0, 1, 0]


def test_in_the_truth_actor_and_critic_read_the_cart_and_the_physics_is_the_model():
    learner = numbers_parts.number_learner("truth", 0)
    learner.learn(600)
    obs = CartPole().initial(3, np.random.default_rng(0))
    step = learner.truth.step(learner.truth.start(obs), torch.ones(3, dtype=torch.long))
    np.testing.assert_allclose(step.state, CartPole().step(obs, np.ones(3))[0])
    assert learner.truth.feat(step.state).shape == (3, 4) and learner.log
    assert set(learner.agent().act(obs)) <= {0, 1}
