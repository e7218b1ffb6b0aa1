"""Other ways to say "here I do not know": a distance, dropout, a stated noise, chance.

The first three have `disagreement(obs, act) -> (B,)`, as an ensemble has, and can stand in its place.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn.functional import silu, softplus

from wmlib.devices import building, new_generator, new_rng, rand, randint
from wmlib.experience import Transitions
from wmlib.models import Ensemble
from wmlib.models.base import Step
from wmlib.models.ensemble import gaussian_loss
from wmlib.models.networks import encode_action
from wmlib.training import train


class Nearest:
    """Distance from the nearest rows of the data: no network at all.

    Args:
        data: Transitions. model: whose normalisation is used.
        k: the distance is that of the k-th nearest row.
        action: whether the action counts, too, or the observation alone.
    """

    def __init__(self, data: Transitions, model: Ensemble, k: int = 1, action: bool = True):
        self.model, self.k, self.action = model, k, action
        self.rows = self._read(torch.as_tensor(data.obs), torch.as_tensor(data.act))  # (N, F)

    @torch.inference_mode()
    def disagreement(self, obs: torch.Tensor, action: torch.Tensor) -> torch.Tensor:
        """`(B, D)`, `(B, ...)` -> `(B,)`: in deviations of the data, root mean square."""
        seen = self._read(obs, action)  # (B, F)
        far = torch.cdist(seen, self.rows).topk(self.k, dim=1, largest=False).values[:, -1]
        return far / seen.shape[1] ** 0.5

    def _read(self, obs, action):
        seen = read(self.model, obs, action)
        return seen if self.action else seen[:, : obs.shape[1]]


class Noise:
    """The deviation that one network of an ensemble states for its own prediction."""

    def __init__(self, model: Ensemble):
        self.model = model

    @torch.inference_mode()
    def disagreement(self, obs: torch.Tensor, action: torch.Tensor) -> torch.Tensor:
        """`(B, D)`, `(B, ...)` -> `(B,)`: in usual changes, root mean square over features."""
        _, std = self.model.distribution(obs, action)  # (E, B, D + 1)
        return (std[0, :, :-1] / self.model.norm_out.std[:-1]).pow(2).mean(-1).sqrt()


class Dropout(nn.Module):
    """One network, trained and asked with dropout: its passes disagree (Gal & Ghahramani 2016).

    Args:
        data: Transitions. model: an ensemble whose normalisation is used.
        steps: gradient steps: as many as five members take together. passes: how often it is asked.
        share: of the hidden units that are dropped.
    """

    def __init__(self, data, model, seed=0, steps=3000, passes=20, share=0.1, hidden=64):
        super().__init__()
        self.read = lambda obs, act: read(model, obs, act)  # no part of this network
        self.passes, self.share = passes, share
        self.generator = new_generator(seed)
        obs = torch.as_tensor(data.obs)
        x = self.read(obs, torch.as_tensor(data.act))  # (N, F)
        rew = torch.as_tensor(np.asarray(data.rew, np.float32))[:, None]
        y = model.norm_out(torch.cat([torch.as_tensor(data.next_obs) - obs, rew], 1))  # (N, D + 1)
        sizes = (x.shape[1], hidden), (hidden, hidden), (hidden, 2 * y.shape[1])
        with building():
            self.layers = nn.ModuleList(nn.Linear(*size) for size in sizes)
        for weight in self.parameters():
            with torch.no_grad():
                weight.copy_((2 * rand(weight.shape, self.generator, weight) - 1) / hidden**0.5)

        def loss_of_batch():
            rows = randint(len(x), (64,), self.generator, "cpu")
            return gaussian_loss(*self.forward(x[rows]), y[rows])

        train(list(self.parameters()), loss_of_batch, steps, lr=2e-3, weight_decay=1e-4)

    def forward(self, x):
        """`(B, F)` -> mean and log-variance `(B, D + 1)` of the normalised change and reward."""
        for layer in self.layers[:-1]:
            x = silu(layer(x))  # (B, hidden)
            kept = rand(x.shape, self.generator, x) > self.share
            x = x * kept / (1 - self.share)
        mean, log_var = self.layers[-1](x).chunk(2, -1)
        log_var = 0.5 - softplus(0.5 - log_var)
        return mean, -10 + softplus(log_var + 10)

    @torch.inference_mode()
    def disagreement(self, obs, action):
        """`(B, D)`, `(B, ...)` -> `(B,)`: the spread of the passes, measured as that of members."""
        x = self.read(obs, action)
        means = torch.stack([self.forward(x)[0] for _ in range(self.passes)])[..., :-1]  # (P, B, D)
        return means.var(0, correction=0).mean(-1).sqrt()


def read(model, obs, action):
    """Observation and action side by side, normalised as the model's inputs: `(B, F)`."""
    act = encode_action(model.act_space, action).to(obs.dtype)
    return model.norm_in(torch.cat([obs, act], -1))


class Priced:
    """A model that takes `penalty` times a score out of every reward.

    Args:
        model: an ensemble of one network. score: `(obs, action) -> (B,)`.
    """

    def __init__(self, model, score, penalty):
        self.model, self.score, self.penalty = model, score, penalty

    def __getattr__(self, name):
        return getattr(self.model, name)

    def step(self, state, action, generator=None):
        """See `WorldModel.step`."""
        nxt, rew, cont = self.model.step(state, action, generator)
        seen = self.model.decode(state)
        action = torch.as_tensor(action, dtype=seen.dtype)
        return Step(nxt, rew - self.penalty * self.score(seen, action), cont)

    def imagine(self, *given, **settings):
        """See `WorldModel.imagine`: with this object's own `step`."""
        return type(self.model).imagine(self, *given, **settings)


class ByChance:
    """Hands over to the fallback at random, as often as a gate does.

    Args:
        agent: the bold one. fallback: `obs -> actions`. share: of the decisions.
    """

    def __init__(self, agent, fallback, share, seed=0):
        self.agent, self.fallback, self.share = agent, fallback, share
        self.rng, self.abstention = new_rng(seed), share

    def begin(self, obs):
        """A new batch of episodes."""
        self.agent.begin(obs)

    def act(self, obs):
        """`(B, D)` -> actions."""
        action, fallback = np.array(self.agent.act(obs)), self.fallback(obs)
        self.refused = self.rng.random(len(action)) < self.share
        action[self.refused] = fallback[self.refused]
        return action

    def keep(self, mask):
        """Go on with some of the episodes only."""
        self.agent.keep(mask)


class Held:
    """Random actions, each held for some steps: the simplest way to get anywhere by chance."""

    def __init__(self, act_space, hold, seed=0):
        self.space, self.hold, self.rng = act_space, hold, new_rng(seed)

    def begin(self, obs):
        """A new batch of episodes."""
        self.age = 0

    def act(self, obs):
        """`(B, D)` -> actions `(B, A)`."""
        if self.age % self.hold == 0:
            size = len(obs), *self.space.shape
            self.action = self.rng.uniform(self.space.low, self.space.high, size).astype("f4")
        self.age += 1
        return self.action
