"""Who enters the two arenas of chapter 13: how each learns, and where its weights are stored."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from wmlib import weights
from wmlib.course.ch13_open_problems.arenas import (
    FILM,
    Binned,
    ByCodes,
    StillPictures,
    catch_film,
    of,
    translation,
)
from wmlib.evidence import stored_evidence
from wmlib.experience import collect
from wmlib.learning.binned_q import cartpole_edges
from wmlib.learning.iris import Iris
from wmlib.learning.rssm_film import new_rssm, train_rssm
from wmlib.models import Ensemble, LinearDynamics, NeuralDynamics
from wmlib.models.latent_action import LatentActions
from wmlib.models.token_model import TokenModel
from wmlib.models.vector import Still
from wmlib.models.vision_memory import VisionMemory
from wmlib.scoreboard import Ceiling
from wmlib.worlds import CartPole
from wmlib.worlds.catch import Catch

WEIGHTS = Path(__file__).parent / "weights"
REAL_STEPS = 1000  # of random play, from which everybody in the arena of states learns


def state_entrants(seed):
    """name -> (model, real steps, processor seconds); None where nothing was learned."""
    world = CartPole()
    data = collect(world, steps=REAL_STEPS, seed=[seed, 13])
    space = world.act_space
    edges = cartpole_edges((6, 6, 6, 6))

    def five():
        model = Ensemble(4, space, seed=seed)
        model.fit(data, steps=600)
        return model

    def network():
        model = NeuralDynamics(4, space, seed=seed)
        model.fit(data, steps=1000, lr=3e-3)
        return model

    learners = {
        "table": lambda: Binned(edges, space).fit(data),
        "linear": lambda: LinearDynamics(4, space).fit(data),
        "network": network,
        "ensemble": five,
    }
    entrants = {"nothing moves": (Still(4, space), None, None)}
    for name, learn in learners.items():
        begun = time.process_time()
        entrants[name] = learn(), REAL_STEPS, time.process_time() - begun
    entrants["simulator"] = Ceiling(world), None, None
    return entrants


# --- who enters the arena of pictures -------------------------------------------------------------


def train_memory(film, seed, steps_v=1500, steps_m=2500):
    """VAE and MDN-RNN (chapter 6)."""
    model = VisionMemory(Catch.act_space, seed=seed)
    model.vision.fit(film.obs.flatten(0, 1), steps_v)
    model.memory.fit(film, model.vision, steps_m)
    return model


def train_tokens(film, seed):
    """Tokenizer and transformer (chapter 8)."""
    return Iris(film, Catch.act_space, seed=seed).learn_tokens().learn_world().model


def train_codes(film, seed, steps=1500):
    """Latent actions (chapter 9), learned without looking at the true ones, then translated."""
    model = LatentActions(3, seed=seed)
    model.fit(film.obs, film.first, steps)
    return ByCodes(model, translation(model, film))


LEARNERS = {
    "RSSM": train_rssm,
    "VAE + MDN-RNN": train_memory,
    "tokens": train_tokens,
    "latent actions": train_codes,
}


@lru_cache(maxsize=1)
def pixel_learners(seed):
    """name -> (model, real steps, processor seconds) of those who learn, trained on one film."""
    film, trained = catch_film(seed), {}
    for name, learn in LEARNERS.items():
        begun = time.process_time()
        model = learn(film, seed)
        trained[name] = model, FILM, time.process_time() - begun
    return trained


def with_controls(trained):
    """Everybody: those who learned, "nothing moves" before them, the simulator after them."""
    still, truth = (StillPictures(), None, None), (Ceiling(Catch()), None, None)
    return {"nothing moves": still} | trained | {"simulator": truth}


# --- for a reader who will not train --------------------------------------------------------------

FILES = {
    "RSSM": ["rssm"],
    "VAE + MDN-RNN": ["memory"],
    "tokens": ["tokens_1", "tokens_2"],
    "latent actions": ["codes"],
}


def untrained():
    """name -> the same models before they have learned anything."""
    space = Catch.act_space
    codes = ByCodes(LatentActions(3), torch.zeros(3).long())
    return {
        "RSSM": new_rssm(),
        "VAE + MDN-RNN": VisionMemory(space),
        "tokens": TokenModel(space),
        "latent actions": codes,
    }


def _pieces(name, model):
    """What is stored of a model, a dictionary for each of its files, of about equal size.

    Left out is the guess far ahead that a `TokenModel` makes only while it learns.
    """
    weights = {k: v for k, v in model.state_dict().items() if not k.startswith("far.")}
    count, sizes = len(FILES[name]), np.cumsum([v.numel() for v in weights.values()])
    pieces = [{} for _ in range(count)]
    for (key, value), size in zip(weights.items(), sizes):
        pieces[min(count - 1, int(count * size / sizes[-1]))][key] = value
    return pieces


def store_weights(trained, folder=WEIGHTS):
    """Write the learned models of `pixel_learners` in half precision."""
    for name, (model, *_) in trained.items():
        for piece, end in zip(_pieces(name, model), FILES[name]):
            weights.export(piece, folder / f"{end}.pt")


def stored_learners(folder=WEIGHTS):
    """The learners of seed 0, from the files that come with wmlib, and what their training cost."""
    figures, models = stored_evidence("13_pixels")["seeds"][0]["figures"], untrained()
    for name, model in models.items():
        for piece, end in zip(_pieces(name, model), FILES[name]):
            weights.import_weights(piece, folder / f"{end}.pt")
    return {name: (m, FILM, of(figures, "seconds", name)) for name, m in models.items()}
