"""Random shooting: imagine many random futures, keep the best."""

from __future__ import annotations

import gymnasium as gym
import torch

from wmlib.devices import Device, randint
from wmlib.planning.base import Plan, Planner, best_of
from wmlib.worlds.actions import bounds, check_space, from_index


class RandomShooting(Planner):
    """N uniformly random action sequences, the best by predicted score."""

    def plan(self, model, state, generator, warm=None):
        """See `Planner.plan`; a plan of the step before is of no use here."""
        batch, device = self._batch(state)
        actions = self.propose(model.act_space, batch, generator, device)
        return Plan(*best_of(actions, self.evaluate(model, state, actions, generator)))

    def propose(
        self, act_space: gym.Space, batch: int, generator: torch.Generator, device: Device = "cpu"
    ) -> torch.Tensor:
        """Uniform plans: integers `(B, N, H)` or floats `(B, N, H, A)`.

        Raises:
            TypeError, ValueError: see `check_space` and `bounds` of `wmlib.worlds.actions`.
        """
        shape = (batch, self.candidates, self.horizon)
        act_space = check_space(act_space)
        if isinstance(act_space, gym.spaces.Discrete):
            return from_index(act_space, randint(int(act_space.n), shape, generator, device))
        low, high = (torch.as_tensor(x, device="cpu") for x in bounds(act_space))
        share = torch.rand(
            *shape, len(low), generator=generator, device=generator.device, dtype=torch.float32
        )
        return (low + (high - low) * share.cpu()).to(device)
