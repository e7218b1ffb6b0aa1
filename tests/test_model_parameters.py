"""Each argument of a model reaches the parts that it is said to shape, and the seed reaches all."""

import inspect

import gymnasium as gym
import pytest
import torch
from by_hand import chance
from every_model import PUSH, transitions

from wmlib.learning.actor_critic import ActorCritic
from wmlib.learning.ppo import PPO
from wmlib.models import Ensemble, NeuralDynamics, dynamics, ensemble, latent_action, mdn_rnn, vae
from wmlib.models.distributions import Categoricals
from wmlib.models.frame_transformer import FrameTransformer
from wmlib.models.latent_action import LatentActions
from wmlib.models.mdn_rnn import MDNRNN
from wmlib.models.rssm import RSSM
from wmlib.models.token_model import TokenModel
from wmlib.models.tokenizer import Tokenizer
from wmlib.models.vae import VAE
from wmlib.models.vector_rssm import VectorRSSM
from wmlib.models.vision_memory import VisionMemory
from wmlib.streams import Sequences

TWO = gym.spaces.Discrete(2)
BUILDERS = {
    RSSM: lambda **kw: RSSM(TWO, **kw),
    VectorRSSM: lambda **kw: VectorRSSM(TWO, [1.0, 2.0], **kw),
    VAE: VAE,
    MDNRNN: lambda **kw: MDNRNN(TWO, **kw),
    VisionMemory: lambda **kw: VisionMemory(TWO, **kw),
    Tokenizer: Tokenizer,
    FrameTransformer: lambda **kw: FrameTransformer(8, 2, **kw),
    TokenModel: lambda **kw: TokenModel(TWO, **kw),
    LatentActions: LatentActions,
    NeuralDynamics: lambda **kw: NeuralDynamics(3, TWO, **kw),
    Ensemble: lambda **kw: Ensemble(3, TWO, **kw),
    ActorCritic: lambda **kw: ActorCritic(5, 2, **kw),
    PPO: lambda **kw: PPO(5, 2, **kw),
}


def parts(model):
    """part -> name and value of each of its tensors."""
    found = {}
    for name, tensor in model.state_dict().items():
        found.setdefault(name.split(".")[0], {})[name] = tensor
    return found


def reshaped(one, other):
    """The parts whose tensors have other shapes, or of which there are others."""
    shapes = lambda part: {name: tuple(tensor.shape) for name, tensor in part.items()}
    one, other = parts(one), parts(other)
    return {n for n in {**one, **other} if shapes(one.get(n, {})) != shapes(other.get(n, {}))}


HEADS = {"rew", "cont"}
RECURRENT = {"gru", "prior", "post", "decoder"} | HEADS
BLOCKS = {"token_embed", "act_embed", "in_mlp", "blocks", "norm", "head_in"}


@pytest.mark.parametrize(
    "kind, argument, wanted",
    [
        (RSSM, {"width": 4}, {"encoder", "decoder"}),
        (RSSM, {"hidden": 64}, {"encoder", "gru_in", "gru", "prior", "post"} | HEADS),
        (RSSM, {"deter": 96}, RECURRENT),
        (RSSM, {"latent": Categoricals(4, 4)}, {"gru_in"} | RECURRENT - {"gru"}),
        (VectorRSSM, {"hidden": 64}, {"encoder", "gru_in"} | RECURRENT),
        (VectorRSSM, {"deter": 96}, RECURRENT),
        (VAE, {"size": 8}, {"encoder", "decoder"}),
        (VAE, {"width": 4}, {"encoder", "decoder"}),
        (MDNRNN, {"size": 8}, {"lstm", "mixture"}),
        (MDNRNN, {"hidden": 64}, {"lstm", "mixture", "rew_cont"}),
        (MDNRNN, {"mixtures": 2}, {"mixture"}),
        (VisionMemory, {"size": 8}, {"vision", "memory"}),
        (VisionMemory, {"hidden": 64}, {"memory"}),
        (VisionMemory, {"mixtures": 2}, {"memory"}),
        (VisionMemory, {"width": 4}, {"vision"}),
        (Tokenizer, {"codes": 8}, {"codebook"}),
        (Tokenizer, {"size": 8}, {"encoder", "decoder", "codebook"}),
        (Tokenizer, {"width": 4}, {"encoder", "decoder"}),
        (FrameTransformer, {"width": 64}, BLOCKS),
        (FrameTransformer, {"layers": 2}, {"blocks", "rel_bias"}),
        (FrameTransformer, {"heads": 2}, {"rel_bias"}),
        (FrameTransformer, {"hidden": 64}, {"in_mlp", "blocks"}),
        (FrameTransformer, {"window": 8}, {"rel_bias"}),
        (FrameTransformer, {"head_width": 8}, {"head_in", "head_embed", "head_out"}),
        (TokenModel, {"tokenizer": Tokenizer(8)}, {"tokenizer", "trunk", "far"}),
        (TokenModel, {"width": 64}, {"trunk", "far"} | HEADS),
        (TokenModel, {"reward_sign": True}, {"rew"}),
        (LatentActions, {"codes": 5}, {"codebook"}),
        (LatentActions, {"size": 3}, {"encoder", "codebook", "flow"}),
        (LatentActions, {"width": 4}, {"encoder", "decoder"}),
        (LatentActions, {"free": True}, {"decoder", "flow"}),
        (NeuralDynamics, {"hidden": 32}, {"net"}),
        (NeuralDynamics, {"layers": 1}, {"net"}),
        (NeuralDynamics, {"inputs": [0]}, {"net", "norm_in"}),
        (Ensemble, {"members": 2}, {"net"}),
        (Ensemble, {"hidden": 32}, {"net"}),
        (Ensemble, {"layers": 1}, {"net"}),
        (Ensemble, {"inputs": [0]}, {"net", "norm_in"}),
        (ActorCritic, {"hidden": 32}, {"actor", "critic", "slow"}),
        (PPO, {"hidden": 32}, {"actor", "critic", "slow"}),
    ],
    ids=lambda x: next(iter(x)) if isinstance(x, dict) else getattr(x, "__name__", ""),
)
def test_a_size_reaches_the_parts_that_it_shapes_and_no_others(kind, argument, wanted):
    build = BUILDERS[kind]
    assert reshaped(build(), build(**argument)) == wanted


# Parts that nothing random is in when a model is new.
CONSTANT = {
    Tokenizer: {"codebook"},
    FrameTransformer: {"rel_bias", "norm", "head_bias"},
    LatentActions: {"codebook"},
    NeuralDynamics: {"units", "norm_in", "norm_out", "low", "high"},
    Ensemble: {"units", "norm_in", "norm_out", "low", "high", "max_log_var", "min_log_var"},
    ActorCritic: {"return_scale"},
    PPO: {"return_scale"},
    VectorRSSM: {"scale"},
}


@pytest.mark.parametrize("kind", BUILDERS, ids=lambda kind: kind.__name__)
def test_the_seed_reaches_every_part(kind):
    one, again, other = (parts(BUILDERS[kind](seed=seed)) for seed in (1, 1, 2))
    equal = lambda a, b: all(torch.equal(a[k].nan_to_num(), b[k].nan_to_num()) for k in a)
    assert all(equal(one[name], again[name]) for name in one)
    same = {name for name in one if equal(one[name], other[name])}
    assert same == CONSTANT.get(kind, set())


@pytest.mark.parametrize(
    "kind, argument, where",
    [
        (RSSM, {"free": 0.3}, ""),
        (RSSM, {"dyn": 0.3}, ""),
        (RSSM, {"rep": 0.3}, ""),
        (RSSM, {"recon": 0.3}, ""),
        (VectorRSSM, {"free": 0.3}, ""),
        (VAE, {"beta": 0.3}, ""),
        (VAE, {"free": 0.3}, ""),
        (MDNRNN, {"cont_weight": 0.3}, ""),
        (VisionMemory, {"beta": 0.3}, "vision"),
        (VisionMemory, {"temperature": 0.3}, ""),
        (TokenModel, {"corrupt": 0.3}, ""),
        (TokenModel, {"ahead": 3}, ""),
        (TokenModel, {"temperature": 0.3}, ""),
        (TokenModel, {"rew_cont_weight": 0.3}, ""),
        (TokenModel, {"window": 8}, "trunk"),
    ],
    ids=lambda x: next(iter(x)) if isinstance(x, dict) else getattr(x, "__name__", ""),
)
def test_a_number_that_weighs_arrives_where_it_is_used(kind, argument, where):
    (name, value), model = *argument.items(), BUILDERS[kind](**argument)
    assert getattr(getattr(model, where) if where else model, name) == value
    assert getattr(getattr(BUILDERS[kind](), where) if where else BUILDERS[kind](), name) != value


def film():
    """Three stretches of 20 pictures."""
    obs = torch.randint(256, (3, 20, 1, 32, 32), generator=chance()).to(torch.uint8)
    first = torch.arange(20).expand(3, 20) == 0
    arrows = torch.zeros(3, 19)
    return Sequences(obs, arrows.long(), arrows, arrows + 1, first)


FITS = {  # class -> the module whose `train` is called, and how a fresh one is fitted
    NeuralDynamics: (dynamics, lambda **kw: NeuralDynamics(2, PUSH).fit(transitions(PUSH), **kw)),
    Ensemble: (ensemble, lambda **kw: Ensemble(2, PUSH).fit(transitions(PUSH), **kw)),
    VAE: (vae, lambda **kw: VAE(4, 2).fit(film().obs.flatten(0, 1), **kw)),
    MDNRNN: (mdn_rnn, lambda **kw: MDNRNN(TWO, 4, 8).fit(film(), VAE(4, 2), **kw)),
    LatentActions: (
        latent_action,
        lambda **kw: LatentActions(width=2).fit(film().obs, film().first, **kw),
    ),
}


@pytest.mark.parametrize("kind", FITS, ids=lambda kind: kind.__name__)
def test_what_a_fit_is_told_its_training_is_told(kind, monkeypatch):
    module, fit = FITS[kind]
    told, drawn, train, randint = [], [], module.train, module.randint

    def spy(parameters, loss, *args, **kw):
        told.append(inspect.signature(train).bind(parameters, loss, *args, **kw).arguments)
        return train(parameters, loss, *args, **kw)

    monkeypatch.setattr(module, "train", spy)
    monkeypatch.setattr(
        module, "randint", lambda n, shape, *rest: drawn.append(shape) or randint(n, shape, *rest)
    )
    seen = []
    settings = {"steps": 2, "batch": 7, "lr": 0.25, "report": lambda *said: seen.append(said)}
    if kind in (NeuralDynamics, Ensemble):
        settings["weight_decay"] = 0.125
    if kind is MDNRNN:
        settings["length"] = 5
    losses = fit(**settings)
    for name in set(settings) - {"batch", "length"}:
        assert told[0][name] == settings[name], name
    assert seen == list(enumerate(losses)) and len(losses) == 2
    assert {type(loss) for loss in losses} == {float}
    assert any(7 in shape for shape in drawn)
