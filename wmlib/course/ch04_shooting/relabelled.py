"""Q-learning that is told a new goal as the planner is: the old steps, with the new reward.

`Relabelled` keeps its weights and writes the new reward into the steps that it has. With `goals`
it reads the goal beside the observation and has learned all goals at once, before one is asked
(Kaelbling 1993; hindsight relabelling: Andrychowicz et al. 2017). Nobody takes a new real step.

`shift` gives Q-learning what the planner's network is given: that physics is the same everywhere
on the track. Each step is replayed at a place drawn anew, and judged there by score and limits.
"""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import nn

from wmlib.course.ch04_shooting.study import at
from wmlib.devices import building
from wmlib.experience import Transitions
from wmlib.planning.goals import X_LIMIT, standing
from wmlib.training import improve


class Relabelled:
    """Q-values of one goal place or of all, from steps that were taken for another reason.

    Args:
        data: real steps of CartPole, N of them.
        goals: read the goal as a fifth number: half of the goals in a batch are places that the
            same episode reached later (hindsight), half are drawn between -1.5 and 1.5 m.
        shift: replay each step at a place of the track drawn anew.
        mixed: share of the network that enters its slow copy, the target, at each gradient step.
    """

    def __init__(
        self,
        data: Transitions,
        seed: int,
        goals: bool = False,
        shift: bool = False,
        width: int = 128,
        lr: float = 1e-3,
        gamma: float = 0.98,
        fall: float = -10.0,
        batch: int = 256,
        mixed: float = 0.01,
    ):
        self.obs, self.nxt = torch.tensor(data.obs), torch.tensor(data.next_obs)  # (N, 4)
        self.pushes, self.later = torch.tensor(data.act), later_rows(data, seed)
        self.scale = self.obs.std(0)  # (4,)
        self.scale[0] = 1.0  # m: places and goals in one unit
        self.goals, self.shift, self.gamma = goals, shift, gamma
        self.batch, self.mixed = batch, mixed
        self.lr, self.fall = lr, fall
        self.generator = torch.Generator().manual_seed(seed)
        self.goal = 0.0
        with building(seed):
            self.q = nn.Sequential(
                nn.Linear(4 + goals, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(),
                nn.Linear(width, 2),
            )  # fmt: skip
        self.target = copy.deepcopy(self.q)
        self.optimizer = torch.optim.Adam(self.q.parameters(), lr=lr, fused=True)

    def learn(self, updates: int, goal: float = 0.0) -> Relabelled:
        """Gradient steps for one goal place (all, with `goals`), on the old steps alone."""
        self.goal = goal
        for update in range(updates):
            self.optimizer.param_groups[0]["lr"] = self.lr * (1 - update / updates)
            improve(self.optimizer, self._loss(), 10.0)
            with torch.no_grad():
                for slow, new in zip(self.target.parameters(), self.q.parameters()):
                    slow.lerp_(new, self.mixed)
        return self

    def asked(self, goal: float) -> Relabelled:
        """The same weights, another goal."""
        self.goal = goal
        return self

    @torch.inference_mode()
    def act(self, obs: np.ndarray) -> np.ndarray:
        """Greedy actions `(B,)` for observations `(B, 4)`."""
        obs = torch.as_tensor(np.asarray(obs, np.float32))
        goal = torch.full((len(obs),), self.goal)
        return self.target(self._inputs(obs, goal)).argmax(1).numpy()

    def _inputs(self, obs, goal):
        obs = obs / self.scale
        return torch.cat([obs, goal[:, None]], dim=1) if self.goals else obs  # (B, 4 or 5)

    def _loss(self):
        rows = torch.randint(len(self.obs), (self.batch,), generator=self.generator)
        obs, nxt, act = self.obs[rows], self.nxt[rows], self.pushes[rows]  # (B, 4), (B, 4), (B,)
        goal = torch.full((self.batch,), self.goal)
        if self.shift:
            moved = torch.zeros_like(obs)
            moved[:, 0] = X_LIMIT * (2 * self._uniform() - 1) - obs[:, 0]
            obs, nxt = obs + moved, nxt + moved
        if self.goals:
            goal = 1.5 * (2 * self._uniform() - 1)
            half = self.batch // 2
            place = self.obs[self.later(rows[:half], self.generator), 0]
            goal[:half] = place + (moved[:half, 0] if self.shift else 0)
        # The new reward, written in. All values are less by 1 / (1 - gamma), those of a life with
        # the score 1 for ever: so Q-values begin near 0 instead of a hundred below the truth.
        rew, cont = at(goal)(obs, act, nxt) - 1, standing(nxt)  # (B,), (B,)
        with torch.no_grad():
            best = self.q(self._inputs(nxt, goal)).argmax(1, keepdim=True)
            after = self.target(self._inputs(nxt, goal)).gather(1, best)[:, 0]
            after = torch.where(cont > 0, after, self.fall)
            wanted = rew + self.gamma * after  # (B,)
        said = self.q(self._inputs(obs, goal)).gather(1, act[:, None])[:, 0]
        return nn.functional.smooth_l1_loss(said, wanted)

    def _uniform(self):
        return torch.rand(self.batch, generator=self.generator)


def later_rows(data: Transitions, seed: int):
    """A function that draws for each row `(B,)` a later row of the same episode."""
    last = np.append(np.flatnonzero(np.diff(data.episode)), len(data) - 1)
    ends = torch.as_tensor(last[np.searchsorted(last, np.arange(len(data)))])  # (N,)

    def draw(rows, generator):
        ahead = torch.rand(len(rows), generator=generator) * (ends[rows] - rows + 1)
        return rows + ahead.long()

    return draw
