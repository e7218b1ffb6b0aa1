"""The true simulator as one more model: the upper bound in every plot."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike

from wmlib.models.base import Step, WorldModel
from wmlib.worlds import FromGym, as_world
from wmlib.worlds.base import World
from wmlib.worlds.gym import Source


class Simulator(WorldModel):
    """Any world, used as a model of itself. State: whatever the world's state is, as an array.

    It lives on the CPU, as worlds do.

    Args:
        world: a World, a gymnasium environment or its id. Its observation must show the whole
            state (`World.state_of`); else begin from states with `from_states`.

    Raises:
        TypeError: for an environment of which a copy is not the state (see `FromGym`).
    """

    def __init__(self, world: World | Source):
        self.world = as_world(world)
        if isinstance(self.world, FromGym):
            self.world.check()  # that copies of the environment are its state
        self.act_space = self.world.act_space
        self.feat_size = int(np.prod(self.world.obs_space.shape or 1))

    def start(self, obs, generator=None):
        """The true states behind observations `(B, ...)`."""
        return self.from_states(self.world.state_of(np.asarray(obs)))

    def from_states(self, states: ArrayLike) -> Any:
        """Begin from true states `(B, ...)` instead of observations."""
        states = np.asarray(states)
        return states if states.dtype == object else torch.as_tensor(states, device="cpu")

    def step(self, state, action, generator=None):
        """What really follows; a world with chance in it draws when given a generator."""
        rng = None
        if generator is not None:
            seed = torch.randint(2**31, (1,), generator=generator, device=generator.device)
            rng = np.random.default_rng(int(seed))
        nxt, rew, terminated = self.world.step(np.asarray(state), np.asarray(action), rng)
        rew = torch.as_tensor(np.asarray(rew, np.float32), device="cpu")
        cont = torch.as_tensor(1.0 - np.asarray(terminated, np.float32), device="cpu")
        return Step(self.from_states(nxt), rew, cont)

    def decode(self, state):
        """What the world shows of each state: `(B, ...)`."""
        return torch.as_tensor(self.world.obs(np.asarray(state)), device="cpu")

    def feat(self, state):
        """The observation as one row of numbers: `(B, F)`."""
        return self.decode(state).float().flatten(1)
