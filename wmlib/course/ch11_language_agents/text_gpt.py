"""A small GPT that learns from scratch to answer questions in words, on one CPU core in minutes.

Shapes: B texts of T tokens out of V; D (`width`) numbers in a token's vector.
"""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from wmlib.course.ch11_language_agents.gpt_block import Block, Past
from wmlib.course.ch11_language_agents.phrases import Phrases
from wmlib.devices import Device, building, device_of, new_generator, pick_device, select
from wmlib.models.products import Linear
from wmlib.training import improve, interruptible, learning
from wmlib.weights import halved, read, write


class TextGPT(nn.Module):
    """A small GPT that learns to continue prompts, from scratch.

    Before the first block a causal convolution mixes each token with the four before it. So a token
    of a file's state knows whose state it is, and one step of attention can look a file up by name.

    Args:
        phrases: the vocabulary. width, layers, heads: size. taps: of the convolution.
        longest: tokens of prompt and answer together. seed: of weights and batches.
        device: "cpu", "auto" (a GPU where there is one) or any of torch's.

    Attributes:
        steps: gradient steps so far.
    """

    def __init__(
        self,
        phrases,
        width=96,
        layers=2,
        heads=4,
        taps=5,
        longest=96,
        seed=0,
        device: Device = "cpu",
    ):
        super().__init__()
        self.phrases, self.longest = phrases, longest
        self.sizes = [width, layers, heads, taps, longest]
        self.generator = new_generator(seed)
        self.optimiser, self.steps = None, 0
        with building(seed):
            self.token_embed = nn.Embedding(len(phrases), width)
            self.pos_embed = nn.Embedding(longest, width)
            self.taps = nn.Parameter(0.3 * torch.randn(taps - 1, width))
            self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
            self.norm, self.head = nn.LayerNorm(width), Linear(width, len(phrases))
            for module in self.modules():
                if isinstance(module, nn.Linear):
                    nn.init.normal_(module.weight, 0, 0.02)
            nn.init.normal_(self.token_embed.weight, 0, 0.3)
            nn.init.normal_(self.pos_embed.weight, 0, 0.05)
        self.to(pick_device(device))

    def forward(self, ids, past=None, at=0):
        """Tokens `(B, T)` to what each knows of its successor: `(B, T, D)`.

        Args:
            past: a `Past` for each block, with keys and values of the tokens before.
            at: how many tokens came before; only the others are computed.
        """
        back = len(self.taps)
        around = self.token_embed(ids[:, max(0, at - back) :])  # (B, those before and T, D)
        x = around
        for k, tap in enumerate(self.taps, 1):
            x = x + F.pad(around, (0, 0, k, 0))[:, : around.shape[1]] * tap
        place = torch.arange(at, ids.shape[1], device=x.device)  # (T,)
        x = x[:, min(at, back) :] + self.pos_embed(place)  # (B, T, D)
        for layer in self.blocks if past is None else past:
            x = layer(x)
        return self.norm(x)

    # --- answering -----------------------------------------------------------------------------

    @torch.inference_mode()
    def answer(self, prompts: list[str], longest: int = 24) -> list[str]:
        """The likeliest next token, again and again, until the end: a text for each prompt."""
        ids, out = [self.phrases.encode(prompt) for prompt in prompts], [""] * len(prompts)
        for length in sorted({len(row) for row in ids}):  # prompts of one length go together
            places = [i for i, row in enumerate(ids) if len(row) == length]
            for some in _pieces(places, 256):
                prompt = torch.tensor([ids[i] for i in some], device=device_of(self))
                tokens = self._complete(prompt, longest)
                for i, row in zip(some, tokens.tolist()):
                    out[i] = self.phrases.decode(row)
        return out

    def _complete(self, ids, longest):
        """Tokens `(B, T)` and their likeliest continuations: `(B, longest)`, END where over."""
        begun, at = ids.shape[1], 0
        past = [Past(block, min(begun + longest, self.longest)) for block in self.blocks]
        tokens = torch.ones(len(ids), longest, dtype=torch.long, device=ids.device)
        alive = torch.arange(len(ids), device=ids.device)
        while len(alive) and ids.shape[1] < min(begun + longest, self.longest):
            token = self.head(self(ids, past, at)[:, -1]).argmax(-1)
            tokens[alive, ids.shape[1] - begun] = token
            at, on = ids.shape[1], token != 1
            ids = torch.cat([ids, token[:, None]], 1)
            if not on.all():  # those that are over need no more thought
                ids, alive = ids[on], alive[on]
                for block in past:
                    block.keep(on)
        return tokens

    @torch.inference_mode()
    def probability(self, prompts: list[str], beginnings: list[str]) -> np.ndarray:
        """How probable it is that the answer to each prompt begins with these words: `(B,)`."""
        out = []
        for some in _pieces(list(zip(prompts, beginnings)), 256):
            rows, is_answer = self._table(*zip(*some), end=False)  # (B, T), (B, T)
            logs = self.head(self(rows[:, :-1])).log_softmax(-1)  # (B, T - 1, V)
            logs = logs.gather(-1, rows[:, 1:, None])[..., 0]  # (B, T - 1)
            out += torch.where(is_answer[:, 1:], logs, 0.0).sum(1).exp().tolist()
        return np.array(out)

    # --- learning ------------------------------------------------------------------------------

    @learning
    def fit(
        self, prompts, answers, weights=None, steps=1500, until=None, batch=64, lr=4e-3, report=None
    ):
        """Learn to answer; only the answers' tokens count. After an interrupt, call it again.

        Args:
            prompts, answers: lists of N texts.
            weights: `(N,)`, in proportion to which examples are drawn; default evenly.
            steps: of the whole course of learning: the rate rises for 100 steps and then falls
                along a cosine to 0.
            until: stop before, at this step. `fit` goes on from there when called again.
            batch, lr: of AdamW. report: called with (step, loss) after each step.

        Returns:
            list of losses (nats a token) of the steps taken now.
        """
        ids, is_answer = self._table(prompts, answers)
        weights = torch.as_tensor(np.ones(len(ids)) if weights is None else weights, device="cpu")
        weights = weights.float()
        if len(weights) != len(ids):
            raise ValueError(f"wanted a weight for each of {len(ids)} examples, got {len(weights)}")
        if self.optimiser is None:
            self.optimiser = torch.optim.AdamW(
                self.parameters(), lr=lr, weight_decay=0.01, betas=(0.9, 0.98), fused=True
            )
        losses, until = [], steps if until is None else min(until, steps)
        with interruptible(
            lambda: (
                f"stopped after {self.steps} of {steps} steps: the model keeps what it has "
                "learned, and goes on from here if it is called again"
            )
        ):
            while self.steps < until:
                rows = torch.multinomial(weights, batch, True, generator=self.generator)  # (B,)
                rate = (
                    min(1, (self.steps + 1) / 100)
                    * 0.5
                    * (1 + math.cos(math.pi * self.steps / steps))
                )
                self.optimiser.param_groups[0]["lr"] = lr * rate
                losses.append(self._learn(ids[rows], is_answer[rows]))
                if report:
                    report(self.steps - 1, losses[-1])
        return losses

    def loss(self, ids, is_answer):
        """Nats for each token of the answers: a scalar.

        Args:
            ids: `(B, T)` tokens of prompts and answers. is_answer: `(B, T)` bool.
        """
        h = select(self(ids[:, :-1]), is_answer[:, 1:])  # (M, D)
        return F.cross_entropy(self.head(h), select(ids[:, 1:], is_answer[:, 1:]))

    def _learn(self, ids, is_answer):
        longest = int((ids != 0).sum(1).max())
        loss = self.loss(ids[:, :longest], is_answer[:, :longest])
        improve(self.optimiser, loss, longest=1.0, where=f" at step {self.steps}")
        self.steps += 1
        return loss.item()

    def _table(self, prompts, answers, end=True):
        """Tokens of prompt and answer `(N, T)`, and which belong to the answer `(N, T)` bool."""
        encode = {text: self.phrases.encode(text) for text in {*prompts, *answers}}
        pairs = [(encode[p], encode[a] + [1] * end) for p, a in zip(prompts, answers, strict=True)]
        width = max(len(p) + len(a) for p, a in pairs)
        if width > self.longest:
            raise ValueError(f"{width} tokens are longer than this model reads: {self.longest}")
        ids = np.zeros((len(pairs), width), np.int64)
        is_answer = np.zeros((len(pairs), width), bool)
        for i, (p, a) in enumerate(pairs):
            ids[i, : len(p) + len(a)] = p + a
            is_answer[i, len(p) : len(p) + len(a)] = True
        device = device_of(self)
        return torch.as_tensor(ids, device=device), torch.as_tensor(is_answer, device=device)

    # --- keeping -------------------------------------------------------------------------------

    def save(self, path, small: bool = False) -> None:
        """Write everything to one file, so that learning goes on exactly as it would have.

        Args:
            small: weights in half precision and nothing else: to answer, not to learn on.
        """
        weights = halved(self.state_dict()) if small else self.state_dict()
        write(
            {
                "weights": weights,
                "tokens": self.phrases.tokens,
                "sizes": self.sizes,
                "steps": self.steps,
                "optimiser": self.optimiser.state_dict() if self.optimiser and not small else None,
                "generator": self.generator.get_state(),
            },
            path,
        )

    @classmethod
    def load(cls, path) -> TextGPT:
        """Read what `save` wrote.

        Raises:
            FileNotFoundError, ValueError: see `wmlib.weights.read`.
        """
        names = ("weights", "tokens", "sizes", "steps", "optimiser", "generator")
        content = read(path, names)
        model = cls(Phrases(content["tokens"]), *content["sizes"])
        model.load_state_dict({k: v.float() for k, v in content["weights"].items()})
        model.steps = content["steps"]
        model.generator.set_state(content["generator"])
        if content["optimiser"] is not None:
            model.optimiser = torch.optim.AdamW(model.parameters(), fused=True)
            model.optimiser.load_state_dict(content["optimiser"])
        return model


def balance(answers: list[str], names, power: float = 0.7) -> np.ndarray:
    """Weights `(N,)` for drawing examples: count^-power of the sentence, its names masked.

    Most tool calls change nothing. Drawn as they come, the rare ones, and a loss is one, are hardly
    ever learned; drawn alike (power 1), the frequent ones are.

    Args:
        answers: texts "what is said => what changes". names: words that count as the same word.
    """
    said = [answer.split(" => ")[0].split() for answer in answers]
    kinds = [" ".join("*" if word in names else word for word in words) for words in said]
    counts = Counter(kinds)
    return np.array([counts[kind] ** -power for kind in kinds])


def _pieces(items, size):
    return [items[i : i + size] for i in range(0, len(items), size)]
