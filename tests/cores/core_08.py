"""Chapter 8 without the library: tokens, a transformer over frames with a cache, and its dreams."""

# fmt: off
import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot

S, K, D, W, AT = 16, 48, 64, 6, torch.arange(16) * 48  # picture, codes, width, window, offsets
def play(n, length):
    """A disc falls by 1 or 3, which no single picture shows; random actions push it sideways."""
    x, y, fall, rows = torch.rand(n) * S, torch.rand(n) * S, 1 + 2 * torch.randint(2, (n,)), []
    for _ in range(length):
        act = torch.randint(3, (n,))
        dx, dy = (((torch.arange(S) - c[:, None] + 8) % S - 8) ** 2 for c in (x, y))  # (n, S)
        rows.append((torch.exp(-(dy[:, :, None] + dx[:, None]) / 3), act, x, y))
        x, y = (x + 2 * (act - 1)) % S, (y + fall) % S
    return [torch.stack(column, 1) for column in zip(*rows)]  # (n, T, S, S), three of (n, T)

class Tokenizer(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(1, 64, 6, 4, 1), nn.ReLU(), nn.Conv2d(64, 16, 1))
        up = nn.ConvTranspose2d(16, 32, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(32, 1, 4, 2, 1)
        self.decoder, self.counts, self.sums = nn.Sequential(*up), torch.ones(K), torch.randn(K, 16)
        self.codes = self.sums
    def embed(self, obs):  # (B, S, S) to (B, 16, 16)
        return self.encoder(obs[:, None]).flatten(2).transpose(1, 2)
    def tokens(self, z):  # (..., 16) to (...)
        return torch.cdist(z.flatten(0, -2), self.codes).argmin(1).view(z.shape[:-1])
    def paint(self, z):  # (B, 16, 16) to (B, S, S)
        return self.decoder(z.transpose(1, 2).unflatten(2, (4, 4)))[:, 0]
    def loss(self, obs):
        z = self.embed(obs)
        with torch.no_grad():  # the codes follow the vectors that they serve; dead ones are revived
            flat, fair = z.flatten(0, 1), z[..., 0].numel() / K
            served = one_hot(self.tokens(flat), K).float()
            self.sums, self.counts = (
                a.lerp(b, 0.02) for a, b in ((self.sums, served.T @ flat), (self.counts, served.sum(0))))
            dead = self.counts < 0.05 * fair
            self.sums[dead] = flat[torch.randint(len(flat), (int(dead.sum()),))] * fair
            self.counts[dead] = fair
            self.codes = self.sums / self.counts[:, None]
        code = self.codes[self.tokens(z)]
        recon = ((self.paint(z + (code - z).detach()) - obs) ** 2).sum((1, 2)).mean()
        return recon + ((z - code) ** 2).sum(-1).mean()  # and the commitment loss

class World(nn.Module):
    def __init__(self, layers=2):
        super().__init__()
        self.words, self.act = nn.EmbeddingBag(16 * K, D, mode="sum"), nn.Embedding(3, D)
        self.bias, self.out = nn.Parameter(torch.zeros(layers, W)), nn.Parameter(torch.randn(16, D, K) / 8)
        two = lambda: nn.Sequential(nn.Linear(D, 2 * D), nn.GELU(), nn.Linear(2 * D, D))  # noqa: E731
        self.norms = nn.ModuleList(nn.LayerNorm(D) for _ in range(layers + 1))
        self.blocks = nn.ModuleList(nn.ModuleList((nn.Linear(D, 3 * D), two())) for _ in range(layers))
        self.head, self.said = nn.Linear(D, 16 * D), nn.Embedding(16 * K, D)
    def forward(self, tokens, act, cache=None):  # (B, T, 16), (B, T), per layer two (B, t, D)
        x = self.words((tokens + AT).flatten(0, 1)).view(*act.shape, D) + self.act(act)
        cache, kept = cache or [(x[:, :0],) * 2] * len(self.blocks), []
        for norm, (qkv, mlp), bias, old in zip(self.norms, self.blocks, self.bias, cache):
            query, *new = qkv(norm(x)).chunk(3, -1)
            keys, values = (torch.cat(pair, 1) for pair in zip(old, new))
            back = (t := torch.arange(keys.shape[1]))[-x.shape[1]:, None] - t
            score = query @ keys.transpose(1, 2) / D**0.5 + bias[back.clamp(0, W - 1)]
            x = x + score.masked_fill((back < 0) | (back >= W), -torch.inf).softmax(-1) @ values
            x, kept = x + mlp(x), [*kept, (keys[:, 1 - W:], values[:, 1 - W:])]
        return self.norms[-1](x), kept  # h (B, T, D), and the cache
    def logits(self, h, tokens):  # (M, D), (M, 16) to (M, 16, K), each given the tokens before it
        before = (said := self.said(tokens + AT)).cumsum(1) - said  # (M, 16, D)
        hidden = torch.relu(self.head(h).view(-1, 16, D) + before)
        return torch.einsum("mnd,ndk->mnk", hidden, self.out)
def train(net, loss, steps):
    optimiser = torch.optim.Adam(net.parameters())
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = 3e-3 * min(1, step / 50, 1.1 - step / steps)
        optimiser.zero_grad(), loss().backward(), optimiser.step()
def learns(steps=500, end=10):
    torch.manual_seed(0)
    (obs, act, _, _), net, world = play(512, 12), Tokenizer(), World()
    train(net, lambda: net.loss(obs[torch.randint(512, (64,)), torch.randint(12, (64,))]), steps)
    read = lambda obs: net.tokens(net.embed(obs.flatten(0, 1))).view(*obs.shape[:2], 16)  # noqa: E731
    tokens = read(obs)
    def loss():
        nxt = tokens[row := torch.randint(512, (32,)), 1:].flatten(0, 1)
        h = world(tokens[row, :-1], act[row, :-1])[0].flatten(0, 1)
        return cross_entropy(world.logits(h, nxt).flatten(0, 1), nxt.flatten())
    train(world, loss, 2 * steps)
    with torch.no_grad():
        obs, act, x, y = play(200, end)
        real, (h, cache) = read(obs), world(read(obs)[:, :4], act[:, :4])
        for t in range(4, end):  # it continues the film by its own tokens, and with the cache
            token = torch.zeros(200, 16, dtype=torch.long)
            for n in range(16):
                token[:, n] = world.logits(h[:, -1], token)[:, n].argmax(-1)
            h, cache = world(token[:, None], act[:, t: t + 1], cache)
        place = net.paint(net.codes[token]).flatten(1).argmax(1)
        last = world(real[:, -1:], act[:, -1:], world(real[:, :-1], act[:, :-1])[1])[0]
        assert torch.allclose(last, world(real, act)[0][:, -1:], atol=1e-4)  # cache = full pass
    turn = lambda d: ((d + 8) % S - 8).abs()  # noqa: E731
    off = [float((turn(x[:, t] - place % S) + turn(y[:, t] - place // S)).median()) for t in (3, end - 1)]
    assert off[1] < 3 < 6 < off[0], off  # near where the disc is, far from where it was last seen
