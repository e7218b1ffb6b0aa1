"""Chapter 8's memory test: shutters with signs are seen, then somebody asks what was on which.

A frame is one symbol here, so that a film costs next to nothing: one of KEYS shutters with one of
SIGNS signs on it, so many of them one after the other, no shutter twice; then each is asked for,
in another order. Nothing can be done but to look, and to answer.
"""

from __future__ import annotations

import time

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from wmlib.devices import building
from wmlib.models.frame_transformer import FrameTransformer
from wmlib.training import improve, one_cycle

SIGNS, KEYS = 8, 24
ASK = SIGNS * KEYS  # symbol ASK + k asks for shutter k
SYMBOLS = ASK + KEYS
WIDTH = 64


def walk(n, many, generator):
    """`n` walks past `many` shutters: symbols `(n, 2 many)`, first what is seen, then what is
    asked; and the right answers `(n, many)`, numbers of signs."""
    keys = torch.rand(n, KEYS, generator=generator).argsort(1)[:, :many]
    signs = torch.randint(SIGNS, (n, many), generator=generator)
    order = torch.rand(n, many, generator=generator).argsort(1)
    asked = ASK + keys.gather(1, order)
    return torch.cat([keys * SIGNS + signs, asked], 1), signs.gather(1, order)


class Recalling(FrameTransformer):
    """The transformer of this chapter over symbols: it can look at a shutter again."""

    def __init__(self, window, seed):
        super().__init__(
            SYMBOLS,
            1,
            tokens=1,
            width=WIDTH,
            layers=2,
            heads=2,
            hidden=2 * WIDTH,
            window=window,
            head_width=WIDTH,
            seed=seed,
        )
        nn.init.zeros_(self.rel_bias)  # here what was long ago matters no less, and it may begin so

    def hidden(self, symbols):
        """h `(B, T, D)` of symbols `(B, T)`."""
        first = torch.zeros_like(symbols, dtype=torch.bool)
        first[:, 0] = True
        return self(symbols[..., None], torch.zeros(*symbols.shape, 1), first)[0]

    def answer(self, symbols):
        """Logits of the sign `(B, many, SIGNS)` at each question of symbols `(B, 2 many)`."""
        h = self.hidden(symbols)[:, symbols.shape[1] // 2 :]
        said = torch.zeros(h[..., 0].numel(), 1, dtype=torch.long)
        return self.logits(h.flatten(0, 1), said)[:, 0, :SIGNS].unflatten(0, h.shape[:2])


class Carrying(Recalling):
    """The same, with two GRUs in the place of attention: it must carry all signs along."""

    def __init__(self, window, seed):
        super().__init__(window, seed)
        self.blocks, self.rel_bias = nn.ModuleList(), None
        with building(seed):
            self.carry = nn.GRU(WIDTH, WIDTH, num_layers=2, batch_first=True)

    def hidden(self, symbols):
        x = self._embed(symbols[..., None], torch.zeros(*symbols.shape, 1))
        return self.norm(self.carry(x)[0])


def practise(net, most, steps, seed, batch=32, lr=3e-3):
    """Learn to answer on walks past 1 to `most` shutters.

    Returns:
        the processor time that it took.
    """
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(net.parameters(), weight_decay=0.01, fused=True)
    begun = time.process_time()
    for step in range(steps):
        many = int(torch.randint(1, most + 1, (1,), generator=generator))
        symbols, signs = walk(batch, many, generator)
        loss = cross_entropy(net.answer(symbols).flatten(0, 1), signs.flatten())
        optimiser.param_groups[0]["lr"] = one_cycle(step, steps, lr)
        improve(optimiser, loss, 1.0)
    return time.process_time() - begun


@torch.no_grad()
def recall(net, many, seed, n=400):
    """Share of right answers after walks past `many` shutters."""
    symbols, signs = walk(n, many, torch.Generator().manual_seed(seed))
    return float((net.answer(symbols).argmax(-1) == signs).float().mean())
