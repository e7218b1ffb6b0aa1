"""Exploration by disagreement: a hanging pendulum, and what is known of all its states."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.course.ch05_ensembles.doubt import pendulum_ensemble
from wmlib.course.ch05_ensembles.rivals import Held
from wmlib.devices import new_rng
from wmlib.experience import collect
from wmlib.models import Cautious
from wmlib.planning import CEM, MPC
from wmlib.worlds import Pendulum

ROUNDS = 6  # of 100 real steps each


class Hanging(Pendulum):
    """The pendulum at rest at the bottom: random torques hardly ever lift it."""

    max_steps = 100

    def initial(self, n, rng):
        return np.stack([np.pi + rng.uniform(-0.1, 0.1, n), rng.uniform(-0.1, 0.1, n)], axis=1)


def nothing(model):
    """The model without any reward."""
    return model.goal(rew=lambda obs, action, next_obs: torch.zeros(len(next_obs)))


def curious(model, data=None, seed=0):
    """An agent that plans for nothing but its model's disagreement: a negative price on doubt."""
    return MPC(Cautious(nothing(model), penalty=-1.0), PLANNER, seed=seed)


def held_torques(model, data, seed=0):
    """No model: random torques, each held for ten steps."""
    return Held(Pendulum.act_space, 10, seed)


PLANNER = CEM(horizon=12, candidates=30, iterations=2, elites=5)


def explore(agent_of, seed):
    """100 random real steps and five times 100 more: (error after each hundred, share at the top).

    Args:
        agent_of: `(model, data, seed) -> agent`, or None for random torques.
    """
    data, errors = collect(Hanging(), steps=100, seed=[seed, 80]), []
    for round_ in range(ROUNDS):
        model = pendulum_ensemble(data, seed + 100 * round_, steps=500)
        errors.append(error_everywhere(model))
        if round_ < ROUNDS - 1:
            agent = agent_of(model, data, seed) if agent_of else None
            data = data + collect(Hanging(), agent, steps=100, seed=[seed, 81 + round_])
    return errors, float((data.obs[:, 0] > 0).mean())


@torch.inference_mode()
def error_everywhere(model, states=1000):
    """Error of the next velocity (rad/s, root mean square) over states drawn evenly from all."""
    rng, world = new_rng(0), Pendulum()
    state = np.stack([rng.uniform(-np.pi, np.pi, states), rng.uniform(-6, 6, states)], axis=1)
    act = rng.uniform(-2, 2, (states, 1)).astype(np.float32)
    nxt = world.step(state, act)[0][:, 1]
    mean, _ = model.distribution(torch.as_tensor(world.obs(state)), torch.as_tensor(act))
    return float(np.sqrt(np.mean((mean[..., 2].mean(0).numpy() - nxt) ** 2)))
