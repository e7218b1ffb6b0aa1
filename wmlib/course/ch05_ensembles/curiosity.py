"""Exploration by disagreement: a hanging pendulum, and what is known of all its states."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.models import Cautious
from wmlib.planning import CEM, MPC
from wmlib.worlds import Pendulum


class Hanging(Pendulum):
    """The pendulum at rest at the bottom: random torques hardly ever lift it."""

    max_steps = 100

    def initial(self, n, rng):
        return np.stack([np.pi + rng.uniform(-0.1, 0.1, n), rng.uniform(-0.1, 0.1, n)], axis=1)


def curious(model, seed=0):
    """An agent that plans for nothing but its model's disagreement: a negative price on doubt."""
    nothing = model.goal(rew=lambda obs, action, next_obs: torch.zeros(len(next_obs)))
    planner = CEM(horizon=12, candidates=30, iterations=2, elites=5)
    return MPC(Cautious(nothing, penalty=-1.0), planner, seed=seed)


@torch.inference_mode()
def error_everywhere(model, states=1000):
    """Error of the next velocity (rad/s, root mean square) over states drawn evenly from all."""
    rng, world = np.random.default_rng(0), Pendulum()
    state = np.stack([rng.uniform(-np.pi, np.pi, states), rng.uniform(-6, 6, states)], axis=1)
    act = rng.uniform(-2, 2, (states, 1)).astype(np.float32)
    nxt = world.step(state, act)[0][:, 1]
    mean, _ = model.distribution(torch.as_tensor(world.obs(state)), torch.as_tensor(act))
    return float(np.sqrt(np.mean((mean[..., 2].mean(0).numpy() - nxt) ** 2)))
