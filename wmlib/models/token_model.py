"""Tokenizer and frame transformer as one world model: it reads, and dreams, in tokens.

Micheli, Alonso & Fleuret (2023), IRIS, with one vector a frame (see `frame_transformer`).

Shapes: B films of T frames of 16 tokens out of K codes; A numbers in an encoded action; D in h.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import gymnasium as gym
import torch
from torch import nn
from torch.nn.functional import avg_pool2d, binary_cross_entropy_with_logits, cross_entropy, pad

from wmlib.devices import Device, building, floats, pick_device, rand, randint, select
from wmlib.models.base import Step, WorldModel
from wmlib.models.convs import image_batch
from wmlib.models.distributions import BINS, twohot_loss, twohot_mean
from wmlib.models.frame_transformer import Cache, FrameTransformer
from wmlib.models.networks import encode_action
from wmlib.models.rssm import head, masked_mean
from wmlib.models.tokenizer import TOKENS, Tokenizer
from wmlib.worlds.actions import action_size


class TokenState(NamedTuple):
    """State of a `TokenModel`: the frame that is seen, tokens `(B, 16)`, and what was before it."""

    tokens: torch.Tensor
    cache: Cache


class TokenModel(WorldModel, nn.Module):
    """A world model of pictures `(B, 1, 32, 32)` whose imagination is made of tokens.

    Args:
        act_space: gymnasium space of one action.
        tokenizer: whose words the frames are put into.
        corrupt: share of the tokens that are drawn anew in what it reads while it learns. In a
            dream it will read its own tokens, some of them wrong, and must not lose its head.
        ahead: frames. While it learns it also guesses, from each frame, the one that comes so much
            later. What hardly shows from one frame to the next, such as how fast a ball drifts,
            decides that guess, and so it is learned. (Gloeckle et al. 2024 do it with language.)
        rew_cont_weight: of reward and continue in the loss. One frame in twenty-five pays here:
            with less they are learned last, and it is they that an actor is taught by.
        temperature: of the tokens that it draws when it dreams with a generator.
        reward_sign: of a reward it tells the sign, in three classes, as IRIS does. Otherwise how
            much it is, over bins.
        seed: of the initial weights. settings: of `FrameTransformer`.
        device: "cpu", "auto" (a GPU where there is one) or any of torch's.
    """

    def __init__(
        self,
        act_space: gym.Space,
        tokenizer: Tokenizer | None = None,
        corrupt: float = 0.005,
        ahead: int = 8,
        temperature: float = 1.0,
        rew_cont_weight: float = 2.0,
        reward_sign: bool = False,
        seed: int = 0,
        device: Device = "cpu",
        **settings: Any,
    ):
        super().__init__()
        self.act_space, self.corrupt, self.ahead = act_space, corrupt, ahead
        self.temperature, self.reward_sign = temperature, reward_sign
        self.rew_cont_weight = rew_cont_weight
        self.tokenizer = tokenizer or Tokenizer(seed=seed)
        codes = self.tokenizer.codes
        self.trunk = FrameTransformer(codes, action_size(act_space), TOKENS, seed=seed, **settings)
        width = self.trunk.norm.normalized_shape[0]
        with building(seed):
            self.rew = head(width, *((128, 3) if reward_sign else (64, len(BINS))), zero_init=True)
            self.cont = head(width, 64, 1)
            self.far = nn.Linear(width, TOKENS * codes)
        self.feat_size = 8 * 32
        self.to(pick_device(device))

    # --- a world model like the others ------------------------------------------------------------

    def start(self, obs, generator=None):
        """States from first pictures `(B, 1, 32, 32)`, bytes or floats from 0 to 1."""
        tokens = self._read(obs)  # (B, 16)
        return TokenState(tokens, self.trunk.empty(len(tokens)))

    def observe(self, state, action, obs, first=None, generator=None):
        """What was seen goes into the cache, and the new picture is read.

        Args:
            first: `(B,)` bool: where an episode begins, so that nothing may be looked up.
        """
        _, cache = self._advance(state, action)
        if first is not None:
            begins = torch.as_tensor(first, device=self.device)
            cache = cache._replace(age=cache.age * ~begins)
        return TokenState(self._read(obs), cache)

    def step(self, state, action, generator=None):
        """One imagined step. Each token is drawn, or the likeliest one without a generator."""
        h, cache = self._advance(state, action)  # (B, D)
        tokens = self.trunk.decode_tokens(h, generator, self.temperature)  # (B, 16)
        nxt = TokenState(tokens, cache)
        return Step(nxt, self.reward(h), torch.sigmoid(self.cont(h)[..., 0]))

    def decode(self, state):
        """The picture of each state, `(B, 1, 32, 32)` floats from 0 to 1."""
        return self.tokenizer.decode(state.tokens)

    def feat(self, state):
        """What an actor and a critic see: the decoded frame, `(B, 256)`, 8 rows of 32 numbers, each
        the mean of four pixels, one below the other. As in IRIS it sees the tokens' picture."""
        return 4 * avg_pool2d(self.decode(state), (4, 1)).flatten(1)  # from (B, 1, 8, 32)

    def reward(self, h: torch.Tensor) -> torch.Tensor:
        """The reward that is to be expected after each h: `(..., D)` to `(...)`."""
        if not self.reward_sign:
            return twohot_mean(self.rew(h))
        lost, _, won = self.rew(h).softmax(-1).unbind(-1)  # (...) each
        return won - lost

    def reward_loss(self, h: torch.Tensor, rew: torch.Tensor) -> torch.Tensor:
        """Nats by which rewards `(...)` were missed: `(...)`."""
        if not self.reward_sign:
            return twohot_loss(self.rew(h), rew)
        classes = rew.sign().long() + 1  # (...): lost, nothing, won
        return cross_entropy(self.rew(h).movedim(-1, 1), classes, reduction="none")

    def _advance(self, state, action):
        act = encode_action(self.act_space, action, self.device)  # (B, A)
        return self.trunk.advance(state.tokens, act, state.cache)

    def _read(self, obs):
        return self.tokenizer.encode(image_batch(obs, self.device))

    # --- learning, and reading long stretches -----------------------------------------------------

    def loss(self, sequences, generator=None):
        """The loss of a batch of stretches of experience. The tokenizer learns nothing of it.

        Args:
            sequences: `streams.Sequences` of B stretches of T frames.
            generator: chooses the tokens that are misread; None: none is.

        Returns:
            loss (scalar), its parts (see `token_loss`), and None in the place of states: every one
            of B x T would hold keys and values of a whole window. `after` gives those at the end.
        """
        sequences = sequences.to(self.device)
        tokens = self.tokenizer.encode(sequences.obs)  # (B, T, 16)
        columns = sequences.act, sequences.rew, sequences.cont, sequences.first
        return *self.token_loss(tokens, *columns, generator), None

    def token_loss(
        self,
        tokens: torch.Tensor,
        act: torch.Tensor,
        rew: torch.Tensor,
        cont: torch.Tensor,
        first: torch.Tensor,
        generator: torch.Generator | None = None,
    ) -> tuple[torch.Tensor, dict[str, float]]:
        """The loss of B stretches of T frames that were put into tokens already, and its parts.

        Args:
            tokens: `(B, T, 16)`. act, rew, cont, first: as in `streams.Sequences`.
            generator: chooses the tokens that are misread; None: none is.

        Returns:
            loss (scalar), its parts (dict of floats): nats per token of the next frame and of the
            far one, reward, continue.
        """
        tokens, rew, cont, first = (x.to(self.device) for x in (tokens, rew, cont, first))
        act = encode_action(self.act_space, act, tokens.device)  # (B, T - 1, A)
        seen, nxt = self._corrupted(tokens[:, :-1], generator), tokens[:, 1:]  # (B, T - 1, 16)
        h, _, _ = self.trunk(seen, act, first[:, :-1])  # (B, T - 1, D)
        real = ~first[:, 1:]  # (B, T - 1); M of them are True
        nxt = select(nxt, real)  # (M, 16)
        logits = self.trunk.logits(select(h, real), nxt)  # (M, 16, K)
        nats = cross_entropy(logits.flatten(0, 1), nxt.flatten())
        mask = real.float()
        rew = masked_mean(self.reward_loss(h, rew), mask)
        cont = binary_cross_entropy_with_logits(self.cont(h)[..., 0], cont, reduction="none")
        cont = masked_mean(cont, mask)
        far = self._far_loss(h, tokens, first)
        parts = {"tokens": nats, "far": far, "reward": rew, "continue": cont}
        return nats + 0.5 * far + self.rew_cont_weight * (rew + cont), floats(parts)

    def _far_loss(self, h, tokens, first):
        """Nats per token of the frame that follows `ahead` frames after each, all in one guess."""
        k = self.ahead
        if tokens.shape[1] <= k:
            return h.new_zeros(())
        episode = first.long().cumsum(1)  # (B, T)
        same = episode[:, k:] == episode[:, :-k]  # (B, T - k); M of them are True
        logits = self.far(select(h[:, : tokens.shape[1] - k], same)).unflatten(-1, (TOKENS, -1))
        return cross_entropy(logits.flatten(0, 1), select(tokens[:, k:], same).flatten())

    def _corrupted(self, tokens, generator):
        """Some of the tokens `(B, T, 16)` drawn anew."""
        if generator is None:
            return tokens
        wrong = rand(tokens.shape, generator, self.trunk.norm.weight) < self.corrupt
        anything = randint(self.tokenizer.codes, tokens.shape, generator, tokens.device)
        return torch.where(wrong, anything, tokens)

    def after(self, tokens: torch.Tensor, act: torch.Tensor, first: torch.Tensor) -> TokenState:
        """The states at the end of real stretches: `observe` for all their frames at once.

        Args:
            tokens: `(B, T, 16)`. act: `(B, T - 1, ...)`. first: `(B, T)` bool.

        Returns:
            `TokenState` of B.
        """
        tokens, first = tokens.to(self.device), first.to(self.device)
        act = encode_action(self.act_space, act, tokens.device)  # (B, T - 1, A)
        _, keys, values = self.trunk(tokens[:, :-1], act, first[:, :-1])  # (B, H, T - 1, E) each
        room = self.trunk.window - 1
        keys, values = ([_fit(part, room) for part in parts] for parts in (keys, values))
        since = first.flip(1).long().argmax(1)  # (B,) frames since the last beginning
        age = torch.where(first.any(1), since, first.shape[1] - 1).clamp_max(room)
        return TokenState(tokens[:, -1], Cache(tuple(keys), tuple(values), age))


def _fit(part, room):
    """The last `room` of T frames, `(B, H, T, E)` to `(B, H, room, E)`, zeros before the first."""
    return pad(part[:, :, -room:], (0, 0, max(0, room - part.shape[2]), 0))
