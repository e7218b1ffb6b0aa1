"""A transformer over frames: what it has seen it looks up, and it spells the next frame in tokens.

    frame[t] (16 tokens) + act[t] --sum of embeddings--> x[t]
    x[t], x[t-1] ... x[t-window+1] --causal attention--> h[t]
    h[t] --> reward[t], continue[t], and the 16 tokens of frame[t+1], one after the other

Attention asks every frame of the window how much it matters now; how long ago it was counts, too,
as a number that is learned for each head and distance (at first some heads look at what has just
been, and others far back: Press et al. 2022). A frame is one vector here, not sixteen:
attention is then over 24 things instead of 400, and one core can train it. The idea is that of STORM (Zhang et
al. 2023) and of the RQ-transformer (Lee et al. 2022): one network for time, a small one for what is
in a frame.

Keys and values of frames that were seen do not change any more. The cache keeps them, so that one
more frame costs one frame of work, and the outcome is the same.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn
from torch.nn.functional import gelu

from wmlib.devices import building


class Cache(NamedTuple):
    """What attention needs of the frames before: of B films, H heads, W = window.

    keys, values: for every layer `(B, H, W - 1, E)`, the latest frame last. age `(B,)`: how many
    of them are real; those before an episode's first frame are not.
    """

    keys: tuple[torch.Tensor, ...]
    values: tuple[torch.Tensor, ...]
    age: torch.Tensor


class Block(nn.Module):
    """One layer: look around (attention), then think it over (two linear layers)."""

    def __init__(self, width: int, heads: int, hidden: int):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width))

    def split(self, x):
        """Query, key and value of every frame: `(B, T, D)` to three `(B, H, T, E)`."""
        parts = self.qkv(self.norm1(x)).chunk(3, -1)
        return [part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in parts]

    def forward(self, x, query, key, value, bias):
        """x `(B, T, D)` after having looked; bias `(..., H, T, S)` is -inf where it may not."""
        score = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5 + bias
        seen = score.softmax(-1) @ value
        x = x + self.proj(seen.transpose(1, 2).flatten(2))
        return x + self.mlp(self.norm2(x))


class FrameTransformer(nn.Module):
    """The network; `TokenModel` makes a world model of it.

    Args:
        codes: K, words that a token may be. tokens: N, of a frame.
        actions: numbers of an encoded action.
        width: D of a frame's vector. layers, heads: of attention. hidden: of the layers between.
        window: W, frames that each frame may look at, itself among them.
        letters: numbers per token with which a frame is spelled.
        seed: of the initial weights.
    """

    def __init__(
        self,
        codes,
        actions,
        tokens=16,
        width=112,
        layers=3,
        heads=4,
        hidden=224,
        window=24,
        head_width=32,
        seed=0,
    ):
        super().__init__()
        self.codes, self.tokens, self.heads, self.window = codes, tokens, heads, window
        with building(seed):
            self.token_embed = nn.EmbeddingBag(tokens * codes, width, mode="sum")
            self.act_embed = nn.Linear(actions, width)
            self.in_mlp = nn.Sequential(
                nn.LayerNorm(width), nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width)
            )
            self.blocks = nn.ModuleList(Block(width, heads, hidden) for _ in range(layers))
            self.rel_bias = nn.Parameter(initial_rel_bias(heads, window).repeat(layers, 1, 1))
            self.norm = nn.LayerNorm(width)
            self.head_in = nn.Linear(width, tokens * head_width)
            self.head_embed = nn.Parameter(0.02 * torch.randn(tokens, codes, head_width))
            self.head_out = nn.Parameter(head_width**-0.5 * torch.randn(tokens, head_width, codes))
            self.head_bias = nn.Parameter(torch.zeros(tokens, codes))
            nn.init.normal_(self.token_embed.weight, std=0.25)
        self.register_buffer("offset", torch.arange(tokens) * codes, persistent=False)

    # --- looking back -----------------------------------------------------------------------------

    def forward(self, tokens, act, first):
        """All frames of some films at once, as in training.

        Args:
            tokens: `(B, T, N)`. act: `(B, T, A)`, encoded. first: `(B, T)` bool, where an episode
                begins: nothing before it can be seen from then on.

        Returns:
            h `(B, T, D)`, and every layer's keys and values, tuples of `(B, H, T, E)`.
        """
        x, kept = self._embed(tokens, act), []
        mask = self._mask(first)
        for block, rel_bias in zip(self.blocks, self.rel_bias):
            query, key, value = block.split(x)
            x = block(x, query, key, value, rel_bias[:, self._distance(first.shape[1])] + mask)
            kept.append((key, value))
        keys, values = zip(*kept)
        return self.norm(x), keys, values

    def advance(self, tokens, act, cache: Cache):
        """One frame more, with the cache: tokens `(B, N)`, act `(B, A)` to h `(B, D)`, cache."""
        x, keys, values = self._embed(tokens[:, None], act[:, None]), [], []
        back = torch.arange(self.window - 1, -1, -1)
        unseen = torch.where(back > cache.age[:, None], -torch.inf, 0.0)[:, None, None]
        for k, (block, rel_bias) in enumerate(zip(self.blocks, self.rel_bias)):
            query, key, value = block.split(x)
            key = torch.cat([cache.keys[k], key], 2)
            value = torch.cat([cache.values[k], value], 2)
            x = block(x, query, key, value, rel_bias[:, back][:, None] + unseen)
            keys.append(key[:, :, 1:])
            values.append(value[:, :, 1:])
        age = (cache.age + 1).clamp_max(self.window - 1)
        return self.norm(x)[:, 0], Cache(tuple(keys), tuple(values), age)

    def empty(self, n: int) -> Cache:
        """The cache of `n` films of which nothing was seen yet."""
        width = self.norm.normalized_shape[0]
        nothing = torch.zeros(n, self.heads, self.window - 1, width // self.heads)
        none = (nothing,) * len(self.blocks)
        return Cache(none, none, torch.zeros(n, dtype=torch.long))

    def _embed(self, tokens, act):
        words = self.token_embed((tokens + self.offset).flatten(0, 1))
        x = words.unflatten(0, tokens.shape[:2]) + self.act_embed(act)
        return x + self.in_mlp(x)

    def _distance(self, length):
        """How long before frame i frame j was, within what can be looked up: `(T, T)`."""
        t = torch.arange(length)
        return (t[:, None] - t).clamp(0, self.window - 1)

    def _mask(self, first):
        """0 where frame i may look at frame j, else -inf: `(B, 1, T, T)`. Not at what comes later,
        not further back than the window, not into another episode."""
        t, episode = torch.arange(first.shape[1]), first.long().cumsum(1)
        back = t[:, None] - t
        may = (back >= 0) & (back < self.window) & (episode[:, :, None] == episode[:, None, :])
        return torch.where(may, 0.0, -torch.inf)[:, None]

    # --- spelling ---------------------------------------------------------------------------------

    def logits(self, h, tokens):
        """How likely every word was, with the words before it given: training.

        Args:
            h: `(M, D)`. tokens: `(M, N)` of the frame that followed.

        Returns:
            `(M, N, K)`.
        """
        said = self.head_embed.flatten(0, 1)[tokens + self.offset].cumsum(1)
        before = torch.cat([torch.zeros_like(said[:, :1]), said[:, :-1]], 1)
        hidden = gelu(self.head_in(h).unflatten(-1, (self.tokens, -1)) + before)
        return torch.einsum("mnl,nlk->mnk", hidden, self.head_out) + self.head_bias

    def decode_tokens(self, h, generator=None, temperature=1.0):
        """A frame that may follow, token by token: `(B, D)` to `(B, N)`.

        Args:
            generator: draws the tokens; without one each is the likeliest.
            temperature: of the draw. Below 1 the likelier words become likelier still.
        """
        begin = self.head_in(h).unflatten(-1, (self.tokens, -1))
        said, tokens = torch.zeros_like(begin[:, 0]), []
        for n in range(self.tokens):
            logits = gelu(begin[:, n] + said) @ self.head_out[n] + self.head_bias[n]
            if generator is None:
                token = logits.argmax(-1)
            else:
                token = _draw(logits / temperature, generator)
            said = said + self.head_embed[n][token]
            tokens.append(token)
        return torch.stack(tokens, 1)


def initial_rel_bias(heads, window):
    """How much less a frame counts the longer ago it was, at first: `(heads, window)`, from heads
    that see little but the present to heads that see all of the window alike."""
    slopes = torch.logspace(1, -6, heads, base=2)
    return -slopes[:, None] * torch.arange(window)


def _draw(logits, generator):
    """Numbers drawn with probability softmax(logits): `(B, K)` to `(B,)` (the Gumbel trick)."""
    noise = torch.rand(logits.shape, generator=generator).clamp_min(1e-20).log().neg_().log_()
    return (logits - noise).argmax(-1)
