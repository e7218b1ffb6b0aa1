"""One of each model class of the package, small: who adds a class adds a line here."""

import importlib
import inspect
import pkgutil
from functools import cache

import gymnasium as gym
import numpy as np
import torch

import wmlib
from wmlib.course.ch07_dreamer.ablations import OnePicture
from wmlib.course.ch07_dreamer.numbers import Truth
from wmlib.course.ch09_latent_actions.study import TurningKeys
from wmlib.course.ch11_language_agents.desk import Desk
from wmlib.course.ch11_language_agents.text import TextModel
from wmlib.course.ch13_open_problems.arenas import Binned, ByCodes, StillPictures
from wmlib.course.ch13_open_problems.horizons import SIZE, Mean
from wmlib.devices import pick_device
from wmlib.experience import Transitions
from wmlib.models import Cautious, Ensemble, Goal, LinearDynamics, NeuralDynamics, Simulator
from wmlib.models.base import WorldModel
from wmlib.models.latent_action import LatentActions
from wmlib.models.rssm import RSSM, Categoricals
from wmlib.models.table import SampleModel, TableModel
from wmlib.models.token_model import TokenModel
from wmlib.models.tokenizer import Tokenizer
from wmlib.models.vector import Still
from wmlib.models.vector_rssm import VectorRSSM
from wmlib.models.vision_memory import VisionMemory
from wmlib.scoreboard import Ceiling
from wmlib.worlds import CartPole

THREE = gym.spaces.Discrete(3)
SHIFTED = gym.spaces.Discrete(3, start=-1)
PUSH = gym.spaces.Box(-1.0, 2.0, (2,), np.float32)

VECTORS = np.random.default_rng(0).normal(size=(3, 2)).astype(np.float32)
PICTURES = np.random.default_rng(0).integers(0, 255, (3, 1, 32, 32), dtype=np.uint8)
CARTS = np.random.default_rng(0).uniform(-0.05, 0.05, (3, 4)).astype(np.float32)


def transitions(space, n=40, size=2, seed=0):
    """Steps of no world in particular, with ends."""
    rng = np.random.default_rng(seed)
    obs = rng.normal(size=(n, size))
    act = rng.integers(3, size=n) + getattr(space, "start", 0)
    if isinstance(space, gym.spaces.Box):
        act = rng.uniform(space.low, space.high, (n, *space.shape)).astype(np.float32)
    ends = np.arange(n) % 10 == 9
    none = np.zeros(n, bool)
    nxt = obs + 0.1 * rng.normal(size=obs.shape)
    return Transitions(obs, act, obs[:, 0], nxt, ends, none, np.arange(n) // 10)


def learned(model, space, device, **settings):
    """The same model; where numbers have values it has learned from a few steps."""
    if pick_device(device).type != "meta":
        model.fit(transitions(space, size=model.obs_size), **settings)
    return model


def ensemble(space, device):
    model = Ensemble(2, space, members=2, particles=4, hidden=8, layers=1, device=device)
    return learned(model, space, device, steps=3)


def tokens(space, device):
    small = {"width": 8, "layers": 1, "heads": 2, "hidden": 8, "window": 4, "head_width": 4}
    return TokenModel(space, Tokenizer(codes=4, size=4, width=1), ahead=1, device=device, **small)


def by_codes(space, device):
    return ByCodes(LatentActions(width=2, device=device), [0, 1, 2]).to(device)


def cells(kind):
    def build(space, device):
        model = kind(4, space)
        for s, a, nxt in ((0, 0, 1), (0, 1, 2), (1, 2, 3), (0, 0, 3)):
            model.record(s, a, 1.0, nxt, nxt == 3)
        return model, np.array([0, 1, 3])

    return build


class Mute:
    """Answers nothing."""

    def __call__(self, prompts):
        return [None] * len(prompts)


def desk(space, device):
    world = Desk()
    return TextModel(world, Mute()), world.obs(world.initial(3, np.random.default_rng(0)))


# class -> (act_space, device) -> model, three first observations
BUILDERS = {
    NeuralDynamics: lambda space, device: (
        learned(NeuralDynamics(2, space, hidden=8, device=device), space, device, steps=3),
        VECTORS,
    ),
    LinearDynamics: lambda space, device: (
        learned(LinearDynamics(2, space, device=device), space, device),
        VECTORS,
    ),
    Ensemble: lambda space, device: (ensemble(space, device), VECTORS),
    Cautious: lambda space, device: (Cautious(ensemble(space, device), 1.0), VECTORS),
    Goal: lambda space, device: (
        Goal(ensemble(space, device), lambda o, a, n: -n[:, 0], lambda n: n[:, 0] < 1),
        VECTORS,
    ),
    Still: lambda space, device: (Still(2, space), VECTORS),
    RSSM: lambda space, device: (
        RSSM(space, Categoricals(2, 3), deter=8, hidden=8, width=2, device=device),
        PICTURES,
    ),
    VectorRSSM: lambda space, device: (
        VectorRSSM(space, [1.0, 1.0], hidden=8, latent=Categoricals(2, 3), deter=8, device=device),
        VECTORS,
    ),
    VisionMemory: lambda space, device: (
        VisionMemory(space, size=4, hidden=8, mixtures=2, width=2, device=device),
        PICTURES,
    ),
    TokenModel: lambda space, device: (tokens(space, device), PICTURES),
    LatentActions: lambda space, device: (LatentActions(width=2, device=device), PICTURES),
    TableModel: cells(TableModel),
    SampleModel: cells(SampleModel),
    Simulator: lambda space, device: (Simulator(CartPole()), CARTS),
    Ceiling: lambda space, device: (Ceiling(CartPole()), CARTS),
    OnePicture: lambda space, device: (
        OnePicture(space, Categoricals(2, 3), deter=8, hidden=8, width=2, device=device),
        PICTURES,
    ),
    Binned: lambda space, device: (
        Binned([np.array([0.0])] * 2, space).fit(transitions(space)),
        VECTORS,
    ),
    Mean: lambda space, device: (
        Mean([NeuralDynamics(SIZE, space, hidden=8, seed=k) for k in range(2)]),
        np.zeros((3, SIZE), np.float32),
    ),
    StillPictures: lambda space, device: (StillPictures(), PICTURES),
    ByCodes: lambda space, device: (by_codes(space, device), PICTURES),
    Truth: lambda space, device: (Truth(CartPole()), CARTS),
    TurningKeys: lambda space, device: (
        TurningKeys(LatentActions(width=2), torch.tensor([10.0, 20.0])),
        PICTURES,
    ),
    TextModel: desk,
}

# Their actions are their own; all others take any space.
OWN_ACTIONS = {LatentActions, TurningKeys, Simulator, Ceiling, Truth, StillPictures}
OWN_ACTIONS |= {ByCodes, TextModel}
# Tables and worlds count in Python and NumPy, and live on the CPU; so does what one chapter alone
# builds from them.
ON_THE_CPU = {TableModel, SampleModel, Simulator, Ceiling, TextModel, Binned, StillPictures, Mean}
ON_THE_CPU |= {Still, Truth, TurningKeys}
CONTINUOUS = {NeuralDynamics, LinearDynamics, Ensemble, Cautious, Goal, RSSM, VectorRSSM}


def build(kind, space=THREE, device="cpu"):
    """A model and three first observations, made anew."""
    return BUILDERS[kind](space, device)


@cache
def _built(kind, start, device):
    return build(kind, {0: THREE, -1: SHIFTED, None: PUSH}[start], device)


def shared(kind, space=THREE, device="cpu"):
    """The same, for those who change nothing about it."""
    return _built(kind, getattr(space, "start", None), device)


def classes():
    """Every model class of the package that can be made, whoever wrote it."""
    for info in pkgutil.walk_packages(wmlib.__path__, "wmlib."):
        if not info.name.endswith("__main__"):
            importlib.import_module(info.name)
    found, todo = set(), [WorldModel]
    while todo:
        for kind in todo.pop().__subclasses__():
            todo.append(kind)
            if kind.__module__.startswith("wmlib.") and not inspect.isabstract(kind):
                found.add(kind)
    return found


def actions(model, b, *more, seed=0):
    """Actions `(b, ...)` or plans `(b, H, ...)` that the model's space allows, as a tensor."""
    rng, space = np.random.default_rng(seed), model.act_space
    if isinstance(space, gym.spaces.Discrete):
        return torch.as_tensor(rng.integers(space.n, size=(b, *more)) + space.start)
    drawn = rng.uniform(space.low, space.high, (b, *more, *space.shape))
    return torch.as_tensor(drawn.astype(np.float32))
