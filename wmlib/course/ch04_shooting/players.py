"""Chapter 4 in the page: the plans that random shooting imagines, over the pole."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from wmlib.course.ch04_shooting import study
from wmlib.experience import collect
from wmlib.models import NeuralDynamics
from wmlib.players.dynamics import pack_dynamics
from wmlib.players.gallery import Player
from wmlib.worlds import CartPole


@lru_cache
def taught() -> NeuralDynamics:
    """The chapter's network after 1,000 random steps; trained when it is asked for."""
    return study.neural(collect(CartPole(), None, 1000, [0, 0]), 0)


def pack_shooting(model: NeuralDynamics | None = None) -> dict[str, str]:
    """The model that the planner imagines with; the chapter's own where none is given.

    Raises:
        ValueError: for a model of another world.
    """
    model = taught() if model is None else model
    text = pack_dynamics("shooting", model)
    if (model.obs_size, model.act_size) != (4, 2):
        raise ValueError(
            "this planner needs a model of the cart-pole, 4 observed numbers and 2 actions, got "
            f"{model.obs_size} and {model.act_size}"
        )
    return {"shooting": text}


SHOOTING = Player(
    "shooting",
    "A planner at work: the futures that it imagines over the pole",
    Path(__file__).with_name("shooting.js"),
    pack_shooting,
)
PLAYERS = [SHOOTING]
