"""The players of chapter 13: the scoreboards with their entrants, and a search that goes too far."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import torch

from wmlib.course.ch13_open_problems import arenas, entrants, goodhart
from wmlib.course.ch13_open_problems.balancers import BALANCE
from wmlib.course.ch13_open_problems.board_table import board_table
from wmlib.course.ch13_open_problems.watchers import BELIEF
from wmlib.devices import new_rng
from wmlib.evidence import stored_evidence
from wmlib.models.vae import CONTRAST
from wmlib.players.gallery import SHARED, Player
from wmlib.players.weights import pack, rounded
from wmlib.worlds.catch import Catch

CONTEXT, DREAMT, EVERY = arenas.CATCH.context, 20, 13
PLAYS = {
    "nothing moves": "still",
    "RSSM": "rssm",
    "VAE + MDN-RNN": "memory",
    "tokens": "tokens",
    "latent actions": "codes",
    "simulator": "simulator",
}


def live(learners):
    """The models that run in the page: key -> what `imagine` asks, with weights of 8 bits."""
    return {
        PLAYS[name]: rounded(copy.deepcopy(model), bits=8) for name, (model, *_) in learners.items()
    }


@torch.inference_mode()
def dreams(model, obs, act):
    """Pictures that a model dreams after frames `(T, 1, 32, 32)`, told actions `(T - 1 + H,)`:
    `(H, 1024)`."""
    state = model.start(obs[:1])
    for t in range(1, len(obs)):
        state = model.observe(state, act[t - 1 : t], obs[t : t + 1])
    pictures = []
    for t in range(len(obs) - 1, len(act)):
        state = model.step(state, act[t : t + 1]).state
        pictures.append(model.decode(state)[0].flatten())
    return torch.stack(pictures)


def stretch(seed, frames=CONTEXT, dreamt=DREAMT):
    """States of Catch `(frames, 5)`, their pictures, and actions of somebody who strolls about."""
    world, rng = Catch(), new_rng(seed)
    states, act = [world.initial(1, rng)], np.repeat(rng.integers(0, 3, 10), 4)
    for t in range(frames - 1):
        states.append(world.step(states[-1], act[t : t + 1])[0])
    states = np.concatenate(states)
    return states, torch.from_numpy(world.obs(states)), torch.from_numpy(act[: frames - 1 + dreamt])


def pack_board(learners=None) -> dict[str, str]:
    """The board and its entrants, for the player "scoreboard".

    Args:
        learners: name -> (model, real steps, seconds), as `entrants.stored_learners()`, the default.
    """
    learners = learners or entrants.stored_learners()
    models, figures = live(learners), stored_evidence("13_pixels")["seeds"][0]["figures"]
    states, obs, act = stretch([0, 139])
    table = board_table(figures, one_step=2, k_steps=2, sensitivity=2, planning=1)
    for row in table["rows"]:
        row["plays"] = PLAYS[row["name"]]
    settings = {
        **table,
        "context": CONTEXT,
        "world": {
            key: getattr(Catch, key)
            for key in ("SPEED", "FALL", "DRIFT", "REACH", "BALLS", "FLOOR")
        },
    }
    told = {key: dreams(model, obs, act)[:, ::EVERY] for key, model in models.items()}
    check = {"states": states, "actions": act, "every": EVERY, "dreams": told}
    return {"board": pack("board", {}, settings=settings, check=check)} | {
        f"board_{key}": _entrant(f"board_{key}", key, model) for key, model in models.items()
    }


def _entrant(name, key, model):
    """Weights of what a dream needs. Rewards are not dreamt in the page."""
    if key == "codes":
        parts, settings = ("decoder.", "flow.", "codebook.codes"), {"codes": model.codes}
        model = model.model
    elif key == "rssm":
        parts = ("encoder.", "gru", "prior.", "post.", "decoder.")
        settings = {"size": model.latent.size, "actions": int(Catch.act_space.n)}
    elif key == "tokens":
        trunk = model.trunk
        parts = ("tokenizer.encoder.", "tokenizer.decoder.", "tokenizer.codebook.codes", "trunk.")
        settings = {"layers": len(trunk.blocks), "heads": trunk.heads, "window": trunk.window}
    else:
        parts = ("vision.", "memory.")
        settings = {"size": model.size, "mixtures": model.memory.mixtures, "contrast": CONTRAST}
        settings["actions"] = int(Catch.act_space.n)
    tensors = {k: v for k, v in model.state_dict().items() if k.startswith(parts)}
    return pack(name, tensors, settings=settings, bits=8)


class Given:
    """Stands in for a random generator: hands out pushes `(n, 15)` that are given."""

    def __init__(self, pushes):
        self.columns = iter(np.asarray(pushes).T)

    def uniform(self, low, high, shape):
        return next(self.columns).reshape(shape)


def pack_goodhart(checked: int = 12) -> dict[str, str]:
    """The valley's sensor and lamps, for the player "goodhart"."""
    plans = new_rng([0, 140]).uniform(-3, 3, (goodhart.CANDIDATES[-1], goodhart.HORIZON))
    _, glare, _ = goodhart.valley_plans(len(plans), Given(plans))
    plans = plans[np.argsort(-glare)[:checked]]  # those that lead into the lamp
    worth, *extra = goodhart.valley_plans(checked, Given(plans))
    settings = {
        "horizon": goodhart.HORIZON,
        "candidates": goodhart.CANDIDATES,
        "lamps": [goodhart.LAMP, goodhart.OTHER_LAMP],
        "width": goodhart.WIDTH,
        "dazzle": goodhart.DAZZLE,
        "top": goodhart.TOP,
    }
    check = {"plans": plans, "worth": worth, "extra": extra}
    return {"goodhart": pack("goodhart", {"width": goodhart.WIDTH}, settings=settings, check=check)}


ROOM = Path(__file__).parent
BOARD = Player(
    "scoreboard",
    "The scoreboard, and everybody on it to play with",
    (
        *(SHARED / f"{name}.js" for name in ("catch", "vision_memory", "rssm", "iris")),
        SHARED / "latent_actions.js",
        ROOM / "catch_models.js",
        ROOM / "board_table.js",
        ROOM / "scoreboard.js",
    ),
    pack_board,
)
GOODHART = Player("goodhart", "Search harder, and lose", ROOM / "goodhart.js", pack_goodhart)
PLAYERS = [BOARD, BELIEF, GOODHART, BALANCE]
