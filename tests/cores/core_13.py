"""Chapter 13 in one page: a smaller error that plans worse, and a search that ruins its measure."""

import numpy as np
import torch
from torch import nn

SPEEDS, MIX = np.array([0.5, 0.9]), np.random.default_rng(0).standard_normal((4, 20)) / 2**0.5


def advance(state, push):
    x, v, phases = state[:, 0], state[:, 1], state[:, 2:]
    v = v + 0.1 * (push[:, 0] - np.sin(x))
    x = x + 0.3 * v
    reward = np.exp(-2 * (x - 2) ** 2) - 0.02 * v**2
    return np.column_stack([x, v, phases + SPEEDS]), reward


def seen(state):
    return np.hstack([state[:, :2], np.hstack([np.cos(state[:, 2:]), np.sin(state[:, 2:])]) @ MIX])


def beginnings(n, rng):
    marble = [rng.uniform(-1, 1, n), rng.uniform(-0.3, 0.3, n)]
    return np.column_stack([*marble, rng.uniform(0, 2 * np.pi, (n, 2))])


def episodes(n, rng, steps=15):
    state, push = beginnings(n, rng), rng.uniform(-3, 3, (n, 1))
    obs, act, rew = [seen(state)], [], []
    for _ in range(steps):
        push = np.where(rng.random((n, 1)) < 0.4, rng.uniform(-3, 3, (n, 1)), push)
        state, paid = advance(state, push)
        obs, act, rew = [*obs, seen(state)], [*act, push], [*rew, paid]
    return [torch.tensor(np.stack(column, 1)).float() for column in (obs, act, rew)]


def mlp(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, 64), nn.SiLU(), nn.Linear(64, outputs))


class Latent(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.encoder, self.dynamics = mlp(22, width), mlp(width + 1, width)
        self.reward_head, self.decoder = mlp(width, 1), mlp(width, 22)

    def forward(self, obs, act):  # (B, 22), (B, H, 1)
        z, path = self.encoder(obs), []
        for t in range(act.shape[1]):
            z = z + self.dynamics(torch.cat([z, act[:, t] / 3], 1))
            path.append(z)
        return torch.stack(path, 1)  # (B, H, K)


def train(learns_from, obs, act, rew, updates=1200, lr=3e-3):
    torch.manual_seed(0)
    net = Latent()
    optimiser = torch.optim.Adam(net.parameters(), lr=lr)
    for update in range(updates):
        optimiser.param_groups[0]["lr"] = lr * max(0.02, 1 - update / updates)
        row = torch.randint(len(obs), (64,))
        z = net(obs[row, 0], act[row])
        for_obs = z if learns_from == "observations" else z.detach()
        for_rew = z if learns_from == "rewards" else z.detach()
        off = net.decoder(for_obs) - obs[row, 1:]
        miss = net.reward_head(for_rew)[..., 0] - rew[row]
        optimiser.zero_grad()
        (off.square().mean() + miss.square().mean()).backward()
        optimiser.step()
    return net


def best_of(measure, truth, n):
    return truth[np.arange(len(truth)), measure[:, :n].argmax(1)].mean()


def learns():
    rng = np.random.default_rng(0)
    (obs, act, rew), (test, tried, _) = episodes(800, rng), episodes(400, rng)
    mean, scale, unit = obs.flatten(0, 1).mean(0), obs.flatten(0, 1).std(0), rew.std()
    start, plans, found = beginnings(48, rng), rng.uniform(-3, 3, (48, 400, 15, 1)), {}
    for name in ("observations", "rewards"):
        net = train(name, (obs - mean) / scale, act, rew / unit)
        with torch.no_grad():
            off = (
                net.decoder(net((test[:, 0] - mean) / scale, tried)) - (test[:, 1:] - mean) / scale
            )
            shown = ((torch.tensor(seen(start)).float() - mean) / scale).repeat_interleave(400, 0)
            score = net.reward_head(net(shown, torch.tensor(plans).float().flatten(0, 1)))
        pick, state, paid = score.sum((1, 2)).view(48, 400).argmax(1).numpy(), start, 0.0
        for t in range(15):
            state, reward = advance(state, plans[np.arange(48), pick, t])
            paid = paid + reward
        found[name] = off.square().mean().sqrt().item(), paid.mean()
    assert found["observations"][0] < found["rewards"][0]  # it errs less,
    assert found["rewards"][1] > 1.25 * found["observations"][1]  # and plans worse
    truth = rng.standard_normal((500, 1024))
    light, heavy = truth + rng.standard_normal(truth.shape), truth + rng.standard_t(2, truth.shape)
    assert best_of(light, truth, 1024) > best_of(light, truth, 16)
    assert best_of(heavy, truth, 1024) < 0.5 * best_of(heavy, truth, 16)
