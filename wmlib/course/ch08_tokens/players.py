"""Chapter 8's player: IRIS writes the next frame token by token, beside the real game."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import one_hot

from wmlib.course.ch08_tokens.study import CONTEXT, film, stored_learner
from wmlib.learning.iris import Iris
from wmlib.models.token_model import TokenModel
from wmlib.players.gallery import SHARED, Player
from wmlib.players.weights import pack, rounded
from wmlib.worlds.catch import Catch

FOLDER, STEPS = Path(__file__).parent, 20
# The codebook's averages and the guess of a far frame are needed for learning only.
UNUSED = "tokenizer.codebook.sums", "tokenizer.codebook.counts", "tokenizer.codebook.init", "far."


def pack_iris(learner: Iris | None = None) -> dict[str, str]:
    """The weights of tokenizer, transformer and actor, for the player `IRIS`.

    Args:
        learner: whose they are; it is left as it was. Default the one that the course ships.
    """
    learner = learner or stored_learner(film(1, 2_000, 8))
    parts = deepcopy((learner.model, learner.behaviour.actor))  # without the learner's long film
    model, actor = map(rounded, parts)
    tensors = {k: v for k, v in model.state_dict().items() if not k.startswith(UNUSED)}
    tensors |= {f"actor.{k}": v for k, v in actor.state_dict().items()}
    trunk, keys = model.trunk, ("SPEED", "FALL", "DRIFT", "REACH", "BALLS", "FLOOR")
    settings = {
        "world": {key: getattr(Catch, key) for key in keys},
        "layers": len(trunk.blocks),
        "heads": trunk.heads,
        "window": trunk.window,
        "temperature": model.temperature,
    }
    return {"iris": pack("iris", tensors, settings=settings, check=dream(model, actor))}


@torch.no_grad()
def dream(model: TokenModel, actor: torch.nn.Module, seed: int = 0) -> dict[str, Any]:
    """What the model makes of a few real frames, and the dream that follows, with its noise.

    Returns:
        obs: real frames, 1,024 bytes each. act: in them and in the dream. noise: for each token of
        the dream a number in [0, 1) that draws it where the probabilities are cumulated (the middle
        of the token's part). tokens, picture (the last), rew, cont, choice: what torch says of the
        dream; choice are the actor's logits for the last picture.
    """
    seen, generator = film(seed + 2, 2_000, 8), torch.Generator().manual_seed(seed)
    act = torch.randint(3, (CONTEXT - 1 + STEPS,), generator=generator)
    act[: CONTEXT - 1] = seen.act[0, 100 : 99 + CONTEXT]
    obs = seen.obs[0, 100 : 100 + CONTEXT]  # (8, 1, 32, 32)
    state = model.start(obs[:1])
    for k in range(1, CONTEXT):
        state = model.observe(state, act[None, k - 1], obs[k : k + 1])
    rows: dict[str, list] = {"noise": [], "tokens": [], "rew": [], "cont": []}
    for a in act[CONTEXT - 1 :]:
        h, _ = model.trunk.advance(state.tokens, one_hot(a[None], 3).float(), state.cache)
        step = model.step(state, a[None], generator)
        state = step.state
        chance = (model.trunk.logits(h, state.tokens) / model.temperature).softmax(-1)[0]  # (16, K)
        upto, own = (x.gather(1, state.tokens.T)[:, 0] for x in (chance.cumsum(1), chance))
        found = upto - own / 2, state.tokens[0], step.rew[0], step.cont[0]
        for column, value in zip(rows.values(), found):
            column.append(_short(value))
    picture = model.decode(state)
    return rows | {
        "obs": obs.flatten(1),
        "act": act,
        "picture": _short(picture.flatten()),
        "choice": actor(model.feat(state))[0],
    }


def _short(values):
    """Numbers as a list, with as many digits as a check needs: a page is not to be heavier for it."""
    return values.double().numpy().round(6).tolist()


IRIS = Player(
    "iris",
    "Catch, written token by token",
    (
        SHARED / "catch.js",
        SHARED / "iris.js",
        *(FOLDER / name for name in ("iris_drawing.js", "iris_check.js", "iris.js")),
    ),
    pack_iris,
)
PLAYERS = [IRIS]
