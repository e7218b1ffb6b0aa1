"""Who was given the same real steps, the same V and M, and does not dream.

    evolution in the world   CMA-ES again, with settings for few real steps instead of many episodes
    offline Q-learning       a value of each action, fitted to the recorded random play, no new step
    dreamt Q-learning        the same learner on as many dreamt steps: only the steps differ
    linear Q-learning        the same steps in the controller's own class: only the class differs
    linear forecast          the next z from the last two z and the actions, by least squares

Settings were chosen on seeds from 1000 up, as the temperature of the dream was.
"""

from __future__ import annotations

import copy

import torch
from torch import nn

from wmlib import evaluation
from wmlib.course.ch06_world_models.cma_controller import CMAController, LinearAgent, RealReturns
from wmlib.course.ch06_world_models.dodge import Dodge
from wmlib.course.ch06_world_models.study import SEEN, random_play
from wmlib.devices import building, new_generator, randint
from wmlib.models import tree_map
from wmlib.models.networks import encode_action
from wmlib.training import improve

DISCOUNT, Q_STEPS, Q_UNITS = 0.9, 3000, 64
POPULATION, ROLLOUTS = 16, 4  # of the search with few real steps


def evolve_in_world(model, seed, steps=SEEN, population=POPULATION, rollouts=ROLLOUTS):
    """CMA-ES in the real world until so many real steps are taken: `(actions, F + 1)`.

    The first step size needs no tuning: from zero, an argmax is the same at every scale.
    """
    score = RealReturns(model, Dodge(), rollouts)
    search = CMAController(model.feat_size, model.act_space.n, population, seed=seed)
    found = search.parameters
    while score.steps < steps:
        found = search.parameters  # a generation that goes beyond the budget is not used
        search.fit(score, 1)
    return found


@torch.inference_mode()
def transitions(model, streams):
    """Recorded play as V and M see it: feat, act, cont, next feat of N real steps.

    Returns:
        `(N, F)`, `(N,)`, `(N,)`, `(N, F)`.
    """
    seen = streams.all(100)  # as M is taught
    z, _ = model.vision.encode_all(seen.obs)  # (B, T, S)
    act = encode_action(model.act_space, seen.act)  # (B, T - 1, A)
    hidden = model.memory.unroll(z, act, seen.first).hidden  # (B, T - 1, H), after frames 0, 1, ...
    hidden = torch.cat([torch.zeros_like(hidden[:, :1]), hidden], 1)  # (B, T, H)
    feat = torch.cat([z, hidden * (~seen.first)[..., None]], -1)  # (B, T, F)
    real = ~seen.first[:, 1:]  # (B, T - 1)
    return feat[:, :-1][real], seen.act[real], seen.cont[real], feat[:, 1:][real]


@torch.inference_mode()
def dreamt_transitions(model, starts, seed, steps=SEEN, copies=512):
    """As many steps of the same restless player, dreamt at temperature 1: as `transitions`."""
    model.temperature, generator = 1.0, new_generator(seed)

    def begun():
        pick = randint(len(starts.z), (copies,), generator, "cpu")
        return tree_map(lambda x: x[pick], starts)

    state, act, rows = begun(), randint(3, (copies,), generator, "cpu"), []
    for _ in range(steps // copies):
        new = randint(3, (copies,), generator, "cpu")
        act = torch.where(torch.rand(copies, generator=generator) < 0.25, new, act)
        after, _, cont = model.step(state, act, generator)
        on = torch.rand(copies, generator=generator) < cont
        rows.append((model.feat(state), act, on.float(), model.feat(after)))
        fresh = begun()
        state = type(after)(*(torch.where(on[:, None], a, b) for a, b in zip(after, fresh)))
    return tuple(torch.cat(column) for column in zip(*rows))


def offline_q(data, seed, steps=Q_STEPS, discount=DISCOUNT, batch=256, lr=1e-3):
    """A network of the value of each action, `(B, F) -> (B, actions)`, from recorded steps alone.

    Q-learning with a slow copy (Mnih et al. 2015) in which the network chooses and the copy values
    (van Hasselt et al. 2016). An end costs 1, everything else nothing.
    """
    feat, act, cont, after = (column.clone() for column in data)
    generator = new_generator(seed)
    with building(seed):
        units = [nn.Linear(feat.shape[1], Q_UNITS), nn.SiLU(), nn.Linear(Q_UNITS, Q_UNITS)]
        value = nn.Sequential(*units, nn.SiLU(), nn.Linear(Q_UNITS, 3))
    slow, optimiser = copy.deepcopy(value), torch.optim.Adam(value.parameters())
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = lr * max(0.02, 1 - step / steps)
        rows = randint(len(feat), (batch,), generator, "cpu")
        with torch.no_grad():
            chosen = value(after[rows]).argmax(1, keepdim=True)  # (B, 1)
            worth = slow(after[rows]).gather(1, chosen)[:, 0]  # (B,)
            target = cont[rows] - 1 + discount * cont[rows] * worth  # (B,)
        said = value(feat[rows]).gather(1, act[rows, None])[:, 0]  # (B,)
        improve(optimiser, ((said - target) ** 2).mean())
        with torch.no_grad():
            for old, new in zip(slow.parameters(), value.parameters()):
                old.lerp_(new, 0.01)
    return value


def linear_q(data, rounds=60, discount=0.8):
    """The same in C's own class, `(actions, F + 1)`: fitted Q-iteration by least squares."""
    feat, act, cont, after = data
    inputs, nxt = (torch.cat([x, torch.ones(len(x), 1)], 1).double() for x in (feat, after))
    parameters = torch.zeros(3, inputs.shape[1], dtype=torch.float64)
    for _ in range(rounds):
        target = cont - 1 + discount * cont * (nxt @ parameters.T).amax(1)  # (N,)
        rows = [act == k for k in range(3)]
        parameters = torch.stack([ridge(inputs[r], target[r]) for r in rows])
    return parameters.float()


class GreedyAgent(LinearAgent):
    """Takes the action of the largest value, where `LinearAgent` has a linear controller.

    Args:
        model: a WorldModel. value: `feat (B, F) -> (B, actions)`.
    """

    def __init__(self, model, value):
        super().__init__(model, torch.zeros(model.act_space.n, model.feat_size + 1))
        self.value = value

    def choose(self, feat):
        return self.value(feat).argmax(-1)


@torch.inference_mode()
def linear_picture_errors(model, seed, context=8, horizon=10):
    """`study.picture_errors` of a linear forecast `(horizon,)`, learned from M's own data.

    For each horizon k one ridge regression: z[t + k] from z[t - 1], z[t], act[t ... t + k - 1]. It
    predicts the mean of what may come, and not one likely future: for squared error an advantage.
    """
    seen, test = (
        streams.all(length)
        for streams, length in (
            (random_play(Dodge(), seed), horizon + 2),
            (random_play(Dodge(), [seed, 62], 6_400), context + 30),
        )
    )
    (x, act), (y, test_act) = (_codes(model, sequences) for sequences in (seen, test))
    z, guesses = y[:, context - 2 : context], [y[:, context - 1]]  # (N, 2, S)
    for k in range(1, horizon + 1):
        weight = ridge(_inputs(x[:, :2], act[:, 1 : 1 + k]), x[:, 1 + k])
        guesses.append(_inputs(z, test_act[:, context - 1 : context - 1 + k]) @ weight)
    drawn = model.vision.decode(torch.stack(guesses, 1).flatten(0, 1)).clamp(0, 1)  # (N (k+1), ...)
    whole = ~test.first[:, 1:].any(1)
    real = test.obs[whole, context - 1 : context + horizon].numpy() / 255
    return evaluation.picture_errors(real, drawn.numpy().reshape(real.shape))


def _codes(model, sequences):
    """z `(N, T, S)` and actions `(N, T - 1, A)` of the stretches inside an episode."""
    whole = ~sequences.first[:, 1:].any(1)
    z, _ = model.vision.encode_all(sequences.obs[whole])
    return z, encode_action(model.act_space, sequences.act[whole])


def _inputs(z, act):
    """Two z `(N, 2, S)`, k actions `(N, k, A)` and a constant, in one row."""
    return torch.cat([z.flatten(1), act.flatten(1), torch.ones(len(z), 1)], 1)


def ridge(inputs, targets, penalty=1.0):
    """The linear map from `(N, F)` to `(N, S)` of least squares: `(F, S)`."""
    gram = inputs.T @ inputs
    gram.diagonal().add_(penalty)
    return torch.linalg.solve(gram, inputs.T @ targets)
