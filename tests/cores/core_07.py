"""Chapter 7 without the library: an RSSM, and an actor and a critic that learn in its dreams."""

# fmt: off
from copy import deepcopy

import torch
from torch import nn
from torch.distributions import Categorical
from torch.nn.functional import binary_cross_entropy_with_logits, one_hot

N, CELLS, D, G, C, LIMIT = 8, 16, 64, 4, 8, 60  # worlds, cells, memory, groups, classes, longest
S, F, SPREAD = G * C, D + G * C, torch.tensor([[0.4], [0.1]])
class World:
    """Hold a bead on the top of a curved wire. A frame shows where it is, not how fast it goes."""
    def __init__(self, n):
        self.x, self.v, self.age = torch.zeros(3, n)
        self.restart(torch.ones(n).bool())
    def restart(self, at):
        self.x[at], self.v[at], self.age[at] = *(torch.rand(2, int(at.sum())) - 0.5) * SPREAD, 0
    def frame(self):
        return torch.exp(-(((torch.linspace(-1, 1, CELLS) - self.x[:, None]) / 0.15) ** 2))
    def step(self, act):  # says who has fallen off
        self.v = self.v + 0.15 * self.x + 0.12 * (act - 0.5)
        self.x, self.age = self.x + self.v, self.age + 1
        return self.x.abs() > 1
def net(n_in, n_out):
    return nn.Sequential(nn.Linear(n_in, 64), nn.LayerNorm(64), nn.SiLU(), nn.Linear(64, n_out))
def log_p(logits):  # (..., S) to (..., G, C)
    return (0.99 * logits.unflatten(-1, (G, C)).softmax(-1) + 0.01 / C).log()
def sample(logits):  # (..., S) to one-hot (..., S), straight through
    return (one_hot(Categorical(p := log_p(logits).exp()).sample(), C) + p - p.detach()).flatten(-2)
kl = lambda q, p: (q.exp() * (q - p)).sum((-2, -1)).clamp_min(1).mean()  # noqa: E731
class RSSM(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru, self.prior, self.post = nn.GRUCell(S + 2, D), net(D, S), net(D + CELLS, S)
        self.decoder, self.cont = net(F, CELLS), net(F, 1)
    def step(self, h, z, act, obs=None):  # act (B, 2); obs (B, CELLS), or None in a dream
        prior = self.prior(h := self.gru(torch.cat([z, act], -1), h))
        post = prior if obs is None else self.post(torch.cat([h, obs], -1))
        return h, sample(post), post, prior
    def loss(self, obs, before, first, end):  # (B, T, CELLS), (B, T, 2), (B, T), (B, T)
        h, z, rows = torch.zeros(len(obs), D), torch.zeros(len(obs), S), []
        for t in range(obs.shape[1]):
            h, z, act = (x * (1 - first[:, t, None]) for x in (h, z, before[:, t]))
            rows.append(self.step(h, z, act, obs[:, t]))
            h, z = rows[-1][:2]
        h, z, q, p = (torch.stack(x, 1) for x in zip(*rows))
        feat, q, p, alive = torch.cat([h, z], -1), log_p(q), log_p(p), end.flatten() == 0
        recon = ((self.decoder(feat) - obs) ** 2).sum(-1).mean()
        cont = binary_cross_entropy_with_logits(self.cont(feat)[..., 0], 1 - end)  # the end belongs to the state it led into
        loss = 5 * recon + cont + 0.5 * kl(q.detach(), p) + 0.1 * kl(q, p.detach())
        return loss, h.flatten(0, 1)[alive].detach(), z.flatten(0, 1)[alive].detach()

def dream_loss(model, actor, critic, slow, h, z, horizon=12, gamma=0.95, lam=0.9):
    with torch.no_grad():
        feats, acts, conts, returns = [torch.cat([h, z], -1)], [], [], []
        for _ in range(horizon):
            acts.append(Categorical(logits=actor(feats[-1])).sample())
            h, z, _, _ = model.step(h, z, one_hot(acts[-1], 2).float())
            feats.append(torch.cat([h, z], -1))
            conts.append(gamma * model.cont(feats[-1])[:, 0].sigmoid())
        feat, act, c = (torch.stack(x, 1) for x in (feats, acts, conts))
        R = (v := slow(feat)[..., 0])[:, -1]
        for t in reversed(range(horizon)):  # the lambda-return; every step is worth 1
            R = 1 + c[:, t] * ((1 - lam) * v[:, t + 1] + lam * R)
            returns.insert(0, R)
        R, w = torch.stack(returns, 1), torch.cat([torch.ones_like(c[:, :1]), c[:, :-1]], 1).cumprod(1)
    pi = Categorical(logits=actor(feat[:, :-1]))
    loss = -(w * ((R - v[:, :-1]) * pi.log_prob(act) + 3e-3 * pi.entropy())).mean()
    return loss + (w * (critic(feat[:, :-1])[..., 0] - R) ** 2).mean()
def play(model, actor, steps, n=8, forget=False, greedy=False):
    """Frames, the action before each, where episodes begin, where they end; and their mean length."""
    world, rows, ages, h, z, act = World(n), [], [], torch.zeros(n, D), torch.zeros(n, S), torch.zeros(n, 2)
    first, end = torch.ones(n), torch.zeros(n)
    for _ in range(steps):
        rows.append((world.frame(), act, first, end))
        keep, over = (1 - first[:, None]) * (not forget), end.bool() | (world.age >= LIMIT)
        with torch.no_grad():
            h, z, _, _ = model.step(h * keep, z * keep, act * keep, rows[-1][0])
            pi = Categorical(logits=actor(torch.cat([h, z], -1)))
        act, ages = one_hot(pi.probs.argmax(-1) if greedy else pi.sample(), 2).float(), ages + world.age[over].tolist()
        first, end = over.float(), (world.step(act[:, 1]) & ~over).float()  # an end's frame was shown
        world.restart(over)
    return [torch.stack(x, 1) for x in zip(*rows)], sum(ages) / max(1, len(ages))
def learns(rounds=520):
    torch.manual_seed(0)
    model, actor, critic, films = RSSM(), net(F, 2), net(F, 1), []
    slow, heads, before = deepcopy(critic), nn.ModuleList([actor, critic]), play(model, actor, 300, 32)[1]
    optimisers = [torch.optim.Adam(net.parameters(), 1e-3) for net in (model, heads)]
    for step in range(rounds):
        films += [play(model, actor, 25)[0]] if step % 4 == 0 else []
        seen = [films[k] for k in torch.randint(len(films), (4,))]
        loss, h, z = model.loss(*(torch.cat(x) for x in zip(*seen)))  # 32 stretches of 25 frames
        h, z = (x[torch.randperm(len(x), generator=torch.Generator().manual_seed(step))[:128]] for x in (h, z))
        for optimiser, part in zip(optimisers, (loss, dream_loss(model, actor, critic, slow, h, z))):
            optimiser.zero_grad(), part.backward(), optimiser.step()
        [old.data.lerp_(new.data, 0.05) for old, new in zip(slow.parameters(), critic.parameters())]
    after, forgetful = (play(model, actor, 300, 32, forget, True)[1] for forget in (False, True))
    assert after > 50 > 40 > max(before, forgetful), (before, after, forgetful)
