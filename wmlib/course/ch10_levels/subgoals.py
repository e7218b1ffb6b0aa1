"""Two levels of control: subgoals from above, model predictive control below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike

from wmlib.models.base import WorldModel
from wmlib.planning.base import Planner
from wmlib.planning.mpc import MPC


class Subgoals:
    """An agent that steers to one subgoal after the other, planning each stretch with MPC.

    With a route of one point, the goal itself, it is plain MPC: there is no other difference
    between an agent with a high level and one without.

    Args:
        model: predicts observations `(B, D)` whose first two numbers are a position.
        planner: searches a few steps ahead, towards the next subgoal only.
        routes: for each of the B episodes its subgoals `(n, 2)`, the last of them the goal.
        reach: a subgoal counts as reached within this distance.
        seed: of the planner's chance.

    Attributes:
        targets: `(B, 2)` the present subgoals. mpc: the `MPC` below.
    """

    def __init__(
        self,
        model: WorldModel,
        planner: Planner,
        routes: Sequence[ArrayLike],
        reach: float = 0.4,
        seed: int = 0,
    ):
        self.routes = [np.asarray(route, float) for route in routes]
        if not all(len(route) for route in self.routes):
            raise ValueError("every route needs at least one point: the goal")
        self.reach = reach
        self.mpc = MPC(model.goal(rew=self._nearer), planner, seed)

    def begin(self, obs: np.ndarray) -> None:
        """A new batch of episodes, as many as there are routes: first observations `(B, D)`."""
        if len(obs) != len(self.routes):
            raise ValueError(f"{len(self.routes)} routes need as many episodes, got {len(obs)}")
        self.at = np.zeros(len(obs), int)
        self._aim()
        self.mpc.begin(obs)

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions `(B, A)`."""
        far = np.linalg.norm(np.asarray(obs)[:, :2] - self.targets, axis=1)
        last = np.array([len(route) - 1 for route in self.routes])
        self.at = np.minimum(self.at + (far < self.reach), last)
        self._aim()
        return self.mpc.act(obs)

    def keep(self, mask: np.ndarray) -> None:
        """Go on with some of the episodes only: mask `(B,)` bool."""
        self.routes = [route for route, kept in zip(self.routes, mask) if kept]
        self.at = self.at[mask]
        self._aim()
        self.mpc.keep(mask)

    def _aim(self):
        self.targets = np.stack([route[i] for route, i in zip(self.routes, self.at)])

    def _nearer(self, obs, action, next_obs):
        """Minus the distance to the subgoal; the B episodes' candidates come one after the other."""
        targets = torch.as_tensor(self.targets, dtype=next_obs.dtype, device=next_obs.device)
        targets = targets.repeat_interleave(len(next_obs) // len(targets), 0)
        return -(next_obs[:, :2] - targets).norm(dim=1)
