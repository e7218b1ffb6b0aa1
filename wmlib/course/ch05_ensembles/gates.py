"""The road of chapter 5: its log, the ensemble, the agents, and what driving comes to."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
import torch

from wmlib.acting import play
from wmlib.course.ch05_ensembles.gated import Gated, familiar
from wmlib.course.ch05_ensembles.rivals import Dropout, Nearest
from wmlib.course.ch05_ensembles.road import Driver, Road, crawl
from wmlib.experience import collect
from wmlib.models import Ensemble
from wmlib.planning import CEM, MPC

GATE_HORIZON = 12  # steps the gate imagines: six seconds, enough to brake from any speed
SHARE = 0.9  # of familiar stretches that the gate lets pass
BY_CHANCE = 0.28  # of the decisions: about what the gate hands over


def road_log(seed, steps=12000, quay=(300.0, 420.0)):
    """A hundred minutes of driving: (training trips, held-out trips)."""
    data = collect(Road(quay=quay), Driver([seed, 50], quay=quay), steps, [seed, 51])
    return data.split(0.25, [seed, 52])


def road_ensemble(train, seed, members=7):
    """Probabilistic networks that know the log and nothing else."""
    model = Ensemble(2, Road.act_space, members=members, seed=5000 + seed)
    model.fit(train, steps=2000, batch=128)
    return model


def bold_driver(model, seed=0):
    """Plans in the ensemble's imagination, with the world's own reward, and trusts it."""
    road = Road()

    def reward(obs, action, next_obs):
        return -road.distance(next_obs) - road.WRECK * road.wrecked(next_obs)

    aim = model.goal(rew=reward, cont=lambda next_obs: 1 - road.wrecked(next_obs).float())
    return MPC(aim, CEM(horizon=12, candidates=40, iterations=3, elites=6), seed=seed)


def gated_driver(model, held_out, seed=0, score=None, factor=1.0):
    """The bold driver behind a gate whose threshold the held-out trips decide.

    Args:
        score: in the place of the members' disagreement, `(obs, action) -> (B,)`.
        factor: of the threshold.
    """
    with torch.inference_mode():
        threshold = factor * familiar(model, held_out, GATE_HORIZON, SHARE, score)
    bold = bold_driver(model, seed)
    return Gated(bold, model, crawl, threshold, GATE_HORIZON, Road().wrecked, score)


def scores(train, model, seed=0):
    """What might stand in the place of disagreement: name -> `(obs, action) -> (B,)`.

    The distance (of the tenth nearest row, without the pedal) was the best of four on seeds 100
    and 101. Dropout takes 4,000 gradient steps, the seven members 2,000 each.
    """
    return {
        "dropout": Dropout(train, model, seed, steps=4000).disagreement,
        "nearest": Nearest(train, model, k=10, action=False).disagreement,
    }


@functools.lru_cache(maxsize=1)
def taught(seed):
    """The log and the ensemble of one seed: (training trips, held-out trips, model)."""
    train, held_out = road_log(seed)
    return train, held_out, road_ensemble(train, seed)


class Drives(NamedTuple):
    """Finished drives: `(n,)` each, and `paths`, one `(T, 3)` of (x, v, refused) per drive."""

    returns: np.ndarray
    seconds: np.ndarray
    wrecked: np.ndarray
    abstention: float
    paths: list


def drive(road, agent, episodes=10, seed=0) -> Drives:
    """Drive side by side until every car is parked, wrecked, or out of time.

    Args:
        agent: an agent, or a function `obs (B, 2) -> actions (B, 1)`.
    """
    returns, wrecked = np.zeros(episodes), np.zeros(episodes, bool)
    paths = [[] for _ in range(episodes)]
    for step in play(road, agent, copies=episodes, rng=seed, again=False):
        cars, refused = step.episode, getattr(agent, "refused", np.zeros(len(step.rew), bool))
        for i, (x, v), no in zip(cars, step.state, refused):
            paths[i].append((x, v, no))
        returns[cars] += step.rew
        wrecked[cars] = road.wrecked(step.next_state)
        for row in np.flatnonzero(step.terminated):
            paths[cars[row]].append((*step.next_state[row], False))
    seconds = np.array([len(path) - 1 for path in paths]) * road.SECONDS
    paths = [np.array(path, float) for path in paths]
    return Drives(returns, seconds, wrecked, getattr(agent, "abstention", 0.0), paths)


def gate_figures(drives) -> dict:
    """What `{(driver, "flooded" or "dry"): Drives}` comes to, as the experiment stores it."""
    figures = {}
    for (name, world), d in drives.items():
        figures[f"{name}_{world}_wrecked"] = d.wrecked.mean()
        figures[f"{name}_{world}_return"] = d.returns.mean()
        figures[f"{name}_{world}_seconds"] = d.seconds.mean()
        figures[f"{name}_{world}_abstention"] = d.abstention
        on_quay = [path[path[:, 0] >= 300, 1].max(initial=0) for path in d.paths]
        figures[f"{name}_{world}_quay_speed"] = max(on_quay)
    for name in dict.fromkeys(name for name, _ in drives):
        both = figures[f"{name}_flooded_return"] + figures[f"{name}_dry_return"]
        figures[f"{name}_return"] = both / 2
    return figures
