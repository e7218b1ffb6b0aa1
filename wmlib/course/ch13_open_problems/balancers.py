"""CartPole's board in the page: its entrants, with their weights, and their player."""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path

import torch

from wmlib.course.ch13_open_problems.arenas import CARTPOLE
from wmlib.course.ch13_open_problems.board_table import board_table
from wmlib.course.ch13_open_problems.entrants import state_entrants
from wmlib.devices import new_rng
from wmlib.evidence import stored_evidence
from wmlib.players.dynamics import pack_dynamics
from wmlib.players.gallery import Player
from wmlib.players.weights import pack, rounded
from wmlib.worlds import CartPole

ROOM = Path(__file__).parent
DREAMT = 15


@lru_cache
def entrants():
    """The entrants of seed 0: who learns, learns anew when it is asked for."""
    return {name: model for name, (model, *_) in state_entrants(0).items()}


@torch.inference_mode()
def member_dreams(model, obs, act):
    """What a model, or each member of an ensemble, dreams without noise: `(H, members, 4)`."""
    members = getattr(model, "members", 1)
    states, pictures = torch.as_tensor(obs).expand(members, 1, -1), []  # (members, 1, 4)
    for action in act:
        if members > 1:
            states = model.distribution(states, torch.tensor([action]))[0][..., :-1]
        else:
            states = model.predict(states[0], torch.tensor([action]))[0][None]
        pictures.append(states[:, 0])
    return torch.stack(pictures)


def pack_balance(models=None) -> dict[str, str]:
    """The board of CartPole and its entrants, for the player "balance".

    Args:
        models: name -> model, as `entrants()`, the default.
    """
    models = copy.deepcopy(models or entrants())
    table, linear, network, five = (models[k] for k in ("table", "linear", "network", "ensemble"))
    figures = stored_evidence("13_states")["seeds"][0]["figures"]
    text = pack_dynamics("balance_network", network)
    for part in (table, network.net, five.net):
        rounded(part)
    tensors = {"change": table.change[:, :-1]}
    for k, (weight, bias) in enumerate(zip(five.net.weights, five.net.biases)):
        for e in range(five.members):
            tensors[f"W{k}_{e}"], tensors[f"b{k}_{e}"] = weight[e].T, bias[e, 0]
    plan = CARTPOLE.planner
    digits = {"one_step": 3, "k_steps": 3, "sensitivity": 2, "seconds": 3}
    settings = {
        **board_table(figures, **digits),
        "most": CartPole.max_steps,
        "planner": {
            "horizon": plan.horizon,
            "candidates": plan.candidates,
            "iterations": plan.iterations,
            "elites": plan.elites,
            "smooth": 0.1,  # the defaults of `Categorical`
            "trust": 0.5,
        },
        "edges": table.edges,
        "linear": linear.weight[:, :-1],
        "members": five.members,
        "in_mean": five.norm_in.mean,
        "in_std": five.norm_in.std,
        "out_mean": five.norm_out.mean,
        "out_std": five.norm_out.std,
        "low": five.low,
        "high": five.high,
        "max_log_var": five.max_log_var,
        "min_log_var": five.min_log_var,
    }
    rng = new_rng([0, 141])
    obs = rng.normal(0, 0.05, 4).astype("float32")
    act = rng.integers(0, 2, DREAMT).tolist()
    learned = {"table": table, "linear": linear, "network": network, "ensemble": five}
    with torch.inference_mode():
        deviations = five.distribution(torch.as_tensor(obs)[None], torch.tensor(act[:1]))[1]
    check = {
        "obs": obs,
        "act": act,
        "dreams": {name: member_dreams(model, obs, act) for name, model in learned.items()},
        "deviations": deviations[:, 0, :-1],
    }
    return {
        "balance": pack("balance", tensors, settings=settings, check=check),
        "balance_network": text,
    }


BALANCE = Player(
    "balance",
    "The scoreboard of CartPole, and everybody on it to play",
    (ROOM / "board_table.js", ROOM / "balance.js"),
    pack_balance,
)
