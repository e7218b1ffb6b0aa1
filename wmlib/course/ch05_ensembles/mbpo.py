"""Dyna with networks: a Q-network that learns from short branches of imagination.

    repeat:  branch off from real states, k steps long, acting by the current Q
             learn Q from the real and the imagined transitions together

One step a branch, k = 1, is Sutton's Dyna-Q. Janner et al. (2019, MBPO) follow the current policy
for k > 1 steps, in an ensemble of networks. Theirs is an actor-critic for continuous actions; this
one is a double DQN for discrete ones.
"""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import nn

from wmlib.devices import new_generator, rand, randint
from wmlib.evaluation import evaluate
from wmlib.experience import COLUMNS, Transitions, collect
from wmlib.models import Ensemble
from wmlib.models.base import WorldModel
from wmlib.models.networks import Units, mlp
from wmlib.planning.goals import standing, upright
from wmlib.training import improve, learning
from wmlib.worlds import CartPole
from wmlib.worlds.actions import from_index, n_actions, to_index


class BranchedQ:
    """Q-learning on real transitions and on branches imagined from them.

    Args:
        model: a `WorldModel` of vector observations with discrete actions. Q lives on its device.
        data: real `Transitions`.
        length: k, steps of a branch; 0 learns from the real transitions alone.
        imagined: transitions imagined between refreshes, whatever the length of a branch.
        width, lr, gamma: of the Q-network, of Adam, of the return.
        seed: everything random comes from it.
        epsilon: share of random actions on a branch; 1 does not follow the current policy at all.
    """

    def __init__(
        self,
        model: WorldModel,
        data: Transitions,
        length: int,
        imagined: int = 600,
        width: int = 64,
        lr: float = 1e-3,
        gamma: float = 0.98,
        seed: int = 0,
        epsilon: float = 0.2,
    ):
        if length < 0:
            raise ValueError(f"a branch has 0 steps or more, got length={length}")
        if data.obs.ndim != 2:
            raise ValueError(f"BranchedQ reads observations (N, D), got shape {data.obs.shape}")
        self.model, self.length, self.imagined, self.gamma = model, length, imagined, gamma
        self.epsilon = epsilon
        self.actions = n_actions(model.act_space, "BranchedQ")
        self.generator, self.starts = new_generator(seed), data.obs
        self.units = Units(data.obs.shape[1])
        self.units.fit(torch.as_tensor(data.obs, dtype=torch.float64, device="cpu"))
        obs, nxt = self._read(data.obs), self._read(data.next_obs)  # (N, D)
        mean, std = obs.cpu().numpy().mean(0), obs.cpu().numpy().std(0)
        self.norm = [torch.as_tensor(x, device=obs.device) for x in (mean, std + 1e-6)]
        self.q = mlp([obs.shape[1], width, width, self.actions], self.generator).to(obs.device)
        self.target = copy.deepcopy(self.q)
        self.optimiser = torch.optim.Adam(self.q.parameters(), lr=lr)
        act = torch.as_tensor(to_index(model.act_space, data.act), device=obs.device).long()
        rew, cont = (
            torch.as_tensor(np.asarray(column, np.float32), device=obs.device)
            for column in (data.rew, 1.0 - data.terminated)
        )
        self.real = [obs, act, rew, nxt, cont]
        self.pool = self.real

    def values(self, obs: torch.Tensor, net: nn.Module | None = None) -> torch.Tensor:
        """Q of every action: `(B, D) -> (B, A)`."""
        mean, std = self.norm
        return (net or self.q)((obs - mean) / std)

    @torch.inference_mode()
    def act(self, obs, first=None) -> np.ndarray:
        """Greedy actions, as an agent: `(B, D) -> (B,)` numpy integers."""
        best = self.values(self._read(obs)).argmax(1).cpu().numpy()
        return from_index(self.model.act_space, best)

    @torch.inference_mode()
    def branch(self, epsilon: float | None = None) -> list[torch.Tensor]:
        """Imagine anew: `imagined` transitions, in branches of `length` steps from real states."""
        epsilon = self.epsilon if epsilon is None else epsilon
        starts = max(1, self.imagined // self.length)
        pick = randint(len(self.starts), (starts,), self.generator, "cpu").numpy()
        state, rows = self.model.start(self.starts[pick]), []
        obs = self._read(self.model.decode(state))  # (B, D)
        alive = obs.new_ones(starts)
        for _ in range(self.length):
            action = self.values(obs).argmax(1)  # (B,)
            stray = rand((starts,), self.generator, alive) < epsilon
            chance = randint(self.actions, (starts,), self.generator, obs.device)
            action = torch.where(stray, chance, action)
            taken = from_index(self.model.act_space, action)
            state, rew, cont = self.model.step(state, taken, self.generator)
            nxt = self._read(self.model.decode(state))
            rows.append((obs, action, rew, nxt, cont, alive))
            alive = alive * (cont > 0.5)
            obs = nxt
        *columns, alive = (torch.cat(column) for column in zip(*rows))
        return [column[alive > 0].clone() for column in columns]

    @learning
    def learn(self, updates: int = 1500, refresh: int = 100, batch: int = 128) -> BranchedQ:
        """Gradient steps; every `refresh` of them the branches grow anew. Returns self."""
        for step in range(updates):
            if step % refresh == 0:
                self.target.load_state_dict(self.q.state_dict())
                self.pool = self.real
                if self.length:
                    self.pool = [torch.cat(pair) for pair in zip(self.real, self.branch())]
            rows = randint(len(self.pool[0]), (batch,), self.generator, "cpu")
            obs, act, rew, nxt, cont = (column[rows] for column in self.pool)
            with torch.no_grad():
                best = self.values(nxt).argmax(1, keepdim=True)  # (batch, 1)
                future = self.values(nxt, self.target).gather(1, best)[:, 0]  # (batch,)
                wanted = rew + self.gamma * cont * future
            found = self.values(obs).gather(1, act[:, None])[:, 0]  # (batch,)
            improve(self.optimiser, nn.functional.smooth_l1_loss(found, wanted))
        return self

    def _read(self, obs) -> torch.Tensor:
        """Observations of the world or of the model's imagination as the Q-network reads them."""
        obs = torch.as_tensor(obs, device=self.model.device)
        return self.units.into(obs).float()


def shaped(data: Transitions) -> Transitions:
    """The same steps with chapter 4's shaped score as their reward: who uses it was told the aim."""
    rew = upright(None, None, torch.as_tensor(data.next_obs)).numpy()
    return Transitions(*(rew if name == "rew" else getattr(data, name) for name in COLUMNS))


def learn_online(seed: int, length: int, rounds: int = 4, each: int = 100) -> list[float]:
    """MBPO's loop: fit the model, imagine branches, improve Q, act with it, and again.

    Begins with 200 random real steps and adds `each` of its own every round. The Q-network begins
    anew each round and takes 1,000 gradient steps, whatever `length` is.

    Returns:
        steps balanced, mean of ten fresh episodes, after 200, 200 + each, ... real steps.
    """
    data, balanced = shaped(collect(CartPole(), None, 200, seed=[seed, 195])), []
    for round_ in range(rounds):
        model = Ensemble(4, CartPole.act_space, seed=seed + 100 * round_)
        if length:
            model.fit(data, steps=500)
        aim = model.goal(rew=upright, cont=standing)
        settings = {"imagined": 1000, "gamma": 0.95, "seed": seed + 1000 * round_}
        agent = BranchedQ(aim, data, length, **settings).learn(1000)
        balanced.append(evaluate(CartPole(), agent.act, 10, seed=[seed, 196]).returns.mean())
        more = collect(CartPole(), agent.act, each, [seed, 197 + round_], random_share=0.2)
        data = data + shaped(more)
    return balanced
