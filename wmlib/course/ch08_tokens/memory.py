"""Chapter 8's memory test: shutters with signs are seen, then somebody asks what was on which.

A frame is one symbol here, so that a film costs next to nothing: one of KEYS shutters with one of
SIGNS signs on it, several of them one after the other, no shutter twice; then perhaps a wait, in
which nothing is to be seen; then each shutter is asked for, in another order. There is nothing to
do but to watch, and to answer.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from wmlib.devices import building
from wmlib.models.frame_transformer import FrameTransformer
from wmlib.training import improve, one_cycle

SIGNS, KEYS = 4, 12
ASK = SIGNS * KEYS  # symbol ASK + k asks for shutter k
NOTHING = ASK + KEYS  # the symbol of a wait
SYMBOLS = NOTHING + 1
WIDTH, LAYERS, WINDOW = 64, 2, 12
REACH = LAYERS * (WINDOW - 1)  # symbols back: each layer's window moves on by WINDOW - 1


def walk(
    n: int, many: int, generator: torch.Generator, wait: int = 0
) -> tuple[torch.Tensor, torch.Tensor]:
    """`n` walks past `many` shutters.

    Returns:
        symbols `(n, 2 many + wait)`: what is seen, `wait` times nothing, what is asked; and the
        right answers `(n, many)`, numbers of signs.
    """
    keys = torch.rand(n, KEYS, generator=generator).argsort(1)[:, :many]
    signs = torch.randint(SIGNS, (n, many), generator=generator)
    order = torch.rand(n, many, generator=generator).argsort(1)
    asked = ASK + keys.gather(1, order)
    nothing = torch.full((n, wait), NOTHING)
    return torch.cat([keys * SIGNS + signs, nothing, asked], 1), signs.gather(1, order)


class Attending(FrameTransformer):
    """The transformer of this chapter over symbols: it can attend to a shutter again."""

    def __init__(self, seed: int, window: int = WINDOW):
        settings = dict(tokens=1, width=WIDTH, layers=LAYERS, heads=2, hidden=2 * WIDTH)
        super().__init__(SYMBOLS, 1, window=window, head_width=WIDTH, seed=seed, **settings)
        nn.init.zeros_(self.rel_bias)  # here what was long ago matters no less, and it may begin so

    def hidden(self, symbols: torch.Tensor) -> torch.Tensor:
        """h `(B, T, D)` of symbols `(B, T)`."""
        first = torch.zeros_like(symbols, dtype=torch.bool)
        first[:, 0] = True
        return self(symbols[..., None], torch.zeros(*symbols.shape, 1), first)[0]

    def answer(self, symbols: torch.Tensor, many: int) -> torch.Tensor:
        """Logits of the sign `(B, many, SIGNS)` at each of the `many` questions at the end."""
        h = self.hidden(symbols)[:, -many:]  # (B, many, D)
        said = torch.zeros(h[..., 0].numel(), 1, dtype=torch.long)
        return self.logits(h.flatten(0, 1), said)[:, 0, :SIGNS].unflatten(0, h.shape[:2])


class Carrying(Attending):
    """The same, with two GRUs in the place of attention: a state of 2 x 64 numbers is carried."""

    def __init__(self, seed: int, window: int = WINDOW):
        super().__init__(seed, window)
        self.blocks, self.rel_bias = nn.ModuleList(), None
        with building(seed):
            self.carry = nn.GRU(WIDTH, WIDTH, num_layers=LAYERS, batch_first=True)

    def hidden(self, symbols: torch.Tensor) -> torch.Tensor:
        x = self._embed(symbols[..., None], torch.zeros(*symbols.shape, 1))  # (B, T, D)
        return self.norm(self.carry(x)[0])


def practise(
    net: Attending,
    steps: int,
    seed: int,
    most: int = 6,
    longest: int = 0,
    lr: float = 3e-3,
    batch: int = 32,
    marks: Sequence[int] = (),
) -> dict:
    """Learn to answer on walks past 1 to `most` shutters, with waits of 0 to `longest`.

    Args:
        marks: after how many batches it is examined on the way, without a wait.

    Returns:
        seconds: processor time. marks: shares of right answers for `most` shutters.
    """
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(net.parameters(), weight_decay=0.01, fused=True)
    seconds, found = 0.0, []
    for step in range(steps):
        begun = time.process_time()
        many, wait = (
            int(torch.randint(low, high + 1, (1,), generator=generator))
            for low, high in ((1, most), (0, longest))
        )
        symbols, signs = walk(batch, many, generator, wait)
        loss = cross_entropy(net.answer(symbols, many).flatten(0, 1), signs.flatten())
        optimiser.param_groups[0]["lr"] = one_cycle(step, steps, lr)
        improve(optimiser, loss, 1.0)
        seconds += time.process_time() - begun
        if step + 1 in marks:
            found.append(recall(net, most, seed + 1))
    return {"seconds": seconds, "marks": found}


@torch.no_grad()
def recall(net: Attending, many: int, seed: int, wait: int = 0, n: int = 400) -> float:
    """Share of right answers after walks past `many` shutters and a wait."""
    symbols, signs = walk(n, many, torch.Generator().manual_seed(seed), wait)
    return float((net.answer(symbols, many).argmax(-1) == signs).float().mean())
