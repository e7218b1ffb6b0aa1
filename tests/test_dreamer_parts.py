"""Chapter 7's measures are fair: what belongs together is compared, and nothing leaks."""

import numpy as np
import torch

from wmlib.experiments import dreamer_parts as parts
from wmlib.figures.dreams import rssm_diagram
from wmlib.learning.dreamer import Dreamer
from wmlib.worlds import PixelCartPole


def test_a_linear_probe_reads_what_is_linear_and_nothing_that_is_not_there():
    rng = np.random.default_rng(0)
    x, noise = rng.normal(size=(600, 5)), rng.normal(size=(600, 1))
    y = x @ rng.normal(size=(5, 2))
    assert parts.r2(parts.ridge(x[:400], y[:400], x[400:]), y[400:]).min() > 0.99
    assert parts.r2(parts.ridge(x[:400], noise[:400], x[400:]), noise[400:])[0] < 0.05


def test_features_pictures_and_velocities_belong_to_the_same_moment():
    learner = Dreamer(PixelCartPole(), copies=2, prefill=10**9)
    feats, pictures, velocities, ages, streams = parts.watched_play(learner, 0, copies=4, steps=60)
    shown = streams.frames()
    assert feats.shape[:2] == pictures.shape[:2] == velocities.shape[:2] == ages.shape == (4, 60)
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
    torch.nn.init.normal_(learner.calm.actor[-1].weight)
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
