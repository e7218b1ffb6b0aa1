"""Chapter 3 in one page: a network that learns CartPole's step, dreams, and its linear rival."""

import numpy as np
import torch
from torch import nn


def step(s, a):
    """The cart and its pole: states (B, 4), pushes (B,) of 0 and 1; next states (B, 4)."""
    x, v, angle, turning = s.T
    force = 20.0 * a - 10.0
    sin, cos = np.sin(angle), np.cos(angle)
    push = (force + 0.05 * turning**2 * sin) / 1.1
    turned = (9.8 * sin - cos * push) / (0.5 * (4 / 3 - 0.1 * cos**2 / 1.1))
    pushed = push - 0.05 * turned * cos / 1.1
    return s + 0.02 * np.stack([v, pushed, turning, turned], axis=1)


def collect(rows, seed):
    """Random pushes: s (N, 4), a (N,), s_next (N, 4), terminated (N,), episode (N,)."""
    rng, s, number, table = np.random.default_rng(seed), None, 0, []
    while len(table) < rows:
        s = rng.uniform(-0.05, 0.05, 4) if s is None else s
        a = rng.integers(2)
        nxt = step(s[None], np.array([a]))[0]
        fell = abs(nxt[2]) > 12 * np.pi / 180 or abs(nxt[0]) > 2.4
        table.append((s, a, nxt, fell, number))
        s, number = (None, number + 1) if fell else (nxt, number)
    return [np.array(column) for column in zip(*table)]


def inputs(s, a):
    """State and one-hot action side by side: (B, 6)."""
    return torch.cat([s, nn.functional.one_hot(a, 2).to(s.dtype)], dim=1)


class Dynamics:
    """s' = s + mu_y + sigma_y f((s, a) normalised)."""

    def __init__(self, s, a, s_next, updates=1000):
        s, a, s_next = torch.tensor(s).float(), torch.tensor(a), torch.tensor(s_next).float()
        x, y = inputs(s, a), s_next - s  # (N, 6), (N, 4)
        self.mu_x, self.sigma_x, self.mu_y, self.sigma_y = x.mean(0), x.std(0), y.mean(0), y.std(0)
        self.f = nn.Sequential(
            nn.Linear(6, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 4)
        )
        optimiser = torch.optim.Adam(self.f.parameters(), lr=3e-3)
        for update in range(updates):
            optimiser.param_groups[0]["lr"] = 3e-3 * max(0.02, 1 - update / updates)
            rows = torch.randint(len(x), (64,))
            out = self.f((x[rows] - self.mu_x) / self.sigma_x)  # (64, 4)
            loss = ((out - (y[rows] - self.mu_y) / self.sigma_y) ** 2).mean()  # ()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    @torch.no_grad()
    def __call__(self, s, a):
        s, a = torch.as_tensor(s).float(), torch.as_tensor(a)
        x = (inputs(s, a) - self.mu_x) / self.sigma_x  # (B, 6)
        return (s + self.mu_y + self.sigma_y * self.f(x)).numpy()  # (B, 4)


def linear(s, a, s_next):
    """The rival: least squares on state, push and 1."""
    columns = lambda s, a: np.column_stack([s, a, np.ones(len(s))])  # noqa: E731
    weight = np.linalg.lstsq(columns(s, a), s_next - s, rcond=None)[0]
    return lambda s, a: s + columns(s, a) @ weight


def dream_error(model, s, a, s_next, episode, horizon=20):
    """Error k = 1..horizon steps ahead, in deviations of the state: (horizon,)."""
    first = [i for i in range(len(s) - horizon) if episode[i] == episode[i + horizon - 1]]
    first, errors = np.array(first), []
    state = s[first]
    for k in range(horizon):
        state = model(state, a[first + k])
        errors.append(np.sqrt((((state - s_next[first + k]) / s.std(0)) ** 2).mean()))
    return np.array(errors)


def learns():
    torch.manual_seed(0)
    s, a, s_next, _, _ = collect(1000, 0)
    test = collect(2000, 1)
    exam = test[0], test[1], test[2], test[4]
    network, straight = Dynamics(s, a, s_next), linear(s, a, s_next)
    still = dream_error(lambda s, a: s, *exam)
    ours, rival = dream_error(network, *exam), dream_error(straight, *exam)
    assert ours[0] < 0.1 * still[0] and ours[-1] < 0.33 * still[-1]
    assert rival[-1] < ours[-1]  # least squares wins on CartPole
