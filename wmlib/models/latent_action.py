"""Latent actions: from video alone, which of a few things was done between two frames.

Two networks learn together, as in Genie (Bruce et al. 2024). The *latent action model* looks at a
frame and at the one after it, and may say one code out of a few about the difference. The
*dynamics* has the first frame and the code, and must predict the second. Nobody says what a code
means: the two agree on whatever helps to predict.

    frame[t], frame[t+1] --latent action model--> vector --Codebook--> code[t]
    frame[t], code[t]    --dynamics--> frame[t+1]

The alignment is the course's: `code[t]` leads from frame t to frame t + 1, as `act[t]` would.

Shapes: B pictures; K codes; S numbers in a code's vector.
"""

from __future__ import annotations

from collections.abc import Callable

import gymnasium as gym
import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import nn
from torch.nn.functional import grid_sample, interpolate, layer_norm, silu

from wmlib.devices import Device, building, floats, new_generator, pick_device, randint, select
from wmlib.models.base import State, Step, WorldModel
from wmlib.models.codebook import Codebook
from wmlib.models.convs import Encoder, as_images, image_batch, unit_images
from wmlib.models.networks import encode_action
from wmlib.training import train

SIZE = 32


class UNet(nn.Module):
    """Pictures `(B, C, 32, 32)`, and perhaps a code's vector `(B, S)`, to one `(B, 1, 32, 32)`.

    Three halvings and back, and what was seen at each size is handed across (Ronneberger et al.
    2015). The code enters at the bottom, where a place is an eighth of the picture wide.
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
        fine = silu(self.down1(picture))  # (B, width, 16, 16)
        middle = silu(self.down2(fine))  # (B, 2 width, 8, 8)
        coarse = self.down3(middle)  # (B, 4 width, 4, 4)
        if self.code_in is not None:
            coarse = coarse + self.code_in(code).view_as(coarse)
        middle = torch.cat([silu(self.up3(silu(coarse))), middle], 1)  # (B, 4 width, 8, 8)
        return self.up1(torch.cat([silu(self.up2(middle)), fine], 1))  # (B, 1, 32, 32)


class LatentActions(WorldModel, nn.Module):
    """A world model whose actions are codes that it made up itself, from video without actions.

    State: the frame, floats `(B, 1, 32, 32)` from 0 to 1. It predicts no reward (nobody said what
    anything was worth), so planners refuse it until `goal` gives it an aim.

    Args:
        codes: K, how many there are for what can happen between two frames.
        size: S, numbers in a code's vector.
        free: what a code may do. False: it is a movement, the same wherever it is said. For each
            place of the picture it tells from where the light there comes, and a decoder that is
            not told the code mends what is torn. True: the decoder is told the code, and may make
            of it what it likes, in each picture something else.
        width: of the networks. seed: of the initial weights and of the batches.
        device: "cpu", "auto" (a GPU where there is one) or any of torch's.
    """

    has_reward, feat_size = False, SIZE * SIZE
    grid: torch.Tensor

    def __init__(
        self,
        codes: int = 3,
        size: int = 4,
        free: bool = False,
        width: int = 8,
        seed: int = 0,
        device: Device = "cpu",
    ):
        super().__init__()
        self.act_space = gym.spaces.Discrete(codes)
        self.free = free
        self.generator = new_generator(seed)
        with building(seed):
            self.encoder = Encoder(size, channels=2, width=width)
            self.decoder = UNet(1, size, width) if free else UNet(2, 0, width)
            self.flow = None if free else nn.Linear(size, 2 * 8 * 8)
            self.codebook = Codebook(codes, size)
            places = (torch.arange(SIZE) + 0.5) * 2 / SIZE - 1  # grid_sample counts from -1 to 1
            grid = torch.stack(torch.meshgrid(places, places, indexing="xy"), -1)
            self.register_buffer("grid", grid, persistent=False)  # (32, 32, 2)
        self.to(pick_device(device))

    # --- a world model like the others ------------------------------------------------------------

    def start(self, obs, generator=None):
        """States from pictures `(B, 1, 32, 32)`: the pictures, as floats from 0 to 1."""
        return image_batch(obs, self.device)

    def step(self, state, action, generator=None):
        """One imagined step after the codes `(B,)`; the reward is 0, and it always goes on."""
        encode_action(self.act_space, action, self.device)  # raises where it is no code
        nxt = self.predict_frame(state, self.codebook.vectors(action)).clamp(0, 1)
        return Step(nxt, nxt.new_zeros(len(nxt)), nxt.new_ones(len(nxt)))

    def decode(self, state):
        """The picture of each state is the state."""
        return state

    def feat(self, state: State) -> torch.Tensor:
        """The frame's pixels, `(B, 1024)`."""
        return state.flatten(1)

    # --- the two networks -------------------------------------------------------------------------

    def encode(self, before: torch.Tensor, after: torch.Tensor) -> torch.Tensor:
        """The latent action model, not yet quantised: frames `(B, 1, 32, 32)` in 0..1 to vectors
        `(B, S)` of mean 0 and deviation 1."""
        vector = self.encoder(torch.cat([before, after - before], 1))  # (B, S)
        return layer_norm(vector, vector.shape[-1:])

    def predict_frame(self, before: torch.Tensor, vector: torch.Tensor) -> torch.Tensor:
        """The dynamics: frames and codes' vectors `(B, S)` to the next frames, not clipped."""
        before = before.to(self.grid.dtype)  # (B, 1, 32, 32)
        if self.free:
            return before + self.decoder(before, vector)
        there = self.grid + self.flow_field(vector) * (2 / SIZE)  # (B, 32, 32, 2)
        moved = grid_sample(before, there, padding_mode="border", align_corners=False)
        return moved + self.decoder(torch.cat([moved, before], 1))  # (B, 1, 32, 32)

    def flow_field(self, vector: torch.Tensor) -> torch.Tensor:
        """From how far away the light of each place comes: `(B, 32, 32, 2)` pixels right, down.

        Raises:
            ValueError: if this model is free: its codes are no movements.
        """
        if self.flow is None:
            raise ValueError("the codes of a free model are no movements: it has no flow field")
        coarse = self.flow(vector).view(-1, 2, 8, 8)
        fine = interpolate(coarse, size=SIZE, mode="bilinear", align_corners=False)
        return fine.movedim(1, -1)  # from (B, 2, 32, 32)

    # --- learning ---------------------------------------------------------------------------------

    def loss(self, sequences, generator=None):
        """How well each next frame is predicted from the one before and its code. Moves no code.

        Args:
            sequences: `streams.Sequences` of B stretches of T frames; only `obs` and `first` are
                read. generator: not needed.

        Returns:
            loss (scalar); dict of floats, see `vector_loss`; states: the frames
            `(B, T, 1, 32, 32)`.
        """
        obs = unit_images(sequences.obs, self.device)  # (B, T, 1, 32, 32)
        real = ~sequences.first.to(obs.device)[:, 1:]  # (B, T - 1); M of them are True
        before, after = select(obs[:, :-1], real), select(obs[:, 1:], real)  # (M, 1, 32, 32)
        return *self.vector_loss(before, self.encode(before, after), after), obs

    def vector_loss(
        self, before: torch.Tensor, vector: torch.Tensor, after: torch.Tensor, commit: float = 0.25
    ) -> tuple[torch.Tensor, dict[str, float]]:
        """The loss of pairs of frames `(B, 1, 32, 32)` in 0..1, of which `encode` was asked.

        Args:
            vector: `(B, S)`, what it said, not yet quantised.
            commit: weight of the pull of the vectors to their codes.

        Returns:
            loss (scalar); dict of floats: recon, squared error of a frame summed over its pixels.
        """
        code = self.codebook(vector)
        recon = self._error(before, code.vectors, after)
        return recon + commit * code.loss, floats({"recon": recon})

    def fit(
        self,
        obs: ArrayLike,
        first: ArrayLike,
        steps: int = 1000,
        batch: int = 32,
        lr: float = 3e-3,
        commit: float = 0.25,
        warm: float = 0.3,
        report: Callable[..., object] | None = None,
    ) -> list[float]:
        """Learn from video. May be called again; an interrupt keeps what was learned.

        At first the vectors go through as they are: the encoder finds out what there is to say
        before it must say it in a code. Then the codebook begins in the middle of their heaps.

        Args:
            obs: `(N, T, 1, 32, 32)` frames, bytes (or floats from 0 to 1). No actions.
            first: `(N, T)` bool, where an episode begins: no arrow leads into such a frame.
            steps, batch, lr: of Adam, see `training.train`.
            commit: weight of the pull of the vectors to their codes.
            warm: share of the steps before there are codes, if there are none yet.
            report: called with (step, loss), see `training.train`.

        Returns:
            list of training losses: squared error of a frame, summed over its pixels.

        Raises:
            ValueError: if it is no video, or no frame follows another.
        """
        obs, first = as_images(obs, "cpu"), torch.as_tensor(first, device="cpu")
        if obs.shape[2:] != (1, SIZE, SIZE) or first.shape != obs.shape[:2]:
            raise ValueError(
                f"wanted video (N, T, 1, {SIZE}, {SIZE}) and first (N, T), "
                f"got {tuple(obs.shape)} and {tuple(first.shape)}"
            )
        film, moment = torch.where(~first[:, 1:])
        if not len(film):
            raise ValueError("no frame of this video follows another: first is True everywhere")
        device = self.device

        def pairs(n):
            k = randint(len(film), (n,), self.generator, "cpu")
            frames = obs[film[k], moment[k]], obs[film[k], moment[k] + 1]
            return [unit_images(frame, device) for frame in frames]

        wait = 0 if self.codebook.initialised else int(warm * steps)
        count = iter(range(steps))

        def loss_of_batch():
            before, after = pairs(batch)
            vector = self.encode(before, after)  # (batch, S)
            if next(count) < wait:
                return self._error(before, vector, after)
            if not self.codebook.initialised:
                self._init_codes(*pairs(512))
            self.codebook.learn(vector, self.generator)
            return self.vector_loss(before, vector, after, commit)[0]

        losses = train(self.parameters(), loss_of_batch, steps, lr, report=report)
        if not self.codebook.initialised:  # interrupted early: codes all the same
            self._init_codes(*pairs(512))
        return losses

    def _error(self, before, vector, after):
        return ((self.predict_frame(before, vector) - after) ** 2).sum((1, 2, 3)).mean()

    @torch.no_grad()
    def _init_codes(self, before, after):
        self.codebook.learn(self.encode(before, after), self.generator)

    # --- which code was it? -----------------------------------------------------------------------

    @torch.inference_mode()
    def infer_by_encoder(self, before: ArrayLike, after: ArrayLike) -> torch.Tensor:
        """The code that the encoder says at once: frames `(B, 1, 32, 32)` and next ones to `(B,)`.

        As in Genie.
        """
        pieces = self._pieces(before, after)
        return torch.cat([self.codebook.nearest(self.encode(b, a)) for b, a in pieces])

    @torch.inference_mode()
    def infer(self, before: ArrayLike, after: ArrayLike) -> torch.Tensor:
        """The code with which the next frame is predicted best, after trying all: `(B,)`.

        Slower than `infer_by_encoder`, and better: what the encoder confuses, the dynamics still
        tells apart.
        """
        return torch.cat([self.errors(b, a).argmin(1) for b, a in self._pieces(before, after)])

    def errors(self, before: torch.Tensor, after: torch.Tensor) -> torch.Tensor:
        """Mean squared error of each code's prediction: frames in 0..1 to `(B, K)`."""
        vectors = [vector.expand(len(before), -1) for vector in self.codebook.codes]  # (B, S) each
        guesses = [self.predict_frame(before, vector) for vector in vectors]
        return torch.stack([(guess - after).square().mean((1, 2, 3)) for guess in guesses], 1)

    def _pieces(self, before, after):
        """Frames and next ones in 0..1, 512 at a time."""
        before, after = (torch.as_tensor(x, device=self.device).split(512) for x in (before, after))
        for pair in zip(before, after):
            yield [unit_images(frame) for frame in pair]


def name_codes(codes: ArrayLike, actions: ArrayLike, n_codes: int, n_actions: int) -> np.ndarray:
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
