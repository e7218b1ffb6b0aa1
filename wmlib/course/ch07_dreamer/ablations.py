"""Chapter 7's ablations: a Dreamer with one thing left out, and all else as it was."""

from __future__ import annotations

import torch
from torch import nn

from wmlib.course.ch07_dreamer.pixel_cartpole import PixelCartPole
from wmlib.course.ch07_dreamer.study import STEPS, train_and_check
from wmlib.learning.actor_critic import ActorCritic
from wmlib.learning.dreamer import Dreamer
from wmlib.models.rssm import RSSM, Latent

ACTIONS = PixelCartPole.act_space
CHECKED = range(14_000, STEPS + 1, 3_000)  # real steps after which fresh episodes are played


class OnePicture(RSSM):
    """No memory: what it makes of a picture depends on that picture alone, and what comes next on
    that and the action. It can still dream; only the past is gone."""

    def _recur(self, state, action):
        return super()._recur(Latent(torch.zeros_like(state.deter), state.stoch), action)

    def _posterior(self, deter, embed, generator):
        state, post = super()._posterior(torch.zeros_like(deter), embed, generator)
        return Latent(deter, state.stoch), post

    @staticmethod
    def feat(state):
        return torch.cat([torch.zeros_like(state.deter), state.stoch], -1)


class Undrawn(nn.Module):
    """A decoder that learns to draw what the latent happens to know, and teaches it nothing."""

    def __init__(self, decoder):
        super().__init__()
        self.decoder = decoder

    def forward(self, feat):
        return self.decoder(feat.detach())


class Shortsighted(ActorCritic):
    """No critic: what comes after the last imagined step is worth nothing."""

    def value(self, feat):
        return torch.zeros(feat.shape[:-1])


def no_memory(seed):
    """See `OnePicture`."""
    return {"model": OnePicture(ACTIONS, seed=seed)}


def no_prior(seed):
    """Nobody teaches the prior to foresee the posterior, nor the posterior to be foreseeable."""
    return {"model": RSSM(ACTIONS, dyn=0.0, rep=0.0, seed=seed)}


def no_picture(seed):
    """The latent learns from reward and continue alone."""
    model = RSSM(ACTIONS, seed=seed)
    model.decoder = Undrawn(model.decoder)
    return {"model": model}


def no_critic(seed):
    """See `Shortsighted`."""
    size = RSSM(ACTIONS).feat_size
    return {"behaviour": Shortsighted(size, int(ACTIONS.n), lam=1.0, seed=seed)}


LEFT_OUT = {"memory": no_memory, "prior": no_prior, "picture": no_picture, "critic": no_critic}


def without(part: str, seed: int) -> Dreamer:
    """A learner of chapter 7 with one part left out.

    Args:
        part: "memory", "prior", "picture" or "critic".

    Raises:
        ValueError: if there is no such part.
    """
    if part not in LEFT_OUT:
        raise ValueError(f"what can be left out is {', '.join(LEFT_OUT)}; got {part!r}")
    return Dreamer(PixelCartPole(), settle=STEPS, seed=seed, **LEFT_OUT[part](seed))


def run_left_out(seed, parts=tuple(LEFT_OUT)):
    """One whole training for every part: steps balanced on fresh episodes, at each check."""
    return {
        part: [mean for _, _, mean, _ in train_and_check(without(part, seed), seed, checks=CHECKED)]
        for part in parts
    }
