"""Dreamer with one part taken out or put in wrongly: what each part is for.

Each is the whole recipe of chapter 7 but for one line. The line is the class.
"""

from __future__ import annotations

import torch

from wmlib.learning.dreamer import Dreamer
from wmlib.models.rssm import RSSM
from wmlib.worlds import PixelCartPole


class Late(RSSM):
    """It learns with actions that are one step late: the commonest mistake in small copies."""

    def read(self, obs, act, first):
        late = torch.cat([torch.zeros_like(act[:, :1]), act[:, :-1]], 1)
        return super().read(obs, late, first)


class Immortal(RSSM):
    """Its dreams never end: the head that says whether it goes on is not asked."""

    def step(self, state, action, generator=None):
        step = super().step(state, action, generator)
        return step._replace(cont=torch.ones_like(step.cont))


class Forgetting(RSSM):
    """It learns from single pictures: nothing is carried from one to the next."""

    def _remember(self, state, action):
        return super()._remember(state._replace(deter=torch.zeros_like(state.deter)), action)


class Blind(RSSM):
    """It is not asked to draw what it sees: only rewards and ends teach it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for parameter in self.brush.parameters():
            torch.nn.init.zeros_(parameter.requires_grad_(False))


ABLATIONS = {"late": Late, "immortal": Immortal, "forgetting": Forgetting, "blind": Blind}


def ablated(kind, seed, settle):
    """A learner with the chapter's recipe, but for one part."""
    world = PixelCartPole()
    return Dreamer(world, model=kind(world.act_space, seed=seed), settle=settle, seed=seed)
