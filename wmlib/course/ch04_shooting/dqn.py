"""DQN: the model-free baseline. A network learns the value of actions, and nothing of the world.

    Q(s, a)  <-  r + gamma * (1 - terminated) * max_b Q_target(s', b)

(Mnih et al. 2015), with the settings that RL Baselines3 Zoo tuned for CartPole: gather 256 steps,
freeze a copy of the network as the target, take 128 gradient steps, repeat. Measured beside
stable-baselines3's own DQN with those settings, it needs no more real steps.

Truncated is not terminated: an episode cut off by the clock still had a future, so its last
transition bootstraps like any other.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from itertools import islice

import numpy as np
import torch
from torch import nn

from wmlib.acting import play
from wmlib.devices import building, new_rng
from wmlib.experience import Transitions
from wmlib.training import improve
from wmlib.worlds import World, as_world
from wmlib.worlds.actions import draw_actions, from_index, n_actions, to_index
from wmlib.worlds.gym import Source


class DQN:
    """Deep Q-learning on a world with discrete actions and vector observations.

    Args:
        world: a `World`, a gymnasium environment or its id.
        reward: `reward(obs, action, next_obs) -> (B,)` to learn from instead of the world's own.
        width: units in each of the two hidden layers.
        lr: learning rate of Adam.
        gamma: discount.
        warm_up: real steps with random actions before the first update.
        train_every, updates: after so many real steps, so many gradient steps.
        batch: transitions a gradient step looks at.
        explore_steps, final_epsilon: epsilon falls from 1 to `final_epsilon` over these steps.
        capacity: transitions remembered; the oldest make room.
        seed: everything random comes from it.

    Attributes:
        mirror: remember every step twice, as it was and with left and right exchanged (for a world
            with two actions in which that is true).

    Raises:
        TypeError: if the world's actions are not `Discrete`.
    """

    mirror = False

    def __init__(
        self,
        world: World | Source,
        *,
        reward: Callable | None = None,
        width: int = 256,
        lr: float = 2.3e-3,
        gamma: float = 0.99,
        warm_up: int = 1000,
        train_every: int = 256,
        updates: int = 128,
        batch: int = 64,
        explore_steps: int = 8000,
        final_epsilon: float = 0.04,
        capacity: int = 100_000,
        seed: int = 0,
    ):
        self.world = as_world(world)
        self.actions = n_actions(self.world.act_space, "DQN")
        shape = self.world.obs_space.shape
        if shape is None or len(shape) != 1:
            raise TypeError(
                f"DQN reads vectors: wanted observations of shape (O,), got {self.world.obs_space}"
            )
        self.reward, self.gamma = reward, gamma
        self.warm_up, self.train_every, self.updates, self.batch = (
            warm_up,
            train_every,
            updates,
            batch,
        )
        self.explore_steps, self.final_epsilon = explore_steps, final_epsilon
        self.rng = new_rng(seed)
        self.real_steps = self.rows = 0

        inputs = shape[0]
        with building(seed):
            self.q = nn.Sequential(
                nn.Linear(inputs, width),
                nn.ReLU(),
                nn.Linear(width, width),
                nn.ReLU(),
                nn.Linear(width, self.actions),
            )
        self.target = copy.deepcopy(self.q)
        self.optimizer = torch.optim.Adam(self.q.parameters(), lr=lr, fused=True)

        self.replay: dict[str, np.ndarray] = {
            "obs": np.zeros((capacity, inputs), np.float32),
            "act": np.zeros(capacity, np.int64),
            "rew": np.zeros(capacity, np.float32),
            "next_obs": np.zeros((capacity, inputs), np.float32),
            "terminated": np.zeros(capacity, np.float32),
        }
        self.capacity = capacity
        self.playing = play(self.world, self.explore, rng=self.rng)

    def epsilon(self) -> float:
        """The share of random actions now."""
        if self.real_steps < self.warm_up:
            return 1.0
        done = min(self.real_steps / self.explore_steps, 1.0)
        return 1.0 + done * (self.final_epsilon - 1.0)

    @torch.inference_mode()
    def act(self, obs: np.ndarray) -> np.ndarray:
        """The greedy actions `(B,)` for observations `(B, O)`."""
        best = self.q(torch.from_numpy(np.asarray(obs, np.float32))).argmax(1).numpy()
        return from_index(self.world.act_space, best)

    def explore(self, obs: np.ndarray) -> np.ndarray:
        """The action `(1,)` for one observation `(1, O)` while learning: epsilon-greedy."""
        if self.rng.random() < self.epsilon():
            return draw_actions(self.world.act_space, 1, self.rng)
        return self.act(obs)

    def learn(self, steps: int) -> DQN:
        """Act for `steps` more real steps and learn from them. May be called again and again."""
        for step in islice(self.playing, steps):
            self._remember(step)
            due = self.real_steps % self.train_every == 0
            if due and self.real_steps > self.warm_up:
                self._train()
        return self

    def relabel(self, reward: Callable, updates: int = 0) -> DQN:
        """Another reward, from now on and in all that is remembered; the weights stay.

        Args:
            updates: gradient steps on the old transitions with the new reward, before a new one.
        """
        known, self.reward = min(self.rows, self.capacity), reward
        names = ("obs", "act", "next_obs")
        rows = (torch.from_numpy(self.replay[name][:known]) for name in names)
        self.replay["rew"][:known] = reward(*rows).numpy()
        for _ in range(-(-updates // self.updates)):
            self._train()
        return self

    def remembered(self) -> Transitions:
        """The replay as `Transitions`, in the order in which it was lived."""
        known = min(self.rows, self.capacity)
        obs, act, rew, nxt, terminated = (column[:known].copy() for column in self.replay.values())
        cut = np.append((obs[1:] != nxt[:-1]).any(1) & (terminated[:-1] == 0), True)
        over = (terminated > 0) | cut
        episode = np.append(0, np.cumsum(over)[:-1])
        return Transitions(obs, act, rew, nxt, terminated > 0, cut & (terminated == 0), episode)

    def _remember(self, step):
        rew = step.rew
        if self.reward is not None:
            rew = self.reward(step.obs, step.act, step.next_obs)
        act = int(to_index(self.world.act_space, step.act)[0])
        ended = step.terminated[0]
        self._keep(step.obs[0], act, float(rew[0]), step.next_obs[0], ended)
        if self.mirror:
            self._keep(
                -step.obs[0], self.actions - 1 - act, float(rew[0]), -step.next_obs[0], ended
            )
        self.real_steps += 1

    def _keep(self, *row):
        for column, value in zip(self.replay.values(), row):
            column[self.rows % self.capacity] = value
        self.rows += 1

    def _train(self):
        """`updates` gradient steps toward a target that stands still meanwhile."""
        self.target.load_state_dict(self.q.state_dict())
        known = min(self.rows, self.capacity)
        for _ in range(self.updates):
            pick = self.rng.integers(known, size=self.batch)
            drawn = {name: torch.from_numpy(kept[pick]) for name, kept in self.replay.items()}
            improve(self.optimizer, td_loss(self.q, self.target, drawn, self.gamma), 10.0)


def td_loss(q: nn.Module, target: nn.Module, batch: dict, gamma: float) -> torch.Tensor:
    """Huber loss between Q(s, a) and its one-step target.

    Args:
        q, target: networks `(B, O) -> (B, actions)`.
        batch: tensors `obs (B, O)`, `act (B,)`, `rew (B,)`, `next_obs (B, O)`, `terminated (B,)`.
        gamma: discount.
    """
    with torch.no_grad():
        after = target(batch["next_obs"]).max(1).values
        wanted = batch["rew"] + gamma * (1 - batch["terminated"]) * after
    said = q(batch["obs"]).gather(1, batch["act"][:, None])[:, 0]
    return nn.functional.smooth_l1_loss(said, wanted)
