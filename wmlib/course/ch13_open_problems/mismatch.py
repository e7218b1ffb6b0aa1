"""Objective mismatch: one network, two losses. The one with the smaller error plans worse.

The world is the valley, and beside the marble stands a screen on which a film runs. Nothing that is
done changes the film, and no reward depends on it. A narrow latent state cannot hold both.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from wmlib.devices import building, new_rng
from wmlib.worlds.valley import Valley

HORIZON, STARTS, CANDIDATES = 15, 64, 512
SCREEN = 20  # pixels of the film, mixed from the cosines and sines of two phases
SPEEDS = np.array([0.5, 0.9])  # of the phases, radians a step
MIX = new_rng(0).standard_normal((4, SCREEN)) / np.sqrt(2)
NARROW, WIDE, UPDATES = 4, 8, 1500


def beginnings(n, rng):
    """Marbles and phases at the start: `(n, 4)`."""
    x, v = rng.uniform(-1, 1, n), rng.uniform(-0.3, 0.3, n)
    return np.column_stack([x, v, rng.uniform(0, 2 * np.pi, (n, 2))])


def advance(state, push):
    """One step: states `(n, 4)` and pushes `(n, 1)` to next states `(n, 4)` and rewards `(n,)`."""
    marble, rew, _ = Valley().step(state[:, :2], push)
    return np.hstack([marble, state[:, 2:] + SPEEDS]), rew


def seen(state, screen=True):
    """Marble and film: `(n, 4)` to `(n, 22)`; without the screen `(n, 2)`."""
    film = np.hstack([np.cos(state[:, 2:]), np.sin(state[:, 2:])]) @ MIX
    return np.hstack([state[:, :2], film]) if screen else state[:, :2]


def episodes(n, seed, screen=True, steps=20):
    """Random pushes that last for a while: obs `(n, steps + 1, D)`, act `(n, steps, 1)`, rew
    `(n, steps)`, float tensors."""
    rng = new_rng(seed)
    state, push = beginnings(n, rng), rng.uniform(-3, 3, (n, 1))
    obs, act, rew = [seen(state, screen)], [], []
    for _ in range(steps):
        push = np.where(rng.random((n, 1)) < 0.4, rng.uniform(-3, 3, (n, 1)), push)
        state, paid = advance(state, push)
        for column, entry in zip((obs, act, rew), (seen(state, screen), push, paid)):
            column.append(entry)
    return tuple(torch.as_tensor(np.stack(c, 1), dtype=torch.float32) for c in (obs, act, rew))


class LatentModel(nn.Module):
    """Encoder, latent dynamics, and two heads: what is seen, and the reward.

    Args:
        data: see `episodes`; the units of observations and rewards are taken from it.
        width: K, numbers in the latent state.
        learns_from: which head's error reaches encoder and dynamics: "observations", "rewards" or
            "both". The other head learns as well, from latent states that it cannot change.
    """

    def __init__(self, data, width=NARROW, learns_from="observations", seed=0, hidden=64):
        super().__init__()
        self.learns_from, size = learns_from, data[0].shape[-1]
        flat = data[0].flatten(0, 1)
        self.register_buffer("mean", flat.mean(0))
        self.register_buffer("scale", flat.std(0))
        self.register_buffer("reward_scale", data[2].std())

        def mlp(inputs, outputs):
            return nn.Sequential(nn.Linear(inputs, hidden), nn.SiLU(), nn.Linear(hidden, outputs))

        with building(seed):
            self.encoder = mlp(size, width)
            self.dynamics = mlp(width + 1, width)
            self.reward_head = mlp(width, 1)
            self.decoder = mlp(width, size)

    def latents(self, obs, act):
        """Imagined latent states: `(B, D)`, `(B, H, 1)` to `(B, H, K)`."""
        z, path = self.encoder((obs - self.mean) / self.scale), []
        for t in range(act.shape[1]):
            z = z + self.dynamics(torch.cat([z, act[:, t] / 3], 1))
            path.append(z)
        return torch.stack(path, 1)

    def loss(self, obs, act, rew):
        """Of one batch: obs `(B, H + 1, D)`, act `(B, H, 1)`, rew `(B, H)`."""
        z = self.latents(obs[:, 0], act)
        for_obs = z if self.learns_from in ("observations", "both") else z.detach()
        for_rew = z if self.learns_from in ("rewards", "both") else z.detach()
        off = self.decoder(for_obs) - (obs[:, 1:] - self.mean) / self.scale
        miss = self.reward_head(for_rew)[..., 0] - rew / self.reward_scale
        return off.square().mean() + miss.square().mean()

    def fit(self, data, updates=UPDATES, batch=64, lr=3e-3, seed=0):
        """Learn from stretches of HORIZON steps."""
        obs, act, rew = data
        generator = torch.Generator().manual_seed(seed)
        optimiser = torch.optim.Adam(self.parameters(), lr=lr)
        for update in range(updates):
            optimiser.param_groups[0]["lr"] = lr * max(0.02, 1 - update / updates)
            row = torch.randint(len(obs), (batch, 1), generator=generator)
            first = torch.randint(act.shape[1] - HORIZON + 1, (batch, 1), generator=generator)
            at = first + torch.arange(HORIZON + 1)
            loss = self.loss(obs[row, at], act[row, at[:, :-1]], rew[row, at[:, :-1]])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        return self

    def promises(self, obs, plans):
        """Imagined returns of plans `(n, H, 1)` from observations `(n, D)`: `(n,)`."""
        return self.reward_head(self.latents(obs, plans))[..., 0].sum(1) * self.reward_scale


def returns(plans, state):
    """What plans `(n, H, 1)` are worth in the world, from states `(n, 4)`: `(n,)`."""
    total = np.zeros(len(plans))
    for t in range(plans.shape[1]):
        state, rew = advance(state, plans[:, t])
        total = total + rew
    return total


@torch.inference_mode()
def judge(model, seed, screen=True):
    """Errors over HORIZON imagined steps, in deviations, and what its plans are worth.

    Returns:
        error (of all that is seen), marble, film: root mean squares; paid: mean return of the best
        of CANDIDATES plans by the model, each carried out from one of STARTS starts.
    """
    obs, act, _ = episodes(400, [seed, 8], screen, HORIZON)
    off = model.decoder(model.latents(obs[:, 0], act)) - (obs[:, 1:] - model.mean) / model.scale
    rms = lambda x: x.square().mean().sqrt().item()  # noqa: E731
    start = beginnings(STARTS, new_rng([seed, 9]))
    generator = torch.Generator().manual_seed(seed)
    shown = torch.as_tensor(seen(start, screen)).float().repeat_interleave(CANDIDATES, 0)
    plans = 6 * torch.rand(STARTS, CANDIDATES, HORIZON, 1, generator=generator) - 3
    best = model.promises(shown, plans.flatten(0, 1)).view(STARTS, CANDIDATES).argmax(1)
    return {
        "error": rms(off),
        "marble": rms(off[..., :2]),
        "film": rms(off[..., 2:]) if screen else 0.0,
        "paid": float(returns(plans[torch.arange(STARTS), best].numpy(), start).mean()),
    }


def trained(seed, learns_from="observations", width=NARROW, screen=True, updates=UPDATES):
    """A model of one seed; all models of a seed learn from the same episodes."""
    data = episodes(400, [seed, 7], screen)
    return LatentModel(data, width, learns_from, seed).fit(data, updates, seed=seed)


def bounds_of(seed):
    """What a random plan earns, and the best of CANDIDATES random plans in the true world."""
    start, rng = beginnings(STARTS, new_rng([seed, 9])), new_rng(seed)
    plans = rng.uniform(-3, 3, (CANDIDATES, STARTS, HORIZON, 1))
    worth = np.array([returns(plan, start) for plan in plans])
    return {"random": float(worth[0].mean()), "true": float(worth.max(0).mean())}


def run_mismatch(seed):
    """One network, several losses and widths; keys are `<model>_<figure>`."""
    models = {
        "observations": trained(seed),
        "rewards": trained(seed, "rewards"),
        "both": trained(seed, "both"),
        "wide": trained(seed, width=WIDE),
        "longer": trained(seed, updates=2 * UPDATES),
    }
    found = {name: judge(model, seed) for name, model in models.items()}
    found["bare"] = judge(trained(seed, screen=False), seed, screen=False)
    figures = {f"{name}_{key}": x for name, row in found.items() for key, x in row.items()}
    return figures | bounds_of(seed)
