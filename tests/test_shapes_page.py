"""The page of all shapes says what the code does: every row of it, and nothing is left out."""

import re
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
import torch
from every_model import transitions

from wmlib.course.ch11_language_agents.phrases import END, PAD, Phrases
from wmlib.course.ch11_language_agents.text_gpt import TextGPT
from wmlib.learning.actor_critic import ActorCritic, discount_weights, lambda_returns
from wmlib.models import Ensemble, LinearDynamics, NeuralDynamics, Simulator
from wmlib.models.distributions import Categoricals
from wmlib.models.frame_transformer import FrameTransformer
from wmlib.models.latent_action import LatentActions
from wmlib.models.mdn_rnn import MDNRNN
from wmlib.models.rssm import RSSM
from wmlib.models.table import TableModel
from wmlib.models.token_model import TokenModel
from wmlib.models.tokenizer import Tokenizer
from wmlib.models.vae import VAE, draw
from wmlib.models.vector_rssm import VectorRSSM
from wmlib.models.vision_memory import VisionMemory
from wmlib.streams import Sequences
from wmlib.worlds import CartPole

PAGE = Path(__file__).resolve().parents[1] / "book" / "shapes.md"
B, T, H, A = 6, 5, 7, 3  # what the letters stand for here; all sizes below differ from one another
SPACE = gym.spaces.Discrete(A)
IMAGES, VECTORS = torch.rand(B, 1, 32, 32), torch.randn(B, 2)
ACTION, PLAN = torch.zeros(B, dtype=torch.long), torch.zeros(B, H, dtype=torch.long)
ONE_HOT = torch.nn.functional.one_hot(ACTION, A).float()
FIRST = torch.zeros(B, T, dtype=torch.bool)
FIRST[:, 0] = True


def generator():
    return torch.Generator().manual_seed(0)


def sequences(obs):
    act, rew = torch.zeros(B, T - 1, dtype=torch.long), torch.zeros(B, T - 1)
    return Sequences(obs[:, None].expand(-1, T, *obs.shape[1:]), act, rew, rew + 1, FIRST)


def small_rssm(kind=RSSM, *args):
    sizes = dict(latent=Categoricals(2, 4), deter=10, hidden=12)
    return kind(SPACE, *args, **sizes, **({"width": 2} if kind is RSSM else {}))


def asked():
    model, seen = small_rssm(), sequences(IMAGES)
    state = model.start(IMAGES)
    step, rollout = model.step(state, ACTION), model.imagine(state, PLAN)
    return dict(F=model.feat_size), {
        "obs": IMAGES,
        "action": ACTION,
        "first": FIRST[:, 0],
        "step.rew": step.rew,
        "step.cont": step.cont,
        "feat": model.feat(state),
        "rollout.actions": rollout.actions,
        "rollout.rew": rollout.rew,
        "rollout.cont": rollout.cont,
        **{f"sequences.{name}": column for name, column in vars(seen).items()},
        "sequences.real": seen.real,
    }


def table():
    model = TableModel(8, A)
    state, (P, R) = model.start(ACTION), model.tables()
    return dict(S=8), {"state": state, "feat": model.feat(state), "P": P, "R": R}


def simulator():
    model, world = Simulator(CartPole()), CartPole()
    state = model.start(world.obs(world.initial(B, np.random.default_rng(0))))
    answers = {"state": state, "decode": model.decode(state), "feat": model.feat(state)}
    return dict(N=4, M=4), answers


def linear():
    model = LinearDynamics(2, SPACE).fit(transitions(SPACE))
    inputs = model._features(VECTORS, ACTION)
    return dict(N=2), {
        "state": model.start(VECTORS),
        "inputs": inputs,
        "weight": model.weight,
        "inputs → change, rew": inputs @ model.weight,
    }


def neural():
    model = NeuralDynamics(2, SPACE, hidden=8)
    inputs, (nxt, _) = model._inputs(VECTORS, ACTION), model.predict(VECTORS, ACTION)
    return dict(N=2), {
        "state": model.start(VECTORS),
        "inputs": inputs,
        "inputs → change, rew": model.net(inputs),
        "nxt": nxt,
        "cont": model.predict_cont(nxt),
    }


def ensemble():
    model = Ensemble(2, SPACE, members=2, particles=4, hidden=9, layers=1)
    state = model.start(VECTORS)
    seen = model._per_member(state.obs)
    mean, std = model.distribution(seen, torch.zeros(seen.shape[:2], dtype=torch.long))
    return dict(N=2, E=2, P=4, W=9), {
        "state.obs": state.obs,
        "state.alive": state.alive,
        "weights[0]": model.net.weights[0],
        "mean": mean,
        "std": std,
        "disagreement": model.disagreement(VECTORS, ACTION),
        "decode": model.decode(state),
    }


def vae():
    model = VAE(4, width=2)
    mean, log_var = model.encode(IMAGES)
    z = draw(mean, log_var, generator())
    return dict(S=4), {
        "obs": IMAGES,
        "encoder(obs)": model.encoder(IMAGES),
        "mean": mean,
        "log_var": log_var,
        "z": z,
        "decode(z)": model.decode(z),
    }


def mdn_rnn():
    model, z = MDNRNN(SPACE, 4, 11, 2), torch.zeros(B, T, 4)
    memory = model.step(z[:, 0], ONE_HOT, model.initial(B))
    mixture, rew, cont = model.heads(memory.hidden)
    unrolled = model.unroll(z, ONE_HOT[:, None].expand(-1, T - 1, -1), FIRST)
    return dict(S=4, M=11, K=2), {
        "z, action → lstm": torch.cat([z[:, 0], ONE_HOT], -1),
        "memory.hidden": memory.hidden,
        "memory.cell": memory.cell,
        **{f"mixture.{name}": part for name, part in mixture._asdict().items()},
        "rew": rew,
        "cont": cont,
        "unroll.hidden": unrolled.hidden,
    }


def vision_memory():
    model = VisionMemory(SPACE, 4, 11, 2, width=2)
    state, (_, _, states) = model.start(IMAGES), model.loss(sequences(IMAGES))
    return dict(S=4, M=11), {
        **{f"state.{name}": part for name, part in state._asdict().items()},
        "feat": model.feat(state),
        "decode": model.decode(state),
        "states.z": states.z,
        "states.hidden": states.hidden,
    }


def rssm():
    model, seen = small_rssm(), sequences(IMAGES)
    obs, state = model.preprocess(IMAGES), model.start(IMAGES)
    act = ONE_HOT[:, None].expand(-1, T - 1, -1)
    states, posts, priors = model.observe_sequence(seen.obs, act, FIRST, generator())
    feat = model.feat(state)
    return dict(D=10, S=8, P=8, E=12), {
        "preprocess(obs)": obs,
        "embed": model.encoder(obs),
        "stoch, action → gru_in": model.gru_in(torch.cat([state.stoch, ONE_HOT], -1)),
        "state.deter": state.deter,
        "state.stoch": state.stoch,
        "prior": model.prior(state.deter),
        "post": model.post(torch.cat([state.deter, model.encoder(obs)], -1)),
        "feat": feat,
        "rew(feat)": model.rew(feat),
        "cont(feat)": model.cont(feat),
        "decode": model.decode(state),
        "states.deter": states.deter,
        "states.stoch": states.stoch,
        "posts": posts,
        "priors": priors,
    }


def vector_rssm():
    model = small_rssm(VectorRSSM, [1.0, 2.0])
    obs, state = model.preprocess(VECTORS), model.start(VECTORS)
    return dict(N=2, D=10, S=8, E=12), {
        "scale": model.scale,
        "preprocess(obs)": obs,
        "embed": model.encoder(obs),
        "state.deter": state.deter,
        "state.stoch": state.stoch,
        "decode": model.decode(state),
    }


def tokenizer():
    model = Tokenizer(8, 4, width=2)
    tokens, quantised = model.encode(IMAGES), model.codebook(model.embed(IMAGES))
    return dict(K=8, D=4), {
        "embed(obs)": model.embed(IMAGES),
        "codebook.codes": model.codebook.codes,
        "quantised.vectors": quantised.vectors,
        "quantised.index": quantised.index,
        "encode(obs)": tokens,
        "decode(tokens)": model.decode(tokens),
    }


def frame_transformer():
    model = FrameTransformer(8, A, 2, 12, layers=1, heads=3, hidden=9, window=10, head_width=11)
    tokens, act = torch.zeros(B, T, 2, dtype=torch.long), ONE_HOT[:, None].expand(-1, T, -1)
    h, keys, _ = model(tokens, act, FIRST)
    one, cache = model.advance(tokens[:, 0], ONE_HOT, model.empty(B))
    x, some = model._embed(tokens, act), h.flatten(0, 1)[:13]
    return dict(N=2, K=8, D=12, G=3, E=4, L=1, W=10, C=11, M=13), {
        "tokens": tokens,
        "x": x,
        "query": model.blocks[0].split(x)[0],
        "rel_bias": model.rel_bias,
        "mask": model._mask(FIRST),
        "h": h,
        "keys[0]": keys[0],
        "cache.keys[0]": cache.keys[0],
        "cache.age": cache.age,
        "advance → h": one,
        "head_in(h)": model.head_in(some),
        "head_embed": model.head_embed,
        "head_out": model.head_out,
        "logits": model.logits(some, tokens.flatten(0, 1)[:13]),
    }


def token_model():
    model = TokenModel(SPACE, Tokenizer(8, 4, width=2), width=12, layers=1, heads=3, hidden=9)
    state = model.start(IMAGES)
    h, _ = model._advance(state, ACTION)
    return dict(K=8, D=12), {
        "state.tokens": state.tokens,
        "state.cache.age": state.cache.age,
        "step.rew": model.step(state, ACTION).rew,
        "feat": model.feat(state),
        "decode": model.decode(state),
        "rew(h)": model.rew(h),
        "far(h)": model.far(h),
    }


def latent_actions():
    model = LatentActions(2, 4, width=2)
    state, code = model.start(IMAGES), model.codebook.codes[:1].expand(B, -1)
    return dict(K=2, S=4), {
        "state": state,
        "encode(before, after)": model.encode(state, state),
        "codebook.codes": model.codebook.codes,
        "flow_field": model.flow_field(code),
        "predict_frame": model.predict_frame(state, code),
        "errors": model.errors(state, state),
        "infer": model.infer(IMAGES, IMAGES),
        "feat": model.feat(state),
    }


def text_gpt():
    model = TextGPT(Phrases([PAD, END, "a", "b"]), width=8, layers=1, heads=2, longest=9)
    ids, is_answer = model._table(["a b a"] * B, ["b"] * B)
    x = model(ids)
    return dict(V=4, D=8), {"ids": ids, "is_answer": is_answer, "x": x, "head(x)": model.head(x)}


def actor_critic():
    learner, feat = ActorCritic(9, 4, hidden=8), torch.zeros(B, H + 1, 9)
    value, rew = learner.value(feat), torch.zeros(B, H)
    return dict(n=4, F=9), {
        "feat": feat,
        "actor(feat)": learner.actor(feat),
        "critic(feat)": learner.critic(feat),
        "value(feat)": value,
        "lambda_returns": lambda_returns(rew, rew, value),
        "discount_weights": discount_weights(rew),
    }


SECTIONS = {
    "What all of them are asked": asked,
    "TableModel": table,
    "Simulator": simulator,
    "LinearDynamics": linear,
    "NeuralDynamics": neural,
    "Ensemble": ensemble,
    "VAE": vae,
    "MDNRNN": mdn_rnn,
    "VisionMemory": vision_memory,
    "RSSM": rssm,
    "VectorRSSM": vector_rssm,
    "Tokenizer": tokenizer,
    "FrameTransformer": frame_transformer,
    "TokenModel": token_model,
    "LatentActions": latent_actions,
    "TextGPT": text_gpt,
    "ActorCritic": actor_critic,
}


def page():
    """section -> {tensor: shape as it is written}."""
    _, *parts = re.split(r"^## ", PAGE.read_text(encoding="utf8"), flags=re.M)
    row = re.compile(r"^\| `([^`]+)` \| `(\([^`]+\))` \|", flags=re.M)
    return {part.split("\n", 1)[0]: dict(row.findall(part)) for part in parts}


def test_every_section_of_the_page_is_checked():
    assert list(page()) == list(SECTIONS)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_page_says_what_shape_each_tensor_has(section):
    with torch.no_grad():
        letters, tensors = SECTIONS[section]()
    letters = dict(B=B, T=T, H=H, A=A) | letters
    written = {name: eval(shape, {}, letters) for name, shape in page()[section].items()}
    assert written == {name: tuple(tensor.shape) for name, tensor in tensors.items()}
