"""Chapter 5 in the page: drive to the flooded quay, with a gate or without."""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from wmlib.course.ch05_ensembles import gates
from wmlib.course.ch05_ensembles.gated import doubt, familiar
from wmlib.course.ch05_ensembles.road import Road, crawl
from wmlib.experience import Transitions
from wmlib.models import Ensemble
from wmlib.players.gallery import Player
from wmlib.players.weights import pack, rounded

MEMBERS = 5
SHOWN = 700  # rows of the log that are drawn
ASKED = [[100.0, 20.0, 1.0], [250.0, 25.0, 1.0], [330.0, 8.0, 1.0], [310.0, 16.0, 0.0]]


@lru_cache(maxsize=1)
def taught() -> tuple[Transitions, Transitions, Ensemble]:
    """The log and the five networks of one seed; trained when they are asked for."""
    train, held_out = gates.road_log(0)
    return train, held_out, gates.road_ensemble(train, 0, MEMBERS)


def pack_flood(
    model: Ensemble | None = None,
    train: Transitions | None = None,
    held_out: Transitions | None = None,
) -> dict[str, str]:
    """The ensemble, the threshold that held-out trips decide, the road, and a part of the log.

    Args:
        model: an `Ensemble` of the road. train, held_out: its log (see `gates.road_log`). The
            chapter's own where none is given; all three or none.
    """
    if model is None or train is None or held_out is None:
        train, held_out, model = taught()
    model = copy.deepcopy(model)
    rounded(model.net)
    tensors = {}
    for k, (weight, bias) in enumerate(zip(model.net.weights, model.net.biases)):
        keep = 2 if k == len(model.net.weights) - 1 else weight.shape[2]  # means of place and speed
        for e in range(model.members):
            tensors[f"W{k}_{e}"], tensors[f"b{k}_{e}"] = weight[e, :, :keep].T, bias[e, 0, :keep]
    road = Road()
    names = (
        "BAY EDGE PARKED_FROM PARKED_SPEED SECONDS PULL TOP_SPEED HILL WAVE NOISE quay onset "
        "max_steps"
    )
    rows = np.linspace(0, len(train) - 1, SHOWN).astype(int)
    settings = {
        "ROAD": {name: getattr(road, name) for name in names.split()},
        "members": model.members,
        "in_mean": model.norm_in.mean,
        "in_std": model.norm_in.std,
        "out_mean": model.norm_out.mean[:2],
        "out_std": model.norm_out.std[:2],
        "low": model.low,
        "high": model.high,
        "horizon": gates.GATE_HORIZON,
        "threshold": familiar(model, held_out, gates.GATE_HORIZON, gates.SHARE),
        "log": train.obs[rows].astype(float).round(1),
    }
    return {"flood": pack("flood", tensors, settings=settings, check=answers(model))}


@torch.inference_mode()
def answers(model: Ensemble, asked: list = ASKED, steps: int = 20) -> dict:
    """What torch says: each member's own drive, and the gate's question for some cars.

    Args:
        asked: rows of place, speed, pedal. steps: of the drive.
    """
    act = np.sin(np.arange(steps) / 3).round(3)
    state = torch.tensor([[20.0, 5.0]]).expand(model.members, 1, 2)
    states = []
    for pedal in act:
        each = torch.full((model.members, 1, 1), float(pedal))
        state = model.distribution(state, each)[0][..., :2]
        states.append(state[:, 0])
    obs, pedals = np.float32(asked)[:, :2], np.float32(asked)[:, 2:]
    said = doubt(model, obs, pedals, crawl, gates.GATE_HORIZON, road_wrecked)
    return {
        "obs": [20.0, 5.0],
        "act": act,
        "states": torch.stack(states, 1),
        "asked": asked,
        "doubt": said,
    }


def road_wrecked(obs: torch.Tensor) -> torch.Tensor:
    """Cars in the water, `(B, 2) -> (B,)`."""
    return Road().wrecked(obs)


FLOOD = Player(
    "flood",
    "Drive to the flooded quay, with a gate or without",
    (Path(__file__).with_name("road.js"), Path(__file__).with_name("flood.js")),
    pack_flood,
)
PLAYERS = [FLOOD]
