"""The recurrent state-space model (RSSM): a world model with a memory, for which much is uncertain.

The state has two parts. `deter` is what the model remembers, carried by a GRU; `stoch` is what it
could not have known, drawn from a distribution::

    deter[t] = GRU(deter[t-1], stoch[t-1], act[t-1])
    prior    p(stoch[t] | deter[t])                 what it expects, before looking: imagination
    post     q(stoch[t] | deter[t], embed(obs[t]))  what it makes of it, having looked: reality

    obs[t], rew[t-1], cont[t-1] are predicted from (deter[t], stoch[t])

Reward and continue belong to the arrow *into* the state, as everywhere in this course. Hafner et
al. (2019), PlaNet; with discrete latents, Hafner et al. (2021), Dreamer V2.

Shapes: B stretches of T frames, A numbers in an encoded action, D in `deter`, S in `stoch`, P
parameters of its distribution, E in `embed` (`hidden`), F = D + S in `feat`.
"""

from __future__ import annotations

from typing import NamedTuple

import gymnasium as gym
import torch
from numpy.typing import ArrayLike
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from wmlib.devices import Device, building, floats, new_generator, pick_device
from wmlib.models.base import State, Step, WorldModel
from wmlib.models.convs import Decoder, Encoder, image_batch
from wmlib.models.distributions import (
    BINS,
    Categoricals,
    Gaussians,
    balanced_kl,
    twohot_loss,
    twohot_mean,
)
from wmlib.models.networks import encode_action
from wmlib.models.products import GRUCell, Linear
from wmlib.worlds.actions import action_size


class Latent(NamedTuple):
    """State of an RSSM: `deter (..., D)`, `stoch (..., S)`."""

    deter: torch.Tensor
    stoch: torch.Tensor


class RSSM(WorldModel, nn.Module):
    """A latent world model of pictures `(B, 1, 32, 32)`.

    Args:
        act_space: gymnasium space of one action.
        latent: distribution of `stoch`: `Categoricals(groups, classes)` or `Gaussians(size)`.
        deter: D, units of the GRU.
        hidden: units of every other layer.
        width: channels of the first convolution.
        free: nats of KL that cost nothing. dyn, rep: see `distributions.balanced_kl`.
        recon: weight w of the squared error of a picture, summed over its pixels. It says how
            exactly pixels are meant: w times a squared error is the negative log-likelihood of a
            Gaussian of standard deviation 1 / sqrt(2 w), so 1 is 0.7 of the way from black to
            white, and 50 is 0.1.
        seed: of the initial weights, and of the posterior's samples while it learns.
        device: "cpu", "auto" (a GPU where there is one) or any of torch's.
    """

    def __init__(
        self,
        act_space: gym.Space,
        latent: Categoricals | Gaussians | None = None,
        deter: int = 128,
        hidden: int = 128,
        width: int = 8,
        free: float = 1.0,
        dyn: float = 0.5,
        rep: float = 0.1,
        recon: float = 1.0,
        seed: int = 0,
        device: Device = "cpu",
    ):
        super().__init__()
        self.act_space, self.latent = act_space, latent or Categoricals(8, 8)
        self.deter, self.free, self.dyn, self.rep = deter, free, dyn, rep
        self.recon = recon
        self.generator = new_generator(seed)
        self.feat_size = deter + self.latent.size
        inputs = self.latent.size + action_size(act_space)
        with building(seed):
            encoder = Encoder(hidden, width=width)
            self.encoder = nn.Sequential(encoder, nn.LayerNorm(hidden), nn.SiLU())
            self.gru_in = nn.Sequential(*layer(inputs, hidden))
            self.gru = GRUCell(hidden, deter)
            self.prior = head(deter, hidden, self.latent.params)
            self.post = head(deter + hidden, hidden, self.latent.params)
            self.decoder: nn.Module = Decoder(self.feat_size, width=width)
            self.rew = head(self.feat_size, hidden, len(BINS), zero_init=True)
            self.cont = head(self.feat_size, hidden, 1)
        self.to(pick_device(device))

    # --- a world model like the others ------------------------------------------------------------

    def start(self, obs, generator=None):
        """States `(B,)` from first pictures `(B, 1, 32, 32)`, bytes or floats from 0 to 1."""
        obs = self.preprocess(obs)  # (B, 1, 32, 32)
        action = obs.new_zeros(len(obs), action_size(self.act_space))  # (B, A)
        deter = self._recur(self._empty(len(obs)), action)  # (B, D)
        return self._posterior(deter, self.encoder(obs), generator)[0]

    def observe(self, state, action, obs, first=None, generator=None):
        """The posterior after `action` and the picture it led to.

        Args:
            first: `(B,)` bool: where an episode begins, so that nothing may be remembered.
        """
        obs, action = self.preprocess(obs), self._encode_action(action)  # (B, 1, 32, 32), (B, A)
        if first is not None:
            state, action = reset_where(state, action, torch.as_tensor(first, device=obs.device))
        return self._posterior(self._recur(state, action), self.encoder(obs), generator)[0]

    def step(self, state, action, generator=None):
        """One imagined step: the state is drawn from the prior, no picture is made."""
        deter = self._recur(state, self._encode_action(action))  # (B, D)
        nxt = Latent(deter, self.latent.sample(self.prior(deter), generator))  # (B, D), (B, S)
        feat = self.feat(nxt)  # (B, F)
        return Step(nxt, twohot_mean(self.rew(feat)), torch.sigmoid(self.cont(feat)[..., 0]))

    def decode(self, state):
        """The picture of each state, `(B, 1, 32, 32)` floats from 0 to 1."""
        return self.decoder(self.feat(state)).clamp(0, 1)

    def feat(self, state: State) -> torch.Tensor:
        """What heads, actors and critics read: `(..., D + S)`."""
        return torch.cat(state, -1)

    def preprocess(self, obs: ArrayLike) -> torch.Tensor:
        """What the encoder reads: pictures `(B, 1, 32, 32)` as floats from 0 to 1."""
        return image_batch(obs, self.device)

    # --- learning ---------------------------------------------------------------------------------

    def loss(self, sequences, generator=None):
        """The loss of a batch of stretches of experience, and the states it passed through.

        Args:
            sequences: `streams.Sequences` of B stretches of T frames.
            generator: of the posterior's samples; default the model's own.

        Returns:
            loss (scalar), its parts, not weighted (dict of floats), states (`Latent` of
            `(B, T, ...)`).
        """
        sequences = sequences.to(self.device)
        first, real = sequences.first, sequences.real  # (B, T), (B, T - 1)
        obs = self.preprocess(sequences.obs.flatten(0, 1)).unflatten(0, first.shape)
        act = self._encode_action(sequences.act)  # (B, T - 1, A)
        state, post, prior = self.observe_sequence(obs, act, first, generator or self.generator)
        feat = self.feat(state)  # (B, T, F)
        into = feat[:, 1:]  # (B, T - 1, F) of the state that an arrow leads into
        recon = ((self.decoder(feat) - obs) ** 2).flatten(2).sum(-1).mean()
        rew = masked_mean(twohot_loss(self.rew(into), sequences.rew), real)
        cont = binary_cross_entropy_with_logits(
            self.cont(into)[..., 0], sequences.cont, reduction="none"
        )  # (B, T - 1)
        cont = masked_mean(cont, real)
        kl, nats = balanced_kl(self.latent.kl, post, prior, self.free, self.dyn, self.rep)
        parts = {"recon": recon, "reward": rew, "continue": cont, "kl": nats}
        return self.recon * recon + rew + cont + kl, floats(parts), state

    def observe_sequence(
        self,
        obs: torch.Tensor,
        act: torch.Tensor,
        first: torch.Tensor,
        generator: torch.Generator | None = None,
    ) -> tuple[Latent, torch.Tensor, torch.Tensor]:
        """Posterior states along real stretches, beside what the prior expected.

        Args:
            obs: `(B, T, ...)`, preprocessed. act: `(B, T - 1, A)`, encoded; `act[:, t]` leads to
                frame t + 1. first: `(B, T)` bool. generator: see `step`.

        Returns:
            states `Latent (B, T, ...)`, parameters of post and prior `(B, T, P)`.
        """
        batch, length = first.shape
        embed = self.encoder(obs)  # (B, T, E)
        before = torch.cat([torch.zeros_like(act[:, :1]), act], 1)  # the action before each frame
        state = self._empty(batch)
        states, posts = [], []
        for t in range(length):
            state, action = reset_where(state, before[:, t], first[:, t])
            deter = self._recur(state, action)  # (B, D)
            state, post = self._posterior(deter, embed[:, t], generator)
            states.append(state)
            posts.append(post)
        state = Latent(*(torch.stack(part, 1) for part in zip(*states)))  # (B, T, D), (B, T, S)
        return state, torch.stack(posts, 1), self.prior(state.deter)  # both (B, T, P)

    # --- the two halves of a step -----------------------------------------------------------------

    def _recur(self, state, action):
        """What is carried on, `deter (B, D)`, from a state and an encoded action `(B, A)`."""
        inputs = self.gru_in(torch.cat([state.stoch, action], -1))  # (B, E)
        return self.gru(inputs, state.deter)

    def _posterior(self, deter, embed, generator):
        """The state once the picture is seen, and its posterior's parameters `(B, P)`."""
        post = self.post(torch.cat([deter, embed], -1))
        return Latent(deter, self.latent.sample(post, generator)), post

    def _empty(self, n):
        """The state of somebody who has seen nothing yet, n times."""
        weight = self.gru.weight_hh
        return Latent(weight.new_zeros(n, self.deter), weight.new_zeros(n, self.latent.size))

    def _encode_action(self, action):
        return encode_action(self.act_space, action, self.device)  # (..., A)


def reset_where(
    state: Latent, action: torch.Tensor, first: torch.Tensor
) -> tuple[Latent, torch.Tensor]:
    """States and actions set to zero where an episode begins: `first (B,)` bool."""
    keep = (~first).float()[:, None]  # (B, 1)
    return Latent(*(part * keep for part in state)), action * keep


def masked_mean(values: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean of the values where the mask is 1; both of one shape."""
    return (values * mask).sum() / mask.sum().clamp_min(1)


def layer(n_in: int, n_out: int) -> tuple[Linear, nn.LayerNorm, nn.SiLU]:
    """The parts of one layer: linear, normalised, bent."""
    return Linear(n_in, n_out), nn.LayerNorm(n_out), nn.SiLU()


def head(n_in: int, hidden: int, n_out: int, zero_init: bool = False) -> nn.Sequential:
    """A network with one hidden layer. `zero_init`: it says 0 until it has learned something."""
    first, last = layer(n_in, hidden), Linear(hidden, n_out)
    if zero_init:
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
    return nn.Sequential(*first, last)
