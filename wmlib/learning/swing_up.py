"""Learning to swing a pendulum up: collect, fit a network, plan in it, collect with the plan.

The outer loop of PETS (Chua et al. 2018) with one network.
"""

from __future__ import annotations

from wmlib.experience import Transitions, collect
from wmlib.models import NeuralDynamics
from wmlib.planning import CEM, MPC
from wmlib.worlds import Pendulum
from wmlib.worlds.base import World

# The planner of the swing-up: settings of `CEM`.
SWING = {"horizon": 20, "candidates": 50, "iterations": 3, "elites": 6}


def pendulum_network(data: Transitions, seed: int) -> NeuralDynamics:
    """One network of 2 x 64 for the pendulum: change of state, and the reward."""
    model = NeuralDynamics(3, Pendulum.act_space, seed=10_000 * seed + len(data))
    model.fit(data, steps=1500, lr=3e-3)
    return model


def pendulum_steps(steps: int, seed: int, world: World | None = None) -> Transitions:
    """200 random real steps, then an episode of the agent's own at a time, up to `steps`.

    One torque in five of its own episodes is random: without it the data shows one way up.
    """
    world = world or Pendulum()
    data = collect(world, None, 200, seed=[seed, 0])
    while len(data) < steps:
        agent = MPC(pendulum_network(data, seed), CEM(**SWING), seed=seed)
        more = collect(world, agent, 200, seed=[seed, len(data)], random_share=0.2)
        data = data + more
    return data
