"""An ensemble of probabilistic networks: what it does not know shows as disagreement.

Each member predicts a Gaussian over the change of state and the reward: its variance is noise in
the world (aleatoric). The members differ from each other where data is missing (epistemic).
Chua et al. (2018), PETS; bounds on the log-variance as there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import gymnasium as gym
import torch
from torch import nn
from torch.nn.functional import softplus

from wmlib.devices import Device, building, new_generator, pick_device, rand, randint, randn
from wmlib.experience import Transitions
from wmlib.models import blocks
from wmlib.models.as_written import as_written
from wmlib.models.base import Rollout, Step, WorldModel
from wmlib.models.dynamics import dream_limits
from wmlib.models.ensemble_training import TrainingStep, by_hand
from wmlib.models.networks import PARTS, ContinueHead, Normaliser, encode_action
from wmlib.models.stacked import StackedMLP
from wmlib.models.vector import VectorModel
from wmlib.training import learning, train


class Particles(NamedTuple):
    """State of an ensemble: `obs (B, P, D)`, and how likely each particle's episode still runs."""

    obs: torch.Tensor
    alive: torch.Tensor  # (B, P)


def gaussian_loss(mean: torch.Tensor, log_var: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Negative log-likelihood of a diagonal Gaussian, up to a constant: mean over everything."""
    return ((mean - target) ** 2 * torch.exp(-log_var) + log_var).mean()


class Ensemble(VectorModel, nn.Module):
    """E probabilistic networks on bootstrapped data, carried forward as P particles per state.

    Args:
        obs_size, act_space, hidden, layers, inputs, seed, device: as in `NeuralDynamics`.
        members: E.
        particles: P, a multiple of E: particle p starts with member p mod E.
        redraw: False keeps each particle with its member (TS-infinity: a particle is one possible
            world); True shuffles particles among members at every step (TS1).
        bootstrap: each member trains on its own draw of the data, with replacement.
    """

    low: torch.Tensor
    high: torch.Tensor

    def __init__(
        self,
        obs_size: int,
        act_space: gym.Space,
        members: int = 5,
        particles: int | None = None,
        hidden: int = 64,
        layers: int = 2,
        inputs: Sequence[int] | None = None,
        redraw: bool = False,
        bootstrap: bool = True,
        seed: int = 0,
        device: Device = "cpu",
    ):
        super().__init__(obs_size, act_space)
        self.members, self.particles = members, particles or members
        if self.particles % members:
            raise ValueError(f"particles ({particles}) must be a multiple of members ({members})")
        self.inputs = list(range(obs_size)) if inputs is None else list(inputs)
        self.redraw, self.bootstrap = redraw, bootstrap
        self.generator = new_generator(seed)
        n_in, n_out = len(self.inputs) + self.act_size, obs_size + 1
        sizes = [n_in] + [hidden] * layers + [2 * n_out]
        with building():
            self.net = StackedMLP(members, sizes, self.generator)
            self.norm_in, self.norm_out = Normaliser(n_in), Normaliser(n_out)
            self.max_log_var = nn.Parameter(torch.full((n_out,), 0.5))
            self.min_log_var = nn.Parameter(torch.full((n_out,), -10.0))
            self.cont = ContinueHead(obs_size, self.generator)
            self.register_buffer("low", torch.full((obs_size,), -torch.inf))
            self.register_buffer("high", torch.full((obs_size,), torch.inf))
        self.to(pick_device(device))

    @learning
    def fit(
        self,
        data: Transitions,
        steps: int = 800,
        batch: int = 64,
        lr: float = 2e-3,
        weight_decay: float = 1e-4,
        report: Callable | None = None,
    ) -> list[float]:
        """Learn from transitions. Returns the training losses, summed over members."""
        obs, act, rew, nxt, terminated = self._columns(data)
        act = encode_action(self.act_space, act).to(obs.dtype)
        x = torch.cat([obs[:, self.inputs], act], dim=1)  # (N, inputs + actions)
        y = torch.cat([nxt - obs, rew[:, None]], dim=1)  # (N, D + 1)
        self.norm_in.fit(x)
        self.norm_out.fit(y)
        x, y = self.norm_in(x), self.norm_out(y)
        self.low, self.high = dream_limits(nxt)
        rows = self.bootstrap_rows(len(x))

        def draw():
            pick = randint(len(x), (self.members, batch), self.generator, "cpu")
            pick = rows.gather(1, pick)  # (E, batch)
            return x[pick], y[pick]

        def loss_of_batch():
            x, y = draw()
            mean, log_var = self._split(self.net(x))  # (E, batch, D + 1)
            bounds = self.max_log_var.sum() - self.min_log_var.sum()
            return self.members * gaussian_loss(mean, log_var, y) + 0.01 * bounds

        loss, gradient = loss_of_batch, None
        if as_written(self, KINDS) and by_hand(self):
            step = TrainingStep(self, batch)
            loss, gradient = lambda: step.loss(*draw()), step.gradient
        trained = [*self.net.parameters(), self.max_log_var, self.min_log_var]
        losses = train(trained, loss, steps, lr, weight_decay, report, gradient=gradient)
        self.cont.fit(nxt, terminated, self.generator)
        return losses

    def bootstrap_rows(self, n: int) -> torch.Tensor:
        """Which rows each member trains on: `(E, n)`, drawn with replacement (or all, in order)."""
        if not self.bootstrap:
            return torch.arange(n, device="cpu").expand(self.members, n)
        return randint(n, (self.members, n), self.generator, "cpu")

    def distribution(
        self, obs: torch.Tensor, action: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """What each member predicts for each state.

        Args:
            obs: `(B, D)`, the same for all members, or `(E, B, D)`; in the model's units, as
                `observed` gives them. action: `(B, ...)`, ditto.

        Returns:
            mean and deviation of next observation and reward, each `(E, B, D + 1)`.
        """
        act = encode_action(self.act_space, action, obs.device).to(obs.dtype)
        obs = obs.expand(self.members, *obs.shape[-2:])  # (E, B, D)
        act = act.expand(self.members, *act.shape[-2:])  # (E, B, actions)
        x = self.norm_in(torch.cat([obs[..., self.inputs], act], dim=-1))
        mean, log_var = self._split(self.net(x))  # (E, B, D + 1)
        mean = self.norm_out.undo(mean)
        nxt = (obs + mean[..., :-1]).clamp(self.low, self.high)
        return torch.cat([nxt, mean[..., -1:]], -1), torch.exp(0.5 * log_var) * self.norm_out.std

    def disagreement(self, obs: torch.Tensor, action: torch.Tensor) -> torch.Tensor:
        """Epistemic uncertainty `(B,)`: `spread` of the members' means of the next observation."""
        mean, _ = self.distribution(obs, action)
        return self.spread(mean[..., :-1])

    def spread(self, obs: torch.Tensor, dim: int = 0) -> torch.Tensor:
        """Deviation of opinions or particles, which lie along `dim` of `obs`, as one number each.

        Measured in the data's deviations of the change, root mean square over dimensions. It is the
        deviation of these opinions themselves (their number, not one less, divides), so that its
        square and the members' mean variance add up to the variance of them all. Opinions that are
        no numbers count as infinitely far apart.
        """
        apart = (obs.std(dim, correction=0) / self.norm_out.std[:-1]).pow(2).mean(-1).sqrt()
        return apart.nan_to_num(nan=torch.inf, posinf=torch.inf)

    def predict(self, obs, action, generator=None):
        """The members' average: next observation `(B, D)`, reward `(B,)`. Noise is not drawn."""
        mean, _ = self.distribution(obs, action)
        mean = mean.mean(0)
        return mean[:, :-1], mean[:, -1]

    def predict_cont(self, next_obs):
        """See `ContinueHead`."""
        return self.cont(next_obs)

    def start(self, obs, generator=None):
        """All particles of a state begin at the observation."""
        seen = self.observed(obs)[:, None].expand(-1, self.particles, -1)  # (B, P, D)
        return Particles(seen, seen.new_ones(seen.shape[:2]))

    def decode(self, state):
        """The particles' mean, weighted by how likely each still runs: `(B, D)`."""
        return self.units.out(self.feat(state))

    def feat(self, state):
        """The same in the model's units, `(B, D)`."""
        weight = (state.alive + 1e-9) / (state.alive + 1e-9).sum(1, keepdim=True)  # (B, P)
        return (weight[..., None] * state.obs).sum(1)

    def step(self, state, action, generator=None):
        """One step of every particle. Samples the predicted noise if given a generator.

        `rew` is the mean over the particles still running and `cont` the share of them that goes
        on, so that a plan's score equals the mean of the particles' own scores.
        """
        b, p, d = state.obs.shape
        if p != self.particles:
            raise ValueError(
                f"this ensemble has {self.particles} particles, the state {p}: begin with start(obs)"
            )
        obs, alive = state
        if self.redraw:
            if generator is None:
                raise ValueError("redraw=True (TS1) draws members at random: pass a generator")
            order = rand((b, p), generator, obs).argsort(1)
            obs = obs.gather(1, order[..., None].expand(b, p, d))
            alive = alive.gather(1, order)
        action = self._actions(action, obs)
        action = action[:, None].expand(b, p, *action.shape[1:])  # (B, P, ...)
        each = self._per_member(action)  # (E, BP/E, ...)
        mean, std = self.distribution(self._per_member(obs), each)  # (E, BP/E, D + 1)
        if generator is not None:
            mean = mean + std * randn(mean.shape, generator, mean)
        out = self._per_state(mean, b)  # (B, P, D + 1)
        return self._reached(obs, alive, action.flatten(0, 1), out[..., :-1], out[..., -1])

    def imagine(self, state, actions, horizon=None, generator=None):
        """See `WorldModel.imagine`; a plan whose gradient nobody wants runs in blocks of rows."""
        if (
            not as_written(self, KINDS)
            or self.redraw
            or state.obs.shape[1] != self.particles
            or state.obs[..., 0].numel() < blocks.FEWEST * self.members
            or not blocks.pays(state.obs, actions, self.net.weights[0], self.obs_size)
        ):
            return WorldModel.imagine(self, state, actions, horizon, generator)
        plan = self._plan(state, actions, horizon)  # (B, H, ...)
        act = encode_action(self.act_space, plan).to(state.obs.dtype).movedim(1, 0)
        act = act.repeat_interleave(self.particles // self.members, 1)  # (H, BP/E, actions)
        first = self._per_member(state.obs)  # (E, BP/E, D)
        states = first.new_empty(len(act) + 1, *first.shape)
        states[0] = first
        # Noise, which then gives way to what it is added to: next observation and reward.
        out = first.new_zeros(len(act), *first.shape[:2], self.obs_size + 1)
        for noise in out if generator is not None else ():
            noise.copy_(randn(noise.shape, generator, noise))
        raw = blocks.answers(self.net.weights[-1], first)
        for rows in blocks.slices(first.shape[1], self.net.weights[0].shape[-1]):
            part = states[:, :, rows], act[:, rows], raw[:, rows], out[:, :, rows]
            blocks.roll_members(self, *part, generator is not None)
        return self._judged(state, states, plan, out[..., -1])

    def _judged(self, state, states, plan, rew):
        """The rollout along `states (H + 1, E, BP/E, D)`, with `rew (H, E, BP/E)`, step by step."""
        reached, rews, conts = [state], [], []
        seen, rew = (
            x.unflatten(2, (len(plan), -1)).movedim(1, 3).flatten(2, 3) for x in (states[1:], rew)
        )  # (H, B, P, D) and (H, B, P): particle p belongs to member p mod E
        actions = plan.movedim(1, 0).repeat_interleave(self.particles, 1)  # (H, B P, ...)
        for action, nxt, r in zip(actions, seen, rew):
            state, r, cont = self._reached(state.obs, state.alive, action, nxt, r)
            reached.append(state)
            rews.append(r)
            conts.append(cont)
        return Rollout(reached, plan.clone(), torch.stack(rews, 1), torch.stack(conts, 1))

    def _reached(self, obs, alive, action, nxt, rew):
        """The step of particles `obs (B, P, D)` after `action (B * P, ...)` to `nxt`, judged;
        `rew (B, P)` as learned."""
        b, p, d = obs.shape
        rew, cont = self._judge(
            obs.reshape(b * p, d), action, nxt.reshape(b * p, d), rew.reshape(-1)
        )
        rew, cont = rew.view(b, p), cont.view(b, p)
        total = alive.sum(1).clamp_min(1e-9)  # (B,)
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
        mean, log_var = out.chunk(2, dim=-1)  # (E, B, D + 1) each
        high, low = self.max_log_var, self.min_log_var
        log_var = high - softplus(high - log_var)
        return mean, low + softplus(log_var - low)


KINDS = PARTS | {Ensemble, StackedMLP, nn.ParameterList}  # what it is made of
