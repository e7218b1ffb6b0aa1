"""Model predictive control: plan, take the first action, look at what happened, plan again."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.devices import new_generator
from wmlib.models.base import State, WorldModel, tree_map
from wmlib.planning.base import Plan, Planner


class MPC:
    """An agent that plans anew at every step, for a whole batch of episodes at once.

    Args:
        model: any WorldModel with rewards. planner: any Planner.
        seed: of the planner's chance.
        replan: False follows the first plan to its end before planning again (open loop).

    Attributes:
        plan: the last `Plan`, for drawing what was imagined.
    """

    def __init__(self, model: WorldModel, planner: Planner, seed: int = 0, replan: bool = True):
        self.model, self.planner, self.replan = model, planner, replan
        self.generator = new_generator(seed)
        self.state: State = None
        self.plan: Plan | None = None

    def begin(self, obs: np.ndarray) -> None:
        """A new batch of episodes: first observations `(B, ...)`."""
        self.state, self.plan, self._age = self.model.start(obs), None, 0
        self._action: torch.Tensor | None = None

    @torch.inference_mode()
    def act(self, obs: np.ndarray, first: np.ndarray | None = None) -> np.ndarray:
        """Actions for observations `(B, ...)`: numpy integers `(B,)` or floats `(B, A)`.

        Args:
            first: `(B,)` bool: which episodes begin with this observation while others go on.

        Raises:
            RuntimeError: if `begin` was not called for this batch of episodes.
        """
        if self.state is None:
            raise RuntimeError("an episode must begin before the agent acts: call begin(obs)")
        if self._action is not None:
            # A model that was never meant to see one episode end while others go on need not
            # know `first`.
            if first is not None and np.any(first):
                self.state = self.model.observe(self.state, self._action, obs, first)
                self.plan = None  # no plan is a good beginning for another episode
            else:
                self.state = self.model.observe(self.state, self._action, obs)
        self._age += 1
        if self.plan is None or self.replan or self._age >= self.planner.horizon:
            self.plan = self.planner.plan(self.model, self.state, self.generator, self._warm())
            self._age = 0
        self._action = self.plan.actions[:, self._age]
        return self._action.cpu().numpy()

    def _warm(self):
        return self.plan if self.replan else None

    def keep(self, mask: np.ndarray) -> None:
        """Go on with some of the episodes only: mask `(B,)` bool."""
        numpy, mask = np.asarray(mask), torch.as_tensor(mask, device=self.model.device)
        self.state = tree_map(
            lambda x: x[mask if isinstance(x, torch.Tensor) else numpy], self.state
        )
        if self.plan is None or self._action is None:
            return
        self._action = self._action[mask]
        memory = self.plan.memory[mask] if self.plan.memory is not None else None
        self.plan = Plan(self.plan.actions[mask], self.plan.score[mask], memory)
