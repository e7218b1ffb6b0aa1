"""An actor and a critic that learn from the same imagined rollouts several times: PPO.

Imagining is the dear part of learning in imagination, so what was imagined should be used more than
once. But it is what the *old* actor did: after a step of learning it is no longer quite ours.
Proximal policy optimisation (Schulman et al. 2017) weighs what was done with how much likelier it
has become, and stops where that ratio leaves 1 by more than `clip`::

    L = -E[ min(ratio * advantage, clip(ratio, 1 - clip, 1 + clip) * advantage) ]
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import nn
from torch.distributions import Categorical

from wmlib.devices import Device, building, pick_device
from wmlib.learning.actor_critic import ActorCritic, discount_weights, lambda_returns
from wmlib.models.base import State, WorldModel
from wmlib.models.distributions import twohot_loss, twohot_mean
from wmlib.models.rssm import layer
from wmlib.training import improve
from wmlib.worlds.actions import to_index


def clipped(ratio: torch.Tensor, advantage: torch.Tensor, clip: float = 0.2) -> torch.Tensor:
    """What PPO maximises, for each choice: `(...)` and `(...)` to `(...)`."""
    return torch.minimum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage)


def standardise(advantage: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Advantages shifted and scaled to mean 0 and deviation 1, weighted as they will count."""
    share = weight / weight.sum()
    away = advantage - (share * advantage).sum()
    return away / ((share * away**2).sum().sqrt() + 1e-3)


class PPO(ActorCritic):
    """`ActorCritic` with several steps of learning per rollout, and one layer more.

    Dreamer's actor reads what the model has made of a frame. This one sees the frame: to know
    whether a ball is left or right of a bar it must first find both.

    Args:
        epochs: how often a batch of rollouts is learned from. minibatches: into which it is cut,
            shuffled, each time: so many steps of learning. clip: see the module's text.
        feat_size, actions, hidden, lr, seed, device, settings: see `ActorCritic`. `normalise`
            shifts and scales the advantages of each batch.
    """

    def __init__(
        self,
        feat_size: int,
        actions: int,
        epochs: int = 4,
        minibatches: int = 4,
        clip: float = 0.2,
        hidden: int = 128,
        lr: float = 1e-3,
        seed: int = 0,
        device: Device = "cpu",
        **settings: Any,
    ):
        super().__init__(hidden, actions, hidden=hidden, lr=lr, seed=seed, **settings)
        self.epochs, self.minibatches, self.clip = epochs, minibatches, clip
        with building(seed):
            self.actor = nn.Sequential(*layer(feat_size, hidden), *self.actor)
            self.critic = nn.Sequential(*layer(feat_size, hidden), *self.critic)
        self.slow = copy.deepcopy(self.critic)
        self.to(pick_device(device))
        self.actor_optimiser = torch.optim.Adam(self.actor.parameters(), lr=lr, fused=True)
        self.critic_optimiser = torch.optim.Adam(self.critic.parameters(), lr=lr, fused=True)

    def learn(self, model: WorldModel, start: State, generator: torch.Generator) -> dict:
        """Imagine from a batch of states, and learn from what was imagined, `epochs` times.

        Args:
            model: a WorldModel with `feat(state)`. start: B of its states.

        Returns:
            what happened, as floats: mean return, mean reward of a step, entropy, loss of the
            critic, and the share of choices at which learning was stopped, in the last minibatch.
        """
        with torch.no_grad():
            rollout, feat = self.imagine(model, start, generator)  # feat (B, H + 1, F)
            value = twohot_mean(self.critic(feat))  # (B, H + 1)
            returns = lambda_returns(rollout.rew, rollout.cont, value, self.gamma, self.lam)
            weight = discount_weights(rollout.cont, self.gamma)  # (B, H)
            advantage = returns - value[:, :-1]  # (B, H)
            if self.normalise:
                advantage = standardise(advantage, weight)
            index = to_index(model.act_space, rollout.actions)  # (B, H)
            old = Categorical(logits=self.actor(feat[:, :-1])).log_prob(index)
        parts = feat[:, :-1], index, old, advantage, returns, weight
        parts = [part.flatten(0, 1) for part in parts]  # (B H, ...)
        for _ in range(self.epochs):
            shuffled = torch.randperm(old.numel(), generator=generator, device=generator.device)
            for rows in shuffled.to(old.device).chunk(self.minibatches):
                entropy, stopped, critic_loss = self._update(*(part[rows] for part in parts))
        self.slow.load_state_dict(self.critic.state_dict())
        return {
            "return": returns.mean().item(),
            "reward": rollout.rew.mean().item(),
            "entropy": entropy,
            "critic": critic_loss,
            "stopped": stopped,
        }

    def _update(self, feat, action, old, advantage, returns, weight):
        """One step of learning from N remembered choices: features `(N, F)`, the others `(N,)`."""
        choices = Categorical(logits=self.actor(feat))
        ratio, entropy = (choices.log_prob(action) - old).exp(), choices.entropy()  # (N,), (N,)
        gain = clipped(ratio, advantage, self.clip) + self.bonus * entropy
        improve(self.actor_optimiser, -(weight * gain).mean(), longest=1.0)
        critic_loss = (weight * twohot_loss(self.critic(feat), returns)).mean()
        improve(self.critic_optimiser, critic_loss, longest=100.0)
        stopped = ((ratio - 1).abs() > self.clip).float().mean()
        return entropy.mean().item(), stopped.item(), critic_loss.item()
