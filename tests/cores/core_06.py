"""Chapter 6 without the library: V, M and C learn to dodge in a dream, and dodge in the world."""

import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical, Normal
from torch.nn import functional as F


class Dodge:  # n games side by side, one ball in each: x, y, movement
    def __init__(self, n, rng):
        self.rng, self.x, self.ball = rng, rng.uniform(6, 26, n), np.full((n, 4), 40.0)

    def step(self, act):  # (n,) 0, 1, 2 -> who was hit (n,); their ball goes, a new game begins
        self.x = np.clip(self.x + 1.5 * (act - 1), 2, 29)
        self.ball[:, :2] += self.ball[:, 2:]
        new = (self.rng.random(len(act)) < 0.15) & (self.ball[:, 1] > 33)
        x, fall = self.rng.uniform(2, 30, len(act)), self.rng.uniform(0.9, 1.5, len(act))
        self.ball[new] = np.stack([x, 0 * x + 1, (self.x - x) / 28 * fall, fall], 1)[new]
        hit = (abs(self.ball[:, 0] - self.x) < 2.6) & (abs(self.ball[:, 1] - 29.5) < 1.8)
        self.ball[hit] = 40
        return hit

    def picture(self):  # (n, 1, 32, 32), with soft edges
        (y, x), (ball_x, ball_y) = np.mgrid[:32, :32], self.ball.T[:2, :, None, None]
        ball = np.clip(2.7 - np.hypot(x - ball_x, y - ball_y), 0, 1)
        figure = np.clip(2.7 - abs(x - self.x[:, None, None]), 0, 1) * (y > 27)
        return torch.from_numpy(np.maximum(ball, 0.6 * figure)[:, None]).float()


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        widths = (1, 8), (8, 16), (16, 32)
        down = [(nn.Conv2d(i, o, 4, 2, 1), nn.SiLU()) for i, o in widths]
        up = [(nn.SiLU(), nn.ConvTranspose2d(o, i, 4, 2, 1)) for i, o in widths[::-1]]
        self.down = nn.Sequential(*sum(down, ()), nn.Flatten(), nn.Linear(512, 32))
        self.up = nn.Sequential(nn.Linear(16, 512), nn.Unflatten(1, (32, 4, 4)), *sum(up, ()))
        self.lstm, self.heads = nn.LSTM(19, 128), nn.Linear(128, 241)

    def code(self, o, draw=True):  # -> z (B, 16), KL (B,)
        mean, log_var = self.down(o).chunk(2, -1)  # (B, 16) each
        z = 30 * mean + draw * (log_var / 2).exp() * torch.randn_like(mean)
        return z, 0.5 * ((30 * mean) ** 2 + log_var.exp() - 1 - log_var).sum(-1)

    def v_loss(self, o, *_):  # (1, B, 1, 32, 32)
        z, kl = self.code(o[0])
        return ((self.up(z) - o[0]) ** 2).sum((1, 2, 3)).mean() + 0.1 * kl.mean().clamp_min(8)

    def forward(self, z, act, memory=None):  # (T, B, 16), (T, B) -> mixture, logit of going on
        hidden, memory = self.lstm(torch.cat([z, F.one_hot(act, 3).float()], -1), memory)
        weight, mean, log_std = self.heads(hidden)[..., :240].unflatten(-1, (16, 15)).chunk(3, -1)
        normal = Normal(mean, log_std.clamp(-5, 2).exp())  # (T, B, 16, 5)
        return weight.log_softmax(-1), normal, self.heads(hidden)[..., 240], memory

    def m_loss(self, o, act, hit):  # (T, B): act[t] led to a hit
        z = self.code(o.flatten(0, 1))[0].detach().view(*act.shape, 16)  # draws, new each time
        weight, normal, go_on, _ = self(z[:-1], act[:-1])
        nats = -torch.logsumexp(weight + normal.log_prob(z[1:, ..., None]), -1).mean(-1)
        end = F.binary_cross_entropy_with_logits(go_on, (~hit[:-1]).float(), reduction="none")
        return (nats + 3 * end).mean()

    @torch.inference_mode()
    def live(self, W, world, dream):  # controllers (B, 3, 144) -> steps survived (B,)
        z, memory = self.code(world.picture(), False)[0], tuple(torch.zeros(2, 1, len(W), 128))
        hits = []
        for _ in range(300):
            act = torch.einsum("baf,bf->ba", W, torch.cat([z, memory[0][0]], -1)).argmax(-1)
            weight, normal, go_on, memory = self(z[None], act[None], memory)
            if dream:  # the next z is drawn from the mixture, and the end too
                k = Categorical(logits=weight[0]).sample()[..., None]
                z = normal.sample()[0].gather(-1, k)[..., 0]
                hits.append(torch.rand(len(W)) > go_on[0].sigmoid())
            else:
                hits.append(torch.from_numpy(world.step(act.numpy())))
                z = self.code(world.picture(), False)[0]
        return (torch.stack(hits).cumsum(0) == 0).sum(0) + 1.0


def learns():
    rng, act, rows, _ = np.random.default_rng(0), np.ones(64, int), [], torch.manual_seed(0)
    model, world = Model(), Dodge(64, rng)
    for _ in range(400):  # random play
        act = np.where(rng.random(64) < 0.25, rng.integers(3, size=64), act)
        rows.append([torch.as_tensor(x) for x in (world.picture(), act, world.step(act))])
    columns = [torch.stack(column) for column in zip(*rows)]  # (400, 64, ...) each
    for loss, steps, lr, length in ((model.v_loss, 700, 2e-3, 1), (model.m_loss, 900, 3e-3, 17)):
        adam = torch.optim.Adam(model.parameters(), lr, fused=True)
        for _ in range(steps):
            t, n = rng.integers(401 - length, size=32), rng.integers(64, size=32)
            adam.zero_grad()
            loss(*(column[t + np.arange(length)[:, None], n] for column in columns)).backward()
            adam.step()
    mean = torch.zeros(432)
    for _ in range(40):  # evolution, in the dream alone
        W = mean + 0.1 * torch.randn(32, 432)
        lives = model.live(W.view(32, 3, 144).repeat_interleave(4, 0), Dodge(128, rng), True)
        mean = W[lives.view(32, 4).mean(1).argsort()[-8:]].mean(0)
    lived = model.live(mean.view(1, 3, 144).expand(100, -1, -1), Dodge(100, rng), False).mean()
    assert lived > 1.5 * 64 * 400 / columns[2].sum()  # half as long again as random play
