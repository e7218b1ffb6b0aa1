"""A `NeuralDynamics` written out for the browser, where `engine/dynamics.js` runs it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np
import torch
from torch import nn

from wmlib.devices import new_rng
from wmlib.models.dynamics import NeuralDynamics
from wmlib.players.weights import pack, rounded

CHECKED = 20  # steps that the page must imagine as torch does


def pack_dynamics(
    name: str, model: NeuralDynamics, *, settings: Mapping[str, Any] | None = None
) -> str:
    """The text of a weights file: the network in 16 bits, its normalisers, and a dream to check by.

    Args:
        name: what the player asks for.
        model: a trained `NeuralDynamics`; left as it is.
        settings: what else the player must know.

    Raises:
        TypeError: for a model of another make.
        ValueError: for weights that are not finite, or units that are not the environment's.
    """
    if not isinstance(model, NeuralDynamics):
        raise TypeError(f"the page runs NeuralDynamics, got {type(model).__name__}")
    if not model.units.plain:
        raise ValueError(
            "the page counts as the environment does, and this model counts a column with a large "
            "offset or scale otherwise (model.units): shift or scale the data first"
        )
    model = copy.deepcopy(model).cpu()
    rounded(model.net)
    tensors = {}
    for k, layer in enumerate(m for m in model.net if isinstance(m, nn.Linear)):
        tensors[f"W{k}"], tensors[f"b{k}"] = layer.weight, layer.bias
    rounded(model.cont.net)
    if model.cont.ends_seen:
        for k, layer in enumerate(m for m in model.cont.net if isinstance(m, nn.Linear)):
            tensors[f"W{k}_cont"], tensors[f"b{k}_cont"] = layer.weight, layer.bias
    size = model.obs_size
    own = {
        "obs_size": size,
        "one_hot": isinstance(model.act_space, gym.spaces.Discrete),
        "act_size": model.act_size,
        "inputs": model.inputs,
        "change": model.change,
        "in_mean": model.norm_in.mean,
        "in_std": model.norm_in.std,
        "out_mean": model.norm_out.mean[:size],
        "out_std": model.norm_out.std[:size],
        "low": model.low.clamp_min(-1e30),
        "high": model.high.clamp_max(1e30),
        "cont_mean": model.cont.norm.mean,
        "cont_std": model.cont.norm.std,
        "cont_temperature": model.cont.temperature,
    }
    return pack(name, tensors, settings={**own, **(settings or {})}, check=dream(model))


@torch.inference_mode()
def dream(model: NeuralDynamics, steps: int = CHECKED, seed: int = 0) -> dict[str, Any]:
    """What a model imagines of random actions: `obs (D,)`, `act`, `states (steps, D)`, `cont`."""
    rng = new_rng(seed)
    if isinstance(model.act_space, gym.spaces.Discrete):
        act = rng.integers(0, int(model.act_space.n), steps)
    else:
        act = rng.uniform(-1, 1, (steps, model.act_size)).astype(np.float32)
    obs = rng.normal(0, 0.05, (1, model.obs_size)).astype(np.float32)
    rollout = model.imagine(model.start(obs), torch.as_tensor(act, device="cpu")[None])
    states = torch.cat(rollout.states[1:])
    return {"obs": obs[0], "act": act, "states": states, "cont": rollout.cont[0]}
