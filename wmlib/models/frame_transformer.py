"""A transformer over frames: what it has seen it looks up, and it writes the next frame in tokens.

    frame[t] (16 tokens) + act[t] --sum of embeddings--> x[t]
    x[t], x[t-1] ... x[t-window+1] --causal attention--> h[t]
    h[t] --> reward[t], continue[t], and the 16 tokens of frame[t+1], one after the other

Attention asks every frame of the window how much it matters now; how long ago it was counts, too,
as a bias that is learned for each head and distance (at first some heads look at what has just
been, and others far back: Press et al. 2022). A frame is one vector here, not sixteen: attention is
then over 24 things instead of 400, and one core can train it. The idea is that of STORM (Zhang et
al. 2023) and of the RQ-transformer (Lee et al. 2022): one network for time, a small one for what is
in a frame.

Keys and values of frames that were seen do not change any more. The cache keeps them, so that one
more frame costs one frame of work, and the outcome is the same.

Shapes: B films of T frames of N tokens out of K codes; D numbers in a frame's vector; H heads of
E = D / H numbers; a window of W frames; L numbers per token in the head that writes (`head_width`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn.functional import gelu

from wmlib.devices import Device, building, pick_device, rand


class Cache(NamedTuple):
    """What attention needs of the frames before.

    keys, values: for every layer `(B, H, W - 1, E)`, the latest frame last. age `(B,)`: how many
    of them are real; those before an episode's first frame are not.
    """

    keys: tuple[torch.Tensor, ...]
    values: tuple[torch.Tensor, ...]
    age: torch.Tensor


class Block(nn.Module):
    """One layer: attention, then two linear layers (mlp); both are added to what was there."""

    def __init__(self, width: int, heads: int, hidden: int):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width))

    def split(self, x: torch.Tensor) -> list[torch.Tensor]:
        """Query, key and value of every frame: `(B, T, D)` to three `(B, H, T, E)`."""
        parts = self.qkv(self.norm1(x)).chunk(3, -1)  # (B, T, D) each
        return [part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in parts]

    def forward(self, x, query, key, value, bias):
        """x `(B, T, D)` after having looked; bias `(..., H, T, S)` is -inf where it may not."""
        # Written out: torch's scaled_dot_product_attention rounds otherwise, and what was measured
        # with this model would not come out again to the last digit.
        score = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5 + bias  # (B, H, T, S)
        seen = score.softmax(-1) @ value  # (B, H, T, E)
        x = x + self.proj(seen.transpose(1, 2).flatten(2))  # (B, T, D)
        return x + self.mlp(self.norm2(x))


class FrameTransformer(nn.Module):
    """The network; `TokenModel` makes a world model of it.

    Args:
        codes: K, words that a token may be. tokens: N, of a frame.
        actions: A, numbers of an encoded action.
        width: D of a frame's vector. layers, heads: of attention. hidden: of the layers between.
        window: W, frames that each frame may look at, itself among them.
        head_width: L, numbers per token with which a frame is written.
        seed: of the initial weights.
        device: "cpu", "auto" (a GPU where there is one) or any of torch's.
    """

    blocks: Any  # a ModuleList of `Block`s
    offset: torch.Tensor

    def __init__(
        self,
        codes: int,
        actions: int,
        tokens: int = 16,
        width: int = 112,
        layers: int = 3,
        heads: int = 4,
        hidden: int = 224,
        window: int = 24,
        head_width: int = 32,
        seed: int = 0,
        device: Device = "cpu",
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
        self.to(pick_device(device))

    # --- looking back -----------------------------------------------------------------------------

    def forward(self, tokens, act, first):
        """All frames of some films at once, as in training.

        Args:
            tokens: `(B, T, N)`. act: `(B, T, A)`, encoded. first: `(B, T)` bool, where an episode
                begins: nothing before it can be seen from then on.

        Returns:
            h `(B, T, D)`, and every layer's keys and values, tuples of `(B, H, T, E)`.
        """
        x, kept = self._embed(tokens, act), []  # (B, T, D)
        mask, distance = self._mask(first), self._distance(first.shape[1])  # (B, 1, T, T), (T, T)
        for block, rel_bias in zip(self.blocks, self.rel_bias):
            query, key, value = block.split(x)  # (B, H, T, E) each
            x = block(x, query, key, value, rel_bias[:, distance] + mask)  # bias (B, H, T, T)
            kept.append((key, value))
        keys, values = zip(*kept)
        return self.norm(x), keys, values

    def advance(
        self, tokens: torch.Tensor, act: torch.Tensor, cache: Cache
    ) -> tuple[torch.Tensor, Cache]:
        """One frame more, with the cache: tokens `(B, N)`, act `(B, A)` to h `(B, D)`, cache."""
        x, keys, values = self._embed(tokens[:, None], act[:, None]), [], []  # (B, 1, D)
        back = torch.arange(self.window - 1, -1, -1, device=x.device)  # (W,) how long ago
        mask = x.new_zeros(len(x), self.window)
        mask = mask.masked_fill(back > cache.age[:, None], -torch.inf)[:, None, None]
        for k, (block, rel_bias) in enumerate(zip(self.blocks, self.rel_bias)):
            query, key, value = block.split(x)  # (B, H, 1, E) each
            key = torch.cat([cache.keys[k], key], 2)  # (B, H, W, E)
            value = torch.cat([cache.values[k], value], 2)
            x = block(x, query, key, value, rel_bias[:, back][:, None] + mask)  # bias (B, H, 1, W)
            keys.append(key[:, :, 1:])
            values.append(value[:, :, 1:])
        age = (cache.age + 1).clamp_max(self.window - 1)
        return self.norm(x)[:, 0], Cache(tuple(keys), tuple(values), age)

    def empty(self, n: int) -> Cache:
        """The cache of `n` films of which nothing was seen yet."""
        weight = self.norm.weight
        nothing = weight.new_zeros(n, self.heads, self.window - 1, len(weight) // self.heads)
        none = (nothing,) * len(self.blocks)
        return Cache(none, none, torch.zeros(n, dtype=torch.long, device=weight.device))

    def _embed(self, tokens, act):
        """Frames and actions as vectors: `(B, T, N)` and `(B, T, A)` to `(B, T, D)`."""
        words = self.token_embed((tokens + self.offset).flatten(0, 1))  # (B T, D)
        x = words.unflatten(0, tokens.shape[:2]) + self.act_embed(act.to(words.dtype))
        return x + self.in_mlp(x)

    def _distance(self, length):
        """How long before frame i frame j was, within what can be looked up: `(T, T)`."""
        t = torch.arange(length, device=self.offset.device)
        return (t[:, None] - t).clamp(0, self.window - 1)

    def _mask(self, first):
        """0 where frame i may look at frame j, else -inf: `(B, 1, T, T)`. Not at what comes later,
        not further back than the window, not into another episode."""
        t = torch.arange(first.shape[1], device=first.device)
        back, episode = t[:, None] - t, first.long().cumsum(1)  # (T, T), (B, T)
        may = (back >= 0) & (back < self.window) & (episode[:, :, None] == episode[:, None, :])
        mask = self.norm.weight.new_zeros(may.shape)
        return mask.masked_fill(~may, -torch.inf)[:, None]

    # --- writing a frame --------------------------------------------------------------------------

    def logits(self, h: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """How likely every token was, with the tokens before it given: training.

        Args:
            h: `(M, D)`. tokens: `(M, N)` of the frame that followed.

        Returns:
            `(M, N, K)`.
        """
        said = self.head_embed.flatten(0, 1)[tokens + self.offset].cumsum(1)  # (M, N, L)
        before = torch.cat([torch.zeros_like(said[:, :1]), said[:, :-1]], 1)  # (M, N, L)
        hidden = gelu(self.head_in(h).unflatten(-1, (self.tokens, -1)) + before)  # (M, N, L)
        return torch.einsum("mnl,nlk->mnk", hidden, self.head_out) + self.head_bias

    def decode_tokens(
        self, h: torch.Tensor, generator: torch.Generator | None = None, temperature: float = 1.0
    ) -> torch.Tensor:
        """A frame that may follow, token by token: `(B, D)` to `(B, N)`.

        Args:
            generator: draws the tokens; without one each is the likeliest.
            temperature: of the draw. Below 1 the likelier tokens become likelier still.
        """
        inputs = self.head_in(h).unflatten(-1, (self.tokens, -1))  # (B, N, L)
        said, tokens = torch.zeros_like(inputs[:, 0]), []  # (B, L)
        for n in range(self.tokens):
            logits = gelu(inputs[:, n] + said) @ self.head_out[n] + self.head_bias[n]  # (B, K)
            if generator is None:
                token = logits.argmax(-1)  # (B,)
            else:
                token = _draw(logits / temperature, generator)
            said = said + self.head_embed[n][token]
            tokens.append(token)
        return torch.stack(tokens, 1)


def initial_rel_bias(heads: int, window: int) -> torch.Tensor:
    """How much less a frame counts the longer ago it was, at first: `(heads, window)`, from heads
    that see little but the present to heads that see all of the window alike."""
    slopes = torch.logspace(1, -6, heads, base=2)
    return -slopes[:, None] * torch.arange(window)


def _draw(logits, generator):
    """Numbers drawn with probability softmax(logits): `(B, K)` to `(B,)` (the Gumbel trick)."""
    noise = rand(logits.shape, generator, logits).clamp_min(1e-20).log().neg_().log_()
    return (logits - noise).argmax(-1)
