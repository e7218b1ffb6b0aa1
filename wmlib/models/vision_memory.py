"""V and M as one world model: look, remember, dream.

    state[t] = (z[t], memory[t])     z from V (reality) or drawn from what M expected (a dream)

`hidden[t]` has seen z[0..t-1] and act[0..t-1], and no more: it is what M expected *before* frame t.
That is why the controller of Ha and Schmidhuber (2018) reads both, z[t] and hidden[t].
"""

from __future__ import annotations

from typing import NamedTuple

import gymnasium as gym
import torch
from torch import nn
from torch.nn.functional import pad

from wmlib.devices import Device
from wmlib.models.base import State, Step, WorldModel
from wmlib.models.mdn_rnn import MDNRNN, Memory, blank_where, sample
from wmlib.models.networks import encode_action
from wmlib.models.vae import VAE, draw


class VisionMemoryState(NamedTuple):
    """State: `z (B, S)`, `hidden (B, H)`, `cell (B, H)`."""

    z: torch.Tensor
    hidden: torch.Tensor
    cell: torch.Tensor


class VisionMemory(WorldModel, nn.Module):
    """A world model of pictures `(B, 1, 32, 32)` made of a VAE and an MDN-RNN.

    Args:
        act_space: gymnasium space of one action.
        size: S, numbers in a z. hidden: H, units of the LSTM. mixtures: Gaussians per number.
        width: channels of V. beta: see `VAE`.
        seed: of the initial weights and of the training.
        device: "cpu", "auto" (a GPU where there is one) or any of torch's.

    Attributes:
        vision: the `VAE`. memory: the `MDNRNN`. Each has its own `fit`, V first.
        temperature: of dreams; see `mdn_rnn.sample`. Set it at any time.
    """

    def __init__(
        self,
        act_space: gym.Space,
        size: int = 16,
        hidden: int = 128,
        mixtures: int = 5,
        width: int = 8,
        beta: float = 0.1,
        temperature: float = 1.0,
        seed: int = 0,
        device: Device = "cpu",
    ):
        super().__init__()
        self.act_space, self.temperature = act_space, temperature
        self.size, self.feat_size = size, size + hidden
        self.vision = VAE(size, width, beta, seed=seed, device=device)
        self.memory = MDNRNN(act_space, size, hidden, mixtures, seed=seed, device=device)

    def start(self, obs, generator=None):
        """States from first pictures `(B, 1, 32, 32)`: z is its mean, the memory is blank."""
        z, _ = self.vision.encode(obs)  # (B, S)
        return VisionMemoryState(z, *self.memory.initial(len(z)))

    def observe(self, state, action, obs, first=None, generator=None):
        """The state after `action` and the picture it led to.

        Args:
            first: `(B,)` bool: where that picture begins an episode, so that the memory is blank.
        """
        memory = self._recur(state, action)  # (B, H), (B, H)
        if first is not None:
            memory = blank_where(memory, torch.as_tensor(first, device=self.device))
        return VisionMemoryState(self.vision.encode(obs)[0], *memory)

    def step(self, state, action, generator=None):
        """One dreamt step: z is drawn from what M expects, at this model's temperature."""
        memory = self._recur(state, action)  # (B, H), (B, H)
        mixture, rew, cont = self.memory.heads(memory.hidden)  # (B, S, K), (B,), (B,)
        z = sample(mixture, generator, self.temperature)  # (B, S)
        return Step(VisionMemoryState(z, *memory), rew, torch.sigmoid(cont))

    def decode(self, state):
        """The picture of each state, `(B, 1, 32, 32)` floats from 0 to 1."""
        return self.vision.decode(state.z).clamp(0, 1)

    def feat(self, state: State) -> torch.Tensor:
        """What V sees and M remembers: `(B, S + H)`."""
        return torch.cat([state.z, state.hidden], -1)

    def feat_z(self, state: VisionMemoryState) -> torch.Tensor:
        """What V sees, without M: `(B, S)`."""
        return state.z

    def loss(self, sequences, generator=None):
        """V's loss on all frames, and M's on z drawn from V (of which V learns nothing).

        The chapter trains V first and then M, each by its own `fit`; this is both at once.

        Args:
            sequences: `streams.Sequences` of B stretches of T frames.
            generator: of what is drawn; default V's own and M's own.

        Returns:
            loss (scalar), its parts, not weighted (dict of floats), states (`VisionMemoryState` of
            `(B, T, ...)`).
        """
        sequences = sequences.to(self.device)
        obs, first = sequences.obs, sequences.first
        loss_v, parts_v = self.vision.loss(obs.flatten(0, 1), generator)
        with torch.no_grad():
            mean, log_var = self.vision.encode(obs.flatten(0, 1))  # (B T, S)
            z = draw(mean, log_var, generator or self.memory.generator)
            z = z.unflatten(0, first.shape)  # (B, T, S)
        loss_m, parts_m, memories = self.memory.loss(
            z, sequences.act, sequences.rew, sequences.cont, first
        )
        before = Memory(
            *(pad(part, (0, 0, 1, 0)) for part in memories)
        )  # (B, T, H): frame 0, blank
        state = VisionMemoryState(z, *blank_where(before, first))
        return loss_v + loss_m, parts_v | parts_m, state

    def _recur(self, state, action):
        """The memory `(B, H)` after `action`."""
        action = encode_action(self.act_space, action, self.device)  # (B, A)
        return self.memory.step(state.z, action, Memory(state.hidden, state.cell))
