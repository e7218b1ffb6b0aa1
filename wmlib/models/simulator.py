"""The true simulator as one more model: the upper bound in every plot."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.models.base import Step, WorldModel
from wmlib.worlds import as_world


class Simulator(WorldModel):
    """Any world, used as a model of itself. State: whatever the world's state is, as an array.

    Args:
        world: a World, a gymnasium environment or its id. Its observation must show the whole
            state (`World.state_of`); else begin from states with `from_states`.
    """

    def __init__(self, world):
        self.world = as_world(world)
        self.act_space = self.world.act_space

    def start(self, obs):
        return self.from_states(self.world.state_of(np.asarray(obs)))

    def from_states(self, states):
        """Begin from true states `(B, ...)` instead of observations."""
        states = np.asarray(states)
        return states if states.dtype == object else torch.as_tensor(states)

    def step(self, state, action, generator=None):
        rng = None
        if generator is not None:
            seed = torch.randint(2**31, (1,), generator=generator).item()
            rng = np.random.default_rng(seed)
        nxt, rew, terminated = self.world.step(np.asarray(state), np.asarray(action), rng)
        rew = torch.as_tensor(np.asarray(rew, np.float32))
        cont = torch.as_tensor(1.0 - np.asarray(terminated, np.float32))
        return Step(self.from_states(nxt), rew, cont)

    def decode(self, state):
        return torch.as_tensor(self.world.obs(np.asarray(state)))
