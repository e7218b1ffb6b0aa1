"""Chapter 4 in one page: shooting on a learned CartPole, the score that fails, and the regulator."""

import numpy as np
import torch
from torch import nn

X, ANGLE = 2.4, 12 * np.pi / 180


def step(s, a):
    """The cart and its pole: states (B, 4), pushes (B,) of 0 and 1; next states (B, 4)."""
    (_, v, _, turning), sin, cos = s.T, np.sin(s[:, 2]), np.cos(s[:, 2])
    push = (20.0 * a - 10.0 + 0.05 * turning**2 * sin) / 1.1
    turned = (9.8 * sin - cos * push) / (0.5 * (4 / 3 - 0.1 * cos**2 / 1.1))
    pushed = push - 0.05 * turned * cos / 1.1
    return s + 0.02 * np.stack([v, pushed, turning, turned], axis=1)


def fell(s):
    """Which poles have fallen, or carts left the track: (B,)."""
    return (abs(s[:, 2]) > ANGLE) | (abs(s[:, 0]) > X)


def collect(rows, seed):
    """Random pushes: s (N, 4), a (N,), s_next (N, 4)."""
    rng, s, table = np.random.default_rng(seed), None, []
    while len(table) < rows:
        s = rng.uniform(-0.05, 0.05, (1, 4)) if s is None else s
        a = rng.integers(2, size=1)
        nxt = step(s, a)
        table.append((s[0], a[0], nxt[0]))
        s = None if fell(nxt)[0] else nxt
    return [np.array(column) for column in zip(*table)]


def learned(s, a, s_next, updates=1000):
    """A network of the change and the reward; returns f(s, a) -> (next states, rewards)."""
    s, s_next, a = torch.tensor(s).float(), torch.tensor(s_next).float(), torch.tensor(a)
    join = lambda s, a: torch.cat([s[:, 1:], nn.functional.one_hot(a, 2)], 1)  # noqa: E731  (B, 5)
    x, y = join(s, a), torch.cat([s_next - s, torch.ones(len(s), 1)], 1)  # (N, 5), (N, 5)
    mu, sd, my, sy = x.mean(0), x.std(0), y.mean(0), y.std(0) + 1e-6
    f = nn.Sequential(nn.Linear(5, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 5))
    optimiser = torch.optim.Adam(f.parameters(), lr=3e-3)
    for update in range(updates):
        optimiser.param_groups[0]["lr"] = 3e-3 * max(0.02, 1 - update / updates)
        rows = torch.randint(len(x), (64,))
        loss = ((f((x[rows] - mu) / sd) - (y[rows] - my) / sy) ** 2).mean()  # ()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    def model(s, a):
        out = my + sy * f((join(s, a) - mu) / sd)  # (B, 5)
        return s + out[:, :4], out[:, 4]

    return model


@torch.no_grad()
def shoot(model, obs, horizon, shaped, candidates=50):
    """First actions (B,) of the best of N random plans, by summed or by shaped rewards."""
    plans = torch.randint(2, (len(obs), candidates, horizon))  # (B, N, H)
    s = torch.tensor(obs).float().repeat_interleave(candidates, 0)  # (B * N, 4)
    score, alive = torch.zeros(len(s)), torch.ones(len(s))
    for t in range(horizon):
        s, r = model(s, plans[:, :, t].flatten())
        if shaped:
            r = 1 - 0.5 * (s[:, 2] / ANGLE) ** 2 - 0.5 * (s[:, 0] / X) ** 2
        score += alive * r
        alive *= ((s[:, 2].abs() < ANGLE) & (s[:, 0].abs() < X)).float() if shaped else 1.0
    return plans[range(len(obs)), score.view(-1, candidates).argmax(1), 0].numpy()


def regulator(s, a, s_next):
    """The gain K (1, 4) of u = -K s for the shaped score."""
    W = np.linalg.lstsq(np.hstack([s, 2.0 * a[:, None] - 1]), s_next, rcond=None)[0]  # (5, 4)
    A, B = W[:4].T, W[4:].T
    P = Q = np.diag([0.5 / X**2, 0, 0.5 / ANGLE**2, 0])
    for _ in range(2000):
        K = np.linalg.solve(0.01 + B.T @ P @ B, B.T @ P @ A)
        P = Q + A.T @ P @ (A - B @ K)
    return K


def balanced(choose, episodes=5):
    """Mean steps, of 500, until the pole falls."""
    s = np.random.default_rng(9).uniform(-0.05, 0.05, (episodes, 4))
    up, steps = np.ones(episodes, bool), np.zeros(episodes)
    while up.any() and steps.max() < 500:
        s = np.where(up[:, None], step(s, choose(s)), s)
        steps, up = steps + up, up & ~fell(s)
    return steps.mean()


def learns():
    torch.manual_seed(0)
    model, K = learned(*collect(1000, 0)), regulator(*collect(50, 1))
    assert balanced(lambda s: shoot(model, s, 20, shaped=False)) < 60  # the sum ranks nothing
    assert balanced(lambda s: shoot(model, s, 8, shaped=True)) >= 475
    assert balanced(lambda s: (s @ K.T < 0)[:, 0].astype(int)) >= 475  # and needs no search
