"""What a return in a dream is worth: players who know nothing are sent into the same dream.

Five players, in dreams of every temperature and in the world: random actions, standing still, a blind
sweep from wall to wall, and the controllers of the dreams of temperature 1 and 0.1. A dream is cut at 300 steps, the world at 500.
"""

from __future__ import annotations

import math

import torch

from wmlib.course.ch06_world_models.cma_controller import choose
from wmlib.course.ch06_world_models.study import TEMPERATURES, baselines, real, sweep
from wmlib.models import tree_map
from wmlib.models.base import Step
from wmlib.models.mdn_rnn import sample
from wmlib.models.vision_memory import VisionMemoryState

STEPS = 300  # a dream's end
PLAYERS = ("random", "still", "sweep", "warm", "cold")


def at_random(feat, generator):
    """A policy that reads nothing: `(B, F) -> (B,)`."""
    return torch.randint(3, (len(feat),), generator=generator)


def standing(feat, generator):
    """A policy that stays where it is."""
    return torch.ones(len(feat), dtype=torch.long)


def sweeping():
    """A policy that goes from wall to wall, for one batch of lives."""
    policy = sweep()
    return lambda feat, generator: torch.from_numpy(policy(feat))


def linear(parameters):
    """The policy of a controller `(A, F + 1)`."""
    return lambda feat, generator: choose(torch.as_tensor(parameters)[None], feat)


@torch.inference_mode()
def dream_lives(model, starts, temperature, policy, seed, lives=64, steps=STEPS):
    """Steps survived in the dream `(lives,)` by `policy(feat (B, F), generator) -> (B,)`."""
    model.temperature, generator = temperature, torch.Generator().manual_seed(seed)
    pick = torch.randint(len(starts.z), (lives,), generator=generator)
    state = tree_map(lambda x: x[pick], starts)
    survived, alive = torch.zeros(lives), torch.arange(lives)
    for _ in range(steps):
        state, _, cont = model.step(state, policy(model.feat(state), generator), generator)
        survived[alive] += 1
        go_on = torch.rand(len(cont), generator=generator) < cont
        state, alive = tree_map(lambda x, go_on=go_on: x[go_on], state), alive[go_on]
        if not len(alive):
            break
    return survived.numpy()


def in_every_dream(model, starts, begun, seed):
    """Mean steps survived in the dream of each of TEMPERATURES; `begun() -> policy`."""
    return [dream_lives(model, starts, t, begun(), seed).mean() for t in TEMPERATURES]


def ignorant(model, starts, seed):
    """Players who know nothing: `{"random": [in each dream], "still": [...]}`, and in the world."""
    known = baselines([seed, 66])
    return {
        "random": in_every_dream(model, starts, lambda: at_random, seed),
        "still": in_every_dream(model, starts, lambda: standing, seed),
        "sweep": in_every_dream(model, starts, sweeping, seed),
        "random_world": known["random"],
        "still_world": known["still"],
        "sweep_world": known["sweep"],
    }


def skilled(model, starts, controllers, seed):
    """The same of controllers `{"warm": (A, F + 1), "cold": ...}`."""
    found = {}
    for name, parameters in controllers.items():
        found[name] = in_every_dream(
            model, starts, lambda parameters=parameters: linear(parameters), seed
        )
        found[f"{name}_world"] = real(model, parameters, [seed, 66]).mean()
    return found


def scalars(figures):
    """Numbers of their own of what `ignorant` and `skilled` found, for those that claims read."""
    column = {
        name: TEMPERATURES.index(t) for name, t in (("cold", 0.1), ("warm", 1.0), ("hot", 1.3))
    }
    places = dict.fromkeys(("random", "still", "sweep"), column)
    places |= {"warm": ["warm"], "cold": ["cold"]}
    return {
        f"{name}_in_{place}": figures[name][column[place]]
        for name, found in places.items()
        if name in figures
        for place in found
    }


# --- the two causes of a cold dream, apart --------------------------------------------------------


class Apart:
    """A dream in which the weights of the mixture have one temperature and its noise another."""

    def __init__(self, model, weights, noise):
        self.model, self.weights, self.noise = model, weights, noise
        self.feat, self.decode = model.feat, model.decode

    def step(self, state, action, generator=None):
        """As `VisionMemory.step`; dividing log-weights and scaling deviations is what heat does."""
        memory = self.model._recur(state, action)  # (B, H), (B, H)
        mixture, rew, cont = self.model.memory.heads(memory.hidden)  # (B, S, K), (B,), (B,)
        heated = mixture._replace(
            log_weight=mixture.log_weight / self.weights,
            log_std=mixture.log_std + 0.5 * math.log(self.noise),
        )
        return Step(VisionMemoryState(sample(heated, generator), *memory), rew, torch.sigmoid(cont))


@torch.inference_mode()
def light(dream, starts, seed, dreams=64, steps=40):
    """Mean light above the figure, where balls fall, under random actions: a picture's sum."""
    generator, total = torch.Generator().manual_seed(seed), 0.0
    state = tree_map(lambda x: x[:dreams], starts)
    for _ in range(steps):
        state, _, _ = dream.step(state, at_random(dream.feat(state), generator), generator)
        total += dream.decode(state)[:, 0, :26].sub(0.2).clamp_min(0).sum().item()
    return total / dreams / steps


def causes(model, starts, seed, cold=0.1):
    """Light and the lives of who knows nothing, with neither, one or both of the causes cold."""
    found = {}
    for name, heat in {
        "warm": (1.0, 1.0),
        "weights": (cold, 1.0),
        "noise": (1.0, cold),
        "both": (cold, cold),
    }.items():
        dream = Apart(model, *heat)
        found[f"light_{name}"] = light(dream, starts, seed)
        for who, policy in (("random", at_random), ("still", standing)):
            found[f"{who}_{name}"] = dream_lives(dream, starts, None, policy, seed).mean()
    return found
