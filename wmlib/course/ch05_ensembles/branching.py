"""Branches from a log of random CartPole: how far they are from the truth, and who needs none."""

from __future__ import annotations

import numpy as np
import torch

from wmlib.course.ch05_ensembles.mbpo import BranchedQ
from wmlib.evaluation import evaluate
from wmlib.experience import collect
from wmlib.models import Ensemble, Simulator
from wmlib.planning import CEM, MPC
from wmlib.planning.goals import constant, standing
from wmlib.worlds import CartPole

BRANCHES = [0, 1, 3, 10, 40]


def log_and_model(seed):
    """500 random real steps of CartPole, and an ensemble that knows nothing else."""
    data = collect(CartPole(), None, 500, seed=[seed, 95])
    model = Ensemble(4, CartPole.act_space, seed=seed)
    model.fit(data, steps=800)
    return data, model, model.goal(rew=constant, cont=standing)


def lean(obs):
    """Push the way the pole is falling: a rule that holds it up for a while."""
    return (obs[:, 2] + 0.25 * obs[:, 3] > 0).astype(np.int64)


@torch.inference_mode()
def branch_drift(model, data, seed, length=40, starts=200):
    """How far imagined branches are from the truth after 1, 2, ... steps: `(length,)`.

    Branches off from real states and balances by `lean`, looking at what is imagined; the truth
    follows with the same actions. Mean distance, in the data's deviations, root mean square over
    features.
    """
    generator = torch.Generator().manual_seed(seed)
    pick = torch.randint(len(data.obs), (starts,), generator=generator).numpy()
    truth, spread, off = Simulator(CartPole()), torch.as_tensor(data.obs.std(0)), []
    dream, real = model.start(data.obs[pick]), truth.start(data.obs[pick])
    for _ in range(length):
        action = torch.as_tensor(lean(model.decode(dream).numpy()))
        dream, real = model.step(dream, action)[0], truth.step(real, action)[0]
        gap = (model.decode(dream) - torch.as_tensor(truth.decode(real))) / spread
        off.append(float(gap.pow(2).mean(-1).sqrt().mean()))
    return off


def alike(score):
    """Figures of somebody who is as good whatever the length of a branch: `seed -> figures`."""

    def figures(seed):
        return {"returns": [float(score(seed))] * len(BRANCHES)}

    return figures


def pushed_at_random(seed):
    """Steps balanced with random pushes."""
    return evaluate(CartPole(), None, 20, seed=[seed, 96]).returns.mean()


def planned(seed):
    """Steps balanced by a planner in the same ensemble, with the same reward and ends."""
    agent = MPC(
        log_and_model(seed)[2], CEM(horizon=15, candidates=30, iterations=2, elites=5), seed
    )
    return evaluate(CartPole(), agent, 3, seed=[seed, 96]).returns.mean()


def wandering(seed):
    """Steps balanced after branches of ten *random* actions, which follow no policy."""
    data, _, aim = log_and_model(seed)
    agent = BranchedQ(aim, data, 10, seed=seed, epsilon=1.0).learn()
    return evaluate(CartPole(), agent.act, 20, seed=[seed, 96]).returns.mean()
