"""A learned model written out for the browser: plain numbers, and answers to check them by.

The format (JSON): `layers` is a list of `{"in", "out", "weights"}`, the weights being base64 of
little-endian float32, first `W` of shape (out, in) row by row, then `b`; SiLU stands between
layers. The input is the chosen `inputs` of the observation followed by the action (one-hot, or as
it is), normalised by `in_mean` and `in_std`; the output, scaled back by `out_mean` and `out_std`,
is the change of the observation (or the observation itself), which is kept within `low`, `high`.
`check` holds observations, actions and what the model itself said of them.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np


def export_dynamics(model: Any, checks: int = 16) -> dict[str, Any]:
    """A `NeuralDynamics` as a JSON-able dictionary.

    Args:
        model: a trained `NeuralDynamics` (deterministic, layers with SiLU between them).
        checks: how many check vectors to store.

    Raises:
        TypeError: for models of another make.
        ValueError: for weights that are not finite, or units that are not the environment's.
    """
    import torch

    wanted = ("net", "norm_in", "norm_out", "inputs", "change", "low", "high", "obs_size")
    missing = [name for name in wanted if not hasattr(model, name)]
    if missing or not isinstance(model.net, torch.nn.Sequential):
        raise TypeError(
            f"the browser player runs NeuralDynamics, got {type(model).__name__}"
            + (f" (it has no {', '.join(missing)})" if missing else "")
        )
    if not model.units.plain:
        raise ValueError(
            "the browser player counts as the environment does, and this model counts a column "
            "with a large offset or scale otherwise (model.units): shift or scale the data first"
        )
    return {
        "obs_size": model.obs_size,
        "act_size": model.act_size,
        "inputs": list(model.inputs),
        "change": bool(model.change),
        "layers": _layers(model.net),
        "in_mean": _list(model.norm_in.mean),
        "in_std": _list(model.norm_in.std),
        "out_mean": _list(model.norm_out.mean[: model.obs_size]),
        "out_std": _list(model.norm_out.std[: model.obs_size]),
        "low": _list(model.low.clamp_min(-1e30)),
        "high": _list(model.high.clamp_max(1e30)),
        "check": _checks(model, checks),
    }


def _layers(net):
    from torch import nn

    layers = []
    for i, layer in enumerate(net):
        if i % 2:
            if not isinstance(layer, nn.SiLU):
                raise TypeError(f"between layers the player knows SiLU only, got {layer}")
            continue
        if not isinstance(layer, nn.Linear):
            raise TypeError(f"the player knows Linear layers only, got {layer}")
        numbers = np.concatenate([_array(layer.weight).ravel(), _array(layer.bias)])
        if not np.isfinite(numbers).all():
            raise ValueError("the model's weights are not all finite: train it again")
        layers.append(
            {
                "in": layer.in_features,
                "out": layer.out_features,
                "weights": base64.b64encode(numbers.astype("<f4").tobytes()).decode(),
            }
        )
    return layers


def _checks(model, count):
    """Random observations around the data, actions, and the model's own next observations."""
    import torch

    rng = np.random.default_rng(0)
    obs = rng.normal(0, 0.5, (count, model.obs_size)).astype(np.float32)
    n = getattr(model.act_space, "n", None)
    if n is not None:
        act = rng.integers(0, int(n), count)
    else:
        low, high = model.act_space.low, model.act_space.high
        act = rng.uniform(low, high, (count, len(low))).astype(np.float32)
    with torch.inference_mode():
        nxt, _ = model.predict(*(torch.as_tensor(x, device=model.device) for x in (obs, act)))
    return {"obs": obs.tolist(), "act": act.tolist(), "next": nxt.tolist()}


def _array(tensor):
    return tensor.detach().cpu().numpy()


def _list(tensor):
    return [float(x) for x in _array(tensor)]
