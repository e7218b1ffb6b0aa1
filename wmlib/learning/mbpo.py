"""Dyna with networks: a Q-network that learns from short branches of imagination.

    repeat:  branch off from real states, k steps long, acting by the current Q
             learn Q from the real and the imagined transitions together

The loop is Sutton's Dyna; what is new is that the model is an ensemble of networks, and that the
branches are kept short because its errors compound (Janner et al. 2019, MBPO). Theirs is an
actor-critic for continuous actions; this one is a double DQN for discrete ones.
"""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import nn

from wmlib.models.networks import mlp


class BranchedQ:
    """Q-learning on real transitions and on branches imagined from them.

    Args:
        model: a `WorldModel` of vector observations with discrete actions.
        data: real `Transitions`.
        length: k, steps of a branch; 0 learns from the real transitions alone.
        imagined: transitions imagined between refreshes, whatever the length of a branch.
        width, lr, gamma: of the Q-network, of Adam, of the return.
        seed: everything random comes from it.
    """

    def __init__(
        self, model, data, length: int, imagined=600, width=64, lr=1e-3, gamma=0.98, seed=0
    ):
        if length < 0:
            raise ValueError(f"a branch has 0 steps or more, got length={length}")
        self.model, self.length, self.imagined, self.gamma = model, length, imagined, gamma
        self.generator = torch.Generator().manual_seed(seed)
        self.actions = int(model.act_space.n)
        self.norm = torch.as_tensor(data.obs.mean(0)), torch.as_tensor(data.obs.std(0) + 1e-6)
        self.q = mlp([data.obs.shape[1], width, width, self.actions], self.generator)
        self.target = copy.deepcopy(self.q)
        self.optimiser = torch.optim.Adam(self.q.parameters(), lr=lr)
        columns = (data.obs, data.act, data.rew, data.next_obs, 1.0 - data.terminated)
        self.real = [torch.as_tensor(np.asarray(c)) for c in columns]
        self.real = [c.float() if c.is_floating_point() else c for c in self.real]
        self.pool = self.real

    def values(self, obs, net=None):
        """Q of every action: `(B, D) -> (B, A)`."""
        mean, std = self.norm
        return (net or self.q)((obs - mean) / std)

    @torch.inference_mode()
    def act(self, obs):
        """Greedy actions, as an agent: `(B, D) -> (B,)` numpy integers."""
        return self.values(torch.as_tensor(obs, dtype=torch.float32)).argmax(1).numpy()

    @torch.inference_mode()
    def branch(self, epsilon=0.2):
        """Imagine anew: `imagined` transitions, in branches of `length` steps from real states."""
        starts = max(1, self.imagined // self.length)
        pick = torch.randint(len(self.real[0]), (starts,), generator=self.generator)
        state, rows, alive = self.model.start(self.real[0][pick].numpy()), [], torch.ones(starts)
        for _ in range(self.length):
            obs = self.model.decode(state)
            action = self.values(obs).argmax(1)
            stray = torch.rand(starts, generator=self.generator) < epsilon
            chance = torch.randint(self.actions, (starts,), generator=self.generator)
            action = torch.where(stray, chance, action)
            state, rew, cont = self.model.step(state, action, self.generator)
            rows.append((obs, action, rew, self.model.decode(state), cont, alive))
            alive = alive * (cont > 0.5)
        *columns, alive = (torch.cat(column) for column in zip(*rows))
        return [column[alive > 0].clone() for column in columns]

    def learn(self, updates=1500, refresh=100, batch=128):
        """Gradient steps; every `refresh` of them the branches grow anew. Returns self."""
        for step in range(updates):
            if step % refresh == 0:
                self.target.load_state_dict(self.q.state_dict())
                self.pool = self.real
                if self.length:
                    self.pool = [torch.cat(pair) for pair in zip(self.real, self.branch())]
            rows = torch.randint(len(self.pool[0]), (batch,), generator=self.generator)
            obs, act, rew, nxt, cont = (column[rows] for column in self.pool)
            with torch.no_grad():
                best = self.values(nxt).argmax(1, keepdim=True)
                future = self.values(nxt, self.target).gather(1, best)[:, 0]
                wanted = rew + self.gamma * cont * future
            found = self.values(obs).gather(1, act.long()[:, None])[:, 0]
            loss = nn.functional.smooth_l1_loss(found, wanted)
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()
        return self
