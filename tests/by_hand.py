"""Sums in plain Python, and small things that tests of targets share."""

import math

import gymnasium as gym
import numpy as np
import torch

from wmlib.experience import Transitions
from wmlib.models import Ensemble


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def loud(*modules):
    """Outputs that begin at zero would hide what they are compared with."""
    for module in modules:
        torch.nn.init.normal_(module.weight, std=0.5, generator=chance(1))


def mean(numbers):
    numbers = list(numbers)
    return sum(numbers) / len(numbers)


def surprise(logit, goes_on):
    """-log of the probability that was given to what happened."""
    p = 1 / (1 + math.exp(-float(torch.as_tensor(logit).detach())))
    return -math.log(p if goes_on else 1 - p)


def bins_surprise(logits, number):
    """Cross-entropy of 61 bins from -6 to 6 in symlog with the two bins around a number."""
    log_p = logits.detach().double().log_softmax(-1)
    place = (math.copysign(math.log1p(abs(number)), number) + 6) / 0.2
    below = min(59, math.floor(place))
    above = place - below
    return -float((1 - above) * log_p[below] + above * log_p[below + 1])


def spied(owner, name, seen):
    """The method itself, which also writes down what it was given and what it answered."""
    method = getattr(owner, name)

    def spy(*args, **kwargs):
        answer = method(*args, **kwargs)
        seen.append((args, answer))
        return answer

    setattr(owner, name, spy)


def rows(obs, act, rew, nxt, terminated):
    """`Transitions` of one episode."""
    n = len(obs)
    obs, rew, nxt = (np.asarray(column, np.float32) for column in (obs, rew, nxt))
    ends = np.asarray(terminated, bool), np.zeros(n, bool)
    return Transitions(obs, np.asarray(act), rew, nxt, *ends, np.zeros(n, int))


class Doubtful(Ensemble):
    """Two members that disagree by the first number of the state, which the action moves on."""

    def __init__(self):
        super().__init__(1, gym.spaces.Box(-9, 9, (1,), np.float32), members=2, hidden=2)

    def distribution(self, obs, action):
        nxt = obs + torch.as_tensor(action).float().reshape(-1, 1)
        members = torch.stack([nxt - obs / 2, nxt + obs / 2])
        return torch.cat([members, torch.zeros(2, len(obs), 1)], -1), torch.zeros(())

    def spread(self, obs, dim=0):
        return obs[1, :, 0] - obs[0, :, 0]
