"""A world model and an actor that reads its features, as an agent: with a memory, and without."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from wmlib.learning.actor_critic import ActorCritic
from wmlib.models.base import tree_map
from wmlib.models.rssm import RSSM, Latent
from wmlib.models.token_model import TokenModel
from wmlib.worlds.actions import from_index


class LatentAgent:
    """Model and actor as an agent: it looks, remembers, and acts on what it remembers.

    Args:
        model: an RSSM. behaviour: an ActorCritic on its features.
        generator: draws latents and actions; None takes the likeliest.
    """

    def __init__(
        self, model: RSSM, behaviour: ActorCritic, generator: torch.Generator | None = None
    ):
        self.model, self.behaviour, self.generator = model, behaviour, generator
        self.state: Latent | None = None
        self.action: Any = None

    def begin(self, obs: np.ndarray | None) -> None:
        """A new batch of episodes: nothing is remembered."""
        self.state = self.action = None

    @torch.no_grad()
    def act(self, obs: np.ndarray, first: np.ndarray | None = None) -> np.ndarray:
        """Actions `(B,)` for observations `(B, ...)`.

        Args:
            first: `(B,)` bool: where an episode begins, so that nothing may be remembered.
        """
        if self.state is None:
            self.state = self.model.start(obs, self.generator)
        else:
            self.state = self.model.observe(self.state, self.action, obs, first, self.generator)
        index = self.behaviour.act(self.model.feat(self.state), self.generator)  # (B,)
        self.action = from_index(self.model.act_space, index)
        return self.action.cpu().numpy()

    __call__ = act

    def keep(self, mask: np.ndarray) -> None:
        """Go on with some of the episodes only: mask `(B,)` bool."""
        kept = torch.as_tensor(mask, device=self.action.device)
        self.state, self.action = tree_map(lambda x: x[kept], self.state), self.action[kept]

    def content(self) -> list[torch.Tensor] | None:
        """What it remembers, for a file."""
        return None if self.state is None else [*self.state, self.action]

    def restore(self, content: list[torch.Tensor] | None) -> None:
        """Go on where `content` was taken."""
        self.begin(None)
        if content is not None:
            deter, stoch, self.action = (part.to(self.model.device) for part in content)
            self.state = Latent(deter, stoch)


class TokenAgent:
    """Tokenizer and actor as an agent: it reads the frame, and acts on the picture of its tokens.

    It needs no memory and no transformer: what was learned in imagination is a habit now.

    Args:
        model: a TokenModel. behaviour: an actor on its `feat`.
        generator: draws actions; None takes the likeliest.
    """

    def __init__(
        self, model: TokenModel, behaviour: ActorCritic, generator: torch.Generator | None = None
    ):
        self.model, self.behaviour, self.generator = model, behaviour, generator

    @torch.no_grad()
    def act(self, obs: np.ndarray, first: np.ndarray | None = None) -> np.ndarray:
        """Actions `(B,)` for pictures `(B, 1, 32, 32)`."""
        feat = self.model.feat(self.model.start(obs))  # (B, F)
        index = self.behaviour.act(feat, self.generator)
        return from_index(self.model.act_space, index.cpu().numpy())

    __call__ = act
