"""Chapter 5 in one page: an ensemble of probabilistic networks, PETS on it, and its disagreement."""

import numpy as np
import torch
from torch import nn
from torch.nn.functional import silu, softplus


def step(state, act):
    """The pendulum: states (B, 2) of angle (0 is upright) and speed, torques (B,)."""
    angle, speed = state.T
    angle = (angle + np.pi) % (2 * np.pi) - np.pi
    rew = -(angle**2 + 0.1 * speed**2 + 0.001 * act**2)
    speed = np.clip(speed + 0.05 * (15 * np.sin(angle) + 3 * act), -8, 8)
    return np.stack([angle + 0.05 * speed, speed], 1), rew


def see(state):
    angle, speed = torch.tensor(state).float().T
    return torch.stack([angle.cos(), angle.sin(), speed], 1)


class Members(nn.Module):
    def __init__(self, E, n_in, n_out, hidden=64):
        super().__init__()
        sizes = [n_in, hidden, hidden, 2 * n_out]
        pairs = list(zip(sizes, sizes[1:]))
        self.weights = nn.ParameterList(torch.randn(E, i, o) / i**0.5 for i, o in pairs)
        self.biases = nn.ParameterList(torch.zeros(E, 1, o) for o in sizes[1:])

    def forward(self, x):  # (E, B, in)
        for k, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            x = torch.baddbmm(bias, x, weight)
            x = silu(x) if k < 2 else x
        mean, log_var = x.chunk(2, -1)
        return mean, -10 + softplus(0.5 - softplus(0.5 - log_var) + 10)


def fit(obs, act, nxt, rew, E=5, steps=1000, batch=64):
    x, y = torch.cat([obs, act], 1), torch.cat([nxt - obs, rew[:, None]], 1)
    net, scale = Members(E, 4, 4), (x.mean(0), x.std(0), y.mean(0), y.std(0))
    x, y = (x - scale[0]) / scale[1], (y - scale[2]) / scale[3]
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-4)
    for k in range(steps):
        optimiser.param_groups[0]["lr"] = 2e-3 * max(0.02, 1 - k / steps)
        rows = torch.randint(len(x), (E, batch))  # all rows for all: own starts are enough
        mean, log_var = net(x[rows])
        loss = E * ((mean - y[rows]) ** 2 * torch.exp(-log_var) + log_var).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return net, scale


@torch.no_grad()
def ask(model, state, act):  # (E, B, 3), (E, B, 1)
    net, scale = model
    mean, log_var = net((torch.cat([state, act], -1) - scale[0]) / scale[1])
    return mean * scale[3] + scale[2], torch.exp(0.5 * log_var) * scale[3]


def plan(model, obs, mean, N=50, E=5):
    std = torch.ones_like(mean)  # (H,)
    for _ in range(3):
        plans = (mean + std * torch.randn(N, len(mean))).clamp(-2, 2)
        state, total = obs.expand(E, N, 3), torch.zeros(E, N)
        for t in range(len(mean)):  # TS-infinity: a particle stays with its member
            out, noise = ask(model, state, plans[:, t, None].expand(E, N, 1))
            out = out + noise * torch.randn_like(out)
            state, total = state + out[..., :3], total + out[..., 3]
        best = plans[total.mean(0).topk(6).indices]
        mean, std = best.mean(0), best.std(0)
    return mean


def episode(model, rng, start, steps, stray):
    state, mean, rows = start, torch.zeros(20), []
    for _ in range(steps):
        obs = see(state)
        mean = plan(model, obs, mean) if model else mean
        act = 4 * torch.rand(1) - 2 if rng.random() < stray else mean[:1]
        state, rew = step(state, act.numpy())
        rows.append((obs[0], act, see(state)[0], torch.tensor(rew[0]).float()))
        mean = torch.cat([mean[1:], torch.zeros(1)])
    return [torch.stack(column) for column in zip(*rows)]


def learns():
    torch.manual_seed(0)
    rng, hanging = np.random.default_rng(0), np.array([[np.pi, 0.0]])
    data = episode(None, rng, hanging, 200, stray=1.0)
    for _ in range(3):
        model = fit(*data)
        rows = episode(model, rng, hanging, 200, stray=0.1)
        data = [torch.cat(pair) for pair in zip(data, rows)]
    assert rows[3].sum() > -600 and rows[2][-20:, 0].mean() > 0.9  # hanging still is about -1,970
    change, _ = ask(model, *(c.expand(5, -1, -1) for c in (rows[0], rows[1])))
    far, _ = ask(model, *(c.expand(5, -1, -1) for c in (rows[0] + 8, rows[1])))
    apart = lambda out: out.std(0, correction=0)[..., :3].mean()  # noqa: E731
    assert apart(far) > 5 * apart(change)  # they disagree where nobody was
