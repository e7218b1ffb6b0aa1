"""Tokens written a second, beside IRIS (Micheli, Alonso and Fleuret 2023; eloialonso/iris).

- one after another: the GPT of chapter 11 and IRIS' transformer, with the same weights: every
  token looks at all tokens before it, whose keys and values are kept; outputs are compared
- a dream: our world model of tokens and IRIS' at equal layers, width, heads, tokens and codes.
  There the two differ by design: in ours a frame is one vector for attention, and a small network
  writes its 16 tokens; in IRIS' each token goes through the whole transformer
"""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path

import torch
from measure import Missing, Row, alternate, checkout

from wmlib.course.ch11_language_agents.gpt_block import Block, Past
from wmlib.models.token_model import TokenModel
from wmlib.models.tokenizer import TOKENS, Tokenizer
from wmlib.worlds.catch import Catch

LAYERS, WIDTH, HEADS, CODES, FRAMES = 3, 112, 4, 128, 12
IRIS = "https://github.com/eloialonso/iris"


def iris(peers: Path | None):
    """IRIS' modules. What only its tokenizer and its Atari need is stood in for by empty ones."""
    source = str(checkout(peers, "iris", IRIS) / "src")
    sys.path[:1] = [source]
    for name in ("torchvision", "torchvision.models", "cv2", "gym"):
        sys.modules.setdefault(name, types.ModuleType(name))
    sys.modules["torchvision"].models = sys.modules["torchvision.models"]
    sys.modules["gym"].Env = object
    try:
        from models import transformer, world_model

        spec = importlib.util.spec_from_file_location("dream", source + "/envs/world_model_env.py")
        dream = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(dream)
    except ImportError as error:
        raise Missing(
            f"IRIS needs {error.name}: pip install -r tests/benchmarks/requirements.txt"
        ) from error
    return transformer, world_model, dream


def settings(transformer):
    return transformer.TransformerConfig(
        tokens_per_block=TOKENS + 1,
        max_blocks=24,
        attention="causal",
        num_layers=LAYERS,
        num_heads=HEADS,
        embed_dim=WIDTH,
        embed_pdrop=0.0,
        resid_pdrop=0.0,
        attn_pdrop=0.0,
    )


def one_after_another(peers, batch: int, length: int) -> Row:
    """`length` vectors, one after another, through equal blocks with a cache."""
    transformer, _, _ = iris(peers)
    theirs = transformer.Transformer(settings(transformer)).eval()
    blocks = torch.nn.ModuleList(Block(WIDTH, HEADS) for _ in range(LAYERS))
    for mine, other in zip(blocks, theirs.blocks):
        attn = other.attn
        parts = attn.query, attn.key, attn.value
        mine.qkv.weight.data = torch.cat([part.weight.data for part in parts])
        mine.qkv.bias.data = torch.cat([part.bias.data for part in parts])
        mine.proj.load_state_dict(attn.proj.state_dict())
        mine.mlp.load_state_dict(other.mlp[:3].state_dict())
        mine.norm1.load_state_dict(other.ln1.state_dict())
        mine.norm2.load_state_dict(other.ln2.state_dict())
    x = torch.randn(batch, length, WIDTH)

    @torch.inference_mode()
    def ours():
        layers = [Past(block, length) for block in blocks]  # as many as IRIS is told of
        out = []
        for step in x.split(1, 1):
            for layer in layers:
                step = layer(step)
            out.append(theirs.ln_f(step))
        return torch.cat(out, 1)

    @torch.inference_mode()
    def other():
        past = theirs.generate_empty_keys_values(batch, length)
        return torch.cat([theirs(step, past) for step in x.split(1, 1)], 1)

    torch.testing.assert_close(ours(), other(), rtol=1e-4, atol=1e-4)
    seconds = alternate({"wmlib": ours, "IRIS": other})
    work = f"{length} tokens one after another, batch {batch}, {LAYERS} x {WIDTH}"
    return Row(work, "wmlib", "IRIS", seconds, bar=2.0, note="same weights, outputs compared")


def dream(peers, batch: int) -> Row:
    """A dream of 12 frames of 16 tokens, each drawn, from one real frame."""
    transformer, world_model, env = iris(peers)
    theirs = world_model.WorldModel(CODES, 3, settings(transformer)).eval()
    tokens = torch.randint(CODES, (batch, TOKENS))
    act = torch.randint(3, (batch, FRAMES))

    class Dream(env.WorldModelEnv):
        def __init__(self):
            self.device, self.world_model = torch.device("cpu"), theirs
            self._num_observations_tokens = TOKENS

        def decode_obs_tokens(self):
            """Pictures are not asked for."""

    def other():
        begun = Dream()
        begun.obs_tokens = tokens
        begun.refresh_keys_values_with_initial_obs_tokens(tokens)
        for action in act.T:
            begun.step(action)
        return begun.obs_tokens

    model = TokenModel(Catch.act_space, Tokenizer(CODES), reward_sign=True)
    generator = torch.Generator().manual_seed(0)
    start = model.start(torch.zeros(batch, 1, 32, 32))

    @torch.no_grad()
    def ours():
        return model.imagine(start._replace(tokens=tokens), act, generator=generator)

    seconds = alternate({"wmlib": ours, "IRIS": other}, rounds=5)
    work = f"dream of {FRAMES} frames x {TOKENS} tokens, batch {batch}, {LAYERS} x {WIDTH}"
    return Row(work, "wmlib", "IRIS", seconds, bar=2.0, note="a frame is one vector in ours")


def measure(peers: Path | None) -> list[Row]:
    rows = [one_after_another(peers, batch, 16 * (TOKENS + 1)) for batch in (1, 16, 64)]
    return rows + [dream(peers, batch) for batch in (1, 64)]
