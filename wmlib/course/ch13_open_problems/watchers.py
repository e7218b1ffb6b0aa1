"""The ball behind the wall in the page: the trained watchers of `belief`, stored, and their player."""

from __future__ import annotations

import copy
from pathlib import Path

import torch

from wmlib import weights
from wmlib.course.ch13_open_problems import belief
from wmlib.course.ch13_open_problems.hidden_ball import HiddenBall
from wmlib.players.gallery import Player
from wmlib.players.weights import pack, rounded

ROOM = Path(__file__).parent
ASKED = 12  # frames ahead, as in the chapter
FILES = {"belief": belief.Belief, "guess": belief.BestGuess}


def train_watchers(seed: int = 0) -> dict:
    """Belief and best guess, as `belief.belief_figures(seed)` trains them."""
    taught, watchers = belief.ball_films((seed, 0), belief.TURN), {}
    for name, kind in FILES.items():
        watchers[name] = kind(seed)
        watchers[name].fit(*taught)
    return watchers


def store_watchers(watchers: dict, folder=ROOM / "weights") -> None:
    """Write them in half precision."""
    for name, watcher in watchers.items():
        weights.export(watcher.state_dict(), folder / f"{name}.pt")


def stored_watchers(folder=ROOM / "weights") -> dict:
    """The watchers of seed 0, from the files that come with wmlib."""
    watchers = {name: kind() for name, kind in FILES.items()}
    for name, watcher in watchers.items():
        weights.import_weights(watcher.state_dict(), folder / f"{name}.pt")
    return watchers


@torch.inference_mode()
def answers(believer, guesser, seen) -> dict:
    """What the two say after each frame of a film `(T, 3)`, ASKED frames ahead and one."""
    probs, columns = believer.distribution(seen[None])[0], guesser.column(seen[None])[0]
    picked = [ASKED - 1, 0]
    return {"probs": probs[:, picked].movedim(1, 0), "columns": columns[:, picked].T}


def pack_belief(believer=None, guesser=None, frames: int = 24) -> dict[str, str]:
    """A `Belief` and a `BestGuess` for the player "belief"; default the stored ones."""
    stored = stored_watchers()
    believer, guesser = (
        rounded(copy.deepcopy(m or stored[name]))
        for name, m in (("belief", believer), ("guess", guesser))
    )
    film = belief.ball_films((0, 2), belief.TURN, copies=1, frames=frames)[0][0]
    settings = {
        "world": {
            "speed": HiddenBall.SPEED,
            "radius": HiddenBall.RADIUS,
            "brightness": HiddenBall.WALL,
            "wall": belief.WALL,
            "turn": belief.TURN,
        },
        "ahead": belief.AHEAD,
        "k": ASKED,
        "reach": belief.REACH,
    }
    check = {"seen": film} | answers(believer, guesser, film)
    return {
        "belief": pack("belief", believer.state_dict(), settings=settings, check=check),
        "guess": pack("guess", guesser.state_dict()),
    }


BELIEF = Player("belief", "Where will it come out?", ROOM / "belief.js", pack_belief)
