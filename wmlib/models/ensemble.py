"""An ensemble of probabilistic networks: what it does not know shows as disagreement.

Each member predicts a Gaussian over the change of state and the reward: its variance is noise in
the world (aleatoric). The members differ from each other where data is missing (epistemic).
Chua et al. (2018), PETS; bounds on the log-variance as there.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn
from torch.nn.functional import softplus

from wmlib.models.base import Step
from wmlib.models.networks import ContinueHead, Normaliser, StackedMLP, encode_action
from wmlib.models.vector import VectorModel
from wmlib.training import train


class Particles(NamedTuple):
    """State of an ensemble: `obs (B, P, D)`, and how likely each particle's episode still runs."""

    obs: torch.Tensor
    alive: torch.Tensor  # (B, P)


def gaussian_loss(mean, log_var, target):
    """Negative log-likelihood of a diagonal Gaussian, up to a constant: mean over everything."""
    return ((mean - target) ** 2 * torch.exp(-log_var) + log_var).mean()


class Ensemble(VectorModel, nn.Module):
    """E probabilistic networks on bootstrapped data, carried forward as P particles per state.

    Args:
        obs_size, act_space, hidden, layers, inputs, seed: as in `NeuralDynamics`.
        members: E.
        particles: P, a multiple of E: particle p starts with member p mod E.
        redraw: False keeps each particle with its member (TS-infinity: a particle is one possible
            world); True shuffles particles among members at every step (TS1).
        bootstrap: each member trains on its own draw of the data, with replacement.
    """

    def __init__(
        self,
        obs_size,
        act_space,
        members=5,
        particles=None,
        hidden=64,
        layers=2,
        inputs=None,
        redraw=False,
        bootstrap=True,
        seed=0,
    ):
        super().__init__(obs_size, act_space)
        self.members, self.particles = members, particles or members
        if self.particles % members:
            raise ValueError(f"particles ({particles}) must be a multiple of members ({members})")
        self.inputs = list(range(obs_size)) if inputs is None else list(inputs)
        self.redraw, self.bootstrap = redraw, bootstrap
        self.generator = torch.Generator().manual_seed(seed)
        n_in, n_out = len(self.inputs) + self.act_size, obs_size + 1
        self.net = StackedMLP(members, [n_in] + [hidden] * layers + [2 * n_out], self.generator)
        self.norm_in, self.norm_out = Normaliser(n_in), Normaliser(n_out)
        self.max_log_var = nn.Parameter(torch.full((n_out,), 0.5))
        self.min_log_var = nn.Parameter(torch.full((n_out,), -10.0))
        self.cont = ContinueHead(obs_size, self.generator)
        self.register_buffer("low", torch.full((obs_size,), -torch.inf))
        self.register_buffer("high", torch.full((obs_size,), torch.inf))

    def fit(self, data, steps=800, batch=64, lr=2e-3, weight_decay=1e-4, report=None):
        """Learn from transitions. Returns the training losses, summed over members."""
        obs, act, rew, nxt, terminated = self._tensors(data)
        x = torch.cat([obs[:, self.inputs], encode_action(self.act_space, act)], dim=1)
        y = torch.cat([nxt - obs, rew[:, None]], dim=1)
        self.norm_in.fit(x)
        self.norm_out.fit(y)
        x, y = self.norm_in(x), self.norm_out(y)
        centre, spread = nxt.mean(0), 20 * (nxt - nxt.mean(0)).abs().amax(0) + 1e-3
        self.low, self.high = centre - spread, centre + spread
        rows = self.bootstrap_rows(len(x))

        def loss_of_batch():
            pick = torch.randint(len(x), (self.members, batch), generator=self.generator)
            pick = rows.gather(1, pick)
            mean, log_var = self._split(self.net(x[pick]))
            bounds = self.max_log_var.sum() - self.min_log_var.sum()
            return self.members * gaussian_loss(mean, log_var, y[pick]) + 0.01 * bounds

        trained = [*self.net.parameters(), self.max_log_var, self.min_log_var]
        losses = train(trained, loss_of_batch, steps, lr, weight_decay, report)
        self.cont.fit(nxt, terminated, self.generator)
        return losses

    def bootstrap_rows(self, n):
        """Which rows each member trains on: `(E, n)`, drawn with replacement (or all, in order)."""
        if not self.bootstrap:
            return torch.arange(n).expand(self.members, n)
        return torch.randint(n, (self.members, n), generator=self.generator)

    def distribution(self, obs, action):
        """What each member predicts for each state.

        Args:
            obs: `(B, D)`, the same for all members, or `(E, B, D)`. action: `(B, ...)`, ditto.

        Returns:
            mean and deviation of next observation and reward, each `(E, B, D + 1)`.
        """
        act = encode_action(self.act_space, action)
        obs = obs.expand(self.members, *obs.shape[-2:])
        act = act.expand(self.members, *act.shape[-2:])
        x = self.norm_in(torch.cat([obs[..., self.inputs], act], dim=-1))
        mean, log_var = self._split(self.net(x))
        mean = self.norm_out.undo(mean)
        nxt = (obs + mean[..., :-1]).clamp(self.low, self.high)
        return torch.cat([nxt, mean[..., -1:]], -1), torch.exp(0.5 * log_var) * self.norm_out.std

    def disagreement(self, obs, action):
        """Epistemic uncertainty `(B,)`: `spread` of the members' means of the next observation."""
        mean, _ = self.distribution(obs, action)
        return self.spread(mean[..., :-1])

    def spread(self, obs, dim: int = 0):
        """Deviation of opinions or particles, which lie along `dim` of `obs`, as one number each.

        Measured in the data's deviations of the change, root mean square over dimensions.
        """
        return (obs.std(dim) / self.norm_out.std[:-1]).pow(2).mean(-1).sqrt()

    def predict(self, obs, action, generator=None):
        """The members' average: next observation `(B, D)`, reward `(B,)`. Noise is not drawn."""
        mean, _ = self.distribution(obs, action)
        mean = mean.mean(0)
        return mean[:, :-1], mean[:, -1]

    def predict_cont(self, next_obs):
        return self.cont(next_obs)

    def start(self, obs):
        obs = super().start(obs)[:, None].expand(-1, self.particles, -1)
        return Particles(obs, torch.ones(obs.shape[:2]))

    def decode(self, state):
        """The particles' mean, weighted by how likely each still runs: `(B, D)`."""
        weight = (state.alive + 1e-9) / (state.alive + 1e-9).sum(1, keepdim=True)
        return (weight[..., None] * state.obs).sum(1)

    def step(self, state, action, generator=None):
        """One step of every particle. Samples the predicted noise if given a generator.

        `rew` is the mean over the particles still running and `cont` the share of them that goes
        on, so that a plan's score equals the mean of the particles' own scores.
        """
        b, p, d = state.obs.shape
        obs, alive = state
        if self.redraw:
            if generator is None:
                raise ValueError("redraw=True (TS1) draws members at random: pass a generator")
            order = torch.rand(b, p, generator=generator).argsort(1)
            obs = obs.gather(1, order[..., None].expand(b, p, d))
            alive = alive.gather(1, order)
        action = torch.as_tensor(action)
        each = self._per_member(action[:, None].expand(b, p, *action.shape[1:]))
        mean, std = self.distribution(self._per_member(obs), each)
        if generator is not None:
            mean = mean + std * torch.randn(mean.shape, generator=generator)
        out = self._per_state(mean, b)
        nxt, rew = out[..., :-1], out[..., -1]
        flat_act = action[:, None].expand(b, p, *action.shape[1:]).reshape(b * p, *action.shape[1:])
        rew, cont = self._judge(
            obs.reshape(b * p, d), flat_act, nxt.reshape(b * p, d), rew.reshape(-1)
        )
        rew, cont = rew.view(b, p), cont.view(b, p)
        total = alive.sum(1).clamp_min(1e-9)
        going = alive * cont
        return Step(Particles(nxt, going), (alive * rew).sum(1) / total, going.sum(1) / total)

    def _per_member(self, x):
        """`(B, P, ...) -> (E, B * P / E, ...)`: particle p belongs to member p mod E."""
        b, p = x.shape[:2]
        x = x.reshape(b, p // self.members, self.members, *x.shape[2:])
        return x.movedim(2, 0).reshape(self.members, -1, *x.shape[3:])

    def _per_state(self, x, b):
        """The way back: `(E, B * P / E, ...) -> (B, P, ...)`."""
        x = x.reshape(self.members, b, -1, *x.shape[2:])
        return x.movedim(0, 2).reshape(b, self.particles, *x.shape[3:])

    def _split(self, out):
        mean, log_var = out.chunk(2, dim=-1)
        log_var = self.max_log_var - softplus(self.max_log_var - log_var)
        return mean, self.min_log_var + softplus(log_var - self.min_log_var)


class Cautious(VectorModel):
    """An ensemble that pays for doubt: reward minus `penalty` times the particles' spread.

    Args:
        ensemble: a fitted `Ensemble` (or `ensemble.goal(...)`) with redraw=False.
        penalty: reward taken per unit of disagreement (the deviation between particles, in the
            data's deviations of the change, root mean square over dimensions).
    """

    def __init__(self, ensemble: Ensemble, penalty: float):
        super().__init__(ensemble.obs_size, ensemble.act_space)
        self.ensemble, self.penalty = ensemble, penalty
        self.has_reward = ensemble.has_reward

    def start(self, obs):
        return self.ensemble.start(obs)

    def decode(self, state):
        return self.ensemble.decode(state)

    def goal(self, rew=None, cont=None):
        return Cautious(self.ensemble.goal(rew, cont), self.penalty)

    def step(self, state, action, generator=None):
        nxt, rew, cont = self.ensemble.step(state, action, generator)
        return Step(nxt, rew - self.penalty * self.ensemble.spread(nxt.obs, dim=1), cont)
