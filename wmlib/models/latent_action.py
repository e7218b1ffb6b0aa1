"""Latent actions: from video alone, which of a few things was done between two frames.

Two networks learn together, as in Genie (Bruce et al. 2024). The *latent action model* looks at a
frame and at the one after it, and may say one word out of `codes` about the difference. The
*dynamics* has the first frame and the word, and must draw the second. Nobody says what a word
means: the two agree on whatever helps to draw.

    frame[t], frame[t+1] --latent action model--> vector --Codebook--> code[t]
    frame[t], code[t]    --dynamics--> frame[t+1]

The alignment is the course's: `code[t]` leads from frame t to frame t + 1, as `act[t]` would.
"""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import torch
from torch import nn
from torch.nn.functional import grid_sample, interpolate, layer_norm, silu

from wmlib.devices import building
from wmlib.models.base import Step, WorldModel
from wmlib.models.codebook import Codebook
from wmlib.models.convs import Encoder, image_batch, unit_images
from wmlib.models.networks import encode_action
from wmlib.training import train

SIZE = 32


class UNet(nn.Module):
    """Pictures `(B, C, 32, 32)`, and perhaps a code's vector `(B, size)`, to one picture.

    A small U: three halvings and back, and what was seen at each size is handed across.
    The code enters at the bottom, where a place is an eighth of the picture wide.
    """

    def __init__(self, channels: int, size: int = 0, width: int = 8):
        super().__init__()
        self.down1 = nn.Conv2d(channels, width, 4, stride=2, padding=1)
        self.down2 = nn.Conv2d(width, 2 * width, 4, stride=2, padding=1)
        self.down3 = nn.Conv2d(2 * width, 4 * width, 4, stride=2, padding=1)
        self.code_in = nn.Linear(size, 4 * width * 16) if size else None
        self.up3 = nn.ConvTranspose2d(4 * width, 2 * width, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(4 * width, width, 4, stride=2, padding=1)
        self.up1 = nn.ConvTranspose2d(2 * width, 1, 4, stride=2, padding=1)

    def forward(self, picture, code=None):
        fine = silu(self.down1(picture))
        middle = silu(self.down2(fine))
        coarse = self.down3(middle)
        if self.code_in is not None:
            coarse = coarse + self.code_in(code).view_as(coarse)
        middle = torch.cat([silu(self.up3(silu(coarse))), middle], 1)
        return self.up1(torch.cat([silu(self.up2(middle)), fine], 1))


class LatentActions(WorldModel, nn.Module):
    """A world model whose actions are codes that it made up itself, from video without actions.

    State: the frame, floats `(B, 1, 32, 32)` from 0 to 1. It predicts no reward (nobody said what
    anything was worth), so planners refuse it until `goal` gives it an aim.

    Args:
        codes: how many words there are for what can happen between two frames.
        size: numbers in a word's vector.
        free: what a word may do. False: it is a movement, the same wherever it is said. For each
            place of the picture it tells from where the light there comes, and a painter who does
            not hear the word mends what is torn. True: the painter hears the word, and may make
            of it what it likes, in each picture something else.
        width: of the networks. seed: of the initial weights and of the batches.
    """

    has_reward = False

    def __init__(self, codes=3, size=4, free=False, width=8, seed=0):
        super().__init__()
        self.act_space = gym.spaces.Discrete(codes)
        self.free = free
        self.generator = torch.Generator().manual_seed(seed)
        with building(seed):
            self.encoder = Encoder(size, channels=2, width=width)
            self.decoder = UNet(1, size, width) if free else UNet(2, 0, width)
            self.flow = None if free else nn.Linear(size, 2 * 8 * 8)
        self.codebook = Codebook(codes, size)
        places = (torch.arange(SIZE) + 0.5) * 2 / SIZE - 1  # grid_sample counts from -1 to 1
        grid = torch.stack(torch.meshgrid(places, places, indexing="xy"), -1)
        self.register_buffer("grid", grid, persistent=False)

    def encode(self, before, after):
        """The latent action model, before it must choose a word: frames `(B, 1, 32, 32)` in 0..1
        to vectors `(B, size)` of mean 0 and deviation 1."""
        vector = self.encoder(torch.cat([before, after - before], 1))
        return layer_norm(vector, vector.shape[-1:])

    def predict_frame(self, before, word):
        """The dynamics: frames and words' vectors `(B, size)` to the next frames, not clipped."""
        if self.free:
            return before + self.decoder(before, word)
        there = self.grid + self.flow_field(word) * (2 / SIZE)
        moved = grid_sample(before, there, padding_mode="border", align_corners=False)
        return moved + self.decoder(torch.cat([moved, before], 1))

    def flow_field(self, word):
        """From how far away the light of each place comes: `(B, 32, 32, 2)` pixels right, down.

        Raises:
            ValueError: if this model is free: its words are no movements.
        """
        if self.free:
            raise ValueError("the words of a free model are no movements: it has no arrows")
        coarse = self.flow(word).view(-1, 2, 8, 8)
        fine = interpolate(coarse, size=SIZE, mode="bilinear", align_corners=False)
        return fine.movedim(1, -1)

    def fit(self, obs, first, steps=1000, batch=32, lr=3e-3, commit=0.25, warm=0.3, report=None):
        """Learn from video. May be called again; an interrupt keeps what was learned.

        At first the vectors go through as they are: the eye finds out what there is to say before
        it must say it in a word. Then the codebook begins in the middle of their heaps.

        Args:
            obs: `(N, T, 1, 32, 32)` frames, bytes (or floats from 0 to 1). No actions.
            first: `(N, T)` bool, where an episode begins: no arrow leads into such a frame.
            steps, batch, lr: of Adam, see `networks.train`.
            commit: weight of the pull of the vectors to their codes.
            warm: share of the steps before there are codes, if there are none yet.
            report: called with (step, loss), see `networks.train`.

        Returns:
            list of training losses: squared error of a frame, summed over its pixels.
        """
        obs, first = torch.as_tensor(obs), torch.as_tensor(first)
        if obs.shape[2:] != (1, SIZE, SIZE) or first.shape != obs.shape[:2]:
            raise ValueError(
                f"wanted video (N, T, 1, {SIZE}, {SIZE}) and first (N, T), "
                f"got {tuple(obs.shape)} and {tuple(first.shape)}"
            )
        film, moment = torch.where(~first[:, 1:])
        if not len(film):
            raise ValueError("no frame of this video follows another: first is True everywhere")

        def drawn(n):
            k = torch.randint(len(film), (n,), generator=self.generator)
            return unit_images(obs[film[k], moment[k]]), unit_images(obs[film[k], moment[k] + 1])

        wait = 0 if self.codebook.initialised else int(warm * steps)
        step_count = iter(range(steps))

        def loss_of_batch():
            before, after = drawn(batch)
            vector = self.encode(before, after)
            if next(step_count) < wait:
                return self._error(before, vector, after)
            if not self.codebook.initialised:
                self._init_codes(*drawn(512))
            self.codebook.learn(vector, self.generator)
            word = self.codebook(vector)
            return self._error(before, word.vectors, after) + commit * word.loss

        losses = train(self.parameters(), loss_of_batch, steps, lr, report=report)
        if not self.codebook.initialised:  # interrupted early: codes all the same
            self._init_codes(*drawn(512))
        return losses

    def _error(self, before, word, after):
        return ((self.predict_frame(before, word) - after) ** 2).sum((1, 2, 3)).mean()

    @torch.no_grad()
    def _init_codes(self, before, after):
        self.codebook.learn(self.encode(before, after), self.generator)

    @torch.inference_mode()
    def infer_by_encoder(self, before, after):
        """The word that the eye says at once: frames `(B, 1, 32, 32)` and next ones to `(B,)`."""
        pieces = zip(torch.as_tensor(before).split(512), torch.as_tensor(after).split(512))
        return torch.cat(
            [self.codebook.nearest(self.encode(unit_images(b), unit_images(a))) for b, a in pieces]
        )

    @torch.inference_mode()
    def infer(self, before, after):
        """The word with which the next frame is drawn best, after trying all: `(B,)` codes.

        Slower than `guess`, and better: what the eye confuses, the dynamics still tells apart.
        """
        pieces = zip(torch.as_tensor(before).split(512), torch.as_tensor(after).split(512))
        return torch.cat([self.errors(unit_images(b), unit_images(a)).argmin(1) for b, a in pieces])

    def errors(self, before, after):
        """Mean squared error of what each word would draw: frames in 0..1 to `(B, codes)`."""
        words = [word.expand(len(before), -1) for word in self.codebook.codes]
        wrong = [
            (self.predict_frame(before, word) - after).square().mean((1, 2, 3)) for word in words
        ]
        return torch.stack(wrong, 1)

    def start(self, obs):
        return image_batch(obs)

    def step(self, state, action, generator=None):
        encode_action(self.act_space, action)  # raises where it is no code
        nxt = self.predict_frame(state, self.codebook.vectors(action)).clamp(0, 1)
        return Step(nxt, torch.zeros(len(nxt)), torch.ones(len(nxt)))

    def decode(self, state):
        return state


def name_codes(codes, actions, n_codes: int, n_actions: int) -> np.ndarray:
    """What each code is called, from a few transitions of which both are known: `(n_codes,)`.

    A code gets the action with which it was seen most often (the smaller number, if it is a tie);
    a code that was never seen gets the action that was most frequent of all.

    Args:
        codes, actions: `(N,)` integers, N at least 1.
    """
    codes, actions = np.asarray(codes), np.asarray(actions)
    if codes.shape != actions.shape or not len(codes):
        raise ValueError(
            f"wanted as many codes as actions, at least one, got {codes.shape} and {actions.shape}"
        )
    table = np.zeros((n_codes, n_actions), int)
    np.add.at(table, (codes, actions), 1)
    table[table.sum(1) == 0] = table.sum(0)
    return table.argmax(1)
