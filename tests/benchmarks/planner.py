"""Random shooting in a learned model, beside the loop as it is usually written, and sgemm's peak.

The loop imagines one candidate after the other, one step at a time, in torch: once with the same
networks as ours (normalised inputs, learned reward, learned continue), once as short as it can be
(one network for the state, a reward written down, and no end).
"""

from __future__ import annotations

import random
from pathlib import Path

import gymnasium as gym
import numpy as np
import torch
from measure import Row, alternate, sgemm, share_of_peak
from torch import nn

from wmlib.models import NeuralDynamics
from wmlib.planning import RandomShooting

HIDDEN, HEAD = 64, 32


def measure(peers: Path | None) -> list[Row]:
    model = learned()
    return [
        beside(model, 100, 10, "the same loop", lambda: same_loop(model, 100, 10), bar=100),
        beside(model, 100, 10, "the shortest loop", lambda: shortest_loop(100, 10), bar=100),
        beside(model, 50, 20, "the same loop", lambda: same_loop(model, 50, 20)),
        beside(model, 500, 20, "the same loop", lambda: same_loop(model, 500, 20), peak_bar=0.33),
    ]


def learned() -> NeuralDynamics:
    """A model of CartPole's sizes whose head and limits take part, as after `fit`."""
    model = NeuralDynamics(4, gym.spaces.Discrete(2), hidden=HIDDEN)
    model.cont.ends_seen = True
    model.low, model.high = torch.full((4,), -5.0), torch.full((4,), 5.0)
    return model


@torch.no_grad()
def same_loop(model: NeuralDynamics, candidates: int, horizon: int) -> list[int]:
    """One candidate after the other, with the networks of this model; gradients off."""
    best, chosen = -np.inf, []
    for _ in range(candidates):
        state, total, alive = torch.zeros(4), 0.0, 1.0
        plan = [random.randint(0, 1) for _ in range(horizon)]
        for action in plan:
            one_hot = nn.functional.one_hot(torch.tensor(action), 2).float()
            x = (torch.cat([state, one_hot]) - model.norm_in.mean) / model.norm_in.std
            out = model.net(x) * model.norm_out.std + model.norm_out.mean
            state = (state + out[:4]).clamp(model.low, model.high)
            total += alive * out[4].item()
            end = model.cont.net((state - model.cont.norm.mean) / model.cont.norm.std)
            alive *= torch.sigmoid(end).item()
        if total > best:
            best, chosen = total, plan
    return chosen


NET = nn.Sequential(
    nn.Linear(5, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 4)
)


def shortest_loop(candidates: int, horizon: int) -> list[int]:
    """As most begin: one network, a reward written by hand, no end, gradients left on."""
    best, chosen = -np.inf, []
    for _ in range(candidates):
        state, total = torch.zeros(4), 0.0
        plan = [random.randint(0, 1) for _ in range(horizon)]
        for action in plan:
            state = state + NET(torch.cat([state, torch.tensor([float(action)])]))
            total += 1.0 - 0.1 * abs(state[2].item())
        if total > best:
            best, chosen = total, plan
    return chosen


def beside(model, candidates, horizon, name, loop, bar=None, peak_bar=None) -> Row:
    planner, generator = RandomShooting(horizon, candidates), torch.Generator().manual_seed(0)
    state = model.start(np.zeros((1, 4)))

    def plan():
        with torch.inference_mode():  # as `MPC` acts
            return planner.plan(model, state, generator)

    seconds = alternate({"wmlib": plan, name: loop, "product": sgemm()})
    product = seconds.pop("product")
    rows = candidates * horizon
    network = 2 * rows * (6 * HIDDEN + HIDDEN**2 + HIDDEN * 5)
    head = 2 * rows * (4 * HEAD + HEAD**2 + HEAD)
    return Row(
        f"random shooting, {candidates} plans of {horizon} steps, hidden {HIDDEN}",
        "wmlib",
        name,
        seconds,
        peak=share_of_peak(network, seconds["wmlib"], product),
        bar=bar,
        peak_bar=peak_bar,
        note="share of peak by the dynamics' products; "
        f"the continue head has {head / network:.0%} more",
    )
