"""Chapter 9's player: keys are latent actions, and the reader finds out what each of them does."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import torch

from wmlib.course.ch09_latent_actions.study import (
    ACTIONS,
    agree,
    pairs,
    road_ahead,
    stored_model,
    video,
)
from wmlib.devices import new_rng
from wmlib.models.latent_action import LatentActions, name_codes
from wmlib.players.gallery import SHARED, Player
from wmlib.players.weights import pack, rounded
from wmlib.worlds.racing import MiniRacing

FOLDER, STEPS, STARTS = Path(__file__).parent, 20, 24


def pack_codes(
    model: LatentActions | None = None, names: Sequence[int] | None = None
) -> dict[str, str]:
    """The weights of a latent action model, for the player `CODES`.

    Args:
        model: whose codes are movements; it is left as it was. Default the one that the course ships.
        names: the action (0, 1, 2) that each code is called. Default: the one with which it was met
            most often in a film of 2,000 steps.

    Raises:
        ValueError: if the codes are free, or if there are not three.
    """
    model = rounded(deepcopy(model or stored_model()))
    codes = int(model.act_space.n)
    if model.free or codes != 3:
        raise ValueError(
            f"the player has three keys, each a movement: wanted 3 codes and free=False, "
            f"got {codes} and free={model.free}"
        )
    before, after, act = pairs(video(2_000, [0, 2]))
    found = model.infer(before, after)
    names = name_codes(found, act, codes, ACTIONS) if names is None else names
    keys = "SPEED", "TURN", "HALF_ROAD", "RADIUS", "BENDS", "GRASS", "ROAD"
    settings = {
        "world": {key: getattr(MiniRacing, key) for key in keys},
        "starts": MiniRacing().initial(STARTS, new_rng(0)).round(4),
        "names": [int(name) for name in names],
        "agreement": agree(names, found, act),
        "thirds": road_ahead(before).quantile(torch.tensor([1 / 3, 2 / 3])),
    }
    tensors = {k: v for k, v in model.state_dict().items() if k.startswith(("decoder.", "flow."))}
    tensors["codebook.codes"] = model.codebook.codes
    return {"codes": pack("codes", tensors, settings=settings, check=dream(model))}


@torch.no_grad()
def dream(model: LatentActions, seed: int = 0) -> dict[str, Any]:
    """One frame, and what the model imagines for some codes: obs, codes, picture (the last)."""
    world, generator = MiniRacing(), torch.Generator().manual_seed(seed)
    obs = torch.as_tensor(world.obs(world.initial(1, new_rng([seed, 1]))))
    codes = torch.randint(model.act_space.n, (STEPS,), generator=generator)
    last = model.imagine(model.start(obs), codes[None]).states[-1]
    return {"obs": obs.flatten(), "codes": codes, "picture": model.decode(last).flatten()}


CODES = Player(
    "codes",
    "Three keys without names",
    (SHARED / "racing.js", SHARED / "latent_actions.js", FOLDER / "codes.js"),
    pack_codes,
)
PLAYERS = [CODES]
