"""The players of chapter 12: a hand in a force field, and a bank that believes its statistics."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np

from wmlib.course.ch12_minds.adaptation import Reacher, minimum_jerk
from wmlib.course.ch12_minds.bodies import Hand
from wmlib.course.ch12_minds.economy import Economy
from wmlib.course.ch12_minds.phillips import ReducedForm, Structural, best_target
from wmlib.course.ch12_minds.study import HANDS, TRAINED
from wmlib.devices import new_rng
from wmlib.players.gallery import Player
from wmlib.players.weights import pack

FIELDS = {"1994": Hand.FIELD_1994, "always sideways": Hand.CURL}
SHOWN = {"learns": "model", "feedback alone": "reflex", "stiff": "stiff"}


class Given:
    """Stands in for a random generator: hands out numbers that are given."""

    def __init__(self, numbers):
        self.numbers = iter(numbers)

    def normal(self, size):
        return next(self.numbers)

    standard_normal = normal


def reaches(turns, noise, hand=None):
    """Reaches `(angle, field)` of a hand, default one that begins to learn, with this noise: what
    the page must find too, and the model that is left, `(2, 2)`."""
    hand, told = copy.deepcopy(hand) or Reacher(), []
    hand.rng = Given(noise)
    for angle, field in turns:
        went = hand.reach(Hand(field), angle)
        told.append({"angle": angle, "robot": field, "path": went.path, "aside": went.aside})
    return told, hand.field


def pack_reach(mine: Reacher | None = None) -> dict[str, str]:
    """The numbers of the world, of the planned reach and of the hands, for the player "reach".

    Args:
        mine: a hand that has learned, to stand first among the others; in the page it goes on.

    Raises:
        TypeError: for a hand without such a model.
    """
    if mine is not None and type(mine) is not Reacher:
        raise TypeError(f"the page runs Reacher, got {type(mine).__name__}")
    steps, rng = Hand().max_steps, new_rng([0, 137])
    place = minimum_jerk(steps)
    speed = np.gradient(place, Hand.SECONDS)
    push = Hand.MASS * np.gradient(speed, Hand.SECONDS)
    hands = {} if mine is None else {"yours": mine}
    hands |= {name: HANDS[key](0) for name, key in SHOWN.items()}
    keys = ("rate", "stiffness", "damping", "noise", "field")
    settings = {
        "numbers": {
            "seconds": Hand.SECONDS,
            "mass": Hand.MASS,
            "plan": {"place": place, "speed": speed, "push": push},
        },
        "fields": FIELDS,
        "hands": {name: {key: getattr(hand, key) for key in keys} for name, hand in hands.items()},
    }
    turns = [(float(TRAINED[k % 4]), Hand.FIELD_1994) for k in range(3)]
    noise = rng.normal(size=(3 * steps, 2))
    told, field = reaches(turns, noise, mine)
    check = {"noise": noise, "reaches": told, "field": field}
    return {"reach": pack("reach", {"field": Reacher().field}, settings=settings, check=check)}


SLOW = 0.2  # the share by which people who do not listen correct their expectation


def life(learning, aims, slips, shocks):
    """Years of wmlib's economy under these targets, with this noise."""
    years = Economy(learning=learning).run(aims, Given([slips, shocks]))
    return {
        "learning": learning,
        "aims": aims,
        "slips": slips,
        "shocks": shocks,
        "years": years._asdict(),
    }


def pack_policy(years: int = 300, old: float = 2.0) -> dict[str, str]:
    """The economy, and its statistics under the old target, for the player "policy"."""
    rng, economy = new_rng([0, 138]), Economy()
    past = economy.run(np.full(years, old), rng)
    models = {"line": ReducedForm().fit(past), "structural": Structural().fit(past)}
    targets = np.arange(0, 10.01, 0.25)
    settings = {
        "economy": {key: getattr(economy, key) for key in ("natural", "kappa", "slip", "shock")},
        "past": [dict(zip(past._fields, year), target=old) for year in zip(*map(list, past))],
        "targets": targets,
        "weight": 0.5,  # of inflation in the loss, as in `best_target`
        "slow": SLOW,
    }
    aims = np.repeat([2.0, 6.0], 10)
    lives = [life(learning, aims, *rng.normal(size=(2, 20))) for learning in (None, SLOW)]
    check = {
        "lives": lives,
        "targets": [0.0, 2.0, 6.0, 9.0],
        "best": {name: best_target(model) for name, model in models.items()},
    }
    for name, model in models.items():
        check[name] = [model.promise(target) for target in check["targets"]]
    return {"policy": pack("policy", {"targets": targets}, settings=settings, check=check)}


ROOM = Path(__file__).parent
REACH = Player("reach", "A hand in a robot's grip", ROOM / "reach.js", pack_reach)
POLICY = Player("policy", "Set the target, and break the forecast", ROOM / "policy.js", pack_policy)
PLAYERS = [REACH, POLICY]
