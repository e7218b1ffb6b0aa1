"""An actor and a critic that learn from imagined futures, and never see a real one.

    R[t] = rew[t] + gamma cont[t] ((1 - lam) v[t+1] + lam R[t+1]),   R[H] = v[H]

The critic learns to predict the lambda-return R; the actor learns to do more often what returned
more than the critic expected (REINFORCE). Hafner et al. (2023), Dreamer V3; lambda-returns:
Sutton and Barto (2018), section 12.1.
"""

from __future__ import annotations

import copy
import math

import torch
from torch import nn

from wmlib.devices import Device, building, device_of, multinomial, pick_device
from wmlib.models.base import Rollout, State, WorldModel
from wmlib.models.distributions import BINS, twohot_loss, twohot_mean
from wmlib.models.rssm import head
from wmlib.training import improve
from wmlib.worlds.actions import from_index, to_index


def lambda_returns(
    rew: torch.Tensor,
    cont: torch.Tensor,
    value: torch.Tensor,
    gamma: float = 0.99,
    lam: float = 0.95,
) -> torch.Tensor:
    """Returns of imagined futures, bootstrapped with a value.

    Args:
        rew, cont: `(B, H)` of the step from state t to state t + 1.
        value: `(B, H + 1)` of every state.

    Returns:
        `(B, H)`. Where `cont` is 0 nothing that comes after counts, the value included.
    """
    after, returns = value[:, -1], []
    for t in reversed(range(rew.shape[1])):
        after = rew[:, t] + gamma * cont[:, t] * ((1 - lam) * value[:, t + 1] + lam * after)
        returns.append(after)
    return torch.stack(returns[::-1], 1)


def discount_weights(cont: torch.Tensor, gamma: float = 0.99) -> torch.Tensor:
    """How much each imagined step counts: gamma^t times the chance to get there; `(B, H)`."""
    before = torch.cat([torch.ones_like(cont[:, :1]), gamma * cont[:, :-1]], 1)
    return torch.cumprod(before, 1)


def actor_loss(
    log_prob: torch.Tensor,
    entropy: torch.Tensor,
    advantage: torch.Tensor,
    weight: torch.Tensor,
    bonus: float = 1e-3,
) -> torch.Tensor:
    """L = -E[ weight (stop(advantage) log pi(a | s) + bonus * entropy) ]; all `(B, H)`."""
    return -(weight * (advantage.detach() * log_prob + bonus * entropy)).mean()


class ReturnScale(nn.Module):
    """How far apart returns lie: the range from the 5th to the 95th percentile, averaged.

    Hafner et al. (2023), Dreamer V3.

    Advantages are divided by it, and never by less than 1: small returns are not blown up to
    noise, large ones do not drown the entropy.
    """

    value: torch.Tensor

    def __init__(self, decay: float = 0.99):
        super().__init__()
        self.decay = decay
        self.register_buffer("value", torch.tensor(math.nan, device="cpu", dtype=torch.float32))

    def update(self, returns: torch.Tensor) -> torch.Tensor:
        """Take in returns of any shape; the divisor to use now (scalar)."""
        low, high = torch.quantile(returns.flatten(), returns.new_tensor([0.05, 0.95]))
        old = torch.where(self.value.isnan(), high - low, self.value)
        self.value = self.decay * old + (1 - self.decay) * (high - low)
        return self.value.clamp_min(1.0)


class ActorCritic(nn.Module):
    """Acts on a model's `feat`, for discrete actions, which it numbers from 0.

    Args:
        feat_size: F, of `model.feat(state)`. actions: how many there are; `actions.n_actions` of a
            space says, and refuses what is not discrete.
        hidden: units of each network. gamma, lam: see `lambda_returns`.
        horizon: H, steps imagined. bonus: weight of the entropy.
        lr: learning rate of both. slow: share by which the slow critic follows at each update.
        normalise: divide advantages by the spread of the returns.
        seed: of the initial weights.
        device: where the model is: "cpu", "auto" (a GPU where there is one) or any of torch's.
    """

    def __init__(
        self,
        feat_size: int,
        actions: int,
        hidden: int = 128,
        gamma: float = 0.99,
        lam: float = 0.95,
        horizon: int = 15,
        bonus: float = 1e-3,
        lr: float = 1e-3,
        slow: float = 0.02,
        normalise: bool = True,
        seed: int = 0,
        device: Device = "cpu",
    ):
        super().__init__()
        self.gamma, self.lam, self.horizon, self.bonus = gamma, lam, horizon, bonus
        self.slow_share, self.normalise = slow, normalise
        with building(seed):
            self.actor = head(feat_size, hidden, actions, zero_init=True)
            self.critic = head(feat_size, hidden, len(BINS), zero_init=True)
        self.slow = copy.deepcopy(self.critic)
        self.return_scale = ReturnScale()
        self.to(pick_device(device))
        self.actor_optimiser = torch.optim.Adam(self.actor.parameters(), lr=lr, fused=True)
        self.critic_optimiser = torch.optim.Adam(self.critic.parameters(), lr=lr, fused=True)

    def act(self, feat: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
        """Numbers of actions `(B,)` for features `(B, F)`: drawn, or the likeliest without a
        generator."""
        logits = self.actor(feat.to(device_of(self.actor)))  # (B, actions)
        if generator is None:
            return logits.argmax(-1)
        return multinomial(logits.softmax(-1), generator)

    def value(self, feat: torch.Tensor) -> torch.Tensor:
        """What the slow critic thinks states are worth: `(..., F) -> (...)`."""
        return twohot_mean(self.slow(feat))

    @torch.no_grad()
    def imagine(
        self, model: WorldModel, start: State, generator: torch.Generator
    ) -> tuple[Rollout, torch.Tensor]:
        """What would happen if it acted from B states: a rollout, and features `(B, H + 1, F)`.

        No gradient passes through either.
        """
        first = model.feat(start)  # (B, F)
        # Features are written where they are wanted: stacked in the end, they would be there twice.
        feat = first.new_empty(len(first), self.horizon + 1, first.shape[1])
        places = iter(feat.unbind(1))

        def policy(state):
            now = model.feat(state)
            next(places).copy_(now)
            return from_index(model.act_space, self.act(now, generator))

        rollout = model.imagine(start, policy, self.horizon, generator)
        steps = len(rollout.states)
        feat[:, steps - 1] = model.feat(rollout.states[-1])
        return rollout, feat[:, :steps]

    def learn(self, model: WorldModel, start: State, generator: torch.Generator) -> dict:
        """Imagine from a batch of states, and learn from what was imagined.

        Args:
            model: a WorldModel with `feat(state)`. start: B of its states.

        Returns:
            what happened, as floats: mean return, entropy, scale of the returns, loss of the
            critic.
        """
        with torch.no_grad():
            rollout, feat = self.imagine(model, start, generator)  # feat (B, H + 1, F)
            value = self.value(feat)  # (B, H + 1)
            returns = lambda_returns(rollout.rew, rollout.cont, value, self.gamma, self.lam)
            weight = discount_weights(rollout.cont, self.gamma)  # (B, H)
            scale = self.return_scale.update(returns) if self.normalise else returns.new_ones(())
            advantage = (returns - value[:, :-1]) / scale  # (B, H)
        choices = torch.distributions.Categorical(logits=self.actor(feat[:, :-1]))
        log_prob = choices.log_prob(to_index(model.act_space, rollout.actions))  # (B, H)
        entropy = choices.entropy()  # (B, H)
        loss = actor_loss(log_prob, entropy, advantage, weight, self.bonus)
        improve(self.actor_optimiser, loss, longest=100.0)
        loss = (weight * twohot_loss(self.critic(feat[:, :-1]), returns)).mean()
        improve(self.critic_optimiser, loss, longest=100.0)
        with torch.no_grad():
            for old, new in zip(self.slow.parameters(), self.critic.parameters()):
                old.lerp_(new, self.slow_share)
        return {
            "return": returns.mean().item(),
            "entropy": entropy.mean().item(),
            "scale": scale.item(),
            "critic": loss.item(),
        }
