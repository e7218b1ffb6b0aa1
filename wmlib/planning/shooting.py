"""Random shooting: imagine many random futures, keep the best."""

from __future__ import annotations

import gymnasium as gym
import torch

from wmlib.planning.base import Plan, Planner, best_of


class RandomShooting(Planner):
    """N uniformly random action sequences, the best by predicted score."""

    def plan(self, model, state, generator, warm=None):
        actions = self.propose(model.act_space, self._batch(state), generator)
        return Plan(*best_of(actions, self.evaluate(model, state, actions, generator)))

    def propose(self, act_space, batch, generator):
        """Uniform plans: integers `(B, N, H)` or floats `(B, N, H, A)`."""
        shape = (batch, self.candidates, self.horizon)
        if isinstance(act_space, gym.spaces.Discrete):
            return torch.randint(int(act_space.n), shape, generator=generator)
        low, high = torch.as_tensor(act_space.low), torch.as_tensor(act_space.high)
        return low + (high - low) * torch.rand(*shape, len(low), generator=generator)
