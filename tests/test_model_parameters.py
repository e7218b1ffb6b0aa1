"""Each argument of a model reaches the parts that it is said to shape, and the seed reaches all."""

import gymnasium as gym
import pytest
import torch

from wmlib.learning.actor_critic import ActorCritic
from wmlib.learning.ppo import PPO
from wmlib.models import Ensemble, NeuralDynamics
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
