"""Chapter 11 from its notebook alone: a GPT says what a call will do, and an agent acts on that."""

import math
import random

import torch
from torch import nn
from torch.nn import functional as F

TOOLS = ("delete", "move", "close")
WORDS = "<pad> <end> a b c d e f delete move close 0 1 2 3 4 ; ? usb open closed copy nocopy"
WORDS = f"{WORDS} error lost safe moved".split()
CODE = {word: i for i, word in enumerate(WORDS)}


def desk(rng):
    """What the drive holds, and two files: name, size, open?, copy?"""
    one = lambda name: (name, rng.randint(1, 4), rng.random() < 0.4, rng.random() < 0.5)
    return rng.randint(0, 4), [one(name) for name in rng.sample("abcdef", 2)]


def act(usb, file, tool):
    """The rules: what a call does to a file."""
    if tool == "close":
        return "closed"
    if file[2]:
        return "error"
    fine = file[3] if tool == "delete" else file[1] <= usb
    return {"delete": "safe", "move": "moved"}[tool] if fine else "lost"


def question(usb, files, file, tool):
    words = lambda n, s, o, c: [n, str(s), "open" if o else "closed", "copy" if c else "nocopy"]
    told = [word for each in files for word in (";", *words(*each))]
    return [CODE[w] for w in ("usb", str(usb), *told, "?", tool, file[0])]


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads, self.norm1, self.norm2 = heads, nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.proj = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))

    def forward(self, x):
        b, t, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, t, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        score = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])  # (B, H, T, T)
        score = score.masked_fill(torch.ones(t, t, dtype=torch.bool).triu(1), -torch.inf)
        x = x + self.proj((score.softmax(-1) @ v).transpose(1, 2).reshape(b, t, d))
        return x + self.mlp(self.norm2(x))


class GPT(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.tokens, self.places = nn.Embedding(len(WORDS), d), nn.Embedding(24, d)
        self.taps = nn.Parameter(0.3 * torch.randn(4, d))
        self.blocks = nn.Sequential(Block(d, 4), Block(d, 4), nn.LayerNorm(d))
        self.head = nn.Linear(d, len(WORDS))

    def forward(self, ids):
        t, tokens = ids.shape[1], self.tokens(ids)
        x = tokens + self.places.weight[:t]
        for k, tap in enumerate(self.taps, 1):
            x = x + F.pad(tokens, (0, 0, k, 0))[:, :t] * tap
        return self.head(self.blocks(x))


def learns():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    rng, model, lost, done, possible = random.Random(0), GPT(), 0, 0, 0
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for step in range(600):
        optimiser.param_groups[0]["lr"] = 3e-3 * min(1, (step + 1) / 50) * (1 - step / 600)
        desks = [desk(rng) for _ in range(64)]
        calls = [(rng.choice(files), rng.choice(TOOLS)) for _, files in desks]
        asked = torch.tensor([question(*d, *call) for d, call in zip(desks, calls)])  # (B, T)
        told = torch.tensor([[CODE[act(d[0], *c)], 1] for d, c in zip(desks, calls)])  # (B, 2)
        ids = torch.cat([asked, told], 1)
        nats = F.cross_entropy(model(ids[:, :-1]).transpose(1, 2), ids[:, 1:], reduction="none")
        loss = nats[:, -2:].mean()  # only the answer's tokens
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    for _ in range(200):  # free any space, lose nothing, or refuse
        usb, files = desk(rng)
        calls = [(file, tool) for file in files for tool in TOOLS]
        ids = torch.tensor([question(usb, files, *call) for call in calls])
        with torch.inference_mode():
            probability = model(ids)[:, -1].softmax(-1)  # (calls, V)
        frees = probability[:, [CODE["safe"], CODE["moved"]]].sum(1)
        frees[probability[:, CODE["lost"]] > 0.05] = 0.0  # the risk is above the limit
        told = act(usb, *calls[int(frees.argmax())]) if frees.max() > 0.5 else "refused"
        lost, done = lost + (told == "lost"), done + (told in ("safe", "moved"))
        possible += any(act(usb, *call) in ("safe", "moved") for call in calls)
    assert lost <= 4, f"{lost} files lost"
    assert done >= 0.9 * possible > 90, f"{done} done of {possible}"
