"""V and M as one world model: look, remember, dream.

    state[t] = (z[t], memory[t])     z from V (reality) or drawn from what M expected (a dream)

`hidden[t]` has seen z[0..t-1] and act[0..t-1], and no more: it is what M expected *before* frame t.
That is why the controller of Ha and Schmidhuber (2018) reads both, z[t] and hidden[t].
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn

from wmlib.models.base import Step, WorldModel
from wmlib.models.mdn_rnn import MDNRNN, Memory, sample
from wmlib.models.networks import encode_action
from wmlib.models.vae import VAE


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

    Attributes:
        vision: the `VAE`. memory: the `MDNRNN`. Each has its own `fit`, V first.
        temperature: of dreams; see `mdn_rnn.sample`. Set it at any time.
    """

    def __init__(
        self, act_space, size=16, hidden=128, mixtures=5, width=8, beta=0.1, temperature=1.0, seed=0
    ):
        super().__init__()
        self.act_space, self.temperature = act_space, temperature
        self.size, self.feat_size = size, size + hidden
        self.vision = VAE(size, width, beta, seed=seed)
        self.memory = MDNRNN(act_space, size, hidden, mixtures, seed=seed)

    def start(self, obs):
        """States from first pictures `(B, 1, 32, 32)`: z is read off, the memory is blank."""
        z, _ = self.vision.encode(obs)
        return VisionMemoryState(z, *self.memory.initial(len(z)))

    def observe(self, state, action, obs, first=None):
        """The state after `action` and the picture it led to.

        Args:
            first: `(B,)` bool: where that picture begins an episode, so that the memory is blank.
        """
        memory = self._recur(state, action)
        if first is not None:
            keep = (~torch.as_tensor(first)).float()[:, None]
            memory = Memory(*(part * keep for part in memory))
        return VisionMemoryState(self.vision.encode(obs)[0], *memory)

    def step(self, state, action, generator=None):
        """One dreamt step: z is drawn from what M expects, at this model's temperature."""
        memory = self._recur(state, action)
        mixture, rew, cont = self.memory.heads(memory.hidden)
        z = sample(mixture, generator, self.temperature)
        return Step(VisionMemoryState(z, *memory), rew, torch.sigmoid(cont))

    def decode(self, state):
        """The picture of each state, `(B, 1, 32, 32)` floats from 0 to 1."""
        return self.vision.decode(state.z).clamp(0, 1)

    @staticmethod
    def feat(state) -> torch.Tensor:
        """What V sees and M remembers: `(B, S + H)`."""
        return torch.cat([state.z, state.hidden], -1)

    @staticmethod
    def feat_z(state) -> torch.Tensor:
        """What V sees, without M: `(B, S)`."""
        return state.z

    def _recur(self, state, action):
        action = encode_action(self.act_space, action)
        return self.memory.step(state.z, action, Memory(state.hidden, state.cell))
