"""What a return in a dream is worth: players who know nothing are sent into the same dream.

Four players, in dreams of every temperature and in the world: random actions, standing still, and the
controllers of the dreams of temperature 1 and 0.1. A dream is cut at 300 steps, the world at 500.
"""

from __future__ import annotations

import torch

from wmlib.course.ch06_world_models.cma_controller import choose
from wmlib.course.ch06_world_models.study import TEMPERATURES, baselines, real
from wmlib.models import tree_map

STEPS = 300  # a dream's end
PLAYERS = ("random", "still", "warm", "cold")


def at_random(feat, generator):
    """A policy that reads nothing: `(B, F) -> (B,)`."""
    return torch.randint(3, (len(feat),), generator=generator)


def standing(feat, generator):
    """A policy that stays where it is."""
    return torch.ones(len(feat), dtype=torch.long)


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


def in_every_dream(model, starts, policy, seed):
    """Mean steps survived in the dream of each of TEMPERATURES."""
    return [dream_lives(model, starts, t, policy, seed).mean() for t in TEMPERATURES]


def ignorant(model, starts, seed):
    """Players who know nothing: `{"random": [in each dream], "still": [...]}`, and in the world."""
    known = baselines([seed, 66])
    return {
        "random": in_every_dream(model, starts, at_random, seed),
        "still": in_every_dream(model, starts, standing, seed),
        "random_world": known["random"],
        "still_world": known["still"],
    }


def skilled(model, starts, controllers, seed):
    """The same of controllers `{"warm": (A, F + 1), "cold": ...}`."""
    found = {}
    for name, parameters in controllers.items():
        found[name] = in_every_dream(model, starts, linear(parameters), seed)
        found[f"{name}_world"] = real(model, parameters, [seed, 66]).mean()
    return found


def scalars(figures):
    """Numbers of their own of what `ignorant` and `skilled` found, for those that claims read."""
    column = {
        name: TEMPERATURES.index(t) for name, t in (("cold", 0.1), ("warm", 1.0), ("hot", 1.3))
    }
    places = {"random": column, "still": column, "warm": ["warm"], "cold": ["cold"]}
    return {
        f"{name}_in_{place}": figures[name][column[place]]
        for name, found in places.items()
        if name in figures
        for place in found
    }
