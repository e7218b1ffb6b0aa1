"""Chapter 9 without the library: latent actions from film alone, named by a few labels, and cloned."""

# fmt: off
import torch
from torch import nn
from torch.nn.functional import cross_entropy, grid_sample, interpolate, layer_norm, one_hot

S, K, D = 16, 3, 4  # picture, codes, numbers in a code
places = (torch.arange(S) + 0.5) * 2 / S - 1
GRID = torch.stack(torch.meshgrid(places, places, indexing="xy"), -1)  # (S, S, 2)

def film(n, skill=0.2):
    """A smooth picture slides 2 pixels left, not at all, or right; an expert centres its light."""
    x = interpolate(torch.rand(n, 1, 4, 4), size=S, mode="bicubic").clamp(0, 1)  # (n, 1, S, S)
    tilt = (x[..., S // 2 :].mean((1, 2, 3)) - x[..., : S // 2].mean((1, 2, 3)))  # (n,)
    expert = 1 - (tilt > 0.08).long() + (tilt < -0.08).long()  # (n,)
    act = torch.where(torch.rand(n) < skill, expert, torch.randint(3, (n,)))  # (n,)
    y = torch.stack([p.roll(2 * int(a) - 2, -1) for p, a in zip(x, act)])
    return x, y, act, expert

class Encoder(nn.Module):
    def __init__(self, size, channels, w=8):
        super().__init__()
        self.convs = nn.Sequential(nn.Conv2d(channels, w, 4, 2, 1), nn.SiLU(),
                                   nn.Conv2d(w, 2 * w, 4, 2, 1), nn.SiLU(), nn.Flatten())
        self.out = nn.Linear(2 * w * (S // 4) ** 2, size)
    def forward(self, x):  # (B, C, S, S)
        return self.out(self.convs(x))  # (B, size)

class LatentActions(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.flow = Encoder(D, 2), nn.Linear(D, 2 * 4 * 4)
        self.decoder = nn.Sequential(nn.Conv2d(2, 8, 3, 1, 1), nn.SiLU(), nn.Conv2d(8, 1, 3, 1, 1))
        self.codes, self.sums, self.counts = torch.zeros(K, D), torch.zeros(K, D), torch.ones(K)
    def encode(self, x, y):  # (B, 1, S, S) each
        return layer_norm(self.encoder(torch.cat([x, y - x], 1)), (D,))  # (B, D)
    def predict(self, x, code):  # (B, 1, S, S), (B, D)
        flow = interpolate(self.flow(code).view(-1, 2, 4, 4), size=S, mode="bilinear")  # (B, 2, S, S)
        there = GRID + flow.movedim(1, -1) * 2 / S  # (B, S, S, 2)
        moved = grid_sample(x, there, padding_mode="border", align_corners=False)
        return moved + self.decoder(torch.cat([moved, x], 1))  # (B, 1, S, S): it hears no code
    def nearest(self, e):  # (B, D)
        return torch.cdist(e, self.codes).argmin(1)  # (B,)
    @torch.no_grad()
    def begin(self, e):  # k-means on vectors (N, D) of the encoder
        self.codes = e[:1]
        while len(self.codes) < K:
            far = torch.cdist(e, self.codes).amin(1) ** 2 + 1e-9  # (N,)
            self.codes = torch.cat([self.codes, e[torch.multinomial(far, 1)]])
        for _ in range(10):
            index = self.nearest(e)
            self.codes = torch.stack([e[index == k].mean(0) for k in range(K)])
        self.sums, self.counts = self.codes * len(e), torch.full((K,), float(len(e)))
    @torch.no_grad()
    def learn(self, e):  # running averages; a dead code is put on a vector of the batch
        served, fair = one_hot(self.nearest(e), K).float(), len(e) / K
        self.counts.lerp_(served.sum(0), 0.02), self.sums.lerp_(served.T @ e, 0.02)
        for k in (self.counts < 0.05 * fair).nonzero()[:, 0]:
            self.sums[k], self.counts[k] = e[torch.randint(len(e), ())] * fair, fair
        self.codes = self.sums / self.counts[:, None]
    def loss(self, x, y, quantised):
        code, pull = (e := self.encode(x, y)), 0.0  # (B, D)
        if quantised:
            nearest = self.codes[self.nearest(e)]
            code, pull = e + (nearest - e).detach(), ((e - nearest) ** 2).mean()
        return ((self.predict(x, code) - y) ** 2).sum((1, 2, 3)).mean() + 0.25 * pull
    @torch.no_grad()
    def infer(self, x, y):  # try all codes
        tried = [self.predict(x, code.expand(len(x), -1)) for code in self.codes]
        return torch.stack([((t - y) ** 2).mean((1, 2, 3)) for t in tried], 1).argmin(1)

def descend(net, loss, steps, lr=3e-3):
    optimiser = torch.optim.Adam(net.parameters())
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = lr * max(0.02, 1 - step / steps)
        optimiser.zero_grad(), loss(step).backward(), optimiser.step()

def learns():
    torch.manual_seed(0)
    model, (x, y, act, _), (tx, ty, tact, _) = LatentActions(), film(3000), film(1000)
    def loss(step, warm=200):
        rows = torch.randint(len(x), (512 if step == warm else 32,))
        if step >= warm:
            (model.begin if step == warm else model.learn)(model.encode(x[rows], y[rows]))
        return model.loss(x[rows], y[rows], step >= warm)
    descend(model, loss, 800)
    codes, film_codes = model.infer(tx, ty), model.infer(x, y)
    names = torch.stack([act[film_codes == k].mode()[0] for k in range(K)])
    agreement = float((names[codes] == tact).float().mean())
    assert agreement > 0.9 > 0.5 > float((tact == act.mode()[0]).float().mean()), agreement
    ex, ey, eact, _ = film(3000, skill=0.8)  # the expert's film: its codes are cloned
    policy, said, few = Encoder(K, 1), model.infer(ex, ey), torch.randperm(3000)[:20]
    descend(policy, lambda step: cross_entropy(policy(ex[(r := torch.randint(3000, (32,)))]),
                                              said[r]), 400)
    named = torch.stack([eact[few][said[few] == k].mode()[0] for k in range(K)])  # twenty labels
    fx, _, _, wanted = film(1000)
    assert float((named[policy(fx).argmax(1)] == wanted).float().mean()) > 0.8
