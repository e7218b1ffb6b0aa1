"""Chapter 8's rivals: a Q network on the same film, and a script that follows what it reads."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import nn
from torch.nn.functional import avg_pool2d, smooth_l1_loss

from wmlib.devices import building, randint
from wmlib.models.convs import unit_images
from wmlib.models.rssm import layer
from wmlib.models.tokenizer import Tokenizer
from wmlib.streams import Sequences
from wmlib.training import improve
from wmlib.worlds.catch import ball_in, bar_in, follow


def rows_of_pixels(obs: torch.Tensor) -> torch.Tensor:
    """Pictures `(..., 1, 32, 32)` as 8 rows of 32 numbers `(..., 256)`, as the actor sees them."""
    pictures = unit_images(obs).flatten(0, -4)  # (N, 1, 32, 32)
    return 4 * avg_pool2d(pictures, (4, 1)).reshape(*obs.shape[:-3], 256)


class OfflineQ:
    """A Q network that learns from a film, without a model and without a step of its own.

    It sees the real frame and the one before it. Double Q-learning with a target network (van
    Hasselt et al. 2016), the actor's sizes and its discount.

    Args:
        seen: the film, `Sequences`. seed: of the weights, and of what is drawn.
    """

    def __init__(self, seen: Sequences, seed: int, hidden: int = 128, gamma: float = 0.95):
        self.seen, self.gamma = seen, gamma
        self.generator = torch.Generator().manual_seed(seed)
        with building(seed):
            self.net = nn.Sequential(
                *layer(512, hidden), *layer(hidden, hidden), nn.Linear(hidden, 3)
            )
        self.target = copy.deepcopy(self.net)
        self.optimiser = torch.optim.Adam(self.net.parameters(), fused=True)
        self.last: torch.Tensor | None = None

    def learn(self, steps: int, batch: int = 256, lr: float = 1e-3, renew: int = 200) -> OfflineQ:
        """`steps` batches of moments of the film; the target is renewed every `renew` of them."""
        rows, frames = self.seen.first.shape
        for step in range(steps):
            if step % renew == 0:
                self.target.load_state_dict(self.net.state_dict())
            row = randint(rows, (batch,), self.generator, "cpu")
            t = 1 + randint(frames - 2, (batch,), self.generator, "cpu")
            inside = ~self.seen.first[row, t] & ~self.seen.first[row, t + 1]
            row, t = row[inside], t[inside]
            three = rows_of_pixels(self.seen.obs[row[:, None], t[:, None] + torch.arange(-1, 2)])
            now, then = three[:, :2].flatten(1), three[:, 1:].flatten(1)  # (M, 512) each
            with torch.no_grad():
                best = self.net(then).argmax(1, keepdim=True)  # (M, 1)
                after = self.target(then).gather(1, best)[:, 0]
                goal = self.seen.rew[row, t] + self.gamma * self.seen.cont[row, t] * after
            said = self.net(now).gather(1, self.seen.act[row, t][:, None])[:, 0]
            self.optimiser.param_groups[0]["lr"] = lr * (1 - 0.9 * step / steps)
            improve(self.optimiser, smooth_l1_loss(said, goal), 10.0)
        return self

    def begin(self, obs: np.ndarray | None) -> None:
        """A new batch of episodes: there was no frame before."""
        self.last = None

    def keep(self, mask: np.ndarray) -> None:
        """Go on with some of the episodes only."""
        if self.last is not None:
            self.last = self.last[torch.as_tensor(mask)]

    @torch.no_grad()
    def act(self, obs: np.ndarray, first: np.ndarray | None = None) -> np.ndarray:
        """The best actions `(B,)` for pictures `(B, 1, 32, 32)`."""
        now = rows_of_pixels(torch.as_tensor(obs))  # (B, 256)
        before = now if self.last is None else self.last
        if first is not None:
            before = torch.where(torch.as_tensor(first)[:, None], now, before)
        self.last = now
        return self.net(torch.cat([before, now], 1)).argmax(1).numpy()


class Reader:
    """Follows the ball of the decoded picture: what a perfect habit could do with these tokens.

    It was written by somebody who knows the game: it is a ceiling, no rival.
    """

    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer = tokenizer

    @torch.no_grad()
    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions `(B,)` for pictures `(B, 1, 32, 32)`."""
        decoded = self.tokenizer.decode(self.tokenizer.encode(obs))[:, 0].numpy()  # (B, 32, 32)
        return follow(np.stack([bar_in(decoded)[0], ball_in(decoded)[0][..., 0]], 1))


def standing_still(obs: np.ndarray) -> np.ndarray:
    """Stay: an agent with no idea. Actions `(B,)`."""
    return np.ones(len(obs), int)
